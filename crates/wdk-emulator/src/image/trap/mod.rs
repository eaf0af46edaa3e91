//! Faults of an image's code, served where a kernel would have served them.
//!
//! The signal handler lays a [`Frame`] on the driver's stack, as a processor does for an interrupt, and lets the
//! interrupted thread go on in [`enter`]. From there it is ordinary code: it saves the rest of the registers, asks
//! the model what to do ([`serve`]), dispatches an exception if there is one, and restores the registers, changed
//! or not.

pub(crate) mod context;
mod instruction;
mod operand;
pub(crate) mod ports;
mod raise;
mod serve;
mod shared;

use super::loader::Image;
use super::unwind::Registers;
use super::unwind::dispatch::{Outcome, Record, dispatch};
use super::{registry, runtime};
use crate::kernel::{Kernel, current};
use crate::sched::stacks::{Bounds, call_model};
use crate::verifier::Verdict;
use context::Context;
use std::arch::naked_asm;
use std::cell::Cell;
use std::sync::atomic::{AtomicBool, Ordering};

pub(super) use raise::on_raise;

/// What a trap leaves on the driver's stack.
#[repr(C, align(64))]
pub(crate) struct Frame {
    pub(crate) context: Context,
    cause: Cause,
}

/// Why the processor stopped.
#[repr(C)]
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Cause {
    /// The processor's number of the exception.
    pub(crate) vector: u64,
    pub(crate) error: u64,
    pub(crate) address: u64,
}

pub(crate) const DIVIDE: u64 = 0;
pub(crate) const BREAKPOINT: u64 = 3;
pub(crate) const INVALID_OPCODE: u64 = 6;
pub(crate) const PAGE_FAULT: u64 = 14;

/// Bits of a page fault's error code.
const WRITE: u64 = 2;
const FETCH: u64 = 16;

/// What is left of the stack must hold the trap's own calls, too.
const ROOM: usize = 1024;

/// Whether the processor has AVX state to keep across a trap.
static HAS_AVX: AtomicBool = AtomicBool::new(false);

thread_local! {
    /// The registers at the last fault of an image's code, for a verdict about a stack that cannot be used any more.
    static LAST: LastFault = const { LastFault { gpr: [const { Cell::new(0) }; 16], rip: Cell::new(0) } };
}

/// Kept register by register: the stack of signal handlers is small.
struct LastFault {
    gpr: [Cell<u64>; 16],
    /// 0 if there is none.
    rip: Cell<u64>,
}

/// Finds out what the processor has. Called before any signal can arrive.
pub(crate) fn initialise() {
    let avx = std::arch::is_x86_feature_detected!("xsave") && std::arch::is_x86_feature_detected!("avx");
    HAS_AVX.store(avx, Ordering::Relaxed);
}

/// Says where an image's code was when its stack became unusable.
pub(crate) fn place_last(k: &Kernel, verdict: Verdict) -> Verdict {
    let registers = LAST.with(|last| Registers {
        gpr: std::array::from_fn(|number| last.gpr[number].get()),
        rip: last.rip.take(),
        ..Registers::default()
    });
    match registers.rip {
        0 => verdict,
        _ => super::report::at(k, verdict, &registers),
    }
}

/// Sends an interrupted thread to [`enter`] if it was executing code of an image. Runs in the signal handler.
pub(crate) fn divert(bounds: Bounds, address: usize, context: &mut libc::ucontext_t) -> bool {
    let registers = &mut context.uc_mcontext.gregs;
    let rip = registers[libc::REG_RIP as usize] as usize;
    let (vector, error) =
        (registers[libc::REG_TRAPNO as usize] as u64, registers[libc::REG_ERR as usize] as u64);
    let fetches = vector == PAGE_FAULT && error & FETCH != 0;
    if registry::running().is_none() || !(fetches || registry::is_image_code(rip)) {
        return false;
    }
    const ORDER: [libc::c_int; 16] = [
        libc::REG_RAX,
        libc::REG_RCX,
        libc::REG_RDX,
        libc::REG_RBX,
        libc::REG_RSP,
        libc::REG_RBP,
        libc::REG_RSI,
        libc::REG_RDI,
        libc::REG_R8,
        libc::REG_R9,
        libc::REG_R10,
        libc::REG_R11,
        libc::REG_R12,
        libc::REG_R13,
        libc::REG_R14,
        libc::REG_R15,
    ];
    LAST.with(|last| {
        for (to, from) in last.gpr.iter().zip(ORDER) {
            to.set(registers[from as usize] as u64);
        }
        last.rip.set(rip as u64);
    });
    let stack_pointer = registers[libc::REG_RSP as usize] as usize;
    let at = stack_pointer.wrapping_sub(size_of::<Frame>() + 128) & !63;
    if !bounds.usable(at.wrapping_sub(ROOM), stack_pointer) {
        return false;
    }
    let frame = std::ptr::with_exposed_provenance_mut::<Frame>(at);
    // SAFETY: that part of the driver's stack is there, and below its stack pointer, where nothing of it lives: the
    // Windows convention has no red zone.
    let context = unsafe { &raw mut (*frame).context };
    for (number, from) in ORDER.into_iter().enumerate() {
        // SAFETY: as above.
        unsafe { (*context).gpr[number] = registers[from as usize] as u64 };
    }
    // SAFETY: as above.
    unsafe { (*frame).context.rip = rip as u64 };
    // SAFETY: as above.
    unsafe { (*frame).context.eflags = registers[libc::REG_EFL as usize] as u32 };
    // SAFETY: as above.
    unsafe { (*frame).cause = Cause { vector, error, address: address as u64 } };
    registers[libc::REG_RSP as usize] = at as i64;
    registers[libc::REG_RIP as usize] = (enter as *const ()).addr() as i64;
    // Neither the direction nor the trap flag is the emulator's.
    registers[libc::REG_EFL as usize] &= !0x500;
    true
}

