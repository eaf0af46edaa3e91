//! Moving requests between queues.
//!
//! DDI header: `wdfrequest.h`.

use crate::irql::{AtMost, Dispatch, Irql, MayComplete, ceiling};
use crate::kind::Kind;
use crate::request::{Disposed, Rejected, Request};
use crate::status::check;
use crate::{Error, Result};
use wdk_sys::WDFQUEUE;

ceiling!(WdfRequestForwardToIoQueue <= Dispatch);

mod sealed {
    pub trait Sealed {}
    impl<Q: crate::IoQueue> Sealed for crate::QueueRef<Q> {}
    impl<Q: crate::IoQueue> Sealed for crate::QueueHandle<Q> {}
}

/// Where a request can be forwarded to: a [`QueueRef`](crate::QueueRef), or a [`QueueHandle`](crate::QueueHandle) from
/// a context.
pub trait ForwardTarget: sealed::Sealed {
    #[doc(hidden)]
    fn queue_facts(&self) -> QueueId;
}

/// What forwarding needs to know of a queue.
#[doc(hidden)]
#[derive(Debug)]
pub struct QueueId {
    pub(crate) handle: WDFQUEUE,
    pub(crate) device_id: u64,
    pub(crate) ready: bool,
}

impl<'r, K: Kind> Request<'r, K> {
    /// Moves the request to another queue of the same device.
    ///
    /// That queue's handler may run inside this call.
    ///
    /// # IRQL
    ///
    /// `..=Dispatch`, not under a private lock.
    ///
    /// # Errors
    ///
    /// [`Rejected`] gives the request back:
    ///
    /// * `STATUS_WDF_BUSY`: the queue accepts no requests at the moment.
    /// * `STATUS_INVALID_DEVICE_REQUEST`: the queue is the request's own or another device's, or the request is not
    ///   from a queue (`in_caller_context`).
    /// * `STATUS_DEVICE_NOT_READY`: the queue's context is not in place.
    ///
    /// # Framework
    ///
    /// `WdfRequestForwardToIoQueue`, KMDF 1.0.
    #[doc(alias = "WdfRequestForwardToIoQueue")]
    pub fn forward<L: MayComplete + AtMost<Dispatch>>(
        self,
        to: &impl ForwardTarget,
        _irql: &mut Irql<'_, L>,
    ) -> Result<Disposed<'r>, Rejected<'r, K>> {
        let target = to.queue_facts();
        if !target.ready {
            return Err(Rejected { error: Error::DEVICE_NOT_READY, request: self });
        }
        let fits = self
            .queue_facts()
            .is_some_and(|own| target.device_id == own.device_id && target.handle != own.handle);
        if !fits {
            return Err(Rejected { error: Error::INVALID_DEVICE_REQUEST, request: self });
        }
        self.leave();
        // SAFETY: invariant 1; the queue is alive: it was not deleted, and its device has a request, this one; device ids are not reused.
        let status = unsafe { wdk_sys::WdfRequestForwardToIoQueue(self.handle(), target.handle) };
        match check(status) {
            // SAFETY: the queue has the request.
            Ok(()) => Ok(unsafe { self.disposed() }),
            Err(error) => {
                self.stay();
                Err(Rejected { error, request: self })
            }
        }
    }
}
