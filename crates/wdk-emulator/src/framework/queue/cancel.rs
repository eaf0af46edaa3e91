//! Cancellation: of what waits in a queue, and of what the driver marked.

use super::*;

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
        let still_there =
            queue.pending.borrow().iter().filter_map(of_file).any(|other| Rc::ptr_eq(&other, &irp));
        if still_there {
            irp.cancel(k);
        }
    }
}

/// Cancels a request that waited in a queue (`CAN1`).
pub(super) fn cancel_on_queue(k: &Kernel, queue: &Ref<Queue>, request: Ref<Request>) {
    request.object.note(k, "cancelled in its queue");
    if request.presented.get() && queue.handlers.canceled.is_some() {
        queue.canceled_on_queue.borrow_mut().push_back(request);
        queue.unusual.set(true);
    } else {
        request::complete(k, &request, STATUS_CANCELLED, 0);
    }
}

/// Calls the cancel callback of a request that the driver marked, now or as soon as the queue is not dispatching.
pub(super) fn cancel_owned(k: &Kernel, queue: &Ref<Queue>, request: &Ref<Request>) {
    if let Cancelable::Yes(cancel) = request.cancelable.get() {
        request.cancelable.set(Cancelable::Taken);
        request.object.note(k, "cancelled");
        queue.cancels.borrow_mut().push_back((request.clone(), cancel));
        queue.unusual.set(true);
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
pub(super) fn cancel_all(k: &Kernel, queue: &Ref<Queue>) {
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
