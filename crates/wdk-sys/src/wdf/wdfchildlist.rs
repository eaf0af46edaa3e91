//! Child lists: enumerating the children of a bus.
//!
//! DDI header: `wdfchildlist.h`.

use crate::declare::{c_enum, c_struct};
#[allow(unused_imports)]
use super::*;

c_enum! {
    /// `WDF_CHILD_LIST_RETRIEVE_DEVICE_STATUS`.
    enum _WDF_CHILD_LIST_RETRIEVE_DEVICE_STATUS as WDF_CHILD_LIST_RETRIEVE_DEVICE_STATUS, PWDF_CHILD_LIST_RETRIEVE_DEVICE_STATUS {
        WdfChildListRetrieveDeviceUndefined = 0,
        WdfChildListRetrieveDeviceSuccess = 1,
        WdfChildListRetrieveDeviceNotYetCreated = 2,
        WdfChildListRetrieveDeviceNoSuchDevice = 3,
    }
}

c_enum! {
    /// `WDF_RETRIEVE_CHILD_FLAGS`.
    enum _WDF_RETRIEVE_CHILD_FLAGS as WDF_RETRIEVE_CHILD_FLAGS, PWDF_RETRIEVE_CHILD_FLAGS {
        WdfRetrieveUnspecified = 0,
        WdfRetrievePresentChildren = 1,
        WdfRetrieveMissingChildren = 2,
        WdfRetrievePendingChildren = 4,
        WdfRetrieveAddedChildren = 5,
        WdfRetrieveAllChildren = 7,
    }
}

