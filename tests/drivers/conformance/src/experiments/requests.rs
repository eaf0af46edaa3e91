//! The life of a request: who owns it, how it is completed, and its buffers.

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

/// What retrieving a buffer says: its length, or the status.
fn buffer(request: WDFREQUEST, output: bool, minimum: usize) -> Result<(usize, usize), NTSTATUS> {
    let (mut pointer, mut length) = (core::ptr::null_mut(), 0);
    let status = if output {
        // SAFETY: the driver owns the request.
        unsafe { WdfRequestRetrieveOutputBuffer(request, minimum, &mut pointer, &mut length) }
    } else {
        // SAFETY: as above.
        unsafe { WdfRequestRetrieveInputBuffer(request, minimum, &mut pointer, &mut length) }
    };
    check(status).map(|()| (pointer.addr(), length))
}

/// Notes what retrieving the buffers of a read or a write says, and completes it.
fn buffers(e: Event, is_read: bool) {
    let mut memory = core::ptr::null_mut();
    let wrong = if is_read {
        // SAFETY: the driver owns the request.
        unsafe { WdfRequestRetrieveInputMemory(e.request, &mut memory) }
    } else {
        // SAFETY: as above.
        unsafe { WdfRequestRetrieveOutputMemory(e.request, &mut memory) }
    };
    note!("the other buffer: {}, {}", outcome(buffer(e.request, !is_read, 0)), Name(wrong));
    match buffer(e.request, is_read, 0) {
        Ok((address, length)) => {
            note!("{length} bytes, more: {}", outcome(buffer(e.request, is_read, length + 1)));
            if is_read {
                // SAFETY: the buffer has that many bytes.
                unsafe { core::ptr::write_bytes(address as *mut u8, b'r', length) };
            }
        }
        Err(status) => note!("empty: {}", Name(status)),
    }
    complete(e.request, STATUS_SUCCESS, e.value);
}

/// Reads and writes of a device that transfers in some way.
const BUFFERS: Experiment = Experiment {
    facts: "BUF1 BUF2",
    on: &[(Read, |e| buffers(e, true)), (Write, |e| buffers(e, false))],
    script: r#"
        plug
        open a
        write a ""
        | STATUS_SUCCESS 0
        | the other buffer: STATUS_INVALID_DEVICE_REQUEST, STATUS_INVALID_DEVICE_REQUEST
        | empty: STATUS_BUFFER_TOO_SMALL
        write a "abc"
        | STATUS_SUCCESS 3
        | the other buffer: STATUS_INVALID_DEVICE_REQUEST, STATUS_INVALID_DEVICE_REQUEST
        | 3 bytes, more: STATUS_BUFFER_TOO_SMALL
        read a 0
        | STATUS_SUCCESS 0
        | the other buffer: STATUS_INVALID_DEVICE_REQUEST, STATUS_INVALID_DEVICE_REQUEST
        | empty: STATUS_BUFFER_TOO_SMALL
        read a 3
        | STATUS_SUCCESS 3 "rrr"
        | the other buffer: STATUS_INVALID_DEVICE_REQUEST, STATUS_INVALID_DEVICE_REQUEST
        | 3 bytes, more: STATUS_BUFFER_TOO_SMALL
    "#,
    ..PLAIN
};

fn transfers(init: PWDFDEVICE_INIT, io_type: WDF_DEVICE_IO_TYPE) -> Result<(), NTSTATUS> {
    // SAFETY: called in EvtDriverDeviceAdd with its argument.
    unsafe { WdfDeviceInitSetIoType(init, io_type) };
    let mut config = default_config(PARALLEL, &[Read, Write]);
    config.AllowZeroLengthRequests = 1;
    queue(device(init)?, config).map(drop)
}

pub const fn buffered_reads_and_writes() -> Experiment {
    Experiment {
        means: "a read has an output buffer and a write an input buffer, if they are not empty: buffered I/O",
        set_up: |init| transfers(init, _WDF_DEVICE_IO_TYPE::WdfDeviceIoBuffered),
        ..BUFFERS
    }
}

pub const fn direct_reads_and_writes() -> Experiment {
    Experiment {
        means: "a read has an output buffer and a write an input buffer, if they are not empty: direct I/O",
        set_up: |init| transfers(init, _WDF_DEVICE_IO_TYPE::WdfDeviceIoDirect),
        ..BUFFERS
    }
}

pub const fn reads_and_writes_without_a_method() -> Experiment {
    Experiment {
        facts: "BUF4",
        // With it, the driver is told that there is no buffer.
        verifier: "off",
        means: "outside the caller's context a write without a method has a length and no address",
        set_up: |init| transfers(init, _WDF_DEVICE_IO_TYPE::WdfDeviceIoNeither),
        on: &[(Write, |e| {
            match buffer(e.request, false, 0) {
                Ok((address, length)) => note!("null: {}, {length} bytes", address == 0),
                Err(status) => note!("{}", Name(status)),
            }
            note!("more: {}", outcome(buffer(e.request, false, 4)));
            complete(e.request, STATUS_SUCCESS, 3);
        })],
        script: r#"
            plug
            open a
            write a "abc"
            | STATUS_SUCCESS 3
            | null: true, 3 bytes
            | more: STATUS_BUFFER_TOO_SMALL
        "#,
        ..PLAIN
    }
}

pub const fn buffers_of_controls() -> Experiment {
    Experiment {
        facts: "BUF3 BUF5",
        means: "a buffered control has one buffer for both ways, a direct one two, and one without a method none",
        set_up: |init| queue(device(init)?, default_config(PARALLEL, &[Control])).map(drop),
        on: &[(Control, |e| match (buffer(e.request, false, 1), buffer(e.request, true, 1)) {
            (Ok(input), Ok(output)) => {
                note!("one buffer: {}, {} and {} bytes", input.0 == output.0, input.1, output.1);
                let text = text::<8>(e.request);
                // SAFETY: the output buffer has four bytes, and the text two.
                unsafe { core::ptr::copy(text.bytes().as_ptr(), output.0 as *mut u8, 2) };
                complete(e.request, STATUS_SUCCESS, 2);
            }
            (input, output) => {
                note!("{}, {}", outcome(input), outcome(output));
                complete(e.request, STATUS_SUCCESS, 0);
            }
        })],
        script: r#"
            plug
            open a
            control a buffered "in" 4
            | STATUS_SUCCESS 2 "in"
            | one buffer: true, 2 and 4 bytes
            control a in-direct "in" 4
            | STATUS_SUCCESS 2 "in"
            | one buffer: false, 2 and 4 bytes
            control a out-direct "in" 4
            | STATUS_SUCCESS 2 "in"
            | one buffer: false, 2 and 4 bytes
            control a neither "in" 4
            | STATUS_SUCCESS 0
            | STATUS_INVALID_DEVICE_REQUEST, STATUS_INVALID_DEVICE_REQUEST
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
