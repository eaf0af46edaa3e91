//! What most experiments set up.

use crate::callbacks;
use crate::ddi::{attributes, check, queue, queue_with};
use crate::experiment::Callback;
use crate::state::{Kept, keep};
use wdk_conformance::protocol;
use wdk_sys::*;

pub use wdk_sys::_WDF_EXECUTION_LEVEL as Level;
pub use wdk_sys::_WDF_SYNCHRONIZATION_SCOPE as Scope;

/// EvtIo callbacks one after the other.
pub const SEQUENTIAL: WDF_IO_QUEUE_DISPATCH_TYPE = _WDF_IO_QUEUE_DISPATCH_TYPE::WdfIoQueueDispatchSequential;
/// EvtIo callbacks as requests come.
pub const PARALLEL: WDF_IO_QUEUE_DISPATCH_TYPE = _WDF_IO_QUEUE_DISPATCH_TYPE::WdfIoQueueDispatchParallel;
/// No EvtIo callbacks.
pub const MANUAL: WDF_IO_QUEUE_DISPATCH_TYPE = _WDF_IO_QUEUE_DISPATCH_TYPE::WdfIoQueueDispatchManual;

/// Creates the device.
pub fn device(init: PWDFDEVICE_INIT) -> Result<WDFDEVICE, NTSTATUS> {
    device_with(init, &mut attributes())
}

/// Creates the device with attributes.
pub fn device_with(init: PWDFDEVICE_INIT, with: &mut WDF_OBJECT_ATTRIBUTES) -> Result<WDFDEVICE, NTSTATUS> {
    let device = named(init, protocol::DEVICE, with)?;
    keep(Kept::Device, device);
    Ok(device)
}

/// Creates a device with a name that programs open.
pub fn named(
    mut init: PWDFDEVICE_INIT,
    name: &str,
    with: &mut WDF_OBJECT_ATTRIBUTES,
) -> Result<WDFDEVICE, NTSTATUS> {
    let mut device = core::ptr::null_mut();
    // SAFETY: called in EvtDriverDeviceAdd with its argument.
    check(unsafe { WdfDeviceCreate(&mut init, with, &mut device) })?;
    let mut units = [0_u16; 64];
    let mut length = 0;
    for unit in r"\DosDevices\".encode_utf16().chain(name.encode_utf16()) {
        *units.get_mut(length).ok_or(STATUS_NAME_TOO_LONG)? = unit;
        length += 1;
    }
    let bytes = (length * 2) as u16;
    let link = UNICODE_STRING { Length: bytes, MaximumLength: bytes, Buffer: units.as_mut_ptr() };
    // SAFETY: the device was created above, and the string is valid.
    check(unsafe { WdfDeviceCreateSymbolicLink(device, &link) })?;
    Ok(device)
}

/// A configuration with these handlers.
pub fn config(dispatch: WDF_IO_QUEUE_DISPATCH_TYPE, handlers: &[Callback]) -> WDF_IO_QUEUE_CONFIG {
    let mut config = WDF_IO_QUEUE_CONFIG::default();
    WDF_IO_QUEUE_CONFIG_INIT(&mut config, dispatch);
    let has = |callback| handlers.contains(&callback);
    config.EvtIoRead = has(Callback::Read).then_some(callbacks::read);
    config.EvtIoWrite = has(Callback::Write).then_some(callbacks::write);
    config.EvtIoDeviceControl = has(Callback::Control).then_some(callbacks::control);
    config.EvtIoDefault = has(Callback::Default).then_some(callbacks::default);
    config.EvtIoStop = has(Callback::Stop).then_some(callbacks::stop);
    config.EvtIoResume = has(Callback::Resume).then_some(callbacks::resume);
    config.EvtIoCanceledOnQueue = has(Callback::Canceled).then_some(callbacks::canceled);
    config
}

/// The same, for the default queue.
pub fn default_config(dispatch: WDF_IO_QUEUE_DISPATCH_TYPE, handlers: &[Callback]) -> WDF_IO_QUEUE_CONFIG {
    WDF_IO_QUEUE_CONFIG { DefaultQueue: 1, ..config(dispatch, handlers) }
}

/// Attributes with a level and a scope.
pub fn constrained(level: WDF_EXECUTION_LEVEL, scope: WDF_SYNCHRONIZATION_SCOPE) -> WDF_OBJECT_ATTRIBUTES {
    WDF_OBJECT_ATTRIBUTES { ExecutionLevel: level, SynchronizationScope: scope, ..attributes() }
}

/// A device with a default queue, [`Kept::Main`], and a manual one, [`Kept::Manual`].
pub fn bench(
    init: PWDFDEVICE_INIT,
    dispatch: WDF_IO_QUEUE_DISPATCH_TYPE,
    handlers: &[Callback],
) -> Result<(), NTSTATUS> {
    bench_with(init, default_config(dispatch, handlers), &mut attributes())
}

/// The same with any configuration and attributes of the first queue.
pub fn bench_with(
    init: PWDFDEVICE_INIT,
    mut config: WDF_IO_QUEUE_CONFIG,
    with: &mut WDF_OBJECT_ATTRIBUTES,
) -> Result<(), NTSTATUS> {
    let device = device(init)?;
    keep(Kept::Main, queue_with(device, &mut config, with)?);
    keep(Kept::Manual, queue(device, self::config(MANUAL, &[]))?);
    Ok(())
}

/// Asks for file objects, with all their callbacks or none.
pub fn files(init: PWDFDEVICE_INIT, callbacks: bool, with: &mut WDF_OBJECT_ATTRIBUTES) {
    let mut config = WDF_FILEOBJECT_CONFIG::default();
    WDF_FILEOBJECT_CONFIG_INIT(
        &mut config,
        callbacks.then_some(callbacks::file_create),
        callbacks.then_some(callbacks::file_close),
        callbacks.then_some(callbacks::file_cleanup),
    );
    // SAFETY: called in EvtDriverDeviceAdd with its argument.
    unsafe { WdfDeviceInitSetFileObjectConfig(init, &mut config, with) };
}
