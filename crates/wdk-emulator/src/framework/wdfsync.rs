//! Spin locks and wait locks.
//!
//! DDI header: `wdfsync.h`.

use super::objects::{Attributes, Body};
use super::status;
use crate::abi::{Bodies, Call};
use crate::kernel::irql;
use crate::sched::lock::{Mutex, SpinLock};
use crate::verifier::rules;
use wdk_sys::*;

/// A `WDFSPINLOCK`.
#[derive(Default)]
pub(crate) struct SpinLockObject {
    lock: SpinLock,
}

/// A `WDFWAITLOCK`.
#[derive(Default)]
pub(crate) struct WaitLockObject {
    lock: Mutex,
}

fn create<H>(call: &Call, attributes: PWDF_OBJECT_ATTRIBUTES, body: Body, place: *mut *mut H) -> NTSTATUS {
    // SAFETY: the driver passes attributes or null.
    let attributes = unsafe { Attributes::read(call, attributes) };
    status((|| {
        let attributes = attributes?;
        attributes.inherits_level_and_scope()?;
        let parent = super::wdfobject::parent_or_driver(call, &attributes);
        let object = call.create(body, call.driver(), parent, &attributes)?;
        call.give(place, object.handle());
        Ok(())
    })())
}

#[allow(non_snake_case)]
impl Bodies {
    pub(crate) fn WdfSpinLockCreate(
        call: &Call,
        SpinLockAttributes: PWDF_OBJECT_ATTRIBUTES,
        SpinLock: *mut WDFSPINLOCK,
    ) -> NTSTATUS {
        create(call, SpinLockAttributes, Body::SpinLock(SpinLockObject::default()), SpinLock)
    }

    pub(crate) fn WdfSpinLockAcquire(call: &Call, SpinLock: WDFSPINLOCK) {
        let lock = call.get::<SpinLockObject, _>(SpinLock);
        if lock.lock.acquire(call).is_err() {
            call.fatal(
                &rules::locks::SELF_DEADLOCK,
                format!("{} was acquired by the thread that holds it", lock.object.label()),
                lock.object.history(call),
            );
        }
    }

    pub(crate) fn WdfSpinLockRelease(call: &Call, SpinLock: WDFSPINLOCK) {
        let lock = call.get::<SpinLockObject, _>(SpinLock);
        if !lock.lock.owned_by_caller(call) {
            call.fatal(
                &rules::locks::NOT_OWNER,
                format!("{} was released by a thread that does not hold it", lock.object.label()),
                lock.object.history(call),
            );
        }
        lock.lock.release(call);
    }

    pub(crate) fn WdfWaitLockCreate(
        call: &Call,
        LockAttributes: PWDF_OBJECT_ATTRIBUTES,
        Lock: *mut WDFWAITLOCK,
    ) -> NTSTATUS {
        create(call, LockAttributes, Body::WaitLock(WaitLockObject::default()), Lock)
    }

    pub(crate) fn WdfWaitLockAcquire(call: &Call, Lock: WDFWAITLOCK, Timeout: PLONGLONG) -> NTSTATUS {
        let lock = call.get::<WaitLockObject, _>(Lock);
        // SAFETY: the driver passes a timeout or null.
        let timeout = if Timeout.is_null() { None } else { Some(unsafe { *Timeout }) };
        if timeout == Some(0) {
            return if lock.lock.try_acquire(call) { STATUS_SUCCESS } else { STATUS_TIMEOUT };
        }
        call.strict_irql(irql::PASSIVE, "it may wait");
        match timeout {
            None => {}
            Some(relative @ ..0) => {
                let due = call.now().saturating_add(relative.unsigned_abs());
                let acquired = lock.lock.acquire_until(call, due, "a wait lock");
                return if acquired { STATUS_SUCCESS } else { STATUS_TIMEOUT };
            }
            // The machine has no time of day.
            Some(_) => {
                let what = "WdfWaitLockAcquire with an absolute timeout";
                call.stop(crate::verifier::Verdict::not_modelled(call, what));
            }
        }
        if lock.lock.acquire(call, "a wait lock").is_err() {
            call.fatal(
                &rules::locks::SELF_DEADLOCK,
                format!("{} was acquired by the thread that holds it", lock.object.label()),
                lock.object.history(call),
            );
        }
        STATUS_SUCCESS
    }

    pub(crate) fn WdfWaitLockRelease(call: &Call, Lock: WDFWAITLOCK) {
        let lock = call.get::<WaitLockObject, _>(Lock);
        if !lock.lock.owned_by_caller(call) {
            call.fatal(
                &rules::locks::NOT_OWNER,
                format!("{} was released by a thread that does not hold it", lock.object.label()),
                lock.object.history(call),
            );
        }
        lock.lock.release(call);
    }
}
