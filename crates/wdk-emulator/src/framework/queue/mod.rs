//! I/O queues: their state, and how requests get in and out.

use crate::abi::callbacks;
use crate::framework::lock::{Counted, PresentationLock, Scope};
use crate::framework::objects::{Object, Ref};
use crate::framework::request::{self, Cancelable, Owner, Request};
use crate::framework::wdfdevice::Device;
use crate::kernel::irp::Operation;
use crate::kernel::irql;
use crate::kernel::{Kernel, current};
use crate::sched::lock::Event;
use crate::sched::thread::Role;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use wdk_sys::*;

mod cancel;
mod dispatch;
mod power;
mod state;

use cancel::*;
pub(crate) use cancel::{cancel_file, irp_cancelled, mark_cancelable};
use dispatch::*;
pub(crate) use dispatch::{dispatch_internal, with_lock};
pub(crate) use power::{dispose, power_down, power_purge, power_up};
pub(crate) use state::{Change, change, ready_notify, start};

/// How requests leave a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dispatching {
    Sequential,
    Parallel,
    Manual,
}

/// What is told when a queue has stopped, drained or purged.
pub(crate) enum Notify {
    Nobody,
    Callback(EVT_WDF_IO_QUEUE_STATE, WDFCONTEXT),
    Event(Rc<Event>),
}

/// The callbacks of a queue.
#[derive(Default, Clone, Copy)]
pub(crate) struct Handlers {
    pub(crate) default: PFN_WDF_IO_QUEUE_IO_DEFAULT,
    pub(crate) read: PFN_WDF_IO_QUEUE_IO_READ,
    pub(crate) write: PFN_WDF_IO_QUEUE_IO_WRITE,
    pub(crate) control: PFN_WDF_IO_QUEUE_IO_DEVICE_CONTROL,
    pub(crate) internal: PFN_WDF_IO_QUEUE_IO_INTERNAL_DEVICE_CONTROL,
    pub(crate) stop: PFN_WDF_IO_QUEUE_IO_STOP,
    pub(crate) resume: PFN_WDF_IO_QUEUE_IO_RESUME,
    pub(crate) canceled: PFN_WDF_IO_QUEUE_IO_CANCELED_ON_QUEUE,
}

/// A `WDFQUEUE`.
pub(crate) struct Queue {
    pub(crate) device: RefCell<Option<Ref<Device>>>,
    pub(crate) dispatching: Dispatching,
    /// Requests the driver may own at a time.
    pub(crate) limit: u32,
    pub(crate) handlers: Handlers,
    pub(crate) allow_zero_length: bool,
    pub(crate) power_managed: bool,
    pub(crate) is_default: bool,
    pub(crate) passive: bool,
    pub(crate) scope: Scope,
    pub(crate) lock: Option<Rc<PresentationLock>>,
    pub(crate) accept: Cell<bool>,
    pub(crate) dispatch: Cell<bool>,
    pub(crate) powered: Cell<bool>,
    /// `QST1`: requests that come back are cancelled.
    pub(crate) cancel_stale: Cell<bool>,
    pending: RefCell<VecDeque<Ref<Request>>>,
    owned: RefCell<Vec<Ref<Request>>>,
    cancels: RefCell<VecDeque<(Ref<Request>, PFN_WDF_REQUEST_CANCEL)>>,
    canceled_on_queue: RefCell<VecDeque<Ref<Request>>>,
    /// Threads in the dispatch loop.
    running: Cell<u32>,
    deferred: Cell<bool>,
    stop: RefCell<Option<Notify>>,
    purge: RefCell<Option<Notify>>,
    /// One of these four may have something: `cancels`, `canceled_on_queue`, `stop`, `purge`.
    unusual: Cell<bool>,
    ready: Cell<Option<(EVT_WDF_IO_QUEUE_STATE, usize)>>,
    ready_due: Cell<bool>,
    /// `CAN4`: EvtIoStop or EvtIoResume runs; cancel callbacks wait.
    notifying: Cell<u32>,
    /// `QST2`: the device is gone; nothing makes the queue accept again.
    shut_down: Cell<bool>,
    /// Set when a handler returned or a request left the driver: who powers the queue down looks again.
    pub(crate) progress: Event,
    pub(crate) high_water: Cell<usize>,
}

