//! What starts, stops, drains and purges queues.

use super::prelude::*;

/// A sequential queue with a lock, one of whose requests is marked cancelable and another waits, when its state is
/// changed.
const CHANGES: Experiment = Experiment {
    set_up: |init| {
        let scope = Scope::WdfSynchronizationScopeQueue;
        let mut with = constrained(Level::WdfExecutionLevelInheritFromParent, scope);
        bench_with(init, default_config(SEQUENTIAL, &[Write]), &mut with)
    },
    on: &[
        (Write, |e| {
            let text = text::<8>(e.request);
            note!("write {text}");
            if text.text() == "marked" {
                mark(e.request);
                park(e.request);
            } else {
                complete(e.request, STATUS_SUCCESS, 0);
            }
        }),
        (Cancel, |e| {
            note!("cancel, parked: {}", forget(e.request));
            complete(e.request, STATUS_CANCELLED, 0);
        }),
        (Changed, |e| note!("told {} at {}", e.value, irql())),
    ],
    commands: &[
        ("stop", || changed(WdfIoQueueStop)),
        ("stop-and-purge", || changed(WdfIoQueueStopAndPurge)),
        ("drain", || changed(WdfIoQueueDrain)),
        ("purge", || changed(WdfIoQueuePurge)),
        ("unmark", || {
            let request = unpark().unwrap();
            note!("unmark: {}", Name(unmark(request)));
            complete(request, STATUS_SUCCESS, 0);
        }),
        ("start", || start(kept(Main))),
    ],
    ..PLAIN
};

fn changed(function: Change) {
    change_and_tell(function, kept(Main), 7);
    let bits = state_of(kept(Main)).0;
    note!("accepts: {}, dispatches: {}", bits.accepts(), bits.dispatches());
}

pub const fn stopping() -> Experiment {
    Experiment {
        facts: "QST0 QST4",
        means: "a stopped queue accepts and keeps what waits; the driver is told when it owns nothing, without the lock",
        script: r#"
            plug
            open a
            1 = write a "marked"
            2 = write a "queued"
            settle
            | write marked
            call stop
            | accepts: true, dispatches: false
            # Not complete while the driver owns a request.
            settle
            call unmark
            settle
            | unmark: STATUS_SUCCESS
            | told 7 at 0
            look 2
            | 2: pending
            call start
            await 2
            | 2: STATUS_SUCCESS 0
            | write queued
            write a "again"
            | STATUS_SUCCESS 0
            | write again
        "#,
        ..CHANGES
    }
}

pub const fn stopping_and_purging() -> Experiment {
    Experiment {
        facts: "QST0 QST4",
        means: "a queue that is stopped and purged accepts; what waits and what is cancelable is cancelled; the driver \
                is told without the lock",
        script: r#"
            plug
            open a
            1 = write a "marked"
            2 = write a "queued"
            settle
            | write marked
            call stop-and-purge
            settle
            | cancel, parked: true
            | told 7 at 0
            | accepts: true, dispatches: false
            await 1
            | 1: STATUS_CANCELLED 0
            await 2
            | 2: STATUS_CANCELLED 0
            call start
            write a "again"
            | STATUS_SUCCESS 0
            | write again
        "#,
        ..CHANGES
    }
}

pub const fn draining() -> Experiment {
    Experiment {
        facts: "QST0 QST4",
        means: "a queue that is drained accepts nothing and presents what waits; the driver is told when that is \
                completed, under the lock",
        script: r#"
            plug
            open a
            1 = write a "marked"
            2 = write a "queued"
            settle
            | write marked
            call drain
            | accepts: false, dispatches: true
            settle
            call unmark
            settle
            | unmark: STATUS_SUCCESS
            | write queued
            | told 7 at 2
            await 2
            | 2: STATUS_SUCCESS 0
            call start
            write a "again"
            | STATUS_SUCCESS 0
            | write again
        "#,
        ..CHANGES
    }
}

pub const fn purging() -> Experiment {
    Experiment {
        facts: "QST0 QST4",
        means: "a queue that is purged accepts nothing; what waits and what is cancelable is cancelled; the driver is \
                told under the lock",
        script: r#"
            plug
            open a
            1 = write a "marked"
            2 = write a "queued"
            settle
            | write marked
            call purge
            settle
            | cancel, parked: true
            | told 7 at 2
            | accepts: false, dispatches: true
            await 1
            | 1: STATUS_CANCELLED 0
            await 2
            | 2: STATUS_CANCELLED 0
            call start
            write a "again"
            | STATUS_SUCCESS 0
            | write again
        "#,
        ..CHANGES
    }
}

