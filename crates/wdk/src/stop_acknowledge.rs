//! Acknowledging `EvtIoStop` for requests that the driver keeps, so that the device can sleep.
//!
//! DDI header: `wdfrequest.h`.
//!
//! A request that the driver has outside a handler can be given away on another processor while `EvtIoStop` asks about
//! it. So it is acknowledged with the request's lock held, and who gives it away has passed that lock before.

use crate::delivery::RequestBase;
use crate::irql::ceiling;
use crate::object::REQUEST;
use crate::park::{LEAVING, OUTSIDE, PARKED, TAKING};
use crate::queue::{QueueFacts, QueueHead};
use core::sync::atomic::Ordering::{Acquire, Relaxed};
use wdk_sys::{WDFQUEUE, WDFREQUEST};

ceiling!(WdfRequestStopAcknowledge <= Dispatch, WdfIoQueueGetState <= Dispatch);

/// Runs `body` with the request's lock.
///
/// `EvtIoStop` can run on one processor while another takes the request, or completes it. Acknowledging a request that
/// is completed would touch what is gone.
pub(crate) fn with_lock<R>(base: &RequestBase, body: impl FnOnce() -> R) -> R {
    let lock = base.lock.get();
    // SAFETY: in context memory, which is nonpaged and began as zeroes, an unlocked lock; a request is in reach at
    // `..=Dispatch` only.
    let irql = unsafe { wdk_sys::ntddk::KeAcquireSpinLockRaiseToDpc(lock) };
    let result = body();
    // SAFETY: acquired just now, at that level.
    unsafe { wdk_sys::ntddk::KeReleaseSpinLock(lock, irql) };
    result
}

/// Before the driver gives a request away that it owns. One that it has outside a handler is not acknowledged any
/// more from here on.
pub(crate) fn leave(base: &RequestBase) {
    // A handler's request is not asked for before the handler returns, so the usual case costs a load.
    if base.state.load(Relaxed) == OUTSIDE {
        with_lock(base, || base.state.store(LEAVING, Relaxed));
    }
}

/// After [`leave`], when the framework has refused the request.
pub(crate) fn stay(base: &RequestBase) {
    if base.state.load(Relaxed) == LEAVING {
        with_lock(base, || base.state.store(OUTSIDE, Relaxed));
    }
}

/// Whether the framework holds a queue because the device leaves its working state.
pub(crate) fn is_held(queue: &QueueFacts) -> bool {
    let null = core::ptr::null_mut();
    // SAFETY: the queue has a request that the driver owns, so it is alive; the counts are not asked for.
    let state = unsafe { wdk_sys::WdfIoQueueGetState(queue.handle, null, null) };
    state & wdk_sys::_WDF_IO_QUEUE_STATE::WdfIoQueuePnpHeld != 0
}

/// Lets the framework power the device down although the driver keeps a request: what `EvtIoStop` does.
///
/// # Safety
///
/// Called in `EvtIoStop` with its arguments.
pub(crate) unsafe fn stop(queue: WDFQUEUE, request: WDFREQUEST, actions: u32) {
    use wdk_sys::_WDF_REQUEST_STOP_ACTION_FLAGS::WdfRequestStopActionSuspend;
    // On a purge the framework cancels parked requests, which ends them.
    if actions & WdfRequestStopActionSuspend as u32 == 0 {
        return;
    }
    // SAFETY: `EvtIoStop` gets a request that the driver owns.
    let base = unsafe { REQUEST.of::<RequestBase>(request.cast()) };
    let Some(base) = base else { return };
    with_lock(base, || {
        // SAFETY: null, or set on delivery; queues live as long as their device.
        let delivered = unsafe { base.queue.load(Relaxed).as_ref() }.and_then(QueueHead::facts);
        if is_kept(base, delivered.is_some_and(|facts| facts.handle == queue)) {
            // SAFETY: inside `EvtIoStop`; while the lock is held nobody gives the request away, and the framework does
            // not cancel during `EvtIoStop`, so the driver keeps it.
            unsafe { wdk_sys::WdfRequestStopAcknowledge(request, 0) };
        } else {
            base.missed.store(true, Relaxed);
        }
    });
}

/// Whether the driver has a request, about which `EvtIoStop` asks, and cannot give it away while its lock is held.
/// `here`: the queue that asks is the one that delivered it last.
fn is_kept(base: &RequestBase, here: bool) -> bool {
    match base.state.load(Acquire) {
        PARKED | TAKING | OUTSIDE => true,
        // Retrieved just now, and not noted yet: `deliver` comes next, and whatever follows that passes the lock.
        _ => !here,
    }
}
