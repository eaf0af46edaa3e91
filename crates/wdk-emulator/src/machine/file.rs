//! An application's handle to a device.

use super::Machine;
use super::error::{Error, Result};
use crate::framework::objects::{Is, Ref};
use crate::framework::wdfdevice::Device;
use crate::framework::wdffileobject::FileObject;
use crate::framework::{caller, queue, request, wdffileobject};
use crate::kernel::irp::{Irp, Operation};
use crate::kernel::irql;
use crate::kernel::{Kernel, current};
use crate::sched::thread::{Role, Work};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wdk_sys::*;

/// An open device. Dropping it closes it.
///
/// Calls block: outside the machine's threads they run the machine until they are done, inside a thread that
/// [`Machine::spawn`](super::Machine::spawn) started they block that thread. Clones are the same handle.
#[derive(Clone)]
pub struct File {
    shared: Rc<Shared>,
    /// The IRQL at which its requests arrive.
    irql: u8,
}

struct Shared {
    machine: Machine,
    device: Ref<Device>,
    number: u32,
    object: RefCell<Option<Rc<crate::framework::objects::Object>>>,
    outstanding: RefCell<Vec<Rc<Irp>>>,
    closed: Cell<bool>,
}

/// The outcome of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// The status it was completed with.
    pub status: NTSTATUS,
    /// `IoStatus.Information`: usually the number of bytes.
    pub information: usize,
    /// What came back.
    pub data: Vec<u8>,
}

impl Completion {
    /// The completion of a request that succeeded.
    ///
    /// # Errors
    ///
    /// [`Error::Status`] otherwise.
    pub fn success(self) -> Result<Self> {
        if NT_SUCCESS(self.status) { Ok(self) } else { Err(Error::Status(self.status)) }
    }
}

/// A request that was started and not waited for.
#[must_use = "wait for it, or cancel it"]
pub struct Overlapped {
    file: File,
    irp: Rc<Irp>,
}

impl File {
    pub(super) fn open(machine: Machine, device: Ref<Device>, name: String) -> Result<Self> {
        let number = machine.kernel.next_file();
        if device.removed.get() {
            return Err(Error::Status(STATUS_NO_SUCH_DEVICE));
        }
        let opened = device.clone();
        let object = machine.run_on(Role::Application, "open", move |k| {
            k.trace.event(k, || format!("open file {number}"));
            wdffileobject::open(k, &opened, number, &name)
        })?;
        let shared = Shared {
            machine,
            device,
            number,
            object: RefCell::new(Some(object.map_err(Error::Status)?)),
            outstanding: RefCell::default(),
            closed: Cell::new(false),
        };
        Ok(Self { shared: Rc::new(shared), irql: irql::PASSIVE })
    }

    /// The same handle, whose requests arrive at DISPATCH_LEVEL, as from a driver above that completes or sends
    /// requests in its DPC.
    pub fn at_dispatch(&self) -> Self {
        Self { shared: self.shared.clone(), irql: irql::DISPATCH }
    }

    /// Writes, and returns how many bytes the driver says it took.
    ///
    /// # Errors
    ///
    /// [`Error::Status`] when the driver fails the request.
    pub fn write(&self, data: &[u8]) -> Result<usize> {
        let irp = self.send_operation(Operation::Write { length: data.len(), offset: 0 }, data)?;
        self.wait_for(&irp)?;
        if NT_SUCCESS(irp.status()) { Ok(irp.information()) } else { Err(Error::Status(irp.status())) }
    }

    /// Reads up to `length` bytes.
    ///
    /// # Errors
    ///
    /// [`Error::Status`] when the driver fails the request.
    pub fn read(&self, length: usize) -> Result<Vec<u8>> {
        Ok(self.start_read(length)?.wait()?.success()?.data)
    }

    /// Sends a device control and returns its output.
    ///
    /// # Errors
    ///
    /// [`Error::Status`] when the driver fails the request.
    pub fn ioctl(&self, code: u32, input: &[u8], output: usize) -> Result<Vec<u8>> {
        Ok(self.start_ioctl(code, input, output)?.wait()?.success()?.data)
    }

