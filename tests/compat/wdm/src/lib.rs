//! A WDM driver in the raw style: a dispatch table, a device with a name, a buffered read.

#![no_std]

#[cfg(not(test))]
extern crate wdk_panic;

use core::ptr::null_mut;
use wdk::{nt_success, println};
#[cfg(not(test))]
use wdk_alloc::WdkAllocator;
use wdk_sys::ntddk::{
    IoCreateDevice, IoCreateSymbolicLink, IoDeleteDevice, IoDeleteSymbolicLink, IofCompleteRequest,
    RtlInitUnicodeString,
};
use wdk_sys::{
    CCHAR, DEVICE_OBJECT, DO_BUFFERED_IO, DO_DEVICE_INITIALIZING, DRIVER_OBJECT, FILE_DEVICE_UNKNOWN, IO_NO_INCREMENT,
    IO_STACK_LOCATION, IRP, IRP_MJ_CLOSE, IRP_MJ_CREATE, IRP_MJ_READ, NTSTATUS, PCUNICODE_STRING, PDEVICE_OBJECT,
    PIO_STACK_LOCATION, PIRP, STATUS_SUCCESS, ULONG_PTR, UNICODE_STRING,
};

#[cfg(not(test))]
#[global_allocator]
static GLOBAL_ALLOCATOR: WdkAllocator = WdkAllocator;

const DEVICE_NAME: &[u16] = &utf16::<18>("\\Device\\CompatWdm");
const LINK_NAME: &[u16] = &utf16::<22>("\\DosDevices\\CompatWdm");

const fn utf16<const N: usize>(text: &str) -> [u16; N] {
    let bytes = text.as_bytes();
    let mut units = [0; N];
    let mut i = 0;
    while i < bytes.len() {
        units[i] = bytes[i] as u16;
        i += 1;
    }
    units
}

fn string(units: &[u16]) -> UNICODE_STRING {
    let mut string = UNICODE_STRING::default();
    unsafe { RtlInitUnicodeString(&mut string, units.as_ptr()) };
    string
}

#[export_name = "DriverEntry"]
pub unsafe extern "system" fn driver_entry(
    driver: &mut DRIVER_OBJECT,
    _registry_path: PCUNICODE_STRING,
) -> NTSTATUS {
    println!("compat-wdm: loading");
    driver.DriverUnload = Some(driver_unload);
    driver.MajorFunction[IRP_MJ_CREATE as usize] = Some(dispatch_create_close);
    driver.MajorFunction[IRP_MJ_CLOSE as usize] = Some(dispatch_create_close);
    driver.MajorFunction[IRP_MJ_READ as usize] = Some(dispatch_read);

    let mut name = string(DEVICE_NAME);
    let mut device: PDEVICE_OBJECT = null_mut();
    let status = IoCreateDevice(driver, 0, &mut name, FILE_DEVICE_UNKNOWN, 0, false as u8, &mut device);
    if !nt_success(status) {
        return status;
    }
    (*device).Flags |= DO_BUFFERED_IO;
    (*device).Flags &= !DO_DEVICE_INITIALIZING;
    let mut link = string(LINK_NAME);
    let status = IoCreateSymbolicLink(&mut link, &mut name);
    if !nt_success(status) {
        IoDeleteDevice(device);
    }
    status
}

extern "C" fn driver_unload(driver: *mut DRIVER_OBJECT) {
    let mut link = string(LINK_NAME);
    unsafe {
        let _ = IoDeleteSymbolicLink(&mut link);
        IoDeleteDevice((*driver).DeviceObject);
    }
}

/// `IoGetCurrentIrpStackLocation`, which is inline in C.
unsafe fn current_stack_location(irp: *mut IRP) -> *mut IO_STACK_LOCATION {
    (*irp).Tail.Overlay.__bindgen_anon_2.__bindgen_anon_1.CurrentStackLocation
}

unsafe fn complete(irp: PIRP, status: NTSTATUS, information: usize) -> NTSTATUS {
    (*irp).IoStatus.__bindgen_anon_1.Status = status;
    (*irp).IoStatus.Information = information as ULONG_PTR;
    IofCompleteRequest(irp, IO_NO_INCREMENT as CCHAR);
    status
}

unsafe extern "C" fn dispatch_create_close(_device: *mut DEVICE_OBJECT, irp: *mut IRP) -> NTSTATUS {
    complete(irp, STATUS_SUCCESS, 0)
}

unsafe extern "C" fn dispatch_read(_device: *mut DEVICE_OBJECT, irp: *mut IRP) -> NTSTATUS {
    let stack: PIO_STACK_LOCATION = current_stack_location(irp);
    let length = (*stack).Parameters.Read.Length as usize;
    let buffer = (*irp).AssociatedIrp.SystemBuffer.cast::<u8>();
    let text = b"read from a WDM driver";
    let count = length.min(text.len());
    core::ptr::copy_nonoverlapping(text.as_ptr(), buffer, count);
    complete(irp, STATUS_SUCCESS, count)
}
