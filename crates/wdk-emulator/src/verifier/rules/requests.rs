//! The life of a request.

use crate::verifier::{Level, Rule};

/// A request was used that the driver does not own.
pub static NOT_OWNED: Rule = Rule {
    id: "request-not-owned",
    microsoft: "KMDF Verifier; WDF_VIOLATION 0x10D/6",
    means: "a request was used that the driver does not own",
    help: "after completing, forwarding or requeueing a request, do not touch it",
    level: Level::Off,
};

/// A request was completed twice.
pub static COMPLETED_TWICE: Rule = Rule {
    id: "completed-twice",
    microsoft: "DoubleCompletion; MULTIPLE_IRP_COMPLETE_REQUESTS (0x44)",
    means: "a request was completed twice",
    help: "complete each request once, in one place",
    level: Level::Off,
};

/// The device cannot be stopped or removed: the driver owns a request and does not complete it.
pub static NEVER_COMPLETED: Rule = Rule {
    id: "never-completed",
    microsoft: "DeferredRequestCompleted; DRIVER_POWER_STATE_FAILURE (0x9F)",
    means: "the device cannot be stopped or removed: the driver owns a request and does not complete it",
    help: "complete it, or make it cancelable, or acknowledge EvtIoStop",
    level: Level::Off,
};

/// A request was completed while it was cancelable.
pub static CANCELABLE_COMPLETED: Rule = Rule {
    id: "cancelable-completed",
    microsoft: "RequestCompletedLocal, ReqIsCancOnCancReq",
    means: "a request was completed while it was cancelable",
    help: "call WdfRequestUnmarkCancelable first, and complete only when it succeeds",
    level: Level::Standard,
};

/// A request was completed with more bytes of information than its buffer has.
pub static INFORMATION: Rule = Rule {
    id: "invalid-information",
    microsoft: "WDF_VIOLATION 0x10D/6/4 (WDF_REQUEST_FATAL_ERROR_INFORMATION_LENGTH_MISMATCH)",
    means: "a request was completed with more bytes of information than its buffer has",
    help: "complete with the bytes that were transferred",
    level: Level::Standard,
};

/// A request was completed while its memory object was referenced.
pub static MEMORY_REFERENCED: Rule = Rule {
    id: "request-memory-referenced",
    microsoft: "WDF_VIOLATION 0x10D/3 (WDF_REQUEST_FATAL_ERROR, memory object)",
    means: "a request was completed while its memory object was referenced",
    help: "give up references to the memory of a request before completing it",
    level: Level::Off,
};

/// A request was used in a state that does not allow it.
pub static STATE: Rule = Rule {
    id: "request-state",
    microsoft: "KMDF Verifier",
    means: "a request was used in a state that does not allow it",
    help: "see the documentation of the function",
    level: Level::Standard,
};
