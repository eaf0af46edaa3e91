//! The registers of driver code, in the shape of Windows' `CONTEXT`.

use crate::image::unwind::Registers;

/// `CONTEXT` of x64. What debug registers and the vector registers hold is not kept; their place behind `float`
/// holds the rest of the processor's extended state, so that `xsave` and `xrstor` work in place.
#[repr(C, align(64))]
pub(crate) struct Context {
    homes: [u64; 6],
    flags: u32,
    pub(super) mxcsr: u32,
    segments: [u16; 6],
    pub(crate) eflags: u32,
    debug: [u64; 6],
    /// In the order of the processor's numbers: rax, rcx, rdx, rbx, rsp, rbp, rsi, rdi, r8 …
    pub(crate) gpr: [u64; 16],
    pub(crate) rip: u64,
    /// `fxsave` area, and the header and AVX part of `xsave`.
    float: [u8; 512],
    extended: [u8; 26 * 16],
    rest: [u64; 6],
}

/// `CONTEXT_FULL` of AMD64.
const FULL: u32 = 0x0010_000B;
/// Where the sixteen `xmm` registers are in the `fxsave` area.
const XMM: usize = 160;

pub(super) const RAX: usize = 0;
pub(super) const RCX: usize = 1;
pub(super) const RDX: usize = 2;
pub(super) const RSP: usize = 4;

const _: () = {
    assert!(std::mem::offset_of!(Context, mxcsr) == 0x34);
    assert!(std::mem::offset_of!(Context, eflags) == 0x44);
    assert!(std::mem::offset_of!(Context, gpr) == 0x78);
    assert!(std::mem::offset_of!(Context, rip) == 0xF8);
    assert!(std::mem::offset_of!(Context, float) == 0x100);
    assert!(std::mem::offset_of!(Context, rest) == 0x4A0);
};

impl Context {
    /// What the unwinder works on.
    pub(crate) fn registers(&self) -> Registers {
        let mut xmm = [0; 16];
        for (to, from) in xmm.iter_mut().zip(self.float[XMM..].chunks_exact(16)) {
            *to = u128::from_le_bytes(from.try_into().unwrap_or_default());
        }
        Registers { gpr: self.gpr, rip: self.rip, xmm }
    }

    /// Takes what the unwinder made.
    pub(crate) fn set(&mut self, registers: &Registers) {
        self.gpr = registers.gpr;
        self.rip = registers.rip;
        for (to, from) in self.float[XMM..].chunks_exact_mut(16).zip(&registers.xmm) {
            to.copy_from_slice(&from.to_le_bytes());
        }
        // The state of `xmm` is in use from here on.
        self.extended[0] |= 2;
    }

    /// Fills in what exception filters see and nothing else needs.
    pub(crate) fn dress(&mut self) {
        self.flags = FULL;
        self.segments = [0x10, 0x2B, 0x2B, 0x53, 0x2B, 0x18];
        self.homes = [0; 6];
        self.debug = [0; 6];
        self.rest = [0; 6];
    }
}
