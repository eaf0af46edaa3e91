//! Memory objects and lookaside lists.
//!
//! DDI header: `wdfmemory.h`.

use crate::declare::{c_enum, c_struct, c_union};
#[allow(unused_imports)]
use super::*;

c_enum! {
    /// `WDF_MEMORY_DESCRIPTOR_TYPE`.
    enum _WDF_MEMORY_DESCRIPTOR_TYPE as WDF_MEMORY_DESCRIPTOR_TYPE, PWDF_MEMORY_DESCRIPTOR_TYPE {
        WdfMemoryDescriptorTypeInvalid = 0,
        WdfMemoryDescriptorTypeBuffer = 1,
        WdfMemoryDescriptorTypeMdl = 2,
        WdfMemoryDescriptorTypeHandle = 3,
    }
}

c_struct! {
    /// `WDFMEMORY_OFFSET`.
    struct _WDFMEMORY_OFFSET as WDFMEMORY_OFFSET, PWDFMEMORY_OFFSET [16, 8] {
        BufferOffset: usize = 0,
        BufferLength: usize = 8,
    }
}

c_struct! {
    /// `_WDF_MEMORY_DESCRIPTOR__bindgen_ty_1__bindgen_ty_1`.
    struct _WDF_MEMORY_DESCRIPTOR__bindgen_ty_1__bindgen_ty_1 [16, 8] {
        Buffer: PVOID = 0,
        Length: ULONG = 8,
    }
}

c_struct! {
    /// `_WDF_MEMORY_DESCRIPTOR__bindgen_ty_1__bindgen_ty_2`.
    struct _WDF_MEMORY_DESCRIPTOR__bindgen_ty_1__bindgen_ty_2 [16, 8] {
        Mdl: PMDL = 0,
        BufferLength: ULONG = 8,
    }
}

c_struct! {
    /// `_WDF_MEMORY_DESCRIPTOR__bindgen_ty_1__bindgen_ty_3`.
    struct _WDF_MEMORY_DESCRIPTOR__bindgen_ty_1__bindgen_ty_3 [16, 8] {
        Memory: WDFMEMORY = 0,
        Offsets: PWDFMEMORY_OFFSET = 8,
    }
}

c_union! {
    /// `_WDF_MEMORY_DESCRIPTOR__bindgen_ty_1`.
    union _WDF_MEMORY_DESCRIPTOR__bindgen_ty_1 [16, 8] {
        BufferType: _WDF_MEMORY_DESCRIPTOR__bindgen_ty_1__bindgen_ty_1,
        MdlType: _WDF_MEMORY_DESCRIPTOR__bindgen_ty_1__bindgen_ty_2,
        HandleType: _WDF_MEMORY_DESCRIPTOR__bindgen_ty_1__bindgen_ty_3,
    }
}

c_struct! {
    /// `WDF_MEMORY_DESCRIPTOR`.
    struct _WDF_MEMORY_DESCRIPTOR as WDF_MEMORY_DESCRIPTOR, PWDF_MEMORY_DESCRIPTOR [24, 8] {
        Type: WDF_MEMORY_DESCRIPTOR_TYPE = 0,
        u: _WDF_MEMORY_DESCRIPTOR__bindgen_ty_1 = 8,
    }
}

