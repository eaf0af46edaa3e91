//! What a run in the emulator came to. The report itself is `wdk_exerciser`'s.

use crate::args::Run;
use crate::exit::{Exit, complain, plain};
use crate::run::perform::{Ended, Outcome};
use crate::run::work::Opened;
use serde::{Deserialize, Serialize};
use std::io::Write as _;
use std::path::Path;
use wdk_emulator::{Kind, Verdict};
use wdk_exerciser::report::{self, Findings, Host};
pub use wdk_exerciser::report::{Acted, Done, Streaming, Work};

/// A report on a run in the emulator.
#[derive(Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Report(report::Report);

/// What the command line says of a stream.
pub fn streaming(file: &Path, opened: &Opened, options: &Run) -> Streaming {
    let frames = match opened {
        Opened::Stream(source) => source.layout.count(),
        Opened::Actions(_) => 0,
    };
    Streaming {
        file: file.display().to_string(),
        bytes: opened.bytes(),
        chunk: options.chunk,
        frames,
        writers: options.threads,
        readers: options.readers,
    }
}

impl Report {
    /// Puts together what is known. `streaming` is there if a file was streamed.
    pub fn new(
        driver: &str,
        debug: Option<bool>,
        streaming: Option<Streaming>,
        options: &Run,
        outcome: Outcome,
    ) -> Self {
        let Outcome { work, verdict } = outcome;
        let stopped = verdict.is_some();
        let Findings { work, remarks, well } = match work {
            Ended::Stream { tally, queue_high_water, seconds } => {
                let what = streaming.unwrap_or_default();
                Findings::of_stream(what, *tally, Some(queue_high_water), seconds, stopped)
            }
            Ended::Actions { device, performed } => Findings::of_requests(device, performed, stopped),
        };
        let exit = match &verdict {
            Some(verdict) => exit_of(verdict),
            None if well => Exit::Ok,
            None => Exit::Data,
        };
        let id = verdict.as_ref().map_or("clean", |verdict| verdict.id()).to_owned();
        let text = verdict.map(|verdict| verdict.to_string()).unwrap_or_default();
        Self(report::Report {
            driver: driver.to_owned(),
            debug,
            host: Host::Emulator,
            work,
            remarks,
            verdict: id,
            verdict_text: text,
            seed: Some(options.seed),
            exit_code: exit.code(),
        })
    }

    /// The report on an image whose process ended without one: the verdict's id and text, and what is known.
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    pub fn of_death(driver: &str, work: Work, id: &str, text: String, exit: Exit, seed: u64) -> Self {
        Self(report::Report {
            driver: driver.to_owned(),
            debug: None,
            host: Host::Emulator,
            work,
            remarks: Vec::new(),
            verdict: id.to_owned(),
            verdict_text: text,
            seed: Some(seed),
            exit_code: exit.code(),
        })
    }

    /// Leaves out the requests, each of which was told when it was done.
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    pub fn told(&mut self) {
        if let Work::Acted(acted) = &mut self.0.work {
            acted.actions.clear();
        }
    }

    /// Puts them in again.
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    pub fn complete(&mut self, told: Acted) {
        if let Work::Acted(acted) = &mut self.0.work {
            *acted = told;
        }
    }

    /// How the command ends.
    pub fn exit(&self) -> Exit {
        // A report that a process sent says what it likes; a number that is none is not a success.
        Exit::of_code(self.0.exit_code).unwrap_or(Exit::Data)
    }

    /// Prints it: the report to stdout, what is wrong to stderr.
    pub fn print(&self, options: &Run) {
        let mut out = std::io::stdout().lock();
        // A reader that has gone away does not want the rest.
        let _ = match (options.json, options.quiet) {
            (true, _) => {
                serde_json::to_writer_pretty(&mut out, self).map_err(Into::into).and_then(|()| writeln!(out))
            }
            (false, true) => Ok(()),
            (false, false) => {
                let mut text = String::new();
                self.0.print(&mut text).expect("a string takes everything");
                out.write_all(plain(&text).as_bytes())
            }
        };
        drop(out);
        if !options.json {
            for remark in &self.0.remarks {
                complain(remark);
            }
            if !self.0.verdict_text.is_empty() {
                complain(&self.0.verdict_text);
            }
        }
    }
}

/// The exit code of a verdict.
fn exit_of(verdict: &Verdict) -> Exit {
    match verdict.kind {
        Kind::DriverBug => Exit::DriverBug,
        Kind::NotModelled => Exit::NotModelled,
        _ => Exit::Limit,
    }
}
