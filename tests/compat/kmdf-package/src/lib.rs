//! A stream device in the raw style: what is written can be read. Reads wait until a timer serves them, and can be
//! cancelled meanwhile.

#![no_std]

extern crate alloc;

#[cfg(not(test))]
extern crate wdk_panic;

use alloc::boxed::Box;
use alloc::collections::VecDeque;
use core::cell::UnsafeCell;
use wdk::wdf::{SpinLock, Timer};
use wdk::{nt_success, paged_code, println};
#[cfg(not(test))]
use wdk_alloc::WdkAllocator;
use wdk_sys::{
    _WDF_EXECUTION_LEVEL, _WDF_IO_QUEUE_DISPATCH_TYPE, _WDF_SYNCHRONIZATION_SCOPE, _WDF_TRI_STATE, DRIVER_OBJECT,
    GUID, NTSTATUS, PCUNICODE_STRING, PCWDF_OBJECT_CONTEXT_TYPE_INFO, PDRIVER_OBJECT, PVOID, PWDFDEVICE_INIT,
    STATUS_CANCELLED, STATUS_SUCCESS, ULONG, ULONG_PTR, UNICODE_STRING, WDF_DRIVER_CONFIG, WDF_IO_QUEUE_CONFIG,
    WDF_NO_HANDLE, WDF_NO_OBJECT_ATTRIBUTES, WDF_OBJECT_ATTRIBUTES, WDF_OBJECT_CONTEXT_TYPE_INFO, WDF_TIMER_CONFIG,
    WDFDEVICE, WDFDRIVER, WDFOBJECT, WDFQUEUE, WDFREQUEST, WDFTIMER, call_unsafe_wdf_function_binding,
};

#[cfg(not(test))]
#[global_allocator]
static GLOBAL_ALLOCATOR: WdkAllocator = WdkAllocator;

const INTERFACE: GUID = GUID {
    Data1: 0x5A0B_7C11,
    Data2: 0x2E33,
    Data3: 0x4C6F,
    Data4: [0x9B, 0x1D, 0x00, 0x11, 0x22, 0x33, 0x44, 0x55],
};

/// What the device keeps.
struct Stream {
    lock: SpinLock,
    timer: Timer,
    shared: UnsafeCell<Shared>,
}

/// What the lock guards.
#[derive(Default)]
struct Shared {
    bytes: VecDeque<u8>,
    waiting: VecDeque<WDFREQUEST>,
}

/// The context of the device: the stream, on the heap.
#[repr(C)]
struct DeviceContext {
    stream: *mut Stream,
}

#[repr(transparent)]
struct TypeInfo(WDF_OBJECT_CONTEXT_TYPE_INFO);

// SAFETY: never written to.
unsafe impl Sync for TypeInfo {}

static DEVICE_CONTEXT: TypeInfo = TypeInfo(WDF_OBJECT_CONTEXT_TYPE_INFO {
    Size: core::mem::size_of::<WDF_OBJECT_CONTEXT_TYPE_INFO>() as ULONG,
    ContextName: c"DeviceContext".as_ptr().cast_mut(),
    ContextSize: core::mem::size_of::<DeviceContext>(),
    UniqueType: core::ptr::addr_of!(DEVICE_CONTEXT) as PCWDF_OBJECT_CONTEXT_TYPE_INFO,
    EvtDriverGetUniqueContextType: None,
});

unsafe fn device_context(device: WDFOBJECT) -> *mut DeviceContext {
    unsafe {
        call_unsafe_wdf_function_binding!(
            WdfObjectGetTypedContextWorker,
            device,
            DEVICE_CONTEXT.0.UniqueType,
        )
        .cast()
    }
}

unsafe fn stream<'a>(device: WDFDEVICE) -> &'a Stream {
    unsafe { &*(*device_context(device as WDFOBJECT)).stream }
}

impl Stream {
    fn with<R>(&self, body: impl FnOnce(&mut Shared) -> R) -> R {
        self.lock.acquire();
        let result = body(unsafe { &mut *self.shared.get() });
        self.lock.release();
        result
    }
}

