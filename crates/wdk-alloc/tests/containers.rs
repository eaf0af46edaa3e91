//! The containers on a pool that counts: every other function of the kernel is missing.

use std::alloc::{GlobalAlloc, Layout, alloc, dealloc};
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::ffi::c_void;
use std::sync::Once;
use std::sync::atomic::{AtomicIsize, AtomicUsize, Ordering};
use wdk_alloc::{AtMostDispatch, OutOfMemory, PoolBox, PoolDeque, PoolString, PoolVec, WdkAllocator, tag};
use wdk_sys::linked::{NtTable, Runtime};
use wdk_sys::*;

struct Level;
// SAFETY: a test has no level above passive.
unsafe impl AtMostDispatch for Level {}

thread_local! {
    static LIVE: AtomicIsize = const { AtomicIsize::new(0) };
    static LEFT: AtomicUsize = const { AtomicUsize::new(usize::MAX) };
}

const HEADER: usize = 16;

unsafe extern "C" fn allocate(flags: u64, size: u64, tag: u32) -> *mut c_void {
    assert_ne!(flags & POOL_FLAG_NON_PAGED, 0);
    assert_ne!(size, 0);
    let left = LEFT.with(|left| left.load(Ordering::Relaxed));
    if left == 0 {
        return std::ptr::null_mut();
    }
    LEFT.with(|cell| cell.store(left - 1, Ordering::Relaxed));
    LIVE.with(|live| live.fetch_add(1, Ordering::Relaxed));
    let layout = Layout::from_size_align(size as usize + HEADER, 16).unwrap();
    // SAFETY: not of size zero.
    let start = unsafe { alloc(layout) };
    // SAFETY: the header is part of the allocation.
    unsafe { start.cast::<(u64, u32)>().write((size, tag)) };
    start.wrapping_add(HEADER).cast()
}

unsafe extern "C" fn free(pointer: *mut c_void, tag: u32) {
    let start = pointer.cast::<u8>().wrapping_sub(HEADER);
    // SAFETY: `allocate` wrote it.
    let (size, expected) = unsafe { start.cast::<(u64, u32)>().read() };
    assert_eq!(tag, expected, "freed with another tag");
    LIVE.with(|live| live.fetch_sub(1, Ordering::Relaxed));
    // SAFETY: the layout of `allocate`.
    unsafe { dealloc(start, Layout::from_size_align(size as usize + HEADER, 16).unwrap()) };
}

thread_local! {
    static IN_DRIVER: Cell<bool> = const { Cell::new(false) };
    static POOL: RefCell<BTreeSet<usize>> = const { RefCell::new(BTreeSet::new()) };
}

