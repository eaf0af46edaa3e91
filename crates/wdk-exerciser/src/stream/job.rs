//! The bookkeeping of the job: what is sent next, what came back, and what is wrong with it.
//!
//! None of the threads holds the job while it waits. Each asks what is next, sends it, and says what came of it.

use super::frame::FrameSet;
use super::reassembly::Reassembly;
use super::storage::{FileError, Returned, Source, Storage};
use crate::action::Completion;
use crate::text::count;
use alloc::collections::{BTreeMap, VecDeque};
use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use core::time::Duration;
use wdk_status::Described;

/// So many looks without a completion mean that nothing will move any more.
const LOOKS_UNTIL_STALLED: u32 = 100;
/// How long a write that is to be cancelled is left alone, in turn: time for some API calls of other threads.
const BEFORE_CANCEL: [Duration; 4] =
    [Duration::ZERO, Duration::from_nanos(300), Duration::from_nanos(900), Duration::from_micros(3)];
/// After so many reads the readers rest: the device fills up, and writes have to wait in it.
const READS_UNTIL_REST: u64 = 7;
/// How long they rest: long enough for thousands of API calls of the writers.
const REST: Duration = Duration::from_millis(1);
/// So many reads without anything new mean that the device is no stream.
const MAX_USELESS_READS: u64 = 10_000;

const STATUS_CANCELLED: i32 = 0xC000_0120_u32.cast_signed();

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
    pub failures: BTreeMap<i32, u64>,
}

/// A job under way, and then its result.
#[derive(Debug)]
pub struct Job<S> {
    source: Source<S>,
    returned: Returned<S>,
    reassembly: Reassembly,
    next: u64,
    again: VecDeque<u64>,
    accepted: FrameSet,
    writers: u32,
    cancel_every: u64,
    cancels: usize,
    /// When the readers go on.
    rest_until: Duration,
    /// No more reads and writes are to be started.
    closing: bool,
    /// Reads since the last one that brought something new.
    useless_reads: u64,
    /// No more writes are to be started.
    stop_writing: bool,
    failed: Option<FileError>,
    /// Requests under way, and the most of them.
    outstanding: (u64, u64),
    /// What the last look saw, and how many looks saw the same.
    seen: (Option<(u64, u64, u64)>, u32),
    requests: Requests,
    remarks: Vec<String>,
}

/// What came of a job.
#[derive(Debug)]
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

/// A write that is to be sent.
#[derive(Debug)]
pub struct Next {
    /// Number of the frame.
    pub index: u64,
    /// The frame.
    pub frame: Vec<u8>,
    /// Whether it is to be cancelled, and after how long.
    pub cancel: Option<Duration>,
}

/// What a reader does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// It waits so long, and asks again.
    Rest(Duration),
    /// It reads; the read has this number.
    Read(u64),
    /// It ends.
    End,
}

/// How a write ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// All of it.
    Yes,
    /// It was cancelled as we asked.
    Cancelled,
    /// The driver failed it, or took a part. The writer ends.
    Failed,
}

impl<S: Storage> Job<S> {
    /// A job that has not started, for so many writers; every so many writes one is cancelled (0: none).
    pub fn new(source: Source<S>, returned: Returned<S>, writers: u32, cancel_every: u64) -> Self {
        let layout = source.layout;
        Self {
            source,
            returned,
            reassembly: Reassembly::new(layout),
            next: 0,
            again: VecDeque::new(),
            accepted: FrameSet::new(layout.count()),
            writers,
            cancel_every,
            cancels: 0,
            rest_until: Duration::ZERO,
            closing: false,
            useless_reads: 0,
            stop_writing: false,
            failed: None,
            outstanding: (0, 0),
            seen: (None, 0),
            requests: Requests::default(),
            remarks: Vec::new(),
        }
    }

    /// How long a read's buffer is.
    pub fn read_length(&self) -> usize {
        self.source.layout.longest() + super::READ_BEYOND_FRAME
    }

    /// Bytes of the file that have come back.
    pub fn bytes(&self) -> u64 {
        self.reassembly.bytes
    }

