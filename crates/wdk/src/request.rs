//! I/O requests: a branded value in, a branded proof out.
//!
//! DDI header: `wdfrequest.h`.
//!
//! A handler receives a [`Request`] and must return a [`Disposed`] with the same lifetime `'r`, which only that
//! request's disposal makes: completing it, forwarding it, parking it or putting it back. So it cannot be
//! forgotten in a handler, and since those operations take the request by value, it cannot be completed twice or
//! used afterwards.
//!
//! A handler that forgets its request:
//!
//! ```compile_fail,E0308
//! use wdk::prelude::*;
//! fn write<'r>(request: WriteRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
//!     let _ = request;
//! }
//! ```
//!
//! That completes it twice:
//!
//! ```compile_fail,E0382
//! use wdk::prelude::*;
//! fn write<'r>(request: WriteRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
//!     let _ = request.complete(Ok(0), irql);
//!     request.complete(Ok(0), irql)
//! }
//! ```
//!
//! That looks at the buffer after completion:
//!
//! ```compile_fail,E0505
//! use wdk::prelude::*;
//! fn write<'r>(request: WriteRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
//!     let input = request.input();
//!     let proof = request.complete(Ok(0), irql);
//!     let _ = input.len();
//!     proof
//! }
//! ```
//!
//! That returns the proof of another request:
//!
//! ```compile_fail
//! use wdk::prelude::*;
//! fn swap<'a, 'b>(a: WriteRequest<'a>, b: WriteRequest<'b>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'a> {
//!     let _ = a.complete(Ok(0), irql);
//!     b.complete(Ok(0), irql)
//! }
//! ```
//!
//! That completes it under a spin lock, where the next handler might want the same lock:
//!
//! ```compile_fail,E0277
//! use wdk::prelude::*;
//! fn write<'r>(lock: &SpinLock<u32>, request: WriteRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
//!     lock.with(irql, |_, irql| request.complete(Ok(0), irql))
//! }
//! ```
//!
//! That asks a write request for an output buffer:
//!
//! ```compile_fail,E0277
//! use wdk::prelude::*;
//! fn write(mut request: WriteRequest<'_>) { let _ = request.output(); }
//! ```
//!
//! Keeping one for later without parking it, by returning a proof that another request left:
//!
//! ```compile_fail,E0521
//! use wdk::prelude::*;
//! fn keep(queue: &QueueRef<impl IoQueue>, irql: &mut Irql<'_, Dispatch>) {
//!     let mut kept = None;
//!     let _ = queue.retrieve(irql, |request, irql| {
//!         kept = Some(request);
//!         loop {}
//!     });
//! }
//! ```
//!
//! Methods that only look at the request take no `irql`: safe code never has a request above `DISPATCH_LEVEL`,
//! which is their ceiling.

use crate::IoQueue;
use crate::device::{DeviceBase, DeviceFacts};
use crate::irql::{AtMost, Dispatch, Irql, MayComplete, ceiling};
use crate::kind::{Any, DeviceControl, InternalDeviceControl, Kind, Read, Write};
use crate::object::REQUEST;
use crate::park::{self, Parked};
use crate::queue::{QueueFacts, QueueHead, QueueRef};
use crate::request_context::Layout;
use crate::request_parameters::Sizes;
use crate::stop_acknowledge;
use crate::{Error, Result};
use core::any::TypeId;
use core::cell::{Cell, UnsafeCell};
use core::fmt;
use core::marker::PhantomData;
use core::ptr::NonNull;
use core::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, AtomicUsize, Ordering};
use wdk_sys::{KSPIN_LOCK, WDFREQUEST};

ceiling!(
    WdfRequestCompleteWithInformation <= Dispatch,
    WdfRequestCompleteWithPriorityBoost <= Dispatch,
    WdfRequestSetInformation <= Dispatch,
);

/// One lifetime for each delivery; invariant, so that no other fits.
type Brand<'r> = PhantomData<fn(&'r ()) -> &'r ()>;

