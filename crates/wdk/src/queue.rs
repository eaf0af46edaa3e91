//! I/O queues.
//!
//! DDI header: `wdfio.h`.

use crate::device::{DeviceBase, DeviceRef};
use crate::forward::{ForwardTarget, QueueId};
use crate::irql::{AtMost, Dispatch, Irql, MayComplete, Serialized, ceiling};
use crate::irql::{MayBlock, Passive, Unlocked};
use crate::kind::RequestType;
use crate::notice::Changes;
use crate::object::{Head, QUEUE, dereference, reference};
use crate::request_context::Layout;
use crate::scope::{Access, Scope, Synchronized, Unsynchronized};
use crate::status::check;
use crate::{Device, Error, IoQueue, Result};
use core::any::TypeId;
use core::cell::UnsafeCell;
use core::fmt;
use core::mem::MaybeUninit;
use core::ptr::NonNull;
use wdk_sys::{EVT_WDF_REQUEST_CANCEL, WDFOBJECT, WDFQUEUE};

ceiling!(
    WdfIoQueueStart <= Dispatch,
    WdfIoQueueStop <= Dispatch,
    WdfIoQueueStopAndPurge <= Dispatch,
    WdfIoQueuePurge <= Dispatch,
    WdfIoQueueDrain <= Dispatch,
    WdfIoQueueStopSynchronously <= Passive,
    WdfIoQueueStopAndPurgeSynchronously <= Passive,
    WdfIoQueueDrainSynchronously <= Passive,
    WdfIoQueuePurgeSynchronously <= Passive,
    WdfDeviceConfigureRequestDispatching <= Dispatch,
    WdfObjectAcquireLock <= Dispatch,
    WdfObjectReleaseLock <= Dispatch,
);

/// What is known of a queue once it is created.
pub(crate) struct QueueFacts {
    pub(crate) handle: WDFQUEUE,
    pub(crate) device: *const DeviceBase,
    pub(crate) device_id: u64,
    /// What stands behind the base of its requests' contexts.
    pub(crate) layout: Option<&'static Layout>,
    pub(crate) cancel: EVT_WDF_REQUEST_CANCEL,
    pub(crate) manual: bool,
    pub(crate) type_id: TypeId,
}

pub(crate) type QueueHead = Head<QueueFacts>;

/// A queue with context `Q`, as the framework's callbacks show it.
///
/// # Framework
///
/// `WDFQUEUE`. It lives in the queue's context.
///
/// # Invariants
///
/// 1. Who has a reference has a queue that is created and not destroyed: the facts are published.
#[doc(alias = "WDFQUEUE")]
#[repr(C)]
pub struct QueueRef<Q: IoQueue> {
    pub(crate) head: QueueHead,
    pub(crate) changes: Changes,
    value: UnsafeCell<MaybeUninit<Q>>,
}

impl<Q: IoQueue> fmt::Debug for QueueRef<Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Queue").field(&self.handle()).finish()
    }
}

impl<Q: IoQueue> QueueRef<Q> {
    pub(crate) fn facts(&self) -> &QueueFacts {
        // SAFETY: invariant 1.
        unsafe { self.head.known() }
    }

    pub(crate) fn handle(&self) -> WDFQUEUE {
        self.facts().handle
    }

    /// The head, as a pointer that may be cast back: it was made of the whole context.
    pub(crate) fn head_pointer(&self) -> *const QueueHead {
        core::ptr::from_ref(self).cast()
    }

    pub(crate) fn value(&self) -> *mut Q {
        self.value.get().cast()
    }

    pub(crate) fn is_ready(&self) -> bool {
        self.head.is_ready()
    }

    /// The queue of a handle; `None` while its context is not in place.
    ///
    /// # Safety
    ///
    /// The handle is of a queue that was created with context `Q` and lives for `'a`.
    #[inline]
    pub(crate) unsafe fn ready<'a>(handle: WDFQUEUE) -> Option<&'a Self> {
        // SAFETY: a queue with context `Q`, as the caller promises.
        let this = unsafe { QUEUE.of::<Self>(handle.cast()) };
        this.filter(|this| this.is_ready())
    }

