//! The user's side: a machine, its drivers and devices, and the applications that use them.

pub mod error;
pub mod file;

use crate::framework::objects::{Is, Ref};
use crate::framework::{pnp, wdfdevice};
use crate::kernel::driver::Driver as LoadedDriver;
use crate::kernel::{Kernel, names};
use crate::sched::Unfinished;
use crate::sched::lock::Event;
use crate::sched::thread::Role;
use crate::verifier::{Level, Verdict, rules};
use error::{Error, Result};
use file::File;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wdk_sys::linked::{DIGEST, DriverModule};
use wdk_sys::*;

/// How a machine is made.
#[derive(Debug, Clone)]
pub struct Config {
    /// Decides every choice of the run.
    pub seed: u64,
    /// Virtual processors, 1 to 8. Two by default: enough for callbacks to overlap.
    pub processors: usize,
    /// What the verifier checks.
    pub verifier: Level,
    /// Whether a trace is kept.
    pub trace: bool,
    /// Longest run of API calls before another thread may go on.
    pub quantum: u64,
}

impl Default for Config {
    fn default() -> Self {
        Self { seed: 1, processors: 2, verifier: Level::Standard, trace: false, quantum: 16 }
    }
}

/// Makes a [`Machine`].
#[derive(Debug, Clone, Default)]
#[must_use = "call `build`"]
pub struct Builder {
    config: Config,
}

impl Builder {
    /// Sets the seed of the run. The same driver, scenario and seed give the same run.
    pub fn seed(mut self, seed: u64) -> Self {
        self.config.seed = seed;
        self
    }

    /// Sets the number of virtual processors.
    ///
    /// # Panics
    ///
    /// Unless there are 1 to 8.
    pub fn processors(mut self, count: usize) -> Self {
        assert!((1..=8).contains(&count), "a machine has 1 to 8 processors");
        self.config.processors = count;
        self
    }

    /// Sets what is verified.
    pub fn verifier(mut self, level: Level) -> Self {
        self.config.verifier = level;
        self
    }

    /// Keeps a trace, which [`Machine::take_trace`] returns.
    pub fn trace(mut self) -> Self {
        self.config.trace = true;
        self
    }

    /// Sets the longest run of API calls before another thread may go on; 1 tries a switch at every call.
    ///
    /// # Panics
    ///
    /// If it is 0.
    pub fn quantum(mut self, calls: u64) -> Self {
        assert!(calls > 0, "a thread makes at least one call before another goes on");
        self.config.quantum = calls;
        self
    }

    /// Makes the machine.
    pub fn build(self) -> Machine {
        Machine { kernel: Rc::new(Kernel::new(self.config)) }
    }
}

/// An emulated computer.
///
/// It lives on one thread of the host; tests that run in parallel have a machine each.
pub struct Machine {
    kernel: Rc<Kernel>,
}

impl Default for Machine {
    fn default() -> Self {
        Self::new()
    }
}

impl Machine {
    /// A machine with the standard verifier, two processors and seed 1.
    pub fn new() -> Self {
        Self::builder().build()
    }

    /// Starts the description of a machine.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// A machine as described.
    pub fn with_config(config: Config) -> Self {
        Builder { config }.build()
    }

    /// Loads a driver: binds it to the framework and calls its `DriverEntry`.
    ///
    /// # Errors
    ///
    /// [`Error::OtherApi`] for a driver that was built against another version of the API statement,
    /// [`Error::DriverEntry`] when the driver's entry fails, and [`Error::Stopped`].
    pub fn load(&self, module: &'static DriverModule) -> Result<Driver> {
        if module.digest != DIGEST {
            return Err(Error::OtherApi);
        }
        self.start_driver(LoadedDriver::linked(module))
    }

    /// Loads a driver image, a finished `.sys` file, whoever built it.
    ///
    /// The image's code runs natively in this process, without a sandbox.
    ///
    /// # Errors
    ///
    /// [`Error::Image`] says what is wrong with the file; otherwise as for [`load`](Self::load).
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    pub fn load_image(&self, path: impl AsRef<std::path::Path>) -> Result<Driver> {
        let path = path.as_ref();
        let image = crate::image::Image::load(path).map_err(Error::Image)?;
        let name = path.file_stem().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        self.start_driver(LoadedDriver::image(&name, image))
    }

