//! The framework in safe Rust, in the emulator: what its types promise, with the drivers of `tests/drivers/safe`.

mod caller;
mod contexts;
mod dpc;
mod files;
mod framework;
mod memory;
mod notices;
mod parking;
mod queues;
mod request_contexts;
mod sleeping;

use wdk_emulator::{Machine, Result};
use wdk_tests::both::{Driver, Form};

static DRIVERS: Driver =
    Driver { package: "tests/drivers/safe", service: "none of them", linked: &safe_drivers::DRIVER };

/// Loads one of the drivers: its name, and what it is to do behind it.
fn load(form: Form, machine: &Machine, service: &str) -> Result<wdk_emulator::Driver> {
    form.load_named(machine, &DRIVERS, service)
}

/// What a driver noted: the lines that it printed.
#[derive(Debug)]
struct Notes(Vec<String>);

impl Notes {
    /// What it noted so far, unless that was read already.
    fn of(machine: &Machine) -> Self {
        Self(machine.take_debug_output())
    }

    /// Reads on.
    fn read(&mut self, machine: &Machine) {
        self.0.extend(machine.take_debug_output());
    }

    fn last(&self) -> Option<&str> {
        self.0.last().map(String::as_str)
    }

    fn count(&self, what: &str) -> usize {
        self.0.iter().filter(|line| *line == what).count()
    }

    /// The number of values that were made and are not dropped.
    fn live(&self) -> usize {
        let starting = |with: &str| self.0.iter().filter(|line| line.starts_with(with)).count();
        starting("make ").checked_sub(starting("drop ")).expect("what is dropped was made")
    }

    /// Everything but the beginnings of values.
    fn events(&self) -> Vec<&str> {
        self.0.iter().map(String::as_str).filter(|line| !line.starts_with("make ")).collect()
    }
}
