//! Status codes: [`NtStatus`] is any, [`Error`] is one that means failure.

use core::fmt;
use core::num::NonZeroI32;
use wdk_sys::NTSTATUS;

/// Any `NTSTATUS`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct NtStatus(pub NTSTATUS);

impl NtStatus {
    /// `STATUS_SUCCESS`.
    pub const SUCCESS: Self = Self(0);

    /// Whether the status means success, as `NT_SUCCESS` does: informational codes included.
    pub const fn is_success(self) -> bool {
        self.0 >= 0
    }

    /// The status as a result.
    ///
    /// # Errors
    ///
    /// Itself, when it is a warning or an error.
    #[inline]
    pub const fn into_result(self) -> Result<()> {
        match Error::new(self.0) {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }
}

impl fmt::Display for NtStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match wdk_sys::status_name(self.0) {
            Some(name) => write!(f, "{name} (0x{:08X})", self.0),
            None => write!(f, "0x{:08X}", self.0),
        }
    }
}

impl fmt::Debug for NtStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A status that means failure: a warning or an error.
///
/// Prints as `STATUS_CANCELLED (0xC0000120)`. `Result<()>` is as small as an `NTSTATUS`.
///
/// # Invariants
///
/// 1. The status is below zero.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Error(NonZeroI32);

/// The result of an operation that can fail with a status.
pub type Result<T, E = Error> = core::result::Result<T, E>;

impl Error {
    /// The error of a status, if the status means failure.
    pub const fn new(status: NTSTATUS) -> Option<Self> {
        if status >= 0 {
            return None;
        }
        match NonZeroI32::new(status) {
            Some(status) => Some(Self(status)),
            None => None,
        }
    }

    const fn of(status: NTSTATUS) -> Self {
        match Self::new(status) {
            Some(error) => error,
            None => panic!("a status that means success is not an error"),
        }
    }

    /// The status, for what wants any of them.
    pub const fn status(self) -> NtStatus {
        NtStatus(self.0.get())
    }

    /// Whether the status is a warning (`0x8…`): the system then still hands out the output data.
    pub const fn is_warning(self) -> bool {
        wdk_sys::NT_WARNING(self.0.get())
    }
}

macro_rules! errors {
    ($( $(#[$meta:meta])* $name:ident = $status:ident; )*) => {
        impl Error { $(
            #[doc = concat!("`", stringify!($status), "`.")]
            $(#[$meta])*
            pub const $name: Self = Self::of(wdk_sys::$status);
        )* }
    };
}
errors! {
    ACCESS_DENIED = STATUS_ACCESS_DENIED;
    ACCESS_VIOLATION = STATUS_ACCESS_VIOLATION;
    ALREADY_REGISTERED = STATUS_ALREADY_REGISTERED;
    BUFFER_OVERFLOW = STATUS_BUFFER_OVERFLOW;
    BUFFER_TOO_SMALL = STATUS_BUFFER_TOO_SMALL;
    CANCELLED = STATUS_CANCELLED;
    CONNECTION_ABORTED = STATUS_CONNECTION_ABORTED;
    DATA_ERROR = STATUS_DATA_ERROR;
    DELETE_PENDING = STATUS_DELETE_PENDING;
    DEVICE_BUSY = STATUS_DEVICE_BUSY;
    DEVICE_CONFIGURATION_ERROR = STATUS_DEVICE_CONFIGURATION_ERROR;
    DEVICE_DATA_ERROR = STATUS_DEVICE_DATA_ERROR;
    DEVICE_DOES_NOT_EXIST = STATUS_DEVICE_DOES_NOT_EXIST;
    DEVICE_NOT_CONNECTED = STATUS_DEVICE_NOT_CONNECTED;
    DEVICE_NOT_READY = STATUS_DEVICE_NOT_READY;
    DEVICE_POWERED_OFF = STATUS_DEVICE_POWERED_OFF;
    DEVICE_REMOVED = STATUS_DEVICE_REMOVED;
    END_OF_FILE = STATUS_END_OF_FILE;
    INFO_LENGTH_MISMATCH = STATUS_INFO_LENGTH_MISMATCH;
    INSUFFICIENT_RESOURCES = STATUS_INSUFFICIENT_RESOURCES;
    INTEGER_OVERFLOW = STATUS_INTEGER_OVERFLOW;
    INTERNAL_ERROR = STATUS_INTERNAL_ERROR;
    INVALID_BUFFER_SIZE = STATUS_INVALID_BUFFER_SIZE;
    INVALID_DEVICE_REQUEST = STATUS_INVALID_DEVICE_REQUEST;
    INVALID_DEVICE_STATE = STATUS_INVALID_DEVICE_STATE;
    INVALID_HANDLE = STATUS_INVALID_HANDLE;
    INVALID_PARAMETER = STATUS_INVALID_PARAMETER;
    INVALID_USER_BUFFER = STATUS_INVALID_USER_BUFFER;
    IO_DEVICE_ERROR = STATUS_IO_DEVICE_ERROR;
    IO_TIMEOUT = STATUS_IO_TIMEOUT;
    NO_MORE_ENTRIES = STATUS_NO_MORE_ENTRIES;
    NO_SUCH_DEVICE = STATUS_NO_SUCH_DEVICE;
    NOT_FOUND = STATUS_NOT_FOUND;
    NOT_IMPLEMENTED = STATUS_NOT_IMPLEMENTED;
    NOT_SUPPORTED = STATUS_NOT_SUPPORTED;
    OBJECT_NAME_COLLISION = STATUS_OBJECT_NAME_COLLISION;
    OBJECT_NAME_NOT_FOUND = STATUS_OBJECT_NAME_NOT_FOUND;
    PIPE_BROKEN = STATUS_PIPE_BROKEN;
    REVISION_MISMATCH = STATUS_REVISION_MISMATCH;
    SHARING_VIOLATION = STATUS_SHARING_VIOLATION;
    UNSUCCESSFUL = STATUS_UNSUCCESSFUL;
    WDF_BUSY = STATUS_WDF_BUSY;
    WDF_NO_CALLBACK = STATUS_WDF_NO_CALLBACK;
    WDF_PAUSED = STATUS_WDF_PAUSED;
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.status(), f)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl core::error::Error for Error {}

impl From<wdk_alloc::OutOfMemory> for Error {
    fn from(_: wdk_alloc::OutOfMemory) -> Self {
        Self::INSUFFICIENT_RESOURCES
    }
}

/// A status from the framework as a result.
#[inline]
pub(crate) fn check(status: NTSTATUS) -> Result<()> {
    NtStatus(status).into_result()
}

const _: () = assert!(size_of::<Result<()>>() == size_of::<NTSTATUS>());

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;

    #[test]
    fn an_error_prints_name_and_value() {
        assert_eq!(Error::CANCELLED.to_string(), "STATUS_CANCELLED (0xC0000120)");
        assert_eq!(NtStatus::SUCCESS.to_string(), "STATUS_SUCCESS (0x00000000)");
    }

    #[test]
    fn only_failures_are_errors() {
        assert_eq!(Error::new(0), None);
        assert_eq!(Error::new(wdk_sys::STATUS_PENDING), None);
        assert!(Error::new(wdk_sys::STATUS_BUFFER_OVERFLOW).is_some_and(Error::is_warning));
    }
}
