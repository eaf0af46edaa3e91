//! Deferred procedure calls.
//!
//! DDI header: `wdfdpc.h`.
//!
//! ```
//! # mod bell {
//! use std::sync::atomic::{AtomicU32, Ordering};
//! use wdk::prelude::*;
//! # wdk::driver!(Bell);
//! # struct Bell;
//! # impl Driver for Bell {
//! #     fn device_add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()> {
//! #         let device = init.create(|_, _| Ok(()), irql)?;
//! #         device.create_symbolic_link(wstr!(r"\DosDevices\Bell"), irql)?;
//! #         device.default_queue(Dispatching::PARALLEL, |queue, irql| {
//! #             Ok(Writes { rung: AtomicU32::new(0), ring: Dpc::try_new(queue, irql)? })
//! #         }, irql)?;
//! #         Ok(())
//! #     }
//! # }
//!
//! struct Writes {
//!     rung: AtomicU32,
//!     ring: Dpc<Ring>,
//! }
//!
//! struct Ring;
//!
//! impl DpcHandler for Ring {
//!     type Parent = QueueRef<Writes>;
//!
//!     fn run(queue: &QueueRef<Writes>, _: &mut Irql<'_, Dispatch>) {
//!         queue.context().rung.fetch_add(1, Ordering::Relaxed);
//!     }
//! }
//!
//! impl IoQueue for Writes {
//!     type Scope = Unsynchronized;
//!     type Exec = Dispatch;
//!     const HANDLES: Handlers = Handlers::WRITE.and(Handlers::READ);
//!
//!     fn write<'r>(this: &Self, request: WriteRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
//!         this.ring.enqueue(irql);
//!         request.complete(Ok(0), irql)
//!     }
//! #
//! #     fn read<'r>(this: &Self, request: ReadRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
//! #         request.complete_with(irql, |request, _| {
//! #             request.output().write_value(&this.rung.load(Ordering::Relaxed))
//! #         })
//! #     }
//! }
//! # }
//!
//! # fn main() -> wdk_emulator::Result {
//! # let machine = wdk_emulator::Machine::new();
//! # let device = machine.load(&bell::DRIVER)?.plug(r"ROOT\BELL")?;
//! # let file = machine.open(r"\\.\Bell")?;
//! file.write(b"ring")?;
//! machine.run()?;
//! assert_eq!(file.read(4)?, [1, 0, 0, 0]);
//! # file.close()?;
//! # device.remove()?;
//! # machine.finish()
//! # }
//! ```
//!
//! A DPC's handler cannot wait:
//!
//! ```compile_fail,E0277
//! use wdk::prelude::*;
//! # struct Late;
//! # impl Device for Late { type Locked = (); type Exec = Dispatch; }
//! impl DpcHandler for Late {
//!     type Parent = DeviceRef<Late>;
//!     fn run(_: &DeviceRef<Late>, irql: &mut Irql<'_, Dispatch>) {
//!         fn wait(gate: &WaitLock<u32>, irql: &mut Irql<'_, Dispatch>) { gate.with(irql, |_, _| ()) }
//!     }
//! }
//! ```
//!
//! # Why there is a gate
//!
//! The framework's cleanup of a DPC waits, once, for DPCs that are queued, and does not look whether one is queued after
//! that: it would run when the DPC, or its parent, is freed. So each DPC here has a child whose cleanup comes before its
//! own, as children's does. That cleanup closes a gate, which every enqueueing passes under a spin lock: what passed is
//! queued before the framework waits, and the rest is refused.

use crate::Result;
use crate::glue::enter;
use crate::irql::{AtMost, Dispatch, Irql, MayBlock, Passive, Unlocked, ceiling};
use crate::object::{DPC, DPC_GATE, dereference, reference};
use crate::parent::Parent;
use crate::status::check;
use core::cell::UnsafeCell;
use core::fmt;
use core::marker::PhantomData;
use core::ptr::NonNull;
use core::sync::atomic::{AtomicPtr, Ordering};
use wdk_sys::{EVT_WDF_DPC, KSPIN_LOCK, WDFDPC, WDFOBJECT};

