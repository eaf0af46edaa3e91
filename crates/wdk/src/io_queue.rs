//! The handlers of an I/O queue.
//!
//! DDI header: `wdfio.h`.
//!
//! A queue's context is a type that implements [`IoQueue`]: its associated types say how callbacks are serialized
//! and at which level they run, its methods are the callbacks.
//!
//! ```
//! use wdk::prelude::*;
//!
//! #[derive(Default)]
//! struct Writes {
//!     bytes: u64,
//! }
//!
//! impl IoQueue for Writes {
//!     type Scope = PerQueue; // callbacks of this queue never overlap: `&mut Self`
//!     type Exec = Dispatch; // they may run at DISPATCH_LEVEL: nothing here can wait
//!     const HANDLES: Handlers = Handlers::WRITE;
//!
//!     fn write<'r>(this: &mut Self, request: WriteRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
//!         let len = request.len();
//!         this.bytes += len as u64;
//!         request.complete(Ok(len), irql)
//!     }
//! }
//! ```
//!
//! A handler that is announced but not written does not compile: `cargo build` says so, when the queue's type is used.
//!
//! ```compile_fail,E0080
//! use wdk::prelude::*;
//! # struct Writes;
//! impl IoQueue for Writes {
//!     type Scope = PerQueue;
//!     type Exec = Dispatch;
//!     const HANDLES: Handlers = Handlers::WRITE;
//! }
//! fn add(device: &DeviceRef<()>, irql: &mut Irql<'_, Passive>) -> Result<()> {
//!     device.default_queue(Dispatching::Sequential, |_, _| Ok(Writes), irql)?;
//!     Ok(())
//! }
//! # fn main() { let _: fn(&DeviceRef<()>, &mut Irql<'_, Passive>) -> Result<()> = add; }
//! ```
//!
//! What these types do not rule out: handlers that are written but not announced in `HANDLES` (they are never
//! called), and handlers that lock their own queue (the framework stops the system and says so).

use crate::Error;
use crate::irql::{ExecutionLevel, Irql};
use crate::notice::{ResumeNotice, StopNotice};
use crate::queue::QueueRef;
use crate::request::{
    AnyRequest, CanceledRequest, DeviceControlRequest, Disposed, InternalDeviceControlRequest, ReadRequest,
    WriteRequest,
};
use crate::scope::{Access, Scope};

/// Which requests a queue has handlers for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Handlers(u16);

impl Handlers {
    /// None, as manual queues have.
    pub const NONE: Self = Self(0);
    /// [`IoQueue::read`].
    pub const READ: Self = Self(1);
    /// [`IoQueue::write`].
    pub const WRITE: Self = Self(2);
    /// [`IoQueue::device_control`].
    pub const DEVICE_CONTROL: Self = Self(4);
    /// [`IoQueue::internal_device_control`].
    pub const INTERNAL_DEVICE_CONTROL: Self = Self(8);
    /// [`IoQueue::other`]: all that have no handler of their own.
    pub const OTHER: Self = Self(16);

    /// [`IoQueue::ready`], of a manual queue.
    pub const READY: Self = Self(32);
    /// [`IoQueue::canceled_on_queue`].
    pub const CANCELED_ON_QUEUE: Self = Self(64);
    /// [`IoQueue::stopping`].
    pub const STOPPING: Self = Self(128);
    /// [`IoQueue::resumed`].
    pub const RESUMED: Self = Self(256);

    /// These and those.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether all of `other` are in these.
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

/// The check in each default handler, which is compiled with the queue.
const fn unwritten(announced: Handlers, which: Handlers) {
    assert!(!announced.contains(which), "`HANDLES` announces a handler that is not written");
}

/// The context of a queue, and its callbacks. See the [module](self).
///
/// # Framework
///
/// `WDF_IO_QUEUE_CONFIG`, `EvtIo…`.
pub trait IoQueue: Sized + Send + 'static {
    /// How callbacks are serialized: [`Unsynchronized`](crate::Unsynchronized), [`PerQueue`](crate::PerQueue) or
    /// [`PerDevice`](crate::PerDevice).
    type Scope: Scope;
    /// The level at which callbacks run: `Passive`, or `Dispatch` for "at `DISPATCH_LEVEL` or below".
    type Exec: ExecutionLevel;
    /// The handlers below that are written.
    const HANDLES: Handlers;

