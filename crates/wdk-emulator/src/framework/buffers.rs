//! The buffers of requests, outside the context of the program that makes them.
//!
//! DDI header: `wdfrequest.h`.

use super::objects::{Attributes, Body, Object, Ref};
use super::request::Request;
use super::wdfio::owned_request;
use super::wdfmemory::Memory;
use crate::abi::{Bodies, Call};
use crate::kernel::irp::{Operation, Transfer};
use crate::verifier::rules;
use std::cell::RefCell;
use std::rc::Rc;
use wdk_sys::*;

type Found = Result<(*mut u8, usize), NTSTATUS>;

/// `BUF1`, `BUF2`.
fn input(call: &Call, request: &Ref<Request>, minimum: usize) -> Found {
    let irp = request.packet();
    let irp = irp.as_ref().ok_or(STATUS_INTERNAL_ERROR)?;
    let (pointer, length) = irp.input();
    match request.operation {
        Operation::Write { .. }
        | Operation::DeviceControl { .. }
        | Operation::InternalDeviceControl { .. } => {
            large_enough((pointer, length), 1)?;
            large_enough((in_system_space(call, request, irp.transfer, pointer)?, length), minimum)
        }
        Operation::Read { .. } | Operation::Create => Err(STATUS_INVALID_DEVICE_REQUEST),
    }
}

fn output(call: &Call, request: &Ref<Request>, minimum: usize) -> Found {
    let irp = request.packet();
    let irp = irp.as_ref().ok_or(STATUS_INTERNAL_ERROR)?;
    let (pointer, length) = irp.output();
    match request.operation {
        Operation::Read { .. }
        | Operation::DeviceControl { .. }
        | Operation::InternalDeviceControl { .. } => {
            large_enough((pointer, length), 1)?;
            large_enough((in_system_space(call, request, irp.transfer, pointer)?, length), minimum)
        }
        Operation::Write { .. } | Operation::Create => Err(STATUS_INVALID_DEVICE_REQUEST),
    }
}

/// The address by which the driver gets at a buffer outside the caller's context, if there is one.
fn in_system_space(
    call: &Call,
    request: &Ref<Request>,
    transfer: Transfer,
    pointer: *mut u8,
) -> Result<*mut u8, NTSTATUS> {
    match request.operation {
        _ if transfer != Transfer::Neither => Ok(pointer),
        // `BUF5`
        Operation::InternalDeviceControl { .. } => Ok(pointer),
        Operation::DeviceControl { .. } => Err(STATUS_INVALID_DEVICE_REQUEST),
        // `BUF4`
        _ => {
            call.violation_of(
                &rules::requests::STATE,
                format!(
                    "`{}` was called for {}, whose device does neither buffered nor direct I/O",
                    call.entry.name,
                    request.object.label()
                ),
                &request.object,
            );
            Ok(std::ptr::null_mut())
        }
    }
}

fn large_enough((pointer, length): (*mut u8, usize), minimum: usize) -> Found {
    if length == 0 || length < minimum { Err(STATUS_BUFFER_TOO_SMALL) } else { Ok((pointer, length)) }
}

fn answer(call: &Call, found: Found, buffer: *mut PVOID, length: *mut usize) -> NTSTATUS {
    let (pointer, size) = match found {
        Ok(found) => found,
        Err(status) => return status,
    };
    call.give(buffer, pointer.cast());
    call.give(length, size);
    STATUS_SUCCESS
}

fn memory(
    call: &Call,
    request: &Ref<Request>,
    found: Found,
    slot: &RefCell<Option<Rc<Object>>>,
    place: *mut WDFMEMORY,
) -> NTSTATUS {
    let (pointer, size) = match found {
        Ok(found) => found,
        Err(status) => return status,
    };
    if slot.borrow().is_none() {
        let body = Body::Memory(Memory::over(pointer, size));
        match call.create(body, request.object.driver.clone(), None, &Attributes::NONE) {
            Ok(object) => *slot.borrow_mut() = Some(object),
            Err(status) => return status,
        }
    }
    if let Some(object) = &*slot.borrow() {
        call.give(place, object.handle());
    }
    STATUS_SUCCESS
}

#[allow(non_snake_case)]
impl Bodies {
    pub(crate) fn WdfRequestRetrieveInputBuffer(
        call: &Call,
        Request: WDFREQUEST,
        MinimumRequiredLength: usize,
        Buffer: *mut PVOID,
        Length: *mut usize,
    ) -> NTSTATUS {
        let request = owned_request(call, Request);
        let found = input(call, &request, MinimumRequiredLength);
        answer(call, found, Buffer, Length)
    }

    pub(crate) fn WdfRequestRetrieveOutputBuffer(
        call: &Call,
        Request: WDFREQUEST,
        MinimumRequiredSize: usize,
        Buffer: *mut PVOID,
        Length: *mut usize,
    ) -> NTSTATUS {
        let request = owned_request(call, Request);
        let found = output(call, &request, MinimumRequiredSize);
        answer(call, found, Buffer, Length)
    }

    pub(crate) fn WdfRequestRetrieveInputMemory(
        call: &Call,
        Request: WDFREQUEST,
        Memory: *mut WDFMEMORY,
    ) -> NTSTATUS {
        let request = owned_request(call, Request);
        let found = input(call, &request, 0);
        memory(call, &request, found, &request.input_memory, Memory)
    }

    pub(crate) fn WdfRequestRetrieveOutputMemory(
        call: &Call,
        Request: WDFREQUEST,
        Memory: *mut WDFMEMORY,
    ) -> NTSTATUS {
        let request = owned_request(call, Request);
        let found = output(call, &request, 0);
        memory(call, &request, found, &request.output_memory, Memory)
    }
}
