//! The same driver against the raw API.

use super::baseline::RING;
use std::cell::UnsafeCell;
use wdk_sys::*;
use wdk_tests::raw_driver;

struct Ring(UnsafeCell<([u8; RING], usize)>);
// SAFETY: reached under the queue's presentation lock only.
unsafe impl Sync for Ring {}
static BYTES: Ring = Ring(UnsafeCell::new(([0; RING], 0)));

raw_driver!(cost, "CostRaw", WdfIoQueueDispatchSequential, |config, attributes| {
    config.EvtIoWrite = Some(write);
    attributes.SynchronizationScope = _WDF_SYNCHRONIZATION_SCOPE::WdfSynchronizationScopeQueue;
});

pub use cost::DRIVER;

unsafe extern "C" fn write(_queue: WDFQUEUE, request: WDFREQUEST, length: usize) {
    let (mut buffer, mut size) = (std::ptr::null_mut(), 0);
    // SAFETY: the framework gave this driver the request.
    let status = unsafe { WdfRequestRetrieveInputBuffer(request, length, &mut buffer, &mut size) };
    if NT_SUCCESS(status) {
        // SAFETY: under the presentation lock.
        let (ring, at) = unsafe { &mut *BYTES.0.get() };
        if *at + size > RING {
            *at = 0;
        }
        // SAFETY: the buffer has that many bytes.
        let bytes = unsafe { std::slice::from_raw_parts(buffer.cast::<u8>(), size) };
        ring[*at..*at + size].copy_from_slice(bytes);
        *at += size;
    }
    // SAFETY: the driver owns the request.
    unsafe { WdfRequestCompleteWithInformation(request, status, size as ULONG_PTR) };
}