/// What this crate keeps with every request, in memory that the framework allocates with it. Finding it costs a call,
/// so a request that a handler disposes of at once is disposed of without it.
///
/// # Invariants
///
/// 1. The zero pattern is a value.
/// 2. Since this delivery's [`Delivery::base`], `device` is the base of its device, and `queue` the head of the queue that
///    delivered it; null in `EvtIoInCallerContext`, where there is none yet.
/// 3. `layout` is null, or says what stands behind this, initialised.
/// 4. `locked` are null, or memory objects below the request: they are there as long as the request.
#[derive(Default)]
#[repr(C)]
pub(crate) struct RequestBase {
    /// See `park.rs`.
    pub(crate) state: AtomicU32,
    /// An `EvtIoStop` for this request could not be acknowledged; see `stop_acknowledge.rs`.
    pub(crate) missed: AtomicBool,
    /// Held while `EvtIoStop` acknowledges the request, and while somebody claims it or gives it away.
    pub(crate) lock: UnsafeCell<KSPIN_LOCK>,
    /// The number of bytes written to the output, while there is no [`Delivery`] that counts them.
    pub(crate) cursor: AtomicUsize,
    pub(crate) device: AtomicPtr<DeviceBase>,
    pub(crate) queue: AtomicPtr<QueueHead>,
    /// The driver's own value; see `request_context.rs`.
    pub(crate) layout: AtomicPtr<Layout>,
    /// Input and output that the driver has locked; see `neither.rs`.
    pub(crate) locked: [AtomicPtr<wdk_sys::WDFMEMORY__>; 2],
    /// The request's handle and the next context, while it is in a device's list of orphans.
    pub(crate) handle: AtomicPtr<wdk_sys::WDFREQUEST__>,
    pub(crate) next: AtomicPtr<RequestBase>,
}

/// A request while the driver has it. It stands in the frame of who runs the driver's code, so that a [`Request`] is a
/// pointer, however often it is moved, and what is done to it is compiled once, not for each kind.
///
/// # Invariants
///
/// 1. The driver owns the request, it is not cancelable, and there is one [`Request`] for it.
/// 2. `queue` is null, or the head of the queue that delivered it, which is created. It is null in `EvtIoInCallerContext`
///    only, and then `base` is known.
/// 3. `base`, where it is known, points to the request's context, all of it, not to its first part only.
/// 4. `sizes`, if they are known, are what the request's parameters say.
pub(crate) struct Delivery {
    handle: WDFREQUEST,
    queue: *const QueueHead,
    base: Cell<Option<NonNull<RequestBase>>>,
    sizes: Cell<Sizes>,
    sizes_known: Cell<bool>,
    /// The number of bytes written to the output.
    cursor: Cell<usize>,
}

/// A request that this driver owns for the delivery `'r`.
///
/// # IRQL
///
/// In reach at `..=Dispatch` only.
///
/// # Framework
///
/// `WDFREQUEST`. Rules discharged: `DoubleCompletion`, `InvalidReqAccess`, `ReqNotCanceled`.
///
/// # Invariants
///
/// 1. This is the only value for its delivery, and invariant 1 of that holds.
#[doc(alias = "WDFREQUEST")]
#[must_use = "complete, forward or park the request, and return the proof"]
pub struct Request<'r, K: Kind> {
    delivery: &'r Delivery,
    brand: Brand<'r>,
    kind: PhantomData<K>,
}

/// A read request.
pub type ReadRequest<'r> = Request<'r, Read>;
/// A write request.
pub type WriteRequest<'r> = Request<'r, Write>;
/// A device control request.
pub type DeviceControlRequest<'r> = Request<'r, DeviceControl>;
/// A device control request from another driver.
pub type InternalDeviceControlRequest<'r> = Request<'r, InternalDeviceControl>;
/// A request of a kind that is known at run time only.
pub type AnyRequest<'r> = Request<'r, Any>;
/// A parked request that was cancelled, on its way to completion.
pub type CanceledRequest<'r> = Request<'r, Any>;

/// Proof that the request of delivery `'r` has left the driver's hands.
#[must_use = "return the proof from the callback"]
pub struct Disposed<'r>(Brand<'r>);

impl fmt::Debug for Disposed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Disposed")
    }
}

/// The framework refused; the driver still owns the request.
#[must_use = "the request inside still has to be completed"]
pub struct Rejected<'r, K: Kind> {
    /// Why.
    pub error: Error,
    /// Still yours.
    pub request: Request<'r, K>,
}

impl<'r, K: Kind> Rejected<'r, K> {
    /// Completes the request with the error.
    ///
    /// # IRQL
    ///
    /// `..=Dispatch`, not under a private lock.
    pub fn fail<L: MayComplete + AtMost<Dispatch>>(self, irql: &mut Irql<'_, L>) -> Disposed<'r> {
        self.request.complete(Err(self.error), irql)
    }
}

impl<K: Kind> fmt::Debug for Rejected<'_, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rejected").field("error", &self.error).finish_non_exhaustive()
    }
}

impl<K: Kind> fmt::Debug for Request<'_, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Request").field(&self.handle()).finish()
    }
}

