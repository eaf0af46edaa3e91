//! The state of a request object, and its completion.

use super::objects::{Attributes, Body, Object, Ref};
use super::queue::{self, Queue};
use super::wdfdevice::Device;
use crate::kernel::Kernel;
use crate::kernel::irp::{Irp, Operation, Transfer};
use crate::verifier::{Level, rules};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wdk_sys::*;

/// Who has the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Owner {
    /// The framework: it is queued, or was never presented.
    Framework,
    /// The driver: it must complete it, or pass it on.
    Driver,
    /// Nobody: it was completed.
    Completed,
}

/// Whether the driver can lose the request to cancellation.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Cancelable {
    No,
    /// The driver marked it.
    Yes(PFN_WDF_REQUEST_CANCEL),
    /// The cancel callback ran, runs or will run.
    Taken,
}

/// A `WDFREQUEST`.
pub(crate) struct Request {
    irp: RefCell<Option<Rc<Irp>>>,
    pub(crate) operation: Operation,
    pub(crate) owner: Cell<Owner>,
    /// The queue it is in, or that presented it.
    pub(crate) queue: RefCell<Option<Ref<Queue>>>,
    pub(crate) cancelable: Cell<Cancelable>,
    /// It was given to the driver before (`CAN1`).
    pub(crate) presented: Cell<bool>,
    /// EvtIoInCallerContext has it (`QCR11`).
    pub(crate) in_caller: Cell<bool>,
    /// `WdfRequestStopAcknowledge` was called.
    pub(crate) stop_acknowledged: Cell<bool>,
    /// EvtIoStop is running for it.
    pub(crate) stopping: Cell<bool>,
    pub(crate) information: Cell<usize>,
    /// Memory objects over its buffers, made on demand.
    pub(crate) input_memory: RefCell<Option<Rc<Object>>>,
    pub(crate) output_memory: RefCell<Option<Rc<Object>>>,
}

impl Request {
    pub(crate) fn irp(&self) -> Option<Rc<Irp>> {
        self.irp.borrow().clone()
    }

    /// The same, to look at.
    pub(crate) fn packet(&self) -> std::cell::Ref<'_, Option<Rc<Irp>>> {
        self.irp.borrow()
    }

    pub(crate) fn queue(&self) -> Option<Ref<Queue>> {
        self.queue.borrow().clone()
    }

    pub(crate) fn forget(&self) {
        self.irp.take();
        self.queue.take();
        self.input_memory.take();
        self.output_memory.take();
    }

    /// `IRP.Cancel`.
    pub(crate) fn is_cancelled(&self) -> bool {
        self.irp.borrow().as_ref().is_some_and(|irp| irp.cancelled.get())
    }
}

/// Makes the request object of a packet that arrived at a device.
pub(crate) fn create(k: &Kernel, device: &Ref<Device>, irp: &Rc<Irp>) -> Result<Ref<Request>, NTSTATUS> {
    let attributes = device.request_attributes.get().unwrap_or(Attributes::NONE);
    let request = Request {
        irp: RefCell::new(Some(irp.clone())),
        operation: irp.operation,
        owner: Cell::new(Owner::Framework),
        queue: RefCell::default(),
        cancelable: Cell::new(Cancelable::No),
        presented: Cell::new(false),
        in_caller: Cell::new(false),
        stop_acknowledged: Cell::new(false),
        stopping: Cell::new(false),
        information: Cell::new(0),
        input_memory: RefCell::default(),
        output_memory: RefCell::default(),
    };
    let object = k.create(Body::Request(request), device.object.driver.clone(), None, &attributes)?;
    *irp.request.borrow_mut() = Some(object.clone());
    k.trace.event(k, || format!("{} is I/O {} ({:?})", object.label(), irp.number, irp.operation));
    Ok(Ref::new(object))
}

