//! Structured exceptions: finds a handler for an exception and unwinds to it, on the driver's own stack.
//!
//! Two passes, as in Windows: the first asks the handlers of each frame, innermost first; the second, once one
//! has taken the exception, runs the termination handlers of the frames between. A pass ends where the code of
//! images ends: an exception does not travel through the model into an outer callback.

use super::{Handler, Registers, Stack, step};
use crate::image::bytes::u32_at;
use crate::image::loader::Image;
use crate::image::trap::context::Context;
use crate::kernel::Kernel;
use crate::sched::stacks;
use std::cell::Cell;
use wdk_sys::*;

/// An exception as the driver's handlers see it.
#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) struct Record {
    pub(crate) code: NTSTATUS,
    flags: u32,
    nested: *const Record,
    pub(crate) address: u64,
    count: u32,
    pub(crate) parameters: [u64; 15],
}

impl Record {
    pub(crate) fn new(code: NTSTATUS, address: u64, parameters: &[u64]) -> Self {
        let mut record = Self {
            code,
            flags: 0,
            nested: std::ptr::null(),
            address,
            count: parameters.len() as u32,
            parameters: [0; 15],
        };
        record.parameters[..parameters.len()].copy_from_slice(parameters);
        record
    }
}

const UNWINDING: u32 = 2;
const TARGET_UNWIND: u32 = 0x20;

/// What a language handler answers.
const CONTINUE_EXECUTION: i32 = 0;
const CONTINUE_SEARCH: i32 = 1;
/// `__C_specific_handler` found a handler: the unwind is the dispatcher's, whose frames no table describes.
/// `__GSHandlerCheck_SEH`, which wraps it, returns what it returned.
const UNWIND_TO_TARGET: i32 = 0x5744_4B01;

/// What a language handler is told about its frame: `DISPATCHER_CONTEXT`.
#[repr(C)]
pub(crate) struct Dispatcher {
    control_pc: u64,
    image_base: u64,
    function: *const [u32; 3],
    establisher: u64,
    target_ip: u64,
    context: *mut Context,
    handler: u64,
    data: *const u8,
    history: *const u8,
    scope: u32,
    fill: u32,
}

/// What a filter is told: `EXCEPTION_POINTERS`.
#[repr(C)]
struct Pointers {
    record: *mut Record,
    context: *mut Context,
}

/// A `__try` of a function, in addresses of the image.
#[derive(Clone, Copy)]
pub(crate) struct Scope {
    begin: u32,
    end: u32,
    /// The filter, 1 for "always", or the termination handler.
    handler: u32,
    /// Where `__except` goes on; 0 for a termination handler.
    target: u32,
}

/// The scopes of a function, as `__C_specific_handler` has them.
pub(crate) fn scopes(image: &[u8], data: u32) -> impl Iterator<Item = Scope> + '_ {
    let at = data as usize;
    let count = u32_at(image, at).unwrap_or(0) as usize;
    (0..count).map_while(move |index| {
        let word = |number: usize| u32_at(image, at + 4 + index * 16 + number * 4);
        Some(Scope { begin: word(0)?, end: word(1)?, handler: word(2)?, target: word(3)? })
    })
}

/// A driver's stack, above a stack pointer.
pub(crate) struct DriverStack {
    bounds: stacks::Bounds,
    from: u64,
}

impl DriverStack {
    /// The stack that runs now: called on it.
    pub(crate) fn running(registers: &Registers) -> Option<Self> {
        Some(Self { bounds: stacks::running_bounds()?, from: registers.rsp() })
    }

    /// The suspended stack of the machine's current thread: called on the model's.
    pub(crate) fn suspended(k: &Kernel, registers: &Registers) -> Option<Self> {
        Some(Self { bounds: k.thread().stacks.driver_bounds()?, from: registers.rsp() })
    }
}

impl Stack for DriverStack {
    fn read(&self, address: u64) -> Option<u64> {
        let last = (address as usize).wrapping_add(7);
        if address < self.from || !address.is_multiple_of(8) || !self.bounds.usable(address as usize, last) {
            return None;
        }
        // SAFETY: within the driver's stack and not in its guard page; the frames below `from` are not read.
        Some(unsafe { std::ptr::with_exposed_provenance::<u64>(address as usize).read_volatile() })
    }
}

/// What became of an exception.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The context says where to go on.
    Resume,
    /// Nobody took it.
    Unhandled,
}

thread_local! {
    /// What `__C_specific_handler` asked for: where the handler is.
    static TARGET: Cell<u64> = const { Cell::new(0) };
}

/// Dispatches an exception. Called on the driver's stack, below the frames of the context.
pub(crate) fn dispatch(image: &Image, context: &mut Context, record: &mut Record) -> Outcome {
    context.dress();
    let start = context.registers();
    let Some(stack) = DriverStack::running(&start) else { return Outcome::Unhandled };
    let mut registers = start;
    let (frame, target) = loop {
        let pc = registers.rip;
        if !image.contains(pc as usize) {
            return Outcome::Unhandled;
        }
        let Some(frame) = step(image.prepared(), image.base(), &mut registers, &stack) else {
            return Outcome::Unhandled;
        };
        let (Some(handler), Some(function)) = (frame.handler.filter(|h| h.exceptions), frame.function) else {
            continue;
        };
        let entry = [function.start, function.end, function.unwind];
        let mut dispatcher = dispatcher(image, pc, &entry, frame.establisher, handler, context);
        match call(image, handler, record, &mut dispatcher) {
            CONTINUE_EXECUTION => return Outcome::Resume,
            UNWIND_TO_TARGET => break (frame.establisher, TARGET.get()),
            _ => {}
        }
    };
    unwind(image, context, record, &stack, start, (frame, target))
}

