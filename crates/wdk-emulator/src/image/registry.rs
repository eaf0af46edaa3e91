//! The images of a thread, and what has to be so while the code of one runs.
//!
//! The signal handler asks here whether an interrupted address is an image's, so everything it uses is a cell.

use super::loader::Image;
use super::runtime;
use crate::kernel::irql;
use crate::verifier::Level;
use std::cell::Cell;
use std::rc::Rc;

thread_local! {
    /// The first image of this thread; each knows the next.
    static FIRST: Cell<*const Image> = const { Cell::new(std::ptr::null()) };
    /// The image whose code runs now.
    static RUNNING: Cell<*const Image> = const { Cell::new(std::ptr::null()) };
}

pub(super) fn add(image: &Rc<Image>) {
    image.next.set(FIRST.replace(Rc::as_ptr(image)));
}

pub(super) fn remove(image: &Image) {
    let this: *const Image = image;
    if RUNNING.get() == this {
        RUNNING.set(std::ptr::null());
    }
    let mut at = FIRST.get();
    if at == this {
        return FIRST.set(image.next.get());
    }
    while !at.is_null() {
        // SAFETY: images are in the list from when they are made until they are dropped, on one thread.
        let other = unsafe { &*at };
        if other.next.get() == this {
            return other.next.set(image.next.get());
        }
        at = other.next.get();
    }
}

/// The image whose code runs now. Good until the code of the driver returns.
pub(crate) fn running() -> Option<&'static Image> {
    // SAFETY: `Running` sets it while the driver, which owns the image, is borrowed.
    unsafe { RUNNING.get().as_ref() }
}

/// The image that has an address, if one of this thread has.
pub(super) fn find(address: usize) -> Option<&'static Image> {
    let mut at = FIRST.get();
    // SAFETY: as in `remove`.
    while let Some(image) = unsafe { at.as_ref() } {
        if image.addresses().contains(&address) {
            return Some(image);
        }
        at = image.next.get();
    }
    None
}

/// Whether an address is code that faults on behalf of an image.
pub(super) fn is_image_code(address: usize) -> bool {
    runtime::is_leaf(address) || find(address).is_some()
}

/// The code of a driver is about to run on this thread, until this is dropped.
pub(crate) struct Running {
    outer: *const Image,
    traps_tsc: bool,
}

impl Running {
    pub(crate) fn new(image: *const Image) -> Self {
        let outer = RUNNING.replace(image);
        let mut traps_tsc = false;
        // SAFETY: the context that names the image belongs to a driver that owns it.
        if let Some(image) = unsafe { image.as_ref() } {
            if image.has_pageable {
                let k = crate::kernel::current();
                let done = image.trim(k.irql() >= irql::DISPATCH && k.verifies(Level::Standard));
                assert!(done, "the protection of pageable sections cannot be changed (mprotect is refused)");
            }
            if image.reads_tsc {
                traps_tsc = trap_tsc(true);
                assert!(
                    traps_tsc,
                    "`rdtsc` cannot be made to trap (PR_SET_TSC is refused), and the image uses it"
                );
            }
        }
        Self { outer, traps_tsc }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.traps_tsc {
            trap_tsc(false);
        }
        RUNNING.set(self.outer);
    }
}

/// Makes `rdtsc` trap on this thread, or not. The emulator's own code, and the vDSO that it reads clocks with, run
/// with it enabled.
fn trap_tsc(trap: bool) -> bool {
    let mode = if trap { libc::PR_TSC_SIGSEGV } else { libc::PR_TSC_ENABLE };
    // SAFETY: changes one bit of this thread's state; nothing but driver code runs until it is changed back.
    unsafe { libc::prctl(libc::PR_SET_TSC, libc::c_ulong::from(mode as u32), 0, 0, 0) == 0 }
}

/// Brings back a pageable section that the model itself touches, such as a string of the driver's that it reads.
/// Safe in a signal handler. `false` if the address is in none.
pub(crate) fn page_in(address: usize) -> bool {
    match find(address) {
        Some(image) if image.trimmed.get() => {
            let pageable =
                image.section(address - image.base() as usize).is_some_and(|section| section.pageable);
            pageable && image.trim(false)
        }
        _ => false,
    }
}
