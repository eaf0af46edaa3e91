//! The binding structures that the driver stub, the loader and the framework library share (`binding.md` of the design notes).
//!
//! DDI header: `fxldr.h`.

use crate::declare::c_struct;
#[allow(unused_imports)]
use super::*;

c_struct! {
    /// `WDFOBJECT_TRIAGE_INFO`.
    struct _WDFOBJECT_TRIAGE_INFO as WDFOBJECT_TRIAGE_INFO, PWDFOBJECT_TRIAGE_INFO [28, 4] {
        RawObjectSize: ULONG = 0,
        ObjectType: ULONG = 4,
        TotalObjectSize: ULONG = 8,
        ChildListHead: ULONG = 12,
        ChildEntry: ULONG = 16,
        Globals: ULONG = 20,
        ParentObject: ULONG = 24,
    }
}

c_struct! {
    /// `WDFCONTEXT_TRIAGE_INFO`.
    struct _WDFCONTEXT_TRIAGE_INFO as WDFCONTEXT_TRIAGE_INFO, PWDFCONTEXT_TRIAGE_INFO [20, 4] {
        HeaderSize: ULONG = 0,
        NextHeader: ULONG = 4,
        Object: ULONG = 8,
        TypeInfoPtr: ULONG = 12,
        Context: ULONG = 16,
    }
}

c_struct! {
    /// `WDFCONTEXTTYPE_TRIAGE_INFO`.
    struct _WDFCONTEXTTYPE_TRIAGE_INFO as WDFCONTEXTTYPE_TRIAGE_INFO, PWDFCONTEXTTYPE_TRIAGE_INFO [12, 4] {
        TypeInfoSize: ULONG = 0,
        ContextSize: ULONG = 4,
        ContextName: ULONG = 8,
    }
}

c_struct! {
    /// `WDFQUEUE_TRIAGE_INFO`.
    struct _WDFQUEUE_TRIAGE_INFO as WDFQUEUE_TRIAGE_INFO, PWDFQUEUE_TRIAGE_INFO [28, 4] {
        QueueSize: ULONG = 0,
        IrpQueue1: ULONG = 4,
        IrpQueue2: ULONG = 8,
        RequestList1: ULONG = 12,
        RequestList2: ULONG = 16,
        FwdProgressContext: ULONG = 20,
        PkgIo: ULONG = 24,
    }
}

c_struct! {
    /// `WDFFWDPROGRESS_TRIAGE_INFO`.
    struct _WDFFWDPROGRESS_TRIAGE_INFO as WDFFWDPROGRESS_TRIAGE_INFO, PWDFFWDPROGRESS_TRIAGE_INFO [12, 4] {
        ReservedRequestList: ULONG = 0,
        ReservedRequestInUseList: ULONG = 4,
        PendedIrpList: ULONG = 8,
    }
}

c_struct! {
    /// `WDFIRPQUEUE_TRIAGE_INFO`.
    struct _WDFIRPQUEUE_TRIAGE_INFO as WDFIRPQUEUE_TRIAGE_INFO, PWDFIRPQUEUE_TRIAGE_INFO [16, 4] {
        IrpQueueSize: ULONG = 0,
        IrpListHeader: ULONG = 4,
        IrpListEntry: ULONG = 8,
        IrpContext: ULONG = 12,
    }
}

c_struct! {
    /// `WDFREQUEST_TRIAGE_INFO`.
    struct _WDFREQUEST_TRIAGE_INFO as WDFREQUEST_TRIAGE_INFO, PWDFREQUEST_TRIAGE_INFO [28, 4] {
        RequestSize: ULONG = 0,
        CsqContext: ULONG = 4,
        FxIrp: ULONG = 8,
        ListEntryQueueOwned: ULONG = 12,
        ListEntryQueueOwned2: ULONG = 16,
        RequestListEntry: ULONG = 20,
        FwdProgressList: ULONG = 24,
    }
}

