//! What the driver keeps: in the context of its driver object, because a driver that is linked runs in several machines
//! at once.

use crate::experiment::Experiment;
use crate::experiments::ALL;
use crate::notebook::Notebook;
use core::ptr::without_provenance_mut;
use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use wdk_sys::*;

/// How many requests an experiment can park.
const PARKED: usize = 64;

/// The driver's state. All zero, it is what it is at the start.
pub struct State {
    /// Whether there is a desk.
    pub desk: AtomicBool,
    /// The number of the selected experiment, and one.
    selected: AtomicUsize,
    /// What callbacks have noted.
    pub notebook: Notebook,
    kept: [AtomicUsize; KEPT],
    /// The parked requests, in order; zero where one was taken.
    parked: [AtomicUsize; PARKED],
    /// How many were parked.
    tickets: AtomicUsize,
}

/// A handle or a number that an experiment keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// The device.
    Device,
    /// The queue that `bench` makes for requests.
    Main,
    /// The manual queue that `bench` makes.
    Manual,
    /// Another queue.
    Other,
    /// An object.
    Parent,
    First,
    Second,
    Third,
    /// A number.
    Count,
    /// A number that other threads wait for.
    Gate,
}

const KEPT: usize = Kept::Gate as usize + 1;

impl State {
    /// The selected experiment.
    pub fn experiment(&self) -> Option<&'static Experiment> {
        let number = self.selected.load(Ordering::Acquire).checked_sub(1)?;
        ALL.get(number).map(|(_, experiment)| experiment)
    }

    /// Selects an experiment and forgets what the one before has left.
    pub fn select(&self, number: usize) {
        for place in self.kept.iter().chain(&self.parked).chain([&self.tickets]) {
            place.store(0, Ordering::Release);
        }
        self.notebook.clear();
        self.selected.store(number + 1, Ordering::Release);
    }
}

/// What the framework knows of the context's type.
struct Type(WDF_OBJECT_CONTEXT_TYPE_INFO);

// SAFETY: constant.
unsafe impl Sync for Type {}

static TYPE: Type = Type(WDF_OBJECT_CONTEXT_TYPE_INFO {
    Size: size_of::<WDF_OBJECT_CONTEXT_TYPE_INFO>() as ULONG,
    ContextName: c"State".as_ptr().cast(),
    ContextSize: size_of::<State>(),
    UniqueType: &raw const TYPE.0,
    EvtDriverGetUniqueContextType: None,
});

/// The attributes of the driver object.
pub fn attributes() -> WDF_OBJECT_ATTRIBUTES {
    let mut attributes = WDF_OBJECT_ATTRIBUTES::default();
    WDF_OBJECT_ATTRIBUTES_INIT(&mut attributes);
    attributes.ContextTypeInfo = &TYPE.0;
    attributes
}

/// The driver's state.
pub fn state() -> &'static State {
    let driver = binding::wdf_get_driver();
    // SAFETY: the driver object was created with a context of this type.
    let context = unsafe { WdfObjectGetTypedContextWorker(driver.cast(), &TYPE.0) };
    // SAFETY: the context has a state's size, its zeros are one, it has no other type of reference to it, and no
    // callback runs after the driver object is gone.
    unsafe { &*context.cast::<State>() }
}

/// Remembers a handle.
pub fn keep<H>(what: Kept, handle: *mut H) {
    set(what, handle.addr());
}

/// A handle that was remembered, or null.
pub fn kept<H>(what: Kept) -> *mut H {
    without_provenance_mut(get(what))
}

/// Sets a number.
pub fn set(what: Kept, value: usize) {
    state().kept[what as usize].store(value, Ordering::Release);
}

/// A number.
pub fn get(what: Kept) -> usize {
    state().kept[what as usize].load(Ordering::Acquire)
}

/// Adds to a number; what it is then.
pub fn add(what: Kept, value: isize) -> usize {
    state().kept[what as usize].fetch_add(value as usize, Ordering::AcqRel).wrapping_add_signed(value)
}

/// Keeps a request for later.
pub fn park(request: WDFREQUEST) {
    let state = state();
    let ticket = state.tickets.fetch_add(1, Ordering::AcqRel);
    state.parked[ticket].store(request.addr(), Ordering::Release);
}

/// Takes the request that was parked first.
pub fn unpark() -> Option<WDFREQUEST> {
    let mut parked = state().parked.iter().map(|place| place.swap(0, Ordering::AcqRel));
    parked.find(|&request| request != 0).map(without_provenance_mut)
}

/// Forgets a parked request; whether it was there.
pub fn forget(request: WDFREQUEST) -> bool {
    let take =
        |place: &AtomicUsize| place.compare_exchange(request.addr(), 0, Ordering::AcqRel, Ordering::Acquire);
    state().parked.iter().any(|place| take(place).is_ok())
}
