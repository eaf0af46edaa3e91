//! Hardware resources.
//!
//! DDI header: `wdfresource.h`.

#[allow(unused_imports)]
use super::*;

/// `WDF_INSERT_AT_END`.
pub const WDF_INSERT_AT_END: ULONG = 0xffffffff;

/// The functions of `wdfresource.h`.
#[doc(hidden)]
#[macro_export]
macro_rules! wdfresource_functions {
    ($($then:tt)+) => { $($then)+! {
        wdfresource;
        fn WdfIoResourceRequirementsListSetSlotNumber(
            RequirementsList: WDFIORESREQLIST,
            SlotNumber: ULONG,
        ) -> () {
            kmdf: 286, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfIoResourceRequirementsListSetInterfaceType(
            RequirementsList: WDFIORESREQLIST,
            InterfaceType: INTERFACE_TYPE,
        ) -> () {
            kmdf: 287, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfIoResourceRequirementsListAppendIoResList(
            RequirementsList: WDFIORESREQLIST,
            IoResList: WDFIORESLIST,
        ) -> NTSTATUS {
            kmdf: 288, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
        fn WdfIoResourceRequirementsListInsertIoResList(
            RequirementsList: WDFIORESREQLIST,
            IoResList: WDFIORESLIST,
            Index: ULONG,
        ) -> NTSTATUS {
            kmdf: 289, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
        fn WdfIoResourceRequirementsListGetCount(RequirementsList: WDFIORESREQLIST) -> ULONG {
            kmdf: 290, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfIoResourceRequirementsListGetIoResList(
            RequirementsList: WDFIORESREQLIST,
            Index: ULONG,
        ) -> WDFIORESLIST {
            kmdf: 291, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfIoResourceRequirementsListRemove(
            RequirementsList: WDFIORESREQLIST,
            Index: ULONG,
        ) -> () {
            kmdf: 292, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfIoResourceRequirementsListRemoveByIoResList(
            RequirementsList: WDFIORESREQLIST,
            IoResList: WDFIORESLIST,
        ) -> () {
            kmdf: 293, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfIoResourceListCreate(
            RequirementsList: WDFIORESREQLIST,
            Attributes: PWDF_OBJECT_ATTRIBUTES,
            ResourceList: *mut WDFIORESLIST,
        ) -> NTSTATUS {
            kmdf: 294, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: Attributes; must_use;
        }
        fn WdfIoResourceListAppendDescriptor(
            ResourceList: WDFIORESLIST,
            Descriptor: PIO_RESOURCE_DESCRIPTOR,
        ) -> NTSTATUS {
            kmdf: 295, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
        fn WdfIoResourceListInsertDescriptor(
            ResourceList: WDFIORESLIST,
            Descriptor: PIO_RESOURCE_DESCRIPTOR,
            Index: ULONG,
        ) -> NTSTATUS {
            kmdf: 296, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
        fn WdfIoResourceListUpdateDescriptor(
            ResourceList: WDFIORESLIST,
            Descriptor: PIO_RESOURCE_DESCRIPTOR,
            Index: ULONG,
        ) -> () {
            kmdf: 297, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfIoResourceListGetCount(ResourceList: WDFIORESLIST) -> ULONG {
            kmdf: 298, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfIoResourceListGetDescriptor(
            ResourceList: WDFIORESLIST,
            Index: ULONG,
        ) -> PIO_RESOURCE_DESCRIPTOR {
            kmdf: 299, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfIoResourceListRemove(ResourceList: WDFIORESLIST, Index: ULONG) -> () {
            kmdf: 300, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfIoResourceListRemoveByDescriptor(
            ResourceList: WDFIORESLIST,
            Descriptor: PIO_RESOURCE_DESCRIPTOR,
        ) -> () {
            kmdf: 301, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfCmResourceListAppendDescriptor(
            List: WDFCMRESLIST,
            Descriptor: PCM_PARTIAL_RESOURCE_DESCRIPTOR,
        ) -> NTSTATUS {
            kmdf: 302, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
        fn WdfCmResourceListInsertDescriptor(
            List: WDFCMRESLIST,
            Descriptor: PCM_PARTIAL_RESOURCE_DESCRIPTOR,
            Index: ULONG,
        ) -> NTSTATUS {
            kmdf: 303, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
        fn WdfCmResourceListGetCount(List: WDFCMRESLIST) -> ULONG {
            kmdf: 304, 1.0; umdf: 186, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfCmResourceListGetDescriptor(
            List: WDFCMRESLIST,
            Index: ULONG,
        ) -> PCM_PARTIAL_RESOURCE_DESCRIPTOR {
            kmdf: 305, 1.0; umdf: 187, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfCmResourceListRemove(List: WDFCMRESLIST, Index: ULONG) -> () {
            kmdf: 306, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfCmResourceListRemoveByDescriptor(
            List: WDFCMRESLIST,
            Descriptor: PCM_PARTIAL_RESOURCE_DESCRIPTOR,
        ) -> () {
            kmdf: 307, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
    } };
}
wdfresource_functions!(crate::wdf::declare_functions);

