//! I/O request packets as the model keeps them, with the application's memory that they carry.

use crate::framework::objects::{Object, Ref};
use crate::framework::wdfdevice::Device;
use crate::framework::{queue, wdffileobject};
use crate::kernel::Kernel;
use crate::kernel::buffer::Buffer;
use crate::kernel::irql::PASSIVE;
use crate::sched::lock::Event;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wdk_sys::*;

/// What a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operation {
    Create,
    Read { length: usize, offset: i64 },
    Write { length: usize, offset: i64 },
    DeviceControl { code: u32, input: usize, output: usize },
    InternalDeviceControl { code: u32, input: usize, output: usize },
}

impl Operation {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Read { .. } => "read",
            Self::Write { .. } => "write",
            Self::DeviceControl { .. } => "device control",
            Self::InternalDeviceControl { .. } => "internal device control",
        }
    }

    pub(crate) fn request_type(self) -> WDF_REQUEST_TYPE {
        use _WDF_REQUEST_TYPE as T;
        match self {
            Self::Create => T::WdfRequestTypeCreate,
            Self::Read { .. } => T::WdfRequestTypeRead,
            Self::Write { .. } => T::WdfRequestTypeWrite,
            Self::DeviceControl { .. } => T::WdfRequestTypeDeviceControl,
            Self::InternalDeviceControl { .. } => T::WdfRequestTypeDeviceControlInternal,
        }
    }
}

/// How a request's data gets to the driver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transfer {
    Buffered,
    Direct,
    Neither,
}

/// The memory of a request, until it is done.
struct Buffers {
    input: Buffer,
    output: Buffer,
    /// The system buffer of buffered controls, which serves both ways (`BUF3`).
    system: Option<Buffer>,
}

impl Buffers {
    const NONE: Self = Self { input: Buffer::EMPTY, output: Buffer::EMPTY, system: None };
}

/// A request on its way through the system.
pub(crate) struct Irp {
    pub(crate) number: u64,
    pub(crate) operation: Operation,
    pub(crate) transfer: Transfer,
    /// Number of the file it came through.
    pub(crate) file: u32,
    /// The `WDFFILEOBJECT` of that file.
    pub(crate) file_object: RefCell<Option<Rc<Object>>>,
    /// Length of the input.
    input: usize,
    buffers: RefCell<Buffers>,
    /// The program's own addresses, instead of memory of the packet: input and output.
    given: Option<[(usize, usize); 2]>,
    pub(crate) request: RefCell<Option<Rc<Object>>>,
    pub(crate) cancelled: Cell<bool>,
    pub(crate) done: Event,
    status: Cell<NTSTATUS>,
    information: Cell<usize>,
    /// Data that the application gets, once it is done.
    returned: RefCell<Vec<u8>>,
    /// The device that it is sent to.
    pub(crate) to: Option<Ref<Device>>,
    /// The IRQL at which it arrives there.
    pub(crate) irql: KIRQL,
    /// The device has got it.
    pub(crate) sent: Cell<bool>,
}

impl Irp {
    /// A packet that asks for nothing yet, from a file to a device.
    pub(crate) fn blank(file: u32, to: Option<Ref<Device>>) -> Self {
        Self {
            number: 0,
            operation: Operation::Create,
            transfer: Transfer::Buffered,
            file,
            file_object: RefCell::default(),
            input: 0,
            buffers: RefCell::new(Buffers::NONE),
            given: None,
            request: RefCell::default(),
            cancelled: Cell::new(false),
            done: Event::default(),
            status: Cell::new(STATUS_PENDING),
            information: Cell::new(0),
            returned: RefCell::default(),
            to,
            irql: PASSIVE,
            sent: Cell::new(false),
        }
    }

