//! What a request asks for, and who made it.
//!
//! DDI header: `wdfrequest.h`.

use crate::delivery::Delivery;
use crate::ioctl::IoControlCode;
use crate::irql::ceiling;
use crate::kind::{HasCode, HasOffset, Kind, RequestType};
use crate::request::Request;
use core::fmt;
use core::marker::PhantomData;
use wdk_sys::{_WDF_REQUEST_TYPE as types, WDF_REQUEST_PARAMETERS};

ceiling!(
    WdfRequestGetParameters <= Dispatch,
    WdfRequestGetRequestorMode <= Dispatch,
    WdfRequestGetFileObject <= Dispatch,
    WdfRequestIsCanceled <= Dispatch,
);

/// What a request asks for, whichever kind it is.
///
/// # Framework
///
/// `WDF_REQUEST_PARAMETERS`. The addresses that the structure has for some requests are not shown.
#[doc(alias = "WDF_REQUEST_PARAMETERS")]
pub struct RequestParameters<'a> {
    raw: WDF_REQUEST_PARAMETERS,
    request: PhantomData<&'a ()>,
}

impl fmt::Debug for RequestParameters<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RequestParameters").field(&self.request_type()).finish()
    }
}

impl RequestParameters<'_> {
    /// # Safety
    ///
    /// The framework has filled them in.
    pub(crate) unsafe fn new(raw: WDF_REQUEST_PARAMETERS) -> Self {
        Self { raw, request: PhantomData }
    }

    /// The type of the request.
    pub fn request_type(&self) -> RequestType {
        RequestType::from_raw(self.raw.Type)
    }

    /// The number of bytes of a read or write request.
    pub fn len(&self) -> Option<usize> {
        match self.raw.Type {
            // SAFETY: a read request's parameters.
            types::WdfRequestTypeRead => Some(unsafe { self.raw.Parameters.Read.Length }),
            // SAFETY: a write request's parameters.
            types::WdfRequestTypeWrite => Some(unsafe { self.raw.Parameters.Write.Length }),
            _ => None,
        }
    }

    /// Whether it is a read or write request of no bytes.
    pub fn is_empty(&self) -> bool {
        self.len() == Some(0)
    }

    /// Where in the device to read or write.
    pub fn device_offset(&self) -> Option<i64> {
        match self.raw.Type {
            // SAFETY: a read request's parameters.
            types::WdfRequestTypeRead => Some(unsafe { self.raw.Parameters.Read.DeviceOffset }),
            // SAFETY: a write request's parameters.
            types::WdfRequestTypeWrite => Some(unsafe { self.raw.Parameters.Write.DeviceOffset }),
            _ => None,
        }
    }

    /// The control code of a device control request.
    pub fn code(&self) -> Option<IoControlCode> {
        self.control().map(|control| control.0)
    }

    /// The sizes of the input and output of a device control request.
    pub fn buffer_lengths(&self) -> Option<(usize, usize)> {
        self.control().map(|control| (control.1, control.2))
    }

    /// Code, input length and output length of a device control request.
    pub(crate) fn control(&self) -> Option<(IoControlCode, usize, usize)> {
        match self.raw.Type {
            types::WdfRequestTypeDeviceControl | types::WdfRequestTypeDeviceControlInternal => {
                // SAFETY: a device control request's parameters.
                let control = unsafe { self.raw.Parameters.DeviceIoControl };
                let code = IoControlCode(control.IoControlCode);
                Some((code, control.InputBufferLength, control.OutputBufferLength))
            }
            _ => None,
        }
    }
}

/// What a request says of its buffers: a handler's arguments, or what its parameters say.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Sizes {
    pub(crate) input: usize,
    pub(crate) output: usize,
    /// The control code of a device control.
    pub(crate) code: u32,
}

impl Sizes {
    pub(crate) fn of(parameters: &RequestParameters<'_>) -> Self {
        match (parameters.control(), parameters.raw.Type) {
            (Some((code, input, output)), _) => Self { input, output, code: code.0 },
            (None, types::WdfRequestTypeRead) => {
                Self { output: parameters.len().unwrap_or_default(), ..Self::default() }
            }
            (None, _) => Self { input: parameters.len().unwrap_or_default(), ..Self::default() },
        }
    }
}

impl Delivery {
    pub(crate) fn parameters(&self) -> RequestParameters<'_> {
        let mut raw = WDF_REQUEST_PARAMETERS::default();
        wdk_sys::WDF_REQUEST_PARAMETERS_INIT(&mut raw);
        // SAFETY: the driver owns the request; the structure is initialised.
        unsafe { wdk_sys::WdfRequestGetParameters(self.handle(), &raw mut raw) };
        // SAFETY: filled in just now.
        unsafe { RequestParameters::new(raw) }
    }
}

impl<K: Kind> Request<'_, K> {
    /// What the request asks for.
    ///
    /// # Framework
    ///
    /// `WdfRequestGetParameters`, KMDF 1.0.
    #[doc(alias = "WdfRequestGetParameters")]
    pub fn parameters(&self) -> RequestParameters<'_> {
        self.delivery().parameters()
    }

    /// The type of the request.
    ///
    /// # Framework
    ///
    /// `WdfRequestGetParameters`, KMDF 1.0.
    pub fn request_type(&self) -> RequestType {
        self.parameters().request_type()
    }

    /// The number of bytes to read or write.
    pub fn len(&self) -> usize
    where
        K: HasOffset,
    {
        // One of the two has no bytes.
        let Sizes { input, output, .. } = self.delivery().sizes();
        input.max(output)
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
        self.parameters().device_offset().unwrap_or_default()
    }

    /// The control code.
    pub fn code(&self) -> IoControlCode
    where
        K: HasCode,
    {
        IoControlCode(self.delivery().sizes().code)
    }
}

/// Who made a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestorMode {
    /// A kernel component.
    Kernel,
    /// A program.
    User,
}

impl<K: Kind> Request<'_, K> {
    /// Whether the requester has given up.
    ///
    /// # Framework
    ///
    /// `WdfRequestIsCanceled`, KMDF 1.0.
    #[doc(alias = "WdfRequestIsCanceled")]
    pub fn is_canceled(&self) -> bool {
        // SAFETY: invariant 1: owned, and not cancelable.
        unsafe { wdk_sys::WdfRequestIsCanceled(self.handle()) != 0 }
    }

    /// Whether a program or a kernel component made the request.
    ///
    /// # Framework
    ///
    /// `WdfRequestGetRequestorMode`, KMDF 1.0.
    #[doc(alias = "WdfRequestGetRequestorMode")]
    pub fn requestor_mode(&self) -> RequestorMode {
        // SAFETY: invariant 1: not completed.
        match unsafe { wdk_sys::WdfRequestGetRequestorMode(self.handle()) } {
            0 => RequestorMode::Kernel,
            _ => RequestorMode::User,
        }
    }

    /// A number that tells the file objects of a device apart while they are open; 0 when there is none.
    ///
    /// # Framework
    ///
    /// `WdfRequestGetFileObject`, KMDF 1.0.
    #[doc(alias = "WdfRequestGetFileObject")]
    pub fn file_id(&self) -> usize {
        // SAFETY: invariant 1: it has not been given away.
        unsafe { wdk_sys::WdfRequestGetFileObject(self.handle()) }.addr()
    }
}