impl Queue {
    #[allow(clippy::too_many_arguments)]
    pub(crate) fn new(
        device: &Ref<Device>,
        dispatching: Dispatching,
        limit: u32,
        handlers: Handlers,
        config: &WDF_IO_QUEUE_CONFIG,
        power_managed: bool,
        passive: bool,
        scope: Scope,
        lock: Option<Rc<PresentationLock>>,
    ) -> Self {
        Self {
            device: RefCell::new(Some(device.clone())),
            dispatching,
            limit,
            handlers,
            allow_zero_length: config.AllowZeroLengthRequests != 0,
            power_managed,
            is_default: config.DefaultQueue != 0,
            passive,
            scope,
            lock,
            accept: Cell::new(true),
            dispatch: Cell::new(true),
            powered: Cell::new(!power_managed || device.in_d0.get()),
            cancel_stale: Cell::new(false),
            pending: RefCell::default(),
            owned: RefCell::default(),
            cancels: RefCell::default(),
            canceled_on_queue: RefCell::default(),
            running: Cell::new(0),
            deferred: Cell::new(false),
            stop: RefCell::default(),
            purge: RefCell::default(),
            unusual: Cell::new(false),
            ready: Cell::new(None),
            ready_due: Cell::new(false),
            notifying: Cell::new(0),
            shut_down: Cell::new(false),
            progress: Event::default(),
            high_water: Cell::new(0),
        }
    }

    pub(crate) fn forget(&self) {
        self.device.take();
        self.pending.take();
        self.owned.take();
        self.cancels.take();
        self.canceled_on_queue.take();
    }

    pub(crate) fn device(&self) -> Ref<Device> {
        self.device.borrow().clone().expect("a queue has a device until the machine goes")
    }

    pub(crate) fn queued(&self) -> usize {
        self.pending.borrow().len()
    }

    pub(crate) fn owned(&self) -> Vec<Ref<Request>> {
        self.owned.borrow().clone()
    }

    pub(crate) fn owned_count(&self) -> usize {
        self.owned.borrow().len()
    }

    pub(crate) fn handlers_running(&self) -> bool {
        self.running.get() > 0
    }

    /// Whether a cancel callback of the request waits to be called.
    pub(crate) fn cancel_is_due(&self, request: &Ref<Request>) -> bool {
        self.cancels.borrow().iter().any(|(other, _)| Rc::ptr_eq(&other.object, &request.object))
    }

    fn owns(&self, request: &Ref<Request>) -> bool {
        self.owned.borrow().iter().any(|owned| Rc::ptr_eq(&owned.object, &request.object))
    }

    fn has_room(&self) -> bool {
        self.owned.borrow().len() < self.limit as usize
    }

    fn enqueue(&self, request: Ref<Request>, first: bool) {
        let mut pending = self.pending.borrow_mut();
        if pending.is_empty() {
            self.ready_due.set(true);
        }
        if first {
            pending.push_front(request)
        } else {
            pending.push_back(request)
        }
        self.high_water.set(self.high_water.get().max(pending.len()));
    }

    fn handles(&self, operation: Operation) -> bool {
        let h = &self.handlers;
        let own = match operation {
            // Create requests come to EvtIoDefault only (`QCR6`).
            Operation::Create => false,
            Operation::Read { .. } => h.read.is_some(),
            Operation::Write { .. } => h.write.is_some(),
            Operation::DeviceControl { .. } => h.control.is_some(),
            Operation::InternalDeviceControl { .. } => h.internal.is_some(),
        };
        own || h.default.is_some()
    }
}

/// A request arrives at a queue (`QCR9`, `QCR10`).
pub(crate) fn arrive(k: &Kernel, queue: &Ref<Queue>, request: Ref<Request>) {
    if !queue.accept.get() {
        return request::complete(k, &request, STATUS_INVALID_DEVICE_STATE, 0);
    }
    if request.is_cancelled() {
        return request::complete(k, &request, STATUS_CANCELLED, 0);
    }
    *request.queue.borrow_mut() = Some(queue.clone());
    request.object.note(k, "queued");
    queue.enqueue(request, false);
    dispatch(k, queue);
}

/// A request arrives that the driver had in its caller's context (`QCR11`).
pub(crate) fn enqueue(k: &Kernel, queue: &Ref<Queue>, request: &Ref<Request>) -> Result<(), NTSTATUS> {
    if !queue.accept.get() {
        return Err(STATUS_WDF_BUSY);
    }
    request.owner.set(Owner::Framework);
    request.in_caller.set(false);
    *request.queue.borrow_mut() = Some(queue.clone());
    if request.is_cancelled() {
        cancel_on_queue(k, queue, request.clone());
    } else {
        request.object.note(k, "queued");
        queue.enqueue(request.clone(), false);
    }
    dispatch(k, queue);
    Ok(())
}

