//! Queues: creation, routing, the dispatch engine and the state functions.

use super::prelude::*;

pub const fn creation_checks_the_configuration() -> Experiment {
    Experiment {
        facts: "QCR1",
        means: "each mistake in a queue's configuration has its status",
        set_up: |init| {
            let device = device(init)?;
            let note = |what: &str, config: WDF_IO_QUEUE_CONFIG| {
                note!("{what}: {}", outcome(queue(device, config)));
            };
            note("size", WDF_IO_QUEUE_CONFIG { Size: 8, ..config(MANUAL, &[]) });
            note("type", WDF_IO_QUEUE_CONFIG { DispatchType: 77, ..config(MANUAL, &[]) });
            note("manual with a handler", config(MANUAL, &[Read]));
            let mut limited = config(SEQUENTIAL, &[Read]);
            limited.Settings.Parallel.NumberOfPresentedRequests = 1;
            note("sequential with a limit", limited);
            note("no handler", config(PARALLEL, &[]));
            note("no handler of requests", config(SEQUENTIAL, &[Stop]));
            note("default", default_config(SEQUENTIAL, &[Write]));
            note("second default", default_config(SEQUENTIAL, &[Write]));
            let mut manual = config(MANUAL, &[]);
            let nowhere = core::ptr::null_mut();
            // SAFETY: a device and a configuration; only a default queue needs no place for its handle.
            let status = unsafe { WdfIoQueueCreate(device, &mut manual, WDF_NO_OBJECT_ATTRIBUTES, nowhere) };
            note!("no place for the handle: {}", Name(status));
            // SAFETY: a device.
            let driver = unsafe { WdfDeviceGetDriver(device) };
            let mut elsewhere = WDF_OBJECT_ATTRIBUTES { ParentObject: driver.cast(), ..attributes() };
            note!("parent elsewhere: {}", outcome(queue_with(device, &mut manual, &mut elsewhere)));
            Ok(())
        },
        script: r#"
            plug
            | size: STATUS_INFO_LENGTH_MISMATCH
            | type: STATUS_INVALID_PARAMETER
            | manual with a handler: STATUS_INVALID_PARAMETER
            | sequential with a limit: STATUS_INVALID_PARAMETER
            | no handler: STATUS_WDF_NO_CALLBACK
            | no handler of requests: STATUS_WDF_NO_CALLBACK
            | default: STATUS_SUCCESS
            | second default: STATUS_UNSUCCESSFUL
            | no place for the handle: STATUS_INVALID_PARAMETER_4
            | parent elsewhere: STATUS_INVALID_DEVICE_REQUEST
        "#,
        ..PLAIN
    }
}

pub const fn creation_after_the_start() -> Experiment {
    Experiment {
        facts: "QCR1",
        means: "after the start a default queue is too late; other queues are not",
        commands: &[("create", || {
            let late = queue(kept(Device), default_config(MANUAL, &[]));
            note!("default: {}", outcome(late));
            note!("other: {}", outcome(queue(kept(Device), config(MANUAL, &[]))));
        })],
        script: "
            plug
            call create
            | default: STATUS_INVALID_DEVICE_STATE
            | other: STATUS_SUCCESS
        ",
        ..PLAIN
    }
}

pub const fn a_routed_queue_is_not_deleted() -> Experiment {
    Experiment {
        facts: "QCR7",
        verifier: "reports",
        means: "deleting a queue that requests are routed to does nothing",
        set_up: |init| {
            let device = device(init)?;
            let routed = queue(device, config(SEQUENTIAL, &[Write]))?;
            check(route(device, routed, _WDF_REQUEST_TYPE::WdfRequestTypeWrite))
        },
        on: &[(Write, |e| {
            delete(e.queue);
            complete(e.request, STATUS_SUCCESS, 1);
        })],
        script: r#"
            plug
            open a
            write a "x"
            | STATUS_SUCCESS 1
            write a "x"
            | STATUS_SUCCESS 1
        "#,
        ..PLAIN
    }
}

pub const fn a_new_queue_is_open() -> Experiment {
    Experiment {
        facts: "QCR2 MSC1",
        means: "a new queue accepts and dispatches; one that is power-managed, which is the default, is held until D0",
        set_up: |init| {
            let device = device(init)?;
            for managed in [_WDF_TRI_STATE::WdfUseDefault, _WDF_TRI_STATE::WdfTrue, _WDF_TRI_STATE::WdfFalse]
            {
                let config = WDF_IO_QUEUE_CONFIG { PowerManaged: managed, ..config(MANUAL, &[]) };
                note!("{}", state_of(queue(device, config)?).0);
            }
            queue(device, default_config(PARALLEL, &[Write])).map(drop)
        },
        on: &[(Write, |e| {
            let (bits, queued, owned) = state_of(e.queue);
            note!("{bits}: {queued} queued, {owned} owned");
            complete(e.request, STATUS_SUCCESS, 0);
        })],
        script: r#"
            plug
            | accepts, dispatches, empty, owns none, held
            | accepts, dispatches, empty, owns none, held
            | accepts, dispatches, empty, owns none
            open a
            write a "x"
            | STATUS_SUCCESS 0
            | accepts, dispatches, empty: 0 queued, 1 owned
        "#,
        ..PLAIN
    }
}

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

