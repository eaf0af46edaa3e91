//! Pool memory.

use crate::verifier::{Level, Rule};

/// Pool memory was left allocated when the driver was unloaded.
pub static LEAK: Rule = Rule {
    id: "pool-leak",
    microsoft: "Driver Verifier 0xC4/62 (pool tracking)",
    means: "pool memory was left allocated when the driver was unloaded",
    help: "free it in the cleanup or destroy callback of the object that it belongs to",
    level: Level::Standard,
};

/// Memory was freed that is not allocated, or with the wrong tag.
pub static BAD_FREE: Rule = Rule {
    id: "bad-pool-free",
    microsoft: "BAD_POOL_CALLER (0xC2)",
    means: "memory was freed that is not allocated, or with the wrong tag",
    help: "free each allocation once, with its tag",
    level: Level::Off,
};

/// A pool allocation of no bytes or without a tag.
pub static BAD_ALLOCATION: Rule = Rule {
    id: "bad-pool-allocation",
    microsoft: "Driver Verifier 0xC4/0",
    means: "a pool allocation of no bytes or without a tag",
    help: "allocate at least one byte, with a tag",
    level: Level::Standard,
};
