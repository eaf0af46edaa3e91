//! What the drivers of these tests have in common. They are written against the raw API, as the model's callers
//! are, so that the model is tested without the safe framework.

// Handles are no pointers, and the model checks them: these wrappers cannot dereference anything.
#![allow(clippy::missing_safety_doc, clippy::not_unsafe_ptr_arg_deref)]

pub use raw_drivers::plumbing::*;

/// A driver whose callbacks are closures of the test, and safe wrappers of the functions that tests call.
///
/// A machine runs on one host thread, so the closures are thread-local. [`lab::build`] forgets those of the test
/// before.
pub mod lab {
    use super::{attributes, check, create_driver, status};
    use std::cell::RefCell;
    use std::collections::BTreeMap;
    use std::rc::Rc;
    use wdk_emulator::{Builder, Device, Machine};
    use wdk_sys::*;

    pub use wdk_sys::_WDF_EXECUTION_LEVEL as Level;
    pub use wdk_sys::_WDF_IO_QUEUE_DISPATCH_TYPE as Dispatch;
    pub use wdk_sys::_WDF_SYNCHRONIZATION_SCOPE as Scope;

    /// The name under which applications open the device.
    pub const NAME: &str = r"\\.\Lab";

    /// What a callback was given.
    #[derive(Debug, Clone, Copy)]
    pub struct Event {
        /// The queue, or null.
        pub queue: WDFQUEUE,
        /// The request, or null.
        pub request: WDFREQUEST,
        /// Any other object.
        pub object: WDFOBJECT,
        /// A length, flags or a power state.
        pub value: usize,
    }

    type Hook = Rc<dyn Fn(Event)>;
    type Setup = Rc<dyn Fn(PWDFDEVICE_INIT) -> Result<(), NTSTATUS>>;

    #[derive(Default)]
    struct Lab {
        setup: Option<Setup>,
        hooks: BTreeMap<&'static str, Hook>,
        log: Vec<String>,
        kept: BTreeMap<&'static str, usize>,
        parked: Vec<WDFREQUEST>,
    }

    thread_local! {
        static LAB: RefCell<Lab> = RefCell::default();
    }

    fn with<R>(body: impl FnOnce(&mut Lab) -> R) -> R {
        LAB.with_borrow_mut(body)
    }

    /// Builds a machine with the driver and a device that `setup` describes.
    pub fn build(
        machine: Builder,
        setup: impl Fn(PWDFDEVICE_INIT) -> Result<(), NTSTATUS> + 'static,
    ) -> (Machine, Device) {
        LAB.set(Lab { setup: Some(Rc::new(setup)), ..Lab::default() });
        let machine = machine.build();
        let driver = machine.load(&DRIVER).expect("it loads");
        let device = driver.plug(r"ROOT\LAB").expect("it starts");
        (machine, device)
    }

    /// Sets what a callback does. Without a hook a callback does nothing.
    pub fn on(name: &'static str, hook: impl Fn(Event) + 'static) {
        with(|lab| lab.hooks.insert(name, Rc::new(hook)));
    }

    /// Notes something.
    pub fn log(what: impl Into<String>) {
        with(|lab| lab.log.push(what.into()));
    }

    /// What was noted since the last call.
    pub fn take_log() -> Vec<String> {
        with(|lab| std::mem::take(&mut lab.log))
    }

    /// Remembers a handle.
    pub fn keep<H>(name: &'static str, handle: *mut H) {
        with(|lab| lab.kept.insert(name, handle.addr()));
    }

    /// A handle that was remembered.
    pub fn kept<H>(name: &str) -> *mut H {
        with(|lab| std::ptr::without_provenance_mut(lab.kept.get(name).copied().unwrap_or_default()))
    }

    /// Keeps a request for later.
    pub fn park(request: WDFREQUEST) {
        with(|lab| lab.parked.push(request));
    }

    /// The request that was parked first.
    pub fn unpark() -> Option<WDFREQUEST> {
        with(|lab| if lab.parked.is_empty() { None } else { Some(lab.parked.remove(0)) })
    }

    /// Forgets a parked request; whether it was there.
    pub fn forget(request: WDFREQUEST) -> bool {
        with(|lab| {
            let before = lab.parked.len();
            lab.parked.retain(|&other| other != request);
            lab.parked.len() < before
        })
    }

    fn fire(name: &'static str, event: Event) {
        if let Some(hook) = with(|lab| lab.hooks.get(name).cloned()) {
            linked::guard(|| hook(event));
        }
    }

