//! The buffers of requests.

use super::prelude::*;

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
