//! Driver-defined interfaces.
//!
//! DDI header: `wdfqueryinterface.h`.

use crate::declare::c_struct;
#[allow(unused_imports)]
use super::*;

/// The callbacks of `wdfqueryinterface.h`: `fn EVT_… as PFN_…(parameters) -> result { irql }`.
#[doc(hidden)]
#[macro_export]
macro_rules! wdfqueryinterface_callbacks {
    ($($then:tt)+) => { $($then)+! {
        wdfqueryinterface;
        fn EVT_WDF_DEVICE_PROCESS_QUERY_INTERFACE_REQUEST as PFN_WDF_DEVICE_PROCESS_QUERY_INTERFACE_REQUEST(
            Device: WDFDEVICE,
            InterfaceType: LPGUID,
            ExposedInterface: PINTERFACE,
            ExposedInterfaceSpecificData: PVOID,
        ) -> NTSTATUS { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
    } };
}
wdfqueryinterface_callbacks!(crate::wdf::declare_callbacks);

c_struct! {
    /// `WDF_QUERY_INTERFACE_CONFIG`.
    struct _WDF_QUERY_INTERFACE_CONFIG as WDF_QUERY_INTERFACE_CONFIG, PWDF_QUERY_INTERFACE_CONFIG [48, 8] {
        Size: ULONG = 0,
        Interface: PINTERFACE = 8,
        InterfaceType: *const GUID = 16,
        SendQueryToParentStack: BOOLEAN = 24,
        EvtDeviceProcessQueryInterfaceRequest: PFN_WDF_DEVICE_PROCESS_QUERY_INTERFACE_REQUEST = 32,
        ImportInterface: BOOLEAN = 40,
    }
}

/// The functions of `wdfqueryinterface.h`.
#[doc(hidden)]
#[macro_export]
macro_rules! wdfqueryinterface_functions {
    ($($then:tt)+) => { $($then)+! {
        wdfqueryinterface;
        fn WdfDeviceAddQueryInterface(
            Device: WDFDEVICE,
            InterfaceConfig: PWDF_QUERY_INTERFACE_CONFIG,
        ) -> NTSTATUS {
            kmdf: 228, 1.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ; must_use;
        }
    } };
}
wdfqueryinterface_functions!(crate::wdf::declare_functions);

/// Initialises a [`WDF_QUERY_INTERFACE_CONFIG`] as the C function of that name does.
pub fn WDF_QUERY_INTERFACE_CONFIG_INIT(
    InterfaceConfig: &mut WDF_QUERY_INTERFACE_CONFIG,
    Interface: PINTERFACE,
    InterfaceType: *const GUID,
    EvtDeviceProcessQueryInterfaceRequest: PFN_WDF_DEVICE_PROCESS_QUERY_INTERFACE_REQUEST,
) {
    *InterfaceConfig = WDF_QUERY_INTERFACE_CONFIG::default();
    InterfaceConfig.Size = structure_size::<WDF_QUERY_INTERFACE_CONFIG>();
    InterfaceConfig.Interface = Interface;
    InterfaceConfig.InterfaceType = InterfaceType;
    InterfaceConfig.EvtDeviceProcessQueryInterfaceRequest = EvtDeviceProcessQueryInterfaceRequest;
}
