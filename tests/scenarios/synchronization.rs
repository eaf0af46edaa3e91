//! Scopes, levels, and what runs at which IRQL beside what. A test names the facts it shows
//! (`docs/design/kmdf.md`).

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wdk_emulator::{Level as Verify, Machine};
use wdk_sys::*;
use wdk_tests::raw::attributes;
use wdk_tests::raw::lab::{self, Dispatch, Level, NAME, Scope, bench, bench_with, main_queue};

const NONE: WDF_SYNCHRONIZATION_SCOPE = Scope::WdfSynchronizationScopeNone;
const QUEUE: WDF_SYNCHRONIZATION_SCOPE = Scope::WdfSynchronizationScopeQueue;
const DEVICE: WDF_SYNCHRONIZATION_SCOPE = Scope::WdfSynchronizationScopeDevice;
const PASSIVE: WDF_EXECUTION_LEVEL = Level::WdfExecutionLevelPassive;
const DISPATCH: WDF_EXECUTION_LEVEL = Level::WdfExecutionLevelDispatch;
const INHERIT: WDF_EXECUTION_LEVEL = Level::WdfExecutionLevelInheritFromParent;

fn parallel(handlers: &'static [&'static str]) -> impl Fn() -> WDF_IO_QUEUE_CONFIG {
    move || lab::default_config(Dispatch::WdfIoQueueDispatchParallel, handlers)
}

/// The IRQL of the handler of a write.
fn handler_irql(level: WDF_EXECUTION_LEVEL, scope: WDF_SYNCHRONIZATION_SCOPE, at_dispatch: bool) -> String {
    let (machine, device) =
        bench_with(Machine::builder(), parallel(&["write"]), move || lab::constrained(level, scope));
    lab::on("write", |e| {
        lab::log(lab::irql().to_string());
        lab::complete(e.request, STATUS_SUCCESS, 1);
    });
    let file = machine.open(NAME).unwrap();
    let file = if at_dispatch { file.at_dispatch() } else { file };
    assert_eq!(file.write(b"x").unwrap(), 1);
    let irql = lab::take_log().concat();
    lab::end(machine, device, file);
    irql
}

/// `SYN1`, `SYN2`, `DSP4`: the IRQL of a handler, by level, scope and the arrival's IRQL.
#[test]
fn the_irql_of_handlers() {
    for scope in [NONE, QUEUE, DEVICE] {
        for (level, at_dispatch, unlocked) in [
            (DISPATCH, false, "0"),
            (DISPATCH, true, "2"),
            // Nothing set anywhere: the driver's default, which is dispatch.
            (INHERIT, false, "0"),
            (INHERIT, true, "2"),
        ] {
            let expected = if scope == NONE { unlocked } else { "2" };
            assert_eq!(handler_irql(level, scope, at_dispatch), expected, "{level} {scope} {at_dispatch}");
        }
    }
    for scope in [NONE, QUEUE] {
        for at_dispatch in [false, true] {
            assert_eq!(handler_irql(PASSIVE, scope, at_dispatch), "0", "{scope} {at_dispatch}");
        }
    }
}

/// `SYN3`, `VER4`: with a scope the handler holds the lock, so that taking it again is fatal; without one a queue
/// has none.
#[test]
fn the_lock_is_held() {
    for level in [PASSIVE, DISPATCH] {
        for (scope, expected) in [(QUEUE, "recursive-lock"), (NONE, "no-lock")] {
            let (machine, _device) =
                bench_with(Machine::builder().verifier(Verify::Off), parallel(&["write"]), move || {
                    lab::constrained(level, scope)
                });
            lab::on("write", |e| {
                // SAFETY: a queue; the model checks the rest.
                unsafe { WdfObjectAcquireLock(e.queue.cast()) };
            });
            let error = machine.open(NAME).unwrap().write(b"x").unwrap_err();
            assert_eq!(error.verdict().unwrap().id(), expected);
        }
    }
}

/// `SYN1`, `SYN3`: queues inherit the device's scope and level, and share its lock; a queue of another level cannot.
#[test]
fn device_scope() {
    let (machine, device) = lab::build(Machine::builder(), |init| {
        let device = lab::device_with(init, &mut lab::constrained(PASSIVE, DEVICE))?;
        lab::queue(device, parallel(&["write"])())?;
        let reads = lab::queue(device, lab::config(Dispatch::WdfIoQueueDispatchParallel, &["read"]))?;
        let refused = lab::queue_with(
            device,
            &mut lab::config(Dispatch::WdfIoQueueDispatchManual, &[]),
            &mut lab::constrained(DISPATCH, DEVICE),
        );
        assert_eq!(refused, Err(STATUS_INVALID_PARAMETER));
        assert_eq!(lab::route(device, reads, _WDF_REQUEST_TYPE::WdfRequestTypeRead), STATUS_SUCCESS);
        Ok(())
    });
    for name in ["read", "write"] {
        lab::on(name, move |e| {
            lab::log(format!("{name} at {}", lab::irql()));
            wait();
            lab::log("over");
            lab::complete(e.request, STATUS_SUCCESS, 1);
        });
    }
    let file = machine.open(NAME).unwrap();
    let (reader, writer) = (file.clone(), file.clone());
    machine.spawn("reader", move || reader.read(1).map(drop).unwrap());
    machine.spawn("writer", move || writer.write(b"x").map(drop).unwrap());
    machine.run().unwrap();
    let log = lab::take_log();
    assert_eq!(log.len(), 4);
    assert!(log[1] == "over" && log[3] == "over" && log[0].ends_with("at 0"), "{log:?}");
    lab::end(machine, device, file);
}

