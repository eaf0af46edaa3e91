//! Creation, references, deletion and destruction (`OBJ1`).

use super::*;

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
        let object = self.objects.insert(body, driver, parent.clone());
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
        if !object.children.borrow().is_empty() {
            let children = object.children.borrow().clone();
            for child in &children {
                self.dispose(child);
            }
        }
        match &object.body {
            Body::Queue(_) => crate::framework::queue::dispose(self, &Ref::new(object.clone())),
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
                callbacks::EVT_WDF_OBJECT_CONTEXT_CLEANUP(
                    self,
                    driver,
                    "EvtCleanupCallback",
                    cleanup,
                    object.handle(),
                );
            }
        }
        object.life.set(Life::Disposed);
    }

    /// Gives up the reference that creation made, of an object and of what is below it.
    pub(crate) fn release_tree(&self, object: &Rc<Object>) {
        if !object.children.borrow().is_empty() {
            for child in object.children.take() {
                child.parent.take();
                self.release_tree(&child);
            }
        }
        self.dereference(object);
    }

    pub(crate) fn reference(&self, object: &Rc<Object>) {
        if object.references.get() == 0 {
            self.fatal(
                &rules::handles::USE_AFTER_DELETION,
                format!("{} was referenced, and it is being destroyed", object.label()),
                object.history(self),
            );
        }
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
                callbacks::EVT_WDF_OBJECT_CONTEXT_DESTROY(
                    self,
                    driver,
                    "EvtDestroyCallback",
                    destroy,
                    object.handle(),
                );
            }
        }
        self.objects.remove(object);
    }
}
