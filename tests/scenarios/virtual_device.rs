//! The sample driver, as applications see it: nothing is lost, doubled or torn, whatever is cancelled or removed.

use std::cell::RefCell;
use std::rc::Rc;
use virtual_device::{CAPACITY, FLUSH, GET_CAPACITY, GET_STATISTICS, Statistics};
use wdk::zerocopy::FromBytes;
use wdk_emulator::{Device, File, Level, Machine, Result};
use wdk_sys::*;
use wdk_tests::both::{Driver, Form};
use wdk_tests::both_ways;

static DRIVER: Driver =
    Driver { package: "drivers/virtual-device", service: "virtual_device", linked: &virtual_device::DRIVER };
const NAME: &str = r"\\.\VirtualDevice";

both_ways![
    what_is_written_is_read,
    a_write_that_does_not_fit_waits_for_room,
    reads_wait_for_bytes_and_are_served_in_order,
    a_cancelled_write_leaves_no_byte_and_lets_others_pass,
    a_cancelled_read_takes_nothing,
    controls_answer_and_refuse_as_documented,
    flushing_lets_waiting_writes_in,
    removal_with_requests_outstanding_completes_them,
    closing_a_handle_cancels_its_requests_only,
    nothing_is_lost_doubled_or_torn,
    the_same_seed_gives_the_same_trace,
];

fn machine(form: Form, seed: u64) -> Result<(Machine, Device)> {
    let machine = Machine::builder().seed(seed).quantum(4).verifier(Level::All).build();
    let device = form.load(&machine, &DRIVER)?.plug(r"ROOT\VIRTUAL-DEVICE")?;
    Ok((machine, device))
}

fn statistics(file: &File) -> Result<Statistics> {
    let bytes = file.ioctl(GET_STATISTICS.0, &[], size_of::<Statistics>())?;
    Ok(Statistics::read_from_bytes(&bytes).expect("statistics have a size"))
}

fn what_is_written_is_read(form: Form) -> Result {
    let (machine, device) = machine(form, 1)?;
    let file = machine.open(device.interface(*virtual_device::INTERFACE.as_raw())?)?;
    assert_eq!(file.write(b"hello, ")?, 7);
    assert_eq!(file.write(b"world")?, 5);
    assert_eq!(file.read(100)?, b"hello, world");
    let seen = statistics(&file)?;
    assert_eq!((seen.writes, seen.reads, seen.bytes_in, seen.bytes_out), (2, 1, 12, 12));
    assert_eq!(seen.high_water, 12);
    file.close()?;
    device.remove()?;
    machine.finish()
}

fn a_write_that_does_not_fit_waits_for_room(form: Form) -> Result {
    let (machine, device) = machine(form, 2)?;
    let file = machine.open(NAME)?;
    file.write(&vec![1; CAPACITY - 10])?;
    let big = file.start_write(&[2; 20])?;
    // It would fit, but must not overtake.
    let small = file.start_write(&[3; 5])?;
    assert!(!big.is_done() && !small.is_done());
    assert_eq!(statistics(&file)?.waiting, 2);
    assert_eq!(file.read(CAPACITY)?, vec![1; CAPACITY - 10]);
    assert_eq!(big.wait()?.success()?.information, 20);
    assert_eq!(small.wait()?.success()?.information, 5);
    assert_eq!(file.read(100)?, [[2; 20].as_slice(), &[3; 5]].concat());
    file.close()?;
    device.remove()?;
    machine.finish()
}

fn reads_wait_for_bytes_and_are_served_in_order(form: Form) -> Result {
    let (machine, device) = machine(form, 3)?;
    let file = machine.open(NAME)?;
    let first = file.start_read(3)?;
    let second = file.start_read(10)?;
    assert_eq!(file.write(b"abcdef")?, 6);
    assert_eq!(first.wait()?.success()?.data, b"abc");
    assert_eq!(second.wait()?.success()?.data, b"def");
    file.close()?;
    device.remove()?;
    machine.finish()
}

