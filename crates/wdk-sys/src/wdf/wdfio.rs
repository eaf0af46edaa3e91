//! I/O queues.
//!
//! DDI header: `wdfio.h`.

use crate::declare::{c_enum, c_struct, c_union};
#[allow(unused_imports)]
use super::*;

c_enum! {
    /// `WDF_IO_QUEUE_DISPATCH_TYPE`.
    enum _WDF_IO_QUEUE_DISPATCH_TYPE as WDF_IO_QUEUE_DISPATCH_TYPE, PWDF_IO_QUEUE_DISPATCH_TYPE {
        WdfIoQueueDispatchInvalid = 0,
        WdfIoQueueDispatchSequential = 1,
        WdfIoQueueDispatchParallel = 2,
        WdfIoQueueDispatchManual = 3,
        WdfIoQueueDispatchMax = 4,
    }
}

c_enum! {
    /// `WDF_IO_QUEUE_STATE`.
    enum _WDF_IO_QUEUE_STATE as WDF_IO_QUEUE_STATE, PWDF_IO_QUEUE_STATE {
        WdfIoQueueAcceptRequests = 1,
        WdfIoQueueDispatchRequests = 2,
        WdfIoQueueNoRequests = 4,
        WdfIoQueueDriverNoRequests = 8,
        WdfIoQueuePnpHeld = 16,
    }
}

c_enum! {
    /// `WDF_IO_FORWARD_PROGRESS_ACTION`.
    enum _WDF_IO_FORWARD_PROGRESS_ACTION as WDF_IO_FORWARD_PROGRESS_ACTION, PWDF_IO_FORWARD_PROGRESS_ACTION {
        WdfIoForwardProgressActionInvalid = 0,
        WdfIoForwardProgressActionFailRequest = 1,
        WdfIoForwardProgressActionUseReservedRequest = 2,
    }
}

c_enum! {
    /// `WDF_IO_FORWARD_PROGRESS_RESERVED_POLICY`.
    enum _WDF_IO_FORWARD_PROGRESS_RESERVED_POLICY as WDF_IO_FORWARD_PROGRESS_RESERVED_POLICY, PWDF_IO_FORWARD_PROGRESS_RESERVED_POLICY {
        WdfIoForwardProgressInvalidPolicy = 0,
        WdfIoForwardProgressReservedPolicyAlwaysUseReservedRequest = 1,
        WdfIoForwardProgressReservedPolicyUseExamine = 2,
        WdfIoForwardProgressReservedPolicyPagingIO = 3,
    }
}

