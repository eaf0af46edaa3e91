//! A WDM driver that attaches to its device and passes every request on.

#![no_std]

use core::ptr::null_mut;
use wdk::{nt_success, println};
use wdk_sys::ntddk::{
    IoAttachDeviceToDeviceStack, IoCreateDevice, IoDeleteDevice, IoDetachDevice, IofCallDriver,
};
use wdk_sys::*;

/// The device extension.
#[repr(C)]
struct Extension {
    lower: PDEVICE_OBJECT,
}

/// The driver's entry point.
///
/// # Safety
///
/// Only the system calls it, with the driver's object.
#[unsafe(export_name = "DriverEntry")]
pub unsafe extern "C" fn driver_entry(driver: PDRIVER_OBJECT, _path: PCUNICODE_STRING) -> NTSTATUS {
    println!("{}: loaded", env!("CARGO_PKG_NAME"));
    // SAFETY: the system lends the driver its object, which nothing else uses yet.
    let driver = unsafe { &mut *driver };
    // SAFETY: every driver object has an extension.
    unsafe { (*driver.DriverExtension).AddDevice = Some(add_device) };
    driver.DriverUnload = Some(unload);
    driver.MajorFunction[IRP_MJ_PNP as usize] = Some(dispatch_pnp);
    driver.MajorFunction[IRP_MJ_POWER as usize] = Some(pass_on);
    driver.MajorFunction[IRP_MJ_SYSTEM_CONTROL as usize] = Some(pass_on);
    STATUS_SUCCESS
}

unsafe extern "C" fn unload(_driver: PDRIVER_OBJECT) {
    println!("{}: unloaded", env!("CARGO_PKG_NAME"));
}

unsafe extern "C" fn add_device(driver: PDRIVER_OBJECT, physical: PDEVICE_OBJECT) -> NTSTATUS {
    let size = size_of::<Extension>() as ULONG;
    let (kind, traits) = (FILE_DEVICE_UNKNOWN, FILE_DEVICE_SECURE_OPEN);
    let mut device: PDEVICE_OBJECT = null_mut();
    // SAFETY: the driver's own object; a device without a name.
    let status = unsafe {
        IoCreateDevice(
            driver,
            size,
            null_mut(),
            kind,
            traits,
            FALSE as u8,
            &mut device,
        )
    };
    if !nt_success(status) {
        return status;
    }
    // SAFETY: both are devices, and the stack does not have the new one yet.
    let lower = unsafe { IoAttachDeviceToDeviceStack(device, physical) };
    if lower.is_null() {
        // SAFETY: nothing refers to it.
        unsafe { IoDeleteDevice(device) };
        return STATUS_NO_SUCH_DEVICE;
    }
    // SAFETY: the extension has room for it, and the device below is there as long as this one is attached.
    unsafe {
        (*device)
            .DeviceExtension
            .cast::<Extension>()
            .write(Extension { lower });
        (*device).Flags |= (*lower).Flags & (DO_BUFFERED_IO | DO_DIRECT_IO | DO_POWER_PAGABLE);
        (*device).Flags &= !DO_DEVICE_INITIALIZING;
    }
    STATUS_SUCCESS
}

unsafe fn lower(device: PDEVICE_OBJECT) -> PDEVICE_OBJECT {
    // SAFETY: `add_device` wrote it, before any request came.
    unsafe { (*(*device).DeviceExtension.cast::<Extension>()).lower }
}

unsafe extern "C" fn pass_on(device: PDEVICE_OBJECT, irp: PIRP) -> NTSTATUS {
    // `IoSkipCurrentIrpStackLocation`, which is inline in C.
    // SAFETY: the request is this driver's until it is passed on, and has a stack location for it.
    unsafe {
        (*irp).CurrentLocation += 1;
        let overlay = &mut (*irp).Tail.Overlay.__bindgen_anon_2.__bindgen_anon_1;
        overlay.CurrentStackLocation = overlay.CurrentStackLocation.add(1);
    }
    // SAFETY: the device that this one is attached to.
    unsafe { IofCallDriver(lower(device), irp) }
}

unsafe extern "C" fn dispatch_pnp(device: PDEVICE_OBJECT, irp: PIRP) -> NTSTATUS {
    // SAFETY: as above.
    let minor = unsafe {
        (*(*irp)
            .Tail
            .Overlay
            .__bindgen_anon_2
            .__bindgen_anon_1
            .CurrentStackLocation)
            .MinorFunction
    };
    if ULONG::from(minor) != IRP_MN_REMOVE_DEVICE {
        // SAFETY: as the system calls this routine.
        return unsafe { pass_on(device, irp) };
    }
    // SAFETY: the last request that the device gets; its status is the driver's to set.
    unsafe {
        (*irp).IoStatus.__bindgen_anon_1.Status = STATUS_SUCCESS;
        let lower = lower(device);
        let status = pass_on(device, irp);
        IoDetachDevice(lower);
        IoDeleteDevice(device);
        status
    }
}
