//! A device before it is created.
//!
//! DDI header: `wdfdevice.h`.

use crate::device::{DeviceFacts, DeviceRef, IoType, destroy_callback, orphans_callback};
use crate::dpc::RawDpc;
use crate::file::{FileObject, FilesOf, NoFiles, PerFile};
use crate::in_caller_context::in_caller_context_callback;
use crate::irql::{ExecutionLevel, Irql, Passive, ceiling};
use crate::object::DEVICE;
use crate::pnp::callbacks;
use crate::request_context::Layout;
use crate::status::check;
use crate::string::UnicodeStr;
use crate::{Device, DeviceCallbacks, Error, Result};
use core::any::TypeId;
use core::marker::PhantomData;
use core::mem::needs_drop;
use core::sync::atomic::{AtomicU64, Ordering};
use wdk_sys::{_WDF_SYNCHRONIZATION_SCOPE as scopes, PWDFDEVICE_INIT};

ceiling!(
    WdfDeviceInitSetIoType <= Passive,
    WdfDeviceInitSetExclusive <= Dispatch,
    WdfDeviceInitAssignName <= Passive,
    WdfDeviceInitSetRequestAttributes <= Passive,
    WdfDeviceInitSetPnpPowerEventCallbacks <= Passive,
    WdfDeviceCreate <= Passive,
);

/// What [`Driver::device_add`](crate::Driver::device_add) gets: a device that can still be configured.
///
/// Dropping it without creating a device is allowed: the framework frees it, and the driver is not part of the
/// device's stack.
///
/// # Framework
///
/// `WDFDEVICE_INIT`.
///
/// # Invariants
///
/// 1. `raw` is what the framework gave for `'a`, and no device was created with it.
#[doc(alias = "WDFDEVICE_INIT")]
#[derive(Debug)]
#[must_use = "without a device the driver has nothing to do"]
pub struct DeviceInit<'a, F = NoFiles, C = ()> {
    raw: PWDFDEVICE_INIT,
    io_type: IoType,
    lifetime: PhantomData<&'a mut ()>,
    types: PhantomData<fn() -> (F, C)>,
}

impl<'a> DeviceInit<'a> {
    /// # Safety
    ///
    /// `raw` is what `EvtDriverDeviceAdd` got, and `'a` ends with that callback.
    pub(crate) unsafe fn from_raw(raw: PWDFDEVICE_INIT) -> Self {
        Self { raw, io_type: IoType::default(), lifetime: PhantomData, types: PhantomData }
    }
}

