//! Wait locks.
//!
//! DDI header: `wdfsync.h`.

use crate::Result;
use crate::irql::{AtMost, Dispatch, Held, Irql, Passive, ceiling};
use crate::object::delete;
use crate::status::check;
use core::cell::UnsafeCell;
use core::fmt;
use core::time::Duration;
use wdk_sys::{STATUS_SUCCESS, WDFWAITLOCK};

ceiling!(WdfWaitLockCreate <= Dispatch, WdfWaitLockAcquire <= Passive, WdfWaitLockRelease <= Passive,);

/// Data that is reached with a lock held for which threads wait asleep.
///
/// The code inside stays at `PASSIVE_LEVEL`, in a critical region. It can take further locks, but not complete a
/// request (see [`Held`]).
///
/// # IRQL
///
/// `Drop`: `..=Dispatch`.
///
/// # Framework
///
/// A `WDFWAITLOCK` whose parent is the driver; dropping this deletes it.
///
/// # Invariants
///
/// 1. `handle` is a wait lock of this value's own.
/// 2. `data` is reached with the lock held, or with exclusive access to the value.
#[doc(alias = "WDFWAITLOCK")]
pub struct WaitLock<T: ?Sized> {
    handle: WDFWAITLOCK,
    data: UnsafeCell<T>,
}

// SAFETY: a framework lock that is not held belongs to no thread.
unsafe impl<T: ?Sized + Send> Send for WaitLock<T> {}
// SAFETY: `WdfWaitLockAcquire` lets one thread in at a time, so `T` only moves between them.
unsafe impl<T: ?Sized + Send> Sync for WaitLock<T> {}

impl<T> WaitLock<T> {
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
    /// `WdfWaitLockCreate`, KMDF 1.0.
    #[doc(alias = "WdfWaitLockCreate")]
    pub fn try_new<L: AtMost<Dispatch>>(data: T, _irql: &Irql<'_, L>) -> Result<Self> {
        let mut handle = core::ptr::null_mut();
        // SAFETY: without attributes the parent is the driver, so the lock is this value's until it is dropped.
        check(unsafe { wdk_sys::WdfWaitLockCreate(core::ptr::null_mut(), &raw mut handle) })?;
        Ok(Self { handle, data: UnsafeCell::new(data) })
    }
}

impl<T: ?Sized> WaitLock<T> {
    /// Waits for the lock and runs `f` with it.
    ///
    /// Taking the same lock again inside is a deadlock, which the emulator reports.
    ///
    /// # IRQL
    ///
    /// `Passive`. Inside, `Held<L>`.
    ///
    /// # Framework
    ///
    /// `WdfWaitLockAcquire`, `WdfWaitLockRelease`, KMDF 1.0. Rules discharged: `WdfWaitlock`, `WdfWaitlockRelease`.
    #[doc(alias = "WdfWaitLockAcquire")]
    #[doc(alias = "WdfWaitLockRelease")]
    pub fn with<L: AtMost<Passive>, R>(
        &self,
        irql: &mut Irql<'_, L>,
        f: impl for<'g> FnOnce(&'g mut T, &'g mut Irql<'g, Held<L>>) -> R,
    ) -> R {
        // SAFETY: invariant 1, at `PASSIVE_LEVEL`; without a timeout it cannot fail.
        let _ = unsafe { wdk_sys::WdfWaitLockAcquire(self.handle, core::ptr::null_mut()) };
        self.held(irql, f)
    }

    /// Waits for the lock no longer than `timeout` and runs `f` with it, or returns `None`.
    ///
    /// # IRQL
    ///
    /// As [`with`](Self::with).
    ///
    /// # Framework
    ///
    /// As [`with`](Self::with).
    pub fn try_with<L: AtMost<Passive>, R>(
        &self,
        timeout: Duration,
        irql: &mut Irql<'_, L>,
        f: impl for<'g> FnOnce(&'g mut T, &'g mut Irql<'g, Held<L>>) -> R,
    ) -> Option<R> {
        let mut due = crate::timer::relative(timeout);
        // SAFETY: invariant 1, at `PASSIVE_LEVEL`; the timeout is read during the call.
        let status = unsafe { wdk_sys::WdfWaitLockAcquire(self.handle, &raw mut due) };
        // A timeout is a success code.
        (status == STATUS_SUCCESS).then(|| self.held(irql, f))
    }

    fn held<L: AtMost<Passive>, R>(
        &self,
        irql: &mut Irql<'_, L>,
        f: impl for<'g> FnOnce(&'g mut T, &'g mut Irql<'g, Held<L>>) -> R,
    ) -> R {
        let _ = irql;
        // SAFETY: the outer ceiling is borrowed, and the lock does not change the level.
        let mut inner = unsafe { Irql::<Held<L>>::assume() };
        // SAFETY: invariant 2: the callers hold the lock.
        let result = f(unsafe { &mut *self.data.get() }, &mut inner);
        // SAFETY: held by this thread; data and inner ceiling have ended with the closure.
        unsafe { wdk_sys::WdfWaitLockRelease(self.handle) };
        result
    }

    /// The data, without locking: nobody else has the lock.
    pub fn get_mut(&mut self) -> &mut T {
        self.data.get_mut()
    }
}

impl<T: ?Sized> Drop for WaitLock<T> {
    fn drop(&mut self) {
        // SAFETY: invariant 1; nobody waits for or holds the lock, since nobody borrows the value.
        unsafe { delete(self.handle.cast()) };
    }
}

impl<T: ?Sized> fmt::Debug for WaitLock<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WaitLock").finish_non_exhaustive()
    }
}
