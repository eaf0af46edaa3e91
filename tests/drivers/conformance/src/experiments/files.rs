//! File objects: create requests, cleanup, close, and constraints.

use super::prelude::*;

/// The name of a file, as far as there is room for it.
fn name_of(file: WDFOBJECT) -> Buffer<32> {
    let mut text = Buffer::new();
    // SAFETY: the framework checks the handle.
    let name = unsafe { WdfFileObjectGetFileName(file.cast()) };
    // SAFETY: the string is valid while the file is.
    let UNICODE_STRING { Length, Buffer, .. } = unsafe { *name };
    if Length > 0 {
        // SAFETY: a counted string.
        let units = unsafe { core::slice::from_raw_parts(Buffer, usize::from(Length) / 2) };
        units.iter().for_each(|unit| text.push(&[*unit as u8]));
    }
    text
}

/// Whether there is a handle to a file: what its flags say (`FO_HANDLE_CREATED`).
fn has_handle(file: WDFOBJECT) -> bool {
    const HANDLE_CREATED: u32 = 0x4_0000;
    // SAFETY: the framework checks the handle.
    unsafe { WdfFileObjectGetFlags(file.cast()) & HANDLE_CREATED != 0 }
}

/// A device whose files call back, with a queue for writes and a manual one.
fn with_callbacks(init: PWDFDEVICE_INIT) -> Result<(), NTSTATUS> {
    files(init, true, &mut attributes());
    bench(init, PARALLEL, &[Write])
}

pub const fn the_life_of_a_file() -> Experiment {
    Experiment {
        facts: "MSC3 CAN6",
        means: "completing the create request opens the file; cleanup comes before what is queued is cancelled, close \
                after the last request",
        set_up: with_callbacks,
        on: &[
            (FileCreate, |e| {
                let same = file_of(e.request).cast() == e.object;
                let handle = has_handle(e.object);
                note!("create '{}' at {}, its file: {same}, handle: {handle}", name_of(e.object), irql());
                complete(e.request, STATUS_SUCCESS, 0);
            }),
            (Write, |e| match text::<8>(e.request).text() {
                "keep" => {
                    note!("handle: {}", has_handle(file_of(e.request).cast()));
                    park(e.request);
                }
                _ => note!("forward: {}", Name(forward(e.request, kept(Manual)))),
            }),
            (FileCleanup, |e| {
                note!("cleanup '{}', {} queued", name_of(e.object), state_of(kept(Manual)).1);
            }),
            (FileClose, |_| note!("close at {}", irql())),
        ],
        script: r#"
            plug
            open a "\a\b"
            | create '\a\b' at 0, its file: true, handle: false
            1 = write a "keep"
            2 = write a "queue"
            settle
            | handle: true
            | forward: STATUS_SUCCESS
            close a
            await 2
            | 2: STATUS_CANCELLED 0
            | cleanup '\a\b', 1 queued
            settle
            look 1
            | 1: pending
            call complete
            settle
            | close at 0
            await 1
            | 1: STATUS_SUCCESS 0
        "#,
        ..PLAIN
    }
}

pub const fn a_refused_open() -> Experiment {
    Experiment {
        facts: "MSC3",
        means: "a refused open has no file: its object goes without cleanup and close, but with its contexts",
        set_up: |init| {
            let mut with = attributes();
            with.EvtCleanupCallback = Some(callbacks::cleanup);
            with.EvtDestroyCallback = Some(callbacks::destroy);
            files(init, true, &mut with);
            device(init).map(drop)
        },
        on: &[
            (FileCreate, |e| {
                let refused = name_of(e.object).text() == r"\refused";
                complete(e.request, if refused { STATUS_SHARING_VIOLATION } else { STATUS_SUCCESS }, 0);
            }),
            (FileCleanup, |_| note!("EvtFileCleanup")),
            (FileClose, |_| note!("EvtFileClose")),
            (Cleanup, |_| note!("cleanup")),
            (Destroy, |_| note!("destroy")),
        ],
        script: r#"
            plug
            open a "\refused"
            | open a: STATUS_SHARING_VIOLATION
            | cleanup
            | destroy
            open a
            close a
            settle
            | EvtFileCleanup
            | EvtFileClose
            | cleanup
            | destroy
        "#,
        ..PLAIN
    }
}

