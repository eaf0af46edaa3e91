//! What drivers against the raw API have in common.

// Handles are no pointers, and the model checks them: these wrappers cannot dereference anything.
#![allow(clippy::not_unsafe_ptr_arg_deref)]

use wdk_sys::*;

/// Calls `WdfDriverCreate` for a driver with this `EvtDriverDeviceAdd`.
pub fn create_driver(
    driver_object: PDRIVER_OBJECT,
    registry_path: PCUNICODE_STRING,
    device_add: EVT_WDF_DRIVER_DEVICE_ADD,
) -> NTSTATUS {
    let mut config = WDF_DRIVER_CONFIG::default();
    WDF_DRIVER_CONFIG_INIT(&mut config, Some(device_add));
    // SAFETY: valid arguments at PASSIVE_LEVEL; the driver's handle is not needed.
    unsafe {
        WdfDriverCreate(
            driver_object,
            registry_path,
            WDF_NO_OBJECT_ATTRIBUTES,
            &mut config,
            core::ptr::null_mut(),
        )
    }
}

/// A queue configuration with the given dispatching, as a default queue.
pub fn default_queue(dispatch: WDF_IO_QUEUE_DISPATCH_TYPE) -> WDF_IO_QUEUE_CONFIG {
    let mut config = WDF_IO_QUEUE_CONFIG::default();
    WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&mut config, dispatch);
    config
}

/// Creates a device with a symbolic link and one queue.
pub fn create_device(
    init: PWDFDEVICE_INIT,
    link: &str,
    config: &mut WDF_IO_QUEUE_CONFIG,
) -> Result<(WDFDEVICE, WDFQUEUE), NTSTATUS> {
    create_device_with(init, link, config, &mut attributes())
}

/// Default attributes.
pub fn attributes() -> WDF_OBJECT_ATTRIBUTES {
    let mut attributes = WDF_OBJECT_ATTRIBUTES::default();
    WDF_OBJECT_ATTRIBUTES_INIT(&mut attributes);
    attributes
}

/// As [`create_device`], with attributes for the queue.
pub fn create_device_with(
    mut init: PWDFDEVICE_INIT,
    link: &str,
    config: &mut WDF_IO_QUEUE_CONFIG,
    queue_attributes: &mut WDF_OBJECT_ATTRIBUTES,
) -> Result<(WDFDEVICE, WDFQUEUE), NTSTATUS> {
    let mut device = core::ptr::null_mut();
    // SAFETY: valid arguments at PASSIVE_LEVEL, in EvtDriverDeviceAdd.
    check(unsafe { WdfDeviceCreate(&mut init, WDF_NO_OBJECT_ATTRIBUTES, &mut device) })?;
    let mut units = [0_u16; 64];
    let mut length = 0;
    for unit in r"\DosDevices\".encode_utf16().chain(link.encode_utf16()) {
        *units.get_mut(length).ok_or(STATUS_NAME_TOO_LONG)? = unit;
        length += 1;
    }
    let bytes = (length * 2) as u16;
    let name = UNICODE_STRING { Length: bytes, MaximumLength: bytes, Buffer: units.as_mut_ptr() };
    // SAFETY: the device was created above, and the string is valid.
    check(unsafe { WdfDeviceCreateSymbolicLink(device, &name) })?;
    let mut queue = core::ptr::null_mut();
    // SAFETY: the device was created above.
    check(unsafe { WdfIoQueueCreate(device, config, queue_attributes, &mut queue) })?;
    Ok((device, queue))
}

/// A status as a result.
pub fn check(status: NTSTATUS) -> Result<(), NTSTATUS> {
    if NT_SUCCESS(status) { Ok(()) } else { Err(status) }
}

/// A result as a status.
pub fn status<T>(result: Result<T, NTSTATUS>) -> NTSTATUS {
    match result {
        Ok(_) => STATUS_SUCCESS,
        Err(status) => status,
    }
}

/// The entry point of a driver with one default queue: `raw_entry!(link, dispatch, |config, attributes| …)` defines
/// `entry`, and the block sets the callbacks.
#[macro_export]
macro_rules! raw_entry {
    ($link:literal, $dispatch:ident, |$config:ident, $attributes:ident| $set:block) => {
        unsafe extern "C" fn device_add(_driver: WDFDRIVER, init: PWDFDEVICE_INIT) -> NTSTATUS {
            #[allow(unused_mut)]
            let mut $config = $crate::plumbing::default_queue(_WDF_IO_QUEUE_DISPATCH_TYPE::$dispatch);
            #[allow(unused_mut)]
            let mut $attributes = $crate::plumbing::attributes();
            $set
            $crate::plumbing::status(
                $crate::plumbing::create_device_with(init, $link, &mut $config, &mut $attributes)
            )
        }

        pub(crate) unsafe extern "C" fn entry(object: PDRIVER_OBJECT, path: PCUNICODE_STRING) -> NTSTATUS {
            $crate::plumbing::create_driver(object, path, device_add)
        }
    };
}

/// Declares a driver that is linked only, in a module: `raw_driver!(NAME, link, dispatch, |config, attributes| …)`.
#[macro_export]
macro_rules! raw_driver {
    ($module:ident, $link:literal, $dispatch:ident, |$config:ident, $attributes:ident| $set:block) => {
        mod $module {
            #[allow(unused_imports)]
            use super::*;
            #[allow(unused_imports)]
            use wdk_sys::*;

            $crate::raw_entry!($link, $dispatch, |$config, $attributes| $set);

            wdk_sys::driver_module!(pub DRIVER = entry);
        }
    };
}
