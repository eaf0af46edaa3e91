//! Work items.

use super::prelude::*;
use core::ptr::null_mut;

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
        let mut with = constrained(Level::WdfExecutionLevelPassive, Scope::WdfSynchronizationScopeQueue);
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
