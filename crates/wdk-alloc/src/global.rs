//! The global allocator of drivers that use the raw API.

use crate::DEFAULT_TAG;
use crate::raw::POOL_ALIGNMENT;
use core::alloc::{GlobalAlloc, Layout};

/// A global allocator on the non-paged pool: `#[global_allocator] static GLOBAL: WdkAllocator = WdkAllocator;`.
///
/// Nothing checks the IRQL at which such a driver allocates, which must be `DISPATCH_LEVEL` or below. Alignments
/// above 16 bytes are refused.
#[derive(Debug, Clone, Copy, Default)]
pub struct WdkAllocator;

// SAFETY: pool allocations are aligned to 16 bytes, do not overlap, and live until they are freed.
unsafe impl GlobalAlloc for WdkAllocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if layout.align() > POOL_ALIGNMENT {
            return core::ptr::null_mut();
        }
        // SAFETY: the size of a global allocation is not zero.
        let memory = unsafe {
            wdk_sys::ntddk::ExAllocatePool2(
                wdk_sys::POOL_FLAG_NON_PAGED,
                layout.size() as wdk_sys::SIZE_T,
                DEFAULT_TAG,
            )
        };
        memory.cast()
    }

    unsafe fn dealloc(&self, pointer: *mut u8, _layout: Layout) {
        // SAFETY: `alloc` made it with that tag.
        unsafe { wdk_sys::ntddk::ExFreePoolWithTag(pointer.cast(), DEFAULT_TAG) };
    }
}
