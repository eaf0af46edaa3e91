//! Kinds of request, as types.

use wdk_sys::{_WDF_REQUEST_TYPE as types, WDF_REQUEST_TYPE};

mod sealed {
    pub trait Sealed {}
}

/// A kind of request. It decides which buffers a [`Request`](crate::Request) has and what it is completed with.
pub trait Kind: sealed::Sealed + 'static {
    /// What completes it when all went well: the number of bytes consumed for a write, nothing for kinds whose
    /// byte count is what was written to their output.
    type Outcome;
    /// Whether it is a device control, so that its control code says how its buffers are reached.
    #[doc(hidden)]
    const CONTROL: bool;
    #[doc(hidden)]
    fn information(outcome: Self::Outcome, written: usize) -> usize;
}

/// Kinds with a buffer to read from.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` request has no input buffer",
    note = "write requests and device controls have one"
)]
pub trait HasInput: Kind {}

/// Kinds with a buffer to write to.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` request has no output buffer",
    note = "read requests and device controls have one"
)]
pub trait HasOutput: Kind {}

/// Kinds with a control code.
#[diagnostic::on_unimplemented(message = "a `{Self}` request has no control code")]
pub trait HasCode: HasInput + HasOutput {}

/// Kinds with a position in the device.
#[diagnostic::on_unimplemented(message = "a `{Self}` request has no device offset")]
pub trait HasOffset: Kind {}

/// A read request (`IRP_MJ_READ`).
pub enum Read {}
/// A write request (`IRP_MJ_WRITE`).
pub enum Write {}
/// A device control request (`IRP_MJ_DEVICE_CONTROL`).
pub enum DeviceControl {}
/// A device control request from another driver (`IRP_MJ_INTERNAL_DEVICE_CONTROL`).
pub enum InternalDeviceControl {}
/// A request of a kind that is known at run time only.
pub enum Any {}

impl sealed::Sealed for Write {}
impl Kind for Write {
    type Outcome = usize;
    const CONTROL: bool = false;
    fn information(outcome: usize, _: usize) -> usize {
        outcome
    }
}

macro_rules! kinds_with_cursor {
    ($($kind:ident = $control:literal;)*) => { $(
        impl sealed::Sealed for $kind {}
        impl Kind for $kind {
            type Outcome = ();
            const CONTROL: bool = $control;
            fn information((): (), written: usize) -> usize {
                written
            }
        }
    )* };
}
kinds_with_cursor! {
    Read = false;
    DeviceControl = true;
    InternalDeviceControl = true;
    Any = false;
}

impl HasInput for Write {}
impl HasInput for DeviceControl {}
impl HasInput for InternalDeviceControl {}
impl HasOutput for Read {}
impl HasOutput for DeviceControl {}
impl HasOutput for InternalDeviceControl {}
impl HasCode for DeviceControl {}
impl HasCode for InternalDeviceControl {}
impl HasOffset for Read {}
impl HasOffset for Write {}

/// `WDF_REQUEST_TYPE`, for routing and for requests of any kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequestType {
    /// `WdfRequestTypeCreate`.
    Create,
    /// `WdfRequestTypeRead`.
    Read,
    /// `WdfRequestTypeWrite`.
    Write,
    /// `WdfRequestTypeDeviceControl`.
    DeviceControl,
    /// `WdfRequestTypeDeviceControlInternal`.
    InternalDeviceControl,
    /// Any other.
    Other(u32),
}

impl RequestType {
    pub(crate) const fn from_raw(raw: WDF_REQUEST_TYPE) -> Self {
        match raw {
            types::WdfRequestTypeCreate => Self::Create,
            types::WdfRequestTypeRead => Self::Read,
            types::WdfRequestTypeWrite => Self::Write,
            types::WdfRequestTypeDeviceControl => Self::DeviceControl,
            types::WdfRequestTypeDeviceControlInternal => Self::InternalDeviceControl,
            other => Self::Other(other as u32),
        }
    }

    pub(crate) const fn into_raw(self) -> WDF_REQUEST_TYPE {
        match self {
            Self::Create => types::WdfRequestTypeCreate,
            Self::Read => types::WdfRequestTypeRead,
            Self::Write => types::WdfRequestTypeWrite,
            Self::DeviceControl => types::WdfRequestTypeDeviceControl,
            Self::InternalDeviceControl => types::WdfRequestTypeDeviceControlInternal,
            Self::Other(other) => other as WDF_REQUEST_TYPE,
        }
    }
}
