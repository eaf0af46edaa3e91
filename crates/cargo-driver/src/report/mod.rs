//! What a run came to, for people and for programs.

mod actions;
mod stream;

pub use actions::{Acted, Done};
pub use stream::{Streamed, Streaming};

use crate::args::Run;
use crate::exit::{Exit, complain, plain};
use crate::run::perform::{Ended, Outcome};
use serde::{Deserialize, Serialize};
use std::io::Write as _;
use wdk_emulator::{Kind, Verdict};

/// A report. Its fields are the fields of `--json`, which `docs/cli.md` describes.
#[derive(Debug, Serialize, Deserialize)]
pub struct Report {
    driver: String,
    /// Whether the driver was built with debug assertions; nobody knows it of an image.
    debug: Option<bool>,
    #[serde(flatten)]
    work: Work,
    remarks: Vec<String>,
    verdict: String,
    verdict_text: String,
    seed: u64,
    exit_code: u8,
}

/// The part of a report that depends on what was asked for.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Work {
    /// A file was streamed.
    Streamed(Box<Streamed>),
    /// Requests were sent.
    Acted(Acted),
    /// A stream ended with the process that ran the driver, and took what is known of it along.
    Unknown {},
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
        let (work, remarks, well) = match work {
            Ended::Stream { tally, queue_high_water, seconds } => {
                let (remarks, whole) = (stream::remarks(&tally, verdict.is_some()), tally.is_whole());
                let what = streaming.unwrap_or_default();
                let streamed = Streamed::new(what, *tally, queue_high_water, seconds);
                (Work::Streamed(Box::new(streamed)), remarks, whole)
            }
            Ended::Actions { device, performed } => {
                let acted = Acted { device, actions: performed };
                let remarks = if verdict.is_some() { Vec::new() } else { acted.remarks() };
                let well = acted.actions.iter().all(|done| done.success);
                (Work::Acted(acted), remarks, well)
            }
        };
        let exit = match &verdict {
            Some(verdict) => exit_of(verdict),
            None if well => Exit::Ok,
            None => Exit::Data,
        };
        let id = verdict.as_ref().map_or("clean", |verdict| verdict.id()).to_owned();
        let text = verdict.map(|verdict| verdict.to_string()).unwrap_or_default();
        let seed = options.seed;
        Self {
            driver: driver.to_owned(),
            debug,
            work,
            remarks,
            verdict: id,
            verdict_text: text,
            seed,
            exit_code: exit.code(),
        }
    }

    /// The report on an image whose process ended without one: the verdict's id and text, and what is known.
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    pub fn of_death(driver: &str, work: Work, id: &str, text: String, exit: Exit, seed: u64) -> Self {
        Self {
            driver: driver.to_owned(),
            debug: None,
            work,
            remarks: Vec::new(),
            verdict: id.to_owned(),
            verdict_text: text,
            seed,
            exit_code: exit.code(),
        }
    }

    /// Leaves out the requests, each of which was told when it was done.
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    pub fn told(&mut self) {
        if let Work::Acted(acted) = &mut self.work {
            acted.actions.clear();
        }
    }

    /// Puts them in again.
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    pub fn complete(&mut self, told: Acted) {
        if let Work::Acted(acted) = &mut self.work {
            *acted = told;
        }
    }

    /// How the command ends.
    pub fn exit(&self) -> Exit {
        // A report that a process sent says what it likes; a number that is none is not a success.
        Exit::of_code(self.exit_code).unwrap_or(Exit::Data)
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
            (false, false) => self.for_people().and_then(|text| out.write_all(plain(&text).as_bytes())),
        };
        drop(out);
        if !options.json {
            for remark in &self.remarks {
                complain(remark);
            }
            if !self.verdict_text.is_empty() {
                complain(&self.verdict_text);
            }
        }
    }

    fn for_people(&self) -> std::io::Result<String> {
        let mut out = Vec::new();
        let kind = match self.debug {
            Some(true) => "debug build",
            Some(false) => "release build",
            None => "image",
        };
        writeln!(out, "driver      {} ({kind})", self.driver)?;
        match &self.work {
            Work::Streamed(streamed) => streamed.print(&mut out)?,
            Work::Acted(acted) => acted.print(&mut out)?,
            Work::Unknown {} => {}
        }
        writeln!(out, "verdict     {}, seed {}", self.verdict, self.seed)?;
        Ok(String::from_utf8_lossy(&out).into_owned())
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

fn count(number: u64, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}
