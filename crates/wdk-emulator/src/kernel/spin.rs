//! Kernel spin locks and raised IRQL.

use crate::abi::{Bodies, Call};
use crate::kernel::irql;
use crate::verifier::rules;
use wdk_sys::*;

/// The value of a lock that the calling thread holds.
fn mine(call: &Call) -> KSPIN_LOCK {
    KSPIN_LOCK::from(call.thread().number) + 1
}

fn acquire(call: &Call, lock: PKSPIN_LOCK) {
    call.counts.locks.add_one();
    let mine = mine(call);
    call.writable("`SpinLock`", lock, 1);
    loop {
        // SAFETY: the driver passes its lock, in memory that is resident at DISPATCH_LEVEL.
        let value = unsafe { lock.read_volatile() };
        match value {
            0 => break,
            value if value == mine => call.fatal(
                &rules::locks::SELF_DEADLOCK,
                format!("`{}` was called for a lock that the thread holds", call.entry.name),
                Vec::new(),
            ),
            _ => call.spin("a kernel spin lock"),
        }
    }
    // SAFETY: as above.
    unsafe { lock.write_volatile(mine) };
}

fn release(call: &Call, lock: PKSPIN_LOCK) {
    call.writable("`SpinLock`", lock, 1);
    // SAFETY: the driver passes its lock.
    if unsafe { lock.read_volatile() } != mine(call) {
        call.fatal(
            &rules::locks::NOT_OWNER,
            format!("`{}` was called for a lock that the thread does not hold", call.entry.name),
            Vec::new(),
        );
    }
    // SAFETY: as above.
    unsafe { lock.write_volatile(0) };
}

#[allow(non_snake_case)]
impl Bodies {
    pub(crate) fn KeAcquireSpinLockRaiseToDpc(call: &Call, SpinLock: PKSPIN_LOCK) -> KIRQL {
        let previous = call.irql();
        call.set_irql(irql::DISPATCH);
        acquire(call, SpinLock);
        previous
    }

    pub(crate) fn KeReleaseSpinLock(call: &Call, SpinLock: PKSPIN_LOCK, NewIrql: KIRQL) {
        release(call, SpinLock);
        call.set_irql(NewIrql);
    }

    pub(crate) fn KeAcquireSpinLockAtDpcLevel(call: &Call, SpinLock: PKSPIN_LOCK) {
        acquire(call, SpinLock);
    }

    pub(crate) fn KeReleaseSpinLockFromDpcLevel(call: &Call, SpinLock: PKSPIN_LOCK) {
        release(call, SpinLock);
    }

    pub(crate) fn KfRaiseIrql(call: &Call, NewIrql: KIRQL) -> KIRQL {
        let previous = call.irql();
        if NewIrql < previous {
            call.violation(
                &rules::irql::IRQL,
                format!("`KfRaiseIrql` was asked to lower the IRQL from {previous} to {NewIrql}"),
                String::new(),
            );
        }
        call.set_irql(NewIrql);
        previous
    }

    pub(crate) fn KeLowerIrql(call: &Call, NewIrql: KIRQL) {
        if NewIrql > call.irql() {
            call.violation(
                &rules::irql::IRQL,
                format!("`KeLowerIrql` was asked to raise the IRQL from {} to {NewIrql}", call.irql()),
                String::new(),
            );
        }
        call.set_irql(NewIrql);
    }
}
