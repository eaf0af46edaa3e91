//! A request while the driver has it, and what this crate keeps with it.
//!
//! What is here is not generic over the request's kind: it is compiled once.
//!
//! DDI header: `wdfrequest.h`.

use crate::Error;
use crate::device::{DeviceBase, DeviceFacts};
use crate::irql::ceiling;
use crate::object::REQUEST;
use crate::park;
use crate::queue::{QueueFacts, QueueHead};
use crate::request_context::Layout;
use crate::request_parameters::Sizes;
use crate::stop_acknowledge;
use core::cell::{Cell, UnsafeCell};
use core::ptr::NonNull;
use core::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, AtomicUsize, Ordering};
use wdk_sys::{KSPIN_LOCK, WDFREQUEST};

ceiling!(WdfRequestCompleteWithInformation <= Dispatch);

/// What this crate keeps with every request, in memory that the framework allocates with it. Finding it costs a call,
/// so a request that a handler disposes of at once is disposed of without it.
///
/// # Invariants
///
/// 1. The zero pattern is a value.
/// 2. Since this delivery's [`Delivery::base`], `device` is the base of its device, and `queue` the head of the queue that
///    delivered it; null in `EvtIoInCallerContext`, where there is none yet.
/// 3. `layout` is null, or says what stands behind this, initialised.
/// 4. `locked` are null, or memory objects below the request: they are there as long as the request.
#[derive(Default)]
#[repr(C)]
pub(crate) struct RequestBase {
    /// See `park.rs`.
    pub(crate) state: AtomicU32,
    /// An `EvtIoStop` for this request could not be acknowledged; see `stop_acknowledge.rs`.
    pub(crate) missed: AtomicBool,
    /// Held while `EvtIoStop` acknowledges the request, and while somebody claims it or gives it away.
    pub(crate) lock: UnsafeCell<KSPIN_LOCK>,
    /// The number of bytes written to the output, while there is no [`Delivery`] that counts them.
    pub(crate) cursor: AtomicUsize,
    pub(crate) device: AtomicPtr<DeviceBase>,
    pub(crate) queue: AtomicPtr<QueueHead>,
    /// The driver's own value; see `request_context.rs`.
    pub(crate) layout: AtomicPtr<Layout>,
    /// Input and output that the driver has locked; see `neither.rs`.
    pub(crate) locked: [AtomicPtr<wdk_sys::WDFMEMORY__>; 2],
    /// The request's handle and the next context, while it is in a device's list of orphans.
    pub(crate) handle: AtomicPtr<wdk_sys::WDFREQUEST__>,
    pub(crate) next: AtomicPtr<RequestBase>,
}

/// A request while the driver has it. It stands in the frame of who runs the driver's code, so that a [`Request`](crate::Request) is a
/// pointer, however often it is moved, and what is done to it is compiled once, not for each kind.
///
/// # Invariants
///
/// 1. The driver owns the request, it is not cancelable, and there is one [`Request`](crate::Request) for it.
/// 2. `queue` is null, or the head of the queue that delivered it, which is created. It is null in `EvtIoInCallerContext`
///    only, and then `base` is known.
/// 3. `base`, where it is known, points to the request's context, all of it, not to its first part only.
/// 4. `sizes`, if they are known, are what the request's parameters say.
pub(crate) struct Delivery {
    handle: WDFREQUEST,
    queue: *const QueueHead,
    base: Cell<Option<NonNull<RequestBase>>>,
    sizes: Cell<Sizes>,
    sizes_known: Cell<bool>,
    /// The number of bytes written to the output.
    cursor: Cell<usize>,
}

impl Delivery {
    /// A request that the framework has just given the driver. `queue` is null in `EvtIoInCallerContext`; `sizes` is what
    /// the handler's arguments say.
    #[inline]
    pub(crate) fn new(handle: WDFREQUEST, queue: *const QueueHead, sizes: Option<Sizes>) -> Self {
        Self {
            handle,
            queue,
            base: Cell::new(None),
            sizes: Cell::new(sizes.unwrap_or_default()),
            sizes_known: Cell::new(sizes.is_some()),
            cursor: Cell::new(0),
        }
    }

    /// A request that was delivered before.
    ///
    /// # Safety
    ///
    /// `base` is the context of the request, which the driver owns.
    #[inline(never)]
    pub(crate) unsafe fn again(handle: WDFREQUEST, base: NonNull<RequestBase>) -> Self {
        // SAFETY: the context of a request that the driver owns.
        let this = unsafe { base.as_ref() };
        Self {
            handle,
            queue: this.queue.load(Ordering::Relaxed),
            base: Cell::new(Some(base)),
            sizes: Cell::new(Sizes::default()),
            sizes_known: Cell::new(false),
            cursor: Cell::new(this.cursor.load(Ordering::Relaxed)),
        }
    }

