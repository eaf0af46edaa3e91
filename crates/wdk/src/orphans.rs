//! Parked requests whose tokens were dropped: a DPC of the device fails them.
//!
//! DDI header: `wdfrequest.h`.

use crate::Error;
use crate::delivery::{RequestBase, refuse};
use crate::device::DeviceBase;
use crate::object::dereference;
use crate::park::unmark;
use crate::stop_acknowledge::leave;
use core::ptr::NonNull;
use core::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed};

impl DeviceBase {
    /// Puts a claimed request on the list that the device's DPC completes.
    ///
    /// # Safety
    ///
    /// The request is claimed, one of the device's, and the caller gives its reference away. Its context's
    /// `handle` is set.
    pub(crate) unsafe fn adopt(&self, request: NonNull<RequestBase>) {
        let Some(facts) = self.head.facts() else {
            return;
        };
        let dpc = facts.orphans_dpc;
        // The DPC can run for another token, and the device go, before it is enqueued below.
        // SAFETY: the request keeps the device and its DPC alive until it is on the list.
        unsafe { dpc.reference() };
        let _ = self.orphans.fetch_update(AcqRel, Acquire, |head| {
            // SAFETY: the caller's reference keeps the context.
            unsafe { request.as_ref() }.next.store(head, Relaxed);
            Some(request.as_ptr())
        });
        // When the DPC is closed already, it has run since, and the list was empty after that.
        // SAFETY: referenced above.
        unsafe { dpc.enqueue() };
        // SAFETY: the reference of above.
        unsafe { dpc.dereference() };
    }

    /// Fails all requests on the list.
    ///
    /// # Safety
    ///
    /// Called by the device's DPC.
    pub(crate) unsafe fn fail_orphans(&self) {
        let mut next = self.orphans.swap(core::ptr::null_mut(), AcqRel);
        while let Some(context) = NonNull::new(next) {
            // SAFETY: the list holds a reference.
            let this = unsafe { context.as_ref() };
            next = this.next.load(Relaxed);
            let handle = this.handle.load(Relaxed);
            // SAFETY: claimed when it was put on the list, which holds a reference.
            if unsafe { unmark(handle, context) } {
                leave(this);
                // SAFETY: the driver owns it, and nobody else has it.
                unsafe { refuse(handle, Error::INTERNAL_ERROR) };
            }
            // SAFETY: the list's reference; the context is not looked at any more.
            unsafe { dereference(handle.cast()) };
        }
    }
}
