//! Parked requests in the emulator: whoever comes first, exactly one side gets the request.

use crate::{Notes, load};
use wdk_emulator::{Device, Level, Machine, Result};
use wdk_tests::both::Form;
use wdk_tests::both_ways;

both_ways![a_request_is_completed_or_cancelled_and_never_both, a_dropped_token_fails_its_request,];

fn machine(form: Form, driver: &str, seed: u64) -> Result<(Machine, Device)> {
    let machine = Machine::builder().seed(seed).quantum(2).verifier(Level::All).build();
    let device = load(form, &machine, driver)?.plug(r"ROOT\TEST")?;
    Ok((machine, device))
}

fn a_request_is_completed_or_cancelled_and_never_both(form: Form) -> Result {
    let mut outcomes = [0, 0];
    let (mut taken, mut cancelled) = (0, 0);
    for seed in 0..200 {
        let (machine, device) = machine(form, "racing", seed)?;
        let file = machine.open(r"\\.\Racing")?;
        let writes = (0..4).map(|i| file.start_write(&vec![0; i + 1])).collect::<Result<Vec<_>>>()?;
        writes[1].cancel()?;
        writes[2].cancel()?;
        for (i, write) in writes.into_iter().enumerate() {
            let completion = write.wait()?;
            match completion.status {
                wdk_sys::STATUS_SUCCESS => {
                    assert_eq!(completion.information, i + 1);
                    outcomes[0] += 1;
                }
                wdk_sys::STATUS_CANCELLED => {
                    assert!(i == 1 || i == 2);
                    outcomes[1] += 1;
                }
                other => panic!("{other:08x}"),
            }
        }
        file.close()?;
        device.remove()?;
        let notes = Notes::of(&machine);
        taken += notes.count("taken");
        cancelled += notes.count("cancel");
        machine.finish()?;
    }
    // Whoever gets the request completes it; some are cancelled before they are parked.
    assert_eq!(taken, outcomes[0]);
    assert!(cancelled > 0 && cancelled <= outcomes[1], "{cancelled} {outcomes:?}");
    assert!(outcomes[1] > 0, "no schedule cancelled anything: {outcomes:?}");
    assert!(outcomes[0] > 400, "no schedule completed what was to be cancelled: {outcomes:?}");
    Ok(())
}

fn a_dropped_token_fails_its_request(form: Form) -> Result {
    for seed in 0..20 {
        let (machine, device) = machine(form, "dropping", seed)?;
        let file = machine.open(r"\\.\Dropping")?;
        let kept = file.start_write(b"kept")?;
        machine.run()?;
        assert!(!kept.is_done());
        assert_eq!(file.write(b"x")?, 1);
        assert_eq!(kept.wait()?.status, wdk_sys::STATUS_INTERNAL_ERROR);
        // And one that is cancelled first leaves a token that is worth nothing.
        let kept = file.start_write(b"kept")?;
        kept.cancel()?;
        assert_eq!(kept.wait()?.status, wdk_sys::STATUS_CANCELLED);
        assert_eq!(file.write(b"x")?, 1);
        file.close()?;
        device.remove()?;
        machine.finish()?;
    }
    Ok(())
}
