//! Instructions that only a kernel may execute.

use super::context::{Context, RAX, RCX, RDX};
use super::serve::{not_modelled, raise};
use super::{Action, operand, ports, shared};
use crate::image::report::verdict;
use crate::kernel::Kernel;
use crate::kernel::irql::DISPATCH;
use crate::sched::thread::Role;
use crate::verifier::irql_name;
use crate::verifier::rules::{image as rules, irql};
use iced_x86::{Instruction, Mnemonic, OpKind, Register};
use ports::Width;
use wdk_sys::*;

/// Executes an instruction that raised a general protection fault.
pub(super) fn execute(k: &Kernel, context: &mut Context, decoded: &Instruction) -> Action {
    let next = decoded.next_ip();
    match decoded.mnemonic() {
        Mnemonic::Mov if decoded.op1_register() == Register::CR8 => {
            let irql = u64::from(k.irql());
            k.trace.event(k, || format!("  mov {:?}, cr8", decoded.op0_register()).to_lowercase());
            operand::set(context, decoded.op0_register(), irql);
        }
        Mnemonic::Mov if decoded.op0_register() == Register::CR8 => {
            let value = context.gpr[decoded.op1_register().full_register().number()];
            set_irql(k, context, value);
        }
        Mnemonic::Int => match decoded.immediate8() {
            0x29 => fast_fail(k, context),
            0x2C => return raise(STATUS_ASSERTION_FAILURE, context, &[]),
            0x2D => not_modelled(k, context, "int 2d (debug service)", "was executed"),
            vector => not_modelled(k, context, &format!("int {vector:#x}"), "was executed"),
        },
        Mnemonic::Rdtsc | Mnemonic::Rdtscp => {
            k.switch_point();
            let value = shared::tsc(k);
            context.gpr[RAX] = value & 0xFFFF_FFFF;
            context.gpr[RDX] = value >> 32;
            if decoded.mnemonic() == Mnemonic::Rdtscp {
                context.gpr[RCX] = k.thread().processor.get() as u64;
            }
        }
        Mnemonic::In => {
            let port = port(context, decoded, 1);
            let register = decoded.op0_register();
            let width = width(register);
            let Some(device) = k.ports.find(port) else {
                not_modelled(
                    k,
                    context,
                    &format!("port {port:#x}"),
                    "was read, and no device model was given for it",
                )
            };
            k.switch_point();
            let value = device.borrow_mut().read(port, width);
            k.trace.event(k, || format!("  in {port:#x} gives {value:#x}"));
            operand::set(context, register, u64::from(value));
        }
        Mnemonic::Out => {
            let port = port(context, decoded, 0);
            let width = width(decoded.op1_register());
            let value = match width {
                Width::Byte => context.gpr[RAX] as u8 as u32,
                Width::Word => context.gpr[RAX] as u16 as u32,
                Width::Long => context.gpr[RAX] as u32,
            };
            let Some(device) = k.ports.find(port) else {
                not_modelled(
                    k,
                    context,
                    &format!("port {port:#x}"),
                    "was written, and no device model was given for it",
                )
            };
            k.switch_point();
            k.trace.event(k, || format!("  out {port:#x}, {value:#x}"));
            device.borrow_mut().write(port, width, value);
        }
        mnemonic if is_privileged(mnemonic) || names_system_register(decoded) => {
            let name = format!("{mnemonic:?}").to_lowercase();
            not_modelled(k, context, &name, "was executed");
        }
        // An address that is not canonical, or an operand that must be aligned and is not.
        _ => return raise(STATUS_ACCESS_VIOLATION, context, &[0, u64::MAX]),
    }
    context.rip = next;
    Action::Resume
}

fn port(context: &Context, decoded: &Instruction, number: u32) -> u16 {
    match decoded.op_kind(number) {
        OpKind::Immediate8 => u16::from(decoded.immediate8()),
        _ => context.gpr[RDX] as u16,
    }
}

fn width(register: Register) -> Width {
    match register.size() {
        1 => Width::Byte,
        2 => Width::Word,
        _ => Width::Long,
    }
}

fn set_irql(k: &Kernel, context: &Context, value: u64) {
    let stop = |effect: String| k.stop(verdict(k, &irql::IRQL, effect, String::new(), &context.registers()));
    let Some(level) = u8::try_from(value).ok().filter(|&level| level <= 15) else {
        stop(format!("{value:#x} was moved to cr8, which holds an IRQL from 0 to 15"))
    };
    k.trace.event(k, || format!("  mov cr8, {level}"));
    if level < DISPATCH && k.thread().role.get() == Role::Dpc && k.verifies(irql::IRQL.level) {
        stop(format!("a DPC lowered the IRQL to {}", irql_name(level)));
    }
    k.set_irql(level);
}

/// Moves to and from the processor's control and debug registers.
fn names_system_register(decoded: &Instruction) -> bool {
    [decoded.op0_register(), decoded.op1_register()]
        .iter()
        .any(|register| register.is_cr() || register.is_dr())
}

fn is_privileged(mnemonic: Mnemonic) -> bool {
    use Mnemonic as M;
    matches!(
        mnemonic,
        M::Cli
            | M::Sti
            | M::Hlt
            | M::Rdmsr
            | M::Wrmsr
            | M::Rdpmc
            | M::Invd
            | M::Wbinvd
            | M::Invlpg
            | M::Lgdt
            | M::Lidt
            | M::Lldt
            | M::Ltr
            | M::Lmsw
            | M::Clts
            | M::Swapgs
            | M::Xsetbv
            | M::Monitor
            | M::Mwait
            | M::Insb
            | M::Insw
            | M::Insd
            | M::Outsb
            | M::Outsw
            | M::Outsd
            | M::Iret
            | M::Iretd
            | M::Iretq
            | M::Sysret
            | M::Sysretq
            | M::Sysexit
            | M::Sysexitq
            | M::Vmcall
            | M::Vmmcall
    )
}

fn fast_fail(k: &Kernel, context: &Context) -> ! {
    let code = context.gpr[RCX] as u32;
    let name = match code {
        0 => "FAST_FAIL_LEGACY_GS_VIOLATION",
        1 => "FAST_FAIL_VTGUARD_CHECK_FAILURE",
        2 => "FAST_FAIL_STACK_COOKIE_CHECK_FAILURE",
        3 => "FAST_FAIL_CORRUPT_LIST_ENTRY",
        4 => "FAST_FAIL_INCORRECT_STACK",
        5 => "FAST_FAIL_INVALID_ARG",
        6 => "FAST_FAIL_GS_COOKIE_INIT",
        7 => "FAST_FAIL_FATAL_APP_EXIT",
        8 => "FAST_FAIL_RANGE_CHECK_FAILURE",
        9 => "FAST_FAIL_UNSAFE_REGISTRY_ACCESS",
        10 => "FAST_FAIL_GUARD_ICALL_CHECK_FAILURE",
        13 => "FAST_FAIL_INVALID_REFERENCE_COUNT",
        18 => "FAST_FAIL_INVALID_JUMP_BUFFER",
        21 => "FAST_FAIL_INVALID_BALANCED_TREE",
        29 => "FAST_FAIL_INVALID_FAST_APC_STATE",
        _ => "another code",
    };
    k.stop(verdict(
        k,
        &rules::FAST_FAIL,
        format!("fast fail {code} ({name})"),
        String::new(),
        &context.registers(),
    ))
}