impl<'a, F, C> DeviceInit<'a, F, C> {
    /// Gives each file that is open on the device a context, which its type makes when it is opened.
    ///
    /// # Framework
    ///
    /// `WdfDeviceInitSetFileObjectConfig`, KMDF 1.0.
    #[doc(alias = "WdfDeviceInitSetFileObjectConfig")]
    pub fn files<T: FileObject>(self) -> DeviceInit<'a, PerFile<T>, C> {
        DeviceInit { raw: self.raw, io_type: self.io_type, lifetime: PhantomData, types: PhantomData }
    }

    /// Gives each request of the device a `T`: [`Request::context`](crate::Request::context).
    ///
    /// It is made by [`Default`] before anything of the driver sees the request, and dropped with the request, at
    /// `..=Dispatch`. A type that holds a token of its own request is never dropped.
    ///
    /// # Framework
    ///
    /// `WdfDeviceInitSetRequestAttributes`, KMDF 1.0.
    #[doc(alias = "WdfDeviceInitSetRequestAttributes")]
    pub fn request_context<T: Default + Send + 'static>(self) -> DeviceInit<'a, F, T> {
        DeviceInit { raw: self.raw, io_type: self.io_type, lifetime: PhantomData, types: PhantomData }
    }

    /// How read and write requests' buffers reach the driver. Buffered by default.
    ///
    /// # Framework
    ///
    /// `WdfDeviceInitSetIoType`, KMDF 1.0.
    #[doc(alias = "WdfDeviceInitSetIoType")]
    pub fn io_type(mut self, io_type: IoType) -> Self {
        self.io_type = io_type;
        self
    }

    /// Lets only one handle to the device be open at a time.
    ///
    /// # Framework
    ///
    /// `WdfDeviceInitSetExclusive`, KMDF 1.0.
    #[doc(alias = "WdfDeviceInitSetExclusive")]
    pub fn exclusive(self) -> Self {
        // SAFETY: invariant 1: not used up yet.
        unsafe { wdk_sys::WdfDeviceInitSetExclusive(self.raw, 1) };
        self
    }

    /// Names the device object.
    ///
    /// # IRQL
    ///
    /// `Passive`.
    ///
    /// # Errors
    ///
    /// * `STATUS_INSUFFICIENT_RESOURCES`, `STATUS_INVALID_PARAMETER`. The device cannot be created any more; return
    ///   the error.
    ///
    /// # Framework
    ///
    /// `WdfDeviceInitAssignName`, KMDF 1.0.
    #[doc(alias = "WdfDeviceInitAssignName")]
    pub fn name(self, name: UnicodeStr<'_>, _irql: &mut Irql<'_, Passive>) -> Result<Self> {
        let mut raw = name.to_raw();
        // SAFETY: invariant 1; the name is copied.
        check(unsafe { wdk_sys::WdfDeviceInitAssignName(self.raw, (&raw mut raw).cast()) })?;
        Ok(self)
    }

    /// Creates the device.
    ///
    /// `init` makes the device's context; no callback of the device runs before it has. A device without a context
    /// is made by `create(|_, _| Ok(()), irql)`.
    ///
    /// # IRQL
    ///
    /// `Passive`.
    ///
    /// # Errors
    ///
    /// Those of `init` and of the framework. Return the error from `device_add`: the framework then removes what
    /// there is of the device.
    ///
    /// # Framework
    ///
    /// `WdfDeviceCreate`, KMDF 1.0.
    #[doc(alias = "WdfDeviceCreate")]
    pub fn create<D: Device>(
        self,
        init: impl FnOnce(&DeviceRef<D>, &mut Irql<'_, Passive>) -> Result<D>,
        irql: &mut Irql<'_, Passive>,
    ) -> Result<&'a DeviceRef<D>>
    where
        F: FilesOf<D>,
        C: Default + Send + 'static,
    {
        // SAFETY: invariant 1: the device is created below.
        unsafe { wdk_sys::WdfDeviceInitSetIoType(self.raw, self.io_type.into_raw()) };
        let mut requests = Layout::attributes::<C>();
        // SAFETY: invariant 1; the attributes are copied.
        unsafe { wdk_sys::WdfDeviceInitSetRequestAttributes(self.raw, &raw mut requests) };
        let (mut config, mut with) = F::config();
        // SAFETY: invariant 1; configuration and attributes are copied.
        unsafe { wdk_sys::WdfDeviceInitSetFileObjectConfig(self.raw, &raw mut config, &raw mut with) };
        if D::CALLBACKS.contains(DeviceCallbacks::IN_CALLER_CONTEXT) {
            let callback = Some(in_caller_context_callback::<D> as wdk_sys::EVT_WDF_IO_IN_CALLER_CONTEXT);
            // SAFETY: invariant 1; the callback is made for the device's context.
            unsafe { wdk_sys::WdfDeviceInitSetIoInCallerContextCallback(self.raw, callback) };
        }
        if D::CALLBACKS != DeviceCallbacks::NONE {
            let mut pnp = callbacks::<D>();
            // SAFETY: invariant 1; the callbacks are copied.
            unsafe { wdk_sys::WdfDeviceInitSetPnpPowerEventCallbacks(self.raw, &raw mut pnp) };
        }

        let mut attributes = DEVICE.attributes::<DeviceRef<D>>();
        attributes.SynchronizationScope = scopes::WdfSynchronizationScopeDevice;
        attributes.ExecutionLevel = D::Exec::ATTRIBUTE;
        if needs_drop::<(D, D::Locked)>() {
            attributes.EvtDestroyCallback = Some(destroy_callback::<D>);
        }
        let mut raw = self.raw;
        let mut handle = core::ptr::null_mut();
        // SAFETY: invariant 1; the device consumes the initialiser, and `self` with it.
        check(unsafe { wdk_sys::WdfDeviceCreate(&raw mut raw, &raw mut attributes, &raw mut handle) })?;
        // SAFETY: a device with that context was created just now. It lives longer than `device_add`.
        let this = unsafe { DEVICE.of::<DeviceRef<D>>(handle.cast()) }.ok_or(Error::INTERNAL_ERROR)?;

        // SAFETY: the device is alive, and its context starts with what the callback wants.
        let orphans_dpc = unsafe { RawDpc::create(handle.cast(), orphans_callback) }?;

        static IDS: AtomicU64 = AtomicU64::new(1);
        // SAFETY: nobody reads the place before the facts are published.
        unsafe { this.locked().write(D::Locked::default()) };
        let facts = DeviceFacts {
            handle,
            id: IDS.fetch_add(1, Ordering::Relaxed),
            io_type: self.io_type,
            type_id: TypeId::of::<D>(),
            layout: Layout::of::<C>(),
            orphans_dpc,
        };
        // SAFETY: once for this device.
        unsafe { this.base().head.publish(facts) };
        let value = init(this, irql)?;
        // SAFETY: nobody reads the place before the device is ready.
        unsafe { this.value().write(value) };
        // SAFETY: written and published.
        unsafe { this.base().head.set_ready() };
        Ok(this)
    }
}
