//! The names of status codes (`NTSTATUS`).
//!
//! A crate of its own, because the raw API (`wdk-sys`) makes a driver of whatever links it, and programs that talk to
//! drivers name statuses too. It needs no memory: a driver that has no allocator links it as well.

#![no_std]
#![forbid(unsafe_code)]

#[rustfmt::skip]
mod names;

use core::fmt;

pub use names::STATUS_NAMES;

/// The usual name of a status, if it has one.
pub fn status_name(status: i32) -> Option<&'static str> {
    let found = STATUS_NAMES.binary_search_by_key(&status, |(value, _)| *value).ok()?;
    Some(STATUS_NAMES[found].1)
}

/// A status as reports have it: its name, if it has one, with its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Described(pub i32);

impl fmt::Display for Described {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match status_name(self.0) {
            Some(name) => write!(f, "{name} ({:#010X})", self.0),
            None => write!(f, "{:#010X}", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::*;
    use std::string::ToString as _;

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
        assert_eq!(Described(0).to_string(), "STATUS_SUCCESS (0x00000000)");
        assert_eq!(Described(0xC000_0120_u32.cast_signed()).to_string(), "STATUS_CANCELLED (0xC0000120)");
        assert_eq!(Described(0x7FFF_FFFF).to_string(), "0x7FFFFFFF");
    }
}
