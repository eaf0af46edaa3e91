//! Framework objects: attributes, contexts, references, the presentation lock.
//!
//! DDI header: `wdfobject.h`.

use crate::declare::{c_enum, c_struct};
#[allow(unused_imports)]
use super::*;

c_enum! {
    /// `WDF_EXECUTION_LEVEL`.
    enum _WDF_EXECUTION_LEVEL as WDF_EXECUTION_LEVEL, PWDF_EXECUTION_LEVEL {
        WdfExecutionLevelInvalid = 0,
        WdfExecutionLevelInheritFromParent = 1,
        WdfExecutionLevelPassive = 2,
        WdfExecutionLevelDispatch = 3,
    }
}

c_enum! {
    /// `WDF_SYNCHRONIZATION_SCOPE`.
    enum _WDF_SYNCHRONIZATION_SCOPE as WDF_SYNCHRONIZATION_SCOPE, PWDF_SYNCHRONIZATION_SCOPE {
        WdfSynchronizationScopeInvalid = 0,
        WdfSynchronizationScopeInheritFromParent = 1,
        WdfSynchronizationScopeDevice = 2,
        WdfSynchronizationScopeQueue = 3,
        WdfSynchronizationScopeNone = 4,
    }
}

/// The callbacks of `wdfobject.h`: `fn EVT_… as PFN_…(parameters) -> result { irql }`.
#[doc(hidden)]
#[macro_export]
macro_rules! wdfobject_callbacks {
    ($($then:tt)+) => { $($then)+! {
        wdfobject;
        fn EVT_WDF_OBJECT_CONTEXT_CLEANUP as PFN_WDF_OBJECT_CONTEXT_CLEANUP(
            Object: WDFOBJECT,
        ) -> () { irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; }
        fn EVT_WDF_OBJECT_CONTEXT_DESTROY as PFN_WDF_OBJECT_CONTEXT_DESTROY(
            Object: WDFOBJECT,
        ) -> () { irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; }
    } };
}
wdfobject_callbacks!(crate::wdf::declare_callbacks);

c_struct! {
    /// `WDF_OBJECT_ATTRIBUTES`.
    struct _WDF_OBJECT_ATTRIBUTES as WDF_OBJECT_ATTRIBUTES, PWDF_OBJECT_ATTRIBUTES [56, 8] {
        Size: ULONG = 0,
        EvtCleanupCallback: PFN_WDF_OBJECT_CONTEXT_CLEANUP = 8,
        EvtDestroyCallback: PFN_WDF_OBJECT_CONTEXT_DESTROY = 16,
        ExecutionLevel: WDF_EXECUTION_LEVEL = 24,
        SynchronizationScope: WDF_SYNCHRONIZATION_SCOPE = 28,
        ParentObject: WDFOBJECT = 32,
        ContextSizeOverride: usize = 40,
        ContextTypeInfo: PCWDF_OBJECT_CONTEXT_TYPE_INFO = 48,
    }
}

c_struct! {
    /// `WDF_OBJECT_CONTEXT_TYPE_INFO`.
    struct _WDF_OBJECT_CONTEXT_TYPE_INFO as WDF_OBJECT_CONTEXT_TYPE_INFO, PWDF_OBJECT_CONTEXT_TYPE_INFO [40, 8] {
        Size: ULONG = 0,
        ContextName: LPCSTR = 8,
        ContextSize: usize = 16,
        UniqueType: PCWDF_OBJECT_CONTEXT_TYPE_INFO = 24,
        EvtDriverGetUniqueContextType: PFN_GET_UNIQUE_CONTEXT_TYPE = 32,
    }
}

c_struct! {
    /// `WDF_CUSTOM_TYPE_CONTEXT`.
    struct _WDF_CUSTOM_TYPE_CONTEXT as WDF_CUSTOM_TYPE_CONTEXT, PWDF_CUSTOM_TYPE_CONTEXT [16, 8] {
        Size: ULONG = 0,
        Data: ULONG_PTR = 8,
    }
}

/// The functions of `wdfobject.h`.
#[doc(hidden)]
#[macro_export]
macro_rules! wdfobject_functions {
    ($($then:tt)+) => { $($then)+! {
        wdfobject;
        fn WdfObjectGetTypedContextWorker(
            Handle: WDFOBJECT,
            TypeInfo: PCWDF_OBJECT_CONTEXT_TYPE_INFO,
        ) -> PVOID {
            kmdf: 202, 1.0; umdf: 123, 2.0; irql: PASSIVE_LEVEL ..= DIRQL; optional: ;
        }
        fn WdfObjectAllocateContext(
            Handle: WDFOBJECT,
            ContextAttributes: PWDF_OBJECT_ATTRIBUTES,
            Context: *mut PVOID,
        ) -> NTSTATUS {
            kmdf: 203, 1.0; umdf: 124, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: Context; must_use;
        }
        fn WdfObjectContextGetObject(ContextPointer: PVOID) -> WDFOBJECT {
            kmdf: 204, 1.0; umdf: 125, 2.0; irql: PASSIVE_LEVEL ..= DIRQL; optional: ;
        }
        fn WdfObjectReferenceActual(Handle: WDFOBJECT, Tag: PVOID, Line: LONG, File: PCCH) -> () {
            kmdf: 205, 1.0; umdf: 126, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: Tag, File;
        }
        fn WdfObjectDereferenceActual(Handle: WDFOBJECT, Tag: PVOID, Line: LONG, File: PCCH) -> () {
            kmdf: 206, 1.0; umdf: 127, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: Tag, File;
        }
        fn WdfObjectCreate(Attributes: PWDF_OBJECT_ATTRIBUTES, Object: *mut WDFOBJECT) -> NTSTATUS {
            kmdf: 207, 1.0; umdf: 128, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: Attributes; must_use;
        }
        fn WdfObjectDelete(Object: WDFOBJECT) -> () {
            kmdf: 208, 1.0; umdf: 129, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfObjectQuery(
            Object: WDFOBJECT,
            Guid: *const GUID,
            QueryBufferLength: ULONG,
            QueryBuffer: PVOID,
        ) -> NTSTATUS {
            kmdf: 209, 1.0; umdf: 130, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
    } };
}
wdfobject_functions!(crate::wdf::declare_functions);

/// Initialises a [`WDF_OBJECT_ATTRIBUTES`] as the C function of that name does.
pub fn WDF_OBJECT_ATTRIBUTES_INIT(Attributes: &mut WDF_OBJECT_ATTRIBUTES) {
    *Attributes = WDF_OBJECT_ATTRIBUTES::default();
    Attributes.Size = structure_size::<WDF_OBJECT_ATTRIBUTES>();
    Attributes.ExecutionLevel = _WDF_EXECUTION_LEVEL::WdfExecutionLevelInheritFromParent;
    Attributes.SynchronizationScope = _WDF_SYNCHRONIZATION_SCOPE::WdfSynchronizationScopeInheritFromParent;
}
/// Constant pointer to [`WDF_OBJECT_CONTEXT_TYPE_INFO`].
pub type PCWDF_OBJECT_CONTEXT_TYPE_INFO = *const WDF_OBJECT_CONTEXT_TYPE_INFO;

/// Returns the unique instance of a context type that several modules share.
pub type PFN_GET_UNIQUE_CONTEXT_TYPE =
    Option<unsafe extern "C" fn() -> PCWDF_OBJECT_CONTEXT_TYPE_INFO>;
