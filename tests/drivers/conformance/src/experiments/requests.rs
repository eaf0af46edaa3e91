//! The life of a request: who owns it, and how it is completed.

use super::prelude::*;

pub const fn forwarding() -> Experiment {
    Experiment {
        facts: "OWN1 OWN2",
        means: "a forwarded request goes to the tail of the other queue, under the same handle",
        set_up: |init| bench(init, PARALLEL, &[Write]),
        on: &[(Write, |e| {
            park(e.request);
            note!("forward: {}", Name(forward(e.request, kept(Manual))));
        })],
        commands: &[("retrieve", || {
            let request = retrieve(kept(Manual)).unwrap();
            note!("{}, same handle: {}", text::<8>(request), Some(request) == unpark());
            complete(request, STATUS_SUCCESS, 1);
        })],
        script: r#"
            plug
            open a
            1 = write a "1"
            2 = write a "2"
            3 = write a "3"
            settle
            | forward: STATUS_SUCCESS
            | forward: STATUS_SUCCESS
            | forward: STATUS_SUCCESS
            call retrieve
            | 1, same handle: true
            call retrieve
            | 2, same handle: true
            call retrieve
            | 3, same handle: true
            await 3
            | 3: STATUS_SUCCESS 1
        "#,
        ..PLAIN
    }
}

pub const fn what_is_not_forwarded() -> Experiment {
    Experiment {
        facts: "OWN2",
        verifier: "reports",
        means: "forwarding to the queue that the request came from, or while it is cancelable, is refused, and the \
                driver keeps it",
        set_up: |init| bench(init, PARALLEL, &[Write]),
        on: &[(Write, |e| {
            note!("same queue: {}", Name(forward(e.request, kept(Main))));
            note!("mark: {}", Name(mark_ex(e.request)));
            note!("cancelable: {}", Name(forward(e.request, kept(Manual))));
            note!("unmark: {}", Name(unmark(e.request)));
            complete(e.request, STATUS_SUCCESS, 1);
        })],
        script: r#"
            plug
            open a
            write a "x"
            | STATUS_SUCCESS 1
            | same queue: STATUS_INVALID_DEVICE_REQUEST
            | mark: STATUS_SUCCESS
            | cancelable: STATUS_INVALID_DEVICE_REQUEST
            | unmark: STATUS_SUCCESS
        "#,
        ..PLAIN
    }
}

pub const fn forwarding_a_cancelled_request() -> Experiment {
    Experiment {
        facts: "OWN2 CAN1",
        means: "a request that is cancelled can be forwarded, and goes the way of a cancelled one in a queue",
        set_up: |init| {
            let device = device(init)?;
            queue(device, default_config(PARALLEL, &[Write]))?;
            keep(Manual, queue(device, config(MANUAL, &[]))?);
            keep(Other, queue(device, config(MANUAL, &[Canceled]))?);
            Ok(())
        },
        on: &[
            (Write, |e| park(e.request)),
            (Canceled, |e| {
                note!("EvtIoCanceledOnQueue of the other: {}", e.queue == kept(Other));
                complete(e.request, STATUS_CANCELLED, 0);
            }),
        ],
        commands: &[
            ("forward", || note!("forward: {}", Name(forward(unpark().unwrap(), kept(Manual))))),
            ("forward-to-other", || note!("forward: {}", Name(forward(unpark().unwrap(), kept(Other))))),
        ],
        script: r#"
            plug
            open a
            1 = write a "x"
            2 = write a "y"
            cancel 1
            cancel 2
            call forward
            await 1
            | 1: STATUS_CANCELLED 0
            | forward: STATUS_SUCCESS
            call forward-to-other
            await 2
            | 2: STATUS_CANCELLED 0
            | EvtIoCanceledOnQueue of the other: true
            | forward: STATUS_SUCCESS
        "#,
        ..PLAIN
    }
}

