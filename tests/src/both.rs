//! One test body, two runs: with the driver linked into the test, and with the `.sys` file built from the same source.

use crate::images;
use std::path::PathBuf;
use wdk_build::{Arch, Profile};
use wdk_emulator::{DriverModule, Machine, Result};

/// A driver that is a crate of this workspace.
pub struct Driver {
    /// The directory of its package.
    pub package: &'static str,
    /// Its service's name. A package of several drivers tells by it which one to be.
    pub service: &'static str,
    /// The driver as it is linked into the test.
    pub linked: &'static DriverModule,
}

/// How a driver gets into the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Compiled into the test.
    Linked,
    /// As a finished `.sys` file, optimised as a user ships it.
    Image,
}

impl Form {
    /// Loads a driver. The image is built first, once for each test program.
    ///
    /// # Errors
    ///
    /// As `Machine::load` and `Machine::load_image`.
    ///
    /// # Panics
    ///
    /// When the image cannot be built.
    pub fn load(self, machine: &Machine, driver: &Driver) -> Result<wdk_emulator::Driver> {
        self.load_named(machine, driver, driver.service)
    }

    /// As [`load`](Self::load), under another service name.
    ///
    /// # Errors
    ///
    /// As [`load`](Self::load).
    ///
    /// # Panics
    ///
    /// As [`load`](Self::load).
    pub fn load_named(self, machine: &Machine, driver: &Driver, name: &str) -> Result<wdk_emulator::Driver> {
        match self {
            Self::Linked => machine.load_named(driver.linked, name),
            Self::Image => load_image(machine, driver, name),
        }
    }
}

#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
fn load_image(machine: &Machine, driver: &Driver, name: &str) -> Result<wdk_emulator::Driver> {
    let image = machine.map_image(built(driver))?.named(name);
    // SAFETY: an image built from a driver of this workspace: code that the test would run linked, too.
    unsafe { machine.start_image(image) }
}

#[cfg(not(all(target_os = "linux", target_arch = "x86_64")))]
fn load_image(_: &Machine, driver: &Driver, _: &str) -> Result<wdk_emulator::Driver> {
    panic!("`{}` cannot run: images run on Linux x86-64 only", built(driver).display())
}

fn built(driver: &Driver) -> PathBuf {
    let built = images::build(driver.package, Arch::X86_64, Profile::Release);
    built.expect("tests of images are ignored where none can be built").image
}

/// Makes two tests of each function: `linked::NAME` and `image::NAME`. The functions take a [`Form`]. Attributes of a
/// name are those of its tests.
///
/// Where no Windows target was found, the tests of images are reported as ignored. A function that is not named here
/// is dead code, of which the compiler warns.
#[macro_export]
macro_rules! both_ways {
    ($( $(#[$meta:meta])* $test:ident ),* $(,)?) => {
        mod linked {
            $(
                $(#[$meta])*
                #[test]
                fn $test() -> impl ::std::process::Termination {
                    super::$test($crate::both::Form::Linked)
                }
            )*
        }

        #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
        mod image {
            $(
                $(#[$meta])*
                #[test]
                #[cfg_attr(not(wdk_images), ignore = "SKIPPED: no Windows target")]
                fn $test() -> impl ::std::process::Termination {
                    super::$test($crate::both::Form::Image)
                }
            )*
        }
    };
}
