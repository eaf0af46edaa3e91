//! The streaming job: writers send a file through a device in frames, readers put it together again.
//!
//! Writers, readers and a supervisor are threads of the emulated machine. They share the [`Job`], which nothing
//! borrows across a call into the machine. The supervisor looks now and then whether all is back, or nothing
//! moves any more, and ends the job; meanwhile virtual time passes.

mod files;
pub mod frame;
mod reassembly;

pub use files::{Returned, Source};

use crate::args::{Dispatch, Run};
use crate::exit::{Failure, Result};
use crate::progress::Progress;
use frame::FrameSet;
use reassembly::Reassembly;
use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;
use std::time::Duration;
use wdk_emulator::{Completion, File, Machine, Overlapped};
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
    /// No more writes are to be started.
    stop_writing: bool,
    failed: Option<Failure>,
    /// Requests under way, and the most of them.
    outstanding: (u64, u64),
    progress: Rc<Progress>,
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
    /// Frames that were not sent, because the job ended before.
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

/// A read is a little longer than a frame, so that it cuts frames.
const READ_BEYOND_FRAME: usize = 13;
/// How long the supervisor looks away, in virtual time.
const LOOK_AWAY: Duration = Duration::from_millis(100);
/// So many looks without a completion mean that nothing will move any more.
const LOOKS_UNTIL_STALLED: u32 = 100;
/// How long a write that is to be cancelled is left alone, in turn: time for some API calls of other threads.
const BEFORE_CANCEL: [Duration; 4] =
    [Duration::ZERO, Duration::from_nanos(300), Duration::from_nanos(900), Duration::from_micros(3)];