/// The driver completes a request (`OWN7`, `OWN8`).
pub(crate) fn complete_by_driver(k: &Kernel, request: &Ref<Request>, status: NTSTATUS, information: usize) {
    let object = &request.object;
    match request.owner.get() {
        Owner::Driver => {}
        Owner::Completed => k.fatal(
            &rules::requests::COMPLETED_TWICE,
            format!("{} was completed, and it was completed before", object.label()),
            object.history(k),
        ),
        Owner::Framework => k.fatal(
            &rules::requests::NOT_OWNED,
            format!("{} was completed, but the driver does not own it", object.label()),
            object.history(k),
        ),
    }
    if let Cancelable::Yes(_) = request.cancelable.get() {
        k.violation_of(
            &rules::requests::CANCELABLE_COMPLETED,
            format!("{} was completed while it could be cancelled", object.label()),
            object,
        );
        request.cancelable.set(Cancelable::No);
    }
    if NT_SUCCESS(status) && k.verifies(Level::Standard) {
        let buffered = request.packet().as_ref().is_some_and(|irp| irp.transfer == Transfer::Buffered);
        let limit = match request.operation {
            Operation::Read { length, .. } | Operation::Write { length, .. } => Some(length),
            Operation::DeviceControl { output, .. } if output > 0 => Some(output),
            Operation::DeviceControl { .. } if buffered => Some(0),
            _ => None,
        };
        if let Some(limit) = limit.filter(|&limit| information > limit) {
            k.violation_of(
                &rules::requests::INFORMATION,
                format!(
                    "{} ({}) was completed with Information {information}, and its buffer has {limit} bytes",
                    object.label(),
                    request.operation.name(),
                ),
                object,
            );
        }
    }
    complete(k, request, facility(status), information);
}

/// Completes a request on the framework's behalf, or on the driver's after the checks.
pub(crate) fn complete(k: &Kernel, request: &Ref<Request>, status: NTSTATUS, information: usize) {
    let object = &request.object;
    let was_owned = request.owner.replace(Owner::Completed) == Owner::Driver;
    object.note(k, "completed");
    k.trace.event(k, || format!("  {} -> {} ({information})", object.label(), name_of(status)));
    // Cleanup of the request and of what is below it comes before the packet completes, destruction after.
    k.dispose(object);
    for place in [&request.input_memory, &request.output_memory] {
        if let Some(memory) = place.take() {
            end_memory(k, object, &memory);
        }
    }
    let irp = request.irp.take();
    if let Some(irp) = irp {
        irp.complete(k, status, information);
    }
    // The queue lets go of the request, and goes on, before it is destroyed (`OWN12`): its destroy callback can let
    // other processors run, which find it nowhere any more.
    if let Some(queue) = request.queue.take() {
        if was_owned {
            queue::released(k, &queue, object);
        }
        queue::dispatch_internal(k, &queue);
    }
    k.release_tree(object);
}

/// Deletes a memory object over a buffer of a completed request (`BUF4`).
#[cold]
fn end_memory(k: &Kernel, request: &Rc<Object>, memory: &Rc<Object>) {
    if memory.references() > 1 {
        k.fatal(
            &rules::requests::MEMORY_REFERENCED,
            format!("{} was completed, and {} is still referenced", request.label(), memory.label()),
            memory.history(k),
        );
    }
    k.delete(memory);
}

/// Statuses of the framework's own facility do not reach the I/O manager.
fn facility(status: NTSTATUS) -> NTSTATUS {
    const FACILITY: u32 = 0x20;
    if (status as u32) >> 30 != 3 || (status as u32 >> 16) & 0xFFF != FACILITY {
        return status;
    }
    match status {
        STATUS_WDF_PAUSED | STATUS_WDF_BUSY => STATUS_DEVICE_BUSY,
        STATUS_WDF_INTERNAL_ERROR => STATUS_INTERNAL_ERROR,
        STATUS_WDF_NOT_ENOUGH_MAP_REGISTERS => STATUS_INSUFFICIENT_RESOURCES,
        _ => STATUS_INVALID_DEVICE_REQUEST,
    }
}

/// The name of a status, or its number.
pub(crate) fn name_of(status: NTSTATUS) -> String {
    match status_name(status) {
        Some(name) => name.to_owned(),
        None => format!("{:#010X}", status as u32),
    }
}

impl Kernel {
    /// As [`violation`](Self::violation), with the history of the object that it is about.
    #[cold]
    pub(crate) fn violation_of(
        &self,
        rule: &'static crate::verifier::Rule,
        effect: String,
        object: &Rc<Object>,
    ) {
        if self.verifies(rule.level) {
            self.fatal(rule, effect, object.history(self));
        }
    }
}