pub const fn requeueing() -> Experiment {
    Experiment {
        facts: "OWN4",
        means: "requeueing puts the request at the head of a manual queue, under the same handle; a cancelled one is \
                completed",
        set_up: |init| bench(init, PARALLEL, &[Write]),
        on: &[(Write, |e| note!("forward: {}", Name(forward(e.request, kept(Manual)))))],
        commands: &[
            ("requeue", || {
                let first = retrieve(kept(Manual)).unwrap();
                note!("requeue: {}, {} queued", Name(requeue(first)), state_of(kept(Manual)).1);
                note!("at the head: {}", retrieve(kept(Manual)) == Ok(first));
                park(first);
            }),
            ("requeue-cancelled", || note!("requeue: {}", Name(requeue(unpark().unwrap())))),
        ],
        script: r#"
            plug
            open a
            1 = write a "1"
            2 = write a "2"
            settle
            | forward: STATUS_SUCCESS
            | forward: STATUS_SUCCESS
            call requeue
            | requeue: STATUS_SUCCESS, 2 queued
            | at the head: true
            cancel 1
            call requeue-cancelled
            await 1
            | 1: STATUS_CANCELLED 0
            | requeue: STATUS_SUCCESS
            look 2
            | 2: pending
            close a
            await 2
            | 2: STATUS_CANCELLED 0
        "#,
        ..PLAIN
    }
}

pub const fn requeueing_is_for_manual_queues() -> Experiment {
    Experiment {
        facts: "OWN4",
        // With it, the refused request is not the driver's any more.
        verifier: "off",
        means: "a request of a queue that is not manual cannot be requeued, and stays the driver's",
        set_up: |init| bench(init, PARALLEL, &[Write]),
        on: &[(Write, |e| {
            note!("requeue: {}", Name(requeue(e.request)));
            complete(e.request, STATUS_SUCCESS, 1);
        })],
        script: r#"
            plug
            open a
            write a "x"
            | STATUS_SUCCESS 1
            | requeue: STATUS_INVALID_DEVICE_REQUEST
        "#,
        ..PLAIN
    }
}

pub const fn framework_statuses_are_mapped() -> Experiment {
    Experiment {
        facts: "OWN7",
        means: "statuses of the framework's facility do not reach the program",
        set_up: |init| bench(init, PARALLEL, &[Write]),
        on: &[(Write, |e| {
            let status = match text::<24>(e.request).text() {
                "paused" => STATUS_WDF_PAUSED,
                "busy" => STATUS_WDF_BUSY,
                "internal error" => STATUS_WDF_INTERNAL_ERROR,
                "map registers" => STATUS_WDF_NOT_ENOUGH_MAP_REGISTERS,
                "no callback" => STATUS_WDF_NO_CALLBACK,
                "too fragmented" => STATUS_WDF_TOO_FRAGMENTED,
                _ => STATUS_NO_SUCH_DEVICE,
            };
            complete(e.request, status, 0);
        })],
        script: r#"
            plug
            open a
            write a "paused"
            | STATUS_DEVICE_BUSY 0
            write a "busy"
            | STATUS_DEVICE_BUSY 0
            write a "internal error"
            | STATUS_INTERNAL_ERROR 0
            write a "map registers"
            | STATUS_INSUFFICIENT_RESOURCES 0
            write a "no callback"
            | STATUS_INVALID_DEVICE_REQUEST 0
            write a "too fragmented"
            | STATUS_INVALID_DEVICE_REQUEST 0
            write a "another facility"
            | STATUS_NO_SUCH_DEVICE 0
        "#,
        ..PLAIN
    }
}

/// A default queue of requests whose cleanup and destruction call back.
fn with_request_attributes(init: PWDFDEVICE_INIT, config: WDF_IO_QUEUE_CONFIG) -> Result<(), NTSTATUS> {
    let mut with = attributes();
    with.EvtCleanupCallback = Some(callbacks::cleanup);
    with.EvtDestroyCallback = Some(callbacks::destroy);
    // SAFETY: called in EvtDriverDeviceAdd with its argument.
    unsafe { WdfDeviceInitSetRequestAttributes(init, &mut with) };
    queue(device(init)?, config).map(drop)
}

