//! A package of the user's: built for this host, and run in this process.

use super::perform::{self, Driven};
use super::watcher::{Console, TraceFile};
use super::work::{self, Work};
use crate::args::Run;
use crate::exit::{Exit, Failure, Result};
use crate::host_library;
use crate::report::{self, Report};
use crate::stream;
use crate::workspace::{self, DriverCrate, Workspace};
use std::io::IsTerminal;
use std::rc::Rc;

/// Builds and runs a package.
///
/// # Errors
///
/// What ends it before there is anything to report.
pub fn run(driver: &DriverCrate, here: &Result<Workspace>, options: &Run) -> Result<Exit> {
    if options.timeout.is_some() || options.no_sandbox {
        let what = format!(
            "--timeout and --no-sandbox are for driver images: `{}` is a package, which runs in this process",
            driver.name
        );
        return Err(Failure::new(Exit::Usage, what));
    }
    // Files first: nobody wants to wait for a build to hear that a path is wrong.
    let file = match (&options.file, options.streams()) {
        (Some(path), _) => Some(path.clone()),
        (None, true) => Some(workspace::default_file(here)?),
        (None, false) => None,
    };
    let opened = work::open(options, file.as_deref())?;
    work::check_trace(options, file.as_deref(), None)?;
    let trace = options.trace.as_deref().map(TraceFile::create).transpose()?;
    let traced = trace.is_some();

    let build = host_library::Options {
        features: &options.features,
        release: options.release,
        quiet: options.quiet || options.json || !std::io::stderr().is_terminal(),
    };
    let (library, directory) = host_library::build(driver, &build)?;
    let module = host_library::load(driver, &library)?;

    let console = Rc::new(Console::new(opened.bytes(), trace, options.quiet || options.json));
    let machine = perform::machine(options, traced);
    let driven = Driven { title: &driver.name, name: &driver.name, load: || machine.load(module) };
    let streaming = file.as_deref().map(|path| report::streaming(path, &opened, options));
    let work = match opened {
        work::Opened::Stream(source) => {
            let returned = stream::returned(&directory.path().join("returned"), source.layout)?;
            Work::Stream { source, returned }
        }
        work::Opened::Actions(requests) => Work::Actions(requests),
    };
    let outcome = perform::run(&machine, driven, options, work, console.clone());
    console.close()?;
    let report = Report::new(&driver.name, Some(module.debug), streaming, options, outcome?);
    report.print(options);
    Ok(report.exit())
}
