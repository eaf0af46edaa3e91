//! Errors of Windows.

use super::wide;
use alloc::string::String;
use core::fmt;
use core::ptr::null;
use windows_sys::Win32::Foundation::GetLastError;
use windows_sys::Win32::System::Diagnostics::Debug::{
    FORMAT_MESSAGE_FROM_SYSTEM, FORMAT_MESSAGE_IGNORE_INSERTS, FormatMessageW,
};

/// A result of Windows.
pub type Result<T = ()> = core::result::Result<T, Error>;

/// An error of Windows, by its number: of `winerror.h`, or of SetupAPI.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Error(pub u32);

impl Error {
    /// `ERROR_INVALID_NAME`.
    pub const INVALID_NAME: Self = Self(123);

    /// The last one of this thread.
    pub(super) fn last() -> Self {
        // SAFETY: no preconditions.
        Self(unsafe { GetLastError() })
    }

    /// Turns what a function of Win32 returns for success into a result.
    pub(super) fn check(success: i32) -> Result {
        if success == 0 { Err(Self::last()) } else { Ok(()) }
    }

    /// Whether it says that there is no such file or device.
    pub const fn is_not_found(self) -> bool {
        use windows_sys::Win32::Foundation::{
            ERROR_BAD_NETPATH, ERROR_FILE_NOT_FOUND, ERROR_INVALID_NAME, ERROR_PATH_NOT_FOUND,
        };
        matches!(self.0, ERROR_FILE_NOT_FOUND | ERROR_PATH_NOT_FOUND | ERROR_INVALID_NAME | ERROR_BAD_NETPATH)
    }

    /// What Windows says about it.
    fn text(self) -> Option<String> {
        // SetupAPI's have their texts under another number: that of their HRESULT.
        let number = match self.0 & 0xFFFF_0000 {
            0xE000_0000 => 0x800F_0000 | self.0 & 0xFFFF,
            _ => self.0,
        };
        let mut buffer = [0_u16; 512];
        // SAFETY: the buffer is as long as is said, and no inserts are asked for.
        let length = unsafe {
            FormatMessageW(
                FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS,
                null(),
                number,
                0,
                buffer.as_mut_ptr(),
                buffer.len() as u32,
                null(),
            )
        };
        let text = wide::narrow(buffer.get(..length as usize)?);
        let text = text.trim().trim_end_matches('.');
        (!text.is_empty()).then(|| text.into())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(text) = self.text() {
            write!(f, "{text} ")?;
        }
        match self.0 {
            0..0x1_0000 => write!(f, "(error {})", self.0),
            _ => write!(f, "(error {:#010X})", self.0),
        }
    }
}

impl core::error::Error for Error {}
