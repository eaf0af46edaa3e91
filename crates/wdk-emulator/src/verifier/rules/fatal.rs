//! Stops that no rule looks for: the driver itself ended the run.

use crate::sched::stacks::Fault;
use crate::verifier::{Level, Rule};

/// The driver panicked.
pub static PANIC: Rule = Rule {
    id: "panic",
    microsoft: "bug check",
    means: "the driver panicked",
    help: "a panic in a driver is a bug check: return a status instead",
    level: Level::Off,
};

/// The driver stopped the system.
pub static BUG_CHECK: Rule = Rule {
    id: "bug-check",
    microsoft: "KeBugCheckEx",
    means: "the driver stopped the system",
    help: "see what the bug check code means",
    level: Level::Off,
};

/// The driver overflowed its kernel stack.
pub static STACK_OVERFLOW: Rule = Rule {
    id: "stack-overflow",
    microsoft: "UNEXPECTED_KERNEL_MODE_TRAP (0x7F/8)",
    means: "the driver overflowed its kernel stack",
    help: "a kernel thread has 24 KiB of stack: keep large data in pool memory or in a context",
    level: Level::Off,
};

/// The driver accessed memory that is not there.
pub static ACCESS_VIOLATION: Rule = Rule {
    id: "access-violation",
    microsoft: "SYSTEM_SERVICE_EXCEPTION or PAGE_FAULT_IN_NONPAGED_AREA (0x50)",
    means: "the driver accessed memory that is not there",
    help: "look for a dangling or null pointer in unsafe code",
    level: Level::Off,
};

/// The driver executed an instruction that does not exist.
pub static ILLEGAL_INSTRUCTION: Rule = Rule {
    id: "illegal-instruction",
    microsoft: "KMODE_EXCEPTION_NOT_HANDLED (0x1E)",
    means: "the driver executed an instruction that does not exist",
    help: "Rust code aborts this way; look for a panic in a function that cannot unwind",
    level: Level::Off,
};

/// The driver divided by zero.
pub static DIVIDE: Rule = Rule {
    id: "divide-error",
    microsoft: "UNEXPECTED_KERNEL_MODE_TRAP (0x7F/0)",
    means: "the driver divided by zero",
    help: "check the divisor",
    level: Level::Off,
};

/// The driver executed a breakpoint.
pub static BREAKPOINT: Rule = Rule {
    id: "breakpoint",
    microsoft: "KMODE_EXCEPTION_NOT_HANDLED (0x1E), STATUS_BREAKPOINT",
    means: "the driver executed a breakpoint, and no debugger is attached",
    help: "remove it, or ask first whether a debugger is there (KdDebuggerNotPresent)",
    level: Level::Off,
};

/// The driver made a system call of the machine that runs the emulator.
pub static SYSTEM_CALL: Rule = Rule {
    id: "system-call",
    microsoft: "none of Microsoft's",
    means: "the driver made a system call of the host",
    help: "a driver's code runs in the kernel and makes no system calls: call the kernel's functions instead \
           (if you did not build this image, do not trust it)",
    level: Level::Off,
};

/// The rule that a fault breaks.
pub(crate) fn of_fault(fault: Fault) -> &'static Rule {
    match fault {
        Fault::StackOverflow => &STACK_OVERFLOW,
        Fault::AccessViolation { .. } => &ACCESS_VIOLATION,
        Fault::IllegalInstruction => &ILLEGAL_INSTRUCTION,
        Fault::Divide => &DIVIDE,
        Fault::Breakpoint => &BREAKPOINT,
        Fault::SystemCall { .. } => &SYSTEM_CALL,
    }
}

/// A fault in words.
pub(crate) fn describe(fault: Fault) -> String {
    match fault {
        Fault::StackOverflow => "the guard page below the stack was touched".to_owned(),
        Fault::AccessViolation { null: true } => "a null pointer was followed".to_owned(),
        Fault::AccessViolation { null: false } => "an address without memory was accessed".to_owned(),
        Fault::IllegalInstruction => "an illegal instruction was executed".to_owned(),
        Fault::Divide => "a division failed".to_owned(),
        Fault::Breakpoint => "a breakpoint was executed".to_owned(),
        Fault::SystemCall { number } => format!("the driver tried system call {}", system_call(number)),
    }
}

/// A system call with its number.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
fn system_call(number: u32) -> String {
    const X32: u32 = 1 << 30;
    if (number as i32) < 0 {
        // No convention has these.
        return (number as i32).to_string();
    }
    let name = syscalls::Sysno::new((number & !X32) as usize).map(|call| call.name());
    match (number & X32 != 0, name) {
        (true, Some(name)) => format!("{name} ({number:#x}, of the x32 convention)"),
        (true, None) => format!("{number:#x} (of the x32 convention)"),
        (false, Some(name)) => format!("{name} ({number})"),
        (false, None) => number.to_string(),
    }
}

#[cfg(not(all(target_os = "linux", target_arch = "x86_64")))]
fn system_call(number: u32) -> String {
    number.to_string()
}
