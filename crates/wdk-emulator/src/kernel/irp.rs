//! I/O request packets as the model keeps them, with the application's memory that they carry.

use crate::framework::objects::Object;
use crate::framework::{queue, wdffileobject};
use crate::kernel::Kernel;
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

/// Memory that is aligned as the kernel's pool is.
struct Aligned {
    words: Vec<u128>,
    length: usize,
}

impl Aligned {
    fn new(length: usize, fill: u8) -> Self {
        Self { words: vec![u128::from_ne_bytes([fill; 16]); length.div_ceil(16)], length }
    }

    fn pointer(&mut self) -> *mut u8 {
        self.words.as_mut_ptr().cast()
    }

    fn bytes(&mut self) -> &mut [u8] {
        // SAFETY: `length` bytes lie within the words, and any bytes are valid.
        unsafe { std::slice::from_raw_parts_mut(self.words.as_mut_ptr().cast(), self.length) }
    }
}

/// What fills memory that Windows would leave as it was: a driver that returns it gives itself away.
pub(crate) const UNINITIALISED: u8 = 0xBA;

/// A request on its way through the system.
pub(crate) struct Irp {
    pub(crate) number: u64,
    pub(crate) operation: Operation,
    pub(crate) transfer: Transfer,
    /// Number of the file it came through.
    pub(crate) file: u32,
    /// The `WDFFILEOBJECT` of that file.
    pub(crate) file_object: RefCell<Option<Rc<Object>>>,
    input: RefCell<Aligned>,
    output: RefCell<Aligned>,
    /// The system buffer of buffered I/O.
    system: RefCell<Option<Aligned>>,
    pub(crate) request: RefCell<Option<Rc<Object>>>,
    pub(crate) cancelled: Cell<bool>,
    pub(crate) done: Event,
    status: Cell<NTSTATUS>,
    information: Cell<usize>,
    /// Data that the application gets, once it is done.
    returned: RefCell<Vec<u8>>,
}

impl Irp {
    pub(crate) fn new(
        number: u64,
        operation: Operation,
        device: Transfer,
        file: u32,
        data: &[u8],
    ) -> Rc<Self> {
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
        let mut input = Aligned::new(data.len(), 0);
        input.bytes().copy_from_slice(data);
        let irp = Self {
            number,
            operation,
            transfer,
            file,
            file_object: RefCell::default(),
            input: RefCell::new(input),
            output: RefCell::new(Aligned::new(0, 0)),
            system: RefCell::default(),
            request: RefCell::default(),
            cancelled: Cell::new(false),
            done: Event::default(),
            status: Cell::new(STATUS_PENDING),
            information: Cell::new(0),
            returned: RefCell::default(),
        };
        let control =
            matches!(operation, Operation::DeviceControl { .. } | Operation::InternalDeviceControl { .. });
        if transfer == Transfer::Buffered && control {
            // One system buffer serves both ways (`BUF3`).
            let mut system = Aligned::new(data.len().max(output), UNINITIALISED);
            system.bytes()[..data.len()].copy_from_slice(data);
            *irp.system.borrow_mut() = Some(system);
        } else {
            // The input of IN_DIRECT and OUT_DIRECT is buffered, and the input memory serves as that.
            *irp.output.borrow_mut() = Aligned::new(output, UNINITIALISED);
        }
        Rc::new(irp)
    }

    /// Where the driver finds the input, and how long it is.
    pub(crate) fn input(&self) -> (*mut u8, usize) {
        let length = self.input.borrow().length;
        match &mut *self.system.borrow_mut() {
            Some(system) => (system.pointer(), length),
            None => (self.input.borrow_mut().pointer(), length),
        }
    }

    /// Where the driver puts the output, and how much fits.
    pub(crate) fn output(&self) -> (*mut u8, usize) {
        match self.operation {
            Operation::DeviceControl { output, .. } | Operation::InternalDeviceControl { output, .. }
                if self.transfer == Transfer::Buffered =>
            {
                let mut system = self.system.borrow_mut();
                (system.as_mut().expect("buffered controls have one").pointer(), output)
            }
            _ => {
                let mut output = self.output.borrow_mut();
                (output.pointer(), output.length)
            }
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
        if !error && !matches!(self.operation, Operation::Write { .. }) {
            let (_, capacity) = self.output();
            let count = information.min(capacity);
            let mut system = self.system.borrow_mut();
            let mut output = self.output.borrow_mut();
            let source = match &mut *system {
                Some(system) => system.bytes(),
                None => output.bytes(),
            };
            *self.returned.borrow_mut() = source[..count].to_vec();
        }
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