c_struct! {
    /// `WDFDEVICE_TRIAGE_INFO`.
    struct _WDFDEVICE_TRIAGE_INFO as WDFDEVICE_TRIAGE_INFO, PWDFDEVICE_TRIAGE_INFO [8, 4] {
        DeviceInitSize: ULONG = 0,
        DeviceDriver: ULONG = 4,
    }
}

c_struct! {
    /// `WDFIRP_TRIAGE_INFO`.
    struct _WDFIRP_TRIAGE_INFO as WDFIRP_TRIAGE_INFO, PWDFIRP_TRIAGE_INFO [8, 4] {
        FxIrpSize: ULONG = 0,
        IrpPtr: ULONG = 4,
    }
}

c_struct! {
    /// `WDF_TRIAGE_INFO`.
    struct _WDF_TRIAGE_INFO as WDF_TRIAGE_INFO, PWDF_TRIAGE_INFO [96, 8] {
        WdfMajorVersion: ULONG = 0,
        WdfMinorVersion: ULONG = 4,
        TriageInfoMajorVersion: ULONG = 8,
        TriageInfoMinorVersion: ULONG = 12,
        Reserved: PVOID = 16,
        WdfObjectTriageInfo: PWDFOBJECT_TRIAGE_INFO = 24,
        WdfContextTriageInfo: PWDFCONTEXT_TRIAGE_INFO = 32,
        WdfContextTypeTriageInfo: PWDFCONTEXTTYPE_TRIAGE_INFO = 40,
        WdfQueueTriageInfo: PWDFQUEUE_TRIAGE_INFO = 48,
        WdfFwdProgressTriageInfo: PWDFFWDPROGRESS_TRIAGE_INFO = 56,
        WdfIrpQueueTriageInfo: PWDFIRPQUEUE_TRIAGE_INFO = 64,
        WdfRequestTriageInfo: PWDFREQUEST_TRIAGE_INFO = 72,
        WdfDeviceTriageInfo: PWDFDEVICE_TRIAGE_INFO = 80,
        WdfIrpTriageInfo: PWDFIRP_TRIAGE_INFO = 88,
    }
}

c_struct! {
    /// `WDF_VERSION`.
    struct _WDF_VERSION as WDF_VERSION, PWDF_VERSION [12, 4] {
        Major: ULONG = 0,
        Minor: ULONG = 4,
        Build: ULONG = 8,
    }
}

c_struct! {
    /// `WDF_BIND_INFO`.
    struct _WDF_BIND_INFO as WDF_BIND_INFO, PWDF_BIND_INFO [48, 8] {
        Size: ULONG = 0,
        Component: *mut WCHAR = 8,
        Version: WDF_VERSION = 16,
        FuncCount: ULONG = 28,
        FuncTable: *mut WDFFUNC = 32,
        Module: PVOID = 40,
    }
}

c_struct! {
    /// `WDF_BIND_INFO2`.
    struct _WDF_BIND_INFO2 as WDF_BIND_INFO2, PWDF_BIND_INFO2 [88, 8] {
        V1: WDF_BIND_INFO = 0,
        MinimumVersionRequired: *mut ULONG = 48,
        ClientVersionHigherThanFramework: *mut BOOLEAN = 56,
        FuncCountPtr: *mut ULONG = 64,
        StructCountPtr: *mut ULONG = 72,
        StructTable: *mut WDF_STRUCT_INFO = 80,
    }
}

c_struct! {
    /// `WDF_LIBRARY_INFO`.
    struct _WDF_LIBRARY_INFO as WDF_LIBRARY_INFO, PWDF_LIBRARY_INFO [56, 8] {
        Size: ULONG = 0,
        LibraryCommission: PVOID = 8,
        LibraryDecommission: PVOID = 16,
        LibraryRegisterClient: PVOID = 24,
        LibraryUnregisterClient: PVOID = 32,
        Version: WDF_VERSION = 40,
    }
}

c_struct! {
    /// `CLIENT_INFO`.
    struct _CLIENT_INFO as CLIENT_INFO, PCLIENT_INFO [24, 8] {
        Size: ULONG = 0,
        RegistryPath: PUNICODE_STRING = 8,
        DriverObject: PDRIVER_OBJECT = 16,
    }
}

