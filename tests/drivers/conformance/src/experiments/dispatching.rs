//! When requests are presented, and by whom.

use super::prelude::*;

const NONE: WDF_SYNCHRONIZATION_SCOPE = Scope::WdfSynchronizationScopeNone;
const DEVICE: WDF_SYNCHRONIZATION_SCOPE = Scope::WdfSynchronizationScopeDevice;
const PASSIVE: WDF_EXECUTION_LEVEL = Level::WdfExecutionLevelPassive;
const INHERIT: WDF_EXECUTION_LEVEL = Level::WdfExecutionLevelInheritFromParent;

/// A queue whose requests are parked.
const PARKS: &[Hook] = &[(Write, |e| {
    note!("write {}", text::<8>(e.request));
    park(e.request);
})];

/// Forwards the request that was parked first, retrieves it and completes it.
const FORWARDS: &[Command] = &[("forward", || {
    let first = unpark().unwrap();
    note!("{}", Name(forward(first, kept(Manual))));
    note!("same handle: {}", retrieve(kept(Manual)) == Ok(first));
    complete(first, STATUS_SUCCESS, 0);
})];

pub const fn the_sequential_gate() -> Experiment {
    Experiment {
        facts: "QCR4 OWN1",
        means: "the gate of a sequential queue counts what the driver owns: returning from the handler does not open \
                it, completion and forwarding do, and the handle stays the same",
        set_up: |init| bench(init, SEQUENTIAL, &[Write]),
        on: PARKS,
        commands: FORWARDS,
        script: r#"
            plug
            open a
            1 = write a "a"
            2 = write a "b"
            3 = write a "c"
            settle
            | write a
            call complete
            | write b
            call forward
            | write c
            | STATUS_SUCCESS
            | same handle: true
            call complete
            await 1
            | 1: STATUS_SUCCESS 0
            await 2
            | 2: STATUS_SUCCESS 0
            await 3
            | 3: STATUS_SUCCESS 0
        "#,
        ..PLAIN
    }
}

pub const fn the_limit_of_a_parallel_queue() -> Experiment {
    Experiment {
        facts: "QCR4 OWN1",
        means: "the limit of a parallel queue counts what the driver owns, as a sequential queue's gate does",
        set_up: |init| {
            let mut config = default_config(PARALLEL, &[Write]);
            config.Settings.Parallel.NumberOfPresentedRequests = 2;
            bench_with(init, config, &mut attributes())
        },
        on: PARKS,
        commands: FORWARDS,
        script: r#"
            plug
            open a
            1 = write a "a"
            2 = write a "b"
            3 = write a "c"
            4 = write a "d"
            settle
            | write a
            | write b
            call complete
            | write c
            call forward
            | write d
            | STATUS_SUCCESS
            | same handle: true
            call complete-all
        "#,
        ..PLAIN
    }
}

pub const fn a_limit_of_zero() -> Experiment {
    Experiment {
        facts: "QCR3",
        means: "a parallel queue with a limit of zero presents nothing",
        set_up: |init| {
            let mut config = default_config(PARALLEL, &[Write]);
            config.Settings.Parallel.NumberOfPresentedRequests = 0;
            bench_with(init, config, &mut attributes())
        },
        on: PARKS,
        script: r#"
            plug
            open a
            1 = write a "a"
            settle
            look 1
            | 1: pending
            close a
            await 1
            | 1: STATUS_CANCELLED 0
        "#,
        ..PLAIN
    }
}

/// A queue that wants empty transfers, or not.
const fn empty_transfers(facts: &'static str, allow: BOOLEAN) -> Experiment {
    Experiment {
        facts,
        means: "",
        set_up: if allow != 0 { |init| transfers(init, 1) } else { |init| transfers(init, 0) },
        on: &[
            (Read, |e| {
                note!("read of {}", e.value);
                complete(e.request, STATUS_SUCCESS, 0);
            }),
            (Write, |e| park(e.request)),
        ],
        ..PLAIN
    }
}

fn transfers(init: PWDFDEVICE_INIT, allow: BOOLEAN) -> Result<(), NTSTATUS> {
    let mut config = default_config(SEQUENTIAL, &[Read, Write]);
    config.AllowZeroLengthRequests = allow;
    queue(device(init)?, config).map(drop)
}

pub const fn empty_transfers_are_completed() -> Experiment {
    Experiment {
        means: "an empty read or write is completed when it would be presented, not when it arrives",
        script: r#"
            plug
            open a
            read a 0
            | STATUS_SUCCESS 0
            1 = write a "holds the gate"
            2 = read a 0
            look 2
            | 2: pending
            call complete
            await 2
            | 2: STATUS_SUCCESS 0
        "#,
        ..empty_transfers("QCR8", 0)
    }
}

pub const fn empty_transfers_are_wanted() -> Experiment {
    Experiment {
        means: "a queue that allows empty transfers gets them",
        script: r#"
            plug
            open a
            read a 0
            | STATUS_SUCCESS 0
            | read of 0
            1 = write a "holds the gate"
            2 = read a 0
            look 2
            | 2: pending
            call complete
            await 2
            | 2: STATUS_SUCCESS 0
            | read of 0
        "#,
        ..empty_transfers("QCR8", 1)
    }
}

