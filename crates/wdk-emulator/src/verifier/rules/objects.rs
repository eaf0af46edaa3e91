//! Lifetimes of objects.

use crate::verifier::{Level, Rule};

/// The last reference to an object was given up, and nobody deleted it.
pub static FREED_WHILE_ALIVE: Rule = Rule {
    id: "freed-while-alive",
    microsoft: "WDF_VIOLATION 0x10D/7 (WDF_OBJECT_ERROR)",
    means: "the last reference to an object was given up, and nobody deleted it",
    help: "dereference only what you referenced",
    level: Level::Off,
};

/// WdfObjectDelete was called for an object that the framework deletes.
pub static NOT_DELETABLE: Rule = Rule {
    id: "not-deletable",
    microsoft: "KmdfVerifier; WDF_VIOLATION 0x10D/7",
    means: "WdfObjectDelete was called for an object that the framework deletes",
    help: "leave it to the framework",
    level: Level::Standard,
};

/// Objects were left when the driver was unloaded.
pub static LEAK: Rule = Rule {
    id: "object-leak",
    microsoft: "KMDF Verifier, object tracking",
    means: "objects were left when the driver was unloaded",
    help: "give up every reference that you took",
    level: Level::Standard,
};