/// The second pass: runs termination handlers up to the frame that took the exception.
fn unwind(
    image: &Image,
    context: &mut Context,
    record: &mut Record,
    stack: &DriverStack,
    mut registers: Registers,
    (target_frame, target): (u64, u64),
) -> Outcome {
    record.flags |= UNWINDING;
    loop {
        let here = registers;
        let Some(frame) = step(image.prepared(), image.base(), &mut registers, stack) else {
            return Outcome::Unhandled;
        };
        let is_target = frame.establisher == target_frame && frame.handler.is_some();
        if is_target {
            record.flags |= TARGET_UNWIND;
        }
        if let (Some(handler), Some(function)) = (frame.handler.filter(|h| h.unwinds), frame.function) {
            let entry = [function.start, function.end, function.unwind];
            let mut dispatcher = dispatcher(image, here.rip, &entry, frame.establisher, handler, context);
            dispatcher.target_ip = target;
            call(image, handler, record, &mut dispatcher);
        }
        if is_target {
            context.set(&here);
            context.rip = target;
            context.gpr[0] = i64::from(record.code) as u64;
            return Outcome::Resume;
        }
        if !image.contains(registers.rip as usize) {
            return Outcome::Unhandled;
        }
    }
}

fn dispatcher(
    image: &Image,
    pc: u64,
    entry: &[u32; 3],
    establisher: u64,
    handler: Handler,
    context: &mut Context,
) -> Dispatcher {
    Dispatcher {
        control_pc: pc,
        image_base: image.base(),
        function: entry,
        establisher,
        target_ip: 0,
        context,
        handler: image.base() + u64::from(handler.routine),
        data: std::ptr::with_exposed_provenance((image.base() + u64::from(handler.data)) as usize),
        history: std::ptr::null(),
        scope: 0,
        fill: 0,
    }
}

type Routine = unsafe extern "win64" fn(*mut Record, u64, *mut Context, *mut Dispatcher) -> i32;

/// Calls a language handler of the image.
fn call(image: &Image, handler: Handler, record: &mut Record, dispatcher: &mut Dispatcher) -> i32 {
    if !image.is_code(handler.routine as usize) {
        return CONTINUE_SEARCH;
    }
    let routine = std::ptr::with_exposed_provenance::<()>(dispatcher.handler as usize);
    // SAFETY: the unwind information of the image names it as a routine of this type.
    let routine = unsafe { std::mem::transmute::<*const (), Routine>(routine) };
    // SAFETY: the image's code, which the caller of `load_image` answers for; the structures outlive the call.
    unsafe { routine(record, dispatcher.establisher, dispatcher.context, dispatcher) }
}

/// `__C_specific_handler`: the language handler of `__try`. Runs on the driver's stack.
pub(crate) extern "win64" fn c_specific_handler(
    record: *mut Record,
    establisher: u64,
    context: *mut Context,
    dispatcher: *mut Dispatcher,
) -> i32 {
    let Some(image) = crate::image::registry::running() else { return CONTINUE_SEARCH };
    // SAFETY: `call` passes them, possibly through a routine of the image.
    let dispatcher = unsafe { &mut *dispatcher };
    // SAFETY: as above.
    let flags = unsafe { (*record).flags };
    let relative = |address: u64| address.wrapping_sub(image.base()) as u32;
    let (pc, target) = (relative(dispatcher.control_pc), relative(dispatcher.target_ip));
    let data = relative(dispatcher.data.addr() as u64);
    let routine = |address: u32| {
        let code = image.is_code(address as usize);
        code.then(|| std::ptr::with_exposed_provenance::<()>((image.base() + u64::from(address)) as usize))
    };
    for (index, scope) in scopes(&image.prepared().bytes, data).enumerate().skip(dispatcher.scope as usize) {
        if !(scope.begin..scope.end).contains(&pc) {
            continue;
        }
        if flags & UNWINDING != 0 {
            // The exception was taken inside this scope, so it is not left.
            if flags & TARGET_UNWIND != 0 && (scope.begin..scope.end).contains(&target) {
                break;
            }
            if scope.target == 0
                && let Some(finally) = routine(scope.handler)
            {
                dispatcher.scope = index as u32 + 1;
                type Finally = unsafe extern "win64" fn(u8, u64);
                // SAFETY: the scope names it as a termination handler.
                let finally = unsafe { std::mem::transmute::<*const (), Finally>(finally) };
                // SAFETY: as for language handlers.
                unsafe { finally(1, establisher) };
            }
            continue;
        }
        if scope.target == 0 {
            continue;
        }
        if scope.handler != 1 {
            let Some(filter) = routine(scope.handler) else { continue };
            type Filter = unsafe extern "win64" fn(*mut Pointers, u64) -> i32;
            // SAFETY: the scope names it as a filter.
            let filter = unsafe { std::mem::transmute::<*const (), Filter>(filter) };
            let mut pointers = Pointers { record, context };
            // SAFETY: as for language handlers.
            match unsafe { filter(&mut pointers, establisher) } {
                0 => continue,
                answer if answer < 0 => return CONTINUE_EXECUTION,
                _ => {}
            }
        }
        TARGET.set(image.base() + u64::from(scope.target));
        return UNWIND_TO_TARGET;
    }
    CONTINUE_SEARCH
}
