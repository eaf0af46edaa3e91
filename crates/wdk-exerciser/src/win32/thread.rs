//! Threads.

use super::error::Result;
use super::handle::Handle;
use super::time::milliseconds;
use alloc::boxed::Box;
use core::ffi::c_void;
use core::ptr::{null, null_mut};
use core::time::Duration;
use windows_sys::Win32::Foundation::WAIT_OBJECT_0;
use windows_sys::Win32::System::Threading::{CreateThread, WaitForSingleObject};

/// A thread that was started. It goes on when this is dropped.
#[derive(Debug)]
pub struct Thread(Handle);

type Body = Box<dyn FnOnce() + Send>;

/// Starts a thread. A panic in it ends the process.
///
/// # Errors
///
/// When Windows has no room for it.
pub fn spawn(body: impl FnOnce() + Send + 'static) -> Result<Thread> {
    let body: Box<Body> = Box::new(Box::new(body));
    let body = Box::into_raw(body);
    // SAFETY: `start` takes a pointer that a box of a body gave away, and this is one. Nobody else uses it.
    let handle = unsafe { CreateThread(null(), 0, Some(start), body.cast::<c_void>(), 0, null_mut()) };
    // SAFETY: the handle, if there is one, was made for us.
    let handle = unsafe { Handle::new(handle) };
    handle.map(Thread).inspect_err(|_| {
        // SAFETY: no thread was started, so the body is still ours.
        drop(unsafe { Box::from_raw(body) });
    })
}

unsafe extern "system" fn start(body: *mut c_void) -> u32 {
    // SAFETY: `spawn` gave the box away to this call and to no other.
    let body = unsafe { Box::from_raw(body.cast::<Body>()) };
    body();
    0
}

impl Thread {
    /// Waits until it has ended, for so long at most. Says whether it has.
    pub fn wait(&self, time: Duration) -> bool {
        // SAFETY: the handle is a thread's, and open.
        unsafe { WaitForSingleObject(self.0.raw(), milliseconds(time)) == WAIT_OBJECT_0 }
    }
}
