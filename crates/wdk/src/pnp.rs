//! Plug and Play and power: the callbacks of a device.
//!
//! DDI header: `wdfdevice.h`.

use crate::device::DeviceRef;
use crate::glue::{enter, status_of};
use crate::in_caller_context::Arriving;
use crate::irql::{Dispatch, ExecutionLevel, Irql, MayBlock, Passive};
use crate::request::Disposed;
use crate::{Error, Result};
use wdk_sys::{_WDF_POWER_DEVICE_STATE as states, NTSTATUS, WDF_POWER_DEVICE_STATE, WDFCMRESLIST, WDFDEVICE};

/// A device power state.
///
/// # Framework
///
/// `WDF_POWER_DEVICE_STATE`.
#[doc(alias = "WDF_POWER_DEVICE_STATE")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PowerState {
    /// Working.
    D0,
    /// Light sleep.
    D1,
    /// Deeper sleep.
    D2,
    /// Off, or nearly.
    D3,
    /// Off, and about to be removed (or just added).
    D3Final,
    /// Off, but the device writes the hibernation file.
    PrepareForHibernation,
    /// None of these.
    Unknown,
}

impl PowerState {
    const fn from_raw(raw: WDF_POWER_DEVICE_STATE) -> Self {
        match raw {
            states::WdfPowerDeviceD0 => Self::D0,
            states::WdfPowerDeviceD1 => Self::D1,
            states::WdfPowerDeviceD2 => Self::D2,
            states::WdfPowerDeviceD3 => Self::D3,
            states::WdfPowerDeviceD3Final => Self::D3Final,
            states::WdfPowerDevicePrepareForHibernation => Self::PrepareForHibernation,
            _ => Self::Unknown,
        }
    }
}

/// Which callbacks a [`Device`] has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeviceCallbacks(u8);

impl DeviceCallbacks {
    /// None.
    pub const NONE: Self = Self(0);
    /// [`Device::prepare_hardware`].
    pub const PREPARE_HARDWARE: Self = Self(1);
    /// [`Device::release_hardware`].
    pub const RELEASE_HARDWARE: Self = Self(2);
    /// [`Device::d0_entry`].
    pub const D0_ENTRY: Self = Self(4);
    /// [`Device::d0_exit`].
    pub const D0_EXIT: Self = Self(8);
    /// [`Device::self_managed_io_init`].
    pub const SELF_MANAGED_IO_INIT: Self = Self(16);
    /// [`Device::self_managed_io_cleanup`].
    pub const SELF_MANAGED_IO_CLEANUP: Self = Self(32);
    /// [`Device::surprise_removal`].
    pub const SURPRISE_REMOVAL: Self = Self(64);
    /// [`Device::in_caller_context`].
    pub const IN_CALLER_CONTEXT: Self = Self(128);

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

/// The shared context of a device, and its callbacks.
///
/// No callback is serialized with queues. Those of Plug and Play and power run at `PASSIVE_LEVEL` and may wait
/// ([`MayBlock`]).
///
/// # Framework
///
/// `WDF_PNPPOWER_EVENT_CALLBACKS`.
#[doc(alias = "WDF_PNPPOWER_EVENT_CALLBACKS")]
pub trait Device: Sized + Send + Sync + 'static {
    /// The part of the context that the device's presentation lock guards.
    type Locked: Default + Send + 'static;
    /// The level of that lock, and of [`PerDevice`](crate::PerDevice) queues.
    type Exec: ExecutionLevel;
    /// The callbacks below that are written.
    const CALLBACKS: DeviceCallbacks = DeviceCallbacks::NONE;

    /// The device has its resources: maps registers, connects.
    ///
    /// # Errors
    ///
    /// The device does not start.
    #[doc(alias = "EvtDevicePrepareHardware")]
    fn prepare_hardware(
        &self,
        device: &DeviceRef<Self>,
        block: &mut MayBlock<'_>,
        irql: &mut Irql<'_, Passive>,
    ) -> Result<()> {
        const { unwritten(Self::CALLBACKS, DeviceCallbacks::PREPARE_HARDWARE) };
        let _ = (device, block, irql);
        Ok(())
    }

    /// The device loses its resources.
    ///
    /// # Errors
    ///
    /// The framework reports it and goes on.
    #[doc(alias = "EvtDeviceReleaseHardware")]
    fn release_hardware(
        &self,
        device: &DeviceRef<Self>,
        block: &mut MayBlock<'_>,
        irql: &mut Irql<'_, Passive>,
    ) -> Result<()> {
        const { unwritten(Self::CALLBACKS, DeviceCallbacks::RELEASE_HARDWARE) };
        let _ = (device, block, irql);
        Ok(())
    }

