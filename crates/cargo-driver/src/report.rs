//! What a run came to, for people and for programs.

use crate::args::Run;
use crate::exit::{Exit, complain};
use crate::run::{Outcome, exit_of};
use crate::stream::frame::Layout;
use crate::stream::{Tally, name};
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use wdk_emulator::DriverModule;

/// A report. Its fields are the fields of `--json`, which `docs/cli.md` describes.
#[derive(Debug, Serialize)]
pub struct Report {
    driver: String,
    debug: bool,
    file: String,
    bytes: u64,
    bytes_read: u64,
    chunk: u32,
    frames: u64,
    writers: u32,
    readers: u32,
    sha256_written: String,
    sha256_read: String,
    lost: u64,
    doubled: u64,
    torn: u64,
    changed: u64,
    unsent: u64,
    requests: Requests,
    queue_high_water: usize,
    outstanding_high_water: u64,
    seconds: f64,
    bytes_per_second: f64,
    remarks: Vec<String>,
    verdict: String,
    verdict_text: String,
    seed: u64,
    exit_code: u8,
    #[serde(skip)]
    exit: Exit,
}

#[derive(Debug, Serialize)]
struct Requests {
    written: u64,
    read: u64,
    cancelled: u64,
    cancelled_too_late: u64,
    failed: u64,
    failures: BTreeMap<String, u64>,
}

impl Report {
    /// Puts together what is known.
    pub fn new(
        driver: &str,
        module: &DriverModule,
        file: &Path,
        layout: Layout,
        options: &Run,
        outcome: Outcome,
    ) -> Self {
        let Outcome { tally, verdict, queue_high_water, seconds } = outcome;
        let exit = match &verdict {
            Some(verdict) => exit_of(verdict),
            None if tally.is_whole() => Exit::Ok,
            None => Exit::Data,
        };
        let requests = &tally.requests;
        Self {
            driver: driver.to_owned(),
            debug: module.debug,
            file: file.display().to_string(),
            bytes: layout.bytes(),
            bytes_read: tally.bytes,
            chunk: options.chunk,
            frames: layout.count(),
            writers: options.threads,
            readers: options.readers,
            requests: Requests {
                written: requests.written,
                read: requests.read,
                cancelled: requests.cancelled,
                cancelled_too_late: requests.cancelled_too_late,
                failed: requests.failures.values().sum(),
                failures: requests.failures.iter().map(|(status, count)| (name(*status), *count)).collect(),
            },
            lost: tally.lost,
            doubled: tally.doubled,
            torn: tally.torn,
            changed: tally.changed,
            unsent: tally.unsent,
            queue_high_water,
            outstanding_high_water: tally.outstanding,
            seconds,
            bytes_per_second: if seconds > 0.0 { tally.bytes as f64 / seconds } else { 0.0 },
            remarks: remarks(&tally, verdict.is_some()),
            sha256_written: tally.sha256_written,
            sha256_read: tally.sha256_read,
            verdict: verdict.as_ref().map_or("clean", |verdict| verdict.id()).to_owned(),
            verdict_text: verdict.map(|verdict| verdict.to_string()).unwrap_or_default(),
            seed: options.seed,
            exit_code: exit.code(),
            exit,
        }
    }

    /// How the command ends.
    pub fn exit(&self) -> Exit {
        self.exit
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
            (false, false) => self.print_for_people(&mut out),
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

    fn print_for_people(&self, out: &mut impl std::io::Write) -> std::io::Result<()> {
        let requests = &self.requests;
        let build = if self.debug { "debug" } else { "release" };
        writeln!(out, "driver      {} ({build} build)", self.driver)?;
        writeln!(out, "file        {} ({} bytes)", self.file, self.bytes)?;
        writeln!(
            out,
            "written     {} of {}, by {}",
            count(requests.written, "frame"),
            count(self.chunk.into(), "byte"),
            count(self.writers.into(), "thread"),
        )?;
        writeln!(
            out,
            "cancelled   {} in time and written again, {} too late",
            requests.cancelled, requests.cancelled_too_late
        )?;
        writeln!(
            out,
            "read        {}, by {}",
            count(requests.read, "read"),
            count(self.readers.into(), "thread")
        )?;
        write!(out, "failed      {}", requests.failed)?;
        for (status, count) in &requests.failures {
            write!(out, "{}{status}: {count}", if requests.failures.len() > 1 { ", " } else { " — " })?;
        }
        writeln!(out)?;
        writeln!(
            out,
            "at most     {} in a queue, {} under way",
            count(self.queue_high_water as u64, "request"),
            self.outstanding_high_water
        )?;
        writeln!(
            out,
            "frames      {} lost, {} doubled, {} torn, {} changed",
            self.lost, self.doubled, self.torn, self.changed
        )?;
        writeln!(out, "sha256      {} written", self.sha256_written)?;
        writeln!(out, "            {} read", self.sha256_read)?;
        let rate = self.bytes_per_second / 1e6;
        writeln!(out, "rate        {} bytes in {:.3} s, {rate:.1} MB/s", self.bytes_read, self.seconds)?;
        writeln!(out, "verdict     {}, seed {}", self.verdict, self.seed)
    }
}

fn count(number: u64, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// What is wrong with the data, in words.
fn remarks(tally: &Tally, stopped: bool) -> Vec<String> {
    // A run that a verdict stopped has not brought everything back, of course.
    if stopped {
        return Vec::new();
    }
    let mut remarks = tally.remarks.clone();
    let kinds = [
        (tally.lost, "lost", "the driver took it, and no read returned it"),
        (tally.doubled, "doubled", "reads returned it more than once"),
        (tally.torn, "torn", "bytes came back that belong to no whole frame"),
        (tally.changed, "changed", "its content is not what was written"),
    ];
    for (number, kind, why) in kinds.into_iter().filter(|(number, ..)| *number > 0) {
        remarks.push(format!("{} {kind}: {why}", count(number, "frame")));
    }
    if remarks.is_empty() && tally.unsent > 0 {
        remarks.push(format!("{} not written, because the job ended before", count(tally.unsent, "frame")));
    }
    if remarks.is_empty() && tally.sha256_written != tally.sha256_read {
        remarks.push("what came back is not the file".to_owned());
    }
    remarks
}
