//! Contexts: made once, seen only when they are whole, dropped once. Also when making one fails half-way.

use crate::{Notes, load};
use wdk_emulator::{Driver, Level, Machine};
use wdk_sys::*;
use wdk_tests::both::Form;
use wdk_tests::both_ways;

both_ways![
    a_queue_whose_context_fails_leaves_nothing,
    a_context_is_seen_whole_and_dropped_after_the_last_callback,
    a_device_whose_context_fails_leaves_nothing,
    no_callback_runs_on_a_device_whose_context_failed,
    a_device_add_that_fails_late_drops_all,
    a_device_is_dropped_once_at_its_end,
    a_handle_to_a_queue_that_failed_leads_nowhere,
    memory_that_is_not_there_is_a_status,
];

type Outcome<T = ()> = wdk_emulator::Result<T>;

fn machine(seed: u64) -> Machine {
    Machine::builder().seed(seed).quantum(1).verifier(Level::All).build()
}

/// The status with which a device is refused.
fn refused(driver: &Driver) -> Outcome<Option<NTSTATUS>> {
    match driver.plug(r"ROOT\TEST") {
        Ok(_) => Ok(None),
        Err(wdk_emulator::Error::DeviceAdd(status)) => Ok(Some(status)),
        Err(other) => Err(other),
    }
}

/// Unloads the driver, and finds that nothing is left of it; what it noted in all.
fn finish(machine: Machine, driver: Driver, mut notes: Notes) -> Outcome<Notes> {
    driver.unload()?;
    notes.read(&machine);
    machine.finish()?;
    assert_eq!(notes.live(), 0, "{notes:?}");
    Ok(notes)
}

/// The number of steps in which the drivers make their contexts.
const STEPS: u32 = 9;

/// What is dropped in the end when all went well.
const DROPS: [&str; 5] = ["drop boxed", "drop first", "drop last", "drop spin", "drop wait"];

fn drops(notes: &Notes) -> Vec<&str> {
    let mut drops = notes.events();
    drops.retain(|line| DROPS.contains(line));
    drops.sort_unstable();
    drops
}

/// After `step` steps, what was made is dropped once and in reverse order.
fn half_way(step: u32) -> Vec<&'static str> {
    // The first step fails before anything is made; memory, timer and work item say nothing when they go.
    let made = ["drop first", "drop spin", "drop wait", "", "drop boxed", "", "", "drop last"];
    made[..step as usize].iter().copied().filter(|line| !line.is_empty()).rev().collect()
}

/// A queue's initialiser that fails at any step gives its status to `device_add`; what it made is dropped once, in
/// order; no timer and no work item of it calls; nothing is left when the driver is unloaded.
fn a_queue_whose_context_fails_leaves_nothing(form: Form) -> Outcome {
    for service in ["plain", "plain other"] {
        for (step, seed) in (0..STEPS).flat_map(|step| (0..8).map(move |seed| (step, seed))) {
            let machine = machine(seed);
            let driver = load(form, &machine, &format!("{service} fail={step}"))?;
            assert_eq!(refused(&driver)?, Some(STATUS_DATA_ERROR), "step {step}");
            machine.run()?;
            let notes = Notes::of(&machine);
            let notes = finish(machine, driver, notes)?;
            assert_eq!(notes.events(), half_way(step.min(8)), "step {step}, seed {seed}");
        }
    }
    Ok(())
}

/// One that does not fail is called only after its context is whole, and the context is dropped once, after the last
/// callback.
fn a_context_is_seen_whole_and_dropped_after_the_last_callback(form: Form) -> Outcome {
    for seed in 0..40 {
        let machine = machine(seed);
        let driver = load(form, &machine, "plain")?;
        let device = driver.plug(r"ROOT\TEST")?;
        let file = machine.open(r"\\.\Plain")?;
        let notes = Notes::of(&machine);
        assert_eq!(notes.live(), 5);
        file.write(b"x")?;
        if seed % 2 == 0 {
            machine.run()?;
        }
        file.close()?;
        device.remove()?;
        let notes = finish(machine, driver, notes)?;
        let log = notes.events();
        let place = |wanted: &str| log.iter().position(|line| *line == wanted);
        let whole = place("whole").expect("made");
        let dropped = log.iter().position(|line| line.starts_with("drop")).expect("dropped");
        for (at, line) in log.iter().enumerate() {
            if *line == "timer" || *line == "work item" {
                assert!(whole < at && at < dropped, "seed {seed}: {log:?}");
            }
        }
        assert!(seed % 2 == 1 || place("timer").is_some() && place("work item").is_some(), "{log:?}");
        assert_eq!(drops(&notes), DROPS, "seed {seed}");
    }
    Ok(())
}

/// A device's initialiser that fails at any step: `device_add` returns its status, the locked part and the queues
/// made until then are dropped once, and none of the device's callbacks runs.
fn a_device_whose_context_fails_leaves_nothing(form: Form) -> Outcome {
    for (step, seed) in (0..STEPS).flat_map(|step| (0..8).map(move |seed| (step, seed))) {
        let machine = machine(seed);
        let driver = load(form, &machine, &format!("whole fail={step}"))?;
        assert_eq!(refused(&driver)?, Some(STATUS_DATA_ERROR), "step {step}");
        machine.run()?;
        let notes = Notes::of(&machine);
        let notes = finish(machine, driver, notes)?;
        let log = notes.events();
        let half: Vec<&str> = half_way(step.min(8));
        assert_eq!(log[..half.len()], half, "step {step}, seed {seed}");
        let mut rest = log[half.len()..].to_vec();
        rest.sort_unstable();
        assert_eq!(rest, ["drop locked", "drop queue", "unload"], "step {step}, seed {seed}");
    }
    Ok(())
}