/// Where a diverted thread goes on, with the stack pointer at its frame.
#[unsafe(naked)]
extern "C" fn enter() {
    naked_asm!(
        "lea rdx, [rip + {body}]",
        "jmp {save}",
        body = sym on_trap,
        save = sym save_and_call,
    )
}

/// Saves the extended state into the frame at the stack pointer, calls the body in `rdx` with the frame and `esi`,
/// and restores all registers from the frame.
#[unsafe(naked)]
pub(super) extern "C" fn save_and_call() {
    naked_asm!(
        "xor eax, eax",
        "lea rdi, [rsp + 0x300]", // the header of the xsave area
        "mov ecx, 8",
        "rep stosq",
        "mov rbx, rdx",
        "cmp byte ptr [rip + {avx}], 0",
        "je 2f",
        "mov eax, 7",
        "xor edx, edx",
        "xsave64 [rsp + 0x100]",
        "jmp 3f",
        "2:",
        "fxsave64 [rsp + 0x100]",
        "3:",
        "stmxcsr [rsp + 0x34]",
        "mov rdi, rsp",
        "xor ebp, ebp",
        "call rbx",
        // The flags and the address to go on at are put where `popfq` and `ret` find them.
        "mov rcx, [rsp + 0x98]",
        "sub rcx, 16",
        "mov [rsp + 0x98], rcx",
        "mov eax, [rsp + 0x44]",
        "mov [rcx], rax",
        "mov rax, [rsp + 0xF8]",
        "mov [rcx + 8], rax",
        "cmp byte ptr [rip + {avx}], 0",
        "je 4f",
        "mov eax, 7",
        "xor edx, edx",
        "xrstor64 [rsp + 0x100]",
        "jmp 5f",
        "4:",
        "fxrstor64 [rsp + 0x100]",
        "5:",
        "mov rax, [rsp + 0x78]",
        "mov rcx, [rsp + 0x80]",
        "mov rdx, [rsp + 0x88]",
        "mov rbx, [rsp + 0x90]",
        "mov rbp, [rsp + 0xA0]",
        "mov rsi, [rsp + 0xA8]",
        "mov rdi, [rsp + 0xB0]",
        "mov r8, [rsp + 0xB8]",
        "mov r9, [rsp + 0xC0]",
        "mov r10, [rsp + 0xC8]",
        "mov r11, [rsp + 0xD0]",
        "mov r12, [rsp + 0xD8]",
        "mov r13, [rsp + 0xE0]",
        "mov r14, [rsp + 0xE8]",
        "mov r15, [rsp + 0xF0]",
        "mov rsp, [rsp + 0x98]",
        "popfq",
        "ret",
        avx = sym HAS_AVX,
    )
}

/// What the model makes of a trap.
enum Action {
    /// The context says where to go on.
    Resume,
    /// The driver gets an exception.
    Raise(Record),
}

/// A trap, on the driver's stack.
extern "C" fn on_trap(frame: &mut Frame) {
    LAST.with(|last| last.rip.set(0));
    let Some(image) = registry::running() else { unreachable!("only images are diverted") };
    leave_leaf(frame);
    let (context, cause) = (&mut frame.context, frame.cause);
    match call_model(|| serve::serve(current(), image, context, cause)) {
        Action::Resume => {}
        Action::Raise(record) => raise(image, context, record, cause),
    }
}

/// A fault in a plain function of the runtime is one of the code that called it.
fn leave_leaf(frame: &mut Frame) {
    if runtime::is_leaf(frame.context.rip as usize) {
        let mut registers =
            Registers { gpr: frame.context.gpr, rip: frame.context.rip, ..Registers::default() };
        if let Some(stack) = super::unwind::dispatch::DriverStack::running(&registers)
            && runtime::unwind_leaf(&mut registers, &stack).is_some()
        {
            frame.context.gpr = registers.gpr;
            frame.context.rip = registers.rip;
        }
    }
}

/// Dispatches an exception; the run stops if nobody takes it.
fn raise(image: &'static Image, context: &mut Context, mut record: Record, cause: Cause) {
    let before = context.registers();
    if dispatch(image, context, &mut record) == Outcome::Unhandled {
        call_model(|| serve::unhandled(current(), &before, &record, cause));
    }
}
