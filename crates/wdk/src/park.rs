//! Requests kept past their callback, and the race between completing and cancelling them.
//!
//! DDI header: `wdfrequest.h`.
//!
//! A parked request can be wanted by two sides: a callback that has what it waits for ([`Parked::take`]), and the
//! framework when the requester gives up ([`IoQueue::cancel`](crate::IoQueue::cancel)). `WdfRequestUnmarkCancelable`
//! decides, but only while the request is not completed; so both sides first go through a state in the request's
//! context:
//!
//! ```text
//!            park                 take: claims          unmark said yes
//!  OWNED ------------> PARKED ------------------> TAKING ---------------> OWNED, take's
//!                        |                        |    \ unmark said no
//!            cancel runs |            cancel runs |     `---> LEFT ------> CANCELED, cancel's, when it runs
//!                        v                        v
//!                     CANCELED, cancel's      ABANDONED, take's: unmark says no, but cancel has left
//! ```
//!
//! A device whose reads wait for a write:
//!
//! ```
//! # mod gate {
//! use wdk::prelude::*;
//! # wdk::driver!(Gate);
//! # struct Gate;
//! # impl Driver for Gate {
//! #     fn device_add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()> {
//! #         let device = init.create(|_, _| Ok(()), irql)?;
//! #         device.create_symbolic_link(wstr!(r"\DosDevices\Gate"), irql)?;
//! #         device.default_queue(Dispatching::PARALLEL, |_, _| Ok(Reads { waiting: None }), irql)?;
//! #         Ok(())
//! #     }
//! # }
//!
//! struct Reads {
//!     waiting: Option<Parked<Read>>,
//! }
//!
//! impl IoQueue for Reads {
//!     type Scope = PerQueue;
//!     type Exec = Dispatch;
//!     const HANDLES: Handlers = Handlers::READ.and(Handlers::WRITE);
//!
//!     fn read<'r>(this: &mut Self, request: ReadRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
//!         if this.waiting.is_some() {
//!             return request.complete(Err(Error::DEVICE_BUSY), irql);
//!         }
//!         match request.park(irql) {
//!             Ok((proof, parked)) => {
//!                 this.waiting = Some(parked);
//!                 proof
//!             }
//!             Err(rejected) => rejected.fail(irql), // cancelled already
//!         }
//!     }
//!
//!     fn write<'r>(this: &mut Self, request: WriteRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
//!         if let Some(waiting) = this.waiting.take() {
//!             waiting.take(irql, |read, irql| {
//!                 read.complete_with(irql, |read, _| read.output().write(b"open"))
//!             });
//!         }
//!         let len = request.len();
//!         request.complete(Ok(len), irql)
//!     }
//!
//!     fn cancel<'r>(this: &mut Self, request: CanceledRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
//!         this.waiting = None; // worth nothing any more
//!         request.complete(Err(Error::CANCELLED), irql)
//!     }
//! }
//! # }
//!
//! # fn main() -> wdk_emulator::Result {
//! # let machine = wdk_emulator::Machine::new();
//! # let device = machine.load(&gate::DRIVER)?.plug(r"ROOT\GATE")?;
//! # let file = machine.open(r"\\.\Gate")?;
//! let given_up = file.start_read(4)?;
//! given_up.cancel()?;
//! assert_eq!(given_up.wait()?.status, wdk_sys::STATUS_CANCELLED);
//!
//! let read = file.start_read(4)?;
//! assert!(!read.is_done());
//! file.write(b"please")?;
//! assert_eq!(read.wait()?.success()?.data, b"open");
//! # file.close()?;
//! # device.remove()?;
//! # machine.finish()
//! # }
//! ```
//!
//! Whatever the interleaving, exactly one side gets the request, and `WdfRequestUnmarkCancelable` is never called
//! after it was completed.
//!
//! When the device goes to sleep, `EvtIoStop` is acknowledged for every request that the driver has outside a handler:
//! parked, being taken, taken, or retrieved. It must not touch a request that is completed meanwhile, so who gives such
//! a request away passes the request's lock first, under which the acknowledgement is made.

use crate::delivery::{Delivery, RequestBase};
use crate::irql::{AtMost, Dispatch, Irql, MayComplete, ceiling};
use crate::kind::Kind;
use crate::object::{dereference, reference};
use crate::request::{Disposed, Rejected, Request};
use crate::status::check;
use crate::stop_acknowledge::{is_held, with_lock};
use crate::{Error, Result};
use core::fmt;
use core::marker::PhantomData;
use core::mem::ManuallyDrop;
use core::ptr::NonNull;
use core::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed};
use wdk_sys::{NT_SUCCESS, NTSTATUS, WDFREQUEST};

ceiling!(WdfRequestMarkCancelableEx <= Dispatch, WdfRequestUnmarkCancelable <= Dispatch,);