impl Delivery {
    /// A request that the framework has just given the driver. `queue` is null in `EvtIoInCallerContext`; `sizes` is what
    /// the handler's arguments say.
    #[inline]
    pub(crate) fn new(handle: WDFREQUEST, queue: *const QueueHead, sizes: Option<Sizes>) -> Self {
        Self {
            handle,
            queue,
            base: Cell::new(None),
            sizes: Cell::new(sizes.unwrap_or_default()),
            sizes_known: Cell::new(sizes.is_some()),
            cursor: Cell::new(0),
        }
    }

    /// A request that was delivered before.
    ///
    /// # Safety
    ///
    /// `base` is the context of the request, which the driver owns.
    #[inline(never)]
    pub(crate) unsafe fn again(handle: WDFREQUEST, base: NonNull<RequestBase>) -> Self {
        // SAFETY: the context of a request that the driver owns.
        let this = unsafe { base.as_ref() };
        Self {
            handle,
            queue: this.queue.load(Ordering::Relaxed),
            base: Cell::new(Some(base)),
            sizes: Cell::new(Sizes::default()),
            sizes_known: Cell::new(false),
            cursor: Cell::new(this.cursor.load(Ordering::Relaxed)),
        }
    }

    /// Finds the context, writes to it where the request is, and makes the driver's value. `None` when the request has no
    /// context of ours.
    ///
    /// `state` is the one it begins in; see `park.rs`.
    pub(crate) fn note(
        &self,
        device: *const DeviceBase,
        layout: Option<&'static Layout>,
        state: u32,
    ) -> Option<NonNull<RequestBase>> {
        // SAFETY: a request that the driver owns; devices made here give requests such a context.
        let base = unsafe { REQUEST.pointer::<RequestBase>(self.handle.cast()) }?;
        // SAFETY: the context of a request that the driver owns.
        let this = unsafe { base.as_ref() };
        this.device.store(device.cast_mut(), Ordering::Relaxed);
        this.queue.store(self.queue.cast_mut(), Ordering::Relaxed);
        this.state.store(state, Ordering::Release);
        if let Some(layout) = layout {
            // SAFETY: the whole context, of a request of a device with that layout; this delivery owns it.
            unsafe { layout.prepare(base) };
        }
        self.base.set(Some(base));
        Some(base)
    }

    pub(crate) fn handle(&self) -> WDFREQUEST {
        self.handle
    }

    /// The head of the queue that delivered it, or null.
    pub(crate) fn queue(&self) -> *const QueueHead {
        self.queue
    }

    /// Sets the queue, which is created and whose whole context `queue` points to.
    #[inline]
    pub(crate) fn set_queue(&mut self, queue: NonNull<QueueHead>) {
        self.queue = queue.as_ptr();
    }

    pub(crate) fn cursor(&self) -> &Cell<usize> {
        &self.cursor
    }

    /// The context, if it has been asked for since the request was delivered.
    fn noted(&self) -> Option<&RequestBase> {
        // SAFETY: invariant 3; the context lives at least as long as the driver owns the request.
        self.base.get().map(|base| unsafe { base.as_ref() })
    }

    pub(crate) fn base(&self) -> &RequestBase {
        // SAFETY: the context lives at least as long as the driver owns the request.
        unsafe { self.base_pointer().as_ref() }
    }

    pub(crate) fn base_pointer(&self) -> NonNull<RequestBase> {
        // What a handler has needs no entry in its context until it is kept: the framework asks for none before.
        let base = self.base.get().or_else(|| self.note(self.queue_facts()?.device, None, park::OWNED));
        base.expect("requests of devices made here have a context")
    }

    /// The sizes: the handler's arguments, or else what the framework says, which is asked once.
    #[inline]
    pub(crate) fn sizes(&self) -> Sizes {
        self.know_sizes();
        self.sizes.get()
    }

    /// Not inlined, so that images have it once.
    #[inline(never)]
    fn know_sizes(&self) {
        if !self.sizes_known.replace(true) {
            self.sizes.set(Sizes::of(&self.parameters()));
        }
    }

    /// Before the driver gives the request away; see [`stop_acknowledge::leave`].
    pub(crate) fn leave(&self) {
        if let Some(base) = self.noted() {
            stop_acknowledge::leave(base);
        }
    }

    /// After [`leave`](Self::leave), when the framework has refused the request.
    pub(crate) fn stay(&self) {
        if let Some(base) = self.noted() {
            stop_acknowledge::stay(base);
        }
    }

