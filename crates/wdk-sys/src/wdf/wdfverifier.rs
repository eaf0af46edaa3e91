//! Verifier functions.
//!
//! DDI header: `wdfverifier.h`.

#[allow(unused_imports)]
use super::*;

/// The functions of `wdfverifier.h`.
#[doc(hidden)]
#[macro_export]
macro_rules! wdfverifier_functions {
    ($($then:tt)+) => { $($then)+! {
        wdfverifier;
        fn WdfVerifierDbgBreakPoint() -> () {
            kmdf: 367, 1.0; umdf: 240, 2.0; irql: PASSIVE_LEVEL ..= HIGH_LEVEL; optional: ;
        }
        fn WdfVerifierKeBugCheck(
            BugCheckCode: ULONG,
            BugCheckParameter1: ULONG_PTR,
            BugCheckParameter2: ULONG_PTR,
            BugCheckParameter3: ULONG_PTR,
            BugCheckParameter4: ULONG_PTR,
        ) -> () {
            kmdf: 368, 1.0; umdf: 241, 2.0; irql: PASSIVE_LEVEL ..= HIGH_LEVEL; optional: ;
        }
        fn WdfGetTriageInfo() -> PVOID {
            kmdf: 431, 1.11; umdf: 242, 2.0; irql: PASSIVE_LEVEL ..= HIGH_LEVEL; optional: ;
        }
    } };
}
wdfverifier_functions!(crate::wdf::declare_functions);

