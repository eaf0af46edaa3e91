//! The life of framework objects. A test names the facts it shows (`docs/design/kmdf.md`).

use wdk_emulator::{Level as Verify, Machine};
use wdk_sys::ntddk::{KeLowerIrql, KfRaiseIrql};
use wdk_sys::*;
use wdk_tests::raw::attributes;
use wdk_tests::raw::lab::{self, Dispatch, Level, NAME, Scope, bench};

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

/// `OBJ1`: cleanup goes from children to parents in the order of creation, destruction follows, and a reference
/// keeps an object beyond its parent.
#[test]
fn deletion() {
    let verdict = run(Verify::Standard, || {
        let parent = object("parent", "none");
        object("first", "parent");
        object("grandchild", "first");
        let second = object("second", "parent");
        lab::reference(second);
        lab::delete(parent);
        lab::log("deleted");
        lab::dereference(second);
    });
    assert_eq!(verdict, None);
    let expected = [
        "cleanup grandchild",
        "cleanup first",
        "cleanup second",
        "cleanup parent",
        "destroy grandchild",
        "destroy first",
        "destroy parent",
        "deleted",
        "destroy second",
    ];
    assert_eq!(lab::take_log(), expected);
}

/// `OBJ1`: giving up references does not delete; giving up the last is fatal.
#[test]
fn dereferencing_alone() {
    let verdict = run(Verify::Off, || lab::dereference(object("orphan", "none")));
    assert_eq!(verdict, Some("freed-while-alive"));
}

/// `OBJ1`: objects with passive cleanup that are deleted at DISPATCH_LEVEL are cleaned up by a worker, with what is
/// above them; others at once.
#[test]
fn deletion_at_dispatch() {
    for passive in [false, true] {
        let verdict = run(Verify::Standard, move || {
            let parent = object("parent", "none");
            if passive {
                let mut with = WDF_OBJECT_ATTRIBUTES { ParentObject: lab::kept("device"), ..attributes() };
                with.EvtCleanupCallback = Some(lab::cleanup);
                let mut config = WDF_WORKITEM_CONFIG::default();
                WDF_WORKITEM_CONFIG_INIT(&mut config, Some(lab::work));
                let mut item = std::ptr::null_mut();
                // SAFETY: a configuration, attributes and a place for the handle.
                assert_eq!(unsafe { WdfWorkItemCreate(&mut config, &mut with, &mut item) }, STATUS_SUCCESS);
                lab::keep("first", item);
                lab::delete(parent);
            }
            let victim: WDFOBJECT = lab::kept(if passive { "first" } else { "parent" });
            lab::take_log();
            // SAFETY: raises from PASSIVE_LEVEL.
            let old = unsafe { KfRaiseIrql(2) };
            lab::delete(victim);
            lab::log("deleted");
            // SAFETY: back to what it was.
            unsafe { KeLowerIrql(old) };
        });
        assert_eq!(verdict, None);
        let expected: &[&str] = if passive {
            &["deleted", "cleanup first"]
        } else {
            &["cleanup parent", "destroy parent", "deleted"]
        };
        assert_eq!(lab::take_log(), expected);
    }
}

/// `OBJ2`, `QCR7`: what the framework deletes itself cannot be deleted; without a verifier the call does nothing.
#[test]
fn what_cannot_be_deleted() {
    for name in ["device", "main"] {
        let delete = move || lab::delete::<std::ffi::c_void>(lab::kept(name));
        assert_eq!(run(Verify::Standard, delete), Some("not-deletable"));
        assert_eq!(run(Verify::Off, delete), None);
    }
    assert_eq!(run(Verify::Standard, || lab::delete::<std::ffi::c_void>(lab::kept("manual"))), None);
}

/// A request that waits in a queue that is deleted is cancelled.
#[test]
fn deleting_a_queue_empties_it() {
    let (machine, device) = bench(Machine::builder(), writes);
    lab::on("write", |e| assert_eq!(lab::forward(e.request, lab::kept("manual")), STATUS_SUCCESS));
    let file = machine.open(NAME).unwrap();
    let write = file.start_write(b"x").unwrap();
    lab::call(&file, || lab::delete::<WDFQUEUE__>(lab::kept("manual")));
    assert_eq!(write.wait().unwrap().status, STATUS_CANCELLED);
    lab::end(machine, device, file);
}

