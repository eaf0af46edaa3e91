//! Framework objects: handles, the tree, contexts, references, deletion.

use super::queue::Queue;
use super::request::Request;
use super::wdfdevice::Device;
use super::wdfdpc::Dpc;
use super::wdfdriver::DriverObject;
use super::wdffileobject::FileObject;
use super::wdfmemory::Memory;
use super::wdfsync::{SpinLockObject, WaitLockObject};
use super::wdftimer::Timer;
use super::wdfworkitem::WorkItem;
use crate::kernel::irql;
use crate::abi::callbacks;
use crate::kernel::driver::Driver;
use crate::kernel::{Kernel, current};
use crate::sched::lock::Event;
use crate::sched::thread::Role;
use crate::verifier::rules;
use std::cell::{Cell, RefCell};
use std::marker::PhantomData;
use std::ops::Deref;
use std::rc::Rc;
use wdk_sys::*;

/// What kind of object it is, with its state.
pub(crate) enum Body {
    Driver(DriverObject),
    Device(Device),
    Queue(Queue),
    Request(Request),
    File(FileObject),
    Memory(Memory),
    SpinLock(SpinLockObject),
    WaitLock(WaitLockObject),
    Timer(Timer),
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
        matches!(self, Self::Driver(_) | Self::Device(_) | Self::Queue(_) | Self::Timer(_) | Self::WorkItem(_) | Self::Dpc(_))
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
                match body { Body::$variant(this) => Some(this), _ => None }
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
pub(crate) struct Ref<T> {
    pub(crate) object: Rc<Object>,
    _type: PhantomData<T>,
}

impl<T: Is> Ref<T> {
    pub(crate) fn new(object: Rc<Object>) -> Self {
        debug_assert!(T::of(&object.body).is_some());
        Self { object, _type: PhantomData }
    }
}

impl<T> Clone for Ref<T> {
    fn clone(&self) -> Self {
        Self { object: self.object.clone(), _type: PhantomData }
    }
}

impl<T: Is> Deref for Ref<T> {
    type Target = T;

