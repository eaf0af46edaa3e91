//! The echo sample: both requests are completed later, and can be cancelled meanwhile.

use std::time::Duration;
use wdk_emulator::{Device, Level, Machine, Result};
use wdk_sys::*;
use wdk_tests::both::{Driver, Form};
use wdk_tests::both_ways;

static DRIVER: Driver = Driver { package: "drivers/echo", service: "echo", linked: &echo::DRIVER };
const NAME: &str = r"\\.\Echo";

both_ways![
    a_read_returns_what_was_last_written,
    requests_take_the_timer_s_time_one_after_another,
    what_waits_can_be_cancelled_in_the_timer_or_in_the_queue,
    too_long_a_write_is_refused,
    removal_completes_what_is_under_way_and_what_waits,
    cancelling_races_with_the_timer,
];

fn machine(form: Form) -> Result<(Machine, Device)> {
    let machine = Machine::builder().verifier(Level::All).quantum(3).build();
    let device = form.load(&machine, &DRIVER)?.plug(r"ROOT\ECHO")?;
    Ok((machine, device))
}

fn a_read_returns_what_was_last_written(form: Form) -> Result {
    let (machine, device) = machine(form)?;
    let file = machine.open(device.interface(*echo::INTERFACE.as_raw())?)?;
    assert_eq!(file.read(10)?, b"");
    assert_eq!(file.write(b"first")?, 5);
    assert_eq!(file.write(b"the second")?, 10);
    assert_eq!(file.read(3)?, b"the");
    assert_eq!(file.read(100)?, b"the second");
    file.close()?;
    device.remove()?;
    machine.finish()
}

fn requests_take_the_timer_s_time_one_after_another(form: Form) -> Result {
    let (machine, device) = machine(form)?;
    let file = machine.open(NAME)?;
    let start = machine.now();
    let requests = [file.start_write(b"one")?, file.start_write(b"two")?, file.start_read(9)?];
    assert!(requests.iter().all(|request| !request.is_done()));
    for (index, request) in requests.into_iter().enumerate() {
        let done = request.wait()?.success()?;
        assert_eq!(done.information, 3);
        let passed = machine.now() - start;
        let due = echo::DELAY * (index as u32 + 1);
        assert!(passed >= due && passed < due + Duration::from_millis(1), "{index}: {passed:?}");
    }
    file.close()?;
    device.remove()?;
    machine.finish()
}

fn what_waits_can_be_cancelled_in_the_timer_or_in_the_queue(form: Form) -> Result {
    let (machine, device) = machine(form)?;
    let file = machine.open(NAME)?;
    let under_way = file.start_write(b"one")?;
    let queued = file.start_write(b"two")?;
    let last = file.start_write(b"three")?;
    queued.cancel()?;
    assert_eq!(queued.wait()?.status, STATUS_CANCELLED);
    under_way.cancel()?;
    assert_eq!(under_way.wait()?.status, STATUS_CANCELLED);
    assert_eq!(last.wait()?.success()?.information, 5);
    assert_eq!(file.read(10)?, b"three");
    file.close()?;
    device.remove()?;
    machine.finish()
}

fn too_long_a_write_is_refused(form: Form) -> Result {
    let (machine, device) = machine(form)?;
    let file = machine.open(NAME)?;
    assert_eq!(file.write(&vec![7; echo::CAPACITY])?, echo::CAPACITY);
    let refused = file.write(&vec![8; echo::CAPACITY + 1]).unwrap_err();
    assert_eq!(refused.status(), Some(STATUS_BUFFER_OVERFLOW));
    assert_eq!(file.read(1)?, [7]);
    file.close()?;
    device.remove()?;
    machine.finish()
}

fn removal_completes_what_is_under_way_and_what_waits(form: Form) -> Result {
    for surprise in [false, true] {
        let (machine, device) = machine(form)?;
        let file = machine.open(NAME)?;
        let requests = [file.start_write(b"one")?, file.start_read(3)?];
        if surprise {
            device.surprise_remove()?
        } else {
            device.remove()?
        }
        for request in requests {
            let status = request.wait()?.status;
            assert!(matches!(status, STATUS_CANCELLED | STATUS_SUCCESS), "{status:#x}");
        }
        drop(file);
        machine.finish()?;
    }
    Ok(())
}

/// Cancels that race with the timer, in many schedules: each request is completed once, one way or the other.
fn cancelling_races_with_the_timer(form: Form) -> Result {
    let mut outcomes = [0; 2];
    for seed in 0..60 {
        let machine = Machine::builder().seed(seed).quantum(1).build();
        let device = form.load(&machine, &DRIVER)?.plug(r"ROOT\ECHO")?;
        let file = machine.open(NAME)?;
        let write = file.start_write(b"race")?;
        // From a little before the timer to a little after it.
        machine.sleep(echo::DELAY - Duration::from_micros(3) + Duration::from_micros(seed % 6))?;
        write.cancel()?;
        match write.wait()?.status {
            STATUS_SUCCESS => outcomes[0] += 1,
            STATUS_CANCELLED => outcomes[1] += 1,
            other => panic!("{other:#x}"),
        }
        file.close()?;
        device.remove()?;
        machine.finish()?;
    }
    assert!(outcomes.iter().all(|&count| count > 0), "both sides win sometimes: {outcomes:?}");
    Ok(())
}
