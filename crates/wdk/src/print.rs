//! Messages to the kernel debugger.

use core::fmt::{self, Write};

/// The longest message that is printed whole; the rest of a longer one is cut off.
const CAPACITY: usize = 256;

/// Prints a line to the kernel debugger: `wdk::println!("{} bytes", n)`.
///
/// At any IRQL. The line is made on the stack, of at most 255 bytes.
///
/// # Framework
///
/// `DbgPrint`.
#[macro_export]
macro_rules! println {
    ($($argument:tt)*) => {
        $crate::__private::print_line(::core::format_args!($($argument)*))
    };
}

/// A buffer of C text.
///
/// # Invariants
///
/// 1. `len < CAPACITY`, and the bytes from `len` on are zero.
struct Line {
    bytes: [u8; CAPACITY],
    len: usize,
}

impl Write for Line {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for byte in text.bytes().filter(|byte| *byte != 0) {
            // Room for the line's end and the terminator.
            if self.len + 2 >= CAPACITY {
                return Err(fmt::Error);
            }
            self.bytes[self.len] = byte;
            self.len += 1;
        }
        Ok(())
    }
}

/// Prints a line; see [`println!`](crate::println).
#[doc(hidden)]
pub fn print_line(text: fmt::Arguments<'_>) {
    let mut line = Line { bytes: [0; CAPACITY], len: 0 };
    // What does not fit is cut off.
    let _ = line.write_fmt(text);
    line.bytes[line.len] = b'\n';
    // SAFETY: the format takes one C string, and a zero ends the line.
    unsafe { wdk_sys::ntddk::DbgPrint(c"%s".as_ptr(), line.bytes.as_ptr()) };
}
