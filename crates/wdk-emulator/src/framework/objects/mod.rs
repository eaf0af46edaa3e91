//! Framework objects: handles, the tree, contexts, references, deletion.

use crate::abi::{Call, callbacks};
use crate::framework::queue::Queue;
use crate::framework::request::Request;
use crate::framework::wdfdevice::Device;
use crate::framework::wdfdpc::Dpc;
use crate::framework::wdfdriver::DriverObject;
use crate::framework::wdffileobject::FileObject;
use crate::framework::wdfmemory::Memory;
use crate::framework::wdfsync::{SpinLockObject, WaitLockObject};
use crate::framework::wdftimer::Timer;
use crate::framework::wdfworkitem::WorkItem;
use crate::kernel::buffer::Buffer;
use crate::kernel::driver::Driver;
use crate::kernel::irql;
use crate::kernel::{Kernel, current};
use crate::sched::lock::Event;
use crate::sched::thread::Role;
use crate::verifier::rules;
use std::borrow::Borrow as _;
use std::cell::{Cell, OnceCell, RefCell};
use std::ops::Deref;
use std::ptr::NonNull;
use std::rc::Rc;
use wdk_sys::*;

mod attributes;
mod life;
mod table;

pub(crate) use attributes::Attributes;
pub(crate) use table::{NotFound, Objects};

/// What kind of object it is, with its state.
pub(crate) enum Body {
    Driver(DriverObject),
    Device(Box<Device>),
    Queue(Box<Queue>),
    Request(Request),
    File(FileObject),
    Memory(Memory),
    SpinLock(SpinLockObject),
    WaitLock(WaitLockObject),
    Timer(Box<Timer>),
    WorkItem(WorkItem),
    Dpc(Dpc),
    /// Made by `WdfObjectCreate`.
    General,
}

impl Body {
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Driver(_) => "WDFDRIVER",
            Self::Device(_) => "WDFDEVICE",
            Self::Queue(_) => "WDFQUEUE",
            Self::Request(_) => "WDFREQUEST",
            Self::File(_) => "WDFFILEOBJECT",
            Self::Memory(_) => "WDFMEMORY",
            Self::SpinLock(_) => "WDFSPINLOCK",
            Self::WaitLock(_) => "WDFWAITLOCK",
            Self::Timer(_) => "WDFTIMER",
            Self::WorkItem(_) => "WDFWORKITEM",
            Self::Dpc(_) => "WDFDPC",
            Self::General => "WDFOBJECT",
        }
    }

    /// Objects whose cleanup runs at PASSIVE_LEVEL; deleted at raised IRQL, it is deferred to a work item.
    fn passive_cleanup(&self) -> bool {
        matches!(
            self,
            Self::Driver(_)
                | Self::Device(_)
                | Self::Queue(_)
                | Self::Timer(_)
                | Self::WorkItem(_)
                | Self::Dpc(_)
        )
    }
}

/// A type of object that a handle can stand for.
pub(crate) trait Is: Sized {
    /// The handle type.
    const NAME: &'static str;
    fn of(body: &Body) -> Option<&Self>;
}

macro_rules! kinds {
    ($( $ty:ident = $variant:ident, $name:literal; )*) => { $(
        impl Is for $ty {
            const NAME: &'static str = $name;
            fn of(body: &Body) -> Option<&Self> {
                match body { Body::$variant(this) => Some(this.borrow()), _ => None }
            }
        }
    )* };
}
kinds! {
    DriverObject = Driver, "WDFDRIVER";
    Device = Device, "WDFDEVICE";
    Queue = Queue, "WDFQUEUE";
    Request = Request, "WDFREQUEST";
    FileObject = File, "WDFFILEOBJECT";
    Memory = Memory, "WDFMEMORY";
    SpinLockObject = SpinLock, "WDFSPINLOCK";
    WaitLockObject = WaitLock, "WDFWAITLOCK";
    Timer = Timer, "WDFTIMER";
    WorkItem = WorkItem, "WDFWORKITEM";
    Dpc = Dpc, "WDFDPC";
}

/// An object known to be of one type.
///
/// # Invariants
///
/// 1. `body` is in the body of `object`, which is never replaced.
pub(crate) struct Ref<T> {
    pub(crate) object: Rc<Object>,
    body: NonNull<T>,
}

impl<T: Is> Ref<T> {
    pub(crate) fn new(object: Rc<Object>) -> Self {
        let body = NonNull::from_ref(T::of(&object.body).expect("an object of that type"));
        Self { object, body }
    }
}

impl<T> Clone for Ref<T> {
    fn clone(&self) -> Self {
        Self { object: self.object.clone(), body: self.body }
    }
}

impl<T: Is> Deref for Ref<T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        // SAFETY: invariant 1; the object is there as long as this.
        unsafe { self.body.as_ref() }
    }
}

/// How far an object's deletion is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Life {
    Alive,
    /// Its cleanup waits for PASSIVE_LEVEL.
    Deferred,
    /// Its cleanup runs.
    Deleting,
    /// Its cleanup is over. Only its contexts may be used.
    Disposed,
}

struct Context {
    info: PCWDF_OBJECT_CONTEXT_TYPE_INFO,
    size: usize,
    memory: OnceCell<Buffer>,
    cleanup: PFN_WDF_OBJECT_CONTEXT_CLEANUP,
    destroy: PFN_WDF_OBJECT_CONTEXT_DESTROY,
}

impl Context {
    /// Its memory, zeroed, which is there from the first time that somebody asks for it.
    fn memory(&self) -> PVOID {
        self.memory.get_or_init(|| Buffer::filled(self.size, 0)).pointer().cast()
    }
}