/// The functions of `wdfmemory.h`.
#[doc(hidden)]
#[macro_export]
macro_rules! wdfmemory_functions {
    ($($then:tt)+) => { $($then)+! {
        wdfmemory;
        /// `APC_LEVEL` and below when `PoolType == 1 || PoolType == 257`.
        fn WdfMemoryCreate(
            Attributes: PWDF_OBJECT_ATTRIBUTES,
            PoolType: POOL_TYPE,
            PoolTag: ULONG,
            BufferSize: usize,
            Memory: *mut WDFMEMORY,
            Buffer: *mut PVOID,
        ) -> NTSTATUS {
            kmdf: 192, 1.0; umdf: 117, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: Attributes, PoolTag, Buffer; strict: APC_LEVEL; must_use;
        }
        fn WdfMemoryCreatePreallocated(
            Attributes: PWDF_OBJECT_ATTRIBUTES,
            Buffer: PVOID,
            BufferSize: usize,
            Memory: *mut WDFMEMORY,
        ) -> NTSTATUS {
            kmdf: 193, 1.0; umdf: 118, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: Attributes; must_use;
        }
        fn WdfMemoryGetBuffer(Memory: WDFMEMORY, BufferSize: *mut usize) -> PVOID {
            kmdf: 194, 1.0; umdf: 119, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: BufferSize;
        }
        fn WdfMemoryAssignBuffer(Memory: WDFMEMORY, Buffer: PVOID, BufferSize: usize) -> NTSTATUS {
            kmdf: 195, 1.0; umdf: 120, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
        fn WdfMemoryCopyToBuffer(
            SourceMemory: WDFMEMORY,
            SourceOffset: usize,
            Buffer: PVOID,
            NumBytesToCopyTo: usize,
        ) -> NTSTATUS {
            kmdf: 196, 1.0; umdf: 121, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
        fn WdfMemoryCopyFromBuffer(
            DestinationMemory: WDFMEMORY,
            DestinationOffset: usize,
            Buffer: PVOID,
            NumBytesToCopyFrom: usize,
        ) -> NTSTATUS {
            kmdf: 197, 1.0; umdf: 122, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
        /// `APC_LEVEL` and below when `PoolType == 1 || PoolType == 257`.
        fn WdfLookasideListCreate(
            LookasideAttributes: PWDF_OBJECT_ATTRIBUTES,
            BufferSize: usize,
            PoolType: POOL_TYPE,
            MemoryAttributes: PWDF_OBJECT_ATTRIBUTES,
            PoolTag: ULONG,
            Lookaside: *mut WDFLOOKASIDE,
        ) -> NTSTATUS {
            kmdf: 198, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: LookasideAttributes, MemoryAttributes, PoolTag; strict: APC_LEVEL; must_use;
        }
        fn WdfMemoryCreateFromLookaside(
            Lookaside: WDFLOOKASIDE,
            Memory: *mut WDFMEMORY,
        ) -> NTSTATUS {
            kmdf: 199, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
    } };
}
wdfmemory_functions!(crate::wdf::declare_functions);

/// Initialises a [`WDF_MEMORY_DESCRIPTOR`] as the C function of that name does.
pub fn WDF_MEMORY_DESCRIPTOR_INIT_BUFFER(
    Descriptor: &mut WDF_MEMORY_DESCRIPTOR,
    Buffer: PVOID,
    BufferLength: ULONG,
) {
    *Descriptor = WDF_MEMORY_DESCRIPTOR::default();
    Descriptor.Type = _WDF_MEMORY_DESCRIPTOR_TYPE::WdfMemoryDescriptorTypeBuffer;
    Descriptor.u.BufferType.Buffer = Buffer;
    Descriptor.u.BufferType.Length = BufferLength;
}

/// Initialises a [`WDF_MEMORY_DESCRIPTOR`] as the C function of that name does.
pub fn WDF_MEMORY_DESCRIPTOR_INIT_HANDLE(
    Descriptor: &mut WDF_MEMORY_DESCRIPTOR,
    Memory: WDFMEMORY,
    Offsets: PWDFMEMORY_OFFSET,
) {
    *Descriptor = WDF_MEMORY_DESCRIPTOR::default();
    Descriptor.Type = _WDF_MEMORY_DESCRIPTOR_TYPE::WdfMemoryDescriptorTypeHandle;
    Descriptor.u.HandleType.Memory = Memory;
    Descriptor.u.HandleType.Offsets = Offsets;
}

/// Initialises a [`WDF_MEMORY_DESCRIPTOR`] as the C function of that name does.
pub fn WDF_MEMORY_DESCRIPTOR_INIT_MDL(
    Descriptor: &mut WDF_MEMORY_DESCRIPTOR,
    Mdl: PMDL,
    BufferLength: ULONG,
) {
    *Descriptor = WDF_MEMORY_DESCRIPTOR::default();
    Descriptor.Type = _WDF_MEMORY_DESCRIPTOR_TYPE::WdfMemoryDescriptorTypeMdl;
    Descriptor.u.MdlType.Mdl = Mdl;
    Descriptor.u.MdlType.BufferLength = BufferLength;
}
