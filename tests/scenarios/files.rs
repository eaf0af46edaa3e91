//! File objects: create requests, cleanup and close, contexts, constraints. A test names the facts it shows
//! (`docs/design/kmdf.md`).

use std::rc::Rc;
use wdk_emulator::{Device, Machine};
use wdk_sys::*;
use wdk_tests::raw::attributes;
use wdk_tests::raw::lab::{self, Dispatch, Level, NAME, Scope};

fn bench(setup: impl Fn(PWDFDEVICE_INIT) + 'static) -> (Machine, Device) {
    lab::build(Machine::builder(), move |init| {
        setup(init);
        let device = lab::device(init)?;
        lab::side_door(device)?;
        lab::keep("manual", lab::queue(device, lab::config(Dispatch::WdfIoQueueDispatchManual, &[]))?);
        lab::queue(device, lab::default_config(Dispatch::WdfIoQueueDispatchParallel, &["write"]))?;
        Ok(())
    })
}

fn with_callbacks(init: PWDFDEVICE_INIT) {
    lab::files(init, true, &mut attributes());
}

fn name_of(file: WDFOBJECT) -> String {
    // SAFETY: the model checks the handle.
    let name = unsafe { WdfFileObjectGetFileName(file.cast()) };
    // SAFETY: the string is valid while the file is.
    let name = unsafe { &*name };
    // SAFETY: a counted string.
    String::from_utf16_lossy(unsafe { std::slice::from_raw_parts(name.Buffer, name.Length as usize / 2) })
}

fn flags_of(file: WDFOBJECT) -> u32 {
    // SAFETY: the model checks the handle.
    unsafe { WdfFileObjectGetFlags(file.cast()) }
}

/// `MSC3`, `CAN6`: completing the create request decides; cleanup comes before what is queued is cancelled, close
/// after the last request.
#[test]
fn the_life_of_a_file() {
    let (machine, device) = bench(with_callbacks);
    lab::on("create", |e| {
        assert_eq!(lab::irql(), 0);
        assert_eq!(lab::file_of(e.request).cast(), e.object);
        lab::log(format!("create {} {:x}", name_of(e.object), flags_of(e.object)));
        lab::complete(e.request, STATUS_SUCCESS, 0);
    });
    lab::on("write", |e| {
        lab::log(format!("write {:x}", flags_of(lab::file_of(e.request).cast())));
        if lab::text(e.request) == "keep" {
            lab::park(e.request);
        } else {
            assert_eq!(lab::forward(e.request, lab::kept("manual")), STATUS_SUCCESS);
        }
    });
    lab::on("file cleanup", |e| {
        lab::log(format!("cleanup, {} queued, {}", lab::state(lab::kept("manual")).1, name_of(e.object)));
    });
    lab::on("close", |_| lab::log(format!("close at {}", lab::irql())));
    let file = machine.open(format!(r"{NAME}\a\b")).unwrap();
    let kept = file.start_write(b"keep").unwrap();
    let queued = file.start_write(b"queue").unwrap();
    let other = machine.open(NAME).unwrap();
    file.close().unwrap();
    assert_eq!(queued.wait().unwrap().status, STATUS_CANCELLED);
    machine.run().unwrap();
    assert!(!kept.is_done());
    assert_eq!(
        lab::take_log(),
        [r"create \a\b 0", "write 40000", "write 40000", "create  0", r"cleanup, 1 queued, \a\b"]
    );
    lab::call(&other, || lab::complete_parked(STATUS_SUCCESS));
    assert_eq!(kept.wait().unwrap().status, STATUS_SUCCESS);
    machine.run().unwrap();
    assert_eq!(lab::take_log(), ["close at 0"]);
    lab::end(machine, device, other);
}

/// `MSC3`: a refused open has no file: its object goes without cleanup and close, but with its contexts.
#[test]
fn a_refused_open() {
    let (machine, device) = bench(|init| {
        let mut with = attributes();
        with.EvtCleanupCallback = Some(lab::cleanup);
        with.EvtDestroyCallback = Some(lab::destroy);
        lab::files(init, true, &mut with);
    });
    for name in ["cleanup", "destroy", "file cleanup", "close"] {
        lab::on(name, move |_| lab::log(name));
    }
    lab::on("create", |e| lab::complete(e.request, STATUS_SHARING_VIOLATION, 0));
    let refused = machine.open(NAME).err().and_then(|error| error.status());
    assert_eq!(refused, Some(STATUS_SHARING_VIOLATION));
    assert_eq!(lab::take_log(), ["cleanup", "destroy"]);
    lab::on("create", |e| lab::complete(e.request, STATUS_SUCCESS, 0));
    machine.open(NAME).unwrap().close().unwrap();
    assert_eq!(lab::take_log(), ["file cleanup", "close", "cleanup", "destroy"]);
    device.remove().unwrap();
    machine.finish().unwrap();
}