/// The callbacks of `wdfio.h`: `fn EVT_… as PFN_…(parameters) -> result { irql }`.
#[doc(hidden)]
#[macro_export]
macro_rules! wdfio_callbacks {
    ($($then:tt)+) => { $($then)+! {
        wdfio;
        fn EVT_WDF_IO_QUEUE_IO_DEFAULT as PFN_WDF_IO_QUEUE_IO_DEFAULT(
            Queue: WDFQUEUE,
            Request: WDFREQUEST,
        ) -> () { irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; }
        fn EVT_WDF_IO_QUEUE_IO_STOP as PFN_WDF_IO_QUEUE_IO_STOP(
            Queue: WDFQUEUE,
            Request: WDFREQUEST,
            ActionFlags: ULONG,
        ) -> () { irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; }
        fn EVT_WDF_IO_QUEUE_IO_RESUME as PFN_WDF_IO_QUEUE_IO_RESUME(
            Queue: WDFQUEUE,
            Request: WDFREQUEST,
        ) -> () { irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; }
        fn EVT_WDF_IO_QUEUE_IO_READ as PFN_WDF_IO_QUEUE_IO_READ(
            Queue: WDFQUEUE,
            Request: WDFREQUEST,
            Length: usize,
        ) -> () { irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; }
        fn EVT_WDF_IO_QUEUE_IO_WRITE as PFN_WDF_IO_QUEUE_IO_WRITE(
            Queue: WDFQUEUE,
            Request: WDFREQUEST,
            Length: usize,
        ) -> () { irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; }
        fn EVT_WDF_IO_QUEUE_IO_DEVICE_CONTROL as PFN_WDF_IO_QUEUE_IO_DEVICE_CONTROL(
            Queue: WDFQUEUE,
            Request: WDFREQUEST,
            OutputBufferLength: usize,
            InputBufferLength: usize,
            IoControlCode: ULONG,
        ) -> () { irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; }
        fn EVT_WDF_IO_QUEUE_IO_INTERNAL_DEVICE_CONTROL as PFN_WDF_IO_QUEUE_IO_INTERNAL_DEVICE_CONTROL(
            Queue: WDFQUEUE,
            Request: WDFREQUEST,
            OutputBufferLength: usize,
            InputBufferLength: usize,
            IoControlCode: ULONG,
        ) -> () { irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; }
        fn EVT_WDF_IO_QUEUE_IO_CANCELED_ON_QUEUE as PFN_WDF_IO_QUEUE_IO_CANCELED_ON_QUEUE(
            Queue: WDFQUEUE,
            Request: WDFREQUEST,
        ) -> () { irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; }
        fn EVT_WDF_IO_QUEUE_STATE as PFN_WDF_IO_QUEUE_STATE(
            Queue: WDFQUEUE,
            Context: WDFCONTEXT,
        ) -> () { irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; }
        fn EVT_WDF_IO_ALLOCATE_RESOURCES_FOR_RESERVED_REQUEST as PFN_WDF_IO_ALLOCATE_RESOURCES_FOR_RESERVED_REQUEST(
            Queue: WDFQUEUE,
            Request: WDFREQUEST,
        ) -> NTSTATUS { irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; }
        fn EVT_WDF_IO_ALLOCATE_REQUEST_RESOURCES as PFN_WDF_IO_ALLOCATE_REQUEST_RESOURCES(
            Queue: WDFQUEUE,
            Request: WDFREQUEST,
        ) -> NTSTATUS { irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; }
        fn EVT_WDF_IO_WDM_IRP_FOR_FORWARD_PROGRESS as PFN_WDF_IO_WDM_IRP_FOR_FORWARD_PROGRESS(
            Queue: WDFQUEUE,
            Irp: PIRP,
        ) -> WDF_IO_FORWARD_PROGRESS_ACTION { irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; }
    } };
}
wdfio_callbacks!(crate::wdf::declare_callbacks);

c_struct! {
    /// `_WDF_IO_QUEUE_CONFIG__bindgen_ty_1__bindgen_ty_1`.
    struct _WDF_IO_QUEUE_CONFIG__bindgen_ty_1__bindgen_ty_1 [4, 4] {
        NumberOfPresentedRequests: ULONG = 0,
    }
}

c_union! {
    /// `_WDF_IO_QUEUE_CONFIG__bindgen_ty_1`.
    union _WDF_IO_QUEUE_CONFIG__bindgen_ty_1 [4, 4] {
        Parallel: _WDF_IO_QUEUE_CONFIG__bindgen_ty_1__bindgen_ty_1,
    }
}

c_struct! {
    /// `WDF_IO_QUEUE_CONFIG`.
    struct _WDF_IO_QUEUE_CONFIG as WDF_IO_QUEUE_CONFIG, PWDF_IO_QUEUE_CONFIG [96, 8] {
        Size: ULONG = 0,
        DispatchType: WDF_IO_QUEUE_DISPATCH_TYPE = 4,
        PowerManaged: WDF_TRI_STATE = 8,
        AllowZeroLengthRequests: BOOLEAN = 12,
        DefaultQueue: BOOLEAN = 13,
        EvtIoDefault: PFN_WDF_IO_QUEUE_IO_DEFAULT = 16,
        EvtIoRead: PFN_WDF_IO_QUEUE_IO_READ = 24,
        EvtIoWrite: PFN_WDF_IO_QUEUE_IO_WRITE = 32,
        EvtIoDeviceControl: PFN_WDF_IO_QUEUE_IO_DEVICE_CONTROL = 40,
        EvtIoInternalDeviceControl: PFN_WDF_IO_QUEUE_IO_INTERNAL_DEVICE_CONTROL = 48,
        EvtIoStop: PFN_WDF_IO_QUEUE_IO_STOP = 56,
        EvtIoResume: PFN_WDF_IO_QUEUE_IO_RESUME = 64,
        EvtIoCanceledOnQueue: PFN_WDF_IO_QUEUE_IO_CANCELED_ON_QUEUE = 72,
        Settings: _WDF_IO_QUEUE_CONFIG__bindgen_ty_1 = 80,
        Driver: WDFDRIVER = 88,
    }
}

