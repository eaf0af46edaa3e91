//! Timers, work items and locks. A test names the facts it shows (`docs/design/kmdf.md`).

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;
use wdk_emulator::{Level as Verify, Machine};
use wdk_sys::*;
use wdk_tests::raw::attributes;
use wdk_tests::raw::lab::{self, Dispatch, Level, NAME, Scope, bench, bench_with};

const PASSIVE: WDF_EXECUTION_LEVEL = Level::WdfExecutionLevelPassive;
const DISPATCH: WDF_EXECUTION_LEVEL = Level::WdfExecutionLevelInheritFromParent;
const MILLISECOND: i64 = 10_000;

fn writes() -> WDF_IO_QUEUE_CONFIG {
    lab::default_config(Dispatch::WdfIoQueueDispatchParallel, &["write"])
}

/// Creates "timer" below a parent.
fn create_timer(parent: &str, level: WDF_EXECUTION_LEVEL, period: u32) -> NTSTATUS {
    let mut config = WDF_TIMER_CONFIG::default();
    WDF_TIMER_CONFIG_INIT(&mut config, Some(lab::timer));
    config.Period = period;
    let mut with =
        WDF_OBJECT_ATTRIBUTES { ParentObject: lab::kept(parent), ExecutionLevel: level, ..attributes() };
    let mut timer = std::ptr::null_mut();
    // SAFETY: a configuration, attributes and a place for the handle.
    let status = unsafe { WdfTimerCreate(&mut config, &mut with, &mut timer) };
    lab::keep("timer", timer);
    status
}

fn start(milliseconds: i64) -> bool {
    // SAFETY: the timer was created.
    unsafe { WdfTimerStart(lab::kept("timer"), -milliseconds * MILLISECOND) != 0 }
}

fn stop(wait: bool) -> bool {
    // SAFETY: the timer was created.
    unsafe { WdfTimerStop(lab::kept("timer"), wait as BOOLEAN) != 0 }
}

/// Creates "item" below the main queue.
fn create_item(serialized: bool) {
    let mut config = WDF_WORKITEM_CONFIG::default();
    WDF_WORKITEM_CONFIG_INIT(&mut config, Some(lab::work));
    config.AutomaticSerialization = serialized as BOOLEAN;
    let mut with = WDF_OBJECT_ATTRIBUTES { ParentObject: lab::kept("main"), ..attributes() };
    let mut item = std::ptr::null_mut();
    // SAFETY: a configuration, attributes and a place for the handle.
    assert_eq!(unsafe { WdfWorkItemCreate(&mut config, &mut with, &mut item) }, STATUS_SUCCESS);
    lab::keep("item", item);
}

fn enqueue() {
    // SAFETY: the work item was created.
    unsafe { WdfWorkItemEnqueue(lab::kept("item")) };
}

fn flush() {
    // SAFETY: the work item was created.
    unsafe { WdfWorkItemFlush(lab::kept("item")) };
}

/// Something that lets another processor go on.
fn wait() {
    for _ in 0..4 {
        let mut lock = std::ptr::null_mut();
        // SAFETY: a place for the handle.
        assert_eq!(unsafe { WdfSpinLockCreate(WDF_NO_OBJECT_ATTRIBUTES, &mut lock) }, STATUS_SUCCESS);
        lab::delete(lock);
    }
}

/// `TWD1`: what can be created, when it fires and at which IRQL, and what starting and stopping return.
#[test]
fn timers() {
    for (level, irql) in [(PASSIVE, "0"), (DISPATCH, "2")] {
        let (machine, device) = bench(Machine::builder(), writes);
        lab::on("timer", |_| lab::log(lab::irql().to_string()));
        let file = machine.open(NAME).unwrap();
        lab::call(&file, move || {
            assert_eq!(create_timer("none", level, 0), STATUS_WDF_PARENT_NOT_SPECIFIED);
            if level == PASSIVE {
                assert_eq!(create_timer("device", level, 5), STATUS_NOT_SUPPORTED);
            }
            assert_eq!(create_timer("main", level, 0), STATUS_SUCCESS);
            assert!(!start(10));
            assert!(start(20), "it was queued, and is due later now");
        });
        machine.sleep(Duration::from_millis(15)).unwrap();
        assert!(lab::take_log().is_empty());
        machine.sleep(Duration::from_millis(10)).unwrap();
        assert_eq!(lab::take_log(), [irql]);
        lab::call(&file, || {
            assert!(!stop(true), "it has fired");
            start(10);
            assert!(stop(true));
        });
        machine.sleep(Duration::from_millis(20)).unwrap();
        assert!(lab::take_log().is_empty());
        lab::end(machine, device, file);
    }
}

