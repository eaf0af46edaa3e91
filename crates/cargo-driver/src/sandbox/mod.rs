//! Runs somebody's native code so that it can do nothing but compute.
//!
//! A driver's code runs in the kernel and makes no system calls, so a driver image needs none of the host's. It
//! runs in a process of its own ([`process`] starts and watches it), which opens what it needs, maps the image and
//! then gives up everything else, in layers that do not rely on each other:
//!
//! * [`limits`]: no inherited descriptors, an end when the command ends, limits of memory and of what can be opened;
//! * [`landlock`]: no file can be opened, no port be connected, no process outside be signalled;
//! * [`callers`]: no system call from the image's own code, whichever it is;
//! * [`filter`]: of all system calls those that the emulator needs, and with which arguments.
//!
//! A call that a filter refuses becomes a verdict in the emulator (`system-call`), or kills the process if it is of
//! another architecture; whatever the process dies of, [`death`] makes a verdict of it.
//!
//! The report is made in the process that the image's code can write to: hostile code can forge it. It cannot do
//! anything else.

mod callers;
pub mod death;
mod filter;
mod landlock;
pub mod limits;
pub mod message;
pub mod process;

use std::fmt;
use std::ops::Range;
use std::os::fd::BorrowedFd;

/// What a confined process may still use.
pub struct Allowed<'a> {
    /// Files to read, write and seek in, beside standard output and error.
    pub files: &'a [BorrowedFd<'a>],
    /// The longest that one of them may become.
    pub bytes: u64,
    /// The addresses of the image, whose pages may become executable again.
    pub image: Range<usize>,
}

/// What this host cannot do.
#[derive(Debug)]
pub enum Missing {
    /// Landlock is not there, or not enabled.
    Landlock(String),
    /// System-call filters are not there.
    Seccomp(String),
    /// The length of files cannot be limited.
    Limits(String),
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Landlock(why) => {
                write!(
                    f,
                    "Landlock does not work here: {why} (it needs Linux 5.13, with `landlock` in its list of LSMs)"
                )
            }
            Self::Limits(why) => write!(f, "limits do not work here: {why}"),
            Self::Seccomp(why) => write!(f, "system-call filters (seccomp) do not work here: {why}"),
        }
    }
}

/// Confines this process, which has one thread, for good.
///
/// # Errors
///
/// [`Missing`] says what this host lacks. The process may be confined in part then.
pub fn confine(allowed: &Allowed<'_>) -> Result<(), Missing> {
    let seccomp = |error: seccompiler::Error| Missing::Seccomp(error.to_string());
    // The filters first: making them takes a file.
    let callers = callers::program().map_err(|error| Missing::Seccomp(error.to_string()))?;
    let calls = filter::program(allowed).map_err(|error| Missing::Seccomp(error.to_string()))?;
    limits::file_size(allowed.bytes).map_err(|error| Missing::Limits(error.to_string()))?;
    landlock::restrict().map_err(|error| Missing::Landlock(error.to_string()))?;
    seccompiler::apply_filter(&callers).map_err(seccomp)?;
    seccompiler::apply_filter(&calls).map_err(seccomp)
}
