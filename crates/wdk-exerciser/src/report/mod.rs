//! What a run came to, for people and for programs.

pub mod devices;
mod requests;
mod stream;

pub use requests::{Acted, Done};
pub use stream::{Streamed, Streaming};

use crate::stream::Tally;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::{self, Write as _};
use serde::{Deserialize, Serialize};

/// The verdict of a run that nobody judged: on Windows, Driver Verifier stops the system instead of reporting.
pub const NOT_JUDGED: &str = "not-judged";

/// A report. Its fields are the fields of `--json`, which `docs/cli.md` describes.
#[derive(Debug, Serialize, Deserialize)]
pub struct Report {
    /// What the driver is called.
    pub driver: String,
    /// Whether the driver was built with debug assertions; nobody knows it of an image.
    pub debug: Option<bool>,
    /// Where it ran.
    pub host: Host,
    /// What was done.
    #[serde(flatten)]
    pub work: Work,
    /// What is wrong with the data or the requests, in words.
    pub remarks: Vec<String>,
    /// `clean`, the id of the rule that was broken, [`NOT_JUDGED`] …
    pub verdict: String,
    /// The whole verdict.
    pub verdict_text: String,
    /// What decided the choices of the run, if something did.
    pub seed: Option<u64>,
    /// How the command ends.
    pub exit_code: u8,
}

/// Where a driver ran.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Host {
    /// In the emulator.
    Emulator,
    /// On Windows.
    Windows,
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

/// What was done, and what is wrong with it.
#[derive(Debug)]
pub struct Findings {
    /// What was done.
    pub work: Work,
    /// What is wrong, in words; nothing if a verdict ended the run, which then says it all.
    pub remarks: Vec<String>,
    /// Whether every byte came back, or every request succeeded.
    pub well: bool,
}

impl Findings {
    /// Of a stream. `stopped` says that a verdict ended the run.
    pub fn of_stream(
        what: Streaming,
        tally: Tally,
        queue_high_water: Option<usize>,
        seconds: f64,
        stopped: bool,
    ) -> Self {
        let (remarks, well) = (stream::remarks(&tally, stopped), tally.is_whole());
        let streamed = Streamed::new(what, tally, queue_high_water, seconds);
        Self { work: Work::Streamed(Box::new(streamed)), remarks, well }
    }

    /// Of requests that were sent to a device, which was opened by that name.
    pub fn of_requests(device: String, actions: Vec<Done>, stopped: bool) -> Self {
        let acted = Acted { device, actions };
        let remarks = if stopped { Vec::new() } else { acted.remarks() };
        let well = acted.actions.iter().all(|done| done.success);
        Self { work: Work::Acted(acted), remarks, well }
    }
}

impl Report {
    /// The report for people, without remarks and the text of the verdict.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn print(&self, out: &mut String) -> fmt::Result {
        let kind = match (self.debug, self.host) {
            (Some(true), _) => "debug build",
            (Some(false), _) => "release build",
            (None, Host::Emulator) => "image",
            (None, Host::Windows) => "on Windows",
        };
        writeln!(out, "driver      {} ({kind})", self.driver)?;
        match &self.work {
            Work::Streamed(streamed) => streamed.print(out)?,
            Work::Acted(acted) => acted.print(out)?,
            Work::Unknown {} => {}
        }
        match self.seed {
            Some(seed) => writeln!(out, "verdict     {}, seed {seed}", self.verdict),
            None => writeln!(out, "verdict     {}", self.verdict),
        }
    }
}
