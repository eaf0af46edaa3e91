//! The driver with no defect asked for is sound. `cargo driver test defects --features overruns-a-buffer --sanitizer
//! address` runs the same test, which then stops with AddressSanitizer's report.

use wdk_emulator::{Machine, Result};

#[test]
fn what_is_written_comes_back() -> Result {
    let machine = Machine::new();
    let device = machine.load(&defects::DRIVER)?.plug(r"ROOT\DEFECTS")?;
    let file = machine.open(r"\\.\Defects")?;
    for number in 0..8_u8 {
        let frame = [number; 32];
        assert_eq!(file.write(&frame)?, frame.len());
        assert_eq!(file.read(64)?, frame);
    }
    file.close()?;
    device.remove()?;
    machine.finish()
}