pub const fn a_create_request_can_be_kept() -> Experiment {
    Experiment {
        facts: "FIL2",
        means: "a create request can be marked cancelable, and unmarked again, or forwarded",
        set_up: with_callbacks,
        on: &[(FileCreate, |e| {
            note!("mark: {}", Name(mark_ex(e.request)));
            note!("unmark: {}", Name(unmark(e.request)));
            note!("forward: {}", Name(forward(e.request, kept(Manual))));
            let retrieved = retrieve(kept(Manual));
            note!("the same handle: {}", retrieved == Ok(e.request));
            complete(e.request, STATUS_SUCCESS, 0);
        })],
        script: "
            plug
            open a
            | mark: STATUS_SUCCESS
            | unmark: STATUS_SUCCESS
            | forward: STATUS_SUCCESS
            | the same handle: true
        ",
        ..PLAIN
    }
}

/// A create request that waits in a queue until a timer does something about it.
const WAITS: Hook = (FileCreate, |e| {
    let status = forward(e.request, kept(Manual));
    note!("forward: {}, {} queued", Name(status), state_of(kept(Manual)).1);
    timer(kept(Device), Level::WdfExecutionLevelPassive, 0).unwrap();
    start_timer(50);
});

pub const fn an_open_that_waits() -> Experiment {
    Experiment {
        facts: "FIL2",
        means: "opening waits until the create request is completed, wherever that waits",
        set_up: with_callbacks,
        on: &[
            WAITS,
            (Timer, |_| {
                note!("later");
                complete(retrieve(kept(Manual)).unwrap(), STATUS_SUCCESS, 0);
            }),
        ],
        script: "
            plug
            open a
            | forward: STATUS_SUCCESS, 1 queued
            | later
        ",
        ..PLAIN
    }
}

pub const fn an_open_that_is_cancelled() -> Experiment {
    Experiment {
        facts: "FIL2",
        means: "a purge cancels a create request that waits in the queue",
        set_up: with_callbacks,
        on: &[WAITS, (Timer, |_| change(WdfIoQueuePurge, kept(Manual)))],
        script: "
            plug
            open a
            | open a: STATUS_CANCELLED
            | forward: STATUS_SUCCESS, 1 queued
        ",
        ..PLAIN
    }
}

pub const fn an_exclusive_device() -> Experiment {
    Experiment {
        facts: "MSC3",
        means: "an exclusive device has one handle",
        set_up: |init| {
            // SAFETY: called in EvtDriverDeviceAdd with its argument.
            unsafe { WdfDeviceInitSetExclusive(init, 1) };
            device(init).map(drop)
        },
        script: "
            plug
            open a
            open b
            | open b: STATUS_ACCESS_DENIED
            close a
            open b
        ",
        ..PLAIN
    }
}

pub const fn a_queue_for_opens() -> Experiment {
    Experiment {
        facts: "QCR6 QCR7 FIL2",
        verifier: "reports",
        means: "a queue for create requests goes before EvtDeviceFileCreate, may be the default queue, and gets them \
                in EvtIoDefault",
        set_up: |init| {
            files(init, true, &mut attributes());
            let device = device(init)?;
            let kind = _WDF_REQUEST_TYPE::WdfRequestTypeCreate;
            let writes = queue(device, config(PARALLEL, &[Write]))?;
            note!("no handler: {}", Name(route(device, writes, kind)));
            let main = queue(device, default_config(PARALLEL, &[Default]))?;
            note!("the default queue: {}", Name(route(device, main, kind)));
            note!("again: {}", Name(route(device, main, kind)));
            Ok(())
        },
        on: &[
            (FileCreate, |_| note!("EvtDeviceFileCreate")),
            (Default, |e| {
                note!("EvtIoDefault");
                complete(e.request, STATUS_SUCCESS, 0);
            }),
        ],
        script: "
            plug
            | no handler: STATUS_INVALID_DEVICE_REQUEST
            | the default queue: STATUS_SUCCESS
            | again: STATUS_INVALID_PARAMETER
            open a
            | EvtIoDefault
        ",
        ..PLAIN
    }
}