/// `FIL2`: a create request can be kept: marked cancelable, or forwarded; the open waits. `MSC3`: one handle for an
/// exclusive device.
#[test]
fn an_open_that_waits() {
    let (machine, device) = bench(|init| {
        with_callbacks(init);
        // SAFETY: called in EvtDriverDeviceAdd with its argument.
        unsafe { WdfDeviceInitSetExclusive(init, 1) };
    });
    lab::on("create", |e| {
        if name_of(e.object).is_empty() {
            assert_eq!(lab::mark_ex(e.request), STATUS_SUCCESS);
            assert_eq!(lab::unmark(e.request), STATUS_SUCCESS);
            lab::complete(e.request, STATUS_SUCCESS, 0);
        } else {
            assert_eq!(lab::forward(e.request, lab::kept("manual")), STATUS_SUCCESS);
            assert_eq!(lab::state(lab::kept("manual")).1, 1);
            lab::log("forwarded");
        }
    });
    let file = machine.open(NAME).unwrap();
    assert_eq!(machine.open(NAME).err().and_then(|error| error.status()), Some(STATUS_ACCESS_DENIED));
    file.close().unwrap();
    let machine = Rc::new(machine);
    let opener = machine.clone();
    let opening = machine.spawn("opener", move || opener.open(format!(r"{NAME}\later")).map(drop));
    machine.run().unwrap();
    assert_eq!(lab::take_log(), ["forwarded"]);
    device.remove().unwrap();
    assert_eq!(opening.join().unwrap().unwrap_err().status(), Some(STATUS_CANCELLED));
    Rc::into_inner(machine).unwrap().finish().unwrap();
}

/// `QCR6`, `QCR7`: a queue for create requests goes before EvtDeviceFileCreate, may be the default queue, and gets
/// them in EvtIoDefault.
#[test]
fn a_queue_for_opens() {
    let (machine, device) = lab::build(Machine::builder(), |init| {
        with_callbacks(init);
        let device = lab::device(init)?;
        let kind = _WDF_REQUEST_TYPE::WdfRequestTypeCreate;
        let writes = lab::queue(device, lab::config(Dispatch::WdfIoQueueDispatchParallel, &["write"]))?;
        assert_eq!(lab::route(device, writes, kind), STATUS_INVALID_DEVICE_REQUEST);
        let main =
            lab::queue(device, lab::default_config(Dispatch::WdfIoQueueDispatchParallel, &["default"]))?;
        assert_eq!(lab::route(device, main, kind), STATUS_SUCCESS);
        assert_eq!(lab::route(device, main, kind), STATUS_INVALID_PARAMETER);
        Ok(())
    });
    lab::on("create", |_| lab::log("create"));
    lab::on("default", |e| {
        lab::log("default");
        lab::complete(e.request, STATUS_SUCCESS, 0);
    });
    let file = machine.open(NAME).unwrap();
    assert_eq!(lab::take_log(), ["default"]);
    lab::end(machine, device, file);
}

/// `FIL1`: without a configuration the driver sees no file objects.
#[test]
fn who_sees_file_objects() {
    for asked in [false, true] {
        let (machine, device) = bench(move |init| {
            if asked {
                lab::files(init, false, &mut attributes());
            }
        });
        lab::on("write", move |e| {
            assert_eq!(!lab::file_of(e.request).is_null(), asked);
            lab::complete(e.request, STATUS_SUCCESS, 1);
        });
        let file = machine.open(NAME).unwrap();
        assert_eq!(file.write(b"x").unwrap(), 1);
        lab::end(machine, device, file);
    }
}

