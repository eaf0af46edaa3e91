//! Memory that drivers see.

use std::alloc::Layout;
use std::ptr::NonNull;

/// What fills memory that Windows would leave as it was: a driver that returns it gives itself away.
pub(crate) const UNINITIALISED: u8 = 0xBA;

/// Memory of an object or a request: aligned as the kernel's pool is, and not a byte longer than asked for.
pub(crate) struct Buffer {
    start: NonNull<u8>,
    length: usize,
}

impl Buffer {
    pub(crate) const EMPTY: Self = Self { start: NonNull::<u128>::dangling().cast(), length: 0 };

    fn layout(length: usize) -> Layout {
        Layout::from_size_align(length, 16).expect("a buffer fits into the address space")
    }

    /// Memory whose first bytes are a copy of `data`, and the others `UNINITIALISED`.
    pub(crate) fn new(length: usize, data: &[u8]) -> Self {
        let this = Self::allocate(length);
        let copied = data.len().min(length);
        // SAFETY: new memory of at least `copied` bytes.
        unsafe { this.pointer().copy_from_nonoverlapping(data.as_ptr(), copied) };
        this.fill(copied, UNINITIALISED);
        this
    }

    /// Memory all of whose bytes are `value`.
    pub(crate) fn filled(length: usize, value: u8) -> Self {
        let this = Self::allocate(length);
        this.fill(0, value);
        this
    }

    /// Memory that has no values yet.
    fn allocate(length: usize) -> Self {
        if length == 0 {
            return Self::EMPTY;
        }
        let layout = Self::layout(length);
        // SAFETY: the layout has a size.
        let start = unsafe { std::alloc::alloc(layout) };
        let Some(start) = NonNull::new(start) else { std::alloc::handle_alloc_error(layout) };
        Self { start, length }
    }

    /// Fills the bytes from `from` on.
    fn fill(&self, from: usize, value: u8) {
        if from < self.length {
            let rest = self.pointer().wrapping_add(from);
            // SAFETY: the remaining bytes of the memory, which nobody refers to yet.
            unsafe { rest.write_bytes(value, self.length - from) };
        }
    }

    /// Where it is.
    pub(crate) fn pointer(&self) -> *mut u8 {
        self.start.as_ptr()
    }

    /// Its length in bytes.
    pub(crate) fn length(&self) -> usize {
        self.length
    }

    /// A copy of the first bytes.
    pub(crate) fn copy(&self, count: usize) -> Vec<u8> {
        assert!(count <= self.length);
        // SAFETY: all bytes were written when the buffer was made, and no driver code runs meanwhile.
        unsafe { std::slice::from_raw_parts(self.start.as_ptr(), count) }.to_vec()
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        if self.length > 0 {
            // SAFETY: allocated by `new` with this layout.
            unsafe { std::alloc::dealloc(self.start.as_ptr(), Self::layout(self.length)) };
        }
    }
}
