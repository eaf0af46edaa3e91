//! Counts the locked instructions that a piece of code executes, by stepping through it.
//!
//! A child process runs the code; this one lets it execute one instruction at a time and looks at each. Linux on x86-64
//! only, and only where a process may trace its children.

use libc::{PTRACE_GETREGS, PTRACE_SINGLESTEP, PTRACE_TRACEME, SIGSTOP, WIFSTOPPED, user_regs_struct};
use std::mem::MaybeUninit;
use std::ptr::null_mut;

/// Locked instructions of `count` runs of `body`; `None` where that cannot be traced.
pub fn count(warm_up: usize, count: usize, body: &mut dyn FnMut()) -> Option<u64> {
    // SAFETY: this program has one thread, and the child leaves by `_exit`.
    let child = unsafe { libc::fork() };
    if child < 0 {
        return None;
    }
    if child == 0 {
        for _ in 0..warm_up {
            body();
        }
        // SAFETY: asks to be traced by the parent; has no pointers.
        let traced = unsafe { libc::ptrace(PTRACE_TRACEME, 0, null_mut::<()>(), null_mut::<()>()) };
        if traced == 0 {
            // SAFETY: stops here until the parent goes on.
            unsafe { libc::raise(SIGSTOP) };
            for _ in 0..count {
                body();
            }
        }
        // SAFETY: ends the child without what this process has registered for its end.
        unsafe { libc::_exit(0) };
    }
    let mut locked = 0;
    let mut stopped = false;
    loop {
        let mut status = 0;
        // SAFETY: waits for that child.
        if unsafe { libc::waitpid(child, &raw mut status, 0) } < 0 {
            return None;
        }
        if !WIFSTOPPED(status) {
            return stopped.then_some(locked);
        }
        stopped = true;
        let mut registers = MaybeUninit::<user_regs_struct>::zeroed();
        // SAFETY: the child is stopped, and there is room for its registers.
        unsafe { libc::ptrace(PTRACE_GETREGS, child, null_mut::<()>(), registers.as_mut_ptr()) };
        // SAFETY: zeroed, then written: any bits are values of its integers.
        let registers = unsafe { registers.assume_init() };
        // SAFETY: the child is a copy of this process and has mapped no code since: what it executes is here, too.
        let code = unsafe { std::slice::from_raw_parts(registers.rip as *const u8, LONGEST) };
        locked += u64::from(is_locked(code));
        // SAFETY: the child is stopped; it gets no signal.
        unsafe { libc::ptrace(PTRACE_SINGLESTEP, child, null_mut::<()>(), null_mut::<()>()) };
    }
}

/// Prefixes and the two bytes that matter.
const LONGEST: usize = 8;

/// Whether an instruction locks the bus: a LOCK prefix, or an exchange with memory.
fn is_locked(code: &[u8]) -> bool {
    let legacy = |byte: &&u8| matches!(**byte, 0x26 | 0x2E | 0x36 | 0x3E | 0x64..=0x67 | 0xF0 | 0xF2 | 0xF3);
    let prefixes = code.iter().take_while(legacy).count();
    if code[..prefixes].contains(&0xF0) {
        return true;
    }
    let rest = &code[prefixes..];
    let rest = if matches!(rest.first(), Some(0x40..=0x4F)) { &rest[1..] } else { rest };
    matches!(rest, [0x86 | 0x87, modes, ..] if modes >> 6 != 3)
}
