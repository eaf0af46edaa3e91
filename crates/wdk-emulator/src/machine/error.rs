//! Why something that a test or a tool asked for did not happen.

use crate::framework::request::name_of;
use crate::verifier::Verdict;
use std::fmt;
use wdk_sys::NTSTATUS;

/// A result of the user's side.
pub type Result<T = ()> = std::result::Result<T, Error>;

/// Why something did not happen.
#[non_exhaustive]
pub enum Error {
    /// The request was completed with this status, which is not a success.
    Status(NTSTATUS),
    /// The run stopped.
    Stopped(Box<Verdict>),
    /// It waits for something that cannot happen any more; who waits for what.
    Stuck(String),
    /// `DriverEntry` failed.
    DriverEntry(NTSTATUS),
    /// `EvtDriverDeviceAdd` failed.
    DeviceAdd(NTSTATUS),
    /// `EvtDriverDeviceAdd` succeeded, but the driver made no device.
    NoDevice,
    /// A callback of the device's start failed.
    Start(&'static str, NTSTATUS),
    /// The driver has no `EvtDriverDeviceAdd`.
    NotPnp,
    /// The driver was built against another version of the API statement.
    OtherApi,
    /// The driver image cannot be loaded.
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    Image(crate::image::ImageError),
}

impl Error {
    /// The status of a request that failed.
    pub fn status(&self) -> Option<NTSTATUS> {
        match self {
            Self::Status(status)
            | Self::DriverEntry(status)
            | Self::DeviceAdd(status)
            | Self::Start(_, status) => Some(*status),
            _ => None,
        }
    }

    /// The verdict that stopped the run.
    pub fn verdict(&self) -> Option<&Verdict> {
        match self {
            Self::Stopped(verdict) => Some(verdict),
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let full = |status: &NTSTATUS| format!("{} ({:#010X})", name_of(*status), *status as u32);
        match self {
            Self::Status(status) => write!(f, "the request failed with {}", full(status)),
            Self::Stopped(verdict) => write!(f, "{verdict}"),
            Self::Stuck(waits) => write!(f, "it would wait forever: {waits}"),
            Self::DriverEntry(status) => write!(f, "DriverEntry failed with {}", full(status)),
            Self::DeviceAdd(status) => write!(f, "EvtDriverDeviceAdd failed with {}", full(status)),
            Self::NoDevice => write!(f, "EvtDriverDeviceAdd succeeded, but made no device"),
            Self::Start(callback, status) => write!(f, "{callback} failed with {}", full(status)),
            Self::NotPnp => write!(f, "the driver has no EvtDriverDeviceAdd, so no device can be plugged in"),
            #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
            Self::Image(why) => write!(f, "{why}"),
            Self::OtherApi => write!(
                f,
                "the driver was built against another version of the API statement (build it with the same version \
                 of wdk-sys as the emulator)"
            ),
        }
    }
}

impl fmt::Debug for Error {
    /// As `Display`: a test that returns an error prints it this way.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl std::error::Error for Error {}