    /// The facts of the queue that delivered the request; `None` in `EvtIoInCallerContext`.
    pub(crate) fn queue_facts(&self) -> Option<&QueueFacts> {
        // SAFETY: invariant 2; a queue outlives the requests it has delivered.
        let queue = unsafe { self.queue.as_ref() };
        // SAFETY: invariant 2: it is created.
        queue.map(|queue| unsafe { queue.known() })
    }

    pub(crate) fn device_facts(&self) -> &DeviceFacts {
        let device = match self.queue_facts() {
            Some(queue) => queue.device,
            None => self.base().device.load(Ordering::Relaxed),
        };
        // SAFETY: its own; a device outlives its requests and queues.
        let device = unsafe { &*device };
        // SAFETY: a device that has requests is created.
        unsafe { device.head.known() }
    }

    /// Completes the request. Information goes with success and with warnings only.
    ///
    /// # Safety
    ///
    /// Nothing borrows from the request, and its value is consumed.
    unsafe fn complete(&self, status: i32, information: usize) {
        self.leave();
        let information = information_with(status, information);
        // SAFETY: invariant 1, and as the caller promises.
        unsafe { wdk_sys::WdfRequestCompleteWithInformation(self.handle, status, information) };
    }
}

/// What goes back with a status.
fn information_with(status: i32, information: usize) -> u64 {
    if wdk_sys::NT_ERROR(status) { 0 } else { information as u64 }
}

impl<'r, K: Kind> Request<'r, K> {
    /// The request of a delivery.
    ///
    /// # Safety
    ///
    /// The driver owns it, of kind `K`, not cancelable, and there is no other value for it. `'r` is fresh.
    #[inline]
    pub(crate) unsafe fn new(delivery: &'r Delivery) -> Self {
        Self { delivery, brand: PhantomData, kind: PhantomData }
    }

