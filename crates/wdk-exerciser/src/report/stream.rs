//! The part of a report that is about a stream.

use crate::stream::Tally;
use crate::text::count;
use alloc::borrow::ToOwned as _;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use core::fmt::{self, Write};
use serde::{Deserialize, Serialize};
use wdk_status::Described;

/// What was to be streamed, and how.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Streaming {
    /// The file's name.
    pub file: String,
    /// Its length.
    pub bytes: u64,
    /// Bytes of it in a write.
    pub chunk: u32,
    /// How many writes that makes.
    pub frames: u64,
    /// Threads that write.
    pub writers: u32,
    /// Threads that read.
    pub readers: u32,
}

/// What came of a stream.
#[derive(Debug, Serialize, Deserialize)]
pub struct Streamed {
    #[serde(flatten)]
    what: Streaming,
    bytes_read: u64,
    sha256_written: String,
    sha256_read: String,
    lost: u64,
    doubled: u64,
    torn: u64,
    changed: u64,
    unsent: u64,
    requests: Requests,
    queue_high_water: Option<usize>,
    outstanding_high_water: u64,
    seconds: f64,
    bytes_per_second: f64,
}

#[derive(Debug, Serialize, Deserialize)]
struct Requests {
    written: u64,
    read: u64,
    cancelled: u64,
    cancelled_too_late: u64,
    failed: u64,
    failures: BTreeMap<String, u64>,
}

impl Streamed {
    /// Puts together what is known.
    pub fn new(what: Streaming, tally: Tally, queue_high_water: Option<usize>, seconds: f64) -> Self {
        let requests = &tally.requests;
        Self {
            what,
            bytes_read: tally.bytes,
            requests: Requests {
                written: requests.written,
                read: requests.read,
                cancelled: requests.cancelled,
                cancelled_too_late: requests.cancelled_too_late,
                failed: requests.failures.values().sum(),
                failures: requests
                    .failures
                    .iter()
                    .map(|(status, count)| (Described(*status).to_string(), *count))
                    .collect(),
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
            sha256_written: tally.sha256_written,
            sha256_read: tally.sha256_read,
        }
    }

    /// Prints it for people.
    pub fn print(&self, out: &mut impl Write) -> fmt::Result {
        let requests = &self.requests;
        writeln!(out, "file        {} ({} bytes)", self.what.file, self.what.bytes)?;
        writeln!(
            out,
            "written     {} of {}, by {}",
            count(requests.written, "frame"),
            count(self.what.chunk.into(), "byte"),
            count(self.what.writers.into(), "thread"),
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
            count(self.what.readers.into(), "thread")
        )?;
        write!(out, "failed      {}", requests.failed)?;
        for (status, count) in &requests.failures {
            write!(out, "{}{status}: {count}", if requests.failures.len() > 1 { ", " } else { " — " })?;
        }
        writeln!(out)?;
        write!(out, "at most     ")?;
        if let Some(queue) = self.queue_high_water {
            write!(out, "{} in a queue, ", count(queue as u64, "request"))?;
        }
        writeln!(out, "{} under way", self.outstanding_high_water)?;
        writeln!(
            out,
            "frames      {} lost, {} doubled, {} torn, {} changed",
            self.lost, self.doubled, self.torn, self.changed
        )?;
        writeln!(out, "sha256      {} written", self.sha256_written)?;
        writeln!(out, "            {} read", self.sha256_read)?;
        let rate = self.bytes_per_second / 1e6;
        writeln!(out, "rate        {} bytes in {:.3} s, {rate:.1} MB/s", self.bytes_read, self.seconds)
    }
}

/// What is wrong with the data, in words.
pub(super) fn remarks(tally: &Tally, stopped: bool) -> Vec<String> {
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