    fn deref(&self) -> &T {
        T::of(&self.object.body).expect("checked when the reference was made")
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
    memory: Box<[u128]>,
    cleanup: PFN_WDF_OBJECT_CONTEXT_CLEANUP,
    destroy: PFN_WDF_OBJECT_CONTEXT_DESTROY,
}

/// What happened to an object: when, what, and the number of the thread that did it.
type History = Vec<(u64, &'static str, u32)>;

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

/// The objects of a machine, by handle.
#[derive(Default)]
pub(crate) struct Objects {
    slots: RefCell<Vec<Slot>>,
    free: RefCell<Vec<usize>>,
    created: Cell<u32>,
    /// Cleanups that wait for a worker.
    deferred: Cell<u32>,
    flushed: Event,
    pub(crate) inits: super::wdfdevice::Inits,
}

#[derive(Default)]
struct Slot {
    generation: usize,
    object: Option<Rc<Object>>,
    /// What was here last, and what happened to it.
    last: Option<(&'static str, u32, History)>,
}

/// Why a handle stands for nothing.
pub(crate) enum NotFound {
    NoHandle,
    /// It did once.
    Deleted { label: String, history: Vec<String> },
}

const GENERATION_SHIFT: u32 = 32;

impl Objects {
    pub(crate) fn find(&self, handle: WDFOBJECT) -> Result<Rc<Object>, NotFound> {
        let value = handle.addr();
        let (generation, index) = (value >> GENERATION_SHIFT, (value & 0xFFFF_FFFF) >> 4);
        let slots = self.slots.borrow();
        let slot = match index.checked_sub(1).and_then(|index| slots.get(index)) {
            Some(slot) if value & 0xF == 0 && generation != 0 => slot,
            _ => return Err(NotFound::NoHandle),
        };
        match &slot.object {
            Some(object) if slot.generation == generation => Ok(object.clone()),
            _ if generation > slot.generation => Err(NotFound::NoHandle),
            _ => Err(match &slot.last {
                Some((name, number, history)) => {
                    let label = format!("{name} {number}");
                    let history = describe(&label, history);
                    NotFound::Deleted { label, history }
                }
                None => NotFound::Deleted { label: "an object".to_owned(), history: Vec::new() },
            }),
        }
    }

    /// Objects that are there, in the order of their handles.
    pub(crate) fn all(&self) -> Vec<Rc<Object>> {
        self.slots.borrow().iter().filter_map(|slot| slot.object.clone()).collect()
    }

    /// Forgets everything, without callbacks: the machine is going away.
    pub(crate) fn clear(&self) {
        for slot in self.slots.take() {
            if let Some(object) = slot.object {
                object.parent.take();
                object.children.take();
                match &object.body {
                    Body::Device(device) => device.forget(),
                    Body::Request(request) => request.forget(),
                    Body::Queue(queue) => queue.forget(),
                    _ => {}
                }
            }
        }
    }
}

/// What `WDF_OBJECT_ATTRIBUTES` say, after checks.
#[derive(Clone, Copy)]
pub(crate) struct Attributes {
    pub(crate) cleanup: PFN_WDF_OBJECT_CONTEXT_CLEANUP,
    pub(crate) destroy: PFN_WDF_OBJECT_CONTEXT_DESTROY,
    pub(crate) execution_level: WDF_EXECUTION_LEVEL,
    pub(crate) scope: WDF_SYNCHRONIZATION_SCOPE,
    pub(crate) parent: WDFOBJECT,
    pub(crate) info: PCWDF_OBJECT_CONTEXT_TYPE_INFO,
    pub(crate) size: usize,
}

impl Attributes {
    pub(crate) const NONE: Self = Self {
        cleanup: None,
        destroy: None,
        execution_level: _WDF_EXECUTION_LEVEL::WdfExecutionLevelInheritFromParent,
        scope: _WDF_SYNCHRONIZATION_SCOPE::WdfSynchronizationScopeInheritFromParent,
        parent: std::ptr::null_mut(),
        info: std::ptr::null(),
        size: 0,
    };

    /// Reads a driver's attributes.
    ///
    /// # Safety
    ///
    /// The pointer is null, or the driver passed it for attributes.
    pub(crate) unsafe fn read(attributes: PWDF_OBJECT_ATTRIBUTES) -> Result<Self, NTSTATUS> {
        if attributes.is_null() {
            return Ok(Self::NONE);
        }
        // SAFETY: as the caller promises.
        let a = unsafe { &*attributes };
        super::size_is::<WDF_OBJECT_ATTRIBUTES>(a.Size)?;
        let mut size = 0;
        if !a.ContextTypeInfo.is_null() {
            // SAFETY: a context type is a static of the driver.
            size = unsafe { (*a.ContextTypeInfo).ContextSize };
            if a.ContextSizeOverride != 0 {
                if a.ContextSizeOverride < size {
                    return Err(STATUS_INVALID_PARAMETER);
                }
                size = a.ContextSizeOverride;
            }
        } else if a.ContextSizeOverride != 0 {
            return Err(STATUS_OBJECT_NAME_INVALID);
        }
        Ok(Self {
            cleanup: a.EvtCleanupCallback,
            destroy: a.EvtDestroyCallback,
            execution_level: a.ExecutionLevel,
            scope: a.SynchronizationScope,
            parent: a.ParentObject,
            info: a.ContextTypeInfo,
            size,
        })
    }

    /// `OBJ3`: level and scope may be set for drivers, devices, queues and a few others only.
    pub(crate) fn inherits_level_and_scope(&self) -> Result<(), NTSTATUS> {
        if self.execution_level != _WDF_EXECUTION_LEVEL::WdfExecutionLevelInheritFromParent {
            return Err(STATUS_WDF_EXECUTION_LEVEL_INVALID);
        }
        if self.scope != _WDF_SYNCHRONIZATION_SCOPE::WdfSynchronizationScopeInheritFromParent {
            return Err(STATUS_WDF_SYNCHRONIZATION_SCOPE_INVALID);
        }
        Ok(())
    }
}

impl Kernel {
    /// Creates an object with one reference, which deleting it gives up.
    pub(crate) fn create(
        &self,
        body: Body,
        driver: Option<Rc<Driver>>,
        parent: Option<Rc<Object>>,
        attributes: &Attributes,
    ) -> Result<Rc<Object>, NTSTATUS> {
        if let Some(parent) = &parent
            && parent.life.get() != Life::Alive
        {
            return Err(STATUS_DELETE_PENDING);
        }
        let objects = &self.objects;
        let index = objects.free.borrow_mut().pop().unwrap_or_else(|| {
            let mut slots = objects.slots.borrow_mut();
            slots.push(Slot::default());
            slots.len() - 1
        });
        let number = objects.created.get() + 1;
        objects.created.set(number);
        let object = {
            let mut slots = objects.slots.borrow_mut();
            let slot = &mut slots[index];
            slot.generation += 1;
            let object = Rc::new(Object {
                number,
                handle: slot.generation << GENERATION_SHIFT | (index + 1) << 4,
                driver,
                references: Cell::new(1),
                life: Cell::new(Life::Alive),
                parent: RefCell::new(parent.clone()),
                children: RefCell::default(),
                contexts: RefCell::default(),
                history: RefCell::default(),
                body,
            });
            slot.object = Some(object.clone());
            object
        };
        if let Some(parent) = parent {
            parent.children.borrow_mut().push(object.clone());
        }
        if !attributes.info.is_null() || attributes.cleanup.is_some() || attributes.destroy.is_some() {
            object.add_context(attributes);
        }
        object.note(self, "created");
        Ok(object)
    }

    /// Deletes an object: cleanup of its children and its own, then release, then destruction of whatever
    /// nothing refers to any more (`OBJ1`).
    pub(crate) fn delete(&self, object: &Rc<Object>) {
        if object.life.get() != Life::Alive {
            return;
        }
        // A parent that is going deletes its children itself; otherwise it must not do it, too.
        if let Some(parent) = object.parent() {
            if parent.life.get() > Life::Deferred {
                return;
            }
            parent.children.borrow_mut().retain(|child| !Rc::ptr_eq(child, object));
        }
        object.note(self, "deleted");
        if self.irql() > irql::PASSIVE && object.needs_passive_cleanup() {
            object.life.set(Life::Deferred);
            self.objects.deferred.set(self.objects.deferred.get() + 1);
            let object = object.clone();
            self.start_thread(Role::Worker, "deferred cleanup", move || {
                let k = current();
                k.delete_now(&object);
                k.objects.deferred.set(k.objects.deferred.get() - 1);
                k.objects.flushed.set(k);
            });
            return;
        }
        self.delete_now(object);
    }

    fn delete_now(&self, object: &Rc<Object>) {
        self.dispose(object);
        object.parent.take();
        self.release_tree(object);
    }

    /// Waits for cleanups that were deferred, as a removal and an unload do.
    pub(crate) fn flush_deferred_cleanup(&self) {
        while self.objects.deferred.get() > 0 {
            self.objects.flushed.clear();
            self.objects.flushed.wait(self, "the cleanup of deleted objects");
        }
    }

    /// Runs the cleanup of an object and of what is below it.
    pub(crate) fn dispose(&self, object: &Rc<Object>) {
        if object.life.get() > Life::Deferred {
            return;
        }
        object.life.set(Life::Deleting);
        let children = object.children.borrow().clone();
        for child in &children {
            self.dispose(child);
        }
        match &object.body {
            Body::Queue(_) => super::queue::dispose(self, &Ref::new(object.clone())),
            Body::Timer(timer) => timer.dispose(self),
            Body::WorkItem(item) => item.dispose(self),
            Body::Dpc(dpc) => dpc.dispose(self),
            _ => {}
        }
        for index in 0.. {
            let cleanup = match object.contexts.borrow().get(index) {
                Some(context) => context.cleanup,
                None => break,
            };
            if let (Some(cleanup), Some(driver)) = (cleanup, &object.driver) {
                callbacks::EVT_WDF_OBJECT_CONTEXT_CLEANUP(self, driver, "EvtCleanupCallback", cleanup, object.handle());
            }
        }
        object.life.set(Life::Disposed);
    }

    /// Gives up the reference that creation made, of an object and of what is below it.
    pub(crate) fn release_tree(&self, object: &Rc<Object>) {
        for child in object.children.take() {
            child.parent.take();
            self.release_tree(&child);
        }
        self.dereference(object);
    }

    pub(crate) fn reference(&self, object: &Rc<Object>) {
        object.references.set(object.references.get() + 1);
    }

    /// Gives up a reference; the last one destroys the object.
    pub(crate) fn dereference(&self, object: &Rc<Object>) {
        let left = object.references.get() - 1;
        object.references.set(left);
        if left > 0 {
            return;
        }
        if object.life.get() != Life::Disposed {
            self.fatal(
                &rules::objects::FREED_WHILE_ALIVE,
                format!("the last reference to {} was given up, and nobody deleted it", object.label()),
                object.history(self),
            );
        }
        self.destroy(object);
    }

    fn destroy(&self, object: &Rc<Object>) {
        for index in 0.. {
            let destroy = match object.contexts.borrow().get(index) {
                Some(context) => context.destroy,
                None => break,
            };
            if let (Some(destroy), Some(driver)) = (destroy, &object.driver) {
                callbacks::EVT_WDF_OBJECT_CONTEXT_DESTROY(self, driver, "EvtDestroyCallback", destroy, object.handle());
            }
        }
        object.contexts.borrow_mut().clear();
        let index = ((object.handle & 0xFFFF_FFFF) >> 4) - 1;
        let slot = &mut self.objects.slots.borrow_mut()[index];
        slot.object = None;
        slot.last = Some((object.body.name(), object.number, object.history.take()));
        self.objects.free.borrow_mut().push(index);
    }
}

impl Object {
    /// Whether its cleanup, or that of something below it, must run at PASSIVE_LEVEL.
    fn needs_passive_cleanup(&self) -> bool {
        self.body.passive_cleanup() || self.children.borrow().iter().any(|child| child.needs_passive_cleanup())
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
        let thread = if k.on_thread() { k.thread().number } else { u32::MAX };
        let mut history = self.history.borrow_mut();
        if history.len() == 16 {
            history.remove(1);
        }
        history.push((k.now(), what, thread));
        drop(history);
        k.trace.event(k, || format!("  {} {what}", self.label()));
    }

    /// What happened to it, in words.
    pub(crate) fn history(&self, _k: &Kernel) -> Vec<String> {
        describe(&self.label(), &self.history.borrow())
    }

    /// Adds a context and returns its memory, zeroed.
    pub(crate) fn add_context(&self, attributes: &Attributes) -> PVOID {
        let words = attributes.size.div_ceil(size_of::<u128>());
        let mut memory = vec![0u128; words].into_boxed_slice();
        let pointer = memory.as_mut_ptr();
        self.contexts.borrow_mut().push(Context {
            info: attributes.info,
            memory,
            cleanup: attributes.cleanup,
            destroy: attributes.destroy,
        });
        pointer.cast()
    }

    /// Whether a pointer is one of its contexts.
    pub(crate) fn owns_context(&self, pointer: PVOID) -> bool {
        self.contexts.borrow().iter().any(|context| std::ptr::addr_eq(context.memory.as_ptr(), pointer))
    }

    /// The context of a type.
    ///
    /// # Safety
    ///
    /// `info` points to a context type.
    pub(crate) unsafe fn context(&self, info: PCWDF_OBJECT_CONTEXT_TYPE_INFO) -> Option<PVOID> {
        // SAFETY: as the caller promises.
        let unique = unsafe { (*info).UniqueType };
        let wanted = if unique.is_null() { info } else { unique };
        let mut contexts = self.contexts.borrow_mut();
        let found = contexts.iter_mut().find(|context| {
            if context.info.is_null() {
                return false;
            }
            // SAFETY: a context type is a static of the driver, which is loaded while its objects exist.
            let unique = unsafe { (*context.info).UniqueType };
            std::ptr::eq(if unique.is_null() { context.info } else { unique }, wanted)
        })?;
        Some(found.memory.as_mut_ptr().cast())
    }
}