    /// The device enters its working state, coming from `previous`.
    ///
    /// # Errors
    ///
    /// The device is taken out of service; `d0_exit` is not called.
    #[doc(alias = "EvtDeviceD0Entry")]
    fn d0_entry(
        &self,
        device: &DeviceRef<Self>,
        previous: PowerState,
        block: &mut MayBlock<'_>,
        irql: &mut Irql<'_, Passive>,
    ) -> Result<()> {
        const { unwritten(Self::CALLBACKS, DeviceCallbacks::D0_ENTRY) };
        let _ = (device, previous, block, irql);
        Ok(())
    }

    /// The device leaves its working state for `target`.
    ///
    /// # Errors
    ///
    /// The device is taken out of service.
    #[doc(alias = "EvtDeviceD0Exit")]
    fn d0_exit(
        &self,
        device: &DeviceRef<Self>,
        target: PowerState,
        block: &mut MayBlock<'_>,
        irql: &mut Irql<'_, Passive>,
    ) -> Result<()> {
        const { unwritten(Self::CALLBACKS, DeviceCallbacks::D0_EXIT) };
        let _ = (device, target, block, irql);
        Ok(())
    }

    /// The device has started for the first time; handlers may run already.
    ///
    /// # Errors
    ///
    /// The device is taken out of service.
    #[doc(alias = "EvtDeviceSelfManagedIoInit")]
    fn self_managed_io_init(
        &self,
        device: &DeviceRef<Self>,
        block: &mut MayBlock<'_>,
        irql: &mut Irql<'_, Passive>,
    ) -> Result<()> {
        const { unwritten(Self::CALLBACKS, DeviceCallbacks::SELF_MANAGED_IO_INIT) };
        let _ = (device, block, irql);
        Ok(())
    }

    /// The device is removed; undoes `self_managed_io_init`.
    #[doc(alias = "EvtDeviceSelfManagedIoCleanup")]
    fn self_managed_io_cleanup(
        &self,
        device: &DeviceRef<Self>,
        block: &mut MayBlock<'_>,
        irql: &mut Irql<'_, Passive>,
    ) {
        const { unwritten(Self::CALLBACKS, DeviceCallbacks::SELF_MANAGED_IO_CLEANUP) };
        let _ = (device, block, irql);
    }

    /// The device was pulled out. Not serialized with the other callbacks.
    #[doc(alias = "EvtDeviceSurpriseRemoval")]
    fn surprise_removal(
        &self,
        device: &DeviceRef<Self>,
        block: &mut MayBlock<'_>,
        irql: &mut Irql<'_, Passive>,
    ) {
        const { unwritten(Self::CALLBACKS, DeviceCallbacks::SURPRISE_REMOVAL) };
        let _ = (device, block, irql);
    }

    /// Gets each read, write and device control on the thread that makes it, before a queue does; see
    /// [`in_caller_context`](crate::in_caller_context).
    ///
    /// Called at the level of that thread: `PASSIVE_LEVEL` for a program's, up to `DISPATCH_LEVEL` when a driver above
    /// sends the request. Callbacks for several requests may run at the same time.
    ///
    /// # Framework
    ///
    /// `WdfDeviceInitSetIoInCallerContextCallback`, KMDF 1.0.
    #[doc(alias = "EvtIoInCallerContext")]
    #[doc(alias = "WdfDeviceInitSetIoInCallerContextCallback")]
    fn in_caller_context<'r>(
        &self,
        device: &DeviceRef<Self>,
        request: Arriving<'r>,
        irql: &mut Irql<'_, Dispatch>,
    ) -> Disposed<'r> {
        const { unwritten(Self::CALLBACKS, DeviceCallbacks::IN_CALLER_CONTEXT) };
        let _ = device;
        request.enqueue(irql).unwrap_or_else(|rejected| rejected.fail(irql))
    }
}

impl Device for () {
    type Locked = ();
    type Exec = Dispatch;
}

/// The check in each default callback: it is instantiated with the device.
const fn unwritten(announced: DeviceCallbacks, which: DeviceCallbacks) {
    assert!(!announced.contains(which), "`CALLBACKS` announces a callback that is not written");
}

