//! Spin locks.
//!
//! DDI header: `wdfsync.h`.
//!
//! The lock is held for the length of a closure. A guard would not do: dropped out of order it would lower the IRQL
//! under another lock, and forgotten it would leave the level raised behind a permission that says otherwise.

use crate::Result;
use crate::irql::{AtMost, Dispatch, Held, Irql, ceiling};
use crate::object::delete;
use crate::status::check;
use core::cell::UnsafeCell;
use core::fmt;
use wdk_sys::WDFSPINLOCK;

ceiling!(WdfSpinLockCreate <= Dispatch, WdfSpinLockAcquire <= Dispatch, WdfSpinLockRelease <= Dispatch,);

/// Data that is reached at `DISPATCH_LEVEL`, with a spin lock held.
///
/// Inside the closure nothing can wait, and nothing can complete a request (see [`Held`]). The data cannot escape:
///
/// ```compile_fail
/// use wdk::prelude::*;
/// fn bad<'x>(lock: &'x SpinLock<u32>, irql: &mut Irql<'_, Passive>) -> &'x mut u32 {
///     lock.with(irql, |data, _| data)
/// }
/// ```
///
/// # IRQL
///
/// `Drop`: `..=Dispatch`.
///
/// # Framework
///
/// A `WDFSPINLOCK` whose parent is the driver; dropping this deletes it.
///
/// # Invariants
///
/// 1. `handle` is a spin lock of this value's own.
/// 2. `data` is reached with the lock held, or with exclusive access to the value.
#[doc(alias = "WDFSPINLOCK")]
pub struct SpinLock<T: ?Sized> {
    handle: WDFSPINLOCK,
    data: UnsafeCell<T>,
}

// SAFETY: a framework lock belongs to no thread.
unsafe impl<T: ?Sized + Send> Send for SpinLock<T> {}
// SAFETY: `WdfSpinLockAcquire` lets one processor in at a time, so `T` only moves between them.
unsafe impl<T: ?Sized + Send> Sync for SpinLock<T> {}

impl<T> SpinLock<T> {
    /// Creates a lock around data.
    ///
    /// # IRQL
    ///
    /// `..=Dispatch`.
    ///
    /// # Errors
    ///
    /// * `STATUS_INSUFFICIENT_RESOURCES`. The data is dropped.
    ///
    /// # Framework
    ///
    /// `WdfSpinLockCreate`, KMDF 1.0.
    #[doc(alias = "WdfSpinLockCreate")]
    pub fn try_new<L: AtMost<Dispatch>>(data: T, _irql: &Irql<'_, L>) -> Result<Self> {
        let mut handle = core::ptr::null_mut();
        // SAFETY: without attributes the parent is the driver, which outlives its values.
        check(unsafe { wdk_sys::WdfSpinLockCreate(core::ptr::null_mut(), &raw mut handle) })?;
        Ok(Self { handle, data: UnsafeCell::new(data) })
    }
}

impl<T: ?Sized> SpinLock<T> {
    /// Runs `f` at `DISPATCH_LEVEL` with the lock held.
    ///
    /// Taking the same lock again inside is a deadlock, which the emulator reports.
    ///
    /// # IRQL
    ///
    /// `..=Dispatch`. Inside, `Held<Dispatch>`.
    ///
    /// # Framework
    ///
    /// `WdfSpinLockAcquire`, `WdfSpinLockRelease`, KMDF 1.0. Rules discharged: `WdfSpinlock`, `WdfSpinlockRelease`.
    #[doc(alias = "WdfSpinLockAcquire")]
    #[doc(alias = "WdfSpinLockRelease")]
    pub fn with<L: AtMost<Dispatch>, R>(
        &self,
        irql: &mut Irql<'_, L>,
        f: impl for<'g> FnOnce(&'g mut T, &'g mut Irql<'g, Held<Dispatch>>) -> R,
    ) -> R {
        let _ = irql;
        // SAFETY: invariant 1, at a level at which it may be taken.
        unsafe { wdk_sys::WdfSpinLockAcquire(self.handle) };
        // SAFETY: the outer ceiling is borrowed; the lock raised to `DISPATCH_LEVEL`.
        let mut inner = unsafe { Irql::<Held<Dispatch>>::assume() };
        // SAFETY: invariant 2: the lock is held.
        let result = f(unsafe { &mut *self.data.get() }, &mut inner);
        // SAFETY: acquired above; data and inner ceiling have ended with the closure.
        unsafe { wdk_sys::WdfSpinLockRelease(self.handle) };
        result
    }

    /// The data, without locking: nobody else has the lock.
    pub fn get_mut(&mut self) -> &mut T {
        self.data.get_mut()
    }
}

impl<T: ?Sized> Drop for SpinLock<T> {
    fn drop(&mut self) {
        // SAFETY: invariant 1; nobody holds the lock, since nobody borrows the value.
        unsafe { delete(self.handle.cast()) };
    }
}

impl<T: ?Sized> fmt::Debug for SpinLock<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SpinLock").finish_non_exhaustive()
    }
}
