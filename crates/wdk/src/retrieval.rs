//! Taking requests out of queues: the next one, the next of a file, the first that fits.
//!
//! DDI header: `wdfio.h`.

use crate::delivery::{Delivery, refuse};
use crate::file::{FileObject, FileRef};
use crate::irql::{AtMost, Dispatch, Irql, MayComplete, ceiling};
use crate::object::dereference;
use crate::park::OUTSIDE;
use crate::queue::QueueRef;
use crate::request::{Disposed, Request};
use crate::request_data::Retrieved;
use crate::request_parameters::RequestParameters;
use crate::status::check;
use crate::{Error, IoQueue, Result};
use wdk_sys::{NTSTATUS, WDF_REQUEST_PARAMETERS, WDFREQUEST};

ceiling!(
    WdfIoQueueRetrieveNextRequest <= Dispatch,
    WdfIoQueueRetrieveRequestByFileObject <= Dispatch,
    WdfIoQueueFindRequest <= Dispatch,
    WdfIoQueueRetrieveFoundRequest <= Dispatch,
);

/// A request that was found, with the reference that finding added.
///
/// # Invariants
///
/// 1. The value holds a reference to the request, so its handle is one. The driver does not own the request.
struct Found(WDFREQUEST);

impl Drop for Found {
    fn drop(&mut self) {
        // SAFETY: the reference of invariant 1, given up once.
        unsafe { dereference(self.0.cast()) };
    }
}

impl<Q: IoQueue> QueueRef<Q> {
    /// Takes the next request of a manual or sequential queue and runs `f`, which must dispose of it. Says whether
    /// there was one.
    ///
    /// # IRQL
    ///
    /// `..=Dispatch`, not under a private lock.
    ///
    /// # Errors
    ///
    /// * `STATUS_WDF_PAUSED`: the queue is stopped, or the device is in low power.
    /// * `STATUS_INVALID_DEVICE_STATE`: the queue is a parallel one.
    ///
    /// # Framework
    ///
    /// `WdfIoQueueRetrieveNextRequest`, KMDF 1.0.
    #[doc(alias = "WdfIoQueueRetrieveNextRequest")]
    pub fn retrieve<L: MayComplete + AtMost<Dispatch>>(
        &self,
        irql: &mut Irql<'_, L>,
        f: impl for<'r> FnOnce(Retrieved<'r>, &mut Irql<'_, L>) -> Disposed<'r>,
    ) -> Result<bool> {
        let mut request = core::ptr::null_mut();
        // SAFETY: the queue is alive; the place for the request is valid.
        let status = unsafe { wdk_sys::WdfIoQueueRetrieveNextRequest(self.handle(), &raw mut request) };
        // SAFETY: the status and the request of that call.
        unsafe { self.hand_out(status, request, irql, f) }
    }

    /// As [`retrieve`](Self::retrieve), for the next request that came through a file.
    ///
    /// # IRQL
    ///
    /// `..=Dispatch`, not under a private lock.
    ///
    /// # Errors
    ///
    /// Those of [`retrieve`](Self::retrieve).
    ///
    /// # Framework
    ///
    /// `WdfIoQueueRetrieveRequestByFileObject`, KMDF 1.0.
    #[doc(alias = "WdfIoQueueRetrieveRequestByFileObject")]
    pub fn retrieve_of<F: FileObject, L: MayComplete + AtMost<Dispatch>>(
        &self,
        file: &FileRef<F>,
        irql: &mut Irql<'_, L>,
        f: impl for<'r> FnOnce(Retrieved<'r>, &mut Irql<'_, L>) -> Disposed<'r>,
    ) -> Result<bool> {
        let mut request = core::ptr::null_mut();
        // SAFETY: the queue and the file are alive; the place for the request is valid.
        let status = unsafe {
            wdk_sys::WdfIoQueueRetrieveRequestByFileObject(self.handle(), file.handle(), &raw mut request)
        };
        // SAFETY: the status and the request of that call.
        unsafe { self.hand_out(status, request, irql, f) }
    }