    /// The next write. A writer that gets none ends.
    pub fn next_write(&mut self) -> Option<Next> {
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
                let cancel = cancel.then(|| {
                    self.cancels += 1;
                    BEFORE_CANCEL[(self.cancels - 1) % BEFORE_CANCEL.len()]
                });
                Some(Next { index, frame, cancel })
            }
            Err(error) => {
                self.failed.get_or_insert(error);
                self.closing = true;
                None
            }
        }
    }

    /// What a reader does next.
    pub fn next_read(&mut self, now: Duration) -> Turn {
        let rest = self.rest_until.saturating_sub(now);
        match (self.closing, rest.is_zero()) {
            (true, _) => Turn::End,
            (false, false) => Turn::Rest(rest),
            (false, true) => {
                self.request_starts();
                Turn::Read(self.reassembly.start())
            }
        }
    }

    fn request_starts(&mut self) {
        let now = self.outstanding.0 + 1;
        self.outstanding = (now, now.max(self.outstanding.1));
    }

    /// Takes what came of a write of so many bytes. `cancelled` says that it was cancelled on purpose.
    pub fn write_ended(
        &mut self,
        index: u64,
        length: usize,
        cancelled: bool,
        completion: &Completion,
    ) -> Written {
        self.outstanding.0 -= 1;
        if completion.is_success() && completion.information == length {
            self.requests.written += 1;
            self.requests.cancelled_too_late += u64::from(cancelled);
            self.accepted.insert(index);
            return Written::Yes;
        }
        let status = completion.status;
        if status == STATUS_CANCELLED && (cancelled || self.closing) {
            if cancelled {
                self.requests.cancelled += 1;
                self.again.push_back(index);
            }
            return Written::Cancelled;
        }
        *self.requests.failures.entry(status).or_default() += 1;
        if !self.stop_writing {
            self.remarks.push(match completion.is_success() {
                true => format!(
                    "the driver took {} of the {length} bytes of a write, and succeeded",
                    completion.information
                ),
                false => format!(
                    "the driver failed the write of frame {index} ({length} bytes) with {} (if the device is too \
                     small for it, give a smaller --chunk)",
                    Described(status)
                ),
            });
        }
        self.stop_writing = true;
        Written::Failed
    }

    /// A writer has ended.
    pub fn writer_ended(&mut self) {
        self.writers -= 1;
    }

    /// Takes what a read got. `false` if the reader should give up.
    pub fn read_ended(&mut self, read: u64, completion: Completion, now: Duration) -> bool {
        self.outstanding.0 -= 1;
        let success = completion.is_success();
        let data = if success { completion.data } else { Vec::new() };
        let before = self.reassembly.bytes;
        let returned = &mut self.returned;
        self.reassembly.end(read, data, &mut |index, payload| returned.put(index, payload));
        self.useless_reads = if self.reassembly.bytes == before { self.useless_reads + 1 } else { 0 };
        if self.useless_reads == MAX_USELESS_READS {
            self.remarks.push(format!(
                "the last {MAX_USELESS_READS} reads returned nothing new (is the device a stream?)"
            ));
            self.closing = true;
        }
        if success {
            self.requests.read += 1;
            if self.requests.read.is_multiple_of(READS_UNTIL_REST) {
                self.rest_until = now + REST;
            }
        } else if !self.closing {
            *self.requests.failures.entry(completion.status).or_default() += 1;
            self.remarks.push(format!("the driver failed a read with {}", Described(completion.status)));
        }
        success
    }

    /// Looks whether the job has ended: all is back, or nothing moves any more. Then what is still under way is to be
    /// cancelled. Called every [`LOOK_AWAY`](super::LOOK_AWAY).
    pub fn look(&mut self) -> bool {
        let now = (self.requests.written, self.requests.cancelled, self.reassembly.bytes);
        let unchanged = if self.seen.0 == Some(now) { self.seen.1 + 1 } else { 0 };
        self.seen = (Some(now), unchanged);
        let stalled = unchanged >= LOOKS_UNTIL_STALLED;
        if stalled && self.writers > 0 {
            let writers = self.writers;
            self.remarks
                .push(format!("nothing moved any more, while {writers} writers waited for the device"));
        }
        // One look more after the last frame: a frame that is doubled comes late.
        self.closing |= stalled || (unchanged > 0 && self.is_complete());
        self.closing
    }

    /// Ends the job early, for a reason.
    pub fn stop(&mut self, why: &str) {
        self.remarks.push(why.to_string());
        self.closing = true;
    }

    /// Requests that have not come back, in words, if there are some.
    pub fn stuck(&self) -> Option<String> {
        let under_way = self.outstanding.0;
        (under_way > 0)
            .then(|| format!("{} did not come back, although cancelled", count(under_way, "request")))
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
    pub fn finish(&mut self) -> Result<Tally, FileError> {
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        let returned = &mut self.returned;
        self.reassembly.finish(&mut |index, payload| returned.put(index, payload));
        let mut unsent = self.source.layout.count() - self.accepted.count();
        let mut lost = self.accepted.missing_from(&self.reassembly.seen);
        if !self.closing {
            // The run stopped in the middle: what the device still had is not lost.
            unsent += core::mem::take(&mut lost);
        }
        Ok(Tally {
            requests: core::mem::take(&mut self.requests),
            remarks: core::mem::take(&mut self.remarks),
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
