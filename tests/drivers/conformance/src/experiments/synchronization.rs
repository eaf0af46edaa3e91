//! Scopes, levels, and what runs at which IRQL beside what.

use super::prelude::*;

const NONE: WDF_SYNCHRONIZATION_SCOPE = Scope::WdfSynchronizationScopeNone;
const QUEUE: WDF_SYNCHRONIZATION_SCOPE = Scope::WdfSynchronizationScopeQueue;
const DEVICE: WDF_SYNCHRONIZATION_SCOPE = Scope::WdfSynchronizationScopeDevice;
const PASSIVE: WDF_EXECUTION_LEVEL = Level::WdfExecutionLevelPassive;
const DISPATCH: WDF_EXECUTION_LEVEL = Level::WdfExecutionLevelDispatch;
const INHERIT: WDF_EXECUTION_LEVEL = Level::WdfExecutionLevelInheritFromParent;

fn write_queue(
    init: PWDFDEVICE_INIT,
    level: WDF_EXECUTION_LEVEL,
    scope: WDF_SYNCHRONIZATION_SCOPE,
) -> Result<(), NTSTATUS> {
    bench_with(init, default_config(PARALLEL, &[Write]), &mut constrained(level, scope))
}

/// A handler that notes its IRQL.
const IRQL: Experiment = Experiment {
    facts: "SYN1 SYN2",
    on: &[(Write, |e| {
        note!("at {}", irql());
        complete(e.request, STATUS_SUCCESS, 1);
    })],
    script: AT_0,
    ..PLAIN
};

const AT_0: &str = r#"
    plug
    open a
    write a "x"
    | STATUS_SUCCESS 1
    | at 0
"#;

const AT_2: &str = r#"
    plug
    open a
    write a "x"
    | STATUS_SUCCESS 1
    | at 2
"#;

pub const fn handlers_without_a_scope() -> Experiment {
    Experiment {
        means: "without a scope a handler runs at the IRQL of the arrival",
        set_up: |init| write_queue(init, DISPATCH, NONE),
        ..IRQL
    }
}

pub const fn handlers_of_a_queue_that_inherits() -> Experiment {
    Experiment {
        means: "a queue of a device and a driver that say nothing has no scope",
        set_up: |init| bench(init, PARALLEL, &[Write]),
        ..IRQL
    }
}

pub const fn handlers_under_the_queues_lock() -> Experiment {
    Experiment {
        means: "with the queue's scope at dispatch level, which is the default, handlers run at DISPATCH_LEVEL",
        set_up: |init| write_queue(init, INHERIT, QUEUE),
        script: AT_2,
        ..IRQL
    }
}

pub const fn handlers_under_the_devices_lock() -> Experiment {
    Experiment {
        means: "with the device's scope at dispatch level handlers run at DISPATCH_LEVEL",
        set_up: |init| write_queue(init, DISPATCH, DEVICE),
        script: AT_2,
        ..IRQL
    }
}

pub const fn passive_handlers_under_the_queues_lock() -> Experiment {
    Experiment {
        means: "with the queue's scope at passive level handlers run at PASSIVE_LEVEL",
        set_up: |init| write_queue(init, PASSIVE, QUEUE),
        ..IRQL
    }
}

/// Two handlers, the first of which waits until it is told to go on.
const OVERLAP: Experiment = Experiment {
    facts: "SYN2 SYN4",
    on: &[(Write, |e| {
        let text = text::<8>(e.request);
        note!("{text} begins");
        if text.text() == "first" {
            wait_for(Gate);
        }
        note!("{text} ends");
        complete(e.request, STATUS_SUCCESS, 0);
    })],
    commands: &[("go", || set(Gate, 1))],
    ..PLAIN
};

pub const fn handlers_overlap_without_a_scope() -> Experiment {
    Experiment {
        means: "handlers of a parallel queue overlap without a scope",
        set_up: |init| write_queue(init, PASSIVE, NONE),
        script: r#"
            plug
            open a
            thread 1 = write a "first"
            sleep 50
            | first begins
            thread 2 = write a "second"
            sleep 50
            | second begins
            | second ends
            call go
            await 1
            | 1: STATUS_SUCCESS 0
            | first ends
        "#,
        ..OVERLAP
    }
}

pub const fn handlers_do_not_overlap_with_a_scope() -> Experiment {
    Experiment {
        means: "handlers of a parallel queue do not overlap with the queue's scope",
        set_up: |init| write_queue(init, PASSIVE, QUEUE),
        script: r#"
            plug
            open a
            thread 1 = write a "first"
            sleep 50
            | first begins
            thread 2 = write a "second"
            sleep 50
            call go
            await 1 2
            | 1: STATUS_SUCCESS 0
            | 2: STATUS_SUCCESS 0
            | first ends
            | second begins
            | second ends
        "#,
        ..OVERLAP
    }
}

pub const fn device_scope() -> Experiment {
    Experiment {
        facts: "SYN1 SYN3",
        means: "queues inherit the device's scope and level, and share its lock; a queue of another level cannot",
        set_up: |init| {
            let device = device_with(init, &mut constrained(PASSIVE, DEVICE))?;
            queue(device, default_config(PARALLEL, &[Write]))?;
            let reads = queue(device, config(PARALLEL, &[Read]))?;
            let mut other = config(MANUAL, &[]);
            let refused = queue_with(device, &mut other, &mut constrained(DISPATCH, DEVICE));
            note!("another level: {}", outcome(refused));
            check(route(device, reads, _WDF_REQUEST_TYPE::WdfRequestTypeRead))
        },
        on: &[
            (Write, |e| {
                note!("write begins at {}", irql());
                wait_for(Gate);
                note!("write ends");
                complete(e.request, STATUS_SUCCESS, 0);
            }),
            (Read, |e| {
                note!("read at {}", irql());
                complete(e.request, STATUS_SUCCESS, 0);
            }),
        ],
        commands: &[("go", || set(Gate, 1))],
        script: r#"
            plug
            | another level: STATUS_INVALID_PARAMETER
            open a
            thread 1 = write a "x"
            sleep 50
            | write begins at 0
            thread 2 = read a 1
            sleep 50
            call go
            await 1 2
            | 1: STATUS_SUCCESS 0
            | 2: STATUS_SUCCESS 0
            | write ends
            | read at 0
        "#,
        ..PLAIN
    }
}

