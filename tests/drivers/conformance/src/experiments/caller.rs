//! I/O in the context of the program that asks for it.

use super::prelude::*;
use core::ptr::null_mut;

fn in_caller(init: PWDFDEVICE_INIT) -> Result<(), NTSTATUS> {
    // SAFETY: called in EvtDriverDeviceAdd with its argument.
    unsafe { WdfDeviceInitSetIoInCallerContextCallback(init, Some(callbacks::in_caller)) };
    bench(init, SEQUENTIAL, &[Write, Control])
}

fn enqueue(request: WDFREQUEST) -> NTSTATUS {
    // SAFETY: the framework checks the handles.
    unsafe { WdfDeviceEnqueueRequest(kept(Device), request) }
}

pub const fn requests_pass_the_callers_context() -> Experiment {
    Experiment {
        facts: "QCR11 CAN2",
        verifier: "reports",
        means: "EvtIoInCallerContext comes before the queue, whatever that does; there a request cannot be marked; \
                what the queue refuses stays the driver's",
        set_up: in_caller,
        on: &[
            (InCaller, |e| {
                note!("in the caller's context, mark: {}", Name(mark_ex(e.request)));
                let status = enqueue(e.request);
                if status != STATUS_SUCCESS {
                    note!("enqueue: {}", Name(status));
                    complete(e.request, STATUS_NOT_SUPPORTED, 0);
                }
            }),
            (Write, |e| {
                note!("write");
                park(e.request);
            }),
        ],
        commands: &[("drain", || change(WdfIoQueueDrain, kept(Main)))],
        script: r#"
            plug
            open a
            1 = write a "1"
            2 = write a "2"
            settle
            | in the caller's context, mark: STATUS_INVALID_DEVICE_REQUEST
            | write
            | in the caller's context, mark: STATUS_INVALID_DEVICE_REQUEST
            call drain
            write a "3"
            | STATUS_NOT_SUPPORTED 0
            | in the caller's context, mark: STATUS_INVALID_DEVICE_REQUEST
            | enqueue: STATUS_WDF_BUSY
            call complete
            call complete
            await 1 2
            | 1: STATUS_SUCCESS 0
            | 2: STATUS_SUCCESS 0
            | write
        "#,
        ..PLAIN
    }
}

/// `WdfRequestRetrieveUnsafeUserInputBuffer`: the address, and the length.
fn user_input(request: WDFREQUEST, minimum: usize) -> Result<(PVOID, usize), NTSTATUS> {
    let (mut buffer, mut length) = (null_mut(), 0);
    // SAFETY: the framework checks the handle.
    check(unsafe { WdfRequestRetrieveUnsafeUserInputBuffer(request, minimum, &mut buffer, &mut length) })?;
    Ok((buffer, length))
}

/// `WdfRequestRetrieveUnsafeUserOutputBuffer`: the address, and the length.
fn user_output(request: WDFREQUEST) -> Result<(PVOID, usize), NTSTATUS> {
    let (mut buffer, mut length) = (null_mut(), 0);
    // SAFETY: the framework checks the handle.
    check(unsafe { WdfRequestRetrieveUnsafeUserOutputBuffer(request, 1, &mut buffer, &mut length) })?;
    Ok((buffer, length))
}

/// `WdfRequestProbeAndLockUserBufferForRead`.
fn lock(request: WDFREQUEST, buffer: PVOID, length: usize) -> Result<WDFMEMORY, NTSTATUS> {
    let mut memory = null_mut();
    // SAFETY: the framework checks the handle, and the address.
    check(unsafe { WdfRequestProbeAndLockUserBufferForRead(request, buffer, length, &mut memory) })?;
    Ok(memory)
}

pub const fn buffers_of_the_program() -> Experiment {
    Experiment {
        facts: "BUF5",
        means: "in the caller's context the program's buffers are there, and can be locked for later",
        set_up: in_caller,
        on: &[
            (InCaller, |e| {
                let request = e.request;
                note!("too short: {}", outcome(user_input(request, 4)));
                let (Ok((input, sent)), Ok((output, room))) = (user_input(request, 3), user_output(request))
                else {
                    return complete(request, STATUS_UNSUCCESSFUL, 0);
                };
                note!("{sent} in, {room} out, nothing locked: {}", outcome(lock(request, input, 0)));
                // No program has anything at the lowest addresses.
                let nowhere = core::ptr::without_provenance_mut(16);
                note!("nowhere: {}", outcome(lock(request, nowhere, 3)));
                keep(First, lock(request, input, sent).unwrap_or(null_mut()));
                let mut memory = null_mut();
                // SAFETY: the framework checks the handle, and the address.
                let status =
                    unsafe { WdfRequestProbeAndLockUserBufferForWrite(request, output, room, &mut memory) };
                note!("lock: {}", Name(status));
                keep(Second, memory);
                note!("enqueue: {}", Name(enqueue(request)));
            }),
            (Control, |e| {
                let mut bytes = [0_u8; 3];
                let place = bytes.as_mut_ptr().cast();
                // SAFETY: the memory is locked as long as the request is there; the buffer has room.
                let read = unsafe { WdfMemoryCopyToBuffer(kept(First), 0, place, 3) };
                bytes.reverse();
                // SAFETY: as above.
                let written =
                    unsafe { WdfMemoryCopyFromBuffer(kept(Second), 0, bytes.as_mut_ptr().cast(), 3) };
                note!("{}, {}", Name(read), Name(written));
                complete(e.request, STATUS_SUCCESS, 3);
            }),
        ],
        script: r#"
            plug
            open a
            control a neither "abc" 8
            | STATUS_SUCCESS 3 "cba"
            | too short: STATUS_BUFFER_TOO_SMALL
            | 3 in, 8 out, nothing locked: STATUS_INVALID_USER_BUFFER
            | nowhere: STATUS_ACCESS_VIOLATION
            | lock: STATUS_SUCCESS
            | STATUS_SUCCESS, STATUS_SUCCESS
            | enqueue: STATUS_SUCCESS
        "#,
        ..PLAIN
    }
}

pub const fn the_programs_buffers_outside_its_context() -> Experiment {
    Experiment {
        facts: "BUF5",
        verifier: "reports",
        means: "outside the caller's context the program's buffers cannot be had",
        set_up: |init| bench(init, PARALLEL, &[Control]),
        on: &[(Control, |e| {
            note!("{}", outcome(user_input(e.request, 1)));
            complete(e.request, STATUS_SUCCESS, 0);
        })],
        script: r#"
            plug
            open a
            control a neither "abc" 8
            | STATUS_SUCCESS 0
            | STATUS_INVALID_DEVICE_REQUEST
        "#,
        ..PLAIN
    }
}
