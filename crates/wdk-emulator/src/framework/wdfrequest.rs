//! Request functions.
//!
//! DDI header: `wdfrequest.h`.

use super::objects::{Body, Is, NotFound, Ref};
use super::queue::{self, Queue};
use super::request::{self, Cancelable, Owner, Request};
use super::wdffileobject::FileObject;
use super::wdfio::owned_request;
use crate::abi::{Bodies, Call};
use crate::kernel::irp::Operation;
use crate::verifier::rules;
use wdk_sys::*;

#[allow(non_snake_case)]
impl Bodies {
    pub(crate) fn WdfRequestComplete(call: &Call, Request: WDFREQUEST, Status: NTSTATUS) {
        let request = request_to_complete(call, Request);
        let information = request.information.get();
        request::complete_by_driver(call, &request, Status, information);
    }

    pub(crate) fn WdfRequestCompleteWithInformation(
        call: &Call,
        Request: WDFREQUEST,
        Status: NTSTATUS,
        Information: ULONG_PTR,
    ) {
        let request = request_to_complete(call, Request);
        request::complete_by_driver(call, &request, Status, Information as usize);
    }

    pub(crate) fn WdfRequestCompleteWithPriorityBoost(
        call: &Call,
        Request: WDFREQUEST,
        Status: NTSTATUS,
        PriorityBoost: CCHAR,
    ) {
        let request = request_to_complete(call, Request);
        // Threads of this machine have no priorities; the boost is only traced.
        call.trace.event(call, || format!("  boost {PriorityBoost}"));
        let information = request.information.get();
        request::complete_by_driver(call, &request, Status, information);
    }

    pub(crate) fn WdfRequestSetInformation(call: &Call, Request: WDFREQUEST, Information: ULONG_PTR) {
        owned_request(call, Request).information.set(Information as usize);
    }

    pub(crate) fn WdfRequestGetInformation(call: &Call, Request: WDFREQUEST) -> ULONG_PTR {
        call.get::<Request, _>(Request).information.get() as ULONG_PTR
    }

    pub(crate) fn WdfRequestGetStatus(call: &Call, Request: WDFREQUEST) -> NTSTATUS {
        call.get::<Request, _>(Request).irp().map_or(STATUS_UNSUCCESSFUL, |irp| irp.status())
    }

    pub(crate) fn WdfRequestGetIoQueue(call: &Call, Request: WDFREQUEST) -> WDFQUEUE {
        match call.get::<Request, _>(Request).queue() {
            Some(queue) => queue.object.handle(),
            None => std::ptr::null_mut(),
        }
    }

    pub(crate) fn WdfRequestGetFileObject(call: &Call, Request: WDFREQUEST) -> WDFFILEOBJECT {
        let irp = call.get::<Request, _>(Request).irp();
        let file = irp.and_then(|irp| irp.file_object.borrow().clone());
        // A driver that asked for none has none (`FIL1`).
        let file = file.filter(|file| FileObject::of(&file.body).is_some_and(FileObject::is_shown));
        file.map_or(std::ptr::null_mut(), |file| file.handle())
    }

    pub(crate) fn WdfRequestGetRequestorMode(call: &Call, Request: WDFREQUEST) -> KPROCESSOR_MODE {
        match owned_request(call, Request).operation {
            // Only drivers send these.
            Operation::InternalDeviceControl { .. } => _MODE::KernelMode as KPROCESSOR_MODE,
            _ => _MODE::UserMode as KPROCESSOR_MODE,
        }
    }

    pub(crate) fn WdfRequestIsCanceled(call: &Call, Request: WDFREQUEST) -> BOOLEAN {
        let request = owned_request(call, Request);
        // `CAN5`
        if matches!(request.cancelable.get(), Cancelable::Yes(_)) {
            call.violation_of(
                &rules::requests::STATE,
                format!(
                    "`WdfRequestIsCanceled` was called for {}, which is cancelable",
                    request.object.label()
                ),
                &request.object,
            );
            return 0;
        }
        request.is_cancelled() as BOOLEAN
    }

