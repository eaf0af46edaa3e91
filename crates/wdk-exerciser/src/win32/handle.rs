//! Handles that close themselves.

use super::error::{Error, Result};
use windows_sys::Win32::Foundation::{CloseHandle, HANDLE, INVALID_HANDLE_VALUE};

/// A handle of the kernel, which is closed when it goes.
#[derive(Debug)]
pub struct Handle(HANDLE);

// SAFETY: a handle is the process's, not a thread's, and the kernel synchronizes what is done with it.
unsafe impl Send for Handle {}
// SAFETY: as above.
unsafe impl Sync for Handle {}

impl Handle {
    /// Takes over what a function of Win32 returned.
    ///
    /// # Errors
    ///
    /// The thread's last error, if that was no handle.
    ///
    /// # Safety
    ///
    /// A valid handle belongs to nobody else, and `CloseHandle` closes it.
    pub unsafe fn new(handle: HANDLE) -> Result<Self> {
        if handle.is_null() || handle == INVALID_HANDLE_VALUE { Err(Error::last()) } else { Ok(Self(handle)) }
    }

    /// The handle, which stays this one's.
    pub fn raw(&self) -> HANDLE {
        self.0
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        // SAFETY: it is valid and this one's, and nobody uses it after this.
        unsafe { CloseHandle(self.0) };
    }
}
