//! Text for the debugger, from drivers of every model.

use core::ffi::CStr;

/// Prints a text as it is.
///
/// Kernel mode: `DbgPrint`, at any IRQL; more than 512 bytes are cut off. User mode: `OutputDebugStringA`.
pub fn debug_print(text: &CStr) {
    #[cfg(driver_model__driver_type = "UMDF")]
    // SAFETY: a NUL-terminated text.
    unsafe {
        crate::windows::OutputDebugStringA(text.as_ptr())
    };
    #[cfg(not(driver_model__driver_type = "UMDF"))]
    // SAFETY: the format takes one NUL-terminated text.
    unsafe {
        crate::ntddk::DbgPrint(c"%s".as_ptr(), text.as_ptr())
    };
}
