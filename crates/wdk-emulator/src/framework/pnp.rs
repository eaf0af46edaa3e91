//! Plug and play: adding, starting and removing devices, in the framework's order of callbacks.

use super::objects::Ref;
use super::queue::{self, Queue};
use super::request::Owner;
use super::wdfdevice::Device;
use crate::abi::callbacks;
use crate::kernel::Kernel;
use crate::kernel::driver::Driver;
use std::rc::Rc;
use wdk_sys::*;

/// Why a device did not come up.
pub(crate) enum Failure {
    /// The driver has no `EvtDriverDeviceAdd`.
    NoDeviceAdd,
    /// `EvtDriverDeviceAdd` failed.
    DeviceAdd(NTSTATUS),
    /// It succeeded without making a device.
    NoDevice,
    /// A callback of the start sequence failed.
    Start(&'static str, NTSTATUS),
}

/// Offers a device to a driver and starts it (`PNP1`).
pub(crate) fn plug(k: &Kernel, driver: &Rc<Driver>, hardware_id: &str) -> Result<Ref<Device>, Failure> {
    let add = driver.config.get().EvtDriverDeviceAdd.ok_or(Failure::NoDeviceAdd)?;
    let object = driver.object().ok_or(Failure::NoDeviceAdd)?;
    let (pointer, init) = k.objects.inits.create(hardware_id);
    let status =
        callbacks::EVT_WDF_DRIVER_DEVICE_ADD(k, driver, "EvtDriverDeviceAdd", add, object.handle(), pointer);
    k.objects.inits.remove(pointer);
    let device = init.borrow_mut().device.take();
    match device {
        Some(device) if NT_SUCCESS(status) => {
            start(k, &device).map_err(|(callback, status)| {
                device_gone(k, &device);
                removed(k, &device);
                Failure::Start(callback, status)
            })?;
            Ok(device)
        }
        Some(device) => {
            remove_object(k, &device);
            Err(Failure::DeviceAdd(status))
        }
        None if NT_SUCCESS(status) => Err(Failure::NoDevice),
        None => Err(Failure::DeviceAdd(status)),
    }
}

fn start(k: &Kernel, device: &Ref<Device>) -> Result<(), (&'static str, NTSTATUS)> {
    let events = &device.events;
    let driver = driver_of(device);
    let handle: WDFDEVICE = device.object.handle();
    let null = std::ptr::null_mut();
    if let Some(prepare) = events.EvtDevicePrepareHardware {
        let label = "EvtDevicePrepareHardware";
        let status =
            callbacks::EVT_WDF_DEVICE_PREPARE_HARDWARE(k, driver, label, prepare, handle, null, null);
        if !NT_SUCCESS(status) {
            release_hardware(k, device);
            return Err((label, status));
        }
    }
    power_up(k, device, _WDF_POWER_DEVICE_STATE::WdfPowerDeviceD3Final)
        .inspect_err(|_| release_hardware(k, device))?;
    // `PNP5`: what follows later, follows because this was reached.
    device.self_managed_io.set(true);
    if let Some(init) = events.EvtDeviceSelfManagedIoInit {
        let label = "EvtDeviceSelfManagedIoInit";
        let status = callbacks::EVT_WDF_DEVICE_SELF_MANAGED_IO_INIT(k, driver, label, init, handle);
        if !NT_SUCCESS(status) {
            power_queues_down(k, device);
            d0_exit(k, device, _WDF_POWER_DEVICE_STATE::WdfPowerDeviceD3Final);
            release_hardware(k, device);
            return Err((label, status));
        }
    }
    device.self_managed_io_runs.set(true);
    device.interfaces_enabled.set(true);
    device.started.set(true);
    k.trace.event(k, || format!("{} started", device.object.label()));
    Ok(())
}

/// Brings a device to D0, up to its queues. A failure of the first callback gets no D0Exit, a later one does
/// (`PNP5`).
fn power_up(
    k: &Kernel,
    device: &Ref<Device>,
    previous: WDF_POWER_DEVICE_STATE,
) -> Result<(), (&'static str, NTSTATUS)> {
    let events = &device.events;
    let driver = driver_of(device);
    let handle: WDFDEVICE = device.object.handle();
    if let Some(entry) = events.EvtDeviceD0Entry {
        let label = "EvtDeviceD0Entry";
        let status = callbacks::EVT_WDF_DEVICE_D0_ENTRY(k, driver, label, entry, handle, previous);
        if !NT_SUCCESS(status) {
            return Err((label, status));
        }
    }
    if let Some(entry) = events.EvtDeviceD0EntryPostInterruptsEnabled {
        let label = "EvtDeviceD0EntryPostInterruptsEnabled";
        let f = callbacks::EVT_WDF_DEVICE_D0_ENTRY_POST_INTERRUPTS_ENABLED;
        let status = f(k, driver, label, entry, handle, previous);
        if !NT_SUCCESS(status) {
            d0_exit(k, device, _WDF_POWER_DEVICE_STATE::WdfPowerDeviceD3Final);
            return Err((label, status));
        }
    }
    device.in_d0.set(true);
    power_queues_up(k, device);
    Ok(())
}

/// Takes a device out of D0 (`PNP2`).
fn power_down(k: &Kernel, device: &Ref<Device>, target: WDF_POWER_DEVICE_STATE) {
    let handle: WDFDEVICE = device.object.handle();
    if device.self_managed_io_runs.get()
        && let Some(suspend) = device.events.EvtDeviceSelfManagedIoSuspend
    {
        let f = callbacks::EVT_WDF_DEVICE_SELF_MANAGED_IO_SUSPEND;
        f(k, driver_of(device), "EvtDeviceSelfManagedIoSuspend", suspend, handle);
    }
    power_queues_down(k, device);
    d0_exit(k, device, target);
}

/// Puts a device to sleep in D3.
pub(crate) fn suspend(k: &Kernel, device: &Ref<Device>) {
    if device.in_d0.get() {
        k.trace.event(k, || format!("{} goes to D3", device.object.label()));
        power_down(k, device, _WDF_POWER_DEVICE_STATE::WdfPowerDeviceD3);
    }
}

/// Wakes a device up. One that fails to is removed as if it was pulled out.
pub(crate) fn resume(k: &Kernel, device: &Ref<Device>) -> Result<(), (&'static str, NTSTATUS)> {
    if device.in_d0.get() || device.removed.get() {
        return Ok(());
    }
    k.trace.event(k, || format!("{} goes to D0", device.object.label()));
    let woken = power_up(k, device, _WDF_POWER_DEVICE_STATE::WdfPowerDeviceD3).and_then(|()| {
        let Some(restart) = device.events.EvtDeviceSelfManagedIoRestart else { return Ok(()) };
        let label = "EvtDeviceSelfManagedIoRestart";
        let f = callbacks::EVT_WDF_DEVICE_SELF_MANAGED_IO_RESTART;
        let status = f(k, driver_of(device), label, restart, device.object.handle());
        if NT_SUCCESS(status) { Ok(()) } else { Err((label, status)) }
    });
    if woken.is_err() {
        device.self_managed_io_runs.set(false);
        let _ = remove(k, device, true);
    }
    woken
}

fn power_queues_up(k: &Kernel, device: &Ref<Device>) {
    let queues = queues(device, true);
    for queue in &queues {
        queue::power_up(k, queue);
    }
    // Dispatching resumes when all queues are on (`PMI4`).
    for queue in &queues {
        queue::dispatch_internal(k, queue);
    }
}

fn power_queues_down(k: &Kernel, device: &Ref<Device>) {
    queue::power_down(k, &queues(device, true));
}

fn queues(device: &Ref<Device>, power_managed: bool) -> Vec<Ref<Queue>> {
    device.queues.borrow().iter().filter(|queue| queue.power_managed == power_managed).cloned().collect()
}

fn d0_exit(k: &Kernel, device: &Ref<Device>, target: WDF_POWER_DEVICE_STATE) {
    let handle: WDFDEVICE = device.object.handle();
    let driver = driver_of(device);
    if let Some(exit) = device.events.EvtDeviceD0ExitPreInterruptsDisabled {
        let f = callbacks::EVT_WDF_DEVICE_D0_EXIT_PRE_INTERRUPTS_DISABLED;
        f(k, driver, "EvtDeviceD0ExitPreInterruptsDisabled", exit, handle, target);
    }
    if let Some(exit) = device.events.EvtDeviceD0Exit {
        callbacks::EVT_WDF_DEVICE_D0_EXIT(k, driver, "EvtDeviceD0Exit", exit, handle, target);
    }
    device.in_d0.set(false);
}

fn release_hardware(k: &Kernel, device: &Ref<Device>) {
    if let Some(release) = device.events.EvtDeviceReleaseHardware {
        let handle: WDFDEVICE = device.object.handle();
        let f = callbacks::EVT_WDF_DEVICE_RELEASE_HARDWARE;
        f(k, driver_of(device), "EvtDeviceReleaseHardware", release, handle, std::ptr::null_mut());
    }
}

/// Removes a device (`PNP3`), or removes it after it was pulled out (`PNP4`).
///
/// # Errors
///
/// The status with which the driver refuses an orderly removal.
pub(crate) fn remove(k: &Kernel, device: &Ref<Device>, surprise: bool) -> Result<(), NTSTATUS> {
    let events = &device.events;
    let handle: WDFDEVICE = device.object.handle();
    let driver = driver_of(device);
    if !device.gone.get() {
        k.trace.event(k, || {
            format!("{} {}", device.object.label(), if surprise { "surprise removal" } else { "removal" })
        });
        if surprise {
            if let Some(callback) = events.EvtDeviceSurpriseRemoval {
                callbacks::EVT_WDF_DEVICE_SURPRISE_REMOVAL(
                    k,
                    driver,
                    "EvtDeviceSurpriseRemoval",
                    callback,
                    handle,
                );
            }
        } else if let Some(query) = events.EvtDeviceQueryRemove {
            let status =
                callbacks::EVT_WDF_DEVICE_QUERY_REMOVE(k, driver, "EvtDeviceQueryRemove", query, handle);
            if !NT_SUCCESS(status) {
                return Err(status);
            }
        }
        if device.in_d0.get() {
            power_down(k, device, _WDF_POWER_DEVICE_STATE::WdfPowerDeviceD3Final);
        }
        release_hardware(k, device);
        device_gone(k, device);
    }
    // After a surprise the rest waits until applications have closed the device.
    if !surprise || device.open_files.get() == 0 {
        removed(k, device);
    }
    Ok(())
}

/// The part of a removal after the hardware is released: the device takes no more I/O.
fn device_gone(k: &Kernel, device: &Ref<Device>) {
    device.interfaces_enabled.set(false);
    device.removed.set(true);
    for queue in queues(device, true) {
        queue::power_purge(k, &queue);
    }
    if device.self_managed_io.get()
        && let Some(flush) = device.events.EvtDeviceSelfManagedIoFlush
    {
        let f = callbacks::EVT_WDF_DEVICE_SELF_MANAGED_IO_FLUSH;
        f(k, driver_of(device), "EvtDeviceSelfManagedIoFlush", flush, device.object.handle());
    }
    device.gone.set(true);
}

/// What `IRP_MN_REMOVE_DEVICE` does.
fn removed(k: &Kernel, device: &Ref<Device>) {
    device.closed.set(true);
    for queue in queues(device, false) {
        queue::power_purge(k, &queue);
    }
    if device.self_managed_io.get()
        && let Some(cleanup) = device.events.EvtDeviceSelfManagedIoCleanup
    {
        let f = callbacks::EVT_WDF_DEVICE_SELF_MANAGED_IO_CLEANUP;
        f(k, driver_of(device), "EvtDeviceSelfManagedIoCleanup", cleanup, device.object.handle());
    }
    remove_object(k, device);
}

/// An application closed its handle, and no request of it is left.
pub(crate) fn file_closed(k: &Kernel, device: &Ref<Device>) {
    device.open_files.set(device.open_files.get() - 1);
    if device.gone.get() && device.open_files.get() == 0 && device.object.is_alive() {
        removed(k, device);
    }
}

fn remove_object(k: &Kernel, device: &Ref<Device>) {
    device.removed.set(true);
    device.closed.set(true);
    k.names.remove(device);
    k.delete(&device.object);
    k.flush_deferred_cleanup();
    device.forget();
}

fn driver_of(device: &Ref<Device>) -> &Driver {
    device.object.driver.as_deref().expect("devices belong to drivers")
}

/// The first request that a device's driver owns, if there is one: it is what a removal waits for.
pub(crate) fn owned_request(device: &Ref<Device>) -> Option<Rc<super::objects::Object>> {
    let queues = device.queues.borrow();
    queues
        .iter()
        .flat_map(|queue| queue.owned())
        .find(|request| request.owner.get() == Owner::Driver)
        .map(|request| request.object)
}