/// The callbacks of a device with context `D`, for `WdfDeviceInitSetPnpPowerEventCallbacks`.
pub(crate) fn callbacks<D: Device>() -> wdk_sys::WDF_PNPPOWER_EVENT_CALLBACKS {
    let mut raw = wdk_sys::WDF_PNPPOWER_EVENT_CALLBACKS::default();
    wdk_sys::WDF_PNPPOWER_EVENT_CALLBACKS_INIT(&mut raw);
    let has = |which| D::CALLBACKS.contains(which);
    raw.EvtDevicePrepareHardware =
        has(DeviceCallbacks::PREPARE_HARDWARE).then_some(prepare_hardware_callback::<D>);
    raw.EvtDeviceReleaseHardware =
        has(DeviceCallbacks::RELEASE_HARDWARE).then_some(release_hardware_callback::<D>);
    raw.EvtDeviceD0Entry = has(DeviceCallbacks::D0_ENTRY).then_some(d0_entry_callback::<D>);
    raw.EvtDeviceD0Exit = has(DeviceCallbacks::D0_EXIT).then_some(d0_exit_callback::<D>);
    raw.EvtDeviceSelfManagedIoInit =
        has(DeviceCallbacks::SELF_MANAGED_IO_INIT).then_some(self_managed_io_init_callback::<D>);
    raw.EvtDeviceSelfManagedIoCleanup =
        has(DeviceCallbacks::SELF_MANAGED_IO_CLEANUP).then_some(self_managed_io_cleanup_callback::<D>);
    raw.EvtDeviceSurpriseRemoval =
        has(DeviceCallbacks::SURPRISE_REMOVAL).then_some(surprise_removal_callback::<D>);
    raw
}

/// Runs a callback on a device's context.
///
/// # Safety
///
/// Called in a Plug and Play or power callback of a device that was created with context `D`.
unsafe fn notify<D: Device>(
    handle: WDFDEVICE,
    callback: impl FnOnce(&D, &DeviceRef<D>, &mut MayBlock<'_>, &mut Irql<'_, Passive>) -> Result<()>,
) -> NTSTATUS {
    enter(|| {
        // SAFETY: as the caller promises; the device outlives its callback.
        let Some(device) = (unsafe { DeviceRef::<D>::ready(handle) }) else {
            return Error::DEVICE_NOT_READY.status().0;
        };
        // SAFETY: the framework calls these at `PASSIVE_LEVEL`.
        let mut irql = unsafe { Irql::assume() };
        // SAFETY: and does not serialize them with handlers.
        let mut block = unsafe { MayBlock::assume() };
        status_of(callback(device.context(), device, &mut block, &mut irql))
    })
}

unsafe extern "C" fn prepare_hardware_callback<D: Device>(
    device: WDFDEVICE,
    _: WDFCMRESLIST,
    _: WDFCMRESLIST,
) -> NTSTATUS {
    // SAFETY: registered for devices with context `D`.
    unsafe { notify::<D>(device, |this, device, block, irql| this.prepare_hardware(device, block, irql)) }
}

unsafe extern "C" fn release_hardware_callback<D: Device>(device: WDFDEVICE, _: WDFCMRESLIST) -> NTSTATUS {
    // SAFETY: registered for devices with context `D`.
    unsafe { notify::<D>(device, |this, device, block, irql| this.release_hardware(device, block, irql)) }
}

unsafe extern "C" fn d0_entry_callback<D: Device>(
    device: WDFDEVICE,
    previous: WDF_POWER_DEVICE_STATE,
) -> NTSTATUS {
    let previous = PowerState::from_raw(previous);
    // SAFETY: registered for devices with context `D`.
    unsafe { notify::<D>(device, |this, device, block, irql| this.d0_entry(device, previous, block, irql)) }
}

unsafe extern "C" fn d0_exit_callback<D: Device>(
    device: WDFDEVICE,
    target: WDF_POWER_DEVICE_STATE,
) -> NTSTATUS {
    let target = PowerState::from_raw(target);
    // SAFETY: as for the other callbacks of `callbacks::<D>`.
    unsafe { notify::<D>(device, |this, device, block, irql| this.d0_exit(device, target, block, irql)) }
}

unsafe extern "C" fn self_managed_io_init_callback<D: Device>(device: WDFDEVICE) -> NTSTATUS {
    // SAFETY: as for the other callbacks of `callbacks::<D>`.
    unsafe { notify::<D>(device, |this, device, block, irql| this.self_managed_io_init(device, block, irql)) }
}

unsafe extern "C" fn self_managed_io_cleanup_callback<D: Device>(device: WDFDEVICE) {
    // SAFETY: as for the other callbacks of `callbacks::<D>`.
    unsafe {
        notify::<D>(device, |this, device, block, irql| {
            this.self_managed_io_cleanup(device, block, irql);
            Ok(())
        })
    };
}

unsafe extern "C" fn surprise_removal_callback<D: Device>(device: WDFDEVICE) {
    // SAFETY: registered with a device of context `D`.
    unsafe {
        notify::<D>(device, |this, device, block, irql| {
            this.surprise_removal(device, block, irql);
            Ok(())
        })
    };
}
