//! The table of objects, and the handles that stand for them.

use super::*;

/// The objects of a machine, by handle.
#[derive(Default)]
pub(crate) struct Objects {
    slots: RefCell<Vec<Slot>>,
    free: RefCell<Vec<usize>>,
    created: Cell<u32>,
    /// Cleanups that wait for a worker.
    pub(super) deferred: Cell<u32>,
    pub(super) flushed: Event,
    pub(crate) inits: crate::framework::wdfdevice::Inits,
}

#[derive(Default)]
struct Slot {
    /// The handle of the object that is here, or was last.
    handle: usize,
    object: Option<Rc<Object>>,
    /// What was here last, and what happened to it.
    last: Last,
    /// The request that was here last, for the next one: most objects are short-lived requests.
    spare: Option<Rc<Object>>,
}

/// An object that is gone; one without a name when there was none.
#[derive(Default)]
struct Last {
    name: &'static str,
    number: u32,
    history: History,
}

/// Why a handle stands for nothing.
pub(crate) enum NotFound {
    NoHandle,
    /// It did once.
    Deleted {
        label: String,
        history: Vec<String>,
    },
}

const GENERATION_SHIFT: u32 = 32;

/// The place of a handle in the table, or one that is not in it.
fn index_of(handle: usize) -> usize {
    ((handle & 0xFFFF_FFFF) >> 4).wrapping_sub(1)
}

impl Objects {
    /// Puts a new object into the table.
    pub(super) fn insert(
        &self,
        body: Body,
        driver: Option<Rc<Driver>>,
        parent: Option<Rc<Object>>,
    ) -> Rc<Object> {
        let mut slots = self.slots.borrow_mut();
        let index = self.free.borrow_mut().pop().unwrap_or_else(|| {
            slots.push(Slot::default());
            slots.len() - 1
        });
        let number = self.created.get() + 1;
        self.created.set(number);
        let slot = &mut slots[index];
        let generation = (slot.handle >> GENERATION_SHIFT) + 1;
        slot.handle = generation << GENERATION_SHIFT | (index + 1) << 4;
        let object = Object::place(slot.spare.take(), number, slot.handle, body, driver, parent);
        slot.object = Some(object.clone());
        object
    }

    /// Takes a destroyed object out of the table; its handle stands for nothing from now on.
    pub(super) fn remove(&self, object: &Rc<Object>) {
        let index = index_of(object.handle);
        let slot = &mut self.slots.borrow_mut()[index];
        let this = slot.object.take();
        slot.last.name = object.body.name();
        slot.last.number = object.number;
        let mut history = object.history.borrow_mut();
        std::mem::swap(&mut slot.last.history, &mut history);
        history.clear();
        object.contexts.borrow_mut().clear();
        if matches!(object.body, Body::Request(_)) {
            slot.spare = this;
        }
        self.free.borrow_mut().push(index);
    }

    /// The object that a handle stands for.
    #[inline]
    pub(crate) fn get(&self, handle: WDFOBJECT) -> Option<Rc<Object>> {
        let slots = self.slots.borrow();
        let slot = slots.get(index_of(handle.addr()))?;
        if slot.handle == handle.addr() { slot.object.clone() } else { None }
    }

    /// Why a handle stands for nothing.
    #[cold]
    pub(crate) fn missing(&self, handle: WDFOBJECT) -> NotFound {
        let value = handle.addr();
        let slots = self.slots.borrow();
        let slot = match slots.get(index_of(value)) {
            Some(slot) if value & 0xF == 0 && value >> GENERATION_SHIFT != 0 => slot,
            _ => return NotFound::NoHandle,
        };
        if value >> GENERATION_SHIFT > slot.handle >> GENERATION_SHIFT {
            return NotFound::NoHandle;
        }
        let Last { name, number, history } = &slot.last;
        if name.is_empty() {
            return NotFound::Deleted { label: "an object".to_owned(), history: Vec::new() };
        }
        let label = format!("{name} {number}");
        let history = describe(&label, history);
        NotFound::Deleted { label, history }
    }

    /// Lets go of objects that wait to be used again: they refer to their driver.
    pub(crate) fn forget_spares(&self) {
        for slot in self.slots.borrow_mut().iter_mut() {
            slot.spare = None;
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
