//! Devices, and what describes them before they exist.
//!
//! DDI header: `wdfdevice.h`.

use super::lock::{Constraints, PresentationLock};
use super::objects::{Attributes, Body, Object, Ref};
use super::queue::Queue;
use super::wdfdriver::DriverObject;
use super::wdffileobject::{FileConfig, Files};
use super::{size_is, status};
use crate::abi::{Bodies, Call};
use crate::kernel::irp::{Operation, Transfer};
use crate::kernel::names::{Interface, format_guid, read_string};
use crate::verifier::rules;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use wdk_sys::*;

/// A `WDFDEVICE`.
pub(crate) struct Device {
    pub(crate) constraints: Constraints,
    pub(crate) lock: Rc<PresentationLock>,
    pub(crate) transfer: Transfer,
    pub(crate) is_filter: bool,
    pub(crate) hardware_id: String,
    pub(crate) request_attributes: Cell<Option<Attributes>>,
    pub(crate) files: Files,
    pub(crate) in_caller: PFN_WDF_IO_IN_CALLER_CONTEXT,
    pub(crate) events: WDF_PNPPOWER_EVENT_CALLBACKS,
    pub(crate) default_queue: RefCell<Option<Ref<Queue>>>,
    pub(crate) queues: RefCell<Vec<Ref<Queue>>>,
    pub(crate) routes: RefCell<BTreeMap<WDF_REQUEST_TYPE, Ref<Queue>>>,
    /// PnP start is over.
    pub(crate) started: Cell<bool>,
    pub(crate) in_d0: Cell<bool>,
    /// Its self-managed I/O was initialised, or failed to be.
    pub(crate) self_managed_io: Cell<bool>,
    /// Its self-managed I/O was initialised.
    pub(crate) self_managed_io_runs: Cell<bool>,
    /// The first part of its removal is over.
    pub(crate) gone: Cell<bool>,
    /// Handles that are not closed.
    pub(crate) open_files: Cell<u32>,
    pub(crate) interfaces_enabled: Cell<bool>,
    /// It is not opened any more.
    pub(crate) removed: Cell<bool>,
    /// It takes no new requests. Until then what comes through handles that are open arrives at its queues.
    pub(crate) closed: Cell<bool>,
}

impl Device {
    pub(crate) fn forget(&self) {
        self.default_queue.take();
        self.queues.take();
        self.routes.take();
        self.files.creates.take();
    }

    pub(crate) fn is_routed(&self, queue: &Rc<Object>) -> bool {
        self.routes.borrow().values().any(|routed| Rc::ptr_eq(&routed.object, queue))
    }

    /// The queue that a request goes to (`QCR6`).
    pub(crate) fn route(&self, operation: Operation) -> Option<Ref<Queue>> {
        let routed = self.routes.borrow().get(&operation.request_type()).cloned();
        routed.or_else(|| self.default_queue.borrow().clone())
    }
}

/// What `EvtDriverDeviceAdd` gets: a `WDFDEVICE_INIT`.
pub(crate) struct DeviceInit {
    hardware_id: String,
    transfer: Transfer,
    is_filter: bool,
    name: Option<String>,
    request_attributes: Option<Attributes>,
    files: FileConfig,
    pub(super) in_caller: PFN_WDF_IO_IN_CALLER_CONTEXT,
    exclusive: bool,
    events: WDF_PNPPOWER_EVENT_CALLBACKS,
    /// The device that was made of it.
    pub(crate) device: Option<Ref<Device>>,
}

/// Device initialisation structures that drivers hold, by the pointer they know.
#[derive(Default)]
pub(crate) struct Inits {
    live: RefCell<BTreeMap<usize, Rc<RefCell<DeviceInit>>>>,
    next: Cell<usize>,
}

impl Inits {
    /// Makes one, and the pointer that stands for it.
    pub(crate) fn create(&self, hardware_id: &str) -> (PWDFDEVICE_INIT, Rc<RefCell<DeviceInit>>) {
        let init = Rc::new(RefCell::new(DeviceInit {
            hardware_id: hardware_id.to_owned(),
            transfer: Transfer::Buffered,
            is_filter: false,
            name: None,
            request_attributes: None,
            files: FileConfig::default(),
            in_caller: None,
            exclusive: false,
            events: WDF_PNPPOWER_EVENT_CALLBACKS::default(),
            device: None,
        }));
        let number = self.next.get() + 1;
        self.next.set(number);
        // Not the address of anything: drivers only pass it on.
        let pointer = number << 4 | 0xF;
        self.live.borrow_mut().insert(pointer, init.clone());
        (std::ptr::without_provenance_mut(pointer), init)
    }

    pub(crate) fn remove(&self, init: PWDFDEVICE_INIT) {
        self.live.borrow_mut().remove(&init.addr());
    }
}

