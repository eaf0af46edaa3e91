//! I/O in the context of the program that asks for it, and the program's own buffers.
//!
//! DDI headers: `wdfdevice.h`, `wdfrequest.h`.

use super::objects::{Attributes, Body, Ref};
use super::queue;
use super::request::{Owner, Request};
use super::status;
use super::wdfdevice::{Device, init};
use super::wdfio::owned_request;
use super::wdfmemory::Memory;
use crate::abi::{Bodies, Call, callbacks};
use crate::kernel::Kernel;
use crate::kernel::irp::{Operation, Transfer};
use crate::verifier::rules;
use wdk_sys::*;

/// Gives a request to EvtIoInCallerContext, which enqueues or completes it (`QCR11`).
pub(crate) fn present(k: &Kernel, device: &Ref<Device>, request: &Ref<Request>) {
    let (Some(callback), Some(driver)) = (device.in_caller, device.object.driver.as_deref()) else { return };
    request.owner.set(Owner::Driver);
    request.presented.set(true);
    request.in_caller.set(true);
    request.object.note(k, "given to the driver");
    let label = "EvtIoInCallerContext";
    let (device, handle) = (device.object.handle(), request.object.handle());
    callbacks::EVT_WDF_IO_IN_CALLER_CONTEXT(k, driver, label, callback, device, handle);
    request.in_caller.set(false);
}

/// `BUF5`: only in the caller's context is the program's memory what it seems to be.
fn in_caller(call: &Call, request: WDFREQUEST) -> Result<Ref<Request>, NTSTATUS> {
    let request = owned_request(call, request);
    if !request.in_caller.get() {
        call.violation_of(
            &rules::requests::STATE,
            format!(
                "`{}` was called for {} outside EvtIoInCallerContext",
                call.entry.name,
                request.object.label()
            ),
            &request.object,
        );
        return Err(STATUS_INVALID_DEVICE_REQUEST);
    }
    Ok(request)
}

/// The program's buffer, for input or output.
fn buffer(request: &Ref<Request>, input: bool) -> Result<(*mut u8, usize), NTSTATUS> {
    let irp = request.irp().ok_or(STATUS_INTERNAL_ERROR)?;
    let there = match request.operation {
        Operation::DeviceControl { .. } | Operation::InternalDeviceControl { .. } => true,
        Operation::Write { .. } => input,
        Operation::Read { .. } => !input,
        Operation::Create => false,
    };
    if !there || irp.transfer != Transfer::Neither {
        return Err(STATUS_INVALID_DEVICE_REQUEST);
    }
    Ok(if input { irp.input() } else { irp.output() })
}

fn retrieve(
    call: &Call,
    request: WDFREQUEST,
    input: bool,
    minimum: usize,
    place: *mut PVOID,
    length: *mut usize,
) -> NTSTATUS {
    status((|| {
        let request = in_caller(call, request)?;
        let (pointer, size) = buffer(&request, input)?;
        if size == 0 || size < minimum {
            return Err(STATUS_BUFFER_TOO_SMALL);
        }
        call.give(place, pointer.cast());
        call.give(length, size);
        Ok(())
    })())
}

/// Locks a part of the program's buffer: a memory object that is there as long as the request.
fn lock(
    call: &Call,
    request: WDFREQUEST,
    input: bool,
    start: PVOID,
    length: usize,
    place: *mut WDFMEMORY,
) -> NTSTATUS {
    status((|| {
        let request = in_caller(call, request)?;
        if length == 0 {
            return Err(STATUS_INVALID_USER_BUFFER);
        }
        let (pointer, size) = buffer(&request, input)?;
        let offset = start.addr().checked_sub(pointer.addr()).ok_or(STATUS_ACCESS_VIOLATION)?;
        if offset > size || length > size - offset {
            return Err(STATUS_ACCESS_VIOLATION);
        }
        let body = Body::Memory(Memory::over(pointer.wrapping_add(offset), length));
        let parent = Some(request.object.clone());
        let object = call.create(body, request.object.driver.clone(), parent, &Attributes::NONE)?;
        call.give(place, object.handle());
        Ok(())
    })())
}

#[allow(non_snake_case)]
impl Bodies {
    pub(crate) fn WdfDeviceInitSetIoInCallerContextCallback(
        call: &Call,
        DeviceInit: PWDFDEVICE_INIT,
        EvtIoInCallerContext: PFN_WDF_IO_IN_CALLER_CONTEXT,
    ) {
        init(call, DeviceInit).borrow_mut().in_caller = EvtIoInCallerContext;
    }

    pub(crate) fn WdfDeviceEnqueueRequest(call: &Call, Device: WDFDEVICE, Request: WDFREQUEST) -> NTSTATUS {
        let device = call.get::<Device, _>(Device);
        status((|| {
            let request = in_caller(call, Request)?;
            let to = device.route(request.operation).ok_or(STATUS_INVALID_DEVICE_REQUEST)?;
            queue::enqueue(call, &to, &request)
        })())
    }

    pub(crate) fn WdfRequestRetrieveUnsafeUserInputBuffer(
        call: &Call,
        Request: WDFREQUEST,
        MinimumRequiredLength: usize,
        InputBuffer: *mut PVOID,
        Length: *mut usize,
    ) -> NTSTATUS {
        retrieve(call, Request, true, MinimumRequiredLength, InputBuffer, Length)
    }

    pub(crate) fn WdfRequestRetrieveUnsafeUserOutputBuffer(
        call: &Call,
        Request: WDFREQUEST,
        MinimumRequiredLength: usize,
        OutputBuffer: *mut PVOID,
        Length: *mut usize,
    ) -> NTSTATUS {
        retrieve(call, Request, false, MinimumRequiredLength, OutputBuffer, Length)
    }

    pub(crate) fn WdfRequestProbeAndLockUserBufferForRead(
        call: &Call,
        Request: WDFREQUEST,
        Buffer: PVOID,
        Length: usize,
        MemoryObject: *mut WDFMEMORY,
    ) -> NTSTATUS {
        lock(call, Request, true, Buffer, Length, MemoryObject)
    }

    pub(crate) fn WdfRequestProbeAndLockUserBufferForWrite(
        call: &Call,
        Request: WDFREQUEST,
        Buffer: PVOID,
        Length: usize,
        MemoryObject: *mut WDFMEMORY,
    ) -> NTSTATUS {
        lock(call, Request, false, Buffer, Length, MemoryObject)
    }
}
