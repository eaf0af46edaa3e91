//! Queues: creation, routing, the dispatch engine and the state functions. A test names the facts it shows
//! (`docs/design/kmdf.md`).

use std::cell::RefCell;
use std::rc::Rc;
use wdk_emulator::{Level as Verify, Machine};
use wdk_sys::*;
use wdk_tests::raw::lab::{self, Dispatch, Level, NAME, Scope, bench, bench_with, main_queue};
use wdk_tests::raw::{attributes, check};

const ACCEPT: i32 = 1;
const DISPATCH_ON: i32 = 2;
const EMPTY: i32 = 4;
const NONE_OWNED: i32 = 8;

/// `QCR1`: each mistake in a configuration has its status.
#[test]
fn creation_checks_the_configuration() {
    let found = Rc::new(RefCell::new(Vec::new()));
    let results = found.clone();
    let (machine, device) = lab::build(Machine::builder(), move |init| {
        let device = lab::device(init)?;
        let note = |config: WDF_IO_QUEUE_CONFIG| {
            results.borrow_mut().push(lab::queue(device, config).err().unwrap_or(STATUS_SUCCESS));
        };
        note(WDF_IO_QUEUE_CONFIG { Size: 8, ..lab::config(Dispatch::WdfIoQueueDispatchManual, &[]) });
        note(WDF_IO_QUEUE_CONFIG {
            DispatchType: 77,
            ..lab::config(Dispatch::WdfIoQueueDispatchManual, &[])
        });
        note(lab::config(Dispatch::WdfIoQueueDispatchManual, &["read"]));
        let mut presented = lab::config(Dispatch::WdfIoQueueDispatchSequential, &["read"]);
        presented.Settings.Parallel.NumberOfPresentedRequests = 1;
        note(presented);
        note(lab::config(Dispatch::WdfIoQueueDispatchParallel, &[]));
        note(lab::config(Dispatch::WdfIoQueueDispatchSequential, &["stop"]));
        note(lab::default_config(Dispatch::WdfIoQueueDispatchSequential, &["write"]));
        note(lab::default_config(Dispatch::WdfIoQueueDispatchSequential, &["write"]));
        let mut manual = lab::config(Dispatch::WdfIoQueueDispatchManual, &[]);
        // SAFETY: a device and a configuration; only a default queue needs no place for its handle.
        let status =
            unsafe { WdfIoQueueCreate(device, &mut manual, WDF_NO_OBJECT_ATTRIBUTES, std::ptr::null_mut()) };
        results.borrow_mut().push(status);
        // SAFETY: a device.
        let driver = unsafe { WdfDeviceGetDriver(device) };
        let mut elsewhere = WDF_OBJECT_ATTRIBUTES { ParentObject: driver.cast(), ..attributes() };
        results
            .borrow_mut()
            .push(lab::queue_with(device, &mut manual, &mut elsewhere).err().unwrap_or(STATUS_SUCCESS));
        Ok(())
    });
    assert_eq!(
        *found.borrow(),
        [
            STATUS_INFO_LENGTH_MISMATCH,
            STATUS_INVALID_PARAMETER,
            STATUS_INVALID_PARAMETER,
            STATUS_INVALID_PARAMETER,
            STATUS_WDF_NO_CALLBACK,
            STATUS_WDF_NO_CALLBACK,
            STATUS_SUCCESS,
            STATUS_UNSUCCESSFUL,
            STATUS_INVALID_PARAMETER_4,
            STATUS_INVALID_DEVICE_REQUEST,
        ]
    );
    device.remove().unwrap();
    machine.finish().unwrap();
}

/// `QCR1`: after the start a default queue is too late; other queues are not. `QCR7`: a routed queue is not deleted.
#[test]
fn creation_after_the_start() {
    let (machine, _device) = lab::build(Machine::builder().verifier(Verify::Off), |init| {
        let device = lab::device(init)?;
        let queue = lab::queue(device, lab::config(Dispatch::WdfIoQueueDispatchSequential, &["write"]))?;
        check(lab::route(device, queue, _WDF_REQUEST_TYPE::WdfRequestTypeWrite))
    });
    lab::on("write", |e| {
        let device = lab::kept("device");
        let late = lab::queue(device, lab::default_config(Dispatch::WdfIoQueueDispatchManual, &[]));
        lab::log(format!("{:?}", late == Err(STATUS_INVALID_DEVICE_STATE)));
        lab::log(format!(
            "{}",
            lab::queue(device, lab::config(Dispatch::WdfIoQueueDispatchManual, &[])).is_ok()
        ));
        lab::delete(e.queue);
        lab::complete(e.request, STATUS_SUCCESS, 1);
    });
    let file = machine.open(NAME).unwrap();
    assert_eq!(file.write(b"x").unwrap(), 1);
    assert_eq!(lab::take_log(), ["true", "true"]);
    assert_eq!(file.write(b"x").unwrap(), 1, "the queue was not deleted");
    file.close().unwrap();
    machine.finish().unwrap();
}

