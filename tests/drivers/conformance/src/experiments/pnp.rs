//! Plug and play: the order of callbacks, from start to removal.

use super::prelude::*;

/// Notes every callback.
const NOTES: &[Hook] = &[
    (PrepareHardware, |_| note!("PrepareHardware")),
    (ReleaseHardware, |_| note!("ReleaseHardware")),
    (D0Entry, |e| note!("D0Entry {}", e.value)),
    (D0EntryPostInterruptsEnabled, |_| note!("D0EntryPostInterruptsEnabled")),
    (D0Exit, |e| note!("D0Exit {}", e.value)),
    (D0ExitPreInterruptsDisabled, |_| note!("D0ExitPreInterruptsDisabled")),
    (SelfManagedIoInit, |_| note!("SelfManagedIoInit")),
    (SelfManagedIoSuspend, |_| note!("SelfManagedIoSuspend")),
    (SelfManagedIoRestart, |_| note!("SelfManagedIoRestart")),
    (SelfManagedIoFlush, |_| note!("SelfManagedIoFlush")),
    (SelfManagedIoCleanup, |_| note!("SelfManagedIoCleanup")),
    (SurpriseRemoval, |_| note!("SurpriseRemoval")),
    (QueryRemove, |_| note!("QueryRemove")),
    (Cleanup, |_| note!("cleanup")),
    (Write, |e| complete(e.request, STATUS_SUCCESS, 1)),
];

/// A device with every callback and one queue.
fn with_callbacks(init: PWDFDEVICE_INIT) -> Result<(), NTSTATUS> {
    let mut events = callbacks::pnp();
    // SAFETY: called in EvtDriverDeviceAdd with its argument.
    unsafe { WdfDeviceInitSetPnpPowerEventCallbacks(init, &mut events) };
    let mut with = attributes();
    with.EvtCleanupCallback = Some(callbacks::cleanup);
    let device = device_with(init, &mut with)?;
    keep(Main, queue(device, default_config(PARALLEL, &[Write]))?);
    Ok(())
}

pub const fn the_order_of_callbacks() -> Experiment {
    Experiment {
        facts: "PNP1 PNP2 PNP3",
        means: "the order of callbacks from start to removal, with a sleep between",
        set_up: with_callbacks,
        on: NOTES,
        script: r#"
            plug
            | PrepareHardware
            | D0Entry 5
            | D0EntryPostInterruptsEnabled
            | SelfManagedIoInit
            nap
            | SelfManagedIoSuspend
            | D0ExitPreInterruptsDisabled
            | D0Exit 4
            | D0Entry 4
            | D0EntryPostInterruptsEnabled
            | SelfManagedIoRestart
            remove
            | QueryRemove
            | SelfManagedIoSuspend
            | D0ExitPreInterruptsDisabled
            | D0Exit 5
            | ReleaseHardware
            | SelfManagedIoFlush
            | SelfManagedIoCleanup
            | cleanup
        "#,
        ..PLAIN
    }
}

pub const fn surprise_removal() -> Experiment {
    Experiment {
        facts: "PNP4",
        means: "after a surprise the device is told first, then it leaves D0",
        set_up: with_callbacks,
        on: NOTES,
        script: r#"
            plug
            | PrepareHardware
            | D0Entry 5
            | D0EntryPostInterruptsEnabled
            | SelfManagedIoInit
            surprise
            | SurpriseRemoval
            | SelfManagedIoSuspend
            | D0ExitPreInterruptsDisabled
            | D0Exit 5
            | ReleaseHardware
            | SelfManagedIoFlush
            | SelfManagedIoCleanup
            | cleanup
        "#,
        ..PLAIN
    }
}

pub const fn surprise_removal_of_an_open_device() -> Experiment {
    Experiment {
        facts: "PNP4 PMI3 QCR9",
        means: "what REMOVE does after a surprise waits until the device is closed; until then a request fails at the \
                purged queue",
        set_up: with_callbacks,
        on: NOTES,
        script: r#"
            plug
            | PrepareHardware
            | D0Entry 5
            | D0EntryPostInterruptsEnabled
            | SelfManagedIoInit
            open a
            surprise
            | SurpriseRemoval
            | SelfManagedIoSuspend
            | D0ExitPreInterruptsDisabled
            | D0Exit 5
            | ReleaseHardware
            | SelfManagedIoFlush
            write a "x"
            | STATUS_INVALID_DEVICE_STATE 0
            open b
            |? open b: STATUS_NO_SUCH_DEVICE
            |? open b: STATUS_OBJECT_NAME_NOT_FOUND
            close a
            settle
            | SelfManagedIoCleanup
            | cleanup
        "#,
        ..PLAIN
    }
}

pub const fn a_queue_without_power_management_goes_on() -> Experiment {
    Experiment {
        facts: "PNP4 PMI3",
        means: "a queue that is not power-managed goes on after a surprise, until the device is closed",
        set_up: |init| {
            let unmanaged = WDF_IO_QUEUE_CONFIG {
                PowerManaged: _WDF_TRI_STATE::WdfFalse,
                ..default_config(PARALLEL, &[Write])
            };
            queue(device(init)?, unmanaged).map(drop)
        },
        on: &[(Write, |e| {
            note!("write");
            complete(e.request, STATUS_SUCCESS, 1);
        })],
        script: r#"
            plug
            open a
            surprise
            write a "x"
            | STATUS_SUCCESS 1
            | write
        "#,
        ..PLAIN
    }
}

