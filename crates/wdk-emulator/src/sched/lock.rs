//! Spin locks and mutexes as the model uses them, for itself and for the locks that drivers see.

use super::thread::Thread;
use crate::kernel::irql::DISPATCH;
use crate::kernel::{Kernel, current};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

/// A spin lock: raises the IRQL to DISPATCH_LEVEL while it is held.
#[derive(Default)]
pub(crate) struct SpinLock {
    /// Number of the thread that holds it.
    owner: Cell<Option<u32>>,
    /// IRQL to restore, kept in the lock as the framework does.
    saved: Cell<u8>,
}

/// The calling thread already holds the lock.
pub(crate) struct Recursion;

impl SpinLock {
    #[inline]
    pub(crate) fn owned_by_caller(&self, k: &Kernel) -> bool {
        self.owner.get() == Some(k.thread().number)
    }

    /// Acquires the lock, spinning while another processor holds it.
    pub(crate) fn acquire(&self, k: &Kernel) -> Result<(), Recursion> {
        if self.owned_by_caller(k) {
            return Err(Recursion);
        }
        k.counts.locks.add_one();
        let previous = k.irql();
        if previous < DISPATCH {
            k.set_irql(DISPATCH);
        }
        while self.owner.get().is_some() {
            k.spin("a spin lock");
        }
        self.owner.set(Some(k.thread().number));
        self.saved.set(previous);
        Ok(())
    }

    /// Releases the lock and restores the IRQL that `acquire` found.
    pub(crate) fn release(&self, k: &Kernel) {
        self.owner.take();
        k.set_irql(self.saved.get());
    }
}

/// A mutex that threads wait for (a fast mutex, in a critical region).
#[derive(Default)]
pub(crate) struct Mutex {
    /// Number of the thread that holds it.
    owner: Cell<Option<u32>>,
    waiters: RefCell<VecDeque<Rc<Thread>>>,
}

impl Mutex {
    pub(crate) fn owned_by_caller(&self, k: &Kernel) -> bool {
        self.owner.get() == Some(k.thread().number)
    }

    pub(crate) fn is_held(&self) -> bool {
        self.owner.get().is_some()
    }

    /// Acquires the mutex, waiting for it.
    pub(crate) fn acquire(&self, k: &Kernel, what: &'static str) -> Result<(), Recursion> {
        if self.owned_by_caller(k) {
            return Err(Recursion);
        }
        k.counts.locks.add_one();
        let me = k.thread();
        me.critical.set(me.critical.get() + 1);
        if self.owner.get().is_none() {
            self.owner.set(Some(me.number));
            return Ok(());
        }
        let me = k.this_thread();
        while self.owner.get().is_some() {
            let mut waiters = self.waiters.borrow_mut();
            if !waiters.iter().any(|waiter| Rc::ptr_eq(waiter, &me)) {
                waiters.push_back(me.clone());
            }
            drop(waiters);
            k.block(what);
        }
        // A stale entry would swallow somebody else's wake.
        self.waiters.borrow_mut().retain(|waiter| !Rc::ptr_eq(waiter, &me));
        self.owner.set(Some(me.number));
        Ok(())
    }

    /// Acquires the mutex, waiting for it until `due`; whether it did. A thread that holds it waits in vain.
    pub(crate) fn acquire_until(&self, k: &Kernel, due: u64, what: &'static str) -> bool {
        let me = k.this_thread();
        let waiter = me.clone();
        let timer = k.at(due, move || current().wake(&waiter));
        while self.is_held() && k.now() < due {
            let mut waiters = self.waiters.borrow_mut();
            if !waiters.iter().any(|waiter| Rc::ptr_eq(waiter, &me)) {
                waiters.push_back(me.clone());
            }
            drop(waiters);
            k.block(what);
        }
        k.cancel_at(timer);
        // A stale entry would swallow somebody else's wake.
        self.waiters.borrow_mut().retain(|waiter| !Rc::ptr_eq(waiter, &me));
        self.try_acquire(k)
    }

    /// Acquires the mutex if it is free.
    pub(crate) fn try_acquire(&self, k: &Kernel) -> bool {
        if self.is_held() {
            return false;
        }
        k.counts.locks.add_one();
        let me = k.thread();
        me.critical.set(me.critical.get() + 1);
        self.owner.set(Some(me.number));
        true
    }

    /// Releases the mutex and wakes who waits for it.
    pub(crate) fn release(&self, k: &Kernel) {
        self.owner.take();
        let me = k.thread();
        me.critical.set(me.critical.get().saturating_sub(1));
        let next = self.waiters.borrow_mut().pop_front();
        if let Some(next) = next {
            k.wake(&next);
        }
    }
}

/// An event that the model waits for: set once, wakes all.
#[derive(Default)]
pub(crate) struct Event {
    set: Cell<bool>,
    waiters: RefCell<Vec<Rc<Thread>>>,
}

impl Event {
    pub(crate) fn is_set(&self) -> bool {
        self.set.get()
    }

    #[inline]
    pub(crate) fn set(&self, k: &Kernel) {
        self.set.set(true);
        if !self.waiters.borrow().is_empty() {
            self.wake(k);
        }
    }

    #[inline(never)]
    fn wake(&self, k: &Kernel) {
        for thread in self.waiters.take() {
            k.wake(&thread);
        }
    }

    pub(crate) fn clear(&self) {
        self.set.set(false);
    }

    /// Waits until the event is set.
    pub(crate) fn wait(&self, k: &Kernel, what: &'static str) {
        while !self.set.get() {
            self.waiters.borrow_mut().push(k.this_thread());
            k.block(what);
        }
    }
}
