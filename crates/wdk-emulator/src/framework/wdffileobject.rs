//! File objects.
//!
//! DDI header: `wdffileobject.h`.

use super::lock::{Constraints, PresentationLock, Scope};
use super::objects::{Attributes, Body, Is, Object, Ref};
use super::queue::{self, Dispatching, Handlers, Queue};
use super::request;
use super::wdfdevice::Device;
use crate::abi::{Bodies, Call, callbacks};
use crate::kernel::irp::{Irp, Operation, Transfer};
use crate::kernel::irql;
use crate::kernel::{Kernel, current};
use crate::sched::thread::Role;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use wdk_sys::*;

/// `FO_HANDLE_CREATED`: the open is over. Handles of this machine are not synchronous ones.
const HANDLE_CREATED: ULONG = 0x4_0000;

/// What a driver says of its device's files before the device exists.
#[derive(Default)]
pub(crate) struct FileConfig {
    pub(crate) config: Option<WDF_FILEOBJECT_CONFIG>,
    pub(crate) attributes: Option<Attributes>,
}

/// How a device treats its files.
pub(crate) struct Files {
    pub(crate) exclusive: bool,
    create: PFN_WDF_DEVICE_FILE_CREATE,
    cleanup: PFN_WDF_FILE_CLEANUP,
    close: PFN_WDF_FILE_CLOSE,
    attributes: Attributes,
    /// The driver sees file objects.
    shown: bool,
    /// Their callbacks run under the device's lock.
    locked: bool,
    /// The framework's own queue, which presents create requests to EvtDeviceFileCreate (`FIL2`).
    pub(crate) creates: RefCell<Option<Ref<Queue>>>,
}

impl Files {
    /// Checks the constraints (`SYN6`).
    pub(crate) fn new(files: &FileConfig, exclusive: bool, device: Constraints) -> Result<Self, NTSTATUS> {
        let mut locked = false;
        if let Some(attributes) = &files.attributes {
            match device.inherit(attributes).scope {
                Scope::None => {}
                Scope::Queue => return Err(STATUS_INVALID_DEVICE_REQUEST),
                Scope::Device if !device.passive => return Err(STATUS_INVALID_DEVICE_REQUEST),
                Scope::Device => locked = true,
            }
        }
        use _WDF_FILEOBJECT_CLASS as C;
        let config = files.config.as_ref();
        Ok(Self {
            exclusive,
            create: config.and_then(|config| config.EvtDeviceFileCreate),
            cleanup: config.and_then(|config| config.EvtFileCleanup),
            close: config.and_then(|config| config.EvtFileClose),
            attributes: files.attributes.unwrap_or(Attributes::NONE),
            shown: config.is_some_and(|config| {
                ![C::WdfFileObjectInvalid, C::WdfFileObjectNotRequired].contains(&config.FileObjectClass)
            }),
            locked,
            creates: RefCell::default(),
        })
    }
}

/// A file's name, where drivers find it.
struct Name {
    string: UNICODE_STRING,
    _units: Box<[u16]>,
}

/// A `WDFFILEOBJECT`.
pub(crate) struct FileObject {
    pub(crate) device: Weak<Object>,
    /// Requests that are not done.
    pub(crate) outstanding: Cell<u32>,
    /// The application has no handle any more.
    pub(crate) cleaned_up: Cell<bool>,
    opened: Cell<bool>,
    shown: bool,
    name: Box<Name>,
}

impl FileObject {
    /// Whether the driver gets the object's handle.
    pub(crate) fn is_shown(&self) -> bool {
        self.shown
    }
}

/// Makes the queue that create requests go through (`FIL2`).
pub(crate) fn create_queue(k: &Kernel, device: &Ref<Device>) -> Result<(), NTSTATUS> {
    if device.files.create.is_none() {
        return Ok(());
    }
    let mut config = WDF_IO_QUEUE_CONFIG::default();
    WDF_IO_QUEUE_CONFIG_INIT(&mut config, _WDF_IO_QUEUE_DISPATCH_TYPE::WdfIoQueueDispatchManual);
    let (scope, lock) =
        if device.files.locked { (Scope::Device, Some(device.lock.clone())) } else { (Scope::None, None) };
    let handlers = Handlers::default();
    let queue =
        Queue::new(device, Dispatching::Manual, u32::MAX, handlers, &config, false, true, scope, lock);
    let parent = Some(device.object.clone());
    let object =
        k.create(Body::Queue(Box::new(queue)), device.object.driver.clone(), parent, &Attributes::NONE)?;
    let queue = Ref::<Queue>::new(object);
    device.queues.borrow_mut().push(queue.clone());
    *device.files.creates.borrow_mut() = Some(queue);
    Ok(())
}