/// `QCR2`: a new queue accepts and dispatches; power-managed ones are held until D0, and only they. `MSC1`: bits.
#[test]
fn a_new_queue_is_open() {
    let states = Rc::new(RefCell::new(Vec::new()));
    let seen = states.clone();
    let (machine, _device) = lab::build(Machine::builder(), move |init| {
        let device = lab::device(init)?;
        for managed in [_WDF_TRI_STATE::WdfUseDefault, _WDF_TRI_STATE::WdfTrue, _WDF_TRI_STATE::WdfFalse] {
            let config = WDF_IO_QUEUE_CONFIG {
                PowerManaged: managed,
                ..lab::config(Dispatch::WdfIoQueueDispatchManual, &[])
            };
            let queue = lab::queue(device, config)?;
            seen.borrow_mut().push(lab::state(queue).0);
            lab::keep("last", queue);
        }
        lab::keep(
            "first",
            lab::queue(device, lab::default_config(Dispatch::WdfIoQueueDispatchParallel, &["write"]))?,
        );
        Ok(())
    });
    let open = ACCEPT | DISPATCH_ON | EMPTY | NONE_OWNED;
    assert_eq!(*states.borrow(), [open | 16, open | 16, open]);
    lab::on("write", |e| {
        lab::log(format!("{:?}", lab::state(lab::kept("first"))));
        lab::complete(e.request, STATUS_SUCCESS, 0);
    });
    machine.open(NAME).unwrap().write(b"x").unwrap();
    assert_eq!(lab::take_log(), [format!("({}, 0, 1)", ACCEPT | DISPATCH_ON | EMPTY)]);
    machine.finish().unwrap();
}

/// `QCR4`, `OWN1`: the gate of a sequential queue and the cap of a parallel one count what the driver owns:
/// returning from the handler opens neither, completion and forwarding do, and the handle stays the same.
#[test]
fn the_gates_count_what_the_driver_owns() {
    for (dispatch, cap) in
        [(Dispatch::WdfIoQueueDispatchSequential, 1), (Dispatch::WdfIoQueueDispatchParallel, 2)]
    {
        let (machine, device) = lab::build(Machine::builder(), move |init| {
            let device = lab::device(init)?;
            lab::side_door(device)?;
            let mut config = lab::default_config(dispatch, &["write"]);
            if cap > 1 {
                config.Settings.Parallel.NumberOfPresentedRequests = cap;
            }
            lab::queue(device, config)?;
            lab::keep("manual", lab::queue(device, lab::config(Dispatch::WdfIoQueueDispatchManual, &[]))?);
            Ok(())
        });
        lab::on("write", |e| {
            lab::log(lab::text(e.request));
            lab::park(e.request);
        });
        let file = machine.open(NAME).unwrap();
        let writes: Vec<_> =
            ["a", "b", "c", "d"].iter().map(|w| file.start_write(w.as_bytes()).unwrap()).collect();
        machine.run().unwrap();
        assert_eq!(lab::take_log(), &["a", "b"][..cap as usize]);
        lab::call(&file, || lab::complete(lab::unpark().unwrap(), STATUS_SUCCESS, 0));
        assert_eq!(lab::take_log(), [["b", "c"][cap as usize - 1]]);
        lab::call(&file, || {
            let first = lab::unpark().unwrap();
            assert_eq!(lab::forward(first, lab::kept("manual")), STATUS_SUCCESS);
            assert_eq!(lab::retrieve(lab::kept("manual")), Ok(first));
            lab::complete(first, STATUS_SUCCESS, 0);
        });
        assert_eq!(lab::take_log(), [["c", "d"][cap as usize - 1]]);
        for _ in 0..2 {
            lab::call(&file, || lab::complete_parked(STATUS_SUCCESS));
        }
        assert!(writes.iter().all(wdk_emulator::Overlapped::is_done));
        file.close().unwrap();
        device.remove().unwrap();
        machine.finish().unwrap();
    }
}

