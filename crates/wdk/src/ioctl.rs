//! Device control codes.

use core::fmt;

/// How a control code's buffers reach the driver (`METHOD_…`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum Method {
    /// `METHOD_BUFFERED`: one system buffer, first the input, then the output.
    Buffered = 0,
    /// `METHOD_IN_DIRECT`: a buffered input, and a second one that is locked user memory.
    InDirect = 1,
    /// `METHOD_OUT_DIRECT`: a buffered input, and an output that is locked user memory.
    OutDirect = 2,
    /// `METHOD_NEITHER`: raw user addresses; see [`neither`](crate::neither).
    Neither = 3,
}

/// What access the handle needs (`FILE_…_ACCESS` of a control code).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum RequiredAccess {
    /// `FILE_ANY_ACCESS`.
    Any = 0,
    /// `FILE_READ_ACCESS`.
    Read = 1,
    /// `FILE_WRITE_ACCESS`.
    Write = 2,
    /// Both.
    ReadWrite = 3,
}

/// A device control code, as `CTL_CODE` makes it.
///
/// Codes are constants and can be matched on:
///
/// ```
/// use wdk::prelude::*;
/// const GET_SPEED: IoControlCode =
///     IoControlCode::new(0x8000, 0x800, Method::Buffered, RequiredAccess::Any);
/// assert_eq!(GET_SPEED.0, 0x8000_2000);
/// ```
#[doc(alias = "CTL_CODE")]
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct IoControlCode(pub u32);

impl IoControlCode {
    /// A code from its parts. Device types and functions of your own start at `0x8000` and `0x800`.
    ///
    /// # Panics
    ///
    /// When the device type has more than 16 bits or the function more than 12; at compile time in a constant.
    pub const fn new(device_type: u32, function: u32, method: Method, access: RequiredAccess) -> Self {
        assert!(device_type <= 0xFFFF, "a device type has 16 bits");
        assert!(function <= 0xFFF, "a function has 12 bits");
        Self(wdk_sys::CTL_CODE(device_type, function, method as u32, access as u32))
    }

    /// How the buffers reach the driver.
    pub const fn method(self) -> Method {
        match wdk_sys::METHOD_FROM_CTL_CODE(self.0) {
            0 => Method::Buffered,
            1 => Method::InDirect,
            2 => Method::OutDirect,
            _ => Method::Neither,
        }
    }
}

impl fmt::Debug for IoControlCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IoControlCode(0x{:08X})", self.0)
    }
}
