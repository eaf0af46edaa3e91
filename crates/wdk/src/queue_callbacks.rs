//! Creating a queue, and what the framework calls then.
//!
//! DDI headers: `wdfio.h`, `wdfrequest.h`.

use crate::delivery::{Delivery, RequestBase, refuse};
use crate::device::DeviceRef;
use crate::glue::enter;
use crate::irql::{ExecutionLevel, Irql, Passive, ceiling};
use crate::kind::{Any, DeviceControl, InternalDeviceControl, Kind, Read, Write};
use crate::notice::{ResumeNotice, StopNotice};
use crate::object::{QUEUE, REQUEST, delete, dereference, reference};
use crate::park;
use crate::queue::{QueueFacts, QueueHead, QueueRef};
use crate::queue_config::QueueConfig;
use crate::request::{Disposed, Request};
use crate::request_parameters::Sizes;
use crate::scope::{Access, Admits, Scope};
use crate::status::check;
use crate::stop_acknowledge;
use crate::{Device, Error, Handlers, IoQueue, Result};
use core::any::TypeId;
use core::mem::needs_drop;
use core::sync::atomic::Ordering;
use wdk_sys::{WDFCONTEXT, WDFOBJECT, WDFQUEUE, WDFREQUEST};

ceiling!(WdfIoQueueCreate <= Passive, WdfIoQueueReadyNotify <= Passive);

/// Creates a queue.
pub(crate) fn create<'a, D: Device, Q: IoQueue>(
    device: &'a DeviceRef<D>,
    config: QueueConfig,
    default: bool,
    init: impl FnOnce(&QueueRef<Q>, &mut Irql<'_, Passive>) -> Result<Q>,
    irql: &mut Irql<'_, Passive>,
) -> Result<&'a QueueRef<Q>>
where
    Q::Scope: Admits<D, Q>,
{
    let mut raw = config.into_raw();
    raw.DefaultQueue = u8::from(default);
    let handles = |which| Q::HANDLES.contains(which);
    raw.EvtIoRead = handles(Handlers::READ).then_some(read_callback::<Q>);
    raw.EvtIoWrite = handles(Handlers::WRITE).then_some(write_callback::<Q>);
    raw.EvtIoDeviceControl = handles(Handlers::DEVICE_CONTROL).then_some(device_control_callback::<Q>);
    raw.EvtIoInternalDeviceControl =
        handles(Handlers::INTERNAL_DEVICE_CONTROL).then_some(internal_device_control_callback::<Q>);
    raw.EvtIoDefault = handles(Handlers::OTHER).then_some(other_callback::<Q>);
    raw.EvtIoStop = Some(stop_callback::<Q>);
    raw.EvtIoResume = handles(Handlers::RESUMED).then_some(resume_callback::<Q>);
    raw.EvtIoCanceledOnQueue =
        handles(Handlers::CANCELED_ON_QUEUE).then_some(canceled_on_queue_callback::<Q>);
    let mut attributes = QUEUE.attributes::<QueueRef<Q>>();
    attributes.SynchronizationScope = <Q::Scope as Scope>::ATTRIBUTE;
    attributes.ExecutionLevel = Q::Exec::ATTRIBUTE;
    if needs_drop::<Q>() {
        attributes.EvtDestroyCallback = Some(destroy_callback::<Q>);
    }
    let mut handle = core::ptr::null_mut();
    // SAFETY: the device is alive, the structures are initialised, and all of it at `PASSIVE_LEVEL`.
    check(unsafe {
        wdk_sys::WdfIoQueueCreate(device.handle(), &raw mut raw, &raw mut attributes, &raw mut handle)
    })?;
    // SAFETY: a queue with that context was created just now. It lives as long as its device, unless it is deleted
    // below.
    let this = unsafe { QUEUE.of::<QueueRef<Q>>(handle.cast()) }.ok_or(Error::INTERNAL_ERROR)?;
    let of = device.facts();
    let facts = QueueFacts {
        handle,
        device: device.base_pointer(),
        device_id: of.id,
        layout: of.layout,
        cancel: cancel_callback::<Q>,
        manual: config.is_manual(),
        type_id: TypeId::of::<Q>(),
    };
    // SAFETY: once for this queue.
    unsafe { this.head.publish(facts) };
    let value = init(this, irql).and_then(|value| {
        if handles(Handlers::READY) {
            notify_ready(this)?;
        }
        Ok(value)
    });
    match value {
        Ok(value) => {
            // SAFETY: nobody reads the place before the queue is ready.
            unsafe { this.value().write(value) };
            // SAFETY: written and published.
            unsafe { this.head.set_ready() };
            Ok(this)
        }
        Err(error) => {
            // The default queue goes with its device, which a failed `device_add` takes away.
            if !default {
                // SAFETY: not the default queue. It has no requests, and who kept a handle finds that it is not ready.
                unsafe { delete(handle.cast()) };
            }
            Err(error)
        }
    }
}

