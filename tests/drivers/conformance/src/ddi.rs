//! The framework's functions, as experiments call them.

use crate::callbacks;
use crate::notebook::Buffer;
use crate::state::{Kept, get, keep, kept, unpark};
use core::fmt;
use core::ptr::null_mut;
use wdk_sys::*;

/// A status as a result.
pub fn check(status: NTSTATUS) -> Result<(), NTSTATUS> {
    if NT_SUCCESS(status) { Ok(()) } else { Err(status) }
}

/// A status by name.
pub struct Name(pub NTSTATUS);

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match status_name(self.0) {
            Some(name) => f.write_str(name),
            None => write!(f, "{:#010X}", self.0),
        }
    }
}

/// The status of a result by name.
pub fn outcome<T>(result: Result<T, NTSTATUS>) -> Name {
    Name(result.err().unwrap_or(STATUS_SUCCESS))
}

/// Default attributes.
pub fn attributes() -> WDF_OBJECT_ATTRIBUTES {
    let mut attributes = WDF_OBJECT_ATTRIBUTES::default();
    WDF_OBJECT_ATTRIBUTES_INIT(&mut attributes);
    attributes
}

/// The current IRQL.
pub fn irql() -> u8 {
    // SAFETY: callable anywhere.
    unsafe { ntddk::KeGetCurrentIrql() }
}

/// `WdfIoQueueCreate`.
pub fn queue(device: WDFDEVICE, mut config: WDF_IO_QUEUE_CONFIG) -> Result<WDFQUEUE, NTSTATUS> {
    queue_with(device, &mut config, &mut attributes())
}

/// `WdfIoQueueCreate` with attributes.
pub fn queue_with(
    device: WDFDEVICE,
    config: &mut WDF_IO_QUEUE_CONFIG,
    with: &mut WDF_OBJECT_ATTRIBUTES,
) -> Result<WDFQUEUE, NTSTATUS> {
    let mut queue = null_mut();
    // SAFETY: a device, a configuration, attributes and a place for the handle.
    check(unsafe { WdfIoQueueCreate(device, config, with, &mut queue) })?;
    Ok(queue)
}

/// `WdfDeviceConfigureRequestDispatching`.
pub fn route(device: WDFDEVICE, queue: WDFQUEUE, kind: WDF_REQUEST_TYPE) -> NTSTATUS {
    // SAFETY: the framework checks the handles.
    unsafe { WdfDeviceConfigureRequestDispatching(device, queue, kind) }
}

/// A function that changes a queue's state and tells when it has.
pub type Change = unsafe fn(WDFQUEUE, PFN_WDF_IO_QUEUE_STATE, WDFCONTEXT);

/// Changes a queue's state; nobody is told.
pub fn change(function: Change, queue: WDFQUEUE) {
    // SAFETY: the framework checks the handle.
    unsafe { function(queue, None, null_mut()) };
}

/// Changes a queue's state; the callback gets a number.
pub fn change_and_tell(function: Change, queue: WDFQUEUE, number: usize) {
    // SAFETY: the framework checks the handle; the callback takes the context for a number.
    unsafe { function(queue, Some(callbacks::changed), core::ptr::without_provenance_mut(number)) };
}

/// `WdfIoQueueStart`.
pub fn start(queue: WDFQUEUE) {
    // SAFETY: the framework checks the handle.
    unsafe { WdfIoQueueStart(queue) };
}

/// `WdfIoQueueStop`; nobody is told.
pub fn stop(queue: WDFQUEUE) {
    change(WdfIoQueueStop, queue);
}

/// The bits of a queue's state.
pub struct Bits(i32);

impl Bits {
    /// Whether requests are accepted.
    pub fn accepts(&self) -> bool {
        self.0 & 1 != 0
    }

    /// Whether requests are presented.
    pub fn dispatches(&self) -> bool {
        self.0 & 2 != 0
    }

    /// Whether plug and play or power management hold the queue.
    pub fn held(&self) -> bool {
        self.0 & 16 != 0
    }
}

