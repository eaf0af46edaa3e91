//! The functions that raise exceptions.

use super::context::{Context, RCX, RDX, RSP};
use super::{Cause, Frame, raise};
use crate::image::loader::Image;
use crate::image::registry;
use crate::image::runtime::{self, Raiser, USER_PROBE_ADDRESS};
use crate::image::unwind::dispatch::Record;
use crate::kernel::irql::APC;
use crate::kernel::{Kernel, current};
use crate::sched::stacks::call_model;
use crate::verifier::{irql_name, rules};
use wdk_sys::*;

/// A call of one of these functions, on the driver's stack. The context is that of the caller after the call.
pub(in crate::image) extern "C" fn on_raise(frame: &mut Frame, number: u32) {
    let Some(image) = registry::running() else { unreachable!("only images import these") };
    let raiser = match number {
        0 => Raiser::RaiseStatus,
        1 => Raiser::RaiseAccessViolation,
        2 => Raiser::RaiseDatatypeMisalignment,
        3 => Raiser::ProbeForRead,
        _ => Raiser::ProbeForWrite,
    };
    let context = &mut frame.context;
    // What `jmp` to the body left of rax, r10 and r11 was nobody's.
    (context.gpr[0], context.gpr[10], context.gpr[11]) = (0, 0, 0);
    if let Some(code) = call_model(|| run(current(), image, raiser, context)) {
        let record = Record::new(code, context.rip, &[]);
        raise(image, context, record, Cause::default());
    }
}

/// What to raise. `None` if the function returns.
fn run(k: &Kernel, image: &'static Image, raiser: Raiser, context: &mut Context) -> Option<NTSTATUS> {
    let name = raiser.name();
    k.trace.event(k, || format!("  {name}"));
    // `ddi-irql`: all of them up to APC_LEVEL; ExRaiseStatus and its kin need a thread to unwind.
    if k.irql() > APC {
        let effect = format!("`{name}` at {} (allowed: APC_LEVEL and below)", irql_name(k.irql()));
        crate::image::report::violation(k, &rules::irql::IRQL, effect, &context.registers(), image);
    }
    k.switch_point();
    let (address, length, alignment) = (context.gpr[RCX], context.gpr[RDX], context.gpr[8] as u32);
    match raiser {
        Raiser::RaiseStatus => return Some(context.gpr[RCX] as NTSTATUS),
        Raiser::RaiseAccessViolation => return Some(STATUS_ACCESS_VIOLATION),
        Raiser::RaiseDatatypeMisalignment => return Some(STATUS_DATATYPE_MISALIGNMENT),
        Raiser::ProbeForRead | Raiser::ProbeForWrite if length == 0 => return None,
        Raiser::ProbeForRead | Raiser::ProbeForWrite => {}
    }
    if alignment > 1 && address & u64::from(alignment - 1) != 0 {
        return Some(STATUS_DATATYPE_MISALIGNMENT);
    }
    if address.checked_add(length).is_none_or(|end| end > USER_PROBE_ADDRESS) {
        return Some(STATUS_ACCESS_VIOLATION);
    }
    if raiser == Raiser::ProbeForWrite {
        // Goes on in a plain function that touches the pages, as if the driver had called that.
        context.gpr[RSP] -= 8;
        context.rip = runtime::touch();
    }
    None
}
