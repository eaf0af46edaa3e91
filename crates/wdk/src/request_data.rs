//! What a request carries, and requests whose kind is found out.
//!
//! DDI header: `wdfrequest.h`.

use crate::buffer::{Input, Output, Transfer, locked_bytes};
use crate::delivery::Delivery;
use crate::device::IoType;
use crate::ioctl::{IoControlCode, Method};
use crate::irql::{AtMost, Dispatch, Irql, MayComplete, ceiling};
use crate::kind::{Any, HasInput, HasOutput, Kind, RequestType};
use crate::neither::{INPUT, OUTPUT};
use crate::request::{
    AnyRequest, DeviceControlRequest, Disposed, InternalDeviceControlRequest, ReadRequest, Rejected, Request,
    WriteRequest,
};
use crate::request_parameters::Sizes;
use crate::status::check;
use crate::{Error, Result};
use core::sync::atomic::Ordering;

ceiling!(WdfRequestRequeue <= Dispatch);

impl<K: Kind> Request<'_, K> {
    /// The buffer with what the requester sends.
    pub fn input(&self) -> Input<'_>
    where
        K: HasInput,
    {
        let delivery = self.delivery();
        let Sizes { input: len, code, .. } = delivery.sizes();
        let (len, transfer) = match (K::CONTROL, IoControlCode(code).method()) {
            (true, Method::Neither) => delivery.locked(INPUT, len),
            (true, _) => (len, Transfer::Buffered),
            (false, _) => delivery.device_transfer(INPUT, len),
        };
        // SAFETY: `output` borrows the request mutably, so nothing is written while the view exists.
        unsafe { Input::new(self.handle(), len, transfer) }
    }

    /// The buffer for what the requester receives.
    pub fn output(&mut self) -> Output<'_>
    where
        K: HasOutput,
    {
        let delivery = self.delivery();
        let Sizes { output: capacity, code, .. } = delivery.sizes();
        let (capacity, transfer) = match (K::CONTROL, IoControlCode(code).method()) {
            (true, Method::Buffered) => (capacity, Transfer::Buffered),
            (true, Method::OutDirect) => (capacity, Transfer::Direct),
            // The memory of `InDirect` is locked for reading only.
            (true, Method::InDirect) => (capacity, Transfer::Unusable),
            (true, Method::Neither) => delivery.locked(OUTPUT, capacity),
            (false, _) => delivery.device_transfer(OUTPUT, capacity),
        };
        // SAFETY: the request is borrowed mutably, so no other view of its buffers exists.
        unsafe { Output::new(self.handle(), capacity, transfer, delivery.cursor()) }
    }
}

impl Delivery {
    /// How a read or write buffer of `len` bytes reaches the driver.
    fn device_transfer(&self, which: usize, len: usize) -> (usize, Transfer) {
        match self.device_facts().io_type {
            IoType::Buffered => (len, Transfer::Buffered),
            IoType::Direct | IoType::BufferedOrDirect => (len, Transfer::Direct),
            IoType::Neither => self.locked(which, len),
        }
    }

    /// How a "neither" buffer of `len` bytes reaches the driver: as much as is locked of it.
    #[cold]
    #[inline(never)]
    fn locked(&self, which: usize, len: usize) -> (usize, Transfer) {
        let memory = self.base().locked[which].load(Ordering::Relaxed);
        if memory.is_null() {
            return (len, Transfer::Unusable);
        }
        // SAFETY: a memory object below the request, which is not completed.
        (unsafe { locked_bytes(memory) }.1, Transfer::Locked(memory))
    }
}

/// A request whose kind was found out.
#[derive(Debug)]
#[must_use = "the request inside still has to be completed"]
pub enum Classified<'r> {
    /// A read request.
    Read(ReadRequest<'r>),
    /// A write request.
    Write(WriteRequest<'r>),
    /// A device control request.
    DeviceControl(DeviceControlRequest<'r>),
    /// A device control request from another driver.
    InternalDeviceControl(InternalDeviceControlRequest<'r>),
    /// Of another type.
    Other(AnyRequest<'r>),
}

impl<'r> AnyRequest<'r> {
    /// Finds out the kind.
    pub fn classify(self) -> Classified<'r> {
        match self.request_type() {
            RequestType::Read => Classified::Read(self.recast()),
            RequestType::Write => Classified::Write(self.recast()),
            RequestType::DeviceControl => Classified::DeviceControl(self.recast()),
            RequestType::InternalDeviceControl => Classified::InternalDeviceControl(self.recast()),
            _ => Classified::Other(self),
        }
    }
}

/// A request that was [retrieved](crate::QueueRef::retrieve), which can also be put back.
#[derive(Debug)]
#[must_use = "complete, forward, park or requeue the request"]
pub struct Retrieved<'r>(pub(crate) AnyRequest<'r>);

impl<'r> Retrieved<'r> {
    /// The request.
    pub fn into_request(self) -> AnyRequest<'r> {
        self.0
    }

    /// Puts the request back at the head of its manual queue.
    ///
    /// # IRQL
    ///
    /// `..=Dispatch`, not under a private lock.
    ///
    /// # Errors
    ///
    /// [`Rejected`] gives the request back: `STATUS_INVALID_DEVICE_REQUEST` when the queue is not a manual one.
    ///
    /// # Framework
    ///
    /// `WdfRequestRequeue`, KMDF 1.0.
    #[doc(alias = "WdfRequestRequeue")]
    pub fn requeue<L: MayComplete + AtMost<Dispatch>>(
        self,
        _irql: &mut Irql<'_, L>,
    ) -> Result<Disposed<'r>, Rejected<'r, Any>> {
        let request = self.0;
        if !request.queue_facts().is_some_and(|queue| queue.manual) {
            // A refused requeue loses the request's owner, so the framework is not asked.
            return Err(Rejected { error: Error::INVALID_DEVICE_REQUEST, request });
        }
        request.leave();
        // SAFETY: the driver owns the request, from a manual queue.
        let status = unsafe { wdk_sys::WdfRequestRequeue(request.handle()) };
        match check(status) {
            // SAFETY: the queue has the request.
            Ok(()) => Ok(unsafe { request.disposed() }),
            Err(error) => {
                request.stay();
                Err(Rejected { error, request })
            }
        }
    }
}