/// A manual queue's other callbacks, which note their IRQL.
const OTHERS: Experiment = Experiment {
    facts: "SYN4",
    on: &[
        (Stop, |e| {
            note!("stop at {}", irql());
            acknowledge(e.request, false);
        }),
        (Resume, |_| note!("resume at {}", irql())),
        (Canceled, |e| {
            note!("canceled at {}", irql());
            complete(e.request, STATUS_CANCELLED, 0);
        }),
    ],
    commands: &[
        ("retrieve", || park(retrieve(kept(Main)).unwrap())),
        ("requeue", || note!("requeue: {}", Name(requeue(unpark().unwrap())))),
    ],
    ..PLAIN
};

fn manual_queue(init: PWDFDEVICE_INIT, scope: WDF_SYNCHRONIZATION_SCOPE) -> Result<(), NTSTATUS> {
    let config = default_config(MANUAL, &[Stop, Resume, Canceled]);
    bench_with(init, config, &mut constrained(INHERIT, scope))
}

pub const fn other_callbacks_without_a_lock() -> Experiment {
    Experiment {
        means: "without a scope EvtIoStop, EvtIoResume and EvtIoCanceledOnQueue run at the IRQL of \
                whoever brings them about",
        set_up: |init| manual_queue(init, NONE),
        script: r#"
            plug
            open a
            1 = write a "x"
            call retrieve
            nap
            | stop at 0
            | resume at 0
            call requeue
            | requeue: STATUS_SUCCESS
            cancel 1
            await 1
            | 1: STATUS_CANCELLED 0
            |? canceled at 0
            # A Windows that cancels at the end of a special kernel APC.
            |? canceled at 1
        "#,
        ..OTHERS
    }
}

pub const fn other_callbacks_hold_the_lock() -> Experiment {
    Experiment {
        means: "EvtIoStop, EvtIoResume and EvtIoCanceledOnQueue run under the queue's lock",
        set_up: |init| manual_queue(init, QUEUE),
        script: r#"
            plug
            open a
            1 = write a "x"
            call retrieve
            nap
            | stop at 2
            | resume at 2
            call requeue
            | requeue: STATUS_SUCCESS
            cancel 1
            await 1
            | 1: STATUS_CANCELLED 0
            | canceled at 2
        "#,
        ..OTHERS
    }
}

pub const fn automatic_serialization() -> Experiment {
    Experiment {
        facts: "SYN5",
        means: "automatic serialization of timers and work items needs a parent of their level, unless it has no scope",
        set_up: |init| {
            let device = device(init)?;
            for (name, level, scope) in [
                ("dispatch, no scope", DISPATCH, NONE),
                ("dispatch", DISPATCH, QUEUE),
                ("passive, no scope", PASSIVE, NONE),
                ("passive", PASSIVE, QUEUE),
            ] {
                let queue = queue_with(device, &mut config(MANUAL, &[]), &mut constrained(level, scope))?;
                let mut parent = WDF_OBJECT_ATTRIBUTES { ParentObject: queue.cast(), ..attributes() };
                let (mut timer, mut item) = (core::ptr::null_mut(), core::ptr::null_mut());
                let mut config = WDF_TIMER_CONFIG::default();
                WDF_TIMER_CONFIG_INIT(&mut config, Some(callbacks::timer));
                // SAFETY: a configuration, attributes and a place for the handle.
                let dispatch_timer = unsafe { WdfTimerCreate(&mut config, &mut parent, &mut timer) };
                parent.ExecutionLevel = PASSIVE;
                // SAFETY: as above.
                let passive_timer = unsafe { WdfTimerCreate(&mut config, &mut parent, &mut timer) };
                parent.ExecutionLevel = INHERIT;
                let mut config = WDF_WORKITEM_CONFIG::default();
                WDF_WORKITEM_CONFIG_INIT(&mut config, Some(callbacks::work));
                // SAFETY: as above.
                let work_item = unsafe { WdfWorkItemCreate(&mut config, &mut parent, &mut item) };
                for (what, status) in
                    [("timer", dispatch_timer), ("passive timer", passive_timer), ("work item", work_item)]
                {
                    note!("{name}: {what}: {}", Name(status));
                }
            }
            Ok(())
        },
        script: r#"
            plug
            | dispatch, no scope: timer: STATUS_SUCCESS
            | dispatch, no scope: passive timer: STATUS_SUCCESS
            | dispatch, no scope: work item: STATUS_SUCCESS
            | dispatch: timer: STATUS_SUCCESS
            | dispatch: passive timer: STATUS_WDF_INCOMPATIBLE_EXECUTION_LEVEL
            | dispatch: work item: STATUS_WDF_INCOMPATIBLE_EXECUTION_LEVEL
            | passive, no scope: timer: STATUS_SUCCESS
            | passive, no scope: passive timer: STATUS_SUCCESS
            | passive, no scope: work item: STATUS_SUCCESS
            | passive: timer: STATUS_WDF_INCOMPATIBLE_EXECUTION_LEVEL
            | passive: passive timer: STATUS_SUCCESS
            | passive: work item: STATUS_SUCCESS
        "#,
        ..PLAIN
    }
}
