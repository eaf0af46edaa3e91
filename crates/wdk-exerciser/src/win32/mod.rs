//! The part of Win32 that a program without a standard library needs to talk to devices, in safe wrappers.
//!
//! A program is a function that returns its exit code, and one line: `wdk_exerciser::program!(main);`.
//!
//! * [`device`]: devices that are open for overlapped I/O.
//! * [`setup`]: device nodes and interfaces (SetupAPI).
//! * [`thread`], [`sync`], [`time`]: threads, a lock, a clock.
//! * [`mod@file`], [`console`], [`process`], [`version`]: files, what is printed, command line and exit, which Windows it is.

pub mod console;
pub mod device;
mod error;
pub mod file;
mod handle;
pub mod heap;
pub mod process;
#[cfg(windows)]
mod runtime;
pub mod setup;
pub mod sync;
pub mod thread;
pub mod time;
pub mod version;
mod wide;

pub use error::{Error, Result};

/// Makes a program of a function `fn() -> u8`, which returns the exit code: the entry point, the heap, the panic handler.
#[macro_export]
macro_rules! program {
    ($main:path) => {
        #[global_allocator]
        static HEAP: $crate::win32::heap::Heap = $crate::win32::heap::Heap;

        #[panic_handler]
        fn panic(info: &core::panic::PanicInfo<'_>) -> ! {
            $crate::win32::process::panicked(info)
        }

        /// Where Windows starts the program.
        #[unsafe(no_mangle)]
        extern "system" fn mainCRTStartup() -> u32 {
            let main: fn() -> u8 = $main;
            $crate::win32::process::exit(main())
        }
    };
}