/// After so many reads the readers rest: the device fills up, and writes have to wait in it.
const READS_UNTIL_REST: u64 = 7;
/// How long they rest, in virtual time: long enough for thousands of API calls of the writers.
const REST: Duration = Duration::from_millis(1);
/// How long a reader waits that got nothing, from a device that does not wait for data itself.
const NOTHING_THERE: Duration = Duration::from_micros(100);

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
        progress: Rc<Progress>,
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
            stop_writing: false,
            failed: None,
            outstanding: (0, 0),
            progress,
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
                (self.next - 1, self.cancel_every > 0 && self.next % self.cancel_every == 0)
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
        let returned = &mut self.returned;
        self.reassembly.end(read, data, &mut |index, payload| returned.put(index, payload));
        self.progress.at(self.reassembly.bytes);
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
        self.progress.finish();
        if let Some(failure) = self.failed.take() {
            return Err(failure);
        }
        let returned = &mut self.returned;
        self.reassembly.finish(&mut |index, payload| returned.put(index, payload));
        let unsent = self.source.layout.count() - self.accepted.count();
        Ok(Tally {
            requests: std::mem::take(&mut self.requests),
            remarks: std::mem::take(&mut self.remarks),
            bytes: self.reassembly.bytes,
            lost: self.accepted.missing_from(&self.reassembly.seen),
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

/// Runs the job through the device of that name.
///
/// Returns when the job has ended, or nothing can go on any more. Threads may still be blocked then, in requests
/// that the driver does not complete; the removal of the device says so.
///
/// # Errors
///
/// The verdict that stopped the machine, or why the device did not open.
pub fn run(machine: &Rc<Machine>, device: &str, options: &Run, job: &Shared) -> wdk_emulator::Result {
    let count = options.threads + options.readers;
    let files = (0..count).map(|_| machine.open(device)).collect::<wdk_emulator::Result<Vec<_>>>()?;
    let (writers, readers) = files.split_at(options.threads as usize);
    for (number, file) in writers.iter().enumerate() {
        let (machine, job) = (machine.clone(), job.clone());
        let file = Arrivals::new(file, options.dispatch);
        machine.clone().spawn(&format!("writer {}", number + 1), move || {
            // The verdict is in the machine; whoever runs it reports it.
            let _ = write(&machine, &file, &job);
            job.borrow_mut().writers -= 1;
        });
    }
    let length = job.borrow().source.layout.longest() + READ_BEYOND_FRAME;
    for (number, file) in readers.iter().enumerate() {
        let (machine, job) = (machine.clone(), job.clone());
        let file = Arrivals::new(file, options.dispatch);
        machine.clone().spawn(&format!("reader {}", number + 1), move || {
            let _ = read(&machine, &file, length, &job);
        });
    }
    {
        let (machine, job) = (machine.clone(), job.clone());
        machine.clone().spawn("supervisor", move || {
            let _ = supervise(&machine, &files, &job);
        });
    }
    machine.run()
}

/// A handle whose requests arrive at the IRQL that the user asked for.
struct Arrivals {
    passive: File,
    dispatch: File,
    when: Option<Dispatch>,
    count: std::cell::Cell<u64>,
}

impl Arrivals {
    fn new(file: &File, when: Option<Dispatch>) -> Self {
        Self { passive: file.clone(), dispatch: file.at_dispatch(), when, count: Default::default() }
    }

    fn next(&self) -> &File {
        self.count.set(self.count.get() + 1);
        match self.when {
            Some(Dispatch::Always) => &self.dispatch,
            Some(Dispatch::Alternate) if self.count.get() % 2 == 0 => &self.dispatch,
            _ => &self.passive,
        }
    }
}

fn write(machine: &Machine, file: &Arrivals, job: &Shared) -> wdk_emulator::Result {
    loop {
        let next = job.borrow_mut().next_frame();
        let Some((index, frame, cancel)) = next else {
            return Ok(());
        };
        let pending: Overlapped = file.next().start_write(&frame)?;
        if cancel {
            let turn = job.borrow().cancels % BEFORE_CANCEL.len();
            job.borrow_mut().cancels += 1;
            machine.sleep(BEFORE_CANCEL[turn])?;
            pending.cancel()?;
        }
        let completion = pending.wait()?;
        match job.borrow_mut().write_ended(index, frame.len(), cancel, &completion) {
            Written::Yes | Written::Cancelled => {}
            Written::Failed => return Ok(()),
        }
    }
}

fn read(machine: &Machine, file: &Arrivals, length: usize, job: &Shared) -> wdk_emulator::Result {
    /// Reads between two calls of the drain.
    const DRAIN_EVERY: u64 = 64;
    for count in 1.. {
        let rest = job.borrow().rest_until.saturating_sub(machine.now());
        if !rest.is_zero() {
            machine.sleep(rest)?;
        }
        let number = {
            let mut job = job.borrow_mut();
            if job.closing {
                break;
            }
            job.request_starts();
            job.reassembly.start()
        };
        let completion = file.next().start_read(length)?.wait()?;
        let nothing = completion.data.is_empty();
        {
            let mut job = job.borrow_mut();
            if !job.read_ended(number, completion) {
                break;
            }
            if job.requests.read % READS_UNTIL_REST == 0 {
                job.rest_until = machine.now() + REST;
            }
        }
        if nothing {
            machine.sleep(NOTHING_THERE)?;
        }
        if count % DRAIN_EVERY == 0 {
            let drain = job.borrow().drain.clone();
            drain();
        }
    }
    Ok(())
}

fn supervise(machine: &Machine, files: &[File], job: &Shared) -> wdk_emulator::Result {
    let mut before = None;
    let mut unchanged = 0;
    loop {
        machine.sleep(LOOK_AWAY)?;
        let mut job = job.borrow_mut();
        // A device that answers reads with nothing completes requests without moving anything.
        let now =
            (job.requests.written, job.requests.cancelled, job.reassembly.bytes, job.reassembly.doubled);
        unchanged = if before == Some(now) { unchanged + 1 } else { 0 };
        before = Some(now);
        let stalled = unchanged >= LOOKS_UNTIL_STALLED;
        if stalled && job.writers > 0 {
            let writers = job.writers;
            job.remarks
                .push(format!("nothing moved any more, while {writers} writers waited for the device"));
        }
        // One look more after the last frame: a frame that is doubled comes late.
        if job.closing || stalled || (unchanged > 0 && job.is_complete()) {
            job.closing = true;
            break;
        }
    }
    for file in files {
        file.cancel_all()?;
    }
    Ok(())
}
