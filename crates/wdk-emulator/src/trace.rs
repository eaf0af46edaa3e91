//! What happened in a run, line by line, in virtual time. The same seed gives the same trace, byte for byte:
//! no address, host time or hash order gets into it.

use crate::kernel::Kernel;
use std::cell::RefCell;
use std::fmt::Write as _;

/// The lines of a run, if they are wanted.
pub(crate) struct Trace {
    lines: Option<RefCell<String>>,
}

impl Trace {
    pub(crate) fn new(enabled: bool) -> Self {
        Self { lines: enabled.then(RefCell::default) }
    }

    /// Adds a line; `text` is not evaluated unless a trace is wanted.
    #[inline(always)]
    pub(crate) fn event(&self, k: &Kernel, text: impl FnOnce() -> String) {
        if let Some(lines) = &self.lines {
            add(lines, k, text);
        }
    }

    pub(crate) fn take(&self) -> String {
        self.lines.as_ref().map(RefCell::take).unwrap_or_default()
    }
}

/// Out of the way of runs without a trace.
#[cold]
#[inline(never)]
fn add(lines: &RefCell<String>, k: &Kernel, text: impl FnOnce() -> String) {
    let text = text();
    let mut lines = lines.borrow_mut();
    let now = k.now();
    let _ = write!(lines, "{:>6}.{:07} ", now / 10_000_000, now % 10_000_000);
    if k.on_thread() {
        let thread = k.thread();
        let _ =
            write!(lines, "cpu{} irql{} {:<24} ", thread.processor.get(), thread.irql.get(), thread.label());
    } else {
        let _ = write!(lines, "{:<35} ", "-");
    }
    lines.push_str(&text);
    lines.push('\n');
}
