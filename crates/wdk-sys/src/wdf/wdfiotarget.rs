//! I/O targets.
//!
//! DDI header: `wdfiotarget.h`.

use crate::declare::{c_enum, c_struct};
#[allow(unused_imports)]
use super::*;

c_enum! {
    /// `WDF_IO_TARGET_STATE`.
    enum _WDF_IO_TARGET_STATE as WDF_IO_TARGET_STATE, PWDF_IO_TARGET_STATE {
        WdfIoTargetStateUndefined = 0,
        WdfIoTargetStarted = 1,
        WdfIoTargetStopped = 2,
        WdfIoTargetClosedForQueryRemove = 3,
        WdfIoTargetClosed = 4,
        WdfIoTargetDeleted = 5,
        WdfIoTargetPurged = 6,
    }
}

c_enum! {
    /// `WDF_IO_TARGET_OPEN_TYPE`.
    enum _WDF_IO_TARGET_OPEN_TYPE as WDF_IO_TARGET_OPEN_TYPE, PWDF_IO_TARGET_OPEN_TYPE {
        WdfIoTargetOpenUndefined = 0,
        WdfIoTargetOpenUseExistingDevice = 1,
        WdfIoTargetOpenByName = 2,
        WdfIoTargetOpenReopen = 3,
        WdfIoTargetOpenLocalTargetByFile = 4,
    }
}

c_enum! {
    /// `WDF_IO_TARGET_SENT_IO_ACTION`.
    enum _WDF_IO_TARGET_SENT_IO_ACTION as WDF_IO_TARGET_SENT_IO_ACTION, PWDF_IO_TARGET_SENT_IO_ACTION {
        WdfIoTargetSentIoUndefined = 0,
        WdfIoTargetCancelSentIo = 1,
        WdfIoTargetWaitForSentIoToComplete = 2,
        WdfIoTargetLeaveSentIoPending = 3,
    }
}

c_enum! {
    /// `WDF_IO_TARGET_PURGE_IO_ACTION`.
    enum _WDF_IO_TARGET_PURGE_IO_ACTION as WDF_IO_TARGET_PURGE_IO_ACTION, PWDF_IO_TARGET_PURGE_IO_ACTION {
        WdfIoTargetPurgeIoUndefined = 0,
        WdfIoTargetPurgeIoAndWait = 1,
        WdfIoTargetPurgeIo = 2,
    }
}

