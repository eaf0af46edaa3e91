//! DPCs.

use super::prelude::*;
use core::ptr::null_mut;

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
