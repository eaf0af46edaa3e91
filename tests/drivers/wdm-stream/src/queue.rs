//! Requests that wait, and can be cancelled meanwhile.

use core::sync::atomic::{AtomicPtr, Ordering};
use wdk_sys::*;

/// More than any exerciser has threads.
const CAPACITY: usize = 256;

/// A queue, used under the device's lock. Zeros are an empty one.
#[repr(C)]
pub struct Queue {
    first: usize,
    count: usize,
    irps: [PIRP; CAPACITY],
}

/// What a request that was cancelled is completed with.
pub const fn status_of_cancel() -> NTSTATUS {
    STATUS_CANCELLED
}

impl Queue {
    /// Takes a request, or says with which status it is to be completed at once.
    pub fn push(
        &mut self,
        irp: PIRP,
        cancel: unsafe extern "C" fn(PDEVICE_OBJECT, PIRP),
    ) -> Option<NTSTATUS> {
        if self.count == CAPACITY {
            return Some(STATUS_INSUFFICIENT_RESOURCES);
        }
        set_cancel_routine(irp, cancel as *mut ());
        // SAFETY: the request is the driver's until it is completed.
        let is_cancelled = unsafe { (&raw const (*irp).Cancel).read_volatile() } != 0;
        // If its cancel routine is gone, that runs, and completes the request when it gets the lock.
        if is_cancelled && !set_cancel_routine(irp, core::ptr::null_mut()).is_null() {
            return Some(status_of_cancel());
        }
        self.irps[(self.first + self.count) % CAPACITY] = irp;
        self.count += 1;
        None
    }

    /// Takes the first request out if it is as wanted. It cannot be cancelled any more.
    pub fn pop_if(&mut self, wanted: impl Fn(PIRP) -> bool) -> Option<PIRP> {
        while self.count > 0 {
            let irp = self.irps[self.first];
            if !wanted(irp) {
                return None;
            }
            self.first = (self.first + 1) % CAPACITY;
            self.count -= 1;
            // Without a cancel routine it is being cancelled: it is that one's.
            if !set_cancel_routine(irp, core::ptr::null_mut()).is_null() {
                return Some(irp);
            }
        }
        None
    }

    /// Forgets a request, if it is here.
    pub fn remove(&mut self, irp: PIRP) {
        let place = |index: usize| (self.first + index) % CAPACITY;
        let Some(found) = (0..self.count).find(|&index| self.irps[place(index)] == irp) else { return };
        for index in found..self.count - 1 {
            self.irps[(self.first + index) % CAPACITY] = self.irps[(self.first + index + 1) % CAPACITY];
        }
        self.count -= 1;
    }
}

/// `IoSetCancelRoutine`, which is inline in C. Returns the routine that was set before.
fn set_cancel_routine(irp: PIRP, routine: *mut ()) -> *mut () {
    // SAFETY: takes a place of a request that is the driver's until it is completed.
    let place = unsafe { &raw mut (*irp).CancelRoutine }.cast::<*mut ()>();
    // SAFETY: a routine is a pointer, null for none, and the system exchanges it in the same way.
    unsafe { AtomicPtr::from_ptr(place) }.swap(routine, Ordering::SeqCst)
}
