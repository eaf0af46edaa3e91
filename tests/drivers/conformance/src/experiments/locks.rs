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
