//! Functions of every framework object.
//!
//! DDI header: `wdfobject.h`.

use super::lock::PresentationLock;
use super::objects::{Attributes, Body, Object};
use super::{lock_recursion, status};
use crate::abi::{Bodies, Call};
use crate::verifier::rules;
use std::rc::Rc;
use wdk_sys::*;

#[allow(non_snake_case)]
impl Bodies {
    pub(crate) fn WdfObjectCreate(
        call: &Call,
        Attributes: PWDF_OBJECT_ATTRIBUTES,
        Object: *mut WDFOBJECT,
    ) -> NTSTATUS {
        // SAFETY: the driver passes attributes or null.
        let attributes = unsafe { Attributes::read(call, Attributes) };
        status((|| {
            let attributes = attributes?;
            attributes.inherits_level_and_scope()?;
            let parent = parent_or_driver(call, &attributes);
            let object = call.create(Body::General, call.driver(), parent, &attributes)?;
            call.give(Object, object.handle());
            Ok(())
        })())
    }

    pub(crate) fn WdfObjectDelete(call: &Call, Object: WDFOBJECT) {
        let object = call.object(Object);
        let refused = match &object.body {
            Body::Driver(_) | Body::File(_) => true,
            Body::Queue(queue) => queue.is_default || queue.device().is_routed(&object),
            Body::Device(_) => true,
            Body::Request(_) => true,
            _ => false,
        };
        if refused {
            call.violation_of(
                &rules::objects::NOT_DELETABLE,
                format!("`WdfObjectDelete` was called for {}", object.label()),
                &object,
            );
            return;
        }
        if object.is_disposed() {
            call.fatal(
                &rules::handles::USE_AFTER_DELETION,
                format!("{} was deleted twice", object.label()),
                object.history(call),
            );
        }
        call.delete(&object);
    }

    pub(crate) fn WdfObjectReferenceActual(
        call: &Call,
        Handle: WDFOBJECT,
        Tag: PVOID,
        Line: LONG,
        File: PCCH,
    ) {
        let _ = (Tag, Line, File);
        let object = call.object(Handle);
        call.reference(&object);
    }

    pub(crate) fn WdfObjectDereferenceActual(
        call: &Call,
        Handle: WDFOBJECT,
        Tag: PVOID,
        Line: LONG,
        File: PCCH,
    ) {
        let _ = (Tag, Line, File);
        let object = call.object(Handle);
        call.dereference(&object);
    }

    pub(crate) fn WdfObjectGetTypedContextWorker(
        call: &Call,
        Handle: WDFOBJECT,
        TypeInfo: PCWDF_OBJECT_CONTEXT_TYPE_INFO,
    ) -> PVOID {
        let object = call.object(Handle);
        // SAFETY: the driver passes a context type; null was refused at the entry.
        unsafe { object.context(call, TypeInfo) }.unwrap_or(std::ptr::null_mut())
    }

    pub(crate) fn WdfObjectAllocateContext(
        call: &Call,
        Handle: WDFOBJECT,
        ContextAttributes: PWDF_OBJECT_ATTRIBUTES,
        Context: *mut PVOID,
    ) -> NTSTATUS {
        let object = call.object(Handle);
        // SAFETY: the driver passes attributes; null was refused at the entry.
        let attributes = match unsafe { Attributes::read(call, ContextAttributes) } {
            Ok(attributes) => attributes,
            Err(status) => return status,
        };
        if attributes.info.is_null() {
            return STATUS_OBJECT_NAME_INVALID;
        }
        if !object.is_alive() {
            return STATUS_DELETE_PENDING;
        }
        // SAFETY: a context type, checked above.
        let existing = unsafe { object.context(call, attributes.info) };
        let (memory, status) = match existing {
            Some(memory) => (memory, STATUS_OBJECT_NAME_EXISTS),
            None => {
                object.add_context(&attributes);
                // SAFETY: as above; it is there now.
                let memory = unsafe { object.context(call, attributes.info) };
                (memory.unwrap_or(std::ptr::null_mut()), STATUS_SUCCESS)
            }
        };
        call.give(Context, memory);
        status
    }

    pub(crate) fn WdfObjectContextGetObject(call: &Call, ContextPointer: PVOID) -> WDFOBJECT {
        for object in call.objects.all() {
            if object.owns_context(ContextPointer) {
                return object.handle();
            }
        }
        call.fatal(
            &rules::handles::WRONG_HANDLE,
            "`WdfObjectContextGetObject` was given something that is no context".to_owned(),
            Vec::new(),
        )
    }

    pub(crate) fn WdfObjectAcquireLock(call: &Call, Object: WDFOBJECT) {
        let object = call.object(Object);
        let lock = lock_of(call, &object);
        if lock.acquire(call).is_err() {
            lock_recursion(call, &object);
        }
    }

    pub(crate) fn WdfObjectReleaseLock(call: &Call, Object: WDFOBJECT) {
        let object = call.object(Object);
        let lock = lock_of(call, &object);
        if !lock.owned_by_caller(call) {
            call.fatal(
                &rules::locks::NOT_OWNER,
                format!(
                    "the presentation lock of {} was released by a thread that does not hold it",
                    object.label()
                ),
                object.history(call),
            );
        }
        lock.release(call);
    }
}

/// The presentation lock of an object; `VER4`: fatal for one that has none.
fn lock_of(call: &Call, object: &Rc<Object>) -> Rc<PresentationLock> {
    let lock = match &object.body {
        Body::Device(device) => Some(device.lock.clone()),
        Body::Queue(queue) => queue.lock.clone(),
        _ => None,
    };
    lock.unwrap_or_else(|| {
        call.fatal(
            &rules::locks::NO_LOCK,
            format!("`{}` was called for {}, which has no lock", call.entry.name, object.label()),
            object.history(call),
        )
    })
}

/// The parent that attributes name, or the driver (`OBJ4`).
pub(crate) fn parent_or_driver(call: &Call, attributes: &Attributes) -> Option<Rc<Object>> {
    if attributes.parent.is_null() {
        call.driver().and_then(|driver| driver.object())
    } else {
        Some(call.object(attributes.parent))
    }
}
