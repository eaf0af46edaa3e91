//! I/O requests.
//!
//! DDI header: `wdfrequest.h`.

use crate::declare::{c_enum, c_struct, c_union};
#[allow(unused_imports)]
use super::*;

c_enum! {
    /// `WDF_REQUEST_TYPE`.
    enum _WDF_REQUEST_TYPE as WDF_REQUEST_TYPE, PWDF_REQUEST_TYPE {
        WdfRequestTypeCreate = 0,
        WdfRequestTypeCreateNamedPipe = 1,
        WdfRequestTypeClose = 2,
        WdfRequestTypeRead = 3,
        WdfRequestTypeWrite = 4,
        WdfRequestTypeQueryInformation = 5,
        WdfRequestTypeSetInformation = 6,
        WdfRequestTypeQueryEA = 7,
        WdfRequestTypeSetEA = 8,
        WdfRequestTypeFlushBuffers = 9,
        WdfRequestTypeQueryVolumeInformation = 10,
        WdfRequestTypeSetVolumeInformation = 11,
        WdfRequestTypeDirectoryControl = 12,
        WdfRequestTypeFileSystemControl = 13,
        WdfRequestTypeDeviceControl = 14,
        WdfRequestTypeDeviceControlInternal = 15,
        WdfRequestTypeShutdown = 16,
        WdfRequestTypeLockControl = 17,
        WdfRequestTypeCleanup = 18,
        WdfRequestTypeCreateMailSlot = 19,
        WdfRequestTypeQuerySecurity = 20,
        WdfRequestTypeSetSecurity = 21,
        WdfRequestTypePower = 22,
        WdfRequestTypeSystemControl = 23,
        WdfRequestTypeDeviceChange = 24,
        WdfRequestTypeQueryQuota = 25,
        WdfRequestTypeSetQuota = 26,
        WdfRequestTypePnp = 27,
        WdfRequestTypeOther = 28,
        WdfRequestTypeUsb = 64,
        WdfRequestTypeNoFormat = 255,
        WdfRequestTypeMax = 256,
    }
}

c_enum! {
    /// `WDF_REQUEST_REUSE_FLAGS`.
    enum _WDF_REQUEST_REUSE_FLAGS as WDF_REQUEST_REUSE_FLAGS, PWDF_REQUEST_REUSE_FLAGS {
        WDF_REQUEST_REUSE_NO_FLAGS = 0,
        WDF_REQUEST_REUSE_SET_NEW_IRP = 1,
    }
}

c_enum! {
    /// `WDF_REQUEST_STOP_ACTION_FLAGS`.
    enum _WDF_REQUEST_STOP_ACTION_FLAGS as WDF_REQUEST_STOP_ACTION_FLAGS, PWDF_REQUEST_STOP_ACTION_FLAGS {
        WdfRequestStopActionInvalid = 0,
        WdfRequestStopActionSuspend = 1,
        WdfRequestStopActionPurge = 2,
        WdfRequestStopRequestCancelable = 268435456,
    }
}

c_enum! {
    /// `WDF_REQUEST_SEND_OPTIONS_FLAGS`.
    enum _WDF_REQUEST_SEND_OPTIONS_FLAGS as WDF_REQUEST_SEND_OPTIONS_FLAGS, PWDF_REQUEST_SEND_OPTIONS_FLAGS {
        WDF_REQUEST_SEND_OPTION_TIMEOUT = 1,
        WDF_REQUEST_SEND_OPTION_SYNCHRONOUS = 2,
        WDF_REQUEST_SEND_OPTION_IGNORE_TARGET_STATE = 4,
        WDF_REQUEST_SEND_OPTION_SEND_AND_FORGET = 8,
        WDF_REQUEST_SEND_OPTION_IMPERSONATE_CLIENT = 65536,
        WDF_REQUEST_SEND_OPTION_IMPERSONATION_IGNORE_FAILURE = 131072,
    }
}

c_enum! {
    /// `WDF_REQUEST_FORWARD_OPTIONS_FLAGS`.
    enum _WDF_REQUEST_FORWARD_OPTIONS_FLAGS as WDF_REQUEST_FORWARD_OPTIONS_FLAGS, PWDF_REQUEST_FORWARD_OPTIONS_FLAGS {
        WDF_REQUEST_FORWARD_OPTION_SEND_AND_FORGET = 1,
    }
}

