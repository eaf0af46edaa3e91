//! Unwinding of x64 Windows code: what `.pdata` and `.xdata` say about a function's frame.
//!
//! The unwinder reads the image's tables from the loader's copy of it, which the driver cannot change, and the
//! stack through a function that knows its bounds. Everything here is safe and total: damaged tables end a walk.

pub(crate) mod dispatch;

use super::bytes::{u8_at, u16_at, u32_at};
use super::prepare::{Function, Prepared};

/// Registers that unwinding needs.
#[derive(Clone, Copy, Default)]
pub(crate) struct Registers {
    /// In the order of the processor's numbers.
    pub(crate) gpr: [u64; 16],
    pub(crate) rip: u64,
    pub(crate) xmm: [u128; 16],
}

pub(crate) const RSP: usize = 4;

impl Registers {
    pub(crate) fn rsp(&self) -> u64 {
        self.gpr[RSP]
    }

    /// Returns to the caller of a function that has not touched its frame.
    pub(crate) fn leave_leaf(&mut self, stack: &dyn Stack) -> Option<()> {
        self.rip = stack.read(self.rsp())?;
        self.gpr[RSP] = self.rsp().wrapping_add(8);
        Some(())
    }
}

/// The stack that is unwound.
pub(crate) trait Stack {
    /// The word at an address. `None` outside the stack.
    fn read(&self, address: u64) -> Option<u64>;
}

/// A function's handler of exceptions.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Handler {
    /// Its address in the image.
    pub(crate) routine: u32,
    /// Where its data are in the image.
    pub(crate) data: u32,
    /// It wants exceptions.
    pub(crate) exceptions: bool,
    /// It wants unwinds.
    pub(crate) unwinds: bool,
}

/// A frame that was unwound.
pub(crate) struct Frame {
    pub(crate) function: Option<Function>,
    /// What Windows calls the establisher frame: how handlers find the function's variables.
    pub(crate) establisher: u64,
    pub(crate) handler: Option<Handler>,
}

const HAS_EXCEPTION_HANDLER: u8 = 1;
const HAS_UNWIND_HANDLER: u8 = 2;
const CHAINED: u8 = 4;
/// More chained entries than any compiler makes.
const LONGEST_CHAIN: usize = 32;

/// Unwind information of a function, or of a part of one.
struct Info<'a> {
    flags: u8,
    prologue: u8,
    /// Register number and offset in bytes.
    frame: Option<(usize, u64)>,
    codes: &'a [u8],
    /// What follows the codes.
    tail: usize,
}

impl<'a> Info<'a> {
    fn read(image: &'a [u8], address: u32) -> Option<Self> {
        let at = address as usize;
        let first = u8_at(image, at)?;
        if !matches!(first & 7, 1 | 2) {
            return None;
        }
        let count = usize::from(u8_at(image, at + 2)?);
        let frame = u8_at(image, at + 3)?;
        Some(Self {
            flags: first >> 3,
            prologue: u8_at(image, at + 1)?,
            frame: (frame & 15 != 0).then_some((usize::from(frame & 15), u64::from(frame >> 4) * 16)),
            codes: image.get(at + 4..at + 4 + count * 2)?,
            tail: at + 4 + count.next_multiple_of(2) * 2,
        })
    }

    /// The operations, each with its place in the prologue, its number, its 4 bits and its 16 or 32 bits. `None` is
    /// one that does not exist, and the last.
    fn operations(&self) -> impl Iterator<Item = Option<(u8, u8, u8, u32)>> + '_ {
        let mut at = 0;
        std::iter::from_fn(move || {
            let place = u8_at(self.codes, at)?;
            let code = u8_at(self.codes, at + 1).unwrap_or(0xFF);
            let half = u16_at(self.codes, at + 2).unwrap_or(0);
            let full = u32_at(self.codes, at + 2).unwrap_or(0);
            let (operation, info) = (code & 15, code >> 4);
            let (slots, operand) = match (operation, info) {
                (1, 0) => (2, u32::from(half) * 8),
                (1, 1) | (5 | 9, _) => (3, full),
                (4, _) => (2, u32::from(half) * 8),
                (8, _) => (2, u32::from(half) * 16),
                (6, _) => (2, 0),
                (0 | 2 | 3 | 10, _) => (1, 0),
                _ => (usize::MAX / 4, 0),
            };
            at += slots * 2;
            Some((at <= self.codes.len()).then_some((place, operation, info, operand)))
        })
    }
}