    /// Starts a write.
    ///
    /// # Errors
    ///
    /// [`Error::Stopped`] if the run is over.
    pub fn start_write(&self, data: &[u8]) -> Result<Overlapped> {
        self.start(Operation::Write { length: data.len(), offset: 0 }, data)
    }

    /// Starts a read.
    ///
    /// # Errors
    ///
    /// [`Error::Stopped`] if the run is over.
    pub fn start_read(&self, length: usize) -> Result<Overlapped> {
        self.start(Operation::Read { length, offset: 0 }, &[])
    }

    /// Starts a device control.
    ///
    /// # Errors
    ///
    /// [`Error::Stopped`] if the run is over.
    pub fn start_ioctl(&self, code: u32, input: &[u8], output: usize) -> Result<Overlapped> {
        self.start(Operation::DeviceControl { code, input: input.len(), output }, input)
    }

    /// Starts an internal device control, which only drivers send: as from a driver above.
    ///
    /// # Errors
    ///
    /// [`Error::Stopped`] if the run is over.
    pub fn start_internal_ioctl(&self, code: u32, input: &[u8], output: usize) -> Result<Overlapped> {
        self.start(Operation::InternalDeviceControl { code, input: input.len(), output }, input)
    }

    /// Starts a device control with METHOD_NEITHER and addresses of the caller's choice, (address, length) each: as a
    /// program does it that passes something else than its buffers. The driver finds them as they are.
    ///
    /// # Safety
    ///
    /// The driver may read and write at the addresses until the request is done. Memory that is there must be the
    /// caller's, and nobody else may use it meanwhile; a linked driver must not be given addresses without memory.
    ///
    /// # Errors
    ///
    /// `STATUS_INVALID_PARAMETER` for a code with another method, whose buffers the I/O manager would have copied or
    /// locked; [`Error::Stopped`] if the run is over.
    pub unsafe fn start_ioctl_at(
        &self,
        code: u32,
        input: (usize, usize),
        output: (usize, usize),
    ) -> Result<Overlapped> {
        if code & 3 != METHOD_NEITHER {
            return Err(Error::Status(STATUS_INVALID_PARAMETER));
        }
        let irp = self.send(|packet, number| packet.ask_at(number, code, input, output))?;
        Ok(Overlapped { irp, file: self.clone() })
    }

    fn start(&self, operation: Operation, data: &[u8]) -> Result<Overlapped> {
        Ok(Overlapped { irp: self.send_operation(operation, data)?, file: self.clone() })
    }

    /// Waits until a packet is done.
    fn wait_for(&self, irp: &Rc<Irp>) -> Result {
        let machine = &self.shared.machine;
        let k = &machine.kernel;
        if k.on_thread() {
            irp.done.wait(k, "an I/O request of the application");
            return Ok(());
        }
        k.run_until(|| irp.is_done()).map_err(|why| machine.unfinished(why))
    }

    fn send_operation(&self, operation: Operation, data: &[u8]) -> Result<Rc<Irp>> {
        let transfer = self.shared.device.transfer;
        self.send(|packet, number| packet.ask(number, operation, transfer, data))
    }

    /// Sends a packet, which `ask` says what to ask for, with its number.
    fn send(&self, ask: impl FnOnce(&mut Irp, u64)) -> Result<Rc<Irp>> {
        let shared = &self.shared;
        let k = &shared.machine.kernel;
        let object = shared.object.borrow().clone();
        if let Some(file) = object.as_ref().and_then(|object| FileObject::of(&object.body)) {
            file.outstanding.set(file.outstanding.get() + 1);
        }
        let mut irp = shared.packet();
        let packet = Rc::get_mut(&mut irp).expect("a packet that nobody else has");
        ask(packet, k.next_irp());
        *packet.file_object.get_mut() = object;
        packet.irql = self.irql;
        shared.outstanding.borrow_mut().push(irp.clone());
        shared.machine.run_work(Role::Application, "application", &irp, || irp.sent.get())?;
        Ok(irp)
    }

