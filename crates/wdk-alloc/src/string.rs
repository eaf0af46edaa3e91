//! A growing string in pool memory.

use crate::{AtMostDispatch, DEFAULT_TAG, OutOfMemory, PoolVec};
use core::fmt;
use core::ops::Deref;

/// UTF-8 text in the non-paged pool.
///
/// # IRQL
///
/// `Drop`: `..=DISPATCH_LEVEL`.
///
/// # Invariants
///
/// 1. The bytes are UTF-8.
#[derive(Default)]
pub struct PoolString<const TAG: u32 = DEFAULT_TAG>(PoolVec<u8, TAG>);

impl<const TAG: u32> PoolString<TAG> {
    /// An empty string without memory.
    pub const fn new() -> Self {
        Self(PoolVec::new())
    }

    /// Adds text at the end.
    ///
    /// # IRQL
    ///
    /// `..=DISPATCH_LEVEL`.
    ///
    /// # Errors
    ///
    /// [`OutOfMemory`]; the string is as before.
    pub fn try_push_str(&mut self, text: &str, irql: &impl AtMostDispatch) -> Result<(), OutOfMemory> {
        self.0.try_extend_from_slice(text.as_bytes(), irql)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        // SAFETY: invariant 1: only whole strings are added.
        unsafe { core::str::from_utf8_unchecked(&self.0) }
    }

    /// Removes all text and keeps the memory.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}

impl<const TAG: u32> Deref for PoolString<TAG> {
    type Target = str;
    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl<const TAG: u32> fmt::Display for PoolString<TAG> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self)
    }
}

impl<const TAG: u32> fmt::Debug for PoolString<TAG> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}