    const NOTHING: Event = Event {
        queue: std::ptr::null_mut(),
        request: std::ptr::null_mut(),
        object: std::ptr::null_mut(),
        value: 0,
    };

    unsafe extern "C" fn device_add(_driver: WDFDRIVER, init: PWDFDEVICE_INIT) -> NTSTATUS {
        let setup = with(|lab| lab.setup.clone()).expect("the lab is built");
        linked::guard(|| status(setup(init)))
    }

    unsafe extern "C" fn entry(object: PDRIVER_OBJECT, path: PCUNICODE_STRING) -> NTSTATUS {
        create_driver(object, path, device_add)
    }

    driver_module!(pub DRIVER = entry);

    macro_rules! trampolines {
        ($( $name:ident($( $arg:ident: $ty:ty ),*) => $label:literal, { $( $field:ident: $value:expr ),* }; )*) => { $(
            /// The callback of this name.
            pub unsafe extern "C" fn $name($( $arg: $ty ),*) {
                fire($label, Event { $( $field: $value, )* ..NOTHING });
            }
        )* };
    }
    trampolines! {
        read(queue: WDFQUEUE, request: WDFREQUEST, length: usize) => "read", { queue: queue, request: request, value: length };
        write(queue: WDFQUEUE, request: WDFREQUEST, length: usize) => "write", { queue: queue, request: request, value: length };
        default(queue: WDFQUEUE, request: WDFREQUEST) => "default", { queue: queue, request: request };
        resume(queue: WDFQUEUE, request: WDFREQUEST) => "resume", { queue: queue, request: request };
        stop(queue: WDFQUEUE, request: WDFREQUEST, flags: ULONG) => "stop", { queue: queue, request: request, value: flags as usize };
        canceled(queue: WDFQUEUE, request: WDFREQUEST) => "canceled", { queue: queue, request: request };
        cancel(request: WDFREQUEST) => "cancel", { request: request };
        state_changed(queue: WDFQUEUE, context: WDFCONTEXT) => "state", { queue: queue, value: context.addr() };
        cleanup(object: WDFOBJECT) => "cleanup", { object: object };
        destroy(object: WDFOBJECT) => "destroy", { object: object };
        timer(object: WDFTIMER) => "timer", { object: object.cast() };
        work(object: WDFWORKITEM) => "work", { object: object.cast() };
        dpc(object: WDFDPC) => "dpc", { object: object.cast() };
        file_create(_device: WDFDEVICE, request: WDFREQUEST, file: WDFFILEOBJECT) => "create", { request: request, object: file.cast() };
        in_caller(_device: WDFDEVICE, request: WDFREQUEST) => "caller", { request: request };
        file_cleanup(file: WDFFILEOBJECT) => "file cleanup", { object: file.cast() };
        file_close(file: WDFFILEOBJECT) => "close", { object: file.cast() };
    }

    unsafe extern "C" fn control(
        queue: WDFQUEUE,
        request: WDFREQUEST,
        _output: usize,
        _input: usize,
        code: ULONG,
    ) {
        fire("control", Event { queue, request, value: code as usize, ..NOTHING });
    }

    /// Asks for file objects, with all their callbacks or none.
    pub fn files(init: PWDFDEVICE_INIT, callbacks: bool, with: &mut WDF_OBJECT_ATTRIBUTES) {
        let mut config = WDF_FILEOBJECT_CONFIG::default();
        WDF_FILEOBJECT_CONFIG_INIT(
            &mut config,
            callbacks.then_some(file_create),
            callbacks.then_some(file_close),
            callbacks.then_some(file_cleanup),
        );
        // SAFETY: called in EvtDriverDeviceAdd with its argument.
        unsafe { WdfDeviceInitSetFileObjectConfig(init, &mut config, with) };
    }

    /// Creates the device.
    pub fn device(mut init: PWDFDEVICE_INIT) -> Result<WDFDEVICE, NTSTATUS> {
        let mut device = std::ptr::null_mut();
        // SAFETY: called in EvtDriverDeviceAdd with its argument.
        check(unsafe { WdfDeviceCreate(&mut init, WDF_NO_OBJECT_ATTRIBUTES, &mut device) })?;
        let units: Vec<u16> = r"\DosDevices\Lab".encode_utf16().collect();
        let length = (units.len() * 2) as u16;
        let name =
            UNICODE_STRING { Length: length, MaximumLength: length, Buffer: units.as_ptr().cast_mut() };
        // SAFETY: the device was created above, and the string is valid.
        check(unsafe { WdfDeviceCreateSymbolicLink(device, &name) })?;
        keep("device", device);
        Ok(device)
    }