/// Routes create requests to a queue, which may be the default queue (`QCR7`).
pub(crate) fn route(device: &Ref<Device>, queue: Ref<Queue>) -> Result<(), NTSTATUS> {
    if queue.dispatching != Dispatching::Manual && queue.handlers.default.is_none() {
        return Err(STATUS_INVALID_DEVICE_REQUEST);
    }
    let mut routes = device.routes.borrow_mut();
    if routes.contains_key(&_WDF_REQUEST_TYPE::WdfRequestTypeCreate) {
        return Err(STATUS_INVALID_PARAMETER);
    }
    routes.insert(_WDF_REQUEST_TYPE::WdfRequestTypeCreate, queue);
    Ok(())
}

/// Opens a device on the application's thread, and waits for the driver's decision (`MSC3`).
pub(crate) fn open(
    k: &Kernel,
    device: &Ref<Device>,
    number: u32,
    name: &str,
) -> Result<Rc<Object>, NTSTATUS> {
    let files = &device.files;
    if files.exclusive && device.open_files.get() > 0 {
        return Err(STATUS_ACCESS_DENIED);
    }
    let units: Box<[u16]> = name.encode_utf16().collect();
    let length = u16::try_from(size_of_val(&*units)).map_err(|_| STATUS_OBJECT_NAME_INVALID)?;
    let string = UNICODE_STRING { Length: length, MaximumLength: length, Buffer: units.as_ptr().cast_mut() };
    let body = Body::File(FileObject {
        device: Rc::downgrade(&device.object),
        outstanding: Cell::new(0),
        cleaned_up: Cell::new(false),
        opened: Cell::new(false),
        shown: files.shown,
        name: Box::new(Name { string, _units: units }),
    });
    let parent = Some(device.object.clone());
    let attributes = if files.shown { files.attributes } else { Attributes::NONE };
    let object = k.create(body, device.object.driver.clone(), parent, &attributes)?;
    device.open_files.set(device.open_files.get() + 1);
    let status = present(k, device, &object, number);
    let Some(file) = FileObject::of(&object.body) else { return Err(STATUS_INTERNAL_ERROR) };
    if NT_SUCCESS(status) {
        file.opened.set(true);
        return Ok(object);
    }
    // A file that was never open is neither cleaned up nor closed.
    k.delete(&object);
    super::pnp::file_closed(k, device);
    Err(status)
}

/// Asks the driver about an open: its queue for create requests, or else EvtDeviceFileCreate, or nobody.
fn present(k: &Kernel, device: &Ref<Device>, object: &Rc<Object>, number: u32) -> NTSTATUS {
    let routed = device.routes.borrow().get(&_WDF_REQUEST_TYPE::WdfRequestTypeCreate).cloned();
    let creates = device.files.creates.borrow().clone();
    let Some(to) = routed.clone().or_else(|| creates.clone()) else { return STATUS_SUCCESS };
    let Some(file) = FileObject::of(&object.body) else { return STATUS_INTERNAL_ERROR };
    let mut irp = Irp::blank(number, None);
    irp.ask(k.next_irp(), Operation::Create, Transfer::Buffered, &[]);
    let irp = Rc::new(irp);
    file.outstanding.set(file.outstanding.get() + 1);
    *irp.file_object.borrow_mut() = Some(object.clone());
    let request = match request::create(k, device, &irp) {
        Ok(request) => request,
        Err(status) => {
            irp.complete(k, status, 0);
            return status;
        }
    };
    let created = request.object.clone();
    queue::arrive(k, &to, request);
    if let (None, Some(create), Some(driver)) = (routed, device.files.create, device.object.driver.as_deref())
        && queue::retrieve_where(k, &to, |request| Rc::ptr_eq(&request.object, &created)).is_ok()
    {
        let label = "EvtDeviceFileCreate";
        with_lock(k, device, || {
            callbacks::EVT_WDF_DEVICE_FILE_CREATE(
                k,
                driver,
                label,
                create,
                device.object.handle(),
                created.handle(),
                object.handle(),
            );
        });
    }
    irp.done.wait(k, "an open that the driver has not completed");
    irp.status()
}

