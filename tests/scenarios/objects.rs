//! The life of framework objects: mistakes, and the end of the driver. The rest are experiments
//! (`tests/drivers/conformance`). A test names the facts it shows (`docs/design/kmdf.md`).

use wdk_emulator::{Level as Verify, Machine};
use wdk_sys::*;
use wdk_tests::raw::attributes;
use wdk_tests::raw::lab::{self, Dispatch, NAME, bench};

fn writes() -> WDF_IO_QUEUE_CONFIG {
    lab::default_config(Dispatch::WdfIoQueueDispatchParallel, &["write"])
}

/// Runs `body` in a driver; the verdict's id, if there is one.
fn run(level: Verify, body: impl Fn() + 'static) -> Option<&'static str> {
    let (machine, device) = bench(Machine::builder().verifier(level), writes);
    for name in ["cleanup", "destroy"] {
        lab::on(name, move |e| lab::log(format!("{name} {}", name_of(e.object))));
    }
    lab::on("write", move |e| {
        body();
        lab::complete(e.request, STATUS_SUCCESS, 1);
    });
    let file = machine.open(NAME).unwrap();
    match file.write(b"x") {
        Err(error) => error.verdict().map(wdk_emulator::Verdict::id),
        Ok(_) => {
            file.close().unwrap();
            let removed = device.remove().and_then(|()| machine.finish());
            removed.err().and_then(|error| error.verdict().map(wdk_emulator::Verdict::id))
        }
    }
}

const NAMES: [&str; 5] = ["parent", "first", "second", "grandchild", "orphan"];

fn name_of(object: WDFOBJECT) -> &'static str {
    NAMES.into_iter().find(|name| lab::kept::<std::ffi::c_void>(name) == object.cast()).unwrap_or("?")
}

/// An object with callbacks, below a parent.
fn object(name: &'static str, parent: &str) -> WDFOBJECT {
    let mut object = std::ptr::null_mut();
    let mut with = WDF_OBJECT_ATTRIBUTES { ParentObject: lab::kept(parent), ..attributes() };
    with.EvtCleanupCallback = Some(lab::cleanup);
    with.EvtDestroyCallback = Some(lab::destroy);
    // SAFETY: attributes and a place for the handle.
    assert_eq!(unsafe { WdfObjectCreate(&mut with, &mut object) }, STATUS_SUCCESS);
    lab::keep(name, object);
    object
}

/// `OBJ1`: giving up references does not delete; giving up the last is fatal.
#[test]
fn dereferencing_alone() {
    let verdict = run(Verify::Off, || lab::dereference(object("orphan", "none")));
    assert_eq!(verdict, Some("freed-while-alive"));
}

/// `OBJ2`, `QCR7`: what the framework deletes itself cannot be deleted.
#[test]
fn what_cannot_be_deleted() {
    for name in ["device", "main"] {
        let delete = move || lab::delete::<std::ffi::c_void>(lab::kept(name));
        assert_eq!(run(Verify::Standard, delete), Some("not-deletable"));
    }
    assert_eq!(run(Verify::Standard, || lab::delete::<std::ffi::c_void>(lab::kept("manual"))), None);
}

/// `OBJ3`: a wrong or missing handle is fatal.
#[test]
fn wrong_handles() {
    // SAFETY: the model checks the handle.
    let wrong = || unsafe { WdfSpinLockAcquire(lab::kept("device")) };
    assert_eq!(run(Verify::Off, wrong), Some("wrong-handle"));
    // SAFETY: as above.
    let null = || unsafe { WdfSpinLockAcquire(std::ptr::null_mut()) };
    assert_eq!(run(Verify::Off, null), Some("null-argument"));
}

/// `OBJ4`: what has no parent belongs to the driver, and goes with it.
#[test]
fn the_default_parent_is_the_driver() {
    let (machine, device) = bench(Machine::builder(), writes);
    lab::on("write", |e| {
        object("orphan", "none");
        lab::complete(e.request, STATUS_SUCCESS, 1);
    });
    lab::on("cleanup", |e| lab::log(name_of(e.object)));
    let file = machine.open(NAME).unwrap();
    file.write(b"x").unwrap();
    file.close().unwrap();
    device.remove().unwrap();
    assert!(lab::take_log().is_empty());
    machine.finish().unwrap();
    assert_eq!(lab::take_log(), ["orphan"]);
}
