//! WMI providers and instances.
//!
//! DDI header: `wdfwmi.h`.

use crate::declare::{c_enum, c_struct};
#[allow(unused_imports)]
use super::*;

c_enum! {
    /// `WDF_WMI_PROVIDER_CONTROL`.
    enum _WDF_WMI_PROVIDER_CONTROL as WDF_WMI_PROVIDER_CONTROL, PWDF_WMI_PROVIDER_CONTROL {
        WdfWmiControlInvalid = 0,
        WdfWmiEventControl = 1,
        WdfWmiInstanceControl = 2,
    }
}

c_enum! {
    /// `WDF_WMI_PROVIDER_FLAGS`.
    enum _WDF_WMI_PROVIDER_FLAGS as WDF_WMI_PROVIDER_FLAGS, PWDF_WMI_PROVIDER_FLAGS {
        WdfWmiProviderEventOnly = 1,
        WdfWmiProviderExpensive = 2,
        WdfWmiProviderTracing = 4,
        WdfWmiProviderValidFlags = 7,
    }
}

/// The callbacks of `wdfwmi.h`: `fn EVT_… as PFN_…(parameters) -> result { irql }`.
#[doc(hidden)]
#[macro_export]
macro_rules! wdfwmi_callbacks {
    ($($then:tt)+) => { $($then)+! {
        wdfwmi;
        fn EVT_WDF_WMI_INSTANCE_QUERY_INSTANCE as PFN_WDF_WMI_INSTANCE_QUERY_INSTANCE(
            WmiInstance: WDFWMIINSTANCE,
            OutBufferSize: ULONG,
            OutBuffer: PVOID,
            BufferUsed: PULONG,
        ) -> NTSTATUS { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDF_WMI_INSTANCE_SET_INSTANCE as PFN_WDF_WMI_INSTANCE_SET_INSTANCE(
            WmiInstance: WDFWMIINSTANCE,
            InBufferSize: ULONG,
            InBuffer: PVOID,
        ) -> NTSTATUS { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDF_WMI_INSTANCE_SET_ITEM as PFN_WDF_WMI_INSTANCE_SET_ITEM(
            WmiInstance: WDFWMIINSTANCE,
            DataItemId: ULONG,
            InBufferSize: ULONG,
            InBuffer: PVOID,
        ) -> NTSTATUS { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDF_WMI_INSTANCE_EXECUTE_METHOD as PFN_WDF_WMI_INSTANCE_EXECUTE_METHOD(
            WmiInstance: WDFWMIINSTANCE,
            MethodId: ULONG,
            InBufferSize: ULONG,
            OutBufferSize: ULONG,
            Buffer: PVOID,
            BufferUsed: PULONG,
        ) -> NTSTATUS { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDF_WMI_PROVIDER_FUNCTION_CONTROL as PFN_WDF_WMI_PROVIDER_FUNCTION_CONTROL(
            WmiProvider: WDFWMIPROVIDER,
            Control: WDF_WMI_PROVIDER_CONTROL,
            Enable: BOOLEAN,
        ) -> NTSTATUS { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
    } };
}
wdfwmi_callbacks!(crate::wdf::declare_callbacks);

c_struct! {
    /// `WDF_WMI_PROVIDER_CONFIG`.
    struct _WDF_WMI_PROVIDER_CONFIG as WDF_WMI_PROVIDER_CONFIG, PWDF_WMI_PROVIDER_CONFIG [40, 8] {
        Size: ULONG = 0,
        Guid: GUID = 4,
        Flags: ULONG = 20,
        MinInstanceBufferSize: ULONG = 24,
        EvtWmiProviderFunctionControl: PFN_WDF_WMI_PROVIDER_FUNCTION_CONTROL = 32,
    }
}

c_struct! {
    /// `WDF_WMI_INSTANCE_CONFIG`.
    struct _WDF_WMI_INSTANCE_CONFIG as WDF_WMI_INSTANCE_CONFIG, PWDF_WMI_INSTANCE_CONFIG [64, 8] {
        Size: ULONG = 0,
        Provider: WDFWMIPROVIDER = 8,
        ProviderConfig: PWDF_WMI_PROVIDER_CONFIG = 16,
        UseContextForQuery: BOOLEAN = 24,
        Register: BOOLEAN = 25,
        EvtWmiInstanceQueryInstance: PFN_WDF_WMI_INSTANCE_QUERY_INSTANCE = 32,
        EvtWmiInstanceSetInstance: PFN_WDF_WMI_INSTANCE_SET_INSTANCE = 40,
        EvtWmiInstanceSetItem: PFN_WDF_WMI_INSTANCE_SET_ITEM = 48,
        EvtWmiInstanceExecuteMethod: PFN_WDF_WMI_INSTANCE_EXECUTE_METHOD = 56,
    }
}

/// The functions of `wdfwmi.h`.
#[doc(hidden)]
#[macro_export]
macro_rules! wdfwmi_functions {
    ($($then:tt)+) => { $($then)+! {
        wdfwmi;
        fn WdfWmiProviderCreate(
            Device: WDFDEVICE,
            WmiProviderConfig: PWDF_WMI_PROVIDER_CONFIG,
            ProviderAttributes: PWDF_OBJECT_ATTRIBUTES,
            WmiProvider: *mut WDFWMIPROVIDER,
        ) -> NTSTATUS {
            kmdf: 369, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ProviderAttributes; must_use;
        }
        fn WdfWmiProviderGetDevice(WmiProvider: WDFWMIPROVIDER) -> WDFDEVICE {
            kmdf: 370, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfWmiProviderIsEnabled(
            WmiProvider: WDFWMIPROVIDER,
            ProviderControl: WDF_WMI_PROVIDER_CONTROL,
        ) -> BOOLEAN {
            kmdf: 371, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfWmiProviderGetTracingHandle(WmiProvider: WDFWMIPROVIDER) -> ULONGLONG {
            kmdf: 372, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfWmiInstanceCreate(
            Device: WDFDEVICE,
            InstanceConfig: PWDF_WMI_INSTANCE_CONFIG,
            InstanceAttributes: PWDF_OBJECT_ATTRIBUTES,
            Instance: *mut WDFWMIINSTANCE,
        ) -> NTSTATUS {
            kmdf: 373, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: InstanceAttributes, Instance; must_use;
        }
        fn WdfWmiInstanceRegister(WmiInstance: WDFWMIINSTANCE) -> NTSTATUS {
            kmdf: 374, 1.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ; must_use;
        }
        fn WdfWmiInstanceDeregister(WmiInstance: WDFWMIINSTANCE) -> () {
            kmdf: 375, 1.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ;
        }
        fn WdfWmiInstanceGetDevice(WmiInstance: WDFWMIINSTANCE) -> WDFDEVICE {
            kmdf: 376, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfWmiInstanceGetProvider(WmiInstance: WDFWMIINSTANCE) -> WDFWMIPROVIDER {
            kmdf: 377, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfWmiInstanceFireEvent(
            WmiInstance: WDFWMIINSTANCE,
            EventDataSize: ULONG,
            EventData: PVOID,
        ) -> NTSTATUS {
            kmdf: 378, 1.0; irql: PASSIVE_LEVEL ..= APC_LEVEL; optional: EventDataSize, EventData; must_use;
        }
    } };
}
wdfwmi_functions!(crate::wdf::declare_functions);

/// Initialises a [`WDF_WMI_INSTANCE_CONFIG`] as the C function of that name does.
pub fn WDF_WMI_INSTANCE_CONFIG_INIT_PROVIDER(
    Config: &mut WDF_WMI_INSTANCE_CONFIG,
    Provider: WDFWMIPROVIDER,
) {
    *Config = WDF_WMI_INSTANCE_CONFIG::default();
    Config.Size = structure_size::<WDF_WMI_INSTANCE_CONFIG>();
    Config.Provider = Provider;
}

/// Initialises a [`WDF_WMI_INSTANCE_CONFIG`] as the C function of that name does.
pub fn WDF_WMI_INSTANCE_CONFIG_INIT_PROVIDER_CONFIG(
    Config: &mut WDF_WMI_INSTANCE_CONFIG,
    ProviderConfig: PWDF_WMI_PROVIDER_CONFIG,
) {
    *Config = WDF_WMI_INSTANCE_CONFIG::default();
    Config.Size = structure_size::<WDF_WMI_INSTANCE_CONFIG>();
    Config.ProviderConfig = ProviderConfig;
}

/// Initialises a [`WDF_WMI_PROVIDER_CONFIG`] as the C function of that name does.
pub fn WDF_WMI_PROVIDER_CONFIG_INIT(Config: &mut WDF_WMI_PROVIDER_CONFIG, Guid: &GUID) {
    *Config = WDF_WMI_PROVIDER_CONFIG::default();
    Config.Size = structure_size::<WDF_WMI_PROVIDER_CONFIG>();
    Config.Guid = *Guid;
}
