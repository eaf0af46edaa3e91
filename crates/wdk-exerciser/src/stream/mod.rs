//! The streaming job: writers send a file through a device in frames, readers put it together again.
//!
//! A [`Job`] is what the threads of a run share: what was sent, what came back, and what came of each request. It asks
//! nothing of where it runs but two files ([`Storage`]) and the time.

pub mod frame;
mod job;
mod reassembly;
mod storage;
#[cfg(test)]
mod tests;

pub use frame::Layout;
pub use job::{Job, Next, Requests, Tally, Turn, Written};
pub use storage::{FileError, Returned, Source, Storage};

use core::time::Duration;

/// A read is a little longer than a frame, so that it cuts frames.
pub const READ_BEYOND_FRAME: usize = 13;
/// How long the supervisor looks away between two calls of [`Job::look`].
pub const LOOK_AWAY: Duration = Duration::from_millis(100);
/// How long a reader waits that got nothing, from a device that does not wait for data itself.
pub const NOTHING_THERE: Duration = Duration::from_micros(100);
