//! Verdicts about an image's code: module and offset, function and source line, and who called it.

use super::loader::Image;
use super::registry;
use super::unwind::dispatch::DriverStack;
use super::unwind::{RSP, Registers, Stack, step};
use crate::kernel::Kernel;
use crate::verifier::place::Location;
use crate::verifier::rules::image as rules;
use crate::verifier::{Rule, Verdict, irql_name};

/// Frames that a backtrace shows, at most.
const DEEPEST: usize = 32;

/// A verdict about what an image's code did with these registers.
pub(crate) fn verdict(
    k: &Kernel,
    rule: &'static Rule,
    effect: String,
    cause: String,
    registers: &Registers,
) -> Verdict {
    at(k, Verdict::driver_bug(k, rule, effect, cause), registers)
}

/// Says where in the image the run stopped. Called on the model's stack.
pub(super) fn at(k: &Kernel, mut verdict: Verdict, registers: &Registers) -> Verdict {
    if let Some(stack) = DriverStack::suspended(k, registers)
        && let Some(location) = locate(*registers, &stack, false)
    {
        verdict.place = location.place;
        verdict.backtrace = location.backtrace;
    }
    verdict
}

/// What the model knows of an address that cannot be accessed: the rule that `done` breaks, what it did, and the cause.
/// `done` is "executed", "read" or "written".
pub(crate) fn what_is_there(
    k: &Kernel,
    address: usize,
    done: &str,
) -> Option<(&'static Rule, String, String)> {
    let Some(owner) = registry::find(address).filter(|owner| owner.contains(address)) else {
        let block = k.pool.special.describe(address)?;
        return Some((&rules::POOL, format!("{block}, was {done}"), String::new()));
    };
    let offset = address - owner.base() as usize;
    let Some(section) = owner.section(offset) else {
        let rule = if done == "written" { &rules::READ_ONLY } else { &rules::NO_EXECUTE };
        let effect = format!("{}+{offset:#x}, which is in no section, was {done}", owner.name);
        return Some((rule, effect, String::new()));
    };
    let place = format!("{}+{offset:#x} in section {}", owner.name, section.name);
    Some(if owner.is_discarded(section) {
        let cause = format!("section {} was discarded when DriverEntry returned", section.name);
        (&rules::DISCARDED, format!("{place} was {done}"), cause)
    } else if section.pageable && owner.trimmed.get() {
        let cause = "the verifier takes pageable sections out of memory while the IRQL is raised, as memory pressure \
                     would";
        (&rules::PAGED, format!("{place} was {done} at {}", irql_name(k.irql())), cause.to_owned())
    } else {
        let rule = if done == "executed" { &rules::NO_EXECUTE } else { &rules::READ_ONLY };
        (rule, format!("{place} was {done}"), String::new())
    })
}

/// Stops the run for a rule that is checked at the machine's level.
pub(super) fn violation(
    k: &Kernel,
    rule: &'static Rule,
    effect: String,
    registers: &Registers,
    _image: &Image,
) {
    if k.verifies(rule.level) {
        k.stop(verdict(k, rule, effect, String::new(), registers));
    }
}

/// Where the image's code is that called the model. Called on the model's stack, in an API call.
pub(crate) fn locate_caller(k: &Kernel) -> Option<Location> {
    // Only what has to be there runs on the driver's stack: reading a PDB would overflow what the driver left of it.
    let registers = k.thread().stacks.call_driver(host::image_frame).ok().flatten()?;
    let stack = DriverStack::suspended(k, &registers)?;
    locate(registers, &stack, true)
}

/// A text in an image, such as the name of a source file, as the file has it.
pub(crate) fn text(address: u64, length: u64) -> Option<&'static str> {
    let image = registry::find(usize::try_from(address).ok()?)?;
    let start = usize::try_from(address.checked_sub(image.base())?).ok()?;
    let end = start.checked_add(usize::try_from(length).ok()?)?;
    std::str::from_utf8(image.prepared().bytes.get(start..end)?).ok()
}