/// `QCR5`, `OWN6`: what a driver can retrieve from which queue, and when.
#[test]
fn retrieving() {
    let (machine, device) = lab::build(Machine::builder(), |init| {
        let device = lab::device(init)?;
        lab::queue(device, lab::default_config(Dispatch::WdfIoQueueDispatchParallel, &["control"]))?;
        let manual = lab::queue(device, lab::config(Dispatch::WdfIoQueueDispatchManual, &[]))?;
        let sequential = lab::queue(device, lab::config(Dispatch::WdfIoQueueDispatchSequential, &["read"]))?;
        lab::keep("manual", manual);
        lab::keep("sequential", sequential);
        lab::log(format!("{:?}", lab::retrieve(manual) == Err(STATUS_WDF_PAUSED)));
        check(lab::route(device, sequential, _WDF_REQUEST_TYPE::WdfRequestTypeRead))?;
        check(lab::route(device, manual, _WDF_REQUEST_TYPE::WdfRequestTypeWrite))
    });
    assert_eq!(lab::take_log(), ["true"], "power is off in EvtDriverDeviceAdd");
    lab::on("read", |e| {
        lab::log(format!("read {}", lab::state(e.queue).2));
        lab::park(e.request);
    });
    lab::on("control", |e| {
        lab::log(format!("{}", lab::retrieve(e.queue) == Err(STATUS_INVALID_DEVICE_STATE)));
        let manual = lab::kept("manual");
        // SAFETY: a queue.
        unsafe { WdfIoQueueStop(manual, None, std::ptr::null_mut()) };
        lab::log(format!("{}", lab::retrieve(manual) == Err(STATUS_WDF_PAUSED)));
        lab::start(manual);
        let first = lab::retrieve(manual).unwrap();
        lab::log(lab::text(first));
        lab::complete(first, STATUS_SUCCESS, 1);
        lab::log(format!("{}", lab::retrieve(manual) == Err(STATUS_NO_MORE_ENTRIES)));
        // The gate of a sequential queue is for its handler; a driver may retrieve besides.
        let second = lab::retrieve(lab::kept("sequential")).unwrap();
        lab::complete(second, STATUS_SUCCESS, 0);
        lab::complete(lab::unpark().unwrap(), STATUS_SUCCESS, 0);
        lab::complete(e.request, STATUS_SUCCESS, 0);
    });
    let file = machine.open(NAME).unwrap();
    let write = file.start_write(b"w").unwrap();
    let reads = [file.start_read(1).unwrap(), file.start_read(1).unwrap()];
    file.ioctl(4, b"", 0).unwrap();
    assert_eq!(lab::take_log(), ["read 1", "true", "true", "w", "true"]);
    assert_eq!(write.wait().unwrap().status, STATUS_SUCCESS);
    for read in reads {
        assert_eq!(read.wait().unwrap().status, STATUS_SUCCESS);
    }
    lab::end(machine, device, file);
}

