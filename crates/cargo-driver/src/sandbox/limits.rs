//! What the process of an image gives up first: descriptors, limits, and a life longer than the command's.

use rustix::process::{DumpableBehavior, Pid, Resource, Rlimit, Signal};
use std::io;

/// What the emulator takes, with its stacks, a large image and room to spare.
const MEMORY: u64 = 4 << 30;
/// Standard streams, the file that is streamed, the one that comes back, and what reading them takes.
const DESCRIPTORS: u64 = 16;

/// Closes what this process inherited, ties it to its parent and limits it.
///
/// `parent` is the process that started this one; `buffers` is how many bytes requests may take beyond the usual.
///
/// # Errors
///
/// What the kernel refuses.
///
/// # Safety
///
/// Nothing in this process has opened a descriptor, beside the three standard ones.
pub unsafe fn enter(parent: u32, buffers: u64) -> io::Result<()> {
    const FIRST: libc::c_uint = libc::STDERR_FILENO as libc::c_uint + 1;
    // SAFETY: whose descriptors these are is not in this process, as the caller promises.
    let closed = unsafe { libc::syscall(libc::SYS_close_range, FIRST, libc::c_uint::MAX, 0) };
    if closed != 0 {
        return Err(io::Error::last_os_error());
    }
    rustix::process::set_parent_process_death_signal(Some(Signal::KILL))?;
    // It may have died before that.
    if rustix::process::getppid().map(Pid::as_raw_nonzero).map(|pid| pid.get() as u32) != Some(parent) {
        return Err(io::Error::other("the process that started it is gone"));
    }
    // No core dump, and nobody of the same user attaches.
    rustix::process::set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    let limits = [
        (Resource::As, MEMORY.saturating_add(buffers)),
        (Resource::Core, 0),
        (Resource::Nproc, 0),
        (Resource::Memlock, 0),
        (Resource::Nofile, DESCRIPTORS),
    ];
    limits.into_iter().try_for_each(|(resource, limit)| lower(resource, limit))
}

/// Limits the length of files that this process writes.
///
/// # Errors
///
/// What the kernel refuses.
pub fn file_size(bytes: u64) -> io::Result<()> {
    lower(Resource::Fsize, bytes)
}

fn lower(resource: Resource, limit: u64) -> io::Result<()> {
    // A limit that is tighter already stays.
    let limit = rustix::process::getrlimit(resource).maximum.map_or(limit, |maximum| maximum.min(limit));
    Ok(rustix::process::setrlimit(resource, Rlimit { current: Some(limit), maximum: Some(limit) })?)
}
