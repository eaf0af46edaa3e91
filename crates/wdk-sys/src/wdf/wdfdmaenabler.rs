//! DMA enablers.
//!
//! DDI header: `wdfdmaenabler.h`.

use crate::declare::{c_enum, c_struct};
#[allow(unused_imports)]
use super::*;

/// `WDF_DMA_ENABLER_UNLIMITED_FRAGMENTS`.
pub const WDF_DMA_ENABLER_UNLIMITED_FRAGMENTS: ULONG = 0xffffffff;

c_enum! {
    /// `WDF_DMA_PROFILE`.
    enum _WDF_DMA_PROFILE as WDF_DMA_PROFILE, PWDF_DMA_PROFILE {
        WdfDmaProfileInvalid = 0,
        WdfDmaProfilePacket = 1,
        WdfDmaProfileScatterGather = 2,
        WdfDmaProfilePacket64 = 3,
        WdfDmaProfileScatterGather64 = 4,
        WdfDmaProfileScatterGatherDuplex = 5,
        WdfDmaProfileScatterGather64Duplex = 6,
        WdfDmaProfileSystem = 7,
        WdfDmaProfileSystemDuplex = 8,
    }
}

c_enum! {
    /// `WDF_DMA_DIRECTION`.
    enum _WDF_DMA_DIRECTION as WDF_DMA_DIRECTION, PWDF_DMA_DIRECTION {
        WdfDmaDirectionReadFromDevice = 0,
        WdfDmaDirectionWriteToDevice = 1,
    }
}

c_enum! {
    /// `WDF_DMA_ENABLER_CONFIG_FLAGS`.
    enum _WDF_DMA_ENABLER_CONFIG_FLAGS as WDF_DMA_ENABLER_CONFIG_FLAGS, PWDF_DMA_ENABLER_CONFIG_FLAGS {
        WDF_DMA_ENABLER_CONFIG_NO_SGLIST_PREALLOCATION = 1,
        WDF_DMA_ENABLER_CONFIG_REQUIRE_SINGLE_TRANSFER = 2,
    }
}

