//! Instructions that read memory which is not there but has a model: the value is put in and the instruction's
//! effect worked out here.

use super::context::{Context, RAX};
use iced_x86::{Instruction, Mnemonic, OpKind, Register};

/// The carry, parity, adjust, zero, sign and overflow flags.
const FLAGS: u32 = 0x8D5;

/// The value of a register of any width.
fn get(context: &Context, register: Register) -> u64 {
    let value = context.gpr[register.full_register().number()];
    match register.size() {
        1 if is_high_byte(register) => context.gpr[register.number() - 4] >> 8 & 0xFF,
        8 => value,
        size => value & ((1 << (size * 8)) - 1),
    }
}

fn is_high_byte(register: Register) -> bool {
    matches!(register, Register::AH | Register::BH | Register::CH | Register::DH)
}

/// Sets a register as the processor does: 32 bits clear the upper half, fewer leave the rest.
pub(super) fn set(context: &mut Context, register: Register, value: u64) {
    if is_high_byte(register) {
        let place = &mut context.gpr[register.number() - 4];
        *place = *place & !0xFF00 | (value & 0xFF) << 8;
        return;
    }
    let place = &mut context.gpr[register.full_register().number()];
    *place = match register.size() {
        8 => value,
        4 => value & 0xFFFF_FFFF,
        size => {
            let mask = (1_u64 << (size * 8)) - 1;
            *place & !mask | value & mask
        }
    };
}

/// The address that the instruction's memory operand names, without the base of a segment.
pub(super) fn address(context: &Context, instruction: &Instruction) -> u64 {
    let part = |register: Register| match register {
        Register::None => 0,
        register => get(context, register),
    };
    if instruction.is_ip_rel_memory_operand() {
        return instruction.ip_rel_memory_address();
    }
    let scaled = part(instruction.memory_index()).wrapping_mul(u64::from(instruction.memory_index_scale()));
    let sum = part(instruction.memory_base())
        .wrapping_add(scaled)
        .wrapping_add(instruction.memory_displacement64());
    // Moves between the accumulator and a fixed address have it in full.
    sum
}

/// Executes an instruction whose memory operand has a certain value. `false` if this instruction is not one of those
/// that are known here; nothing is changed then.
pub(super) fn load(context: &mut Context, instruction: &Instruction, value: u64) -> bool {
    let size = instruction.memory_size().size();
    let extended = |value: u64| ((value << (64 - size * 8)) as i64 >> (64 - size * 8)) as u64;
    let register = |operand: u32| match instruction.op_kind(operand) {
        OpKind::Register if instruction.op_register(operand).is_gpr() => {
            Some(instruction.op_register(operand))
        }
        _ => None,
    };
    match instruction.mnemonic() {
        Mnemonic::Mov | Mnemonic::Movzx => match register(0) {
            Some(target) => set(context, target, value),
            None => return false,
        },
        Mnemonic::Movsx | Mnemonic::Movsxd => match register(0) {
            Some(target) => set(context, target, extended(value)),
            None => return false,
        },
        Mnemonic::Cmp | Mnemonic::Test => {
            let other = |operand: u32| match instruction.op_kind(operand) {
                OpKind::Memory => Some(value),
                OpKind::Register => register(operand).map(|register| get(context, register)),
                _ => instruction.try_immediate(operand).ok(),
            };
            let (Some(left), Some(right)) = (other(0), other(1)) else { return false };
            let flags = match instruction.mnemonic() {
                Mnemonic::Cmp => subtraction(left, right, size),
                _ => result_flags(left & right, size),
            };
            context.eflags = context.eflags & !FLAGS | flags;
        }
        Mnemonic::Add | Mnemonic::Sub | Mnemonic::And | Mnemonic::Or | Mnemonic::Xor => {
            let Some(target) = register(0) else { return false };
            let left = get(context, target);
            let (result, flags) = match instruction.mnemonic() {
                Mnemonic::Add => (left.wrapping_add(value), addition(left, value, size)),
                Mnemonic::Sub => (left.wrapping_sub(value), subtraction(left, value, size)),
                Mnemonic::And => (left & value, result_flags(left & value, size)),
                Mnemonic::Or => (left | value, result_flags(left | value, size)),
                _ => (left ^ value, result_flags(left ^ value, size)),
            };
            context.eflags = context.eflags & !FLAGS | flags;
            set(context, target, result);
        }
        // What compilers make of a division by a constant. Its flags say whether the product fits.
        Mnemonic::Mul if size >= 4 => {
            let product = u128::from(truncate(context.gpr[RAX], size)) * u128::from(value);
            let high = (product >> (size * 8)) as u64;
            let (low, upper) =
                if size == 4 { (Register::EAX, Register::EDX) } else { (Register::RAX, Register::RDX) };
            set(context, low, truncate(product as u64, size));
            set(context, upper, high);
            context.eflags = context.eflags & !FLAGS | if high != 0 { 0x801 } else { 0 };
        }
        Mnemonic::Imul if instruction.op_count() >= 2 => {
            let Some(target) = register(0) else { return false };
            let factor = match instruction.op_count() {
                2 => extended(get(context, target)),
                _ => match instruction.try_immediate(2) {
                    Ok(factor) => factor,
                    Err(_) => return false,
                },
            };
            let product = i128::from(extended(value) as i64) * i128::from(factor as i64);
            let result = truncate(product as u64, size);
            let fits = i128::from(extended(result) as i64) == product;
            set(context, target, result);
            context.eflags = context.eflags & !FLAGS | if fits { 0 } else { 0x801 };
        }
        _ => return false,
    }
    true
}

/// Zero, sign and parity of a result.
fn result_flags(result: u64, size: usize) -> u32 {
    let result = truncate(result, size);
    let sign = (result >> (size * 8 - 1)) as u32 & 1;
    let even = (result as u8).count_ones().is_multiple_of(2);
    u32::from(result == 0) << 6 | sign << 7 | u32::from(even) << 2
}

fn truncate(value: u64, size: usize) -> u64 {
    if size >= 8 { value } else { value & ((1 << (size * 8)) - 1) }
}

fn subtraction(left: u64, right: u64, size: usize) -> u32 {
    let (left, right) = (truncate(left, size), truncate(right, size));
    let result = truncate(left.wrapping_sub(right), size);
    let overflow = ((left ^ right) & (left ^ result)) >> (size * 8 - 1) & 1;
    result_flags(result, size)
        | u32::from(left < right)
        | ((left ^ right ^ result) as u32 & 0x10)
        | (overflow as u32) << 11
}

fn addition(left: u64, right: u64, size: usize) -> u32 {
    let (left, right) = (truncate(left, size), truncate(right, size));
    let result = truncate(left.wrapping_add(right), size);
    let overflow = ((left ^ result) & (right ^ result)) >> (size * 8 - 1) & 1;
    result_flags(result, size)
        | u32::from(result < left)
        | ((left ^ right ^ result) as u32 & 0x10)
        | (overflow as u32) << 11
}
