//! Notices to a queue: its requests when the device sleeps and wakes, and the end of a change of its state.
//!
//! DDI header: `wdfio.h`.

use crate::glue::enter;
use crate::irql::{AtMost, Dispatch, Irql, MayComplete};
use crate::kind::Kind;
use crate::park::Parked;
use crate::queue::QueueRef;
use crate::scope::Scope;
use crate::{Error, IoQueue, Result};
use core::marker::PhantomData;
use core::sync::atomic::{AtomicBool, Ordering};
use wdk_sys::_WDF_REQUEST_STOP_ACTION_FLAGS::WdfRequestStopActionPurge;
use wdk_sys::{WDFCONTEXT, WDFQUEUE, WDFREQUEST};

/// The device leaves its working state while the driver has a request. It says which one, and gives no right to it.
#[derive(Debug)]
pub struct StopNotice<'a> {
    request: WDFREQUEST,
    actions: u32,
    callback: PhantomData<&'a ()>,
}

impl StopNotice<'_> {
    pub(crate) fn new(request: WDFREQUEST, actions: u32) -> Self {
        Self { request, actions, callback: PhantomData }
    }

    /// Whether `parked` is the token of that request.
    pub fn is<K: Kind>(&self, parked: &Parked<K>) -> bool {
        self.request == parked.handle()
    }

    /// Whether the device goes for good; otherwise it sleeps.
    pub fn is_removal(&self) -> bool {
        self.actions & WdfRequestStopActionPurge as u32 != 0
    }
}

/// The device is back in its working state, and the driver has kept a request. It says which one, and gives no right
/// to it.
#[derive(Debug)]
pub struct ResumeNotice<'a> {
    request: WDFREQUEST,
    callback: PhantomData<&'a ()>,
}

impl ResumeNotice<'_> {
    pub(crate) fn new(request: WDFREQUEST) -> Self {
        Self { request, callback: PhantomData }
    }

    /// Whether `parked` is the token of that request.
    pub fn is<K: Kind>(&self, parked: &Parked<K>) -> bool {
        self.request == parked.handle()
    }
}

/// Which changes of a queue's state are under way with a notice at their end.
///
/// # Invariants
///
/// 1. A flag is set by who asks the framework for a notice, and cleared when it comes: the framework's slot for it is
///    empty before.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    stop: AtomicBool,
    empty: AtomicBool,
}

macro_rules! notified {
    ($( $(#[$meta:meta])* $method:ident = $ddi:ident, $since:literal, $flag:ident, $callback:ident; )*) => {
        impl<Q: IoQueue> QueueRef<Q> { $(
            $(#[$meta])*
            ///
            /// # IRQL
            ///
            /// `..=Dispatch`, not under a private lock: handlers and the notice may run inside.
            ///
            /// # Errors
            ///
            /// * `STATUS_DEVICE_BUSY`: the notice of an earlier such change has not come yet. Do not wait for this
            ///   queue with a synchronous form meanwhile either: the framework stops the system.
            ///
            /// # Framework
            ///
            #[doc = concat!("`", stringify!($ddi), "`, KMDF ", $since, ".")]
            pub fn $method<L: MayComplete + AtMost<Dispatch>>(&self, _irql: &mut Irql<'_, L>) -> Result<()> {
                if self.changes.$flag.swap(true, Ordering::AcqRel) {
                    return Err(Error::DEVICE_BUSY);
                }
                // SAFETY: the queue is alive, and the callback is made for its context; the slot is empty, by the flag.
                unsafe { wdk_sys::$ddi(self.handle(), Some($callback::<Q>), core::ptr::null_mut()) };
                Ok(())
            }
        )* }
    };
}
notified! {
    /// Stops delivery; [`IoQueue::stopped`] is called when the driver has disposed of all requests it got.
    #[doc(alias = "WdfIoQueueStop")]
    stop_then_notify = WdfIoQueueStop, "1.0", stop, stopped_callback;
    /// Stops delivery and cancels the requests that wait or are parked; [`IoQueue::stopped`] is called when the driver
    /// has disposed of all requests it got.
    #[doc(alias = "WdfIoQueueStopAndPurge")]
    stop_and_purge_then_notify = WdfIoQueueStopAndPurge, "1.11", stop, stopped_callback;
    /// Refuses new requests; [`IoQueue::emptied`] is called when all are delivered and completed.
    #[doc(alias = "WdfIoQueueDrain")]
    drain_then_notify = WdfIoQueueDrain, "1.0", empty, emptied_callback;
    /// Refuses new requests and cancels those that wait or are parked; [`IoQueue::emptied`] is called when all are
    /// completed.
    #[doc(alias = "WdfIoQueuePurge")]
    purge_then_notify = WdfIoQueuePurge, "1.0", empty, emptied_callback;
}

unsafe extern "C" fn stopped_callback<Q: IoQueue>(queue: WDFQUEUE, _: WDFCONTEXT) {
    enter(|| {
        // SAFETY: given for a queue with context `Q`, which outlives its callback.
        let Some(queue) = (unsafe { QueueRef::<Q>::ready(queue) }) else { return };
        queue.changes.stop.store(false, Ordering::Release);
        // SAFETY: the framework calls this at the queue's execution level or below.
        Q::stopped(queue, &mut unsafe { Irql::assume() });
    });
}

unsafe extern "C" fn emptied_callback<Q: IoQueue>(queue: WDFQUEUE, _: WDFCONTEXT) {
    enter(|| {
        // SAFETY: given for a queue with context `Q`, which outlives its callback.
        let Some(queue) = (unsafe { QueueRef::<Q>::ready(queue) }) else { return };
        queue.changes.empty.store(false, Ordering::Release);
        // SAFETY: the framework calls this at the queue's execution level or below.
        let mut irql = unsafe { Irql::assume() };
        // SAFETY: ready; this callback has the presentation lock of a scope that has one.
        let access = unsafe { <Q::Scope as Scope>::access(queue) };
        Q::emptied(access, queue, &mut irql);
    });
}
