//! The panic handler of driver images: a bug check.
//!
//! A driver's panic must not unwind into the framework, and there is nothing to unwind to. The system stops with
//! code [`PANIC_CODE`]; the parameters point at the panic's source file and say its length, line and column, so
//! that a debugger shows where it happened. A driver that is linked with the emulator unwinds instead, into a
//! verdict; there, this crate is empty.

#![no_std]

/// The bug check code of a panic: one of those left to drivers.
pub const PANIC_CODE: u32 = 0xE000_5255;

#[cfg(all(not(linked), not(test)))]
#[panic_handler]
fn panic(info: &core::panic::PanicInfo<'_>) -> ! {
    let (file, line, column) = info.location().map_or(("", 0, 0), |at| (at.file(), at.line(), at.column()));
    // SAFETY: stops the system; the parameters are numbers to it.
    unsafe {
        wdk_sys::ntddk::KeBugCheckEx(
            PANIC_CODE,
            file.as_ptr().addr() as u64,
            file.len() as u64,
            u64::from(line),
            u64::from(column),
        )
    };
    #[allow(clippy::empty_loop)]
    loop {}
}
