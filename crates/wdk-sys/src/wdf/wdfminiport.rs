//! Miniport drivers.
//!
//! DDI header: `wdfminiport.h`.

#[allow(unused_imports)]
use super::*;

/// The functions of `wdfminiport.h`.
#[doc(hidden)]
#[macro_export]
macro_rules! wdfminiport_functions {
    ($($then:tt)+) => { $($then)+! {
        wdfminiport;
        fn WdfDeviceMiniportCreate(
            Driver: WDFDRIVER,
            Attributes: PWDF_OBJECT_ATTRIBUTES,
            DeviceObject: PDEVICE_OBJECT,
            AttachedDeviceObject: PDEVICE_OBJECT,
            Pdo: PDEVICE_OBJECT,
            Device: *mut WDFDEVICE,
        ) -> NTSTATUS {
            kmdf: 200, 1.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: Attributes, AttachedDeviceObject, Pdo; must_use;
        }
        fn WdfDriverMiniportUnload(Driver: WDFDRIVER) -> () {
            kmdf: 201, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
    } };
}
wdfminiport_functions!(crate::wdf::declare_functions);

