//! Queues: creation, routing, the dispatch engine and the state functions. A test names the facts it shows
//! (`docs/design/kmdf.md`).

use std::rc::Rc;
use std::cell::{Cell, RefCell};
use wdk_emulator::{Level as Verify, Machine};
use wdk_sys::*;
use wdk_tests::raw::lab::{self, *};
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
        let mut note = |config: WDF_IO_QUEUE_CONFIG| {
            results.borrow_mut().push(lab::queue(device, config).err().unwrap_or(STATUS_SUCCESS));
        };
        note(WDF_IO_QUEUE_CONFIG { Size: 8, ..lab::config(Dispatch::WdfIoQueueDispatchManual, &[]) });
        note(WDF_IO_QUEUE_CONFIG { DispatchType: 77, ..lab::config(Dispatch::WdfIoQueueDispatchManual, &[]) });
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
        let status = unsafe { WdfIoQueueCreate(device, &mut manual, WDF_NO_OBJECT_ATTRIBUTES, std::ptr::null_mut()) };
        results.borrow_mut().push(status);
        // SAFETY: a device.
        let driver = unsafe { WdfDeviceGetDriver(device) };
        let mut elsewhere = WDF_OBJECT_ATTRIBUTES { ParentObject: driver.cast(), ..attributes() };
        results.borrow_mut().push(lab::queue_with(device, &mut manual, &mut elsewhere).err().unwrap_or(STATUS_SUCCESS));
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
        lab::log(format!("{}", lab::queue(device, lab::config(Dispatch::WdfIoQueueDispatchManual, &[])).is_ok()));
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
            let config = WDF_IO_QUEUE_CONFIG { PowerManaged: managed, ..lab::config(Dispatch::WdfIoQueueDispatchManual, &[]) };
            let queue = lab::queue(device, config)?;
            seen.borrow_mut().push(lab::state(queue).0);
            lab::keep("last", queue);
        }
        lab::keep("first", lab::queue(device, lab::default_config(Dispatch::WdfIoQueueDispatchParallel, &["write"]))?);
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

/// `QCR4`: the gate of a sequential queue and the cap of a parallel one count what the driver owns: returning from
/// the handler opens neither, completion and forwarding do.
#[test]
fn the_gates_count_what_the_driver_owns() {
    for (dispatch, cap) in [(Dispatch::WdfIoQueueDispatchSequential, 1), (Dispatch::WdfIoQueueDispatchParallel, 2)] {
        let (machine, device) = lab::build(Machine::builder(), move |init| {
            let device = lab::device(init)?;
            let mut config = lab::default_config(dispatch, &["write"]);
            if cap > 1 {
                config.Settings.Parallel.NumberOfPresentedRequests = cap;
            }
            lab::queue(device, config)?;
            let control = lab::queue(device, lab::config(Dispatch::WdfIoQueueDispatchParallel, &["control"]))?;
            lab::keep("manual", lab::queue(device, lab::config(Dispatch::WdfIoQueueDispatchManual, &[]))?);
            check(lab::route(device, control, _WDF_REQUEST_TYPE::WdfRequestTypeDeviceControl))
        });
        lab::on("write", |e| {
            lab::log(lab::text(e.request));
            lab::park(e.request);
        });
        lab::on("control", |e| {
            let first = lab::unpark().unwrap();
            if e.value == 4 {
                lab::complete(first, STATUS_SUCCESS, 0);
            } else {
                lab::log(format!("forwarded {}", NT_SUCCESS(lab::forward(first, lab::kept("manual")))));
            }
            lab::complete(e.request, STATUS_SUCCESS, 0);
        });
        let file = machine.open(NAME).unwrap();
        let writes: Vec<_> = ["a", "b", "c", "d"].iter().map(|w| file.start_write(w.as_bytes()).unwrap()).collect();
        machine.run().unwrap();
        assert_eq!(lab::take_log(), &["a", "b"][..cap as usize]);
        file.ioctl(4, b"", 0).unwrap();
        assert_eq!(lab::take_log(), [["b", "c"][cap as usize - 1]]);
        file.ioctl(8, b"", 0).unwrap();
        let next = ["c", "d"][cap as usize - 1];
        assert_eq!(lab::take_log(), [next, "forwarded true"], "the next is presented inside the call");
        while lab::unpark().inspect(|_| ()).is_some_and(|r| {
            // Outside a callback nothing can be completed; the removal below purges the rest.
            lab::park(r);
            false
        }) {}
        lab::on("control", |e| {
            while let Some(r) = lab::unpark() {
                lab::complete(r, STATUS_SUCCESS, 0);
            }
            lab::complete(e.request, STATUS_SUCCESS, 0);
        });
        file.ioctl(4, b"", 0).unwrap();
        file.ioctl(4, b"", 0).unwrap();
        drop(writes);
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
    file.close().unwrap();
    device.remove().unwrap();
    machine.finish().unwrap();
}

/// `QCR6`: the queue of a type, then the default queue, then none; a handler of the type, then EvtIoDefault, then a
/// refusal. `QCR7`: what cannot be routed.
#[test]
fn routing() {
    let (machine, device) = lab::build(Machine::builder(), |init| {
        use _WDF_REQUEST_TYPE as T;
        let device = lab::device(init)?;
        let reads = lab::queue(device, lab::config(Dispatch::WdfIoQueueDispatchParallel, &["read"]))?;
        let default = lab::queue(device, lab::default_config(Dispatch::WdfIoQueueDispatchParallel, &["write", "default"]))?;
        let mut note = |status| lab::log(format!("{status:#x}"));
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
    file.close().unwrap();
    device.remove().unwrap();
    machine.finish().unwrap();

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
            let mut config = lab::default_config(Dispatch::WdfIoQueueDispatchSequential, &["read", "write", "control"]);
            config.AllowZeroLengthRequests = allow as BOOLEAN;
            lab::queue(device, config)?;
            Ok(())
        });
        for name in ["read", "control"] {
            lab::on(name, move |e| {
                lab::log(name);
                lab::complete(e.request, STATUS_SUCCESS, 0);
            });
        }
        lab::on("write", |e| {
            lab::log("write");
            lab::park(e.request);
        });
        let file = machine.open(NAME).unwrap();
        assert_eq!(file.start_read(0).unwrap().wait().unwrap().status, STATUS_SUCCESS);
        file.ioctl(4, b"", 0).unwrap();
        assert_eq!(lab::take_log(), if allow { vec!["read", "control"] } else { vec!["control"] });
        // Not at arrival: behind a request that holds the gate it waits.
        let held = file.start_write(b"x").unwrap();
        let empty = file.start_read(0).unwrap();
        machine.run().unwrap();
        assert!(!empty.is_done());
        let request = lab::unpark().unwrap();
        drop(held);
        let thread = lab::complete_in_callback(&machine, &device, request);
        thread.unwrap();
        assert_eq!(empty.wait().unwrap().status, STATUS_SUCCESS);
        file.close().unwrap();
        device.remove().unwrap();
        machine.finish().unwrap();
    }
}
