//! The dispatch engine: who runs the loop, and what a round of it does.

use super::*;

/// Runs the dispatch loop unless this or another thread is in it already: completion inside a handler does not
/// recurse, the loop goes on when the handler returns (`DSP2`).
pub(crate) fn dispatch_internal(k: &Kernel, queue: &Ref<Queue>) {
    if queue.running.get() == 0 {
        dispatch(k, queue);
    }
}

/// Runs the dispatch loop here, or has a DPC or a worker run it where this thread must not.
pub(super) fn dispatch(k: &Kernel, queue: &Ref<Queue>) {
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

/// What comes before the next request: cancellations, and notices of what is complete. `false` when there is none.
fn step_unusual(k: &Kernel, queue: &Ref<Queue>) -> bool {
    let next = if queue.notifying.get() == 0 { queue.cancels.borrow_mut().pop_front() } else { None };
    if let Some((request, Some(cancel))) = next {
        with_lock(k, queue, || {
            request.object.note(k, "cancel callback called");
            // The framework holds the request while the driver is told.
            k.reference(&request.object);
            callbacks::EVT_WDF_REQUEST_CANCEL(
                k,
                driver_of(queue),
                "EvtRequestCancel",
                cancel,
                request.object.handle(),
            );
            k.dereference(&request.object);
        });
        return true;
    }
    let next =
        if queue.notifying.get() == 0 { queue.canceled_on_queue.borrow_mut().pop_front() } else { None };
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
    let nothing = queue.cancels.borrow().is_empty()
        && queue.canceled_on_queue.borrow().is_empty()
        && queue.stop.borrow().is_none()
        && queue.purge.borrow().is_none();
    queue.unusual.set(!nothing);
    false
}

/// One round of the loop, in the framework's order (`DSP1`). `false` when there is nothing to do.
pub(super) fn step(k: &Kernel, queue: &Ref<Queue>) -> bool {
    if queue.unusual.get() && step_unusual(k, queue) {
        return true;
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
pub(super) fn present(k: &Kernel, queue: &Ref<Queue>, request: &Ref<Request>) {
    if !queue.handles(request.operation) {
        return request::complete(k, request, STATUS_INVALID_DEVICE_REQUEST, 0);
    }
    let h = &queue.handlers;
    let driver = driver_of(queue);
    let (q, r): (WDFQUEUE, WDFREQUEST) = (queue.object.handle(), request.object.handle());
    with_lock(k, queue, || match (request.operation, h.read, h.write, h.control, h.internal) {
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
            callbacks::EVT_WDF_IO_QUEUE_IO_INTERNAL_DEVICE_CONTROL(
                k, driver, label, f, q, r, output, input, code,
            );
        }
        _ => {
            if let Some(f) = h.default {
                callbacks::EVT_WDF_IO_QUEUE_IO_DEFAULT(k, driver, "EvtIoDefault", f, q, r);
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
                crate::framework::lock_recursion(k, &queue.object);
            }
            body();
            lock.release(k);
        }
    }
    if region {
        thread.critical.set(thread.critical.get() - 1);
    }
}

pub(super) fn driver_of(queue: &Ref<Queue>) -> &crate::kernel::driver::Driver {
    queue.object.driver.as_deref().expect("queues belong to drivers")
}

pub(super) fn tell(k: &Kernel, queue: &Ref<Queue>, notify: Notify, label: &'static str, locked: bool) {
    match notify {
        Notify::Nobody => {}
        Notify::Event(event) => event.set(k),
        Notify::Callback(callback, context) => {
            let call = || {
                callbacks::EVT_WDF_IO_QUEUE_STATE(
                    k,
                    driver_of(queue),
                    label,
                    callback,
                    queue.object.handle(),
                    context,
                );
            };
            if locked { with_lock(k, queue, call) } else { call() }
        }
    }
}