pub const fn retrieving() -> Experiment {
    Experiment {
        facts: "QCR5 OWN6",
        means: "what a driver can retrieve from which queue: manual and sequential ones, and none that is stopped or \
                held; the gate of a sequential queue is for its handler only",
        set_up: |init| {
            let device = device(init)?;
            keep(Main, queue(device, default_config(PARALLEL, &[Control]))?);
            keep(Manual, queue(device, config(MANUAL, &[]))?);
            keep(Other, queue(device, config(SEQUENTIAL, &[Read]))?);
            note!("before D0: {}", outcome(retrieve(kept(Manual))));
            check(route(device, kept(Other), _WDF_REQUEST_TYPE::WdfRequestTypeRead))?;
            check(route(device, kept(Manual), _WDF_REQUEST_TYPE::WdfRequestTypeWrite))
        },
        on: &[(Read, |e| {
            note!("read, {} owned", state_of(e.queue).2);
            park(e.request);
        })],
        commands: &[("retrieve", || {
            note!("parallel: {}", outcome(retrieve(kept(Main))));
            stop(kept(Manual));
            note!("stopped: {}", outcome(retrieve(kept(Manual))));
            start(kept(Manual));
            let first = retrieve(kept(Manual)).unwrap();
            note!("manual: {}", text::<8>(first));
            complete(first, STATUS_SUCCESS, 1);
            note!("empty: {}", outcome(retrieve(kept(Manual))));
            let second = retrieve(kept(Other)).unwrap();
            complete(second, STATUS_SUCCESS, 0);
        })],
        script: r#"
            plug
            | before D0: STATUS_WDF_PAUSED
            open a
            1 = write a "w"
            2 = read a 1
            3 = read a 1
            settle
            | read, 1 owned
            call retrieve
            | parallel: STATUS_INVALID_DEVICE_STATE
            | stopped: STATUS_WDF_PAUSED
            | manual: w
            | empty: STATUS_NO_MORE_ENTRIES
            await 1
            | 1: STATUS_SUCCESS 1
            await 3
            | 3: STATUS_SUCCESS 0
            call complete
            await 2
            | 2: STATUS_SUCCESS 0
        "#,
        ..PLAIN
    }
}

pub const fn routing() -> Experiment {
    Experiment {
        facts: "QCR6 QCR7",
        // Each refusal breaks into the debugger.
        verifier: "reports",
        means: "the queue of a type comes before the default queue, and a handler of a type before EvtIoDefault; what \
                cannot be routed",
        set_up: |init| {
            use _WDF_REQUEST_TYPE as T;
            let device = device(init)?;
            let reads = queue(device, config(PARALLEL, &[Read]))?;
            let default = queue(device, default_config(PARALLEL, &[Write, Default]))?;
            for (what, queue, kind) in [
                ("the default queue", default, T::WdfRequestTypeWrite),
                ("no handler", reads, T::WdfRequestTypeWrite),
                ("no handler of creates", reads, T::WdfRequestTypeCreate),
                ("reads", reads, T::WdfRequestTypeRead),
                ("reads again", reads, T::WdfRequestTypeRead),
            ] {
                note!("{what}: {}", Name(route(device, queue, kind)));
            }
            Ok(())
        },
        on: &[
            (Read, |e| {
                note!("EvtIoRead");
                complete(e.request, STATUS_SUCCESS, 0);
            }),
            (Write, |e| {
                note!("EvtIoWrite");
                complete(e.request, STATUS_SUCCESS, 0);
            }),
            (Default, |e| {
                note!("EvtIoDefault");
                complete(e.request, STATUS_SUCCESS, 0);
            }),
        ],
        script: r#"
            plug
            | the default queue: STATUS_INVALID_DEVICE_REQUEST
            | no handler: STATUS_INVALID_DEVICE_REQUEST
            | no handler of creates: STATUS_INVALID_DEVICE_REQUEST
            | reads: STATUS_SUCCESS
            | reads again: STATUS_WDF_BUSY
            open a
            read a 1
            | STATUS_SUCCESS 0
            | EvtIoRead
            write a "x"
            | STATUS_SUCCESS 0
            | EvtIoWrite
            control a buffered "" 0
            | STATUS_SUCCESS 0
            | EvtIoDefault
        "#,
        ..PLAIN
    }
}

/// A read that nothing is there for.
const REFUSED: &str = "
    plug
    open a
    read a 1
    | STATUS_INVALID_DEVICE_REQUEST 0
";

pub const fn no_handler_of_the_type() -> Experiment {
    Experiment {
        facts: "QCR6",
        means: "a request that the default queue has no handler for is refused",
        set_up: |init| queue(device(init)?, default_config(SEQUENTIAL, &[Write])).map(drop),
        script: REFUSED,
        ..PLAIN
    }
}

pub const fn no_queue_at_all() -> Experiment {
    Experiment {
        facts: "QCR6",
        means: "a request that there is no queue for is refused",
        script: REFUSED,
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

pub const fn not_accepting() -> Experiment {
    Experiment {
        facts: "QCR9",
        means: "what arrives at a queue that accepts nothing fails with INVALID_DEVICE_STATE; a forward to it is \
                refused and leaves the request with the driver",
        set_up: |init| bench(init, PARALLEL, &[Write]),
        on: &[(Write, |e| {
            change(WdfIoQueueDrain, kept(Manual));
            note!("forward: {}", Name(forward(e.request, kept(Manual))));
            complete(e.request, STATUS_SUCCESS, 1);
        })],
        commands: &[("drain", || change(WdfIoQueueDrain, kept(Main))), ("start", || start(kept(Main)))],
        script: r#"
            plug
            open a
            write a "x"
            | STATUS_SUCCESS 1
            | forward: STATUS_WDF_BUSY
            call drain
            write a "x"
            | STATUS_INVALID_DEVICE_STATE 0
            call start
            write a "x"
            | STATUS_SUCCESS 1
            | forward: STATUS_WDF_BUSY
        "#,
        ..PLAIN
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
