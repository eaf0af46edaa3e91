//! Plug and play and power, and what they do to queues. A test names the facts it shows (`docs/design/kmdf.md`).

use std::cell::RefCell;
use std::rc::Rc;
use wdk_emulator::{Error, Machine, Overlapped};
use wdk_sys::*;
use wdk_tests::raw::attributes;
use wdk_tests::raw::lab::{self, Dispatch, NAME, bench, main_queue};

const CALLBACKS: [&str; 13] = [
    "PrepareHardware",
    "ReleaseHardware",
    "D0Entry",
    "D0EntryPostInterruptsEnabled",
    "D0Exit",
    "D0ExitPreInterruptsDisabled",
    "SelfManagedIoInit",
    "SelfManagedIoSuspend",
    "SelfManagedIoRestart",
    "SelfManagedIoFlush",
    "SelfManagedIoCleanup",
    "SurpriseRemoval",
    "QueryRemove",
];

const START: [&str; 4] =
    ["PrepareHardware", "D0Entry 5", "D0EntryPostInterruptsEnabled", "SelfManagedIoInit"];
const LEAVE: [&str; 3] = ["SelfManagedIoSuspend", "D0ExitPreInterruptsDisabled", "D0Exit 5"];

/// Loads a driver with every callback, one of which fails.
fn load(failing: &'static str) -> (Machine, wdk_emulator::Driver) {
    let loaded = lab::load(Machine::builder(), |init| {
        lab::pnp_callbacks(init);
        let mut with = attributes();
        with.EvtCleanupCallback = Some(lab::cleanup);
        let device = lab::device_with(init, &mut with)?;
        lab::keep(
            "main",
            lab::queue(device, lab::default_config(Dispatch::WdfIoQueueDispatchParallel, &["write"]))?,
        );
        Ok(())
    });
    for name in CALLBACKS {
        lab::answer(name, move |e| {
            lab::log(match name {
                "D0Entry" | "D0Exit" => format!("{name} {}", e.value),
                _ => name.to_owned(),
            });
            if name == failing { STATUS_UNSUCCESSFUL } else { STATUS_SUCCESS }
        });
    }
    lab::on("cleanup", |_| lab::log("cleanup"));
    loaded
}

/// `PNP4`: after a surprise the device is told first; what REMOVE does waits until it is closed.
#[test]
fn surprise_removal() {
    for open in [false, true] {
        let (machine, driver) = load("");
        let device = driver.plug(r"ROOT\LAB").unwrap();
        let file = open.then(|| machine.open(NAME).unwrap());
        lab::take_log();
        device.surprise_remove().unwrap();
        let first = [&["SurpriseRemoval"], &LEAVE[..], &["ReleaseHardware", "SelfManagedIoFlush"]].concat();
        let rest = ["SelfManagedIoCleanup", "cleanup"];
        let log = lab::take_log();
        if let Some(file) = file {
            assert_eq!(log, first);
            assert!(file.write(b"x").is_err(), "it takes no more requests");
            assert!(machine.open(NAME).is_err());
            file.close().unwrap();
            assert_eq!(lab::take_log(), rest);
        } else {
            assert_eq!(log, [&first[..], &rest[..]].concat());
        }
        machine.finish().unwrap();
    }
}

/// `PNP4`: a device that sleeps has left D0 already.
#[test]
fn surprise_removal_of_a_sleeping_device() {
    let (machine, driver) = load("");
    let device = driver.plug(r"ROOT\LAB").unwrap();
    device.suspend().unwrap();
    lab::take_log();
    device.surprise_remove().unwrap();
    let expected =
        ["SurpriseRemoval", "ReleaseHardware", "SelfManagedIoFlush", "SelfManagedIoCleanup", "cleanup"];
    assert_eq!(lab::take_log(), expected);
    machine.finish().unwrap();
}

/// `PNP5`: what follows the failure of each callback of the start.
#[test]
fn failures_of_the_start() {
    let table: [(&str, &[&str]); 4] = [
        ("PrepareHardware", &["PrepareHardware", "ReleaseHardware", "cleanup"]),
        ("D0Entry", &["PrepareHardware", "D0Entry 5", "ReleaseHardware", "cleanup"]),
        (
            "D0EntryPostInterruptsEnabled",
            &[
                "PrepareHardware",
                "D0Entry 5",
                "D0EntryPostInterruptsEnabled",
                "D0Exit 5",
                "ReleaseHardware",
                "cleanup",
            ],
        ),
        (
            "SelfManagedIoInit",
            &[
                "PrepareHardware",
                "D0Entry 5",
                "D0EntryPostInterruptsEnabled",
                "SelfManagedIoInit",
                "D0Exit 5",
                "ReleaseHardware",
                "SelfManagedIoFlush",
                "SelfManagedIoCleanup",
                "cleanup",
            ],
        ),
    ];
    for (failing, expected) in table {
        let (machine, driver) = load(failing);
        let error = driver.plug(r"ROOT\LAB").err().unwrap();
        assert!(
            matches!(error, Error::Start(name, STATUS_UNSUCCESSFUL) if name.ends_with(failing)),
            "{error}"
        );
        let log: Vec<_> =
            lab::take_log().into_iter().filter(|entry| entry != "D0ExitPreInterruptsDisabled").collect();
        assert_eq!(log, expected);
        assert!(machine.open(NAME).is_err());
        machine.finish().unwrap();
    }
}

