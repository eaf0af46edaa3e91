//! What each fault of an image's code means.

use super::context::Context;
use super::{
    Action, BREAKPOINT, Cause, DIVIDE, FETCH, INVALID_OPCODE, PAGE_FAULT, WRITE, instruction, operand, shared,
};
use crate::image::loader::Image;
use crate::image::report::{at, verdict, what_is_there};
use crate::image::unwind::Registers;
use crate::image::unwind::dispatch::Record;
use crate::image::{memory::PAGE, registry};
use crate::kernel::Kernel;
use crate::kernel::irql::DISPATCH;
use crate::verifier::rules::fatal;
use crate::verifier::rules::image as rules;
use crate::verifier::{Rule, Verdict, irql_name};
use iced_x86::{Decoder, DecoderOptions, Instruction, Register};
use wdk_sys::*;

/// Serves a trap on the model's stack.
pub(super) fn serve(k: &Kernel, image: &'static Image, context: &mut Context, cause: Cause) -> Action {
    match cause.vector {
        BREAKPOINT => {
            // The processor reports the address behind it; Windows, that of the instruction.
            context.rip -= if code(image, context.rip - 1).first() == Some(&0xCC) { 1 } else { 2 };
            raise(STATUS_BREAKPOINT, context, &[0])
        }
        DIVIDE => raise(STATUS_INTEGER_DIVIDE_BY_ZERO, context, &[]),
        INVALID_OPCODE => raise(STATUS_ILLEGAL_INSTRUCTION, context, &[]),
        PAGE_FAULT => page_fault(k, image, context, cause),
        _ => match decode(image, context.rip) {
            Some(decoded) => instruction::execute(k, context, &decoded),
            None => raise(STATUS_ACCESS_VIOLATION, context, &[0, u64::MAX]),
        },
    }
}

pub(super) fn raise(code: NTSTATUS, context: &Context, parameters: &[u64]) -> Action {
    Action::Raise(Record::new(code, context.rip, parameters))
}

/// The bytes of code at an address.
fn code(image: &Image, rip: u64) -> &[u8] {
    let image = if image.contains(rip as usize) { Some(image) } else { registry::find(rip as usize) };
    let Some(image) = image else { return &[] };
    let offset = rip.wrapping_sub(image.base()) as usize;
    match image.is_code(offset) {
        true => image.prepared().bytes.get(offset..).unwrap_or_default(),
        false => &[],
    }
}

fn decode(image: &Image, rip: u64) -> Option<Instruction> {
    let code = code(image, rip);
    let decoded = Decoder::with_ip(64, &code[..code.len().min(15)], rip, DecoderOptions::NONE).decode();
    (!decoded.is_invalid()).then_some(decoded)
}

/// Stops the run at something that has no model.
pub(super) fn not_modelled(k: &Kernel, context: &Context, what: &str, done: &str) -> ! {
    let mut verdict = Verdict::not_modelled(k, what);
    verdict.effect = verdict.effect.replace(&format!("`{what}` was called"), &format!("`{what}` {done}"));
    k.stop(at(k, verdict, &context.registers()))
}

