//! The model of the NT kernel: what a driver reaches besides the framework, and what the framework stands on.

pub(crate) mod buffer;
pub(crate) mod debug;
pub(crate) mod driver;
pub(crate) mod irp;
pub(crate) mod irql;
pub(crate) mod names;
pub(crate) mod pool;
pub(crate) mod routines;
mod spin;

use crate::framework::objects::Objects;
use crate::machine::Config;
use crate::machine::activity::Counts;
use crate::sched::Scheduler;
use crate::trace::Trace;
use crate::verifier::Verifier;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// One emulated system: everything that a [`Machine`](crate::Machine) owns.
pub(crate) struct Kernel {
    pub(crate) config: Config,
    random: Cell<u64>,
    pub(crate) sched: Scheduler,
    pub(crate) objects: Objects,
    pub(crate) pool: pool::Pool,
    pub(crate) names: names::Names,
    pub(crate) drivers: RefCell<Vec<Rc<driver::Driver>>>,
    pub(crate) debugger: debug::Debugger,
    pub(crate) verifier: Verifier,
    pub(crate) trace: Trace,
    pub(crate) counts: Counts,
    files: Cell<u32>,
    irps: Cell<u64>,
    /// The devices behind I/O ports.
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    pub(crate) ports: crate::image::trap::ports::PortSpace,
}

thread_local! {
    static CURRENT: Cell<*const Kernel> = const { Cell::new(std::ptr::null()) };
}

/// The machine whose thread runs now.
///
/// The reference is good until the calling job, API call or callback returns: whoever runs a machine keeps it
/// alive meanwhile. It must not be stored.
pub(crate) fn current() -> &'static Kernel {
    try_current().expect("a machine is running on this thread")
}

/// The machine whose thread runs now, if there is one; as [`current`].
pub(crate) fn try_current() -> Option<&'static Kernel> {
    // SAFETY: `enter` sets it for as long as the machine's code runs, with the machine borrowed.
    unsafe { CURRENT.get().as_ref() }
}

impl Kernel {
    pub(crate) fn new(config: Config) -> Self {
        crate::sched::fault::install();
        Self {
            random: Cell::new(config.seed),
            sched: Scheduler::new(config.processors),
            objects: Objects::default(),
            pool: pool::Pool::default(),
            names: names::Names::default(),
            drivers: RefCell::default(),
            debugger: debug::Debugger::default(),
            verifier: Verifier::default(),
            trace: Trace::new(config.trace),
            counts: Counts::default(),
            files: Cell::new(0),
            irps: Cell::new(0),
            #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
            ports: crate::image::trap::ports::PortSpace::default(),
            config,
        }
    }

    /// Makes this the thread's current machine while `body` runs.
    pub(crate) fn enter<R>(&self, body: impl FnOnce() -> R) -> R {
        struct Restore(*const Kernel);
        impl Drop for Restore {
            fn drop(&mut self) {
                CURRENT.set(self.0);
            }
        }
        let _restore = Restore(CURRENT.replace(self));
        body()
    }

    /// A number for a file that is opened.
    pub(crate) fn next_file(&self) -> u32 {
        self.files.set(self.files.get() + 1);
        self.files.get()
    }

    /// A number for a packet.
    pub(crate) fn next_irp(&self) -> u64 {
        self.irps.set(self.irps.get() + 1);
        self.irps.get()
    }

    /// The next random number (SplitMix64).
    pub(crate) fn random(&self) -> u64 {
        let state = self.random.get().wrapping_add(0x9E37_79B9_7F4A_7C15);
        self.random.set(state);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
}

impl Kernel {
    /// A random number below `count`.
    pub(crate) fn random_below(&self, count: u64) -> u64 {
        let random = self.random();
        if count.is_power_of_two() { random & (count - 1) } else { random % count }
    }
}

impl Drop for Kernel {
    fn drop(&mut self) {
        let this: *const Self = self;
        // SAFETY: still whole; its fields are dropped after this returns.
        let this = unsafe { &*this };
        this.enter(|| this.sched.abandon());
        this.names.clear();
        this.objects.clear();
    }
}
