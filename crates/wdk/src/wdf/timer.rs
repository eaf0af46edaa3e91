//! The timer of windows-drivers-rs.

use crate::nt_success;
use wdk_sys::{NTSTATUS, WDF_OBJECT_ATTRIBUTES, WDF_TIMER_CONFIG, WDFTIMER};

/// A framework timer.
#[doc(alias = "WDFTIMER")]
pub struct Timer {
    handle: WDFTIMER,
}

impl Timer {
    /// Creates a timer. At `DISPATCH_LEVEL` and below.
    ///
    /// # Errors
    ///
    /// The status of `WdfTimerCreate`.
    pub fn try_new(
        timer_config: &mut WDF_TIMER_CONFIG,
        attributes: &mut WDF_OBJECT_ATTRIBUTES,
    ) -> Result<Self, NTSTATUS> {
        let mut handle = core::ptr::null_mut();
        // SAFETY: the caller's structures, and a place for the handle.
        let status = unsafe { wdk_sys::WdfTimerCreate(timer_config, attributes, &raw mut handle) };
        if nt_success(status) { Ok(Self { handle }) } else { Err(status) }
    }

    /// The same as [`Self::try_new`].
    ///
    /// # Errors
    ///
    /// As there.
    pub fn create(
        timer_config: &mut WDF_TIMER_CONFIG,
        attributes: &mut WDF_OBJECT_ATTRIBUTES,
    ) -> Result<Self, NTSTATUS> {
        Self::try_new(timer_config, attributes)
    }

    /// Starts the timer and returns whether it was running. The time is in 100 ns units: negative from now, positive
    /// since 1601. At `DISPATCH_LEVEL` and below.
    #[must_use]
    pub fn start(&self, due_time: i64) -> bool {
        // SAFETY: the handle of a timer that the framework made.
        unsafe { wdk_sys::WdfTimerStart(self.handle, due_time) != 0 }
    }

    /// Stops the timer and returns whether it was running. With `wait`, returns after its callback has, and only at
    /// `PASSIVE_LEVEL`.
    #[must_use]
    pub fn stop(&self, wait: bool) -> bool {
        // SAFETY: as above.
        unsafe { wdk_sys::WdfTimerStop(self.handle, u8::from(wait)) != 0 }
    }
}
