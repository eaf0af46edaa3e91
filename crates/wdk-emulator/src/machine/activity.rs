//! What a machine has done so far, in numbers.

use super::Machine;
use std::cell::Cell;

/// What a machine has done so far, in numbers: the difference of two says what a request costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Activity {
    /// API functions that drivers called. `KeGetCurrentIrql` is none: it reads a register.
    pub api_calls: u64,
    /// Callbacks of drivers that were called.
    pub callbacks: u64,
    /// Locks that were acquired: presentation locks, and those of drivers.
    pub locks: u64,
}

/// Counts of a machine.
#[derive(Default)]
pub(crate) struct Counts {
    pub(crate) api_calls: Count,
    pub(crate) callbacks: Count,
    pub(crate) locks: Count,
}

/// A number that grows.
#[derive(Default)]
pub(crate) struct Count(Cell<u64>);

impl Count {
    #[inline]
    pub(crate) fn add_one(&self) {
        self.0.set(self.0.get() + 1);
    }
}

impl Machine {
    /// What the machine has done so far.
    pub fn activity(&self) -> Activity {
        let counts = &self.kernel.counts;
        Activity {
            api_calls: counts.api_calls.0.get(),
            callbacks: counts.callbacks.0.get(),
            locks: counts.locks.0.get(),
        }
    }
}
