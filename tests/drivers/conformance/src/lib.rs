//! The driver's side of the conformance kit: experiments that show how the framework behaves.
//!
//! Its first device is the desk ([`desk`]), through which a program selects an experiment; the next device that is
//! plugged in serves it. An experiment is written against the raw API, as the framework's callers are, so that nothing
//! stands between it and what it shows.
//!
//! To add one, write a function beside the others in [`experiments`](mod@experiments) and put its name on the list there.

#![no_std]
// The experiments say what they are about, and the framework checks handles: these wrappers dereference none.
#![allow(missing_docs, clippy::missing_safety_doc, clippy::not_unsafe_ptr_arg_deref)]

use wdk_panic as _;

pub mod bench;
pub mod callbacks;
pub mod ddi;
pub mod desk;
pub mod experiment;
pub mod experiments;
pub mod notebook;
pub mod state;

#[cfg(linked)]
wdk_sys::driver_module!(pub DRIVER = desk::entry);

#[cfg(not(linked))]
mod image {
    use wdk_sys::*;

    /// # Safety
    ///
    /// Called once by the system.
    #[unsafe(export_name = "DriverEntry")]
    unsafe extern "C" fn driver_entry(object: PDRIVER_OBJECT, path: PCUNICODE_STRING) -> NTSTATUS {
        // SAFETY: the system's call, passed on.
        unsafe { crate::desk::entry(object, path) }
    }
}
