//! Registry keys.
//!
//! DDI header: `wdfregistry.h`.

#[allow(unused_imports)]
use super::*;

/// `WDF_REGKEY_DEVICE_SUBKEY`.
pub const WDF_REGKEY_DEVICE_SUBKEY: ULONG = 0;
/// `WDF_REGKEY_DRIVER_SUBKEY`.
pub const WDF_REGKEY_DRIVER_SUBKEY: ULONG = 0;

/// The functions of `wdfregistry.h`.
#[doc(hidden)]
#[macro_export]
macro_rules! wdfregistry_functions {
    ($($then:tt)+) => { $($then)+! {
        wdfregistry;
        fn WdfRegistryOpenKey(
            ParentKey: WDFKEY,
            KeyName: PCUNICODE_STRING,
            DesiredAccess: ACCESS_MASK,
            KeyAttributes: PWDF_OBJECT_ATTRIBUTES,
            Key: *mut WDFKEY,
        ) -> NTSTATUS {
            kmdf: 229, 1.0; umdf: 131, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ParentKey, KeyAttributes; must_use;
        }
        fn WdfRegistryCreateKey(
            ParentKey: WDFKEY,
            KeyName: PCUNICODE_STRING,
            DesiredAccess: ACCESS_MASK,
            CreateOptions: ULONG,
            CreateDisposition: PULONG,
            KeyAttributes: PWDF_OBJECT_ATTRIBUTES,
            Key: *mut WDFKEY,
        ) -> NTSTATUS {
            kmdf: 230, 1.0; umdf: 132, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ParentKey, CreateDisposition, KeyAttributes; must_use;
        }
        fn WdfRegistryClose(Key: WDFKEY) -> () {
            kmdf: 231, 1.0; umdf: 133, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ;
        }
        fn WdfRegistryWdmGetHandle(Key: WDFKEY) -> HANDLE {
            kmdf: 232, 1.0; umdf: 247, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ;
        }
        fn WdfRegistryRemoveKey(Key: WDFKEY) -> NTSTATUS {
            kmdf: 233, 1.0; umdf: 134, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ; must_use;
        }
        fn WdfRegistryRemoveValue(Key: WDFKEY, ValueName: PCUNICODE_STRING) -> NTSTATUS {
            kmdf: 234, 1.0; umdf: 135, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ; must_use;
        }
        fn WdfRegistryQueryValue(
            Key: WDFKEY,
            ValueName: PCUNICODE_STRING,
            ValueLength: ULONG,
            Value: PVOID,
            ValueLengthQueried: PULONG,
            ValueType: PULONG,
        ) -> NTSTATUS {
            kmdf: 235, 1.0; umdf: 136, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: Value, ValueLengthQueried, ValueType; must_use;
        }
        fn WdfRegistryQueryMemory(
            Key: WDFKEY,
            ValueName: PCUNICODE_STRING,
            PoolType: POOL_TYPE,
            MemoryAttributes: PWDF_OBJECT_ATTRIBUTES,
            Memory: *mut WDFMEMORY,
            ValueType: PULONG,
        ) -> NTSTATUS {
            kmdf: 236, 1.0; umdf: 137, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: MemoryAttributes, ValueType; must_use;
        }
        fn WdfRegistryQueryMultiString(
            Key: WDFKEY,
            ValueName: PCUNICODE_STRING,
            StringsAttributes: PWDF_OBJECT_ATTRIBUTES,
            Collection: WDFCOLLECTION,
        ) -> NTSTATUS {
            kmdf: 237, 1.0; umdf: 138, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: StringsAttributes; must_use;
        }
        fn WdfRegistryQueryUnicodeString(
            Key: WDFKEY,
            ValueName: PCUNICODE_STRING,
            ValueByteLength: PUSHORT,
            Value: PUNICODE_STRING,
        ) -> NTSTATUS {
            kmdf: 238, 1.0; umdf: 139, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ValueByteLength, Value; must_use;
        }
        fn WdfRegistryQueryString(
            Key: WDFKEY,
            ValueName: PCUNICODE_STRING,
            String: WDFSTRING,
        ) -> NTSTATUS {
            kmdf: 239, 1.0; umdf: 140, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ; must_use;
        }
        fn WdfRegistryQueryULong(
            Key: WDFKEY,
            ValueName: PCUNICODE_STRING,
            Value: PULONG,
        ) -> NTSTATUS {
            kmdf: 240, 1.0; umdf: 141, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ; must_use;
        }
        fn WdfRegistryAssignValue(
            Key: WDFKEY,
            ValueName: PCUNICODE_STRING,
            ValueType: ULONG,
            ValueLength: ULONG,
            Value: PVOID,
        ) -> NTSTATUS {
            kmdf: 241, 1.0; umdf: 142, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ; must_use;
        }
        fn WdfRegistryAssignMemory(
            Key: WDFKEY,
            ValueName: PCUNICODE_STRING,
            ValueType: ULONG,
            Memory: WDFMEMORY,
            MemoryOffsets: PWDFMEMORY_OFFSET,
        ) -> NTSTATUS {
            kmdf: 242, 1.0; umdf: 143, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: MemoryOffsets; must_use;
        }
        fn WdfRegistryAssignMultiString(
            Key: WDFKEY,
            ValueName: PCUNICODE_STRING,
            StringsCollection: WDFCOLLECTION,
        ) -> NTSTATUS {
            kmdf: 243, 1.0; umdf: 144, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ; must_use;
        }
        fn WdfRegistryAssignUnicodeString(
            Key: WDFKEY,
            ValueName: PCUNICODE_STRING,
            Value: PCUNICODE_STRING,
        ) -> NTSTATUS {
            kmdf: 244, 1.0; umdf: 145, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ; must_use;
        }
        fn WdfRegistryAssignString(
            Key: WDFKEY,
            ValueName: PCUNICODE_STRING,
            String: WDFSTRING,
        ) -> NTSTATUS {
            kmdf: 245, 1.0; umdf: 146, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ; must_use;
        }
        fn WdfRegistryAssignULong(
            Key: WDFKEY,
            ValueName: PCUNICODE_STRING,
            Value: ULONG,
        ) -> NTSTATUS {
            kmdf: 246, 1.0; umdf: 147, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ; must_use;
        }
    } };
}
wdfregistry_functions!(crate::wdf::declare_functions);

