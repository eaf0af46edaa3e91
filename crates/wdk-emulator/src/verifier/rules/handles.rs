//! Handles and pointers that API calls are given.

use crate::verifier::{Level, Rule};

/// An API function was given a handle of the wrong type.
pub static WRONG_HANDLE: Rule = Rule {
    id: "wrong-handle",
    microsoft: "WDF_VIOLATION 0x10D/5 (WDF_INVALID_HANDLE)",
    means: "an API function was given a handle of the wrong type",
    help: "pass the handle that the function asks for",
    level: Level::Off,
};

/// An API function was given NULL where it needs a pointer.
pub static NULL_ARGUMENT: Rule = Rule {
    id: "null-argument",
    microsoft: "WDF_VIOLATION 0x10D/4 (WDF_REQUIRED_PARAMETER_IS_NULL)",
    means: "an API function was given NULL where it needs a pointer",
    help: "pass a valid pointer",
    level: Level::Off,
};

/// A function was given a pointer that leads nowhere.
pub static BAD_POINTER: Rule = Rule {
    id: "bad-pointer",
    microsoft: "PAGE_FAULT_IN_NONPAGED_AREA (0x50), SYSTEM_SERVICE_EXCEPTION (0x3B)",
    means: "a function was given a pointer to memory that is not there",
    help: "look for a value that was never initialised, or a member that was",
    level: Level::Off,
};

/// An object was used after it was deleted.
pub static USE_AFTER_DELETION: Rule = Rule {
    id: "use-after-deletion",
    microsoft: "WDF_VIOLATION 0x10D/5, or memory corruption",
    means: "an object was used after it was deleted",
    help: "keep a reference (WdfObjectReference), or do not use the handle after its cleanup",
    level: Level::Off,
};