    /// Takes the first request of a manual queue that `wanted` says yes to, and runs `f`, which must dispose of it.
    /// Says whether there was one.
    ///
    /// `wanted` sees the requests in their order; when one is cancelled or taken meanwhile, again from the first.
    ///
    /// # IRQL
    ///
    /// `..=Dispatch`, not under a private lock.
    ///
    /// # Errors
    ///
    /// * `STATUS_WDF_PAUSED`: the queue is stopped, or the device is in low power.
    /// * `STATUS_INVALID_DEVICE_REQUEST`: the queue is not a manual one.
    ///
    /// # Framework
    ///
    /// `WdfIoQueueFindRequest`, `WdfIoQueueRetrieveFoundRequest`, KMDF 1.0.
    #[doc(alias = "WdfIoQueueFindRequest")]
    #[doc(alias = "WdfIoQueueRetrieveFoundRequest")]
    pub fn retrieve_where<L: MayComplete + AtMost<Dispatch>>(
        &self,
        irql: &mut Irql<'_, L>,
        mut wanted: impl FnMut(&RequestParameters<'_>) -> bool,
        f: impl for<'r> FnOnce(Retrieved<'r>, &mut Irql<'_, L>) -> Disposed<'r>,
    ) -> Result<bool> {
        if !self.facts().manual {
            return Err(Error::INVALID_DEVICE_REQUEST);
        }
        let mut tag: Option<Found> = None;
        loop {
            let after = tag.as_ref().map_or(core::ptr::null_mut(), |found| found.0);
            let mut parameters = WDF_REQUEST_PARAMETERS::default();
            wdk_sys::WDF_REQUEST_PARAMETERS_INIT(&mut parameters);
            let mut request = core::ptr::null_mut();
            // SAFETY: the queue is alive, the tag is null or a request that is referenced, the structure is
            // initialised and the place valid.
            let status = unsafe {
                wdk_sys::WdfIoQueueFindRequest(
                    self.handle(),
                    after,
                    core::ptr::null_mut(),
                    &raw mut parameters,
                    &raw mut request,
                )
            };
            match check(status) {
                Ok(()) => {}
                Err(Error::NO_MORE_ENTRIES) => return Ok(false),
                Err(Error::NOT_FOUND) if tag.is_some() => {
                    tag = None;
                    continue;
                }
                Err(error) => return Err(error),
            }
            // The reference of the request before goes here.
            let found = tag.insert(Found(request));
            // SAFETY: filled in just now.
            if !wanted(&unsafe { RequestParameters::new(parameters) }) {
                continue;
            }
            let mut taken = core::ptr::null_mut();
            // SAFETY: the queue is alive, the request referenced, the place valid.
            let status =
                unsafe { wdk_sys::WdfIoQueueRetrieveFoundRequest(self.handle(), found.0, &raw mut taken) };
            if check(status) == Err(Error::NOT_FOUND) {
                tag = None;
                continue;
            }
            // Not needed any more: the driver owns the request, or it is not touched again.
            drop(tag);
            // SAFETY: the status and the request of that call.
            return unsafe { self.hand_out(status, taken, irql, f) };
        }
    }

    /// Hands a request that was retrieved to `f`.
    ///
    /// # Safety
    ///
    /// `status` is what a retrieving function has just said for this queue, and `request` what it has given.
    unsafe fn hand_out<L: MayComplete + AtMost<Dispatch>>(
        &self,
        status: NTSTATUS,
        request: WDFREQUEST,
        irql: &mut Irql<'_, L>,
        f: impl for<'r> FnOnce(Retrieved<'r>, &mut Irql<'_, L>) -> Disposed<'r>,
    ) -> Result<bool> {
        match check(status) {
            Ok(()) => {}
            Err(Error::NO_MORE_ENTRIES) => return Ok(false),
            Err(error) => return Err(error),
        }
        let facts = self.facts();
        let delivery = Delivery::new(request, self.head_pointer(), None);
        if delivery.note(facts.device, facts.layout, OUTSIDE).is_none() {
            // SAFETY: retrieved just now.
            unsafe { refuse(request, Error::INTERNAL_ERROR) };
            return Ok(true);
        }
        // SAFETY: retrieved just now, from this queue; the brand is the closure's.
        let _ = f(Retrieved(unsafe { Request::new(&delivery) }), irql);
        Ok(true)
    }
}