    /// Handles a read request.
    #[doc(alias = "EvtIoRead")]
    fn read<'r>(
        this: Access<'_, Self>,
        request: ReadRequest<'r>,
        irql: &mut Irql<'_, Self::Exec>,
    ) -> Disposed<'r> {
        const { unwritten(Self::HANDLES, Handlers::READ) };
        let _ = this;
        request.complete(Err(Error::INVALID_DEVICE_REQUEST), irql)
    }

    /// Handles a write request.
    #[doc(alias = "EvtIoWrite")]
    fn write<'r>(
        this: Access<'_, Self>,
        request: WriteRequest<'r>,
        irql: &mut Irql<'_, Self::Exec>,
    ) -> Disposed<'r> {
        const { unwritten(Self::HANDLES, Handlers::WRITE) };
        let _ = this;
        request.complete(Err(Error::INVALID_DEVICE_REQUEST), irql)
    }

    /// Handles a device control request.
    #[doc(alias = "EvtIoDeviceControl")]
    fn device_control<'r>(
        this: Access<'_, Self>,
        request: DeviceControlRequest<'r>,
        irql: &mut Irql<'_, Self::Exec>,
    ) -> Disposed<'r> {
        const { unwritten(Self::HANDLES, Handlers::DEVICE_CONTROL) };
        let _ = this;
        request.complete(Err(Error::INVALID_DEVICE_REQUEST), irql)
    }

    /// Handles a device control request from another driver.
    #[doc(alias = "EvtIoInternalDeviceControl")]
    fn internal_device_control<'r>(
        this: Access<'_, Self>,
        request: InternalDeviceControlRequest<'r>,
        irql: &mut Irql<'_, Self::Exec>,
    ) -> Disposed<'r> {
        const { unwritten(Self::HANDLES, Handlers::INTERNAL_DEVICE_CONTROL) };
        let _ = this;
        request.complete(Err(Error::INVALID_DEVICE_REQUEST), irql)
    }

    /// Handles what no other handler does.
    #[doc(alias = "EvtIoDefault")]
    fn other<'r>(
        this: Access<'_, Self>,
        request: AnyRequest<'r>,
        irql: &mut Irql<'_, Self::Exec>,
    ) -> Disposed<'r> {
        const { unwritten(Self::HANDLES, Handlers::OTHER) };
        let _ = this;
        request.complete(Err(Error::INVALID_DEVICE_REQUEST), irql)
    }

    /// A manual queue has got requests after it had none: [retrieve](QueueRef::retrieve) them.
    ///
    /// Runs when the queue becomes non-empty, not for each request, so retrieve until there is none.
    #[doc(alias = "EvtIoQueueState")]
    #[doc(alias = "WdfIoQueueReadyNotify")]
    fn ready(this: Access<'_, Self>, queue: &QueueRef<Self>, irql: &mut Irql<'_, Self::Exec>) {
        const { unwritten(Self::HANDLES, Handlers::READY) };
        let _ = (this, queue, irql);
    }

    /// Disposes of a request whose requester gave up while it waited in this queue, after the driver had it before: it
    /// was forwarded here, or put back. Without this handler the framework completes it.
    ///
    /// Complete it: what else is tried with a cancelled request fails, or leads here again.
    #[doc(alias = "EvtIoCanceledOnQueue")]
    fn canceled_on_queue<'r>(
        this: Access<'_, Self>,
        request: CanceledRequest<'r>,
        irql: &mut Irql<'_, Self::Exec>,
    ) -> Disposed<'r> {
        const { unwritten(Self::HANDLES, Handlers::CANCELED_ON_QUEUE) };
        let _ = this;
        request.complete(Err(Error::CANCELLED), irql)
    }

    /// The device leaves its working state, or goes, and the driver still has a request: a notice for each.
    ///
    /// It can be [taken](crate::Parked::take) and completed here. One that stays parked stays the driver's while the
    /// device sleeps, and is cancelled when the device goes.
    #[doc(alias = "EvtIoStop")]
    fn stopping(this: Access<'_, Self>, notice: &StopNotice<'_>, irql: &mut Irql<'_, Self::Exec>) {
        const { unwritten(Self::HANDLES, Handlers::STOPPING) };
        let _ = (this, notice, irql);
    }

    /// The device is back in its working state: a notice for each request that the driver kept.
    #[doc(alias = "EvtIoResume")]
    fn resumed(this: Access<'_, Self>, notice: &ResumeNotice<'_>, irql: &mut Irql<'_, Self::Exec>) {
        const { unwritten(Self::HANDLES, Handlers::RESUMED) };
        let _ = (this, notice, irql);
    }

    /// The queue [has stopped](QueueRef::stop_then_notify): the driver has none of its requests any more.
    ///
    /// Not serialized with anything.
    #[doc(alias = "EvtIoQueueState")]
    fn stopped(queue: &QueueRef<Self>, irql: &mut Irql<'_, Self::Exec>) {
        let _ = (queue, irql);
    }

    /// The queue [is empty](QueueRef::drain_then_notify), and the driver has none of its requests any more.
    #[doc(alias = "EvtIoQueueState")]
    fn emptied(this: Access<'_, Self>, queue: &QueueRef<Self>, irql: &mut Irql<'_, Self::Exec>) {
        let _ = (this, queue, irql);
    }

    /// Disposes of a parked request whose requester gave up.
    ///
    /// Take its token off the driver's list ([`Request::is`](crate::Request::is)) and complete it. The default
    /// completes it and leaves the token, which is worth nothing then.
    #[doc(alias = "EvtRequestCancel")]
    fn cancel<'r>(
        this: Access<'_, Self>,
        request: CanceledRequest<'r>,
        irql: &mut Irql<'_, Self::Exec>,
    ) -> Disposed<'r> {
        let _ = this;
        request.complete(Err(Error::CANCELLED), irql)
    }
}
