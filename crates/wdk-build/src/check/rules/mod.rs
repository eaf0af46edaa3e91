//! The rules, one after another as `cargo driver check` prints them.

mod contents;
mod headers;
mod sections;

use super::{Judgement, Rule, Severity};

/// Why a rule of kernel-mode images says nothing about a library.
const USER_MODE: &str = "for kernel-mode images";

/// All rules.
pub const RULES: &[Rule] = &[
    Rule {
        id: "machine",
        title: "x86-64 or ARM64",
        severity: Severity::Error,
        help: "Windows of this day loads drivers of no other machine: build with --arch x86_64 or aarch64",
        judge: headers::machine,
    },
    Rule {
        id: "subsystem",
        title: "subsystem native",
        severity: Severity::Error,
        help: "the kernel loads native images only: link with /SUBSYSTEM:NATIVE",
        judge: headers::subsystem,
    },
    Rule {
        id: "executable",
        title: "an executable image, relocations not stripped",
        severity: Severity::Error,
        help: "the linker did not finish the image: look for its errors",
        judge: headers::executable,
    },
    Rule {
        id: "section-alignment",
        title: "sections aligned to pages",
        severity: Severity::Error,
        help: "protection is by pages: leave /ALIGN at 4096",
        judge: headers::section_alignment,
    },
    Rule {
        id: "layout",
        title: "sections in order, within the image, none on top of another",
        severity: Severity::Error,
        help: "the image was damaged, or changed by a tool that does not know the format",
        judge: sections::layout,
    },
    Rule {
        id: "entry-point",
        title: "the entry point is in an executable section",
        severity: Severity::Error,
        help: "name the entry function: /ENTRY:FxDriverEntry for KMDF, /ENTRY:DriverEntry for WDM",
        judge: sections::entry_point,
    },
    Rule {
        id: "checksum",
        title: "the checksum is right",
        severity: Severity::Error,
        help: "the boot loader and Windows 7 refuse a wrong one: link with /RELEASE, or let `cargo driver build` finish \
               the image",
        judge: headers::checksum,
    },
    Rule {
        id: "dynamic-base",
        title: "DYNAMIC_BASE, with base relocations",
        severity: Severity::Error,
        help: "the kernel chooses the address: link with /DYNAMICBASE",
        judge: headers::dynamic_base,
    },
    Rule {
        id: "nx-compat",
        title: "NX_COMPAT",
        severity: Severity::Error,
        help: "link with /NXCOMPAT",
        judge: headers::nx_compat,
    },
    Rule {
        id: "no-tls",
        title: "no thread-local storage",
        severity: Severity::Error,
        help: "the kernel has none: remove `#[thread_local]` or `__declspec(thread)`",
        judge: headers::no_tls,
    },
    Rule {
        id: "no-delay-imports",
        title: "no delay-loaded imports",
        severity: Severity::Error,
        help: "the kernel binds all imports at load: remove /DELAYLOAD, use MmGetSystemRoutineAddress",
        judge: headers::no_delay_imports,
    },
    Rule {
        id: "no-bound-imports",
        title: "no bound imports",
        severity: Severity::Error,
        help: "link without binding the imports",
        judge: headers::no_bound_imports,
    },
    Rule {
        id: "kernel-imports",
        title: "imports from kernel modules only",
        severity: Severity::Error,
        help: "a driver that imports from a user-mode library does not load: find what refers to it",
        judge: contents::kernel_imports,
    },
    Rule {
        id: "section-attributes",
        title: "no section without attributes",
        severity: Severity::Error,
        help: "such a section fails the load with error 998 (`.retplne` of LLVM's linker does): drop it, or merge it \
               with /MERGE:.retplne=.rdata",
        judge: sections::attributes,
    },
    Rule {
        id: "write-xor-execute",
        title: "no section both writable and executable",
        severity: Severity::Error,
        help: "memory integrity (HVCI) refuses it: do not merge data into code",
        judge: sections::write_xor_execute,
    },
    Rule {
        id: "executable-pages",
        title: "executable sections begin on pages of their own",
        severity: Severity::Error,
        help: "memory integrity (HVCI) refuses it: leave /ALIGN at 4096",
        judge: sections::executable_pages,
    },
    Rule {
        id: "not-paged",
        title: "sections not pageable, except PAGE*, INIT, .rsrc and .reloc",
        severity: Severity::Warning,
        help: "code and data that are used at DISPATCH_LEVEL must not be paged out: link with /DRIVER (Microsoft's \
               linker), or /SECTION:NAME,…p (LLVM's)",
        judge: sections::not_paged,
    },
    Rule {
        id: "discardable",
        title: "INIT and .reloc discardable, nothing else that runs later",
        severity: Severity::Warning,
        help: "INIT is freed after the entry function, .reloc after relocation: mark them, and only them, discardable",
        judge: sections::discardable,
    },
    Rule {
        id: "control-flow-guard",
        title: "Control Flow Guard",
        severity: Severity::Warning,
        help: "compile with -Ccontrol-flow-guard or /guard:cf, link with /GUARD:CF and a load configuration",
        judge: contents::control_flow_guard,
    },
    Rule {
        id: "security-cookie",
        title: "a security cookie that the loader initialises",
        severity: Severity::Warning,
        help: "the load configuration has to point to `__security_cookie` with its default value (/GS)",
        judge: contents::security_cookie,
    },
    Rule {
        id: "unwind-information",
        title: "an exception directory (.pdata), sorted, of executable code",
        severity: Severity::Warning,
        help: "exceptions and debuggers need it to unwind: do not strip .pdata",
        judge: contents::unwind_information,
    },
    Rule {
        id: "version-resource",
        title: "a version resource",
        severity: Severity::Warning,
        help: "Explorer, the verifier and crash dumps show VS_VERSION_INFO: `cargo driver build` makes it of Cargo.toml",
        judge: contents::version_resource,
    },
    Rule {
        id: "debug-record",
        title: "debug information named without a directory",
        severity: Severity::Warning,
        help: "the path of the build is nobody's business: link with /PDBALTPATH:%_PDB%",
        judge: contents::debug_record,
    },
    Rule {
        id: "umdf-entry",
        title: "exports FxDriverEntryUm",
        severity: Severity::Error,
        help: "a UMDF driver's host calls that function: this library is no driver",
        judge: contents::umdf_entry,
    },
    Rule {
        id: "signature",
        title: "an embedded signature, if any, is at the end of the file",
        severity: Severity::Error,
        help: "the image was changed after it was signed, or truncated: sign it again",
        judge: contents::signature,
    },
];
