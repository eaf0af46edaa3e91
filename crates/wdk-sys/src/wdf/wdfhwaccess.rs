//! Register and port access (UMDF).
//!
//! DDI header: `wdfhwaccess.h`.

#[allow(unused_imports)]
use super::*;

/// `WDF_ZERO_BUFFER_COUNT`.
pub const WDF_ZERO_BUFFER_COUNT: ULONG = 0;
/// `WDF_UNUSED_VALUE`.
pub const WDF_UNUSED_VALUE: ULONG = 0;