/// `OBJ3`: mistakes in attributes.
#[test]
fn attributes_are_checked() {
    let verdict = run(Verify::Standard, || {
        let mut handle = std::ptr::null_mut();
        let mut with = lab::constrained(
            Level::WdfExecutionLevelPassive,
            Scope::WdfSynchronizationScopeInheritFromParent,
        );
        // SAFETY: attributes and a place for the handle.
        assert_eq!(unsafe { WdfObjectCreate(&mut with, &mut handle) }, STATUS_WDF_EXECUTION_LEVEL_INVALID);
        with =
            lab::constrained(Level::WdfExecutionLevelInheritFromParent, Scope::WdfSynchronizationScopeQueue);
        // SAFETY: as above.
        let status = unsafe { WdfObjectCreate(&mut with, &mut handle) };
        assert_eq!(status, STATUS_WDF_SYNCHRONIZATION_SCOPE_INVALID);
        let mut config = WDF_TIMER_CONFIG::default();
        WDF_TIMER_CONFIG_INIT(&mut config, Some(lab::timer));
        let mut timer = std::ptr::null_mut();
        // SAFETY: a configuration, attributes and a place for the handle.
        let status = unsafe { WdfTimerCreate(&mut config, &mut attributes(), &mut timer) };
        assert_eq!(status, STATUS_WDF_PARENT_NOT_SPECIFIED);
        with =
            lab::constrained(Level::WdfExecutionLevelInheritFromParent, Scope::WdfSynchronizationScopeNone);
        with.ParentObject = lab::kept("device");
        // SAFETY: as above.
        let status = unsafe { WdfTimerCreate(&mut config, &mut with, &mut timer) };
        assert_eq!(status, STATUS_WDF_SYNCHRONIZATION_SCOPE_INVALID);
        with = WDF_OBJECT_ATTRIBUTES { Size: 3, ..attributes() };
        // SAFETY: as above.
        assert_eq!(unsafe { WdfObjectCreate(&mut with, &mut handle) }, STATUS_INFO_LENGTH_MISMATCH);
    });
    assert_eq!(verdict, None);
}

/// `OBJ3`: nothing can be created below an object that is being deleted.
#[test]
fn a_dying_parent() {
    let (machine, device) = bench(Machine::builder(), writes);
    lab::on("write", |e| {
        let parent = object("parent", "none");
        lab::delete(parent);
        lab::complete(e.request, STATUS_SUCCESS, 1);
    });
    lab::on("cleanup", |e| {
        let mut with = WDF_OBJECT_ATTRIBUTES { ParentObject: e.object, ..attributes() };
        let mut child = std::ptr::null_mut();
        // SAFETY: attributes and a place for the handle.
        let status = unsafe { WdfObjectCreate(&mut with, &mut child) };
        lab::log(format!("{}", status == STATUS_DELETE_PENDING));
    });
    let file = machine.open(NAME).unwrap();
    file.write(b"x").unwrap();
    assert_eq!(lab::take_log(), ["true"]);
    lab::end(machine, device, file);
}

/// A context type.
struct Type(WDF_OBJECT_CONTEXT_TYPE_INFO);

// SAFETY: constant.
unsafe impl Sync for Type {}

static CONTEXT: Type = Type(WDF_OBJECT_CONTEXT_TYPE_INFO {
    Size: size_of::<WDF_OBJECT_CONTEXT_TYPE_INFO>() as ULONG,
    ContextName: c"Context".as_ptr().cast(),
    ContextSize: 40,
    UniqueType: std::ptr::null(),
    EvtDriverGetUniqueContextType: None,
});

/// `OBJ3`: contexts are zeroed, there is one of a type, and they last until destruction.
#[test]
fn contexts() {
    let verdict = run(Verify::Standard, || {
        let parent = object("parent", "none");
        let mut with = attributes();
        with.ContextTypeInfo = &CONTEXT.0;
        let (mut first, mut again) = (std::ptr::null_mut(), std::ptr::null_mut());
        // SAFETY: an object, a context type and a place for the pointer.
        assert_eq!(unsafe { WdfObjectAllocateContext(parent, &mut with, &mut first) }, STATUS_SUCCESS);
        // SAFETY: as above.
        let status = unsafe { WdfObjectAllocateContext(parent, &mut with, &mut again) };
        assert_eq!(status, STATUS_OBJECT_NAME_EXISTS);
        assert!(NT_SUCCESS(STATUS_OBJECT_NAME_EXISTS));
        assert_eq!(first, again);
        // SAFETY: the context has that many bytes.
        assert_eq!(unsafe { std::slice::from_raw_parts(first.cast::<u8>(), 40) }, [0; 40]);
        // SAFETY: a context.
        assert_eq!(unsafe { WdfObjectContextGetObject(first) }, parent);
        lab::reference(parent);
        lab::delete(parent);
        // SAFETY: the reference keeps the contexts.
        assert_eq!(unsafe { WdfObjectGetTypedContextWorker(parent, &CONTEXT.0) }, first);
        lab::dereference(parent);
    });
    assert_eq!(verdict, None);
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
