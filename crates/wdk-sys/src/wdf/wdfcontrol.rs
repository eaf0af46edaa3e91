//! Control devices.
//!
//! DDI header: `wdfcontrol.h`.

use crate::declare::c_enum;
#[allow(unused_imports)]
use super::*;

c_enum! {
    /// `WDF_DEVICE_SHUTDOWN_FLAGS`.
    enum _WDF_DEVICE_SHUTDOWN_FLAGS as WDF_DEVICE_SHUTDOWN_FLAGS, PWDF_DEVICE_SHUTDOWN_FLAGS {
        WdfDeviceShutdown = 1,
        WdfDeviceLastChanceShutdown = 2,
    }
}

/// The callbacks of `wdfcontrol.h`: `fn EVT_… as PFN_…(parameters) -> result { irql }`.
#[doc(hidden)]
#[macro_export]
macro_rules! wdfcontrol_callbacks {
    ($($then:tt)+) => { $($then)+! {
        wdfcontrol;
        fn EVT_WDF_DEVICE_SHUTDOWN_NOTIFICATION as PFN_WDF_DEVICE_SHUTDOWN_NOTIFICATION(
            Device: WDFDEVICE,
        ) -> () { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
    } };
}
wdfcontrol_callbacks!(crate::wdf::declare_callbacks);

/// The functions of `wdfcontrol.h`.
#[doc(hidden)]
#[macro_export]
macro_rules! wdfcontrol_functions {
    ($($then:tt)+) => { $($then)+! {
        wdfcontrol;
        fn WdfControlDeviceInitAllocate(
            Driver: WDFDRIVER,
            SDDLString: *const UNICODE_STRING,
        ) -> PWDFDEVICE_INIT {
            kmdf: 25, 1.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ; must_use;
        }
        fn WdfControlDeviceInitSetShutdownNotification(
            DeviceInit: PWDFDEVICE_INIT,
            Notification: PFN_WDF_DEVICE_SHUTDOWN_NOTIFICATION,
            Flags: UCHAR,
        ) -> () {
            kmdf: 26, 1.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ;
        }
        fn WdfControlFinishInitializing(Device: WDFDEVICE) -> () {
            kmdf: 27, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
    } };
}
wdfcontrol_functions!(crate::wdf::declare_functions);

