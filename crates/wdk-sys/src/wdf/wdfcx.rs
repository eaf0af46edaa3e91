//! Functions that only class extensions call; no public header declares them.
//!
//! DDI header: `wdfcx.h`.

use crate::declare::c_opaque;
#[allow(unused_imports)]
use super::*;

/// The functions of `wdfcx.h`.
#[doc(hidden)]
#[macro_export]
macro_rules! wdfcx_functions {
    ($($then:tt)+) => { $($then)+! {
        wdfcx;
        fn WdfDeviceInitEnableHidInterface(DeviceInit: PWDFDEVICE_INIT) -> () {
            umdf: 250, 2.15; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ;
        }
        fn WdfDeviceHidNotifyPresence(Device: WDFDEVICE, IsPresent: BOOLEAN) -> NTSTATUS {
            umdf: 251, 2.15; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ; must_use;
        }
        fn WdfCxDeviceInitAllocate(DeviceInit: PWDFDEVICE_INIT) -> PWDFCXDEVICE_INIT {
            kmdf: 396, 1.11; umdf: 8, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ; must_use;
        }
        fn WdfCxDeviceInitAssignWdmIrpPreprocessCallback(
            CxDeviceInit: PWDFCXDEVICE_INIT,
            EvtCxDeviceWdmIrpPreprocess: PVOID,
            MajorFunction: UCHAR,
            MinorFunctions: PUCHAR,
            NumMinorFunctions: ULONG,
        ) -> NTSTATUS {
            kmdf: 397, 1.11; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: MinorFunctions; must_use;
        }
        fn WdfCxDeviceInitSetIoInCallerContextCallback(
            CxDeviceInit: PWDFCXDEVICE_INIT,
            EvtIoInCallerContext: PFN_WDF_IO_IN_CALLER_CONTEXT,
        ) -> () {
            kmdf: 398, 1.11; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfCxDeviceInitSetRequestAttributes(
            CxDeviceInit: PWDFCXDEVICE_INIT,
            RequestAttributes: PWDF_OBJECT_ATTRIBUTES,
        ) -> () {
            kmdf: 399, 1.11; umdf: 9, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfCxDeviceInitSetFileObjectConfig(
            CxDeviceInit: PWDFCXDEVICE_INIT,
            CxFileObjectConfig: PWDFCX_FILEOBJECT_CONFIG,
            FileObjectAttributes: PWDF_OBJECT_ATTRIBUTES,
        ) -> () {
            kmdf: 400, 1.11; umdf: 10, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: FileObjectAttributes;
        }
        fn WdfCxVerifierKeBugCheck(
            Object: WDFOBJECT,
            BugCheckCode: ULONG,
            BugCheckParameter1: ULONG_PTR,
            BugCheckParameter2: ULONG_PTR,
            BugCheckParameter3: ULONG_PTR,
            BugCheckParameter4: ULONG_PTR,
        ) -> () {
            kmdf: 427, 1.11; umdf: 11, 2.0; irql: PASSIVE_LEVEL ..= HIGH_LEVEL; optional: Object;
        }
        fn WdfDeviceGetSelfIoTarget(Device: WDFDEVICE) -> WDFIOTARGET {
            kmdf: 440, 1.15; umdf: 252, 2.15; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDeviceInitAllowSelfIoTarget(DeviceInit: PWDFDEVICE_INIT) -> () {
            kmdf: 441, 1.15; umdf: 253, 2.15; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfIoTargetSelfAssignDefaultIoQueue(IoTarget: WDFIOTARGET, Queue: WDFQUEUE) -> NTSTATUS {
            kmdf: 442, 1.15; umdf: 254, 2.15; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfCxDeviceInitSetPnpPowerEventCallbacks(
            CxDeviceInit: PWDFCXDEVICE_INIT,
            CxPnpPowerCallbacks: PWDFCX_PNPPOWER_EVENT_CALLBACKS,
        ) -> () {
            kmdf: 445, 1.19; umdf: 260, 2.19; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfCxDeviceInitAllocateContext(
            DeviceInit: PWDFDEVICE_INIT,
            ContextAttributes: PWDF_OBJECT_ATTRIBUTES,
            Context: *mut PVOID,
        ) -> NTSTATUS {
            kmdf: 454, 1.31; umdf: 269, 2.31; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: Context; must_use;
        }
        fn WdfCxDeviceInitGetTypedContextWorker(
            DeviceInit: PWDFDEVICE_INIT,
            TypeInfo: PCWDF_OBJECT_CONTEXT_TYPE_INFO,
        ) -> PVOID {
            kmdf: 455, 1.31; umdf: 270, 2.31; irql: PASSIVE_LEVEL ..= DIRQL; optional: ;
        }
        fn WdfCxDeviceInitSetPowerPolicyEventCallbacks(
            CxDeviceInit: PWDFCXDEVICE_INIT,
            CxPowerPolicyCallbacks: PWDFCX_POWER_POLICY_EVENT_CALLBACKS,
        ) -> () {
            kmdf: 456, 1.31; umdf: 271, 2.31; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
    } };
}
wdfcx_functions!(crate::wdf::declare_functions);


c_opaque! {
    /// What a class extension registers for file objects; no public header gives its layout.
    WDFCX_FILEOBJECT_CONFIG as PWDFCX_FILEOBJECT_CONFIG;
    /// What a class extension registers for PnP and power events; no public header gives its layout.
    WDFCX_PNPPOWER_EVENT_CALLBACKS as PWDFCX_PNPPOWER_EVENT_CALLBACKS;
    /// What a class extension registers for power policy events; no public header gives its layout.
    WDFCX_POWER_POLICY_EVENT_CALLBACKS as PWDFCX_POWER_POLICY_EVENT_CALLBACKS;
}
