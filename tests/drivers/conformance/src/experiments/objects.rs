//! The life of framework objects.

use super::prelude::*;
use crate::state::Kept;
use core::ptr::null_mut;

/// The names of the objects of an experiment.
fn name_of(object: WDFOBJECT) -> &'static str {
    let names = [(Parent, "parent"), (First, "first"), (Second, "second"), (Third, "third")];
    names.iter().find(|(place, _)| kept(*place) == object).map_or("?", |(_, name)| name)
}

/// Creates an object with callbacks below another, or below none.
fn create(place: Kept, parent: Option<Kept>) {
    let mut object = null_mut();
    let parent = parent.map_or(null_mut(), kept);
    let mut with = WDF_OBJECT_ATTRIBUTES { ParentObject: parent, ..attributes() };
    with.EvtCleanupCallback = Some(callbacks::cleanup);
    with.EvtDestroyCallback = Some(callbacks::destroy);
    // SAFETY: attributes and a place for the handle.
    let status = unsafe { WdfObjectCreate(&mut with, &mut object) };
    if status != STATUS_SUCCESS {
        note!("create: {}", Name(status));
    }
    keep(place, object);
}

/// Notes cleanup and destruction.
const ENDS: &[Hook] = &[
    (Cleanup, |e| note!("cleanup {}", name_of(e.object))),
    (Destroy, |e| note!("destroy {}", name_of(e.object))),
];

pub const fn deletion() -> Experiment {
    Experiment {
        facts: "OBJ1",
        means: "cleanup goes from children to parents in the order of creation, destruction follows, and a reference \
                keeps an object beyond its parent",
        on: ENDS,
        commands: &[("delete", || {
            create(Parent, None);
            create(First, Some(Parent));
            create(Third, Some(First));
            create(Second, Some(Parent));
            reference::<core::ffi::c_void>(kept(Second));
            delete::<core::ffi::c_void>(kept(Parent));
            note!("deleted");
            dereference::<core::ffi::c_void>(kept(Second));
        })],
        script: "
            plug
            call delete
            | cleanup third
            | cleanup first
            | cleanup second
            | cleanup parent
            | destroy third
            | destroy first
            | destroy parent
            | deleted
            | destroy second
        ",
        ..PLAIN
    }
}

pub const fn deletion_at_dispatch() -> Experiment {
    Experiment {
        facts: "OBJ1",
        means: "an object is cleaned up at DISPATCH_LEVEL, if it is deleted there",
        on: &[(Cleanup, |_| note!("cleanup at {}", irql())), (Destroy, |_| note!("destroy at {}", irql()))],
        commands: &[("delete", || {
            create(Parent, None);
            at_dispatch(|| {
                delete::<core::ffi::c_void>(kept(Parent));
                note!("deleted");
            });
        })],
        script: "
            plug
            call delete
            | cleanup at 2
            | destroy at 2
            | deleted
        ",
        ..PLAIN
    }
}

pub const fn passive_deletion_at_dispatch() -> Experiment {
    Experiment {
        facts: "OBJ1",
        means: "a work item that is deleted at DISPATCH_LEVEL is cleaned up later, at PASSIVE_LEVEL",
        on: &[(Cleanup, |_| note!("cleanup at {}", irql()))],
        commands: &[("delete", || {
            let mut with = WDF_OBJECT_ATTRIBUTES { ParentObject: kept(Device), ..attributes() };
            with.EvtCleanupCallback = Some(callbacks::cleanup);
            let mut config = WDF_WORKITEM_CONFIG::default();
            WDF_WORKITEM_CONFIG_INIT(&mut config, Some(callbacks::work));
            let mut item = null_mut();
            // SAFETY: a configuration, attributes and a place for the handle.
            note!("create: {}", Name(unsafe { WdfWorkItemCreate(&mut config, &mut with, &mut item) }));
            // The worker may be done before this is.
            at_dispatch(|| delete(item));
        })],
        script: "
            plug
            call delete
            settle
            | create: STATUS_SUCCESS
            | cleanup at 0
        ",
        ..PLAIN
    }
}

pub const fn what_cannot_be_deleted() -> Experiment {
    Experiment {
        facts: "OBJ2 QCR7",
        verifier: "reports",
        means: "deleting a device or its default queue does nothing; a manual queue can be deleted",
        set_up: |init| bench(init, PARALLEL, &[Write]),
        on: &[(Write, |e| complete(e.request, STATUS_SUCCESS, 1))],
        commands: &[("delete", || {
            delete::<WDFDEVICE__>(kept(Device));
            delete::<WDFQUEUE__>(kept(Main));
            delete::<WDFQUEUE__>(kept(Manual));
        })],
        script: r#"
            plug
            open a
            call delete
            write a "x"
            | STATUS_SUCCESS 1
        "#,
        ..PLAIN
    }
}

pub const fn deleting_a_queue_empties_it() -> Experiment {
    Experiment {
        facts: "OBJ1 CAN1",
        means: "a request that waits in a queue that is deleted is cancelled",
        set_up: |init| bench(init, PARALLEL, &[Write]),
        on: &[(Write, |e| note!("forward: {}", Name(forward(e.request, kept(Manual)))))],
        commands: &[("delete", || delete::<WDFQUEUE__>(kept(Manual)))],
        script: r#"
            plug
            open a
            1 = write a "x"
            call delete
            await 1
            | 1: STATUS_CANCELLED 0
            | forward: STATUS_SUCCESS
        "#,
        ..PLAIN
    }
}