fn page_fault(k: &Kernel, image: &'static Image, context: &mut Context, cause: Cause) -> Action {
    let address = cause.address;
    if let Some(name) =
        registry::find(address as usize).and_then(|image| image.unknown_import(address as usize))
    {
        if cause.error & FETCH != 0 {
            not_modelled(k, context, name, "was called");
        }
        not_modelled(k, context, name, "was accessed as a variable");
    }
    if cause.error & FETCH == 0
        && let Some(decoded) = decode(image, context.rip)
        && let Some(action) = fixed_place(k, context, &decoded, cause)
    {
        return action;
    }
    let done = match cause.error {
        error if error & FETCH != 0 => "executed",
        error if error & WRITE != 0 => "written",
        _ => "read",
    };
    let stop = |rule: &'static Rule, effect: String, cause: String| -> ! {
        k.stop(verdict(k, rule, effect, cause, &context.registers()))
    };
    if let Some((rule, effect, cause)) = what_is_there(k, address as usize, done) {
        stop(rule, effect, cause);
    }
    if shared::is_thread(address) {
        not_modelled(k, context, "KTHREAD", &format!("was {done} as memory"));
    }
    if address >= 1 << 63 {
        stop(
            &fatal::ACCESS_VIOLATION,
            format!("address {address:#x} of the system was {done}"),
            String::new(),
        );
    }
    if k.irql() >= DISPATCH {
        let what =
            if address < 0x1_0000 { "a null pointer".to_owned() } else { "an invalid address".to_owned() };
        stop(
            &fatal::ACCESS_VIOLATION,
            format!("{what} was followed: memory was {done} at {}", irql_name(k.irql())),
            String::new(),
        );
    }
    let kind = match done {
        "executed" => 8,
        "written" => 1,
        _ => 0,
    };
    raise(STATUS_ACCESS_VIOLATION, context, &[kind, address])
}

/// Serves a read of the processor block or of the shared page.
fn fixed_place(k: &Kernel, context: &mut Context, decoded: &Instruction, cause: Cause) -> Option<Action> {
    let place = operand::address(context, decoded);
    let size = decoded.memory_size().size();
    let (name, offset, value) = if decoded.segment_prefix() == Register::GS {
        ("the processor block (gs:)", place, shared::processor_block(k, place, size))
    } else if cause.address & !(PAGE as u64 - 1) == shared::SHARED_DATA {
        let offset = cause.address - shared::SHARED_DATA;
        ("KUSER_SHARED_DATA", offset, shared::shared_data(k, offset, size))
    } else {
        return None;
    };
    // Time passes, so that code which waits for it to do so does not wait forever.
    k.switch_point();
    if cause.error & WRITE == 0
        && let Some(value) = value
        && operand::load(context, decoded, value)
    {
        context.rip = decoded.next_ip();
        return Some(Action::Resume);
    }
    let done = if cause.error & WRITE != 0 { "written" } else { "read" };
    not_modelled(
        k,
        context,
        &format!("{name} at {offset:#x}"),
        &format!("was {done} ({:?})", decoded.mnemonic()),
    )
}

/// Stops the run for an exception that nobody took.
pub(super) fn unhandled(k: &Kernel, registers: &Registers, record: &Record, cause: Cause) -> ! {
    let code = record.code as u32;
    let (rule, effect) = match record.code {
        STATUS_ACCESS_VIOLATION if cause.vector == PAGE_FAULT => {
            let kind = if record.parameters[1] < 0x1_0000 {
                "a null pointer was followed".to_owned()
            } else if record.parameters[1] == registers.rip {
                "a call or jump led where there is no code".to_owned()
            } else {
                "an address without memory was accessed".to_owned()
            };
            let done = match record.parameters[0] {
                0 => "read",
                1 => "write",
                _ => "execute",
            };
            (&fatal::ACCESS_VIOLATION, format!("{kind} ({done})"))
        }
        STATUS_ACCESS_VIOLATION if cause.vector != 0 => (
            &fatal::ACCESS_VIOLATION,
            "an address that cannot be one, or is not aligned, was accessed".to_owned(),
        ),
        STATUS_ILLEGAL_INSTRUCTION => {
            (&fatal::ILLEGAL_INSTRUCTION, "an illegal instruction was executed".to_owned())
        }
        STATUS_INTEGER_DIVIDE_BY_ZERO => (&fatal::DIVIDE, "a division failed".to_owned()),
        STATUS_BREAKPOINT => (
            &fatal::BREAKPOINT,
            "a breakpoint (`int 3`) was executed, and no debugger is attached".to_owned(),
        ),
        STATUS_ASSERTION_FAILURE => (&rules::ASSERTION, "an assertion failed (`int 2c`)".to_owned()),
        _ => (
            &rules::EXCEPTION,
            format!("exception {code:#010X} ({})", crate::framework::request::name_of(record.code)),
        ),
    };
    k.stop(verdict(k, rule, effect, String::new(), registers))
}
