//! I/O queues: arrival, the dispatch engine, cancellation and the state functions.

use super::lock::{Counted, PresentationLock, Scope};
use super::objects::{Object, Ref};
use super::request::{self, Cancelable, Owner, Request};
use super::wdfdevice::Device;
use crate::kernel::irql;
use crate::abi::callbacks;
use crate::kernel::irp::Operation;
use crate::kernel::{Kernel, current};
use crate::sched::lock::Event;
use crate::sched::thread::Role;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use wdk_sys::*;

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
        if first { pending.push_front(request) } else { pending.push_back(request) }
        self.high_water.set(self.high_water.get().max(pending.len()));
    }

    fn handles(&self, operation: Operation) -> bool {
        let h = &self.handlers;
        let own = match operation {
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
    if queue.dispatching == Dispatching::Parallel {
        return Err(STATUS_INVALID_DEVICE_STATE);
    }
    if !queue.dispatch.get() || !queue.powered.get() {
        return Err(STATUS_WDF_PAUSED);
    }
    loop {
        let next = queue.pending.borrow_mut().pop_front();
        let Some(request) = next else { return Err(STATUS_NO_MORE_ENTRIES) };
        if is_empty_transfer(queue, &request) {
            request::complete(k, &request, STATUS_SUCCESS, 0);
            continue;
        }
        own(k, queue, &request);
        return Ok(request);
    }
}

/// `QCR8`.
fn is_empty_transfer(queue: &Ref<Queue>, request: &Ref<Request>) -> bool {
    let length = match request.operation {
        Operation::Read { length, .. } | Operation::Write { length, .. } => length,
        _ => return false,
    };
    length == 0 && !queue.allow_zero_length
}

/// Runs the dispatch loop unless this or another thread is in it already: completion inside a handler does not
/// recurse, the loop goes on when the handler returns (`DSP2`).
pub(crate) fn dispatch_internal(k: &Kernel, queue: &Ref<Queue>) {
    if queue.running.get() == 0 {
        dispatch(k, queue);
    }
}

/// Runs the dispatch loop here, or has a DPC or a worker run it where this thread must not.
fn dispatch(k: &Kernel, queue: &Ref<Queue>) {
    let irql = k.irql();
    let passive_needed = queue.passive && irql > irql::PASSIVE;
    let locked = queue.lock.as_ref().is_some_and(|lock| lock.owned_by_caller(k));
    if passive_needed || locked {
        if !queue.deferred.replace(true) {
            let later = queue.clone();
            let job = move || {
                later.deferred.set(false);
                dispatch(current(), &later);
            };
            if queue.passive {
                k.start_thread(Role::Worker, "queue dispatcher", job);
            } else {
                k.queue_dpc(job);
            }
        }
        return;
    }
    {
        let _running = Counted::new(&queue.running);
        while step(k, queue) {}
    }
    queue.progress.set(k);
}

/// One round of the loop, in the framework's order (`DSP1`). `false` when there is nothing to do.
fn step(k: &Kernel, queue: &Ref<Queue>) -> bool {
    let next = if queue.notifying.get() == 0 { queue.cancels.borrow_mut().pop_front() } else { None };
    if let Some((request, Some(cancel))) = next {
        with_lock(k, queue, || {
            request.object.note(k, "cancel callback called");
            callbacks::EVT_WDF_REQUEST_CANCEL(k, driver_of(queue), "EvtRequestCancel", cancel, request.object.handle());
        });
        return true;
    }
    let next = if queue.notifying.get() == 0 { queue.canceled_on_queue.borrow_mut().pop_front() } else { None };
    if let Some(request) = next {
        own(k, queue, &request);
        if let Some(canceled) = queue.handlers.canceled {
            with_lock(k, queue, || {
                callbacks::EVT_WDF_IO_QUEUE_IO_CANCELED_ON_QUEUE(
                    k,
                    driver_of(queue),
                    "EvtIoCanceledOnQueue",
                    canceled,
                    queue.object.handle(),
                    request.object.handle(),
                );
            });
        }
        return true;
    }
    let owned = queue.owned.borrow().len();
    // The caller of this is one of the threads in the loop; others may be inside handlers.
    let alone = queue.running.get() == 1;
    if owned == 0 && alone {
        let notify = queue.stop.take();
        if let Some(notify) = notify {
            // The stop-complete callback does not take the lock (`QST4`).
            tell(k, queue, notify, "EvtIoQueueState (stopped)", false);
            return true;
        }
    }
    if owned == 0 && alone && queue.pending.borrow().is_empty() {
        let notify = queue.purge.take();
        if let Some(notify) = notify {
            tell(k, queue, notify, "EvtIoQueueState (drained or purged)", true);
            return true;
        }
    }
    if !queue.dispatch.get() || !queue.powered.get() {
        return false;
    }
    if queue.dispatching == Dispatching::Manual {
        if let Some((ready, context)) = queue.ready.get()
            && queue.ready_due.replace(false)
            && !queue.pending.borrow().is_empty()
        {
            let notify = Notify::Callback(ready, std::ptr::without_provenance_mut(context));
            tell(k, queue, notify, "EvtIoQueueState (ready)", true);
            return true;
        }
        return false;
    }
    if !queue.has_room() {
        return false;
    }
    let next = queue.pending.borrow_mut().pop_front();
    let Some(request) = next else { return false };
    if is_empty_transfer(queue, &request) {
        request::complete(k, &request, STATUS_SUCCESS, 0);
        return true;
    }
    own(k, queue, &request);
    present(k, queue, &request);
    true
}

/// Calls the handler of a request (`QCR6`).
fn present(k: &Kernel, queue: &Ref<Queue>, request: &Ref<Request>) {
    if !queue.handles(request.operation) {
        return request::complete(k, request, STATUS_INVALID_DEVICE_REQUEST, 0);
    }
    let h = &queue.handlers;
    let driver = driver_of(queue);
    let (q, r): (WDFQUEUE, WDFREQUEST) = (queue.object.handle(), request.object.handle());
    with_lock(k, queue, || {
        match (request.operation, h.read, h.write, h.control, h.internal) {
            (Operation::Read { length, .. }, Some(f), ..) => {
                callbacks::EVT_WDF_IO_QUEUE_IO_READ(k, driver, "EvtIoRead", f, q, r, length);
            }
            (Operation::Write { length, .. }, _, Some(f), ..) => {
                callbacks::EVT_WDF_IO_QUEUE_IO_WRITE(k, driver, "EvtIoWrite", f, q, r, length);
            }
            (Operation::DeviceControl { code, input, output }, _, _, Some(f), _) => {
                let label = "EvtIoDeviceControl";
                callbacks::EVT_WDF_IO_QUEUE_IO_DEVICE_CONTROL(k, driver, label, f, q, r, output, input, code);
            }
            (Operation::InternalDeviceControl { code, input, output }, .., Some(f)) => {
                let label = "EvtIoInternalDeviceControl";
                callbacks::EVT_WDF_IO_QUEUE_IO_INTERNAL_DEVICE_CONTROL(k, driver, label, f, q, r, output, input, code);
            }
            _ => {
                if let Some(f) = h.default {
                    callbacks::EVT_WDF_IO_QUEUE_IO_DEFAULT(k, driver, "EvtIoDefault", f, q, r);
                }
            }
        }
    });
}

/// Runs a callback as the queue's scope and level want it: in a critical region, under the lock.
pub(crate) fn with_lock(k: &Kernel, queue: &Ref<Queue>, body: impl FnOnce()) {
    let thread = k.thread();
    let region = thread.irql.get() <= irql::APC;
    if region {
        thread.critical.set(thread.critical.get() + 1);
    }
    match &queue.lock {
        None => body(),
        Some(lock) => {
            if lock.acquire(k).is_err() {
                super::lock_recursion(k, &queue.object);
            }
            body();
            lock.release(k);
        }
    }
    if region {
        thread.critical.set(thread.critical.get() - 1);
    }
}

fn driver_of(queue: &Ref<Queue>) -> &crate::kernel::driver::Driver {
    queue.object.driver.as_deref().expect("queues belong to drivers")
}

fn tell(k: &Kernel, queue: &Ref<Queue>, notify: Notify, label: &'static str, locked: bool) {
    match notify {
        Notify::Nobody => {}
        Notify::Event(event) => event.set(k),
        Notify::Callback(callback, context) => {
            let call = || {
                callbacks::EVT_WDF_IO_QUEUE_STATE(k, driver_of(queue), label, callback, queue.object.handle(), context);
            };
            if locked { with_lock(k, queue, call) } else { call() }
        }
    }
}

/// The application cancelled the packet of a request.
pub(crate) fn irp_cancelled(k: &Kernel, object: &Rc<Object>) {
    let request = Ref::<Request>::new(object.clone());
    let Some(queue) = request.queue() else { return };
    match request.owner.get() {
        Owner::Completed => {}
        Owner::Framework => {
            let mut pending = queue.pending.borrow_mut();
            let before = pending.len();
            pending.retain(|queued| !Rc::ptr_eq(&queued.object, object));
            let found = pending.len() < before;
            drop(pending);
            if found {
                cancel_on_queue(k, &queue, request);
                dispatch_internal(k, &queue);
            }
        }
        Owner::Driver => cancel_owned(k, &queue, &request),
    }
}

/// Cancels what waits in a queue and came through a file that is being closed (`CAN6`).
pub(crate) fn cancel_file(k: &Kernel, queue: &Ref<Queue>, file: u32) {
    let of_file = |request: &Ref<Request>| request.irp().filter(|irp| irp.file == file);
    let irps: Vec<_> = queue.pending.borrow().iter().filter_map(of_file).collect();
    for irp in irps {
        let still_there = queue.pending.borrow().iter().filter_map(of_file).any(|other| Rc::ptr_eq(&other, &irp));
        if still_there {
            irp.cancel(k);
        }
    }
}

/// Cancels a request that waited in a queue (`CAN1`).
fn cancel_on_queue(k: &Kernel, queue: &Ref<Queue>, request: Ref<Request>) {
    request.object.note(k, "cancelled in its queue");
    if request.presented.get() && queue.handlers.canceled.is_some() {
        queue.canceled_on_queue.borrow_mut().push_back(request);
    } else {
        request::complete(k, &request, STATUS_CANCELLED, 0);
    }
}

/// Calls the cancel callback of a request that the driver marked, now or as soon as the queue is not dispatching.
fn cancel_owned(k: &Kernel, queue: &Ref<Queue>, request: &Ref<Request>) {
    if let Cancelable::Yes(cancel) = request.cancelable.get() {
        request.cancelable.set(Cancelable::Taken);
        request.object.note(k, "cancelled");
        queue.cancels.borrow_mut().push_back((request.clone(), cancel));
        dispatch_internal(k, queue);
    }
}

/// Marks a request cancelable (`CAN2`).
pub(crate) fn mark_cancelable(
    k: &Kernel,
    queue: &Ref<Queue>,
    request: &Ref<Request>,
    cancel: PFN_WDF_REQUEST_CANCEL,
    fail_if_cancelled: bool,
) -> NTSTATUS {
    if request.is_cancelled() || queue.cancel_stale.get() {
        if fail_if_cancelled {
            return STATUS_CANCELLED;
        }
        request.cancelable.set(Cancelable::Yes(cancel));
        cancel_owned(k, queue, request);
        return STATUS_SUCCESS;
    }
    request.object.note(k, "marked cancelable");
    request.cancelable.set(Cancelable::Yes(cancel));
    STATUS_SUCCESS
}

/// Cancels what waits in a queue, and what the driver owns and can lose.
fn cancel_all(k: &Kernel, queue: &Ref<Queue>) {
    if queue.owned_count() > 0 {
        queue.cancel_stale.set(true);
    }
    // Those present now; what arrives meanwhile stays.
    let present = queue.pending.take();
    for request in present {
        cancel_on_queue(k, queue, request);
    }
    for request in queue.owned() {
        cancel_owned(k, queue, &request);
    }
}

/// A state function of a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    Stop,
    StopAndPurge,
    Drain,
    Purge,
}

