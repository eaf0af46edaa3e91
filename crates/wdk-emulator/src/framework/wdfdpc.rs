//! Deferred procedure calls.
//!
//! DDI header: `wdfdpc.h`.

use super::lock::PresentationLock;
use super::objects::{Attributes, Body, Ref};
use super::wdftimer::{parent_below_device, serialization};
use super::{size_is, status};
use crate::abi::{Bodies, Call, callbacks};
use crate::kernel::{Kernel, current, irql};
use crate::sched::lock::Event;
use crate::verifier::rules;
use std::cell::Cell;
use std::rc::Rc;
use wdk_sys::*;

/// A `WDFDPC`.
pub(crate) struct Dpc {
    callback: EVT_WDF_DPC,
    lock: Option<Rc<PresentationLock>>,
    /// The enqueueing that has not run yet; one that is cancelled finds another number here.
    queued: Cell<Option<u64>>,
    enqueued: Cell<u64>,
    running: Cell<u32>,
    disposed: Cell<bool>,
    idle: Event,
}

impl Dpc {
    /// Its cleanup waits for the DPC if that is queued or runs (`TWD5`).
    pub(crate) fn dispose(&self, k: &Kernel) {
        self.disposed.set(true);
        self.wait_idle(k);
    }

    fn wait_idle(&self, k: &Kernel) {
        while (self.running.get() > 0 || self.queued.get().is_some()) && k.irql() < irql::DISPATCH {
            self.idle.clear();
            self.idle.wait(k, "a DPC to return");
        }
    }
}

#[allow(non_snake_case)]
impl Bodies {
    pub(crate) fn WdfDpcCreate(
        call: &Call,
        Config: PWDF_DPC_CONFIG,
        Attributes: PWDF_OBJECT_ATTRIBUTES,
        Dpc: *mut WDFDPC,
    ) -> NTSTATUS {
        // SAFETY: the driver passes a configuration; null was refused at the entry.
        let config = unsafe { &*Config };
        // SAFETY: the driver passes attributes; null was refused at the entry.
        let attributes = unsafe { Attributes::read(call, Attributes) };
        status((|| {
            size_is::<WDF_DPC_CONFIG>(config.Size)?;
            let attributes = attributes?;
            attributes.inherits_level_and_scope()?;
            let callback = config.EvtDpcFunc.ok_or(STATUS_INVALID_PARAMETER)?;
            let parent = parent_below_device(call, &attributes)?;
            let lock = serialization(&parent, config.AutomaticSerialization != 0, false)?;
            let body = Body::Dpc(Dpc {
                callback,
                lock,
                queued: Cell::new(None),
                enqueued: Cell::new(0),
                running: Cell::new(0),
                disposed: Cell::new(false),
                idle: Event::default(),
            });
            let object = call.create(body, call.driver(), Some(parent), &attributes)?;
            call.give(Dpc, object.handle());
            Ok(())
        })())
    }

    pub(crate) fn WdfDpcEnqueue(call: &Call, Dpc: WDFDPC) -> BOOLEAN {
        let dpc: Ref<Dpc> = call.get(Dpc);
        // `TWD5`: the cleanup does not wait for this one, and nothing keeps it from running after that.
        if dpc.disposed.get() {
            call.fatal(
                &rules::handles::USE_AFTER_DELETION,
                format!("{} was enqueued after its cleanup began", dpc.object.label()),
                dpc.object.history(call),
            );
        }
        // `TWD3`
        if dpc.queued.get().is_some() {
            return 0;
        }
        let number = dpc.enqueued.get() + 1;
        dpc.enqueued.set(number);
        dpc.queued.set(Some(number));
        dpc.object.note(call, "enqueued");
        call.queue_dpc(move || {
            if dpc.queued.get() != Some(number) {
                return;
            }
            dpc.queued.set(None);
            let k = current();
            dpc.running.set(dpc.running.get() + 1);
            if let Some(lock) = &dpc.lock
                && lock.acquire(k).is_err()
            {
                super::lock_recursion(k, &dpc.object);
            }
            if let Some(driver) = dpc.object.driver.clone() {
                callbacks::EVT_WDF_DPC(k, &driver, "EvtDpcFunc", dpc.callback, dpc.object.handle());
            }
            if let Some(lock) = &dpc.lock {
                lock.release(k);
            }
            dpc.running.set(dpc.running.get() - 1);
            dpc.idle.set(k);
        });
        1
    }

    pub(crate) fn WdfDpcCancel(call: &Call, Dpc: WDFDPC, Wait: BOOLEAN) -> BOOLEAN {
        let dpc: Ref<Dpc> = call.get(Dpc);
        if Wait != 0 {
            call.strict_irql(irql::PASSIVE, "it waits for the DPC");
        }
        let was_queued = dpc.queued.take().is_some();
        if Wait != 0 {
            dpc.wait_idle(call);
        }
        was_queued as BOOLEAN
    }

    pub(crate) fn WdfDpcGetParentObject(call: &Call, Dpc: WDFDPC) -> WDFOBJECT {
        let dpc: Ref<Dpc> = call.get(Dpc);
        dpc.object.parent().map_or(std::ptr::null_mut(), |parent| parent.handle())
    }
}