/// The callbacks of `wdfdmaenabler.h`: `fn EVT_… as PFN_…(parameters) -> result { irql }`.
#[doc(hidden)]
#[macro_export]
macro_rules! wdfdmaenabler_callbacks {
    ($($then:tt)+) => { $($then)+! {
        wdfdmaenabler;
        fn EVT_WDF_DMA_ENABLER_FILL as PFN_WDF_DMA_ENABLER_FILL(
            DmaEnabler: WDFDMAENABLER,
        ) -> NTSTATUS { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDF_DMA_ENABLER_FLUSH as PFN_WDF_DMA_ENABLER_FLUSH(
            DmaEnabler: WDFDMAENABLER,
        ) -> NTSTATUS { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDF_DMA_ENABLER_ENABLE as PFN_WDF_DMA_ENABLER_ENABLE(
            DmaEnabler: WDFDMAENABLER,
        ) -> NTSTATUS { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDF_DMA_ENABLER_DISABLE as PFN_WDF_DMA_ENABLER_DISABLE(
            DmaEnabler: WDFDMAENABLER,
        ) -> NTSTATUS { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDF_DMA_ENABLER_SELFMANAGED_IO_START as PFN_WDF_DMA_ENABLER_SELFMANAGED_IO_START(
            DmaEnabler: WDFDMAENABLER,
        ) -> NTSTATUS { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDF_DMA_ENABLER_SELFMANAGED_IO_STOP as PFN_WDF_DMA_ENABLER_SELFMANAGED_IO_STOP(
            DmaEnabler: WDFDMAENABLER,
        ) -> NTSTATUS { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
    } };
}
wdfdmaenabler_callbacks!(crate::wdf::declare_callbacks);

c_struct! {
    /// `WDF_DMA_ENABLER_CONFIG`.
    struct _WDF_DMA_ENABLER_CONFIG as WDF_DMA_ENABLER_CONFIG, PWDF_DMA_ENABLER_CONFIG [80, 8] {
        Size: ULONG = 0,
        Profile: WDF_DMA_PROFILE = 4,
        MaximumLength: usize = 8,
        EvtDmaEnablerFill: PFN_WDF_DMA_ENABLER_FILL = 16,
        EvtDmaEnablerFlush: PFN_WDF_DMA_ENABLER_FLUSH = 24,
        EvtDmaEnablerDisable: PFN_WDF_DMA_ENABLER_DISABLE = 32,
        EvtDmaEnablerEnable: PFN_WDF_DMA_ENABLER_ENABLE = 40,
        EvtDmaEnablerSelfManagedIoStart: PFN_WDF_DMA_ENABLER_SELFMANAGED_IO_START = 48,
        EvtDmaEnablerSelfManagedIoStop: PFN_WDF_DMA_ENABLER_SELFMANAGED_IO_STOP = 56,
        AddressWidthOverride: ULONG = 64,
        WdmDmaVersionOverride: ULONG = 68,
        Flags: ULONG = 72,
    }
}

c_struct! {
    /// `WDF_DMA_SYSTEM_PROFILE_CONFIG`.
    struct _WDF_DMA_SYSTEM_PROFILE_CONFIG as WDF_DMA_SYSTEM_PROFILE_CONFIG, PWDF_DMA_SYSTEM_PROFILE_CONFIG [32, 8] {
        Size: ULONG = 0,
        DemandMode: BOOLEAN = 4,
        LoopedTransfer: BOOLEAN = 5,
        DmaWidth: DMA_WIDTH = 8,
        DeviceAddress: PHYSICAL_ADDRESS = 16,
        DmaDescriptor: PCM_PARTIAL_RESOURCE_DESCRIPTOR = 24,
    }
}

/// The functions of `wdfdmaenabler.h`.
#[doc(hidden)]
#[macro_export]
macro_rules! wdfdmaenabler_functions {
    ($($then:tt)+) => { $($then)+! {
        wdfdmaenabler;
        fn WdfDmaEnablerCreate(
            Device: WDFDEVICE,
            Config: PWDF_DMA_ENABLER_CONFIG,
            Attributes: PWDF_OBJECT_ATTRIBUTES,
            DmaEnablerHandle: *mut WDFDMAENABLER,
        ) -> NTSTATUS {
            kmdf: 94, 1.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: Attributes; must_use;
        }
        fn WdfDmaEnablerGetMaximumLength(DmaEnabler: WDFDMAENABLER) -> usize {
            kmdf: 95, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDmaEnablerGetMaximumScatterGatherElements(DmaEnabler: WDFDMAENABLER) -> usize {
            kmdf: 96, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDmaEnablerSetMaximumScatterGatherElements(
            DmaEnabler: WDFDMAENABLER,
            MaximumFragments: usize,
        ) -> () {
            kmdf: 97, 1.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ;
        }
        fn WdfDmaEnablerGetFragmentLength(
            DmaEnabler: WDFDMAENABLER,
            DmaDirection: WDF_DMA_DIRECTION,
        ) -> usize {
            kmdf: 384, 1.1; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDmaEnablerWdmGetDmaAdapter(
            DmaEnabler: WDFDMAENABLER,
            DmaDirection: WDF_DMA_DIRECTION,
        ) -> PDMA_ADAPTER {
            kmdf: 385, 1.1; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDmaEnablerConfigureSystemProfile(
            DmaEnabler: WDFDMAENABLER,
            ProfileConfig: PWDF_DMA_SYSTEM_PROFILE_CONFIG,
            ConfigDirection: WDF_DMA_DIRECTION,
        ) -> NTSTATUS {
            kmdf: 405, 1.11; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ; must_use;
        }
    } };
}
wdfdmaenabler_functions!(crate::wdf::declare_functions);

/// Initialises a [`WDF_DMA_ENABLER_CONFIG`] as the C function of that name does.
pub fn WDF_DMA_ENABLER_CONFIG_INIT(
    Config: &mut WDF_DMA_ENABLER_CONFIG,
    Profile: WDF_DMA_PROFILE,
    MaximumLength: usize,
) {
    *Config = WDF_DMA_ENABLER_CONFIG::default();
    Config.Size = structure_size::<WDF_DMA_ENABLER_CONFIG>();
    Config.Profile = Profile;
    Config.MaximumLength = MaximumLength;
}

/// Initialises a [`WDF_DMA_SYSTEM_PROFILE_CONFIG`] as the C function of that name does.
pub fn WDF_DMA_SYSTEM_PROFILE_CONFIG_INIT(
    DmaConfig: &mut WDF_DMA_SYSTEM_PROFILE_CONFIG,
    Address: PHYSICAL_ADDRESS,
    DmaWidth: DMA_WIDTH,
    DmaDescriptor: PCM_PARTIAL_RESOURCE_DESCRIPTOR,
) {
    *DmaConfig = WDF_DMA_SYSTEM_PROFILE_CONFIG::default();
    DmaConfig.Size = structure_size::<WDF_DMA_SYSTEM_PROFILE_CONFIG>();
    DmaConfig.DeviceAddress = Address;
    DmaConfig.DmaWidth = DmaWidth;
    DmaConfig.DmaDescriptor = DmaDescriptor;
}