fn notify_ready<Q: IoQueue>(queue: &QueueRef<Q>) -> Result<()> {
    // SAFETY: the queue is alive, and the callback is made for its context.
    check(unsafe {
        wdk_sys::WdfIoQueueReadyNotify(queue.handle(), Some(ready_callback::<Q>), core::ptr::null_mut())
    })
}

/// Finds the queue that presents a request, and makes the driver's value if the request carries one. Says whether a
/// handler may see the request; one that may not is completed.
///
/// # Safety
///
/// The framework has just presented the request, and `queue` is the queue that did.
unsafe fn arrive(delivery: &mut Delivery, queue: WDFQUEUE) -> bool {
    // SAFETY: the presenting queue, made here; its context starts with a head.
    let head = unsafe { QUEUE.pointer::<QueueHead>(queue.cast()) };
    let error = match head {
        // SAFETY: a queue lives longer than its callback.
        Some(head) if unsafe { head.as_ref() }.is_ready() => {
            delivery.set_queue(head);
            // SAFETY: as above.
            let head = unsafe { head.as_ref() };
            // SAFETY: published before it was ready.
            let facts = unsafe { head.known() };
            if facts.layout.is_none() || delivery.note(facts.device, facts.layout, park::OWNED).is_some() {
                return true;
            }
            Error::INTERNAL_ERROR
        }
        _ => Error::DEVICE_NOT_READY,
    };
    // SAFETY: presented just now.
    unsafe { refuse(delivery.handle(), error) };
    false
}

/// Presents a request to a handler.
///
/// # Safety
///
/// Called in a callback of a queue that was created with context `Q`, with its arguments.
#[inline]
unsafe fn present<Q: IoQueue, K: Kind>(
    queue: WDFQUEUE,
    request: WDFREQUEST,
    sizes: Option<Sizes>,
    handler: impl for<'r> FnOnce(Access<'_, Q>, Request<'r, K>, &mut Irql<'_, Q::Exec>) -> Disposed<'r>,
) {
    let mut delivery = Delivery::new(request, core::ptr::null(), sizes);
    // SAFETY: as the caller promises.
    if !unsafe { arrive(&mut delivery, queue) } {
        return;
    }
    // SAFETY: found just now; a queue with context `Q`, which outlives its callback.
    let queue = unsafe { &*delivery.queue().cast::<QueueRef<Q>>() };
    // SAFETY: presented just now by that queue, with these arguments; the brand is the handler's.
    let request = unsafe { Request::<K>::new(&delivery) };
    // SAFETY: the framework calls handlers at the queue's execution level or below, and gives back a processor in
    // the same state.
    let mut irql = unsafe { Irql::assume() };
    // SAFETY: ready; the framework holds the presentation lock of a scope that has one.
    let access = unsafe { <Q::Scope as Scope>::access(queue) };
    let _ = handler(access, request, &mut irql);
}

macro_rules! shims {
    ($( $shim:ident ( $($name:ident: $argument:ty),* ) $kind:ident => $method:ident, $sizes:expr; )*) => { $(
        unsafe extern "C" fn $shim<Q: IoQueue>(
            queue: WDFQUEUE,
            request: WDFREQUEST,
            $($name: $argument),*
        ) {
            // SAFETY: a callback of a queue with context `Q`.
            enter(|| unsafe { present::<Q, $kind>(queue, request, $sizes, Q::$method) });
        }
    )* };
}
shims! {
    read_callback(output: usize) Read => read, Some(Sizes { input: 0, output, code: 0 });
    write_callback(input: usize) Write => write, Some(Sizes { input, output: 0, code: 0 });
    device_control_callback(output: usize, input: usize, code: u32) DeviceControl => device_control,
        Some(Sizes { input, output, code });
    internal_device_control_callback(output: usize, input: usize, code: u32) InternalDeviceControl =>
        internal_device_control, Some(Sizes { input, output, code });
    other_callback() Any => other, None;
    canceled_on_queue_callback() Any => canceled_on_queue, None;
}

