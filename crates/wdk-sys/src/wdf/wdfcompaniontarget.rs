//! Companion targets.
//!
//! DDI header: `wdfcompaniontarget.h`.

use crate::declare::{c_enum, c_struct};
#[allow(unused_imports)]
use super::*;

c_enum! {
    /// `WDF_TASK_SEND_OPTIONS_FLAGS`.
    enum _WDF_TASK_SEND_OPTIONS_FLAGS as WDF_TASK_SEND_OPTIONS_FLAGS, PWDF_TASK_SEND_OPTIONS_FLAGS {
        WDF_TASK_SEND_OPTION_TIMEOUT = 1,
        WDF_TASK_SEND_OPTION_SYNCHRONOUS = 2,
    }
}

c_struct! {
    /// `WDF_TASK_SEND_OPTIONS`.
    struct _WDF_TASK_SEND_OPTIONS as WDF_TASK_SEND_OPTIONS, PWDF_TASK_SEND_OPTIONS [16, 8] {
        Size: ULONG = 0,
        Flags: ULONG = 4,
        Timeout: LONGLONG = 8,
    }
}

/// The functions of `wdfcompaniontarget.h`.
#[doc(hidden)]
#[macro_export]
macro_rules! wdfcompaniontarget_functions {
    ($($then:tt)+) => { $($then)+! {
        wdfcompaniontarget;
        fn WdfCompanionTargetSendTaskSynchronously(
            CompanionTarget: WDFCOMPANIONTARGET,
            TaskQueueIdentifier: USHORT,
            TaskOperationCode: ULONG,
            InputBuffer: PWDF_MEMORY_DESCRIPTOR,
            OutputBuffer: PWDF_MEMORY_DESCRIPTOR,
            TaskOptions: PWDF_TASK_SEND_OPTIONS,
            BytesReturned: PULONG_PTR,
        ) -> NTSTATUS {
            kmdf: 449, 1.23; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: InputBuffer, OutputBuffer, TaskOptions; must_use;
        }
        fn WdfCompanionTargetWdmGetCompanionProcess(
            CompanionTarget: WDFCOMPANIONTARGET,
        ) -> PEPROCESS {
            kmdf: 450, 1.23; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
    } };
}
wdfcompaniontarget_functions!(crate::wdf::declare_functions);

/// Initialises a [`WDF_TASK_SEND_OPTIONS`] as the C function of that name does.
pub fn WDF_TASK_SEND_OPTIONS_INIT(Options: &mut WDF_TASK_SEND_OPTIONS, Flags: ULONG) {
    *Options = WDF_TASK_SEND_OPTIONS::default();
    Options.Size = structure_size::<WDF_TASK_SEND_OPTIONS>();
    Options.Flags = Flags;
}