    /// The device, if its context is a `D`.
    pub fn device<D: Device>(&self) -> Option<&DeviceRef<D>> {
        // SAFETY: a device outlives its queues.
        let base = unsafe { &*self.facts().device };
        if base.head.facts().is_none_or(|facts| facts.type_id != TypeId::of::<D>()) {
            return None;
        }
        // SAFETY: the base of a device whose context is a `D`.
        Some(unsafe { &*self.facts().device.cast::<DeviceRef<D>>() })
    }

    /// A handle to store in a context, for forwarding to this queue later.
    ///
    /// # IRQL
    ///
    /// `..=Dispatch`.
    ///
    /// # Framework
    ///
    /// `WdfObjectReference`, KMDF 1.0.
    #[doc(alias = "WdfObjectReference")]
    pub fn to_handle<L: AtMost<Dispatch>>(&self, _irql: &Irql<'_, L>) -> QueueHandle<Q> {
        // SAFETY: who has `self` has a queue that is not destroyed.
        unsafe { reference(self.handle().cast()) };
        QueueHandle { queue: NonNull::from_ref(self) }
    }

    /// Routes all requests of a type to this queue.
    ///
    /// # IRQL
    ///
    /// `..=Dispatch`.
    ///
    /// # Errors
    ///
    /// * `STATUS_INVALID_DEVICE_REQUEST`: the queue has no handler for that type, or is the default queue.
    /// * `STATUS_WDF_BUSY`: the type is routed already.
    ///
    /// # Framework
    ///
    /// `WdfDeviceConfigureRequestDispatching`, KMDF 1.0.
    #[doc(alias = "WdfDeviceConfigureRequestDispatching")]
    pub fn route<L: AtMost<Dispatch>>(&self, request_type: RequestType, _irql: &Irql<'_, L>) -> Result<()> {
        // SAFETY: a device outlives its queues.
        let device = unsafe { &*self.facts().device };
        let device = device.head.facts().ok_or(Error::INVALID_DEVICE_STATE)?.handle;
        // SAFETY: both are alive, and the queue is the device's.
        check(unsafe {
            wdk_sys::WdfDeviceConfigureRequestDispatching(device, self.handle(), request_type.into_raw())
        })
    }