    /// A configuration with the handlers of these names: read, write, control, default, stop, resume, canceled.
    pub fn config(dispatch: WDF_IO_QUEUE_DISPATCH_TYPE, handlers: &[&str]) -> WDF_IO_QUEUE_CONFIG {
        let mut config = WDF_IO_QUEUE_CONFIG::default();
        WDF_IO_QUEUE_CONFIG_INIT(&mut config, dispatch);
        for &handler in handlers {
            match handler {
                "read" => config.EvtIoRead = Some(read),
                "write" => config.EvtIoWrite = Some(write),
                "control" => config.EvtIoDeviceControl = Some(control),
                "default" => config.EvtIoDefault = Some(default),
                "stop" => config.EvtIoStop = Some(stop),
                "resume" => config.EvtIoResume = Some(resume),
                "canceled" => config.EvtIoCanceledOnQueue = Some(canceled),
                other => panic!("no handler {other}"),
            }
        }
        config
    }

    /// The same, for the default queue.
    pub fn default_config(dispatch: WDF_IO_QUEUE_DISPATCH_TYPE, handlers: &[&str]) -> WDF_IO_QUEUE_CONFIG {
        WDF_IO_QUEUE_CONFIG { DefaultQueue: 1, ..config(dispatch, handlers) }
    }

    /// Creates a queue.
    pub fn queue(device: WDFDEVICE, mut config: WDF_IO_QUEUE_CONFIG) -> Result<WDFQUEUE, NTSTATUS> {
        queue_with(device, &mut config, &mut attributes())
    }

    /// Creates a queue with attributes.
    pub fn queue_with(
        device: WDFDEVICE,
        config: &mut WDF_IO_QUEUE_CONFIG,
        with: &mut WDF_OBJECT_ATTRIBUTES,
    ) -> Result<WDFQUEUE, NTSTATUS> {
        let mut queue = std::ptr::null_mut();
        // SAFETY: a device, a configuration, attributes and a place for the handle.
        check(unsafe { WdfIoQueueCreate(device, config, with, &mut queue) })?;
        Ok(queue)
    }

    /// Attributes with a level and a scope.
    pub fn constrained(
        level: WDF_EXECUTION_LEVEL,
        scope: WDF_SYNCHRONIZATION_SCOPE,
    ) -> WDF_OBJECT_ATTRIBUTES {
        WDF_OBJECT_ATTRIBUTES { ExecutionLevel: level, SynchronizationScope: scope, ..attributes() }
    }

    /// Builds a machine whose device has a queue of this configuration, [`main_queue`], a side door and a manual
    /// queue "manual".
    pub fn bench(machine: Builder, config: impl Fn() -> WDF_IO_QUEUE_CONFIG + 'static) -> (Machine, Device) {
        bench_with(machine, config, attributes)
    }

    /// The same with attributes for the first queue.
    pub fn bench_with(
        machine: Builder,
        config: impl Fn() -> WDF_IO_QUEUE_CONFIG + 'static,
        constraints: impl Fn() -> WDF_OBJECT_ATTRIBUTES + 'static,
    ) -> (Machine, Device) {
        build(machine, move |init| {
            let device = device(init)?;
            side_door(device)?;
            keep("main", queue_with(device, &mut config(), &mut constraints())?);
            keep("manual", queue(device, self::config(Dispatch::WdfIoQueueDispatchManual, &[]))?);
            Ok(())
        })
    }

    /// The queue that [`bench()`] made.
    pub fn main_queue() -> WDFQUEUE {
        kept("main")
    }

    /// A scenario's end: closes, removes and unloads, without a verdict.
    pub fn end(machine: Machine, device: Device, file: wdk_emulator::File) {
        file.close().expect("it closes");
        device.remove().expect("it is removed");
        machine.finish().expect("the driver kept the rules");
    }

    /// Creates a queue for device controls, through which [`call`] gets into the driver.
    pub fn side_door(device: WDFDEVICE) -> Result<(), NTSTATUS> {
        let mut config = config(Dispatch::WdfIoQueueDispatchParallel, &["control"]);
        config.PowerManaged = _WDF_TRI_STATE::WdfFalse;
        let door = queue_with(
            device,
            &mut config,
            &mut constrained(Level::WdfExecutionLevelDispatch, Scope::WdfSynchronizationScopeNone),
        )?;
        check(route(device, door, _WDF_REQUEST_TYPE::WdfRequestTypeDeviceControl))
    }

