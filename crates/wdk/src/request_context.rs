//! A value of the driver's with each request.
//!
//! DDI header: `wdfobject.h`.
//!
//! A device says once which type its requests carry ([`DeviceInit::request_context`]). Each request then has a value of
//! it, made by [`Default`] before anything of the driver sees the request: the first of
//! [`Device::in_caller_context`](crate::Device::in_caller_context), a handler, and a retrieval. It stays with the
//! request when that is forwarded, parked, put back or found again, and is dropped once, with the request.
//!
//! ```
//! # mod hops {
//! use wdk::prelude::*;
//! # wdk::driver!(Hops);
//! # struct Hops;
//!
//! #[derive(Default)]
//! struct Journey {
//!     stops: u32,
//! }
//!
//! impl Driver for Hops {
//!     fn device_add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()> {
//!         let device = init.request_context::<Journey>().create(|_, _| Ok(()), irql)?;
//!         device.create_symbolic_link(wstr!(r"\DosDevices\Hops"), irql)?;
//!         let last = device.queue(Dispatching::PARALLEL, |_, _| Ok(Last), irql)?.to_handle(irql);
//!         device.default_queue(Dispatching::PARALLEL, |_, _| Ok(First { last }), irql)?;
//!         Ok(())
//!     }
//! }
//!
//! struct First {
//!     last: QueueHandle<Last>,
//! }
//!
//! impl IoQueue for First {
//!     type Scope = PerQueue;
//!     type Exec = Dispatch;
//!     const HANDLES: Handlers = Handlers::READ;
//!
//!     fn read<'r>(this: &mut Self, mut request: ReadRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
//!         if let Some(journey) = request.context_mut::<Journey>() {
//!             journey.stops += 1;
//!         }
//!         request.forward(&this.last, irql).unwrap_or_else(|rejected| rejected.fail(irql))
//!     }
//! }
//!
//! struct Last;
//!
//! impl IoQueue for Last {
//!     type Scope = PerQueue;
//!     type Exec = Dispatch;
//!     const HANDLES: Handlers = Handlers::READ;
//!
//!     fn read<'r>(_: &mut Self, request: ReadRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
//!         request.complete_with(irql, |request, _| {
//!             let stops = request.context::<Journey>().ok_or(Error::INTERNAL_ERROR)?.stops;
//!             request.output().write_value(&stops)
//!         })
//!     }
//! }
//! # }
//!
//! # fn main() -> wdk_emulator::Result {
//! # let machine = wdk_emulator::Machine::new();
//! # let device = machine.load(&hops::DRIVER)?.plug(r"ROOT\HOPS")?;
//! # let file = machine.open(r"\\.\Hops")?;
//! assert_eq!(file.read(4)?, 1u32.to_le_bytes());
//! # file.close()?;
//! # device.remove()?;
//! # machine.finish()
//! # }
//! ```
//!
//! The value is reached through the request only, so a context need not be `Sync`; it moves between processors, so it
//! is `Send`:
//!
//! ```compile_fail,E0277
//! use wdk::prelude::*;
//! #[derive(Default)]
//! struct Here(core::marker::PhantomData<*mut ()>);
//! fn add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()> {
//!     init.request_context::<Here>().create(|_, _| Ok(()), irql)?;
//!     Ok(())
//! }
//! ```
//!
//! [`DeviceInit::request_context`]: crate::DeviceInit::request_context

use crate::delivery::RequestBase;
use crate::glue::enter;
use crate::kind::Kind;
use crate::object::REQUEST;
use crate::request::Request;
use core::any::TypeId;
use core::cell::UnsafeCell;
use core::mem::{MaybeUninit, offset_of};
use core::ptr::NonNull;
use core::sync::atomic::Ordering;
use wdk_sys::{WDF_OBJECT_ATTRIBUTES, WDFOBJECT};

/// The context of a request whose device has declared `C`.
#[repr(C)]
struct Whole<C> {
    base: RequestBase,
    value: UnsafeCell<MaybeUninit<C>>,
}

/// What stands behind a [`RequestBase`].
pub(crate) struct Layout {
    type_id: fn() -> TypeId,
    offset: usize,
    /// Writes a new value to the place.
    make: unsafe fn(NonNull<u8>),
    /// Drops the value in the place.
    drop: unsafe fn(NonNull<u8>),
}