/// A driver that goes on as if nothing had happened: the framework starts the device, and its first callback fails
/// without being called.
fn no_callback_runs_on_a_device_whose_context_failed(form: Form) -> Outcome {
    for step in 0..STEPS {
        let machine = machine(u64::from(step));
        let driver = load(form, &machine, &format!("whole fail={step} swallow"))?;
        let failed = driver.plug(r"ROOT\TEST").err().expect("refused");
        assert_eq!(failed.status(), Some(STATUS_DEVICE_NOT_READY), "{failed}");
        machine.run()?;
        let notes = Notes::of(&machine);
        let notes = finish(machine, driver, notes)?;
        for line in ["prepare hardware", "entry", "timer", "work item", "whole"] {
            assert_eq!(notes.count(line), 0, "step {step}: {notes:?}");
        }
        assert_eq!((notes.count("drop locked"), notes.count("drop queue")), (1, 1), "{notes:?}");
    }
    Ok(())
}

/// A `device_add` that fails after everything is made: everything is dropped, once, and nothing is called.
fn a_device_add_that_fails_late_drops_all(form: Form) -> Outcome {
    for seed in 0..20 {
        let machine = machine(seed);
        let driver = load(form, &machine, "whole late")?;
        assert_eq!(refused(&driver)?, Some(STATUS_DEVICE_DATA_ERROR));
        let notes = Notes::of(&machine);
        let notes = finish(machine, driver, notes)?;
        assert_eq!(drops(&notes), DROPS);
        assert_eq!((notes.count("drop locked"), notes.count("drop queue")), (1, 1), "{notes:?}");
        assert_eq!(notes.count("prepare hardware") + notes.count("entry"), 0, "{notes:?}");
    }
    Ok(())
}

/// The life of a device without failures: callbacks after the context is whole, the drops after the last of them, the
/// driver's unload after the drops.
fn a_device_is_dropped_once_at_its_end(form: Form) -> Outcome {
    for seed in 0..40 {
        let machine = machine(seed);
        let driver = load(form, &machine, "whole")?;
        let device = driver.plug(r"ROOT\TEST")?;
        let notes = Notes::of(&machine);
        assert_eq!(notes.live(), 7);
        device.suspend()?;
        device.resume()?;
        if seed % 2 == 0 {
            device.remove()?
        } else {
            device.surprise_remove()?
        }
        let notes = finish(machine, driver, notes)?;
        assert_eq!(drops(&notes), DROPS, "seed {seed}");
        let log = notes.events();
        let first = log.iter().position(|line| line.starts_with("drop")).expect("dropped");
        let whole = log.iter().position(|line| *line == "whole").expect("made");
        for (at, line) in log.iter().enumerate() {
            match *line {
                "prepare hardware" | "entry" | "timer" | "work item" => {
                    assert!(whole < at && at < first, "seed {seed}: {log:?}");
                }
                "unload" => assert_eq!(at, log.len() - 1, "seed {seed}: {log:?}"),
                _ => {}
            }
        }
        // Entered once in the initialiser and once for each D0 entry.
        assert_eq!((notes.count("exit after 2"), notes.count("exit after 3")), (1, 1), "{log:?}");
        assert_eq!((notes.count("drop locked"), notes.count("drop queue")), (1, 1), "{log:?}");
    }
    Ok(())
}

/// A handle to a queue whose context failed leads nowhere: the request comes back.
fn a_handle_to_a_queue_that_failed_leads_nowhere(form: Form) -> Outcome {
    let machine = machine(1);
    let driver = load(form, &machine, "given")?;
    let device = driver.plug(r"ROOT\TEST")?;
    let file = machine.open(r"\\.\Given")?;
    assert_eq!(file.write(b"x").unwrap_err().status(), Some(STATUS_DEVICE_NOT_READY));
    file.close()?;
    device.remove()?;
    let notes = Notes::of(&machine);
    let notes = finish(machine, driver, notes)?;
    assert_eq!(notes.events(), [""; 0]);
    Ok(())
}

/// Memory that is not there is a status like any other, wherever it is asked for, and changes nothing.
fn memory_that_is_not_there_is_a_status(form: Form) -> Outcome {
    for service in ["greedy device", "greedy queue"] {
        let machine = machine(1);
        let driver = load(form, &machine, service)?;
        assert_eq!(refused(&driver)?, Some(STATUS_INSUFFICIENT_RESOURCES), "{service}");
        let notes = Notes::of(&machine);
        finish(machine, driver, notes)?;
    }
    let machine = machine(1);
    let driver = load(form, &machine, "greedy")?;
    let device = driver.plug(r"ROOT\TEST")?;
    let file = machine.open(r"\\.\Greedy")?;
    assert_eq!(file.write(b"x")?, 1);
    assert_eq!(file.write(b"more").unwrap_err().status(), Some(STATUS_INSUFFICIENT_RESOURCES));
    assert_eq!(file.write(b"")?, 0);
    file.close()?;
    device.remove()?;
    let notes = Notes::of(&machine);
    finish(machine, driver, notes)?;
    Ok(())
}
