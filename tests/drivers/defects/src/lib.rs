//! A byte stream like `drivers/virtual-device`, against the raw API, with a defect if a feature asks for one.
//!
//! Safe Rust has no way to complete a request twice or to forget it, so the driver that shows how that ends is
//! written without it. The sixth write meets the defect. For this host only: it takes its memory from `std`.

#![allow(non_snake_case)]

use std::cell::UnsafeCell;
use std::collections::VecDeque;
use std::ptr::null_mut;
use wdk_sys::*;

/// Bytes that the device holds.
const CAPACITY: usize = 64 * 1024;

/// The number of the write that meets the defect.
const DEFECTIVE: u64 = 6;

/// What the callbacks share.
struct Fifo {
    bytes: VecDeque<u8>,
    reads: VecDeque<WDFREQUEST>,
    writes: VecDeque<WDFREQUEST>,
    written: u64,
}

struct Static(UnsafeCell<Fifo>);

// SAFETY: only callbacks of the one queue touch it, and they hold its presentation lock.
unsafe impl Sync for Static {}

static FIFO: Static = Static(UnsafeCell::new(Fifo {
    bytes: VecDeque::new(),
    reads: VecDeque::new(),
    writes: VecDeque::new(),
    written: 0,
}));

wdk_sys::driver_module!(pub DRIVER = driver_entry);

unsafe extern "C" fn driver_entry(object: PDRIVER_OBJECT, path: PCUNICODE_STRING) -> NTSTATUS {
    if cfg!(feature = "fails-entry") {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    let mut config = WDF_DRIVER_CONFIG::default();
    WDF_DRIVER_CONFIG_INIT(&mut config, Some(device_add));
    // SAFETY: the arguments of the entry point, at PASSIVE_LEVEL; nobody needs the driver's handle.
    unsafe { WdfDriverCreate(object, path, null_mut(), &mut config, null_mut()) }
}

unsafe extern "C" fn device_add(_driver: WDFDRIVER, init: PWDFDEVICE_INIT) -> NTSTATUS {
    if cfg!(feature = "fails-device-add") {
        return STATUS_DEVICE_CONFIGURATION_ERROR;
    }
    match create_device(init) {
        Ok(()) => STATUS_SUCCESS,
        Err(status) => status,
    }
}

fn create_device(mut init: PWDFDEVICE_INIT) -> Result<(), NTSTATUS> {
    let mut device = null_mut();
    // SAFETY: in EvtDriverDeviceAdd, with its device initialisation.
    check(unsafe { WdfDeviceCreate(&mut init, null_mut(), &mut device) })?;
    if !cfg!(feature = "has-no-name") {
        let name: Vec<u16> = r"\DosDevices\Defects".encode_utf16().collect();
        let length = (name.len() * 2) as USHORT;
        let name = UNICODE_STRING { Length: length, MaximumLength: length, Buffer: name.as_ptr().cast_mut() };
        // SAFETY: the device from above and a valid string.
        check(unsafe { WdfDeviceCreateSymbolicLink(device, &name) })?;
    }
    let mut config = WDF_IO_QUEUE_CONFIG::default();
    WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(
        &mut config,
        _WDF_IO_QUEUE_DISPATCH_TYPE::WdfIoQueueDispatchParallel,
    );
    config.EvtIoRead = Some(read);
    config.EvtIoWrite = Some(write);
    let mut attributes = WDF_OBJECT_ATTRIBUTES::default();
    WDF_OBJECT_ATTRIBUTES_INIT(&mut attributes);
    attributes.SynchronizationScope = _WDF_SYNCHRONIZATION_SCOPE::WdfSynchronizationScopeQueue;
    // SAFETY: the device from above; nobody needs the queue's handle.
    check(unsafe { WdfIoQueueCreate(device, &mut config, &mut attributes, null_mut()) })
}

unsafe extern "C" fn write(_queue: WDFQUEUE, request: WDFREQUEST, length: usize) {
    // SAFETY: a callback of the queue.
    let fifo = unsafe { fifo() };
    if length > CAPACITY {
        return complete(request, STATUS_INVALID_BUFFER_SIZE, 0);
    }
    if park(request) {
        fifo.writes.push_back(request);
        fifo.pump();
    }
}

unsafe extern "C" fn read(_queue: WDFQUEUE, request: WDFREQUEST, _length: usize) {
    // SAFETY: a callback of the queue.
    let fifo = unsafe { fifo() };
    if park(request) {
        fifo.reads.push_back(request);
        fifo.pump();
    }
}

unsafe extern "C" fn cancel(request: WDFREQUEST) {
    // SAFETY: a callback of the queue.
    let fifo = unsafe { fifo() };
    fifo.writes.retain(|write| *write != request);
    fifo.reads.retain(|read| *read != request);
    complete(request, STATUS_CANCELLED, 0);
    fifo.pump();
}

impl Fifo {
    /// Does what can be done, in order.
    fn pump(&mut self) {
        loop {
            let write = self.writes.front().copied();
            if let Some(write) = write.filter(|write| self.bytes.len() + input(*write).len() <= CAPACITY) {
                self.writes.pop_front();
                if unpark(write) {
                    self.accept(write);
                }
            } else if !self.bytes.is_empty()
                && let Some(read) = self.reads.pop_front()
            {
                if unpark(read) {
                    self.serve(read);
                }
            } else {
                return;
            }
        }
    }

    fn accept(&mut self, request: WDFREQUEST) {
        let bytes = input(request);
        self.written += 1;
        let defective = self.written == DEFECTIVE;
        if !(defective && cfg!(any(feature = "drops-a-frame", feature = "fails-a-write"))) {
            self.bytes.extend(bytes);
        }
        if defective {
            if cfg!(feature = "flips-a-byte") {
                *self.bytes.back_mut().expect("it was put there") ^= 1;
            }
            if cfg!(feature = "doubles-a-frame") {
                self.bytes.extend(bytes);
            }
            if cfg!(feature = "tears-a-frame") {
                self.bytes.truncate(self.bytes.len() - 3);
            }
            if cfg!(feature = "keeps-a-request") {
                return;
            }
            if cfg!(feature = "overruns-a-buffer") {
                let behind = bytes.as_ptr().wrapping_add(bytes.len());
                // SAFETY: none, this is the defect: the byte behind the buffer is not the driver's.
                let _ = unsafe { behind.read_volatile() };
            }
            if cfg!(feature = "fails-a-write") {
                return complete(request, STATUS_DEVICE_DATA_ERROR, 0);
            }
            if cfg!(feature = "uses-what-is-not-modelled") {
                let mut parameters = WDF_REQUEST_COMPLETION_PARAMS::default();
                // SAFETY: the driver owns the request.
                unsafe { WdfRequestGetCompletionParams(request, &mut parameters) };
            }
        }
        complete(request, STATUS_SUCCESS, bytes.len());
        if defective && cfg!(feature = "completes-twice") {
            complete(request, STATUS_SUCCESS, 0);
        }
    }

    fn serve(&mut self, request: WDFREQUEST) {
        let (mut buffer, mut length) = (null_mut(), 0);
        // SAFETY: the driver owns the request, and both places are valid.
        let status = unsafe { WdfRequestRetrieveOutputBuffer(request, 1, &mut buffer, &mut length) };
        if !NT_SUCCESS(status) {
            return complete(request, status, 0);
        }
        let count = length.min(self.bytes.len());
        for (at, byte) in self.bytes.drain(..count).enumerate() {
            // SAFETY: `at` is below the length of the request's buffer.
            let place = unsafe { buffer.cast::<u8>().add(at) };
            // SAFETY: a byte of the request's buffer.
            unsafe { place.write(byte) };
        }
        complete(request, STATUS_SUCCESS, count);
    }
}

/// # Safety
///
/// Called by callbacks of the queue, once in each: its presentation lock makes the reference exclusive.
unsafe fn fifo() -> &'static mut Fifo {
    // SAFETY: as the caller promises.
    unsafe { &mut *FIFO.0.get() }
}

