//! File objects.
//!
//! DDI header: `wdffileobject.h`.

use super::objects::{Is, Object, Ref};
use super::queue;
use super::wdfdevice::Device;
use crate::abi::{Bodies, Call};
use crate::kernel::{Kernel, current};
use crate::sched::thread::Role;
use std::cell::Cell;
use std::rc::{Rc, Weak};
use wdk_sys::*;

/// A `WDFFILEOBJECT`.
pub(crate) struct FileObject {
    pub(crate) device: Weak<Object>,
    /// Requests that are not done.
    pub(crate) outstanding: Cell<u32>,
    /// The application has no handle any more.
    pub(crate) cleaned_up: Cell<bool>,
}

/// The application closed its handle: cleanup cancels what is queued (`CAN6`), and the file is closed when its
/// last request is done (`MSC3`).
pub(crate) fn cleanup(k: &Kernel, object: &Rc<Object>, number: u32) {
    let Some(file) = FileObject::of(&object.body) else { return };
    if let Some(device) = file.device.upgrade().map(Ref::<Device>::new) {
        let queues = device.queues.borrow().clone();
        for queue in queues {
            queue::cancel_file(k, &queue, number);
        }
    }
    file.cleaned_up.set(true);
    if file.outstanding.get() == 0 {
        close(k, object);
    }
}

/// A request of the file is done.
pub(crate) fn request_done(k: &Kernel, object: &Rc<Object>) {
    let Some(file) = FileObject::of(&object.body) else { return };
    file.outstanding.set(file.outstanding.get() - 1);
    if file.outstanding.get() == 0 && file.cleaned_up.get() {
        let object = object.clone();
        k.start_thread(Role::Worker, "close", move || close(current(), &object));
    }
}

fn close(k: &Kernel, object: &Rc<Object>) {
    let device = FileObject::of(&object.body).and_then(|file| file.device.upgrade()).map(Ref::<Device>::new);
    k.delete(object);
    if let Some(device) = device {
        super::pnp::file_closed(k, &device);
    }
}

#[allow(non_snake_case)]
impl Bodies {
    pub(crate) fn WdfFileObjectGetDevice(call: &Call, FileObject: WDFFILEOBJECT) -> WDFDEVICE {
        let file = call.get::<FileObject, _>(FileObject);
        file.device.upgrade().map_or(std::ptr::null_mut(), |device| device.handle())
    }
}
