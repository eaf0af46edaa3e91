//! The framework's other parts in the emulator: scopes, contexts, manual queues, power callbacks, transfers.

use crate::{Notes, load};
use wdk_emulator::{File, Level, Machine, Result};
use wdk_tests::both::Form;
use wdk_tests::both_ways;

both_ways![
    queues_share_the_part_that_the_device_locks,
    a_manual_queue_gives_requests_when_asked,
    a_manual_queue_says_when_it_is_ready,
    a_timer_reaches_its_queue_under_the_lock,
    buffers_reach_the_driver_whichever_way,
    no_callback_sees_a_context_that_is_not_there,
];

fn with_device(
    form: Form,
    driver: &str,
    name: &str,
    test: impl FnOnce(&Machine, &File, &mut Notes) -> Result,
) -> Result<Notes> {
    let machine = Machine::builder().seed(7).verifier(Level::All).build();
    let loaded = load(form, &machine, driver)?;
    let device = loaded.plug(r"ROOT\TEST")?;
    let file = machine.open(name)?;
    let mut notes = Notes::of(&machine);
    test(&machine, &file, &mut notes)?;
    file.close()?;
    device.remove()?;
    loaded.unload()?;
    notes.read(&machine);
    machine.finish()?;
    Ok(notes)
}

fn queues_share_the_part_that_the_device_locks(form: Form) -> Result {
    let notes = with_device(form, "shared", r"\\.\Shared", |machine, file, notes| {
        assert_eq!(file.write(b"ab")?, 2);
        assert_eq!(file.write(b"c")?, 1);
        assert_eq!(file.read(8)?, 103u64.to_le_bytes());
        assert_eq!(file.read(7).unwrap_err().status(), Some(wdk_sys::STATUS_BUFFER_TOO_SMALL));
        notes.read(machine);
        assert_eq!(notes.live(), 2);
        Ok(())
    })?;
    assert_eq!((notes.count("entry"), notes.count("exit")), (1, 1));
    assert_eq!(notes.live(), 0, "contexts are dropped once");
    Ok(())
}

fn a_manual_queue_gives_requests_when_asked(form: Form) -> Result {
    with_device(form, "manual", r"\\.\Manual", |_, file, _| {
        let first = file.start_write(b"a")?;
        let second = file.start_write(b"bcd")?;
        let third = file.start_write(b"0000")?;
        assert_eq!(third.wait()?.success()?.information, 4);
        assert_eq!(first.wait()?.success()?.information, 1);
        assert_eq!(second.wait()?.success()?.information, 3);
        assert_eq!(file.read(1).unwrap_err().status(), Some(wdk_sys::STATUS_END_OF_FILE));
        // What is left in a queue is cancelled with its file.
        let left = file.start_write(b"left")?;
        left.cancel()?;
        assert_eq!(left.wait()?.status, wdk_sys::STATUS_CANCELLED);
        Ok(())
    })
    .map(drop)
}

fn a_manual_queue_says_when_it_is_ready(form: Form) -> Result {
    with_device(form, "notified", r"\\.\Notified", |_, file, _| {
        assert_eq!(file.write(b"aaa")?, 1);
        assert_eq!(file.write(b"aaa")?, 2);
        assert_eq!(file.read(1).unwrap_err().status(), Some(wdk_sys::STATUS_INVALID_DEVICE_REQUEST));
        Ok(())
    })
    .map(drop)
}

fn a_timer_reaches_its_queue_under_the_lock(form: Form) -> Result {
    with_device(form, "timed", r"\\.\Timed", |machine, file, _| {
        let reads = [file.start_read(4)?, file.start_read(4)?];
        for read in reads {
            let ticks = read.wait()?.success()?.data;
            assert!(ticks == 1u32.to_le_bytes() || ticks == 2u32.to_le_bytes(), "{ticks:?}");
        }
        assert!(machine.now().as_millis() >= 5);
        Ok(())
    })
    .map(drop)
}

fn buffers_reach_the_driver_whichever_way(form: Form) -> Result {
    use safe_drivers::transfers::*;
    use wdk_sys::{STATUS_BUFFER_OVERFLOW, STATUS_BUFFER_TOO_SMALL, STATUS_INVALID_DEVICE_REQUEST};
    with_device(form, "transfers", r"\\.\Transfers", |_, file, _| {
        assert_eq!(file.write(b"-abcd")?, 5);
        let short = file.write(b"-abc").unwrap_err();
        assert_eq!(short.status(), Some(STATUS_BUFFER_TOO_SMALL));
        assert_eq!(file.read(10)?, b"abcd");
        let overflow = file.start_read(3)?.wait()?;
        assert_eq!((overflow.status, overflow.information), (STATUS_BUFFER_OVERFLOW, 3));
        for code in [BUFFERED, OUT_DIRECT] {
            let answer = file.ioctl(code.0, &7u32.to_le_bytes(), 100)?;
            assert_eq!(answer, [8, 0, 0, 0, 9, 0, 0, 0]);
            let short = file.ioctl(code.0, &[1], 100).unwrap_err();
            assert_eq!(short.status(), Some(STATUS_BUFFER_TOO_SMALL));
            // The second value does not fit, so the first is not returned either.
            let short = file.start_ioctl(code.0, &7u32.to_le_bytes(), 7)?.wait()?;
            assert_eq!((short.status, short.information), (STATUS_BUFFER_TOO_SMALL, 0));
        }
        for code in [IN_DIRECT, NEITHER] {
            let refused = file.ioctl(code.0, &7u32.to_le_bytes(), 100).unwrap_err();
            assert_eq!(refused.status(), Some(STATUS_INVALID_DEVICE_REQUEST), "{code:?}");
        }
        Ok(())
    })
    .map(drop)
}

fn no_callback_sees_a_context_that_is_not_there(form: Form) -> Result {
    with_device(form, "unready", r"\\.\Unready", |_, file, notes| {
        let refused = file.write(b"x").unwrap_err();
        assert_eq!(refused.status(), Some(wdk_sys::STATUS_DEVICE_NOT_READY));
        assert_eq!(notes.count("no queue: STATUS_DATA_ERROR (0xC000003E), 100%s"), 1, "{notes:?}");
        Ok(())
    })
    .map(drop)
}