/// Makes a request cancelable; one that is cancelled already is completed instead.
fn park(request: WDFREQUEST) -> bool {
    // SAFETY: the framework has just given the request to the driver.
    let status = unsafe { WdfRequestMarkCancelableEx(request, Some(cancel)) };
    if !NT_SUCCESS(status) {
        complete(request, status, 0);
    }
    NT_SUCCESS(status)
}

/// Takes a parked request back. `false` if its cancel callback has it, or will.
fn unpark(request: WDFREQUEST) -> bool {
    // SAFETY: the request is parked, so the driver owns it.
    NT_SUCCESS(unsafe { WdfRequestUnmarkCancelable(request) })
}

/// What a write brings.
fn input<'a>(request: WDFREQUEST) -> &'a [u8] {
    let (mut buffer, mut length) = (null_mut(), 0);
    // SAFETY: the driver owns the request, and both places are valid.
    let status = unsafe { WdfRequestRetrieveInputBuffer(request, 1, &mut buffer, &mut length) };
    if !NT_SUCCESS(status) {
        return &[];
    }
    // SAFETY: the framework gives a buffer of that length, which lives until the request is completed.
    unsafe { std::slice::from_raw_parts(buffer.cast::<u8>(), length) }
}

fn complete(request: WDFREQUEST, status: NTSTATUS, information: usize) {
    // SAFETY: the driver owns the request, unless the defect is that it does not.
    unsafe { WdfRequestCompleteWithInformation(request, status, information as ULONG_PTR) };
}

fn check(status: NTSTATUS) -> Result<(), NTSTATUS> {
    if NT_SUCCESS(status) { Ok(()) } else { Err(status) }
}