    /// Runs `f` with the queue's presentation lock: no callback of the queue runs meanwhile.
    ///
    /// For timers, work items and callbacks of other queues. Requests may be completed inside; what that sets free
    /// is delivered after the lock is released.
    ///
    /// # IRQL
    ///
    /// `..=Q::Exec`, not under a private lock. Inside, the level is that of the queue's handlers.
    ///
    /// # Panics
    ///
    /// In the queue's own initialiser, before its context is in place. Taking the lock twice on one thread, also by
    /// calling this in a handler of the queue, stops the system (`WDF_VIOLATION`, lock recursion).
    ///
    /// # Framework
    ///
    /// `WdfObjectAcquireLock`, `WdfObjectReleaseLock`, KMDF 1.0.
    #[doc(alias = "WdfObjectAcquireLock")]
    pub fn lock<L, R>(
        &self,
        irql: &mut Irql<'_, L>,
        f: impl for<'g> FnOnce(Access<'g, Q>, &'g mut Irql<'g, Serialized<Q::Exec>>) -> R,
    ) -> R
    where
        Q::Scope: Synchronized,
        L: MayComplete + AtMost<Q::Exec>,
    {
        assert!(self.is_ready(), "the queue's context is not in place yet");
        let object: WDFOBJECT = self.handle().cast();
        let _ = irql;
        // SAFETY: a queue whose scope has a lock, at a level at which it may be taken.
        unsafe { wdk_sys::WdfObjectAcquireLock(object) };
        // SAFETY: the outer ceiling is borrowed; a spin lock raises to `DISPATCH_LEVEL`, a mutex does not.
        let mut inner = unsafe { Irql::<Serialized<Q::Exec>>::assume() };
        // SAFETY: ready, and the lock is held.
        let access = unsafe { <Q::Scope as Scope>::access(self) };
        let result = f(access, &mut inner);
        // SAFETY: acquired above; access and inner ceiling have ended with the closure.
        unsafe { wdk_sys::WdfObjectReleaseLock(object) };
        result
    }

    /// Lets the queue accept and deliver requests again.
    ///
    /// # IRQL
    ///
    /// `..=Dispatch`, not under a private lock: handlers may run inside.
    ///
    /// # Framework
    ///
    /// `WdfIoQueueStart`, KMDF 1.0.
    #[doc(alias = "WdfIoQueueStart")]
    pub fn start<L: MayComplete + AtMost<Dispatch>>(&self, _irql: &mut Irql<'_, L>) {
        // SAFETY: the queue is alive.
        unsafe { wdk_sys::WdfIoQueueStart(self.handle()) };
    }

    /// Stops delivery; requests still arrive and wait. Does not wait for handlers.
    ///
    /// # IRQL
    ///
    /// `..=Dispatch`.
    ///
    /// # Framework
    ///
    /// `WdfIoQueueStop` without a callback, KMDF 1.0.
    #[doc(alias = "WdfIoQueueStop")]
    pub fn stop<L: AtMost<Dispatch>>(&self, _irql: &Irql<'_, L>) {
        // SAFETY: the queue is alive; no callback.
        unsafe { wdk_sys::WdfIoQueueStop(self.handle(), None, core::ptr::null_mut()) };
    }

    /// Stops delivery and cancels the requests that wait or are parked; later ones arrive and wait. Does not wait for
    /// handlers.
    ///
    /// # IRQL
    ///
    /// `..=Dispatch`, not under a private lock: requests are completed inside.
    ///
    /// # Framework
    ///
    /// `WdfIoQueueStopAndPurge` without a callback, KMDF 1.11.
    #[doc(alias = "WdfIoQueueStopAndPurge")]
    pub fn stop_and_purge<L: MayComplete + AtMost<Dispatch>>(&self, _irql: &mut Irql<'_, L>) {
        // SAFETY: the queue is alive; no callback.
        unsafe { wdk_sys::WdfIoQueueStopAndPurge(self.handle(), None, core::ptr::null_mut()) };
    }

    /// Refuses new requests and cancels those that wait or are parked. Does not wait for handlers.
    ///
    /// # IRQL
    ///
    /// `..=Dispatch`, not under a private lock: requests are completed inside.
    ///
    /// # Framework
    ///
    /// `WdfIoQueuePurge` without a callback, KMDF 1.0.
    #[doc(alias = "WdfIoQueuePurge")]
    pub fn purge<L: MayComplete + AtMost<Dispatch>>(&self, _irql: &mut Irql<'_, L>) {
        // SAFETY: the queue is alive; no callback.
        unsafe { wdk_sys::WdfIoQueuePurge(self.handle(), None, core::ptr::null_mut()) };
    }

    /// Refuses new requests; those that wait are still delivered. Does not wait for them.
    ///
    /// # IRQL
    ///
    /// `..=Dispatch`, not under a private lock: handlers may run inside.
    ///
    /// # Framework
    ///
    /// `WdfIoQueueDrain` without a callback, KMDF 1.0.
    #[doc(alias = "WdfIoQueueDrain")]
    pub fn drain<L: MayComplete + AtMost<Dispatch>>(&self, _irql: &mut Irql<'_, L>) {
        // SAFETY: the queue is alive; no callback.
        unsafe { wdk_sys::WdfIoQueueDrain(self.handle(), None, core::ptr::null_mut()) };
    }
}

