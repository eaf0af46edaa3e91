//! Cancellation, in a queue and in the driver's hands.

use super::prelude::*;

/// Notes the cancellation and completes.
const CANCELS: Hook = (Cancel, |e| {
    note!("cancel at {}", irql());
    complete(e.request, STATUS_CANCELLED, 0);
});

/// Marks and keeps.
const MARKS: Hook = (Write, |e| {
    mark(e.request);
    park(e.request);
});

pub const fn in_a_queue() -> Experiment {
    Experiment {
        facts: "CAN1 QCR4",
        means: "what was never presented is cancelled silently; what was presented before comes back to the driver, \
                which completes it, beyond the limit of the queue",
        set_up: |init| {
            let device = device(init)?;
            queue(device, default_config(SEQUENTIAL, &[Write, Canceled]))?;
            keep(Other, queue(device, config(MANUAL, &[Canceled]))?);
            keep(Manual, queue(device, config(MANUAL, &[]))?);
            Ok(())
        },
        on: &[
            (Write, |e| match text::<8>(e.request).text() {
                "told" => note!("forward: {}", Name(forward(e.request, kept(Other)))),
                "untold" => note!("forward: {}", Name(forward(e.request, kept(Manual)))),
                _ => park(e.request),
            }),
            (Canceled, |e| {
                note!("told: {}, cancelled: {}", e.queue == kept(Other), is_canceled(e.request));
                complete(e.request, STATUS_CANCELLED, 0);
            }),
        ],
        script: r#"
            plug
            open a
            1 = write a "told"
            2 = write a "untold"
            settle
            | forward: STATUS_SUCCESS
            | forward: STATUS_SUCCESS
            3 = write a "hold"
            4 = write a "told"
            cancel 4
            await 4
            | 4: STATUS_CANCELLED 0
            cancel 2
            await 2
            | 2: STATUS_CANCELLED 0
            cancel 1
            await 1
            | 1: STATUS_CANCELLED 0
            | told: true, cancelled: true
            look 3
            | 3: pending
            call complete
            await 3
            | 3: STATUS_SUCCESS 0
        "#,
        ..PLAIN
    }
}

/// A request that is cancelled, and is marked then: from a command, or from the handler of another request.
const MARKING: Experiment = Experiment {
    facts: "CAN2",
    set_up: |init| bench(init, PARALLEL, &[Write, Canceled]),
    on: &[
        (Write, |e| match text::<8>(e.request).text() {
            "mark" => {
                mark_parked();
                complete(e.request, STATUS_SUCCESS, 0);
                note!("returns");
            }
            "mark ex" => {
                mark_parked_ex();
                complete(e.request, STATUS_SUCCESS, 0);
                note!("returns");
            }
            _ => park(e.request),
        }),
        CANCELS,
    ],
    commands: &[("mark", mark_parked), ("mark-ex", mark_parked_ex)],
    ..PLAIN
};

fn mark_parked() {
    mark(unpark().unwrap());
    note!("marked");
}

fn mark_parked_ex() {
    let request = unpark().unwrap();
    note!("mark: {}", Name(mark_ex(request)));
    complete(request, STATUS_CANCELLED, 0);
}

pub const fn marking_what_is_cancelled() -> Experiment {
    Experiment {
        means: "marking what is cancelled calls back before the function returns, when the queue is not dispatching",
        script: r#"
            plug
            open a
            1 = write a "hold"
            cancel 1
            look 1
            | 1: pending
            call mark
            | cancel at 0
            | marked
            await 1
            | 1: STATUS_CANCELLED 0
        "#,
        ..MARKING
    }
}

pub const fn marking_what_is_cancelled_in_a_handler() -> Experiment {
    Experiment {
        means: "marking what is cancelled calls back when the handler has returned, when the queue is dispatching",
        script: r#"
            plug
            open a
            1 = write a "hold"
            cancel 1
            write a "mark"
            | STATUS_SUCCESS 0
            | marked
            | returns
            | cancel at 0
            await 1
            | 1: STATUS_CANCELLED 0
        "#,
        ..MARKING
    }
}

pub const fn the_other_marking_never_calls_back() -> Experiment {
    Experiment {
        means: "WdfRequestMarkCancelableEx says that the request is cancelled and never calls back",
        script: r#"
            plug
            open a
            1 = write a "hold"
            cancel 1
            call mark-ex
            | mark: STATUS_CANCELLED
            await 1
            | 1: STATUS_CANCELLED 0
            2 = write a "hold"
            cancel 2
            write a "mark ex"
            | STATUS_SUCCESS 0
            | mark: STATUS_CANCELLED
            | returns
            await 2
            | 2: STATUS_CANCELLED 0
        "#,
        ..MARKING
    }
}