/// Undoes a frame: turns the registers into those of the caller. `None` where the tables or the stack end.
pub(crate) fn step(
    image: &Prepared,
    base: u64,
    registers: &mut Registers,
    stack: &dyn Stack,
) -> Option<Frame> {
    let pc = u32::try_from(registers.rip.checked_sub(base)?).ok()?;
    let Some(function) = image.function(pc) else {
        let establisher = registers.rsp();
        registers.leave_leaf(stack)?;
        return Some(Frame { function: None, establisher, handler: None });
    };
    let bytes = &image.bytes[..];
    let first = Info::read(bytes, function.unwind)?;
    let offset = pc - function.start;
    let in_prologue = offset < u32::from(first.prologue);
    // The frame register counts once the prologue has set it.
    let set = first.operations().flatten().find(|&(_, operation, ..)| operation == 3);
    let frame_is_set = match set {
        Some((place, ..)) => !in_prologue || offset >= u32::from(place),
        None => !in_prologue,
    };
    let establisher = match first.frame {
        Some((register, offset)) if frame_is_set => registers.gpr[register].wrapping_sub(offset),
        _ => registers.rsp(),
    };
    if !in_prologue && epilogue(image, pc, function, &first, registers, stack) {
        return Some(Frame { function: Some(function), establisher, handler: None });
    }
    let mut handler = None;
    let mut info = first;
    let mut reached = in_prologue.then_some(offset);
    let mut interrupted = false;
    for link in 0.. {
        if link > LONGEST_CHAIN {
            return None;
        }
        interrupted |= undo(&info, reached, establisher, registers, stack)?;
        if info.flags & CHAINED != 0 {
            info = Info::read(bytes, u32_at(bytes, info.tail + 8)?)?;
            // The chained part's prologue is done.
            reached = None;
            continue;
        }
        if info.flags & (HAS_EXCEPTION_HANDLER | HAS_UNWIND_HANDLER) != 0 && !in_prologue {
            handler = Some(Handler {
                routine: u32_at(bytes, info.tail)?,
                data: info.tail as u32 + 4,
                exceptions: info.flags & HAS_EXCEPTION_HANDLER != 0,
                unwinds: info.flags & HAS_UNWIND_HANDLER != 0,
            });
        }
        break;
    }
    if !interrupted {
        registers.leave_leaf(stack)?;
    }
    Some(Frame { function: Some(function), establisher, handler })
}

/// Undoes the operations of a prologue that were reached. `true` if the frame was pushed by the processor, so that
/// `rip` and `rsp` are restored already.
fn undo(
    info: &Info<'_>,
    reached: Option<u32>,
    establisher: u64,
    registers: &mut Registers,
    stack: &dyn Stack,
) -> Option<bool> {
    for operation in info.operations() {
        let (place, operation, number, operand) = operation?;
        if reached.is_some_and(|offset| offset < u32::from(place)) {
            continue;
        }
        let register = usize::from(number);
        let saved = establisher.wrapping_add(u64::from(operand));
        match operation {
            0 => {
                registers.gpr[register] = stack.read(registers.rsp())?;
                registers.gpr[RSP] = registers.rsp().wrapping_add(8);
            }
            1 => registers.gpr[RSP] = registers.rsp().wrapping_add(u64::from(operand)),
            2 => registers.gpr[RSP] = registers.rsp().wrapping_add(u64::from(number) * 8 + 8),
            3 => registers.gpr[RSP] = establisher,
            4 | 5 => registers.gpr[register] = stack.read(saved)?,
            8 | 9 => {
                let (low, high) = (stack.read(saved)?, stack.read(saved.wrapping_add(8))?);
                registers.xmm[register] = u128::from(low) | u128::from(high) << 64;
            }
            10 => {
                let at = registers.rsp().wrapping_add(if number == 0 { 0 } else { 8 });
                registers.rip = stack.read(at)?;
                registers.gpr[RSP] = stack.read(at.wrapping_add(24))?;
                return Some(true);
            }
            _ => {}
        }
    }
    Some(false)
}

