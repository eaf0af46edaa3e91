//! What leaving D0 does to queues and requests.

use super::prelude::*;

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
