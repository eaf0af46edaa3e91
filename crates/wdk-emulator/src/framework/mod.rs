//! The model of KMDF: its objects and functions, one file per DDI header.
//!
//! Behaviour follows the facts that the project keeps about KMDF (`docs/design/kmdf.md`); a comment such as
//! `DSP2` names the fact that the code under it models.

mod buffers;
pub(crate) mod caller;
pub(crate) mod lock;
pub(crate) mod objects;
pub(crate) mod pnp;
pub(crate) mod queue;
pub(crate) mod request;
pub(crate) mod wdfdevice;
mod wdfdpc;
mod wdfdriver;
pub(crate) mod wdffileobject;
mod wdfio;
mod wdfmemory;
mod wdfobject;
mod wdfrequest;
mod wdfsync;
pub(crate) mod wdftimer;
mod wdfworkitem;

use crate::abi::Call;
use crate::kernel::Kernel;
use crate::verifier::rules;
use objects::{Is, Object, Ref};
use std::rc::Rc;
use wdk_sys::{NTSTATUS, STATUS_INFO_LENGTH_MISMATCH, ULONG, WDFOBJECT};

/// Checks the `Size` member that a driver set (`QCR1` and its like).
pub(crate) fn size_is<T>(size: ULONG) -> Result<(), NTSTATUS> {
    if size as usize == size_of::<T>() { Ok(()) } else { Err(STATUS_INFO_LENGTH_MISMATCH) }
}

/// The status of a body that fails early.
pub(crate) fn status(result: Result<(), NTSTATUS>) -> NTSTATUS {
    match result {
        Ok(()) => wdk_sys::STATUS_SUCCESS,
        Err(status) => status,
    }
}

impl Call {
    /// Writes what a function gives back, unless the driver does not want it.
    pub(crate) fn give<T>(&self, place: *mut T, value: T) {
        if !place.is_null() {
            self.writable("what it gives back", place, 1);
            // SAFETY: a driver passes null or a place for the value; null is refused at the entry where it is not
            // allowed.
            unsafe { place.write(value) };
        }
    }

    /// The object behind a handle of a certain type. A wrong handle ends the run, as it does on Windows.
    pub(crate) fn get<T: Is, H>(&self, handle: *mut H) -> Ref<T> {
        self.of_type(self.object(handle.cast()))
    }

    /// An object that must be of a certain type, and not deleted.
    #[inline]
    pub(crate) fn of_type<T: Is>(&self, object: Rc<Object>) -> Ref<T> {
        if T::of(&object.body).is_none() || object.is_disposed() {
            self.wrong_object::<T>(&object);
        }
        Ref::new(object)
    }

    #[cold]
    fn wrong_object<T: Is>(&self, object: &Rc<Object>) -> ! {
        if T::of(&object.body).is_none() {
            self.fatal(
                &rules::handles::WRONG_HANDLE,
                format!("`{}` wants a {} and was given a {}", self.entry.name, T::NAME, object.body.name()),
                object.history(self),
            );
        }
        self.fatal(
            &rules::handles::USE_AFTER_DELETION,
            format!("`{}` was given {}, which is deleted", self.entry.name, object.label()),
            object.history(self),
        )
    }

    /// The object behind any handle, deleted or not, as long as something refers to it.
    pub(crate) fn object(&self, handle: WDFOBJECT) -> Rc<Object> {
        self.objects.get(handle).unwrap_or_else(|| self.no_object(handle))
    }

    #[cold]
    fn no_object(&self, handle: WDFOBJECT) -> ! {
        match self.objects.missing(handle) {
            objects::NotFound::Deleted { label, history } => self.fatal(
                &rules::handles::USE_AFTER_DELETION,
                format!("`{}` was given {label}, which is deleted", self.entry.name),
                history,
            ),
            objects::NotFound::NoHandle => self.fatal(
                &rules::handles::WRONG_HANDLE,
                format!("`{}` was given something that is no framework handle", self.entry.name),
                Vec::new(),
            ),
        }
    }
}

impl Kernel {
    /// Stops the run for a rule that Windows enforces with or without a verifier.
    #[cold]
    pub(crate) fn fatal(
        &self,
        rule: &'static crate::verifier::Rule,
        effect: String,
        history: Vec<String>,
    ) -> ! {
        // What happened to the object last is what led here.
        let cause = history.last().cloned().unwrap_or_default();
        let mut verdict = crate::verifier::Verdict::driver_bug(self, rule, effect, cause);
        verdict.history = history;
        self.stop(verdict)
    }
}

/// A thread wants a presentation lock that it holds (`SYN3`).
pub(crate) fn lock_recursion(k: &Kernel, object: &Rc<Object>) -> ! {
    k.fatal(
        &rules::locks::RECURSIVE,
        format!("the presentation lock of {} was acquired by the thread that holds it", object.label()),
        object.history(k),
    )
}
