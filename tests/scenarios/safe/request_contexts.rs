//! Values that come with requests: made before anything sees the request, dropped once, wherever it goes.

use crate::{Notes, load};
use wdk_emulator::{Level, Machine, Result};
use wdk_sys::{STATUS_CANCELLED, STATUS_INTERNAL_ERROR};
use wdk_tests::both::Form;
use wdk_tests::both_ways;

both_ways![
    a_request_keeps_its_value_wherever_it_goes,
    a_request_that_nobody_sees_has_no_value,
    a_value_is_made_on_the_callers_thread,
];

/// How many values were made so far, and how many dropped.
fn counts(machine: &Machine, notes: &mut Notes) -> (usize, usize) {
    notes.read(machine);
    (notes.count("make tale"), notes.count("drop tale"))
}

fn a_request_keeps_its_value_wherever_it_goes(form: Form) -> Result {
    let machine = Machine::builder().seed(7).verifier(Level::All).build();
    let driver = load(form, &machine, "tour")?;
    let device = driver.plug(r"ROOT\TEST")?;
    let file = machine.open(r"\\.\Tour")?;
    let mut notes = Notes::of(&machine);
    let mut counts = || counts(&machine, &mut notes);
    let advance = || file.ioctl(0x22_2000, &[], 0).map(drop);

    let first = file.start_write(b"1")?;
    assert_eq!(counts(), (1, 0));
    advance()?;
    assert_eq!(counts(), (2, 1), "that of the control is gone");
    let second = file.start_write(b"22")?;
    advance()?;
    machine.run()?;
    assert_eq!(first.wait()?.status, STATUS_INTERNAL_ERROR, "its token was dropped");
    assert_eq!(counts(), (4, 3));

    let third = file.start_write(b"333")?;
    advance()?;
    assert_eq!(second.wait()?.success()?.information, 2, "its token was taken");
    assert_eq!(counts(), (6, 5));

    third.cancel()?;
    assert_eq!(third.wait()?.status, STATUS_CANCELLED);
    assert_eq!(counts(), (6, 5), "its token is still there");

    let waiting = file.start_write(b"4444")?;
    waiting.cancel()?;
    assert_eq!(waiting.wait()?.status, STATUS_CANCELLED);
    assert_eq!(counts(), (7, 6));

    let left = [file.start_write(b"x")?, file.start_write(b"y")?];
    advance()?;
    assert_eq!(counts(), (10, 8), "the old token is gone, with what it kept");
    device.surprise_remove()?;
    for write in left {
        assert_eq!(write.wait()?.status, STATUS_CANCELLED);
    }
    file.close()?;
    machine.run()?;
    driver.unload()?;
    assert_eq!(counts(), (10, 10));
    machine.finish()
}

/// Requests that no callback ever sees: refused, or cancelled where they waited first.
fn a_request_that_nobody_sees_has_no_value(form: Form) -> Result {
    let machine = Machine::builder().seed(7).verifier(Level::All).build();
    let driver = load(form, &machine, "tour")?;
    let device = driver.plug(r"ROOT\TEST")?;
    let file = machine.open(r"\\.\Tour")?;
    let mut notes = Notes::of(&machine);
    let mut counts = || counts(&machine, &mut notes);
    device.suspend()?;
    let held = file.start_write(b"1")?;
    held.cancel()?;
    assert_eq!(held.wait()?.status, STATUS_CANCELLED);
    assert!(file.start_read(4)?.cancel().is_ok());
    device.resume()?;
    assert_eq!(counts(), (0, 0));
    file.close()?;
    device.remove()?;
    driver.unload()?;
    machine.finish()
}

/// What the caller's thread has seen has a value, also when no handler gets it.
fn a_value_is_made_on_the_callers_thread(form: Form) -> Result {
    let machine = Machine::builder().seed(7).verifier(Level::All).build();
    let driver = load(form, &machine, "porch")?;
    let device = driver.plug(r"ROOT\TEST")?;
    let file = machine.open(r"\\.\Porch")?;
    let mut notes = Notes::of(&machine);
    let mut counts = || counts(&machine, &mut notes);
    assert_eq!(file.write(b"1")?, 1);
    assert_eq!(counts(), (1, 1));
    device.suspend()?;
    let held = [file.start_write(b"1")?, file.start_write(b"2")?];
    assert_eq!(counts(), (3, 1));
    held[0].cancel()?;
    assert!(held[0].is_done());
    assert_eq!(counts(), (3, 2));
    device.surprise_remove()?;
    for write in held {
        assert_eq!(write.wait()?.status, wdk_sys::STATUS_CONNECTION_ABORTED);
    }
    assert_eq!(counts(), (3, 3));
    file.close()?;
    driver.unload()?;
    machine.finish()
}
