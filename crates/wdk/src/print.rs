//! Messages to the debugger.

use crate::fmt::{FlushableFormatBuffer, FormatBuffer};
use core::fmt;

/// Prints to the debugger: `wdk::print!("{} bytes", n)`.
///
/// At any IRQL, without allocation; long texts go out in pieces of 511 bytes. A zero byte ends its piece.
///
/// # Framework
///
/// `DbgPrint`; in a user-mode driver `OutputDebugStringA`.
#[macro_export]
macro_rules! print {
    ($($argument:tt)*) => {
        $crate::_print(::core::format_args!($($argument)*))
    };
}

/// Prints a line to the debugger: `wdk::println!("{} bytes", n)`; see [`print!`](crate::print!).
#[macro_export]
macro_rules! println {
    () => {
        $crate::print!("\n")
    };
    ($($argument:tt)*) => {
        $crate::print!("{}\n", ::core::format_args!($($argument)*))
    };
}

/// Prints an expression, its value and where it is, and gives the value back; see [`print!`](crate::print!).
#[macro_export]
macro_rules! dbg {
    () => {
        $crate::println!("[{}:{}:{}]", ::core::file!(), ::core::line!(), ::core::column!())
    };
    ($value:expr $(,)?) => {
        // Temporaries of the expression live until the value is used.
        match $value {
            value => {
                $crate::println!(
                    "[{}:{}:{}] {} = {:#?}",
                    ::core::file!(),
                    ::core::line!(),
                    ::core::column!(),
                    ::core::stringify!($value),
                    &value
                );
                value
            }
        }
    };
    ($($value:expr),+ $(,)?) => {
        ($($crate::dbg!($value)),+,)
    };
}

/// Prints; see [`print!`](crate::print!).
#[doc(hidden)]
pub fn _print(text: fmt::Arguments<'_>) {
    let mut out = FlushableFormatBuffer::<_, 512>::new(|piece: &FormatBuffer| {
        wdk_sys::print::debug_print(piece.as_c_str())
    });
    // Only an argument's own `Display` can fail; what it wrote is printed.
    let _ = fmt::write(&mut out, text);
}
