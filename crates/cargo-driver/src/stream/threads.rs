//! The threads of the job: writers, readers and a supervisor, in the emulated machine.
//!
//! None of them borrows the job across a call into the machine, where others go on. The supervisor looks now and
//! then whether all is back, or nothing moves any more, and ends the job; meanwhile virtual time passes.

use super::{Shared, Written};
use crate::args::{Dispatch, Run};
use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;
use wdk_emulator::{File, Machine, Overlapped};

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
pub struct Arrivals {
    passive: File,
    dispatch: File,
    when: Option<Dispatch>,
    count: Cell<u64>,
}

impl Arrivals {
    /// A handle whose requests arrive so.
    pub fn new(file: &File, when: Option<Dispatch>) -> Self {
        Self { passive: file.clone(), dispatch: file.at_dispatch(), when, count: Default::default() }
    }

    /// The handle for the next request.
    pub fn next(&self) -> &File {
        self.count.set(self.count.get() + 1);
        match self.when {
            Some(Dispatch::Always) => &self.dispatch,
            Some(Dispatch::Alternate) if self.count.get().is_multiple_of(2) => &self.dispatch,
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
            if job.requests.read.is_multiple_of(READS_UNTIL_REST) {
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
        let now = (job.requests.written, job.requests.cancelled, job.reassembly.bytes);
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
