//! Text as Windows takes it: UTF-16, with a zero at the end.

use super::error::{Error, Result};
use alloc::string::String;
use alloc::vec::Vec;

/// A text for Windows.
///
/// # Errors
///
/// [`Error::INVALID_NAME`] if it has a zero: Windows would take it for the end.
pub fn wide(text: &str) -> Result<Vec<u16>> {
    if text.contains('\0') {
        return Err(Error::INVALID_NAME);
    }
    Ok(text.encode_utf16().chain([0]).collect())
}

/// A text of Windows, up to its zero or its end.
pub fn narrow(units: &[u16]) -> String {
    let end = units.iter().position(|unit| *unit == 0).unwrap_or(units.len());
    String::from_utf16_lossy(&units[..end])
}
