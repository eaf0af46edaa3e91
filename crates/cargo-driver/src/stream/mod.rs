//! The streaming job: writers send a file through a device in frames, readers put it together again.
//!
//! The [`Job`] is what its [`threads`] share: what was sent, what came back, and what came of each request.

mod files;
pub mod frame;
mod reassembly;
mod threads;

pub use files::{Returned, Source};
pub use threads::{Arrivals, run};

use crate::args::Run;
use crate::exit::{Failure, Result};
use crate::run::watcher::Watcher;
use frame::FrameSet;
use reassembly::Reassembly;
use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;
use std::time::Duration;
use wdk_emulator::Completion;
use wdk_sys::{NT_SUCCESS, NTSTATUS, STATUS_CANCELLED, status_name};

/// What is called from time to time while the job runs: keeps traces and debug output from piling up.
pub type Drain = Rc<dyn Fn()>;

/// Requests by outcome.
#[derive(Debug, Default)]
pub struct Requests {
    /// Writes that succeeded.
    pub written: u64,
    /// Reads that succeeded.
    pub read: u64,
    /// Writes that were cancelled, and written again.
    pub cancelled: u64,
    /// Cancels of writes that came too late: the write succeeded.
    pub cancelled_too_late: u64,
    /// Requests that the driver failed, by status.
    pub failures: BTreeMap<NTSTATUS, u64>,
}

/// A job under way, and then its result.
pub struct Job {
    source: Source,
    returned: Returned,
    reassembly: Reassembly,
    next: u64,
    again: VecDeque<u64>,
    accepted: FrameSet,
    writers: u32,
    cancel_every: u64,
    cancels: usize,
    /// Virtual time until which the readers rest.
    rest_until: Duration,
    /// No more reads and writes are to be started.
    closing: bool,
    /// Reads since the last one that brought something new.
    useless_reads: u64,
    /// No more writes are to be started.
    stop_writing: bool,
    failed: Option<Failure>,
    /// Requests under way, and the most of them.
    outstanding: (u64, u64),
    watcher: Rc<dyn Watcher>,
    drain: Drain,
    /// Requests by outcome.
    pub requests: Requests,
    /// What else went wrong, in words.
    pub remarks: Vec<String>,
}

/// What came of a job.
pub struct Tally {
    /// Requests by outcome.
    pub requests: Requests,
    /// What went wrong, in words.
    pub remarks: Vec<String>,
    /// Bytes of the file that came back.
    pub bytes: u64,
    /// Frames that the driver took and that did not come back.
    pub lost: u64,
    /// Frames that came more than once.
    pub doubled: u64,
    /// Pieces that belong to no whole frame.
    pub torn: u64,
    /// Frames whose content is not what was sent.
    pub changed: u64,
    /// Frames that were not written, or were still on their way, when the run ended early.
    pub unsent: u64,
    /// Most requests that were under way at a time.
    pub outstanding: u64,
    /// Hash of the file.
    pub sha256_written: String,
    /// Hash of what came back.
    pub sha256_read: String,
}

impl Tally {
    /// Whether every byte came back once and unchanged.
    pub fn is_whole(&self) -> bool {
        self.lost + self.doubled + self.torn + self.changed + self.unsent == 0
            && self.requests.failures.is_empty()
            && self.remarks.is_empty()
            && self.sha256_written == self.sha256_read
    }
}

type Shared = Rc<RefCell<Job>>;

/// So many reads without anything new mean that the device is no stream.
const MAX_USELESS_READS: u64 = 10_000;

/// How a write ended.
enum Written {
    /// All of it.
    Yes,
    /// It was cancelled as we asked.
    Cancelled,
    /// The driver failed it, or took a part.
    Failed,
}

impl Job {
    /// A job that has not started.
    pub fn new(
        source: Source,
        returned: Returned,
        options: &Run,
        watcher: Rc<dyn Watcher>,
        drain: Drain,
    ) -> Self {
        let layout = source.layout;
        Self {
            source,
            returned,
            reassembly: Reassembly::new(layout),
            next: 0,
            again: VecDeque::new(),
            accepted: FrameSet::new(layout.count()),
            writers: options.threads,
            cancel_every: options.cancel_every,
            cancels: 0,
            rest_until: Duration::ZERO,
            closing: false,
            useless_reads: 0,
            stop_writing: false,
            failed: None,
            outstanding: (0, 0),
            watcher,
            drain,
            requests: Requests::default(),
            remarks: Vec::new(),
        }
    }

