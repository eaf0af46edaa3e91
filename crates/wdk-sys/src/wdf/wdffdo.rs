//! Function device objects.
//!
//! DDI header: `wdffdo.h`.

use crate::declare::c_struct;
#[allow(unused_imports)]
use super::*;

/// The callbacks of `wdffdo.h`: `fn EVT_… as PFN_…(parameters) -> result { irql }`.
#[doc(hidden)]
#[macro_export]
macro_rules! wdffdo_callbacks {
    ($($then:tt)+) => { $($then)+! {
        wdffdo;
        fn EVT_WDF_DEVICE_FILTER_RESOURCE_REQUIREMENTS as PFN_WDF_DEVICE_FILTER_RESOURCE_REQUIREMENTS(
            Device: WDFDEVICE,
            IoResourceRequirementsList: WDFIORESREQLIST,
        ) -> NTSTATUS { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDF_DEVICE_REMOVE_ADDED_RESOURCES as PFN_WDF_DEVICE_REMOVE_ADDED_RESOURCES(
            Device: WDFDEVICE,
            ResourcesRaw: WDFCMRESLIST,
            ResourcesTranslated: WDFCMRESLIST,
        ) -> NTSTATUS { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
    } };
}
wdffdo_callbacks!(crate::wdf::declare_callbacks);

c_struct! {
    /// `WDF_FDO_EVENT_CALLBACKS`.
    struct _WDF_FDO_EVENT_CALLBACKS as WDF_FDO_EVENT_CALLBACKS, PWDF_FDO_EVENT_CALLBACKS [32, 8] {
        Size: ULONG = 0,
        EvtDeviceFilterAddResourceRequirements: PFN_WDF_DEVICE_FILTER_RESOURCE_REQUIREMENTS = 8,
        EvtDeviceFilterRemoveResourceRequirements: PFN_WDF_DEVICE_FILTER_RESOURCE_REQUIREMENTS = 16,
        EvtDeviceRemoveAddedResources: PFN_WDF_DEVICE_REMOVE_ADDED_RESOURCES = 24,
    }
}

/// The functions of `wdffdo.h`.
#[doc(hidden)]
#[macro_export]
macro_rules! wdffdo_functions {
    ($($then:tt)+) => { $($then)+! {
        wdffdo;
        fn WdfFdoInitWdmGetPhysicalDevice(DeviceInit: PWDFDEVICE_INIT) -> PDEVICE_OBJECT {
            kmdf: 124, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfFdoInitOpenRegistryKey(
            DeviceInit: PWDFDEVICE_INIT,
            DeviceInstanceKeyType: ULONG,
            DesiredAccess: ACCESS_MASK,
            KeyAttributes: PWDF_OBJECT_ATTRIBUTES,
            Key: *mut WDFKEY,
        ) -> NTSTATUS {
            kmdf: 125, 1.0; umdf: 62, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: KeyAttributes; must_use;
        }
        fn WdfFdoInitQueryProperty(
            DeviceInit: PWDFDEVICE_INIT,
            DeviceProperty: DEVICE_REGISTRY_PROPERTY,
            BufferLength: ULONG,
            PropertyBuffer: PVOID,
            ResultLength: PULONG,
        ) -> NTSTATUS {
            kmdf: 126, 1.0; umdf: 63, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: PropertyBuffer; must_use;
        }
        fn WdfFdoInitAllocAndQueryProperty(
            DeviceInit: PWDFDEVICE_INIT,
            DeviceProperty: DEVICE_REGISTRY_PROPERTY,
            PoolType: POOL_TYPE,
            PropertyMemoryAttributes: PWDF_OBJECT_ATTRIBUTES,
            PropertyMemory: *mut WDFMEMORY,
        ) -> NTSTATUS {
            kmdf: 127, 1.0; umdf: 64, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: PropertyMemoryAttributes; must_use;
        }
        fn WdfFdoInitSetEventCallbacks(
            DeviceInit: PWDFDEVICE_INIT,
            FdoEventCallbacks: PWDF_FDO_EVENT_CALLBACKS,
        ) -> () {
            kmdf: 128, 1.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ;
        }
        fn WdfFdoInitSetFilter(DeviceInit: PWDFDEVICE_INIT) -> () {
            kmdf: 129, 1.0; umdf: 67, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ;
        }
        fn WdfFdoInitSetDefaultChildListConfig(
            DeviceInit: PWDFDEVICE_INIT,
            Config: PWDF_CHILD_LIST_CONFIG,
            DefaultChildListAttributes: PWDF_OBJECT_ATTRIBUTES,
        ) -> () {
            kmdf: 130, 1.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: DefaultChildListAttributes;
        }
        fn WdfFdoQueryForInterface(
            Fdo: WDFDEVICE,
            InterfaceType: LPCGUID,
            Interface: PINTERFACE,
            Size: USHORT,
            Version: USHORT,
            InterfaceSpecificData: PVOID,
        ) -> NTSTATUS {
            kmdf: 131, 1.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: InterfaceSpecificData; must_use;
        }
        fn WdfFdoGetDefaultChildList(Fdo: WDFDEVICE) -> WDFCHILDLIST {
            kmdf: 132, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfFdoAddStaticChild(Fdo: WDFDEVICE, Child: WDFDEVICE) -> NTSTATUS {
            kmdf: 133, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
        fn WdfFdoLockStaticChildListForIteration(Fdo: WDFDEVICE) -> () {
            kmdf: 134, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfFdoRetrieveNextStaticChild(
            Fdo: WDFDEVICE,
            PreviousChild: WDFDEVICE,
            Flags: ULONG,
        ) -> WDFDEVICE {
            kmdf: 135, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: PreviousChild; must_use;
        }
        fn WdfFdoUnlockStaticChildListFromIteration(Fdo: WDFDEVICE) -> () {
            kmdf: 136, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfFdoInitQueryPropertyEx(
            DeviceInit: PWDFDEVICE_INIT,
            DeviceProperty: PWDF_DEVICE_PROPERTY_DATA,
            BufferLength: ULONG,
            PropertyBuffer: PVOID,
            ResultLength: PULONG,
            Type: PDEVPROPTYPE,
        ) -> NTSTATUS {
            kmdf: 436, 1.13; umdf: 65, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ; must_use;
        }
        fn WdfFdoInitAllocAndQueryPropertyEx(
            DeviceInit: PWDFDEVICE_INIT,
            DeviceProperty: PWDF_DEVICE_PROPERTY_DATA,
            PoolType: POOL_TYPE,
            PropertyMemoryAttributes: PWDF_OBJECT_ATTRIBUTES,
            PropertyMemory: *mut WDFMEMORY,
            Type: PDEVPROPTYPE,
        ) -> NTSTATUS {
            kmdf: 437, 1.13; umdf: 66, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: PropertyMemoryAttributes; must_use;
        }
    } };
}
wdffdo_functions!(crate::wdf::declare_functions);

/// Initialises a [`WDF_FDO_EVENT_CALLBACKS`] as the C function of that name does.
pub fn WDF_FDO_EVENT_CALLBACKS_INIT(Callbacks: &mut WDF_FDO_EVENT_CALLBACKS) {
    *Callbacks = WDF_FDO_EVENT_CALLBACKS::default();
    Callbacks.Size = structure_size::<WDF_FDO_EVENT_CALLBACKS>();
}