ceiling!(
    WdfDpcCreate <= Dispatch,
    WdfDpcEnqueue <= Dispatch,
    WdfDpcCancel <= Dispatch,
    WdfDpcGetParentObject <= Dispatch,
    WdfObjectCreate <= Dispatch,
);

/// The context of a DPC.
///
/// # Invariants
///
/// 1. `closed` is read and written with the lock held. Once it is true it stays so.
/// 2. While it is false, the framework has not begun to wait for the DPC.
#[repr(C)]
pub(crate) struct Gate {
    lock: UnsafeCell<KSPIN_LOCK>,
    closed: UnsafeCell<bool>,
}

// SAFETY: what is in it is reached with its lock held.
unsafe impl Sync for Gate {}

impl Gate {
    /// Runs `body` with the lock, and tells it whether the gate is closed.
    fn with<R>(&self, body: impl FnOnce(&mut bool) -> R) -> R {
        // SAFETY: context memory, nonpaged, which began as zeroes, an unlocked lock; in reach at `..=Dispatch` only.
        let irql = unsafe { wdk_sys::ntddk::KeAcquireSpinLockRaiseToDpc(self.lock.get()) };
        // SAFETY: the lock is held.
        let result = body(unsafe { &mut *self.closed.get() });
        // SAFETY: acquired just now, at that level.
        unsafe { wdk_sys::ntddk::KeReleaseSpinLock(self.lock.get(), irql) };
        result
    }
}

/// A DPC with its gate, without a reference.
#[derive(Clone, Copy)]
pub(crate) struct RawDpc {
    handle: WDFDPC,
    gate: NonNull<Gate>,
}

impl RawDpc {
    /// Creates a DPC below `parent`, with a gate.
    ///
    /// # Safety
    ///
    /// The parent is a device or a queue that is alive; `callback` is made for DPCs below it.
    pub(crate) unsafe fn create(parent: WDFOBJECT, callback: EVT_WDF_DPC) -> Result<Self> {
        let mut config = wdk_sys::WDF_DPC_CONFIG::default();
        wdk_sys::WDF_DPC_CONFIG_INIT(&mut config, Some(callback));
        config.AutomaticSerialization = 0;
        let mut attributes = DPC.attributes::<Gate>();
        attributes.ParentObject = parent;
        let mut handle = core::ptr::null_mut();
        // SAFETY: initialised structures, and a parent that is alive.
        check(unsafe { wdk_sys::WdfDpcCreate(&raw mut config, &raw mut attributes, &raw mut handle) })?;
        // SAFETY: created just now; the parent is alive, and so is its child.
        let gate = unsafe { DPC.pointer::<Gate>(handle.cast()) }.ok_or(crate::Error::INTERNAL_ERROR)?;

        // Without a gate the DPC is never enqueued, and goes with its parent.
        let mut attributes = DPC_GATE.attributes::<AtomicPtr<Gate>>();
        attributes.ParentObject = handle.cast();
        attributes.EvtCleanupCallback = Some(close_callback);
        let mut object = core::ptr::null_mut();
        // SAFETY: initialised attributes; the DPC is there, although its parent may be on its way out.
        check(unsafe { wdk_sys::WdfObjectCreate(&raw mut attributes, &raw mut object) })?;
        // SAFETY: created just now; the DPC keeps it.
        let place = unsafe { DPC_GATE.of::<AtomicPtr<Gate>>(object) }.ok_or(crate::Error::INTERNAL_ERROR)?;
        match place.compare_exchange(
            core::ptr::null_mut(),
            gate.as_ptr(),
            Ordering::AcqRel,
            Ordering::Acquire,
        ) {
            Ok(_) => Ok(Self { handle, gate }),
            // Its cleanup was here already.
            Err(_) => Err(crate::Error::DELETE_PENDING),
        }
    }