/// Runs the rest of an epilogue, if the code at `pc` is one: stack adjustment, pops, return or jump.
fn epilogue(
    image: &Prepared,
    pc: u32,
    function: Function,
    info: &Info<'_>,
    registers: &mut Registers,
    stack: &dyn Stack,
) -> bool {
    let code = image.bytes.get(pc as usize..function.end as usize).unwrap_or_default();
    let mut after = *registers;
    let mut at = 0;
    match code {
        [0x48, 0x83, 0xC4, by, ..] => {
            after.gpr[RSP] = after.rsp().wrapping_add_signed(i64::from(*by as i8));
            at = 4;
        }
        [0x48, 0x81, 0xC4, ..] => {
            let Some(by) = u32_at(code, 3) else { return false };
            after.gpr[RSP] = after.rsp().wrapping_add_signed(i64::from(by as i32));
            at = 7;
        }
        [0x48 | 0x49, 0x8D, mode, ..] if info.frame.is_some() && mode & 0x38 == 0x20 => {
            let Some((register, _)) = info.frame else { return false };
            // lea rsp, [frame register + displacement]; r12 would need another byte and is not used.
            let (by, length) = match mode >> 6 {
                1 => (u8_at(code, 3).map(|by| i64::from(by as i8)), 4),
                2 => (u32_at(code, 3).map(|by| i64::from(by as i32)), 7),
                _ => return false,
            };
            let (Some(by), true) = (by, usize::from(mode & 7) == register & 7) else { return false };
            after.gpr[RSP] = after.gpr[register].wrapping_add_signed(by);
            at = length;
        }
        _ => {}
    }
    loop {
        let (register, length) = match code.get(at..).unwrap_or_default() {
            [pop @ 0x58..=0x5F, ..] => (usize::from(pop & 7), 1),
            [0x41, pop @ 0x58..=0x5F, ..] => (usize::from(pop & 7) + 8, 2),
            _ => break,
        };
        let Some(value) = stack.read(after.rsp()) else { return false };
        after.gpr[RSP] = after.rsp().wrapping_add(8);
        after.gpr[register] = value;
        at += length;
    }
    let rest = code.get(at..).unwrap_or_default();
    let leaves = match rest {
        [0xC3 | 0xC2, ..] | [0xF3, 0xC3, ..] => true,
        // A jump that leaves the function is a call in tail position.
        [0xE9, ..] => u32_at(rest, 1).is_some_and(|by| {
            let target = (i64::from(pc) + at as i64 + 5).wrapping_add(i64::from(by as i32));
            !(i64::from(function.start)..i64::from(function.end)).contains(&target)
        }),
        [0x48, 0xFF, mode, ..] => mode & 0x38 == 0x20,
        [0xFF, 0x25, ..] => true,
        _ => false,
    };
    if !leaves || after.leave_leaf(stack).is_none() {
        return false;
    }
    *registers = after;
    true
}

/// Unwinds from the middle of every function over a stack of zeros: for fuzzing.
pub(crate) fn walk_all(image: &Prepared) {
    struct Zeros;
    impl Stack for Zeros {
        fn read(&self, address: u64) -> Option<u64> {
            (address < 1 << 32).then_some(0)
        }
    }
    for function in image.functions.iter().take(256) {
        for pc in [function.start, function.start.midpoint(function.end), function.end - 1] {
            let mut registers = Registers { rip: u64::from(pc), ..Registers::default() };
            if let Some(Frame { handler: Some(handler), .. }) = step(image, 0, &mut registers, &Zeros) {
                dispatch::scopes(&image.bytes, handler.data).take(1024).for_each(drop);
            }
        }
    }
}
