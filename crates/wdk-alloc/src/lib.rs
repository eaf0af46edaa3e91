//! Pool memory for drivers: fallible, tagged containers.
//!
//! A driver in safe Rust has no global allocator: with one, code at a device's interrupt level could allocate.
//! The containers here allocate only in operations that take evidence of the level ([`AtMostDispatch`], which the
//! crate `wdk` gives its `Irql`), and say so when the pool has none left ([`OutOfMemory`]). They free in `Drop`,
//! which is legal at `DISPATCH_LEVEL` and below.
//!
//! All memory is non-paged and carries the pool tag `TAG` of the container's type, by which the system's tools
//! tell allocations apart: `PoolVec<u8, { tag(b"Echo") }>`.
//!
//! Drivers that use the raw API can name [`WdkAllocator`] as their `#[global_allocator]`.

#![cfg_attr(not(linked), no_std)]
#![deny(missing_docs)]

mod boxed;
mod deque;
mod global;
mod raw;
mod string;
mod vec;

pub use boxed::PoolBox;
pub use deque::PoolDeque;
pub use global::WdkAllocator;
pub use string::PoolString;
pub use vec::PoolVec;

use core::fmt;

/// The pool has no memory left for the allocation. Nothing was changed, and values passed in were dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutOfMemory;

impl fmt::Display for OutOfMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the pool has no memory left")
    }
}

impl core::error::Error for OutOfMemory {}

/// Evidence that the processor is at `DISPATCH_LEVEL` or below.
///
/// # Safety
///
/// While a value of the type can be used, the IRQL of the current processor is at most `DISPATCH_LEVEL`.
#[diagnostic::on_unimplemented(
    message = "pool memory is allocated at IRQL <= `Dispatch`, and `{Self}` is no evidence of that",
    label = "pass the callback's `irql`"
)]
pub unsafe trait AtMostDispatch {}

/// A pool tag from its four characters.
pub const fn tag(name: &[u8; 4]) -> u32 {
    u32::from_le_bytes(*name)
}

/// The tag of containers that do not name one: `Rust`.
pub const DEFAULT_TAG: u32 = tag(b"Rust");
