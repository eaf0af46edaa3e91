//! Requests that are completed on one processor while the device goes to sleep on another.

use crate::{Notes, load};
use wdk_emulator::{Level, Machine, Result};
use wdk_tests::both::Form;
use wdk_tests::both_ways;

both_ways![
    a_work_item_completes_requests_while_the_device_sleeps,
    a_request_retrieved_while_the_device_falls_asleep_lets_it_sleep,
    a_request_on_a_detour_while_the_device_falls_asleep_lets_it_sleep,
    a_request_given_up_while_the_device_falls_asleep_lets_it_sleep,
];

/// Without the lock that EvtIoStop and the token share, about one in seventy of these acknowledges a request that is
/// gone, which the verifier reports.
fn a_work_item_completes_requests_while_the_device_sleeps(form: Form) -> Result {
    for seed in 0..600 {
        let machine = Machine::builder().seed(seed).quantum(1).verifier(Level::All).build();
        let device = load(form, &machine, "waiting")?.plug(r"ROOT\TEST")?;
        let file = machine.open(r"\\.\Waiting")?;
        let writes = (0..4).map(|i| file.start_write(&vec![0; i + 1])).collect::<Result<Vec<_>>>()?;
        device.suspend()?;
        device.resume()?;
        machine.run()?;
        for (index, write) in writes.into_iter().enumerate() {
            assert_eq!(write.wait()?.success()?.information, index + 1, "seed {seed}");
        }
        file.close()?;
        device.remove()?;
        machine.finish()?;
    }
    Ok(())
}

/// Lets the device sleep while writes are retrieved, and completes them afterwards. Says how many were completed, and
/// how many refused.
fn fall_asleep(form: Form, detours: bool) -> Result<(usize, usize)> {
    let driver = if detours { "keeping detours" } else { "keeping" };
    let (mut completed, mut refused, mut noted) = (0, 0, 0);
    for seed in 0..1000 {
        let machine = Machine::builder().seed(seed).quantum(1).verifier(Level::All).build();
        let device = load(form, &machine, driver)?.plug(r"ROOT\TEST")?;
        let file = machine.open(r"\\.\Keeping")?;
        let writes = (0..3).map(|i| file.start_write(&vec![0; i + 1])).collect::<Result<Vec<_>>>()?;
        device.suspend().unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        device.resume()?;
        machine.run()?;
        for (index, write) in writes.into_iter().enumerate() {
            file.ioctl(0x22_2000, &[], 0)?;
            match write.wait()?.success() {
                Ok(done) => {
                    assert_eq!(done.information, index + 1, "seed {seed}");
                    completed += 1;
                }
                Err(error) => {
                    assert_eq!(error.status(), Some(wdk_sys::STATUS_DEVICE_BUSY), "seed {seed}");
                    refused += 1;
                }
            }
        }
        file.close()?;
        device.remove()?;
        noted += Notes::of(&machine).count("refused");
        machine.finish()?;
    }
    assert_eq!(refused, noted);
    Ok((completed, refused))
}

/// The device gets to sleep although nobody completes what the work item has: it is acknowledged wherever it is.
fn a_request_retrieved_while_the_device_falls_asleep_lets_it_sleep(form: Form) -> Result {
    let (completed, refused) = fall_asleep(form, false)?;
    assert_eq!(refused, 0, "of {completed}");
    Ok(())
}

/// Where the question of the framework is missed, parking is refused and the request completed.
fn a_request_on_a_detour_while_the_device_falls_asleep_lets_it_sleep(form: Form) -> Result {
    let (completed, refused) = fall_asleep(form, true)?;
    assert!(0 < refused && refused < completed / 10, "{completed} completed, {refused} refused");
    Ok(())
}

/// The same while the program gives up: parking fails, and what is parked is cancelled, as the device falls asleep.
fn a_request_given_up_while_the_device_falls_asleep_lets_it_sleep(form: Form) -> Result {
    let (mut completed, mut cancelled) = (0, 0);
    for seed in 0..1000 {
        let machine = Machine::builder().seed(seed).quantum(1).verifier(Level::All).build();
        let device = load(form, &machine, "keeping")?.plug(r"ROOT\TEST")?;
        let file = machine.open(r"\\.\Keeping")?;
        let writes = (0..3).map(|i| file.start_write(&vec![0; i + 1])).collect::<Result<Vec<_>>>()?;
        let program = file.clone();
        let canceller = machine.spawn("canceller", move || program.cancel_all().is_ok());
        device.suspend().unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        device.resume()?;
        assert!(canceller.join().unwrap_or_else(|error| panic!("seed {seed}: {error}")), "seed {seed}");
        machine.run()?;
        for (index, write) in writes.into_iter().enumerate() {
            file.ioctl(0x22_2000, &[], 0)?;
            let done = write.wait()?;
            match done.status {
                wdk_sys::STATUS_CANCELLED => cancelled += 1,
                _ => {
                    assert_eq!(done.success()?.information, index + 1, "seed {seed}");
                    completed += 1;
                }
            }
        }
        file.close()?;
        device.remove()?;
        machine.finish()?;
    }
    assert!(cancelled > 0, "{completed} completed, {cancelled} cancelled");
    Ok(())
}