pub(super) fn init(call: &Call, init: PWDFDEVICE_INIT) -> Rc<RefCell<DeviceInit>> {
    let found = call.objects.inits.live.borrow().get(&init.addr()).cloned();
    found.unwrap_or_else(|| {
        call.fatal(
            &rules::handles::WRONG_HANDLE,
            format!("`{}` was given no WDFDEVICE_INIT, or one that a device was made of", call.entry.name),
            Vec::new(),
        )
    })
}

#[allow(non_snake_case)]
impl Bodies {
    pub(crate) fn WdfDeviceInitSetIoType(
        call: &Call,
        DeviceInit: PWDFDEVICE_INIT,
        IoType: WDF_DEVICE_IO_TYPE,
    ) {
        use _WDF_DEVICE_IO_TYPE as T;
        init(call, DeviceInit).borrow_mut().transfer = match IoType {
            T::WdfDeviceIoDirect => Transfer::Direct,
            T::WdfDeviceIoNeither => Transfer::Neither,
            _ => Transfer::Buffered,
        };
    }

    pub(crate) fn WdfDeviceInitSetExclusive(call: &Call, DeviceInit: PWDFDEVICE_INIT, IsExclusive: BOOLEAN) {
        init(call, DeviceInit).borrow_mut().exclusive = IsExclusive != 0;
    }

    pub(crate) fn WdfDeviceInitSetFileObjectConfig(
        call: &Call,
        DeviceInit: PWDFDEVICE_INIT,
        FileObjectConfig: PWDF_FILEOBJECT_CONFIG,
        FileObjectAttributes: PWDF_OBJECT_ATTRIBUTES,
    ) {
        // SAFETY: the driver passes a configuration; null was refused at the entry.
        let config = unsafe { *FileObjectConfig };
        // SAFETY: the driver passes attributes or null.
        let attributes = unsafe { Attributes::read(FileObjectAttributes) };
        if let (Ok(()), Ok(attributes)) = (size_is::<WDF_FILEOBJECT_CONFIG>(config.Size), attributes) {
            let attributes = (!FileObjectAttributes.is_null()).then_some(attributes);
            init(call, DeviceInit).borrow_mut().files = FileConfig { config: Some(config), attributes };
        }
    }

    pub(crate) fn WdfDeviceInitSetPnpPowerEventCallbacks(
        call: &Call,
        DeviceInit: PWDFDEVICE_INIT,
        PnpPowerEventCallbacks: PWDF_PNPPOWER_EVENT_CALLBACKS,
    ) {
        // SAFETY: the driver passes callbacks; null was refused at the entry.
        let events = unsafe { *PnpPowerEventCallbacks };
        if size_is::<WDF_PNPPOWER_EVENT_CALLBACKS>(events.Size).is_ok() {
            init(call, DeviceInit).borrow_mut().events = events;
        }
    }

    pub(crate) fn WdfDeviceInitSetRequestAttributes(
        call: &Call,
        DeviceInit: PWDFDEVICE_INIT,
        RequestAttributes: PWDF_OBJECT_ATTRIBUTES,
    ) {
        // SAFETY: the driver passes attributes; null was refused at the entry.
        if let Ok(attributes) = unsafe { Attributes::read(RequestAttributes) } {
            init(call, DeviceInit).borrow_mut().request_attributes = Some(attributes);
        }
    }

    pub(crate) fn WdfDeviceInitAssignName(
        call: &Call,
        DeviceInit: PWDFDEVICE_INIT,
        DeviceName: PCUNICODE_STRING,
    ) -> NTSTATUS {
        let name = if DeviceName.is_null() {
            None
        } else {
            // SAFETY: the driver passes a string.
            Some(unsafe { read_string(DeviceName) })
        };
        init(call, DeviceInit).borrow_mut().name = name;
        STATUS_SUCCESS
    }

    pub(crate) fn WdfDeviceCreate(
        call: &Call,
        DeviceInit: *mut PWDFDEVICE_INIT,
        DeviceAttributes: PWDF_OBJECT_ATTRIBUTES,
        Device: *mut WDFDEVICE,
    ) -> NTSTATUS {
        // SAFETY: the driver passes the place of its pointer; null was refused at the entry.
        let pointer = unsafe { *DeviceInit };
        let init = init(call, pointer);
        // SAFETY: the driver passes attributes or null.
        let attributes = unsafe { Attributes::read(DeviceAttributes) };
        status((|| {
            let attributes = attributes?;
            if !attributes.parent.is_null() {
                return Err(STATUS_INVALID_PARAMETER);
            }
            let driver = call.driver().ok_or(STATUS_INVALID_PARAMETER)?;
            let parent = driver.object().ok_or(STATUS_INVALID_DEVICE_STATE)?;
            let inherited = match &parent.body {
                Body::Driver(DriverObject { constraints }) => *constraints,
                _ => Constraints::DRIVER,
            };
            let constraints = inherited.inherit(&attributes);
            let files = Files::new(&init.borrow().files, init.borrow().exclusive, constraints)?;
            let body = {
                let init = init.borrow();
                Device {
                    constraints,
                    lock: Rc::new(PresentationLock::new(constraints.passive)),
                    transfer: init.transfer,
                    is_filter: init.is_filter,
                    hardware_id: init.hardware_id.clone(),
                    request_attributes: Cell::new(init.request_attributes),
                    files,
                    in_caller: init.in_caller,
                    events: init.events,
                    default_queue: RefCell::default(),
                    queues: RefCell::default(),
                    routes: RefCell::default(),
                    started: Cell::new(false),
                    in_d0: Cell::new(false),
                    self_managed_io: Cell::new(false),
                    self_managed_io_runs: Cell::new(false),
                    gone: Cell::new(false),
                    open_files: Cell::new(0),
                    interfaces_enabled: Cell::new(false),
                    removed: Cell::new(false),
                    closed: Cell::new(false),
                }
            };
            let object =
                call.create(Body::Device(Box::new(body)), Some(driver), Some(parent), &attributes)?;
            let device = Ref::<Device>::new(object);
            super::wdffileobject::create_queue(call, &device)?;
            init.borrow_mut().device = Some(device.clone());
            call.objects.inits.remove(pointer);
            // SAFETY: as above; the device has consumed what it described.
            unsafe { DeviceInit.write(std::ptr::null_mut()) };
            call.give(Device, device.object.handle());
            Ok(())
        })())
    }

