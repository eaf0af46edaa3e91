//! Common buffers for DMA.
//!
//! DDI header: `wdfcommonbuffer.h`.

use crate::declare::c_struct;
#[allow(unused_imports)]
use super::*;

c_struct! {
    /// `WDF_COMMON_BUFFER_CONFIG`.
    struct _WDF_COMMON_BUFFER_CONFIG as WDF_COMMON_BUFFER_CONFIG, PWDF_COMMON_BUFFER_CONFIG [8, 4] {
        Size: ULONG = 0,
        AlignmentRequirement: ULONG = 4,
    }
}

/// The functions of `wdfcommonbuffer.h`.
#[doc(hidden)]
#[macro_export]
macro_rules! wdfcommonbuffer_functions {
    ($($then:tt)+) => { $($then)+! {
        wdfcommonbuffer;
        fn WdfCommonBufferCreate(
            DmaEnabler: WDFDMAENABLER,
            Length: usize,
            Attributes: PWDF_OBJECT_ATTRIBUTES,
            CommonBuffer: *mut WDFCOMMONBUFFER,
        ) -> NTSTATUS {
            kmdf: 21, 1.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: Attributes; must_use;
        }
        fn WdfCommonBufferGetAlignedVirtualAddress(CommonBuffer: WDFCOMMONBUFFER) -> PVOID {
            kmdf: 22, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfCommonBufferGetAlignedLogicalAddress(
            CommonBuffer: WDFCOMMONBUFFER,
        ) -> PHYSICAL_ADDRESS {
            kmdf: 23, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfCommonBufferGetLength(CommonBuffer: WDFCOMMONBUFFER) -> usize {
            kmdf: 24, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfCommonBufferCreateWithConfig(
            DmaEnabler: WDFDMAENABLER,
            Length: usize,
            Config: PWDF_COMMON_BUFFER_CONFIG,
            Attributes: PWDF_OBJECT_ATTRIBUTES,
            CommonBuffer: *mut WDFCOMMONBUFFER,
        ) -> NTSTATUS {
            kmdf: 383, 1.1; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: Attributes; must_use;
        }
    } };
}
wdfcommonbuffer_functions!(crate::wdf::declare_functions);

/// Initialises a [`WDF_COMMON_BUFFER_CONFIG`] as the C function of that name does.
pub fn WDF_COMMON_BUFFER_CONFIG_INIT(
    Config: &mut WDF_COMMON_BUFFER_CONFIG,
    AlignmentRequirement: ULONG,
) {
    *Config = WDF_COMMON_BUFFER_CONFIG::default();
    Config.Size = structure_size::<WDF_COMMON_BUFFER_CONFIG>();
    Config.AlignmentRequirement = AlignmentRequirement;
}