fn a_cancelled_write_leaves_no_byte_and_lets_others_pass(form: Form) -> Result {
    let (machine, device) = machine(form, 4)?;
    let file = machine.open(NAME)?;
    file.write(&vec![0; CAPACITY - 4])?;
    let big = file.start_write(&[1; 50])?;
    let small = file.start_write(&[2; 4])?;
    big.cancel()?;
    assert_eq!(big.wait()?.status, STATUS_CANCELLED);
    assert_eq!(small.wait()?.success()?.information, 4);
    let mut all = file.read(CAPACITY)?;
    assert_eq!(all.split_off(CAPACITY - 4), [2; 4]);
    assert!(all.iter().all(|&byte| byte == 0));
    assert_eq!(statistics(&file)?.cancelled, 1);
    file.close()?;
    device.remove()?;
    machine.finish()
}

fn a_cancelled_read_takes_nothing(form: Form) -> Result {
    let (machine, device) = machine(form, 5)?;
    let file = machine.open(NAME)?;
    let first = file.start_read(10)?;
    let second = file.start_read(10)?;
    first.cancel()?;
    assert_eq!(first.wait()?.status, STATUS_CANCELLED);
    file.write(b"for the second")?;
    assert_eq!(second.wait()?.success()?.data, b"for the se");
    file.close()?;
    device.remove()?;
    machine.finish()
}

fn controls_answer_and_refuse_as_documented(form: Form) -> Result {
    let (machine, device) = machine(form, 6)?;
    let file = machine.open(NAME)?;
    let capacity = file.ioctl(GET_CAPACITY.0, &[], 4)?;
    assert_eq!(u32::from_le_bytes(capacity.try_into().unwrap()) as usize, CAPACITY);
    let refused = |code: u32, input: &[u8], output| file.ioctl(code, input, output).unwrap_err().status();
    assert_eq!(refused(GET_CAPACITY.0, &[], 3), Some(STATUS_BUFFER_TOO_SMALL));
    assert_eq!(refused(GET_CAPACITY.0, &[], 0), Some(STATUS_BUFFER_TOO_SMALL));
    assert_eq!(refused(GET_STATISTICS.0, &[], 8), Some(STATUS_BUFFER_TOO_SMALL));
    assert_eq!(refused(GET_STATISTICS.0, &[1], 100), Some(STATUS_INVALID_PARAMETER));
    assert_eq!(refused(FLUSH.0, &[1], 0), Some(STATUS_INVALID_PARAMETER));
    assert_eq!(refused(GET_CAPACITY.0 + 0x40, &[], 4), Some(STATUS_INVALID_DEVICE_REQUEST));
    assert_eq!(file.write(&vec![0; CAPACITY + 1]).unwrap_err().status(), Some(STATUS_INVALID_BUFFER_SIZE));
    file.write(b"dropped")?;
    file.ioctl(FLUSH.0, &[], 0)?;
    file.write(b"kept")?;
    assert_eq!(file.read(100)?, b"kept");
    file.close()?;
    device.remove()?;
    machine.finish()
}

fn flushing_lets_waiting_writes_in(form: Form) -> Result {
    let (machine, device) = machine(form, 7)?;
    let file = machine.open(NAME)?;
    file.write(&vec![0; CAPACITY])?;
    let waiting = file.start_write(b"next")?;
    assert!(!waiting.is_done());
    file.ioctl(FLUSH.0, &[], 0)?;
    assert_eq!(waiting.wait()?.success()?.information, 4);
    assert_eq!(file.read(100)?, b"next");
    file.close()?;
    device.remove()?;
    machine.finish()
}

/// Everything that waits is completed when the device goes, in an orderly way or not.
fn removal_with_requests_outstanding_completes_them(form: Form) -> Result {
    for surprise in [false, true] {
        let (machine, device) = machine(form, 8)?;
        let file = machine.open(NAME)?;
        let other = machine.open(NAME)?;
        let reads = [file.start_read(10)?, other.start_read(10)?];
        if surprise {
            device.surprise_remove()?
        } else {
            device.remove()?
        }
        for read in reads {
            assert_eq!(read.wait()?.status, STATUS_CANCELLED, "surprise: {surprise}");
        }
        assert!(file.write(b"too late").is_err());
        drop((file, other));
        machine.finish()?;
    }
    Ok(())
}

