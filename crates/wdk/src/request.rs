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
use crate::delivery::{Delivery, RequestBase, information_with};
use crate::device::DeviceFacts;
use crate::irql::{AtMost, Dispatch, Irql, MayComplete, ceiling};
use crate::kind::{Any, DeviceControl, InternalDeviceControl, Kind, Read, Write};
use crate::park::Parked;
use crate::queue::{QueueFacts, QueueRef};
use crate::{Error, Result};
use core::any::TypeId;
use core::fmt;
use core::marker::PhantomData;
use wdk_sys::WDFREQUEST;

ceiling!(WdfRequestCompleteWithPriorityBoost <= Dispatch, WdfRequestSetInformation <= Dispatch,);

/// One lifetime for each delivery; invariant, so that no other fits.
type Brand<'r> = PhantomData<fn(&'r ()) -> &'r ()>;

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
        self.delivery.handle()
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
        let written = self.delivery.cursor().get();
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
        Some(unsafe { &*self.delivery.queue().cast::<QueueRef<Q>>() })
    }

    /// Forgets the kind, for code that treats all alike.
    pub fn into_any(self) -> AnyRequest<'r> {
        self.recast()
    }
}
