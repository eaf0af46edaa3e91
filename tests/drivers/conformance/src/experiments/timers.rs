//! Timers, work items, DPCs and locks.

use super::prelude::*;
use core::ptr::null_mut;

const PASSIVE: WDF_EXECUTION_LEVEL = Level::WdfExecutionLevelPassive;
const INHERIT: WDF_EXECUTION_LEVEL = Level::WdfExecutionLevelInheritFromParent;
const MILLISECOND: i64 = 10_000;

/// Creates a timer; its status.
fn create_timer(parent: WDFOBJECT, level: WDF_EXECUTION_LEVEL, period: u32) -> Name {
    outcome(timer(parent, level, period))
}

/// A timer that notes its IRQL.
const TIMER: Experiment = Experiment {
    facts: "TWD1",
    set_up: |init| bench(init, PARALLEL, &[Write]),
    on: &[(Timer, |_| note!("timer at {}", irql()))],
    commands: &[
        ("create", || create_and_start(INHERIT)),
        ("create-passive", || {
            note!("periodic: {}", create_timer(kept(Device), PASSIVE, 5));
            create_and_start(PASSIVE);
        }),
        ("stop", || {
            note!("fired, stop: {}", stop_timer(true));
            note!("start: {}", start_timer(300));
            note!("stop: {}", stop_timer(true));
        }),
    ],
    ..PLAIN
};

fn create_and_start(level: WDF_EXECUTION_LEVEL) {
    note!("no parent: {}", create_timer(null_mut(), level, 0));
    note!("create: {}", create_timer(kept(Main), level, 0));
    note!("start: {}", start_timer(100));
    note!("start again: {}", start_timer(300));
}

pub const fn timers() -> Experiment {
    Experiment {
        means: "a timer fires once, at DISPATCH_LEVEL; starting says whether it was started already, stopping whether \
                it was to fire",
        script: "
            plug
            call create
            | no parent: STATUS_WDF_PARENT_NOT_SPECIFIED
            | create: STATUS_SUCCESS
            | start: false
            | start again: true
            sleep 150
            sleep 300
            | timer at 2
            call stop
            | fired, stop: false
            | start: false
            | stop: true
            sleep 400
        ",
        ..TIMER
    }
}

pub const fn passive_timers() -> Experiment {
    Experiment {
        means: "a passive timer fires at PASSIVE_LEVEL, and cannot be periodic",
        script: "
            plug
            call create-passive
            | periodic: STATUS_NOT_SUPPORTED
            | no parent: STATUS_WDF_PARENT_NOT_SPECIFIED
            | create: STATUS_SUCCESS
            | start: false
            | start again: true
            sleep 150
            sleep 300
            | timer at 0
            call stop
            | fired, stop: false
            | start: false
            | stop: true
            sleep 400
        ",
        ..TIMER
    }
}

pub const fn periodic_timers() -> Experiment {
    Experiment {
        facts: "TWD1",
        means: "a periodic timer fires until it is stopped",
        on: &[(Timer, |_| {
            add(Count, 1);
        })],
        commands: &[
            ("create", || {
                note!("create: {}", create_timer(kept(Device), INHERIT, 20));
                start_timer(20);
            }),
            ("stop", || {
                note!("stop: {}, fired several times: {}", stop_timer(true), get(Count) > 2);
                set(Count, 0);
            }),
            ("look", || note!("fired: {}", get(Count))),
        ],
        script: "
            plug
            call create
            | create: STATUS_SUCCESS
            sleep 300
            call stop
            | stop: true, fired several times: true
            sleep 100
            call look
            | fired: 0
        ",
        ..PLAIN
    }
}

pub const fn stopping_a_timer_with_a_wait() -> Experiment {
    Experiment {
        facts: "TWD1",
        means: "stopping with a wait waits for the callback, refuses starts meanwhile, and says that it stopped one",
        on: &[(Timer, |_| {
            note!("callback, told to end: {}", wait_for(Gate));
            note!("start: {}", start_timer(1));
        })],
        commands: &[
            ("create", || {
                note!("create: {}", create_timer(kept(Device), PASSIVE, 0));
                start_timer(1);
            }),
            ("stop", || note!("stop: {}", stop_timer(true))),
            ("go", || set(Gate, 1)),
        ],
        script: "
            plug
            call create
            | create: STATUS_SUCCESS
            sleep 50
            thread 1 = call stop
            sleep 50
            look 1
            | 1: pending
            call go
            await 1
            | 1: STATUS_SUCCESS 0
            | callback, told to end: true
            | start: false
            | stop: true
            sleep 50
        ",
        ..PLAIN
    }
}

