//! Queue functions.
//!
//! DDI header: `wdfio.h`.

use super::lock::{Constraints, PresentationLock, Scope};
use super::objects::{Attributes, Body, Object, Ref};
use super::queue::{self, Change, Dispatching, Handlers, Notify, Queue};
use super::request::Request;
use super::wdfdevice::Device;
use super::wdffileobject::FileObject;
use super::{size_is, status};
use crate::abi::{Bodies, Call};
use crate::sched::lock::Event;
use std::rc::Rc;
use wdk_sys::*;

#[allow(non_snake_case)]
impl Bodies {
    pub(crate) fn WdfIoQueueCreate(
        call: &Call,
        Device: WDFDEVICE,
        Config: PWDF_IO_QUEUE_CONFIG,
        QueueAttributes: PWDF_OBJECT_ATTRIBUTES,
        Queue: *mut WDFQUEUE,
    ) -> NTSTATUS {
        let device = call.get::<Device, _>(Device);
        // SAFETY: the driver passes a configuration; null was refused at the entry.
        let config = unsafe { &*Config };
        // SAFETY: the driver passes attributes or null.
        let attributes = unsafe { Attributes::read(call, QueueAttributes) };
        status((|| {
            let created = create(call, &device, config, &attributes?, Queue.is_null())?;
            call.give(Queue, created.object.handle());
            Ok(())
        })())
    }

    pub(crate) fn WdfIoQueueGetDevice(call: &Call, Queue: WDFQUEUE) -> WDFDEVICE {
        call.get::<Queue, _>(Queue).device().object.handle()
    }

    pub(crate) fn WdfIoQueueGetState(
        call: &Call,
        Queue: WDFQUEUE,
        QueueRequests: PULONG,
        DriverRequests: PULONG,
    ) -> WDF_IO_QUEUE_STATE {
        let queue = call.get::<Queue, _>(Queue);
        let (queued, owned) = (queue.queued(), queue.owned_count());
        for (place, count) in [(QueueRequests, queued), (DriverRequests, owned)] {
            call.give(place, count as ULONG);
        }
        use _WDF_IO_QUEUE_STATE as S;
        // `MSC1`
        let bits = [
            (queue.accept.get(), S::WdfIoQueueAcceptRequests),
            (queue.dispatch.get(), S::WdfIoQueueDispatchRequests),
            (queued == 0, S::WdfIoQueueNoRequests),
            (owned == 0, S::WdfIoQueueDriverNoRequests),
            (!queue.powered.get(), S::WdfIoQueuePnpHeld),
        ];
        bits.into_iter().filter(|(set, _)| *set).map(|(_, bit)| bit).sum()
    }

    pub(crate) fn WdfIoQueueStart(call: &Call, Queue: WDFQUEUE) {
        queue::start(call, &call.get::<Queue, _>(Queue));
    }

    pub(crate) fn WdfIoQueueStop(
        call: &Call,
        Queue: WDFQUEUE,
        StopComplete: PFN_WDF_IO_QUEUE_STATE,
        Context: WDFCONTEXT,
    ) {
        change(call, Queue, Change::Stop, StopComplete, Context);
    }

    pub(crate) fn WdfIoQueueStopSynchronously(call: &Call, Queue: WDFQUEUE) {
        change_synchronously(call, Queue, Change::Stop);
    }

    pub(crate) fn WdfIoQueueStopAndPurge(
        call: &Call,
        Queue: WDFQUEUE,
        StopAndPurgeComplete: PFN_WDF_IO_QUEUE_STATE,
        Context: WDFCONTEXT,
    ) {
        change(call, Queue, Change::StopAndPurge, StopAndPurgeComplete, Context);
    }

    pub(crate) fn WdfIoQueueStopAndPurgeSynchronously(call: &Call, Queue: WDFQUEUE) {
        change_synchronously(call, Queue, Change::StopAndPurge);
    }

    pub(crate) fn WdfIoQueueDrain(
        call: &Call,
        Queue: WDFQUEUE,
        DrainComplete: PFN_WDF_IO_QUEUE_STATE,
        Context: WDFCONTEXT,
    ) {
        change(call, Queue, Change::Drain, DrainComplete, Context);
    }

    pub(crate) fn WdfIoQueueDrainSynchronously(call: &Call, Queue: WDFQUEUE) {
        change_synchronously(call, Queue, Change::Drain);
    }

    pub(crate) fn WdfIoQueuePurge(
        call: &Call,
        Queue: WDFQUEUE,
        PurgeComplete: PFN_WDF_IO_QUEUE_STATE,
        Context: WDFCONTEXT,
    ) {
        change(call, Queue, Change::Purge, PurgeComplete, Context);
    }

    pub(crate) fn WdfIoQueuePurgeSynchronously(call: &Call, Queue: WDFQUEUE) {
        change_synchronously(call, Queue, Change::Purge);
    }