/// Something that lets another processor go on.
fn wait() {
    for _ in 0..4 {
        let mut lock = std::ptr::null_mut();
        // SAFETY: a place for the handle; any call is a point where processors interleave.
        assert_eq!(unsafe { WdfSpinLockCreate(WDF_NO_OBJECT_ATTRIBUTES, &mut lock) }, STATUS_SUCCESS);
        lab::delete(lock);
    }
}

/// How many handlers were inside at once, at most, over some seeds.
fn most_inside(level: WDF_EXECUTION_LEVEL, scope: WDF_SYNCHRONIZATION_SCOPE) -> u32 {
    let most = Rc::new(Cell::new(0));
    for seed in 0..20 {
        let (machine, device) =
            bench_with(Machine::builder().seed(seed).quantum(1), parallel(&["write"]), move || {
                lab::constrained(level, scope)
            });
        let (inside, found) = (Cell::new(0), most.clone());
        lab::on("write", move |e| {
            inside.set(inside.get() + 1);
            found.set(found.get().max(inside.get()));
            wait();
            inside.set(inside.get() - 1);
            lab::complete(e.request, STATUS_SUCCESS, 1);
        });
        let file = machine.open(NAME).unwrap();
        let threads: Vec<_> = (0..3)
            .map(|index| {
                let file = if index == 0 { file.at_dispatch() } else { file.clone() };
                machine.spawn("writer", move || (0..3).all(|_| file.write(b"x").is_ok()))
            })
            .collect();
        machine.run().unwrap();
        assert!(threads.into_iter().all(|thread| thread.join().unwrap()));
        lab::end(machine, device, file);
    }
    most.get()
}

/// `SYN2`, `SYN4`: handlers of a parallel queue overlap on two processors without a scope, and never with one.
#[test]
fn handlers_overlap_only_without_a_scope() {
    for level in [PASSIVE, DISPATCH] {
        assert!(most_inside(level, NONE) >= 2, "no seed overlaps at level {level}");
        assert_eq!(most_inside(level, QUEUE), 1);
    }
    assert_eq!(most_inside(INHERIT, DEVICE), 1);
}

/// `SYN4`: EvtIoStop, EvtIoResume and EvtIoCanceledOnQueue are serialized, too.
#[test]
fn other_callbacks_hold_the_lock() {
    for (scope, expected) in [(NONE, "0"), (QUEUE, "2")] {
        let (machine, device) = bench_with(
            Machine::builder(),
            || lab::default_config(Dispatch::WdfIoQueueDispatchManual, &["stop", "resume", "canceled"]),
            move || lab::constrained(INHERIT, scope),
        );
        lab::on("stop", |e| {
            lab::log(lab::irql().to_string());
            lab::acknowledge(e.request, false);
        });
        lab::on("resume", |_| lab::log(lab::irql().to_string()));
        lab::on("canceled", |e| {
            lab::log(lab::irql().to_string());
            lab::complete(e.request, STATUS_CANCELLED, 0);
        });
        let file = machine.open(NAME).unwrap();
        let write = file.start_write(b"x").unwrap();
        lab::call(&file, || lab::park(lab::retrieve(main_queue()).unwrap()));
        device.suspend().unwrap();
        device.resume().unwrap();
        lab::call(&file, || assert_eq!(lab::requeue(lab::unpark().unwrap()), STATUS_SUCCESS));
        write.cancel().unwrap();
        assert_eq!(write.wait().unwrap().status, STATUS_CANCELLED);
        assert_eq!(lab::take_log(), [expected; 3]);
        lab::end(machine, device, file);
    }
}

