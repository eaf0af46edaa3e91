//! Requests on the thread of the program that makes them, and its own memory.

use wdk_emulator::{Level, Machine, Result};
use wdk_sys::{STATUS_DEVICE_BUSY, STATUS_INVALID_DEVICE_REQUEST, STATUS_NOT_SUPPORTED};
use wdk_tests::both::{Driver, Form};
use wdk_tests::both_ways;

both_ways![
    a_request_is_looked_at_before_its_queue_has_it,
    the_level_of_the_caller_is_found_out,
    a_programs_memory_is_locked_on_its_thread_and_used_later,
];

static DRIVER: Driver =
    Driver { package: "tests/drivers/neither", service: "neither", linked: &neither::DRIVER };

fn bench(form: Form, test: impl FnOnce(&Machine, &wdk_emulator::File) -> Result) -> Result {
    let machine = Machine::builder().seed(4).verifier(Level::All).build();
    let driver = form.load(&machine, &DRIVER)?;
    let device = driver.plug(r"ROOT\TEST")?;
    let file = machine.open(r"\\.\Porch")?;
    test(&machine, &file)?;
    file.close()?;
    device.remove()?;
    driver.unload()?;
    machine.finish()
}

fn a_request_is_looked_at_before_its_queue_has_it(form: Form) -> Result {
    bench(form, |_, file| {
        let status = |code: wdk::prelude::IoControlCode| {
            file.ioctl(code.0, &[], 4).err().and_then(|error| error.status())
        };
        assert_eq!(file.ioctl(neither::ANSWER.0, &[], 8)?, b"here");
        assert_eq!(status(neither::TRY), Some(STATUS_NOT_SUPPORTED));
        // The status of the framework's facility becomes one of the system's.
        assert_eq!(status(neither::CLOSE), Some(STATUS_DEVICE_BUSY));
        assert_eq!(status(neither::OPEN), None);
        assert_eq!(file.read(6)?, b"locked");
        Ok(())
    })
}

fn the_level_of_the_caller_is_found_out(form: Form) -> Result {
    bench(form, |_, file| {
        assert_eq!(file.ioctl(neither::LEVEL.0, &[], 1)?, [0]);
        assert_eq!(file.at_dispatch().ioctl(neither::LEVEL.0, &[], 1)?, [2]);
        // Memory cannot be locked there.
        let refused = file.at_dispatch().ioctl(neither::REVERSE.0, b"abc", 8);
        assert_eq!(refused.unwrap_err().status(), Some(STATUS_INVALID_DEVICE_REQUEST));
        Ok(())
    })
}

fn a_programs_memory_is_locked_on_its_thread_and_used_later(form: Form) -> Result {
    bench(form, |_, file| {
        assert_eq!(file.ioctl(neither::REVERSE.0, b"abc", 8)?, b"cba");
        assert_eq!(file.ioctl(neither::REVERSE_PART.0, b"abcd", 8)?, b"cb");
        let nothing = file.ioctl(neither::REVERSE_NOTHING.0, b"abc", 8);
        assert_eq!(nothing.unwrap_err().status(), Some(STATUS_INVALID_DEVICE_REQUEST));
        assert_eq!(file.write(b"abc")?, 3);
        assert_eq!(file.read(8)?, b"locked");
        assert_eq!(file.read(0)?, b"");
        Ok(())
    })
}