    fn start_driver(&self, driver: Rc<LoadedDriver>) -> Result<Driver> {
        let k = &self.kernel;
        k.drivers.borrow_mut().push(driver.clone());
        let loading = driver.clone();
        let status = self.run_on(Role::Pnp, "load", move |k| loading.enter(k))?;
        if !NT_SUCCESS(status) {
            self.forget_driver(&driver);
            return Err(Error::DriverEntry(status));
        }
        Ok(Driver { machine: self.clone_handle(), driver })
    }

    /// Opens a device by name (`\\.\Name`) or by the path of an interface, as `CreateFile` does.
    ///
    /// # Errors
    ///
    /// `STATUS_OBJECT_NAME_NOT_FOUND` when there is no such name, and whatever the driver refuses with.
    pub fn open(&self, name: impl AsRef<str>) -> Result<File> {
        let name = name.as_ref();
        let Some(device) = self.kernel.names.find(name) else {
            return Err(Error::Status(STATUS_OBJECT_NAME_NOT_FOUND));
        };
        File::open(self.clone_handle(), device)
    }

    /// Starts a thread of an application. It runs when [`run`](Self::run) or a blocking call lets it.
    ///
    /// Inside `body`, calls on files block that thread only.
    pub fn spawn<T: 'static>(&self, name: &str, body: impl FnOnce() -> T + 'static) -> Thread<T> {
        let result = Rc::new(RefCell::new(None));
        let done = Rc::new(Cell::new(false));
        let (r, d) = (result.clone(), done.clone());
        self.kernel.start_thread(Role::Application, name, move || {
            *r.borrow_mut() = Some(body());
            d.set(true);
        });
        Thread { machine: self.clone_handle(), result, done }
    }

    /// Runs until nothing can go on any more, not even in virtual time.
    ///
    /// # Errors
    ///
    /// [`Error::Stopped`].
    pub fn run(&self) -> Result {
        match self.kernel.run_until(|| false) {
            Ok(()) | Err(Unfinished::Stuck) => Ok(()),
            Err(Unfinished::Stopped) => Err(self.stopped()),
        }
    }

    /// Lets virtual time pass. Inside a thread that [`spawn`](Self::spawn) started, only that thread sleeps.
    ///
    /// # Errors
    ///
    /// [`Error::Stopped`].
    pub fn sleep(&self, time: std::time::Duration) -> Result {
        let ticks = (time.as_nanos() / 100) as u64;
        let k = &self.kernel;
        if k.on_thread() {
            let due = Rc::new(Event::default());
            let (d, machine) = (due.clone(), Rc::downgrade(k));
            k.at(k.now() + ticks, move || {
                if let Some(k) = machine.upgrade() {
                    d.set(&k);
                }
            });
            due.wait(k, "the time until which it sleeps");
            return Ok(());
        }
        let due = Rc::new(Cell::new(false));
        let d = due.clone();
        self.kernel.at(self.kernel.now() + ticks, move || d.set(true));
        self.kernel.run_until(|| due.get()).map_err(|why| self.unfinished(why))
    }

    /// Virtual time since the machine was made.
    pub fn now(&self) -> std::time::Duration {
        std::time::Duration::from_nanos(self.kernel.now() * 100)
    }

    /// The lines that drivers printed since the last call.
    pub fn take_debug_output(&self) -> Vec<String> {
        self.kernel.take_debug_output()
    }

    /// The trace so far, a line for each event, if [`Builder::trace`] asked for one.
    pub fn take_trace(&self) -> String {
        self.kernel.trace.take()
    }

    /// The verdict that stopped the run, if one did.
    pub fn verdict(&self) -> Option<Box<Verdict>> {
        self.kernel.verdict()
    }

    /// The seed of the run.
    pub fn seed(&self) -> u64 {
        self.kernel.config.seed
    }

    /// Removes what is plugged in, unloads what is loaded, and says whether all was well.
    ///
    /// # Errors
    ///
    /// [`Error::Stopped`] with the verdict of a rule that was broken, now or before.
    pub fn finish(self) -> Result {
        let drivers: Vec<_> = self.kernel.drivers.borrow().clone();
        for driver in drivers {
            Driver { machine: self.clone_handle(), driver }.unload()?;
        }
        match self.kernel.stopped() {
            true => Err(self.stopped()),
            false => Ok(()),
        }
    }

    fn clone_handle(&self) -> Self {
        Self { kernel: self.kernel.clone() }
    }

    fn forget_driver(&self, driver: &Rc<LoadedDriver>) {
        self.kernel.drivers.borrow_mut().retain(|other| !Rc::ptr_eq(other, driver));
    }

    fn stopped(&self) -> Error {
        match self.kernel.verdict() {
            Some(verdict) => Error::Stopped(verdict),
            None => Error::Stuck(self.kernel.who_waits()),
        }
    }

    fn unfinished(&self, why: Unfinished) -> Error {
        match why {
            Unfinished::Stopped => self.stopped(),
            Unfinished::Stuck => Error::Stuck(self.kernel.who_waits()),
        }
    }

    /// Runs `body` on a thread of the machine and waits for its end.
    fn run_on<T: 'static>(
        &self,
        role: Role,
        name: &str,
        body: impl FnOnce(&'static Kernel) -> T + 'static,
    ) -> Result<T> {
        let k = &self.kernel;
        if k.stopped() {
            return Err(self.stopped());
        }
        if k.on_thread() {
            // The machine is current, and this is one of its threads.
            return Ok(body(crate::kernel::current()));
        }
        let result = Rc::new(RefCell::new(None));
        let place = result.clone();
        k.start_thread(role, name, move || {
            let value = body(crate::kernel::current());
            *place.borrow_mut() = Some(value);
        });
        let done = k.run_until(|| result.borrow().is_some());
        done.map_err(|why| self.unfinished(why))?;
        Ok(result.take().expect("the thread is done"))
    }
}