fn attributes() -> WDF_OBJECT_ATTRIBUTES {
    WDF_OBJECT_ATTRIBUTES {
        Size: core::mem::size_of::<WDF_OBJECT_ATTRIBUTES>() as ULONG,
        ExecutionLevel: _WDF_EXECUTION_LEVEL::WdfExecutionLevelInheritFromParent,
        SynchronizationScope: _WDF_SYNCHRONIZATION_SCOPE::WdfSynchronizationScopeInheritFromParent,
        ..WDF_OBJECT_ATTRIBUTES::default()
    }
}

#[unsafe(export_name = "DriverEntry")]
pub unsafe extern "system" fn driver_entry(
    driver: &mut DRIVER_OBJECT,
    registry_path: PCUNICODE_STRING,
) -> NTSTATUS {
    println!("stream: loading");
    let mut config = WDF_DRIVER_CONFIG {
        Size: core::mem::size_of::<WDF_DRIVER_CONFIG>() as ULONG,
        EvtDriverDeviceAdd: Some(device_add),
        ..WDF_DRIVER_CONFIG::default()
    };
    unsafe {
        call_unsafe_wdf_function_binding!(
            WdfDriverCreate,
            driver as PDRIVER_OBJECT,
            registry_path,
            WDF_NO_OBJECT_ATTRIBUTES,
            &mut config,
            WDF_NO_HANDLE.cast::<WDFDRIVER>(),
        )
    }
}

