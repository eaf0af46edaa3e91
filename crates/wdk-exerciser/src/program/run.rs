//! `wdk-exerciser run`: opens the device, does the work, reports.

use super::failure::{Failure, Result};
use super::{files, requests, stream};
use crate::Exit;
use crate::args::{Opened, Run, Work};
use crate::report::{Findings, Host, NOT_JUDGED, Report};
use crate::win32::device::Device;
use crate::win32::{console, file, process, setup};
use alloc::borrow::ToOwned as _;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

/// What came of the work.
pub struct Done {
    /// What was found.
    pub findings: Findings,
    /// Whether the run was ended because it took too long, or something did not come back.
    pub stuck: bool,
}

/// How long requests that were cancelled may take to come back.
pub const GRACE: Duration = Duration::from_secs(10);

/// Runs the command.
pub fn run(options: &Run) -> Result<Exit> {
    // Files first, then the device: as `cargo driver run` does.
    let done = match &options.work {
        Work::Stream(how) => {
            let path = match &how.file {
                Some(path) => path.clone(),
                None => {
                    process::image().map_err(|error| Failure::refused("name this program's file", error))?
                }
            };
            check_out(options, Some(&path))?;
            let source = files::source(&path, how.chunk)?;
            let device = path_of(&options.device)?;
            let devices =
                (0..how.threads + how.readers).map(|_| open(&device)).collect::<Result<Vec<_>>>()?;
            let returned = files::returned(source.layout)?;
            let done = stream::run(&path, how, options.timeout, source, returned, &devices)?;
            (device, done)
        }
        Work::Requests(actions) => {
            check_out(options, None)?;
            let requests = actions.iter().map(files::request).collect::<Result<Vec<_>>>()?;
            let device = path_of(&options.device)?;
            let done = requests::run(&device, options.timeout, &requests)?;
            (device, done)
        }
    };
    report(options, done)
}

fn report(options: &Run, (device, done): (String, Done)) -> Result<Exit> {
    let Findings { work, remarks, well } = done.findings;
    let exit = match (done.stuck, well) {
        (true, _) => Exit::Stuck,
        (false, true) => Exit::Ok,
        (false, false) => Exit::Data,
    };
    let report = Report {
        driver: options.driver.clone().unwrap_or(device),
        debug: None,
        host: Host::Windows,
        work,
        remarks,
        verdict: NOT_JUDGED.to_owned(),
        verdict_text: String::new(),
        seed: None,
        exit_code: exit.code(),
    };
    let mut json = serde_json::to_string_pretty(&report).expect("plain data");
    json.push('\n');
    if let Some(out) = &options.out {
        file::replace(out, json.as_bytes())
            .map_err(|error| Failure::new(Exit::File, format!("cannot write `{out}`: {error}")))?;
    }
    if options.json {
        console::print(&json);
        return Ok(exit);
    }
    let mut text = String::new();
    report.print(&mut text).expect("a string takes everything");
    console::print(&crate::text::plain(&text));
    for remark in &report.remarks {
        console::complain(remark);
    }
    Ok(exit)
}

/// Makes sure that the report replaces nothing that is read.
fn check_out(options: &Run, stream: Option<&str>) -> Result {
    let Some(out) = &options.out else { return Ok(()) };
    let same = |one: &str| match (file::absolute(one), file::absolute(out)) {
        (Ok(one), Ok(other)) => one.eq_ignore_ascii_case(&other),
        _ => false,
    };
    match stream.is_some_and(same) {
        true => {
            let what =
                format!("the report would replace the file that is streamed, `{out}` (give another --out)");
            Err(Failure::new(Exit::Usage, what))
        }
        false => Ok(()),
    }
}

/// The path by which the device is opened.
fn path_of(device: &Opened) -> Result<String> {
    match device {
        Opened::Path(path) => Ok(path.clone()),
        Opened::Interface(class) => {
            let paths = setup::interfaces(*class)
                .map_err(|error| Failure::refused("list the interfaces of devices", error))?;
            paths.into_iter().next().ok_or_else(|| {
                let what = format!(
                    "device not found: no device that is started has the interface {{{class}}} (`wdk-exerciser \
                     status --hardware-id ID` says what the device is doing)"
                );
                Failure::new(Exit::NoDevice, what)
            })
        }
    }
}

/// Opens the device.
pub fn open(path: &str) -> Result<Device> {
    Device::open(path).map_err(|error| match error.is_not_found() {
        true => Failure::new(Exit::NoDevice, format!("device not found: there is no `{path}`")),
        false => Failure::refused(&format!("open the device `{path}`"), error),
    })
}