/// A thread of an application that [`Machine::spawn`] started.
pub struct Thread<T> {
    machine: Machine,
    result: Rc<RefCell<Option<T>>>,
    done: Rc<Cell<bool>>,
}

impl<T> Thread<T> {
    /// Whether it has ended.
    pub fn is_done(&self) -> bool {
        self.done.get()
    }

    /// Runs the machine until the thread ends, and returns what it returned.
    ///
    /// # Errors
    ///
    /// [`Error::Stopped`], and [`Error::Stuck`] if the thread waits for something that cannot happen.
    pub fn join(self) -> Result<T> {
        let done = self.machine.kernel.run_until(|| self.done.get());
        done.map_err(|why| self.machine.unfinished(why))?;
        Ok(self.result.take().expect("the thread is done"))
    }
}

/// A loaded driver.
pub struct Driver {
    machine: Machine,
    driver: Rc<LoadedDriver>,
}

impl Driver {
    /// Plugs in a device that matches the driver: calls `EvtDriverDeviceAdd` and starts the device.
    ///
    /// # Errors
    ///
    /// [`Error::DeviceAdd`] and [`Error::Start`] say which callback failed and how.
    pub fn plug(&self, hardware_id: &str) -> Result<Device> {
        let (driver, id) = (self.driver.clone(), hardware_id.to_owned());
        let plugged = self.machine.run_on(Role::Pnp, "plug", move |k| pnp::plug(k, &driver, &id))?;
        match plugged {
            Ok(device) => Ok(Device { machine: self.machine.clone_handle(), device }),
            Err(pnp::Failure::NoDeviceAdd) => Err(Error::NotPnp),
            Err(pnp::Failure::DeviceAdd(status)) => Err(Error::DeviceAdd(status)),
            Err(pnp::Failure::NoDevice) => Err(Error::NoDevice),
            Err(pnp::Failure::Start(callback, status)) => Err(Error::Start(callback, status)),
        }
    }

    /// The driver's service name.
    pub fn name(&self) -> &str {
        &self.driver.name
    }

    /// Removes the driver's devices and unloads it.
    ///
    /// # Errors
    ///
    /// [`Error::Stopped`] when it left something behind, among other things.
    pub fn unload(self) -> Result {
        let k = self.machine.kernel.clone();
        let mine = self.driver.clone();
        for object in k.objects.all() {
            let same = object.driver.as_ref().is_some_and(|driver| Rc::ptr_eq(driver, &mine));
            if same && object.is_alive() && wdfdevice::Device::of(&object.body).is_some() {
                let device = Ref::<wdfdevice::Device>::new(object);
                Device { machine: self.machine.clone_handle(), device }.remove()?;
            }
        }
        let driver = self.driver.clone();
        self.machine.run_on(Role::Pnp, "unload", move |k| driver.unload(k))?;
        check_leaks(&k, &self.driver);
        self.machine.forget_driver(&self.driver);
        if k.stopped() { Err(self.machine.stopped()) } else { Ok(()) }
    }
}