/// Closing a handle cancels what it left, and nothing of another handle.
fn closing_a_handle_cancels_its_requests_only(form: Form) -> Result {
    let (machine, device) = machine(form, 9)?;
    let (mine, other) = (machine.open(NAME)?, machine.open(NAME)?);
    let read = mine.start_read(10)?;
    let theirs = other.start_read(10)?;
    mine.cancel_all()?;
    assert_eq!(read.wait()?.status, STATUS_CANCELLED);
    mine.close()?;
    assert!(!theirs.is_done());
    other.write(b"still here")?;
    assert_eq!(theirs.wait()?.success()?.data, b"still here");
    other.close()?;
    device.remove()?;
    machine.finish()
}

/// Writers and a reader on threads of their own, at PASSIVE_LEVEL and at DISPATCH_LEVEL, with writes that are
/// cancelled and written again: what comes out is what went in, frame by frame, for many schedules.
fn nothing_is_lost_doubled_or_torn(form: Form) -> Result {
    const FRAMES: u8 = 40;
    for seed in 0..20 {
        let (machine, device) = machine(form, seed)?;
        let read: Rc<RefCell<Vec<u8>>> = Rc::default();
        for writer in 0..3_u8 {
            let file = machine.open(NAME)?;
            let file = if writer == 1 { file.at_dispatch() } else { file };
            machine.spawn(&format!("writer {writer}"), move || {
                for frame in 0..FRAMES {
                    // 5 KiB each: the device holds a dozen.
                    let mut bytes = vec![frame; 5 * 1024];
                    bytes[0] = writer;
                    let write = file.start_write(&bytes).unwrap();
                    if frame % 3 == 0 {
                        write.cancel().unwrap();
                    }
                    match write.wait().unwrap().status {
                        STATUS_SUCCESS => {}
                        // Cancelled in time: nothing of it is in the device, so it is written again.
                        STATUS_CANCELLED => assert_eq!(file.write(&bytes).unwrap(), bytes.len()),
                        other => panic!("{other:#x}"),
                    }
                }
            });
        }
        let total = 3 * usize::from(FRAMES) * 5 * 1024;
        let file = machine.open(NAME)?;
        let place = read.clone();
        let reader = machine.spawn("reader", move || {
            while place.borrow().len() < total {
                let chunk = file.read(3000).unwrap();
                place.borrow_mut().extend(chunk);
            }
        });
        reader.join()?;
        machine.run()?;
        let bytes = read.take();
        assert_eq!(bytes.len(), total);
        let mut next = [0; 3];
        for frame in bytes.chunks(5 * 1024) {
            let writer = usize::from(frame[0]);
            assert!(frame[1..].iter().all(|&byte| byte == next[writer]), "seed {seed}: a torn or lost frame");
            next[writer] += 1;
        }
        assert_eq!(next, [FRAMES; 3]);
        device.remove()?;
        machine.finish()?;
    }
    Ok(())
}

/// The same seed gives the same trace, byte for byte, and another seed another one.
fn the_same_seed_gives_the_same_trace(form: Form) -> Result {
    let trace = |seed| -> Result<String> {
        let machine = Machine::builder().seed(seed).quantum(3).trace().build();
        let device = form.load(&machine, &DRIVER)?.plug(r"ROOT\VIRTUAL-DEVICE")?;
        for writer in 0..3 {
            let file = machine.open(NAME)?;
            machine.spawn("writer", move || file.write(&[writer; 100]).unwrap());
        }
        let file = machine.open(NAME)?;
        let reader = machine.spawn("reader", move || {
            let mut left = 300;
            while left > 0 {
                left -= file.read(64).unwrap().len();
            }
        });
        reader.join()?;
        device.remove()?;
        let trace = machine.take_trace();
        machine.finish()?;
        Ok(trace)
    };
    let first = trace(7)?;
    assert!(first.lines().count() > 100, "{first}");
    assert_eq!(first, trace(7)?);
    assert!((8..12).any(|seed| trace(seed).unwrap() != first), "the seed decides nothing");
    assert!(!first.contains("0x7f"), "an address in the trace");
    Ok(())
}