    /// Finds the context, writes to it where the request is, and makes the driver's value. `None` when the request has no
    /// context of ours.
    ///
    /// `state` is the one it begins in; see `park.rs`.
    pub(crate) fn note(
        &self,
        device: *const DeviceBase,
        layout: Option<&'static Layout>,
        state: u32,
    ) -> Option<NonNull<RequestBase>> {
        // SAFETY: a request that the driver owns; devices made here give requests such a context.
        let base = unsafe { REQUEST.pointer::<RequestBase>(self.handle.cast()) }?;
        // SAFETY: the context of a request that the driver owns.
        let this = unsafe { base.as_ref() };
        this.device.store(device.cast_mut(), Ordering::Relaxed);
        this.queue.store(self.queue.cast_mut(), Ordering::Relaxed);
        this.state.store(state, Ordering::Release);
        if let Some(layout) = layout {
            // SAFETY: the whole context, of a request of a device with that layout; this delivery owns it.
            unsafe { layout.prepare(base) };
        }
        self.base.set(Some(base));
        Some(base)
    }

    pub(crate) fn handle(&self) -> WDFREQUEST {
        self.handle
    }

    /// The head of the queue that delivered it, or null.
    pub(crate) fn queue(&self) -> *const QueueHead {
        self.queue
    }

    /// Sets the queue, which is created and whose whole context `queue` points to.
    #[inline]
    pub(crate) fn set_queue(&mut self, queue: NonNull<QueueHead>) {
        self.queue = queue.as_ptr();
    }

    pub(crate) fn cursor(&self) -> &Cell<usize> {
        &self.cursor
    }

    /// The context, if it has been asked for since the request was delivered.
    fn noted(&self) -> Option<&RequestBase> {
        // SAFETY: invariant 3; the context lives at least as long as the driver owns the request.
        self.base.get().map(|base| unsafe { base.as_ref() })
    }

    pub(crate) fn base(&self) -> &RequestBase {
        // SAFETY: the context lives at least as long as the driver owns the request.
        unsafe { self.base_pointer().as_ref() }
    }

    pub(crate) fn base_pointer(&self) -> NonNull<RequestBase> {
        // What a handler has needs no entry in its context until it is kept: the framework asks for none before.
        let base = self.base.get().or_else(|| self.note(self.queue_facts()?.device, None, park::OWNED));
        base.expect("requests of devices made here have a context")
    }

    /// The sizes: the handler's arguments, or else what the framework says, which is asked once.
    #[inline]
    pub(crate) fn sizes(&self) -> Sizes {
        self.know_sizes();
        self.sizes.get()
    }

    /// Not inlined, so that images have it once.
    #[inline(never)]
    fn know_sizes(&self) {
        if !self.sizes_known.replace(true) {
            self.sizes.set(Sizes::of(&self.parameters()));
        }
    }

    /// Before the driver gives the request away; see [`stop_acknowledge::leave`].
    pub(crate) fn leave(&self) {
        if let Some(base) = self.noted() {
            stop_acknowledge::leave(base);
        }
    }

    /// After [`leave`](Self::leave), when the framework has refused the request.
    pub(crate) fn stay(&self) {
        if let Some(base) = self.noted() {
            stop_acknowledge::stay(base);
        }
    }

    /// The facts of the queue that delivered the request; `None` in `EvtIoInCallerContext`.
    pub(crate) fn queue_facts(&self) -> Option<&QueueFacts> {
        // SAFETY: invariant 2; a queue outlives the requests it has delivered.
        let queue = unsafe { self.queue.as_ref() };
        // SAFETY: invariant 2: it is created.
        queue.map(|queue| unsafe { queue.known() })
    }

    pub(crate) fn device_facts(&self) -> &DeviceFacts {
        let device = match self.queue_facts() {
            Some(queue) => queue.device,
            None => self.base().device.load(Ordering::Relaxed),
        };
        // SAFETY: its own; a device outlives its requests and queues.
        let device = unsafe { &*device };
        // SAFETY: a device that has requests is created.
        unsafe { device.head.known() }
    }

    /// Completes the request. Information goes with success and with warnings only.
    ///
    /// # Safety
    ///
    /// Nothing borrows from the request, and its value is consumed.
    pub(crate) unsafe fn complete(&self, status: i32, information: usize) {
        self.leave();
        let information = information_with(status, information);
        // SAFETY: invariant 1, and as the caller promises.
        unsafe { wdk_sys::WdfRequestCompleteWithInformation(self.handle, status, information) };
    }
}

/// What goes back with a status.
pub(crate) fn information_with(status: i32, information: usize) -> u64 {
    if wdk_sys::NT_ERROR(status) { 0 } else { information as u64 }
}

/// Completes a request that no handler may see.
///
/// # Safety
///
/// The driver owns the request.
#[cold]
#[inline(never)]
pub(crate) unsafe fn refuse(request: WDFREQUEST, error: Error) {
    // SAFETY: the driver owns it, as the caller promises.
    unsafe { wdk_sys::WdfRequestCompleteWithInformation(request, error.status().0, 0) };
}
