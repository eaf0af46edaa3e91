//! A run, from load to unload: what happens in the machine, wherever the driver's code comes from.

use super::actions;
use super::watcher::Watcher;
use super::work::Work;
use crate::args::Run;
use crate::exit::{Exit, Failure, Result};
use crate::report::Done;
use crate::stream::{self, Drain, Job};
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Instant;
use wdk_emulator::{Device, Driver, Error, GUID, Machine, Verdict};
use wdk_exerciser::Class;
use wdk_exerciser::stream::Tally;

/// The driver of a run.
pub struct Driven<'a, L> {
    /// What messages call it.
    pub title: &'a str,
    /// Its service name.
    pub name: &'a str,
    /// Loads it into the machine.
    pub load: L,
}

/// What a run came to.
pub struct Outcome {
    /// What came of the work.
    pub work: Ended,
    /// What stopped the machine.
    pub verdict: Option<Box<Verdict>>,
}

/// What came of the work.
pub enum Ended {
    /// A stream.
    Stream {
        /// What the stream came to.
        tally: Box<Tally>,
        /// The largest number of requests that waited in a queue.
        queue_high_water: usize,
        /// Time of the host that the stream took.
        seconds: f64,
    },
    /// Requests.
    Actions {
        /// The name by which the device was opened.
        device: String,
        /// Those that were sent.
        performed: Vec<Done>,
    },
}

/// The machine that the user asked for.
pub fn machine(options: &Run, traced: bool) -> Rc<Machine> {
    let builder = Machine::builder()
        .seed(options.seed)
        .processors(options.processors.into())
        .verifier(options.verifier);
    Rc::new(if traced { builder.trace() } else { builder }.build())
}

/// Runs the driver.
///
/// # Errors
///
/// What ends the run before there is anything to report.
pub fn run<L>(
    machine: &Rc<Machine>,
    driven: Driven<'_, L>,
    options: &Run,
    work: Work,
    watcher: Rc<dyn Watcher>,
) -> Result<Outcome>
where
    L: FnOnce() -> wdk_emulator::Result<Driver>,
{
    let drain = drain(machine, watcher.clone());
    let title = driven.title;
    let mut device = String::new();
    let (result, ended) = match work {
        Work::Stream { source, returned } => {
            // Threads of a machine that stopped share the job for ever, so it is not taken back from them.
            let job = Job::new(*source, returned, options.threads, options.cancel_every);
            let job = Rc::new(RefCell::new(job));
            let (mut queue_high_water, mut seconds) = (0, 0.0);
            let result = through(driven, options, |plugged, path| {
                let started = Instant::now();
                let result = stream::run(machine, path, options, &job, &watcher, &drain);
                seconds = started.elapsed().as_secs_f64();
                queue_high_water = plugged.queue_high_water();
                result
            });
            let end = move || -> Result<Ended> {
                watcher.finish();
                let tally = Box::new(job.borrow_mut().finish()?);
                Ok(Ended::Stream { tally, queue_high_water, seconds })
            };
            (result, Box::new(end) as Box<dyn FnOnce() -> Result<Ended>>)
        }
        Work::Actions(requests) => {
            let mut performed = Vec::new();
            let result = through(driven, options, |_, path| {
                path.clone_into(&mut device);
                watcher.opened(path);
                let dispatch = options.dispatch;
                actions::run(machine, path, dispatch, &requests, &mut performed, &watcher, &drain)
            });
            (result, Box::new(move || Ok(Ended::Actions { device, performed })) as _)
        }
    };
    let verdict = machine.verdict();
    drain();
    if let (None, Err(stop)) = (&verdict, result) {
        return Err(stop.explain(title));
    }
    Ok(Outcome { work: ended()?, verdict })
}

/// From load to unload. An error is one of the machine; what stopped it is its verdict.
fn through<L>(
    driven: Driven<'_, L>,
    options: &Run,
    work: impl FnOnce(&Device, &str) -> wdk_emulator::Result,
) -> std::result::Result<(), Stop>
where
    L: FnOnce() -> wdk_emulator::Result<Driver>,
{
    let driver = (driven.load)()?;
    let id = options.hardware_id.clone().unwrap_or_else(|| format!(r"ROOT\{}", driven.name.to_uppercase()));
    let device = driver.plug(&id)?;
    let path = path(&device, options)?;
    work(&device, &path)?;
    device.remove()?;
    Ok(driver.unload()?)
}

