//! Queues: creation, routing, retrieval.

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
