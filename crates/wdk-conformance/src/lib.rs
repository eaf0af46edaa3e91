//! Experiments that show how the driver framework behaves, wherever it runs.
//!
//! An experiment has two sides. The driver's side is code: callbacks, and commands that the user's side calls. The
//! user's side is a [`Script`], a text of steps and of the lines that each is expected to bring about:
//!
//! ```text
//! plug
//! open a
//! 1 = write a "first"
//! 2 = write a "second"
//! | write first
//! call complete
//! | write second
//! await 1
//! | 1: STATUS_SUCCESS 0
//! ```
//!
//! [`perform`] takes the steps on a [`Host`], which is the emulator or a Windows. Both write the same [`Results`], so
//! that a difference is a fact about one of them. The driver hands out its experiments itself ([`protocol`]): a program
//! that knows none of them can perform those of any build.

#![no_std]
#![forbid(unsafe_code)]

#[cfg(feature = "host")]
extern crate alloc;

pub mod protocol;

#[cfg(feature = "host")]
mod perform;
#[cfg(feature = "host")]
mod results;
#[cfg(feature = "host")]
mod script;

#[cfg(feature = "host")]
pub use perform::{Completion, Host, Stop, experiments, framework, perform};
#[cfg(feature = "host")]
pub use results::{Difference, Outcome, Results, StepDifference};
#[cfg(feature = "host")]
pub use script::{Action, Expected, Experiment, Mistake, Request, Script, Step, Verifier};
