//! Objects that timers and work items can belong to.

use crate::device::DeviceRef;
use crate::queue::QueueRef;
use crate::{Device, IoQueue};
use wdk_sys::WDFOBJECT;

mod sealed {
    pub trait Sealed {}
    impl<Q: crate::IoQueue> Sealed for crate::QueueRef<Q> {}
    impl<D: crate::Device> Sealed for crate::DeviceRef<D> {}
}

/// A [`QueueRef`] or [`DeviceRef`], as the parent of a [`Timer`](crate::Timer) or [`WorkItem`](crate::WorkItem).
///
/// A parent lives as long as its children's callbacks run: the framework waits for them before it destroys it.
pub trait Parent: sealed::Sealed + 'static {
    #[doc(hidden)]
    fn object(&self) -> WDFOBJECT;

    /// The parent of a handle; `None` while its context is not in place.
    ///
    /// # Safety
    ///
    /// The handle is of an object of this kind and context, which lives for `'a`.
    #[doc(hidden)]
    unsafe fn from_object<'a>(object: WDFOBJECT) -> Option<&'a Self>;
}

impl<Q: IoQueue> Parent for QueueRef<Q> {
    fn object(&self) -> WDFOBJECT {
        self.handle().cast()
    }

    unsafe fn from_object<'a>(object: WDFOBJECT) -> Option<&'a Self> {
        // SAFETY: a queue with that context, as the caller promises.
        unsafe { Self::ready(object.cast()) }
    }
}

impl<D: Device> Parent for DeviceRef<D> {
    fn object(&self) -> WDFOBJECT {
        self.handle().cast()
    }

    unsafe fn from_object<'a>(object: WDFOBJECT) -> Option<&'a Self> {
        // SAFETY: a device with that context, as the caller promises.
        unsafe { Self::ready(object.cast()) }
    }
}
