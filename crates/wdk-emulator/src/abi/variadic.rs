//! Variadic functions. Stable Rust cannot define them, so a naked shim per calling convention lays the
//! arguments out in memory and calls a body that reads them.

use super::call::{Entry, enter};
use wdk_sys::{HIGH_LEVEL, PASSIVE_LEVEL, PCSTR, ULONG};

/// The variadic arguments of a call: some that came in registers, then those on the stack.
#[derive(Clone, Copy)]
pub(crate) struct Arguments {
    registers: *const u64,
    in_registers: usize,
    stack: *const u64,
    next: usize,
}

impl Arguments {
    /// The next argument, 8 bytes wide.
    ///
    /// # Safety
    ///
    /// The caller passed that many.
    pub(crate) unsafe fn next(&mut self) -> u64 {
        let index = self.next;
        self.next += 1;
        if index < self.in_registers {
            // SAFETY: one of the saved registers.
            unsafe { *self.registers.wrapping_add(index) }
        } else {
            // SAFETY: the caller passed it, behind the ones before it.
            unsafe { *self.stack.wrapping_add(index - self.in_registers) }
        }
    }
}

const fn entry(name: &'static str) -> Entry {
    let (min_irql, max_irql) = (PASSIVE_LEVEL as u8, HIGH_LEVEL as u8);
    Entry { name, min_irql, max_irql, optional: &[], modelled: || true }
}
static DBG_PRINT: Entry = entry("DbgPrint");
static DBG_PRINT_EX: Entry = entry("DbgPrintEx");

fn print(entry: &'static Entry, format: PCSTR, arguments: Arguments) -> ULONG {
    enter(
        entry,
        |_| (),
        |call| {
            // SAFETY: a driver passes a NUL-terminated format and the arguments that it asks for.
            unsafe { crate::kernel::debug::print(call, format, arguments) };
            0
        },
    )
}

/// The host's C convention: on Windows the one below.
#[cfg(all(target_arch = "x86_64", windows))]
pub(crate) use win64 as c;

/// The host's C convention.
#[cfg(not(all(target_arch = "x86_64", windows)))]
pub(crate) mod c {
    use super::*;

    #[cfg(target_arch = "x86_64")]
    macro_rules! shim {
        // System V: the integer arguments are in rdi, rsi, rdx, rcx, r8, r9, then on the stack. The registers are
        // pushed so that they lie in order; the body gets (format, first variadic register, first on the stack).
        ($name:ident, $body:ident, $format:literal, $skip:literal) => {
            #[unsafe(naked)]
            pub(crate) extern "C" fn $name() {
                std::arch::naked_asm!(
                    "lea rax, [rsp + 8]",
                    "sub rsp, 8",
                    "push r9",
                    "push r8",
                    "push rcx",
                    "push rdx",
                    "push rsi",
                    "push rdi",
                    concat!("mov rdi, ", $format),
                    concat!("lea rsi, [rsp + ", $skip, "]"),
                    "mov rdx, rax",
                    "call {body}",
                    "add rsp, 56",
                    "ret",
                    body = sym $body,
                );
            }
        };
    }
    #[cfg(target_arch = "aarch64")]
    macro_rules! shim {
        // AAPCS64: x0 to x7, then the stack. Apple's convention passes all variadic arguments on the stack, which
        // the bodies are told by the count of registers.
        ($name:ident, $body:ident, $format:literal, $skip:literal) => {
            #[unsafe(naked)]
            pub(crate) extern "C" fn $name() {
                std::arch::naked_asm!(
                    "stp x29, x30, [sp, #-80]!",
                    "stp x0, x1, [sp, #16]",
                    "stp x2, x3, [sp, #32]",
                    "stp x4, x5, [sp, #48]",
                    "stp x6, x7, [sp, #64]",
                    concat!("mov x0, ", $format),
                    concat!("add x1, sp, #(16 + ", $skip, ")"),
                    "add x2, sp, #80",
                    "bl {body}",
                    "ldp x29, x30, [sp], #80",
                    "ret",
                    body = sym $body,
                );
            }
        };
    }

    #[cfg(target_arch = "x86_64")]
    const REGISTERS: usize = 6;
    #[cfg(all(target_arch = "aarch64", not(target_vendor = "apple")))]
    const REGISTERS: usize = 8;
    #[cfg(all(target_arch = "aarch64", target_vendor = "apple"))]
    const REGISTERS: usize = 0;

    extern "C" fn print_body(format: PCSTR, registers: *const u64, stack: *const u64) -> ULONG {
        let in_registers = REGISTERS.saturating_sub(1);
        print(&DBG_PRINT, format, Arguments { registers, in_registers, stack, next: 0 })
    }

    extern "C" fn print_ex_body(format: PCSTR, registers: *const u64, stack: *const u64) -> ULONG {
        let in_registers = REGISTERS.saturating_sub(3);
        print(&DBG_PRINT_EX, format, Arguments { registers, in_registers, stack, next: 0 })
    }

    #[cfg(target_arch = "x86_64")]
    mod shims {
        use super::*;
        shim!(dbg_print, print_body, "rdi", "8");
        shim!(dbg_print_ex, print_ex_body, "rdx", "24");
    }
    #[cfg(target_arch = "aarch64")]
    mod shims {
        use super::*;
        shim!(dbg_print, print_body, "x0", "8");
        shim!(dbg_print_ex, print_ex_body, "x2", "24");
    }
    pub(crate) use shims::{dbg_print, dbg_print_ex};
}

/// The x64 Windows convention: rcx, rdx, r8, r9 have homes above the return address, right before the stack
/// arguments, so storing them makes one array.
#[cfg(target_arch = "x86_64")]
pub(crate) mod win64 {
    use super::*;

    macro_rules! shim {
        ($name:ident, $body:ident, $format:literal, $first:literal) => {
            #[unsafe(naked)]
            pub(crate) extern "C" fn $name() {
                std::arch::naked_asm!(
                    "mov [rsp + 8], rcx",
                    "mov [rsp + 16], rdx",
                    "mov [rsp + 24], r8",
                    "mov [rsp + 32], r9",
                    concat!("mov rcx, ", $format),
                    concat!("lea rdx, [rsp + ", $first, "]"),
                    "jmp {body}",
                    body = sym $body,
                );
            }
        };
    }

    extern "win64" fn print_body(format: PCSTR, arguments: *const u64) -> ULONG {
        print(
            &DBG_PRINT,
            format,
            Arguments { registers: arguments, in_registers: 0, stack: arguments, next: 0 },
        )
    }

    extern "win64" fn print_ex_body(format: PCSTR, arguments: *const u64) -> ULONG {
        print(
            &DBG_PRINT_EX,
            format,
            Arguments { registers: arguments, in_registers: 0, stack: arguments, next: 0 },
        )
    }

    shim!(dbg_print, print_body, "rcx", "16");
    shim!(dbg_print_ex, print_ex_body, "r8", "32");
}