pub const fn a_cancel_comes_before_the_next_request() -> Experiment {
    Experiment {
        facts: "DSP1",
        means: "a cancel callback that had to wait for the queue comes before the next request",
        set_up: |init| {
            let mut config = default_config(PARALLEL, &[Write]);
            config.Settings.Parallel.NumberOfPresentedRequests = 2;
            bench_with(init, config, &mut attributes())
        },
        on: &[
            (Write, |e| {
                let text = text::<8>(e.request);
                match text.text() {
                    "marked" => mark(e.request),
                    "waits" => {
                        // The queue dispatches meanwhile.
                        note!("cancelled meanwhile: {}", wait_for(Gate));
                        complete(e.request, STATUS_SUCCESS, 0);
                    }
                    _ => complete(e.request, STATUS_SUCCESS, 0),
                }
                note!("{text} over");
            }),
            (Cancel, |e| {
                note!("cancel");
                complete(e.request, STATUS_CANCELLED, 0);
            }),
        ],
        commands: &[("stop", || stop(kept(Main))), ("start", || start(kept(Main))), ("go", || set(Gate, 1))],
        script: r#"
            plug
            open a
            1 = write a "marked"
            | marked over
            call stop
            2 = write a "waits"
            3 = write a "next"
            thread 4 = call start
            sleep 50
            cancel 1
            sleep 20
            call go
            await 4
            | 4: STATUS_SUCCESS 0
            | cancelled meanwhile: true
            | waits over
            | cancel
            | next over
        "#,
        ..PLAIN
    }
}

pub const fn completion_from_elsewhere_dispatches_inside() -> Experiment {
    Experiment {
        facts: "DSP2",
        means: "completing from another context presents the next request inside the completion, at the completer's \
                IRQL; completing inside a handler does not",
        set_up: |init| bench(init, SEQUENTIAL, &[Write]),
        on: &[(Write, |e| {
            let text = text::<8>(e.request);
            note!("{text} begins at {}", irql());
            if text.text() == "held" {
                park(e.request);
            } else {
                complete(e.request, STATUS_SUCCESS, 0);
            }
            note!("{text} ends");
        })],
        commands: &[("finish", || {
            at_dispatch(|| {
                complete_first();
                note!("completed");
            });
        })],
        script: r#"
            plug
            open a
            1 = write a "held"
            2 = write a "one"
            3 = write a "two"
            settle
            | held begins at 0
            | held ends
            call finish
            | one begins at 2
            | one ends
            | two begins at 2
            | two ends
            | completed
        "#,
        ..PLAIN
    }
}

/// A queue whose handler forwards to another.
const TO_ANOTHER: Experiment = Experiment {
    facts: "DSP3",
    on: &[
        (Write, |e| {
            let status = forward(e.request, kept(Other));
            note!("forwarded: {}", Name(status));
        }),
        (Default, |e| {
            note!("presented");
            complete(e.request, STATUS_SUCCESS, 1);
        }),
    ],
    ..PLAIN
};

fn two_queues(init: PWDFDEVICE_INIT, scope: WDF_SYNCHRONIZATION_SCOPE) -> Result<(), NTSTATUS> {
    let device = device(init)?;
    let mut with = constrained(INHERIT, scope);
    queue_with(device, &mut default_config(PARALLEL, &[Write]), &mut with)?;
    keep(Other, queue_with(device, &mut config(PARALLEL, &[Default]), &mut with)?);
    Ok(())
}

pub const fn forwarding_dispatches_inside() -> Experiment {
    Experiment {
        means: "forwarding presents the request inside the call",
        set_up: |init| two_queues(init, NONE),
        script: r#"
            plug
            open a
            write a "x"
            | STATUS_SUCCESS 1
            | presented
            | forwarded: STATUS_SUCCESS
        "#,
        ..TO_ANOTHER
    }
}

pub const fn forwarding_under_the_lock_dispatches_later() -> Experiment {
    Experiment {
        means: "forwarding to a queue whose lock the thread holds presents the request later",
        set_up: |init| two_queues(init, DEVICE),
        script: r#"
            plug
            open a
            write a "x"
            | STATUS_SUCCESS 1
            | forwarded: STATUS_SUCCESS
            | presented
        "#,
        ..TO_ANOTHER
    }
}

pub const fn a_passive_queue_defers_to_a_worker() -> Experiment {
    Experiment {
        facts: "DSP4",
        means: "a passive queue gets what comes above PASSIVE_LEVEL in a worker thread",
        set_up: |init| {
            let device = device(init)?;
            queue(device, default_config(PARALLEL, &[Write]))?;
            let mut passive = constrained(PASSIVE, NONE);
            keep(Other, queue_with(device, &mut config(PARALLEL, &[Default]), &mut passive)?);
            Ok(())
        },
        on: &[
            (Write, |e| park(e.request)),
            (Default, |e| {
                note!("presented at {}", irql());
                complete(e.request, STATUS_SUCCESS, 0);
            }),
        ],
        commands: &[("forward", || {
            let request = unpark().unwrap();
            at_dispatch(|| note!("forward: {}", Name(forward(request, kept(Other)))));
        })],
        script: r#"
            plug
            open a
            1 = write a "x"
            call forward
            await 1
            | 1: STATUS_SUCCESS 0
            | forward: STATUS_SUCCESS
            | presented at 0
        "#,
        ..PLAIN
    }
}
