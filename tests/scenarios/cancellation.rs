//! Cancellation: mistakes, and races that only a machine with seeds can play through. The rest are experiments
//! (`tests/drivers/conformance`). A test names the facts it shows (`docs/design/kmdf.md`).

use std::cell::RefCell;
use std::rc::Rc;
use wdk_emulator::{Machine, Overlapped};
use wdk_sys::*;
use wdk_tests::raw::lab::{self, Dispatch, NAME, bench};

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

/// `CAN5`: asking is for requests that are not cancelable.
#[test]
fn asking_about_a_cancelable_request() {
    let (machine, _device) = bench(Machine::builder(), writes(Dispatch::WdfIoQueueDispatchParallel));
    lab::on("write", |e| {
        lab::mark(e.request);
        // SAFETY: the driver owns the request.
        unsafe { WdfRequestIsCanceled(e.request) };
    });
    let error = machine.open(NAME).unwrap().write(b"x").unwrap_err();
    assert_eq!(error.verdict().unwrap().id(), "request-state");
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