/// A handler has it, or nobody yet. The framework waits for handlers before it calls `EvtIoStop`.
pub(crate) const OWNED: u32 = 0;
pub(crate) const PARKED: u32 = 1;
pub(crate) const TAKING: u32 = 2;
const LEFT: u32 = 3;
const ABANDONED: u32 = 4;
const CANCELED: u32 = 5;
/// The driver has it outside a handler: retrieved, or taken.
pub(crate) const OUTSIDE: u32 = 6;
/// It was outside, and is given away.
pub(crate) const LEAVING: u32 = 7;

/// A request that this driver keeps, cancelable, past the callback that got it.
///
/// A token: it can be moved, stored in a context, swapped and sent to another thread. [`take`](Self::take) turns it
/// back into a request. When the request was cancelled first, the token is worth nothing any more, which `take`
/// says; [`IoQueue::cancel`](crate::IoQueue::cancel) can take it off the driver's list with
/// [`Request::is`].
///
/// Dropping a token whose request still waits completes the request with `STATUS_INTERNAL_ERROR`, from a DPC of the
/// device, so that a list can be dropped under any lock. Forgetting one (`mem::forget`) leaves the request waiting
/// until it is cancelled, and its memory leaks: the verifier reports that.
///
/// # IRQL
///
/// `Drop`: `..=Dispatch`.
///
/// # Invariants
///
/// 1. The token holds a reference to the request, so the context can be read.
/// 2. While the state is `PARKED`, the driver owns the request and it is cancelable.
#[must_use = "a parked request that is dropped fails"]
pub struct Parked<K: Kind> {
    handle: WDFREQUEST,
    base: NonNull<RequestBase>,
    kind: PhantomData<fn() -> K>,
}

// SAFETY: a request belongs to no thread; both sides of the race go through its atomic state.
unsafe impl<K: Kind> Send for Parked<K> {}
// SAFETY: a shared token can only be compared.
unsafe impl<K: Kind> Sync for Parked<K> {}

impl<K: Kind> fmt::Debug for Parked<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Parked").field(&self.handle).finish()
    }
}

impl<K: Kind> Parked<K> {
    pub(crate) fn park<'r, L: AtMost<Dispatch>>(
        request: Request<'r, K>,
        _irql: &Irql<'_, L>,
    ) -> Result<(Disposed<'r>, Self), Rejected<'r, K>> {
        match mark(request.delivery()) {
            Ok(()) => {
                let base = request.delivery().base_pointer();
                let token = Self { handle: request.handle(), base, kind: PhantomData };
                // SAFETY: the token owns it now.
                Ok((unsafe { request.disposed() }, token))
            }
            Err(error) => Err(Rejected { error, request }),
        }
    }

    pub(crate) fn handle(&self) -> WDFREQUEST {
        self.handle
    }

    /// Gets the request back, unless it was cancelled, and runs `f`, which must dispose of it. Says whether it ran.
    ///
    /// # IRQL
    ///
    /// `..=Dispatch`, not under a private lock: take the token out of a locked list first.
    ///
    /// # Framework
    ///
    /// `WdfRequestUnmarkCancelable`, KMDF 1.0. Rules discharged: `ReqNotCanceled`, `CompleteCanceledReq`,
    /// `DeferredRequestCompleted`.
    #[doc(alias = "WdfRequestUnmarkCancelable")]
    pub fn take<L: MayComplete + AtMost<Dispatch>>(
        self,
        irql: &mut Irql<'_, L>,
        f: impl for<'r> FnOnce(Request<'r, K>, &mut Irql<'_, L>) -> Disposed<'r>,
    ) -> bool {
        let this = ManuallyDrop::new(self);
        // SAFETY: invariant 1: the token's reference, and it is the only token.
        let taken = unsafe { reclaim(this.handle, this.base) };
        if taken {
            // SAFETY: the driver owns it again.
            let delivery = unsafe { Delivery::again(this.handle, this.base) };
            // SAFETY: and the token is consumed. The brand is the closure's.
            let _ = f(unsafe { Request::new(&delivery) }, irql);
        }
        // SAFETY: the token's reference; the token is not dropped.
        unsafe { dereference(this.handle.cast()) };
        taken
    }
}

impl<K: Kind> Drop for Parked<K> {
    fn drop(&mut self) {
        // SAFETY: the token's reference keeps the context.
        let context = unsafe { self.base.as_ref() };
        if !claim_locked(context) {
            // SAFETY: the token's reference.
            unsafe { dereference(self.handle.cast()) };
            return;
        }
        // Claimed: until it is unmarked and completed, the request keeps its queue and device alive. The reference
        // goes to the list of orphans.
        context.handle.store(self.handle, Relaxed);
        // SAFETY: set on delivery; a device outlives its requests.
        let device = unsafe { &*context.device.load(Relaxed) };
        // SAFETY: claimed above; the token ends here, and its reference moves.
        unsafe { device.adopt(self.base) };
    }
}