pub const fn two_changes_of_a_kind_each() -> Experiment {
    Experiment {
        facts: "QST2",
        means: "a drain may be asked for while a stop is not complete; each is told",
        set_up: |init| bench(init, SEQUENTIAL, &[Write]),
        on: &[(Write, |e| park(e.request)), (Changed, |e| note!("told {}", e.value))],
        commands: &[("change", || {
            change_and_tell(WdfIoQueueStop, kept(Main), 1);
            change_and_tell(WdfIoQueueDrain, kept(Main), 2);
        })],
        script: r#"
            plug
            open a
            1 = write a "x"
            call change
            settle
            call complete
            settle
            | told 1
            | told 2
            await 1
            | 1: STATUS_SUCCESS 0
        "#,
        ..PLAIN
    }
}

pub const fn stale_requests_are_cancelled() -> Experiment {
    Experiment {
        facts: "QST1",
        means: "what comes back to a queue that was stopped and purged is cancelled, and marking fails, until the \
                driver owns nothing more",
        set_up: |init| {
            keep(Main, queue(device(init)?, default_config(MANUAL, &[]))?);
            Ok(())
        },
        commands: &[
            ("purge", || {
                let [first, second] = [retrieve(kept(Main)).unwrap(), retrieve(kept(Main)).unwrap()];
                change(WdfIoQueueStopAndPurge, kept(Main));
                note!("mark: {}", Name(mark_ex(first)));
                complete(first, STATUS_SUCCESS, 0);
                note!("requeue: {}", Name(requeue(second)));
            }),
            ("start", || {
                note!("{} queued", state_of(kept(Main)).1);
                start(kept(Main));
                note!("requeue: {}", Name(requeue(retrieve(kept(Main)).unwrap())));
                complete(retrieve(kept(Main)).unwrap(), STATUS_SUCCESS, 0);
            }),
        ],
        script: r#"
            plug
            open a
            1 = write a "a"
            2 = write a "b"
            settle
            call purge
            | mark: STATUS_CANCELLED
            | requeue: STATUS_SUCCESS
            await 1
            | 1: STATUS_SUCCESS 0
            await 2
            | 2: STATUS_CANCELLED 0
            # The driver owns nothing: what comes now is held, and may be requeued.
            3 = write a "c"
            settle
            call start
            | 1 queued
            | requeue: STATUS_SUCCESS
            await 3
            | 3: STATUS_SUCCESS 0
        "#,
        ..PLAIN
    }
}

pub const fn a_synchronous_stop_waits() -> Experiment {
    Experiment {
        facts: "QST3",
        means: "a synchronous stop waits until the driver owns nothing; what arrives meanwhile is kept",
        set_up: |init| bench(init, SEQUENTIAL, &[Write]),
        on: &[(Write, |e| park(e.request))],
        commands: &[
            ("stop", || {
                // SAFETY: a queue, at PASSIVE_LEVEL.
                unsafe { WdfIoQueueStopSynchronously(kept(Main)) };
                note!("stopped");
            }),
            ("finish", || {
                note!("completes");
                complete_first();
            }),
            ("start", || start(kept(Main))),
        ],
        script: r#"
            plug
            open a
            1 = write a "x"
            2 = write a "y"
            thread 3 = call stop
            settle
            look 3
            | 3: pending
            call finish
            await 3
            | 3: STATUS_SUCCESS 0
            | completes
            | stopped
            look 2
            | 2: pending
            call start
            call complete
            await 2
            | 2: STATUS_SUCCESS 0
        "#,
        ..PLAIN
    }
}

pub const fn ready_notification() -> Experiment {
    Experiment {
        facts: "QST5",
        // Each refusal breaks into the debugger.
        verifier: "reports",
        means: "a manual queue tells when it becomes non-empty, not for each request, and again after a start",
        set_up: |init| {
            let manual = queue(device(init)?, default_config(MANUAL, &[]))?;
            keep(Main, manual);
            let notify = |callback| {
                let context = core::ptr::without_provenance_mut(3);
                // SAFETY: a queue, a callback or none, and its context.
                Name(unsafe { WdfIoQueueReadyNotify(manual, callback, context) })
            };
            note!("register: {}", notify(Some(callbacks::ready)));
            note!("again: {}", notify(Some(callbacks::ready)));
            note!("unregister: {}", notify(None));
            Ok(())
        },
        on: &[(Ready, |e| note!("ready {}", e.value))],
        commands: &[
            ("restart", || {
                stop(kept(Main));
                start(kept(Main));
            }),
            ("empty", || {
                while let Ok(request) = retrieve(kept(Main)) {
                    complete(request, STATUS_SUCCESS, 0);
                }
            }),
        ],
        script: r#"
            plug
            | register: STATUS_SUCCESS
            | again: STATUS_INVALID_DEVICE_REQUEST
            | unregister: STATUS_INVALID_DEVICE_REQUEST
            open a
            1 = write a "a"
            2 = write a "b"
            settle
            | ready 3
            call restart
            settle
            | ready 3
            call empty
            3 = write a "c"
            settle
            | ready 3
            end
        "#,
        ..PLAIN
    }
}
