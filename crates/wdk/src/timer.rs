//! Timers.
//!
//! DDI header: `wdftimer.h`.

use crate::Result;
use crate::glue::enter;
use crate::irql::{AtMost, Dispatch, Irql, MayBlock, Passive, Unlocked, ceiling};
use crate::object::{TIMER, dereference, reference};
use crate::parent::Parent;
use crate::status::check;
use core::fmt;
use core::marker::PhantomData;
use core::time::Duration;
use wdk_sys::WDFTIMER;

ceiling!(
    WdfTimerCreate <= Dispatch,
    WdfTimerStart <= Dispatch,
    WdfTimerStop <= Dispatch,
    WdfTimerGetParentObject <= Dispatch,
);

/// What a timer does.
pub trait TimerHandler: 'static {
    /// The queue or device that the timer belongs to: [`QueueRef<Q>`](crate::QueueRef) or
    /// [`DeviceRef<D>`](crate::DeviceRef).
    type Parent: Parent;

    /// The timer has expired.
    ///
    /// Runs in a DPC, not serialized with anything: use the parent's `lock`, or its shared context. Not called
    /// before the parent's context is in place, nor after the parent is gone.
    #[doc(alias = "EvtTimerFunc")]
    fn expired(parent: &Self::Parent, irql: &mut Irql<'_, Dispatch>);
}

/// A timer that calls `T`.
///
/// Keep it in a context. It belongs to its parent, which stops it when it goes: a `Timer` that is kept longer does
/// nothing any more, and dropping one early leaves the timer to its parent.
///
/// # IRQL
///
/// `Drop`: `..=Dispatch`.
///
/// # Framework
///
/// A counted reference to a `WDFTIMER` without automatic serialization.
///
/// # Invariants
///
/// 1. The value holds a reference to the timer.
#[doc(alias = "WDFTIMER")]
pub struct Timer<T: TimerHandler> {
    handle: WDFTIMER,
    handler: PhantomData<fn() -> T>,
}

// SAFETY: `WdfTimerStart` and `WdfTimerStop` may be called on any thread.
unsafe impl<T: TimerHandler> Send for Timer<T> {}
// SAFETY: and at the same time.
unsafe impl<T: TimerHandler> Sync for Timer<T> {}

impl<T: TimerHandler> Timer<T> {
    /// Creates a timer, not started. With a `period` it expires again after each.
    ///
    /// # IRQL
    ///
    /// `..=Dispatch`.
    ///
    /// # Errors
    ///
    /// * `STATUS_INSUFFICIENT_RESOURCES`.
    /// * `STATUS_INVALID_PARAMETER`: the period is longer than `i32::MAX` milliseconds.
    ///
    /// # Framework
    ///
    /// `WdfTimerCreate`, KMDF 1.0.
    #[doc(alias = "WdfTimerCreate")]
    pub fn try_new<L: AtMost<Dispatch>>(
        parent: &T::Parent,
        period: Option<Duration>,
        _irql: &Irql<'_, L>,
    ) -> Result<Self> {
        let mut config = wdk_sys::WDF_TIMER_CONFIG::default();
        wdk_sys::WDF_TIMER_CONFIG_INIT(&mut config, Some(timer_callback::<T>));
        config.AutomaticSerialization = 0;
        if let Some(period) = period {
            let milliseconds =
                i32::try_from(period.as_millis().max(1)).map_err(|_| crate::Error::INVALID_PARAMETER)?;
            config.Period = milliseconds.cast_unsigned();
        }
        let mut attributes = TIMER.attributes::<u8>();
        attributes.ParentObject = parent.object();
        let mut handle = core::ptr::null_mut();
        // SAFETY: initialised structures, and a parent that is alive.
        check(unsafe { wdk_sys::WdfTimerCreate(&raw mut config, &raw mut attributes, &raw mut handle) })?;
        // SAFETY: created just now; the parent is alive, and so is its child.
        unsafe { reference(handle.cast()) };
        Ok(Self { handle, handler: PhantomData })
    }

    /// Starts the timer, or restarts it; says whether it was running.
    ///
    /// A timer whose parent is gone is not started; the verifier reports the attempt.
    ///
    /// # IRQL
    ///
    /// `..=Dispatch`.
    ///
    /// # Framework
    ///
    /// `WdfTimerStart`, KMDF 1.0.
    #[doc(alias = "WdfTimerStart")]
    pub fn start<L: AtMost<Dispatch>>(&self, after: Duration, _irql: &Irql<'_, L>) -> bool {
        // SAFETY: invariant 1; the framework ignores the call for a timer whose parent is gone, and its verifier says so.
        unsafe { wdk_sys::WdfTimerStart(self.handle, relative(after)) != 0 }
    }

    /// Stops the timer, without waiting for a callback that has begun; says whether it was running.
    ///
    /// # IRQL
    ///
    /// `..=Dispatch`.
    ///
    /// # Framework
    ///
    /// `WdfTimerStop`, KMDF 1.0.
    #[doc(alias = "WdfTimerStop")]
    pub fn stop<L: AtMost<Dispatch>>(&self, _irql: &Irql<'_, L>) -> bool {
        // SAFETY: invariant 1; this one does not wait.
        unsafe { wdk_sys::WdfTimerStop(self.handle, 0) != 0 }
    }

    /// Stops the timer and waits until its callback has returned; says whether it was running.
    ///
    /// # IRQL
    ///
    /// `Passive`, outside handlers and locks.
    ///
    /// # Framework
    ///
    /// `WdfTimerStop`, KMDF 1.0.
    pub fn stop_synchronously<L: Unlocked + AtMost<Passive>>(
        &self,
        _block: &mut MayBlock<'_>,
        _irql: &mut Irql<'_, L>,
    ) -> bool {
        // SAFETY: invariant 1; the caller may wait, and is not the timer's callback, which has no `MayBlock`.
        unsafe { wdk_sys::WdfTimerStop(self.handle, 1) != 0 }
    }
}

impl<T: TimerHandler> Drop for Timer<T> {
    fn drop(&mut self) {
        // SAFETY: invariant 1: the timer's reference, given up once.
        unsafe { dereference(self.handle.cast()) };
    }
}

impl<T: TimerHandler> fmt::Debug for Timer<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Timer").field(&self.handle).finish()
    }
}

/// A time from now as the system counts it: negative, in units of 100 ns.
pub(crate) fn relative(after: Duration) -> i64 {
    let units = after.as_nanos().div_ceil(100);
    -i64::try_from(units).unwrap_or(i64::MAX)
}

unsafe extern "C" fn timer_callback<T: TimerHandler>(timer: WDFTIMER) {
    enter(|| {
        // SAFETY: the timer of this callback.
        let parent = unsafe { wdk_sys::WdfTimerGetParentObject(timer) };
        if parent.is_null() {
            // Started while its parent was on its way out, which the framework notices too late now and then.
            return;
        }
        // SAFETY: created with a parent of that type, which outlives the callback.
        let Some(parent) = (unsafe { <T::Parent as Parent>::from_object(parent) }) else {
            return;
        };
        // SAFETY: timers that are not passive call back at `DISPATCH_LEVEL`.
        let mut irql = unsafe { Irql::assume() };
        T::expired(parent, &mut irql);
    });
}
