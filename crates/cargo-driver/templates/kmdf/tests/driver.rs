//! The driver in an emulated machine, under the verifier.

use {{crate}} as driver;

use wdk_emulator::{Machine, Result};

const HARDWARE_ID: &str = r"ROOT\{{hardware-name}}";

#[test]
fn what_is_written_is_counted() -> Result {
    // The seed decides how the machine's threads take turns.
    for seed in 1..=16 {
        let machine = Machine::builder().seed(seed).build();
        let device = machine.load(&driver::DRIVER)?.plug(HARDWARE_ID)?;
        let file = machine.open(device.interface(*driver::INTERFACE.as_raw())?)?;
        assert_eq!(file.write(b"hello")?, 5);
        assert_eq!(file.write(b", world")?, 7);
        assert_eq!(file.read(8)?, 12_u64.to_le_bytes());
        file.close()?;
        device.remove()?; // what the driver still owns, or leaked, is a verdict here
        machine.finish()?;
    }
    Ok(())
}

#[test]
fn a_buffer_that_is_too_small_is_refused() -> Result {
    let machine = Machine::new();
    let device = machine.load(&driver::DRIVER)?.plug(HARDWARE_ID)?;
    let file = machine.open(device.interface(*driver::INTERFACE.as_raw())?)?;
    assert!(file.read(7).is_err());
    file.close()?;
    device.remove()?;
    machine.finish()
}
