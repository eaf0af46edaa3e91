//! I/O request packets as the model keeps them, with the application's memory that they carry.

use crate::framework::objects::{Object, Ref};
use crate::framework::wdfdevice::Device;
use crate::framework::{queue, wdffileobject};
use crate::kernel::Kernel;
use crate::sched::lock::Event;
use std::alloc::Layout;
use std::cell::{Cell, RefCell};
use std::ptr::NonNull;
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

/// Memory of a request: aligned as the kernel's pool is, and not a byte longer than asked for.
struct Buffer {
    start: NonNull<u8>,
    length: usize,
}

impl Buffer {
    const EMPTY: Self = Self { start: NonNull::<u128>::dangling().cast(), length: 0 };

    fn layout(length: usize) -> Layout {
        Layout::from_size_align(length, 16).expect("a buffer fits into the address space")
    }

    /// Memory whose first bytes are a copy of `data`, and the others `UNINITIALISED`.
    fn new(length: usize, data: &[u8]) -> Self {
        if length == 0 {
            return Self::EMPTY;
        }
        let layout = Self::layout(length);
        // SAFETY: the layout has a size.
        let start = unsafe { std::alloc::alloc(layout) };
        let Some(start) = NonNull::new(start) else { std::alloc::handle_alloc_error(layout) };
        let copied = data.len().min(length);
        // SAFETY: new memory of at least `copied` bytes.
        unsafe { start.as_ptr().copy_from_nonoverlapping(data.as_ptr(), copied) };
        let rest = start.as_ptr().wrapping_add(copied);
        // SAFETY: the remaining bytes of that memory.
        unsafe { rest.write_bytes(UNINITIALISED, length - copied) };
        Self { start, length }
    }

    fn pointer(&self) -> *mut u8 {
        self.start.as_ptr()
    }

    /// A copy of the first bytes.
    fn copy(&self, count: usize) -> Vec<u8> {
        assert!(count <= self.length);
        // SAFETY: all bytes were written when the buffer was made, and no driver code runs meanwhile.
        unsafe { std::slice::from_raw_parts(self.start.as_ptr(), count) }.to_vec()
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        if self.length > 0 {
            // SAFETY: allocated by `new` with this layout.
            unsafe { std::alloc::dealloc(self.start.as_ptr(), Self::layout(self.length)) };
        }
    }
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
    /// The device that it is sent to, and the IRQL at which it arrives.
    pub(crate) to: Option<(Ref<Device>, KIRQL)>,
    /// The device has got it.
    pub(crate) sent: Cell<bool>,
}

impl Irp {
    pub(crate) fn new(number: u64, operation: Operation, device: Transfer, file: u32, data: &[u8]) -> Self {
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
        Self {
            number,
            operation,
            transfer,
            file,
            file_object: RefCell::default(),
            input: data.len(),
            buffers: RefCell::new(buffers),
            given: None,
            request: RefCell::default(),
            cancelled: Cell::new(false),
            done: Event::default(),
            status: Cell::new(STATUS_PENDING),
            information: Cell::new(0),
            returned: RefCell::default(),
            to: None,
            sent: Cell::new(false),
        }
    }

    /// Puts it where one that is done was, if nobody refers to that any more.
    pub(crate) fn place(self, old: Option<Rc<Self>>) -> Rc<Self> {
        let Some(mut old) = old else { return Rc::new(self) };
        match Rc::get_mut(&mut old) {
            Some(place) => *place = self,
            None => return Rc::new(self),
        }
        old
    }

    /// A packet of a control with METHOD_NEITHER, with addresses and lengths as a program gives them.
    pub(crate) fn given(
        number: u64,
        code: u32,
        file: u32,
        input: (usize, usize),
        output: (usize, usize),
    ) -> Self {
        // Without memory of its own, whatever the program says that the lengths are.
        let empty = Operation::DeviceControl { code, input: 0, output: 0 };
        Self {
            operation: Operation::DeviceControl { code, input: input.1, output: output.1 },
            given: Some([input, output]),
            ..Self::new(number, empty, Transfer::Neither, file, &[])
        }
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
            _ => (buffers.output.pointer(), buffers.output.length),
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