unsafe extern "C" fn ready_callback<Q: IoQueue>(queue: WDFQUEUE, _: WDFCONTEXT) {
    enter(|| {
        // SAFETY: registered for a queue with context `Q`, which outlives its callback.
        let Some(queue) = (unsafe { QueueRef::<Q>::ready(queue) }) else { return };
        // SAFETY: the framework calls this at the queue's execution level or below.
        let mut irql = unsafe { Irql::assume() };
        // SAFETY: ready; this callback too has the presentation lock of a scope that has one.
        let access = unsafe { <Q::Scope as Scope>::access(queue) };
        Q::ready(access, queue, &mut irql);
    });
}

unsafe extern "C" fn stop_callback<Q: IoQueue>(queue: WDFQUEUE, request: WDFREQUEST, actions: u32) {
    enter(|| {
        if !Q::HANDLES.contains(Handlers::STOPPING) {
            // SAFETY: `EvtIoStop` with its arguments.
            return unsafe { stop_acknowledge::stop(queue, request, actions) };
        }
        // The driver may complete the request when it is told.
        // SAFETY: the driver owns the request, so it is not destroyed.
        unsafe { reference(request.cast()) };
        // SAFETY: a queue with context `Q`, which outlives its callback.
        if let Some(this) = unsafe { QueueRef::<Q>::ready(queue) } {
            let notice = StopNotice::new(request, actions);
            // SAFETY: the framework calls this at the queue's execution level or below.
            let mut irql = unsafe { Irql::assume() };
            // SAFETY: ready; the framework holds the presentation lock of a scope that has one.
            let access = unsafe { <Q::Scope as Scope>::access(this) };
            Q::stopping(access, &notice, &mut irql);
        }
        // SAFETY: `EvtIoStop` with its arguments; the reference keeps the request's context.
        unsafe { stop_acknowledge::stop(queue, request, actions) };
        // SAFETY: the reference of above.
        unsafe { dereference(request.cast()) };
    });
}

unsafe extern "C" fn resume_callback<Q: IoQueue>(queue: WDFQUEUE, request: WDFREQUEST) {
    enter(|| {
        // SAFETY: a queue with context `Q`, which outlives its callback.
        let Some(queue) = (unsafe { QueueRef::<Q>::ready(queue) }) else { return };
        let notice = ResumeNotice::new(request);
        // SAFETY: the framework calls this at the queue's execution level or below.
        let mut irql = unsafe { Irql::assume() };
        // SAFETY: ready; the framework holds the presentation lock of a scope that has one.
        let access = unsafe { <Q::Scope as Scope>::access(queue) };
        Q::resumed(access, &notice, &mut irql);
    });
}

unsafe extern "C" fn cancel_callback<Q: IoQueue>(handle: WDFREQUEST) {
    enter(|| {
        // SAFETY: the framework holds a reference for the callback; the request was parked, so it has one.
        let base = unsafe { REQUEST.pointer::<RequestBase>(handle.cast()) };
        let Some(base) = base else { return };
        // SAFETY: its context.
        let this = unsafe { base.as_ref() };
        // SAFETY: set on delivery; the request keeps its queue while it is not completed, and `take` completes it
        // only after this callback has left it. Nothing is read of the queue in that case.
        let queue = this.queue.load(Ordering::Relaxed).cast::<QueueRef<Q>>();
        if !park::canceled(this) {
            return;
        }
        // SAFETY: the request is this callback's now, so its queue is alive. It has delivered, so it is ready.
        let queue = unsafe { &*queue };
        // SAFETY: the race is won, so the driver owns the request.
        let delivery = unsafe { Delivery::again(handle, base) };
        // SAFETY: and there is no other value for it; the brand is `cancel`'s.
        let request = unsafe { Request::<Any>::new(&delivery) };
        // SAFETY: the framework calls this at the queue's execution level or below.
        let mut irql = unsafe { Irql::assume() };
        // SAFETY: ready; the framework holds the presentation lock of a scope that has one.
        let access = unsafe { <Q::Scope as Scope>::access(queue) };
        let _ = Q::cancel(access, request, &mut irql);
    });
}

unsafe extern "C" fn destroy_callback<Q: IoQueue>(object: WDFOBJECT) {
    enter(|| {
        // SAFETY: the destroy callback of a queue with that context, whose memory is still there.
        let this = unsafe { QUEUE.of::<QueueRef<Q>>(object) };
        if let Some(this) = this.filter(|this| this.is_ready()) {
            // SAFETY: in place, and nothing refers to the queue any more.
            unsafe { this.value().drop_in_place() };
        }
    });
}
