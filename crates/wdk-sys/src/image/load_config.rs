//! The load configuration: the security cookie, and what Control Flow Guard needs.
//!
//! The linker finds it by the name `_load_config_used`, and fills in the tables that the symbols `__guard_…` stand
//! for; they mean zero where the image is linked without `/guard:cf`.
//!
//! In assembly for two reasons. `GuardFlags` is a symbol's value cut to 32 bits, which a Rust static cannot hold. And
//! a static with a C name would be exported from the image.

// `IMAGE_LOAD_CONFIG_DIRECTORY64` up to `CodeIntegrity`. What the structure has beyond that came with
// features that this image does not have, and `Size` says that it ends here.
#[cfg(target_pointer_width = "64")]
core::arch::global_asm!(
    ".section .rdata, \"dr\"",
    ".globl _load_config_used",
    ".p2align 3, 0",
    "_load_config_used:",
    ".long 0xA0",                        // Size
    ".zero 84",                          // TimeDateStamp … EditList
    ".quad __security_cookie",           // SecurityCookie
    ".quad 0, 0",                        // SEHandlerTable, SEHandlerCount
    ".quad __guard_check_icall_fptr",    // GuardCFCheckFunctionPointer
    ".quad __guard_dispatch_icall_fptr", // GuardCFDispatchFunctionPointer
    ".quad __guard_fids_table",          // GuardCFFunctionTable
    ".quad __guard_fids_count",          // GuardCFFunctionCount
    ".long __guard_flags",               // GuardFlags
    ".zero 12",                          // CodeIntegrity
    // The loader replaces this value, and only this one, by a random one.
    ".section .data, \"dw\"",
    ".globl __security_cookie",
    ".globl __security_cookie_complement",
    ".p2align 3, 0",
    "__security_cookie:",
    ".quad 0x00002B992DDFA232",
    "__security_cookie_complement:",
    ".quad 0xFFFFD466D2205DCD",
    // What indirect calls go through until a loader that enforces Control Flow Guard puts its own routines here.
    ".section .00cfg, \"dr\"",
    ".globl __guard_check_icall_fptr",
    ".globl __guard_dispatch_icall_fptr",
    ".p2align 3, 0",
    "__guard_check_icall_fptr:",
    ".quad wdk_guard_check_icall_nop",
    "__guard_dispatch_icall_fptr:",
    ".quad wdk_guard_dispatch_icall_nop",
);

// The call's target is in `rcx` for a check, in `rax` for a dispatch.
#[cfg(target_arch = "x86_64")]
core::arch::global_asm!(
    ".text",
    ".def wdk_guard_check_icall_nop; .scl 3; .type 32; .endef",
    "wdk_guard_check_icall_nop:",
    "ret",
    ".def wdk_guard_dispatch_icall_nop; .scl 3; .type 32; .endef",
    "wdk_guard_dispatch_icall_nop:",
    "jmp rax",
);

// The call's target is in `x15` for a check, in `x9` for a dispatch.
#[cfg(target_arch = "aarch64")]
core::arch::global_asm!(
    ".text",
    ".p2align 2",
    ".def wdk_guard_check_icall_nop; .scl 3; .type 32; .endef",
    "wdk_guard_check_icall_nop:",
    "ret",
    ".def wdk_guard_dispatch_icall_nop; .scl 3; .type 32; .endef",
    "wdk_guard_dispatch_icall_nop:",
    "br x9",
);
