//! Timers.

use crate::verifier::{Level, Rule};

/// WdfTimerStop with a wait was called from the timer callback, which it would wait for.
pub static STOP_FROM_CALLBACK: Rule = Rule {
    id: "timer-stop-from-callback",
    microsoft: "KMDF Verifier",
    means: "WdfTimerStop with a wait was called from the timer callback, which it would wait for",
    help: "stop it without waiting",
    level: Level::Standard,
};