    pub(crate) fn WdfIoQueueReadyNotify(
        call: &Call,
        Queue: WDFQUEUE,
        QueueReady: PFN_WDF_IO_QUEUE_STATE,
        Context: WDFCONTEXT,
    ) -> NTSTATUS {
        status(queue::ready_notify(call, &call.get::<Queue, _>(Queue), QueueReady, Context))
    }

    pub(crate) fn WdfIoQueueRetrieveNextRequest(
        call: &Call,
        Queue: WDFQUEUE,
        OutRequest: *mut WDFREQUEST,
    ) -> NTSTATUS {
        let queue = call.get::<Queue, _>(Queue);
        answer(call, queue::retrieve(call, &queue), OutRequest)
    }

    pub(crate) fn WdfIoQueueRetrieveRequestByFileObject(
        call: &Call,
        Queue: WDFQUEUE,
        FileObject: WDFFILEOBJECT,
        OutRequest: *mut WDFREQUEST,
    ) -> NTSTATUS {
        let queue = call.get::<Queue, _>(Queue);
        let file = call.get::<FileObject, _>(FileObject).object;
        answer(call, queue::retrieve_where(call, &queue, |request| came_through(request, &file)), OutRequest)
    }

    pub(crate) fn WdfIoQueueFindRequest(
        call: &Call,
        Queue: WDFQUEUE,
        FoundRequest: WDFREQUEST,
        FileObject: WDFFILEOBJECT,
        Parameters: PWDF_REQUEST_PARAMETERS,
        OutRequest: *mut WDFREQUEST,
    ) -> NTSTATUS {
        let queue = call.get::<Queue, _>(Queue);
        let tag = (!FoundRequest.is_null()).then(|| found_before(call, FoundRequest));
        let file = (!FileObject.is_null()).then(|| call.get::<FileObject, _>(FileObject).object);
        if !Parameters.is_null() {
            // SAFETY: the driver passes parameters or null.
            let size = unsafe { (*Parameters).Size };
            if usize::from(size) < size_of::<WDF_REQUEST_PARAMETERS>() {
                return STATUS_INVALID_PARAMETER_4;
            }
        }
        let found = queue::find(&queue, tag.as_ref(), |request| {
            file.as_ref().is_none_or(|file| came_through(request, file))
        });
        if let Ok(request) = &found {
            // The driver gives this reference up, whatever becomes of the request (`OWN5`).
            call.reference(&request.object);
            if !Parameters.is_null() {
                call.writable("`Parameters`", Parameters, 1);
                // SAFETY: the driver passes parameters or null.
                unsafe { Parameters.write(super::wdfrequest::parameters(request.operation)) };
            }
        }
        answer(call, found, OutRequest)
    }

    pub(crate) fn WdfIoQueueRetrieveFoundRequest(
        call: &Call,
        Queue: WDFQUEUE,
        FoundRequest: WDFREQUEST,
        OutRequest: *mut WDFREQUEST,
    ) -> NTSTATUS {
        let queue = call.get::<Queue, _>(Queue);
        let tag = found_before(call, FoundRequest);
        if queue.dispatching != Dispatching::Manual {
            return STATUS_INVALID_DEVICE_REQUEST;
        }
        let found = queue::retrieve_where(call, &queue, |request| Rc::ptr_eq(&request.object, &tag.object));
        // `OWN5`
        answer(
            call,
            found.map_err(|status| if status == STATUS_NO_MORE_ENTRIES { STATUS_NOT_FOUND } else { status }),
            OutRequest,
        )
    }
}

/// Tells the driver which request it was.
fn answer(call: &Call, found: Result<Ref<Request>, NTSTATUS>, place: *mut WDFREQUEST) -> NTSTATUS {
    let (handle, status) = match found {
        Ok(request) => (request.object.handle(), STATUS_SUCCESS),
        Err(status) => (std::ptr::null_mut(), status),
    };
    call.give(place, handle);
    status
}

/// Whether a request came through a file.
fn came_through(request: &Ref<Request>, file: &Rc<Object>) -> bool {
    let irp = request.irp();
    irp.is_some_and(|irp| irp.file_object.borrow().as_ref().is_some_and(|other| Rc::ptr_eq(other, file)))
}

/// A request that was found before. It may be completed by now: the driver's reference keeps its handle.
fn found_before(call: &Call, request: WDFREQUEST) -> Ref<Request> {
    let object = call.object(request.cast());
    if matches!(object.body, Body::Request(_)) { Ref::new(object) } else { call.get::<Request, _>(request) }
}

