//! Locks of the driver's own.

use super::prelude::*;
use core::ptr::null_mut;

pub const fn wait_locks() -> Experiment {
    Experiment {
        facts: "TWD4",
        means: "a wait lock is not recursive, and a timeout is a success status",
        commands: &[("lock", || {
            let mut lock = null_mut();
            // SAFETY: a place for the handle.
            note!("create: {}", Name(unsafe { WdfWaitLockCreate(WDF_NO_OBJECT_ATTRIBUTES, &mut lock) }));
            for (what, mut timeout) in [("free", 0), ("held", 0), ("held, for a while", -100_000)] {
                // SAFETY: the lock was created; a time limit.
                let status = unsafe { WdfWaitLockAcquire(lock, &mut timeout) };
                note!("{what}: {}, success: {}", Name(status), NT_SUCCESS(status));
            }
            // SAFETY: acquired above.
            unsafe { WdfWaitLockRelease(lock) };
            delete(lock);
        })],
        script: "
            plug
            call lock
            | create: STATUS_SUCCESS
            | free: STATUS_SUCCESS, success: true
            | held: STATUS_TIMEOUT, success: true
            | held, for a while: STATUS_TIMEOUT, success: true
        ",
        ..PLAIN
    }
}

/// `WdfWaitLockAcquire`, for so many milliseconds; notes what it says, and releases what it got.
fn acquire(milliseconds: i64) {
    let mut timeout = -10_000 * milliseconds;
    // SAFETY: the lock was created; a time limit.
    let status = unsafe { WdfWaitLockAcquire(kept(First), &mut timeout) };
    note!("for {milliseconds} milliseconds: {}", Name(status));
    if status == STATUS_SUCCESS {
        // SAFETY: acquired above.
        unsafe { WdfWaitLockRelease(kept(First)) };
    }
}

pub const fn waiting_for_a_wait_lock() -> Experiment {
    Experiment {
        facts: "TWD4",
        means: "who waits for a wait lock gets it when it is released, or gives up when the time is over",
        commands: &[
            ("create", || {
                let mut lock = null_mut();
                // SAFETY: a place for the handle.
                let status = unsafe { WdfWaitLockCreate(WDF_NO_OBJECT_ATTRIBUTES, &mut lock) };
                note!("create: {}", Name(status));
                keep(First, lock);
            }),
            ("hold", || {
                // SAFETY: the lock was created; no time limit.
                let status = unsafe { WdfWaitLockAcquire(kept(First), null_mut()) };
                note!("hold: {}", Name(status));
                wait_for(Gate);
                // SAFETY: acquired above.
                unsafe { WdfWaitLockRelease(kept(First)) };
            }),
            ("short", || acquire(50)),
            ("long", || acquire(5000)),
            ("go", || set(Gate, 1)),
            ("delete", || delete::<WDFWAITLOCK__>(kept(First))),
        ],
        script: "
            plug
            call create
            | create: STATUS_SUCCESS
            thread 1 = call hold
            sleep 50
            | hold: STATUS_SUCCESS
            call short
            | for 50 milliseconds: STATUS_TIMEOUT
            thread 2 = call long
            sleep 50
            look 2
            | 2: pending
            call go
            await 1 2
            | 1: STATUS_SUCCESS 0
            | 2: STATUS_SUCCESS 0
            | for 5000 milliseconds: STATUS_SUCCESS
            call delete
        ",
        ..PLAIN
    }
}
