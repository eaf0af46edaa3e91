//! Memory objects.

use super::prelude::*;
use core::ptr::null_mut;

/// Copies bytes out of memory: them, or the status.
fn copy_out(memory: WDFMEMORY, offset: usize, count: usize) -> Buffer<40> {
    let (mut bytes, mut text) = ([0_u8; 8], Buffer::new());
    // SAFETY: the framework checks the handle; nothing that is copied is longer than the buffer.
    let status = unsafe { WdfMemoryCopyToBuffer(memory, offset, bytes.as_mut_ptr().cast(), count.min(8)) };
    match status {
        STATUS_SUCCESS => text.push(&bytes[..count.min(8)]),
        status => {
            let _ = core::fmt::write(&mut text, format_args!("{}", Name(status)));
        }
    }
    text
}

/// Copies bytes into memory.
fn copy_in(memory: WDFMEMORY, offset: usize, bytes: &mut [u8]) -> Name {
    // SAFETY: the framework checks the handle; the buffer has these bytes.
    Name(unsafe { WdfMemoryCopyFromBuffer(memory, offset, bytes.as_mut_ptr().cast(), bytes.len()) })
}

pub const fn copies() -> Experiment {
    Experiment {
        facts: "MEM1",
        means: "copying more than there is from the offset on copies nothing, and so does copying no bytes",
        set_up: |init| bench(init, PARALLEL, &[Write]),
        on: &[(Write, |e| {
            let mut memory = null_mut();
            // SAFETY: the driver owns the request.
            note!("{}", Name(unsafe { WdfRequestRetrieveInputMemory(e.request, &mut memory) }));
            for (offset, count) in [(0, 5), (3, 2), (3, 3), (5, 1), (usize::MAX, 1), (0, 0)] {
                note!("{}", copy_out(memory, offset, count));
            }
            complete(e.request, STATUS_SUCCESS, 5);
        })],
        commands: &[("own", || {
            let mut own = null_mut();
            let pool = _POOL_TYPE::NonPagedPoolNx;
            // SAFETY: attributes, and a place for the handle; the buffer's address is not asked for.
            let status = unsafe {
                WdfMemoryCreate(WDF_NO_OBJECT_ATTRIBUTES, pool, 0x6466_6E43, 4, &mut own, null_mut())
            };
            note!("create: {}", Name(status));
            note!("four bytes: {}", copy_in(own, 0, &mut b"abcd".clone()));
            note!("four bytes from 1: {}", copy_in(own, 1, &mut b"abcd".clone()));
            note!("no bytes: {}", copy_in(own, 0, &mut []));
            note!("two bytes from 2: {}", copy_in(own, 2, &mut b"ab".clone()));
            note!("{}", copy_out(own, 0, 4));
            delete(own);
        })],
        script: r#"
            plug
            open a
            write a "hello"
            | STATUS_SUCCESS 5
            | STATUS_SUCCESS
            | hello
            | lo
            | STATUS_BUFFER_TOO_SMALL
            | STATUS_BUFFER_TOO_SMALL
            | STATUS_BUFFER_TOO_SMALL
            | STATUS_INVALID_PARAMETER
            call own
            | create: STATUS_SUCCESS
            | four bytes: STATUS_SUCCESS
            | four bytes from 1: STATUS_INVALID_BUFFER_SIZE
            | no bytes: STATUS_INVALID_PARAMETER
            | two bytes from 2: STATUS_SUCCESS
            | abab
        "#,
        ..PLAIN
    }
}

/// An object over bytes that outlive it.
fn over(bytes: &mut [u8]) -> Result<WDFMEMORY, NTSTATUS> {
    let mut memory = null_mut();
    let (start, length) = (bytes.as_mut_ptr().cast(), bytes.len());
    // SAFETY: the callers' bytes outlive the object.
    check(unsafe { WdfMemoryCreatePreallocated(WDF_NO_OBJECT_ATTRIBUTES, start, length, &mut memory) })?;
    Ok(memory)
}

pub const fn memory_of_the_drivers() -> Experiment {
    Experiment {
        facts: "MEM2",
        means: "an object over memory of the driver's can be given other memory, and none of no size",
        commands: &[("create", || {
            let (mut first, mut second) = (*b"first", *b"2nd");
            note!("empty: {}", outcome(over(&mut [])));
            let memory = over(&mut first).unwrap();
            note!("{}", copy_out(memory, 1, 4));
            // SAFETY: the bytes outlive the object.
            let status = unsafe { WdfMemoryAssignBuffer(memory, second.as_mut_ptr().cast(), 3) };
            note!("assign: {}", Name(status));
            note!("{}", copy_out(memory, 0, 3));
            note!("{}", copy_out(memory, 0, 4));
            delete(memory);
        })],
        script: "
            plug
            call create
            | empty: STATUS_INVALID_PARAMETER
            | irst
            | assign: STATUS_SUCCESS
            | 2nd
            | STATUS_BUFFER_TOO_SMALL
        ",
        ..PLAIN
    }
}
