//! A ring in pool memory.

use crate::raw::{Buffer, grown};
use crate::{AtMostDispatch, DEFAULT_TAG, OutOfMemory};
use core::fmt;

/// A queue in the non-paged pool: values go in at the back and come out at the front.
///
/// With room reserved, adding cannot fail: a request that is about to be parked gets its place first.
///
/// # IRQL
///
/// `Drop`: `..=DISPATCH_LEVEL`.
///
/// # Invariants
///
/// 1. `head < capacity` (or both are zero) and `len <= capacity`.
/// 2. The `len` places from `head` on, counted modulo `capacity`, are initialised.
pub struct PoolDeque<T, const TAG: u32 = DEFAULT_TAG> {
    buffer: Buffer<T, TAG>,
    head: usize,
    len: usize,
}

impl<T, const TAG: u32> PoolDeque<T, TAG> {
    /// A queue without memory.
    pub const fn new() -> Self {
        Self { buffer: Buffer::new(), head: 0, len: 0 }
    }

    /// An empty queue with room for `capacity` values.
    ///
    /// # IRQL
    ///
    /// `..=DISPATCH_LEVEL`.
    ///
    /// # Errors
    ///
    /// [`OutOfMemory`].
    pub fn try_with_capacity(capacity: usize, irql: &impl AtMostDispatch) -> Result<Self, OutOfMemory> {
        Ok(Self { buffer: Buffer::try_with_capacity(capacity, irql)?, head: 0, len: 0 })
    }

    /// The number of values.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The number of values that fit without another allocation.
    pub const fn capacity(&self) -> usize {
        self.buffer.capacity()
    }

    /// The number of values that can be added without another allocation.
    pub const fn room(&self) -> usize {
        self.capacity() - self.len
    }

    /// The place of the value `index`; `index <= len`.
    fn place(&self, index: usize) -> usize {
        let to_end = self.capacity() - self.head;
        if index < to_end { self.head + index } else { index - to_end }
    }

    fn at(&self, index: usize) -> *mut T {
        self.buffer.pointer().wrapping_add(self.place(index))
    }

    /// Makes room for `additional` more values, so that adding them cannot fail.
    ///
    /// # IRQL
    ///
    /// `..=DISPATCH_LEVEL`.
    ///
    /// # Errors
    ///
    /// [`OutOfMemory`]; the queue is as before.
    pub fn try_reserve(&mut self, additional: usize, irql: &impl AtMostDispatch) -> Result<(), OutOfMemory> {
        let needed = self.len.checked_add(additional).ok_or(OutOfMemory)?;
        if needed <= self.capacity() {
            return Ok(());
        }
        let buffer = Buffer::<T, TAG>::try_with_capacity(grown(self.capacity(), needed), irql)?;
        for index in 0..self.len {
            // SAFETY: initialised by invariant 2; it moves, since the old buffer forgets it below.
            let value = unsafe { self.at(index).read() };
            // SAFETY: the new buffer is larger than `len`.
            unsafe { buffer.pointer().wrapping_add(index).write(value) };
        }
        self.buffer = buffer;
        self.head = 0;
        Ok(())
    }

    /// Adds a value at the back, with another allocation if need be.
    ///
    /// # IRQL
    ///
    /// `..=DISPATCH_LEVEL`.
    ///
    /// # Errors
    ///
    /// [`OutOfMemory`]; the value is dropped, the queue is as before.
    pub fn try_push_back(&mut self, value: T, irql: &impl AtMostDispatch) -> Result<(), OutOfMemory> {
        self.try_reserve(1, irql)?;
        self.push_within_capacity(value).map_err(|_| OutOfMemory)
    }

    /// Adds a value at the back if there is room for it.
    ///
    /// # Errors
    ///
    /// The value, when there is no room.
    pub fn push_within_capacity(&mut self, value: T) -> Result<(), T> {
        if self.room() == 0 {
            return Err(value);
        }
        // SAFETY: there is room, so the place behind the last value is free and in the buffer.
        unsafe { self.at(self.len).write(value) };
        self.len += 1;
        Ok(())
    }

    /// Takes the value at the front.
    pub fn pop_front(&mut self) -> Option<T> {
        if self.is_empty() {
            return None;
        }
        // SAFETY: invariant 2; the place is given up below.
        let value = unsafe { self.at(0).read() };
        self.advance(1);
        Some(value)
    }

    /// The value at the front.
    pub fn front(&self) -> Option<&T> {
        if self.is_empty() {
            return None;
        }
        // SAFETY: invariant 2, shared for as long as `self` is.
        Some(unsafe { &*self.at(0) })
    }

    /// The values from front to back, in the two pieces in which they lie in memory.
    pub fn as_slices(&self) -> (&[T], &[T]) {
        let first = self.len.min(self.capacity() - self.head);
        let front = self.buffer.pointer().wrapping_add(self.head);
        // SAFETY: invariant 2: `first` values from `head` to the end of the buffer at most.
        let front = unsafe { core::slice::from_raw_parts(front, first) };
        // SAFETY: invariant 2: the rest lies at the start of the buffer.
        let back = unsafe { core::slice::from_raw_parts(self.buffer.pointer(), self.len - first) };
        (front, back)
    }

    /// The values from front to back.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        let (front, back) = self.as_slices();
        front.iter().chain(back)
    }

    /// Drops the values for which `keep` says no; the others stay in order.
    pub fn retain(&mut self, mut keep: impl FnMut(&T) -> bool) {
        for _ in 0..self.len {
            let Some(value) = self.pop_front() else {
                return;
            };
            if keep(&value) {
                // A value was just taken, so there is room.
                let _ = self.push_within_capacity(value);
            }
        }
    }

    /// Drops all values and keeps the memory.
    pub fn clear(&mut self) {
        while self.pop_front().is_some() {}
    }

    /// Gives up the first `count` places, whose values have been moved out or need no drop.
    fn advance(&mut self, count: usize) {
        self.head = self.place(count);
        if self.head == self.capacity() {
            self.head = 0;
        }
        self.len -= count;
    }
}

impl<T: Copy, const TAG: u32> PoolDeque<T, TAG> {
    /// Adds copies of all values of a slice at the back if there is room for all of them; says whether it did.
    #[must_use]
    pub fn extend_within_capacity(&mut self, values: &[T]) -> bool {
        if values.len() > self.room() {
            return false;
        }
        let place = self.place(self.len);
        let (front, back) = values.split_at(values.len().min(self.capacity() - place));
        let free = self.buffer.pointer().wrapping_add(place);
        // SAFETY: the places from the last value to the end of the buffer are free; `values` is elsewhere, since
        // it is borrowed while `self` is borrowed mutably.
        unsafe { free.copy_from_nonoverlapping(front.as_ptr(), front.len()) };
        let start = self.buffer.pointer();
        // SAFETY: what does not fit there goes to the start, where there is room up to `head`.
        unsafe { start.copy_from_nonoverlapping(back.as_ptr(), back.len()) };
        self.len += values.len();
        true
    }

    /// Drops the first `count` values, or all when there are fewer.
    pub fn skip_front(&mut self, count: usize) {
        self.advance(count.min(self.len));
    }
}

impl<T, const TAG: u32> Drop for PoolDeque<T, TAG> {
    fn drop(&mut self) {
        self.clear();
    }
}

impl<T, const TAG: u32> Default for PoolDeque<T, TAG> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: fmt::Debug, const TAG: u32> fmt::Debug for PoolDeque<T, TAG> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}
