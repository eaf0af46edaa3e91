//! What a write costs in calls and locks: the price of safety is no API call.

use wdk_emulator::{Activity, DriverModule, Machine};

#[path = "../benches/cost/raw.rs"]
mod raw;
#[path = "../benches/cost/safe.rs"]
mod safe;

mod baseline {
    pub const RING: usize = 128 * 1024;
}

/// What one write of some bytes is, when the driver has had some.
fn of_a_write(driver: &'static DriverModule, name: &str) -> Activity {
    let machine = Machine::new();
    let _device = machine.load(driver).unwrap().plug(r"ROOT\COST").unwrap();
    let file = machine.open(name).unwrap();
    file.write(&[1; 64]).unwrap();
    let before = machine.activity();
    assert_eq!(file.write(&[2; 64]).unwrap(), 64);
    let mut activity = machine.activity();
    activity.api_calls -= before.api_calls;
    activity.callbacks -= before.callbacks;
    activity.locks -= before.locks;
    file.close().unwrap();
    machine.finish().unwrap();
    activity
}

/// Both drivers ask for the queue's context and the buffer and complete the request, under the presentation lock.
#[test]
fn a_safe_driver_makes_the_calls_of_a_raw_one() {
    let raw = of_a_write(&raw::DRIVER, r"\\.\CostRaw");
    assert_eq!((raw.api_calls, raw.callbacks, raw.locks), (3, 1, 1));
    assert_eq!(of_a_write(&safe::DRIVER, r"\\.\CostSafe"), raw);
}
