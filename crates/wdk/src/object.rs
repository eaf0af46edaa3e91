//! What all framework objects share: context memory, references.
//!
//! DDI header: `wdfobject.h`.
//!
//! The framework allocates an object's context with the object, zeroed and aligned to 16 bytes, and keeps it until
//! the object is destroyed. Here a context starts with a [`Head`], for which zeroes mean "not set up yet"; what
//! else is in it is believed only when the head says so.

use crate::irql::ceiling;
use core::cell::UnsafeCell;
use core::ffi::c_void;
use core::mem::MaybeUninit;
use core::ptr::NonNull;
use core::sync::atomic::{AtomicU8, Ordering};
use wdk_sys::{WDF_OBJECT_ATTRIBUTES, WDF_OBJECT_CONTEXT_TYPE_INFO, WDFOBJECT};

ceiling!(
    WdfObjectGetTypedContextWorker <= Dispatch,
    WdfObjectReferenceActual <= Dispatch,
    WdfObjectDereferenceActual <= Dispatch,
    WdfObjectDelete <= Dispatch,
);

/// A context type, one for each kind of object. Generic contexts of one kind share it: their size is given with
/// each object.
pub(crate) struct ContextType(WDF_OBJECT_CONTEXT_TYPE_INFO);

// SAFETY: the framework and the driver only read it.
unsafe impl Sync for ContextType {}

macro_rules! context_types {
    ($( $name:ident = $text:literal; )*) => { $(
        pub(crate) static $name: ContextType = ContextType(WDF_OBJECT_CONTEXT_TYPE_INFO {
            Size: size_of::<WDF_OBJECT_CONTEXT_TYPE_INFO>() as u32,
            ContextName: $text.as_ptr(),
            ContextSize: 1,
            UniqueType: &raw const $name.0,
            EvtDriverGetUniqueContextType: None,
        });
    )* };
}
context_types! {
    DEVICE = c"wdk::DeviceRef";
    QUEUE = c"wdk::QueueRef";
    REQUEST = c"wdk::Request";
    TIMER = c"wdk::Timer";
    WORK_ITEM = c"wdk::WorkItem";
    FILE = c"wdk::FileRef";
    DPC = c"wdk::Dpc";
    DPC_GATE = c"wdk::dpc::Gate";
}

impl ContextType {
    /// Attributes of an object with a context of type `T`.
    pub(crate) fn attributes<T>(&'static self) -> WDF_OBJECT_ATTRIBUTES {
        const {
            assert!(align_of::<T>() <= 16, "context memory is aligned to 16 bytes at most");
        }
        self.attributes_with(size_of::<T>().max(1))
    }

    /// Not generic and not inlined, so that images have it once.
    #[inline(never)]
    fn attributes_with(&'static self, size: usize) -> WDF_OBJECT_ATTRIBUTES {
        let mut attributes = WDF_OBJECT_ATTRIBUTES::default();
        wdk_sys::WDF_OBJECT_ATTRIBUTES_INIT(&mut attributes);
        attributes.ContextTypeInfo = (&raw const self.0).cast_mut();
        attributes.ContextSizeOverride = size;
        attributes
    }

