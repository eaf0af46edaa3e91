//! Plug and play: adding, starting and removing devices, in the framework's order of callbacks.

use super::objects::Ref;
use super::queue;
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
    let status = callbacks::EVT_WDF_DRIVER_DEVICE_ADD(k, driver, "EvtDriverDeviceAdd", add, object.handle(), pointer);
    k.objects.inits.remove(pointer);
    let device = init.borrow_mut().device.take();
    match device {
        Some(device) if NT_SUCCESS(status) => {
            start(k, &device).map_err(|(callback, status)| {
                remove_object(k, &device);
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
        let status = callbacks::EVT_WDF_DEVICE_PREPARE_HARDWARE(k, driver, label, prepare, handle, null, null);
        if !NT_SUCCESS(status) {
            release_hardware(k, device);
            return Err((label, status));
        }
    }
    if let Some(entry) = events.EvtDeviceD0Entry {
        let label = "EvtDeviceD0Entry";
        let previous = _WDF_POWER_DEVICE_STATE::WdfPowerDeviceD3Final;
        let status = callbacks::EVT_WDF_DEVICE_D0_ENTRY(k, driver, label, entry, handle, previous);
        if !NT_SUCCESS(status) {
            release_hardware(k, device);
            return Err((label, status));
        }
    }
    if let Some(entry) = events.EvtDeviceD0EntryPostInterruptsEnabled {
        let label = "EvtDeviceD0EntryPostInterruptsEnabled";
        let previous = _WDF_POWER_DEVICE_STATE::WdfPowerDeviceD3Final;
        let f = callbacks::EVT_WDF_DEVICE_D0_ENTRY_POST_INTERRUPTS_ENABLED;
        let status = f(k, driver, label, entry, handle, previous);
        if !NT_SUCCESS(status) {
            d0_exit(k, device);
            release_hardware(k, device);
            return Err((label, status));
        }
    }
    device.in_d0.set(true);
    power_queues_up(k, device);
    if let Some(init) = events.EvtDeviceSelfManagedIoInit {
        let label = "EvtDeviceSelfManagedIoInit";
        device.self_managed_io.set(true);
        let status = callbacks::EVT_WDF_DEVICE_SELF_MANAGED_IO_INIT(k, driver, label, init, handle);
        if !NT_SUCCESS(status) {
            power_queues_down(k, device);
            d0_exit(k, device);
            release_hardware(k, device);
            return Err((label, status));
        }
    }
    device.interfaces_enabled.set(true);
    device.started.set(true);
    k.trace.event(k, || format!("{} started", device.object.label()));
    Ok(())
}

fn power_queues_up(k: &Kernel, device: &Ref<Device>) {
    let queues = device.queues.borrow().clone();
    let managed: Vec<_> = queues.into_iter().filter(|queue| queue.power_managed).collect();
    for queue in &managed {
        queue::power_up(k, queue);
    }
    // Dispatching resumes when all queues are on (`PMI4`).
    for queue in &managed {
        queue::dispatch_internal(k, queue);
    }
}

fn power_queues_down(k: &Kernel, device: &Ref<Device>) {
    let queues = device.queues.borrow().clone();
    for queue in queues.iter().filter(|queue| queue.power_managed) {
        queue::power_down(k, queue);
    }
}

fn d0_exit(k: &Kernel, device: &Ref<Device>) {
    let target = _WDF_POWER_DEVICE_STATE::WdfPowerDeviceD3Final;
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
pub(crate) fn remove(k: &Kernel, device: &Ref<Device>, surprise: bool) {
    let events = &device.events;
    let handle: WDFDEVICE = device.object.handle();
    let driver = driver_of(device);
    k.trace.event(k, || format!("{} {}", device.object.label(), if surprise { "surprise removal" } else { "removal" }));
    if surprise && let Some(callback) = events.EvtDeviceSurpriseRemoval {
        callbacks::EVT_WDF_DEVICE_SURPRISE_REMOVAL(k, driver, "EvtDeviceSurpriseRemoval", callback, handle);
    }
    if device.self_managed_io.get() && let Some(suspend) = events.EvtDeviceSelfManagedIoSuspend {
        callbacks::EVT_WDF_DEVICE_SELF_MANAGED_IO_SUSPEND(k, driver, "EvtDeviceSelfManagedIoSuspend", suspend, handle);
    }
    power_queues_down(k, device);
    d0_exit(k, device);
    release_hardware(k, device);
    device.interfaces_enabled.set(false);
    device.removed.set(true);
    let queues = device.queues.borrow().clone();
    for queue in queues.iter().filter(|queue| queue.power_managed) {
        queue::power_purge(k, queue);
    }
    if device.self_managed_io.get() && let Some(flush) = events.EvtDeviceSelfManagedIoFlush {
        callbacks::EVT_WDF_DEVICE_SELF_MANAGED_IO_FLUSH(k, driver, "EvtDeviceSelfManagedIoFlush", flush, handle);
    }
    for queue in queues.iter().filter(|queue| !queue.power_managed) {
        queue::power_purge(k, queue);
    }
    if device.self_managed_io.get() && let Some(cleanup) = events.EvtDeviceSelfManagedIoCleanup {
        callbacks::EVT_WDF_DEVICE_SELF_MANAGED_IO_CLEANUP(k, driver, "EvtDeviceSelfManagedIoCleanup", cleanup, handle);
    }
    remove_object(k, device);
}

fn remove_object(k: &Kernel, device: &Ref<Device>) {
    device.removed.set(true);
    k.names.remove(device);
    k.delete(&device.object);
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
