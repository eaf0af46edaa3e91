//! A lock.

use core::cell::UnsafeCell;
use core::marker::PhantomData;
use core::ops::{Deref, DerefMut};
use windows_sys::Win32::System::Threading::{
    AcquireSRWLockExclusive, ReleaseSRWLockExclusive, SRWLOCK, SRWLOCK_INIT,
};

/// A value that one thread has at a time.
pub struct Mutex<T> {
    lock: UnsafeCell<SRWLOCK>,
    value: UnsafeCell<T>,
}

// SAFETY: the value is reached through the lock only, by one thread at a time.
unsafe impl<T: Send> Sync for Mutex<T> {}
// SAFETY: a lock that nobody holds (it is owned here) may move; the value may by its own type.
unsafe impl<T: Send> Send for Mutex<T> {}

/// The value, for as long as this is there.
pub struct Guard<'a, T> {
    mutex: &'a Mutex<T>,
    /// The thread that took the lock has to release it.
    here: PhantomData<*const ()>,
}

impl<T> Mutex<T> {
    /// Nobody has it.
    pub const fn new(value: T) -> Self {
        Self { lock: UnsafeCell::new(SRWLOCK_INIT), value: UnsafeCell::new(value) }
    }

    /// Waits for the value. A thread that has it already waits for ever.
    pub fn lock(&self) -> Guard<'_, T> {
        // SAFETY: the lock is initialised, and does not move while it is borrowed.
        unsafe { AcquireSRWLockExclusive(self.lock.get()) };
        Guard { mutex: self, here: PhantomData }
    }
}

impl<T> Deref for Guard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: this thread holds the lock as long as the guard lives.
        unsafe { &*self.mutex.value.get() }
    }
}

impl<T> DerefMut for Guard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: as for `deref`, and the guard is borrowed mutably.
        unsafe { &mut *self.mutex.value.get() }
    }
}

impl<T> Drop for Guard<'_, T> {
    fn drop(&mut self) {
        // SAFETY: this thread took the lock when the guard was made.
        unsafe { ReleaseSRWLockExclusive(self.mutex.lock.get()) };
    }
}