/// Reports what a driver left behind when it was unloaded.
fn check_leaks(k: &Kernel, driver: &Rc<LoadedDriver>) {
    let left: Vec<_> = k
        .objects
        .all()
        .into_iter()
        .filter(|object| object.driver.as_ref().is_some_and(|owner| Rc::ptr_eq(owner, driver)))
        .collect();
    if let Some(first) = left.first() {
        let mut verdict = Verdict::driver_bug(
            k,
            &rules::objects::LEAK,
            format!("{} was unloaded and left {} objects", driver.name, left.len()),
            format!("{} still has {} references", first.label(), first.references()),
        );
        verdict.history = left.iter().flat_map(|object| object.history(k)).collect();
        if k.verifies(rules::objects::LEAK.level) {
            k.record(verdict);
        }
    }
    if k.verifies(rules::pool::LEAK.level) {
        k.check_pool(&driver.name);
    }
}

/// A device that was plugged in.
pub struct Device {
    machine: Machine,
    device: Ref<wdfdevice::Device>,
}

impl Device {
    /// The path of an interface of the device, for [`Machine::open`].
    ///
    /// # Errors
    ///
    /// `STATUS_OBJECT_NAME_NOT_FOUND` when the driver did not register that interface.
    pub fn interface(&self, guid: GUID) -> Result<String> {
        let interfaces = self.machine.kernel.names.interfaces.borrow();
        let found = interfaces.iter().find(|interface| {
            names::format_guid(&interface.guid) == names::format_guid(&guid)
                && Rc::ptr_eq(&interface.device.object, &self.device.object)
        });
        found.map(|interface| interface.link.clone()).ok_or(Error::Status(STATUS_OBJECT_NAME_NOT_FOUND))
    }

    /// The names by which applications can open the device: symbolic links first, then interfaces.
    pub fn names(&self) -> Vec<String> {
        self.machine.kernel.names.of(&self.device)
    }

    /// The largest number of requests that waited in one of the device's queues.
    pub fn queue_high_water(&self) -> usize {
        self.device.queues.borrow().iter().map(|queue| queue.high_water.get()).max().unwrap_or(0)
    }

    /// Removes the device in an orderly way.
    ///
    /// Applications may still have it open; their requests are cancelled or waited for, as the framework does
    /// when the bus says that a device is gone after a query. (Windows would veto the query while handles are
    /// open; this machine leaves that to the test.)
    ///
    /// # Errors
    ///
    /// [`Error::Stopped`] with [`rules::requests::NEVER_COMPLETED`] when the driver keeps a request.
    pub fn remove(self) -> Result {
        self.remove_as(false)
    }

    /// Removes the device as if it was pulled out.
    ///
    /// # Errors
    ///
    /// As for [`remove`](Self::remove).
    pub fn surprise_remove(self) -> Result {
        self.remove_as(true)
    }

    /// Puts the device to sleep: power-managed queues stop, and the device leaves D0 for D3.
    ///
    /// # Errors
    ///
    /// As for [`remove`](Self::remove).
    pub fn suspend(&self) -> Result {
        let device = self.device.clone();
        let result = self.machine.run_on(Role::Pnp, "suspend", move |k| pnp::suspend(k, &device));
        self.unless_stuck(result, "suspension")
    }

    /// Wakes the device up from [`suspend`](Self::suspend).
    ///
    /// # Errors
    ///
    /// [`Error::Start`] says which callback failed and how; the device is gone then.
    pub fn resume(&self) -> Result {
        let device = self.device.clone();
        let result = self.machine.run_on(Role::Pnp, "resume", move |k| pnp::resume(k, &device))?;
        result.map_err(|(callback, status)| Error::Start(callback, status))
    }

    fn remove_as(self, surprise: bool) -> Result {
        let device = self.device.clone();
        let result = self.machine.run_on(Role::Pnp, "removal", move |k| pnp::remove(k, &device, surprise));
        self.unless_stuck(result, "removal")?.map_err(Error::Status)
    }

    /// Turns a PnP thread that waits forever into a verdict.
    fn unless_stuck<T>(&self, result: Result<T>, what: &str) -> Result<T> {
        match result {
            Err(Error::Stuck(waits)) => {
                let k = &self.machine.kernel;
                match pnp::owned_request(&self.device) {
                    Some(request) => {
                        let rule = &rules::requests::NEVER_COMPLETED;
                        let effect = format!("the {what} waits for {}", request.label());
                        let mut verdict = Verdict::driver_bug(k, rule, effect, waits);
                        verdict.history = request.history(k);
                        k.record(verdict);
                    }
                    None => k.record(Verdict::limit(k, format!("the {what} of a device cannot go on"))),
                }
                Err(self.machine.stopped())
            }
            other => other,
        }
    }
}