/// Makes a request cancelable, with a reference for its token.
fn mark(request: &Delivery) -> Result<()> {
    let queue = request.queue_facts().ok_or(Error::INVALID_DEVICE_REQUEST)?;
    let handle = request.handle();
    let base = request.base();
    base.cursor.store(request.cursor().get(), Relaxed);
    // Nobody asks again: parked now, it would keep the device awake.
    if base.missed.swap(false, Relaxed) && is_held(queue) {
        return Err(Error::WDF_PAUSED);
    }
    // SAFETY: the driver owns the request, so it is not destroyed.
    unsafe { reference(handle.cast()) };
    // Before the call, since the cancel callback can run on another processor before it returns.
    let before = base.state.swap(PARKED, AcqRel);
    // SAFETY: the driver owns the request, and it is not cancelable.
    let status = unsafe { wdk_sys::WdfRequestMarkCancelableEx(handle, Some(queue.cancel)) };
    if let Err(error) = check(status) {
        // `EvtIoStop` may just be acknowledging it as a parked one.
        with_lock(base, || base.state.store(before, Relaxed));
        // SAFETY: the reference of above; the driver still owns the request.
        unsafe { dereference(handle.cast()) };
        return Err(error);
    }
    Ok(())
}

/// Gets a parked request back, unless it was cancelled; whether it is the caller's now.
///
/// # Safety
///
/// The caller has the request's token, and its reference.
#[inline(never)]
unsafe fn reclaim(handle: WDFREQUEST, base: NonNull<RequestBase>) -> bool {
    // SAFETY: the reference keeps the context.
    claim_locked(unsafe { base.as_ref() })
        // SAFETY: claimed just now.
        && unsafe { unmark(handle, base) }
}

/// As [`claim`], but not while `EvtIoStop` acknowledges the request.
fn claim_locked(context: &RequestBase) -> bool {
    with_lock(context, || claim(context))
}

/// Takes the right to unmark the request. Not when the cancel callback has it.
fn claim(context: &RequestBase) -> bool {
    context.state.compare_exchange(PARKED, TAKING, AcqRel, Acquire).is_ok()
}

/// Makes the request not cancelable any more; whether it is the caller's now.
///
/// # Safety
///
/// The caller has claimed it and holds a reference.
pub(crate) unsafe fn unmark(handle: WDFREQUEST, context: NonNull<RequestBase>) -> bool {
    // SAFETY: claimed, so nobody has completed it.
    let status = unsafe { wdk_sys::WdfRequestUnmarkCancelable(handle) };
    // SAFETY: the reference keeps the context.
    is_taken(unsafe { context.as_ref() }, status)
}

/// Whether a claimed request is the claimer's, after `WdfRequestUnmarkCancelable` has said `status`.
fn is_taken(context: &RequestBase, status: NTSTATUS) -> bool {
    if NT_SUCCESS(status) {
        context.state.store(OUTSIDE, Relaxed);
        return true;
    }
    // The cancel callback has run, is running, or will run. When it was here already, it left the request.
    context.state.compare_exchange(TAKING, LEFT, AcqRel, Acquire).is_err()
}

/// Whether the request is the cancel callback's. Called at its start, once.
pub(crate) fn canceled(context: &RequestBase) -> bool {
    let previous = context.state.fetch_update(AcqRel, Acquire, |state| match state {
        TAKING => Some(ABANDONED),
        _ => Some(CANCELED),
    });
    previous != Ok(TAKING)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    /// The framework's side: whether the request can still be cancelled, and what it has decided.
    #[derive(Default)]
    struct Framework {
        unmarked: bool,
        cancelled: bool,
    }

    /// Runs the steps of both sides in one order; `true` is a step of `take`. Returns who got the request.
    fn run(order: &[bool]) -> Vec<&'static str> {
        let context = RequestBase::default();
        context.state.store(PARKED, Relaxed);
        let mut framework = Framework::default();
        let mut owners = Vec::new();
        let (mut take, mut cancel) = (0, 0);
        let (mut claimed, mut status) = (false, 0);
        for &step in order {
            if step {
                match take {
                    0 => claimed = claim(&context),
                    1 if claimed => {
                        assert!(owners.is_empty(), "unmarked after it was completed");
                        framework.unmarked = !framework.cancelled;
                        status = if framework.unmarked { 0 } else { wdk_sys::STATUS_CANCELLED };
                    }
                    2 if claimed && is_taken(&context, status) => owners.push("take"),
                    _ => {}
                }
                take += 1;
            } else {
                match cancel {
                    0 => framework.cancelled = !framework.unmarked,
                    _ if framework.cancelled && canceled(&context) => owners.push("cancel"),
                    _ => {}
                }
                cancel += 1;
            }
        }
        owners
    }

    #[test]
    fn exactly_one_side_gets_the_request_in_every_order() {
        let mut seen = Vec::new();
        for mask in 0..32u32 {
            let order: Vec<bool> = (0..5).map(|bit| mask >> bit & 1 == 1).collect();
            if order.iter().filter(|step| **step).count() != 3 {
                continue;
            }
            let owners = run(&order);
            assert_eq!(owners.len(), 1, "{order:?}: {owners:?}");
            seen.push(owners[0]);
        }
        assert_eq!(seen.len(), 10);
        assert!(seen.contains(&"take") && seen.contains(&"cancel"));
    }
}
