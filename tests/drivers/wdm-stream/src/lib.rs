//! A WDM driver whose device `\\.\WdmStream` is a stream of bytes: reads return what was written, in order.
//!
//! Two device controls: one returns its input, one is never completed. Writes wait until there is room, reads until there is data, and both can be cancelled while they wait. Wine loads it,
//! which loads no KMDF driver: it is what `wdk-exerciser` is shown with.

#![no_std]
// Members of C structures are behind pointers and in unions: one operation for each would hide what is done.
#![allow(missing_docs, clippy::missing_safety_doc, clippy::multiple_unsafe_ops_per_block)]

mod queue;
mod text;

use core::ptr::null_mut;
use queue::{Queue, status_of_cancel};
use wdk_panic as _;
use wdk_sys::ntddk::*;
use wdk_sys::*;

/// How much is kept. A few frames of the exerciser, so that writes have to wait.
const CAPACITY: usize = 16 << 10;

/// Returns its input.
const IOCTL_ECHO: ULONG = 0x0022_2004;
/// Is kept for ever, and cannot be cancelled.
const IOCTL_KEEP: ULONG = 0x0022_2008;

const DEVICE: &[u16] = &text::utf16::<17>(r"\Device\WdmStream");
const LINK: &[u16] = &text::utf16::<21>(r"\DosDevices\WdmStream");

/// The device extension. All but the lock belongs to whoever holds it.
#[repr(C)]
struct Extension {
    lock: KSPIN_LOCK,
    reads: Queue,
    writes: Queue,
    start: usize,
    length: usize,
    bytes: [u8; CAPACITY],
}

/// A request to complete, with its status and its information.
type Done = (PIRP, NTSTATUS, usize);

#[cfg_attr(not(linked), unsafe(export_name = "DriverEntry"))]
pub unsafe extern "C" fn driver_entry(driver: PDRIVER_OBJECT, _path: PCUNICODE_STRING) -> NTSTATUS {
    let (mut name, mut link) = (text::string(DEVICE), text::string(LINK));
    let size = size_of::<Extension>() as ULONG;
    let mut device: PDEVICE_OBJECT = null_mut();
    // SAFETY: the system's driver object, a name that lives as long as the call.
    let status = unsafe { IoCreateDevice(driver, size, &mut name, FILE_DEVICE_UNKNOWN, 0, 0, &mut device) };
    if !NT_SUCCESS(status) {
        return status;
    }
    // SAFETY: the device was just made with an extension of that size, of zeros; no request comes before the end of this.
    let (driver, device) = unsafe { (&mut *driver, &mut *device) };
    driver.DriverUnload = Some(unload);
    for major in [IRP_MJ_CREATE, IRP_MJ_CLEANUP, IRP_MJ_CLOSE] {
        driver.MajorFunction[major as usize] = Some(dispatch_open);
    }
    driver.MajorFunction[IRP_MJ_READ as usize] = Some(dispatch_read);
    driver.MajorFunction[IRP_MJ_WRITE as usize] = Some(dispatch_write);
    driver.MajorFunction[IRP_MJ_DEVICE_CONTROL as usize] = Some(dispatch_control);
    device.Flags = (device.Flags | DO_BUFFERED_IO) & !DO_DEVICE_INITIALIZING;
    // SAFETY: names that live as long as the call.
    let status = unsafe { IoCreateSymbolicLink(&mut link, &mut name) };
    if !NT_SUCCESS(status) {
        // SAFETY: nobody knows the device yet.
        unsafe { IoDeleteDevice(device) };
    }
    status
}

unsafe extern "C" fn unload(driver: PDRIVER_OBJECT) {
    let mut link = text::string(LINK);
    // SAFETY: a name that lives as long as the call.
    let _ = unsafe { IoDeleteSymbolicLink(&mut link) };
    // SAFETY: the driver's one device, which nobody has open when it is unloaded.
    unsafe { IoDeleteDevice((*driver).DeviceObject) };
}

unsafe extern "C" fn dispatch_open(_device: PDEVICE_OBJECT, irp: PIRP) -> NTSTATUS {
    // SAFETY: the request is this driver's.
    unsafe { complete((irp, STATUS_SUCCESS, 0)) }
}

unsafe extern "C" fn dispatch_read(device: PDEVICE_OBJECT, irp: PIRP) -> NTSTATUS {
    // SAFETY: the request is this driver's.
    unsafe { take(device, irp, |extension| &mut extension.reads) }
}

unsafe extern "C" fn dispatch_write(device: PDEVICE_OBJECT, irp: PIRP) -> NTSTATUS {
    // SAFETY: the request is this driver's.
    if unsafe { length(irp) } > CAPACITY {
        // SAFETY: as above.
        return unsafe { complete((irp, STATUS_INVALID_BUFFER_SIZE, 0)) };
    }
    // SAFETY: as above.
    unsafe { take(device, irp, |extension| &mut extension.writes) }
}

unsafe extern "C" fn dispatch_control(_device: PDEVICE_OBJECT, irp: PIRP) -> NTSTATUS {
    // SAFETY: the request is this driver's, and a device control.
    let control = unsafe { (*stack_location(irp)).Parameters.DeviceIoControl };
    let done = match control.IoControlCode {
        IOCTL_ECHO => {
            let count = control.InputBufferLength.min(control.OutputBufferLength);
            // The system buffer is both: what came in stands where it goes out.
            (irp, STATUS_SUCCESS, count as usize)
        }
        IOCTL_KEEP => {
            // SAFETY: as above.
            unsafe { mark_pending(irp) };
            return STATUS_PENDING;
        }
        _ => (irp, STATUS_INVALID_DEVICE_REQUEST, 0),
    };
    // SAFETY: as above.
    unsafe { complete(done) }
}

