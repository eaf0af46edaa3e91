//! What only an image's own code and memory can do: the processor or the memory manager stops it on Windows.

use crate::verifier::{Level, Rule};

/// An assertion of the driver's failed.
pub static ASSERTION: Rule = Rule {
    id: "assertion",
    microsoft: "KMODE_EXCEPTION_NOT_HANDLED (0x1E), STATUS_ASSERTION_FAILURE",
    means: "an assertion of the driver's failed",
    help: "checked builds assert with `int 2c`; PAGED_CODE() does so when the IRQL is too high",
    level: Level::Off,
};

/// The driver found its own data damaged.
pub static FAST_FAIL: Rule = Rule {
    id: "fast-fail",
    microsoft: "KERNEL_SECURITY_CHECK_FAILURE (0x139)",
    means: "the driver found its own data damaged and stopped the system",
    help: "see what the code means: a list entry, a stack buffer or a reference count was overwritten, or the code aborted",
    level: Level::Off,
};

/// The driver raised an exception that nobody handled.
pub static EXCEPTION: Rule = Rule {
    id: "exception-not-handled",
    microsoft: "KMODE_EXCEPTION_NOT_HANDLED (0x1E), SYSTEM_THREAD_EXCEPTION_NOT_HANDLED (0x7E)",
    means: "the driver raised an exception that nobody handled",
    help: "put __try/__except around what may raise, and only around accesses to memory of user mode",
    level: Level::Off,
};

/// The driver wrote to its code or to its constants.
pub static READ_ONLY: Rule = Rule {
    id: "write-to-read-only",
    microsoft: "ATTEMPTED_WRITE_TO_READONLY_MEMORY (0xBE)",
    means: "the driver wrote to read-only memory of its image",
    help: "code and constants cannot be written; declare data that changes as such",
    level: Level::Off,
};

/// The driver executed data.
pub static NO_EXECUTE: Rule = Rule {
    id: "execute-of-data",
    microsoft: "ATTEMPTED_EXECUTE_OF_NOEXECUTE_MEMORY (0xFC)",
    means: "the driver executed memory that is no code",
    help: "look for a function pointer that was overwritten",
    level: Level::Off,
};

/// The driver used what was there only for its initialisation.
pub static DISCARDED: Rule = Rule {
    id: "discarded-section",
    microsoft: "PAGE_FAULT_IN_NONPAGED_AREA (0x50)",
    means: "the driver used a section of its image that was discarded",
    help: "what DriverEntry's INIT section holds is gone once DriverEntry has returned: move the function out of it",
    level: Level::Off,
};

/// The driver used a pageable section while it may be paged out.
pub static PAGED: Rule = Rule {
    id: "paged-at-raised-irql",
    microsoft: "IRQL_NOT_LESS_OR_EQUAL (0xA), DRIVER_IRQL_NOT_LESS_OR_EQUAL (0xD1); Force IRQL Checking",
    means: "the driver used pageable memory at an IRQL at which it may not be there",
    help: "move the function or data out of its PAGE section, or run it below DISPATCH_LEVEL",
    level: Level::Standard,
};

/// The driver used pool memory that was freed, or beyond what it allocated.
pub static POOL: Rule = Rule {
    id: "pool-access",
    microsoft: "DRIVER_PAGE_FAULT_IN_FREED_SPECIAL_POOL (0xD5), DRIVER_PAGE_FAULT_BEYOND_END_OF_ALLOCATION (0xD6)",
    means: "the driver accessed pool memory that was freed, or that it did not allocate",
    help: "look for who freed the memory, or for a wrong length",
    level: Level::Standard,
};