pub const fn stopping_a_timer_in_its_callback() -> Experiment {
    Experiment {
        facts: "TWD1",
        verifier: "reports",
        means: "stopping with a wait in the timer's own callback stops nothing",
        on: &[(Timer, |_| {
            if add(Count, 1) == 1 {
                note!("start: {}", start_timer(100));
                note!("stop: {}", stop_timer(true));
            } else {
                note!("again");
            }
        })],
        commands: &[("create", || {
            note!("create: {}", create_timer(kept(Device), PASSIVE, 0));
            start_timer(1);
        })],
        script: "
            plug
            call create
            sleep 400
            | create: STATUS_SUCCESS
            | start: false
            | stop: false
            | again
        ",
        ..PLAIN
    }
}

pub const fn a_serialized_timer_completes_a_request() -> Experiment {
    Experiment {
        facts: "SYN5 DSP2",
        means: "a completion from a serialized timer, which holds the queue's lock, leaves the next request to later",
        set_up: |init| {
            let mut with = constrained(INHERIT, Scope::WdfSynchronizationScopeQueue);
            bench_with(init, default_config(SEQUENTIAL, &[Write]), &mut with)
        },
        on: &[
            (Write, |e| {
                note!("write");
                park(e.request);
            }),
            (Timer, |_| {
                complete_first();
                note!("timer over");
            }),
        ],
        commands: &[("create", || {
            note!("create: {}", create_timer(kept(Main), INHERIT, 0));
            start_timer(1);
        })],
        script: r#"
            plug
            open a
            1 = write a "1"
            2 = write a "2"
            settle
            | write
            call create
            sleep 50
            | create: STATUS_SUCCESS
            | timer over
            | write
            call complete
            await 1 2
            | 1: STATUS_SUCCESS 0
            | 2: STATUS_SUCCESS 0
        "#,
        ..PLAIN
    }
}

/// Creates a work item below an object; keeps it.
fn create_work_item(parent: WDFOBJECT, serialized: bool) {
    let mut config = WDF_WORKITEM_CONFIG::default();
    WDF_WORKITEM_CONFIG_INIT(&mut config, Some(callbacks::work));
    config.AutomaticSerialization = serialized as BOOLEAN;
    let mut with = WDF_OBJECT_ATTRIBUTES { ParentObject: parent, ..attributes() };
    let mut item = null_mut();
    // SAFETY: a configuration, attributes and a place for the handle.
    note!("create: {}", Name(unsafe { WdfWorkItemCreate(&mut config, &mut with, &mut item) }));
    keep(First, item);
}

fn enqueue() {
    // SAFETY: the work item was created.
    unsafe { WdfWorkItemEnqueue(kept(First)) };
}

fn flush() {
    // SAFETY: the work item was created.
    unsafe { WdfWorkItemFlush(kept(First)) };
}

pub const fn work_items() -> Experiment {
    Experiment {
        facts: "TWD2",
        means: "a work item runs at PASSIVE_LEVEL, can be enqueued again in its callback, and a flush waits for that, too",
        on: &[(Work, |_| {
            note!("work at {}", irql());
            if add(Count, 1) == 1 {
                enqueue();
            }
        })],
        commands: &[("work", || {
            create_work_item(kept(Device), false);
            at_dispatch(enqueue);
            flush();
            note!("flushed");
        })],
        script: "
            plug
            call work
            | create: STATUS_SUCCESS
            | work at 0
            | work at 0
            | flushed
        ",
        ..PLAIN
    }
}

pub const fn flushing_in_the_callback() -> Experiment {
    Experiment {
        facts: "TWD2",
        verifier: "reports",
        means: "a flush in the work item's own callback returns at once",
        on: &[(Work, |_| {
            flush();
            note!("flushed in the callback");
        })],
        commands: &[("work", || {
            create_work_item(kept(Device), false);
            enqueue();
            flush();
            note!("flushed");
        })],
        script: "
            plug
            call work
            | create: STATUS_SUCCESS
            | flushed in the callback
            | flushed
        ",
        ..PLAIN
    }
}

/// A work item below a passive queue with a lock, which enqueues itself in its callback.
const AGAIN: Experiment = Experiment {
    facts: "TWD2 SYN5",
    set_up: |init| {
        let mut with = constrained(PASSIVE, Scope::WdfSynchronizationScopeQueue);
        bench_with(init, default_config(PARALLEL, &[Write]), &mut with)
    },
    commands: &[
        ("serialized", || work_below_the_queue(true)),
        ("not-serialized", || work_below_the_queue(false)),
    ],
    ..PLAIN
};

fn work_below_the_queue(serialized: bool) {
    create_work_item(kept(Main), serialized);
    enqueue();
    flush();
}

pub const fn a_work_item_overlaps_itself() -> Experiment {
    Experiment {
        means: "a work item that is enqueued again in its callback may run beside itself",
        on: &[(Work, |_| {
            if add(Count, 1) == 1 {
                enqueue();
                note!("the second began before the first ends: {}", wait_for(Gate));
            } else {
                set(Gate, 1);
            }
        })],
        script: "
            plug
            call not-serialized
            | create: STATUS_SUCCESS
            | the second began before the first ends: true
        ",
        ..AGAIN
    }
}

