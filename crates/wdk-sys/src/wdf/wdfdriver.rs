//! The framework driver object.
//!
//! DDI header: `wdfdriver.h`.

use crate::declare::{c_enum, c_struct};
#[allow(unused_imports)]
use super::*;

/// `WDF_TRACE_ID`.
pub const WDF_TRACE_ID: ULONG = 0x54524143;

c_enum! {
    /// `WDF_DRIVER_INIT_FLAGS`.
    enum _WDF_DRIVER_INIT_FLAGS as WDF_DRIVER_INIT_FLAGS, PWDF_DRIVER_INIT_FLAGS {
        WdfDriverInitNonPnpDriver = 1,
        WdfDriverInitNoDispatchOverride = 2,
        WdfVerifyOn = 4,
        WdfVerifierOn = 8,
        WdfDriverInitCompanion = 16,
    }
}

/// The callbacks of `wdfdriver.h`: `fn EVT_… as PFN_…(parameters) -> result { irql }`.
#[doc(hidden)]
#[macro_export]
macro_rules! wdfdriver_callbacks {
    ($($then:tt)+) => { $($then)+! {
        wdfdriver;
        fn EVT_WDF_DRIVER_DEVICE_ADD as PFN_WDF_DRIVER_DEVICE_ADD(
            Driver: WDFDRIVER,
            DeviceInit: PWDFDEVICE_INIT,
        ) -> NTSTATUS { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDF_DRIVER_UNLOAD as PFN_WDF_DRIVER_UNLOAD(
            Driver: WDFDRIVER,
        ) -> () { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDF_TRACE_CALLBACK as PFN_WDF_TRACE_CALLBACK(
            minorFunction: UCHAR,
            dataPath: PVOID,
            bufferLength: ULONG,
            buffer: PVOID,
            context: PVOID,
            size: PULONG,
        ) -> NTSTATUS { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
    } };
}
wdfdriver_callbacks!(crate::wdf::declare_callbacks);

c_struct! {
    /// `WDF_DRIVER_CONFIG`.
    struct _WDF_DRIVER_CONFIG as WDF_DRIVER_CONFIG, PWDF_DRIVER_CONFIG [32, 8] {
        Size: ULONG = 0,
        EvtDriverDeviceAdd: PFN_WDF_DRIVER_DEVICE_ADD = 8,
        EvtDriverUnload: PFN_WDF_DRIVER_UNLOAD = 16,
        DriverInitFlags: ULONG = 24,
        DriverPoolTag: ULONG = 28,
    }
}

c_struct! {
    /// `WDF_DRIVER_VERSION_AVAILABLE_PARAMS`.
    struct _WDF_DRIVER_VERSION_AVAILABLE_PARAMS as WDF_DRIVER_VERSION_AVAILABLE_PARAMS, PWDF_DRIVER_VERSION_AVAILABLE_PARAMS [12, 4] {
        Size: ULONG = 0,
        MajorVersion: ULONG = 4,
        MinorVersion: ULONG = 8,
    }
}

/// The functions of `wdfdriver.h`.
#[doc(hidden)]
#[macro_export]
macro_rules! wdfdriver_functions {
    ($($then:tt)+) => { $($then)+! {
        wdfdriver;
        fn WdfDriverCreate(
            DriverObject: PDRIVER_OBJECT,
            RegistryPath: PCUNICODE_STRING,
            DriverAttributes: PWDF_OBJECT_ATTRIBUTES,
            DriverConfig: PWDF_DRIVER_CONFIG,
            Driver: *mut WDFDRIVER,
        ) -> NTSTATUS {
            kmdf: 116, 1.0; umdf: 57, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: DriverAttributes, Driver; must_use;
        }
        fn WdfDriverGetRegistryPath(Driver: WDFDRIVER) -> PWSTR {
            kmdf: 117, 1.0; umdf: 58, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ;
        }
        fn WdfDriverWdmGetDriverObject(Driver: WDFDRIVER) -> PDRIVER_OBJECT {
            kmdf: 118, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDriverOpenParametersRegistryKey(
            Driver: WDFDRIVER,
            DesiredAccess: ACCESS_MASK,
            KeyAttributes: PWDF_OBJECT_ATTRIBUTES,
            Key: *mut WDFKEY,
        ) -> NTSTATUS {
            kmdf: 119, 1.0; umdf: 59, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: KeyAttributes; must_use;
        }
        fn WdfWdmDriverGetWdfDriverHandle(DriverObject: PDRIVER_OBJECT) -> WDFDRIVER {
            kmdf: 120, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDriverRegisterTraceInfo(
            DriverObject: PDRIVER_OBJECT,
            EvtTraceCallback: PFN_WDF_TRACE_CALLBACK,
            ControlBlock: PVOID,
        ) -> NTSTATUS {
            kmdf: 121, 1.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ; must_use;
        }
        fn WdfDriverRetrieveVersionString(Driver: WDFDRIVER, String: WDFSTRING) -> NTSTATUS {
            kmdf: 122, 1.0; umdf: 60, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ; must_use;
        }
        fn WdfDriverIsVersionAvailable(
            Driver: WDFDRIVER,
            VersionAvailableParams: PWDF_DRIVER_VERSION_AVAILABLE_PARAMS,
        ) -> BOOLEAN {
            kmdf: 123, 1.0; umdf: 61, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ; must_use;
        }
        fn WdfDriverRetrieveDriverDataDirectoryString(
            Driver: WDFDRIVER,
            String: WDFSTRING,
        ) -> NTSTATUS {
            umdf: 268, 2.27; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ;
        }
        fn WdfDriverOpenPersistentStateRegistryKey(
            Driver: WDFDRIVER,
            DesiredAccess: ACCESS_MASK,
            KeyAttributes: PWDF_OBJECT_ATTRIBUTES,
            Key: *mut WDFKEY,
        ) -> NTSTATUS {
            kmdf: 451, 1.25; umdf: 265, 2.25; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: KeyAttributes; must_use;
        }
        fn WdfDriverErrorReportApiMissing(
            Driver: WDFDRIVER,
            FrameworkExtensionName: PCWSTR,
            ApiIndex: ULONG,
            DoesApiReturnNtstatus: BOOLEAN,
        ) -> NTSTATUS {
            kmdf: 452, 1.25; umdf: 266, 2.25; irql: PASSIVE_LEVEL ..= DIRQL; optional: FrameworkExtensionName; must_use;
        }
    } };
}
wdfdriver_functions!(crate::wdf::declare_functions);

/// Initialises a [`WDF_DRIVER_CONFIG`] as the C function of that name does.
pub fn WDF_DRIVER_CONFIG_INIT(
    Config: &mut WDF_DRIVER_CONFIG,
    EvtDriverDeviceAdd: PFN_WDF_DRIVER_DEVICE_ADD,
) {
    *Config = WDF_DRIVER_CONFIG::default();
    Config.Size = structure_size::<WDF_DRIVER_CONFIG>();
    Config.EvtDriverDeviceAdd = EvtDriverDeviceAdd;
}

/// Initialises a [`WDF_DRIVER_VERSION_AVAILABLE_PARAMS`] as the C function of that name does.
pub fn WDF_DRIVER_VERSION_AVAILABLE_PARAMS_INIT(
    Params: &mut WDF_DRIVER_VERSION_AVAILABLE_PARAMS,
    MajorVersion: ULONG,
    MinorVersion: ULONG,
) {
    *Params = WDF_DRIVER_VERSION_AVAILABLE_PARAMS::default();
    Params.Size = structure_size::<WDF_DRIVER_VERSION_AVAILABLE_PARAMS>();
    Params.MajorVersion = MajorVersion;
    Params.MinorVersion = MinorVersion;
}

/// Initialises a [`WDF_DRIVER_CONFIG`] of a companion driver as the C function of that name does.
pub fn WDF_DRIVER_CONFIG_COMPANION_INIT(
    Config: &mut WDF_DRIVER_CONFIG,
    EvtDriverDeviceAdd: PFN_WDF_DRIVER_DEVICE_ADD,
) {
    WDF_DRIVER_CONFIG_INIT(Config, EvtDriverDeviceAdd);
    Config.DriverInitFlags |= _WDF_DRIVER_INIT_FLAGS::WdfDriverInitCompanion as ULONG;
}
