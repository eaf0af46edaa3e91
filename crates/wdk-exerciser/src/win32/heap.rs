//! The process's heap as the global allocator.

use core::alloc::{GlobalAlloc, Layout};
use core::ffi::c_void;
use core::ptr::null_mut;
use windows_sys::Win32::System::Memory::{
    GetProcessHeap, HEAP_ZERO_MEMORY, HeapAlloc, HeapFree, HeapReAlloc,
};

/// The allocator.
#[derive(Debug)]
pub struct Heap;

/// What the heap aligns to by itself.
const ALIGNMENT: usize = 16;

impl Heap {
    fn get(layout: Layout, flags: u32) -> *mut u8 {
        // Nothing here needs more. A failure says so; a wrong alignment would not.
        if layout.align() > ALIGNMENT {
            return null_mut();
        }
        // SAFETY: no preconditions.
        let heap = unsafe { GetProcessHeap() };
        // SAFETY: the heap is the process's, and these flags ask for nothing special.
        unsafe { HeapAlloc(heap, flags, layout.size()) }.cast()
    }
}

// SAFETY: blocks come from the process's heap, which aligns to 16 bytes and synchronizes its users; what needs more
// gets none.
unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        Self::get(layout, 0)
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        Self::get(layout, HEAP_ZERO_MEMORY)
    }

    unsafe fn dealloc(&self, block: *mut u8, _layout: Layout) {
        // SAFETY: no preconditions.
        let heap = unsafe { GetProcessHeap() };
        // SAFETY: the caller hands over a block of this allocator, and so of this heap.
        unsafe { HeapFree(heap, 0, block.cast::<c_void>()) };
    }

    unsafe fn realloc(&self, block: *mut u8, _layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: no preconditions.
        let heap = unsafe { GetProcessHeap() };
        // SAFETY: as for `dealloc`; if it fails, the block stays.
        unsafe { HeapReAlloc(heap, 0, block.cast::<c_void>(), size) }.cast()
    }
}
