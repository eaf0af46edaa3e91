//! Timers.
//!
//! DDI header: `wdftimer.h`.

use super::lock::{PresentationLock, Scope};
use super::objects::{Attributes, Body, Object, Ref};
use super::queue::Queue;
use super::wdfdevice::Device;
use super::{size_is, status};
use crate::abi::{Bodies, Call, callbacks};
use crate::kernel::irql;
use crate::kernel::{Kernel, current};
use crate::sched::lock::Event;
use crate::sched::thread::Role;
use crate::verifier::rules;
use std::cell::Cell;
use std::rc::Rc;
use wdk_sys::*;

/// A `WDFTIMER`.
pub(crate) struct Timer {
    callback: EVT_WDF_TIMER,
    /// In milliseconds; 0 for once.
    period: u32,
    passive: bool,
    lock: Option<Rc<PresentationLock>>,
    armed: Cell<Option<(u64, u64)>>,
    /// Callbacks that run or are queued to.
    running: Cell<u32>,
    /// A worker is queued for a passive callback and has not begun: ticks coalesce into it (`TWD1`).
    worker_queued: Cell<bool>,
    /// Thread that runs the callback.
    runner: Cell<Option<u32>>,
    disposed: Cell<bool>,
    /// Threads that stop it and wait; it cannot be started meanwhile.
    stopping: Cell<u32>,
    /// A start was refused for that reason.
    start_refused: Cell<bool>,
    idle: Event,
}

impl Timer {
    pub(crate) fn dispose(&self, k: &Kernel) {
        self.disposed.set(true);
        if let Some(key) = self.armed.take() {
            k.cancel_at(key);
        }
        self.wait_idle(k);
    }

    fn wait_idle(&self, k: &Kernel) {
        while self.running.get() > 0 && self.runner.get() != Some(k.thread().number) {
            self.idle.clear();
            self.idle.wait(k, "a timer callback to return");
        }
    }
}

/// The lock that automatic serialization takes for a child of a device or queue (`SYN5`).
pub(crate) fn serialization(
    parent: &Rc<Object>,
    automatic: bool,
    passive: bool,
) -> Result<Option<Rc<PresentationLock>>, NTSTATUS> {
    if !automatic {
        return Ok(None);
    }
    let (scope, parent_passive, lock) = match &parent.body {
        Body::Queue(queue) => (queue.scope, queue.passive, queue.lock.clone()),
        Body::Device(device) => {
            (device.constraints.scope, device.constraints.passive, Some(device.lock.clone()))
        }
        _ => return Ok(None),
    };
    if scope == Scope::None {
        return Ok(None);
    }
    if parent_passive != passive {
        return Err(STATUS_WDF_INCOMPATIBLE_EXECUTION_LEVEL);
    }
    Ok(lock)
}

fn fire(timer: Ref<Timer>) {
    let k = current();
    if timer.disposed.get() || timer.passive && timer.worker_queued.replace(true) {
        return;
    }
    timer.running.set(timer.running.get() + 1);
    let body = |timer: &Ref<Timer>| {
        let k = current();
        timer.worker_queued.set(false);
        if let Some(lock) = &timer.lock
            && lock.acquire(k).is_err()
        {
            super::lock_recursion(k, &timer.object);
        }
        timer.runner.set(Some(k.thread().number));
        if let Some(driver) = timer.object.driver.clone() {
            callbacks::EVT_WDF_TIMER(k, &driver, "EvtTimerFunc", timer.callback, timer.object.handle());
        }
        timer.runner.set(None);
        if let Some(lock) = &timer.lock {
            lock.release(k);
        }
        timer.running.set(timer.running.get() - 1);
        timer.idle.set(k);
    };
    if timer.passive {
        k.start_thread(Role::Worker, "timer", move || body(&timer));
    } else {
        k.queue_dpc(move || body(&timer));
    }
}

fn arm(k: &Kernel, timer: &Ref<Timer>, due: u64) {
    let this = timer.clone();
    let key = k.at(due, move || {
        this.armed.set(None);
        if this.period > 0 && this.stopping.get() == 0 && !this.disposed.get() {
            arm(current(), &this, due + u64::from(this.period) * 10_000);
        }
        fire(this.clone());
    });
    timer.armed.set(Some(key));
}