pub const fn cleanup_precedes_completion() -> Experiment {
    Experiment {
        facts: "OWN7",
        means: "cleanup of the request, and of what is below it, comes before the program sees the completion; \
                destruction comes later",
        set_up: |init| with_request_attributes(init, default_config(PARALLEL, &[Write])),
        on: &[
            (Write, |e| {
                let mut parent = e.request.cast();
                for _ in 0..2 {
                    let mut child = core::ptr::null_mut();
                    let mut with = WDF_OBJECT_ATTRIBUTES { ParentObject: parent, ..attributes() };
                    with.EvtCleanupCallback = Some(callbacks::cleanup);
                    // SAFETY: attributes and a place for the handle.
                    note!("create: {}", Name(unsafe { WdfObjectCreate(&mut with, &mut child) }));
                    parent = child;
                }
                keep(Parent, e.request);
                park(e.request);
            }),
            (Cleanup, |e| {
                // The program looks meanwhile.
                note!("cleanup of the request: {}, looked: {}", e.object == kept(Parent), wait_for(Gate));
            }),
            (Destroy, |_| note!("destroy")),
        ],
        commands: &[("go", || set(Gate, 1))],
        script: r#"
            plug
            open a
            1 = write a "x"
            settle
            | create: STATUS_SUCCESS
            | create: STATUS_SUCCESS
            thread 2 = call complete
            sleep 50
            look 1
            | 1: pending
            call go
            await 1 2
            | 1: STATUS_SUCCESS 0
            | 2: STATUS_SUCCESS 0
            | cleanup of the request: false, looked: true
            | cleanup of the request: false, looked: true
            | cleanup of the request: true, looked: true
            | destroy
        "#,
        ..PLAIN
    }
}

pub const fn a_queue_goes_on_before_a_request_is_destroyed() -> Experiment {
    Experiment {
        facts: "OWN12",
        means: "the queue goes on with the next request before the completed one is destroyed",
        set_up: |init| with_request_attributes(init, default_config(SEQUENTIAL, &[Write])),
        on: &[
            (Write, |e| {
                note!("write");
                park(e.request);
            }),
            (Destroy, |_| note!("destroy")),
        ],
        script: r#"
            plug
            open a
            1 = write a "1"
            2 = write a "2"
            settle
            | write
            call complete
            | write
            | destroy
            call complete
            | destroy
            await 2
            | 2: STATUS_SUCCESS 0
        "#,
        ..PLAIN
    }
}

pub const fn information() -> Experiment {
    Experiment {
        facts: "OWN8",
        means: "WdfRequestComplete keeps what WdfRequestSetInformation set; errors may say more than the buffer has",
        set_up: |init| queue(device(init)?, default_config(PARALLEL, &[Control])).map(drop),
        on: &[(Control, |e| {
            let (status, information) = match text::<8>(e.request).text() {
                "less" => (STATUS_SUCCESS, 3),
                "failed" => (STATUS_UNSUCCESSFUL, 5),
                _ => (STATUS_SUCCESS, 1),
            };
            // SAFETY: the driver owns the request.
            unsafe { WdfRequestSetInformation(e.request, information) };
            // SAFETY: as above.
            unsafe { WdfRequestComplete(e.request, status) };
        })],
        script: r#"
            plug
            open a
            control a buffered "less" 4
            | STATUS_SUCCESS 3 "les"
            control a buffered "failed" 4
            | STATUS_UNSUCCESSFUL 5
            control a out-direct "no room" 0
            | STATUS_SUCCESS 1
        "#,
        ..PLAIN
    }
}

pub const fn requests_outlive_their_handle() -> Experiment {
    Experiment {
        facts: "MSC3",
        means: "without callbacks of its own a device accepts every open; requests may outlive the handle, whose file \
                object they keep",
        set_up: |init| {
            files(init, false, &mut attributes());
            bench(init, PARALLEL, &[Write])
        },
        on: &[(Write, |e| park(e.request))],
        commands: &[("finish", || {
            let request = unpark().unwrap();
            // SAFETY: the file object is there as long as its requests.
            let device = unsafe { WdfFileObjectGetDevice(file_of(request)) };
            note!("file of the device: {}", device == kept(Device));
            complete(request, STATUS_SUCCESS, 0);
        })],
        script: r#"
            plug
            open a
            1 = write a "x"
            close a
            settle
            look 1
            | 1: pending
            call finish
            | file of the device: true
            await 1
            | 1: STATUS_SUCCESS 0
        "#,
        ..PLAIN
    }
}
