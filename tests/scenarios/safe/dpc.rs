//! DPCs: where they run, what they see, and that none runs when its parent is gone.

use crate::{Notes, load};
use wdk_emulator::{Level, Machine, Result};
use wdk_tests::both::Form;
use wdk_tests::both_ways;

both_ways![
    a_dpc_runs_once_for_each_time_it_is_queued,
    cancelling_with_a_wait_waits_for_the_handler,
    no_dpc_is_queued_once_its_cleanup_has_begun,
];

fn a_dpc_runs_once_for_each_time_it_is_queued(form: Form) -> Result {
    let machine = Machine::builder().seed(1).processors(1).verifier(Level::All).build();
    let device = load(form, &machine, "bell")?.plug(r"ROOT\TEST")?;
    let file = machine.open(r"\\.\Bell")?;
    let control = |function: u32| file.ioctl(0x22_2000 | function << 2, &[], 3);
    assert_eq!(control(0)?, [1, 0, 0]);
    machine.run()?;
    assert_eq!(control(1)?, [1, 1, 1], "the first has run, and this one is taken off");
    machine.run()?;
    assert_eq!(control(1)?, [1, 1, 1], "it did not run");
    file.close()?;
    device.remove()?;
    machine.finish()
}

fn cancelling_with_a_wait_waits_for_the_handler(form: Form) -> Result {
    for seed in 0..200 {
        let machine = Machine::builder().seed(seed).quantum(1).verifier(Level::All).build();
        let device = load(form, &machine, "bell")?.plug(r"ROOT\TEST")?;
        let file = machine.open(r"\\.\Bell")?;
        file.write(b"x")?;
        machine.run()?;
        file.close()?;
        device.remove()?;
        machine.finish()?;
    }
    Ok(())
}

/// The framework's verifier here stops a driver that enqueues a DPC whose cleanup has begun. The gate keeps that from
/// happening, however the removal and the enqueueing fall together; what passed it runs while the device is there.
fn no_dpc_is_queued_once_its_cleanup_has_begun(form: Form) -> Result {
    let (mut enqueued, mut refused, mut ran) = (0, 0, 0);
    for seed in 0..2000 {
        let machine = Machine::builder().seed(seed).quantum(1).verifier(Level::All).build();
        let driver = load(form, &machine, "late")?;
        driver.plug(r"ROOT\TEST")?.remove().unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        driver.unload().unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        let notes = Notes::of(&machine);
        assert_eq!(notes.last(), Some("gone"), "seed {seed}: {notes:?}");
        // The queue is not full of it: it runs as often as it was taken.
        assert_eq!(notes.count("enqueued"), notes.count("ran"), "seed {seed}: {notes:?}");
        enqueued += notes.count("enqueued");
        refused += notes.count("refused");
        ran += notes.count("ran");
        machine.finish()?;
    }
    // All three happen: it is queued and runs, it is queued already, and it is closed.
    assert!(enqueued == ran && ran > 0 && refused > 0, "{enqueued} {ran} {refused}");
    Ok(())
}