/// The callbacks of `wdfrequest.h`: `fn EVT_… as PFN_…(parameters) -> result { irql }`.
#[doc(hidden)]
#[macro_export]
macro_rules! wdfrequest_callbacks {
    ($($then:tt)+) => { $($then)+! {
        wdfrequest;
        fn EVT_WDF_REQUEST_CANCEL as PFN_WDF_REQUEST_CANCEL(
            Request: WDFREQUEST,
        ) -> () { irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; }
        fn EVT_WDF_REQUEST_COMPLETION_ROUTINE as PFN_WDF_REQUEST_COMPLETION_ROUTINE(
            Request: WDFREQUEST,
            Target: WDFIOTARGET,
            Params: PWDF_REQUEST_COMPLETION_PARAMS,
            Context: WDFCONTEXT,
        ) -> () { irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; }
        fn EVT_WDF_REQUEST_IMPERSONATE as PFN_WDF_REQUEST_IMPERSONATE(
            Request: WDFREQUEST,
            Context: PVOID,
        ) -> () { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
    } };
}
wdfrequest_callbacks!(crate::wdf::declare_callbacks);

c_struct! {
    /// `_WDF_REQUEST_PARAMETERS__bindgen_ty_1__bindgen_ty_1`.
    struct _WDF_REQUEST_PARAMETERS__bindgen_ty_1__bindgen_ty_1 [32, 8] {
        SecurityContext: PIO_SECURITY_CONTEXT = 0,
        Options: ULONG = 8,
        /// Padding of `FileAttributes` to pointer alignment.
        __pad0: [u8; 4] = 12,
        FileAttributes: USHORT = 16,
        ShareAccess: USHORT = 18,
        /// Padding of `EaLength` to pointer alignment.
        __pad1: [u8; 4] = 20,
        EaLength: ULONG = 24,
    }
}

c_struct! {
    /// `_WDF_REQUEST_PARAMETERS__bindgen_ty_1__bindgen_ty_2`.
    struct _WDF_REQUEST_PARAMETERS__bindgen_ty_1__bindgen_ty_2 [24, 8] {
        Length: usize = 0,
        Key: ULONG = 8,
        DeviceOffset: LONGLONG = 16,
    }
}

c_struct! {
    /// `_WDF_REQUEST_PARAMETERS__bindgen_ty_1__bindgen_ty_3`.
    struct _WDF_REQUEST_PARAMETERS__bindgen_ty_1__bindgen_ty_3 [24, 8] {
        Length: usize = 0,
        Key: ULONG = 8,
        DeviceOffset: LONGLONG = 16,
    }
}

c_struct! {
    /// `_WDF_REQUEST_PARAMETERS__bindgen_ty_1__bindgen_ty_4`.
    struct _WDF_REQUEST_PARAMETERS__bindgen_ty_1__bindgen_ty_4 [32, 8] {
        OutputBufferLength: usize = 0,
        InputBufferLength: usize = 8,
        IoControlCode: ULONG = 16,
        Type3InputBuffer: PVOID = 24,
    }
}

c_struct! {
    /// `_WDF_REQUEST_PARAMETERS__bindgen_ty_1__bindgen_ty_5`.
    struct _WDF_REQUEST_PARAMETERS__bindgen_ty_1__bindgen_ty_5 [32, 8] {
        Arg1: PVOID = 0,
        Arg2: PVOID = 8,
        IoControlCode: ULONG = 16,
        Arg4: PVOID = 24,
    }
}

c_union! {
    /// `_WDF_REQUEST_PARAMETERS__bindgen_ty_1`.
    union _WDF_REQUEST_PARAMETERS__bindgen_ty_1 [32, 8] {
        Create: _WDF_REQUEST_PARAMETERS__bindgen_ty_1__bindgen_ty_1,
        Read: _WDF_REQUEST_PARAMETERS__bindgen_ty_1__bindgen_ty_2,
        Write: _WDF_REQUEST_PARAMETERS__bindgen_ty_1__bindgen_ty_3,
        DeviceIoControl: _WDF_REQUEST_PARAMETERS__bindgen_ty_1__bindgen_ty_4,
        Others: _WDF_REQUEST_PARAMETERS__bindgen_ty_1__bindgen_ty_5,
    }
}

c_struct! {
    /// `WDF_REQUEST_PARAMETERS`.
    struct _WDF_REQUEST_PARAMETERS as WDF_REQUEST_PARAMETERS, PWDF_REQUEST_PARAMETERS [40, 8] {
        Size: USHORT = 0,
        MinorFunction: UCHAR = 2,
        Type: WDF_REQUEST_TYPE = 4,
        Parameters: _WDF_REQUEST_PARAMETERS__bindgen_ty_1 = 8,
    }
}

c_struct! {
    /// `_WDF_REQUEST_COMPLETION_PARAMS__bindgen_ty_1__bindgen_ty_1`.
    struct _WDF_REQUEST_COMPLETION_PARAMS__bindgen_ty_1__bindgen_ty_1 [24, 8] {
        Buffer: WDFMEMORY = 0,
        Length: usize = 8,
        Offset: usize = 16,
    }
}

c_struct! {
    /// `_WDF_REQUEST_COMPLETION_PARAMS__bindgen_ty_1__bindgen_ty_2`.
    struct _WDF_REQUEST_COMPLETION_PARAMS__bindgen_ty_1__bindgen_ty_2 [24, 8] {
        Buffer: WDFMEMORY = 0,
        Length: usize = 8,
        Offset: usize = 16,
    }
}

c_struct! {
    /// `_WDF_REQUEST_COMPLETION_PARAMS__bindgen_ty_1__bindgen_ty_3__bindgen_ty_1`.
    struct _WDF_REQUEST_COMPLETION_PARAMS__bindgen_ty_1__bindgen_ty_3__bindgen_ty_1 [16, 8] {
        Buffer: WDFMEMORY = 0,
        Offset: usize = 8,
    }
}

c_struct! {
    /// `_WDF_REQUEST_COMPLETION_PARAMS__bindgen_ty_1__bindgen_ty_3__bindgen_ty_2`.
    struct _WDF_REQUEST_COMPLETION_PARAMS__bindgen_ty_1__bindgen_ty_3__bindgen_ty_2 [24, 8] {
        Buffer: WDFMEMORY = 0,
        Offset: usize = 8,
        Length: usize = 16,
    }
}

c_struct! {
    /// `_WDF_REQUEST_COMPLETION_PARAMS__bindgen_ty_1__bindgen_ty_3`.
    struct _WDF_REQUEST_COMPLETION_PARAMS__bindgen_ty_1__bindgen_ty_3 [48, 8] {
        IoControlCode: ULONG = 0,
        Input: _WDF_REQUEST_COMPLETION_PARAMS__bindgen_ty_1__bindgen_ty_3__bindgen_ty_1 = 8,
        Output: _WDF_REQUEST_COMPLETION_PARAMS__bindgen_ty_1__bindgen_ty_3__bindgen_ty_2 = 24,
    }
}

c_union! {
    /// `_WDF_REQUEST_COMPLETION_PARAMS__bindgen_ty_1__bindgen_ty_4__bindgen_ty_1`.
    union _WDF_REQUEST_COMPLETION_PARAMS__bindgen_ty_1__bindgen_ty_4__bindgen_ty_1 [8, 8] {
        Ptr: PVOID,
        Value: ULONG_PTR,
    }
}

c_union! {
    /// `_WDF_REQUEST_COMPLETION_PARAMS__bindgen_ty_1__bindgen_ty_4__bindgen_ty_2`.
    union _WDF_REQUEST_COMPLETION_PARAMS__bindgen_ty_1__bindgen_ty_4__bindgen_ty_2 [8, 8] {
        Ptr: PVOID,
        Value: ULONG_PTR,
    }
}

c_union! {
    /// `_WDF_REQUEST_COMPLETION_PARAMS__bindgen_ty_1__bindgen_ty_4__bindgen_ty_3`.
    union _WDF_REQUEST_COMPLETION_PARAMS__bindgen_ty_1__bindgen_ty_4__bindgen_ty_3 [8, 8] {
        Ptr: PVOID,
        Value: ULONG_PTR,
    }
}

c_union! {
    /// `_WDF_REQUEST_COMPLETION_PARAMS__bindgen_ty_1__bindgen_ty_4__bindgen_ty_4`.
    union _WDF_REQUEST_COMPLETION_PARAMS__bindgen_ty_1__bindgen_ty_4__bindgen_ty_4 [8, 8] {
        Ptr: PVOID,
        Value: ULONG_PTR,
    }
}

c_struct! {
    /// `_WDF_REQUEST_COMPLETION_PARAMS__bindgen_ty_1__bindgen_ty_4`.
    struct _WDF_REQUEST_COMPLETION_PARAMS__bindgen_ty_1__bindgen_ty_4 [32, 8] {
        Argument1: _WDF_REQUEST_COMPLETION_PARAMS__bindgen_ty_1__bindgen_ty_4__bindgen_ty_1 = 0,
        Argument2: _WDF_REQUEST_COMPLETION_PARAMS__bindgen_ty_1__bindgen_ty_4__bindgen_ty_2 = 8,
        Argument3: _WDF_REQUEST_COMPLETION_PARAMS__bindgen_ty_1__bindgen_ty_4__bindgen_ty_3 = 16,
        Argument4: _WDF_REQUEST_COMPLETION_PARAMS__bindgen_ty_1__bindgen_ty_4__bindgen_ty_4 = 24,
    }
}

c_struct! {
    /// `_WDF_REQUEST_COMPLETION_PARAMS__bindgen_ty_1__bindgen_ty_5`.
    struct _WDF_REQUEST_COMPLETION_PARAMS__bindgen_ty_1__bindgen_ty_5 [8, 8] {
        Completion: PWDF_USB_REQUEST_COMPLETION_PARAMS = 0,
    }
}

c_union! {
    /// `_WDF_REQUEST_COMPLETION_PARAMS__bindgen_ty_1`.
    union _WDF_REQUEST_COMPLETION_PARAMS__bindgen_ty_1 [48, 8] {
        Write: _WDF_REQUEST_COMPLETION_PARAMS__bindgen_ty_1__bindgen_ty_1,
        Read: _WDF_REQUEST_COMPLETION_PARAMS__bindgen_ty_1__bindgen_ty_2,
        Ioctl: _WDF_REQUEST_COMPLETION_PARAMS__bindgen_ty_1__bindgen_ty_3,
        Others: _WDF_REQUEST_COMPLETION_PARAMS__bindgen_ty_1__bindgen_ty_4,
        Usb: _WDF_REQUEST_COMPLETION_PARAMS__bindgen_ty_1__bindgen_ty_5,
    }
}

c_struct! {
    /// `WDF_REQUEST_COMPLETION_PARAMS`.
    struct _WDF_REQUEST_COMPLETION_PARAMS as WDF_REQUEST_COMPLETION_PARAMS, PWDF_REQUEST_COMPLETION_PARAMS [72, 8] {
        Size: ULONG = 0,
        Type: WDF_REQUEST_TYPE = 4,
        IoStatus: IO_STATUS_BLOCK = 8,
        Parameters: _WDF_REQUEST_COMPLETION_PARAMS__bindgen_ty_1 = 24,
    }
}

c_struct! {
    /// `WDF_REQUEST_REUSE_PARAMS`.
    struct _WDF_REQUEST_REUSE_PARAMS as WDF_REQUEST_REUSE_PARAMS, PWDF_REQUEST_REUSE_PARAMS [24, 8] {
        Size: ULONG = 0,
        Flags: ULONG = 4,
        Status: NTSTATUS = 8,
        NewIrp: PIRP = 16,
    }
}

c_struct! {
    /// `WDF_REQUEST_SEND_OPTIONS`.
    struct _WDF_REQUEST_SEND_OPTIONS as WDF_REQUEST_SEND_OPTIONS, PWDF_REQUEST_SEND_OPTIONS [16, 8] {
        Size: ULONG = 0,
        Flags: ULONG = 4,
        Timeout: LONGLONG = 8,
    }
}

c_struct! {
    /// `WDF_REQUEST_FORWARD_OPTIONS`.
    struct _WDF_REQUEST_FORWARD_OPTIONS as WDF_REQUEST_FORWARD_OPTIONS, PWDF_REQUEST_FORWARD_OPTIONS [8, 4] {
        Size: ULONG = 0,
        Flags: ULONG = 4,
    }
}

/// The functions of `wdfrequest.h`.
#[doc(hidden)]
#[macro_export]
macro_rules! wdfrequest_functions {
    ($($then:tt)+) => { $($then)+! {
        wdfrequest;
        fn WdfRequestImpersonate(
            Request: WDFREQUEST,
            ImpersonationLevel: SECURITY_IMPERSONATION_LEVEL,
            EvtRequestImpersonate: PFN_WDF_REQUEST_IMPERSONATE,
            Context: PVOID,
        ) -> NTSTATUS {
            umdf: 178, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: Context; must_use;
        }
        fn WdfRequestIsFromUserModeDriver(Request: WDFREQUEST) -> BOOLEAN {
            umdf: 180, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ;
        }
        fn WdfRequestSetUserModeDriverInitiatedIo(
            Request: WDFREQUEST,
            IsUserModeDriverInitiated: BOOLEAN,
        ) -> () {
            umdf: 181, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ;
        }
        fn WdfRequestGetUserModeDriverInitiatedIo(Request: WDFREQUEST) -> BOOLEAN {
            umdf: 182, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ;
        }
        fn WdfRequestSetActivityId(Request: WDFREQUEST, ActivityId: LPGUID) -> () {
            umdf: 183, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ;
        }
        fn WdfRequestRetrieveActivityId(Request: WDFREQUEST, ActivityId: LPGUID) -> NTSTATUS {
            umdf: 184, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ;
        }
        fn WdfRequestGetEffectiveIoType(Request: WDFREQUEST) -> WDF_DEVICE_IO_TYPE {
            umdf: 185, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ;
        }
        fn WdfRequestCreate(
            RequestAttributes: PWDF_OBJECT_ATTRIBUTES,
            IoTarget: WDFIOTARGET,
            Request: *mut WDFREQUEST,
        ) -> NTSTATUS {
            kmdf: 247, 1.0; umdf: 148, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: RequestAttributes, IoTarget; must_use;
        }
        fn WdfRequestCreateFromIrp(
            RequestAttributes: PWDF_OBJECT_ATTRIBUTES,
            Irp: PIRP,
            RequestFreesIrp: BOOLEAN,
            Request: *mut WDFREQUEST,
        ) -> NTSTATUS {
            kmdf: 248, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: RequestAttributes; must_use;
        }
        fn WdfRequestReuse(Request: WDFREQUEST, ReuseParams: PWDF_REQUEST_REUSE_PARAMS) -> NTSTATUS {
            kmdf: 249, 1.0; umdf: 149, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfRequestChangeTarget(Request: WDFREQUEST, IoTarget: WDFIOTARGET) -> NTSTATUS {
            kmdf: 250, 1.0; umdf: 150, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
        fn WdfRequestFormatRequestUsingCurrentType(Request: WDFREQUEST) -> () {
            kmdf: 251, 1.0; umdf: 151, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfRequestWdmFormatUsingStackLocation(
            Request: WDFREQUEST,
            Stack: PIO_STACK_LOCATION,
        ) -> () {
            kmdf: 252, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfRequestSend(
            Request: WDFREQUEST,
            Target: WDFIOTARGET,
            Options: PWDF_REQUEST_SEND_OPTIONS,
        ) -> BOOLEAN {
            kmdf: 253, 1.0; umdf: 152, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: Options;
        }
        fn WdfRequestGetStatus(Request: WDFREQUEST) -> NTSTATUS {
            kmdf: 254, 1.0; umdf: 153, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
        fn WdfRequestMarkCancelable(
            Request: WDFREQUEST,
            EvtRequestCancel: PFN_WDF_REQUEST_CANCEL,
        ) -> () {
            kmdf: 255, 1.0; umdf: 154, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfRequestUnmarkCancelable(Request: WDFREQUEST) -> NTSTATUS {
            kmdf: 256, 1.0; umdf: 156, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
        fn WdfRequestIsCanceled(Request: WDFREQUEST) -> BOOLEAN {
            kmdf: 257, 1.0; umdf: 157, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
        fn WdfRequestCancelSentRequest(Request: WDFREQUEST) -> BOOLEAN {
            kmdf: 258, 1.0; umdf: 158, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfRequestIsFrom32BitProcess(Request: WDFREQUEST) -> BOOLEAN {
            kmdf: 259, 1.0; umdf: 159, 2.0; irql: PASSIVE_LEVEL ..= APC_LEVEL; optional: ; must_use;
        }
        fn WdfRequestSetCompletionRoutine(
            Request: WDFREQUEST,
            CompletionRoutine: PFN_WDF_REQUEST_COMPLETION_ROUTINE,
            CompletionContext: WDFCONTEXT,
        ) -> () {
            kmdf: 260, 1.0; umdf: 160, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: CompletionRoutine, CompletionContext;
        }
        fn WdfRequestGetCompletionParams(
            Request: WDFREQUEST,
            Params: PWDF_REQUEST_COMPLETION_PARAMS,
        ) -> () {
            kmdf: 261, 1.0; umdf: 161, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfRequestAllocateTimer(Request: WDFREQUEST) -> NTSTATUS {
            kmdf: 262, 1.0; umdf: 162, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
        fn WdfRequestComplete(Request: WDFREQUEST, Status: NTSTATUS) -> () {
            kmdf: 263, 1.0; umdf: 163, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfRequestCompleteWithPriorityBoost(
            Request: WDFREQUEST,
            Status: NTSTATUS,
            PriorityBoost: CCHAR,
        ) -> () {
            kmdf: 264, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfRequestCompleteWithInformation(
            Request: WDFREQUEST,
            Status: NTSTATUS,
            Information: ULONG_PTR,
        ) -> () {
            kmdf: 265, 1.0; umdf: 164, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfRequestGetParameters(Request: WDFREQUEST, Parameters: PWDF_REQUEST_PARAMETERS) -> () {
            kmdf: 266, 1.0; umdf: 165, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfRequestRetrieveInputMemory(Request: WDFREQUEST, Memory: *mut WDFMEMORY) -> NTSTATUS {
            kmdf: 267, 1.0; umdf: 166, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
        fn WdfRequestRetrieveOutputMemory(Request: WDFREQUEST, Memory: *mut WDFMEMORY) -> NTSTATUS {
            kmdf: 268, 1.0; umdf: 167, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
        fn WdfRequestRetrieveInputBuffer(
            Request: WDFREQUEST,
            MinimumRequiredLength: usize,
            Buffer: *mut PVOID,
            Length: *mut usize,
        ) -> NTSTATUS {
            kmdf: 269, 1.0; umdf: 168, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: Length; must_use;
        }
        fn WdfRequestRetrieveOutputBuffer(
            Request: WDFREQUEST,
            MinimumRequiredSize: usize,
            Buffer: *mut PVOID,
            Length: *mut usize,
        ) -> NTSTATUS {
            kmdf: 270, 1.0; umdf: 169, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: Length; must_use;
        }
        fn WdfRequestRetrieveInputWdmMdl(Request: WDFREQUEST, Mdl: *mut PMDL) -> NTSTATUS {
            kmdf: 271, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
        fn WdfRequestRetrieveOutputWdmMdl(Request: WDFREQUEST, Mdl: *mut PMDL) -> NTSTATUS {
            kmdf: 272, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
        fn WdfRequestRetrieveUnsafeUserInputBuffer(
            Request: WDFREQUEST,
            MinimumRequiredLength: usize,
            InputBuffer: *mut PVOID,
            Length: *mut usize,
        ) -> NTSTATUS {
            kmdf: 273, 1.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: Length; must_use;
        }
        fn WdfRequestRetrieveUnsafeUserOutputBuffer(
            Request: WDFREQUEST,
            MinimumRequiredLength: usize,
            OutputBuffer: *mut PVOID,
            Length: *mut usize,
        ) -> NTSTATUS {
            kmdf: 274, 1.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: Length; must_use;
        }
        fn WdfRequestSetInformation(Request: WDFREQUEST, Information: ULONG_PTR) -> () {
            kmdf: 275, 1.0; umdf: 170, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfRequestGetInformation(Request: WDFREQUEST) -> ULONG_PTR {
            kmdf: 276, 1.0; umdf: 171, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfRequestGetFileObject(Request: WDFREQUEST) -> WDFFILEOBJECT {
            kmdf: 277, 1.0; umdf: 172, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfRequestProbeAndLockUserBufferForRead(
            Request: WDFREQUEST,
            Buffer: PVOID,
            Length: usize,
            MemoryObject: *mut WDFMEMORY,
        ) -> NTSTATUS {
            kmdf: 278, 1.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ; must_use;
        }
        fn WdfRequestProbeAndLockUserBufferForWrite(
            Request: WDFREQUEST,
            Buffer: PVOID,
            Length: usize,
            MemoryObject: *mut WDFMEMORY,
        ) -> NTSTATUS {
            kmdf: 279, 1.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ; must_use;
        }
        fn WdfRequestGetRequestorMode(Request: WDFREQUEST) -> KPROCESSOR_MODE {
            kmdf: 280, 1.0; umdf: 173, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfRequestForwardToIoQueue(Request: WDFREQUEST, DestinationQueue: WDFQUEUE) -> NTSTATUS {
            kmdf: 281, 1.0; umdf: 174, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
        fn WdfRequestGetIoQueue(Request: WDFREQUEST) -> WDFQUEUE {
            kmdf: 282, 1.0; umdf: 175, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfRequestRequeue(Request: WDFREQUEST) -> NTSTATUS {
            kmdf: 283, 1.0; umdf: 176, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
        fn WdfRequestStopAcknowledge(Request: WDFREQUEST, Requeue: BOOLEAN) -> () {
            kmdf: 284, 1.0; umdf: 177, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfRequestWdmGetIrp(Request: WDFREQUEST) -> PIRP {
            kmdf: 285, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfRequestMarkCancelableEx(
            Request: WDFREQUEST,
            EvtRequestCancel: PFN_WDF_REQUEST_CANCEL,
        ) -> NTSTATUS {
            kmdf: 393, 1.9; umdf: 155, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
        fn WdfRequestIsReserved(Request: WDFREQUEST) -> BOOLEAN {
            kmdf: 394, 1.9; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfRequestForwardToParentDeviceIoQueue(
            Request: WDFREQUEST,
            ParentDeviceQueue: WDFQUEUE,
            ForwardOptions: PWDF_REQUEST_FORWARD_OPTIONS,
        ) -> NTSTATUS {
            kmdf: 395, 1.9; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
        fn WdfRequestGetRequestorProcessId(Request: WDFREQUEST) -> ULONG {
            kmdf: 447, 1.21; umdf: 179, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
    } };
}
wdfrequest_functions!(crate::wdf::declare_functions);

/// Initialises a [`WDF_REQUEST_PARAMETERS`] as the C function of that name does.
pub fn WDF_REQUEST_PARAMETERS_INIT(Parameters: &mut WDF_REQUEST_PARAMETERS) {
    *Parameters = WDF_REQUEST_PARAMETERS::default();
    Parameters.Size = structure_size::<WDF_REQUEST_PARAMETERS>() as USHORT;
}

/// Initialises a [`WDF_REQUEST_COMPLETION_PARAMS`] as the C function of that name does.
pub fn WDF_REQUEST_COMPLETION_PARAMS_INIT(Params: &mut WDF_REQUEST_COMPLETION_PARAMS) {
    *Params = WDF_REQUEST_COMPLETION_PARAMS::default();
    Params.Size = structure_size::<WDF_REQUEST_COMPLETION_PARAMS>();
    Params.Type = _WDF_REQUEST_TYPE::WdfRequestTypeNoFormat;
}

/// Initialises a [`WDF_REQUEST_REUSE_PARAMS`] as the C function of that name does.
pub fn WDF_REQUEST_REUSE_PARAMS_INIT(
    Params: &mut WDF_REQUEST_REUSE_PARAMS,
    Flags: ULONG,
    Status: NTSTATUS,
) {
    *Params = WDF_REQUEST_REUSE_PARAMS::default();
    Params.Size = structure_size::<WDF_REQUEST_REUSE_PARAMS>();
    Params.Flags = Flags;
    Params.Status = Status;
}

/// Initialises a [`WDF_REQUEST_SEND_OPTIONS`] as the C function of that name does.
pub fn WDF_REQUEST_SEND_OPTIONS_INIT(Options: &mut WDF_REQUEST_SEND_OPTIONS, Flags: ULONG) {
    *Options = WDF_REQUEST_SEND_OPTIONS::default();
    Options.Size = structure_size::<WDF_REQUEST_SEND_OPTIONS>();
    Options.Flags = Flags;
}

/// Initialises a [`WDF_REQUEST_FORWARD_OPTIONS`] as the C function of that name does.
pub fn WDF_REQUEST_FORWARD_OPTIONS_INIT(ForwardOptions: &mut WDF_REQUEST_FORWARD_OPTIONS) {
    *ForwardOptions = WDF_REQUEST_FORWARD_OPTIONS::default();
    ForwardOptions.Size = structure_size::<WDF_REQUEST_FORWARD_OPTIONS>();
    ForwardOptions.Flags |= _WDF_REQUEST_FORWARD_OPTIONS_FLAGS::WDF_REQUEST_FORWARD_OPTION_SEND_AND_FORGET as ULONG;
}