    pub(crate) fn WdfRequestGetParameters(
        call: &Call,
        Request: WDFREQUEST,
        Parameters: PWDF_REQUEST_PARAMETERS,
    ) {
        let request = owned_request(call, Request);
        call.writable("`Parameters`", Parameters, 1);
        // SAFETY: the driver passes parameters; null was refused at the entry.
        unsafe { Parameters.write(parameters(request.operation)) };
    }

    pub(crate) fn WdfRequestMarkCancelable(
        call: &Call,
        Request: WDFREQUEST,
        EvtRequestCancel: PFN_WDF_REQUEST_CANCEL,
    ) {
        mark(call, Request, EvtRequestCancel, false);
    }

    pub(crate) fn WdfRequestMarkCancelableEx(
        call: &Call,
        Request: WDFREQUEST,
        EvtRequestCancel: PFN_WDF_REQUEST_CANCEL,
    ) -> NTSTATUS {
        mark(call, Request, EvtRequestCancel, true)
    }

    pub(crate) fn WdfRequestUnmarkCancelable(call: &Call, Request: WDFREQUEST) -> NTSTATUS {
        let request = call.get::<Request, _>(Request);
        // `CAN3`
        match request.cancelable.get() {
            Cancelable::Yes(_) => {
                request.cancelable.set(Cancelable::No);
                request.object.note(call, "unmarked cancelable");
                STATUS_SUCCESS
            }
            Cancelable::Taken => STATUS_CANCELLED,
            Cancelable::No => {
                call.violation_of(
                    &rules::requests::STATE,
                    format!("{} was unmarked, but it was not cancelable", request.object.label()),
                    &request.object,
                );
                STATUS_INVALID_DEVICE_REQUEST
            }
        }
    }

    pub(crate) fn WdfRequestForwardToIoQueue(
        call: &Call,
        Request: WDFREQUEST,
        DestinationQueue: WDFQUEUE,
    ) -> NTSTATUS {
        let request = owned_request(call, Request);
        let to = call.get::<Queue, _>(DestinationQueue);
        let Some(from) = request.queue() else { return STATUS_INVALID_DEVICE_REQUEST };
        let cancelable = can_be_cancelled(&from, &request);
        let same_queue = std::rc::Rc::ptr_eq(&from.object, &to.object);
        let same_device = std::rc::Rc::ptr_eq(&from.device().object, &to.device().object);
        if cancelable || same_queue || !same_device {
            let why = if cancelable {
                "it is cancelable"
            } else if same_queue {
                "it is in that queue already"
            } else {
                "the queue belongs to another device"
            };
            call.violation_of(
                &rules::requests::STATE,
                format!("{} was forwarded to {}, but {why}", request.object.label(), to.object.label()),
                &request.object,
            );
            return STATUS_INVALID_DEVICE_REQUEST;
        }
        super::status(queue::forward(call, &request, &to))
    }

    pub(crate) fn WdfRequestRequeue(call: &Call, Request: WDFREQUEST) -> NTSTATUS {
        let request = owned_request(call, Request);
        let Some(from) = request.queue() else { return STATUS_INVALID_DEVICE_REQUEST };
        if from.dispatching != queue::Dispatching::Manual || can_be_cancelled(&from, &request) {
            return STATUS_INVALID_DEVICE_REQUEST;
        }
        queue::requeue(call, &from, &request);
        STATUS_SUCCESS
    }

