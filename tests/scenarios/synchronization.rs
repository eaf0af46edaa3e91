//! Scopes, levels, and what runs at which IRQL beside what, as far as it takes a driver above or a seed. The rest are
//! experiments (`tests/drivers/conformance`). A test names the facts it shows (`docs/design/kmdf.md`).

use std::cell::Cell;
use std::rc::Rc;
use wdk_emulator::{Level as Verify, Machine};
use wdk_sys::*;
use wdk_tests::raw::lab::{self, Dispatch, Level, NAME, Scope, bench_with};

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