/// `PNP3`: a driver may refuse an orderly removal, and the device goes on.
#[test]
fn a_refused_removal() {
    let (machine, driver) = load("QueryRemove");
    let device = driver.plug(r"ROOT\LAB").unwrap();
    lab::take_log();
    assert_eq!(device.remove().unwrap_err().status(), Some(STATUS_UNSUCCESSFUL));
    assert_eq!(lab::take_log(), ["QueryRemove"]);
    lab::on("write", |e| lab::complete(e.request, STATUS_SUCCESS, 1));
    let file = machine.open(NAME).unwrap();
    assert_eq!(file.write(b"x").unwrap(), 1);
    file.close().unwrap();
    lab::on("QueryRemove", |_| {});
    machine.finish().unwrap();
}

/// `PNP1`: queues open before EvtDeviceSelfManagedIoInit, and close after EvtDeviceSelfManagedIoSuspend.
#[test]
fn queues_are_open_around_self_managed_io() {
    let (machine, driver) = load("");
    for name in ["D0EntryPostInterruptsEnabled", "SelfManagedIoInit", "SelfManagedIoSuspend", "D0Exit"] {
        lab::on(name, move |_| lab::log(format!("{name} held: {}", lab::state(main_queue()).0 & 16 != 0)));
    }
    let device = driver.plug(r"ROOT\LAB").unwrap();
    device.remove().unwrap();
    let log: Vec<_> = lab::take_log().into_iter().filter(|entry| entry.contains("held")).collect();
    let expected = [
        "D0EntryPostInterruptsEnabled held: true",
        "SelfManagedIoInit held: false",
        "SelfManagedIoSuspend held: false",
        "D0Exit held: true",
    ];
    assert_eq!(log, expected);
    machine.finish().unwrap();
}

fn stoppable() -> WDF_IO_QUEUE_CONFIG {
    lab::default_config(Dispatch::WdfIoQueueDispatchSequential, &["write", "stop", "resume"])
}

const SUSPEND: usize = _WDF_REQUEST_STOP_ACTION_FLAGS::WdfRequestStopActionSuspend as usize;
const PURGE: usize = _WDF_REQUEST_STOP_ACTION_FLAGS::WdfRequestStopActionPurge as usize;
const CANCELABLE: usize = _WDF_REQUEST_STOP_ACTION_FLAGS::WdfRequestStopRequestCancelable as usize;

/// `PMI1`, `PMI2`, `PMI4`: a suspended request stays with the driver, which hears of it again; one that is given back
/// is presented again, and nothing is presented meanwhile.
#[test]
fn suspending_requests() {
    for requeue in [false, true] {
        let (machine, device) = bench(Machine::builder(), stoppable);
        lab::on("write", |e| {
            lab::log(format!("write {}", lab::text(e.request)));
            lab::park(e.request);
        });
        lab::on("stop", move |e| {
            assert_eq!(e.value, SUSPEND);
            lab::log("stop");
            if requeue {
                lab::forget(e.request);
            }
            lab::acknowledge(e.request, requeue);
        });
        lab::on("resume", |_| lab::log("resume"));
        let file = machine.open(NAME).unwrap();
        let first = file.start_write(b"1").unwrap();
        device.suspend().unwrap();
        assert_eq!(lab::take_log(), ["write 1", "stop"]);
        let second = file.start_write(b"2").unwrap();
        machine.run().unwrap();
        assert!(lab::take_log().is_empty(), "held");
        device.resume().unwrap();
        assert_eq!(lab::take_log(), [if requeue { "write 1" } else { "resume" }]);
        for _ in 0..2 {
            lab::call(&file, || lab::complete(lab::unpark().unwrap(), STATUS_SUCCESS, 0));
        }
        assert_eq!(lab::take_log(), ["write 2"]);
        assert!(first.is_done() && second.is_done());
        lab::end(machine, device, file);
    }
}