fn change(call: &Call, queue: WDFQUEUE, what: Change, callback: PFN_WDF_IO_QUEUE_STATE, context: WDFCONTEXT) {
    let queue = call.get::<Queue, _>(queue);
    let notify = match callback {
        Some(callback) => Notify::Callback(callback, context),
        None => Notify::Nobody,
    };
    queue::change(call, &queue, what, notify);
}

/// `QST3`: waits in a critical region; from a callback of the same queue it never comes back.
fn change_synchronously(call: &Call, queue: WDFQUEUE, what: Change) {
    let queue = call.get::<Queue, _>(queue);
    let event = Rc::new(Event::default());
    queue::change(call, &queue, what, Notify::Event(event.clone()));
    let thread = call.thread();
    thread.critical.set(thread.critical.get() + 1);
    event.wait(call, "a queue to stop, drain or purge");
    thread.critical.set(thread.critical.get() - 1);
}

/// `QCR1`.
fn create(
    call: &Call,
    device: &Ref<Device>,
    config: &WDF_IO_QUEUE_CONFIG,
    attributes: &Attributes,
    no_handle: bool,
) -> Result<Ref<Queue>, NTSTATUS> {
    size_is::<WDF_IO_QUEUE_CONFIG>(config.Size)?;
    let is_default = config.DefaultQueue != 0;
    if no_handle && !is_default {
        return Err(STATUS_INVALID_PARAMETER_4);
    }
    let handlers = Handlers {
        default: config.EvtIoDefault,
        read: config.EvtIoRead,
        write: config.EvtIoWrite,
        control: config.EvtIoDeviceControl,
        internal: config.EvtIoInternalDeviceControl,
        stop: config.EvtIoStop,
        resume: config.EvtIoResume,
        canceled: config.EvtIoCanceledOnQueue,
    };
    let handles_any = handlers.default.is_some()
        || handlers.read.is_some()
        || handlers.write.is_some()
        || handlers.control.is_some()
        || handlers.internal.is_some();
    // SAFETY: the only member of the union.
    let presented = unsafe { config.Settings.Parallel.NumberOfPresentedRequests };
    use _WDF_IO_QUEUE_DISPATCH_TYPE as D;
    let (dispatching, limit) = match config.DispatchType {
        D::WdfIoQueueDispatchSequential => (Dispatching::Sequential, 1),
        D::WdfIoQueueDispatchParallel => (Dispatching::Parallel, presented),
        D::WdfIoQueueDispatchManual => (Dispatching::Manual, u32::MAX),
        _ => return Err(STATUS_INVALID_PARAMETER),
    };
    match dispatching {
        Dispatching::Manual if handles_any => return Err(STATUS_INVALID_PARAMETER),
        Dispatching::Manual | Dispatching::Sequential if presented != 0 => {
            return Err(STATUS_INVALID_PARAMETER);
        }
        Dispatching::Sequential | Dispatching::Parallel if !handles_any => {
            return Err(STATUS_WDF_NO_CALLBACK);
        }
        _ => {}
    }
    if is_default && device.default_queue.borrow().is_some() {
        return Err(STATUS_UNSUCCESSFUL);
    }
    if is_default && device.started.get() {
        return Err(STATUS_INVALID_DEVICE_STATE);
    }
    let parent = if attributes.parent.is_null() {
        device.object.clone()
    } else {
        let parent = call.object(attributes.parent);
        match parent.nearest::<Device>() {
            Some(above) if Rc::ptr_eq(&above.object, &device.object) => parent,
            _ => return Err(STATUS_INVALID_DEVICE_REQUEST),
        }
    };
    let constraints = device.constraints.inherit(attributes);
    let lock = match constraints.scope {
        Scope::None => None,
        Scope::Queue => Some(Rc::new(PresentationLock::new(constraints.passive))),
        Scope::Device => {
            // `SYN3`
            if constraints.passive != device.constraints.passive {
                return Err(STATUS_INVALID_PARAMETER);
            }
            Some(device.lock.clone())
        }
    };
    let power_managed = match config.PowerManaged {
        _WDF_TRI_STATE::WdfTrue => true,
        _WDF_TRI_STATE::WdfFalse => false,
        _ => !device.is_filter,
    };
    let Constraints { passive, scope } = constraints;
    let queue = Queue::new(device, dispatching, limit, handlers, config, power_managed, passive, scope, lock);
    let object =
        call.create(Body::Queue(Box::new(queue)), device.object.driver.clone(), Some(parent), attributes)?;
    let queue = Ref::<Queue>::new(object);
    if is_default {
        *device.default_queue.borrow_mut() = Some(queue.clone());
    }
    device.queues.borrow_mut().push(queue.clone());
    Ok(queue)
}

/// The request behind a handle, which the driver must own.
pub(crate) fn owned_request(call: &Call, request: WDFREQUEST) -> Ref<Request> {
    let request = call.get::<Request, _>(request);
    super::wdfrequest::must_own(call, &request);
    request
}