/// Walks the frames of images. `called` says that the first address is where a call returns to.
fn locate(mut registers: Registers, stack: &dyn Stack, mut called: bool) -> Option<Location> {
    let mut frames = Vec::new();
    let mut place = None;
    while frames.len() < DEEPEST {
        let Some(image) =
            registry::find(registers.rip as usize).filter(|i| i.contains(registers.rip as usize))
        else {
            // A call through a bad pointer: its return address is on the stack.
            if frames.is_empty() && !called && registers.leave_leaf(stack).is_some() {
                called = true;
                continue;
            }
            break;
        };
        let (line, source) = describe(image, registers.rip, called);
        if frames.is_empty() {
            place = source.or_else(|| Some(line.clone()));
        }
        frames.push(line);
        let before = registers.gpr[RSP];
        if step(image.prepared(), image.base(), &mut registers, stack).is_none()
            || registers.gpr[RSP] <= before
        {
            break;
        }
        called = true;
    }
    place.is_some().then_some(Location { place, backtrace: frames })
}

/// A frame in words, and its source line.
fn describe(image: &Image, rip: u64, called: bool) -> (String, Option<String>) {
    let offset = (rip - image.base()) as u32;
    let mut text = format!("{}+{offset:#x}", image.name);
    // What a call returns to may belong to the next line, or to nobody.
    let found = image.symbols.place(offset - u32::from(called));
    let mut source = None;
    if let Some(found) = found {
        text.push_str(&format!(" {}+{:#x}", found.function, found.offset + u32::from(called)));
        if let Some((file, line)) = found.line {
            let file = file.rsplit(['\\', '/']).next().unwrap_or(&file);
            text.push_str(&format!(" ({file}:{line})"));
            source = Some(format!("{file}:{line}"));
        }
    } else if let Some(why) = image.symbols.complaint() {
        text.push_str(&format!(" (no symbols: {why})"));
    }
    (text, source)
}

/// The host's unwinder, which knows the emulator's frames between the driver's call and the model.
mod host {
    use super::{RSP, Registers, registry};
    use std::ffi::{c_int, c_void};

    #[repr(C)]
    struct Frame {
        _opaque: [u8; 0],
    }

    unsafe extern "C" {
        fn _Unwind_Backtrace(
            each: unsafe extern "C" fn(*mut Frame, *mut c_void) -> c_int,
            argument: *mut c_void,
        ) -> c_int;
        fn _Unwind_GetIP(frame: *mut Frame) -> usize;
        fn _Unwind_GetCFA(frame: *mut Frame) -> usize;
        fn _Unwind_GetGR(frame: *mut Frame, register: c_int) -> usize;
    }

    const GO_ON: c_int = 0;
    const STOP: c_int = 5;
    /// DWARF's and the processor's numbers of the registers that both conventions preserve.
    const PRESERVED: [(c_int, usize); 6] = [(3, 3), (6, 5), (12, 12), (13, 13), (14, 14), (15, 15)];

    /// The registers of the innermost frame that is an image's. Called on the driver's stack.
    pub(super) fn image_frame() -> Option<Registers> {
        let mut found: Option<Registers> = None;
        // SAFETY: the callback gets this argument for its own, while `found` is borrowed for nothing else.
        unsafe { _Unwind_Backtrace(each, (&raw mut found).cast()) };
        found
    }

    unsafe extern "C" fn each(frame: *mut Frame, argument: *mut c_void) -> c_int {
        // SAFETY: the unwinder's own frame.
        let rip = unsafe { _Unwind_GetIP(frame) };
        if registry::find(rip).is_none() {
            return GO_ON;
        }
        let mut registers = Registers { rip: rip as u64, ..Registers::default() };
        // SAFETY: as above. What a call finds as its frame's address is its caller's stack pointer.
        registers.gpr[RSP] = unsafe { _Unwind_GetCFA(frame) } as u64;
        for (dwarf, number) in PRESERVED {
            // SAFETY: as above; the unwinder always has the registers that a C function preserves.
            registers.gpr[number] = unsafe { _Unwind_GetGR(frame, dwarf) } as u64;
        }
        // SAFETY: what `image_frame` passed.
        unsafe { argument.cast::<Option<Registers>>().write(Some(registers)) };
        STOP
    }
}