    /// The same request under another kind.
    pub(crate) fn recast<T: Kind>(self) -> Request<'r, T> {
        Request { delivery: self.delivery, brand: PhantomData, kind: PhantomData }
    }

    pub(crate) fn delivery(&self) -> &Delivery {
        self.delivery
    }

    pub(crate) fn handle(&self) -> WDFREQUEST {
        self.delivery.handle
    }

    pub(crate) fn base(&self) -> &RequestBase {
        self.delivery.base()
    }

    pub(crate) fn queue_facts(&self) -> Option<&QueueFacts> {
        self.delivery.queue_facts()
    }

    pub(crate) fn device_facts(&self) -> &DeviceFacts {
        self.delivery.device_facts()
    }

    pub(crate) fn leave(&self) {
        self.delivery.leave();
    }

    pub(crate) fn stay(&self) {
        self.delivery.stay();
    }

    /// The proof, for the operation that has just disposed of the request.
    ///
    /// # Safety
    ///
    /// The driver does not own the request any more, or owns it through a `Parked`.
    pub(crate) unsafe fn disposed(self) -> Disposed<'r> {
        Disposed(PhantomData)
    }

    /// Completes the request: with success, or with the error's status.
    ///
    /// A write succeeds with the number of bytes consumed, which is passed on as it is: more than the request's
    /// length is a bug that the verifier reports. Other kinds return what was written to their output. An error
    /// returns no bytes, except that a warning such as `STATUS_BUFFER_OVERFLOW` returns what was written.
    ///
    /// Other handlers may run inside this call, when the driver completes a request outside a handler of the
    /// request's queue.
    ///
    /// # IRQL
    ///
    /// `..=Dispatch`, not under a private lock.
    ///
    /// # Framework
    ///
    /// `WdfRequestCompleteWithInformation`, KMDF 1.0. Rules discharged: `DoubleCompletion`,
    /// `DeferredRequestCompleted`, `RequestCompleted`.
    // Inlined: nothing is left of it but the call below where the outcome is known.
    #[doc(alias = "WdfRequestComplete")]
    #[doc(alias = "WdfRequestCompleteWithInformation")]
    #[inline(always)]
    pub fn complete<L: MayComplete + AtMost<Dispatch>>(
        self,
        outcome: Result<K::Outcome>,
        _irql: &mut Irql<'_, L>,
    ) -> Disposed<'r> {
        let (status, information) = self.status_and_information(outcome);
        // SAFETY: nothing borrows from the request, which is consumed.
        unsafe { self.delivery.complete(status, information) };
        // SAFETY: completed.
        unsafe { self.disposed() }
    }

    /// As [`complete`](Self::complete), and raises the waiting thread's priority by `boost`.
    ///
    /// # IRQL
    ///
    /// `..=Dispatch`, not under a private lock.
    ///
    /// # Framework
    ///
    /// `WdfRequestCompleteWithPriorityBoost`, KMDF 1.0.
    #[doc(alias = "WdfRequestCompleteWithPriorityBoost")]
    pub fn complete_with_boost<L: MayComplete + AtMost<Dispatch>>(
        self,
        outcome: Result<K::Outcome>,
        boost: i8,
        _irql: &mut Irql<'_, L>,
    ) -> Disposed<'r> {
        let (status, information) = self.status_and_information(outcome);
        let information = information_with(status, information);
        // SAFETY: invariant 1: the driver owns the request.
        unsafe { wdk_sys::WdfRequestSetInformation(self.handle(), information) };
        self.leave();
        // SAFETY: invariant 1; nothing borrows from the request, which is consumed.
        unsafe { wdk_sys::WdfRequestCompleteWithPriorityBoost(self.handle(), status, boost) };
        // SAFETY: completed.
        unsafe { self.disposed() }
    }

    #[inline(always)]
    fn status_and_information(&self, outcome: Result<K::Outcome>) -> (i32, usize) {
        let written = self.delivery.cursor.get();
        match outcome {
            Ok(outcome) => (wdk_sys::STATUS_SUCCESS, K::information(outcome, written)),
            Err(error) => (error.status().0, written),
        }
    }

    /// Does fallible work on the request, then completes it with the outcome: `?` works in the closure.
    ///
    /// # IRQL
    ///
    /// `..=Dispatch`, not under a private lock.
    ///
    /// # Framework
    ///
    /// As [`complete`](Self::complete).
    pub fn complete_with<L: MayComplete + AtMost<Dispatch>>(
        mut self,
        irql: &mut Irql<'_, L>,
        work: impl FnOnce(&mut Self, &mut Irql<'_, L>) -> Result<K::Outcome>,
    ) -> Disposed<'r> {
        let outcome = work(&mut self, irql);
        self.complete(outcome, irql)
    }

    /// Keeps the request past the callback: it becomes cancelable, and the returned [`Parked`] gets it back.
    ///
    /// Store the `Parked` where a later callback finds it. When the requester gives up first,
    /// [`IoQueue::cancel`] gets the request instead. Exactly one of the two does.
    ///
    /// # IRQL
    ///
    /// `..=Dispatch`.
    ///
    /// # Errors
    ///
    /// [`Rejected`] gives the request back:
    ///
    /// * `STATUS_CANCELLED`: it is cancelled already, or the queue is being purged.
    /// * `STATUS_INVALID_DEVICE_REQUEST`: it is not from a queue
    ///   ([`in_caller_context`](crate::Device::in_caller_context)).
    /// * `STATUS_WDF_PAUSED`: the device goes to sleep, and could not be told that the driver keeps the request. Happens
    ///   rarely, outside handlers, to a request that was just retrieved a second time or refused by a queue.
    ///
    /// # Framework
    ///
    /// `WdfRequestMarkCancelableEx`, KMDF 1.9. Rules discharged: `MarkCancOnCancReq`, `MarkCancOnCancReqLocal`,
    /// `NonDeferred…Cancel`.
    #[doc(alias = "WdfRequestMarkCancelableEx")]
    pub fn park<L: AtMost<Dispatch>>(
        self,
        irql: &Irql<'_, L>,
    ) -> Result<(Disposed<'r>, Parked<K>), Rejected<'r, K>> {
        Parked::park(self, irql)
    }

    /// Whether `parked` is the token of this request: for [`IoQueue::cancel`], to take it off the driver's list.
    pub fn is<T: Kind>(&self, parked: &Parked<T>) -> bool {
        self.handle() == parked.handle()
    }

    /// The queue that delivered the request, if its context is a `Q`.
    pub fn queue<Q: IoQueue>(&self) -> Option<&QueueRef<Q>> {
        if self.queue_facts()?.type_id != TypeId::of::<Q>() {
            return None;
        }
        // SAFETY: the head of a queue whose context is a `Q`; it outlives the requests it has delivered.
        Some(unsafe { &*self.delivery.queue.cast::<QueueRef<Q>>() })
    }

    /// Forgets the kind, for code that treats all alike.
    pub fn into_any(self) -> AnyRequest<'r> {
        self.recast()
    }
}

/// Completes a request that no handler may see.
///
/// # Safety
///
/// The driver owns the request.
#[cold]
#[inline(never)]
pub(crate) unsafe fn refuse(request: WDFREQUEST, error: Error) {
    // SAFETY: the driver owns it, as the caller promises.
    unsafe { wdk_sys::WdfRequestCompleteWithInformation(request, error.status().0, 0) };
}
