//! Pool memory.

use crate::abi::{Bodies, Call};
use crate::kernel::Kernel;
use crate::kernel::irql;
use crate::verifier::rules;
use std::alloc::{Layout, alloc, dealloc};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use wdk_sys::*;

struct Block {
    size: usize,
    tag: u32,
    /// In the order of allocation, for reports that do not depend on addresses.
    number: u64,
    paged: bool,
    driver: String,
}

/// The pools of a machine.
#[derive(Default)]
pub(crate) struct Pool {
    blocks: RefCell<BTreeMap<usize, Block>>,
    allocated: Cell<u64>,
    /// Where drivers in images get their memory from while it is verified.
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    pub(crate) special: crate::image::pool::SpecialPool,
}

const ALIGNMENT: usize = 16;
const PAGE: usize = 4096;

/// Blocks of a page or more begin on a page.
fn layout(size: usize) -> Layout {
    let alignment = if size >= PAGE { PAGE } else { ALIGNMENT };
    Layout::from_size_align(size.max(1), alignment).expect("pool blocks are smaller than the address space")
}

/// A tag as it is written in debuggers.
pub(crate) fn tag_name(tag: u32) -> String {
    tag.to_le_bytes()
        .iter()
        .map(|&b| if b.is_ascii_graphic() || b == b' ' { b as char } else { '.' })
        .collect()
}

impl Pool {
    fn allocate(&self, k: &Call, size: usize, tag: u32, paged: bool, fill: u8) -> PVOID {
        if size > isize::MAX as usize / 2 {
            return std::ptr::null_mut();
        }
        let number = self.allocated.get() + 1;
        let Some(pointer) = self.memory(k, size, tag, number) else { return std::ptr::null_mut() };
        // SAFETY: just allocated with that size.
        unsafe { pointer.write_bytes(fill, size) };
        self.allocated.set(number);
        let driver = k.driver().map(|driver| driver.name.clone()).unwrap_or_default();
        self.blocks
            .borrow_mut()
            .insert(pointer.expose_provenance(), Block { size, tag, number, paged, driver });
        pointer.cast()
    }

    fn free(&self, k: &Call, pointer: PVOID, tag: Option<u32>) {
        let Some(block) = self.blocks.borrow_mut().remove(&pointer.addr()) else {
            k.fatal(
                &rules::pool::BAD_FREE,
                format!("`{}` was given memory that is not allocated", k.entry.name),
                Vec::new(),
            )
        };
        self.give_back(pointer.cast(), block.size);
        if block.paged {
            k.strict_irql(irql::APC, "the memory is paged");
        }
        if let Some(tag) = tag.filter(|&tag| tag != 0 && tag != block.tag) {
            k.violation(
                &rules::pool::BAD_FREE,
                format!("memory with tag '{}' was freed with tag '{}'", tag_name(block.tag), tag_name(tag)),
                format!("pool allocation {} by {}", block.number, block.driver),
            );
        }
    }

    /// Whether this is the address of an allocation that was not freed.
    pub(crate) fn owns(&self, address: usize) -> bool {
        // While the model changes the list, the host's allocator may ask; what it asks about is not in the list.
        self.blocks.try_borrow().is_ok_and(|blocks| blocks.contains_key(&address))
    }

    /// Memory for an allocation. A driver in an image gets it from the special pool, where what it does wrong with it
    /// faults; a linked driver's compiler has a sanitizer for that.
    fn memory(&self, k: &Call, size: usize, tag: u32, number: u64) -> Option<*mut u8> {
        #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
        if k.verifies(crate::verifier::Level::Standard) && k.driver().is_some_and(|driver| driver.is_image())
        {
            return self
                .special
                .allocate(size, format!("pool allocation {number} with tag '{}'", tag_name(tag)));
        }
        let _ = (k, tag, number);
        // SAFETY: the layout's size is not zero.
        let pointer = unsafe { alloc(layout(size)) };
        (!pointer.is_null()).then_some(pointer)
    }

    /// Gives memory back that [`memory`](Self::memory) returned and that is not listed any more.
    fn give_back(&self, pointer: *mut u8, size: usize) {
        #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
        if self.special.free(pointer.addr()) {
            return;
        }
        // SAFETY: allocated with this layout, and no longer listed.
        unsafe { dealloc(pointer, layout(size)) };
    }

    /// What a driver has not freed: a line each, in the order of allocation.
    pub(crate) fn left_by(&self, driver: &str) -> Vec<String> {
        let blocks = self.blocks.borrow();
        let mut left: Vec<&Block> = blocks.values().filter(|block| block.driver == driver).collect();
        left.sort_by_key(|block| block.number);
        left.iter()
            .map(|b| format!("pool allocation {} with tag '{}', {} bytes", b.number, tag_name(b.tag), b.size))
            .collect()
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        for (address, block) in self.blocks.take() {
            self.give_back(std::ptr::with_exposed_provenance_mut(address), block.size);
        }
    }
}

impl Kernel {
    /// Reports memory that a driver left allocated when it was unloaded.
    pub(crate) fn check_pool(&self, driver: &str) {
        let left = self.pool.left_by(driver);
        if !left.is_empty() {
            let mut verdict = crate::verifier::Verdict::driver_bug(
                self,
                &rules::pool::LEAK,
                format!("{driver} was unloaded and left {} pool allocations", left.len()),
                left[0].clone(),
            );
            verdict.history = left;
            self.record(verdict);
        }
    }
}

#[allow(non_snake_case)]
impl Bodies {
    pub(crate) fn ExAllocatePool2(
        call: &Call,
        Flags: POOL_FLAGS,
        NumberOfBytes: SIZE_T,
        Tag: ULONG,
    ) -> PVOID {
        let paged = Flags & POOL_FLAG_PAGED as POOL_FLAGS != 0;
        if paged {
            call.strict_irql(irql::APC, "it allocates paged memory");
        }
        if NumberOfBytes == 0 || Tag == 0 {
            call.violation(
                &rules::pool::BAD_ALLOCATION,
                format!("`ExAllocatePool2` was asked for {NumberOfBytes} bytes with tag '{}'", tag_name(Tag)),
                String::new(),
            );
            return std::ptr::null_mut();
        }
        let uninitialised = Flags & POOL_FLAG_UNINITIALIZED as POOL_FLAGS != 0;
        let fill = if uninitialised { super::buffer::UNINITIALISED } else { 0 };
        call.pool.allocate(call, NumberOfBytes as usize, Tag, paged, fill)
    }

    pub(crate) fn ExAllocatePoolWithTag(
        call: &Call,
        PoolType: POOL_TYPE,
        NumberOfBytes: SIZE_T,
        Tag: ULONG,
    ) -> PVOID {
        let paged = PoolType & 1 != 0;
        if paged {
            call.strict_irql(irql::APC, "it allocates paged memory");
        }
        call.pool.allocate(call, NumberOfBytes as usize, Tag, paged, super::buffer::UNINITIALISED)
    }

    pub(crate) fn ExFreePoolWithTag(call: &Call, P: PVOID, Tag: ULONG) {
        call.pool.free(call, P, Some(Tag));
    }

    pub(crate) fn ExFreePool(call: &Call, P: PVOID) {
        call.pool.free(call, P, None);
    }
}
