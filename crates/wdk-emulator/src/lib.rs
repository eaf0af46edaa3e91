//! A test machine for Windows drivers: a deterministic model of the NT kernel and of KMDF, with a verifier.
//!
//! A driver that is linked into a test runs here as it would in Windows: it is loaded, gets a device, serves an
//! application's reads, writes and controls, and is removed and unloaded. The [verifier] watches and stops the
//! run at the first thing that the driver must not do, with a [`Verdict`] that names the rule, what happened,
//! what led to it, and the seed with which the run repeats.
//!
//! ```no_run
//! # fn test(driver: &'static wdk_emulator::DriverModule) -> wdk_emulator::Result {
//! use wdk_emulator::Machine;
//!
//! let machine = Machine::new();
//! let driver = machine.load(driver)?;
//! let device = driver.plug(r"ROOT\COUNTER")?;
//! let file = machine.open(r"\\.\Counter")?;
//! assert_eq!(file.write(b"hello")?, 5);
//! file.close()?;
//! device.remove()?; // what the driver still owns, or leaked, is a verdict here
//! machine.finish()
//! # }
//! ```
//!
//! # What is modelled
//!
//! `docs/design/scope.md` says it. Whatever is not modelled stops the run with "not modelled: NAME", which is
//! not a bug in the driver. Driver code between two API calls is atomic, and memory is sequentially consistent.

#![allow(clippy::missing_safety_doc)]

mod abi;
pub mod coverage;
mod framework;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod image;
mod kernel;
mod machine;
mod sched;
mod trace;
pub mod verifier;

#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
#[doc(hidden)]
pub use image::fuzz as fuzz_image;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
pub use image::{ImageError, Ports, Width};
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
pub use machine::MappedImage;
pub use machine::error::{Error, Result};
pub use machine::file::{Completion, File, Overlapped};
pub use machine::{Activity, Builder, Config, Device, Driver, Machine, Thread};
pub use verifier::{Kind, Level, Rule, Verdict};
pub use wdk_sys::GUID;
pub use wdk_sys::linked::DriverModule;
