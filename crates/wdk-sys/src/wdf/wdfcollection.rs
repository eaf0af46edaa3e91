//! Collections of framework objects.
//!
//! DDI header: `wdfcollection.h`.

#[allow(unused_imports)]
use super::*;

/// The functions of `wdfcollection.h`.
#[doc(hidden)]
#[macro_export]
macro_rules! wdfcollection_functions {
    ($($then:tt)+) => { $($then)+! {
        wdfcollection;
        fn WdfCollectionCreate(
            CollectionAttributes: PWDF_OBJECT_ATTRIBUTES,
            Collection: *mut WDFCOLLECTION,
        ) -> NTSTATUS {
            kmdf: 13, 1.0; umdf: 0, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: CollectionAttributes; must_use;
        }
        fn WdfCollectionGetCount(Collection: WDFCOLLECTION) -> ULONG {
            kmdf: 14, 1.0; umdf: 1, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfCollectionAdd(Collection: WDFCOLLECTION, Object: WDFOBJECT) -> NTSTATUS {
            kmdf: 15, 1.0; umdf: 2, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
        fn WdfCollectionRemove(Collection: WDFCOLLECTION, Item: WDFOBJECT) -> () {
            kmdf: 16, 1.0; umdf: 3, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfCollectionRemoveItem(Collection: WDFCOLLECTION, Index: ULONG) -> () {
            kmdf: 17, 1.0; umdf: 4, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfCollectionGetItem(Collection: WDFCOLLECTION, Index: ULONG) -> WDFOBJECT {
            kmdf: 18, 1.0; umdf: 5, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfCollectionGetFirstItem(Collection: WDFCOLLECTION) -> WDFOBJECT {
            kmdf: 19, 1.0; umdf: 6, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfCollectionGetLastItem(Collection: WDFCOLLECTION) -> WDFOBJECT {
            kmdf: 20, 1.0; umdf: 7, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
    } };
}
wdfcollection_functions!(crate::wdf::declare_functions);