/// `QCR6`: the queue of a type, then the default queue, then none; a handler of the type, then EvtIoDefault, then a
/// refusal. `QCR7`: what cannot be routed.
#[test]
fn routing() {
    let (machine, device) = lab::build(Machine::builder(), |init| {
        use _WDF_REQUEST_TYPE as T;
        let device = lab::device(init)?;
        let reads = lab::queue(device, lab::config(Dispatch::WdfIoQueueDispatchParallel, &["read"]))?;
        let default = lab::queue(
            device,
            lab::default_config(Dispatch::WdfIoQueueDispatchParallel, &["write", "default"]),
        )?;
        let note = |status| lab::log(format!("{status:#x}"));
        note(lab::route(device, default, T::WdfRequestTypeWrite));
        note(lab::route(device, reads, T::WdfRequestTypeWrite));
        note(lab::route(device, reads, T::WdfRequestTypeCreate));
        note(lab::route(device, reads, T::WdfRequestTypeRead));
        note(lab::route(device, reads, T::WdfRequestTypeRead));
        Ok(())
    });
    let invalid = format!("{STATUS_INVALID_DEVICE_REQUEST:#x}");
    assert_eq!(lab::take_log(), [&invalid, &invalid, &invalid, "0x0", &format!("{STATUS_WDF_BUSY:#x}")]);
    for name in ["read", "write", "default"] {
        lab::on(name, move |e| {
            lab::log(name);
            lab::complete(e.request, STATUS_SUCCESS, 0);
        });
    }
    let file = machine.open(NAME).unwrap();
    file.read(1).unwrap();
    file.write(b"x").unwrap();
    file.ioctl(4, b"", 0).unwrap();
    assert_eq!(lab::take_log(), ["read", "write", "default"]);
    lab::end(machine, device, file);

    // No handler for it, and no queue at all.
    for queue in [true, false] {
        let (machine, _device) = lab::build(Machine::builder(), move |init| {
            let device = lab::device(init)?;
            if queue {
                lab::queue(device, lab::default_config(Dispatch::WdfIoQueueDispatchSequential, &["write"]))?;
            }
            Ok(())
        });
        let file = machine.open(NAME).unwrap();
        assert_eq!(file.read(1).unwrap_err().status(), Some(STATUS_INVALID_DEVICE_REQUEST));
        file.close().unwrap();
        machine.finish().unwrap();
    }
}

/// `QCR8`: an empty read or write is completed at dispatch, unless the queue wants it.
#[test]
fn empty_transfers() {
    for allow in [false, true] {
        let (machine, device) = lab::build(Machine::builder(), move |init| {
            let device = lab::device(init)?;
            lab::side_door(device)?;
            let mut config = lab::default_config(Dispatch::WdfIoQueueDispatchSequential, &["read", "write"]);
            config.AllowZeroLengthRequests = allow as BOOLEAN;
            lab::queue(device, config)?;
            Ok(())
        });
        lab::on("read", |e| {
            lab::log("read");
            lab::complete(e.request, STATUS_SUCCESS, 0);
        });
        lab::on("write", |e| lab::park(e.request));
        let file = machine.open(NAME).unwrap();
        let empty = file.start_read(0).unwrap().wait().unwrap();
        assert_eq!((empty.status, empty.information), (STATUS_SUCCESS, 0));
        // Device controls without data are none of this queue's business.
        lab::call(&file, || lab::log("control"));
        assert_eq!(lab::take_log(), if allow { vec!["read", "control"] } else { vec!["control"] });
        // Not at arrival: behind a request that holds the gate it waits.
        let held = file.start_write(b"x").unwrap();
        let empty = file.start_read(0).unwrap();
        machine.run().unwrap();
        assert!(!empty.is_done());
        let door = file.clone();
        lab::call(&door, || lab::complete_parked(STATUS_SUCCESS));
        assert!(held.is_done());
        assert_eq!(empty.wait().unwrap().status, STATUS_SUCCESS);
        file.close().unwrap();
        device.remove().unwrap();
        machine.finish().unwrap();
    }
}

/// `QCR9`: a queue that does not accept completes arrivals with INVALID_DEVICE_STATE, and a forward to it fails
/// with BUSY and leaves the request with the driver.
#[test]
fn not_accepting() {
    let (machine, device) =
        bench(Machine::builder(), || lab::default_config(Dispatch::WdfIoQueueDispatchParallel, &["write"]));
    lab::on("write", |e| {
        let manual: WDFQUEUE = lab::kept("manual");
        // SAFETY: a queue; nobody is told.
        unsafe { WdfIoQueueDrain(manual, None, std::ptr::null_mut()) };
        assert_eq!(lab::forward(e.request, manual), STATUS_WDF_BUSY);
        lab::complete(e.request, STATUS_SUCCESS, 1);
    });
    let file = machine.open(NAME).unwrap();
    assert_eq!(file.write(b"x").unwrap(), 1);
    // SAFETY: a queue; nobody is told.
    lab::call(&file, || unsafe { WdfIoQueueDrain(main_queue(), None, std::ptr::null_mut()) });
    assert_eq!(file.write(b"x").unwrap_err().status(), Some(STATUS_INVALID_DEVICE_STATE));
    lab::call(&file, || lab::start(main_queue()));
    assert_eq!(file.write(b"x").unwrap(), 1);
    lab::end(machine, device, file);
}