    /// The context of an object, if it has one of this type.
    ///
    /// # Safety
    ///
    /// The handle is of an object that is not destroyed during `'a`. `T` is what its attributes were made for, or
    /// the first member of that; the zero pattern is a value of it, and all that changes in it is atomic or in an
    /// `UnsafeCell`.
    pub(crate) unsafe fn of<'a, T>(&'static self, object: WDFOBJECT) -> Option<&'a T> {
        // SAFETY: as the caller promises.
        let context = unsafe { self.pointer::<T>(object) };
        // SAFETY: context memory, which lives as long as the object and began as zeroes.
        context.map(|context| unsafe { context.as_ref() })
    }

    /// As [`of`](Self::of), as a pointer to the whole context, of which `T` may be the start.
    ///
    /// # Safety
    ///
    /// The handle is of an object that is not destroyed.
    pub(crate) unsafe fn pointer<T>(&'static self, object: WDFOBJECT) -> Option<NonNull<T>> {
        // SAFETY: as the caller promises.
        NonNull::new(unsafe { self.start(object) }.cast())
    }

    /// The start of the context, or null. Not generic and not inlined, so that images have it once.
    ///
    /// # Safety
    ///
    /// The handle is of an object that is not destroyed.
    #[inline(never)]
    unsafe fn start(&'static self, object: WDFOBJECT) -> *mut c_void {
        // SAFETY: as the caller promises; the type is a static.
        unsafe { wdk_sys::WdfObjectGetTypedContextWorker(object, (&raw const self.0).cast_mut()) }
    }
}

/// The start of a context. `F` is what is known of the object once it is created; the zero pattern is a value.
///
/// # Invariants
///
/// 1. The state only grows. From `CREATED` on the facts are written and stay as they are.
/// 2. From `READY` on, the user's value in the context is initialised, until the destroy callback.
#[repr(C)]
pub(crate) struct Head<F> {
    state: AtomicU8,
    facts: UnsafeCell<MaybeUninit<F>>,
}

const CREATED: u8 = 1;
const READY: u8 = 2;

impl<F> Head<F> {
    /// Writes the facts.
    ///
    /// # Safety
    ///
    /// Called once for the object.
    pub(crate) unsafe fn publish(&self, facts: F) {
        // SAFETY: nobody reads the facts before the state says `CREATED`, and nobody else writes them.
        unsafe { self.facts.get().cast::<F>().write(facts) };
        self.state.store(CREATED, Ordering::Release);
    }

    /// Says that the user's value is in place.
    ///
    /// # Safety
    ///
    /// It is, and the facts are published.
    pub(crate) unsafe fn set_ready(&self) {
        self.state.store(READY, Ordering::Release);
    }

    #[inline]
    pub(crate) fn facts(&self) -> Option<&F> {
        if self.state.load(Ordering::Acquire) < CREATED {
            return None;
        }
        // SAFETY: invariant 1: the facts are written, and stay.
        Some(unsafe { &*self.facts.get().cast::<F>() })
    }

    /// The facts, without a look at the state.
    ///
    /// # Safety
    ///
    /// They are published.
    #[inline]
    pub(crate) unsafe fn known(&self) -> &F {
        debug_assert!(self.state.load(Ordering::Acquire) >= CREATED, "the facts are not published");
        // SAFETY: written, as the caller promises, and they stay.
        unsafe { &*self.facts.get().cast::<F>() }
    }

    #[inline]
    pub(crate) fn is_ready(&self) -> bool {
        self.state.load(Ordering::Acquire) >= READY
    }
}

/// Adds a reference, so that the object's memory and context stay.
///
/// # Safety
///
/// The object is not destroyed.
pub(crate) unsafe fn reference(object: *mut c_void) {
    // SAFETY: as the caller promises; the tag is for debuggers only.
    unsafe {
        wdk_sys::WdfObjectReferenceActual(object, core::ptr::null_mut(), line!() as i32, c"wdk".as_ptr())
    };
}

/// Gives a reference up.
///
/// # Safety
///
/// It came from [`reference`] and is not used again.
pub(crate) unsafe fn dereference(object: *mut c_void) {
    // SAFETY: as the caller promises; the tag is the one of `reference`.
    unsafe {
        wdk_sys::WdfObjectDereferenceActual(object, core::ptr::null_mut(), line!() as i32, c"wdk".as_ptr())
    };
}

/// Deletes an object that this driver created.
///
/// # Safety
///
/// The object may be deleted and was not; its handle is not used again without a reference.
pub(crate) unsafe fn delete(object: *mut c_void) {
    // SAFETY: an object that the caller may delete.
    unsafe { wdk_sys::WdfObjectDelete(object) };
}
