//! Driver Verifier's special pool, for drivers in images: each allocation ends at a page without access, and the
//! pages of freed ones stay without access, so that a use of either is a fault.

use super::headers::Protection;
use super::memory::{Mapping, PAGE};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};

/// Bytes of freed allocations that are kept out of reach, at most.
const QUARANTINE: usize = 64 << 20;

struct Region {
    mapping: Mapping,
    start: usize,
    size: usize,
    /// As verdicts call it.
    label: String,
    freed: bool,
}

/// The special pool of a machine.
#[derive(Default)]
pub(crate) struct SpecialPool {
    /// By the address of their first page.
    regions: RefCell<BTreeMap<usize, Region>>,
    freed: RefCell<VecDeque<usize>>,
    kept: Cell<usize>,
}

impl SpecialPool {
    /// Allocates memory that is aligned as pool memory is. `None` if there is none.
    pub(crate) fn allocate(&self, size: usize, label: String) -> Option<*mut u8> {
        let taken = size.max(1).checked_next_multiple_of(16)?;
        let pages = taken.checked_next_multiple_of(PAGE)?;
        let mapping = Mapping::new(pages.checked_add(PAGE)?).ok()?;
        mapping.protect(pages, PAGE, Protection::None).ok()?;
        let pointer = mapping.base().wrapping_add(pages - taken);
        let start = pointer.expose_provenance();
        let first = mapping.base().addr();
        self.regions.borrow_mut().insert(first, Region { mapping, start, size, label, freed: false });
        Some(pointer)
    }

    /// Frees what [`allocate`](Self::allocate) returned. `false` if it is not of this pool.
    pub(crate) fn free(&self, pointer: usize) -> bool {
        let mut regions = self.regions.borrow_mut();
        let Some((&first, region)) = regions.range_mut(..=pointer).next_back() else { return false };
        if region.start != pointer || region.freed {
            return false;
        }
        region.freed = true;
        let length = region.mapping.length();
        let gone = region.mapping.protect(0, length, Protection::None);
        debug_assert!(gone.is_ok(), "{gone:?}");
        let mut freed = self.freed.borrow_mut();
        freed.push_back(first);
        self.kept.set(self.kept.get() + length);
        while self.kept.get() > QUARANTINE
            && let Some(oldest) = freed.pop_front()
            && let Some(region) = regions.remove(&oldest)
        {
            self.kept.set(self.kept.get() - region.mapping.length());
        }
        true
    }

    /// What an address that faulted has to do with the pool, in words.
    pub(crate) fn describe(&self, address: usize) -> Option<String> {
        let regions = self.regions.borrow();
        let (&first, region) = regions.range(..=address).next_back()?;
        if address >= first + region.mapping.length() {
            return None;
        }
        let (label, size) = (&region.label, region.size);
        Some(match (region.freed, address.checked_sub(region.start)) {
            (true, Some(offset)) => format!("byte {offset} of {label} ({size} bytes), which was freed"),
            (true, None) => {
                format!("{} bytes before {label} ({size} bytes), which was freed", region.start - address)
            }
            (false, Some(offset)) => format!("byte {offset} of {label}, which has {size} bytes"),
            (false, None) => format!("{} bytes before {label} ({size} bytes)", region.start - address),
        })
    }
}
