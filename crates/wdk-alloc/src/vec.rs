//! A growing array in pool memory.

use crate::raw::{Buffer, grown};
use crate::{AtMostDispatch, DEFAULT_TAG, OutOfMemory};
use core::fmt;
use core::ops::{Deref, DerefMut};

/// An array in the non-paged pool that grows on request.
///
/// # IRQL
///
/// `Drop`: `..=DISPATCH_LEVEL`.
///
/// # Invariants
///
/// 1. The first `len` values of the buffer are initialised, and `len <= capacity`.
pub struct PoolVec<T, const TAG: u32 = DEFAULT_TAG> {
    buffer: Buffer<T, TAG>,
    len: usize,
}

impl<T, const TAG: u32> PoolVec<T, TAG> {
    /// An array without memory.
    pub const fn new() -> Self {
        Self { buffer: Buffer::new(), len: 0 }
    }

    /// An empty array with room for `capacity` values.
    ///
    /// # IRQL
    ///
    /// `..=DISPATCH_LEVEL`.
    ///
    /// # Errors
    ///
    /// [`OutOfMemory`].
    pub fn try_with_capacity(capacity: usize, irql: &impl AtMostDispatch) -> Result<Self, OutOfMemory> {
        Ok(Self { buffer: Buffer::try_with_capacity(capacity, irql)?, len: 0 })
    }

    /// The number of values that fit without another allocation.
    pub const fn capacity(&self) -> usize {
        self.buffer.capacity()
    }

    /// Makes room for `additional` more values, so that adding them cannot fail.
    ///
    /// # IRQL
    ///
    /// `..=DISPATCH_LEVEL`.
    ///
    /// # Errors
    ///
    /// [`OutOfMemory`]; the array is as before.
    pub fn try_reserve(&mut self, additional: usize, irql: &impl AtMostDispatch) -> Result<(), OutOfMemory> {
        let needed = self.len.checked_add(additional).ok_or(OutOfMemory)?;
        if needed <= self.capacity() {
            return Ok(());
        }
        let buffer = Buffer::<T, TAG>::try_with_capacity(grown(self.capacity(), needed), irql)?;
        // SAFETY: invariant 1 for the source; the new buffer is larger, and another allocation.
        unsafe { buffer.pointer().copy_from_nonoverlapping(self.buffer.pointer(), self.len) };
        self.buffer = buffer;
        Ok(())
    }

    /// Adds a value at the end.
    ///
    /// # IRQL
    ///
    /// `..=DISPATCH_LEVEL`.
    ///
    /// # Errors
    ///
    /// [`OutOfMemory`]; the value is dropped, the array is as before.
    pub fn try_push(&mut self, value: T, irql: &impl AtMostDispatch) -> Result<(), OutOfMemory> {
        self.try_reserve(1, irql)?;
        // SAFETY: reserved above, so the place behind the last value is in the buffer.
        unsafe { self.buffer.pointer().wrapping_add(self.len).write(value) };
        self.len += 1;
        Ok(())
    }

    /// Takes the last value.
    pub fn pop(&mut self) -> Option<T> {
        self.len = self.len.checked_sub(1)?;
        // SAFETY: initialised by invariant 1, and no longer counted.
        Some(unsafe { self.buffer.pointer().wrapping_add(self.len).read() })
    }

    /// Takes the value at `index` and moves the last one there.
    ///
    /// # Panics
    ///
    /// When there is no such value.
    pub fn swap_remove(&mut self, index: usize) -> T {
        let last = self.len.checked_sub(1).expect("an array with a value");
        self.swap(index, last);
        self.pop().expect("an array with a value")
    }

    /// Drops all values and keeps the memory.
    pub fn clear(&mut self) {
        while self.pop().is_some() {}
    }
}

impl<T: Copy, const TAG: u32> PoolVec<T, TAG> {
    /// Adds copies of all values of a slice.
    ///
    /// # IRQL
    ///
    /// `..=DISPATCH_LEVEL`.
    ///
    /// # Errors
    ///
    /// [`OutOfMemory`]; the array is as before.
    pub fn try_extend_from_slice(
        &mut self,
        values: &[T],
        irql: &impl AtMostDispatch,
    ) -> Result<(), OutOfMemory> {
        self.try_reserve(values.len(), irql)?;
        let end = self.buffer.pointer().wrapping_add(self.len);
        // SAFETY: room for the slice was reserved, and the slice is not part of the unused memory.
        unsafe { end.copy_from_nonoverlapping(values.as_ptr(), values.len()) };
        self.len += values.len();
        Ok(())
    }
}

impl<T, const TAG: u32> Drop for PoolVec<T, TAG> {
    fn drop(&mut self) {
        self.clear();
    }
}

impl<T, const TAG: u32> Default for PoolVec<T, TAG> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T, const TAG: u32> Deref for PoolVec<T, TAG> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        // SAFETY: invariant 1, shared for as long as `self` is.
        unsafe { core::slice::from_raw_parts(self.buffer.pointer(), self.len) }
    }
}

impl<T, const TAG: u32> DerefMut for PoolVec<T, TAG> {
    fn deref_mut(&mut self) -> &mut [T] {
        // SAFETY: invariant 1, exclusive for as long as `self` is.
        unsafe { core::slice::from_raw_parts_mut(self.buffer.pointer(), self.len) }
    }
}

impl<T: fmt::Debug, const TAG: u32> fmt::Debug for PoolVec<T, TAG> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}
