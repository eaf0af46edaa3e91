//! Deferred procedure calls.
//!
//! DDI header: `wdfdpc.h`.

use crate::declare::c_struct;
#[allow(unused_imports)]
use super::*;

/// The callbacks of `wdfdpc.h`: `fn EVT_… as PFN_…(parameters) -> result { irql }`.
#[doc(hidden)]
#[macro_export]
macro_rules! wdfdpc_callbacks {
    ($($then:tt)+) => { $($then)+! {
        wdfdpc;
        fn EVT_WDF_DPC as PFN_WDF_DPC(Dpc: WDFDPC) -> () { irql: DISPATCH_LEVEL ..= DISPATCH_LEVEL; }
    } };
}
wdfdpc_callbacks!(crate::wdf::declare_callbacks);

c_struct! {
    /// `WDF_DPC_CONFIG`.
    struct _WDF_DPC_CONFIG as WDF_DPC_CONFIG, PWDF_DPC_CONFIG [24, 8] {
        Size: ULONG = 0,
        EvtDpcFunc: PFN_WDF_DPC = 8,
        AutomaticSerialization: BOOLEAN = 16,
    }
}

/// The functions of `wdfdpc.h`.
#[doc(hidden)]
#[macro_export]
macro_rules! wdfdpc_functions {
    ($($then:tt)+) => { $($then)+! {
        wdfdpc;
        fn WdfDpcCreate(
            Config: PWDF_DPC_CONFIG,
            Attributes: PWDF_OBJECT_ATTRIBUTES,
            Dpc: *mut WDFDPC,
        ) -> NTSTATUS {
            kmdf: 111, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
        fn WdfDpcEnqueue(Dpc: WDFDPC) -> BOOLEAN {
            kmdf: 112, 1.0; irql: PASSIVE_LEVEL ..= HIGH_LEVEL; optional: ;
        }
        /// `PASSIVE_LEVEL` and below when `Wait == __true`.
        fn WdfDpcCancel(Dpc: WDFDPC, Wait: BOOLEAN) -> BOOLEAN {
            kmdf: 113, 1.0; irql: PASSIVE_LEVEL ..= HIGH_LEVEL; optional: ; strict: PASSIVE_LEVEL;
        }
        fn WdfDpcGetParentObject(Dpc: WDFDPC) -> WDFOBJECT {
            kmdf: 114, 1.0; irql: PASSIVE_LEVEL ..= HIGH_LEVEL; optional: ;
        }
        fn WdfDpcWdmGetDpc(Dpc: WDFDPC) -> PKDPC {
            kmdf: 115, 1.0; irql: PASSIVE_LEVEL ..= HIGH_LEVEL; optional: ;
        }
    } };
}
wdfdpc_functions!(crate::wdf::declare_functions);

/// Initialises a [`WDF_DPC_CONFIG`] as the C function of that name does.
pub fn WDF_DPC_CONFIG_INIT(Config: &mut WDF_DPC_CONFIG, EvtDpcFunc: PFN_WDF_DPC) {
    *Config = WDF_DPC_CONFIG::default();
    Config.Size = structure_size::<WDF_DPC_CONFIG>();
    Config.EvtDpcFunc = EvtDpcFunc;
    Config.AutomaticSerialization = TRUE as BOOLEAN;
}
