//! The verifier: watches what drivers do and stops the run at the first thing they must not do.
//!
//! A rule is a small file in [`rules`]: its id, the name that Microsoft uses for it, what it means and what to
//! do. The model calls the check of a rule where the event happens; most rules are checked at the entry of API
//! calls, on completion of requests, and when objects go away.

pub(crate) mod place;
pub mod rules;
pub(crate) mod verdict;
pub mod windows;

pub(crate) use verdict::irql_name;
pub use verdict::{Kind, Rule, Verdict};

use crate::kernel::Kernel;
use std::cell::{Cell, RefCell};
use std::fmt;

/// How much is verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Level {
    /// Only what is fatal on Windows without a verifier (`WDF_VIOLATION`, memory that is not there), and what
    /// would leave the model undefined.
    Off,
    /// The rules of KMDF Verifier and the standard options of Driver Verifier.
    #[default]
    Standard,
    /// Also the rules that cost time or that some sound drivers break.
    All,
}

impl Level {
    /// Parses `off`, `standard` or `all`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "off" => Some(Self::Off),
            "standard" => Some(Self::Standard),
            "all" => Some(Self::All),
            _ => None,
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Off => "off",
            Self::Standard => "standard",
            Self::All => "all",
        })
    }
}

/// The verifier's state in one machine.
#[derive(Default)]
pub(crate) struct Verifier {
    stopped: Cell<bool>,
    verdict: RefCell<Option<Box<Verdict>>>,
}

impl Kernel {
    /// Whether the run is over.
    pub(crate) fn stopped(&self) -> bool {
        self.verifier.stopped.get()
    }

    /// Records the verdict that ends the run. The first one counts.
    pub(crate) fn record(&self, verdict: Verdict) {
        if !self.verifier.stopped.replace(true) {
            self.trace.event(self, || format!("stopped: {}", verdict.title));
            *self.verifier.verdict.borrow_mut() = Some(Box::new(verdict));
        }
    }

    /// The verdict that ended the run.
    pub(crate) fn verdict(&self) -> Option<Box<Verdict>> {
        self.verifier.verdict.borrow().clone()
    }

    /// Whether rules of this level are checked.
    pub(crate) fn verifies(&self, level: Level) -> bool {
        self.config.verifier >= level
    }

    /// Stops the run because a driver broke a rule, if the rule is checked at the machine's level.
    #[cold]
    pub(crate) fn violation(&self, rule: &'static Rule, effect: impl Into<String>, cause: impl Into<String>) {
        if self.verifies(rule.level) {
            let verdict = Verdict::driver_bug(self, rule, effect.into(), cause.into());
            if self.on_thread() {
                self.stop(verdict);
            }
            self.record(verdict);
        }
    }
}
