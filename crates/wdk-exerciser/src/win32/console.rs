//! What is printed.

use super::wide;
use alloc::format;
use core::ptr::{null, null_mut};
use windows_sys::Win32::Storage::FileSystem::WriteFile;
use windows_sys::Win32::System::Console::{
    GetConsoleMode, GetStdHandle, STD_ERROR_HANDLE, STD_OUTPUT_HANDLE, WriteConsoleW,
};

/// Prints to standard output, as it is. Nobody reads it: then nobody misses it.
pub fn print(text: &str) {
    write(STD_OUTPUT_HANDLE, text);
}

/// Prints an error message to standard error, a line.
pub fn complain(what: &str) {
    write(STD_ERROR_HANDLE, &format!("error: {}\n", crate::text::plain(what)));
}

/// UTF-16 to a console, UTF-8 to everything else.
fn write(stream: u32, text: &str) {
    // SAFETY: no preconditions; the handle is not ours to close.
    let handle = unsafe { GetStdHandle(stream) };
    let mut mode = 0;
    // SAFETY: whatever the handle is, the call says whether it is a console.
    let is_console = unsafe { GetConsoleMode(handle, &mut mode) } != 0;
    if is_console {
        // A console does not take more than some tens of thousands of units at a time.
        for line in text.split_inclusive('\n') {
            let Ok(units) = wide::wide(line) else { continue };
            let length = (units.len() - 1) as u32;
            // SAFETY: there are so many units.
            unsafe { WriteConsoleW(handle, units.as_ptr(), length, null_mut(), null()) };
        }
        return;
    }
    let mut rest = text.as_bytes();
    while !rest.is_empty() {
        let mut written = 0;
        let length = rest.len().min(1 << 20) as u32;
        // SAFETY: there are so many bytes, and a standard handle is not overlapped.
        let success = unsafe { WriteFile(handle, rest.as_ptr(), length, &mut written, null_mut()) };
        if success == 0 || written == 0 {
            return;
        }
        rest = &rest[written as usize..];
    }
}