/// Changes a queue's state; `notify` is told when the change is complete (`QST2`).
pub(crate) fn change(k: &Kernel, queue: &Ref<Queue>, change: Change, notify: Notify) {
    let slot = match change {
        Change::Stop | Change::StopAndPurge => &queue.stop,
        Change::Drain | Change::Purge => &queue.purge,
    };
    // Only a change that tells somebody takes the slot.
    let tells = !matches!(notify, Notify::Nobody);
    if tells && slot.borrow().is_some() {
        k.fatal(
            &crate::verifier::rules::queues::STATE_CHANGE_PENDING,
            format!("{} was told to {change:?} while another such change was not complete", queue.object.label()),
            queue.object.history(k),
        );
    }
    k.trace.event(k, || format!("  {} {change:?}", queue.object.label()));
    match change {
        Change::Stop | Change::StopAndPurge => {
            queue.accept.set(!queue.shut_down.get());
            queue.dispatch.set(false);
        }
        Change::Drain | Change::Purge => queue.accept.set(false),
    }
    if tells {
        *slot.borrow_mut() = Some(notify);
    }
    if matches!(change, Change::StopAndPurge | Change::Purge) {
        cancel_all(k, queue);
    }
    dispatch_internal(k, queue);
}

/// Starts a queue: it accepts and dispatches again.
pub(crate) fn start(k: &Kernel, queue: &Ref<Queue>) {
    if queue.object.is_alive() {
        queue.accept.set(!queue.shut_down.get());
        queue.dispatch.set(true);
        queue.cancel_stale.set(false);
        if queue.queued() > 0 {
            queue.ready_due.set(true);
        }
        dispatch(k, queue);
    }
}