impl fmt::Display for Bits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = ["accepts", "dispatches", "empty", "owns none", "held"];
        let mut set =
            names.iter().enumerate().filter(|(bit, _)| self.0 & 1 << bit != 0).map(|(_, name)| name);
        if let Some(name) = set.next() {
            f.write_str(name)?;
        }
        set.try_for_each(|name| write!(f, ", {name}"))
    }
}

/// `WdfIoQueueGetState`: state, requests in the queue, requests that the driver owns.
pub fn state_of(queue: WDFQUEUE) -> (Bits, u32, u32) {
    let (mut queued, mut owned) = (0, 0);
    // SAFETY: the framework checks the handle.
    let bits = unsafe { WdfIoQueueGetState(queue, &mut queued, &mut owned) };
    (Bits(bits as i32), queued, owned)
}

/// `WdfRequestCompleteWithInformation`.
pub fn complete(request: WDFREQUEST, status: NTSTATUS, information: usize) {
    // SAFETY: the framework checks the handle.
    unsafe { WdfRequestCompleteWithInformation(request, status, information as ULONG_PTR) };
}

/// Completes the request that was parked first with success.
pub fn complete_first() {
    if let Some(request) = unpark() {
        complete(request, STATUS_SUCCESS, 0);
    }
}

/// Completes everything that is parked with success.
pub fn complete_parked() {
    while let Some(request) = unpark() {
        complete(request, STATUS_SUCCESS, 0);
    }
}

/// `WdfRequestForwardToIoQueue`.
pub fn forward(request: WDFREQUEST, queue: WDFQUEUE) -> NTSTATUS {
    // SAFETY: the framework checks the handles.
    unsafe { WdfRequestForwardToIoQueue(request, queue) }
}

/// `WdfRequestRequeue`.
pub fn requeue(request: WDFREQUEST) -> NTSTATUS {
    // SAFETY: the framework checks the handle.
    unsafe { WdfRequestRequeue(request) }
}

/// `WdfIoQueueRetrieveNextRequest`.
pub fn retrieve(queue: WDFQUEUE) -> Result<WDFREQUEST, NTSTATUS> {
    let mut request = null_mut();
    // SAFETY: the framework checks the handle.
    check(unsafe { WdfIoQueueRetrieveNextRequest(queue, &mut request) })?;
    Ok(request)
}

/// `WdfRequestMarkCancelable`.
pub fn mark(request: WDFREQUEST) {
    // SAFETY: the framework checks the handle.
    unsafe { WdfRequestMarkCancelable(request, Some(callbacks::cancel)) };
}

/// `WdfRequestMarkCancelableEx`.
pub fn mark_ex(request: WDFREQUEST) -> NTSTATUS {
    // SAFETY: the framework checks the handle.
    unsafe { WdfRequestMarkCancelableEx(request, Some(callbacks::cancel)) }
}

/// `WdfRequestUnmarkCancelable`.
pub fn unmark(request: WDFREQUEST) -> NTSTATUS {
    // SAFETY: the framework checks the handle.
    unsafe { WdfRequestUnmarkCancelable(request) }
}

/// `WdfRequestIsCanceled`.
pub fn is_canceled(request: WDFREQUEST) -> bool {
    // SAFETY: the framework checks the handle.
    unsafe { WdfRequestIsCanceled(request) != 0 }
}

/// `WdfRequestStopAcknowledge`.
pub fn acknowledge(request: WDFREQUEST, requeue: bool) {
    // SAFETY: the framework checks the handle.
    unsafe { WdfRequestStopAcknowledge(request, requeue as BOOLEAN) };
}

/// `WdfObjectDelete`.
pub fn delete<H>(object: *mut H) {
    // SAFETY: the framework checks the handle.
    unsafe { WdfObjectDelete(object.cast()) };
}

/// `WdfObjectReference`.
pub fn reference<H>(object: *mut H) {
    // SAFETY: the framework checks the handle.
    unsafe { WdfObjectReferenceActual(object.cast(), null_mut(), 0, core::ptr::null()) };
}

/// `WdfObjectDereference`.
pub fn dereference<H>(object: *mut H) {
    // SAFETY: the framework checks the handle.
    unsafe { WdfObjectDereferenceActual(object.cast(), null_mut(), 0, core::ptr::null()) };
}