    /// Sets what it asks for; one that is done can ask again. `device` says how the device's reads and writes transfer
    /// their data.
    pub(crate) fn ask(&mut self, number: u64, operation: Operation, device: Transfer, data: &[u8]) {
        let (transfer, output) = match operation {
            Operation::Create => (Transfer::Buffered, 0),
            Operation::Write { .. } => (device, 0),
            Operation::Read { length, .. } => (device, length),
            Operation::DeviceControl { code, output, .. }
            | Operation::InternalDeviceControl { code, output, .. } => {
                let transfer = match code & 3 {
                    METHOD_BUFFERED => Transfer::Buffered,
                    METHOD_NEITHER => Transfer::Neither,
                    _ => Transfer::Direct,
                };
                (transfer, output)
            }
        };
        let control =
            matches!(operation, Operation::DeviceControl { .. } | Operation::InternalDeviceControl { .. });
        let buffers = if transfer == Transfer::Buffered && control {
            let system = Some(Buffer::new(data.len().max(output), data));
            Buffers { input: Buffer::EMPTY, output: Buffer::EMPTY, system }
        } else {
            // The input of IN_DIRECT and OUT_DIRECT is buffered, and the input memory serves as that.
            Buffers { input: Buffer::new(data.len(), data), output: Buffer::new(output, &[]), system: None }
        };
        self.number = number;
        self.operation = operation;
        self.transfer = transfer;
        self.input = data.len();
        *self.buffers.get_mut() = buffers;
        self.given = None;
        self.cancelled.set(false);
        self.done.clear();
        self.status.set(STATUS_PENDING);
        self.information.set(0);
        self.returned.get_mut().clear();
        self.sent.set(false);
    }

    /// Makes it a control with METHOD_NEITHER, with addresses and lengths as a program gives them.
    pub(crate) fn ask_at(&mut self, number: u64, code: u32, input: (usize, usize), output: (usize, usize)) {
        // Without memory of its own, whatever the program says that the lengths are.
        let empty = Operation::DeviceControl { code, input: 0, output: 0 };
        self.ask(number, empty, Transfer::Neither, &[]);
        self.operation = Operation::DeviceControl { code, input: input.1, output: output.1 };
        self.given = Some([input, output]);
    }

    /// Where the driver finds the input, and how long it is.
    pub(crate) fn input(&self) -> (*mut u8, usize) {
        if let Some([input, _]) = self.given {
            return (std::ptr::with_exposed_provenance_mut(input.0), input.1);
        }
        let buffers = self.buffers.borrow();
        (buffers.system.as_ref().unwrap_or(&buffers.input).pointer(), self.input)
    }

    /// Where the driver puts the output, and how much fits.
    pub(crate) fn output(&self) -> (*mut u8, usize) {
        if let Some([_, output]) = self.given {
            return (std::ptr::with_exposed_provenance_mut(output.0), output.1);
        }
        let buffers = self.buffers.borrow();
        match (&buffers.system, self.operation) {
            (
                Some(system),
                Operation::DeviceControl { output, .. } | Operation::InternalDeviceControl { output, .. },
            ) => (system.pointer(), output),
            _ => (buffers.output.pointer(), buffers.output.length()),
        }
    }

    pub(crate) fn is_done(&self) -> bool {
        self.done.is_set()
    }

    pub(crate) fn status(&self) -> NTSTATUS {
        self.status.get()
    }

    pub(crate) fn information(&self) -> usize {
        self.information.get()
    }

    /// The bytes that came back.
    pub(crate) fn take_returned(&self) -> Vec<u8> {
        self.returned.take()
    }

    /// Completes the packet: copies back what the driver returned and wakes who waits.
    pub(crate) fn complete(&self, k: &Kernel, status: NTSTATUS, information: usize) {
        self.status.set(status);
        self.information.set(information);
        // The I/O manager copies back unless the status is an error.
        let error = (status as u32) >> 30 == 3;
        // What the program gave an address for is there already.
        if !error && self.given.is_none() && !matches!(self.operation, Operation::Write { .. }) {
            let (_, capacity) = self.output();
            let count = information.min(capacity);
            let buffers = self.buffers.borrow();
            *self.returned.borrow_mut() = buffers.system.as_ref().unwrap_or(&buffers.output).copy(count);
        }
        // What the driver still knows of the memory leads nowhere from here on.
        self.buffers.replace(Buffers::NONE);
        self.request.take();
        let file = self.file_object.take();
        self.done.set(k);
        if let Some(file) = file {
            wdffileobject::request_done(k, &file);
        }
    }

    /// Cancels the packet, as `CancelIoEx` and the end of a thread do.
    pub(crate) fn cancel(self: &Rc<Self>, k: &Kernel) {
        if self.is_done() || self.cancelled.replace(true) {
            return;
        }
        k.trace.event(k, || format!("cancel I/O {}", self.number));
        let request = self.request.borrow().clone();
        if let Some(request) = request {
            queue::irp_cancelled(k, &request);
        }
    }
}
