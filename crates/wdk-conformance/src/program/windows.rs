//! A Windows as a host of experiments.

use super::Failure;
use alloc::borrow::ToOwned as _;
use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::sync::Arc;
use core::time::Duration;
use wdk_conformance::protocol::{DESK, DEVICE, FAIL, HARDWARE_ID};
use wdk_conformance::{Action, Completion, Experiment, Host, Request, Stop, Verifier};
use wdk_exerciser::action::Request as Sent;
use wdk_exerciser::win32::device::{Device, Operation};
use wdk_exerciser::win32::setup::{self, DeviceNode, SetupClass, State};
use wdk_exerciser::win32::sync::Mutex;
use wdk_exerciser::win32::thread::{self, Thread};
use wdk_exerciser::win32::{Error, file, time};
use wdk_exerciser::{Exit, action};

/// How long a request, or a change of a device, may take.
const LIMIT: Duration = Duration::from_secs(30);
/// How long everything that goes on by itself takes at most.
const SETTLES: Duration = Duration::from_millis(300);
/// How often a device is looked at.
const LOOK: Duration = Duration::from_millis(20);

/// A Windows with the driver and its desk.
pub struct Windows {
    class: SetupClass,
    inf: String,
    verifier: Verifier,
    desk: Device,
    desk_node: DeviceNode,
    /// The experiment's device.
    node: Option<DeviceNode>,
}

/// A request that was sent.
pub enum Pending {
    /// From this thread.
    Operation(Operation),
    /// From a thread of its own.
    Thread(Thread, Arc<Mutex<Option<Result<action::Completion, Error>>>>),
}

impl Windows {
    /// Removes what devices of the driver there are, and makes the desk.
    pub fn set_up(inf: &str, verifier: Verifier) -> Result<Self, Failure> {
        let cannot = |why: String| Failure(Exit::File, format!("cannot install from `{inf}`: {why}"));
        let full = match file::is_file(inf) {
            Ok(true) => file::absolute(inf).map_err(|error| cannot(error.to_string()))?,
            Ok(false) => return Err(cannot("it is a directory (give the INF file in it)".to_owned())),
            Err(error) if error.is_not_found() => return Err(cannot("there is no such file".to_owned())),
            Err(error) => return Err(cannot(error.to_string())),
        };
        let class = setup::class_of_inf(&full).map_err(|error| refused("read the INF file", error))?;
        remove_all()?;
        let (desk_node, desk) = make_desk(&class, &full).inspect_err(|_| {
            // That this may fail, too, would hide why.
            let _ = remove_all();
        })?;
        Ok(Self { class, inf: full, verifier, desk, desk_node, node: None })
    }

    /// Removes what an experiment has left.
    pub fn tidy_up(&mut self) -> Result<(), Failure> {
        match self.node.take() {
            Some(node) => node.remove().map(drop).map_err(|error| refused("remove the device", error)),
            None => Ok(()),
        }
    }

    /// Removes everything.
    pub fn remove_all(self) -> Result<(), Failure> {
        let Self { desk, desk_node, .. } = self;
        drop(desk);
        desk_node.remove().map_err(|error| refused("remove the desk", error))?;
        remove_all()
    }
}

/// Makes the driver's first device, and opens it.
fn make_desk(class: &SetupClass, inf: &str) -> Result<(DeviceNode, Device), Failure> {
    let node = setup::create(class, HARDWARE_ID).map_err(|error| refused("make a device", error))?;
    let installed = setup::update_driver(HARDWARE_ID, inf);
    installed.map_err(|error| refused("install the driver", error))?;
    let started = started(&node).map_err(|error| refused("look at the desk", error))?;
    let desk = Device::open(&format!(r"\\.\{DESK}")).map_err(|error| {
        let why = if started { error.to_string() } else { "it did not start".to_owned() };
        Failure(Exit::NoDevice, format!(r"device not found: there is no `\\.\{DESK}`: {why}"))
    })?;
    Ok((node, desk))
}

fn remove_all() -> Result<(), Failure> {
    let found = setup::find(HARDWARE_ID).map_err(|error| refused("list the devices", error))?;
    found
        .iter()
        .try_for_each(|node| node.remove().map(drop))
        .map_err(|error| refused("remove a device", error))
}

fn refused(what: &str, error: Error) -> Failure {
    /// `ERROR_ACCESS_DENIED`.
    const ACCESS_DENIED: u32 = 5;
    let mend = if error.0 == ACCESS_DENIED { " (run this as administrator)" } else { "" };
    Failure(Exit::Refused, format!("Windows refused to {what}: {error}{mend}"))
}

/// Waits until a device has started, or has not.
fn started(node: &DeviceNode) -> Result<bool, Error> {
    let until = time::now() + LIMIT;
    loop {
        match node.state()? {
            State::Started => return Ok(true),
            State::Problem(_) => return Ok(false),
            State::Stopped if time::now() > until => return Ok(false),
            State::Stopped => time::sleep(LOOK),
        }
    }
}

fn stop(error: Error) -> Stop {
    error.to_string()
}

impl Host for Windows {
    type File = Device;
    type Pending = Pending;

    fn refuses(&self, experiment: &Experiment) -> Option<String> {
        match experiment.verifier {
            Verifier::Any => {}
            needed if needed == self.verifier => {}
            needed => return Some(format!("it takes a verifier that is `{}`", needed.name())),
        }
        let sleeps = |action: &Action| matches!(action, Action::Nap | Action::Suspend | Action::Resume);
        let sleeps = experiment.script.steps.iter().any(|step| sleeps(&step.action));
        sleeps.then(|| "it takes a device that sleeps, which a program cannot bring about".to_owned())
    }