/// A handler that looks for the request's file.
const FILES: Experiment = Experiment {
    facts: "FIL1",
    on: &[(Write, |e| {
        note!("a file: {}", !file_of(e.request).is_null());
        complete(e.request, STATUS_SUCCESS, 1);
    })],
    ..PLAIN
};

pub const fn no_file_objects() -> Experiment {
    Experiment {
        means: "without a configuration of files the driver sees no file objects",
        set_up: |init| bench(init, PARALLEL, &[Write]),
        script: r#"
            plug
            open a
            write a "x"
            | STATUS_SUCCESS 1
            | a file: false
        "#,
        ..FILES
    }
}

pub const fn file_objects_without_callbacks() -> Experiment {
    Experiment {
        means: "with a configuration of files the driver sees file objects, with callbacks or without",
        set_up: |init| {
            files(init, false, &mut attributes());
            bench(init, PARALLEL, &[Write])
        },
        script: r#"
            plug
            open a
            write a "x"
            | STATUS_SUCCESS 1
            | a file: true
        "#,
        ..FILES
    }
}

/// A device of a level, whose file callbacks have a scope.
fn scoped(
    init: PWDFDEVICE_INIT,
    level: WDF_EXECUTION_LEVEL,
    scope: WDF_SYNCHRONIZATION_SCOPE,
) -> Result<(), NTSTATUS> {
    files(init, true, &mut constrained(Level::WdfExecutionLevelInheritFromParent, scope));
    let created = device_with(init, &mut constrained(level, Scope::WdfSynchronizationScopeNone));
    note!("create: {}", outcome(created));
    created.map(drop)
}

/// A file callback that holds the device's lock, if there is one: whoever holds it may release and take it.
const SCOPED: Experiment = Experiment {
    facts: "SYN6",
    on: &[(FileCreate, |e| {
        // SAFETY: the framework checks the handle.
        unsafe { WdfObjectReleaseLock(kept(Device)) };
        // SAFETY: as above.
        unsafe { WdfObjectAcquireLock(kept(Device)) };
        note!("held the lock at {}", irql());
        complete(e.request, STATUS_SUCCESS, 0);
    })],
    ..PLAIN
};

pub const fn file_callbacks_of_a_dispatch_level_device() -> Experiment {
    Experiment {
        means: "file callbacks are not synchronized with a dispatch-level device",
        set_up: |init| scoped(init, Level::WdfExecutionLevelDispatch, Scope::WdfSynchronizationScopeDevice),
        script: REFUSED,
        ..SCOPED
    }
}

pub const fn file_callbacks_with_the_queues_scope() -> Experiment {
    Experiment {
        means: "file callbacks are not synchronized with queues",
        set_up: |init| scoped(init, Level::WdfExecutionLevelPassive, Scope::WdfSynchronizationScopeQueue),
        script: REFUSED,
        ..SCOPED
    }
}

const REFUSED: &str = "
    plug
    | not started
    | create: STATUS_INVALID_DEVICE_REQUEST
";

pub const fn file_callbacks_of_a_passive_level_device() -> Experiment {
    Experiment {
        means: "file callbacks can be synchronized with a passive-level device",
        set_up: |init| scoped(init, Level::WdfExecutionLevelPassive, Scope::WdfSynchronizationScopeDevice),
        script: "
            plug
            | create: STATUS_SUCCESS
            open a
            | held the lock at 0
        ",
        ..SCOPED
    }
}