/// `IoMarkIrpPending`, which is inline in C.
///
/// # Safety
///
/// The request is this driver's.
unsafe fn mark_pending(irp: PIRP) {
    // SAFETY: the caller's.
    unsafe { (*stack_location(irp)).Control |= SL_PENDING_RETURNED as UCHAR };
}

/// Puts a request into a queue, and goes on with what can go on.
///
/// # Safety
///
/// The device is this driver's, and so is the request.
unsafe fn take(device: PDEVICE_OBJECT, irp: PIRP, queue: fn(&mut Extension) -> &mut Queue) -> NTSTATUS {
    // SAFETY: the request is this driver's until it is in the queue.
    unsafe { mark_pending(irp) };
    // SAFETY: the device is this driver's.
    let refused = unsafe { locked(device, |extension| queue(extension).push(irp, cancel)) };
    if let Some(status) = refused {
        // SAFETY: the queue did not take it.
        unsafe { complete((irp, status, 0)) };
    }
    // SAFETY: the device is this driver's.
    while let Some(done) = unsafe { locked(device, step) } {
        // SAFETY: the request has left its queue, and cannot be cancelled any more.
        unsafe { complete(done) };
    }
    STATUS_PENDING
}

/// Moves the bytes of one request, if there is one that can be completed.
fn step(extension: &mut Extension) -> Option<Done> {
    let room = CAPACITY - extension.length;
    // SAFETY: requests in a queue are this driver's.
    let fits = |irp| unsafe { length(irp) } <= room;
    if let Some(irp) = extension.writes.pop_if(fits) {
        // SAFETY: the request has a system buffer of its length, because the device is one of buffered I/O.
        let data = unsafe { buffer(irp) };
        for byte in &*data {
            extension.bytes[(extension.start + extension.length) % CAPACITY] = *byte;
            extension.length += 1;
        }
        return Some((irp, STATUS_SUCCESS, data.len()));
    }
    if extension.length == 0 {
        return None;
    }
    let irp = extension.reads.pop_if(|_| true)?;
    // SAFETY: as above.
    let data = unsafe { buffer(irp) };
    let count = data.len().min(extension.length);
    for byte in &mut data[..count] {
        *byte = extension.bytes[extension.start];
        extension.start = (extension.start + 1) % CAPACITY;
    }
    extension.length -= count;
    Some((irp, STATUS_SUCCESS, count))
}

/// The system cancels a request that is in a queue, or was a moment ago.
unsafe extern "C" fn cancel(device: PDEVICE_OBJECT, irp: PIRP) {
    // SAFETY: the system calls this with the cancel lock, and has put the level into the request.
    unsafe { IoReleaseCancelSpinLock((*irp).CancelIrql) };
    // SAFETY: the device is this driver's.
    unsafe {
        locked(device, |extension| {
            extension.reads.remove(irp);
            extension.writes.remove(irp);
        });
    }
    // SAFETY: whoever takes a request from a queue leaves one alone whose cancel routine is gone.
    unsafe { complete((irp, status_of_cancel(), 0)) };
}

/// Does something with the device's lock held.
///
/// # Safety
///
/// The device is this driver's.
unsafe fn locked<T>(device: PDEVICE_OBJECT, act: impl FnOnce(&mut Extension) -> T) -> T {
    // SAFETY: the device has an extension.
    let extension = unsafe { (*device).DeviceExtension }.cast::<Extension>();
    // SAFETY: a spin lock of zeros is free.
    let lock = unsafe { &raw mut (*extension).lock };
    // SAFETY: the lock is in memory that is not paged.
    let level = unsafe { KeAcquireSpinLockRaiseToDpc(lock) };
    // SAFETY: whoever holds the lock has the extension for itself. Zeros are a valid one.
    let result = act(unsafe { &mut *extension });
    // SAFETY: it was acquired above, at this level.
    unsafe { KeReleaseSpinLock(lock, level) };
    result
}

/// `IoGetCurrentIrpStackLocation`, which is inline in C.
///
/// # Safety
///
/// The request is this driver's; as for the others.
unsafe fn stack_location(irp: PIRP) -> PIO_STACK_LOCATION {
    // SAFETY: the caller's.
    unsafe { (*irp).Tail.Overlay.__bindgen_anon_2.__bindgen_anon_1.CurrentStackLocation }
}

/// Length of a read's or write's buffer. Both have it in the same place.
unsafe fn length(irp: PIRP) -> usize {
    // SAFETY: the caller's.
    unsafe { (*stack_location(irp)).Parameters.Read.Length as usize }
}

/// The buffer of a read or a write.
unsafe fn buffer<'a>(irp: PIRP) -> &'a mut [u8] {
    // SAFETY: the caller's.
    let (start, length) = unsafe { ((*irp).AssociatedIrp.SystemBuffer, length(irp)) };
    if length == 0 {
        return &mut [];
    }
    // SAFETY: the buffer has that length, and belongs to the request until that is completed.
    unsafe { core::slice::from_raw_parts_mut(start.cast(), length) }
}

unsafe fn complete((irp, status, information): Done) -> NTSTATUS {
    // SAFETY: the caller's.
    let block = unsafe { &mut (*irp).IoStatus };
    block.__bindgen_anon_1.Status = status;
    block.Information = information as ULONG_PTR;
    // SAFETY: the caller's; nobody uses the request after this.
    unsafe { IofCompleteRequest(irp, IO_NO_INCREMENT as CCHAR) };
    status
}