/// `PMI1`: EvtIoStop says whether the request is cancelable, and is not called for a cancelled one; without it the
/// suspension waits for the completion.
#[test]
fn stopping_waits_for_requests() {
    for (handler, cancelled) in [(true, false), (true, true), (false, false)] {
        let (machine, device) = bench(Machine::builder(), move || {
            let mut config = stoppable();
            if !handler {
                config.EvtIoStop = None;
            }
            config
        });
        lab::on("write", |e| {
            lab::mark(e.request);
            lab::park(e.request);
        });
        lab::on("cancel", |_| {});
        lab::on("stop", |e| {
            lab::log(format!("{}", e.value == SUSPEND | CANCELABLE));
            lab::acknowledge(e.request, false);
        });
        let file = machine.open(NAME).unwrap();
        let write = file.start_write(b"1").unwrap();
        if cancelled {
            write.cancel().unwrap();
        }
        let device = Rc::new(RefCell::new(Some(device)));
        let sleeper = device.clone();
        let thread = machine.spawn("suspends", move || sleeper.borrow().as_ref().unwrap().suspend());
        machine.run().unwrap();
        let told = handler && !cancelled;
        assert_eq!(lab::take_log().len(), usize::from(told));
        assert_eq!(thread.is_done(), told);
        lab::call(&file, move || {
            let request = lab::unpark().unwrap();
            assert_eq!(lab::unmark(request), if cancelled { STATUS_CANCELLED } else { STATUS_SUCCESS });
            lab::complete(request, STATUS_SUCCESS, 0);
        });
        thread.join().unwrap().unwrap();
        assert!(write.is_done());
        let device = device.take().unwrap();
        device.resume().unwrap();
        lab::end(machine, device, file);
    }
}

/// `PMI1`: a request that is neither acknowledged nor completed keeps the device in D0, which is the driver's fault.
/// `PMI2`: acknowledging is for EvtIoStop, and not for what is cancelable when it is given back.
#[test]
fn mistakes_of_stopping() {
    type Case = (fn(WDFREQUEST), fn(WDFREQUEST), &'static str);
    let table: [Case; 3] = [
        (|_| {}, |_| {}, "never-completed"),
        (|r| lab::acknowledge(r, false), |_| {}, "request-state"),
        (lab::mark, |r| lab::acknowledge(r, true), "request-state"),
    ];
    for (write, stop, expected) in table {
        let (machine, device) = bench(Machine::builder(), stoppable);
        lab::on("write", move |e| write(e.request));
        lab::on("stop", move |e| stop(e.request));
        let file = machine.open(NAME).unwrap();
        let started = file.start_write(b"x");
        let result = started.map(|_| ()).and_then(|()| device.suspend());
        assert_eq!(result.unwrap_err().verdict().unwrap().id(), expected);
    }
}

/// `PMI3`, `QST2`: at removal managed queues are purged, and what the driver still owns is stopped with Purge, even
/// if it was suspended before; queues that are not power-managed follow. No start opens a queue again.
#[test]
fn removal_purges_queues() {
    let (machine, device) = lab::build(Machine::builder(), |init| {
        let device = lab::device(init)?;
        lab::keep("main", lab::queue(device, stoppable())?);
        let config = WDF_IO_QUEUE_CONFIG {
            PowerManaged: _WDF_TRI_STATE::WdfFalse,
            ..lab::config(Dispatch::WdfIoQueueDispatchSequential, &["read", "stop"])
        };
        let other = lab::queue(device, config)?;
        assert_eq!(lab::route(device, other, _WDF_REQUEST_TYPE::WdfRequestTypeRead), STATUS_SUCCESS);
        Ok(())
    });
    lab::on("read", |_| {});
    lab::on("stop", |e| {
        let managed = e.queue == main_queue();
        lab::log(format!(
            "{} {}",
            if managed { "managed" } else { "other" },
            if e.value == PURGE { "purge" } else { "suspend" }
        ));
        if e.value == PURGE {
            lab::start(e.queue);
            assert_eq!(lab::state(e.queue).0 & 1, 0);
            lab::complete(e.request, STATUS_DELETE_PENDING, 0);
        } else {
            lab::acknowledge(e.request, false);
        }
    });
    let file = machine.open(NAME).unwrap();
    let writes: [Overlapped; 2] = [file.start_write(b"1").unwrap(), file.start_write(b"2").unwrap()];
    let read = file.start_read(1).unwrap();
    device.remove().unwrap();
    assert_eq!(lab::take_log(), ["managed suspend", "managed purge", "other purge"]);
    let [first, second] = writes.map(|write| write.wait().unwrap().status);
    assert_eq!((first, second), (STATUS_DELETE_PENDING, STATUS_CANCELLED));
    assert_eq!(read.wait().unwrap().status, STATUS_DELETE_PENDING);
    file.close().unwrap();
    machine.finish().unwrap();
}