/// `TWD1`: a periodic timer fires until it is stopped, and is gone with its parent.
#[test]
fn periodic_timers() {
    let (machine, device) = bench(Machine::builder(), writes);
    lab::on("timer", |_| lab::log("tick"));
    let file = machine.open(NAME).unwrap();
    lab::call(&file, || {
        assert_eq!(create_timer("device", DISPATCH, 10), STATUS_SUCCESS);
        start(10);
    });
    machine.sleep(Duration::from_millis(55)).unwrap();
    assert_eq!(lab::take_log().len(), 5);
    lab::end(machine, device, file);
    assert!(lab::take_log().is_empty());
}

/// `TWD1`: stopping with a wait waits for the callback, refuses starts meanwhile and says that it stopped one;
/// from the callback it is a mistake.
#[test]
fn stopping_with_a_wait() {
    for from_callback in [false, true] {
        let (machine, device) = bench(Machine::builder().quantum(1), writes);
        let running = Rc::new(Cell::new(false));
        let inside = running.clone();
        lab::on("timer", move |_| {
            inside.set(true);
            if from_callback {
                stop(true);
            }
            for _ in 0..20 {
                wait();
            }
            assert!(!start(1));
            inside.set(false);
            lab::log("over");
        });
        let file = machine.open(NAME).unwrap();
        lab::call(&file, || {
            assert_eq!(create_timer("main", PASSIVE, 0), STATUS_SUCCESS);
            start(1);
        });
        let caller = file.clone();
        if from_callback {
            let error = machine.sleep(Duration::from_millis(5)).unwrap_err();
            assert_eq!(error.verdict().unwrap().id(), "timer-stop-from-callback");
            continue;
        }
        lab::on("write", move |e| {
            while !running.get() {
                wait();
            }
            assert!(stop(true), "the callback's start was refused");
            lab::log("stopped");
            lab::complete(e.request, STATUS_SUCCESS, 1);
        });
        let thread = machine.spawn("stops", move || caller.write(b"x").is_ok());
        assert!(thread.join().unwrap());
        machine.sleep(Duration::from_millis(10)).unwrap();
        assert_eq!(lab::take_log(), ["over", "stopped"]);
        lab::end(machine, device, file);
    }
}

/// `SYN5`: a serialized timer and the handlers of its queue do not overlap; `DSP2`: a completion from the timer, which
/// holds the queue's lock, leaves the next request to a DPC.
#[test]
fn a_serialized_timer_completes_a_request() {
    let (machine, device) = bench_with(
        Machine::builder(),
        || lab::default_config(Dispatch::WdfIoQueueDispatchSequential, &["write"]),
        || lab::constrained(DISPATCH, Scope::WdfSynchronizationScopeQueue),
    );
    lab::on("write", |e| {
        lab::log("write");
        lab::park(e.request);
    });
    lab::on("timer", |_| {
        lab::complete(lab::unpark().unwrap(), STATUS_SUCCESS, 0);
        lab::log("timer over");
    });
    let file = machine.open(NAME).unwrap();
    let writes = [file.start_write(b"1").unwrap(), file.start_write(b"2").unwrap()];
    lab::call(&file, || {
        assert_eq!(create_timer("main", DISPATCH, 0), STATUS_SUCCESS);
        start(1);
    });
    machine.sleep(Duration::from_millis(5)).unwrap();
    assert_eq!(lab::take_log(), ["write", "timer over", "write"]);
    lab::call(&file, || lab::complete_parked(STATUS_SUCCESS));
    assert!(writes.iter().all(wdk_emulator::Overlapped::is_done));
    lab::end(machine, device, file);
}

/// `TWD2`: enqueueing what is queued does nothing, a flush waits, and from the callback it returns at once.
#[test]
fn work_items() {
    let (machine, device) = bench(Machine::builder(), writes);
    let runs = Rc::new(Cell::new(0));
    let count = runs.clone();
    lab::on("work", move |_| {
        count.set(count.get() + 1);
        lab::log(format!("work at {}", lab::irql()));
        flush();
        if count.get() == 1 {
            enqueue();
        }
    });
    let file = machine.open(NAME).unwrap();
    lab::call(&file, || create_item(false));
    lab::call(&file.at_dispatch(), || {
        enqueue();
        enqueue();
    });
    lab::call(&file, || {
        flush();
        lab::log("flushed");
    });
    assert_eq!(lab::take_log(), ["work at 0", "work at 0", "flushed"]);
    lab::end(machine, device, file);
}