    /// The next frame to write, and whether it is to be cancelled.
    fn next_frame(&mut self) -> Option<(u64, Vec<u8>, bool)> {
        if self.closing || self.stop_writing {
            return None;
        }
        let (index, cancel) = match self.again.pop_front() {
            // What was cancelled once gets through: a job has an end.
            Some(index) => (index, false),
            None if self.next < self.source.layout.count() => {
                self.next += 1;
                (self.next - 1, self.cancel_every > 0 && self.next.is_multiple_of(self.cancel_every))
            }
            None => return None,
        };
        match self.source.frame(index) {
            Ok(frame) => {
                self.request_starts();
                Some((index, frame, cancel))
            }
            Err(failure) => {
                self.give_up(failure);
                None
            }
        }
    }

    fn request_starts(&mut self) {
        let now = self.outstanding.0 + 1;
        self.outstanding = (now, now.max(self.outstanding.1));
    }

    fn give_up(&mut self, failure: Failure) {
        self.failed.get_or_insert(failure);
        self.closing = true;
    }

    fn write_ended(
        &mut self,
        index: u64,
        length: usize,
        cancelled: bool,
        completion: &Completion,
    ) -> Written {
        self.outstanding.0 -= 1;
        let status = completion.status;
        if NT_SUCCESS(status) && completion.information == length {
            self.requests.written += 1;
            self.requests.cancelled_too_late += u64::from(cancelled);
            self.accepted.insert(index);
            return Written::Yes;
        }
        if status == STATUS_CANCELLED && (cancelled || self.closing) {
            if cancelled {
                self.requests.cancelled += 1;
                self.again.push_back(index);
            }
            return Written::Cancelled;
        }
        *self.requests.failures.entry(status).or_default() += 1;
        if !self.stop_writing {
            self.remarks.push(match NT_SUCCESS(status) {
                true => format!(
                    "the driver took {} of the {length} bytes of a write, and succeeded",
                    completion.information
                ),
                false => format!(
                    "the driver failed the write of frame {index} ({length} bytes) with {} (if the device is too \
                     small for it, give a smaller --chunk)",
                    name(status)
                ),
            });
        }
        self.stop_writing = true;
        Written::Failed
    }

    /// Takes what a read got. `false` if the reader should give up.
    fn read_ended(&mut self, read: u64, completion: Completion) -> bool {
        self.outstanding.0 -= 1;
        let success = NT_SUCCESS(completion.status);
        let data = if success { completion.data } else { Vec::new() };
        let before = self.reassembly.bytes;
        let returned = &mut self.returned;
        self.reassembly.end(read, data, &mut |index, payload| returned.put(index, payload));
        self.watcher.progress(self.reassembly.bytes);
        self.useless_reads = if self.reassembly.bytes == before { self.useless_reads + 1 } else { 0 };
        if self.useless_reads == MAX_USELESS_READS {
            self.remarks.push(format!(
                "the last {MAX_USELESS_READS} reads returned nothing new (is the device a stream?)"
            ));
            self.closing = true;
        }
        if success {
            self.requests.read += 1;
        } else if !self.closing {
            *self.requests.failures.entry(completion.status).or_default() += 1;
            self.remarks.push(format!("the driver failed a read with {}", name(completion.status)));
        }
        success
    }

    /// Whether every frame that the driver took came back, and no more will be sent.
    fn is_complete(&self) -> bool {
        self.writers == 0 && self.accepted.missing_from(&self.reassembly.seen) == 0
    }

    /// Ends the job and counts.
    ///
    /// # Errors
    ///
    /// When the file could not be read, or what came back could not be kept.
    pub fn finish(&mut self) -> Result<Tally> {
        self.watcher.finish();
        if let Some(failure) = self.failed.take() {
            return Err(failure);
        }
        let returned = &mut self.returned;
        self.reassembly.finish(&mut |index, payload| returned.put(index, payload));
        let mut unsent = self.source.layout.count() - self.accepted.count();
        let mut lost = self.accepted.missing_from(&self.reassembly.seen);
        if !self.closing {
            // The machine stopped in the middle: what the device still had is not lost.
            unsent += std::mem::take(&mut lost);
        }
        Ok(Tally {
            requests: std::mem::take(&mut self.requests),
            remarks: std::mem::take(&mut self.remarks),
            bytes: self.reassembly.bytes,
            lost,
            doubled: self.reassembly.doubled,
            torn: self.reassembly.torn,
            changed: self.reassembly.changed,
            unsent,
            outstanding: self.outstanding.1,
            sha256_written: self.source.finish()?,
            sha256_read: self.returned.finish()?,
        })
    }
}

/// A status with its number.
pub fn name(status: NTSTATUS) -> String {
    match status_name(status) {
        Some(name) => format!("{name} ({:#010X})", status as u32),
        None => format!("{:#010X}", status as u32),
    }
}
