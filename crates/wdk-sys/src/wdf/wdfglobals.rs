//! The driver globals of a client.
//!
//! DDI header: `wdfglobals.h`.

use crate::declare::c_struct;
#[allow(unused_imports)]
use super::*;

/// `WDF_DRIVER_GLOBALS_NAME_LEN`.
pub const WDF_DRIVER_GLOBALS_NAME_LEN: ULONG = 32;

c_struct! {
    /// `WDF_DRIVER_GLOBALS`.
    struct _WDF_DRIVER_GLOBALS as WDF_DRIVER_GLOBALS, PWDF_DRIVER_GLOBALS [56, 8] {
        Driver: WDFDRIVER = 0,
        DriverFlags: ULONG = 8,
        DriverTag: ULONG = 12,
        DriverName: [CHAR; 32] = 16,
        DisplaceDriverUnload: BOOLEAN = 48,
    }
}