/// Registers who is told that a manual queue has something (`QST5`).
pub(crate) fn ready_notify(
    k: &Kernel,
    queue: &Ref<Queue>,
    ready: PFN_WDF_IO_QUEUE_STATE,
    context: WDFCONTEXT,
) -> Result<(), NTSTATUS> {
    if queue.dispatching != Dispatching::Manual {
        return Err(STATUS_INVALID_DEVICE_REQUEST);
    }
    match ready {
        Some(_) if queue.ready.get().is_some() => return Err(STATUS_INVALID_DEVICE_REQUEST),
        None if queue.ready.get().is_none() || queue.dispatch.get() => return Err(STATUS_INVALID_DEVICE_REQUEST),
        _ => queue.ready.set(ready.map(|ready| (ready, context.addr()))),
    }
    if queue.queued() > 0 {
        queue.ready_due.set(true);
    }
    dispatch_internal(k, queue);
    Ok(())
}

/// Tells the driver that the device is back about each request that it kept (`PMI4`), and opens the gate; the
/// caller dispatches when all queues are on.
pub(crate) fn power_up(k: &Kernel, queue: &Ref<Queue>) {
    for request in queue.owned() {
        request.stop_acknowledged.set(false);
        let Some(resume) = queue.handlers.resume.filter(|_| queue.owns(&request)) else { continue };
        notify(k, queue, || {
            callbacks::EVT_WDF_IO_QUEUE_IO_RESUME(
                k,
                driver_of(queue),
                "EvtIoResume",
                resume,
                queue.object.handle(),
                request.object.handle(),
            );
        });
    }
    queue.powered.set(true);
    queue.ready_due.set(true);
}

