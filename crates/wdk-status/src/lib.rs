//! The names of status codes (`NTSTATUS`).
//!
//! A crate of its own, because the raw API (`wdk-sys`) makes a driver of whatever links it, and programs that talk to
//! drivers name statuses too.

#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

#[rustfmt::skip]
mod names;

use alloc::format;
use alloc::string::String;

pub use names::STATUS_NAMES;

/// The usual name of a status, if it has one.
pub fn status_name(status: i32) -> Option<&'static str> {
    let found = STATUS_NAMES.binary_search_by_key(&status, |(value, _)| *value).ok()?;
    Some(STATUS_NAMES[found].1)
}

/// A status as reports have it: its name, if it has one, with its number.
pub fn describe(status: i32) -> String {
    match status_name(status) {
        Some(name) => format!("{name} ({status:#010X})"),
        None => format!("{status:#010X}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_found_by_its_value() {
        assert!(STATUS_NAMES.is_sorted_by(|(left, _), (right, _)| left < right), "sorted, no value twice");
        assert!(STATUS_NAMES.len() > 1000);
        for (value, name) in STATUS_NAMES {
            assert_eq!(status_name(*value), Some(*name));
        }
    }

    #[test]
    fn a_description_has_the_number() {
        assert_eq!(describe(0), "STATUS_SUCCESS (0x00000000)");
        assert_eq!(describe(0xC000_0120_u32.cast_signed()), "STATUS_CANCELLED (0xC0000120)");
        assert_eq!(describe(0x7FFF_FFFF), "0x7FFFFFFF");
    }
}
