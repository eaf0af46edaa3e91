//! What can be read out of an image's code without running it.

use super::headers::Protection;
use super::prepare::Prepared;
use iced_x86::{Decoder, DecoderOptions, Instruction, Mnemonic, OpKind, Register};
use std::collections::BTreeSet;

/// Whether the bytes of `rdtsc` or `rdtscp` are there, as instructions or by chance. Code cannot be written at run
/// time, so what is not there now is never executed.
pub(super) fn reads_tsc(code: &[u8]) -> bool {
    code.windows(2).any(|bytes| bytes == [0x0F, 0x31])
        || code.windows(3).any(|bytes| bytes == [0x0F, 0x01, 0xF9])
}

/// The indices of the framework's functions that the code takes from the table.
///
/// `table` is the address of the pointer to the table or, with `in_place`, of the table itself. Follows a register
/// from where the pointer is loaded to the next write of it: what compilers make of `WdfFunctions[index]`.
pub(super) fn framework_calls(image: &Prepared, base: u64, table: u64, in_place: bool) -> BTreeSet<usize> {
    const SPAN: u64 = 8 * crate::abi::wdf::KMDF_FUNCTIONS as u64;
    let mut found = BTreeSet::new();
    for (start, code) in code(image) {
        let mut decoder = Decoder::with_ip(64, code, base + start as u64, DecoderOptions::NONE);
        let mut holders: Vec<Register> = Vec::new();
        let mut instruction = Instruction::default();
        while decoder.can_decode() {
            decoder.decode_out(&mut instruction);
            let memory =
                (0..instruction.op_count()).any(|operand| instruction.op_kind(operand) == OpKind::Memory);
            let relative = memory && instruction.is_ip_rel_memory_operand();
            let target = instruction.memory_displacement64();
            if relative && in_place && (table..table + SPAN).contains(&target) {
                found.insert(((target - table) / 8) as usize);
            }
            if memory && holders.contains(&instruction.memory_base()) && target < SPAN {
                found.insert((target / 8) as usize);
            }
            if matches!(instruction.mnemonic(), Mnemonic::Call | Mnemonic::Ret | Mnemonic::Jmp) {
                // A register that lives across a call is one of the callee's to keep; rax and its kin are not.
                holders.retain(|register| !VOLATILE.contains(register));
            }
            if instruction.op0_kind() == OpKind::Register {
                holders.retain(|&register| register != instruction.op0_register().full_register());
            }
            if relative && !in_place && target == table && instruction.mnemonic() == Mnemonic::Mov {
                holders.push(instruction.op0_register());
            }
        }
    }
    found
}

/// The functions of an image; its executable sections if it has no table of functions.
fn code(image: &Prepared) -> Vec<(usize, &[u8])> {
    let part = |start: usize, end: usize| (start, image.bytes.get(start..end).unwrap_or_default());
    if !image.functions.is_empty() {
        return image.functions.iter().map(|f| part(f.start as usize, f.end as usize)).collect();
    }
    let sections =
        image.headers.sections.iter().filter(|section| section.protection == Protection::ReadExecute);
    sections.map(|section| part(section.address, section.address + section.size)).collect()
}

const VOLATILE: [Register; 7] =
    [Register::RAX, Register::RCX, Register::RDX, Register::R8, Register::R9, Register::R10, Register::R11];
