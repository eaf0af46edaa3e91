//! `cargo driver run`: builds a driver, streams a file through it, and reports.

use crate::args::Run;
use crate::exit::{Exit, Failure, Result};
use crate::host_library;
use crate::progress::Progress;
use crate::report::Report;
use crate::stream::{self, Drain, Job, Returned, Source, Tally};
use crate::workspace::{self, Workspace};
use std::cell::RefCell;
use std::fs::File;
use std::io::{BufWriter, IsTerminal, Write as _};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Instant;
use wdk_emulator::{DriverModule, Error, Kind, Machine, Verdict};

/// Runs the command.
///
/// # Errors
///
/// What ends it before there is anything to report.
pub fn run(options: &Run) -> Result<Exit> {
    // Files first: nobody wants to wait for a build to hear that a path is wrong.
    let here = Workspace::load(None);
    let driver = workspace::find_driver(&here, &options.driver)?;
    let path = match &options.file {
        Some(path) => path.clone(),
        None => workspace::default_file(&here)?,
    };
    let source = Source::open(&path, options.chunk)?;
    if let Some(trace) = &options.trace
        && workspace::same_file(trace, &path)
    {
        let what = format!("the trace would replace the file that is streamed, `{}`", path.display());
        return Err(Failure::new(Exit::Usage, what));
    }
    let trace = options.trace.as_deref().map(TraceFile::create).transpose()?.map(Rc::new);

    let build = host_library::Options {
        features: &options.features,
        release: options.release,
        quiet: options.quiet || options.json || !std::io::stderr().is_terminal(),
    };
    let (library, directory) = host_library::build(&driver, &build)?;
    let module = host_library::load(&driver, &library)?;
    let returned = Returned::create(directory.path(), source.layout)?;

    let mut builder = Machine::builder()
        .seed(options.seed)
        .processors(options.processors.into())
        .verifier(options.verifier);
    if trace.is_some() {
        builder = builder.trace();
    }
    let machine = Rc::new(builder.build());
    let progress = Rc::new(Progress::new(source.layout.bytes(), !options.quiet && !options.json));
    let drain = drain(&machine, trace.clone(), progress.clone(), options.quiet || options.json);
    let layout = source.layout;
    let job = Job::new(source, returned, options, progress, drain.clone());
    let outcome = drive(&machine, module, &driver.name, options, job);
    drain();
    if let Some(trace) = trace {
        trace.finish()?;
    }
    let report = Report::new(&driver.name, module, &path, layout, options, outcome?);
    report.print(options);
    Ok(report.exit())
}

/// What a run came to.
pub struct Outcome {
    /// What the stream came to.
    pub tally: Tally,
    /// What stopped the machine.
    pub verdict: Option<Box<Verdict>>,
    /// The largest number of requests that waited in a queue.
    pub queue_high_water: usize,
    /// Time of the host that the stream took.
    pub seconds: f64,
}

fn drive(
    machine: &Rc<Machine>,
    module: &'static DriverModule,
    name: &str,
    options: &Run,
    job: Job,
) -> Result<Outcome> {
    // Threads of a machine that stopped share the job for ever, so it is not taken back from them.
    let job = Rc::new(RefCell::new(job));
    let mut measured = Measured::default();
    let result = stream_through(machine, module, name, options, &job, &mut measured);
    let verdict = machine.verdict();
    if let (None, Err(stop)) = (&verdict, result) {
        return Err(stop.explain(name));
    }
    let tally = job.borrow_mut().finish()?;
    Ok(Outcome { tally, verdict, queue_high_water: measured.queue_high_water, seconds: measured.seconds })
}

/// Why a run did not get through.
enum Stop {
    NoName,
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
        let what = match self {
            Self::NoName => format!(
                "the device of `{name}` has no name by which it could be opened (create a symbolic link or a device \
                 interface)"
            ),
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

#[derive(Default)]
struct Measured {
    queue_high_water: usize,
    seconds: f64,
}

/// From load to unload. An error is one of the machine; what stopped it is its verdict.
fn stream_through(
    machine: &Rc<Machine>,
    module: &'static DriverModule,
    name: &str,
    options: &Run,
    job: &Rc<RefCell<Job>>,
    measured: &mut Measured,
) -> std::result::Result<(), Stop> {
    let driver = machine.load(module)?;
    let device = driver.plug(&format!(r"ROOT\{}", name.to_uppercase()))?;
    let path = device.names().into_iter().next().ok_or(Stop::NoName)?;
    let started = Instant::now();
    let result = stream::run(machine, &path, options, job);
    measured.seconds = started.elapsed().as_secs_f64();
    measured.queue_high_water = device.queue_high_water();
    result?;
    device.remove()?;
    Ok(driver.unload()?)
}

/// The exit code of a verdict.
pub fn exit_of(verdict: &Verdict) -> Exit {
    match verdict.kind {
        Kind::DriverBug => Exit::DriverBug,
        Kind::NotModelled => Exit::NotModelled,
        _ => Exit::Limit,
    }
}

/// Where the trace goes.
#[derive(Debug)]
struct TraceFile {
    path: PathBuf,
    file: RefCell<BufWriter<File>>,
    error: RefCell<Option<std::io::Error>>,
}

impl TraceFile {
    fn create(path: &Path) -> Result<Self> {
        let file = File::create(path).map_err(|error| Self::failed(path, &error))?;
        Ok(Self {
            path: path.to_owned(),
            file: RefCell::new(BufWriter::new(file)),
            error: RefCell::default(),
        })
    }

    fn failed(path: &Path, error: &std::io::Error) -> Failure {
        Failure::new(Exit::File, format!("cannot write the trace `{}`: {error}", path.display()))
    }

    fn write(&self, text: &str) {
        if let Err(error) = self.file.borrow_mut().write_all(text.as_bytes()) {
            self.error.borrow_mut().get_or_insert(error);
        }
    }

    fn finish(&self) -> Result {
        let flushed = self.file.borrow_mut().flush();
        match self.error.take().map_or(flushed, Err) {
            Ok(()) => Ok(()),
            Err(error) => Err(Self::failed(&self.path, &error)),
        }
    }
}

/// Takes the trace and what the driver printed out of the machine, so that they do not fill the memory.
fn drain(machine: &Rc<Machine>, trace: Option<Rc<TraceFile>>, progress: Rc<Progress>, quiet: bool) -> Drain {
    let machine = Rc::downgrade(machine);
    Rc::new(move || {
        let Some(machine) = machine.upgrade() else {
            return;
        };
        if let Some(trace) = &trace {
            trace.write(&machine.take_trace());
        }
        for line in machine.take_debug_output() {
            if !quiet {
                progress.line(&format!("driver: {line}"));
            }
        }
    })
}
