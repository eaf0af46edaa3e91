//! Time conversions.
//!
//! DDI header: `wdfcore.h`.

#[allow(unused_imports)]
use super::*;

/// `WDF_TIMEOUT_TO_SEC`.
pub const WDF_TIMEOUT_TO_SEC: LONGLONG = 0x989680;
/// `WDF_TIMEOUT_TO_MS`.
pub const WDF_TIMEOUT_TO_MS: LONGLONG = 0x2710;
/// `WDF_TIMEOUT_TO_US`.
pub const WDF_TIMEOUT_TO_US: LONGLONG = 10;

