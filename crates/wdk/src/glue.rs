//! What every call from the framework into the driver goes through.

use crate::Result;
use wdk_sys::NTSTATUS;

/// Runs a callback's body. In a driver that is linked with the emulator a panic becomes a verdict; in an image
/// it has stopped the system before anything could unwind.
#[inline]
pub(crate) fn enter<R>(body: impl FnOnce() -> R) -> R {
    #[cfg(linked)]
    {
        wdk_sys::linked::guard(body)
    }
    #[cfg(not(linked))]
    {
        body()
    }
}

/// The status in which a callback says how it went.
pub(crate) fn status_of(outcome: Result<()>) -> NTSTATUS {
    match outcome {
        Ok(()) => wdk_sys::STATUS_SUCCESS,
        Err(error) => error.status().0,
    }
}
