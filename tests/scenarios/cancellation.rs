//! Cancellation, in a queue and in the driver's hands. A test names the facts it shows (`docs/design/kmdf.md`).

use std::cell::RefCell;
use std::rc::Rc;
use wdk_emulator::{Level as Verify, Machine, Overlapped};
use wdk_sys::*;
use wdk_tests::raw::lab::{self, Dispatch, Level, NAME, Scope, bench, bench_with};

fn writes(dispatch: WDF_IO_QUEUE_DISPATCH_TYPE) -> impl Fn() -> WDF_IO_QUEUE_CONFIG {
    move || lab::default_config(dispatch, &["write", "canceled"])
}

fn completes_cancelled(name: &'static str) {
    lab::on(name, move |e| {
        lab::log(format!("{name} at {}", lab::irql()));
        lab::forget(e.request);
        lab::complete(e.request, STATUS_CANCELLED, 0);
    });
}

/// `CAN1`: what was never presented is cancelled silently; what was presented before comes back to the driver, which
/// completes it, beyond the limit of the queue (`QCR4`).
#[test]
fn in_a_queue() {
    let (machine, device) = lab::build(Machine::builder(), |init| {
        let device = lab::device(init)?;
        lab::side_door(device)?;
        lab::queue(device, writes(Dispatch::WdfIoQueueDispatchSequential)())?;
        lab::keep(
            "told",
            lab::queue(device, lab::config(Dispatch::WdfIoQueueDispatchManual, &["canceled"]))?,
        );
        lab::keep("untold", lab::queue(device, lab::config(Dispatch::WdfIoQueueDispatchManual, &[]))?);
        Ok(())
    });
    lab::on("write", |e| match lab::text(e.request).as_str() {
        "hold" => lab::park(e.request),
        text => assert_eq!(lab::forward(e.request, lab::kept(text)), STATUS_SUCCESS),
    });
    lab::on("canceled", |e| {
        // SAFETY: the driver owns the request again.
        assert_eq!(unsafe { WdfRequestIsCanceled(e.request) }, 1);
        lab::log(format!("canceled in told: {}", e.queue == lab::kept::<WDFQUEUE__>("told")));
        lab::complete(e.request, STATUS_CANCELLED, 0);
    });
    let file = machine.open(NAME).unwrap();
    let told = file.start_write(b"told").unwrap();
    let untold = file.start_write(b"untold").unwrap();
    let held = file.start_write(b"hold").unwrap();
    let fresh = file.start_write(b"told").unwrap();
    for write in [&fresh, &untold, &told] {
        assert!(!write.is_done());
        write.cancel().unwrap();
    }
    for write in [fresh, untold, told] {
        assert_eq!(write.wait().unwrap().status, STATUS_CANCELLED);
    }
    assert_eq!(lab::take_log(), ["canceled in told: true"]);
    lab::call(&file, || lab::complete_parked(STATUS_SUCCESS));
    assert!(held.is_done());
    lab::end(machine, device, file);
}

/// `CAN2`: marking what is cancelled already calls back before the function returns when the queue is not
/// dispatching, and when the handler has returned otherwise; the Ex form never calls back.
#[test]
fn marking_what_is_cancelled() {
    for inside in [true, false] {
        for ex in [false, true] {
            let (machine, device) = bench(Machine::builder(), writes(Dispatch::WdfIoQueueDispatchParallel));
            let pending = Rc::new(RefCell::new(None::<Overlapped>));
            completes_cancelled("cancel");
            let mark = move |request: WDFREQUEST| {
                if ex {
                    assert_eq!(lab::mark_ex(request), STATUS_CANCELLED);
                    lab::complete(request, STATUS_CANCELLED, 0);
                } else {
                    lab::mark(request);
                }
                lab::log("marked");
            };
            let victim = pending.clone();
            lab::on("write", move |e| match lab::text(e.request).as_str() {
                "hold" => lab::park(e.request),
                _ => {
                    let held = lab::unpark().unwrap();
                    victim.borrow().as_ref().unwrap().cancel().unwrap();
                    mark(held);
                    lab::complete(e.request, STATUS_SUCCESS, 0);
                    lab::log("returns");
                }
            });
            let file = machine.open(NAME).unwrap();
            *pending.borrow_mut() = Some(file.start_write(b"hold").unwrap());
            let cancelled = "cancel at 0";
            if inside {
                file.start_write(b"mark").unwrap().wait().unwrap();
                let log = lab::take_log();
                assert_eq!(
                    log,
                    if ex { vec!["marked", "returns"] } else { vec!["marked", "returns", cancelled] }
                );
            } else {
                pending.borrow().as_ref().unwrap().cancel().unwrap();
                lab::call(&file, move || mark(lab::unpark().unwrap()));
                assert_eq!(lab::take_log(), if ex { vec!["marked"] } else { vec![cancelled, "marked"] });
            }
            assert_eq!(pending.take().unwrap().wait().unwrap().status, STATUS_CANCELLED);
            lab::end(machine, device, file);
        }
    }
}

