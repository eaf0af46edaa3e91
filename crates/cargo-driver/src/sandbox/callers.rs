//! No system call from the image's own code.
//!
//! The filter knows where the emulator's code is: the files that are mapped to be executed. A call from anywhere
//! else is trapped, even if the allow-list has it. Code that jumps to somebody else's `syscall` instruction gets
//! past this filter, and then meets the allow-list.

use seccompiler::{BpfProgram, SeccompAction, sock_filter};
use std::fs;
use std::io;
use std::ops::Range;

// Offsets in `struct seccomp_data`.
const ARCHITECTURE: u32 = 4;
const CALLER_LOW: u32 = 8;
const CALLER_HIGH: u32 = 12;
/// `AUDIT_ARCH_X86_64`.
const X86_64: u32 = 0xC000_003E;

// `BPF_LD | BPF_W | BPF_ABS`, `BPF_JMP | BPF_JEQ | BPF_K` and so on.
const LOAD: u16 = 0x20;
const JUMP_IF_EQUAL: u16 = 0x15;
const JUMP_IF_ABOVE: u16 = 0x25;
const JUMP_IF_AT_LEAST: u16 = 0x35;
const RETURN: u16 = 0x06;

/// The filter for this process as it is now.
///
/// # Errors
///
/// When the kernel does not say what is mapped.
pub fn program() -> io::Result<BpfProgram> {
    Ok(assemble(&code_of_files(&fs::read_to_string("/proc/self/maps")?)))
}

/// The executable mappings of files and of the kernel, from the text of `/proc/self/maps`.
fn code_of_files(maps: &str) -> Vec<Range<u64>> {
    let mapping = |line: &str| -> Option<Range<u64>> {
        let mut words = line.split_whitespace();
        let (addresses, access) = (words.next()?, words.next()?);
        let (start, end) = addresses.split_once('-')?;
        let path = words.nth(3)?;
        let of_file = path.starts_with('/') || path == "[vdso]";
        let address = |text| u64::from_str_radix(text, 16).ok();
        (access.contains('x') && of_file).then_some(address(start)?..address(end)?)
    };
    maps.lines().filter_map(mapping).flat_map(split).collect()
}

/// Cuts a range where the upper halves of its addresses change, because the filter compares halves.
fn split(range: Range<u64>) -> Vec<Range<u64>> {
    let boundary = ((range.start >> 32) + 1) << 32;
    match range.end > boundary {
        true => {
            let mut rest = split(boundary..range.end);
            rest.insert(0, range.start..boundary);
            rest
        }
        false => vec![range],
    }
}

fn assemble(allowed: &[Range<u64>]) -> BpfProgram {
    let step = |code, k| sock_filter { code, jt: 0, jf: 0, k };
    let jump = |code, k, jt, jf| sock_filter { code, jt, jf, k };
    let allow = step(RETURN, u32::from(SeccompAction::Allow));
    // Another architecture is for the allow-list to kill: this one must not be milder.
    let mut program = vec![step(LOAD, ARCHITECTURE), jump(JUMP_IF_EQUAL, X86_64, 1, 0), allow.clone()];
    for range in allowed {
        let last = range.end - 1;
        program.extend([
            step(LOAD, CALLER_HIGH),
            jump(JUMP_IF_EQUAL, (range.start >> 32) as u32, 0, 4),
            step(LOAD, CALLER_LOW),
            jump(JUMP_IF_AT_LEAST, range.start as u32, 0, 2),
            jump(JUMP_IF_ABOVE, last as u32, 1, 0),
            allow.clone(),
        ]);
    }
    program.push(step(RETURN, u32::from(SeccompAction::Trap)));
    program
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_what_files_and_the_kernel_mapped_to_be_executed() {
        let maps = "\
            55d0c0000000-55d0c0100000 r--p 00000000 fe:00 123                        /usr/bin/cargo-driver\n\
            55d0c0100000-55d0c0200000 r-xp 00100000 fe:00 123                        /usr/bin/cargo driver (deleted)\n\
            7f0000000000-7f0000001000 r-xp 00000000 00:00 0 \n\
            7f0000002000-7f0000003000 rwxp 00000000 00:00 0                          [heap]\n\
            7ffe00000000-7ffe00002000 r-xp 00000000 00:00 0                          [vdso]\n\
            ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]\n";
        assert_eq!(
            code_of_files(maps),
            [0x55d0_c010_0000..0x55d0_c020_0000, 0x7ffe_0000_0000..0x7ffe_0000_2000]
        );
    }

    #[test]
    fn a_range_is_cut_at_four_gigabytes() {
        for whole in [0x1_0000..0x2_0000, 0x1_ffff_f000..0x2_0000_0000] {
            assert!(split(whole.clone()).into_iter().eq([whole]));
        }
        let (one, two, three) = (0x1_ffff_f000, 0x2_0000_0000, 0x3_0000_0000_u64);
        assert_eq!(split(one..three + 0x1000), [one..two, two..three, three..three + 0x1000]);
    }

    /// What the kernel would do.
    fn interpret(program: &[sock_filter], architecture: u32, caller: u64) -> u32 {
        let (mut at, mut accumulator) = (0, 0);
        loop {
            let sock_filter { code, jt, jf, k } = program[at].clone();
            let jump = |taken| 1 + usize::from(if taken { jt } else { jf });
            at += match code {
                LOAD => {
                    accumulator = match k {
                        ARCHITECTURE => architecture,
                        CALLER_LOW => caller as u32,
                        CALLER_HIGH => (caller >> 32) as u32,
                        other => panic!("offset {other}"),
                    };
                    1
                }
                JUMP_IF_EQUAL => jump(accumulator == k),
                JUMP_IF_ABOVE => jump(accumulator > k),
                JUMP_IF_AT_LEAST => jump(accumulator >= k),
                RETURN => return k,
                other => panic!("code {other:#x}"),
            };
        }
    }

    #[test]
    fn only_calls_from_inside_pass() {
        let (allow, trap) = (u32::from(SeccompAction::Allow), u32::from(SeccompAction::Trap));
        let program = assemble(&[0x5555_0000_1000..0x5555_0000_3000, 0x7fff_ffff_f000..0x8000_0000_0000]);
        for inside in [0x5555_0000_1000, 0x5555_0000_2fff, 0x7fff_ffff_f000, 0x7fff_ffff_ffff] {
            assert_eq!(interpret(&program, X86_64, inside), allow, "{inside:#x}");
        }
        for outside in
            [0, 0x1000, 0x5555_0000_0fff, 0x5555_0000_3000, 0x5556_0000_1000, 0x7fff_ffff_efff, u64::MAX]
        {
            assert_eq!(interpret(&program, X86_64, outside), trap, "{outside:#x}");
        }
        assert_eq!(interpret(&program, 0x4000_0003, 0), allow, "left to the allow-list");
    }
}