/// What happened to an object: when, what, and the number of the thread that did it.
type History = Vec<(u64, &'static str, u32)>;

/// Events that are remembered of an object.
const EVENTS: usize = 16;

/// Makes room for an event: the first and the last ones are kept.
#[cold]
fn make_room(history: &mut History) {
    if history.len() == EVENTS {
        history.remove(1);
    } else {
        history.reserve(4);
    }
}

/// A history in words.
fn describe(label: &str, events: &History) -> Vec<String> {
    events
        .iter()
        .map(|&(time, what, thread)| {
            let who = if thread == u32::MAX { String::new() } else { format!(" by thread {thread}") };
            format!("{label} {what}{who} at {}.{:07}", time / 10_000_000, time % 10_000_000)
        })
        .collect()
}

/// A framework object.
pub(crate) struct Object {
    pub(crate) number: u32,
    handle: usize,
    pub(crate) driver: Option<Rc<Driver>>,
    references: Cell<u32>,
    life: Cell<Life>,
    parent: RefCell<Option<Rc<Object>>>,
    children: RefCell<Vec<Rc<Object>>>,
    contexts: RefCell<Vec<Context>>,
    history: RefCell<History>,
    pub(crate) body: Body,
}

impl Object {
    /// A new object, where one was that is gone, if nobody refers to that any more. Its lists are empty.
    fn place(
        old: Option<Rc<Self>>,
        number: u32,
        handle: usize,
        body: Body,
        driver: Option<Rc<Driver>>,
        parent: Option<Rc<Self>>,
    ) -> Rc<Self> {
        if let Some(mut object) = old
            && let Some(place) = Rc::get_mut(&mut object)
        {
            place.number = number;
            place.handle = handle;
            place.driver = driver;
            place.references.set(1);
            place.life.set(Life::Alive);
            *place.parent.get_mut() = parent;
            place.body = body;
            return object;
        }
        Rc::new(Self {
            number,
            handle,
            driver,
            references: Cell::new(1),
            life: Cell::new(Life::Alive),
            parent: RefCell::new(parent),
            children: RefCell::default(),
            contexts: RefCell::default(),
            history: RefCell::default(),
            body,
        })
    }

    /// Whether its cleanup, or that of something below it, must run at PASSIVE_LEVEL.
    fn needs_passive_cleanup(&self) -> bool {
        self.body.passive_cleanup()
            || self.children.borrow().iter().any(|child| child.needs_passive_cleanup())
    }

    /// The handle that drivers know it by.
    pub(crate) fn handle<H>(&self) -> *mut H {
        std::ptr::without_provenance_mut(self.handle)
    }

    /// How traces and verdicts call it.
    pub(crate) fn label(&self) -> String {
        format!("{} {}", self.body.name(), self.number)
    }

    pub(crate) fn is_alive(&self) -> bool {
        self.life.get() == Life::Alive
    }

    /// Its cleanup is over: only contexts and references may be used.
    pub(crate) fn is_disposed(&self) -> bool {
        self.life.get() == Life::Disposed
    }

    pub(crate) fn references(&self) -> u32 {
        self.references.get()
    }

    pub(crate) fn parent(&self) -> Option<Rc<Object>> {
        self.parent.borrow().clone()
    }

    /// The nearest object of a type, from this one upwards.
    pub(crate) fn nearest<T: Is>(self: &Rc<Self>) -> Option<Ref<T>> {
        let mut object = Some(self.clone());
        while let Some(this) = object {
            if T::of(&this.body).is_some() {
                return Some(Ref::new(this));
            }
            object = this.parent();
        }
        None
    }

    /// Remembers an event for verdicts.
    pub(crate) fn note(&self, k: &Kernel, what: &'static str) {
        let event = (k.now(), what, k.thread_number().unwrap_or(u32::MAX));
        {
            let mut history = self.history.borrow_mut();
            if history.len() == history.capacity() || history.len() == EVENTS {
                make_room(&mut history);
            }
            history.push(event);
        }
        k.trace.event(k, || format!("  {} {what}", self.label()));
    }

    /// What happened to it, in words.
    pub(crate) fn history(&self, _k: &Kernel) -> Vec<String> {
        describe(&self.label(), &self.history.borrow())
    }

    /// Adds a context.
    pub(crate) fn add_context(&self, attributes: &Attributes) {
        self.contexts.borrow_mut().push(Context {
            info: attributes.info,
            size: attributes.size,
            memory: OnceCell::new(),
            cleanup: attributes.cleanup,
            destroy: attributes.destroy,
        });
    }

    /// Whether a pointer is one of its contexts.
    pub(crate) fn owns_context(&self, pointer: PVOID) -> bool {
        let contexts = self.contexts.borrow();
        let mut memories = contexts.iter().filter_map(|context| context.memory.get());
        memories.any(|memory| std::ptr::addr_eq(memory.pointer(), pointer))
    }

    /// The context of a type.
    ///
    /// # Safety
    ///
    /// `info` points to a context type.
    pub(crate) unsafe fn context(&self, call: &Call, info: PCWDF_OBJECT_CONTEXT_TYPE_INFO) -> Option<PVOID> {
        // SAFETY: as the caller promises.
        let unique = unsafe { (*info).UniqueType };
        let wanted = if unique.is_null() { info } else { unique };
        let contexts = self.contexts.borrow();
        let found = contexts.iter().find(|context| {
            if context.info.is_null() {
                return false;
            }
            if std::ptr::eq(context.info, info) {
                return true;
            }
            call.readable("the type of one of the object's contexts", context.info, 1);
            // SAFETY: a context type is a static of the driver, which is loaded while its objects exist.
            let unique = unsafe { (*context.info).UniqueType };
            std::ptr::eq(if unique.is_null() { context.info } else { unique }, wanted)
        })?;
        Some(found.memory())
    }
}
