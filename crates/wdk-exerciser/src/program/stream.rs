//! The stream: a thread for each writer and each reader, and a supervisor.

use super::failure::{Failure, Result};
use super::files::DiskFile;
use super::run::{Done, GRACE};
use crate::action::Completion;
use crate::args::Stream;
use crate::report::{Findings, Streaming};
use crate::stream::{LOOK_AWAY, NOTHING_THERE, Next, Returned, Source, Turn, Written};
use crate::win32::device::{Device, Operation};
use crate::win32::sync::Mutex;
use crate::win32::{self, thread, time};
use alloc::borrow::ToOwned as _;
use alloc::format;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::time::Duration;

/// `STATUS_CANCELLED`, of a request that was not even started.
const CANCELLED: i32 = 0xC000_0120_u32.cast_signed();

type Job = crate::stream::Job<DiskFile>;

/// What the threads share.
struct Shared {
    job: Mutex<Job>,
    /// When something last came back.
    moved: Mutex<Duration>,
}

/// Streams the file through handles of which each thread has its own.
pub fn run(
    path: &str,
    how: &Stream,
    timeout: Option<Duration>,
    source: Source<DiskFile>,
    returned: Returned<DiskFile>,
    devices: &[Device],
) -> Result<Done> {
    let layout = source.layout;
    let streaming = Streaming {
        file: path.to_owned(),
        bytes: layout.bytes(),
        chunk: how.chunk,
        frames: layout.count(),
        writers: how.threads,
        readers: how.readers,
    };
    let started = time::now();
    let shared = Arc::new(Shared {
        job: Mutex::new(Job::new(source, returned, how.threads, how.cancel_every)),
        moved: Mutex::new(started),
    });
    let (writers, readers) = devices.split_at(how.threads as usize);
    let refused = |error| Failure::refused("start a thread", error);
    let mut threads = Vec::new();
    for device in writers {
        let (device, shared) = (device.clone(), shared.clone());
        let body = move || {
            write(&device, &shared.job);
            shared.job.lock().writer_ended();
        };
        threads.push(thread::spawn(body).map_err(refused)?);
    }
    for device in readers {
        let (device, shared) = (device.clone(), shared.clone());
        threads.push(thread::spawn(move || read(&device, &shared)).map_err(refused)?);
    }

    let late = supervise(&shared.job, timeout.map(|timeout| started + timeout));
    let until = time::now() + GRACE;
    let ended = loop {
        // Again and again: a request may have been started just before the job ended.
        devices.iter().for_each(Device::cancel_all);
        if threads.iter().all(|thread| thread.wait(Duration::ZERO)) {
            break true;
        }
        if time::now() >= until {
            break false;
        }
        time::sleep(LOOK_AWAY / 10);
    };
    // Threads that did not end wait for the driver, not for the job.
    let mut job = shared.job.lock();
    if !ended && let Some(what) = job.stuck() {
        job.stop(&what);
    }
    let tally = job.finish()?;
    let seconds = shared.moved.lock().saturating_sub(started).as_secs_f64();
    let findings = Findings::of_stream(streaming, tally, None, seconds, false);
    Ok(Done { findings, stuck: late || !ended })
}

/// Looks now and then whether the job has ended. Says whether it took too long.
fn supervise(job: &Mutex<Job>, end: Option<Duration>) -> bool {
    loop {
        time::sleep(LOOK_AWAY);
        let mut job = job.lock();
        if job.look() {
            return false;
        }
        if end.is_some_and(|end| time::now() >= end) {
            job.stop("the time for the run was up (--timeout)");
            return true;
        }
    }
}

/// Takes what came of a request. If it could not even be started, the job ends.
fn complete(
    job: &Mutex<Job>,
    operation: win32::Result<Operation>,
    then: impl FnOnce(&Operation),
) -> Completion {
    match operation {
        Ok(operation) => {
            then(&operation);
            operation.wait()
        }
        Err(error) => {
            job.lock().stop(&format!("a request could not be started: {error}"));
            Completion { status: CANCELLED, information: 0, data: Vec::new() }
        }
    }
}

fn write(device: &Device, job: &Mutex<Job>) {
    loop {
        let next = job.lock().next_write();
        let Some(Next { index, frame, cancel }) = next else { return };
        let length = frame.len();
        let completion = complete(job, device.start_write(frame), |operation| {
            if let Some(after) = cancel {
                time::sleep(after);
                operation.cancel();
            }
        });
        if job.lock().write_ended(index, length, cancel.is_some(), &completion) == Written::Failed {
            return;
        }
    }
}

fn read(device: &Device, shared: &Shared) {
    let length = shared.job.lock().read_length();
    loop {
        let turn = shared.job.lock().next_read(time::now());
        let number = match turn {
            Turn::Rest(rest) => {
                time::sleep(rest);
                continue;
            }
            Turn::Read(number) => number,
            Turn::End => return,
        };
        let completion = complete(&shared.job, device.start_read(length), |_| {});
        let (now, nothing) = (time::now(), completion.data.is_empty());
        if !shared.job.lock().read_ended(number, completion, now) {
            return;
        }
        if nothing {
            time::sleep(NOTHING_THERE);
        } else {
            *shared.moved.lock() = now;
        }
    }
}
