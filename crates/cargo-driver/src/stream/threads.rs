//! The threads of the job: writers, readers and a supervisor, in the emulated machine.
//!
//! None of them borrows the job across a call into the machine, where others go on. The supervisor looks now and
//! then whether all is back, or nothing moves any more, and ends the job; meanwhile virtual time passes.

use super::{Drain, Shared};
use crate::args::{Dispatch, Run};
use crate::run::watcher::Watcher;
use std::cell::Cell;
use std::rc::Rc;
use wdk_emulator::{File, Machine, Overlapped};
use wdk_exerciser::action::Completion;
use wdk_exerciser::stream::{LOOK_AWAY, NOTHING_THERE, Next, Turn, Written};

/// Runs the job through the device of that name.
///
/// Returns when the job has ended, or nothing can go on any more. Threads may still be blocked then, in requests
/// that the driver does not complete; the removal of the device says so.
///
/// # Errors
///
/// The verdict that stopped the machine, or why the device did not open.
pub fn run(
    machine: &Rc<Machine>,
    device: &str,
    options: &Run,
    job: &Shared,
    watcher: &Rc<dyn Watcher>,
    drain: &Drain,
) -> wdk_emulator::Result {
    let count = options.threads + options.readers;
    let files = (0..count).map(|_| machine.open(device)).collect::<wdk_emulator::Result<Vec<_>>>()?;
    let (writers, readers) = files.split_at(options.threads as usize);
    for (number, file) in writers.iter().enumerate() {
        let (machine, job) = (machine.clone(), job.clone());
        let file = Arrivals::new(file, options.dispatch);
        machine.clone().spawn(&format!("writer {}", number + 1), move || {
            // The verdict is in the machine; whoever runs it reports it.
            let _ = write(&machine, &file, &job);
            job.borrow_mut().writer_ended();
        });
    }
    let length = job.borrow().read_length();
    for (number, file) in readers.iter().enumerate() {
        let (machine, job) = (machine.clone(), job.clone());
        let (watcher, drain) = (watcher.clone(), drain.clone());
        let file = Arrivals::new(file, options.dispatch);
        machine.clone().spawn(&format!("reader {}", number + 1), move || {
            let _ = read(&machine, &file, length, &job, &*watcher, &drain);
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

/// How a request was completed, as a report has it.
pub fn completion(of: wdk_emulator::Completion) -> Completion {
    Completion { status: of.status, information: of.information, data: of.data }
}

fn write(machine: &Machine, file: &Arrivals, job: &Shared) -> wdk_emulator::Result {
    loop {
        let next = job.borrow_mut().next_write();
        let Some(Next { index, frame, cancel }) = next else {
            return Ok(());
        };
        let pending: Overlapped = file.next().start_write(&frame)?;
        if let Some(after) = cancel {
            machine.sleep(after)?;
            pending.cancel()?;
        }
        let completion = completion(pending.wait()?);
        match job.borrow_mut().write_ended(index, frame.len(), cancel.is_some(), &completion) {
            Written::Yes | Written::Cancelled => {}
            Written::Failed => return Ok(()),
        }
    }
}

fn read(
    machine: &Machine,
    file: &Arrivals,
    length: usize,
    job: &Shared,
    watcher: &dyn Watcher,
    drain: &Drain,
) -> wdk_emulator::Result {
    /// Reads between two calls of the drain.
    const DRAIN_EVERY: u64 = 64;
    let mut count: u64 = 0;
    loop {
        let turn = job.borrow_mut().next_read(machine.now());
        let number = match turn {
            Turn::Rest(rest) => {
                machine.sleep(rest)?;
                continue;
            }
            Turn::Read(number) => number,
            Turn::End => return Ok(()),
        };
        let completion = completion(file.next().start_read(length)?.wait()?);
        let nothing = completion.data.is_empty();
        let goes_on = job.borrow_mut().read_ended(number, completion, machine.now());
        watcher.progress(job.borrow().bytes());
        if !goes_on {
            return Ok(());
        }
        if nothing {
            machine.sleep(NOTHING_THERE)?;
        }
        count += 1;
        if count.is_multiple_of(DRAIN_EVERY) {
            drain();
        }
    }
}

fn supervise(machine: &Machine, files: &[File], job: &Shared) -> wdk_emulator::Result {
    loop {
        machine.sleep(LOOK_AWAY)?;
        if job.borrow_mut().look() {
            break;
        }
    }
    for file in files {
        file.cancel_all()?;
    }
    Ok(())
}