/// `CAN2`: marking twice is a mistake.
#[test]
fn marking_twice() {
    let (machine, _device) = bench(Machine::builder(), writes(Dispatch::WdfIoQueueDispatchParallel));
    lab::on("write", |e| {
        lab::mark(e.request);
        lab::mark(e.request);
    });
    let error = machine.open(NAME).unwrap().write(b"x").unwrap_err();
    assert_eq!(error.verdict().unwrap().id(), "request-state");
}

/// `CAN3`: whoever wins the unmarking completes the request.
#[test]
fn unmarking() {
    let (machine, device) =
        bench(Machine::builder().verifier(Verify::Off), writes(Dispatch::WdfIoQueueDispatchParallel));
    lab::on("write", |e| {
        assert_eq!(lab::unmark(e.request), STATUS_INVALID_DEVICE_REQUEST, "never marked");
        assert_eq!(lab::mark_ex(e.request), STATUS_SUCCESS);
        lab::park(e.request);
    });
    // The callback leaves the request to whoever fails to unmark it.
    lab::on("cancel", |_| lab::log("cancel"));
    let file = machine.open(NAME).unwrap();
    let [won, lost] = [file.start_write(b"1").unwrap(), file.start_write(b"2").unwrap()];
    lost.cancel().unwrap();
    lab::call(&file, || {
        let [first, second] = [lab::unpark().unwrap(), lab::unpark().unwrap()];
        assert_eq!(lab::unmark(first), STATUS_SUCCESS);
        lab::complete(first, STATUS_SUCCESS, 0);
        assert_eq!(lab::unmark(second), STATUS_CANCELLED);
        // `CAN4`: it stays owned until it is completed, which is legal later.
        lab::complete(second, STATUS_CANCELLED, 0);
    });
    assert_eq!(lab::take_log(), ["cancel"]);
    assert_eq!([won.wait().unwrap().status, lost.wait().unwrap().status], [STATUS_SUCCESS, STATUS_CANCELLED]);
    lab::end(machine, device, file);
}

/// `CAN4`, `SYN4`: the cancel callback runs under the queue's lock.
#[test]
fn the_callback_holds_the_lock() {
    for (scope, irql) in [(Scope::WdfSynchronizationScopeNone, 0), (Scope::WdfSynchronizationScopeQueue, 2)] {
        let (machine, device) =
            bench_with(Machine::builder(), writes(Dispatch::WdfIoQueueDispatchParallel), move || {
                lab::constrained(Level::WdfExecutionLevelInheritFromParent, scope)
            });
        lab::on("write", |e| lab::mark(e.request));
        completes_cancelled("cancel");
        let file = machine.open(NAME).unwrap();
        let write = file.start_write(b"x").unwrap();
        write.cancel().unwrap();
        assert_eq!(write.wait().unwrap().status, STATUS_CANCELLED);
        assert_eq!(lab::take_log(), [format!("cancel at {irql}")]);
        lab::end(machine, device, file);
    }
}

/// `CAN4`: no cancel callback while the queue runs EvtIoStop; it follows.
#[test]
fn no_cancel_during_stop() {
    let (machine, device) = bench(Machine::builder(), || {
        lab::default_config(Dispatch::WdfIoQueueDispatchParallel, &["write", "stop"])
    });
    let pending = Rc::new(RefCell::new(None::<Overlapped>));
    let victim = pending.clone();
    lab::on("write", |e| lab::mark(e.request));
    lab::on("stop", move |_| {
        victim.borrow().as_ref().unwrap().cancel().unwrap();
        lab::log("stop returns");
    });
    completes_cancelled("cancel");
    let file = machine.open(NAME).unwrap();
    *pending.borrow_mut() = Some(file.start_write(b"x").unwrap());
    device.suspend().unwrap();
    assert_eq!(lab::take_log(), ["stop returns", "cancel at 0"]);
    assert_eq!(pending.take().unwrap().wait().unwrap().status, STATUS_CANCELLED);
    device.resume().unwrap();
    lab::end(machine, device, file);
}

