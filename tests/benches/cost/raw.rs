//! The same driver against the raw API, as Microsoft's samples are written: what a queue works on is its context.

use super::baseline::RING;
use raw_drivers::raw_driver;
use std::mem::size_of;
use wdk_sys::*;

/// The context of the queue. Memory of the framework begins as zeroes.
struct Ring {
    bytes: [u8; RING],
    at: usize,
}

struct Type(WDF_OBJECT_CONTEXT_TYPE_INFO);
// SAFETY: never changed.
unsafe impl Sync for Type {}
static RING_TYPE: Type = Type(WDF_OBJECT_CONTEXT_TYPE_INFO {
    Size: size_of::<WDF_OBJECT_CONTEXT_TYPE_INFO>() as ULONG,
    ContextName: c"Ring".as_ptr(),
    ContextSize: size_of::<Ring>(),
    UniqueType: &RING_TYPE.0,
    EvtDriverGetUniqueContextType: None,
});

raw_driver!(cost, "CostRaw", WdfIoQueueDispatchSequential, |config, attributes| {
    config.EvtIoWrite = Some(write);
    attributes.SynchronizationScope = _WDF_SYNCHRONIZATION_SCOPE::WdfSynchronizationScopeQueue;
    attributes.ContextTypeInfo = RING_TYPE.0.UniqueType;
});

pub use cost::DRIVER;

unsafe extern "C" fn write(queue: WDFQUEUE, request: WDFREQUEST, length: usize) {
    // SAFETY: the queue that called, which was created with this context.
    let ring = unsafe { WdfObjectGetTypedContextWorker(queue.cast(), RING_TYPE.0.UniqueType) };
    // SAFETY: under the presentation lock.
    let ring = unsafe { &mut *ring.cast::<Ring>() };
    let (mut buffer, mut size) = (std::ptr::null_mut(), 0);
    // SAFETY: the framework gave this driver the request.
    let status = unsafe { WdfRequestRetrieveInputBuffer(request, length, &mut buffer, &mut size) };
    if NT_SUCCESS(status) {
        if ring.at + size > RING {
            ring.at = 0;
        }
        // SAFETY: the buffer has that many bytes.
        let bytes = unsafe { std::slice::from_raw_parts(buffer.cast::<u8>(), size) };
        ring.bytes[ring.at..ring.at + size].copy_from_slice(bytes);
        ring.at += size;
    }
    // SAFETY: the driver owns the request.
    unsafe { WdfRequestCompleteWithInformation(request, status, size as ULONG_PTR) };
}
