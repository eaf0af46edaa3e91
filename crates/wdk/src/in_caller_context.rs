//! Requests in the context of the program that makes them, before a queue has them.
//!
//! DDI header: `wdfdevice.h`.
//!
//! [`Device::in_caller_context`] gets each read, write and device control first, on the thread that makes it. It passes
//! the request on to the queue that is for it, or completes it.
//!
//! ```
//! # mod guarded {
//! use wdk::prelude::*;
//! # wdk::driver!(Guarded);
//! # struct Guarded;
//! # impl Driver for Guarded {
//! #     fn device_add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()> {
//! #         let device = init.create(|_, _| Ok(Door), irql)?;
//! #         device.create_symbolic_link(wstr!(r"\DosDevices\Guarded"), irql)?;
//! #         device.default_queue(Dispatching::PARALLEL, |_, _| Ok(Writes), irql)?;
//! #         Ok(())
//! #     }
//! # }
//!
//! struct Door;
//!
//! impl Device for Door {
//!     type Locked = ();
//!     type Exec = Dispatch;
//!     const CALLBACKS: DeviceCallbacks = DeviceCallbacks::IN_CALLER_CONTEXT;
//!
//!     fn in_caller_context<'r>(
//!         &self,
//!         _: &DeviceRef<Self>,
//!         request: Arriving<'r>,
//!         irql: &mut Irql<'_, Dispatch>,
//!     ) -> Disposed<'r> {
//!         if request.parameters().len() > Some(4) {
//!             return request.complete(Err(Error::INVALID_BUFFER_SIZE), irql);
//!         }
//!         request.enqueue(irql).unwrap_or_else(|rejected| rejected.fail(irql))
//!     }
//! }
//! # struct Writes;
//! # impl IoQueue for Writes {
//! #     type Scope = PerQueue;
//! #     type Exec = Dispatch;
//! #     const HANDLES: Handlers = Handlers::WRITE;
//! #     fn write<'r>(_: &mut Self, request: WriteRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
//! #         let len = request.len();
//! #         request.complete(Ok(len), irql)
//! #     }
//! # }
//! # }
//!
//! # fn main() -> wdk_emulator::Result {
//! # let machine = wdk_emulator::Machine::new();
//! # let device = machine.load(&guarded::DRIVER)?.plug(r"ROOT\GUARDED")?;
//! # let file = machine.open(r"\\.\Guarded")?;
//! assert_eq!(file.write(b"four")?, 4);
//! assert!(file.write(b"fives").is_err());
//! # file.close()?;
//! # device.remove()?;
//! # machine.finish()
//! # }
//! ```
//!
//! The thread is the program's, so it usually runs at `PASSIVE_LEVEL`; but a driver above may send requests at
//! `DISPATCH_LEVEL`. [`Irql::if_passive`] finds out.

use crate::delivery::{Delivery, refuse};
use crate::device::DeviceRef;
use crate::glue::enter;
use crate::irql::{AtMost, Dispatch, Irql, MayComplete, ceiling};
use crate::kind::Any;
use crate::park::OWNED;
use crate::request::{AnyRequest, Disposed, Rejected, Request};
use crate::status::check;
use crate::{Device, Error, Result};
use core::ops::{Deref, DerefMut};
use wdk_sys::{WDFDEVICE, WDFREQUEST};

ceiling!(WdfDeviceEnqueueRequest <= Dispatch, WdfDeviceInitSetIoInCallerContextCallback <= Passive);

/// A request that no queue has yet.
///
/// It can be looked at as the [`AnyRequest`] that it is. What needs a queue is refused: it cannot be parked or forwarded.
#[derive(Debug)]
#[must_use = "enqueue or complete the request"]
pub struct Arriving<'r>(AnyRequest<'r>);

impl<'r> Deref for Arriving<'r> {
    type Target = AnyRequest<'r>;

    fn deref(&self) -> &AnyRequest<'r> {
        &self.0
    }
}

impl<'r> DerefMut for Arriving<'r> {
    fn deref_mut(&mut self) -> &mut AnyRequest<'r> {
        &mut self.0
    }
}

impl<'r> Arriving<'r> {
    /// The request, to classify and complete it here.
    pub fn into_request(self) -> AnyRequest<'r> {
        self.0
    }

    /// Completes the request; see [`Request::complete`].
    ///
    /// # IRQL
    ///
    /// `..=Dispatch`, not under a private lock.
    pub fn complete<L: MayComplete + AtMost<Dispatch>>(
        self,
        outcome: Result<()>,
        irql: &mut Irql<'_, L>,
    ) -> Disposed<'r> {
        self.0.complete(outcome, irql)
    }

    /// Passes the request on to the queue that gets requests of its type.
    ///
    /// The queue's handler may run inside this call.
    ///
    /// # IRQL
    ///
    /// `..=Dispatch`, not under a private lock.
    ///
    /// # Errors
    ///
    /// [`Rejected`] gives the request back:
    ///
    /// * `STATUS_WDF_BUSY`: the queue accepts no requests at the moment.
    /// * `STATUS_INVALID_DEVICE_REQUEST`: the device has no queue for it.
    ///
    /// # Framework
    ///
    /// `WdfDeviceEnqueueRequest`, KMDF 1.0; at `DISPATCH_LEVEL`, KMDF 1.7.
    #[doc(alias = "WdfDeviceEnqueueRequest")]
    pub fn enqueue<L: MayComplete + AtMost<Dispatch>>(
        self,
        _irql: &mut Irql<'_, L>,
    ) -> Result<Disposed<'r>, Rejected<'r, Any>> {
        let request = self.0;
        let device = request.device_facts().handle;
        // SAFETY: in the callback that got the request, as its brand says, which the driver owns; its device.
        let status = unsafe { wdk_sys::WdfDeviceEnqueueRequest(device, request.handle()) };
        match check(status) {
            // SAFETY: the framework has the request.
            Ok(()) => Ok(unsafe { request.disposed() }),
            Err(error) => Err(Rejected { error, request }),
        }
    }
}

pub(crate) unsafe extern "C" fn in_caller_context_callback<D: Device>(
    device: WDFDEVICE,
    request: WDFREQUEST,
) {
    enter(|| {
        // SAFETY: registered for devices with context `D`; a device outlives its callback.
        let Some(device) = (unsafe { DeviceRef::<D>::ready(device) }) else {
            // SAFETY: given to the driver for this callback.
            return unsafe { refuse(request, Error::DEVICE_NOT_READY) };
        };
        let delivery = Delivery::new(request, core::ptr::null(), None);
        if delivery.note(device.base_pointer(), device.facts().layout, OWNED).is_none() {
            // SAFETY: given to the driver for this callback.
            return unsafe { refuse(request, Error::INTERNAL_ERROR) };
        }
        // SAFETY: given to the driver for this callback; the brand is the method's.
        let request = unsafe { Request::<Any>::new(&delivery) };
        // SAFETY: called at the level of who sends the request: `DISPATCH_LEVEL` or below.
        let mut irql = unsafe { Irql::assume() };
        let _ = device.context().in_caller_context(device, Arriving(request), &mut irql);
    });
}