    /// Runs `body` in the driver, in a handler of a queue that has nothing to do with the others.
    pub fn call(file: &wdk_emulator::File, body: impl Fn() + 'static) {
        on("control", move |event| {
            body();
            complete(event.request, STATUS_SUCCESS, 0);
        });
        file.ioctl(0x22_0000, b"", 0).expect("the call succeeds");
    }

    /// Completes everything that is parked.
    pub fn complete_parked(status: NTSTATUS) {
        while let Some(request) = unpark() {
            complete(request, status, 0);
        }
    }

    /// Sends a type of request to a queue.
    pub fn route(device: WDFDEVICE, queue: WDFQUEUE, kind: WDF_REQUEST_TYPE) -> NTSTATUS {
        // SAFETY: handles of the test's driver.
        unsafe { WdfDeviceConfigureRequestDispatching(device, queue, kind) }
    }

    /// `WdfRequestCompleteWithInformation`.
    pub fn complete(request: WDFREQUEST, status: NTSTATUS, information: usize) {
        // SAFETY: the model checks the handle.
        unsafe { WdfRequestCompleteWithInformation(request, status, information as ULONG_PTR) };
    }

    /// `WdfRequestForwardToIoQueue`.
    pub fn forward(request: WDFREQUEST, queue: WDFQUEUE) -> NTSTATUS {
        // SAFETY: the model checks the handles.
        unsafe { WdfRequestForwardToIoQueue(request, queue) }
    }

    /// `WdfIoQueueRetrieveNextRequest`.
    pub fn retrieve(queue: WDFQUEUE) -> Result<WDFREQUEST, NTSTATUS> {
        let mut request = std::ptr::null_mut();
        // SAFETY: the model checks the handle.
        check(unsafe { WdfIoQueueRetrieveNextRequest(queue, &mut request) })?;
        Ok(request)
    }

    /// `WdfRequestMarkCancelable`.
    pub fn mark(request: WDFREQUEST) {
        // SAFETY: the model checks the handle.
        unsafe { WdfRequestMarkCancelable(request, Some(cancel)) };
    }

    /// `WdfRequestMarkCancelableEx`.
    pub fn mark_ex(request: WDFREQUEST) -> NTSTATUS {
        // SAFETY: the model checks the handle.
        unsafe { WdfRequestMarkCancelableEx(request, Some(cancel)) }
    }

    /// `WdfRequestUnmarkCancelable`.
    pub fn unmark(request: WDFREQUEST) -> NTSTATUS {
        // SAFETY: the model checks the handle.
        unsafe { WdfRequestUnmarkCancelable(request) }
    }

    /// `WdfRequestStopAcknowledge`.
    pub fn acknowledge(request: WDFREQUEST, requeue: bool) {
        // SAFETY: the model checks the handle.
        unsafe { WdfRequestStopAcknowledge(request, requeue as BOOLEAN) };
    }

    /// `WdfIoQueueGetState`: state bits, requests in the queue, requests that the driver owns.
    pub fn state(queue: WDFQUEUE) -> (i32, u32, u32) {
        let (mut queued, mut owned) = (0, 0);
        // SAFETY: the model checks the handle.
        let bits = unsafe { WdfIoQueueGetState(queue, &mut queued, &mut owned) };
        (bits as i32, queued, owned)
    }

    /// The current IRQL.
    pub fn irql() -> u8 {
        // SAFETY: callable anywhere.
        unsafe { ntddk::KeGetCurrentIrql() }
    }

    /// Calls `WdfIoQueueStart`.
    pub fn start(queue: WDFQUEUE) {
        // SAFETY: the model checks the handle.
        unsafe { WdfIoQueueStart(queue) };
    }

    /// `WdfObjectDelete`.
    pub fn delete<H>(object: *mut H) {
        // SAFETY: the model checks the handle.
        unsafe { WdfObjectDelete(object.cast()) };
    }

    /// `WdfObjectReferenceActual`.
    pub fn reference<H>(object: *mut H) {
        // SAFETY: the model checks the handle.
        unsafe { WdfObjectReferenceActual(object.cast(), std::ptr::null_mut(), 0, std::ptr::null()) };
    }

    /// `WdfObjectDereferenceActual`.
    pub fn dereference<H>(object: *mut H) {
        // SAFETY: the model checks the handle.
        unsafe { WdfObjectDereferenceActual(object.cast(), std::ptr::null_mut(), 0, std::ptr::null()) };
    }
}