/// `SYN6`: file callbacks are not synchronized with queues, and not with a dispatch-level device; with a passive one
/// they can be.
#[test]
fn the_scope_of_file_callbacks() {
    for (device_level, scope, expected) in [
        (Level::WdfExecutionLevelDispatch, Scope::WdfSynchronizationScopeNone, STATUS_SUCCESS),
        (
            Level::WdfExecutionLevelDispatch,
            Scope::WdfSynchronizationScopeDevice,
            STATUS_INVALID_DEVICE_REQUEST,
        ),
        (Level::WdfExecutionLevelPassive, Scope::WdfSynchronizationScopeDevice, STATUS_SUCCESS),
        (Level::WdfExecutionLevelPassive, Scope::WdfSynchronizationScopeQueue, STATUS_INVALID_DEVICE_REQUEST),
    ] {
        let (machine, driver) = lab::load(Machine::builder(), move |init| {
            let mut with = lab::constrained(Level::WdfExecutionLevelInheritFromParent, scope);
            lab::files(init, true, &mut with);
            let none = Scope::WdfSynchronizationScopeNone;
            let device = lab::device_with(init, &mut lab::constrained(device_level, none)).map(drop);
            assert_eq!(device.err().unwrap_or(STATUS_SUCCESS), expected);
            device
        });
        let plugged = driver.plug(r"ROOT\LAB");
        if let Ok(device) = plugged {
            lab::on("create", move |e| {
                if scope == Scope::WdfSynchronizationScopeDevice {
                    // The lock is held: whoever holds it may release and take it.
                    // SAFETY: the model checks the handle.
                    unsafe { WdfObjectReleaseLock(lab::kept("device")) };
                    // SAFETY: as above.
                    unsafe { WdfObjectAcquireLock(lab::kept("device")) };
                }
                lab::complete(e.request, STATUS_SUCCESS, 0);
            });
            machine.open(NAME).unwrap().close().unwrap();
            device.remove().unwrap();
        }
        machine.finish().unwrap();
    }
}

/// `OWN5`, `OWN6`: requests of one file, and requests that are found first and taken later.
#[test]
fn retrieval_of_some() {
    let (machine, device) = bench(|init| lab::files(init, false, &mut attributes()));
    lab::on("write", |e| {
        lab::keep(if lab::text(e.request).starts_with('a') { "a" } else { "b" }, lab::file_of(e.request));
        assert_eq!(lab::forward(e.request, lab::kept("manual")), STATUS_SUCCESS);
    });
    let (a, b) = (machine.open(NAME).unwrap(), machine.open(NAME).unwrap());
    let writes = [
        a.start_write(b"a").unwrap(),
        b.start_write(b"b2").unwrap(),
        a.start_write(b"a33").unwrap(),
        b.start_write(b"b444").unwrap(),
    ];
    lab::call(&a, || {
        let (queue, null) = (lab::kept("manual"), std::ptr::null_mut());
        let of_b = lab::retrieve_of(queue, lab::kept("b")).unwrap();
        assert_eq!(lab::text(of_b), "b2");
        assert_eq!(lab::requeue(of_b), STATUS_SUCCESS);
        // In order, all of them and those of a file; nothing is taken.
        let (first, length) = lab::find(queue, std::ptr::null_mut(), std::ptr::null_mut()).unwrap();
        assert_eq!((first, length), (of_b, 2));
        let (second, length) = lab::find(queue, first, lab::kept("a")).unwrap();
        assert_eq!(length, 1);
        let (third, length) = lab::find(queue, second, lab::kept("a")).unwrap();
        assert_eq!(length, 3);
        assert_eq!(lab::find(queue, third, lab::kept("a")), Err(STATUS_NO_MORE_ENTRIES));
        assert_eq!(lab::state(queue).1, 4);
        // Taken, it is not found any more.
        let taken = lab::retrieve_found(queue, second).unwrap();
        assert_eq!(taken, second);
        lab::complete(taken, STATUS_SUCCESS, 1);
        assert_eq!(lab::find(queue, second, null), Err(STATUS_NOT_FOUND));
        assert_eq!(lab::retrieve_found(queue, second), Err(STATUS_NOT_FOUND));
        for found in [first, second, third] {
            lab::dereference(found);
        }
        // A stopped queue is searched, but gives nothing away.
        // SAFETY: the model checks the handle; no callback.
        unsafe { WdfIoQueueStop(queue, None, std::ptr::null_mut()) };
        let (first, _) = lab::find(queue, std::ptr::null_mut(), null).unwrap();
        assert_eq!(lab::retrieve_found(queue, first), Err(STATUS_WDF_PAUSED));
        lab::dereference(first);
        lab::start(queue);
        while let Ok(request) = lab::retrieve(queue) {
            lab::complete(request, STATUS_SUCCESS, 1);
        }
        assert_eq!(lab::retrieve_of(queue, lab::kept("a")), Err(STATUS_NO_MORE_ENTRIES));
    });
    lab::on("control", |e| {
        assert_eq!(
            lab::find(e.queue, std::ptr::null_mut(), std::ptr::null_mut()),
            Err(STATUS_INVALID_DEVICE_REQUEST)
        );
        lab::complete(e.request, STATUS_SUCCESS, 0);
    });
    a.ioctl(0x22_0000, b"", 0).unwrap();
    assert!(writes.into_iter().all(|write| write.wait().unwrap().status == STATUS_SUCCESS));
    a.close().unwrap();
    lab::end(machine, device, b);
}
