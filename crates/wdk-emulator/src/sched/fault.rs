//! Faults of driver code as verdicts.
//!
//! The handler only edits the interrupted context, so that the driver coroutine ends with a [`Fault`]; the model
//! makes a verdict of it. Faults outside driver code are passed on to whoever handled them before.
//!
//! A process that confines itself with a system-call filter gets `SIGSYS` for a call that the filter traps. From
//! driver code it is a fault like the others; the emulator's own code sees the call fail with `EPERM`.

#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod imp {
    use super::super::stacks::{self, Fault, trap_handler};
    use crate::abi::memory;
    use crate::image::{registry, trap};
    use std::sync::{Once, OnceLock};

    const SIGNALS: [libc::c_int; 6] =
        [libc::SIGSEGV, libc::SIGBUS, libc::SIGILL, libc::SIGFPE, libc::SIGSYS, libc::SIGTRAP];
    /// What handled the signals before, to pass on to. Set once, before a handler of this module can run for the signal.
    static PREVIOUS: [OnceLock<libc::sigaction>; SIGNALS.len()] = [const { OnceLock::new() }; SIGNALS.len()];

    /// `si_code` of a call that a seccomp filter trapped.
    const SYS_SECCOMP: libc::c_int = 1;

    pub(crate) fn install() {
        static ONCE: Once = Once::new();
        ONCE.call_once(|| {
            trap::initialise();
            for (index, signal) in SIGNALS.into_iter().enumerate() {
                // SAFETY: all-zero is a valid `sigaction`.
                let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
                action.sa_sigaction = handler as *const () as usize;
                action.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK | libc::SA_NODEFER;
                // SAFETY: as above.
                let mut previous: libc::sigaction = unsafe { std::mem::zeroed() };
                // SAFETY: both point to valid structures, and the handler has the signature that SA_SIGINFO wants.
                let result = unsafe { libc::sigaction(signal, &action, &mut previous) };
                assert_eq!(result, 0, "sigaction({signal}) failed");
                let _ = PREVIOUS[index].set(previous);
            }
        });
    }

    extern "C" fn handler(signal: libc::c_int, info: *mut libc::siginfo_t, context: *mut libc::c_void) {
        // SAFETY: the kernel passes a `ucontext_t` to a handler installed with SA_SIGINFO.
        let context = unsafe { &mut *context.cast::<libc::ucontext_t>() };
        if matches!(signal, libc::SIGSEGV | libc::SIGBUS) && memory::answer(context) {
            return;
        }
        let stack_pointer = context.uc_mcontext.gregs[libc::REG_RSP as usize] as usize;
        // SAFETY: and a valid `siginfo_t`.
        let info = unsafe { &*info };
        let trapped_call = signal == libc::SIGSYS && info.si_code == SYS_SECCOMP;
        // SAFETY: the address is meaningful for these signals; of a trapped call it is that of the instruction.
        let address = unsafe { info.si_addr() } as usize;
        // An image's code goes on where the trap is served.
        if signal != libc::SIGSYS
            && trap_handler(stack_pointer).is_some()
            && let Some(bounds) = stacks::running_bounds()
            && trap::divert(bounds, address, context)
        {
            return;
        }
        let registers = &mut context.uc_mcontext.gregs;
        // A call that overflows faults with the stack pointer just below the guard page's upper edge, or up to a
        // frame below the stack: look for the handler from the fault address, too.
        if let Some(trap) = trap_handler(stack_pointer).or_else(|| trap_handler(address)) {
            let fault = match signal {
                libc::SIGILL => Fault::IllegalInstruction,
                libc::SIGFPE => Fault::Divide,
                libc::SIGTRAP => Fault::Breakpoint,
                // The kernel puts the number back before it sends the signal.
                libc::SIGSYS => Fault::SystemCall { number: registers[libc::REG_RAX as usize] as u32 },
                // An access near the stack pointer, inside the stack's bounds: only the guard page faults there.
                _ if trap.stack_ptr_in_bounds(address) => Fault::StackOverflow,
                _ => Fault::AccessViolation { null: address < 0x1_0000 },
            };
            // SAFETY: the interrupted code is a driver's, on this coroutine's stack, and its context is updated.
            let set = unsafe { trap.setup_trap_handler(move || fault) };
            registers[libc::REG_RIP as usize] = set.rip as i64;
            registers[libc::REG_RSP as usize] = set.rsp as i64;
            registers[libc::REG_RBP as usize] = set.rbp as i64;
            registers[libc::REG_RDI as usize] = set.rdi as i64;
            registers[libc::REG_RSI as usize] = set.rsi as i64;
            return;
        }
        if trapped_call {
            // The instruction is done; its result is all that is left to say.
            registers[libc::REG_RAX as usize] = -i64::from(libc::EPERM);
            return;
        }
        // The model may read pageable data of an image's while they are out.
        if signal == libc::SIGSEGV && registry::page_in(address) {
            return;
        }
        // The instruction is to meet whoever handled the signal before; a breakpoint is over already.
        if signal == libc::SIGTRAP && info.si_code > 0 {
            registers[libc::REG_RIP as usize] -= 1;
        }
        let index = SIGNALS.iter().position(|&s| s == signal).unwrap_or(0);
        if let Some(previous) = PREVIOUS[index].get() {
            // SAFETY: restores what was there; the faulting instruction runs again and meets it.
            unsafe { libc::sigaction(signal, previous, std::ptr::null_mut()) };
        }
    }
}

#[cfg(not(all(target_os = "linux", target_arch = "x86_64")))]
mod imp {
    /// Elsewhere a fault of driver code ends the process, as it would without the emulator.
    pub(crate) fn install() {}
}

pub(crate) use imp::install;