/// The callbacks of `wdfchildlist.h`: `fn EVT_… as PFN_…(parameters) -> result { irql }`.
#[doc(hidden)]
#[macro_export]
macro_rules! wdfchildlist_callbacks {
    ($($then:tt)+) => { $($then)+! {
        wdfchildlist;
        fn EVT_WDF_CHILD_LIST_CREATE_DEVICE as PFN_WDF_CHILD_LIST_CREATE_DEVICE(
            ChildList: WDFCHILDLIST,
            IdentificationDescription: PWDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER,
            ChildInit: PWDFDEVICE_INIT,
        ) -> NTSTATUS { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDF_CHILD_LIST_SCAN_FOR_CHILDREN as PFN_WDF_CHILD_LIST_SCAN_FOR_CHILDREN(
            ChildList: WDFCHILDLIST,
        ) -> () { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDF_CHILD_LIST_IDENTIFICATION_DESCRIPTION_COPY as PFN_WDF_CHILD_LIST_IDENTIFICATION_DESCRIPTION_COPY(
            ChildList: WDFCHILDLIST,
            SourceIdentificationDescription: PWDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER,
            DestinationIdentificationDescription: PWDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER,
        ) -> () { irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; }
        fn EVT_WDF_CHILD_LIST_IDENTIFICATION_DESCRIPTION_DUPLICATE as PFN_WDF_CHILD_LIST_IDENTIFICATION_DESCRIPTION_DUPLICATE(
            ChildList: WDFCHILDLIST,
            SourceIdentificationDescription: PWDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER,
            DestinationIdentificationDescription: PWDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER,
        ) -> NTSTATUS { irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; }
        fn EVT_WDF_CHILD_LIST_IDENTIFICATION_DESCRIPTION_COMPARE as PFN_WDF_CHILD_LIST_IDENTIFICATION_DESCRIPTION_COMPARE(
            ChildList: WDFCHILDLIST,
            FirstIdentificationDescription: PWDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER,
            SecondIdentificationDescription: PWDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER,
        ) -> BOOLEAN { irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; }
        fn EVT_WDF_CHILD_LIST_IDENTIFICATION_DESCRIPTION_CLEANUP as PFN_WDF_CHILD_LIST_IDENTIFICATION_DESCRIPTION_CLEANUP(
            ChildList: WDFCHILDLIST,
            IdentificationDescription: PWDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER,
        ) -> () { irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; }
        fn EVT_WDF_CHILD_LIST_ADDRESS_DESCRIPTION_COPY as PFN_WDF_CHILD_LIST_ADDRESS_DESCRIPTION_COPY(
            ChildList: WDFCHILDLIST,
            SourceAddressDescription: PWDF_CHILD_ADDRESS_DESCRIPTION_HEADER,
            DestinationAddressDescription: PWDF_CHILD_ADDRESS_DESCRIPTION_HEADER,
        ) -> () { irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; }
        fn EVT_WDF_CHILD_LIST_ADDRESS_DESCRIPTION_DUPLICATE as PFN_WDF_CHILD_LIST_ADDRESS_DESCRIPTION_DUPLICATE(
            ChildList: WDFCHILDLIST,
            SourceAddressDescription: PWDF_CHILD_ADDRESS_DESCRIPTION_HEADER,
            DestinationAddressDescription: PWDF_CHILD_ADDRESS_DESCRIPTION_HEADER,
        ) -> NTSTATUS { irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; }
        fn EVT_WDF_CHILD_LIST_ADDRESS_DESCRIPTION_CLEANUP as PFN_WDF_CHILD_LIST_ADDRESS_DESCRIPTION_CLEANUP(
            ChildList: WDFCHILDLIST,
            AddressDescription: PWDF_CHILD_ADDRESS_DESCRIPTION_HEADER,
        ) -> () { irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; }
        fn EVT_WDF_CHILD_LIST_DEVICE_REENUMERATED as PFN_WDF_CHILD_LIST_DEVICE_REENUMERATED(
            ChildList: WDFCHILDLIST,
            OldDevice: WDFDEVICE,
            OldAddressDescription: PWDF_CHILD_ADDRESS_DESCRIPTION_HEADER,
            NewAddressDescription: PWDF_CHILD_ADDRESS_DESCRIPTION_HEADER,
        ) -> BOOLEAN { irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; }
    } };
}
wdfchildlist_callbacks!(crate::wdf::declare_callbacks);

c_struct! {
    /// `WDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER`.
    struct _WDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER as WDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER, PWDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER [4, 4] {
        IdentificationDescriptionSize: ULONG = 0,
    }
}

c_struct! {
    /// `WDF_CHILD_ADDRESS_DESCRIPTION_HEADER`.
    struct _WDF_CHILD_ADDRESS_DESCRIPTION_HEADER as WDF_CHILD_ADDRESS_DESCRIPTION_HEADER, PWDF_CHILD_ADDRESS_DESCRIPTION_HEADER [4, 4] {
        AddressDescriptionSize: ULONG = 0,
    }
}

c_struct! {
    /// `WDF_CHILD_RETRIEVE_INFO`.
    struct _WDF_CHILD_RETRIEVE_INFO as WDF_CHILD_RETRIEVE_INFO, PWDF_CHILD_RETRIEVE_INFO [40, 8] {
        Size: ULONG = 0,
        IdentificationDescription: PWDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER = 8,
        AddressDescription: PWDF_CHILD_ADDRESS_DESCRIPTION_HEADER = 16,
        Status: WDF_CHILD_LIST_RETRIEVE_DEVICE_STATUS = 24,
        EvtChildListIdentificationDescriptionCompare: PFN_WDF_CHILD_LIST_IDENTIFICATION_DESCRIPTION_COMPARE = 32,
    }
}

c_struct! {
    /// `WDF_CHILD_LIST_CONFIG`.
    struct _WDF_CHILD_LIST_CONFIG as WDF_CHILD_LIST_CONFIG, PWDF_CHILD_LIST_CONFIG [96, 8] {
        Size: ULONG = 0,
        IdentificationDescriptionSize: ULONG = 4,
        AddressDescriptionSize: ULONG = 8,
        EvtChildListCreateDevice: PFN_WDF_CHILD_LIST_CREATE_DEVICE = 16,
        EvtChildListScanForChildren: PFN_WDF_CHILD_LIST_SCAN_FOR_CHILDREN = 24,
        EvtChildListIdentificationDescriptionCopy: PFN_WDF_CHILD_LIST_IDENTIFICATION_DESCRIPTION_COPY = 32,
        EvtChildListIdentificationDescriptionDuplicate: PFN_WDF_CHILD_LIST_IDENTIFICATION_DESCRIPTION_DUPLICATE = 40,
        EvtChildListIdentificationDescriptionCleanup: PFN_WDF_CHILD_LIST_IDENTIFICATION_DESCRIPTION_CLEANUP = 48,
        EvtChildListIdentificationDescriptionCompare: PFN_WDF_CHILD_LIST_IDENTIFICATION_DESCRIPTION_COMPARE = 56,
        EvtChildListAddressDescriptionCopy: PFN_WDF_CHILD_LIST_ADDRESS_DESCRIPTION_COPY = 64,
        EvtChildListAddressDescriptionDuplicate: PFN_WDF_CHILD_LIST_ADDRESS_DESCRIPTION_DUPLICATE = 72,
        EvtChildListAddressDescriptionCleanup: PFN_WDF_CHILD_LIST_ADDRESS_DESCRIPTION_CLEANUP = 80,
        EvtChildListDeviceReenumerated: PFN_WDF_CHILD_LIST_DEVICE_REENUMERATED = 88,
    }
}

c_struct! {
    /// `WDF_CHILD_LIST_ITERATOR`.
    struct _WDF_CHILD_LIST_ITERATOR as WDF_CHILD_LIST_ITERATOR, PWDF_CHILD_LIST_ITERATOR [40, 8] {
        Size: ULONG = 0,
        Flags: ULONG = 4,
        Reserved: [PVOID; 4] = 8,
    }
}

/// The functions of `wdfchildlist.h`.
#[doc(hidden)]
#[macro_export]
macro_rules! wdfchildlist_functions {
    ($($then:tt)+) => { $($then)+! {
        wdfchildlist;
        fn WdfChildListCreate(
            Device: WDFDEVICE,
            Config: PWDF_CHILD_LIST_CONFIG,
            ChildListAttributes: PWDF_OBJECT_ATTRIBUTES,
            ChildList: *mut WDFCHILDLIST,
        ) -> NTSTATUS {
            kmdf: 0, 1.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ChildListAttributes; must_use;
        }
        fn WdfChildListGetDevice(ChildList: WDFCHILDLIST) -> WDFDEVICE {
            kmdf: 1, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfChildListRetrievePdo(
            ChildList: WDFCHILDLIST,
            RetrieveInfo: PWDF_CHILD_RETRIEVE_INFO,
        ) -> WDFDEVICE {
            kmdf: 2, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
        fn WdfChildListRetrieveAddressDescription(
            ChildList: WDFCHILDLIST,
            IdentificationDescription: PWDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER,
            AddressDescription: PWDF_CHILD_ADDRESS_DESCRIPTION_HEADER,
        ) -> NTSTATUS {
            kmdf: 3, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
        fn WdfChildListBeginScan(ChildList: WDFCHILDLIST) -> () {
            kmdf: 4, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfChildListEndScan(ChildList: WDFCHILDLIST) -> () {
            kmdf: 5, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfChildListBeginIteration(
            ChildList: WDFCHILDLIST,
            Iterator: PWDF_CHILD_LIST_ITERATOR,
        ) -> () {
            kmdf: 6, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfChildListRetrieveNextDevice(
            ChildList: WDFCHILDLIST,
            Iterator: PWDF_CHILD_LIST_ITERATOR,
            Device: *mut WDFDEVICE,
            Info: PWDF_CHILD_RETRIEVE_INFO,
        ) -> NTSTATUS {
            kmdf: 7, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: Info; must_use;
        }
        fn WdfChildListEndIteration(
            ChildList: WDFCHILDLIST,
            Iterator: PWDF_CHILD_LIST_ITERATOR,
        ) -> () {
            kmdf: 8, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfChildListAddOrUpdateChildDescriptionAsPresent(
            ChildList: WDFCHILDLIST,
            IdentificationDescription: PWDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER,
            AddressDescription: PWDF_CHILD_ADDRESS_DESCRIPTION_HEADER,
        ) -> NTSTATUS {
            kmdf: 9, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: AddressDescription; must_use;
        }
        fn WdfChildListUpdateChildDescriptionAsMissing(
            ChildList: WDFCHILDLIST,
            IdentificationDescription: PWDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER,
        ) -> NTSTATUS {
            kmdf: 10, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
        fn WdfChildListUpdateAllChildDescriptionsAsPresent(ChildList: WDFCHILDLIST) -> () {
            kmdf: 11, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfChildListRequestChildEject(
            ChildList: WDFCHILDLIST,
            IdentificationDescription: PWDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER,
        ) -> BOOLEAN {
            kmdf: 12, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
    } };
}
wdfchildlist_functions!(crate::wdf::declare_functions);

/// Initialises a [`WDF_CHILD_RETRIEVE_INFO`] as the C function of that name does.
pub fn WDF_CHILD_RETRIEVE_INFO_INIT(
    Info: &mut WDF_CHILD_RETRIEVE_INFO,
    IdentificationDescription: PWDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER,
) {
    *Info = WDF_CHILD_RETRIEVE_INFO::default();
    Info.Size = structure_size::<WDF_CHILD_RETRIEVE_INFO>();
    Info.IdentificationDescription = IdentificationDescription;
}

/// Initialises a [`WDF_CHILD_LIST_CONFIG`] as the C function of that name does.
pub fn WDF_CHILD_LIST_CONFIG_INIT(
    Config: &mut WDF_CHILD_LIST_CONFIG,
    IdentificationDescriptionSize: ULONG,
    EvtChildListCreateDevice: PFN_WDF_CHILD_LIST_CREATE_DEVICE,
) {
    *Config = WDF_CHILD_LIST_CONFIG::default();
    Config.Size = structure_size::<WDF_CHILD_LIST_CONFIG>();
    Config.IdentificationDescriptionSize = IdentificationDescriptionSize;
    Config.EvtChildListCreateDevice = EvtChildListCreateDevice;
}

/// Initialises a [`WDF_CHILD_LIST_ITERATOR`] as the C function of that name does.
pub fn WDF_CHILD_LIST_ITERATOR_INIT(Iterator: &mut WDF_CHILD_LIST_ITERATOR, Flags: ULONG) {
    *Iterator = WDF_CHILD_LIST_ITERATOR::default();
    Iterator.Size = structure_size::<WDF_CHILD_LIST_ITERATOR>();
    Iterator.Flags = Flags;
}

/// Initialises the header of a child identification description and zeroes what follows it.
///
/// # Safety
///
/// `Header` must point to `IdentificationDescriptionSize` writable bytes, at least those of the header.
pub unsafe fn WDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER_INIT(
    Header: PWDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER,
    IdentificationDescriptionSize: ULONG,
) {
    // SAFETY: the caller gives that many writable bytes.
    unsafe { Header.cast::<u8>().write_bytes(0, IdentificationDescriptionSize as usize) };
    // SAFETY: and they hold at least the header.
    unsafe { (*Header).IdentificationDescriptionSize = IdentificationDescriptionSize };
}

/// Initialises the header of a child address description and zeroes what follows it.
///
/// # Safety
///
/// `Header` must point to `AddressDescriptionSize` writable bytes, at least those of the header.
pub unsafe fn WDF_CHILD_ADDRESS_DESCRIPTION_HEADER_INIT(
    Header: PWDF_CHILD_ADDRESS_DESCRIPTION_HEADER,
    AddressDescriptionSize: ULONG,
) {
    // SAFETY: the caller gives that many writable bytes.
    unsafe { Header.cast::<u8>().write_bytes(0, AddressDescriptionSize as usize) };
    // SAFETY: and they hold at least the header.
    unsafe { (*Header).AddressDescriptionSize = AddressDescriptionSize };
}