/// The application closed its handle: cleanup cancels what is queued (`CAN6`), and the file is closed when its
/// last request is done (`MSC3`).
pub(crate) fn cleanup(k: &Kernel, object: &Rc<Object>, number: u32) {
    let Some(file) = FileObject::of(&object.body) else { return };
    if let Some(device) = file.device.upgrade().map(Ref::<Device>::new) {
        if let (Some(cleanup), Some(driver)) = (device.files.cleanup, object.driver.as_deref())
            && object.is_alive()
        {
            with_lock(k, &device, || {
                callbacks::EVT_WDF_FILE_CLEANUP(k, driver, "EvtFileCleanup", cleanup, object.handle());
            });
        }
        let queues = device.queues.borrow().clone();
        for queue in queues {
            queue::cancel_file(k, &queue, number);
        }
    }
    file.cleaned_up.set(true);
    if file.outstanding.get() == 0 {
        close(k, object);
    }
}

/// A request of the file is done.
pub(crate) fn request_done(k: &Kernel, object: &Rc<Object>) {
    let Some(file) = FileObject::of(&object.body) else { return };
    file.outstanding.set(file.outstanding.get() - 1);
    if file.outstanding.get() == 0 && file.cleaned_up.get() {
        let object = object.clone();
        k.start_thread(Role::Worker, "close", move || close(current(), &object));
    }
}

fn close(k: &Kernel, object: &Rc<Object>) {
    let device = FileObject::of(&object.body).and_then(|file| file.device.upgrade()).map(Ref::<Device>::new);
    if let (Some(device), Some(driver)) = (&device, object.driver.as_deref())
        && let Some(close) = device.files.close
        && object.is_alive()
    {
        with_lock(k, device, || {
            callbacks::EVT_WDF_FILE_CLOSE(k, driver, "EvtFileClose", close, object.handle());
        });
    }
    k.delete(object);
    if let Some(device) = device {
        super::pnp::file_closed(k, &device);
    }
}

/// Runs a callback of files: in a critical region, under the device's lock if their scope says so (`SYN6`).
fn with_lock(k: &Kernel, device: &Ref<Device>, body: impl FnOnce()) {
    let thread = k.thread();
    let region = thread.irql.get() <= irql::APC;
    if region {
        thread.critical.set(thread.critical.get() + 1);
    }
    let lock: Option<&Rc<PresentationLock>> = device.files.locked.then_some(&device.lock);
    if let Some(lock) = lock
        && lock.acquire(k).is_err()
    {
        super::lock_recursion(k, &device.object);
    }
    body();
    if let Some(lock) = lock {
        lock.release(k);
    }
    if region {
        thread.critical.set(thread.critical.get() - 1);
    }
}

#[allow(non_snake_case)]
impl Bodies {
    pub(crate) fn WdfFileObjectGetDevice(call: &Call, FileObject: WDFFILEOBJECT) -> WDFDEVICE {
        let file = call.get::<FileObject, _>(FileObject);
        file.device.upgrade().map_or(std::ptr::null_mut(), |device| device.handle())
    }

    pub(crate) fn WdfFileObjectGetFileName(call: &Call, FileObject: WDFFILEOBJECT) -> PUNICODE_STRING {
        let file = call.get::<FileObject, _>(FileObject);
        (&raw const file.name.string).cast_mut()
    }

    pub(crate) fn WdfFileObjectGetFlags(call: &Call, FileObject: WDFFILEOBJECT) -> ULONG {
        if call.get::<FileObject, _>(FileObject).opened.get() { HANDLE_CREATED } else { 0 }
    }
}
