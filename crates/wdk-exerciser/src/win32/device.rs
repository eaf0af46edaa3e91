//! Devices that are open for overlapped I/O.
//!
//! The calls are those of `ntdll.dll` that `ReadFile`, `WriteFile` and `DeviceIoControl` are made of. They say with which
//! status a request was completed even where the Win32 functions have only an error for several of them.

use super::error::{Error, Result};
use super::handle::Handle;
use super::time::milliseconds;
use super::wide;
use crate::action::{Completion, Request};
use alloc::boxed::Box;
use alloc::sync::{Arc, Weak};
use alloc::vec;
use alloc::vec::Vec;
use core::mem;
use core::ptr::{NonNull, null, null_mut};
use core::time::Duration;
use windows_sys::Wdk::Storage::FileSystem::{NtReadFile, NtWriteFile};
use windows_sys::Wdk::System::IO::NtDeviceIoControlFile;
use windows_sys::Win32::Foundation::{
    ERROR_INVALID_PARAMETER, GENERIC_READ, GENERIC_WRITE, STATUS_PENDING, WAIT_OBJECT_0,
};
use windows_sys::Win32::Storage::FileSystem::{
    CreateFileW, FILE_FLAG_OVERLAPPED, FILE_SHARE_READ, FILE_SHARE_WRITE, OPEN_EXISTING,
};
use windows_sys::Win32::System::IO::{CancelIoEx, IO_STATUS_BLOCK, OVERLAPPED};
use windows_sys::Win32::System::Threading::{CreateEventW, INFINITE, WaitForSingleObject};

/// An open device. Clones are the same handle, which is closed when the last one goes and nothing is under way.
#[derive(Debug, Clone)]
pub struct Device {
    handle: Arc<Handle>,
    /// Whether it is closed although something is under way.
    is_loose: bool,
}

/// A request that was started. Dropping it cancels it and waits until the driver has completed it.
#[derive(Debug)]
#[must_use = "dropping it cancels the request"]
pub struct Operation {
    /// Of a box that this owns. Until the request is completed, the kernel may write to what is in it.
    block: NonNull<Block>,
    /// The status of a request that failed at once, of which the kernel keeps nothing.
    failed: Option<i32>,
}

// SAFETY: the block is the operation's alone, and what the kernel does with it depends on no thread. (A request is
// cancelled when the thread ends that started it; that completes it.)
unsafe impl Send for Operation {}

/// What the kernel needs while a request is under way.
struct Block {
    overlapped: OVERLAPPED,
    /// Is set when the request is completed.
    event: Handle,
    device: Weak<Handle>,
    /// Keeps the device open.
    _kept: Option<Arc<Handle>>,
    input: Vec<u8>,
    output: Vec<u8>,
}

impl Device {
    /// Opens a device for reading and writing, by its path.
    ///
    /// # Errors
    ///
    /// What Windows says; so do the others.
    pub fn open(path: &str) -> Result<Self> {
        let path = wide::wide(path)?;
        // SAFETY: the path ends with a zero.
        let handle = unsafe {
            CreateFileW(
                path.as_ptr(),
                GENERIC_READ | GENERIC_WRITE,
                FILE_SHARE_READ | FILE_SHARE_WRITE,
                null(),
                OPEN_EXISTING,
                FILE_FLAG_OVERLAPPED,
                null_mut(),
            )
        };
        // SAFETY: the handle, if there is one, was made for us.
        let handle = unsafe { Handle::new(handle) };
        handle.map(|handle| Self { handle: Arc::new(handle), is_loose: false })
    }

    /// As [`open`](Self::open), but requests do not keep the handle: it is closed when the last clone goes, whatever is
    /// under way. What is then under way, its [`Operation`] does not cancel any more: the driver has been told by the
    /// closing, and does with it what it wants.
    ///
    /// # Errors
    ///
    /// As for [`open`](Self::open).
    pub fn open_loosely(path: &str) -> Result<Self> {
        Self::open(path).map(|device| Self { is_loose: true, ..device })
    }

    /// Starts a request.
    ///
    /// # Errors
    ///
    /// When there is no room for it. What the driver makes of it is in its [`Completion`].
    pub fn start(&self, request: &Request) -> Result<Operation> {
        match request {
            Request::Write(bytes) => self.start_write(bytes.clone()),
            Request::Read(length) => self.start_read(*length),
            Request::Ioctl(code, input, output) => self.start_ioctl(*code, input.clone(), *output),
        }
    }

    /// Starts a write.
    ///
    /// # Errors
    ///
    /// As for [`start`](Self::start).
    pub fn start_write(&self, bytes: Vec<u8>) -> Result<Operation> {
        self.begin(bytes, 0, |block| {
            let (length, input) = (block.input.len() as u32, block.input.as_ptr());
            let (device, event, status) = block.parts();
            // SAFETY: handles and memory are the block's, which is kept until the request is completed.
            unsafe { NtWriteFile(device, event, None, null(), status, input.cast(), length, &0, null()) }
        })
    }

    /// Starts a read of up to so many bytes.
    ///
    /// # Errors
    ///
    /// As for [`start`](Self::start).
    pub fn start_read(&self, length: usize) -> Result<Operation> {
        self.begin(Vec::new(), length, |block| {
            let (length, output) = (block.output.len() as u32, block.output.as_mut_ptr());
            let (device, event, status) = block.parts();
            // SAFETY: handles and memory are the block's, which is kept until the request is completed.
            unsafe { NtReadFile(device, event, None, null(), status, output.cast(), length, &0, null()) }
        })
    }