c_struct! {
    /// `_WDF_IO_FORWARD_PROGRESS_RESERVED_POLICY_SETTINGS__bindgen_ty_1__bindgen_ty_1`.
    struct _WDF_IO_FORWARD_PROGRESS_RESERVED_POLICY_SETTINGS__bindgen_ty_1__bindgen_ty_1 [8, 8] {
        EvtIoWdmIrpForForwardProgress: PFN_WDF_IO_WDM_IRP_FOR_FORWARD_PROGRESS = 0,
    }
}

c_union! {
    /// `_WDF_IO_FORWARD_PROGRESS_RESERVED_POLICY_SETTINGS__bindgen_ty_1`.
    union _WDF_IO_FORWARD_PROGRESS_RESERVED_POLICY_SETTINGS__bindgen_ty_1 [8, 8] {
        ExaminePolicy: _WDF_IO_FORWARD_PROGRESS_RESERVED_POLICY_SETTINGS__bindgen_ty_1__bindgen_ty_1,
    }
}

c_struct! {
    /// `WDF_IO_FORWARD_PROGRESS_RESERVED_POLICY_SETTINGS`.
    struct _WDF_IO_FORWARD_PROGRESS_RESERVED_POLICY_SETTINGS as WDF_IO_FORWARD_PROGRESS_RESERVED_POLICY_SETTINGS, PWDF_IO_FORWARD_PROGRESS_RESERVED_POLICY_SETTINGS [8, 8] {
        Policy: _WDF_IO_FORWARD_PROGRESS_RESERVED_POLICY_SETTINGS__bindgen_ty_1 = 0,
    }
}

c_struct! {
    /// `WDF_IO_QUEUE_FORWARD_PROGRESS_POLICY`.
    struct _WDF_IO_QUEUE_FORWARD_PROGRESS_POLICY as WDF_IO_QUEUE_FORWARD_PROGRESS_POLICY, PWDF_IO_QUEUE_FORWARD_PROGRESS_POLICY [40, 8] {
        Size: ULONG = 0,
        TotalForwardProgressRequests: ULONG = 4,
        ForwardProgressReservedPolicy: WDF_IO_FORWARD_PROGRESS_RESERVED_POLICY = 8,
        ForwardProgressReservePolicySettings: WDF_IO_FORWARD_PROGRESS_RESERVED_POLICY_SETTINGS = 16,
        EvtIoAllocateResourcesForReservedRequest: PFN_WDF_IO_ALLOCATE_RESOURCES_FOR_RESERVED_REQUEST = 24,
        EvtIoAllocateRequestResources: PFN_WDF_IO_ALLOCATE_REQUEST_RESOURCES = 32,
    }
}