#[allow(non_snake_case)]
impl Bodies {
    pub(crate) fn WdfTimerCreate(
        call: &Call,
        Config: PWDF_TIMER_CONFIG,
        Attributes: PWDF_OBJECT_ATTRIBUTES,
        Timer: *mut WDFTIMER,
    ) -> NTSTATUS {
        // SAFETY: the driver passes a configuration; null was refused at the entry.
        let config = unsafe { &*Config };
        // SAFETY: the driver passes attributes; null was refused at the entry.
        let attributes = unsafe { Attributes::read(call, Attributes) };
        status((|| {
            size_is::<WDF_TIMER_CONFIG>(config.Size)?;
            let attributes = attributes?;
            let callback = config.EvtTimerFunc.ok_or(STATUS_INVALID_PARAMETER)?;
            let parent = parent_below_device(call, &attributes)?;
            if attributes.scope != _WDF_SYNCHRONIZATION_SCOPE::WdfSynchronizationScopeInheritFromParent {
                return Err(STATUS_WDF_SYNCHRONIZATION_SCOPE_INVALID);
            }
            let passive = attributes.execution_level == _WDF_EXECUTION_LEVEL::WdfExecutionLevelPassive;
            // `TWD1`
            if passive && config.Period > 0 {
                return Err(STATUS_NOT_SUPPORTED);
            }
            let lock = serialization(&parent, config.AutomaticSerialization != 0, passive)?;
            let timer = Timer {
                callback,
                period: config.Period,
                passive,
                lock,
                armed: Cell::new(None),
                running: Cell::new(0),
                worker_queued: Cell::new(false),
                runner: Cell::new(None),
                disposed: Cell::new(false),
                stopping: Cell::new(0),
                start_refused: Cell::new(false),
                idle: Event::default(),
            };
            let object =
                call.create(Body::Timer(Box::new(timer)), call.driver(), Some(parent), &attributes)?;
            call.give(Timer, object.handle());
            Ok(())
        })())
    }

    pub(crate) fn WdfTimerStart(call: &Call, Timer: WDFTIMER, DueTime: LONGLONG) -> BOOLEAN {
        let timer = call.get::<Timer, _>(Timer);
        if timer.stopping.get() > 0 {
            timer.start_refused.set(true);
            return 0;
        }
        let was_queued = match timer.armed.take() {
            Some(key) => call.cancel_at(key),
            None => false,
        };
        // Negative: relative to now. Otherwise a system time; this machine's began at 0.
        let due = if DueTime < 0 { call.now() + DueTime.unsigned_abs() } else { DueTime as u64 };
        timer.object.note(call, "started");
        arm(call, &timer, due);
        was_queued as BOOLEAN
    }

    pub(crate) fn WdfTimerStop(call: &Call, Timer: WDFTIMER, Wait: BOOLEAN) -> BOOLEAN {
        let timer = call.get::<Timer, _>(Timer);
        if Wait != 0 {
            call.strict_irql(irql::PASSIVE, "it waits for the callback");
            if timer.runner.get() == Some(call.thread().number) {
                call.violation_of(
                    &rules::timers::STOP_FROM_CALLBACK,
                    format!("{} was stopped, with a wait, from its own callback", timer.object.label()),
                    &timer.object,
                );
                return 0;
            }
        }
        let was_queued = match timer.armed.take() {
            Some(key) => call.cancel_at(key),
            None => false,
        };
        if Wait != 0 {
            timer.stopping.set(timer.stopping.get() + 1);
            timer.wait_idle(call);
            timer.stopping.set(timer.stopping.get() - 1);
            // A start that did not happen because of this is one that was stopped.
            return (was_queued | timer.start_refused.take()) as BOOLEAN;
        }
        was_queued as BOOLEAN
    }

    pub(crate) fn WdfTimerGetParentObject(call: &Call, Timer: WDFTIMER) -> WDFOBJECT {
        let timer = call.get::<Timer, _>(Timer);
        timer.object.parent().map_or(std::ptr::null_mut(), |parent| parent.handle())
    }
}

/// The parent of a timer or work item: something below a device.
pub(crate) fn parent_below_device(call: &Call, attributes: &Attributes) -> Result<Rc<Object>, NTSTATUS> {
    if attributes.parent.is_null() {
        return Err(STATUS_WDF_PARENT_NOT_SPECIFIED);
    }
    let parent = call.object(attributes.parent);
    if parent.nearest::<Device>().is_none() && parent.nearest::<Queue>().is_none() {
        return Err(STATUS_INVALID_DEVICE_REQUEST);
    }
    Ok(parent)
}
