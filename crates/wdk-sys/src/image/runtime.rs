//! What compiled code refers to and Microsoft's C runtime would define.
//!
//! Each routine is a section of its own, which the linker leaves out where nothing refers to it.

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
    ".section .text, \"xr\", one_only, __chkstk",
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
    ".section .text, \"xr\", one_only, __chkstk",
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

// The routine that unwinding would ask about a frame. A `core` that came compiled names it; nothing unwinds in an image,
// where panics do not, so it answers "go on" (ExceptionContinueSearch) to whatever a structured exception asks.
#[cfg(target_arch = "x86_64")]
core::arch::global_asm!(
    ".section .text, \"xr\", one_only, __CxxFrameHandler3",
    ".globl __CxxFrameHandler3",
    ".def __CxxFrameHandler3; .scl 2; .type 32; .endef",
    "__CxxFrameHandler3:",
    "mov eax, 1",
    "ret",
);

// `__CxxFrameHandler3`, as above.
#[cfg(target_arch = "aarch64")]
core::arch::global_asm!(
    ".section .text, \"xr\", one_only, __CxxFrameHandler3",
    ".p2align 2",
    ".globl __CxxFrameHandler3",
    ".def __CxxFrameHandler3; .scl 2; .type 32; .endef",
    "__CxxFrameHandler3:",
    "mov w0, #1",
    "ret",
);

/// The functions that the compiler calls to copy, fill and compare. A `core` that came compiled leaves them to the C
/// runtime; the kernel exports them. One that is compiled with the driver brings its own.
#[cfg(precompiled_core)]
#[allow(dead_code)]
mod memory {
    use core::ffi::c_void;

    #[link(name = "ntoskrnl.exe", kind = "raw-dylib", modifiers = "+verbatim")]
    unsafe extern "C" {
        fn memcpy(to: *mut c_void, from: *const c_void, length: usize) -> *mut c_void;
        fn memmove(to: *mut c_void, from: *const c_void, length: usize) -> *mut c_void;
        fn memset(to: *mut c_void, byte: i32, length: usize) -> *mut c_void;
        fn memcmp(one: *const c_void, other: *const c_void, length: usize) -> i32;
    }
}
