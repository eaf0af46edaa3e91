//! The user's side: a machine, its drivers and devices, and the applications that use them.

pub(crate) mod activity;
mod config;
pub mod error;
pub mod file;
mod plugged;

use crate::framework::objects::{Is, Ref};
use crate::framework::{pnp, wdfdevice};
use crate::kernel::driver::Driver as LoadedDriver;
use crate::kernel::{Kernel, names};
use crate::sched::Unfinished;
use crate::sched::lock::Event;
use crate::sched::thread::{Role, Work};
use crate::verifier::{Verdict, rules};
use error::{Error, Result};
use file::File;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wdk_sys::linked::{DIGEST, DriverModule};
use wdk_sys::*;

pub use activity::Activity;
pub use config::{Builder, Config};
pub use plugged::{Device, Driver};

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
        self.load_named(module, module.name)
    }

    /// As [`load`](Self::load), under another service name than the crate's. Drivers find it in the path that their
    /// `DriverEntry` is given.
    ///
    /// # Errors
    ///
    /// As [`load`](Self::load).
    pub fn load_named(&self, module: &'static DriverModule, name: &str) -> Result<Driver> {
        if module.digest != DIGEST {
            return Err(Error::OtherApi);
        }
        self.start_driver(LoadedDriver::linked(name, module))
    }

    /// Loads a driver image, a finished `.sys` file, whoever built it.
    ///
    /// # Safety
    ///
    /// The image's code runs natively in this process, without a sandbox: it can do whatever this process can.
    ///
    /// # Errors
    ///
    /// [`Error::Image`] says what is wrong with the file; otherwise as for [`load`](Self::load).
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    pub unsafe fn load_image(&self, path: impl AsRef<std::path::Path>) -> Result<Driver> {
        let image = self.map_image(path)?;
        // SAFETY: as the caller promises.
        unsafe { self.start_image(image) }
    }

    /// The first half of [`load_image`](Self::load_image): reads the file, checks, maps, relocates and binds the
    /// image. None of its code runs, and nothing of the file is needed afterwards: a process that confines itself
    /// does so between the two halves.
    ///
    /// # Errors
    ///
    /// [`Error::Image`] says what is wrong with the file.
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    pub fn map_image(&self, path: impl AsRef<std::path::Path>) -> Result<MappedImage> {
        let path = path.as_ref();
        let image = crate::image::Image::load(path, self.seed()).map_err(Error::Image)?;
        let name = path.file_stem().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        Ok(MappedImage { name, image })
    }

    /// The second half of [`load_image`](Self::load_image): calls the image's entry point.
    ///
    /// # Safety
    ///
    /// As for [`load_image`](Self::load_image).
    ///
    /// # Errors
    ///
    /// As for [`load`](Self::load).
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    pub unsafe fn start_image(&self, image: MappedImage) -> Result<Driver> {
        self.start_driver(LoadedDriver::image(&image.name, image.image))
    }

    /// Puts a model of a device behind I/O ports, for images that use `in` and `out`. Without one such an
    /// instruction stops the run as not modelled. A later device hides earlier ones at the same port.
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    pub fn add_ports(
        &self,
        ports: std::ops::RangeInclusive<u16>,
        device: impl crate::image::Ports + 'static,
    ) {
        self.kernel.ports.add(ports, device);
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

    /// Opens a device by name (`\\.\Name`) or by the path of an interface, as `CreateFile` does. What follows the
    /// device (`\\.\Name\what\follows`) is the name of the file.
    ///
    /// # Errors
    ///
    /// `STATUS_OBJECT_NAME_NOT_FOUND` when there is no such name, and whatever the driver refuses with.
    pub fn open(&self, name: impl AsRef<str>) -> Result<File> {
        let name = name.as_ref();
        let Some((device, rest)) = self.kernel.names.find_file(name) else {
            return Err(Error::Status(STATUS_OBJECT_NAME_NOT_FOUND));
        };
        File::open(self.clone_handle(), device, rest)
    }

    /// Starts a thread of an application. It runs when [`run`](Self::run) or a blocking call lets it.
    ///
    /// Inside `body`, calls on files block that thread only.
    pub fn spawn<T: 'static>(&self, name: &str, body: impl FnOnce() -> T + 'static) -> Thread<T> {
        let result = Rc::new(RefCell::new(None));
        let done = Rc::new(Cell::new(false));
        let (r, d) = (result.clone(), done.clone());
        self.kernel.start_thread(Role::Application, name.to_owned(), move || {
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
        self.kernel.objects.forget_spares();
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

    /// Runs work on a thread of the machine until it is done.
    fn run_work(
        &self,
        role: Role,
        name: &'static str,
        work: &Rc<impl Work + 'static>,
        done: impl Fn() -> bool,
    ) -> Result<()> {
        let k = &self.kernel;
        if k.stopped() {
            return Err(self.stopped());
        }
        if k.on_thread() {
            // The machine is current, and this is one of its threads.
            work.clone().run();
            return Ok(());
        }
        k.run_work(role, name, work.clone());
        k.run_until(done).map_err(|why| self.unfinished(why))
    }

    /// Runs `body` on a thread of the machine and waits for its end.
    fn run_on<T: 'static>(
        &self,
        role: Role,
        name: &'static str,
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

/// A driver image in memory, ready to run: [`Machine::map_image`] makes it, [`Machine::start_image`] takes it.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
pub struct MappedImage {
    name: String,
    image: Rc<crate::image::Image>,
}

#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
impl MappedImage {
    /// Gives the driver another service name than the name of the file.
    pub fn named(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
        self
    }

    /// The service name that the driver gets: the name of the file without its extension, unless it was
    /// [named](Self::named).
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the image imports that has no model, as `MODULE!NAME`. It loads all the same; the run stops when it
    /// calls one.
    pub fn not_modelled(&self) -> Vec<String> {
        self.image.not_modelled()
    }

    /// The addresses that the image occupies.
    pub fn addresses(&self) -> std::ops::Range<usize> {
        self.image.addresses()
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
