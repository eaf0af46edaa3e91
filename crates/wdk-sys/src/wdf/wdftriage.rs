//! What the debugger extension reads.
//!
//! DDI header: `wdftriage.h`.

#[allow(unused_imports)]
use super::*;

/// `WDF_01_TRIAGE_INFO_MAJOR_VERSION`.
pub const WDF_01_TRIAGE_INFO_MAJOR_VERSION: ULONG = 1;
/// `WDF_01_TRIAGE_INFO_MINOR_VERSION`.
pub const WDF_01_TRIAGE_INFO_MINOR_VERSION: ULONG = 0;

