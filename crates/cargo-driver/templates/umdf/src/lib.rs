//! A UMDF driver whose device takes what is written to it.

#![cfg_attr(target_os = "windows", no_std)]

use core::ptr::null;
use wdk::prelude::Guid;
use wdk::{nt_success, println};
use wdk_sys::*;

/// How programs find the device.
pub const INTERFACE: Guid = Guid::parse("{{guid}}");

/// The driver's entry point.
///
/// # Safety
///
/// Only the framework calls it, with the driver's object and the path of its registry key.
#[unsafe(export_name = "DriverEntry")]
pub unsafe extern "C" fn driver_entry(driver: PDRIVER_OBJECT, path: PCUNICODE_STRING) -> NTSTATUS {
    println!("{}: loaded", env!("CARGO_PKG_NAME"));
    let mut config = WDF_DRIVER_CONFIG::default();
    WDF_DRIVER_CONFIG_INIT(&mut config, Some(device_add));
    // SAFETY: what the framework gave; the configuration outlives the call.
    unsafe {
        call_unsafe_wdf_function_binding!(
            WdfDriverCreate,
            driver,
            path,
            WDF_NO_OBJECT_ATTRIBUTES,
            &mut config,
            WDF_NO_HANDLE.cast::<WDFDRIVER>(),
        )
    }
}

unsafe extern "C" fn device_add(_driver: WDFDRIVER, mut init: PWDFDEVICE_INIT) -> NTSTATUS {
    let mut device: WDFDEVICE = WDF_NO_HANDLE.cast();
    // SAFETY: the framework gives the structure for one device.
    let status = unsafe {
        call_unsafe_wdf_function_binding!(
            WdfDeviceCreate,
            &mut init,
            WDF_NO_OBJECT_ATTRIBUTES,
            &mut device,
        )
    };
    if !nt_success(status) {
        return status;
    }
    // SAFETY: the device that was just made.
    let status = unsafe {
        call_unsafe_wdf_function_binding!(
            WdfDeviceCreateDeviceInterface,
            device,
            INTERFACE.as_raw(),
            null(),
        )
    };
    if !nt_success(status) {
        return status;
    }
    let mut config = WDF_IO_QUEUE_CONFIG::default();
    WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(
        &mut config,
        _WDF_IO_QUEUE_DISPATCH_TYPE::WdfIoQueueDispatchSequential,
    );
    config.EvtIoWrite = Some(write);
    // SAFETY: the device that was just made; the configuration outlives the call.
    unsafe {
        call_unsafe_wdf_function_binding!(
            WdfIoQueueCreate,
            device,
            &mut config,
            WDF_NO_OBJECT_ATTRIBUTES,
            WDF_NO_HANDLE.cast::<WDFQUEUE>(),
        )
    }
}

unsafe extern "C" fn write(_queue: WDFQUEUE, request: WDFREQUEST, length: usize) {
    // SAFETY: the queue gave the request to this driver, which completes it once.
    unsafe {
        call_unsafe_wdf_function_binding!(
            WdfRequestCompleteWithInformation,
            request,
            STATUS_SUCCESS,
            length as ULONG_PTR,
        )
    };
}

/// A driver without the standard library brings its own: it ends the host process of the driver.
#[cfg(target_os = "windows")]
#[panic_handler]
fn panic(_info: &core::panic::PanicInfo<'_>) -> ! {
    // SAFETY: the process's own handle, and a number.
    unsafe { windows::TerminateProcess(windows::GetCurrentProcess(), 1) };
    loop {}
}
