//! The global allocator of drivers that use the raw API.

use crate::DEFAULT_TAG;
use crate::raw::POOL_ALIGNMENT;
use core::alloc::{GlobalAlloc, Layout};

/// A global allocator on the non-paged pool: `#[global_allocator] static GLOBAL: WdkAllocator = WdkAllocator;`.
///
/// Nothing checks the IRQL at which such a driver allocates, which must be `DISPATCH_LEVEL` or below. Alignments
/// above 16 bytes are refused.
///
/// In a driver that is linked with the emulator, what the driver's code allocates is pool memory of the machine, so
/// that leaks are found; what the standard library allocates around it is the host's.
#[derive(Debug, Clone, Copy, Default)]
pub struct WdkAllocator;

/// Pool memory, or null.
fn allocate(layout: Layout) -> *mut u8 {
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

/// # Safety
///
/// The memory is from [`allocate`], and nothing uses it any more.
unsafe fn free(pointer: *mut u8) {
    // SAFETY: `allocate` made it with that tag.
    unsafe { wdk_sys::ntddk::ExFreePoolWithTag(pointer.cast(), DEFAULT_TAG) };
}

// SAFETY: pool allocations are aligned to 16 bytes, do not overlap, and live until they are freed.
#[cfg(not(linked))]
unsafe impl GlobalAlloc for WdkAllocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        allocate(layout)
    }

    unsafe fn dealloc(&self, pointer: *mut u8, _layout: Layout) {
        // SAFETY: what `alloc` returned, as the caller promises.
        unsafe { free(pointer) };
    }
}

// SAFETY: as above for what is pool memory; the rest is the host's allocator's. Memory goes back to where it came
// from: a block is in the machine's list exactly as long as it is allocated.
#[cfg(linked)]
unsafe impl GlobalAlloc for WdkAllocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // A panic's message and payload are the emulator's business, not the driver's.
        if wdk_sys::linked::in_driver() && !std::thread::panicking() {
            allocate(layout)
        } else {
            // SAFETY: the caller's layout, passed on.
            unsafe { std::alloc::System.alloc(layout) }
        }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        if wdk_sys::linked::is_pool(pointer.addr()) {
            // SAFETY: on the list of pool memory, so `alloc` took it from there.
            unsafe { free(pointer) };
        } else {
            // SAFETY: not pool memory, so `alloc` took it from the host with this layout.
            unsafe { std::alloc::System.dealloc(pointer, layout) };
        }
    }
}
