//! How a machine is made.

use super::Machine;
use crate::kernel::Kernel;
use crate::verifier::Level;
use std::rc::Rc;

/// How a machine is made.
#[derive(Debug, Clone)]
pub struct Config {
    /// Decides every choice of the run.
    pub seed: u64,
    /// Virtual processors, 1 to 8. Two by default: enough for callbacks to overlap.
    pub processors: usize,
    /// What the verifier checks.
    pub verifier: Level,
    /// Whether a trace is kept.
    pub trace: bool,
    /// Longest run of API calls before another thread may go on.
    pub quantum: u64,
}

impl Default for Config {
    fn default() -> Self {
        Self { seed: 1, processors: 2, verifier: Level::Standard, trace: false, quantum: 16 }
    }
}

/// Makes a [`Machine`].
#[derive(Debug, Clone, Default)]
#[must_use = "call `build`"]
pub struct Builder {
    pub(super) config: Config,
}

impl Builder {
    /// Sets the seed of the run. The same driver, scenario and seed give the same run.
    pub fn seed(mut self, seed: u64) -> Self {
        self.config.seed = seed;
        self
    }

    /// Sets the number of virtual processors.
    ///
    /// # Panics
    ///
    /// Unless there are 1 to 8.
    pub fn processors(mut self, count: usize) -> Self {
        assert!((1..=8).contains(&count), "a machine has 1 to 8 processors");
        self.config.processors = count;
        self
    }

    /// Sets what is verified.
    pub fn verifier(mut self, level: Level) -> Self {
        self.config.verifier = level;
        self
    }

    /// Keeps a trace, which [`Machine::take_trace`] returns.
    pub fn trace(mut self) -> Self {
        self.config.trace = true;
        self
    }

    /// Sets the longest run of API calls before another thread may go on; 1 tries a switch at every call.
    ///
    /// # Panics
    ///
    /// If it is 0.
    pub fn quantum(mut self, calls: u64) -> Self {
        assert!(calls > 0, "a thread makes at least one call before another goes on");
        self.config.quantum = calls;
        self
    }

    /// Makes the machine.
    pub fn build(self) -> Machine {
        Machine { kernel: Rc::new(Kernel::new(self.config)) }
    }
}