/// Gives a request that the driver owned to another queue (`OWN2`).
pub(crate) fn forward(k: &Kernel, request: &Ref<Request>, to: &Ref<Queue>) -> Result<(), NTSTATUS> {
    if !to.accept.get() {
        return Err(STATUS_WDF_BUSY);
    }
    let from = request.queue();
    request.owner.set(Owner::Framework);
    request.cancelable.set(Cancelable::No);
    request.object.note(k, "forwarded");
    *request.queue.borrow_mut() = Some(to.clone());
    if let Some(from) = &from {
        released(k, from, &request.object);
    }
    if request.is_cancelled() {
        cancel_on_queue(k, to, request.clone());
    } else {
        to.enqueue(request.clone(), false);
    }
    // Inside the call, unless this thread holds the other queue's lock (`DSP3`).
    dispatch(k, to);
    if let Some(from) = &from {
        dispatch_internal(k, from);
    }
    Ok(())
}

/// Puts a request back at the head of the manual queue that it was retrieved from (`OWN4`).
pub(crate) fn requeue(k: &Kernel, queue: &Ref<Queue>, request: &Ref<Request>) {
    request.owner.set(Owner::Framework);
    request.cancelable.set(Cancelable::No);
    request.object.note(k, "requeued");
    // Looked at first: the last request that comes back is stale, too (`QST1`).
    let stale = request.is_cancelled() || queue.cancel_stale.get();
    released(k, queue, &request.object);
    if stale {
        cancel_on_queue(k, queue, request.clone());
    } else {
        queue.enqueue(request.clone(), true);
    }
    dispatch_internal(k, queue);
}

/// A request left the driver's hands.
pub(crate) fn released(k: &Kernel, queue: &Ref<Queue>, object: &Rc<Object>) {
    queue.owned.borrow_mut().retain(|owned| !Rc::ptr_eq(&owned.object, object));
    if queue.owned.borrow().is_empty() {
        queue.cancel_stale.set(false);
    }
    queue.progress.set(k);
}

fn own(k: &Kernel, queue: &Ref<Queue>, request: &Ref<Request>) {
    request.owner.set(Owner::Driver);
    request.presented.set(true);
    request.cancelable.set(Cancelable::No);
    request.stop_acknowledged.set(false);
    request.object.note(k, "given to the driver");
    queue.owned.borrow_mut().push(request.clone());
}

/// Takes the next request for a driver that asks for it (`QCR5`, `OWN6`).
pub(crate) fn retrieve(k: &Kernel, queue: &Ref<Queue>) -> Result<Ref<Request>, NTSTATUS> {
    retrieve_where(k, queue, |_| true)
}

/// The same for the next one of a kind.
pub(crate) fn retrieve_where(
    k: &Kernel,
    queue: &Ref<Queue>,
    wanted: impl Fn(&Ref<Request>) -> bool,
) -> Result<Ref<Request>, NTSTATUS> {
    if queue.dispatching == Dispatching::Parallel {
        return Err(STATUS_INVALID_DEVICE_STATE);
    }
    if !queue.dispatch.get() || !queue.powered.get() {
        return Err(STATUS_WDF_PAUSED);
    }
    loop {
        let place = queue.pending.borrow().iter().position(&wanted);
        let next = place.and_then(|place| queue.pending.borrow_mut().remove(place));
        let Some(request) = next else { return Err(STATUS_NO_MORE_ENTRIES) };
        if is_empty_transfer(queue, &request) {
            request::complete(k, &request, STATUS_SUCCESS, 0);
            continue;
        }
        own(k, queue, &request);
        return Ok(request);
    }
}

/// Looks for a request without taking it, behind `tag` if there is one (`OWN5`).
pub(crate) fn find(
    queue: &Ref<Queue>,
    tag: Option<&Ref<Request>>,
    wanted: impl Fn(&Ref<Request>) -> bool,
) -> Result<Ref<Request>, NTSTATUS> {
    if queue.dispatching != Dispatching::Manual {
        return Err(STATUS_INVALID_DEVICE_REQUEST);
    }
    let pending = queue.pending.borrow();
    let start = match tag {
        None => 0,
        Some(tag) => {
            let place = pending.iter().position(|request| Rc::ptr_eq(&request.object, &tag.object));
            place.ok_or(STATUS_NOT_FOUND)? + 1
        }
    };
    pending.iter().skip(start).find(|&request| wanted(request)).cloned().ok_or(STATUS_NO_MORE_ENTRIES)
}

/// `QCR8`.
fn is_empty_transfer(queue: &Ref<Queue>, request: &Ref<Request>) -> bool {
    let length = match request.operation {
        Operation::Read { length, .. } | Operation::Write { length, .. } => length,
        _ => return false,
    };
    length == 0 && !queue.allow_zero_length
}