/// `QCR10`, `SYN2`: whatever the arrival's IRQL, the request is pending until the driver completes it.
#[test]
fn arrival_returns_pending() {
    let (machine, device) =
        bench(Machine::builder(), || lab::default_config(Dispatch::WdfIoQueueDispatchParallel, &["write"]));
    lab::on("write", |e| {
        lab::log(lab::irql().to_string());
        lab::park(e.request);
    });
    let file = machine.open(NAME).unwrap();
    let writes = [file.start_write(b"x").unwrap(), file.at_dispatch().start_write(b"x").unwrap()];
    assert!(writes.iter().all(|write| !write.is_done()));
    assert_eq!(lab::take_log(), ["0", "2"]);
    lab::call(&file.at_dispatch(), || lab::complete_parked(STATUS_SUCCESS));
    assert!(writes.iter().all(wdk_emulator::Overlapped::is_done));
    lab::end(machine, device, file);
}

/// `DSP1`: a cancel callback comes before the next request.
#[test]
fn a_cancel_comes_before_the_next_request() {
    let (machine, device) = bench(Machine::builder(), || {
        let mut config = lab::default_config(Dispatch::WdfIoQueueDispatchParallel, &["write"]);
        config.Settings.Parallel.NumberOfPresentedRequests = 2;
        config
    });
    let cancel_me = Rc::new(RefCell::new(None::<wdk_emulator::Overlapped>));
    let victim = cancel_me.clone();
    lab::on("write", move |e| {
        let text = lab::text(e.request);
        match text.as_str() {
            "marked" => lab::mark(e.request),
            "cancels" => {
                lab::park(e.request);
                // Deferred, because the queue dispatches.
                victim.take().unwrap().cancel().unwrap();
                lab::complete(lab::unpark().unwrap(), STATUS_SUCCESS, 0);
            }
            _ => lab::complete(e.request, STATUS_SUCCESS, 0),
        }
        lab::log(format!("{text} over"));
    });
    lab::on("cancel", |e| {
        lab::log("cancel");
        lab::complete(e.request, STATUS_CANCELLED, 0);
    });
    let file = machine.open(NAME).unwrap();
    *cancel_me.borrow_mut() = Some(file.start_write(b"marked").unwrap());
    lab::call(&file, || {
        // SAFETY: a queue.
        unsafe { WdfIoQueueStop(main_queue(), None, std::ptr::null_mut()) };
    });
    let writes = [file.start_write(b"cancels").unwrap(), file.start_write(b"next").unwrap()];
    lab::call(&file, || lab::start(main_queue()));
    assert_eq!(lab::take_log(), ["marked over", "cancels over", "cancel", "next over"]);
    drop(writes);
    lab::end(machine, device, file);
}

type Change = unsafe fn(WDFQUEUE, PFN_WDF_IO_QUEUE_STATE, WDFCONTEXT);

