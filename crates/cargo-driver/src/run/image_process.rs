//! The process in which an image runs: opens everything, maps the image, gives up what it may do, and only then
//! runs the image's code.

use super::perform::{self, Driven};
use super::watcher::Watcher;
use super::work::{self, Work};
use crate::args::{Run, RunImage};
use crate::exit::{Exit, Failure, Result};
use crate::report::{self, Done, Report};
use crate::sandbox::message::{self, Message};
use crate::sandbox::{self, Allowed};
use crate::stream;
use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, Instant};
use wdk_emulator::Machine;

/// Runs the image and tells the process that started this one what happens.
///
/// # Errors
///
/// None: what goes wrong is told, too.
pub fn run(image: &RunImage) -> Result<Exit> {
    // SAFETY: nothing in this process has opened anything yet.
    let ready = unsafe { sandbox::limits::enter(image.parent, buffers(&image.run)) };
    let ready = ready.map_err(|why| {
        Failure::new(Exit::Unconfined, format!("the process for the image cannot be set up: {why}"))
    });
    let told = match ready.and_then(|()| perform(&image.run)) {
        Ok(report) => Message::Report(Box::new(report)),
        Err(failure) => Message::Failure { exit: failure.exit.code(), what: failure.to_string() },
    };
    message::tell(&told);
    Ok(Exit::Ok)
}

/// An upper bound of the memory that requests under way take.
fn buffers(options: &Run) -> u64 {
    u64::from(options.chunk) * u64::from(options.threads + options.readers) * 8
}

fn perform(options: &Run) -> Result<Report> {
    let path = &options.driver;
    let opened = work::open(options, options.file.as_deref())?;
    let bytes = opened.bytes();
    let streaming = options.file.as_deref().map(|file| report::streaming(file, &opened, options));
    let work = match opened {
        work::Opened::Actions(requests) => Work::Actions(requests),
        work::Opened::Stream(source) => {
            let name = format!("cargo-driver-returned-{}", std::process::id());
            let returned = stream::returned(&std::env::temp_dir().join(name), source.layout)?;
            Work::Stream { source, returned }
        }
    };
    let machine = perform::machine(options, options.trace.is_some());
    let image = machine.map_image(path).map_err(|error| {
        Failure::new(Exit::Start, format!("the driver image `{path}` cannot be loaded: {error}"))
    })?;
    if !options.no_sandbox {
        let files = match &work {
            Work::Stream { source, returned } => {
                vec![source.storage().descriptor(), returned.storage().descriptor()]
            }
            Work::Actions(_) => Vec::new(),
        };
        sandbox::confine(&Allowed { files: &files, bytes, image: image.addresses() }).map_err(|missing| {
            let what = format!(
                "the driver image `{path}` is native code, and this host cannot confine it: {missing} (give \
                 --no-sandbox to let it do whatever you may do)"
            );
            Failure::new(Exit::Unconfined, what)
        })?;
    }
    message::tell(&Message::Started);
    let name = image.name().to_owned();
    let driven = Driven { title: path, name: &name, load: || start(&machine, image) };
    let outcome = perform::run(&machine, driven, options, work, Rc::new(Teller::default()))?;
    let mut report = Report::new(path, None, streaming, options, outcome);
    report.told();
    Ok(report)
}

fn start(machine: &Machine, image: wdk_emulator::MappedImage) -> wdk_emulator::Result<wdk_emulator::Driver> {
    // SAFETY: what the image's code can reach is this process, which exists for it; the user asked for that, and
    // this process can reach nothing else unless the user said `--no-sandbox`.
    unsafe { machine.start_image(image) }
}

/// Tells the other process.
#[derive(Default)]
struct Teller {
    bytes: Cell<u64>,
    told: Cell<Option<Instant>>,
}

impl Watcher for Teller {
    fn trace(&self, lines: &str) {
        message::tell(&Message::Trace(lines.to_owned()));
    }

    fn printed(&self, line: &str) {
        message::tell(&Message::Printed(line.to_owned()));
    }

    fn progress(&self, bytes: u64) {
        /// Nobody looks more often.
        const OFTEN: Duration = Duration::from_millis(100);
        self.bytes.set(bytes);
        if self.told.get().is_none_or(|told| told.elapsed() >= OFTEN) {
            self.told.set(Some(Instant::now()));
            message::tell(&Message::Progress(bytes));
        }
    }

    fn opened(&self, device: &str) {
        message::tell(&Message::Opened(device.to_owned()));
    }

    fn done(&self, done: &Done) {
        message::tell(&Message::Done(done.clone()));
    }

    fn finish(&self) {}
}
