//! Locks.

use crate::verifier::{Level, Rule};

/// A presentation lock was acquired twice by one thread.
pub static RECURSIVE: Rule = Rule {
    id: "recursive-lock",
    microsoft: "WDF_VIOLATION 0x10D/2 (WDF_RECURSIVE_LOCK)",
    means: "a presentation lock was acquired twice by one thread",
    help: "callbacks of a queue with a synchronization scope hold its lock already",
    level: Level::Off,
};

/// A lock was acquired by the thread that holds it.
pub static SELF_DEADLOCK: Rule = Rule {
    id: "self-deadlock",
    microsoft: "KmdfSpinLock; SPIN_LOCK_ALREADY_OWNED (0xF)",
    means: "a lock was acquired by the thread that holds it",
    help: "these locks are not recursive: release it first",
    level: Level::Off,
};

/// A lock was released by a thread that does not hold it.
pub static NOT_OWNER: Rule = Rule {
    id: "lock-not-owner",
    microsoft: "WDF_VIOLATION 0x10D/B (WDF_LOCK)",
    means: "a lock was released by a thread that does not hold it",
    help: "release a lock where it was acquired",
    level: Level::Off,
};

/// A lock function was used on an object that has no lock.
pub static NO_LOCK: Rule = Rule {
    id: "no-lock",
    microsoft: "WDF_VIOLATION 0x10D/B/0",
    means: "a lock function was used on an object that has no lock",
    help: "give the object a synchronization scope",
    level: Level::Off,
};