pub const fn surprise_removal_of_a_sleeping_device() -> Experiment {
    Experiment {
        facts: "PNP4",
        means: "a device that sleeps has left D0 already when it is gone",
        set_up: with_callbacks,
        on: NOTES,
        script: r#"
            plug
            | PrepareHardware
            | D0Entry 5
            | D0EntryPostInterruptsEnabled
            | SelfManagedIoInit
            suspend
            | SelfManagedIoSuspend
            | D0ExitPreInterruptsDisabled
            | D0Exit 4
            surprise
            | SurpriseRemoval
            | ReleaseHardware
            | SelfManagedIoFlush
            | SelfManagedIoCleanup
            | cleanup
        "#,
        ..PLAIN
    }
}

/// Notes the callbacks of a start that fails, whose order is certain.
const START: Experiment = Experiment {
    facts: "PNP5",
    set_up: with_callbacks,
    on: &[
        (PrepareHardware, |_| note!("PrepareHardware")),
        (ReleaseHardware, |_| note!("ReleaseHardware")),
        (D0Entry, |e| note!("D0Entry {}", e.value)),
        (D0EntryPostInterruptsEnabled, |_| note!("D0EntryPostInterruptsEnabled")),
        (D0Exit, |e| note!("D0Exit {}", e.value)),
        (SelfManagedIoInit, |_| note!("SelfManagedIoInit")),
        (SelfManagedIoSuspend, |_| note!("SelfManagedIoSuspend")),
        (SelfManagedIoFlush, |_| note!("SelfManagedIoFlush")),
        (SelfManagedIoCleanup, |_| note!("SelfManagedIoCleanup")),
        (Cleanup, |_| note!("cleanup")),
    ],
    ..PLAIN
};

pub const fn a_failed_prepare() -> Experiment {
    Experiment {
        means: "a failed EvtDevicePrepareHardware still gets EvtDeviceReleaseHardware",
        fails: Some(PrepareHardware),
        script: r#"
            plug
            | not started
            | PrepareHardware
            | ReleaseHardware
            | cleanup
        "#,
        ..START
    }
}

pub const fn a_failed_d0_entry() -> Experiment {
    Experiment {
        means: "a failed EvtDeviceD0Entry gets no EvtDeviceD0Exit",
        fails: Some(D0Entry),
        script: r#"
            plug
            | not started
            | PrepareHardware
            | D0Entry 5
            | ReleaseHardware
            | cleanup
        "#,
        ..START
    }
}

pub const fn a_failure_after_interrupts_are_enabled() -> Experiment {
    Experiment {
        means: "a failed EvtDeviceD0EntryPostInterruptsEnabled gets EvtDeviceD0Exit",
        fails: Some(D0EntryPostInterruptsEnabled),
        script: r#"
            plug
            | not started
            | PrepareHardware
            | D0Entry 5
            | D0EntryPostInterruptsEnabled
            | D0Exit 5
            | ReleaseHardware
            | cleanup
        "#,
        ..START
    }
}

pub const fn a_failed_init_of_self_managed_io() -> Experiment {
    Experiment {
        means: "a failed EvtDeviceSelfManagedIoInit gets flush and cleanup, and no suspend",
        fails: Some(SelfManagedIoInit),
        script: r#"
            plug
            | not started
            | PrepareHardware
            | D0Entry 5
            | D0EntryPostInterruptsEnabled
            | SelfManagedIoInit
            | D0Exit 5
            | ReleaseHardware
            | SelfManagedIoFlush
            | SelfManagedIoCleanup
            | cleanup
        "#,
        ..START
    }
}

pub const fn a_refused_removal() -> Experiment {
    Experiment {
        facts: "PNP3",
        means: "a driver may refuse an orderly removal, and the device goes on",
        set_up: |init| {
            let mut events = callbacks::pnp();
            // SAFETY: called in EvtDriverDeviceAdd with its argument.
            unsafe { WdfDeviceInitSetPnpPowerEventCallbacks(init, &mut events) };
            bench(init, PARALLEL, &[Write])
        },
        on: &[
            (QueryRemove, |_| note!("QueryRemove")),
            (D0Exit, |_| note!("D0Exit")),
            (Write, |e| complete(e.request, STATUS_SUCCESS, 1)),
        ],
        fails: Some(QueryRemove),
        commands: &[("relent", || set(Gate, 1))],
        script: r#"
            plug
            remove
            | refused
            | QueryRemove
            open a
            write a "x"
            | STATUS_SUCCESS 1
            close a
            call relent
            remove
            | QueryRemove
            | D0Exit
        "#,
        ..PLAIN
    }
}

pub const fn queues_are_open_around_self_managed_io() -> Experiment {
    Experiment {
        facts: "PNP1 PNP2",
        means: "queues open before EvtDeviceSelfManagedIoInit, and close after EvtDeviceSelfManagedIoSuspend",
        set_up: with_callbacks,
        on: &[
            (D0EntryPostInterruptsEnabled, |_| held("D0EntryPostInterruptsEnabled")),
            (SelfManagedIoInit, |_| held("SelfManagedIoInit")),
            (SelfManagedIoSuspend, |_| held("SelfManagedIoSuspend")),
            (D0Exit, |_| held("D0Exit")),
        ],
        script: r#"
            plug
            | D0EntryPostInterruptsEnabled, held: true
            | SelfManagedIoInit, held: false
            remove
            | SelfManagedIoSuspend, held: false
            | D0Exit, held: true
        "#,
        ..PLAIN
    }
}

fn held(callback: &str) {
    note!("{callback}, held: {}", state_of(kept(Main)).0.held());
}
