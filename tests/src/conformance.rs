//! The emulator as a host of experiments: the conformance kit's user side here.

use crate::both::{Driver, Form};
use std::time::Duration;
use wdk_conformance::protocol::{DESK, DEVICE, HARDWARE_ID};
use wdk_conformance::{Completion, Experiment, Host, Outcome, Request, Results, Stop, Verifier};
use wdk_emulator::{Device, Error, File, Level, Machine, Overlapped, Thread};

/// The driver of the experiments.
pub static DRIVER: Driver =
    Driver { package: "tests/drivers/conformance", service: "conformance", linked: &conformance::DRIVER };

/// A machine with the driver and its desk.
pub struct Emulator {
    machine: Machine,
    driver: wdk_emulator::Driver,
    desk: File,
    device: Option<Device>,
}

/// A request that was sent.
pub enum Pending {
    /// From the test's thread.
    Overlapped(Overlapped),
    /// From a thread of its own.
    Thread(Thread<wdk_emulator::Result<Completion>>),
}

impl Emulator {
    /// A machine with the verifier that an experiment asks for.
    ///
    /// # Panics
    ///
    /// When the driver does not load.
    pub fn new(form: Form, verifier: Verifier) -> Self {
        let level = match verifier {
            Verifier::Any => Level::Standard,
            Verifier::Off | Verifier::Reports => Level::Off,
        };
        let machine = Machine::builder().verifier(level).build();
        let driver = form.load(&machine, &DRIVER).expect("the driver loads");
        driver.plug(HARDWARE_ID).expect("the desk starts");
        let desk = machine.open(format!(r"\\.\{DESK}")).expect("the desk opens");
        Self { machine, driver, desk, device: None }
    }

    /// Unloads the driver; what the verifier has to say.
    ///
    /// # Errors
    ///
    /// The verdict.
    pub fn finish(self) -> wdk_emulator::Result {
        drop((self.desk, self.device, self.driver));
        self.machine.finish()
    }
}

fn stop(error: Error) -> Stop {
    match error.verdict() {
        Some(verdict) => format!("{} ({})", verdict.id(), verdict.effect),
        None => error.to_string(),
    }
}

impl Host for Emulator {
    type File = File;
    type Pending = Pending;

    fn plug(&mut self) -> Result<bool, Stop> {
        match self.driver.plug(HARDWARE_ID) {
            Ok(device) => self.device = Some(device),
            Err(Error::Start(..) | Error::DeviceAdd(_)) => return Ok(false),
            Err(error) => return Err(stop(error)),
        }
        Ok(true)
    }

    fn remove(&mut self) -> Result<bool, Stop> {
        let Some(device) = self.device.take() else { return Ok(true) };
        self.device = device.try_remove().map_err(stop)?;
        Ok(self.device.is_none())
    }

    fn surprise(&mut self) -> Result<(), Stop> {
        let device = self.device.take().ok_or("there is no device")?;
        device.surprise_remove().map_err(stop)
    }

    fn power(&mut self, on: bool) -> Result<(), Stop> {
        let device = self.device.as_ref().ok_or("there is no device")?;
        if on { device.resume() } else { device.suspend() }.map_err(stop)
    }

    fn open(&mut self, name: &str) -> Result<Result<File, i32>, Stop> {
        match self.machine.open(format!(r"\\.\{DEVICE}{name}")) {
            Ok(file) => Ok(Ok(file)),
            Err(error) => error.status().map(Err).ok_or_else(|| stop(error)),
        }
    }

    fn close(&mut self, file: File) -> Result<(), Stop> {
        file.close().map_err(stop)
    }

    fn start(&mut self, file: Option<&File>, request: &Request, thread: bool) -> Result<Pending, Stop> {
        let file = file.unwrap_or(&self.desk).clone();
        let request = request.clone();
        let send = move || match &request {
            Request::Write(bytes) => file.start_write(bytes),
            Request::Read(length) => file.start_read(*length),
            Request::Control { code, input, output } => file.start_ioctl(*code, input, *output),
        };
        if thread {
            return Ok(Pending::Thread(self.machine.spawn("sender", move || Ok(told(send()?.wait()?)))));
        }
        send().map(Pending::Overlapped).map_err(stop)
    }

    fn is_done(&mut self, pending: &Pending) -> bool {
        match pending {
            Pending::Overlapped(request) => request.is_done(),
            Pending::Thread(thread) => thread.is_done(),
        }
    }

    fn cancel(&mut self, pending: &Pending) -> Result<(), Stop> {
        match pending {
            Pending::Overlapped(request) => request.cancel().map_err(stop),
            Pending::Thread(_) => Err("a request that a thread waits for is not cancelled".to_owned()),
        }
    }

    fn wait(&mut self, pending: Pending) -> Result<Completion, Stop> {
        match pending {
            Pending::Overlapped(request) => request.wait().map(told),
            Pending::Thread(thread) => thread.join().and_then(|sent| sent),
        }
        .map_err(stop)
    }

    fn settle(&mut self) -> Result<(), Stop> {
        self.machine.run().map_err(stop)
    }

    fn sleep(&mut self, milliseconds: u32) -> Result<(), Stop> {
        self.machine.sleep(Duration::from_millis(milliseconds.into())).map_err(stop)
    }

    fn status_name(&self, status: i32) -> Option<&'static str> {
        wdk_sys::status_name(status)
    }
}

fn told(completion: wdk_emulator::Completion) -> Completion {
    let wdk_emulator::Completion { status, information, data } = completion;
    Completion { status, information, data }
}

/// The experiments that the driver hands out.
///
/// # Panics
///
/// When it hands out nonsense.
pub fn experiments(form: Form) -> Vec<Experiment> {
    let mut host = Emulator::new(form, Verifier::Any);
    let all = wdk_conformance::experiments(&mut host).expect("the driver describes its experiments");
    host.finish().expect("the driver kept the rules");
    all
}

/// Performs an experiment on a machine of its own. What the verifier has to say at the end is an observation.
pub fn perform(form: Form, experiment: &Experiment) -> Outcome {
    let mut host = Emulator::new(form, experiment.verifier);
    let mut outcome = wdk_conformance::perform(&mut host, experiment);
    if let Err(error) = host.finish() {
        outcome.agrees = false;
        outcome.observed.push(format!("stopped: {}", stop(error)));
    }
    outcome
}

/// Performs all experiments.
pub fn results(form: Form) -> Results {
    let experiments = experiments(form);
    let mut host = Emulator::new(form, Verifier::Any);
    Results {
        kit: Results::kit_of(&experiments),
        host: "emulator".to_owned(),
        windows_build: None,
        kmdf: wdk_conformance::framework(&mut host).expect("the driver knows its framework"),
        experiments: experiments.iter().map(|experiment| perform(form, experiment)).collect(),
    }
}
