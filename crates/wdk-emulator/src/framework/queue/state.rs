//! Starting, stopping, draining and purging, and the ready notification.

use super::*;

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
            format!(
                "{} was told to {change:?} while another such change was not complete",
                queue.object.label()
            ),
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
        queue.unusual.set(true);
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
        None if queue.ready.get().is_none() || queue.dispatch.get() => {
            return Err(STATUS_INVALID_DEVICE_REQUEST);
        }
        _ => queue.ready.set(ready.map(|ready| (ready, context.addr()))),
    }
    if queue.queued() > 0 {
        queue.ready_due.set(true);
    }
    dispatch_internal(k, queue);
    Ok(())
}
