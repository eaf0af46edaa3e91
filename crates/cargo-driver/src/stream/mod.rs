//! The streaming job in the emulated machine. What is sent and what came back is `wdk_exerciser`'s business.

mod files;
mod threads;

pub use files::{HostFile, Returned, Source, returned, source};
pub use threads::{Arrivals, completion, run};

use std::cell::RefCell;
use std::rc::Rc;

/// What is called from time to time while the job runs: keeps traces and debug output from piling up.
pub type Drain = Rc<dyn Fn()>;

/// The job, which its threads share.
pub type Shared = Rc<RefCell<Job>>;
/// A job on files of this host.
pub type Job = wdk_exerciser::stream::Job<HostFile>;
