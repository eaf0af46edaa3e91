//! What a request asks for.
//!
//! DDI header: `wdfrequest.h`.

use crate::ioctl::IoControlCode;
use crate::kind::{HasCode, HasOffset, Kind, RequestType};
use crate::request::Request;
use core::fmt;
use core::marker::PhantomData;
use wdk_sys::{_WDF_REQUEST_TYPE as types, WDF_REQUEST_PARAMETERS};

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

impl<K: Kind> Request<'_, K> {
    /// What the request asks for.
    ///
    /// # Framework
    ///
    /// `WdfRequestGetParameters`, KMDF 1.0.
    #[doc(alias = "WdfRequestGetParameters")]
    pub fn parameters(&self) -> RequestParameters<'_> {
        let mut raw = WDF_REQUEST_PARAMETERS::default();
        wdk_sys::WDF_REQUEST_PARAMETERS_INIT(&mut raw);
        // SAFETY: the driver owns the request; the structure is initialised.
        unsafe { wdk_sys::WdfRequestGetParameters(self.handle(), &raw mut raw) };
        // SAFETY: filled in just now.
        unsafe { RequestParameters::new(raw) }
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
    ///
    /// # Framework
    ///
    /// `WdfRequestGetParameters`, KMDF 1.0.
    pub fn len(&self) -> usize
    where
        K: HasOffset,
    {
        self.parameters().len().unwrap_or_default()
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
    ///
    /// # Framework
    ///
    /// `WdfRequestGetParameters`, KMDF 1.0.
    pub fn code(&self) -> IoControlCode
    where
        K: HasCode,
    {
        self.parameters().code().unwrap_or(IoControlCode(0))
    }
}