extern "C" fn device_add(_driver: WDFDRIVER, mut init: PWDFDEVICE_INIT) -> NTSTATUS {
    paged_code!();
    let mut with_context = attributes();
    with_context.ContextTypeInfo = DEVICE_CONTEXT.0.UniqueType;
    with_context.EvtCleanupCallback = Some(device_cleanup);
    let mut device: WDFDEVICE = WDF_NO_HANDLE.cast();
    let status = unsafe {
        call_unsafe_wdf_function_binding!(WdfDeviceCreate, &mut init, &mut with_context, &mut device)
    };
    if !nt_success(status) {
        return status;
    }
    match create_stream(device) {
        Ok(stream) => unsafe { (*device_context(device as WDFOBJECT)).stream = Box::into_raw(Box::new(stream)) },
        Err(status) => return status,
    }
    let status = unsafe {
        call_unsafe_wdf_function_binding!(WdfDeviceCreateDeviceInterface, device, &INTERFACE, core::ptr::null())
    };
    if !nt_success(status) {
        return status;
    }
    let name: [u16; 24] = utf16("\\DosDevices\\CompatStream");
    let name = UNICODE_STRING {
        Length: (name.len() * 2) as u16,
        MaximumLength: (name.len() * 2) as u16,
        Buffer: name.as_ptr().cast_mut(),
    };
    let status = unsafe { call_unsafe_wdf_function_binding!(WdfDeviceCreateSymbolicLink, device, &name) };
    if !nt_success(status) {
        return status;
    }
    let mut config = WDF_IO_QUEUE_CONFIG {
        Size: core::mem::size_of::<WDF_IO_QUEUE_CONFIG>() as ULONG,
        PowerManaged: _WDF_TRI_STATE::WdfUseDefault,
        DefaultQueue: u8::from(true),
        DispatchType: _WDF_IO_QUEUE_DISPATCH_TYPE::WdfIoQueueDispatchParallel,
        EvtIoRead: Some(read),
        EvtIoWrite: Some(write),
        ..WDF_IO_QUEUE_CONFIG::default()
    };
    config.Settings.Parallel.NumberOfPresentedRequests = ULONG::MAX;
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

const fn utf16<const N: usize>(text: &str) -> [u16; N] {
    let bytes = text.as_bytes();
    let mut units = [0; N];
    let mut i = 0;
    while i < N {
        units[i] = bytes[i] as u16;
        i += 1;
    }
    units
}

fn create_stream(device: WDFDEVICE) -> Result<Stream, NTSTATUS> {
    let mut of_device = attributes();
    of_device.ParentObject = device as WDFOBJECT;
    let lock = SpinLock::create(&mut of_device)?;
    let mut config = WDF_TIMER_CONFIG {
        Size: core::mem::size_of::<WDF_TIMER_CONFIG>() as ULONG,
        EvtTimerFunc: Some(serve),
        Period: 0,
        AutomaticSerialization: u8::from(false),
        ..WDF_TIMER_CONFIG::default()
    };
    let timer = Timer::create(&mut config, &mut of_device)?;
    Ok(Stream { lock, timer, shared: UnsafeCell::default() })
}

extern "C" fn device_cleanup(device: WDFOBJECT) {
    let context = unsafe { device_context(device) };
    let stream = unsafe { core::mem::replace(&mut (*context).stream, core::ptr::null_mut()) };
    if !stream.is_null() {
        let stream = unsafe { Box::from_raw(stream) };
        println!("stream: {} bytes were never read", stream.shared.into_inner().bytes.len());
    }
}

fn complete(request: WDFREQUEST, status: NTSTATUS, information: usize) {
    unsafe {
        call_unsafe_wdf_function_binding!(
            WdfRequestCompleteWithInformation,
            request,
            status,
            information as ULONG_PTR,
        );
    }
}

unsafe fn stream_of_queue<'a>(queue: WDFQUEUE) -> &'a Stream {
    unsafe { stream(call_unsafe_wdf_function_binding!(WdfIoQueueGetDevice, queue)) }
}

extern "C" fn write(queue: WDFQUEUE, request: WDFREQUEST, length: usize) {
    let stream = unsafe { stream_of_queue(queue) };
    let mut buffer: PVOID = core::ptr::null_mut();
    let mut size = 0;
    let status = unsafe {
        call_unsafe_wdf_function_binding!(WdfRequestRetrieveInputBuffer, request, length, &mut buffer, &mut size)
    };
    if !nt_success(status) {
        complete(request, status, 0);
        return;
    }
    let data = unsafe { core::slice::from_raw_parts(buffer.cast::<u8>(), length) };
    stream.with(|shared| shared.bytes.extend(data));
    complete(request, STATUS_SUCCESS, length);
    let _ = stream.timer.start(-10_000);
}

extern "C" fn read(queue: WDFQUEUE, request: WDFREQUEST, _length: usize) {
    let stream = unsafe { stream_of_queue(queue) };
    let status = stream.with(|shared| {
        let status =
            unsafe { call_unsafe_wdf_function_binding!(WdfRequestMarkCancelableEx, request, Some(cancel)) };
        if nt_success(status) {
            shared.waiting.push_back(request);
        }
        status
    });
    if !nt_success(status) {
        complete(request, status, 0);
        return;
    }
    let _ = stream.timer.start(-10_000);
}

extern "C" fn cancel(request: WDFREQUEST) {
    let queue = unsafe { call_unsafe_wdf_function_binding!(WdfRequestGetIoQueue, request) };
    let stream = unsafe { stream_of_queue(queue) };
    stream.with(|shared| shared.waiting.retain(|&waiting| waiting != request));
    complete(request, STATUS_CANCELLED, 0);
}

/// Gives waiting reads what there is.
extern "C" fn serve(timer: WDFTIMER) {
    let device = unsafe { call_unsafe_wdf_function_binding!(WdfTimerGetParentObject, timer) } as WDFDEVICE;
    let stream = unsafe { stream(device) };
    loop {
        let next = stream.with(|shared| {
            if shared.bytes.is_empty() {
                return None;
            }
            let request = shared.waiting.pop_front()?;
            let status =
                unsafe { call_unsafe_wdf_function_binding!(WdfRequestUnmarkCancelable, request) };
            // A request that is being cancelled is its cancel routine's.
            Some((request, (status != STATUS_CANCELLED).then(|| unsafe { fill(request, &mut shared.bytes) })))
        });
        match next {
            None => return,
            Some((request, Some(Ok(length)))) => complete(request, STATUS_SUCCESS, length),
            Some((request, Some(Err(status)))) => complete(request, status, 0),
            Some((_, None)) => {}
        }
    }
}

/// Moves bytes into the buffer of a read, and returns how many.
unsafe fn fill(request: WDFREQUEST, bytes: &mut VecDeque<u8>) -> Result<usize, NTSTATUS> {
    let mut buffer: PVOID = core::ptr::null_mut();
    let mut size = 0;
    let status = unsafe {
        call_unsafe_wdf_function_binding!(WdfRequestRetrieveOutputBuffer, request, 1, &mut buffer, &mut size)
    };
    if !nt_success(status) {
        return Err(status);
    }
    let output = unsafe { core::slice::from_raw_parts_mut(buffer.cast::<u8>(), size) };
    let count = size.min(bytes.len());
    for (to, from) in output.iter_mut().zip(bytes.drain(..count)) {
        *to = from;
    }
    Ok(count)
}
