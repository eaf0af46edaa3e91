//! What an image imports that is no call into the model: plain memory functions, the guard routines, and the
//! functions that raise exceptions.
//!
//! The plain ones are leaves of the Windows convention in one block of assembly, so that a fault in them is the
//! fault of the driver's code that called them.

use super::trap::context::Context;
use super::unwind::Registers;
use super::unwind::dispatch::c_specific_handler;
use std::arch::{global_asm, naked_asm};

// rsi and rdi belong to the caller; r10 and r11 keep them, for the unwinder too (`unwind_leaf`): every access to
// memory comes after the two moves.
global_asm!(
    ".p2align 4",
    ".hidden wdk_emulator_leaves",
    ".globl wdk_emulator_leaves",
    "wdk_emulator_leaves:",
    // memset(rcx, dl, r8)
    ".hidden wdk_emulator_memset",
    ".globl wdk_emulator_memset",
    "wdk_emulator_memset:",
    "mov r10, rdi",
    "mov r11, rsi",
    "mov r9, rcx",
    "mov rdi, rcx",
    "movzx eax, dl",
    "mov rcx, r8",
    "rep stosb",
    "mov rax, r9",
    "mov rdi, r10",
    "ret",
    // memmove(rcx, rdx, r8); memcpy is the same, as in Windows
    ".hidden wdk_emulator_memmove",
    ".globl wdk_emulator_memmove",
    "wdk_emulator_memmove:",
    "mov r10, rdi",
    "mov r11, rsi",
    "mov rax, rcx",
    "mov r9, rcx",
    "sub r9, rdx",
    "mov rdi, rcx",
    "mov rsi, rdx",
    "mov rcx, r8",
    "cmp r9, r8",
    "jb 2f",
    "rep movsb",
    "mov rdi, r10",
    "mov rsi, r11",
    "ret",
    "2:",
    "lea rdi, [rdi + rcx]",
    "lea rsi, [rsi + rcx]",
    "3:",
    "test rcx, rcx",
    "jz 4f",
    "dec rdi",
    "dec rsi",
    "dec rcx",
    "mov r9b, [rsi]",
    "mov [rdi], r9b",
    "jmp 3b",
    "4:",
    "mov rdi, r10",
    "mov rsi, r11",
    "ret",
    // memcmp(rcx, rdx, r8)
    ".hidden wdk_emulator_memcmp",
    ".globl wdk_emulator_memcmp",
    "wdk_emulator_memcmp:",
    "mov r10, rdi",
    "mov r11, rsi",
    "mov rdi, rcx",
    "mov rsi, rdx",
    "mov rcx, r8",
    "xor eax, eax",
    "test rcx, rcx",
    "jz 5f",
    "repe cmpsb",
    "movzx eax, byte ptr [rdi - 1]",
    "movzx ecx, byte ptr [rsi - 1]",
    "sub eax, ecx",
    "5:",
    "mov rdi, r10",
    "mov rsi, r11",
    "ret",
    // RtlCompareMemory(rcx, rdx, r8): how many bytes are equal
    ".hidden wdk_emulator_compare",
    ".globl wdk_emulator_compare",
    "wdk_emulator_compare:",
    "mov r10, rdi",
    "mov r11, rsi",
    "xor eax, eax",
    "6:",
    "cmp rax, r8",
    "jae 7f",
    "mov r9b, [rcx + rax]",
    "cmp r9b, [rdx + rax]",
    "jne 7f",
    "inc rax",
    "jmp 6b",
    "7:",
    "ret",
    // Touches each page of (rcx, rdx bytes) for writing: the end of ProbeForWrite
    ".hidden wdk_emulator_touch",
    ".globl wdk_emulator_touch",
    "wdk_emulator_touch:",
    "mov r10, rdi",
    "mov r11, rsi",
    "lea rdx, [rcx + rdx - 1]",
    "8:",
    "mov al, [rcx]",
    "mov [rcx], al",
    "and rcx, -4096",
    "add rcx, 4096",
    "cmp rcx, rdx",
    "jbe 8b",
    "ret",
    // The guard routines: any target is as good as another
    ".hidden wdk_emulator_guard_dispatch",
    ".globl wdk_emulator_guard_dispatch",
    "wdk_emulator_guard_dispatch:",
    "jmp rax",
    ".hidden wdk_emulator_guard_check",
    ".globl wdk_emulator_guard_check",
    "wdk_emulator_guard_check:",
    "ret",
    ".hidden wdk_emulator_leaves_end",
    ".globl wdk_emulator_leaves_end",
    "wdk_emulator_leaves_end:",
    "int3",
);

unsafe extern "C" {
    fn wdk_emulator_leaves();
    fn wdk_emulator_leaves_end();
    fn wdk_emulator_memset();
    fn wdk_emulator_memmove();
    fn wdk_emulator_memcmp();
    fn wdk_emulator_compare();
    fn wdk_emulator_touch();
    fn wdk_emulator_guard_check();
    fn wdk_emulator_guard_dispatch();
}

fn address(function: unsafe extern "C" fn()) -> usize {
    (function as *const ()).addr()
}