/// `TWD2`: a work item that is enqueued again from its callback may overlap itself, unless it is serialized.
#[test]
fn work_items_overlap() {
    for serialized in [false, true] {
        let most = Rc::new(Cell::new(0));
        for seed in 0..20 {
            let (machine, device) = bench_with(Machine::builder().seed(seed).quantum(1), writes, || {
                lab::constrained(PASSIVE, Scope::WdfSynchronizationScopeQueue)
            });
            let (inside, found, left) = (Cell::new(0), most.clone(), Cell::new(3));
            lab::on("work", move |_| {
                inside.set(inside.get() + 1);
                found.set(found.get().max(inside.get()));
                if left.replace(left.get() - 1) > 0 {
                    enqueue();
                }
                wait();
                inside.set(inside.get() - 1);
            });
            let file = machine.open(NAME).unwrap();
            lab::call(&file, move || {
                create_item(serialized);
                enqueue();
            });
            machine.run().unwrap();
            lab::end(machine, device, file);
        }
        assert_eq!(most.get() > 1, !serialized);
    }
}

/// `TWD4`: a wait lock keeps a critical region until it is released, is not recursive, and a timeout is a success.
#[test]
fn wait_locks() {
    fn acquire(timeout: Option<i64>) -> NTSTATUS {
        let mut timeout = timeout;
        let pointer = timeout.as_mut().map_or(std::ptr::null_mut(), |timeout| timeout as *mut i64);
        // SAFETY: the lock was created; null or a timeout.
        unsafe { WdfWaitLockAcquire(lab::kept("lock"), pointer) }
    }
    fn release() {
        // SAFETY: the lock was created.
        unsafe { WdfWaitLockRelease(lab::kept("lock")) };
    }
    type Case = (fn(), Option<&'static str>);
    let cases: [Case; 4] = [
        (
            || {
                assert_eq!(acquire(Some(0)), STATUS_SUCCESS);
                assert_eq!(acquire(Some(0)), STATUS_TIMEOUT);
                assert!(NT_SUCCESS(STATUS_TIMEOUT));
                release();
            },
            None,
        ),
        (|| assert_eq!(acquire(None), STATUS_SUCCESS), Some("critical-region-not-restored")),
        (
            || {
                acquire(None);
                acquire(None);
            },
            Some("self-deadlock"),
        ),
        (release, Some("lock-not-owner")),
    ];
    for (body, expected) in cases {
        let (machine, device) = bench(Machine::builder().verifier(Verify::Standard), writes);
        lab::on("write", move |e| {
            let mut lock = std::ptr::null_mut();
            // SAFETY: a place for the handle.
            assert_eq!(unsafe { WdfWaitLockCreate(WDF_NO_OBJECT_ATTRIBUTES, &mut lock) }, STATUS_SUCCESS);
            lab::keep("lock", lock);
            body();
            lab::complete(e.request, STATUS_SUCCESS, 1);
        });
        let file = machine.open(NAME).unwrap();
        match file.start_write(b"x") {
            Ok(_) => lab::end(machine, device, file),
            Err(error) => assert_eq!(error.verdict().map(wdk_emulator::Verdict::id), expected),
        }
    }
}

/// `TWD4`: a thread waits for a wait lock, and a processor spins for a spin lock, until it is released.
#[test]
fn contended_locks() {
    for spin in [false, true] {
        for seed in 0..20 {
            let (machine, device) = bench(Machine::builder().seed(seed).quantum(1), writes);
            let inside = Cell::new(false);
            lab::on("write", move |e| {
                let lock = lab::kept::<std::ffi::c_void>("lock");
                if spin {
                    // SAFETY: created below.
                    unsafe { WdfSpinLockAcquire(lock.cast()) };
                } else {
                    // SAFETY: created below.
                    let status = unsafe { WdfWaitLockAcquire(lock.cast(), std::ptr::null_mut()) };
                    assert_eq!(status, STATUS_SUCCESS);
                }
                assert!(!inside.replace(true));
                wait();
                inside.set(false);
                if spin {
                    // SAFETY: acquired above.
                    unsafe { WdfSpinLockRelease(lock.cast()) };
                } else {
                    // SAFETY: acquired above.
                    unsafe { WdfWaitLockRelease(lock.cast()) };
                }
                lab::complete(e.request, STATUS_SUCCESS, 1);
            });
            let file = machine.open(NAME).unwrap();
            lab::call(&file, move || {
                let (mut spin_lock, mut wait_lock) = (std::ptr::null_mut(), std::ptr::null_mut());
                // SAFETY: a place for the handle.
                let status = unsafe { WdfSpinLockCreate(WDF_NO_OBJECT_ATTRIBUTES, &mut spin_lock) };
                assert_eq!(status, STATUS_SUCCESS);
                // SAFETY: a place for the handle.
                let status = unsafe { WdfWaitLockCreate(WDF_NO_OBJECT_ATTRIBUTES, &mut wait_lock) };
                assert_eq!(status, STATUS_SUCCESS);
                if spin { lab::keep("lock", spin_lock) } else { lab::keep("lock", wait_lock) }
            });
            let threads: Vec<_> = (0..4)
                .map(|_| {
                    let file = file.clone();
                    machine.spawn("writer", move || (0..3).all(|_| file.write(b"x").is_ok()))
                })
                .collect();
            assert!(threads.into_iter().all(|thread| thread.join().unwrap()));
            lab::end(machine, device, file);
        }
    }
}

/// Creates "dpc" below the device, with an object below that. Each is logged when it is cleaned up and destroyed.
fn create_dpc() {
    let mut config = WDF_DPC_CONFIG::default();
    WDF_DPC_CONFIG_INIT(&mut config, Some(lab::dpc));
    config.AutomaticSerialization = 0;
    let mut with = WDF_OBJECT_ATTRIBUTES {
        ParentObject: lab::kept("device"),
        EvtCleanupCallback: Some(lab::cleanup),
        EvtDestroyCallback: Some(lab::destroy),
        ..attributes()
    };
    let mut dpc = std::ptr::null_mut();
    // SAFETY: a configuration, attributes and a place for the handle.
    assert_eq!(unsafe { WdfDpcCreate(&mut config, &mut with, &mut dpc) }, STATUS_SUCCESS);
    lab::keep("dpc", dpc);
    let mut with = WDF_OBJECT_ATTRIBUTES {
        ParentObject: dpc.cast(),
        EvtCleanupCallback: Some(lab::cleanup),
        ..attributes()
    };
    let mut below = std::ptr::null_mut();
    // SAFETY: attributes and a place for the handle.
    assert_eq!(unsafe { WdfObjectCreate(&mut with, &mut below) }, STATUS_SUCCESS);
    lab::keep("below", below);
}

/// Runs `body` at DISPATCH_LEVEL.
fn at_dispatch(body: impl FnOnce()) {
    let mut lock = std::ptr::null_mut();
    // SAFETY: a place for the handle.
    assert_eq!(unsafe { WdfSpinLockCreate(WDF_NO_OBJECT_ATTRIBUTES, &mut lock) }, STATUS_SUCCESS);
    // SAFETY: created just now.
    unsafe { WdfSpinLockAcquire(lock) };
    body();
    // SAFETY: acquired above.
    unsafe { WdfSpinLockRelease(lock) };
    lab::delete(lock);
}

fn enqueue_dpc() -> bool {
    // SAFETY: the model checks the handle.
    unsafe { WdfDpcEnqueue(lab::kept("dpc")) != 0 }
}

/// `TWD3`: a DPC runs at DISPATCH_LEVEL, is queued once at a time, and can be taken off the queue.
#[test]
fn dpcs() {
    let (machine, device) = bench(Machine::builder(), writes);
    lab::on("dpc", |_| lab::log(lab::irql().to_string()));
    let file = machine.open(NAME).unwrap();
    lab::call(&file, || {
        create_dpc();
        at_dispatch(|| {
            assert!(enqueue_dpc());
            assert!(!enqueue_dpc(), "it is queued");
            assert!(lab::take_log().is_empty(), "it does not run on this processor at this level");
        });
    });
    machine.run().unwrap();
    assert_eq!(lab::take_log(), ["2"]);
    lab::call(&file, || {
        let cancel = || {
            // SAFETY: the DPC was created.
            unsafe { WdfDpcCancel(lab::kept("dpc"), 0) != 0 }
        };
        at_dispatch(|| {
            assert!(enqueue_dpc() && cancel());
            assert!(!cancel());
        });
    });
    machine.run().unwrap();
    assert!(lab::take_log().is_empty());
    lab::end(machine, device, file);
}

/// `TWD5`: a DPC's cleanup waits for what is queued by then, and comes after that of what is below it. Nothing guards
/// one that is enqueued later.
#[test]
fn dpcs_that_are_enqueued_while_they_go() {
    for (at, verdict) in [("below", None), ("dpc", Some("use-after-deletion"))] {
        let (machine, device) = bench(Machine::builder(), writes);
        lab::on("dpc", |_| lab::log("runs"));
        lab::on("destroy", |_| lab::log("destroyed"));
        lab::on("cleanup", move |e| {
            if e.object == lab::kept(at) {
                assert!(enqueue_dpc());
            }
        });
        let file = machine.open(NAME).unwrap();
        lab::call(&file, create_dpc);
        file.close().unwrap();
        let removed = device.remove();
        match verdict {
            None => {
                removed.unwrap();
                assert_eq!(lab::take_log(), ["runs", "destroyed"]);
                machine.finish().unwrap();
            }
            Some(_) => {
                assert_eq!(removed.unwrap_err().verdict().map(wdk_emulator::Verdict::id), verdict);
            }
        }
    }
}
