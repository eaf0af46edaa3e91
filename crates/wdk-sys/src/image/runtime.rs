//! What compiled code refers to and Microsoft's C runtime would define.

// `_fltused` says that the image uses floating point, for which compilers of MSVC targets refer to it.
core::arch::global_asm!(
    ".section .rdata, \"dr\"",
    ".globl _fltused",
    ".p2align 2, 0",
    "_fltused:",
    ".long 0x9875",
);

// `__chkstk`: touches each page of a frame that is larger than one, from the top, so that none jumps over the guard
// page. The frame's size is in `rax`; everything but the flags is preserved.
#[cfg(target_arch = "x86_64")]
core::arch::global_asm!(
    ".text",
    ".globl __chkstk",
    ".def __chkstk; .scl 2; .type 32; .endef",
    ".seh_proc __chkstk",
    "__chkstk:",
    "push rcx",
    ".seh_pushreg rcx",
    "push rax",
    ".seh_pushreg rax",
    ".seh_endprologue",
    // The stack pointer before the call, from where the frame grows down.
    "lea rcx, [rsp + 24]",
    "2:",
    "cmp rax, 0x1000",
    "jb 3f",
    "sub rcx, 0x1000",
    "test dword ptr [rcx], ecx",
    "sub rax, 0x1000",
    "jmp 2b",
    "3:",
    "sub rcx, rax",
    "test dword ptr [rcx], ecx",
    "pop rax",
    "pop rcx",
    "ret",
    ".seh_endproc",
);

// `__chkstk`, as above. The frame's size is in `x15`, in units of 16 bytes; `x16` and `x17` are free to use.
#[cfg(target_arch = "aarch64")]
core::arch::global_asm!(
    ".text",
    ".p2align 2",
    ".globl __chkstk",
    ".def __chkstk; .scl 2; .type 32; .endef",
    "__chkstk:",
    "mov x17, sp",
    "lsl x16, x15, #4",
    "2:",
    "cmp x16, #1, lsl #12",
    "b.lo 3f",
    "sub x17, x17, #1, lsl #12",
    "ldr xzr, [x17]",
    "sub x16, x16, #1, lsl #12",
    "b 2b",
    "3:",
    "sub x17, x17, x16",
    "ldr xzr, [x17]",
    "ret",
);