    /// Starts a device control with an output buffer of so many bytes.
    ///
    /// # Errors
    ///
    /// As for [`start`](Self::start).
    pub fn start_ioctl(&self, code: u32, input: Vec<u8>, output: usize) -> Result<Operation> {
        self.begin(input, output, |block| {
            let (input_length, input) = (block.input.len() as u32, block.input.as_ptr());
            let (length, output) = (block.output.len() as u32, block.output.as_mut_ptr());
            let input = if input_length == 0 { null() } else { input.cast() };
            let output = if length == 0 { null_mut() } else { output.cast() };
            let (device, event, status) = block.parts();
            // SAFETY: handles and memory are the block's, which is kept until the request is completed.
            unsafe {
                NtDeviceIoControlFile(
                    device,
                    event,
                    None,
                    null(),
                    status,
                    code,
                    input,
                    input_length,
                    output,
                    length,
                )
            }
        })
    }

    /// Cancels what is under way through this handle, whoever started it.
    pub fn cancel_all(&self) {
        // SAFETY: the handle is open. That there is nothing to cancel is no mistake.
        unsafe { CancelIoEx(self.handle.raw(), null()) };
    }

    fn begin(
        &self,
        input: Vec<u8>,
        output: usize,
        call: impl FnOnce(&mut Block) -> i32,
    ) -> Result<Operation> {
        // The kernel takes lengths of 32 bits.
        if u32::try_from(input.len().max(output)).is_err() {
            return Err(Error(ERROR_INVALID_PARAMETER));
        }
        // SAFETY: no preconditions: a new event without a name, which is reset by hand and not set.
        let event = unsafe { CreateEventW(null(), 1, 0, null()) };
        // SAFETY: the event, if there is one, was made for us.
        let event = unsafe { Handle::new(event)? };
        let overlapped =
            OVERLAPPED { Internal: STATUS_PENDING as usize, hEvent: event.raw(), ..OVERLAPPED::default() };
        let (device, kept) = (Arc::downgrade(&self.handle), (!self.is_loose).then(|| self.handle.clone()));
        let output = vec![0; output];
        let block = Box::new(Block { overlapped, event, device, _kept: kept, input, output });
        let mut block = NonNull::from(Box::leak(block));
        // SAFETY: the block was just made, and the kernel does not know it yet.
        let status = call(unsafe { block.as_mut() });
        Ok(Operation { block, failed: is_error(status).then_some(status) })
    }
}

impl Block {
    /// What all calls take: the device, the event, and where the status goes.
    fn parts(&mut self) -> (*mut core::ffi::c_void, *mut core::ffi::c_void, *mut IO_STATUS_BLOCK) {
        // The first two members of `OVERLAPPED` are an `IO_STATUS_BLOCK`; Win32 uses them as one.
        let status = (&raw mut self.overlapped).cast::<IO_STATUS_BLOCK>();
        // It is open while a request is started: the caller has it.
        let device = self.device.upgrade().map_or(null_mut(), |device| device.raw());
        (device, self.event.raw(), status)
    }
}

impl Operation {
    /// Waits until the request is completed.
    pub fn wait(self) -> Completion {
        self.finish();
        self.take()
    }

    /// Waits for so long at most.
    ///
    /// # Errors
    ///
    /// The operation itself, which is still under way.
    pub fn wait_for(self, time: Duration) -> core::result::Result<Completion, Self> {
        if self.is_completed(milliseconds(time)) { Ok(self.take()) } else { Err(self) }
    }

    /// Whether the driver has not completed it yet.
    pub fn is_pending(&self) -> bool {
        !self.is_completed(0)
    }

    /// Asks for its cancellation. It may be too late for that.
    pub fn cancel(&self) {
        if self.failed.is_some() {
            return;
        }
        let block = self.block.as_ptr();
        // SAFETY: the device is not written to while the block is there.
        let device = unsafe { &(*block).device };
        let Some(device) = device.upgrade() else { return };
        // SAFETY: takes a place only, no value.
        let overlapped = unsafe { &raw const (*block).overlapped };
        // SAFETY: the handle is open, and the structure is only looked for by its address.
        unsafe { CancelIoEx(device.raw(), overlapped) };
    }

    /// Leaves the request to itself, and its memory with it: for a driver that keeps a request although it is cancelled.
    pub fn abandon(self) {
        mem::forget(self);
    }

    /// Waits until the kernel is done with the block. A wait that fails is no reason to take it away from it.
    fn finish(&self) {
        while !self.is_completed(INFINITE) {}
    }

    fn is_completed(&self, milliseconds: u32) -> bool {
        if self.failed.is_some() {
            return true;
        }
        // SAFETY: the event is not written to while the block is there.
        let event = unsafe { (*self.block.as_ptr()).event.raw() };
        // SAFETY: the event is open.
        unsafe { WaitForSingleObject(event, milliseconds) == WAIT_OBJECT_0 }
    }

    /// What came of a request that is completed.
    fn take(self) -> Completion {
        let block = self.block.as_ptr();
        let failed = self.failed;
        mem::forget(self);
        // SAFETY: the block is a box's, and the kernel is done with it.
        let block = unsafe { Box::from_raw(block) };
        let Block { overlapped, output, .. } = *block;
        let (status, information) = match failed {
            Some(status) => (status, 0),
            None => (overlapped.Internal as u32 as i32, overlapped.InternalHigh),
        };
        let mut data = output;
        data.truncate(if is_error(status) { 0 } else { information });
        Completion { status, information, data }
    }
}

impl Drop for Operation {
    fn drop(&mut self) {
        self.cancel();
        self.finish();
        // SAFETY: the block is a box's, and the kernel is done with it.
        drop(unsafe { Box::from_raw(self.block.as_ptr()) });
    }
}

/// Whether a status is an error: of a request that fails with one at once, nothing is kept, and no event is set.
const fn is_error(status: i32) -> bool {
    status as u32 >> 30 == 3
}