    /// Queues the DPC, unless it is queued or closed; says whether it did.
    ///
    /// # Safety
    ///
    /// The DPC is not destroyed, and this is `..=Dispatch`.
    pub(crate) unsafe fn enqueue(self) -> bool {
        // SAFETY: the DPC's context, which is there as long as the DPC.
        unsafe { self.gate.as_ref() }.with(|closed| {
            if *closed {
                return false;
            }
            // SAFETY: the gate is open, and stays so until the DPC is queued.
            unsafe { wdk_sys::WdfDpcEnqueue(self.handle) != 0 }
        })
    }

    /// Takes the DPC off the queue; says whether it was there.
    ///
    /// # Safety
    ///
    /// The DPC is not destroyed, and this is `..=Dispatch`.
    unsafe fn cancel(self) -> bool {
        // SAFETY: the DPC's context, which is there as long as the DPC.
        unsafe { self.gate.as_ref() }.with(|closed| {
            if *closed {
                return false;
            }
            // SAFETY: the gate is open, so the DPC is not deleted; this form does not wait.
            unsafe { wdk_sys::WdfDpcCancel(self.handle, 0) != 0 }
        })
    }

    /// Adds a reference.
    ///
    /// # Safety
    ///
    /// The DPC is not destroyed.
    pub(crate) unsafe fn reference(self) {
        // SAFETY: as the caller promises.
        unsafe { reference(self.handle.cast()) };
    }

    /// Gives a reference up.
    ///
    /// # Safety
    ///
    /// It came from [`reference`](Self::reference) and is not used again.
    pub(crate) unsafe fn dereference(self) {
        // SAFETY: as the caller promises.
        unsafe { dereference(self.handle.cast()) };
    }
}

/// The cleanup of a gate's object, before that of its DPC.
unsafe extern "C" fn close_callback(object: WDFOBJECT) {
    enter(|| {
        // SAFETY: the object of this callback, made above.
        let Some(place) = (unsafe { DPC_GATE.of::<AtomicPtr<Gate>>(object) }) else { return };
        // Not null any more, so that a gate that is just being made is not opened.
        let gate = place.swap(NonNull::dangling().as_ptr(), Ordering::AcqRel);
        // SAFETY: null, or the context of the DPC that this object is below; cleanup runs once.
        if let Some(gate) = unsafe { gate.as_ref() } {
            gate.with(|closed| *closed = true);
        }
    });
}

/// What a DPC does.
pub trait DpcHandler: 'static {
    /// The queue or device that the DPC belongs to: [`QueueRef<Q>`](crate::QueueRef) or
    /// [`DeviceRef<D>`](crate::DeviceRef).
    type Parent: Parent;

    /// Runs at `DISPATCH_LEVEL`.
    ///
    /// Not serialized with anything: use the parent's `lock`, or its shared context. Not called before the parent's
    /// context is in place, nor after the parent is gone.
    #[doc(alias = "EvtDpcFunc")]
    fn run(parent: &Self::Parent, irql: &mut Irql<'_, Dispatch>);
}

/// A DPC that calls `T`.
///
/// Keep it in a context. It belongs to its parent, which waits for it when it goes: a `Dpc` that is kept longer does
/// nothing any more, and dropping one early leaves the DPC to its parent.
///
/// # IRQL
///
/// `Drop`: `..=Dispatch`.
///
/// # Framework
///
/// A counted reference to a `WDFDPC` without automatic serialization.
///
/// # Invariants
///
/// 1. The value holds a reference to the DPC.
#[doc(alias = "WDFDPC")]
pub struct Dpc<T: DpcHandler> {
    raw: RawDpc,
    handler: PhantomData<fn() -> T>,
}

// SAFETY: a DPC may be queued on any thread.
unsafe impl<T: DpcHandler> Send for Dpc<T> {}
// SAFETY: and at the same time: the gate has a lock.
unsafe impl<T: DpcHandler> Sync for Dpc<T> {}