/// Whether an address is in a plain function.
pub(super) fn is_leaf(address_: usize) -> bool {
    (address(wdk_emulator_leaves)..address(wdk_emulator_leaves_end)).contains(&address_)
}

/// Returns from a plain function that faulted to the code that called it.
pub(super) fn unwind_leaf(registers: &mut Registers, stack: &dyn super::unwind::Stack) -> Option<()> {
    (registers.gpr[7], registers.gpr[6]) = (registers.gpr[10], registers.gpr[11]);
    registers.leave_leaf(stack)
}

/// Where `ProbeForWrite` goes on once its arguments are checked.
pub(super) fn touch() -> u64 {
    address(wdk_emulator_touch) as u64
}

pub(super) fn guard_check() -> u64 {
    address(wdk_emulator_guard_check) as u64
}

pub(super) fn guard_dispatch() -> u64 {
    address(wdk_emulator_guard_dispatch) as u64
}

/// A function whose model raises exceptions, or goes on elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub(super) enum Raiser {
    RaiseStatus,
    RaiseAccessViolation,
    RaiseDatatypeMisalignment,
    ProbeForRead,
    ProbeForWrite,
}

macro_rules! raisers {
    ($($name:ident = $raiser:ident;)*) => {
        $(
            #[allow(non_snake_case)]
            #[unsafe(naked)]
            extern "C" fn $name() {
                // Lays the caller's registers out as they are once the function has returned, and goes on as a
                // trap does.
                naked_asm!(
                    "mov rax, rsp",
                    "lea rsp, [rsp - {size} - 128]",
                    "and rsp, -64",
                    "mov [rsp + 0x80], rcx",
                    "mov [rsp + 0x88], rdx",
                    "mov [rsp + 0x90], rbx",
                    "lea rcx, [rax + 8]",
                    "mov [rsp + 0x98], rcx",
                    "mov [rsp + 0xA0], rbp",
                    "mov [rsp + 0xA8], rsi",
                    "mov [rsp + 0xB0], rdi",
                    "mov [rsp + 0xB8], r8",
                    "mov [rsp + 0xC0], r9",
                    "mov [rsp + 0xD8], r12",
                    "mov [rsp + 0xE0], r13",
                    "mov [rsp + 0xE8], r14",
                    "mov [rsp + 0xF0], r15",
                    "mov rcx, [rax]",
                    "mov [rsp + 0xF8], rcx",
                    "mov dword ptr [rsp + 0x44], 0x202",
                    "mov esi, {number}",
                    "lea rdx, [rip + {body}]",
                    "jmp {save}",
                    size = const size_of::<super::trap::Frame>(),
                    number = const Raiser::$raiser as u32,
                    body = sym super::trap::on_raise,
                    save = sym super::trap::save_and_call,
                )
            }
        )*

        /// The entry of a function that this module has.
        pub(super) fn import(name: &str) -> Option<*const ()> {
            Some(match name {
                $( stringify!($name) => $name as *const (), )*
                "memset" => wdk_emulator_memset as *const (),
                "memcpy" | "memmove" | "RtlCopyMemory" | "RtlMoveMemory" => wdk_emulator_memmove as *const (),
                "memcmp" => wdk_emulator_memcmp as *const (),
                "RtlCompareMemory" => wdk_emulator_compare as *const (),
                "__C_specific_handler" => c_specific_handler as *const (),
                _ => return None,
            })
        }
    };
}
raisers! {
    ExRaiseStatus = RaiseStatus;
    ExRaiseAccessViolation = RaiseAccessViolation;
    ExRaiseDatatypeMisalignment = RaiseDatatypeMisalignment;
    ProbeForRead = ProbeForRead;
    ProbeForWrite = ProbeForWrite;
}

impl Raiser {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::RaiseStatus => "ExRaiseStatus",
            Self::RaiseAccessViolation => "ExRaiseAccessViolation",
            Self::RaiseDatatypeMisalignment => "ExRaiseDatatypeMisalignment",
            Self::ProbeForRead => "ProbeForRead",
            Self::ProbeForWrite => "ProbeForWrite",
        }
    }
}

/// Exported variables, in read-only memory.
#[repr(C)]
struct Variables {
    highest_user_address: u64,
    user_probe_address: u64,
    system_range_start: u64,
}

/// First address that user memory cannot have (`MmUserProbeAddress`).
pub(super) const USER_PROBE_ADDRESS: u64 = 0x7FFF_FFFF_0000;

static VARIABLES: Variables = Variables {
    highest_user_address: 0x7FFF_FFFE_FFFF,
    user_probe_address: USER_PROBE_ADDRESS,
    system_range_start: 0xFFFF_8000_0000_0000,
};

/// The address of an exported variable that is modelled.
pub(super) fn variable(name: &str) -> Option<*const ()> {
    let place: *const u64 = match name {
        "MmHighestUserAddress" => &VARIABLES.highest_user_address,
        "MmUserProbeAddress" => &VARIABLES.user_probe_address,
        "MmSystemRangeStart" => &VARIABLES.system_range_start,
        _ => return None,
    };
    Some(place.cast())
}

/// The context is at the start of a trap's frame.
const _: () = assert!(std::mem::offset_of!(super::trap::Frame, context) == 0 && align_of::<Context>() == 64);