macro_rules! synchronously {
    ($( $(#[$meta:meta])* $method:ident = $ddi:ident; )*) => {
        impl<Q: IoQueue> QueueRef<Q> { $(
            $(#[$meta])*
            ///
            /// # IRQL
            ///
            /// `Passive`, outside handlers and locks.
            ///
            /// # Framework
            ///
            #[doc = concat!("`", stringify!($ddi), "`, KMDF 1.0.")]
            pub fn $method<L: Unlocked + AtMost<Passive>>(
                &self,
                _block: &mut MayBlock<'_>,
                _irql: &mut Irql<'_, L>,
            ) {
                // SAFETY: the queue is alive; the caller is none of its callbacks and holds no lock.
                unsafe { wdk_sys::$ddi(self.handle()) };
            }
        )* }
    };
}
synchronously! {
    /// Stops delivery and waits until the driver has disposed of all requests it got.
    #[doc(alias = "WdfIoQueueStopSynchronously")]
    stop_synchronously = WdfIoQueueStopSynchronously;
    /// Stops delivery, cancels the requests that wait or are parked, and waits until the driver has disposed of all
    /// that it got.
    #[doc(alias = "WdfIoQueueStopAndPurgeSynchronously")]
    stop_and_purge_synchronously = WdfIoQueueStopAndPurgeSynchronously;
    /// Refuses new requests and waits until all are delivered and completed.
    #[doc(alias = "WdfIoQueueDrainSynchronously")]
    drain_synchronously = WdfIoQueueDrainSynchronously;
    /// Refuses new requests, cancels those that wait or are parked, and waits until all are completed.
    #[doc(alias = "WdfIoQueuePurgeSynchronously")]
    purge_synchronously = WdfIoQueuePurgeSynchronously;
}

impl<Q: IoQueue<Scope = Unsynchronized>> QueueRef<Q> {
    /// The context, which is shared between all callbacks.
    ///
    /// # Panics
    ///
    /// In the queue's own initialiser, before the context is in place.
    pub fn context(&self) -> &Q {
        assert!(self.is_ready(), "the queue's context is not in place yet");
        // SAFETY: ready, and the scope has no lock.
        unsafe { Unsynchronized::access(self) }
    }
}

impl<Q: IoQueue> ForwardTarget for QueueRef<Q> {
    fn queue_facts(&self) -> QueueId {
        QueueId { handle: self.handle(), device_id: self.facts().device_id, ready: self.is_ready() }
    }
}

/// A queue to be remembered: a target for [`Request::forward`](crate::Request::forward) in another queue's context.
///
/// A queue whose context holds a handle to itself is never freed.
///
/// # IRQL
///
/// `Drop`: `..=Dispatch`.
///
/// # Framework
///
/// A counted reference to a `WDFQUEUE`. After the device is gone the handle still exists, but leads nowhere.
///
/// # Invariants
///
/// 1. The handle holds a reference to the queue, so its context can be read.
pub struct QueueHandle<Q: IoQueue> {
    queue: NonNull<QueueRef<Q>>,
}

// SAFETY: only the facts are reached without evidence that the queue is alive, and they do not change.
unsafe impl<Q: IoQueue> Send for QueueHandle<Q> {}
// SAFETY: as for `Send`.
unsafe impl<Q: IoQueue> Sync for QueueHandle<Q> {}

impl<Q: IoQueue> QueueHandle<Q> {
    fn inner(&self) -> &QueueRef<Q> {
        // SAFETY: invariant 1: the context is still there.
        unsafe { self.queue.as_ref() }
    }

    /// The queue, if it is one of the device's: a device in reach keeps its queues alive.
    ///
    /// Not before the queue's context is in place, nor when its initialiser failed.
    pub fn of<'a, D: Device>(&'a self, device: &'a DeviceRef<D>) -> Option<&'a QueueRef<Q>> {
        let same = self.inner().facts().device_id == device.facts().id;
        (same && self.inner().is_ready()).then(|| self.inner())
    }
}

impl<Q: IoQueue> Drop for QueueHandle<Q> {
    fn drop(&mut self) {
        let handle = self.inner().handle();
        // SAFETY: the reference of invariant 1, given up once.
        unsafe { dereference(handle.cast()) };
    }
}

impl<Q: IoQueue> fmt::Debug for QueueHandle<Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.inner(), f)
    }
}

impl<Q: IoQueue> ForwardTarget for QueueHandle<Q> {
    fn queue_facts(&self) -> QueueId {
        self.inner().queue_facts()
    }
}
