//! The driver in an emulated machine: it is loaded and unloaded. WDM devices are not modelled.

use {{crate}} as driver;

use wdk_emulator::{Machine, Result};
use wdk_sys::binding::Versions;

wdk_sys::driver_module!(DRIVER = driver::driver_entry, Versions::WDM);

#[test]
fn it_is_loaded_and_unloaded() -> Result {
    let machine = Machine::new();
    machine.load(&DRIVER)?.unload()?; // a panic, a fault or lost memory is a verdict here
    let name = env!("CARGO_PKG_NAME");
    let said = [format!("{name}: loaded"), format!("{name}: unloaded")];
    assert_eq!(machine.take_debug_output(), said);
    machine.finish()
}
