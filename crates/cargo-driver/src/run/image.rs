//! A driver image, seen from the command: it starts the process in which the image runs, shows what that process
//! tells, and makes a report whatever becomes of it.

use super::watcher::{Console, TraceFile, Watcher as _};
use super::work;
use crate::args::Run;
use crate::exit::{Exit, Failure, Result};
use crate::report::{Acted, Report, Work};
use crate::sandbox::message::Message;
use crate::sandbox::process::{Event, Process};
use crate::workspace::{self, Workspace};
use std::ffi::OsString;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

/// How long an image may run if the user does not say.
const TIMEOUT: u64 = 60;

/// Runs an image with the arguments of the command.
///
/// # Errors
///
/// What ends it before there is anything to report.
pub fn run(options: &Run, arguments: &[OsString]) -> Result<Exit> {
    let image = Path::new(&options.driver);
    if options.release || !options.features.is_empty() {
        let what =
            format!("--release and --features are for packages: `{}` is built already", options.driver);
        return Err(Failure::new(Exit::Usage, what));
    }
    check(image)?;
    let mut arguments = arguments.to_vec();
    let file = match (&options.file, options.streams()) {
        (Some(path), _) => Some(path.clone()),
        (None, true) => {
            let path = workspace::default_file(&Workspace::load(None))?;
            // In front: what follows `--` is not an option.
            arguments.splice(0..0, ["--file".into(), path.clone().into_os_string()]);
            Some(path)
        }
        (None, false) => None,
    };
    let bytes = work::open(options, file.as_deref())?.bytes();
    work::check_trace(options, file.as_deref(), Some(image))?;
    let trace = options.trace.as_deref().map(TraceFile::create).transpose()?;
    let console = Console::new(bytes, trace, options.quiet || options.json);

    let timeout = Some(options.timeout.unwrap_or(TIMEOUT)).filter(|seconds| *seconds > 0);
    let process = Process::start(&arguments, timeout.map(Duration::from_secs))?;
    let result = follow(process, options, &console);
    console.close()?;
    let report = result?;
    report.print(options);
    Ok(report.exit())
}

/// Makes sure that there is a file to load.
fn check(image: &Path) -> Result {
    let name = image.display();
    match fs::File::open(image).and_then(|file| file.metadata()) {
        Ok(metadata) if metadata.is_file() => Ok(()),
        Ok(_) => {
            Err(Failure::new(Exit::Usage, format!("`{name}` is no driver image: it is no regular file")))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            Err(Failure::new(Exit::Usage, format!("there is no driver image `{name}`")))
        }
        Err(error) => {
            Err(Failure::new(Exit::File, format!("cannot read the driver image `{name}`: {error}")))
        }
    }
}

/// Shows what the process tells, until it has ended.
fn follow(mut process: Process, options: &Run, console: &Console) -> Result<Report> {
    let mut acted = Acted::default();
    let mut started = false;
    let mut last: Option<Result<Report>> = None;
    loop {
        let message = match process.next() {
            Event::Told(message) => message,
            Event::Ended(ending) if ending.is_orderly() && last.is_some() => {
                let mut report = last.take().expect("checked")?;
                report.complete(acted);
                return Ok(report);
            }
            Event::Ended(ending) if !started && ending.is_refusal() => {
                // A failure that was told before any code of the image ran says more than the end.
                return match last {
                    Some(Err(failure)) => Err(failure),
                    _ => Err(ending.before_start(&options.driver)),
                };
            }
            Event::Ended(ending) => {
                let (done, all) = (acted.actions.len(), options.actions.0.len());
                let during = (!acted.device.is_empty() && done < all)
                    .then(|| format!("request {} of {all}", done + 1));
                let work = if options.streams() { Work::Unknown {} } else { Work::Acted(acted) };
                let (id, exit, text) = ending.verdict(during.as_deref(), options.seed);
                return Ok(Report::of_death(&options.driver, work, id, text, exit, options.seed));
            }
        };
        match message {
            Message::Started => started = true,
            Message::Trace(lines) => console.trace(&lines),
            Message::Printed(line) => console.printed(&line),
            Message::Progress(bytes) => console.progress(bytes),
            Message::Opened(device) => acted.device = device,
            Message::Done(done) if acted.actions.len() < options.actions.0.len() => acted.actions.push(done),
            Message::Done(_) => process.distrust("it told of more requests than there were"),
            Message::Report(report) => last = Some(Ok(*report)),
            Message::Failure { exit, what } => {
                let exit = Exit::of_code(exit).filter(|exit| *exit != Exit::Ok).unwrap_or(Exit::Start);
                last = Some(Err(Failure::new(exit, what)));
            }
        }
    }
}
