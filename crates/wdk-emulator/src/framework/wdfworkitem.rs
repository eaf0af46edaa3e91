//! Work items.
//!
//! DDI header: `wdfworkitem.h`.

use super::lock::PresentationLock;
use super::objects::{Body, Ref};
use super::wdftimer::{parent_below_device, serialization};
use super::{size_is, status};
use crate::abi::{Bodies, Call, callbacks};
use crate::kernel::{Kernel, current};
use crate::sched::lock::Event;
use crate::sched::thread::Role;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wdk_sys::*;

/// A `WDFWORKITEM`.
pub(crate) struct WorkItem {
    callback: EVT_WDF_WORKITEM,
    lock: Option<Rc<PresentationLock>>,
    queued: Cell<bool>,
    /// Threads that run the callback.
    runners: RefCell<Vec<u32>>,
    idle: Event,
}

impl WorkItem {
    pub(crate) fn dispose(&self, k: &Kernel) {
        self.flush(k);
    }

    /// `TWD2`: from its own callback it returns at once.
    fn flush(&self, k: &Kernel) {
        let me = k.thread().number;
        while (self.queued.get() || !self.runners.borrow().is_empty()) && !self.runners.borrow().contains(&me)
        {
            self.idle.clear();
            self.idle.wait(k, "a work item to finish");
        }
    }
}

#[allow(non_snake_case)]
impl Bodies {
    pub(crate) fn WdfWorkItemCreate(
        call: &Call,
        Config: PWDF_WORKITEM_CONFIG,
        Attributes: PWDF_OBJECT_ATTRIBUTES,
        WorkItem: *mut WDFWORKITEM,
    ) -> NTSTATUS {
        // SAFETY: the driver passes a configuration; null was refused at the entry.
        let config = unsafe { &*Config };
        // SAFETY: the driver passes attributes; null was refused at the entry.
        let attributes = unsafe { super::objects::Attributes::read(call, Attributes) };
        status((|| {
            size_is::<WDF_WORKITEM_CONFIG>(config.Size)?;
            let attributes = attributes?;
            attributes.inherits_level_and_scope()?;
            let callback = config.EvtWorkItemFunc.ok_or(STATUS_INVALID_PARAMETER)?;
            let parent = parent_below_device(call, &attributes)?;
            let lock = serialization(&parent, config.AutomaticSerialization != 0, true)?;
            let item = WorkItem {
                callback,
                lock,
                queued: Cell::new(false),
                runners: RefCell::default(),
                idle: Event::default(),
            };
            let object = call.create(Body::WorkItem(item), call.driver(), Some(parent), &attributes)?;
            call.give(WorkItem, object.handle());
            Ok(())
        })())
    }

    pub(crate) fn WdfWorkItemEnqueue(call: &Call, WorkItem: WDFWORKITEM) {
        let item = call.get::<WorkItem, _>(WorkItem);
        if item.queued.replace(true) {
            return;
        }
        let item: Ref<WorkItem> = item.clone();
        call.start_thread(Role::Worker, "work item", move || {
            let k = current();
            item.queued.set(false);
            let me = k.thread().number;
            item.runners.borrow_mut().push(me);
            if let Some(lock) = &item.lock
                && lock.acquire(k).is_err()
            {
                super::lock_recursion(k, &item.object);
            }
            if let Some(driver) = item.object.driver.clone() {
                let handle = item.object.handle();
                callbacks::EVT_WDF_WORKITEM(k, &driver, "EvtWorkItem", item.callback, handle);
            }
            if let Some(lock) = &item.lock {
                lock.release(k);
            }
            item.runners.borrow_mut().retain(|&runner| runner != me);
            item.idle.set(k);
        });
    }

    pub(crate) fn WdfWorkItemFlush(call: &Call, WorkItem: WDFWORKITEM) {
        call.get::<WorkItem, _>(WorkItem).flush(call);
    }

    pub(crate) fn WdfWorkItemGetParentObject(call: &Call, WorkItem: WDFWORKITEM) -> WDFOBJECT {
        let item = call.get::<WorkItem, _>(WorkItem);
        item.object.parent().map_or(std::ptr::null_mut(), |parent| parent.handle())
    }
}
