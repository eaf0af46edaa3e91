//! A buffer of pool memory without knowledge of what in it is initialised.

use crate::{AtMostDispatch, OutOfMemory};
use core::alloc::Layout;
use core::ptr::NonNull;

/// The alignment of pool allocations on 64-bit systems (`MEMORY_ALLOCATION_ALIGNMENT`).
pub(crate) const POOL_ALIGNMENT: usize = 16;

/// Room for `capacity` values of `T`.
///
/// # Invariants
///
/// 1. `pointer` is an allocation of the non-paged pool with tag `TAG` and room for `capacity` values, or dangling
///    and aligned when `capacity * size_of::<T>()` is zero.
pub(crate) struct Buffer<T, const TAG: u32> {
    pointer: NonNull<T>,
    capacity: usize,
}

impl<T, const TAG: u32> Buffer<T, TAG> {
    const ALIGNED: () =
        assert!(align_of::<T>() <= POOL_ALIGNMENT, "pool memory is aligned to 16 bytes at most");

    pub(crate) const fn new() -> Self {
        const { Self::ALIGNED };
        Self { pointer: NonNull::dangling(), capacity: 0 }
    }

    pub(crate) fn try_with_capacity(
        capacity: usize,
        _irql: &impl AtMostDispatch,
    ) -> Result<Self, OutOfMemory> {
        const { Self::ALIGNED };
        let size = Layout::array::<T>(capacity).map_err(|_| OutOfMemory)?.size();
        if size == 0 {
            return Ok(Self { pointer: NonNull::dangling(), capacity });
        }
        // SAFETY: a size that is not zero, at a level that the evidence bounds.
        let memory = unsafe {
            wdk_sys::ntddk::ExAllocatePool2(
                wdk_sys::POOL_FLAG_NON_PAGED | wdk_sys::POOL_FLAG_UNINITIALIZED,
                size as wdk_sys::SIZE_T,
                TAG,
            )
        };
        NonNull::new(memory.cast()).map(|pointer| Self { pointer, capacity }).ok_or(OutOfMemory)
    }

    pub(crate) const fn pointer(&self) -> *mut T {
        self.pointer.as_ptr()
    }

    pub(crate) const fn capacity(&self) -> usize {
        if size_of::<T>() == 0 { usize::MAX } else { self.capacity }
    }
}

impl<T, const TAG: u32> Drop for Buffer<T, TAG> {
    fn drop(&mut self) {
        if size_of::<T>() != 0 && self.capacity != 0 {
            // SAFETY: invariant 1; nothing else has the pointer.
            unsafe { wdk_sys::ntddk::ExFreePoolWithTag(self.pointer.as_ptr().cast(), TAG) };
        }
    }
}

// SAFETY: pool memory has no owner but the value.
unsafe impl<T: Send, const TAG: u32> Send for Buffer<T, TAG> {}
// SAFETY: the buffer itself gives no access to `T` without `&mut` or the container's own care.
unsafe impl<T: Sync, const TAG: u32> Sync for Buffer<T, TAG> {}

/// The next capacity that has room for `needed` values.
pub(crate) fn grown(capacity: usize, needed: usize) -> usize {
    needed.max(capacity.saturating_mul(2)).max(4)
}