/// Holds power-managed queues: closes the gates of all and waits for their handlers, then for each request that
/// the driver owns, which it tells about in EvtIoStop (`PMI1`).
pub(crate) fn power_down(k: &Kernel, queues: &[Ref<Queue>]) {
    for queue in queues {
        queue.powered.set(false);
    }
    for queue in queues {
        wait_for_handlers(k, queue);
    }
    for queue in queues {
        stop_owned(k, queue, _WDF_REQUEST_STOP_ACTION_FLAGS::WdfRequestStopActionSuspend as u32, false);
    }
}

/// Empties a queue for good (`PMI3`).
pub(crate) fn power_purge(k: &Kernel, queue: &Ref<Queue>) {
    queue.shut_down.set(true);
    queue.accept.set(false);
    cancel_all(k, queue);
    dispatch_internal(k, queue);
    stop_owned(k, queue, _WDF_REQUEST_STOP_ACTION_FLAGS::WdfRequestStopActionPurge as u32, true);
}

/// Empties a queue that is deleted, and waits until the driver has let go of what it presented.
pub(crate) fn dispose(k: &Kernel, queue: &Ref<Queue>) {
    queue.shut_down.set(true);
    queue.accept.set(false);
    cancel_all(k, queue);
    dispatch_internal(k, queue);
    wait_for(k, queue, "a queue that is deleted to become idle", || {
        !queue.handlers_running() && queue.owned_count() == 0
    });
    if let Some(device) = &*queue.device.borrow() {
        device.queues.borrow_mut().retain(|other| !Rc::ptr_eq(&other.object, &queue.object));
    }
}

/// Runs EvtIoStop or EvtIoResume. Cancel callbacks that come due meanwhile follow.
fn notify(k: &Kernel, queue: &Ref<Queue>, body: impl FnOnce()) {
    {
        let _notifying = Counted::new(&queue.notifying);
        with_lock(k, queue, body);
    }
    dispatch_internal(k, queue);
}

fn wait_for_handlers(k: &Kernel, queue: &Ref<Queue>) {
    wait_for(k, queue, "the handlers of a queue to return", || !queue.handlers_running());
}

fn stop_owned(k: &Kernel, queue: &Ref<Queue>, action: u32, must_leave: bool) {
    wait_for_handlers(k, queue);
    let asked = queue.owned();
    for request in &asked {
        if !queue.owns(request) || request.is_cancelled() && !must_leave {
            continue;
        }
        request.stop_acknowledged.set(false);
        let Some(stop) = queue.handlers.stop else { continue };
        let mut flags = action;
        if matches!(request.cancelable.get(), Cancelable::Yes(_)) {
            flags |= _WDF_REQUEST_STOP_ACTION_FLAGS::WdfRequestStopRequestCancelable as u32;
        }
        request.stopping.set(true);
        notify(k, queue, || {
            callbacks::EVT_WDF_IO_QUEUE_IO_STOP(
                k,
                driver_of(queue),
                "EvtIoStop",
                stop,
                queue.object.handle(),
                request.object.handle(),
                flags,
            );
        });
        request.stopping.set(false);
    }
    wait_for(k, queue, "a request that the driver owns (complete it, or acknowledge EvtIoStop)", || {
        !asked.iter().any(|request| queue.owns(request) && (must_leave || !request.stop_acknowledged.get()))
    });
}

fn wait_for(k: &Kernel, queue: &Ref<Queue>, what: &'static str, done: impl Fn() -> bool) {
    while !done() {
        queue.progress.clear();
        queue.progress.wait(k, what);
    }
}