macro_rules! missing {
    (
        nt;
        $(
            $(#[$meta:meta])*
            fn $name:ident ( $( $arg:ident : $ty:ty ),* $(,)? ) -> $ret:ty {
                module: $module:literal;
                irql: $min:ident ..= $max:ident;
                optional: $( $optional:ident ),*;
            }
        )*
    ) => {
        #[allow(clippy::too_many_arguments)]
        mod stubs {
            use super::*;
            $( pub unsafe extern "C" fn $name($( _: $ty ),*) -> $ret { std::process::abort() } )*
        }
        fn table() -> NtTable {
            NtTable {
                ExAllocatePool2: allocate,
                ExFreePoolWithTag: free,
                ..NtTable {
                    $( $name: stubs::$name, )*
                    DbgPrint: wdk_sys::ntddk::DbgPrint,
                    DbgPrintEx: wdk_sys::ntddk::DbgPrintEx,
                    KeGetCurrentIrql: irql,
                    in_driver,
                    is_pool,
                    not_modelled: panicked,
                    panicked,
                }
            }
        }
    };
}
wdk_sys::nt_functions!(missing);

unsafe extern "C" fn irql() -> KIRQL {
    0
}
extern "C" fn in_driver() -> bool {
    IN_DRIVER.get()
}
extern "C" fn is_pool(address: usize) -> bool {
    POOL.with_borrow(|pool| pool.contains(&address))
}
unsafe extern "C" fn panicked(_: *const u8, _: usize) -> ! {
    std::process::abort()
}

/// Runs a test on the pool and looks for what it left there.
fn with_pool(test: impl FnOnce(&Level)) {
    static INSTALL: Once = Once::new();
    INSTALL.call_once(|| {
        let table: &'static NtTable = Box::leak(Box::new(table()));
        // SAFETY: the table is never freed.
        unsafe { Runtime::here().install(table) };
    });
    test(&Level);
    assert_eq!(LIVE.with(|live| live.load(Ordering::Relaxed)), 0, "the pool leaks");
}

fn without_memory(test: impl FnOnce()) {
    LEFT.with(|left| left.store(0, Ordering::Relaxed));
    test();
    LEFT.with(|left| left.store(usize::MAX, Ordering::Relaxed));
}

#[test]
fn a_box_frees_its_value_once() {
    with_pool(|irql| {
        let counted = std::rc::Rc::new(());
        let boxed: PoolBox<_> = PoolBox::try_new(counted.clone(), irql).unwrap();
        let back = boxed.into_inner();
        drop(back);
        drop(PoolBox::<_, { tag(b"Test") }>::try_new(counted.clone(), irql));
        assert_eq!(std::rc::Rc::strong_count(&counted), 1);
    });
}

#[test]
fn a_vector_grows_and_keeps_what_it_has_when_it_cannot() {
    with_pool(|irql| {
        let mut values: PoolVec<u64> = PoolVec::new();
        for i in 0..100 {
            values.try_push(i, irql).unwrap();
        }
        assert!(values.iter().copied().eq(0..100));
        let more = vec![7; 1000];
        without_memory(|| {
            assert_eq!(values.try_extend_from_slice(&more, irql), Err(OutOfMemory));
        });
        assert_eq!(values.len(), 100);
        assert_eq!(values.swap_remove(0), 0);
        assert_eq!((values[0], values.len()), (99, 99));
    });
}

#[test]
fn a_string_is_text() {
    with_pool(|irql| {
        let mut text: PoolString = PoolString::new();
        text.try_push_str("größe", irql).unwrap();
        text.try_push_str("!", irql).unwrap();
        assert_eq!(&*text, "größe!");
    });
}

#[test]
fn a_deque_agrees_with_the_standard_one() {
    with_pool(|irql| {
        let mut ours: PoolDeque<u32> = PoolDeque::try_with_capacity(7, irql).unwrap();
        let mut theirs = std::collections::VecDeque::new();
        let mut random = 0x2545_F491_4F6C_DD1Du64;
        for step in 0..20_000u32 {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            match random % 6 {
                0 => {
                    ours.try_push_back(step, irql).unwrap();
                    theirs.push_back(step);
                }
                1 => assert_eq!(ours.pop_front(), theirs.pop_front()),
                2 => {
                    let values = vec![step; (random >> 8) as usize % 9];
                    let fits = values.len() <= ours.room();
                    assert_eq!(ours.extend_within_capacity(&values), fits);
                    if fits {
                        theirs.extend(values);
                    }
                }
                3 => {
                    let count = (random >> 8) as usize % 9;
                    ours.skip_front(count);
                    theirs.drain(..count.min(theirs.len()));
                }
                4 => {
                    ours.retain(|value| value % 3 != 0);
                    theirs.retain(|value| value % 3 != 0);
                }
                _ => assert_eq!(ours.front(), theirs.front()),
            }
            assert_eq!(ours.len(), theirs.len());
            assert!(ours.iter().eq(theirs.iter()));
        }
    });
}

#[test]
fn a_deque_drops_its_values() {
    with_pool(|irql| {
        let counted = std::rc::Rc::new(());
        let mut values: PoolDeque<_> = PoolDeque::new();
        for _ in 0..10 {
            values.try_push_back(counted.clone(), irql).unwrap();
        }
        values.pop_front();
        assert_eq!(std::rc::Rc::strong_count(&counted), 10);
        drop(values);
        assert_eq!(std::rc::Rc::strong_count(&counted), 1);
    });
}

#[test]
fn values_without_size_need_no_pool() {
    with_pool(|irql| {
        without_memory(|| {
            let mut values: PoolDeque<()> = PoolDeque::new();
            for _ in 0..10 {
                values.try_push_back((), irql).unwrap();
            }
            assert_eq!(values.len(), 10);
            let mut values: PoolVec<()> = PoolVec::new();
            values.try_push((), irql).unwrap();
            assert_eq!(values.pop(), Some(()));
        });
    });
}

#[test]
fn the_global_allocator_takes_a_drivers_memory_from_the_pool_and_gives_it_back_there() {
    let layout = Layout::from_size_align(24, 8).unwrap();
    let live = || LIVE.with(|live| live.load(Ordering::Relaxed));
    with_pool(|_| {
        IN_DRIVER.set(true);
        // SAFETY: the layout has a size.
        let drivers = unsafe { WdkAllocator.alloc(layout) };
        // SAFETY: as above.
        let misaligned = unsafe { WdkAllocator.alloc(Layout::from_size_align(64, 32).unwrap()) };
        IN_DRIVER.set(false);
        assert!(!drivers.is_null() && misaligned.is_null());
        POOL.with_borrow_mut(|pool| pool.insert(drivers.addr()));
        // SAFETY: as above.
        let hosts = unsafe { WdkAllocator.alloc(layout) };
        assert!(!hosts.is_null());
        assert_eq!(live(), 1, "the host's memory is not the pool's");
        // SAFETY: allocated above with this layout.
        unsafe { WdkAllocator.dealloc(hosts, layout) };
        assert_eq!(live(), 1);
        // SAFETY: as above.
        unsafe { WdkAllocator.dealloc(drivers, layout) };
        assert_eq!(live(), 0);
    });
}
