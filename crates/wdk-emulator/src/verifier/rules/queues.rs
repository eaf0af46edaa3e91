//! Queues.

use crate::verifier::{Level, Rule};

/// A queue was told to stop, drain or purge while another such change was not complete.
pub static STATE_CHANGE_PENDING: Rule = Rule {
    id: "queue-state-change-pending",
    microsoft: "WDF_VIOLATION 0x10D/A (WDF_QUEUE_FATAL_ERROR)",
    means: "a queue was told to stop, drain or purge while another such change was not complete",
    help: "wait for the first change to complete",
    level: Level::Off,
};