c_struct! {
    /// `DRIVER_OBJECT_UM`.
    struct _DRIVER_OBJECT_UM as DRIVER_OBJECT_UM, PDRIVER_OBJECT_UM [368, 8] {
        Size: ULONG = 0,
        Flags: ULONG = 4,
        DriverName: UNICODE_STRING = 8,
        FxDriver: PVOID = 24,
        DriverLoadContext: PVOID = 32,
        ThreadPoolEnv: TP_CALLBACK_ENVIRON = 40,
        ThreadPoolGroup: PVOID = 112,
        IfrSequenceNumber: LONG = 120,
        AddDevice: PVOID = 128,
        DriverUnload: PVOID = 136,
        MajorFunction: [PFN_DRIVER_DISPATCH_UM; 28] = 144,
    }
}

c_struct! {
    /// `WUDF_LOADER_FX_INTERFACE`.
    struct _WUDF_LOADER_FX_INTERFACE as WUDF_LOADER_FX_INTERFACE, PWUDF_LOADER_FX_INTERFACE [32, 8] {
        Size: ULONG = 0,
        RegisterLibrary: PVOID = 8,
        pIWudfHost: PVOID = 16,
        pUMDFPlatform: PVOID = 24,
    }
}

c_struct! {
    /// `WDF_LOADER_INTERFACE`.
    struct _WDF_LOADER_INTERFACE as WDF_LOADER_INTERFACE, PWDF_LOADER_INTERFACE [48, 8] {
        Header: WDF_INTERFACE_HEADER = 0,
        RegisterLibrary: PVOID = 16,
        VersionBind: PVOID = 24,
        VersionUnbind: PVOID = 32,
        DiagnosticsValueByNameAsULONG: PVOID = 40,
    }
}


/// Memory of the framework's own alignment, which the loader's structures refer to.
#[repr(C, align(16))]
#[derive(Clone, Copy, Default)]
pub struct MARKER_TYPE {
    /// Nothing but size.
    pub Pad: [UCHAR; 16],
}
const _: () = assert!(size_of::<MARKER_TYPE>() == 16 && align_of::<MARKER_TYPE>() == 16);

c_struct! {
    /// `CLIENT_INFO` as the UMDF loader passes it: there is no driver object.
    struct _CLIENT_INFO_UM as CLIENT_INFO_UM, PCLIENT_INFO_UM [16, 8] {
        Size: ULONG = 0,
        RegistryPath: PUNICODE_STRING = 8,
    }
}

c_struct! {
    /// `WDF_CLASS_BIND_INFO`: asks the loader to bind a class extension.
    struct _WDF_CLASS_BIND_INFO as WDF_CLASS_BIND_INFO, PWDF_CLASS_BIND_INFO [80, 8] {
        Size: ULONG = 0,
        ClassName: *mut WCHAR = 8,
        Version: WDF_VERSION = 16,
        FunctionTable: *mut WDFFUNC = 32,
        FunctionTableCount: ULONG = 40,
        ClassBindInfo: PVOID = 48,
        ClientBindClass: PVOID = 56,
        ClientUnbindClass: PVOID = 64,
        ClassModule: PVOID = 72,
    }
}

/// What the loader hands back for a bound client: in effect its [`WDF_DRIVER_GLOBALS`].
pub type PWDF_COMPONENT_GLOBALS = PVOID;

/// A dispatch routine of a user-mode driver object, whose parameters no public header gives.
pub type PFN_DRIVER_DISPATCH_UM = PVOID;
/// The thread pool environment of a user-mode driver object, opaque here.
pub type TP_CALLBACK_ENVIRON = [u64; 9];

c_struct! {
    /// The header of a loader interface: its identity and its size.
    struct _WDF_INTERFACE_HEADER [16, 8] {
        InterfaceType: *const GUID = 0,
        InterfaceSize: ULONG = 8,
    }
}
/// C name of [`_WDF_INTERFACE_HEADER`].
pub type WDF_INTERFACE_HEADER = _WDF_INTERFACE_HEADER;
