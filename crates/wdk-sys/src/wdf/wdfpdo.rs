//! Physical device objects.
//!
//! DDI header: `wdfpdo.h`.

use crate::declare::c_struct;
#[allow(unused_imports)]
use super::*;

/// The callbacks of `wdfpdo.h`: `fn EVT_… as PFN_…(parameters) -> result { irql }`.
#[doc(hidden)]
#[macro_export]
macro_rules! wdfpdo_callbacks {
    ($($then:tt)+) => { $($then)+! {
        wdfpdo;
        fn EVT_WDF_DEVICE_RESOURCES_QUERY as PFN_WDF_DEVICE_RESOURCES_QUERY(
            Device: WDFDEVICE,
            Resources: WDFCMRESLIST,
        ) -> NTSTATUS { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDF_DEVICE_RESOURCE_REQUIREMENTS_QUERY as PFN_WDF_DEVICE_RESOURCE_REQUIREMENTS_QUERY(
            Device: WDFDEVICE,
            IoResourceRequirementsList: WDFIORESREQLIST,
        ) -> NTSTATUS { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDF_DEVICE_EJECT as PFN_WDF_DEVICE_EJECT(
            Device: WDFDEVICE,
        ) -> NTSTATUS { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDF_DEVICE_SET_LOCK as PFN_WDF_DEVICE_SET_LOCK(
            Device: WDFDEVICE,
            IsLocked: BOOLEAN,
        ) -> NTSTATUS { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDF_DEVICE_ENABLE_WAKE_AT_BUS as PFN_WDF_DEVICE_ENABLE_WAKE_AT_BUS(
            Device: WDFDEVICE,
            PowerState: SYSTEM_POWER_STATE,
        ) -> NTSTATUS { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDF_DEVICE_DISABLE_WAKE_AT_BUS as PFN_WDF_DEVICE_DISABLE_WAKE_AT_BUS(
            Device: WDFDEVICE,
        ) -> () { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDF_DEVICE_REPORTED_MISSING as PFN_WDF_DEVICE_REPORTED_MISSING(
            Device: WDFDEVICE,
        ) -> () { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
    } };
}
wdfpdo_callbacks!(crate::wdf::declare_callbacks);

c_struct! {
    /// `WDF_PDO_EVENT_CALLBACKS`.
    struct _WDF_PDO_EVENT_CALLBACKS as WDF_PDO_EVENT_CALLBACKS, PWDF_PDO_EVENT_CALLBACKS [64, 8] {
        Size: ULONG = 0,
        EvtDeviceResourcesQuery: PFN_WDF_DEVICE_RESOURCES_QUERY = 8,
        EvtDeviceResourceRequirementsQuery: PFN_WDF_DEVICE_RESOURCE_REQUIREMENTS_QUERY = 16,
        EvtDeviceEject: PFN_WDF_DEVICE_EJECT = 24,
        EvtDeviceSetLock: PFN_WDF_DEVICE_SET_LOCK = 32,
        EvtDeviceEnableWakeAtBus: PFN_WDF_DEVICE_ENABLE_WAKE_AT_BUS = 40,
        EvtDeviceDisableWakeAtBus: PFN_WDF_DEVICE_DISABLE_WAKE_AT_BUS = 48,
        EvtDeviceReportedMissing: PFN_WDF_DEVICE_REPORTED_MISSING = 56,
    }
}

/// The functions of `wdfpdo.h`.
#[doc(hidden)]
#[macro_export]
macro_rules! wdfpdo_functions {
    ($($then:tt)+) => { $($then)+! {
        wdfpdo;
        fn WdfPdoInitAllocate(ParentDevice: WDFDEVICE) -> PWDFDEVICE_INIT {
            kmdf: 210, 1.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ; must_use;
        }
        fn WdfPdoInitSetEventCallbacks(
            DeviceInit: PWDFDEVICE_INIT,
            DispatchTable: PWDF_PDO_EVENT_CALLBACKS,
        ) -> () {
            kmdf: 211, 1.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ;
        }
        fn WdfPdoInitAssignDeviceID(
            DeviceInit: PWDFDEVICE_INIT,
            DeviceID: PCUNICODE_STRING,
        ) -> NTSTATUS {
            kmdf: 212, 1.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ; must_use;
        }
        fn WdfPdoInitAssignInstanceID(
            DeviceInit: PWDFDEVICE_INIT,
            InstanceID: PCUNICODE_STRING,
        ) -> NTSTATUS {
            kmdf: 213, 1.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ; must_use;
        }
        fn WdfPdoInitAddHardwareID(
            DeviceInit: PWDFDEVICE_INIT,
            HardwareID: PCUNICODE_STRING,
        ) -> NTSTATUS {
            kmdf: 214, 1.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ; must_use;
        }
        fn WdfPdoInitAddCompatibleID(
            DeviceInit: PWDFDEVICE_INIT,
            CompatibleID: PCUNICODE_STRING,
        ) -> NTSTATUS {
            kmdf: 215, 1.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ; must_use;
        }
        fn WdfPdoInitAddDeviceText(
            DeviceInit: PWDFDEVICE_INIT,
            DeviceDescription: PCUNICODE_STRING,
            DeviceLocation: PCUNICODE_STRING,
            LocaleId: LCID,
        ) -> NTSTATUS {
            kmdf: 216, 1.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ; must_use;
        }
        fn WdfPdoInitSetDefaultLocale(DeviceInit: PWDFDEVICE_INIT, LocaleId: LCID) -> () {
            kmdf: 217, 1.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ;
        }
        fn WdfPdoInitAssignRawDevice(
            DeviceInit: PWDFDEVICE_INIT,
            DeviceClassGuid: *const GUID,
        ) -> NTSTATUS {
            kmdf: 218, 1.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ; must_use;
        }
        fn WdfPdoMarkMissing(Device: WDFDEVICE) -> NTSTATUS {
            kmdf: 219, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
        fn WdfPdoRequestEject(Device: WDFDEVICE) -> () {
            kmdf: 220, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfPdoGetParent(Device: WDFDEVICE) -> WDFDEVICE {
            kmdf: 221, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfPdoRetrieveIdentificationDescription(
            Device: WDFDEVICE,
            IdentificationDescription: PWDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER,
        ) -> NTSTATUS {
            kmdf: 222, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
        fn WdfPdoRetrieveAddressDescription(
            Device: WDFDEVICE,
            AddressDescription: PWDF_CHILD_ADDRESS_DESCRIPTION_HEADER,
        ) -> NTSTATUS {
            kmdf: 223, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
        fn WdfPdoUpdateAddressDescription(
            Device: WDFDEVICE,
            AddressDescription: PWDF_CHILD_ADDRESS_DESCRIPTION_HEADER,
        ) -> NTSTATUS {
            kmdf: 224, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
        fn WdfPdoAddEjectionRelationsPhysicalDevice(
            Device: WDFDEVICE,
            PhysicalDevice: PDEVICE_OBJECT,
        ) -> NTSTATUS {
            kmdf: 225, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
        fn WdfPdoRemoveEjectionRelationsPhysicalDevice(
            Device: WDFDEVICE,
            PhysicalDevice: PDEVICE_OBJECT,
        ) -> () {
            kmdf: 226, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfPdoClearEjectionRelationsDevices(Device: WDFDEVICE) -> () {
            kmdf: 227, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfPdoInitAssignContainerID(
            DeviceInit: PWDFDEVICE_INIT,
            ContainerID: PCUNICODE_STRING,
        ) -> NTSTATUS {
            kmdf: 391, 1.9; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ; must_use;
        }
        fn WdfPdoInitAllowForwardingRequestToParent(DeviceInit: PWDFDEVICE_INIT) -> () {
            kmdf: 392, 1.9; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ;
        }
        fn WdfPdoInitRemovePowerDependencyOnParent(DeviceInit: PWDFDEVICE_INIT) -> () {
            kmdf: 453, 1.29; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ;
        }
    } };
}
wdfpdo_functions!(crate::wdf::declare_functions);

/// Initialises a [`WDF_PDO_EVENT_CALLBACKS`] as the C function of that name does.
pub fn WDF_PDO_EVENT_CALLBACKS_INIT(Callbacks: &mut WDF_PDO_EVENT_CALLBACKS) {
    *Callbacks = WDF_PDO_EVENT_CALLBACKS::default();
    Callbacks.Size = structure_size::<WDF_PDO_EVENT_CALLBACKS>();
}
