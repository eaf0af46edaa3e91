//! Status codes by name.

use super::{NTSTATUS, STATUS_NAMES};

/// The usual name of a status, if it has one.
pub fn status_name(status: NTSTATUS) -> Option<&'static str> {
    let found = STATUS_NAMES.binary_search_by_key(&status, |(value, _)| *value).ok()?;
    Some(STATUS_NAMES[found].1)
}
