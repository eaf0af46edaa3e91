//! Files with contexts, and requests that are retrieved by file or by what they ask for.

use crate::{Notes, load};
use wdk_emulator::{Level, Machine, Result};
use wdk_tests::both::Form;
use wdk_tests::both_ways;

both_ways![files_have_contexts_and_requests_are_found,];

const TAKE: u32 = 0x22_2000;

fn files_have_contexts_and_requests_are_found(form: Form) -> Result {
    let machine = Machine::builder().seed(3).verifier(Level::All).build();
    let driver = load(form, &machine, "tray")?;
    let device = driver.plug(r"ROOT\TRAY")?;
    assert_eq!(
        machine.open(r"\\.\Tray\private").err().and_then(|error| error.status()),
        Some(wdk_sys::STATUS_ACCESS_DENIED)
    );
    let mut notes = Notes::of(&machine);
    assert_eq!(notes.live(), 0);
    let (a, b) = (machine.open(r"\\.\Tray")?, machine.open(r"\\.\Tray\b")?);
    notes.read(&machine);
    assert_eq!(notes.live(), 2);
    let one = a.start_write(b"1")?;
    let three = a.start_write(b"333")?;
    let other = b.start_write(b"333")?;
    assert_eq!(b.ioctl(TAKE, &[3], 2)?, [1, 1]);
    assert_eq!(three.wait()?.success()?.information, 3);
    assert_eq!(a.ioctl(TAKE, &[2], 2)?, [0, 2]);
    assert!(!one.is_done() && !other.is_done());
    a.close()?;
    assert_eq!(one.wait()?.status, wdk_sys::STATUS_CONNECTION_ABORTED);
    assert!(!other.is_done());
    assert_eq!(b.ioctl(TAKE, &[3], 2)?, [1, 1]);
    assert_eq!(other.wait()?.success()?.information, 3);
    machine.run()?;
    notes.read(&machine);
    assert_eq!((notes.live(), notes.count("cleanup"), notes.count("close")), (1, 1, 1));
    b.close()?;
    device.remove()?;
    driver.unload()?;
    notes.read(&machine);
    assert_eq!((notes.live(), notes.count("cleanup"), notes.count("close")), (0, 2, 2));
    machine.finish()
}
