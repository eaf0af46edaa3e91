//! The presentation lock: what serializes the callbacks of a device or of a queue.

use crate::kernel::Kernel;
use crate::sched::lock::{Mutex, Recursion, SpinLock};
use std::cell::Cell;

/// The lock of an object with a synchronization scope (`SYN2`): a spin lock, or for passive-level callbacks a
/// mutex in a critical region.
pub(crate) enum PresentationLock {
    Spin(SpinLock),
    Mutex(Mutex),
}

impl PresentationLock {
    pub(crate) fn new(passive: bool) -> Self {
        if passive { Self::Mutex(Mutex::default()) } else { Self::Spin(SpinLock::default()) }
    }

    pub(crate) fn owned_by_caller(&self, k: &Kernel) -> bool {
        match self {
            Self::Spin(lock) => lock.owned_by_caller(k),
            Self::Mutex(lock) => lock.owned_by_caller(k),
        }
    }

    pub(crate) fn acquire(&self, k: &Kernel) -> Result<(), Recursion> {
        match self {
            Self::Spin(lock) => lock.acquire(k),
            Self::Mutex(lock) => lock.acquire(k, "a presentation lock"),
        }
    }

    pub(crate) fn release(&self, k: &Kernel) {
        match self {
            Self::Spin(lock) => lock.release(k),
            Self::Mutex(lock) => lock.release(k),
        }
    }
}

/// The level and scope of an object after inheritance (`SYN1`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Constraints {
    pub(crate) passive: bool,
    pub(crate) scope: Scope,
}

/// Whose lock serializes callbacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    None,
    Queue,
    Device,
}

impl Constraints {
    /// KMDF's defaults for a driver.
    pub(crate) const DRIVER: Self = Self { passive: false, scope: Scope::None };

    /// What an object's attributes make of its parent's constraints.
    pub(crate) fn inherit(self, attributes: &super::objects::Attributes) -> Self {
        use wdk_sys::{_WDF_EXECUTION_LEVEL as Level, _WDF_SYNCHRONIZATION_SCOPE as S};
        Self {
            passive: match attributes.execution_level {
                Level::WdfExecutionLevelPassive => true,
                Level::WdfExecutionLevelDispatch => false,
                _ => self.passive,
            },
            scope: match attributes.scope {
                S::WdfSynchronizationScopeDevice => Scope::Device,
                S::WdfSynchronizationScopeQueue => Scope::Queue,
                S::WdfSynchronizationScopeNone => Scope::None,
                _ => self.scope,
            },
        }
    }
}

/// Something that is counted while callbacks run.
pub(crate) struct Counted<'a>(&'a Cell<u32>);

impl<'a> Counted<'a> {
    pub(crate) fn new(counter: &'a Cell<u32>) -> Self {
        counter.set(counter.get() + 1);
        Self(counter)
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}
