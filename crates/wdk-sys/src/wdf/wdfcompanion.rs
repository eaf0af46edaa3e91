//! Companions (UMDF).
//!
//! DDI header: `wdfcompanion.h`.

use crate::declare::{c_enum, c_struct};
#[allow(unused_imports)]
use super::*;

c_enum! {
    /// `WDF_TASK_QUEUE_DISPATCH_TYPE`.
    enum _WDF_TASK_QUEUE_DISPATCH_TYPE as WDF_TASK_QUEUE_DISPATCH_TYPE, PWDF_TASK_QUEUE_DISPATCH_TYPE {
        WdfTaskQueueDispatchInvalid = 0,
        WdfTaskQueueDispatchSequential = 1,
        WdfTaskQueueDispatchParallel = 2,
        WdfTaskQueueDispatchMax = 3,
    }
}

/// The callbacks of `wdfcompanion.h`: `fn EVT_… as PFN_…(parameters) -> result { irql }`.
#[doc(hidden)]
#[macro_export]
macro_rules! wdfcompanion_callbacks {
    ($($then:tt)+) => { $($then)+! {
        wdfcompanion;
        fn EVT_WDF_COMPANION_PRE_PREPARE_HARDWARE as PFN_WDF_COMPANION_PRE_PREPARE_HARDWARE(
            Companion: WDFCOMPANION,
            ResourcesRaw: WDFCMRESLIST,
            ResourcesTranslated: WDFCMRESLIST,
        ) -> NTSTATUS { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDF_COMPANION_POST_RELEASE_HARDWARE as PFN_WDF_COMPANION_POST_RELEASE_HARDWARE(
            Companion: WDFCOMPANION,
            ResourcesTranslated: WDFCMRESLIST,
        ) -> NTSTATUS { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDF_COMPANION_PRE_D0_ENTRY as PFN_WDF_COMPANION_PRE_D0_ENTRY(
            Companion: WDFCOMPANION,
            PreviousState: WDF_POWER_DEVICE_STATE,
        ) -> NTSTATUS { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDF_COMPANION_POST_D0_EXIT as PFN_WDF_COMPANION_POST_D0_EXIT(
            Companion: WDFCOMPANION,
            TargetState: WDF_POWER_DEVICE_STATE,
        ) -> NTSTATUS { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDF_TASK_QUEUE_TASK_EXECUTE_SYNC as PFN_WDF_TASK_QUEUE_TASK_EXECUTE_SYNC(
            Queue: WDFTASKQUEUE,
            InputBuffer: PVOID,
            OutputBuffer: PVOID,
            InputBufferLength: usize,
            OutputBufferLength: usize,
            BytesWritten: *mut usize,
            TaskOperationCode: ULONG,
        ) -> NTSTATUS { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
    } };
}
wdfcompanion_callbacks!(crate::wdf::declare_callbacks);

c_struct! {
    /// `WDF_COMPANION_EVENT_CALLBACKS`.
    struct _WDF_COMPANION_EVENT_CALLBACKS as WDF_COMPANION_EVENT_CALLBACKS, PWDF_COMPANION_EVENT_CALLBACKS [40, 8] {
        Size: ULONG = 0,
        EvtCompanionPreD0Entry: PFN_WDF_COMPANION_PRE_D0_ENTRY = 8,
        EvtCompanionPostD0Exit: PFN_WDF_COMPANION_POST_D0_EXIT = 16,
        EvtCompanionPrePrepareHardware: PFN_WDF_COMPANION_PRE_PREPARE_HARDWARE = 24,
        EvtCompanionPostReleaseHardware: PFN_WDF_COMPANION_POST_RELEASE_HARDWARE = 32,
    }
}

c_struct! {
    /// `WDF_TASK_QUEUE_CONFIG`.
    struct _WDF_TASK_QUEUE_CONFIG as WDF_TASK_QUEUE_CONFIG, PWDF_TASK_QUEUE_CONFIG [24, 8] {
        Size: ULONG = 0,
        TaskQueueId: USHORT = 4,
        DispatchType: WDF_TASK_QUEUE_DISPATCH_TYPE = 8,
        EvtTaskExecuteSync: PFN_WDF_TASK_QUEUE_TASK_EXECUTE_SYNC = 16,
    }
}

/// The functions of `wdfcompanion.h`.
#[doc(hidden)]
#[macro_export]
macro_rules! wdfcompanion_functions {
    ($($then:tt)+) => { $($then)+! {
        wdfcompanion;
        fn WdfCompanionCreate(
            DeviceInit: *mut PWDFDEVICE_INIT,
            DeviceAttributes: PWDF_OBJECT_ATTRIBUTES,
            Companion: *mut WDFCOMPANION,
        ) -> NTSTATUS {
            umdf: 261, 2.23; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: DeviceAttributes; must_use;
        }
        fn WdfCompanionWdmGetSecureDeviceHandle(Companion: WDFCOMPANION) -> HANDLE {
            umdf: 262, 2.23; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ;
        }
        fn WdfCompanionCreateTaskQueue(
            Companion: WDFCOMPANION,
            Config: PWDF_TASK_QUEUE_CONFIG,
            QueueAttributes: PWDF_OBJECT_ATTRIBUTES,
            Queue: *mut WDFTASKQUEUE,
        ) -> NTSTATUS {
            umdf: 263, 2.23; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: QueueAttributes, Queue; must_use;
        }
        fn WdfDeviceInitSetCompanionEventCallbacks(
            DeviceInit: PWDFDEVICE_INIT,
            CompanionEventCallbacks: PWDF_COMPANION_EVENT_CALLBACKS,
        ) -> () {
            umdf: 264, 2.23; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ;
        }
    } };
}
wdfcompanion_functions!(crate::wdf::declare_functions);

/// Initialises a [`WDF_COMPANION_EVENT_CALLBACKS`] as the C function of that name does.
pub fn WDF_COMPANION_EVENT_CALLBACKS_INIT(Callbacks: &mut WDF_COMPANION_EVENT_CALLBACKS) {
    *Callbacks = WDF_COMPANION_EVENT_CALLBACKS::default();
    Callbacks.Size = structure_size::<WDF_COMPANION_EVENT_CALLBACKS>();
}

/// Initialises a [`WDF_TASK_QUEUE_CONFIG`] as the C function of that name does.
pub fn WDF_TASK_QUEUE_CONFIG_INIT(
    Config: &mut WDF_TASK_QUEUE_CONFIG,
    TaskQueueId: USHORT,
    DispatchType: WDF_TASK_QUEUE_DISPATCH_TYPE,
) {
    *Config = WDF_TASK_QUEUE_CONFIG::default();
    Config.Size = structure_size::<WDF_TASK_QUEUE_CONFIG>();
    Config.TaskQueueId = TaskQueueId;
    Config.DispatchType = DispatchType;
}