pub const fn unmarking() -> Experiment {
    Experiment {
        facts: "CAN3 CAN4",
        means: "whoever wins the unmarking completes the request; after the callback the request is the driver's until \
                it is completed, which is legal later",
        set_up: |init| bench(init, PARALLEL, &[Write]),
        on: &[
            (Write, |e| {
                note!("mark: {}", Name(mark_ex(e.request)));
                park(e.request);
            }),
            // Leaves the request to whoever fails to unmark it.
            (Cancel, |_| note!("cancel")),
        ],
        commands: &[("unmark", || {
            let request = unpark().unwrap();
            let status = unmark(request);
            note!("unmark: {}", Name(status));
            complete(request, status, 0);
        })],
        script: r#"
            plug
            open a
            1 = write a "1"
            2 = write a "2"
            settle
            | mark: STATUS_SUCCESS
            | mark: STATUS_SUCCESS
            cancel 2
            settle
            | cancel
            call unmark
            | unmark: STATUS_SUCCESS
            call unmark
            | unmark: STATUS_CANCELLED
            await 1
            | 1: STATUS_SUCCESS 0
            await 2
            | 2: STATUS_CANCELLED 0
        "#,
        ..PLAIN
    }
}

pub const fn unmarking_what_was_never_marked() -> Experiment {
    Experiment {
        facts: "CAN3",
        verifier: "reports",
        means: "unmarking what was never marked is refused",
        set_up: |init| bench(init, PARALLEL, &[Write]),
        on: &[(Write, |e| {
            note!("unmark: {}", Name(unmark(e.request)));
            complete(e.request, STATUS_SUCCESS, 1);
        })],
        script: r#"
            plug
            open a
            write a "x"
            | STATUS_SUCCESS 1
            | unmark: STATUS_INVALID_DEVICE_REQUEST
        "#,
        ..PLAIN
    }
}

pub const fn the_callback_without_a_lock() -> Experiment {
    Experiment {
        facts: "CAN4",
        means: "without a scope the cancel callback runs at the canceller's IRQL",
        set_up: |init| bench(init, PARALLEL, &[Write]),
        on: &[MARKS, CANCELS],
        script: r#"
            plug
            open a
            1 = write a "x"
            cancel 1
            await 1
            | 1: STATUS_CANCELLED 0
            |? cancel at 0
            # A Windows that cancels at the end of a special kernel APC.
            |? cancel at 1
        "#,
        ..PLAIN
    }
}

pub const fn the_callback_holds_the_lock() -> Experiment {
    Experiment {
        facts: "CAN4 SYN4",
        means: "the cancel callback runs under the queue's lock",
        set_up: |init| {
            let scope = Scope::WdfSynchronizationScopeQueue;
            let mut with = constrained(Level::WdfExecutionLevelInheritFromParent, scope);
            bench_with(init, default_config(PARALLEL, &[Write]), &mut with)
        },
        on: &[MARKS, CANCELS],
        script: r#"
            plug
            open a
            1 = write a "x"
            cancel 1
            await 1
            | 1: STATUS_CANCELLED 0
            | cancel at 2
        "#,
        ..PLAIN
    }
}

pub const fn asking() -> Experiment {
    Experiment {
        facts: "CAN5",
        means: "cancelling does nothing to what the driver owns and has not marked, but the driver can ask",
        set_up: |init| bench(init, PARALLEL, &[Write]),
        on: &[(Write, |e| park(e.request))],
        commands: &[("ask", || {
            let request = unpark().unwrap();
            note!("cancelled: {}", is_canceled(request));
            park(request);
        })],
        script: r#"
            plug
            open a
            1 = write a "x"
            call ask
            | cancelled: false
            cancel 1
            look 1
            | 1: pending
            call ask
            | cancelled: true
            call complete
            await 1
            | 1: STATUS_SUCCESS 0
        "#,
        ..PLAIN
    }
}

pub const fn closing_a_handle() -> Experiment {
    Experiment {
        facts: "CAN6",
        means: "closing a handle cancels what waits in queues and came through it, and nothing that the driver owns",
        set_up: |init| bench(init, SEQUENTIAL, &[Write]),
        on: &[MARKS, CANCELS],
        commands: &[("unmark", || {
            let request = unpark().unwrap();
            note!("unmark: {}", Name(unmark(request)));
            complete(request, STATUS_SUCCESS, 0);
        })],
        script: r#"
            plug
            open a
            open b
            1 = write a "owned"
            2 = write a "queued"
            3 = write b "queued"
            close a
            await 2
            | 2: STATUS_CANCELLED 0
            look 1
            | 1: pending
            look 3
            | 3: pending
            call unmark
            | unmark: STATUS_SUCCESS
            await 1
            | 1: STATUS_SUCCESS 0
            cancel 3
            await 3
            | 3: STATUS_CANCELLED 0
            |? cancel at 0
            # As above.
            |? cancel at 1
        "#,
        ..PLAIN
    }
}