/// `WdfTimerCreate`: makes [`Kept::Third`] below an object; periodic, unless the period is zero.
pub fn timer(parent: WDFOBJECT, level: WDF_EXECUTION_LEVEL, period: u32) -> Result<(), NTSTATUS> {
    let mut config = WDF_TIMER_CONFIG::default();
    WDF_TIMER_CONFIG_INIT(&mut config, Some(callbacks::timer));
    config.Period = period;
    let mut with = WDF_OBJECT_ATTRIBUTES { ParentObject: parent, ExecutionLevel: level, ..attributes() };
    let mut timer = null_mut();
    // SAFETY: a configuration, attributes and a place for the handle.
    check(unsafe { WdfTimerCreate(&mut config, &mut with, &mut timer) })?;
    keep(Kept::Third, timer);
    Ok(())
}

/// `WdfTimerStart`, to fire after some milliseconds; whether it was to fire before.
pub fn start_timer(milliseconds: i64) -> bool {
    // SAFETY: the framework checks the handle.
    unsafe { WdfTimerStart(kept(Kept::Third), -10_000 * milliseconds) != 0 }
}

/// `WdfTimerStop`; whether it was to fire.
pub fn stop_timer(wait: bool) -> bool {
    // SAFETY: the framework checks the handle.
    unsafe { WdfTimerStop(kept(Kept::Third), wait as BOOLEAN) != 0 }
}

/// The text that a program sent, as far as there is room for it.
pub fn text<const SIZE: usize>(request: WDFREQUEST) -> Buffer<SIZE> {
    let (mut buffer, mut length) = (null_mut(), 0);
    let mut text = Buffer::new();
    // SAFETY: the framework checks the handle.
    if NT_SUCCESS(unsafe { WdfRequestRetrieveInputBuffer(request, 1, &mut buffer, &mut length) }) {
        // SAFETY: the buffer has that many bytes.
        text.push(unsafe { core::slice::from_raw_parts(buffer.cast::<u8>(), length) });
    }
    text
}

/// `WdfRequestGetFileObject`.
pub fn file_of(request: WDFREQUEST) -> WDFFILEOBJECT {
    // SAFETY: the framework checks the handle.
    unsafe { WdfRequestGetFileObject(request) }
}

/// Lets other threads and processors go on.
pub fn pause() {
    let mut lock = null_mut();
    for _ in 0..4 {
        // SAFETY: a place for the handle. In the emulator any call is a point where another thread may go on.
        if NT_SUCCESS(unsafe { WdfSpinLockCreate(WDF_NO_OBJECT_ATTRIBUTES, &mut lock) }) {
            delete(lock);
        }
    }
}

/// Waits for some milliseconds, at PASSIVE_LEVEL.
pub fn delay(milliseconds: i64) {
    let (mut lock, mut timeout) = (null_mut(), -10_000 * milliseconds);
    // SAFETY: a place for the handle.
    if !NT_SUCCESS(unsafe { WdfWaitLockCreate(WDF_NO_OBJECT_ATTRIBUTES, &mut lock) }) {
        return;
    }
    // SAFETY: created just now, so it is free.
    let _ = unsafe { WdfWaitLockAcquire(lock, null_mut()) };
    // Nobody releases it.
    // SAFETY: the lock and a time limit.
    let _ = unsafe { WdfWaitLockAcquire(lock, &mut timeout) };
    // SAFETY: acquired above.
    unsafe { WdfWaitLockRelease(lock) };
    delete(lock);
}

/// Waits until a number that was kept is no longer zero; whether that happened within ten seconds.
pub fn wait_for(what: Kept) -> bool {
    (0..10_000).any(|_| {
        delay(1);
        get(what) != 0
    })
}

/// Runs `body` at DISPATCH_LEVEL.
pub fn at_dispatch(body: impl FnOnce()) {
    let mut lock = null_mut();
    // SAFETY: a place for the handle.
    if !NT_SUCCESS(unsafe { WdfSpinLockCreate(WDF_NO_OBJECT_ATTRIBUTES, &mut lock) }) {
        return;
    }
    // SAFETY: created just now.
    unsafe { WdfSpinLockAcquire(lock) };
    body();
    // SAFETY: acquired above.
    unsafe { WdfSpinLockRelease(lock) };
    delete(lock);
}
