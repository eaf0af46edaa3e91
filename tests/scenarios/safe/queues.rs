//! What a queue delivers to which handler, when, and how its state is changed.

use crate::load;
use safe_drivers::desk::CODE;
use wdk_emulator::{File, Level, Machine, Result};
use wdk_sys::{STATUS_CANCELLED, STATUS_INVALID_DEVICE_STATE};
use wdk_tests::both::Form;
use wdk_tests::both_ways;

both_ways![
    each_type_has_its_handler,
    requests_of_no_bytes_come_where_they_are_allowed,
    managed_queues_wait_for_power,
    the_state_of_a_queue,
];

const fn code(function: u32) -> u32 {
    wdk_sys::CTL_CODE(0x8000, 0x800 + function, wdk_sys::METHOD_BUFFERED, 0)
}

fn bench(
    form: Form,
    driver: &str,
    test: impl FnOnce(&Machine, &wdk_emulator::Device, &File) -> Result,
) -> Result {
    let machine = Machine::builder().seed(6).verifier(Level::All).build();
    let loaded = load(form, &machine, driver)?;
    let device = loaded.plug(r"ROOT\TEST")?;
    let name = device.names().pop().expect("the device has a name");
    let file = machine.open(&name)?;
    test(&machine, &device, &file)?;
    file.close()?;
    device.remove()?;
    loaded.unload()?;
    machine.finish()
}

fn each_type_has_its_handler(form: Form) -> Result {
    bench(form, "desk", |_, _, file| {
        assert_eq!(file.read(1)?, b"r");
        assert_eq!(file.write(b"xyz")?, 3);
        assert_eq!(file.ioctl(CODE, &[], 5)?, b"other");
        let internal = file.start_internal_ioctl(CODE, b"an", 11)?.wait()?.success()?;
        assert_eq!(internal.data, b"an internal");
        // What does not fit is an error, and returns nothing.
        let internal = file.start_internal_ioctl(CODE, b"an", 8)?.wait()?;
        assert_eq!((internal.status, internal.data.len()), (wdk_sys::STATUS_BUFFER_TOO_SMALL, 0));
        Ok(())
    })
}

fn requests_of_no_bytes_come_where_they_are_allowed(form: Form) -> Result {
    bench(form, "desk", |_, _, file| {
        // Completed by the framework.
        assert_eq!(file.write(b"")?, 0);
        // Completed by the handler.
        assert_eq!(file.read(0).unwrap_err().status(), Some(wdk_sys::STATUS_END_OF_FILE));
        Ok(())
    })
}

fn managed_queues_wait_for_power(form: Form) -> Result {
    bench(form, "lamp", |machine, device, file| {
        device.suspend()?;
        let (read, write) = (file.start_read(1)?, file.start_write(b"1")?);
        file.ioctl(code(0), &[], 0)?;
        machine.run()?;
        assert!(!read.is_done() && !write.is_done());
        device.resume()?;
        assert_eq!(read.wait()?.status, 0);
        assert_eq!(write.wait()?.status, 0);
        Ok(())
    })
}

const START: u32 = 4;
const COMPLETE: u32 = 5;
const ASK: u32 = 6;
const WAITING: u32 = 10;

/// Each change, at once and from a work item that waits: whether it cancels what is parked, whether it still takes what
/// comes, and that who waits does so until the driver has nothing any more.
fn the_state_of_a_queue(form: Form) -> Result {
    // Stop, stop and purge, drain, purge.
    for (change, cancels, accepts) in [(0, false, true), (1, true, true), (2, false, false), (3, true, false)]
    {
        for waits in [false, true] {
            bench(form, "valve", |machine, _, file| {
                let control = |function: u32| file.ioctl(code(function), &[], 4).map(|done| done[0]);
                let parked = file.start_write(b"1")?;
                control(if waits { change + WAITING } else { change })?;
                machine.run()?;
                assert_eq!(parked.is_done(), cancels, "{change}");
                assert_eq!(control(ASK)?, u8::from(waits && cancels), "{change}");
                let later = file.start_write(b"22")?;
                machine.run()?;
                assert_eq!(later.is_done(), !accepts, "{change}");
                control(COMPLETE)?;
                machine.run()?;
                let parked = parked.wait()?;
                let expected = if cancels { (STATUS_CANCELLED, 0) } else { (0, 1) };
                assert_eq!((parked.status, parked.information), expected, "{change}");
                assert_eq!(control(ASK)?, u8::from(waits), "{change}");
                control(START)?;
                if accepts {
                    control(COMPLETE)?;
                    assert_eq!(later.wait()?.success()?.information, 2, "{change}");
                } else {
                    assert_eq!(later.wait()?.status, STATUS_INVALID_DEVICE_STATE, "{change}");
                }
                let last = file.start_write(b"333")?;
                control(COMPLETE)?;
                assert_eq!(last.wait()?.success()?.information, 3, "{change}");
                Ok(())
            })?;
        }
    }
    Ok(())
}
