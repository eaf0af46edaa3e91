//! The panic handler of driver images: a bug check.
//!
//! A driver's panic must not unwind into the framework, and there is nothing to unwind to. The system stops with
//! code [`PANIC_CODE`]; the parameters point at the panic's source file and say its length, line and column, so
//! that a debugger shows where it happened. A driver that is linked with the emulator unwinds instead, into a
//! verdict; there, this crate is empty.
//!
//! A user-mode driver has the standard library's handler; [`install_panic_hook`] makes it print to the debugger.

#![no_std]

#[cfg(all(feature = "std", any(linked, driver_model__driver_type = "UMDF")))]
extern crate std;

/// The bug check code of a panic: one of those left to drivers.
pub const PANIC_CODE: u32 = 0xE000_5255;

#[cfg(all(not(linked), not(test), not(driver_model__driver_type = "UMDF")))]
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

/// Makes panics of a user-mode driver print to the debugger and end the process. In the emulator a panic is a verdict,
/// whatever is installed; there this does nothing.
#[cfg(all(feature = "std", any(linked, driver_model__driver_type = "UMDF")))]
pub fn install_panic_hook() {
    #[cfg(not(linked))]
    std::panic::set_hook(std::boxed::Box::new(|info| {
        let text = std::format!("[PANIC] {info}\n").replace('\0', " ");
        if let Ok(text) = std::ffi::CString::new(text) {
            wdk_sys::print::debug_print(&text);
        }
        std::process::abort();
    }));
}
