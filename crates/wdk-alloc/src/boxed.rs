//! A value in pool memory.

use crate::raw::Buffer;
use crate::{AtMostDispatch, DEFAULT_TAG, OutOfMemory};
use core::fmt;
use core::ops::{Deref, DerefMut};

/// A value in the non-paged pool.
///
/// # IRQL
///
/// `Drop`: `..=DISPATCH_LEVEL`.
///
/// # Invariants
///
/// 1. The buffer holds one initialised value.
pub struct PoolBox<T, const TAG: u32 = DEFAULT_TAG>(Buffer<T, TAG>);

impl<T, const TAG: u32> PoolBox<T, TAG> {
    /// Moves a value to the pool.
    ///
    /// # IRQL
    ///
    /// `..=DISPATCH_LEVEL`.
    ///
    /// # Errors
    ///
    /// [`OutOfMemory`]; the value is dropped.
    pub fn try_new(value: T, irql: &impl AtMostDispatch) -> Result<Self, OutOfMemory> {
        let buffer = Buffer::<T, TAG>::try_with_capacity(1, irql)?;
        // SAFETY: the buffer has room for one value.
        unsafe { buffer.pointer().write(value) };
        Ok(Self(buffer))
    }

    /// Moves the value out and frees the memory.
    ///
    /// # IRQL
    ///
    /// `..=DISPATCH_LEVEL`.
    pub fn into_inner(self) -> T {
        let this = core::mem::ManuallyDrop::new(self);
        // SAFETY: `this` is never dropped, so the buffer is moved out once.
        let buffer = unsafe { core::ptr::read(&raw const this.0) };
        // SAFETY: invariant 1; the buffer frees its memory without looking at the value.
        unsafe { buffer.pointer().read() }
    }
}

impl<T, const TAG: u32> Drop for PoolBox<T, TAG> {
    fn drop(&mut self) {
        // SAFETY: invariant 1; the buffer is freed after this and not read.
        unsafe { self.0.pointer().drop_in_place() };
    }
}

impl<T, const TAG: u32> Deref for PoolBox<T, TAG> {
    type Target = T;
    fn deref(&self) -> &T {
        // SAFETY: invariant 1, shared for as long as `self` is.
        unsafe { &*self.0.pointer() }
    }
}

impl<T, const TAG: u32> DerefMut for PoolBox<T, TAG> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: invariant 1, exclusive for as long as `self` is.
        unsafe { &mut *self.0.pointer() }
    }
}

impl<T: fmt::Debug, const TAG: u32> fmt::Debug for PoolBox<T, TAG> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}
