//! Memory objects: the driver's own, and those of requests.

use crate::load;
use wdk_emulator::{Level, Machine, Result};
use wdk_tests::both::Form;
use wdk_tests::both_ways;

both_ways![parts_go_between_requests_and_the_drivers_memory,];

const SET: u32 = 0x22_2000;

fn parts_go_between_requests_and_the_drivers_memory(form: Form) -> Result {
    let machine = Machine::builder().seed(2).verifier(Level::All).build();
    let driver = load(form, &machine, "shelf")?;
    let device = driver.plug(r"ROOT\TEST")?;
    let file = machine.open(r"\\.\Shelf")?;
    assert_eq!(file.write(b"-hi")?, 3);
    assert_eq!(file.ioctl(SET, &[5], 1)?, [0]);
    assert_eq!(file.write(b"-end")?, 4);
    assert_eq!(file.write(b"-more").unwrap_err().status(), Some(wdk_sys::STATUS_BUFFER_TOO_SMALL));
    assert_eq!(file.read(6)?, b"end|hi");
    assert_eq!(file.read(5).unwrap_err().status(), Some(wdk_sys::STATUS_BUFFER_TOO_SMALL));
    assert_eq!(file.ioctl(SET, &[0], 1)?, [5]);
    assert_eq!(file.read(16)?, b"hi\0\0\0end|hi");
    // None is left, of the framework's objects or of the pool.
    file.close()?;
    device.remove()?;
    driver.unload()?;
    machine.finish()
}
