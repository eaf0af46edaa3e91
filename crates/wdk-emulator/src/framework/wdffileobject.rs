//! File objects.
//!
//! DDI header: `wdffileobject.h`.

use crate::abi::{Bodies, Call};
use wdk_sys::*;

/// A `WDFFILEOBJECT`.
pub(crate) struct FileObject {
    pub(crate) device: std::rc::Weak<super::objects::Object>,
}

#[allow(non_snake_case)]
impl Bodies {
    pub(crate) fn WdfFileObjectGetDevice(call: &Call, FileObject: WDFFILEOBJECT) -> WDFDEVICE {
        let file = call.get::<FileObject, _>(FileObject);
        file.device.upgrade().map_or(std::ptr::null_mut(), |device| device.handle())
    }
}
