//! Devices.
//!
//! DDI header: `wdfdevice.h`.
//!
//! A device's context has two parts. The type that implements [`Device`] is shared: every callback sees it as `&Self`,
//! so it is `Sync`. Its [`Locked`](Device::Locked) part is reached as `&mut`, under the device's presentation lock
//! only: in handlers of [`PerDevice`](crate::PerDevice) queues and in [`DeviceRef::lock`]. A device without a
//! context is a `DeviceRef<()>`.

use crate::delivery::RequestBase;
use crate::dpc::RawDpc;
use crate::glue::enter;
use crate::interface::Guid;
use crate::irql::{AtMost, Irql, MayComplete, Passive, Serialized, ceiling};
use crate::object::{DEVICE, Head};
use crate::queue::QueueRef;
use crate::queue_callbacks;
use crate::queue_config::QueueConfig;
use crate::request_context::Layout;
use crate::scope::Admits;
use crate::status::check;
use crate::string::UnicodeStr;
use crate::{Device, IoQueue, Result};
use core::any::TypeId;
use core::cell::UnsafeCell;
use core::fmt;
use core::mem::MaybeUninit;
use core::sync::atomic::AtomicPtr;
use wdk_sys::{_WDF_DEVICE_IO_TYPE as io_types, WDF_DEVICE_IO_TYPE, WDFDEVICE, WDFDPC, WDFOBJECT};

ceiling!(
    WdfDeviceCreateDeviceInterface <= Passive,
    WdfDeviceCreateSymbolicLink <= Passive,
    WdfDpcGetParentObject <= Dispatch,
);

/// How read and write requests' buffers reach the driver.
///
/// # Framework
///
/// `WDF_DEVICE_IO_TYPE`.
#[doc(alias = "WDF_DEVICE_IO_TYPE")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum IoType {
    /// The I/O manager copies to and from a buffer of the request's own.
    #[default]
    Buffered,
    /// The requester's memory is locked and mapped.
    Direct,
    /// The framework chooses for each request.
    BufferedOrDirect,
    /// Raw user addresses, which safe code does not touch: such requests have no buffers here, unless they are
    /// [locked](crate::neither) before a queue has them.
    Neither,
}

impl IoType {
    pub(crate) const fn into_raw(self) -> WDF_DEVICE_IO_TYPE {
        match self {
            Self::Buffered => io_types::WdfDeviceIoBuffered,
            Self::Direct => io_types::WdfDeviceIoDirect,
            Self::BufferedOrDirect => io_types::WdfDeviceIoBufferedOrDirect,
            Self::Neither => io_types::WdfDeviceIoNeither,
        }
    }
}

/// What is known of a device once it is created.
pub(crate) struct DeviceFacts {
    pub(crate) handle: WDFDEVICE,
    /// Not reused while the driver is loaded.
    pub(crate) id: u64,
    pub(crate) io_type: IoType,
    pub(crate) type_id: TypeId,
    /// What stands behind the base of its requests' contexts.
    pub(crate) layout: Option<&'static Layout>,
    pub(crate) orphans_dpc: RawDpc,
}

/// The part of a device's context that does not depend on its type.
#[repr(C)]
pub(crate) struct DeviceBase {
    pub(crate) head: Head<DeviceFacts>,
    /// Parked requests that were dropped; see `orphans.rs`.
    pub(crate) orphans: AtomicPtr<RequestBase>,
}

/// A device with context `D`, as the framework's callbacks show it.
///
/// # Framework
///
/// `WDFDEVICE`. It lives in the device's context.
///
/// # Invariants
///
/// 1. Who has a reference has a device that is created and not destroyed: the facts are published, and the locked
///    part is initialised.
#[doc(alias = "WDFDEVICE")]
#[repr(C)]
pub struct DeviceRef<D: Device> {
    base: DeviceBase,
    value: UnsafeCell<MaybeUninit<D>>,
    locked: UnsafeCell<MaybeUninit<D::Locked>>,
}

impl<D: Device> fmt::Debug for DeviceRef<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Device").field(&self.handle()).finish()
    }
}

impl<D: Device> DeviceRef<D> {
    pub(crate) fn base(&self) -> &DeviceBase {
        &self.base
    }