impl<T: DpcHandler> Dpc<T> {
    /// Creates a DPC.
    ///
    /// # IRQL
    ///
    /// `..=Dispatch`.
    ///
    /// # Errors
    ///
    /// * `STATUS_INSUFFICIENT_RESOURCES`.
    /// * `STATUS_DELETE_PENDING`: the parent is going.
    ///
    /// # Framework
    ///
    /// `WdfDpcCreate`, KMDF 1.0.
    #[doc(alias = "WdfDpcCreate")]
    pub fn try_new<L: AtMost<Dispatch>>(parent: &T::Parent, _irql: &Irql<'_, L>) -> Result<Self> {
        // SAFETY: a parent in reach is alive, and the callback is for its type.
        let raw = unsafe { RawDpc::create(parent.object(), dpc_callback::<T>) }?;
        // SAFETY: created just now; the parent is alive, and so is its child.
        unsafe { raw.reference() };
        Ok(Self { raw, handler: PhantomData })
    }

    /// Queues the DPC; says whether it did. It does not when it is queued already, nor when its parent is going.
    ///
    /// # IRQL
    ///
    /// `..=Dispatch`.
    ///
    /// # Framework
    ///
    /// `WdfDpcEnqueue`, KMDF 1.0.
    #[doc(alias = "WdfDpcEnqueue")]
    pub fn enqueue<L: AtMost<Dispatch>>(&self, _irql: &Irql<'_, L>) -> bool {
        // SAFETY: invariant 1.
        unsafe { self.raw.enqueue() }
    }

    /// Takes the DPC off the queue, without waiting for one that has begun; says whether it was there.
    ///
    /// # IRQL
    ///
    /// `..=Dispatch`.
    ///
    /// # Framework
    ///
    /// `WdfDpcCancel`, KMDF 1.0.
    #[doc(alias = "WdfDpcCancel")]
    pub fn cancel<L: AtMost<Dispatch>>(&self, _irql: &Irql<'_, L>) -> bool {
        // SAFETY: invariant 1.
        unsafe { self.raw.cancel() }
    }

    /// Takes the DPC off the queue, and waits until all DPCs that have begun have returned; says whether it was there.
    ///
    /// # IRQL
    ///
    /// `Passive`, outside handlers and locks.
    ///
    /// # Framework
    ///
    /// `WdfDpcCancel`, KMDF 1.0.
    pub fn cancel_synchronously<L: Unlocked + AtMost<Passive>>(
        &self,
        _block: &mut MayBlock<'_>,
        _irql: &mut Irql<'_, L>,
    ) -> bool {
        // SAFETY: the DPC's context, by invariant 1.
        if unsafe { self.raw.gate.as_ref() }.with(|closed| *closed) {
            // The framework waits for it.
            return false;
        }
        // SAFETY: invariant 1 keeps its memory should the parent go meanwhile; the caller may wait.
        unsafe { wdk_sys::WdfDpcCancel(self.raw.handle, 1) != 0 }
    }
}

impl<T: DpcHandler> Drop for Dpc<T> {
    fn drop(&mut self) {
        // SAFETY: invariant 1: the DPC's reference, given up once.
        unsafe { self.raw.dereference() };
    }
}

impl<T: DpcHandler> fmt::Debug for Dpc<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Dpc").field(&self.raw.handle).finish()
    }
}

unsafe extern "C" fn dpc_callback<T: DpcHandler>(dpc: WDFDPC) {
    enter(|| {
        // SAFETY: the DPC of this callback; it passed the gate, so the framework has not freed it.
        let parent = unsafe { wdk_sys::WdfDpcGetParentObject(dpc) };
        if parent.is_null() {
            return;
        }
        // SAFETY: created with a parent of that type, which outlives the callback.
        let Some(parent) = (unsafe { <T::Parent as Parent>::from_object(parent) }) else {
            return;
        };
        // SAFETY: DPCs run at `DISPATCH_LEVEL`.
        T::run(parent, &mut unsafe { Irql::assume() });
    });
}