    fn plug(&mut self) -> Result<bool, Stop> {
        let node = setup::create(&self.class, HARDWARE_ID).map_err(stop)?;
        let installed = setup::update_driver(HARDWARE_ID, &self.inf);
        let started = started(&node).map_err(stop)?;
        self.node = Some(node);
        match installed {
            Err(error) if started => Err(stop(error)),
            _ => Ok(started),
        }
    }

    fn remove(&mut self) -> Result<bool, Stop> {
        let Some(node) = self.node.take() else { return Ok(true) };
        if node.state().map_err(stop)? == State::Started && !node.query_and_stop().map_err(stop)? {
            self.node = Some(node);
            return Ok(false);
        }
        node.remove().map_err(stop)?;
        Ok(true)
    }

    fn surprise(&mut self) -> Result<(), Stop> {
        let failed = self.desk.start_ioctl(FAIL, alloc::vec::Vec::new(), 0).map_err(stop)?;
        let failed = wait(failed)?;
        if failed.status != 0 {
            return Err(format!("the desk says {:#010X}", failed.status));
        }
        let node = self.node.as_ref().ok_or("there is no device")?;
        let until = time::now() + LIMIT;
        while node.state().map_err(stop)? == State::Started {
            if time::now() > until {
                return Err("Windows does not remove the device".to_owned());
            }
            time::sleep(LOOK);
        }
        time::sleep(SETTLES);
        Ok(())
    }

    fn power(&mut self, _on: bool) -> Result<(), Stop> {
        Err("a program cannot suspend a device".to_owned())
    }

    fn open(&mut self, name: &str) -> Result<Result<Device, i32>, Stop> {
        // A script may close a handle with requests under way, and look what becomes of them.
        match Device::open_loosely(&format!(r"\\.\{DEVICE}{name}")) {
            Ok(device) => Ok(Ok(device)),
            Err(error) => status_of(error).map(Err).ok_or_else(|| stop(error)),
        }
    }

    fn close(&mut self, file: Device) -> Result<(), Stop> {
        drop(file);
        Ok(())
    }

    fn start(&mut self, file: Option<&Device>, request: &Request, own_thread: bool) -> Result<Pending, Stop> {
        let device = file.unwrap_or(&self.desk).clone();
        let request = match request {
            Request::Write(bytes) => Sent::Write(bytes.clone()),
            Request::Read(length) => Sent::Read(*length),
            Request::Control { code, input, output } => Sent::Ioctl(*code, input.clone(), *output),
        };
        if !own_thread {
            return device.start(&request).map(Pending::Operation).map_err(stop);
        }
        let result = Arc::new(Mutex::new(None));
        let place = result.clone();
        let thread = thread::spawn(move || {
            let completion = device.start(&request).map(Operation::wait);
            *place.lock() = Some(completion);
        });
        Ok(Pending::Thread(thread.map_err(stop)?, result))
    }

    fn is_done(&mut self, pending: &Pending) -> bool {
        match pending {
            Pending::Operation(operation) => !operation.is_pending(),
            Pending::Thread(thread, _) => thread.wait(Duration::ZERO),
        }
    }

    fn cancel(&mut self, pending: &Pending) -> Result<(), Stop> {
        match pending {
            Pending::Operation(operation) => {
                operation.cancel();
                Ok(())
            }
            Pending::Thread(..) => Err("a request that a thread waits for is not cancelled".to_owned()),
        }
    }

    fn wait(&mut self, pending: Pending) -> Result<Completion, Stop> {
        match pending {
            Pending::Operation(operation) => wait(operation),
            Pending::Thread(thread, result) => {
                match thread.wait(LIMIT).then(|| result.lock().take()).flatten() {
                    Some(completion) => completion.map(told).map_err(stop),
                    None => Err(late()),
                }
            }
        }
    }

    fn settle(&mut self) -> Result<(), Stop> {
        time::sleep(SETTLES);
        Ok(())
    }

    fn sleep(&mut self, milliseconds: u32) -> Result<(), Stop> {
        time::sleep(Duration::from_millis(milliseconds.into()));
        Ok(())
    }

    fn status_name(&self, status: i32) -> Option<&'static str> {
        wdk_status::status_name(status)
    }
}

/// Waits for a request, but not for ever: one that the driver keeps is left to itself.
fn wait(operation: Operation) -> Result<Completion, Stop> {
    let operation = match operation.wait_for(LIMIT) {
        Ok(completion) => return Ok(told(completion)),
        Err(operation) => operation,
    };
    operation.cancel();
    if let Err(operation) = operation.wait_for(SETTLES) {
        operation.abandon();
    }
    Err(late())
}

fn late() -> Stop {
    format!("a request was not completed within {} seconds", LIMIT.as_secs())
}

fn told(completion: action::Completion) -> Completion {
    let action::Completion { status, information, data } = completion;
    Completion { status, information, data }
}

/// The status behind the error that an open ends with, of those that drivers and the I/O manager refuse with.
fn status_of(error: Error) -> Option<i32> {
    let status: u32 = match error.0 {
        // ERROR_FILE_NOT_FOUND: STATUS_OBJECT_NAME_NOT_FOUND
        2 => 0xC000_0034,
        // ERROR_ACCESS_DENIED: STATUS_ACCESS_DENIED
        5 => 0xC000_0022,
        // ERROR_SHARING_VIOLATION: STATUS_SHARING_VIOLATION
        32 => 0xC000_0043,
        // ERROR_NO_SUCH_DEVICE: STATUS_NO_SUCH_DEVICE
        433 => 0xC000_000E,
        // ERROR_OPERATION_ABORTED: STATUS_CANCELLED
        995 => 0xC000_0120,
        _ => return None,
    };
    Some(status.cast_signed())
}
