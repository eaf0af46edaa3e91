//! Work items.
//!
//! DDI header: `wdfworkitem.h`.

use crate::declare::c_struct;
#[allow(unused_imports)]
use super::*;

/// The callbacks of `wdfworkitem.h`: `fn EVT_… as PFN_…(parameters) -> result { irql }`.
#[doc(hidden)]
#[macro_export]
macro_rules! wdfworkitem_callbacks {
    ($($then:tt)+) => { $($then)+! {
        wdfworkitem;
        fn EVT_WDF_WORKITEM as PFN_WDF_WORKITEM(
            WorkItem: WDFWORKITEM,
        ) -> () { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
    } };
}
wdfworkitem_callbacks!(crate::wdf::declare_callbacks);

c_struct! {
    /// `WDF_WORKITEM_CONFIG`.
    struct _WDF_WORKITEM_CONFIG as WDF_WORKITEM_CONFIG, PWDF_WORKITEM_CONFIG [24, 8] {
        Size: ULONG = 0,
        EvtWorkItemFunc: PFN_WDF_WORKITEM = 8,
        AutomaticSerialization: BOOLEAN = 16,
    }
}

/// The functions of `wdfworkitem.h`.
#[doc(hidden)]
#[macro_export]
macro_rules! wdfworkitem_functions {
    ($($then:tt)+) => { $($then)+! {
        wdfworkitem;
        fn WdfWorkItemCreate(
            Config: PWDF_WORKITEM_CONFIG,
            Attributes: PWDF_OBJECT_ATTRIBUTES,
            WorkItem: *mut WDFWORKITEM,
        ) -> NTSTATUS {
            kmdf: 379, 1.0; umdf: 243, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
        fn WdfWorkItemEnqueue(WorkItem: WDFWORKITEM) -> () {
            kmdf: 380, 1.0; umdf: 244, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfWorkItemGetParentObject(WorkItem: WDFWORKITEM) -> WDFOBJECT {
            kmdf: 381, 1.0; umdf: 245, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfWorkItemFlush(WorkItem: WDFWORKITEM) -> () {
            kmdf: 382, 1.0; umdf: 246, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ;
        }
    } };
}
wdfworkitem_functions!(crate::wdf::declare_functions);

/// Initialises a [`WDF_WORKITEM_CONFIG`] as the C function of that name does.
pub fn WDF_WORKITEM_CONFIG_INIT(
    Config: &mut WDF_WORKITEM_CONFIG,
    EvtWorkItemFunc: PFN_WDF_WORKITEM,
) {
    *Config = WDF_WORKITEM_CONFIG::default();
    Config.Size = structure_size::<WDF_WORKITEM_CONFIG>();
    Config.EvtWorkItemFunc = EvtWorkItemFunc;
    Config.AutomaticSerialization = TRUE as BOOLEAN;
}