/// The callbacks of `wdfiotarget.h`: `fn EVT_… as PFN_…(parameters) -> result { irql }`.
#[doc(hidden)]
#[macro_export]
macro_rules! wdfiotarget_callbacks {
    ($($then:tt)+) => { $($then)+! {
        wdfiotarget;
        fn EVT_WDF_IO_TARGET_QUERY_REMOVE as PFN_WDF_IO_TARGET_QUERY_REMOVE(
            IoTarget: WDFIOTARGET,
        ) -> NTSTATUS { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDF_IO_TARGET_REMOVE_CANCELED as PFN_WDF_IO_TARGET_REMOVE_CANCELED(
            IoTarget: WDFIOTARGET,
        ) -> () { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDF_IO_TARGET_REMOVE_COMPLETE as PFN_WDF_IO_TARGET_REMOVE_COMPLETE(
            IoTarget: WDFIOTARGET,
        ) -> () { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
    } };
}
wdfiotarget_callbacks!(crate::wdf::declare_callbacks);

c_struct! {
    /// `WDF_IO_TARGET_OPEN_PARAMS`.
    struct _WDF_IO_TARGET_OPEN_PARAMS as WDF_IO_TARGET_OPEN_PARAMS, PWDF_IO_TARGET_OPEN_PARAMS [136, 8] {
        Size: ULONG = 0,
        Type: WDF_IO_TARGET_OPEN_TYPE = 4,
        EvtIoTargetQueryRemove: PFN_WDF_IO_TARGET_QUERY_REMOVE = 8,
        EvtIoTargetRemoveCanceled: PFN_WDF_IO_TARGET_REMOVE_CANCELED = 16,
        EvtIoTargetRemoveComplete: PFN_WDF_IO_TARGET_REMOVE_COMPLETE = 24,
        TargetDeviceObject: PDEVICE_OBJECT = 32,
        TargetFileObject: PFILE_OBJECT = 40,
        TargetDeviceName: UNICODE_STRING = 48,
        DesiredAccess: ACCESS_MASK = 64,
        ShareAccess: ULONG = 68,
        FileAttributes: ULONG = 72,
        CreateDisposition: ULONG = 76,
        CreateOptions: ULONG = 80,
        EaBuffer: PVOID = 88,
        EaBufferLength: ULONG = 96,
        AllocationSize: PLONGLONG = 104,
        FileInformation: ULONG = 112,
        FileName: UNICODE_STRING = 120,
    }
}

/// The functions of `wdfiotarget.h`.
#[doc(hidden)]
#[macro_export]
macro_rules! wdfiotarget_functions {
    ($($then:tt)+) => { $($then)+! {
        wdfiotarget;
        fn WdfIoTargetCreate(
            Device: WDFDEVICE,
            IoTargetAttributes: PWDF_OBJECT_ATTRIBUTES,
            IoTarget: *mut WDFIOTARGET,
        ) -> NTSTATUS {
            kmdf: 167, 1.0; umdf: 102, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: IoTargetAttributes; must_use;
        }
        fn WdfIoTargetOpen(
            IoTarget: WDFIOTARGET,
            OpenParams: PWDF_IO_TARGET_OPEN_PARAMS,
        ) -> NTSTATUS {
            kmdf: 168, 1.0; umdf: 103, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ; must_use;
        }
        fn WdfIoTargetCloseForQueryRemove(IoTarget: WDFIOTARGET) -> () {
            kmdf: 169, 1.0; umdf: 104, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ;
        }
        fn WdfIoTargetClose(IoTarget: WDFIOTARGET) -> () {
            kmdf: 170, 1.0; umdf: 105, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ;
        }
        fn WdfIoTargetStart(IoTarget: WDFIOTARGET) -> NTSTATUS {
            kmdf: 171, 1.0; umdf: 106, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
        /// `PASSIVE_LEVEL` and below when `Action == 0 || Action == 1 || Action == 2`.
        fn WdfIoTargetStop(IoTarget: WDFIOTARGET, Action: WDF_IO_TARGET_SENT_IO_ACTION) -> () {
            kmdf: 172, 1.0; umdf: 107, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; strict: PASSIVE_LEVEL;
        }
        fn WdfIoTargetGetState(IoTarget: WDFIOTARGET) -> WDF_IO_TARGET_STATE {
            kmdf: 173, 1.0; umdf: 109, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfIoTargetGetDevice(IoTarget: WDFIOTARGET) -> WDFDEVICE {
            kmdf: 174, 1.0; umdf: 110, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfIoTargetQueryTargetProperty(
            IoTarget: WDFIOTARGET,
            DeviceProperty: DEVICE_REGISTRY_PROPERTY,
            BufferLength: ULONG,
            PropertyBuffer: PVOID,
            ResultLength: PULONG,
        ) -> NTSTATUS {
            kmdf: 175, 1.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: PropertyBuffer; must_use;
        }
        fn WdfIoTargetAllocAndQueryTargetProperty(
            IoTarget: WDFIOTARGET,
            DeviceProperty: DEVICE_REGISTRY_PROPERTY,
            PoolType: POOL_TYPE,
            PropertyMemoryAttributes: PWDF_OBJECT_ATTRIBUTES,
            PropertyMemory: *mut WDFMEMORY,
        ) -> NTSTATUS {
            kmdf: 176, 1.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: PropertyMemoryAttributes; must_use;
        }
        fn WdfIoTargetQueryForInterface(
            IoTarget: WDFIOTARGET,
            InterfaceType: LPCGUID,
            Interface: PINTERFACE,
            Size: USHORT,
            Version: USHORT,
            InterfaceSpecificData: PVOID,
        ) -> NTSTATUS {
            kmdf: 177, 1.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: InterfaceSpecificData; must_use;
        }
        fn WdfIoTargetWdmGetTargetDeviceObject(IoTarget: WDFIOTARGET) -> PDEVICE_OBJECT {
            kmdf: 178, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfIoTargetWdmGetTargetPhysicalDevice(IoTarget: WDFIOTARGET) -> PDEVICE_OBJECT {
            kmdf: 179, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfIoTargetWdmGetTargetFileObject(IoTarget: WDFIOTARGET) -> PFILE_OBJECT {
            kmdf: 180, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfIoTargetWdmGetTargetFileHandle(IoTarget: WDFIOTARGET) -> HANDLE {
            kmdf: 181, 1.0; umdf: 256, 2.15; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfIoTargetSendReadSynchronously(
            IoTarget: WDFIOTARGET,
            Request: WDFREQUEST,
            OutputBuffer: PWDF_MEMORY_DESCRIPTOR,
            DeviceOffset: PLONGLONG,
            RequestOptions: PWDF_REQUEST_SEND_OPTIONS,
            BytesRead: PULONG_PTR,
        ) -> NTSTATUS {
            kmdf: 182, 1.0; umdf: 111, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: Request, OutputBuffer, DeviceOffset, RequestOptions, BytesRead; must_use;
        }
        fn WdfIoTargetFormatRequestForRead(
            IoTarget: WDFIOTARGET,
            Request: WDFREQUEST,
            OutputBuffer: WDFMEMORY,
            OutputBufferOffset: PWDFMEMORY_OFFSET,
            DeviceOffset: PLONGLONG,
        ) -> NTSTATUS {
            kmdf: 183, 1.0; umdf: 112, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: OutputBuffer, OutputBufferOffset, DeviceOffset; must_use;
        }
        fn WdfIoTargetSendWriteSynchronously(
            IoTarget: WDFIOTARGET,
            Request: WDFREQUEST,
            InputBuffer: PWDF_MEMORY_DESCRIPTOR,
            DeviceOffset: PLONGLONG,
            RequestOptions: PWDF_REQUEST_SEND_OPTIONS,
            BytesWritten: PULONG_PTR,
        ) -> NTSTATUS {
            kmdf: 184, 1.0; umdf: 113, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: Request, InputBuffer, DeviceOffset, RequestOptions, BytesWritten; must_use;
        }
        fn WdfIoTargetFormatRequestForWrite(
            IoTarget: WDFIOTARGET,
            Request: WDFREQUEST,
            InputBuffer: WDFMEMORY,
            InputBufferOffset: PWDFMEMORY_OFFSET,
            DeviceOffset: PLONGLONG,
        ) -> NTSTATUS {
            kmdf: 185, 1.0; umdf: 114, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: InputBuffer, InputBufferOffset, DeviceOffset; must_use;
        }
        fn WdfIoTargetSendIoctlSynchronously(
            IoTarget: WDFIOTARGET,
            Request: WDFREQUEST,
            IoctlCode: ULONG,
            InputBuffer: PWDF_MEMORY_DESCRIPTOR,
            OutputBuffer: PWDF_MEMORY_DESCRIPTOR,
            RequestOptions: PWDF_REQUEST_SEND_OPTIONS,
            BytesReturned: PULONG_PTR,
        ) -> NTSTATUS {
            kmdf: 186, 1.0; umdf: 115, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: Request, InputBuffer, OutputBuffer, RequestOptions, BytesReturned; must_use;
        }
        fn WdfIoTargetFormatRequestForIoctl(
            IoTarget: WDFIOTARGET,
            Request: WDFREQUEST,
            IoctlCode: ULONG,
            InputBuffer: WDFMEMORY,
            InputBufferOffset: PWDFMEMORY_OFFSET,
            OutputBuffer: WDFMEMORY,
            OutputBufferOffset: PWDFMEMORY_OFFSET,
        ) -> NTSTATUS {
            kmdf: 187, 1.0; umdf: 116, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: InputBuffer, InputBufferOffset, OutputBuffer, OutputBufferOffset; must_use;
        }
        fn WdfIoTargetSendInternalIoctlSynchronously(
            IoTarget: WDFIOTARGET,
            Request: WDFREQUEST,
            IoctlCode: ULONG,
            InputBuffer: PWDF_MEMORY_DESCRIPTOR,
            OutputBuffer: PWDF_MEMORY_DESCRIPTOR,
            RequestOptions: PWDF_REQUEST_SEND_OPTIONS,
            BytesReturned: PULONG_PTR,
        ) -> NTSTATUS {
            kmdf: 188, 1.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: Request, InputBuffer, OutputBuffer, RequestOptions, BytesReturned; must_use;
        }
        fn WdfIoTargetFormatRequestForInternalIoctl(
            IoTarget: WDFIOTARGET,
            Request: WDFREQUEST,
            IoctlCode: ULONG,
            InputBuffer: WDFMEMORY,
            InputBufferOffset: PWDFMEMORY_OFFSET,
            OutputBuffer: WDFMEMORY,
            OutputBufferOffset: PWDFMEMORY_OFFSET,
        ) -> NTSTATUS {
            kmdf: 189, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: InputBuffer, InputBufferOffset, OutputBuffer, OutputBufferOffset; must_use;
        }
        fn WdfIoTargetSendInternalIoctlOthersSynchronously(
            IoTarget: WDFIOTARGET,
            Request: WDFREQUEST,
            IoctlCode: ULONG,
            OtherArg1: PWDF_MEMORY_DESCRIPTOR,
            OtherArg2: PWDF_MEMORY_DESCRIPTOR,
            OtherArg4: PWDF_MEMORY_DESCRIPTOR,
            RequestOptions: PWDF_REQUEST_SEND_OPTIONS,
            BytesReturned: PULONG_PTR,
        ) -> NTSTATUS {
            kmdf: 190, 1.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: Request, OtherArg1, OtherArg2, OtherArg4, RequestOptions, BytesReturned; must_use;
        }
        fn WdfIoTargetFormatRequestForInternalIoctlOthers(
            IoTarget: WDFIOTARGET,
            Request: WDFREQUEST,
            IoctlCode: ULONG,
            OtherArg1: WDFMEMORY,
            OtherArg1Offset: PWDFMEMORY_OFFSET,
            OtherArg2: WDFMEMORY,
            OtherArg2Offset: PWDFMEMORY_OFFSET,
            OtherArg4: WDFMEMORY,
            OtherArg4Offset: PWDFMEMORY_OFFSET,
        ) -> NTSTATUS {
            kmdf: 191, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: OtherArg1, OtherArg1Offset, OtherArg2, OtherArg2Offset, OtherArg4, OtherArg4Offset; must_use;
        }
        /// `PASSIVE_LEVEL` and below when `Action == 0 || Action == 1`.
        fn WdfIoTargetPurge(IoTarget: WDFIOTARGET, Action: WDF_IO_TARGET_PURGE_IO_ACTION) -> () {
            kmdf: 420, 1.11; umdf: 108, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; strict: PASSIVE_LEVEL;
        }
    } };
}
wdfiotarget_functions!(crate::wdf::declare_functions);

/// Initialises a [`WDF_IO_TARGET_OPEN_PARAMS`] as the C function of that name does.
pub fn WDF_IO_TARGET_OPEN_PARAMS_INIT_REOPEN(Params: &mut WDF_IO_TARGET_OPEN_PARAMS) {
    *Params = WDF_IO_TARGET_OPEN_PARAMS::default();
    Params.Size = structure_size::<WDF_IO_TARGET_OPEN_PARAMS>();
    Params.Type = _WDF_IO_TARGET_OPEN_TYPE::WdfIoTargetOpenReopen;
}

/// Initialises a [`WDF_IO_TARGET_OPEN_PARAMS`] as the C function of that name does.
pub fn WDF_IO_TARGET_OPEN_PARAMS_INIT_EXISTING_DEVICE(
    Params: &mut WDF_IO_TARGET_OPEN_PARAMS,
    DeviceObject: PDEVICE_OBJECT,
) {
    *Params = WDF_IO_TARGET_OPEN_PARAMS::default();
    Params.Size = structure_size::<WDF_IO_TARGET_OPEN_PARAMS>();
    Params.Type = _WDF_IO_TARGET_OPEN_TYPE::WdfIoTargetOpenUseExistingDevice;
    Params.TargetDeviceObject = DeviceObject;
}

/// Initialises a [`WDF_IO_TARGET_OPEN_PARAMS`] as the C function of that name does.
pub fn WDF_IO_TARGET_OPEN_PARAMS_INIT_OPEN_BY_FILE(
    Params: &mut WDF_IO_TARGET_OPEN_PARAMS,
    FileName: Option<&UNICODE_STRING>,
) {
    *Params = WDF_IO_TARGET_OPEN_PARAMS::default();
    Params.Size = structure_size::<WDF_IO_TARGET_OPEN_PARAMS>();
    Params.Type = _WDF_IO_TARGET_OPEN_TYPE::WdfIoTargetOpenLocalTargetByFile;
    if let Some(name) = FileName {
        Params.FileName = *name;
    }
}

/// Initialises a [`WDF_IO_TARGET_OPEN_PARAMS`] as KMDF's C function of that name does. (UMDF's also sets
/// `FileAttributes` and a creation disposition of its own.)
pub fn WDF_IO_TARGET_OPEN_PARAMS_INIT_CREATE_BY_NAME(
    Params: &mut WDF_IO_TARGET_OPEN_PARAMS,
    TargetDeviceName: &UNICODE_STRING,
    DesiredAccess: ACCESS_MASK,
) {
    *Params = WDF_IO_TARGET_OPEN_PARAMS::default();
    Params.Size = structure_size::<WDF_IO_TARGET_OPEN_PARAMS>();
    Params.Type = _WDF_IO_TARGET_OPEN_TYPE::WdfIoTargetOpenByName;
    Params.TargetDeviceName = *TargetDeviceName;
    Params.DesiredAccess = DesiredAccess;
    Params.CreateOptions = FILE_NON_DIRECTORY_FILE;
}

/// Initialises a [`WDF_IO_TARGET_OPEN_PARAMS`] as KMDF's C function of that name does.
pub fn WDF_IO_TARGET_OPEN_PARAMS_INIT_OPEN_BY_NAME(
    Params: &mut WDF_IO_TARGET_OPEN_PARAMS,
    TargetDeviceName: &UNICODE_STRING,
    DesiredAccess: ACCESS_MASK,
) {
    WDF_IO_TARGET_OPEN_PARAMS_INIT_CREATE_BY_NAME(Params, TargetDeviceName, DesiredAccess);
    Params.CreateDisposition = FILE_OPEN;
}