    pub(crate) fn WdfRequestStopAcknowledge(call: &Call, Request: WDFREQUEST, Requeue: BOOLEAN) {
        let request = owned_request(call, Request);
        // `PMI2`
        if !request.stopping.get() {
            call.violation_of(
                &rules::requests::STATE,
                format!(
                    "`WdfRequestStopAcknowledge` was called for {} outside EvtIoStop",
                    request.object.label()
                ),
                &request.object,
            );
        }
        if Requeue != 0 {
            if !matches!(request.cancelable.get(), Cancelable::No) {
                call.violation_of(
                    &rules::requests::STATE,
                    format!("{} was given back in EvtIoStop while it is cancelable", request.object.label()),
                    &request.object,
                );
            }
            if let Some(queue) = request.queue() {
                queue::requeue(call, &queue, &request);
            }
        } else if request.stopping.get() {
            // Nobody looks at what comes later.
            request.stop_acknowledged.set(true);
            if let Some(queue) = request.queue() {
                queue.progress.set(call);
            }
        }
    }
}

/// The parameters of an operation, as drivers see them.
pub(crate) fn parameters(operation: Operation) -> WDF_REQUEST_PARAMETERS {
    let mut parameters = WDF_REQUEST_PARAMETERS {
        Size: size_of::<WDF_REQUEST_PARAMETERS>() as USHORT,
        Type: operation.request_type(),
        ..WDF_REQUEST_PARAMETERS::default()
    };
    match operation {
        // The security context of a program's open is not modelled: there is none.
        Operation::Create => {}
        Operation::Read { length, offset } => {
            parameters.Parameters.Read.Length = length;
            parameters.Parameters.Read.DeviceOffset = offset;
        }
        Operation::Write { length, offset } => {
            parameters.Parameters.Write.Length = length;
            parameters.Parameters.Write.DeviceOffset = offset;
        }
        Operation::DeviceControl { code, input, output }
        | Operation::InternalDeviceControl { code, input, output } => {
            parameters.Parameters.DeviceIoControl.OutputBufferLength = output;
            parameters.Parameters.DeviceIoControl.InputBufferLength = input;
            parameters.Parameters.DeviceIoControl.IoControlCode = code;
        }
    }
    parameters
}

/// Whether the driver can still lose the request to a cancel callback that has not been called.
fn can_be_cancelled(queue: &Ref<Queue>, request: &Ref<Request>) -> bool {
    matches!(request.cancelable.get(), Cancelable::Yes(_)) || queue.cancel_is_due(request)
}

/// The request that a driver completes: the checks of ownership come with completion, which knows more.
fn request_to_complete(call: &Call, request: WDFREQUEST) -> Ref<Request> {
    let object =
        call.objects.get(request.cast()).unwrap_or_else(|| match call.objects.missing(request.cast()) {
            // A completed request's handle is dead; say what it was rather than that the handle is.
            NotFound::Deleted { label, history } if label.starts_with("WDFREQUEST") => call.fatal(
                &rules::requests::COMPLETED_TWICE,
                format!("{label} was completed, and it was completed before"),
                history,
            ),
            _ => call.object(request.cast()),
        });
    if matches!(&object.body, Body::Request(request) if request.owner.get() == Owner::Completed) {
        return Ref::new(object);
    }
    call.of_type(object)
}

/// Most functions take only requests that the driver owns.
pub(crate) fn must_own(call: &Call, request: &Ref<Request>) {
    if request.owner.get() != Owner::Driver {
        let state = match request.owner.get() {
            Owner::Completed => "completed it",
            _ => "gave it away, or never had it",
        };
        call.violation_of(
            &rules::requests::NOT_OWNED,
            format!(
                "`{}` was called for {}, but the driver {state}",
                call.entry.name,
                request.object.label()
            ),
            &request.object,
        );
    }
}

fn mark(call: &Call, request: WDFREQUEST, cancel: PFN_WDF_REQUEST_CANCEL, fail: bool) -> NTSTATUS {
    let request = owned_request(call, request);
    let Some(queue) = request.queue() else { return STATUS_INVALID_DEVICE_REQUEST };
    if !matches!(request.cancelable.get(), Cancelable::No) {
        call.violation_of(
            &rules::requests::STATE,
            format!("{} was marked cancelable twice", request.object.label()),
            &request.object,
        );
        return STATUS_INVALID_DEVICE_REQUEST;
    }
    queue::mark_cancelable(call, &queue, &request, cancel, fail)
}
