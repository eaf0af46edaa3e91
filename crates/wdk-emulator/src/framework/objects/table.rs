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
    generation: usize,
    object: Option<Rc<Object>>,
    /// What was here last, and what happened to it.
    last: Option<(&'static str, u32, History)>,
    spare: Lists,
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

impl Objects {
    /// Puts an object into the table. `make` gets its number and its handle.
    pub(super) fn insert(&self, make: impl FnOnce(u32, usize, Lists) -> Rc<Object>) -> Rc<Object> {
        let mut slots = self.slots.borrow_mut();
        let index = self.free.borrow_mut().pop().unwrap_or_else(|| {
            slots.push(Slot::default());
            slots.len() - 1
        });
        let number = self.created.get() + 1;
        self.created.set(number);
        let slot = &mut slots[index];
        slot.generation += 1;
        let handle = slot.generation << GENERATION_SHIFT | (index + 1) << 4;
        let object = make(number, handle, std::mem::take(&mut slot.spare));
        slot.object = Some(object.clone());
        object
    }

    /// Takes a destroyed object out of the table; its handle stands for nothing from now on.
    pub(super) fn remove(&self, object: &Object) {
        let index = ((object.handle & 0xFFFF_FFFF) >> 4) - 1;
        let slot = &mut self.slots.borrow_mut()[index];
        slot.object = None;
        slot.spare.contexts = object.contexts.take();
        slot.spare.contexts.clear();
        let last = slot.last.replace((object.body.name(), object.number, object.history.take()));
        if let Some((.., mut history)) = last {
            history.clear();
            slot.spare.history = history;
        }
        self.free.borrow_mut().push(index);
    }

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