/// The functions of `wdfio.h`.
#[doc(hidden)]
#[macro_export]
macro_rules! wdfio_functions {
    ($($then:tt)+) => { $($then)+! {
        wdfio;
        fn WdfIoQueueCreate(
            Device: WDFDEVICE,
            Config: PWDF_IO_QUEUE_CONFIG,
            QueueAttributes: PWDF_OBJECT_ATTRIBUTES,
            Queue: *mut WDFQUEUE,
        ) -> NTSTATUS {
            kmdf: 152, 1.0; umdf: 85, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: QueueAttributes, Queue; must_use;
        }
        fn WdfIoQueueGetState(
            Queue: WDFQUEUE,
            QueueRequests: PULONG,
            DriverRequests: PULONG,
        ) -> WDF_IO_QUEUE_STATE {
            kmdf: 153, 1.0; umdf: 86, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: QueueRequests, DriverRequests;
        }
        fn WdfIoQueueStart(Queue: WDFQUEUE) -> () {
            kmdf: 154, 1.0; umdf: 87, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfIoQueueStop(
            Queue: WDFQUEUE,
            StopComplete: PFN_WDF_IO_QUEUE_STATE,
            Context: WDFCONTEXT,
        ) -> () {
            kmdf: 155, 1.0; umdf: 88, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: StopComplete, Context;
        }
        fn WdfIoQueueStopSynchronously(Queue: WDFQUEUE) -> () {
            kmdf: 156, 1.0; umdf: 89, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ;
        }
        fn WdfIoQueueGetDevice(Queue: WDFQUEUE) -> WDFDEVICE {
            kmdf: 157, 1.0; umdf: 90, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfIoQueueRetrieveNextRequest(Queue: WDFQUEUE, OutRequest: *mut WDFREQUEST) -> NTSTATUS {
            kmdf: 158, 1.0; umdf: 91, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
        fn WdfIoQueueRetrieveRequestByFileObject(
            Queue: WDFQUEUE,
            FileObject: WDFFILEOBJECT,
            OutRequest: *mut WDFREQUEST,
        ) -> NTSTATUS {
            kmdf: 159, 1.0; umdf: 92, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
        fn WdfIoQueueFindRequest(
            Queue: WDFQUEUE,
            FoundRequest: WDFREQUEST,
            FileObject: WDFFILEOBJECT,
            Parameters: PWDF_REQUEST_PARAMETERS,
            OutRequest: *mut WDFREQUEST,
        ) -> NTSTATUS {
            kmdf: 160, 1.0; umdf: 93, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: FoundRequest, FileObject, Parameters; must_use;
        }
        fn WdfIoQueueRetrieveFoundRequest(
            Queue: WDFQUEUE,
            FoundRequest: WDFREQUEST,
            OutRequest: *mut WDFREQUEST,
        ) -> NTSTATUS {
            kmdf: 161, 1.0; umdf: 94, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
        fn WdfIoQueueDrainSynchronously(Queue: WDFQUEUE) -> () {
            kmdf: 162, 1.0; umdf: 95, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ;
        }
        fn WdfIoQueueDrain(
            Queue: WDFQUEUE,
            DrainComplete: PFN_WDF_IO_QUEUE_STATE,
            Context: WDFCONTEXT,
        ) -> () {
            kmdf: 163, 1.0; umdf: 96, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: DrainComplete, Context;
        }
        fn WdfIoQueuePurgeSynchronously(Queue: WDFQUEUE) -> () {
            kmdf: 164, 1.0; umdf: 97, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ;
        }
        fn WdfIoQueuePurge(
            Queue: WDFQUEUE,
            PurgeComplete: PFN_WDF_IO_QUEUE_STATE,
            Context: WDFCONTEXT,
        ) -> () {
            kmdf: 165, 1.0; umdf: 98, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: PurgeComplete, Context;
        }
        fn WdfIoQueueReadyNotify(
            Queue: WDFQUEUE,
            QueueReady: PFN_WDF_IO_QUEUE_STATE,
            Context: WDFCONTEXT,
        ) -> NTSTATUS {
            kmdf: 166, 1.0; umdf: 99, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: QueueReady, Context; must_use;
        }
        fn WdfIoQueueAssignForwardProgressPolicy(
            Queue: WDFQUEUE,
            ForwardProgressPolicy: PWDF_IO_QUEUE_FORWARD_PROGRESS_POLICY,
        ) -> NTSTATUS {
            kmdf: 390, 1.9; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ; must_use;
        }
        fn WdfIoQueueStopAndPurge(
            Queue: WDFQUEUE,
            StopAndPurgeComplete: PFN_WDF_IO_QUEUE_STATE,
            Context: WDFCONTEXT,
        ) -> () {
            kmdf: 418, 1.11; umdf: 100, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: StopAndPurgeComplete, Context;
        }
        fn WdfIoQueueStopAndPurgeSynchronously(Queue: WDFQUEUE) -> () {
            kmdf: 419, 1.11; umdf: 101, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ;
        }
    } };
}
wdfio_functions!(crate::wdf::declare_functions);

/// Initialises a [`WDF_IO_QUEUE_CONFIG`] as the C function of that name does.
pub fn WDF_IO_QUEUE_CONFIG_INIT(
    Config: &mut WDF_IO_QUEUE_CONFIG,
    DispatchType: WDF_IO_QUEUE_DISPATCH_TYPE,
) {
    *Config = WDF_IO_QUEUE_CONFIG::default();
    Config.Size = structure_size::<WDF_IO_QUEUE_CONFIG>();
    Config.PowerManaged = _WDF_TRI_STATE::WdfUseDefault;
    Config.DispatchType = DispatchType;
    if DispatchType == _WDF_IO_QUEUE_DISPATCH_TYPE::WdfIoQueueDispatchParallel {
        Config.Settings.Parallel.NumberOfPresentedRequests = ULONG::MAX;
    }
}

/// Initialises a [`WDF_IO_QUEUE_CONFIG`] as the C function of that name does.
pub fn WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(
    Config: &mut WDF_IO_QUEUE_CONFIG,
    DispatchType: WDF_IO_QUEUE_DISPATCH_TYPE,
) {
    *Config = WDF_IO_QUEUE_CONFIG::default();
    Config.Size = structure_size::<WDF_IO_QUEUE_CONFIG>();
    Config.PowerManaged = _WDF_TRI_STATE::WdfUseDefault;
    Config.DefaultQueue = TRUE as BOOLEAN;
    Config.DispatchType = DispatchType;
    if DispatchType == _WDF_IO_QUEUE_DISPATCH_TYPE::WdfIoQueueDispatchParallel {
        Config.Settings.Parallel.NumberOfPresentedRequests = ULONG::MAX;
    }
}

/// Initialises a [`WDF_IO_QUEUE_FORWARD_PROGRESS_POLICY`] as the C function of that name does.
pub fn WDF_IO_QUEUE_FORWARD_PROGRESS_POLICY_DEFAULT_INIT(
    Policy: &mut WDF_IO_QUEUE_FORWARD_PROGRESS_POLICY,
    TotalForwardProgressRequests: ULONG,
) {
    *Policy = WDF_IO_QUEUE_FORWARD_PROGRESS_POLICY::default();
    Policy.Size = structure_size::<WDF_IO_QUEUE_FORWARD_PROGRESS_POLICY>();
    Policy.TotalForwardProgressRequests = TotalForwardProgressRequests;
    Policy.ForwardProgressReservedPolicy = _WDF_IO_FORWARD_PROGRESS_RESERVED_POLICY::WdfIoForwardProgressReservedPolicyAlwaysUseReservedRequest;
}

/// Initialises a [`WDF_IO_QUEUE_FORWARD_PROGRESS_POLICY`] as the C function of that name does.
pub fn WDF_IO_QUEUE_FORWARD_PROGRESS_POLICY_EXAMINE_INIT(
    Policy: &mut WDF_IO_QUEUE_FORWARD_PROGRESS_POLICY,
    TotalForwardProgressRequests: ULONG,
    EvtIoWdmIrpForForwardProgress: PFN_WDF_IO_WDM_IRP_FOR_FORWARD_PROGRESS,
) {
    *Policy = WDF_IO_QUEUE_FORWARD_PROGRESS_POLICY::default();
    Policy.Size = structure_size::<WDF_IO_QUEUE_FORWARD_PROGRESS_POLICY>();
    Policy.TotalForwardProgressRequests = TotalForwardProgressRequests;
    Policy.ForwardProgressReservedPolicy = _WDF_IO_FORWARD_PROGRESS_RESERVED_POLICY::WdfIoForwardProgressReservedPolicyUseExamine;
    Policy.ForwardProgressReservePolicySettings.Policy.ExaminePolicy.EvtIoWdmIrpForForwardProgress = EvtIoWdmIrpForForwardProgress;
}

/// Initialises a [`WDF_IO_QUEUE_FORWARD_PROGRESS_POLICY`] as the C function of that name does.
pub fn WDF_IO_QUEUE_FORWARD_PROGRESS_POLICY_PAGINGIO_INIT(
    Policy: &mut WDF_IO_QUEUE_FORWARD_PROGRESS_POLICY,
    TotalForwardProgressRequests: ULONG,
) {
    *Policy = WDF_IO_QUEUE_FORWARD_PROGRESS_POLICY::default();
    Policy.Size = structure_size::<WDF_IO_QUEUE_FORWARD_PROGRESS_POLICY>();
    Policy.TotalForwardProgressRequests = TotalForwardProgressRequests;
    Policy.ForwardProgressReservedPolicy = _WDF_IO_FORWARD_PROGRESS_RESERVED_POLICY::WdfIoForwardProgressReservedPolicyPagingIO;
}