    /// Cancels every request of this handle that is not done (`CancelIoEx`).
    ///
    /// # Errors
    ///
    /// [`Error::Stopped`].
    pub fn cancel_all(&self) -> Result {
        let outstanding = self.shared.outstanding.take();
        self.shared.machine.run_on(Role::Application, "cancel", move |k| {
            for irp in outstanding {
                irp.cancel(k);
            }
        })
    }

    /// Closes the handle. Cleanup cancels its requests that wait in a queue of the framework; what the driver
    /// has stays ([`cancel_all`](Self::cancel_all) asks for it), and the file object goes with the last of it.
    ///
    /// # Errors
    ///
    /// [`Error::Stopped`].
    pub fn close(self) -> Result {
        self.shared.close()
    }
}

impl Shared {
    /// A packet to send: one that is done and that nobody refers to any more, or a new one.
    fn packet(&self) -> Rc<Irp> {
        let mut outstanding = self.outstanding.borrow_mut();
        let mut packet = None;
        let mut index = 0;
        while index < outstanding.len() {
            if outstanding[index].is_done() {
                packet = Some(outstanding.remove(index));
            } else {
                index += 1;
            }
        }
        packet
            .filter(|packet| Rc::strong_count(packet) == 1)
            .unwrap_or_else(|| Rc::new(Irp::blank(self.number, Some(self.device.clone()))))
    }

    fn close(&self) -> Result {
        if self.closed.replace(true) || self.machine.kernel.stopped() {
            return Ok(());
        }
        self.outstanding.take();
        let (object, number) = (self.object.take(), self.number);
        self.machine.run_on(Role::Application, "close", move |k| {
            if let Some(object) = object {
                wdffileobject::cleanup(k, &object, number);
            }
        })
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        // What stops the run now is in the machine's verdict.
        let _ = self.close();
    }
}

/// A packet is sent to its device on a thread of the application.
impl Work for Irp {
    fn run(self: Rc<Self>) {
        if let Some(device) = &self.to {
            submit(current(), device, &self, self.irql);
        }
        self.sent.set(true);
    }
}

/// Sends a packet to a device, at an IRQL.
fn submit(k: &Kernel, device: &Ref<Device>, irp: &Rc<Irp>, irql: u8) {
    k.trace.event(k, || format!("I/O {} on file {}: {}", irp.number, irp.file, irp.operation.name()));
    if device.closed.get() {
        return irp.complete(k, STATUS_NO_SUCH_DEVICE, 0);
    }
    if irql > k.irql() {
        k.set_irql(irql);
    }
    match request::create(k, device, irp) {
        Ok(request) if device.in_caller.is_some() => caller::present(k, device, &request),
        Ok(request) => match device.route(irp.operation) {
            Some(to) => queue::arrive(k, &to, request),
            None => request::complete(k, &request, STATUS_INVALID_DEVICE_REQUEST, 0),
        },
        Err(status) => irp.complete(k, status, 0),
    }
    if k.irql() > irql::PASSIVE {
        k.set_irql(irql::PASSIVE);
    }
}

impl Overlapped {
    /// Whether it is done.
    pub fn is_done(&self) -> bool {
        self.irp.is_done()
    }

    /// Cancels it (`CancelIoEx`). The driver may still complete it otherwise.
    ///
    /// # Errors
    ///
    /// [`Error::Stopped`].
    pub fn cancel(&self) -> Result {
        let irp = self.irp.clone();
        self.file.shared.machine.run_on(Role::Application, "cancel", move |k| irp.cancel(k))
    }

    /// Waits for its completion.
    ///
    /// # Errors
    ///
    /// [`Error::Stopped`], and [`Error::Stuck`] when nothing can complete it any more.
    pub fn wait(self) -> Result<Completion> {
        self.file.wait_for(&self.irp)?;
        Ok(self.completion())
    }

    /// Its completion, if it is done.
    pub fn result(self) -> std::result::Result<Completion, Self> {
        if self.is_done() { Ok(self.completion()) } else { Err(self) }
    }

    fn completion(&self) -> Completion {
        Completion {
            status: self.irp.status(),
            information: self.irp.information(),
            data: self.irp.take_returned(),
        }
    }
}
