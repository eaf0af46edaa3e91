//! Work items: the way to `PASSIVE_LEVEL`.
//!
//! DDI header: `wdfworkitem.h`.

use crate::Result;
use crate::glue::enter;
use crate::irql::{AtMost, Dispatch, Irql, MayBlock, Passive, Unlocked, ceiling};
use crate::object::{WORK_ITEM, dereference, reference};
use crate::parent::Parent;
use crate::status::check;
use core::fmt;
use core::marker::PhantomData;
use wdk_sys::WDFWORKITEM;

ceiling!(
    WdfWorkItemCreate <= Dispatch,
    WdfWorkItemEnqueue <= Dispatch,
    WdfWorkItemFlush <= Passive,
    WdfWorkItemGetParentObject <= Dispatch,
);

/// What a work item does.
pub trait WorkHandler: 'static {
    /// The queue or device that the work item belongs to: [`QueueRef<Q>`](crate::QueueRef) or
    /// [`DeviceRef<D>`](crate::DeviceRef).
    type Parent: Parent;

    /// Works, on a system thread.
    ///
    /// Not serialized with anything: use the parent's `lock`, or its shared context. Not called before the parent's
    /// context is in place, nor after the parent is gone.
    #[doc(alias = "EvtWorkItemFunc")]
    fn run(parent: &Self::Parent, block: &mut MayBlock<'_>, irql: &mut Irql<'_, Passive>);
}

/// A work item that calls `T`.
///
/// Keep it in a context. It belongs to its parent, which waits for it when it goes: a `WorkItem` that is kept longer
/// does nothing any more.
///
/// # IRQL
///
/// `Drop`: `..=Dispatch`.
///
/// # Framework
///
/// A counted reference to a `WDFWORKITEM` without automatic serialization.
///
/// # Invariants
///
/// 1. The value holds a reference to the work item.
#[doc(alias = "WDFWORKITEM")]
pub struct WorkItem<T: WorkHandler> {
    handle: WDFWORKITEM,
    handler: PhantomData<fn() -> T>,
}

// SAFETY: `WdfWorkItemEnqueue` may be called on any thread.
unsafe impl<T: WorkHandler> Send for WorkItem<T> {}
// SAFETY: and at the same time.
unsafe impl<T: WorkHandler> Sync for WorkItem<T> {}

impl<T: WorkHandler> WorkItem<T> {
    /// Creates a work item.
    ///
    /// # IRQL
    ///
    /// `..=Dispatch`.
    ///
    /// # Errors
    ///
    /// * `STATUS_INSUFFICIENT_RESOURCES`.
    ///
    /// # Framework
    ///
    /// `WdfWorkItemCreate`, KMDF 1.0.
    #[doc(alias = "WdfWorkItemCreate")]
    pub fn try_new<L: AtMost<Dispatch>>(parent: &T::Parent, _irql: &Irql<'_, L>) -> Result<Self> {
        let mut config = wdk_sys::WDF_WORKITEM_CONFIG::default();
        wdk_sys::WDF_WORKITEM_CONFIG_INIT(&mut config, Some(work_item_callback::<T>));
        config.AutomaticSerialization = 0;
        let mut attributes = WORK_ITEM.attributes::<u8>();
        attributes.ParentObject = parent.object();
        let mut handle = core::ptr::null_mut();
        // SAFETY: initialised structures, and a parent that is alive.
        check(unsafe { wdk_sys::WdfWorkItemCreate(&raw mut config, &raw mut attributes, &raw mut handle) })?;
        // SAFETY: created just now; the parent is alive, and so is its child.
        unsafe { reference(handle.cast()) };
        Ok(Self { handle, handler: PhantomData })
    }

    /// Has the work done, once, however often this is called before it begins.
    ///
    /// # IRQL
    ///
    /// `..=Dispatch`.
    ///
    /// # Framework
    ///
    /// `WdfWorkItemEnqueue`, KMDF 1.0.
    #[doc(alias = "WdfWorkItemEnqueue")]
    pub fn enqueue<L: AtMost<Dispatch>>(&self, _irql: &Irql<'_, L>) {
        // SAFETY: invariant 1; a work item whose parent is gone ignores the call.
        unsafe { wdk_sys::WdfWorkItemEnqueue(self.handle) };
    }

    /// Waits until the work that was asked for is done. Inside the work item itself, returns at once.
    ///
    /// # IRQL
    ///
    /// `Passive`, outside handlers and locks.
    ///
    /// # Framework
    ///
    /// `WdfWorkItemFlush`, KMDF 1.0.
    #[doc(alias = "WdfWorkItemFlush")]
    pub fn flush<L: Unlocked + AtMost<Passive>>(&self, _block: &mut MayBlock<'_>, _irql: &mut Irql<'_, L>) {
        // SAFETY: invariant 1; the caller may wait.
        unsafe { wdk_sys::WdfWorkItemFlush(self.handle) };
    }
}

impl<T: WorkHandler> Drop for WorkItem<T> {
    fn drop(&mut self) {
        // SAFETY: invariant 1: the work item's reference, given up once.
        unsafe { dereference(self.handle.cast()) };
    }
}

impl<T: WorkHandler> fmt::Debug for WorkItem<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("WorkItem").field(&self.handle).finish()
    }
}

unsafe extern "C" fn work_item_callback<T: WorkHandler>(item: WDFWORKITEM) {
    enter(|| {
        // SAFETY: the work item of this callback.
        let parent = unsafe { wdk_sys::WdfWorkItemGetParentObject(item) };
        // SAFETY: created with a parent of that type, which outlives the callback.
        let Some(parent) = (unsafe { <T::Parent as Parent>::from_object(parent) }) else {
            return;
        };
        // SAFETY: work items run at `PASSIVE_LEVEL`.
        let mut irql = unsafe { Irql::assume() };
        // SAFETY: without automatic serialization the framework holds no lock around it.
        let mut block = unsafe { MayBlock::assume() };
        T::run(parent, &mut block, &mut irql);
    });
}
