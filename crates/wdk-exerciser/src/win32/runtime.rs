//! What compiled code refers to and Microsoft's C runtime would define.

use core::ffi::c_void;

// What `ntdll.dll` exports of it, which every process has.
#[link(name = "ntdll.dll", kind = "raw-dylib", modifiers = "+verbatim")]
#[allow(dead_code)]
unsafe extern "C" {
    fn memcpy(to: *mut c_void, from: *const c_void, length: usize) -> *mut c_void;
    fn memmove(to: *mut c_void, from: *const c_void, length: usize) -> *mut c_void;
    fn memset(to: *mut c_void, byte: i32, length: usize) -> *mut c_void;
    fn memcmp(one: *const c_void, other: *const c_void, length: usize) -> i32;
    /// Touches each page of a frame that is larger than one. No function that could be called.
    fn __chkstk();
}

// `_fltused` says that the image uses floating point, for which compilers of MSVC targets refer to it.
core::arch::global_asm!(
    ".section .rdata, \"dr\"",
    ".globl _fltused",
    ".p2align 2, 0",
    "_fltused:",
    ".long 0x9875",
);

// The routine that unwinding would ask about a frame. A `core` that came compiled names it. Nothing unwinds here, where
// panics end the process, so it answers "go on" (ExceptionContinueSearch) to whatever an exception asks.
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
