//! File objects.
//!
//! DDI header: `wdffileobject.h`.

use crate::declare::c_enum;
#[allow(unused_imports)]
use super::*;

c_enum! {
    /// `WDF_FILE_INFORMATION_CLASS`.
    enum _WDF_FILE_INFORMATION_CLASS as WDF_FILE_INFORMATION_CLASS, PWDF_FILE_INFORMATION_CLASS {
        WdfFileInformationDirectory = 1,
        WdfFileInformationFullDirectory = 2,
        WdfFileInformationBothDirectory = 3,
        WdfFileInformationBasic = 4,
        WdfFileInformationStandard = 5,
        WdfFileInformationInternal = 6,
        WdfFileInformationEa = 7,
        WdfFileInformationAccess = 8,
        WdfFileInformationName = 9,
        WdfFileInformationRename = 10,
        WdfFileInformationLink = 11,
        WdfFileInformationNames = 12,
        WdfFileInformationDisposition = 13,
        WdfFileInformationPosition = 14,
        WdfFileInformationFullEa = 15,
        WdfFileInformationMode = 16,
        WdfFileInformationAlignment = 17,
        WdfFileInformationAll = 18,
        WdfFileInformationAllocation = 19,
        WdfFileInformationEndOfFile = 20,
        WdfFileInformationAlternateName = 21,
        WdfFileInformationStream = 22,
        WdfFileInformationPipe = 23,
        WdfFileInformationPipeLocal = 24,
        WdfFileInformationPipeRemote = 25,
        WdfFileInformationMailslotQuery = 26,
        WdfFileInformationMailslotSet = 27,
        WdfFileInformationCompression = 28,
        WdfFileInformationObjectId = 29,
        WdfFileInformationCompletion = 30,
        WdfFileInformationMoveCluster = 31,
        WdfFileInformationQuota = 32,
        WdfFileInformationReparsePoint = 33,
        WdfFileInformationNetworkOpen = 34,
        WdfFileInformationAttributeTag = 35,
        WdfFileInformationTracking = 36,
        WdfFileInformationIdBothDirectory = 37,
        WdfFileInformationIdFullDirectory = 38,
        WdfFileInformationValidDataLength = 39,
        WdfFileInformationShortName = 40,
        WdfFileInformationIoCompletionNotification = 41,
        WdfFileInformationIoStatusBlockRange = 42,
        WdfFileInformationIoPriorityHint = 43,
        WdfFileInformationSfioReserve = 44,
        WdfFileInformationSfioVolume = 45,
        WdfFileInformationHardLink = 46,
        WdfFileInformationProcessIdsUsingFile = 47,
        WdfFileInformationNormalizedName = 48,
        WdfFileInformationNetworkPhysicalName = 49,
        WdfFileInformationIdGlobalTxDirectory = 50,
        WdfFileInformationIsRemoteDevice = 51,
        WdfFileInformationAttributeCache = 52,
        WdfFileInformationMaximum = 53,
    }
}

/// The functions of `wdffileobject.h`.
#[doc(hidden)]
#[macro_export]
macro_rules! wdffileobject_functions {
    ($($then:tt)+) => { $($then)+! {
        wdffileobject;
        fn WdfFileObjectGetRelatedFileObject(FileObject: WDFFILEOBJECT) -> WDFFILEOBJECT {
            umdf: 71, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ;
        }
        fn WdfFileObjectGetFileName(FileObject: WDFFILEOBJECT) -> PUNICODE_STRING {
            kmdf: 137, 1.0; umdf: 68, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ;
        }
        fn WdfFileObjectGetFlags(FileObject: WDFFILEOBJECT) -> ULONG {
            kmdf: 138, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfFileObjectGetDevice(FileObject: WDFFILEOBJECT) -> WDFDEVICE {
            kmdf: 139, 1.0; umdf: 69, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfFileObjectWdmGetFileObject(FileObject: WDFFILEOBJECT) -> PFILE_OBJECT {
            kmdf: 140, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfFileObjectGetInitiatorProcessId(FileObject: WDFFILEOBJECT) -> ULONG {
            kmdf: 446, 1.21; umdf: 70, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
    } };
}
wdffileobject_functions!(crate::wdf::declare_functions);