/// `SYN5`: automatic serialization of timers and work items needs a parent of their level, unless it has no scope.
#[test]
fn automatic_serialization() {
    let results = Rc::new(RefCell::new(Vec::new()));
    for (level, scope) in [(DISPATCH, NONE), (DISPATCH, QUEUE), (PASSIVE, NONE), (PASSIVE, QUEUE)] {
        let found = results.clone();
        let (machine, device) = lab::build(Machine::builder(), move |init| {
            let device = lab::device(init)?;
            let queue =
                lab::queue_with(device, &mut parallel(&["write"])(), &mut lab::constrained(level, scope))?;
            let mut parent = WDF_OBJECT_ATTRIBUTES { ParentObject: queue.cast(), ..attributes() };
            let (mut timer, mut item) = (std::ptr::null_mut(), std::ptr::null_mut());
            let mut config = WDF_TIMER_CONFIG::default();
            WDF_TIMER_CONFIG_INIT(&mut config, Some(lab::timer));
            assert_eq!(config.AutomaticSerialization, 1);
            // SAFETY: a configuration, attributes and a place for the handle.
            let dispatch_timer = unsafe { WdfTimerCreate(&mut config, &mut parent, &mut timer) };
            parent.ExecutionLevel = PASSIVE;
            // SAFETY: as above.
            let passive_timer = unsafe { WdfTimerCreate(&mut config, &mut parent, &mut timer) };
            parent.ExecutionLevel = INHERIT;
            let mut config = WDF_WORKITEM_CONFIG::default();
            WDF_WORKITEM_CONFIG_INIT(&mut config, Some(lab::work));
            // SAFETY: as above.
            let work_item = unsafe { WdfWorkItemCreate(&mut config, &mut parent, &mut item) };
            found.borrow_mut().push([dispatch_timer, passive_timer, work_item]);
            Ok(())
        });
        device.remove().unwrap();
        machine.finish().unwrap();
    }
    const OK: NTSTATUS = STATUS_SUCCESS;
    const NO: NTSTATUS = STATUS_WDF_INCOMPATIBLE_EXECUTION_LEVEL;
    assert_eq!(*results.borrow(), [[OK, OK, OK], [OK, NO, NO], [OK, OK, OK], [NO, OK, OK]]);
}

/// `DSP2`: completing from another context presents the next request inside the completion, at the completer's
/// IRQL; completing inside a handler does not.
#[test]
fn completion_from_elsewhere_dispatches_inside() {
    let (machine, device) =
        bench(Machine::builder(), || lab::default_config(Dispatch::WdfIoQueueDispatchSequential, &["write"]));
    lab::on("write", |e| {
        let text = lab::text(e.request);
        lab::log(format!("{text} begins at {}", lab::irql()));
        if text == "held" {
            lab::park(e.request);
        } else {
            lab::complete(e.request, STATUS_SUCCESS, 0);
        }
        lab::log(format!("{text} ends"));
    });
    let file = machine.open(NAME).unwrap();
    let writes = [b"held", b"one1", b"two2"].map(|text| file.start_write(text).unwrap());
    lab::call(&file.at_dispatch(), || {
        lab::complete(lab::unpark().unwrap(), STATUS_SUCCESS, 0);
        lab::log("completed");
    });
    let expected = [
        "held begins at 0",
        "held ends",
        "one1 begins at 2",
        "one1 ends",
        "two2 begins at 2",
        "two2 ends",
        "completed",
    ];
    assert_eq!(lab::take_log(), expected);
    drop(writes);
    lab::end(machine, device, file);
}

/// `DSP3`: forwarding presents inside the call, unless the thread holds the other queue's lock.
#[test]
fn forwarding_dispatches_inside() {
    for locked in [false, true] {
        let (machine, device) = lab::build(Machine::builder(), move |init| {
            let scope = if locked {
                Scope::WdfSynchronizationScopeDevice
            } else {
                Scope::WdfSynchronizationScopeNone
            };
            let constraints = || lab::constrained(Level::WdfExecutionLevelInheritFromParent, scope);
            let device = lab::device(init)?;
            let mut config = lab::default_config(Dispatch::WdfIoQueueDispatchParallel, &["write"]);
            lab::queue_with(device, &mut config, &mut constraints())?;
            config = lab::config(Dispatch::WdfIoQueueDispatchParallel, &["default"]);
            lab::keep("second", lab::queue_with(device, &mut config, &mut constraints())?);
            Ok(())
        });
        lab::on("write", |e| {
            assert_eq!(lab::forward(e.request, lab::kept("second")), STATUS_SUCCESS);
            lab::log("forwarded");
        });
        lab::on("default", |e| {
            lab::log("presented");
            lab::complete(e.request, STATUS_SUCCESS, 1);
        });
        let file = machine.open(NAME).unwrap();
        assert_eq!(file.write(b"x").unwrap(), 1);
        machine.run().unwrap();
        let expected = if locked { ["forwarded", "presented"] } else { ["presented", "forwarded"] };
        assert_eq!(lab::take_log(), expected);
        file.close().unwrap();
        device.remove().unwrap();
        machine.finish().unwrap();
    }
}

/// `DSP4`: a passive queue gets what arrives above PASSIVE_LEVEL in a worker thread.
#[test]
fn a_passive_queue_defers_to_a_worker() {
    let (machine, device) = bench_with(
        Machine::builder(),
        || lab::default_config(Dispatch::WdfIoQueueDispatchParallel, &["write"]),
        || lab::constrained(Level::WdfExecutionLevelPassive, Scope::WdfSynchronizationScopeNone),
    );
    lab::on("write", |e| {
        lab::log(lab::irql().to_string());
        lab::complete(e.request, STATUS_SUCCESS, 0);
    });
    let file = machine.open(NAME).unwrap();
    let write = file.at_dispatch().start_write(b"x").unwrap();
    assert_eq!(write.wait().unwrap().status, STATUS_SUCCESS);
    assert_eq!(lab::take_log(), ["0"]);
    lab::end(machine, device, file);
}
