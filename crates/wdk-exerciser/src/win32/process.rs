//! The process: its command line, its image, its end.

use super::console;
use super::error::{Error, Result};
use super::wide;
use crate::text::arguments;
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::panic::PanicInfo;
use core::ptr::null_mut;
use windows_sys::Win32::System::Environment::GetCommandLineW;
use windows_sys::Win32::System::LibraryLoader::GetModuleFileNameW;
use windows_sys::Win32::System::Threading::{ExitProcess, GetCurrentProcessId};

/// The arguments, without the program's name.
pub fn command_line() -> Vec<String> {
    // SAFETY: no preconditions.
    let start = unsafe { GetCommandLineW() };
    let mut length = 0;
    loop {
        // SAFETY: the command line is a string with a zero at its end, which is not passed.
        let place = unsafe { start.add(length) };
        // SAFETY: as above.
        if unsafe { *place } == 0 {
            break;
        }
        length += 1;
    }
    // SAFETY: so many units were just read, and nobody changes them.
    let units = unsafe { core::slice::from_raw_parts(start, length) };
    arguments(&String::from_utf16_lossy(units))
}

/// The path of the program's own file.
///
/// # Errors
///
/// What Windows says.
pub fn image() -> Result<String> {
    const LONGEST: usize = 0x8000;
    let mut path = vec![0; LONGEST];
    // SAFETY: the buffer is as long as is said.
    let length = unsafe { GetModuleFileNameW(null_mut(), path.as_mut_ptr(), LONGEST as u32) };
    if length == 0 { Err(Error::last()) } else { Ok(wide::narrow(&path)) }
}

/// The number of this process.
pub fn id() -> u32 {
    // SAFETY: no preconditions.
    unsafe { GetCurrentProcessId() }
}

/// Ends the process. Other threads end where they are.
pub fn exit(code: u8) -> ! {
    // SAFETY: no preconditions.
    unsafe { ExitProcess(code.into()) }
}

/// Says that the program panicked, and ends it with the code that Rust's programs have then.
pub fn panicked(info: &PanicInfo<'_>) -> ! {
    console::complain(&format!("this program has a bug: {info}"));
    exit(101)
}
