//! Synchronization scopes: how the callbacks of a queue see its context.
//!
//! | [`IoQueue::Scope`] | callbacks of the queue | [`Access`] |
//! |---|---|---|
//! | [`Unsynchronized`] | may run at the same time | `&Q`, and `Q: Sync` |
//! | [`PerQueue`] | never overlap | `&mut Q` |
//! | [`PerDevice<D>`] | nor with those of the device's other such queues | [`DeviceAccess`]: `&mut Q` and `&mut D::Locked` |
//!
//! An unsynchronized queue cannot have a context that is not made for that:
//!
//! ```compile_fail,E0277
//! use wdk::prelude::*;
//! # struct Counter(core::cell::Cell<u32>);
//! impl IoQueue for Counter {
//!     type Scope = Unsynchronized;
//!     type Exec = Dispatch;
//!     const HANDLES: Handlers = Handlers::NONE;
//! }
//! fn add(device: &DeviceRef<()>, irql: &mut Irql<'_, Passive>) -> Result<()> {
//!     device.queue(Dispatching::PARALLEL, |_, _| Ok(Counter(core::cell::Cell::new(0))), irql)?;
//!     Ok(())
//! }
//! ```
//!
//! Nor can its handlers ask for `&mut`:
//!
//! ```compile_fail,E0053
//! use wdk::prelude::*;
//! # struct Counter(u32);
//! impl IoQueue for Counter {
//!     type Scope = Unsynchronized;
//!     type Exec = Dispatch;
//!     const HANDLES: Handlers = Handlers::WRITE;
//!     fn write<'r>(this: &mut Self, request: WriteRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
//!         this.0 += 1;
//!         request.complete(Ok(0), irql)
//!     }
//! }
//! ```

use crate::device::DeviceRef;
use crate::irql::Level;
use crate::queue::QueueRef;
use crate::{Device, IoQueue};
use core::marker::PhantomData;
use wdk_sys::{_WDF_SYNCHRONIZATION_SCOPE as scopes, WDF_SYNCHRONIZATION_SCOPE};

mod sealed {
    pub trait Sealed {}
}

/// A synchronization scope. See the [module](self).
///
/// # Framework
///
/// `WDF_SYNCHRONIZATION_SCOPE`.
#[doc(alias = "WDF_SYNCHRONIZATION_SCOPE")]
pub trait Scope: sealed::Sealed + Sized + 'static {
    /// What a callback gets of the context `Q`.
    type Access<'a, Q: IoQueue>;

    #[doc(hidden)]
    const ATTRIBUTE: WDF_SYNCHRONIZATION_SCOPE;

    /// # Safety
    ///
    /// The queue is ready, and the caller has its presentation lock, if it has one, for `'a`.
    #[doc(hidden)]
    unsafe fn access<Q: IoQueue<Scope = Self>>(queue: &QueueRef<Q>) -> Self::Access<'_, Q>;
}

/// Scopes with a presentation lock.
#[diagnostic::on_unimplemented(
    message = "a queue with scope `{Self}` has no presentation lock",
    note = "use `context()`, or give the queue another `type Scope`"
)]
pub trait Synchronized: Scope {}

/// Which scopes a queue `Q` of a device `D` can have.
#[diagnostic::on_unimplemented(
    message = "a queue `{Q}` with scope `{Self}` cannot belong to a device `{D}`",
    note = "`Unsynchronized` needs `Q: Sync`; `PerDevice<D>` needs that very `D` and the same `type Exec`"
)]
pub trait Admits<D: Device, Q: IoQueue>: Scope {}

/// The context as a callback of the queue sees it.
pub type Access<'a, Q> = <<Q as IoQueue>::Scope as Scope>::Access<'a, Q>;

/// Callbacks may run at the same time on several processors (`WdfSynchronizationScopeNone`).
pub enum Unsynchronized {}
/// One callback of the queue at a time (`WdfSynchronizationScopeQueue`).
pub enum PerQueue {}
/// One callback of all such queues of the device at a time (`WdfSynchronizationScopeDevice`).
pub struct PerDevice<D>(PhantomData<D>);

impl sealed::Sealed for Unsynchronized {}
impl Scope for Unsynchronized {
    type Access<'a, Q: IoQueue> = &'a Q;
    const ATTRIBUTE: WDF_SYNCHRONIZATION_SCOPE = scopes::WdfSynchronizationScopeNone;

    unsafe fn access<Q: IoQueue<Scope = Self>>(queue: &QueueRef<Q>) -> &Q {
        // SAFETY: the queue is ready; with this scope nobody makes a `&mut Q`, and `Q: Sync` by `Admits`.
        unsafe { &*queue.value() }
    }
}
impl<D: Device, Q: IoQueue<Scope = Self> + Sync> Admits<D, Q> for Unsynchronized {}

impl sealed::Sealed for PerQueue {}
impl Scope for PerQueue {
    type Access<'a, Q: IoQueue> = &'a mut Q;
    const ATTRIBUTE: WDF_SYNCHRONIZATION_SCOPE = scopes::WdfSynchronizationScopeQueue;

    unsafe fn access<Q: IoQueue<Scope = Self>>(queue: &QueueRef<Q>) -> &mut Q {
        // SAFETY: the queue is ready; the caller has the presentation lock, and with this scope the context is
        // reached under it only.
        unsafe { &mut *queue.value() }
    }
}
impl Synchronized for PerQueue {}
impl<D: Device, Q: IoQueue<Scope = Self>> Admits<D, Q> for PerQueue {}

/// What a callback of a [`PerDevice`] queue gets.
pub struct DeviceAccess<'a, Q: IoQueue, D: Device> {
    /// The queue's context.
    pub queue: &'a mut Q,
    /// The part of the device's context that is reached under the device's lock only.
    pub locked: &'a mut D::Locked,
    /// The device.
    pub device: &'a DeviceRef<D>,
}

impl<D: Device> sealed::Sealed for PerDevice<D> {}
impl<D: Device> Scope for PerDevice<D> {
    type Access<'a, Q: IoQueue> = DeviceAccess<'a, Q, D>;
    const ATTRIBUTE: WDF_SYNCHRONIZATION_SCOPE = scopes::WdfSynchronizationScopeDevice;

    unsafe fn access<Q: IoQueue<Scope = Self>>(queue: &QueueRef<Q>) -> DeviceAccess<'_, Q, D> {
        let device = queue.facts().device.cast::<DeviceRef<D>>();
        // SAFETY: `Admits` has tied the queue to a device with context `D`; it outlives its queues.
        let device = unsafe { &*device };
        DeviceAccess {
            // SAFETY: the queue is ready; with this scope its context is reached under the device's lock only,
            // which the caller has.
            queue: unsafe { &mut *queue.value() },
            // SAFETY: initialised when the device was created, and reached under the device's lock only.
            locked: unsafe { &mut *device.locked() },
            device,
        }
    }
}
impl<D: Device> Synchronized for PerDevice<D> {}
impl<D: Device, Q: IoQueue<Scope = Self, Exec = D::Exec>> Admits<D, Q> for PerDevice<D> where D::Exec: Level {}