/// `CAN5`: asking is for owned requests that are not cancelable.
#[test]
fn asking() {
    for cancelable in [false, true] {
        let (machine, device) = bench(Machine::builder(), writes(Dispatch::WdfIoQueueDispatchParallel));
        lab::on("write", |e| lab::park(e.request));
        let file = machine.open(NAME).unwrap();
        let write = file.start_write(b"x").unwrap();
        lab::on("control", move |e| {
            let request = lab::unpark().unwrap();
            if cancelable {
                lab::mark(request);
            }
            // SAFETY: the driver owns the request.
            lab::log(unsafe { WdfRequestIsCanceled(request) }.to_string());
            lab::park(request);
            lab::complete(e.request, STATUS_SUCCESS, 0);
        });
        let first = file.ioctl(4, b"", 0);
        if cancelable {
            assert_eq!(first.unwrap_err().verdict().unwrap().id(), "request-state");
            continue;
        }
        write.cancel().unwrap();
        assert!(!write.is_done(), "cancelling does nothing to what the driver owns and has not marked");
        file.ioctl(4, b"", 0).unwrap();
        assert_eq!(lab::take_log(), ["0", "1"]);
        lab::call(&file, || lab::complete_parked(STATUS_CANCELLED));
        assert!(write.is_done());
        lab::end(machine, device, file);
    }
}

/// `CAN6`: closing a handle cancels what waits in queues and came through it, and nothing that the driver owns.
#[test]
fn closing_a_handle() {
    let (machine, device) = bench(Machine::builder(), writes(Dispatch::WdfIoQueueDispatchSequential));
    lab::on("write", |e| {
        lab::mark(e.request);
        lab::park(e.request);
    });
    completes_cancelled("cancel");
    let [file, other] = [machine.open(NAME).unwrap(), machine.open(NAME).unwrap()];
    let owned = file.start_write(b"x").unwrap();
    let queued = file.start_write(b"y").unwrap();
    let theirs = other.start_write(b"z").unwrap();
    file.close().unwrap();
    assert_eq!(queued.wait().unwrap().status, STATUS_CANCELLED);
    assert!(!owned.is_done() && !theirs.is_done());
    assert!(lab::take_log().is_empty());
    lab::call(&other, || {
        let request = lab::unpark().unwrap();
        assert_eq!(lab::unmark(request), STATUS_SUCCESS);
        lab::complete(request, STATUS_SUCCESS, 0);
    });
    assert_eq!(owned.wait().unwrap().status, STATUS_SUCCESS);
    other.cancel_all().unwrap();
    assert_eq!(theirs.wait().unwrap().status, STATUS_CANCELLED);
    assert_eq!(lab::take_log(), ["cancel at 0"]);
    lab::end(machine, device, other);
}

fn new_lock() -> WDFSPINLOCK {
    let mut lock = std::ptr::null_mut();
    // SAFETY: a place for the handle.
    assert_eq!(unsafe { WdfSpinLockCreate(WDF_NO_OBJECT_ATTRIBUTES, &mut lock) }, STATUS_SUCCESS);
    lock
}

fn locked<R>(body: impl FnOnce() -> R) -> R {
    let lock = lab::kept("lock");
    // SAFETY: the lock exists.
    unsafe { WdfSpinLockAcquire(lock) };
    let result = body();
    // SAFETY: acquired above.
    unsafe { WdfSpinLockRelease(lock) };
    result
}

/// `CAN2`, `CAN3`: cancelled from another thread at any moment, a request is completed once.
#[test]
fn racing_with_completion() {
    let mut outcomes = [0; 2];
    for seed in 0..100 {
        let (machine, device) =
            bench(Machine::builder().seed(seed).quantum(1), writes(Dispatch::WdfIoQueueDispatchParallel));
        lab::on("write", |e| {
            if lab::kept::<WDFSPINLOCK__>("lock").is_null() {
                lab::keep("lock", new_lock());
            }
            locked(|| {
                assert_eq!(lab::mark_ex(e.request), STATUS_SUCCESS);
                lab::park(e.request);
            });
        });
        lab::on("cancel", |e| {
            locked(|| lab::forget(e.request));
            lab::complete(e.request, STATUS_CANCELLED, 0);
        });
        lab::on("control", |e| {
            // Under the lock the cancel callback, if it runs, has not completed the request yet.
            let won = locked(|| lab::unpark().filter(|&request| NT_SUCCESS(lab::unmark(request))));
            if let Some(request) = won {
                lab::complete(request, STATUS_SUCCESS, 0);
            }
            lab::complete(e.request, STATUS_SUCCESS, 0);
        });
        let file = machine.open(NAME).unwrap();
        let write = Rc::new(file.start_write(b"x").unwrap());
        let (victim, completer) = (write.clone(), file.clone());
        machine.spawn("cancels", move || victim.cancel().unwrap());
        machine.spawn("completes", move || completer.ioctl(4, b"", 0).map(drop).unwrap());
        machine.run().unwrap();
        let status = Rc::into_inner(write).unwrap().wait().unwrap().status;
        outcomes[usize::from(status == STATUS_CANCELLED)] += 1;
        lab::end(machine, device, file);
    }
    assert!(outcomes.iter().all(|&count| count > 5), "{outcomes:?}");
}