    pub(crate) fn WdfDeviceCreateSymbolicLink(
        call: &Call,
        Device: WDFDEVICE,
        SymbolicLinkName: PCUNICODE_STRING,
    ) -> NTSTATUS {
        let device = call.get::<Device, _>(Device);
        // SAFETY: the driver passes a string; null was refused at the entry.
        let name = unsafe { read_string(SymbolicLinkName) };
        status(call.names.add(&name, &device))
    }

    pub(crate) fn WdfDeviceCreateDeviceInterface(
        call: &Call,
        Device: WDFDEVICE,
        InterfaceClassGUID: *const GUID,
        ReferenceString: PCUNICODE_STRING,
    ) -> NTSTATUS {
        let device = call.get::<Device, _>(Device);
        // SAFETY: the driver passes a GUID; null was refused at the entry.
        let guid = unsafe { *InterfaceClassGUID };
        let mut link = format!(r"\\?\{}#0000#{}", device.hardware_id.replace('\\', "#"), format_guid(&guid));
        if !ReferenceString.is_null() {
            // SAFETY: the driver passes a string.
            let reference = unsafe { read_string(ReferenceString) };
            link.push('\\');
            link.push_str(&reference);
        }
        let mut interfaces = call.names.interfaces.borrow_mut();
        if interfaces.iter().any(|interface| interface.link == link) {
            return STATUS_OBJECT_NAME_EXISTS;
        }
        interfaces.push(Interface { guid, link, device });
        STATUS_SUCCESS
    }

    pub(crate) fn WdfDeviceConfigureRequestDispatching(
        call: &Call,
        Device: WDFDEVICE,
        Queue: WDFQUEUE,
        RequestType: WDF_REQUEST_TYPE,
    ) -> NTSTATUS {
        let device = call.get::<Device, _>(Device);
        let queue = call.get::<Queue, _>(Queue);
        use _WDF_REQUEST_TYPE as T;
        let h = &queue.handlers;
        let manual = queue.dispatching == super::queue::Dispatching::Manual;
        let handled = match RequestType {
            T::WdfRequestTypeRead => h.read.is_some(),
            T::WdfRequestTypeWrite => h.write.is_some(),
            T::WdfRequestTypeDeviceControl => h.control.is_some(),
            T::WdfRequestTypeDeviceControlInternal => h.internal.is_some(),
            T::WdfRequestTypeCreate => return status(super::wdffileobject::route(&device, queue)),
            _ => return STATUS_INVALID_PARAMETER,
        };
        // `QCR7`
        if queue.is_default || !(manual || handled || h.default.is_some()) {
            return STATUS_INVALID_DEVICE_REQUEST;
        }
        let mut routes = device.routes.borrow_mut();
        if routes.contains_key(&RequestType) {
            return STATUS_WDF_BUSY;
        }
        routes.insert(RequestType, queue);
        STATUS_SUCCESS
    }

    pub(crate) fn WdfDeviceGetDefaultQueue(call: &Call, Device: WDFDEVICE) -> WDFQUEUE {
        let device = call.get::<Device, _>(Device);
        let queue = device.default_queue.borrow().clone();
        queue.map_or(std::ptr::null_mut(), |queue| queue.object.handle())
    }

    pub(crate) fn WdfDeviceGetDriver(call: &Call, Device: WDFDEVICE) -> WDFDRIVER {
        let device = call.get::<Device, _>(Device);
        device.object.parent().map_or(std::ptr::null_mut(), |driver| driver.handle())
    }

    pub(crate) fn WdfFdoInitSetFilter(call: &Call, DeviceInit: PWDFDEVICE_INIT) {
        let _ = init(call, DeviceInit);
        // A filter passes requests on to a lower device, which this machine does not have yet.
        call.stop(crate::verifier::Verdict::not_modelled(call, "WdfFdoInitSetFilter"))
    }
}
