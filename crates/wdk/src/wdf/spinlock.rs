//! The spin lock of windows-drivers-rs.

use crate::nt_success;
use wdk_sys::{NTSTATUS, WDF_OBJECT_ATTRIBUTES, WDFSPINLOCK};

/// A framework spin lock.
#[doc(alias = "WDFSPINLOCK")]
pub struct SpinLock {
    handle: WDFSPINLOCK,
}

impl SpinLock {
    /// Creates a lock with these attributes. At `DISPATCH_LEVEL` and below.
    ///
    /// # Errors
    ///
    /// The status of `WdfSpinLockCreate`.
    pub fn try_new(attributes: &mut WDF_OBJECT_ATTRIBUTES) -> Result<Self, NTSTATUS> {
        let mut handle = core::ptr::null_mut();
        // SAFETY: the caller's attributes, and a place for the handle.
        let status = unsafe { wdk_sys::WdfSpinLockCreate(attributes, &raw mut handle) };
        if nt_success(status) { Ok(Self { handle }) } else { Err(status) }
    }

    /// The same as [`Self::try_new`].
    ///
    /// # Errors
    ///
    /// As there.
    pub fn create(attributes: &mut WDF_OBJECT_ATTRIBUTES) -> Result<Self, NTSTATUS> {
        Self::try_new(attributes)
    }

    /// Takes the lock and raises the IRQL to `DISPATCH_LEVEL`. At `DISPATCH_LEVEL` and below.
    pub fn acquire(&self) {
        // SAFETY: the handle of a lock that the framework made.
        unsafe { wdk_sys::WdfSpinLockAcquire(self.handle) };
    }

    /// Gives the lock up and restores the IRQL. At `DISPATCH_LEVEL`, after [`Self::acquire`].
    pub fn release(&self) {
        // SAFETY: as above.
        unsafe { wdk_sys::WdfSpinLockRelease(self.handle) };
    }
}
