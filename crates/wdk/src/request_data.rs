//! What a request says and carries, and requests whose kind is found out.
//!
//! DDI header: `wdfrequest.h`.

use crate::buffer::{Input, Output, Transfer};
use crate::device::IoType;
use crate::ioctl::{IoControlCode, Method};
use crate::irql::{AtMost, Dispatch, Irql, MayComplete, ceiling};
use crate::kind::{Any, HasCode, HasInput, HasOffset, HasOutput, Kind, RequestType};
use crate::request::{
    AnyRequest, DeviceControlRequest, Disposed, InternalDeviceControlRequest, ReadRequest, Rejected, Request,
    WriteRequest,
};
use crate::status::check;
use crate::{Error, Result};
use wdk_sys::_WDF_REQUEST_TYPE as types;

ceiling!(WdfRequestRequeue <= Dispatch);

impl<K: Kind> Request<'_, K> {
    fn length_and_offset(&self) -> (usize, i64)
    where
        K: HasOffset,
    {
        let parameters = self.parameters();
        if parameters.Type == types::WdfRequestTypeRead {
            // SAFETY: a read request's parameters.
            let read = unsafe { parameters.Parameters.Read };
            (read.Length, read.DeviceOffset)
        } else {
            // SAFETY: a write request's parameters.
            let write = unsafe { parameters.Parameters.Write };
            (write.Length, write.DeviceOffset)
        }
    }

    /// The number of bytes to read or write.
    ///
    /// # Framework
    ///
    /// `WdfRequestGetParameters`, KMDF 1.0.
    #[doc(alias = "WdfRequestGetParameters")]
    pub fn len(&self) -> usize
    where
        K: HasOffset,
    {
        self.length_and_offset().0
    }

    /// Whether there is nothing to read or write.
    pub fn is_empty(&self) -> bool
    where
        K: HasOffset,
    {
        self.len() == 0
    }

    /// Where in the device to read or write.
    pub fn device_offset(&self) -> i64
    where
        K: HasOffset,
    {
        self.length_and_offset().1
    }
}

impl<K: Kind> Request<'_, K> {
    fn control(&self) -> wdk_sys::_WDF_REQUEST_PARAMETERS__bindgen_ty_1__bindgen_ty_4
    where
        K: HasCode,
    {
        // SAFETY: a device control's parameters.
        unsafe { self.parameters().Parameters.DeviceIoControl }
    }

    /// The control code.
    ///
    /// # Framework
    ///
    /// `WdfRequestGetParameters`, KMDF 1.0.
    #[doc(alias = "WdfRequestGetParameters")]
    pub fn code(&self) -> IoControlCode
    where
        K: HasCode,
    {
        IoControlCode(self.control().IoControlCode)
    }
}

impl<K: Kind> Request<'_, K> {
    /// The buffer with what the requester sends.
    pub fn input(&self) -> Input<'_>
    where
        K: HasInput,
    {
        let parameters = self.parameters();
        let (len, transfer) = if parameters.Type == types::WdfRequestTypeWrite {
            // SAFETY: a write request's parameters.
            let write = unsafe { parameters.Parameters.Write };
            (write.Length, self.device_transfer())
        } else {
            // SAFETY: `HasInput` and not a write: a device control.
            let control = unsafe { parameters.Parameters.DeviceIoControl };
            let transfer = match IoControlCode(control.IoControlCode).method() {
                Method::Neither => Transfer::Unusable,
                _ => Transfer::Buffered,
            };
            (control.InputBufferLength, transfer)
        };
        // SAFETY: `output` borrows the request mutably, so nothing is written while the view exists.
        unsafe { Input::new(self.handle(), len, transfer) }
    }
}

impl<K: Kind> Request<'_, K> {
    /// The buffer for what the requester receives.
    pub fn output(&mut self) -> Output<'_>
    where
        K: HasOutput,
    {
        let parameters = self.parameters();
        let (capacity, transfer) = if parameters.Type == types::WdfRequestTypeRead {
            // SAFETY: a read request's parameters.
            let read = unsafe { parameters.Parameters.Read };
            (read.Length, self.device_transfer())
        } else {
            // SAFETY: `HasOutput` and not a read: a device control.
            let control = unsafe { parameters.Parameters.DeviceIoControl };
            let transfer = match IoControlCode(control.IoControlCode).method() {
                Method::Buffered => Transfer::Buffered,
                Method::OutDirect => Transfer::Direct,
                // The memory of `InDirect` is locked for reading only.
                Method::InDirect | Method::Neither => Transfer::Unusable,
            };
            (control.OutputBufferLength, transfer)
        };
        let handle = self.handle();
        // SAFETY: the request is borrowed mutably, so no other view of its buffers exists.
        unsafe { Output::new(handle, capacity, transfer, &self.context().cursor) }
    }
}

impl<K: Kind> Request<'_, K> {
    /// How read and write buffers of the device reach the driver.
    fn device_transfer(&self) -> Transfer {
        // SAFETY: a device outlives the requests it has.
        let device = unsafe { &*self.queue_facts().device };
        match device.head.facts().map(|facts| facts.io_type) {
            Some(IoType::Buffered) => Transfer::Buffered,
            Some(IoType::Direct | IoType::BufferedOrDirect) => Transfer::Direct,
            Some(IoType::Neither) | None => Transfer::Unusable,
        }
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
        if !request.queue_facts().manual {
            // A refused requeue loses the request's owner, so the framework is not asked.
            return Err(Rejected { error: Error::INVALID_DEVICE_REQUEST, request });
        }
        // SAFETY: the driver owns the request, from a manual queue.
        let status = unsafe { wdk_sys::WdfRequestRequeue(request.handle()) };
        match check(status) {
            // SAFETY: the queue has the request.
            Ok(()) => Ok(unsafe { request.disposed() }),
            Err(error) => Err(Rejected { error, request }),
        }
    }
}
