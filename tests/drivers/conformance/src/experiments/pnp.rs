//! Plug and play and power, and what they do to queues.

use super::prelude::*;

/// Notes every callback.
const NOTES: &[(Callback, fn(Event))] = &[
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

/// The name of EvtIoStop's flags.
fn action(flags: usize) -> &'static str {
    use _WDF_REQUEST_STOP_ACTION_FLAGS as Flags;
    const SUSPEND: i32 = Flags::WdfRequestStopActionSuspend;
    const PURGE: i32 = Flags::WdfRequestStopActionPurge;
    const CANCELABLE: i32 = Flags::WdfRequestStopRequestCancelable;
    const SUSPEND_CANCELABLE: i32 = SUSPEND | CANCELABLE;
    match flags as i32 {
        SUSPEND => "suspend",
        PURGE => "purge",
        SUSPEND_CANCELABLE => "suspend, cancelable",
        _ => "?",
    }
}

/// A queue whose requests are stopped.
const STOPPABLE: Experiment = Experiment {
    facts: "PMI1 PMI2 PMI4",
    set_up: |init| bench(init, SEQUENTIAL, &[Write, Stop, Resume]),
    ..PLAIN
};

pub const fn a_suspended_request() -> Experiment {
    Experiment {
        means: "a suspended request stays with the driver, which hears of it again",
        on: &[
            (Write, |e| {
                note!("write {}", text::<8>(e.request));
                park(e.request);
            }),
            (Stop, |e| {
                note!("stop: {}", action(e.value));
                acknowledge(e.request, false);
            }),
            (Resume, |_| note!("resume")),
        ],
        script: r#"
            plug
            open a
            1 = write a "1"
            2 = write a "2"
            settle
            | write 1
            nap
            | stop: suspend
            | resume
            call complete
            | write 2
            call complete
            await 1 2
            | 1: STATUS_SUCCESS 0
            | 2: STATUS_SUCCESS 0
        "#,
        ..STOPPABLE
    }
}

pub const fn a_request_that_is_given_back() -> Experiment {
    Experiment {
        means: "a request that EvtIoStop gives back is presented again, before what came later",
        on: &[
            (Write, |e| {
                note!("write {}", text::<8>(e.request));
                park(e.request);
            }),
            (Stop, |e| {
                note!("stop: {}, parked: {}", action(e.value), forget(e.request));
                acknowledge(e.request, true);
            }),
            (Resume, |_| note!("resume")),
        ],
        script: r#"
            plug
            open a
            1 = write a "1"
            2 = write a "2"
            settle
            | write 1
            nap
            settle
            | stop: suspend, parked: true
            | write 1
            call complete
            | write 2
            call complete
            await 1 2
            | 1: STATUS_SUCCESS 0
            | 2: STATUS_SUCCESS 0
        "#,
        ..STOPPABLE
    }
}

pub const fn what_arrives_while_the_device_sleeps() -> Experiment {
    Experiment {
        means: "nothing is presented while the device is not in D0",
        facts: "PMI1 PMI4",
        on: &[(Write, |e| {
            note!("write");
            complete(e.request, STATUS_SUCCESS, 1);
        })],
        script: r#"
            plug
            open a
            suspend
            1 = write a "1"
            settle
            look 1
            | 1: pending
            resume
            await 1
            | 1: STATUS_SUCCESS 1
            | write
        "#,
        ..STOPPABLE
    }
}

pub const fn stopping_a_cancelable_request() -> Experiment {
    Experiment {
        means: "EvtIoStop says that a request is cancelable",
        facts: "PMI1",
        on: &[
            (Write, |e| {
                mark(e.request);
                park(e.request);
            }),
            (Stop, |e| {
                note!("stop: {}", action(e.value));
                acknowledge(e.request, false);
            }),
        ],
        commands: &[("unmark", || {
            let request = unpark().unwrap();
            note!("unmark: {}", Name(unmark(request)));
            complete(request, STATUS_SUCCESS, 0);
        })],
        script: r#"
            plug
            open a
            1 = write a "1"
            nap
            | stop: suspend, cancelable
            call unmark
            | unmark: STATUS_SUCCESS
            await 1
            | 1: STATUS_SUCCESS 0
        "#,
        ..STOPPABLE
    }
}

pub const fn a_surprise_purges_queues() -> Experiment {
    Experiment {
        facts: "PMI1 PMI3 PNP4",
        means: "a surprise suspends what the driver owns and purges power-managed queues: what waits is cancelled, and \
                what the driver owns is stopped once more, even if it was suspended before; a start opens nothing",
        on: &[(Stop, |e| {
            note!("stop: {}", action(e.value));
            if action(e.value) == "suspend" {
                return acknowledge(e.request, false);
            }
            start(e.queue);
            note!("accepts: {}", state_of(e.queue).0.accepts());
            complete(e.request, STATUS_DELETE_PENDING, 0);
        })],
        script: r#"
            plug
            open a
            1 = write a "1"
            2 = write a "2"
            surprise
            | stop: suspend
            | stop: purge
            | accepts: false
            await 1 2
            | 1: STATUS_DELETE_PENDING 0
            | 2: STATUS_CANCELLED 0
        "#,
        ..STOPPABLE
    }
}

/// A device whose suspension starts a timer, which completes the request that the driver owns.
const WAITS: Experiment = Experiment {
    facts: "PMI1",
    on: &[
        (Write, |e| {
            mark(e.request);
            park(e.request);
        }),
        (Cancel, |_| note!("cancel")),
        (Stop, |_| note!("stop")),
        (SelfManagedIoSuspend, |_| {
            timer(kept(Device), Level::WdfExecutionLevelPassive, 0).unwrap();
            start_timer(100);
        }),
        (Timer, |_| {
            if let Some(request) = unpark() {
                note!("unmark: {}", Name(unmark(request)));
                complete(request, STATUS_SUCCESS, 0);
            }
        }),
        (D0Exit, |_| note!("D0Exit")),
        (D0Entry, |_| note!("D0Entry")),
    ],
    ..PLAIN
};

/// A device with every callback of plug and play, and a sequential queue.
fn with_handlers(init: PWDFDEVICE_INIT, handlers: &[Callback]) -> Result<(), NTSTATUS> {
    let mut events = callbacks::pnp();
    // SAFETY: called in EvtDriverDeviceAdd with its argument.
    unsafe { WdfDeviceInitSetPnpPowerEventCallbacks(init, &mut events) };
    bench(init, SEQUENTIAL, handlers)
}

pub const fn stopping_a_cancelled_request() -> Experiment {
    Experiment {
        means: "EvtIoStop is not called for a request that is cancelled; the device waits until it is completed",
        set_up: |init| with_handlers(init, &[Write, Stop]),
        script: r#"
            plug
            | D0Entry
            open a
            1 = write a "x"
            cancel 1
            settle
            | cancel
            nap
            | unmark: STATUS_CANCELLED
            | D0Exit
            | D0Entry
            await 1
            | 1: STATUS_SUCCESS 0
            close a
            remove
            | D0Exit
        "#,
        ..WAITS
    }
}

pub const fn stopping_without_a_callback() -> Experiment {
    Experiment {
        means: "without EvtIoStop the device waits until what the driver owns is completed",
        set_up: |init| with_handlers(init, &[Write]),
        script: r#"
            plug
            | D0Entry
            open a
            1 = write a "x"
            settle
            nap
            | unmark: STATUS_SUCCESS
            | D0Exit
            | D0Entry
            await 1
            | 1: STATUS_SUCCESS 0
            close a
            remove
            | D0Exit
        "#,
        ..WAITS
    }
}
