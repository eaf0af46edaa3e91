//! Kernel threads and running DPCs.

use super::stacks::Stacks;
use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// Work for a thread or a DPC.
pub(crate) trait Work {
    /// Does it, once.
    fn run(self: Rc<Self>);
}

/// Work that waits for a thread, or for the time at which it is due.
pub(crate) type Job = Rc<dyn Work>;

/// A closure as work.
struct Closure<F>(Cell<Option<F>>);

impl<F: FnOnce()> Work for Closure<F> {
    fn run(self: Rc<Self>) {
        if let Some(body) = self.0.take() {
            body();
        }
    }
}

/// Work that `body` does.
pub(crate) fn job(body: impl FnOnce() + 'static) -> Job {
    Rc::new(Closure(Cell::new(Some(body))))
}

/// What a thread is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// A thread of an application, inside a system call or between two.
    Application,
    /// A system worker thread.
    Worker,
    /// The plug-and-play manager's thread.
    Pnp,
    /// Not a thread: a DPC that runs on some processor.
    Dpc,
}

/// Whether a thread can run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// It has no work.
    Idle,
    /// It can run.
    Ready,
    /// It runs, or is bound to a processor because its IRQL is raised.
    Running,
    /// It waits to be woken.
    Blocked,
    /// It spins on a lock.
    Spinning,
}

/// A kernel thread, or a DPC that runs.
pub(crate) struct Thread {
    /// Number in traces and verdicts.
    pub(crate) number: u32,
    pub(crate) role: Cell<Role>,
    pub(crate) name: RefCell<Cow<'static, str>>,
    pub(crate) state: Cell<State>,
    pub(crate) irql: Cell<u8>,
    /// Processor that it runs on, or last ran on.
    pub(crate) processor: Cell<usize>,
    /// Nesting of critical regions.
    pub(crate) critical: Cell<u32>,
    /// What it waits for, in words, for verdicts about runs that cannot go on.
    pub(crate) waits_for: Cell<&'static str>,
    pub(crate) woken: Cell<bool>,
    /// The innermost API call that it is inside of.
    pub(crate) call: Cell<Option<&'static str>>,
    /// The innermost callback that it is inside of.
    pub(crate) callback: Cell<Option<&'static str>>,
    pub(crate) stacks: Stacks,
}

impl Thread {
    pub(crate) fn new(number: u32) -> Rc<Self> {
        Rc::new(Self {
            number,
            role: Cell::new(Role::Application),
            name: RefCell::default(),
            state: Cell::new(State::Idle),
            irql: Cell::new(0),
            processor: Cell::new(0),
            critical: Cell::new(0),
            waits_for: Cell::new(""),
            woken: Cell::new(false),
            call: Cell::new(None),
            callback: Cell::new(None),
            stacks: Stacks::new(),
        })
    }

    /// How traces and verdicts call it.
    pub(crate) fn label(&self) -> String {
        match self.role.get() {
            Role::Dpc => format!("DPC on processor {}", self.processor.get()),
            _ => format!("thread {} ({})", self.number, self.name.borrow()),
        }
    }
}