    /// The base, as a pointer that may be cast back: it was made of the whole context.
    pub(crate) fn base_pointer(&self) -> *const DeviceBase {
        core::ptr::from_ref(self).cast()
    }

    pub(crate) fn facts(&self) -> &DeviceFacts {
        // SAFETY: invariant 1.
        unsafe { self.base.head.known() }
    }

    pub(crate) fn handle(&self) -> WDFDEVICE {
        self.facts().handle
    }

    pub(crate) fn value(&self) -> *mut D {
        self.value.get().cast()
    }

    pub(crate) fn locked(&self) -> *mut D::Locked {
        self.locked.get().cast()
    }

    /// The device of a handle; `None` while its context is not in place.
    ///
    /// # Safety
    ///
    /// The handle is of a device that was created with context `D` and lives for `'a`.
    pub(crate) unsafe fn ready<'a>(handle: WDFDEVICE) -> Option<&'a Self> {
        // SAFETY: a device with context `D`, as the caller promises.
        let this = unsafe { DEVICE.of::<Self>(handle.cast()) };
        this.filter(|this| this.base.head.is_ready())
    }

    /// The shared context.
    ///
    /// # Panics
    ///
    /// In the device's own initialiser, before the context is in place.
    pub fn context(&self) -> &D {
        assert!(self.base.head.is_ready(), "the device's context is not in place yet");
        // SAFETY: in place, and nobody makes a `&mut D`.
        unsafe { &*self.value() }
    }

