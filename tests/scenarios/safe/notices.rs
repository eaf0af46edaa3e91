//! What a queue is told: requests when the device sleeps and wakes, requests cancelled in it, changes that are over.

use crate::{Notes, load};
use wdk_emulator::{Level, Machine, Result};
use wdk_sys::{STATUS_CANCELLED, STATUS_CONNECTION_ABORTED, STATUS_DEVICE_POWERED_OFF};
use wdk_tests::both::Form;
use wdk_tests::both_ways;

both_ways![a_queue_is_told,];

fn code(number: u32) -> u32 {
    0x22_2000 | number << 2
}

fn a_queue_is_told(form: Form) -> Result {
    let machine = Machine::builder().seed(3).verifier(Level::All).build();
    let driver = load(form, &machine, "keeper")?;
    let device = driver.plug(r"ROOT\KEEPER")?;
    let file = machine.open(r"\\.\Keeper")?;
    let mut notes = Notes::of(&machine);
    let mut count = |what: &str| {
        notes.read(&machine);
        notes.count(what)
    };

    // Forwarded, so the driver had it, and cancelled in the queue that has it.
    let shelved = file.start_write(b"333")?;
    shelved.cancel()?;
    assert_eq!(shelved.wait()?.status, STATUS_CONNECTION_ABORTED);

    // Asleep with two requests: one is completed when the driver is told, the other kept.
    let (given_up, kept) = (file.start_write(b"1")?, file.start_write(b"22")?);
    device.suspend()?;
    assert_eq!(given_up.wait()?.status, STATUS_DEVICE_POWERED_OFF);
    assert!(!kept.is_done());
    device.resume()?;
    assert_eq!((count("stopping"), count("resumed")), (2, 1));

    // A stop is over when the driver has nothing left; meanwhile there is no second one.
    file.ioctl(code(0), &[], 0)?;
    assert_eq!(file.ioctl(code(1), &[], 0).unwrap_err().status(), Some(wdk_sys::STATUS_DEVICE_BUSY));
    assert_eq!(count("stopped"), 0);
    file.ioctl(code(5), &[], 0)?;
    assert_eq!(kept.wait()?.success()?.information, 2);
    assert_eq!(count("stopped"), 1);

    // Purges cancel what is parked.
    for (number, stopped, emptied) in [(1, 2, 0), (3, 2, 1), (4, 2, 1)] {
        let parked = file.start_write(b"22")?;
        file.ioctl(code(number), &[], 0)?;
        assert_eq!(parked.wait()?.status, STATUS_CANCELLED);
        assert_eq!((count("stopped"), count("emptied")), (stopped, emptied));
    }
    // A drain waits for what the driver has.
    let parked = file.start_write(b"22")?;
    file.ioctl(code(2), &[], 0)?;
    assert_eq!(count("emptied"), 1);
    file.ioctl(code(5), &[], 0)?;
    assert_eq!(parked.wait()?.success()?.information, 2);
    assert_eq!(count("emptied"), 2);
    file.close()?;
    device.remove()?;
    driver.unload()?;
    machine.finish()
}
