//! What PnP and power do to queues.

use super::*;

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
pub(super) fn notify(k: &Kernel, queue: &Ref<Queue>, body: impl FnOnce()) {
    {
        let _notifying = Counted::new(&queue.notifying);
        with_lock(k, queue, body);
    }
    dispatch_internal(k, queue);
}

pub(super) fn wait_for_handlers(k: &Kernel, queue: &Ref<Queue>) {
    wait_for(k, queue, "the handlers of a queue to return", || !queue.handlers_running());
}

pub(super) fn stop_owned(k: &Kernel, queue: &Ref<Queue>, action: u32, must_leave: bool) {
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
        // The driver can complete the request while it is told about it: the framework holds it.
        k.reference(&request.object);
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
        k.dereference(&request.object);
    }
    wait_for(k, queue, "a request that the driver owns (complete it, or acknowledge EvtIoStop)", || {
        !asked.iter().any(|request| queue.owns(request) && (must_leave || !request.stop_acknowledged.get()))
    });
}

pub(super) fn wait_for(k: &Kernel, queue: &Ref<Queue>, what: &'static str, done: impl Fn() -> bool) {
    while !done() {
        queue.progress.clear();
        queue.progress.wait(k, what);
    }
}