    /// Runs `f` with the device's presentation lock: no callback of its [`PerDevice`](crate::PerDevice) queues runs
    /// meanwhile.
    ///
    /// # IRQL
    ///
    /// `..=D::Exec`, not under a private lock.
    ///
    /// # Panics
    ///
    /// Never; but taking the lock twice on one thread stops the system (`WDF_VIOLATION`, lock recursion).
    ///
    /// # Framework
    ///
    /// `WdfObjectAcquireLock`, `WdfObjectReleaseLock`, KMDF 1.0.
    #[doc(alias = "WdfObjectAcquireLock")]
    pub fn lock<L, R>(
        &self,
        irql: &mut Irql<'_, L>,
        f: impl for<'g> FnOnce(&'g mut D::Locked, &'g mut Irql<'g, Serialized<D::Exec>>) -> R,
    ) -> R
    where
        L: MayComplete + AtMost<D::Exec>,
    {
        let object: WDFOBJECT = self.handle().cast();
        let _ = irql;
        // SAFETY: a device with device scope has a lock, and this is a level at which it may be taken.
        unsafe { wdk_sys::WdfObjectAcquireLock(object) };
        // SAFETY: the outer ceiling is borrowed; a spin lock raises to `DISPATCH_LEVEL`, a mutex does not.
        let mut inner = unsafe { Irql::<Serialized<D::Exec>>::assume() };
        // SAFETY: invariant 1, and the lock is held.
        let locked = unsafe { &mut *self.locked() };
        let result = f(locked, &mut inner);
        // SAFETY: acquired above; the borrow has ended with the closure.
        unsafe { wdk_sys::WdfObjectReleaseLock(object) };
        result
    }

    /// Creates the queue that gets all requests for which no other queue is [routed](QueueRef::route).
    ///
    /// `init` makes the queue's context. No callback runs before it has.
    ///
    /// # IRQL
    ///
    /// `Passive`.
    ///
    /// # Errors
    ///
    /// Those of `init`, and:
    ///
    /// * `STATUS_UNSUCCESSFUL`: the device has a default queue.
    /// * `STATUS_WDF_NO_CALLBACK`: no handlers, and not manual.
    /// * `STATUS_INVALID_PARAMETER`: handlers on a manual queue.
    /// * `STATUS_INVALID_DEVICE_REQUEST`: `ready` on a queue that is not manual.
    /// * `STATUS_INVALID_DEVICE_STATE`: the device has started.
    ///
    /// When `init` fails the queue stays, and completes its requests with `STATUS_DEVICE_NOT_READY`; return the
    /// error from `device_add`, which removes it with the device.
    ///
    /// # Framework
    ///
    /// `WdfIoQueueCreate`, KMDF 1.0.
    #[doc(alias = "WdfIoQueueCreate")]
    pub fn default_queue<Q: IoQueue>(
        &self,
        config: impl Into<QueueConfig>,
        init: impl FnOnce(&QueueRef<Q>, &mut Irql<'_, Passive>) -> Result<Q>,
        irql: &mut Irql<'_, Passive>,
    ) -> Result<&QueueRef<Q>>
    where
        Q::Scope: Admits<D, Q>,
    {
        queue_callbacks::create(self, config.into(), true, init, irql)
    }

    /// Creates a queue that gets requests by [routing](QueueRef::route) or
    /// [forwarding](crate::Request::forward).
    ///
    /// # IRQL
    ///
    /// `Passive`.
    ///
    /// # Errors
    ///
    /// As [`default_queue`](Self::default_queue), except that a queue whose `init` fails is deleted.
    ///
    /// # Framework
    ///
    /// `WdfIoQueueCreate`, KMDF 1.0.
    #[doc(alias = "WdfIoQueueCreate")]
    pub fn queue<Q: IoQueue>(
        &self,
        config: impl Into<QueueConfig>,
        init: impl FnOnce(&QueueRef<Q>, &mut Irql<'_, Passive>) -> Result<Q>,
        irql: &mut Irql<'_, Passive>,
    ) -> Result<&QueueRef<Q>>
    where
        Q::Scope: Admits<D, Q>,
    {
        queue_callbacks::create(self, config.into(), false, init, irql)
    }

    /// Lets programs find the device by an interface class. The framework enables it while the device works.
    ///
    /// # IRQL
    ///
    /// `Passive`.
    ///
    /// # Errors
    ///
    /// * `STATUS_INSUFFICIENT_RESOURCES`, `STATUS_INVALID_DEVICE_REQUEST` and others of the I/O manager's.
    ///
    /// # Framework
    ///
    /// `WdfDeviceCreateDeviceInterface`, KMDF 1.0.
    #[doc(alias = "WdfDeviceCreateDeviceInterface")]
    pub fn create_interface(&self, class: Guid, _irql: &mut Irql<'_, Passive>) -> Result<()> {
        // SAFETY: the device is alive, the class is copied; no reference string.
        check(unsafe {
            wdk_sys::WdfDeviceCreateDeviceInterface(self.handle(), class.as_raw(), core::ptr::null_mut())
        })
    }

    /// Gives the device a name that programs can open: `\DosDevices\Name` is `\\.\Name` to them.
    ///
    /// # IRQL
    ///
    /// `Passive`.
    ///
    /// # Errors
    ///
    /// * `STATUS_OBJECT_NAME_COLLISION`: another device has it.
    ///
    /// # Framework
    ///
    /// `WdfDeviceCreateSymbolicLink`, KMDF 1.0.
    #[doc(alias = "WdfDeviceCreateSymbolicLink")]
    pub fn create_symbolic_link(&self, name: UnicodeStr<'_>, _irql: &mut Irql<'_, Passive>) -> Result<()> {
        let mut raw = name.to_raw();
        // SAFETY: the device is alive, the name is read during the call only.
        check(unsafe { wdk_sys::WdfDeviceCreateSymbolicLink(self.handle(), (&raw mut raw).cast()) })
    }
}

/// The DPC that fails dropped requests.
pub(crate) unsafe extern "C" fn orphans_callback(dpc: WDFDPC) {
    enter(|| {
        // SAFETY: the DPC of this callback.
        let device = unsafe { wdk_sys::WdfDpcGetParentObject(dpc) };
        // SAFETY: its parent is a device made here, which outlives the callback and whose context starts with this.
        if let Some(base) = unsafe { DEVICE.of::<DeviceBase>(device) } {
            // SAFETY: this is the device's DPC.
            unsafe { base.fail_orphans() };
        }
    });
}

pub(crate) unsafe extern "C" fn destroy_callback<D: Device>(object: WDFOBJECT) {
    enter(|| {
        // SAFETY: the destroy callback of a device with that context, whose memory is still there.
        let this = unsafe { DEVICE.of::<DeviceRef<D>>(object) };
        let Some(this) = this else { return };
        if this.base.head.is_ready() {
            // SAFETY: in place, and nothing refers to the device any more.
            unsafe { this.value().drop_in_place() };
        }
        if this.base.head.facts().is_some() {
            // SAFETY: initialised before the facts were published.
            unsafe { this.locked().drop_in_place() };
        }
    });
}