/// The path by which the user wants the device opened.
fn path(device: &Device, options: &Run) -> std::result::Result<String, Stop> {
    let names = device.names();
    let wanted = match (&options.open, options.interface) {
        (Some(name), _) if name.starts_with(r"\\") => name.clone(),
        (Some(name), _) => format!(r"\\.\{name}"),
        (None, Some(class)) => return device.interface(guid(class)).map_err(|_| Stop::NoInterface(names)),
        (None, None) => return names.into_iter().next().ok_or(Stop::NoName),
    };
    match names.iter().any(|name| leads_to(&wanted, name)) {
        true => Ok(wanted),
        false => Err(Stop::NotItsName(wanted, names)),
    }
}

/// A class as Windows has it in memory.
fn guid(class: Class) -> GUID {
    let (data1, data2, data3, data4) = class.members();
    GUID { Data1: data1, Data2: data2, Data3: data3, Data4: data4 }
}

/// Whether a path is a name of a device, or the name of a file on it.
fn leads_to(path: &str, name: &str) -> bool {
    let key = |name: &str| name.get(4..).unwrap_or_default().to_lowercase();
    let (path, name) = (key(path), key(name));
    path.strip_prefix(&name).is_some_and(|rest| rest.is_empty() || rest.starts_with('\\'))
}

/// Why a run did not get through.
enum Stop {
    NoName,
    NoInterface(Vec<String>),
    NotItsName(String, Vec<String>),
    Machine(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Machine(error)
    }
}

impl Stop {
    /// In words, for a machine without a verdict.
    fn explain(self, name: &str) -> Failure {
        let names = |names: Vec<String>| match names.is_empty() {
            true => "it has no name at all".to_owned(),
            false => format!("its names are: {}", names.join(", ")),
        };
        let what = match self {
            Self::NoName => format!(
                "the device of `{name}` has no name by which it could be opened (create a symbolic link or a device \
                 interface)"
            ),
            Self::NoInterface(others) => {
                format!("the device of `{name}` has no interface of that class ({})", names(others))
            }
            Self::NotItsName(wanted, others) => {
                format!("the device of `{name}` is not called `{wanted}` ({})", names(others))
            }
            Self::Machine(error) => match error {
                Error::DriverEntry(_) => format!("the driver `{name}` does not load: {error}"),
                Error::OtherApi | Error::NotPnp => format!("the driver `{name}` cannot be used: {error}"),
                Error::DeviceAdd(_) | Error::NoDevice | Error::Start(..) => {
                    format!("the device of `{name}` does not start: {error}")
                }
                Error::Stuck(_) => return Failure::new(Exit::Limit, format!("limit reached: {error}")),
                other => format!("the device of `{name}` cannot be opened: {other}"),
            },
        };
        Failure::new(Exit::Start, what)
    }
}

/// Takes the trace and what the driver printed out of the machine, so that they do not fill the memory.
fn drain(machine: &Rc<Machine>, watcher: Rc<dyn Watcher>) -> Drain {
    let machine = Rc::downgrade(machine);
    Rc::new(move || {
        let Some(machine) = machine.upgrade() else {
            return;
        };
        let trace = machine.take_trace();
        if !trace.is_empty() {
            watcher.trace(&trace);
        }
        for line in machine.take_debug_output() {
            watcher.printed(&line);
        }
    })
}

#[cfg(test)]
mod tests {
    use super::leads_to;

    #[test]
    fn a_path_leads_to_the_device_that_it_names() {
        for path in [r"\\.\Echo", r"\\.\echo", r"\\?\ECHO", r"\\.\echo\file"] {
            assert!(leads_to(path, r"\\.\echo"), "{path}");
        }
        for path in [r"\\.\ech", r"\\.\echoes", r"\\.\", r"\\", r"\\.\other\echo"] {
            assert!(!leads_to(path, r"\\.\echo"), "{path}");
        }
    }
}