/// The table of queue state functions, with `QST4`: which are told under the lock.
#[test]
fn state_functions() {
    // Function; accept, dispatch; what becomes of the queued one, of the marked one.
    let table: [(&str, Change, i32, bool, bool); 4] = [
        ("stop", WdfIoQueueStop, ACCEPT, false, false),
        ("stop and purge", WdfIoQueueStopAndPurge, ACCEPT, true, true),
        ("drain", WdfIoQueueDrain, DISPATCH_ON, false, false),
        ("purge", WdfIoQueuePurge, DISPATCH_ON, true, true),
    ];
    for (name, change, bits, queued_cancelled, marked_cancelled) in table {
        let (machine, device) = bench_with(
            Machine::builder(),
            || lab::default_config(Dispatch::WdfIoQueueDispatchSequential, &["write"]),
            || {
                lab::constrained(
                    Level::WdfExecutionLevelInheritFromParent,
                    Scope::WdfSynchronizationScopeQueue,
                )
            },
        );
        lab::on("write", |e| {
            lab::log(lab::text(e.request));
            if lab::text(e.request) == "mark" {
                lab::mark(e.request);
                lab::park(e.request);
            } else {
                lab::complete(e.request, STATUS_SUCCESS, 0);
            }
        });
        lab::on("cancel", |e| {
            assert!(lab::forget(e.request));
            lab::log("cancel");
            lab::complete(e.request, STATUS_CANCELLED, 0);
        });
        lab::on("state", |e| lab::log(format!("told {} at {}", e.value, lab::irql())));
        let file = machine.open(NAME).unwrap();
        let marked = file.start_write(b"mark").unwrap();
        let queued = file.start_write(b"queued").unwrap();
        lab::call(&file, move || {
            // SAFETY: a queue, a callback and its context.
            unsafe { change(main_queue(), Some(lab::state_changed), std::ptr::without_provenance_mut(7)) };
            assert_eq!(lab::state(main_queue()).0 & (ACCEPT | DISPATCH_ON), bits);
        });
        machine.run().unwrap();
        let told = if name.contains("stop") { "told 7 at 0" } else { "told 7 at 2" };
        if marked_cancelled {
            assert_eq!(lab::take_log(), ["mark", "cancel", told], "{name}");
        } else {
            assert_eq!(lab::take_log(), ["mark"], "{name}: not complete while the driver owns a request");
            lab::call(&file, || {
                let request = lab::unpark().unwrap();
                assert_eq!(lab::unmark(request), STATUS_SUCCESS);
                lab::complete(request, STATUS_SUCCESS, 0);
            });
            machine.run().unwrap();
            let expected = if name == "drain" { vec!["queued", told] } else { vec![told] };
            assert_eq!(lab::take_log(), expected, "{name}");
        }
        assert!(marked.is_done());
        assert_eq!(queued.is_done(), queued_cancelled || name == "drain", "{name}");
        lab::call(&file, || lab::start(main_queue()));
        assert_eq!(
            queued.wait().unwrap().status,
            if queued_cancelled { STATUS_CANCELLED } else { STATUS_SUCCESS }
        );
        assert_eq!(file.start_write(b"again").unwrap().wait().unwrap().status, STATUS_SUCCESS);
        file.close().unwrap();
        device.remove().unwrap();
        machine.finish().unwrap();
    }
}

/// `QST1`: what comes back to a queue that was stopped and purged is cancelled, and marking fails, until the driver
/// owns nothing more.
#[test]
fn stale_requests_are_cancelled() {
    let (machine, device) = lab::build(Machine::builder(), |init| {
        let device = lab::device(init)?;
        lab::side_door(device)?;
        lab::keep("main", lab::queue(device, lab::default_config(Dispatch::WdfIoQueueDispatchManual, &[]))?);
        Ok(())
    });
    let file = machine.open(NAME).unwrap();
    let writes = [file.start_write(b"a").unwrap(), file.start_write(b"b").unwrap()];
    lab::call(&file, || {
        let [first, second] = [lab::retrieve(main_queue()).unwrap(), lab::retrieve(main_queue()).unwrap()];
        // SAFETY: a queue; nobody is told.
        unsafe { WdfIoQueueStopAndPurge(main_queue(), None, std::ptr::null_mut()) };
        assert_eq!(lab::mark_ex(first), STATUS_CANCELLED);
        lab::complete(first, STATUS_SUCCESS, 0);
        assert_eq!(lab::requeue(second), STATUS_SUCCESS);
    });
    let [first, second] = writes.map(|write| write.wait().unwrap().status);
    assert_eq!((first, second), (STATUS_SUCCESS, STATUS_CANCELLED));
    // The driver owns nothing: what comes now is held, and may be requeued.
    let later = file.start_write(b"c").unwrap();
    lab::call(&file, || {
        assert_eq!(lab::state(main_queue()).1, 1);
        lab::start(main_queue());
        let request = lab::retrieve(main_queue()).unwrap();
        assert_eq!(lab::requeue(request), STATUS_SUCCESS);
        lab::complete(lab::retrieve(main_queue()).unwrap(), STATUS_SUCCESS, 0);
    });
    assert_eq!(later.wait().unwrap().status, STATUS_SUCCESS);
    lab::end(machine, device, file);
}

/// `QST2`: a second change of the same kind that tells somebody is fatal while the first is not complete; a change
/// of the other kind is not.
#[test]
fn an_occupied_slot_is_fatal() {
    for same in [false, true] {
        let (machine, _device) = bench(Machine::builder().verifier(Verify::Off), || {
            lab::default_config(Dispatch::WdfIoQueueDispatchSequential, &["write"])
        });
        lab::on("write", |e| lab::park(e.request));
        let file = machine.open(NAME).unwrap();
        let _held = file.start_write(b"x").unwrap();
        lab::on("control", move |e| {
            let second: Change = if same { WdfIoQueueStopAndPurge } else { WdfIoQueueDrain };
            for change in [WdfIoQueueStop as Change, second] {
                // SAFETY: a queue and a callback.
                unsafe { change(main_queue(), Some(lab::state_changed), std::ptr::null_mut()) };
            }
            lab::complete_parked(STATUS_SUCCESS);
            lab::complete(e.request, STATUS_SUCCESS, 0);
        });
        let result = file.ioctl(4, b"", 0);
        if same {
            assert_eq!(result.unwrap_err().verdict().unwrap().id(), "queue-state-change-pending");
        } else {
            result.unwrap();
            file.close().unwrap();
            machine.finish().unwrap();
        }
    }
}

