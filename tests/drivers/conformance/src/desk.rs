//! The desk: the driver's first device, through which a program gets at experiments and at what they note.

use crate::bench::{PARALLEL, default_config, named};
use crate::callbacks::guard;
use crate::ddi::{attributes, check, complete_first, complete_parked, queue};
use crate::experiment::Command;
use crate::experiments::ALL;
use crate::notebook::Buffer;
use crate::state::{self, Kept, kept, state};
use core::fmt::{self, Write as _};
use core::ptr::null_mut;
use core::sync::atomic::Ordering;
use wdk_conformance::protocol;
use wdk_sys::*;

/// The driver's entry.
///
/// # Safety
///
/// Called by the system.
pub unsafe extern "C" fn entry(object: PDRIVER_OBJECT, path: PCUNICODE_STRING) -> NTSTATUS {
    let mut config = WDF_DRIVER_CONFIG::default();
    WDF_DRIVER_CONFIG_INIT(&mut config, Some(device_add));
    // SAFETY: the system's arguments, passed on.
    unsafe { WdfDriverCreate(object, path, &mut state::attributes(), &mut config, null_mut()) }
}

unsafe extern "C" fn device_add(_driver: WDFDRIVER, init: PWDFDEVICE_INIT) -> NTSTATUS {
    let result = if !state().desk.swap(true, Ordering::AcqRel) {
        make(init).inspect_err(|_| state().desk.store(false, Ordering::Release))
    } else {
        match state().experiment() {
            Some(experiment) => guard(|| (experiment.set_up)(init)),
            None => Err(STATUS_DEVICE_NOT_READY),
        }
    };
    result.err().unwrap_or(STATUS_SUCCESS)
}

/// Makes the desk.
fn make(init: PWDFDEVICE_INIT) -> Result<(), NTSTATUS> {
    let mut with = attributes();
    with.EvtCleanupCallback = Some(gone);
    let device = named(init, protocol::DESK, &mut with)?;
    let mut config = default_config(PARALLEL, &[]);
    config.EvtIoDeviceControl = Some(control);
    config.PowerManaged = _WDF_TRI_STATE::WdfFalse;
    queue(device, config).map(drop)
}

unsafe extern "C" fn gone(_desk: WDFOBJECT) {
    state().desk.store(false, Ordering::Release);
}

unsafe extern "C" fn control(
    _queue: WDFQUEUE,
    request: WDFREQUEST,
    _output: usize,
    _input: usize,
    code: ULONG,
) {
    let (status, information) = match guard(|| serve(request, code)) {
        Ok(length) => (STATUS_SUCCESS, length),
        Err(status) => (status, 0),
    };
    // SAFETY: the framework presented the request, and nobody else completes it.
    unsafe { WdfRequestCompleteWithInformation(request, status, information as ULONG_PTR) };
}

/// Serves a control; how many bytes it gives out.
fn serve(request: WDFREQUEST, code: ULONG) -> Result<usize, NTSTATUS> {
    // The buffer for both ways is one, so what came is copied first.
    let input = crate::ddi::text::<64>(request);
    match code {
        protocol::SELECT => {
            let number = ALL.iter().position(|(name, _)| *name == input.text());
            state().select(number.ok_or(STATUS_NOT_FOUND)?);
            Ok(0)
        }
        protocol::CALL => call(&input).map(|()| 0),
        protocol::DESCRIBE => describe(&input, Out::of(request)?),
        protocol::NOTES => {
            let mut out = Out::of(request)?;
            state().notebook.take(&mut |byte| out.push(byte))?;
            Ok(out.length)
        }
        protocol::FAIL => {
            let device = kept(Kept::Device);
            // SAFETY: the framework checks the handle.
            unsafe { WdfDeviceSetFailed(device, _WDF_DEVICE_FAILED_ACTION::WdfDeviceFailedNoRestart) };
            Ok(0)
        }
        protocol::FRAMEWORK => framework(Out::of(request)?),
        _ => Err(STATUS_INVALID_DEVICE_REQUEST),
    }
}

/// Calls a command of the experiment, or one that all have.
fn call(name: &Buffer<64>) -> Result<(), NTSTATUS> {
    const COMMON: &[Command] = &[("complete", complete_first), ("complete-all", complete_parked)];
    let own = state().experiment().map_or(&[][..], |experiment| experiment.commands);
    let (_, command) =
        own.iter().chain(COMMON).find(|(known, _)| *known == name.text()).ok_or(STATUS_NOT_FOUND)?;
    command();
    Ok(())
}

fn describe(number: &Buffer<64>, mut out: Out) -> Result<usize, NTSTATUS> {
    let number = number.bytes().try_into().map_err(|_| STATUS_INVALID_PARAMETER)?;
    let number = u32::from_le_bytes(number) as usize;
    let (name, experiment) = ALL.get(number).ok_or(STATUS_NO_MORE_ENTRIES)?;
    let crate::experiment::Experiment { facts, verifier, means, script, .. } = experiment;
    let written = write!(out, "{name}\n{facts}\n{verifier}\n{means}\n{script}");
    written.map_err(|_| STATUS_BUFFER_TOO_SMALL)?;
    Ok(out.length)
}

/// The highest version that the framework says is available.
fn framework(mut out: Out) -> Result<usize, NTSTATUS> {
    let driver = binding::wdf_get_driver();
    let is_available = |minor: &ULONG| {
        let mut asked = WDF_DRIVER_VERSION_AVAILABLE_PARAMS::default();
        WDF_DRIVER_VERSION_AVAILABLE_PARAMS_INIT(&mut asked, 1, *minor);
        // SAFETY: the driver's handle and initialised parameters, at PASSIVE_LEVEL.
        unsafe { WdfDriverIsVersionAvailable(driver, &mut asked) != 0 }
    };
    let minor = (0..100).rev().find(is_available).ok_or(STATUS_NOT_FOUND)?;
    write!(out, "1.{minor}").map_err(|_| STATUS_BUFFER_TOO_SMALL)?;
    Ok(out.length)
}

/// The output buffer of a request.
struct Out<'a> {
    bytes: &'a mut [u8],
    length: usize,
}

impl Out<'_> {
    fn of(request: WDFREQUEST) -> Result<Self, NTSTATUS> {
        let (mut buffer, mut length) = (null_mut(), 0);
        // SAFETY: the driver owns the request, and completes it after the last use of the buffer.
        check(unsafe { WdfRequestRetrieveOutputBuffer(request, 1, &mut buffer, &mut length) })?;
        // SAFETY: the buffer has that many bytes, and nothing else refers to it.
        Ok(Self { bytes: unsafe { core::slice::from_raw_parts_mut(buffer.cast(), length) }, length: 0 })
    }

    fn push(&mut self, byte: u8) -> Result<(), NTSTATUS> {
        *self.bytes.get_mut(self.length).ok_or(STATUS_BUFFER_TOO_SMALL)? = byte;
        self.length += 1;
        Ok(())
    }
}

impl fmt::Write for Out<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.bytes().try_for_each(|byte| self.push(byte)).map_err(|_| fmt::Error)
    }
}