pub const fn attributes_are_checked() -> Experiment {
    Experiment {
        facts: "OBJ3",
        means: "each mistake in attributes has its status",
        commands: &[("create", || {
            const PASSIVE: WDF_EXECUTION_LEVEL = Level::WdfExecutionLevelPassive;
            const INHERIT: WDF_EXECUTION_LEVEL = Level::WdfExecutionLevelInheritFromParent;
            let object = |what: &str, mut with: WDF_OBJECT_ATTRIBUTES| {
                let mut handle = null_mut();
                // SAFETY: attributes and a place for the handle.
                note!("{what}: {}", Name(unsafe { WdfObjectCreate(&mut with, &mut handle) }));
            };
            let timer = |what: &str, mut with: WDF_OBJECT_ATTRIBUTES| {
                let mut config = WDF_TIMER_CONFIG::default();
                WDF_TIMER_CONFIG_INIT(&mut config, Some(callbacks::timer));
                let mut timer = null_mut();
                // SAFETY: a configuration, attributes and a place for the handle.
                note!("{what}: {}", Name(unsafe { WdfTimerCreate(&mut config, &mut with, &mut timer) }));
            };
            object("a level", constrained(PASSIVE, Scope::WdfSynchronizationScopeInheritFromParent));
            object("a scope", constrained(INHERIT, Scope::WdfSynchronizationScopeQueue));
            object("size", WDF_OBJECT_ATTRIBUTES { Size: 3, ..attributes() });
            timer("no parent", attributes());
            let scope = constrained(INHERIT, Scope::WdfSynchronizationScopeNone);
            timer("a timer's scope", WDF_OBJECT_ATTRIBUTES { ParentObject: kept(Device), ..scope });
        })],
        script: "
            plug
            call create
            | a level: STATUS_WDF_EXECUTION_LEVEL_INVALID
            | a scope: STATUS_WDF_SYNCHRONIZATION_SCOPE_INVALID
            | size: STATUS_INFO_LENGTH_MISMATCH
            | no parent: STATUS_WDF_PARENT_NOT_SPECIFIED
            | a timer's scope: STATUS_WDF_SYNCHRONIZATION_SCOPE_INVALID
        ",
        ..PLAIN
    }
}

pub const fn a_dying_parent() -> Experiment {
    Experiment {
        facts: "OBJ3",
        means: "nothing can be created below an object that is being deleted",
        on: &[(Cleanup, |e| {
            let mut with = WDF_OBJECT_ATTRIBUTES { ParentObject: e.object, ..attributes() };
            let mut child = null_mut();
            // SAFETY: attributes and a place for the handle.
            note!("create: {}", Name(unsafe { WdfObjectCreate(&mut with, &mut child) }));
        })],
        commands: &[("delete", || {
            create(Parent, None);
            delete::<core::ffi::c_void>(kept(Parent));
        })],
        script: "
            plug
            call delete
            | create: STATUS_DELETE_PENDING
        ",
        ..PLAIN
    }
}

/// A context type.
struct Type(WDF_OBJECT_CONTEXT_TYPE_INFO);

// SAFETY: constant.
unsafe impl Sync for Type {}

static CONTEXT: Type = Type(WDF_OBJECT_CONTEXT_TYPE_INFO {
    Size: size_of::<WDF_OBJECT_CONTEXT_TYPE_INFO>() as ULONG,
    ContextName: c"Context".as_ptr().cast(),
    ContextSize: 40,
    UniqueType: &raw const CONTEXT.0,
    EvtDriverGetUniqueContextType: None,
});

pub const fn contexts() -> Experiment {
    Experiment {
        facts: "OBJ3",
        means: "contexts are zeroed, there is one of a type, and they last until destruction",
        commands: &[("create", || {
            create(Parent, None);
            let parent = kept(Parent);
            let mut with = attributes();
            with.ContextTypeInfo = &CONTEXT.0;
            let mut allocate = || {
                let mut context = null_mut();
                // SAFETY: an object, a context type and a place for the pointer.
                let status = unsafe { WdfObjectAllocateContext(parent, &mut with, &mut context) };
                note!("allocate: {}", Name(status));
                context
            };
            let (first, again) = (allocate(), allocate());
            // SAFETY: the context has that many bytes.
            let bytes = unsafe { core::slice::from_raw_parts(first.cast::<u8>(), 40) };
            note!("the same: {}, zeroed: {}", first == again, bytes.iter().all(|byte| *byte == 0));
            // SAFETY: a context.
            note!("its object: {}", unsafe { WdfObjectContextGetObject(first) } == parent);
            reference(parent);
            delete(parent);
            // SAFETY: the reference keeps the contexts.
            let kept = unsafe { WdfObjectGetTypedContextWorker(parent, &CONTEXT.0) };
            note!("after deletion: {}", kept == first);
            dereference(parent);
        })],
        script: "
            plug
            call create
            | allocate: STATUS_SUCCESS
            | allocate: STATUS_OBJECT_NAME_EXISTS
            | the same: true, zeroed: true
            | its object: true
            | after deletion: true
        ",
        ..PLAIN
    }
}

pub const fn without_a_parent() -> Experiment {
    Experiment {
        facts: "OBJ4",
        means: "an object without a parent does not go with the device",
        on: ENDS,
        commands: &[
            ("create", || create(Parent, None)),
            ("delete", || delete::<core::ffi::c_void>(kept(Parent))),
        ],
        script: "
            plug
            call create
            remove
            settle
            call delete
            | cleanup parent
            | destroy parent
        ",
        ..PLAIN
    }
}
