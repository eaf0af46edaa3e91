//! Interrupt request levels.

use crate::kernel::Kernel;
use crate::verifier::verdict::irql_name;
use crate::verifier::{Level, Rule};

/// An API function was called at an IRQL at which it must not be called.
pub static IRQL: Rule = Rule {
    id: "irql",
    microsoft: "KmdfIrql, KmdfIrql2; IRQL_NOT_LESS_OR_EQUAL (0xA)",
    means: "an API function was called at an IRQL at which it must not be called",
    help: "move the call to where the IRQL allows it, or to a work item",
    level: Level::Standard,
};

/// A callback returned at another IRQL than it was called at.
pub static NOT_RESTORED: Rule = Rule {
    id: "irql-not-restored",
    microsoft: "WDF_VIOLATION 0x10D/E",
    means: "a callback returned at another IRQL than it was called at",
    help: "release what was acquired before the callback returns",
    level: Level::Standard,
};

/// A callback returned inside a critical region that it entered, or outside one that it did not.
pub static CRITICAL_REGION: Rule = Rule {
    id: "critical-region-not-restored",
    microsoft: "WDF_VIOLATION 0x10D/F",
    means: "a callback returned inside a critical region that it entered, or outside one that it did not",
    help: "pair entering and leaving (a wait lock that is held counts)",
    level: Level::Standard,
};

/// Why the IRQL is what it is, as far as the model knows.
pub(crate) fn why_raised(k: &Kernel) -> String {
    let thread = k.thread();
    match thread.callback.get() {
        Some(callback) => format!("{callback} runs at {} here", irql_name(thread.irql.get())),
        None => String::new(),
    }
}

/// A callback returned at another IRQL than it was called at.
pub(crate) fn not_restored(k: &Kernel, callback: &str, before: u8, after: u8) {
    let effect = format!("{callback} returned at {}", irql_name(after));
    k.violation(&NOT_RESTORED, effect, format!("it was called at {}", irql_name(before)));
}

/// A callback returned in another critical region than it was called in.
pub(crate) fn critical_region(k: &Kernel, callback: &str) {
    k.violation(&CRITICAL_REGION, format!("{callback} returned with a critical region entered or left"), "");
}
