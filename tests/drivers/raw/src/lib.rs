//! Drivers against the raw API, most of which break one rule when a program asks for it.
//!
//! Linked, each is a `DriverModule` of its own. As an image they are one file, whose `DriverEntry` becomes the driver
//! that the service is named after.

#![no_std]
// The drivers are what the tests say about them.
#![allow(missing_docs, clippy::missing_safety_doc)]

use wdk_panic as _;

pub mod joints;
pub mod plumbing;
pub mod pointers;
pub mod rules;

#[cfg(not(linked))]
mod image {
    use super::{joints, pointers, rules};
    use wdk_sys::binding::DriverEntry;
    use wdk_sys::*;

    /// The driver of a service.
    fn driver(service: &[u16]) -> Option<DriverEntry> {
        let mut all = rules::ALL.iter().chain(joints::ALL).chain(pointers::ALL);
        let (_, entry) = all.find(|(name, _)| name.encode_utf16().eq(service.iter().copied()))?;
        Some(*entry)
    }

    /// # Safety
    ///
    /// Called once by the system.
    #[unsafe(export_name = "DriverEntry")]
    unsafe extern "C" fn driver_entry(object: PDRIVER_OBJECT, path: PCUNICODE_STRING) -> NTSTATUS {
        // SAFETY: the system passes a valid string.
        let UNICODE_STRING { Length, Buffer, .. } = unsafe { *path };
        // SAFETY: the string has that many units.
        let path_units = unsafe { core::slice::from_raw_parts(Buffer, usize::from(Length) / 2) };
        let service = path_units.rsplit(|&unit| unit == u16::from(b'\\')).next().unwrap_or_default();
        match driver(service) {
            // SAFETY: the system's call, passed on.
            Some(entry) => unsafe { entry(object, path) },
            None => STATUS_OBJECT_NAME_NOT_FOUND,
        }
    }
}
