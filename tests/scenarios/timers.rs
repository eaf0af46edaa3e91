//! Timers, work items and locks: mistakes, and races that only a machine with seeds can play through. The rest are
//! experiments (`tests/drivers/conformance`). A test names the facts it shows (`docs/design/kmdf.md`).

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;
use wdk_emulator::{Level as Verify, Machine};
use wdk_sys::*;
use wdk_tests::raw::attributes;
use wdk_tests::raw::lab::{self, Dispatch, Level, NAME, Scope, bench, bench_with};

const PASSIVE: WDF_EXECUTION_LEVEL = Level::WdfExecutionLevelPassive;
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

/// Something that lets another processor go on.
fn wait() {
    for _ in 0..4 {
        let mut lock = std::ptr::null_mut();
        // SAFETY: a place for the handle.
        assert_eq!(unsafe { WdfSpinLockCreate(WDF_NO_OBJECT_ATTRIBUTES, &mut lock) }, STATUS_SUCCESS);
        lab::delete(lock);
    }
}

/// `TWD1`: stopping with a wait is not for the callback.
#[test]
fn stopping_with_a_wait_from_the_callback() {
    let (machine, _device) = bench(Machine::builder(), writes);
    lab::on("timer", |_| {
        stop(true);
    });
    let file = machine.open(NAME).unwrap();
    lab::call(&file, || {
        assert_eq!(create_timer("main", PASSIVE, 0), STATUS_SUCCESS);
        start(1);
    });
    let error = machine.sleep(Duration::from_millis(5)).unwrap_err();
    assert_eq!(error.verdict().unwrap().id(), "timer-stop-from-callback");
}

/// `TWD2`: enqueueing what is queued does nothing. (On Windows a worker may have begun with it on another processor.)
#[test]
fn enqueueing_what_is_queued() {
    let (machine, device) = bench(Machine::builder(), writes);
    lab::on("work", |_| lab::log("work"));
    let file = machine.open(NAME).unwrap();
    lab::call(&file, || create_item(false));
    lab::call(&file.at_dispatch(), || {
        enqueue();
        enqueue();
    });
    machine.run().unwrap();
    assert_eq!(lab::take_log(), ["work"]);
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

/// `TWD4`: a wait lock keeps a critical region until it is released, and is not recursive.
#[test]
fn mistakes_with_wait_locks() {
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
    type Case = (fn(), &'static str);
    let cases: [Case; 3] = [
        (|| assert_eq!(acquire(None), STATUS_SUCCESS), "critical-region-not-restored"),
        (
            || {
                acquire(None);
                acquire(None);
            },
            "self-deadlock",
        ),
        (release, "lock-not-owner"),
    ];
    for (body, expected) in cases {
        let (machine, _device) = bench(Machine::builder().verifier(Verify::Standard), writes);
        lab::on("write", move |e| {
            let mut lock = std::ptr::null_mut();
            // SAFETY: a place for the handle.
            assert_eq!(unsafe { WdfWaitLockCreate(WDF_NO_OBJECT_ATTRIBUTES, &mut lock) }, STATUS_SUCCESS);
            lab::keep("lock", lock);
            body();
            lab::complete(e.request, STATUS_SUCCESS, 1);
        });
        let file = machine.open(NAME).unwrap();
        let error = file.write(b"x").unwrap_err();
        assert_eq!(error.verdict().map(wdk_emulator::Verdict::id), Some(expected));
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

fn enqueue_dpc() -> bool {
    // SAFETY: the model checks the handle.
    unsafe { WdfDpcEnqueue(lab::kept("dpc")) != 0 }
}

/// `TWD5`: nothing guards a DPC that is enqueued after its cleanup has waited.
#[test]
fn a_dpc_that_is_enqueued_while_it_goes() {
    let (machine, device) = bench(Machine::builder(), writes);
    lab::on("cleanup", |e| {
        if e.object == lab::kept("dpc") {
            assert!(enqueue_dpc());
        }
    });
    let file = machine.open(NAME).unwrap();
    lab::call(&file, create_dpc);
    file.close().unwrap();
    let error = device.remove().unwrap_err();
    assert_eq!(error.verdict().unwrap().id(), "use-after-deletion");
}
