//! A device that adds numbers, in the raw style of the 0.4 releases.

#![no_std]

extern crate alloc;

#[cfg(not(test))]
extern crate wdk_panic;

use alloc::vec::Vec;
use core::ptr::null_mut;
use wdk::{dbg, nt_success, print, println};
#[cfg(not(test))]
use wdk_alloc::WdkAllocator;
use wdk_sys::*;

#[cfg(not(test))]
#[global_allocator]
static GLOBAL_ALLOCATOR: WdkAllocator = WdkAllocator;

#[cfg(not(driver_model__driver_type = "KMDF"))]
compile_error!("the build script names the driver model");

/// `CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)`.
const IOCTL_ADD: ULONG = (FILE_DEVICE_UNKNOWN << 16) | (FILE_ANY_ACCESS << 14) | (0x800 << 2) | METHOD_BUFFERED;

/// The same with function 0x801: loses the memory that it allocates.
const IOCTL_LEAK: ULONG = IOCTL_ADD + (1 << 2);
/// The same with function 0x802: panics.
const IOCTL_PANIC: ULONG = IOCTL_ADD + (2 << 2);

static mut CALLS: u32 = 0;

#[export_name = "DriverEntry"]
pub unsafe extern "system" fn driver_entry(
    driver: &mut DRIVER_OBJECT,
    registry_path: PCUNICODE_STRING,
) -> NTSTATUS {
    let mut config = {
        let mut config = WDF_DRIVER_CONFIG::default();
        config.Size = core::mem::size_of::<WDF_DRIVER_CONFIG>() as ULONG;
        config.EvtDriverDeviceAdd = Some(evt_driver_device_add);
        config.EvtDriverUnload = Some(evt_driver_unload);
        config
    };
    let driver_attributes = WDF_NO_OBJECT_ATTRIBUTES;
    let driver_handle_output = WDF_NO_HANDLE as *mut WDFDRIVER;
    let nt_status = call_unsafe_wdf_function_binding!(
        WdfDriverCreate,
        driver as PDRIVER_OBJECT,
        registry_path,
        driver_attributes,
        &mut config,
        driver_handle_output,
    );
    println!("WdfDriverCreate: {nt_status:#010X}");
    nt_status
}

extern "C" fn evt_driver_unload(_driver: WDFDRIVER) {
    println!();
    println!("{} calls", unsafe { CALLS });
}

extern "C" fn evt_driver_device_add(_driver: WDFDRIVER, mut device_init: *mut WDFDEVICE_INIT) -> NTSTATUS {
    PAGED_CODE!();
    let mut device_handle_output: WDFDEVICE = null_mut();
    let nt_status = unsafe {
        call_unsafe_wdf_function_binding!(
            WdfDeviceCreate,
            &mut device_init as *mut *mut WDFDEVICE_INIT,
            WDF_NO_OBJECT_ATTRIBUTES,
            &mut device_handle_output,
        )
    };
    if !nt_success(nt_status) {
        return nt_status;
    }
    let name: Vec<u16> = "\\DosDevices\\CompatCalculator".encode_utf16().collect();
    let mut link = UNICODE_STRING::default();
    link.Buffer = name.as_ptr() as *mut u16;
    link.Length = (name.len() * 2) as USHORT;
    link.MaximumLength = link.Length;
    let nt_status =
        unsafe { call_unsafe_wdf_function_binding!(WdfDeviceCreateSymbolicLink, device_handle_output, &link) };
    if !nt_success(nt_status) {
        return nt_status;
    }
    let mut queue_config = WDF_IO_QUEUE_CONFIG {
        Size: core::mem::size_of::<WDF_IO_QUEUE_CONFIG>() as u32,
        PowerManaged: _WDF_TRI_STATE::WdfUseDefault,
        DefaultQueue: true as u8,
        DispatchType: _WDF_IO_QUEUE_DISPATCH_TYPE::WdfIoQueueDispatchSequential,
        EvtIoDeviceControl: Some(evt_io_device_control),
        ..Default::default()
    };
    unsafe {
        call_unsafe_wdf_function_binding!(
            WdfIoQueueCreate,
            device_handle_output,
            &mut queue_config,
            WDF_NO_OBJECT_ATTRIBUTES,
            null_mut(),
        )
    }
}

unsafe extern "C" fn evt_io_device_control(
    _queue: WDFQUEUE,
    request: WDFREQUEST,
    _output_buffer_length: usize,
    input_buffer_length: usize,
    io_control_code: ULONG,
) {
    CALLS += 1;
    let mut information = 0;
    let status = match io_control_code {
        IOCTL_ADD => match add(request, input_buffer_length) {
            Ok(length) => {
                information = length;
                STATUS_SUCCESS
            }
            Err(status) => status,
        },
        IOCTL_LEAK => {
            core::mem::forget(alloc::vec![1_u8; input_buffer_length]);
            STATUS_SUCCESS
        }
        IOCTL_PANIC => panic!("asked to panic with {input_buffer_length} bytes"),
        other => {
            print!("what is ");
            println!("{:#X}?", dbg!(other));
            STATUS_INVALID_DEVICE_REQUEST
        }
    };
    call_unsafe_wdf_function_binding!(WdfRequestCompleteWithInformation, request, status, information as ULONG_PTR);
}

unsafe fn add(request: WDFREQUEST, length: usize) -> Result<usize, NTSTATUS> {
    let mut input: PVOID = null_mut();
    let mut output: PVOID = null_mut();
    let status =
        call_unsafe_wdf_function_binding!(WdfRequestRetrieveInputBuffer, request, 4, &mut input, null_mut());
    if !nt_success(status) {
        return Err(status);
    }
    let status =
        call_unsafe_wdf_function_binding!(WdfRequestRetrieveOutputBuffer, request, 8, &mut output, null_mut());
    if !nt_success(status) {
        return Err(status);
    }
    let numbers: Vec<u32> =
        core::slice::from_raw_parts(input as *const u8, length).chunks_exact(4).map(|n| u32::from_le_bytes(n.try_into().unwrap())).collect();
    let sum = compat_numbers::sum(&numbers)?;
    (output as *mut u64).write_unaligned(sum);
    Ok(8)
}