/// `QST3`: a synchronous stop waits for what the driver owns; a drain of a stopped queue with requests never ends.
#[test]
fn synchronous_changes_wait() {
    for forever in [false, true] {
        let (machine, device) = bench(Machine::builder(), || {
            lab::default_config(Dispatch::WdfIoQueueDispatchSequential, &["write"])
        });
        lab::on("write", |e| lab::park(e.request));
        let file = machine.open(NAME).unwrap();
        let writes = [file.start_write(b"x").unwrap(), file.start_write(b"y").unwrap()];
        lab::on("control", move |e| {
            if e.value == 4 {
                // SAFETY: a queue, at PASSIVE_LEVEL.
                unsafe { WdfIoQueueStopSynchronously(main_queue()) };
                lab::log("stopped");
                if forever {
                    // SAFETY: as above.
                    unsafe { WdfIoQueueDrainSynchronously(main_queue()) };
                }
            } else {
                lab::complete_parked(STATUS_SUCCESS);
                lab::log("completed");
            }
            lab::complete(e.request, STATUS_SUCCESS, 0);
        });
        let (waits, completes) = (file.clone(), file.clone());
        let thread = machine.spawn("waits", move || waits.ioctl(4, b"", 0).map(drop));
        machine.run().unwrap();
        assert!(!thread.is_done());
        completes.ioctl(8, b"", 0).unwrap();
        let joined = thread.join();
        assert_eq!(lab::take_log(), ["completed", "stopped"]);
        if forever {
            assert!(matches!(joined, Err(wdk_emulator::Error::Stuck(_))));
            continue;
        }
        joined.unwrap().unwrap();
        drop((writes, completes));
        file.close().unwrap();
        device.remove().unwrap();
        machine.finish().unwrap();
    }
}

/// `QST5`: a manual queue tells when it becomes non-empty, not for each request, and again after a start.
#[test]
fn ready_notification() {
    let (machine, device) = lab::build(Machine::builder(), |init| {
        let device = lab::device(init)?;
        lab::side_door(device)?;
        let manual = lab::queue(device, lab::default_config(Dispatch::WdfIoQueueDispatchManual, &[]))?;
        lab::keep("main", manual);
        for expected in [STATUS_SUCCESS, STATUS_INVALID_DEVICE_REQUEST] {
            // SAFETY: a queue, a callback and its context.
            let status = unsafe {
                WdfIoQueueReadyNotify(manual, Some(lab::ready), std::ptr::without_provenance_mut(3))
            };
            assert_eq!(status, expected);
        }
        // SAFETY: as above; the queue dispatches.
        let status = unsafe { WdfIoQueueReadyNotify(manual, None, std::ptr::null_mut()) };
        assert_eq!(status, STATUS_INVALID_DEVICE_REQUEST);
        Ok(())
    });
    lab::on("ready", |e| lab::log(format!("ready {}", e.value)));
    let file = machine.open(NAME).unwrap();
    let writes = [file.start_write(b"a").unwrap(), file.start_write(b"b").unwrap()];
    machine.run().unwrap();
    assert_eq!(lab::take_log(), ["ready 3"]);
    lab::call(&file, || {
        // SAFETY: a queue.
        unsafe { WdfIoQueueStop(main_queue(), None, std::ptr::null_mut()) };
        lab::start(main_queue());
    });
    assert_eq!(lab::take_log(), ["ready 3"]);
    lab::call(&file, || {
        while let Ok(request) = lab::retrieve(main_queue()) {
            lab::complete(request, STATUS_SUCCESS, 0);
        }
    });
    let again = file.start_write(b"c").unwrap();
    assert_eq!(lab::take_log(), ["ready 3"]);
    drop((writes, again));
    lab::end(machine, device, file);
}
