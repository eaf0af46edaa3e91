//! Timers.

use super::prelude::*;
use core::ptr::null_mut;

const PASSIVE: WDF_EXECUTION_LEVEL = Level::WdfExecutionLevelPassive;
const INHERIT: WDF_EXECUTION_LEVEL = Level::WdfExecutionLevelInheritFromParent;

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