/// # Safety
///
/// The place is of a `C` that is not initialised.
unsafe fn make<C: Default>(place: NonNull<u8>) {
    // SAFETY: as the caller promises.
    unsafe { place.cast::<C>().write(C::default()) };
}

/// # Safety
///
/// The place is of a `C` that is initialised and not used any more.
unsafe fn drop_value<C>(place: NonNull<u8>) {
    // SAFETY: as the caller promises.
    unsafe { place.cast::<C>().drop_in_place() };
}

impl Layout {
    /// The layout for `C`; none for `()`, which says nothing.
    pub(crate) fn of<C: Default + Send + 'static>() -> Option<&'static Self> {
        let layout = const {
            &Self {
                type_id: TypeId::of::<C>,
                offset: offset_of!(Whole<C>, value),
                make: make::<C>,
                drop: drop_value::<C>,
            }
        };
        (TypeId::of::<C>() != TypeId::of::<()>()).then_some(layout)
    }

    /// Attributes of requests with a `C`.
    pub(crate) fn attributes<C: Default + Send + 'static>() -> WDF_OBJECT_ATTRIBUTES {
        let mut attributes = REQUEST.attributes::<Whole<C>>();
        if core::mem::needs_drop::<C>() {
            attributes.EvtDestroyCallback = Some(destroy_callback);
        }
        attributes
    }

    /// Makes the value, unless an earlier delivery has.
    ///
    /// # Safety
    ///
    /// `base` points to the whole context of a request whose device has declared this layout, and nobody else uses it.
    pub(crate) unsafe fn prepare(&'static self, base: NonNull<RequestBase>) {
        // SAFETY: a context, as the caller promises.
        let this = unsafe { base.as_ref() };
        if !this.layout.load(Ordering::Acquire).is_null() {
            return;
        }
        // SAFETY: the place lies in the context, and nothing was made in it yet.
        unsafe { (self.make)(self.place(base)) };
        this.layout.store(core::ptr::from_ref(self).cast_mut(), Ordering::Release);
    }

    fn place(&self, base: NonNull<RequestBase>) -> NonNull<u8> {
        // SAFETY: the context that the layout is for has a value at the offset.
        unsafe { base.cast::<u8>().add(self.offset) }
    }
}

impl<K: Kind> Request<'_, K> {
    fn context_place<C: 'static>(&self) -> Option<NonNull<C>> {
        // SAFETY: null, or a static that says what stands behind the base.
        let layout = unsafe { self.base().layout.load(Ordering::Acquire).as_ref() }?;
        ((layout.type_id)() == TypeId::of::<C>()).then(|| layout.place(self.delivery().base_pointer()).cast())
    }

    /// The driver's value that comes with the request, if requests of the device carry a `C`
    /// ([`DeviceInit::request_context`](crate::DeviceInit::request_context)).
    ///
    /// # Framework
    ///
    /// `WdfObjectGetTypedContext`, KMDF 1.0.
    #[doc(alias = "WdfObjectGetTypedContext")]
    pub fn context<C: 'static>(&self) -> Option<&C> {
        // SAFETY: initialised, and reached through the request only, which is borrowed.
        self.context_place().map(|place| unsafe { place.as_ref() })
    }

    /// As [`context`](Self::context), to change it.
    pub fn context_mut<C: 'static>(&mut self) -> Option<&mut C> {
        // SAFETY: initialised, and reached through the request only, which is borrowed mutably.
        self.context_place().map(|mut place| unsafe { place.as_mut() })
    }
}

unsafe extern "C" fn destroy_callback(object: WDFOBJECT) {
    enter(|| {
        // SAFETY: the destroy callback of a request of a device made here, whose memory is still there.
        let Some(base) = (unsafe { REQUEST.pointer::<RequestBase>(object) }) else { return };
        // SAFETY: its context.
        let this = unsafe { base.as_ref() };
        // A request that was cancelled in its queue may never have been delivered.
        // SAFETY: null, or a static that says what stands behind the base.
        if let Some(layout) = unsafe { this.layout.load(Ordering::Acquire).as_ref() } {
            // SAFETY: initialised, and nothing refers to the request any more.
            unsafe { (layout.drop)(layout.place(base)) };
        }
    });
}
