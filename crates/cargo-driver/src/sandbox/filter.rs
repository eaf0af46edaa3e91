//! The allow-list: the system calls that the emulator makes once an image runs, with the arguments it gives them.
//!
//! Calls of another architecture (`int 0x80`, `sysenter`) kill the process: their numbers mean something else. Numbers
//! of the x32 convention are on no list. What is refused is trapped; the emulator makes a verdict of it when the
//! driver called, and an error (`EPERM`) for its own code, which asks for source places when it reports a fault.

use super::Allowed;
use libc::{PROT_EXEC, PROT_READ};
use seccompiler::SeccompCmpArgLen::{Dword, Qword};
use seccompiler::SeccompCmpOp::{Eq, Ge, Le, Lt, MaskedEq};
use seccompiler::{
    BackendError, BpfProgram, SeccompAction, SeccompCondition, SeccompFilter, SeccompRule, TargetArch,
};
use std::collections::BTreeMap;
use std::os::fd::AsRawFd as _;

type Result<T> = std::result::Result<T, BackendError>;
type Rules = Vec<SeccompRule>;

/// The filter.
///
/// # Errors
///
/// None that an argument could cause.
pub fn program(allowed: &Allowed<'_>) -> Result<BpfProgram> {
    let rules = rules(allowed)?;
    SeccompFilter::new(rules, SeccompAction::Trap, SeccompAction::Allow, TargetArch::x86_64)?.try_into()
}

fn rules(allowed: &Allowed<'_>) -> Result<BTreeMap<i64, Rules>> {
    let files: Vec<i32> = allowed.files.iter().map(|file| file.as_raw_fd()).collect();
    let told = [&files[..], &[libc::STDOUT_FILENO, libc::STDERR_FILENO]].concat();
    let process = u64::from(std::process::id());
    let any = Rules::new();
    let calls = [
        // The file that is streamed, and the one that comes back.
        (libc::SYS_read, on(&files)?),
        (libc::SYS_lseek, on(&files)?),
        // The same, messages to the command, and a panic's last words.
        (libc::SYS_write, on(&told)?),
        // They are closed when the run is over.
        (libc::SYS_close, on(&files)?),
        // The allocator, and stacks of new kernel threads: memory without a file behind it, and no code.
        (libc::SYS_brk, any.clone()),
        (libc::SYS_mmap, vec![all([no_code(2)?, argument(4, -1)?])?]),
        (libc::SYS_munmap, any.clone()),
        (libc::SYS_mremap, any.clone()),
        (libc::SYS_madvise, any.clone()),
        // Guard pages; and the image's own pages, which are code again when they come back in.
        (libc::SYS_mprotect, vec![all([no_code(2)?])?, code_of_the_image(allowed)?]),
        // Standard library locks, should one ever be contended.
        (libc::SYS_futex, any.clone()),
        // The way back from the handler of the driver's faults.
        (libc::SYS_rt_sigreturn, any.clone()),
        // `rdtsc` traps while driver code runs, so that it can be answered with virtual time.
        (libc::SYS_prctl, on(&[libc::PR_SET_TSC])?),
        // A fault that is not the driver's is given back to whoever handled it before. SIGSYS stays.
        (
            libc::SYS_rt_sigaction,
            on(&[libc::SIGSEGV, libc::SIGBUS, libc::SIGILL, libc::SIGFPE, libc::SIGTRAP, libc::SIGABRT])?,
        ),
        // The standard library takes the main thread's signal stack down at the end.
        (libc::SYS_sigaltstack, any.clone()),
        // `abort`: blocks signals, finds out who it is, and sends SIGABRT to itself.
        (libc::SYS_rt_sigprocmask, any.clone()),
        (libc::SYS_getpid, any.clone()),
        (libc::SYS_gettid, any.clone()),
        (libc::SYS_tgkill, vec![all([equal(0, process)?, argument(2, libc::SIGABRT)?])?]),
        // The seed of hash tables.
        (libc::SYS_getrandom, any.clone()),
        // The rate of a stream, on hosts whose clock cannot be read without the kernel.
        (libc::SYS_clock_gettime, any.clone()),
        (libc::SYS_exit_group, any),
    ];
    Ok(calls.into_iter().collect())
}

/// The first argument is one of these.
fn on(values: &[i32]) -> Result<Rules> {
    if values.is_empty() {
        // An empty list would mean any argument. No descriptor is the largest number.
        return Ok(vec![all([equal(0, u64::from(u32::MAX))?])?]);
    }
    values.iter().map(|value| all([argument(0, *value)?])).collect()
}

fn all<const N: usize>(conditions: [SeccompCondition; N]) -> Result<SeccompRule> {
    SeccompRule::new(conditions.into())
}

/// An argument of type `int`. The kernel ignores the upper half.
fn argument(index: u8, value: i32) -> Result<SeccompCondition> {
    SeccompCondition::new(index, Dword, Eq, u64::from(value as u32))
}

fn equal(index: u8, value: u64) -> Result<SeccompCondition> {
    SeccompCondition::new(index, Dword, Eq, value)
}

/// A protection without execution.
fn no_code(index: u8) -> Result<SeccompCondition> {
    SeccompCondition::new(index, Qword, MaskedEq(PROT_EXEC as u64), 0)
}

/// Pages of the image that are to be read and executed, and not written.
fn code_of_the_image(allowed: &Allowed<'_>) -> Result<SeccompRule> {
    all([
        SeccompCondition::new(0, Qword, Ge, allowed.image.start as u64)?,
        SeccompCondition::new(0, Qword, Lt, allowed.image.end as u64)?,
        // A filter cannot add: a range that begins inside may still end up to this much behind the image.
        SeccompCondition::new(1, Qword, Le, allowed.image.len() as u64)?,
        SeccompCondition::new(2, Qword, Eq, (PROT_READ | PROT_EXEC) as u64)?,
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_reaches_out_is_on_the_list() {
        let rules = rules(&Allowed { files: &[], bytes: 0, image: 0x1000..0x2000 }).unwrap();
        let outward = [
            libc::SYS_open,
            libc::SYS_openat,
            libc::SYS_openat2,
            libc::SYS_socket,
            libc::SYS_execve,
            libc::SYS_ptrace,
            libc::SYS_kill,
            libc::SYS_process_vm_writev,
            libc::SYS_io_uring_setup,
            libc::SYS_clone,
            libc::SYS_clone3,
            libc::SYS_fork,
            libc::SYS_ioctl,
            libc::SYS_dup2,
            libc::SYS_memfd_create,
            libc::SYS_pkey_mprotect,
            libc::SYS_seccomp,
        ];
        for call in outward {
            assert!(!rules.contains_key(&call), "system call {call}");
        }
        // Where an argument matters, there is a condition on it.
        for call in [
            libc::SYS_read,
            libc::SYS_write,
            libc::SYS_mmap,
            libc::SYS_mprotect,
            libc::SYS_prctl,
            libc::SYS_tgkill,
        ] {
            assert!(!rules[&call].is_empty(), "system call {call}");
        }
    }
}
