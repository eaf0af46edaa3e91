//! The job, with devices that are a queue in memory.

use super::*;
use crate::action::Completion;
use alloc::borrow::ToOwned as _;
use alloc::collections::VecDeque;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

const SUCCESS: i32 = 0;
const CANCELLED: i32 = 0xC000_0120_u32.cast_signed();
const FAILED: i32 = 0xC000_0001_u32.cast_signed();

/// A file in memory.
#[derive(Debug, Default)]
struct Memory {
    bytes: Vec<u8>,
    /// It says that it is longer than it is.
    lies: u64,
}

impl Storage for Memory {
    fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> Result<(), FileError> {
        let start = offset as usize;
        let found = self.bytes.get(start..start + buffer.len());
        buffer.copy_from_slice(found.ok_or_else(|| FileError("the file is shorter".to_owned()))?);
        Ok(())
    }

    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> Result<(), FileError> {
        let end = offset as usize + bytes.len();
        self.bytes.resize(self.bytes.len().max(end), 0);
        self.bytes[offset as usize..end].copy_from_slice(bytes);
        Ok(())
    }

    fn length(&mut self) -> Result<u64, FileError> {
        Ok(self.bytes.len() as u64 + self.lies)
    }
}

fn completion(status: i32, information: usize, data: Vec<u8>) -> Completion {
    Completion { status, information, data }
}

/// A job with one writer on a file of so many bytes, in chunks of ten.
fn job(bytes: u8, cancel_every: u64) -> Job<Memory> {
    let source = Source::new(Memory { bytes: (0..bytes).collect(), lies: 0 }, 10).unwrap();
    let layout = source.layout;
    Job::new(source, Returned::new(Memory::default(), layout), 1, cancel_every)
}

/// Writes all; the device keeps what `device` lets through, and reads return it in pieces.
fn run(job: &mut Job<Memory>, device: impl Fn(u64, Vec<u8>) -> Vec<Vec<u8>>) -> Tally {
    let mut kept = VecDeque::new();
    while let Some(Next { index, frame, cancel }) = job.next_write() {
        let length = frame.len();
        let (status, information) = if cancel.is_some() { (CANCELLED, 0) } else { (SUCCESS, length) };
        if status == SUCCESS {
            kept.extend(device(index, frame).concat());
        }
        job.write_ended(index, length, cancel.is_some(), &completion(status, information, Vec::new()));
    }
    job.writer_ended();
    let mut now = Duration::ZERO;
    while !kept.is_empty() {
        match job.next_read(now) {
            Turn::Rest(time) => now += time,
            Turn::Read(number) => {
                let count = job.read_length().min(kept.len());
                let data: Vec<_> = kept.drain(..count).collect();
                assert!(job.read_ended(number, completion(SUCCESS, count, data), now));
            }
            Turn::End => panic!("the job ended with {} bytes in the device", kept.len()),
        }
    }
    while !job.look() {}
    assert_eq!(job.next_read(now + Duration::from_secs(1)), Turn::End);
    job.finish().unwrap()
}

#[test]
fn what_a_good_device_is_given_comes_back() {
    for cancel_every in [0, 1, 3] {
        let tally = run(&mut job(205, cancel_every), |_, frame| vec![frame]);
        assert!(tally.is_whole(), "{tally:?}");
        assert_eq!((tally.requests.written, tally.bytes), (21, 205));
        // Each that was cancelled was written once more.
        assert_eq!(tally.requests.cancelled, 21_u64.checked_div(cancel_every).unwrap_or(0));
        assert!(tally.requests.read > 7, "the readers rested");
    }
}

#[test]
fn each_kind_of_damage_is_counted() {
    let lost = run(&mut job(100, 0), |index, frame| if index == 3 { vec![] } else { vec![frame] });
    assert_eq!((lost.lost, lost.doubled, lost.torn, lost.changed), (1, 0, 0, 0));
    let doubled = run(&mut job(100, 0), |index, frame| vec![frame; if index == 3 { 2 } else { 1 }]);
    assert_eq!((doubled.lost, doubled.doubled, doubled.torn, doubled.changed), (0, 1, 0, 0));
    let changed = run(&mut job(100, 0), |index, mut frame| {
        let last = frame.len() - 1;
        frame[last] ^= u8::from(index == 3);
        vec![frame]
    });
    assert_eq!((changed.lost, changed.doubled, changed.torn, changed.changed), (0, 0, 0, 1));
    for tally in [lost, doubled, changed] {
        assert!(!tally.is_whole(), "{tally:?}");
    }
}

#[test]
fn a_write_that_fails_ends_the_writing() {
    let mut job = job(100, 0);
    let Next { index, frame, .. } = job.next_write().unwrap();
    let outcome = job.write_ended(index, frame.len(), false, &completion(FAILED, 0, Vec::new()));
    assert_eq!(outcome, Written::Failed);
    assert!(job.next_write().is_none());
    job.writer_ended();
    while !job.look() {}
    let tally = job.finish().unwrap();
    assert_eq!((tally.unsent, tally.requests.failures[&FAILED]), (10, 1));
    assert!(tally.remarks[0].contains("STATUS_UNSUCCESSFUL"), "{:?}", tally.remarks);
}

#[test]
fn a_cancel_that_nobody_asked_for_is_a_failure() {
    let mut job = job(100, 0);
    let Next { index, frame, .. } = job.next_write().unwrap();
    let unasked = job.write_ended(index, frame.len(), false, &completion(CANCELLED, 0, Vec::new()));
    assert_eq!(unasked, Written::Failed);
}

#[test]
fn a_device_that_keeps_a_request_does_not_keep_the_job() {
    let mut job = job(100, 0);
    let _kept = job.next_write().unwrap();
    let looks = (1..).find(|_| job.look()).unwrap();
    // Ten seconds.
    assert!((90..200).contains(&looks), "{looks}");
    assert_eq!(job.stuck().unwrap(), "1 request did not come back, although cancelled");
    let tally = job.finish().unwrap();
    assert!(tally.remarks[0].contains("nothing moved any more"), "{:?}", tally.remarks);
    assert_eq!(tally.unsent, 10);
}

#[test]
fn a_file_that_becomes_shorter_is_an_error() {
    let source = Source::new(Memory { bytes: vec![1; 15], lies: 5 }, 10).unwrap();
    let layout = source.layout;
    let mut job = Job::new(source, Returned::new(Memory::default(), layout), 1, 0);
    assert_eq!(job.next_write().unwrap().frame.len(), frame::HEADER + 10);
    assert!(job.next_write().is_none());
    assert_eq!(job.next_read(Duration::ZERO), Turn::End);
    let error: Result<Tally, String> = job.finish().map_err(|error| error.0);
    assert_eq!(error.unwrap_err(), "the file is shorter");
}