pub const fn a_serialized_work_item_does_not() -> Experiment {
    Experiment {
        means: "a serialized work item that is enqueued again in its callback runs after itself",
        on: &[(Work, |_| {
            if add(Count, 1) == 1 {
                enqueue();
                delay(100);
                note!("the first ends");
            } else {
                note!("the second begins");
            }
        })],
        script: "
            plug
            call serialized
            | create: STATUS_SUCCESS
            | the first ends
            | the second begins
        ",
        ..AGAIN
    }
}

pub const fn wait_locks() -> Experiment {
    Experiment {
        facts: "TWD4",
        means: "a wait lock is not recursive, and a timeout is a success status",
        commands: &[("lock", || {
            let mut lock = null_mut();
            // SAFETY: a place for the handle.
            note!("create: {}", Name(unsafe { WdfWaitLockCreate(WDF_NO_OBJECT_ATTRIBUTES, &mut lock) }));
            for (what, mut timeout) in [("free", 0), ("held", 0), ("held, for a while", -10 * MILLISECOND)] {
                // SAFETY: the lock was created; a time limit.
                let status = unsafe { WdfWaitLockAcquire(lock, &mut timeout) };
                note!("{what}: {}, success: {}", Name(status), NT_SUCCESS(status));
            }
            // SAFETY: acquired above.
            unsafe { WdfWaitLockRelease(lock) };
            delete(lock);
        })],
        script: "
            plug
            call lock
            | create: STATUS_SUCCESS
            | free: STATUS_SUCCESS, success: true
            | held: STATUS_TIMEOUT, success: true
            | held, for a while: STATUS_TIMEOUT, success: true
        ",
        ..PLAIN
    }
}

/// Creates a DPC below the device, with an object below that.
fn create_dpc() {
    let mut config = WDF_DPC_CONFIG::default();
    WDF_DPC_CONFIG_INIT(&mut config, Some(callbacks::dpc));
    config.AutomaticSerialization = 0;
    let mut with = WDF_OBJECT_ATTRIBUTES {
        ParentObject: kept(Device),
        EvtDestroyCallback: Some(callbacks::destroy),
        ..attributes()
    };
    let mut dpc = null_mut();
    // SAFETY: a configuration, attributes and a place for the handle.
    note!("create: {}", Name(unsafe { WdfDpcCreate(&mut config, &mut with, &mut dpc) }));
    keep(First, dpc);
    let mut with = WDF_OBJECT_ATTRIBUTES {
        ParentObject: dpc.cast(),
        EvtCleanupCallback: Some(callbacks::cleanup),
        ..attributes()
    };
    let mut below = null_mut();
    // SAFETY: attributes and a place for the handle.
    note!("create below: {}", Name(unsafe { WdfObjectCreate(&mut with, &mut below) }));
}

fn enqueue_dpc() -> bool {
    // SAFETY: the DPC was created.
    unsafe { WdfDpcEnqueue(kept(First)) != 0 }
}

fn cancel_dpc() -> bool {
    // SAFETY: the DPC was created.
    unsafe { WdfDpcCancel(kept(First), 0) != 0 }
}

pub const fn dpcs() -> Experiment {
    Experiment {
        facts: "TWD3",
        means: "a DPC runs at DISPATCH_LEVEL, is queued once at a time, and can be taken off the queue",
        on: &[(Dpc, |_| note!("dpc at {}", irql()))],
        commands: &[
            ("create", create_dpc),
            ("enqueue", || {
                at_dispatch(|| {
                    note!("enqueue: {}", enqueue_dpc());
                    note!("again: {}", enqueue_dpc());
                });
            }),
            ("cancel", || {
                at_dispatch(|| {
                    note!("enqueue: {}", enqueue_dpc());
                    note!("cancel: {}", cancel_dpc());
                    note!("again: {}", cancel_dpc());
                });
            }),
        ],
        script: "
            plug
            call create
            | create: STATUS_SUCCESS
            | create below: STATUS_SUCCESS
            call enqueue
            settle
            | enqueue: true
            | again: false
            | dpc at 2
            call cancel
            settle
            | enqueue: true
            | cancel: true
            | again: false
        ",
        ..PLAIN
    }
}

pub const fn dpcs_are_waited_for() -> Experiment {
    Experiment {
        facts: "TWD5",
        means: "a DPC's cleanup waits for what was queued by then, as by the cleanup of what is below it",
        on: &[
            (Dpc, |_| note!("dpc")),
            (Destroy, |_| note!("destroyed")),
            // It may run before this returns.
            (Cleanup, |_| {
                enqueue_dpc();
            }),
        ],
        commands: &[("create", create_dpc)],
        script: "
            plug
            call create
            | create: STATUS_SUCCESS
            | create below: STATUS_SUCCESS
            remove
            | dpc
            | destroyed
        ",
        ..PLAIN
    }
}
