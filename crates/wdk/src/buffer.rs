//! The buffers of a request.
//!
//! The input is read, the output is written, and never both at once: in buffered device controls they are the same
//! memory, so `input()` borrows the request and `output()` borrows it mutably.
//!
//! ```compile_fail,E0502
//! use wdk::prelude::*;
//! fn bad(mut request: DeviceControlRequest<'_>) -> Result<()> {
//!     let input = request.input();
//!     let bytes = input.as_slice().unwrap_or_default();
//!     request.output().write(bytes)
//! }
//! ```
//!
//! An output buffer starts out uninitialised, and what is not written must not reach the caller. So it is a writer
//! with a cursor, and the cursor is the number of bytes that the request completes with.

use crate::irql::ceiling;
use crate::status::check;
use crate::{Error, Result};
use core::cell::Cell;
use core::marker::PhantomData;
use core::mem::MaybeUninit;
use core::ptr::NonNull;
use wdk_sys::{WDFMEMORY, WDFREQUEST};
use zerocopy::{FromBytes, Immutable, IntoBytes};

ceiling!(
    WdfRequestRetrieveInputBuffer <= Dispatch,
    WdfRequestRetrieveOutputBuffer <= Dispatch,
    WdfRequestRetrieveInputMemory <= Dispatch,
    WdfRequestRetrieveOutputMemory <= Dispatch,
    WdfMemoryGetBuffer <= Dispatch,
);

/// How a buffer reaches the driver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transfer {
    /// A system buffer: ordinary memory of this request's own.
    Buffered,
    /// Mapped user memory, which its owner may change at any time.
    Direct,
    /// The same, locked by the driver: a memory object that is there as long as the request.
    Locked(WDFMEMORY),
    /// Nothing that safe code can use.
    Unusable,
}

/// Where locked memory is, and how much of it.
///
/// # Safety
///
/// The memory object is not deleted.
pub(crate) unsafe fn locked_bytes(memory: WDFMEMORY) -> (*mut u8, usize) {
    let mut len = 0;
    // SAFETY: as the caller promises.
    let start = unsafe { wdk_sys::WdfMemoryGetBuffer(memory, &raw mut len) };
    (start.cast(), len)
}

/// A view of a request's input buffer.
///
/// # Framework
///
/// `WdfRequestRetrieveInputBuffer`, KMDF 1.0, when the bytes are asked for. Rules discharged:
/// `BufAfterReqCompletedRead`, `InvalidReqAccess`.
#[doc(alias = "WdfRequestRetrieveInputBuffer")]
#[derive(Debug)]
pub struct Input<'a> {
    request: WDFREQUEST,
    len: usize,
    transfer: Transfer,
    borrow: PhantomData<&'a ()>,
}

impl<'a> Input<'a> {
    /// # Safety
    ///
    /// The request is owned and not completed for `'a`, has an input buffer of `len` bytes and that transfer, and
    /// nothing is written to it for `'a`.
    #[inline]
    pub(crate) unsafe fn new(request: WDFREQUEST, len: usize, transfer: Transfer) -> Self {
        Self { request, len, transfer, borrow: PhantomData }
    }

    /// The number of bytes.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The start of the buffer, which has at least `needed` bytes.
    #[inline]
    fn start(&self, needed: usize) -> Result<*const u8> {
        match self.transfer {
            Transfer::Unusable => return Err(Error::INVALID_DEVICE_REQUEST),
            Transfer::Locked(_) if needed > self.len => return Err(Error::BUFFER_TOO_SMALL),
            // SAFETY: there as long as the request.
            Transfer::Locked(memory) => return Ok(unsafe { locked_bytes(memory) }.0.cast_const()),
            Transfer::Buffered | Transfer::Direct => {}
        }
        let mut buffer = core::ptr::null_mut();
        // SAFETY: the request is owned and has an input buffer, as `new` was promised.
        let status = unsafe {
            wdk_sys::WdfRequestRetrieveInputBuffer(
                self.request,
                needed,
                &raw mut buffer,
                core::ptr::null_mut(),
            )
        };
        check(status)?;
        Ok(buffer.cast())
    }

    /// The framework's memory object for the buffer.
    pub(crate) fn memory_handle(&self) -> Result<WDFMEMORY> {
        match self.transfer {
            Transfer::Unusable => Err(Error::INVALID_DEVICE_REQUEST),
            Transfer::Locked(memory) => Ok(memory),
            Transfer::Buffered | Transfer::Direct => {
                let mut memory = core::ptr::null_mut();
                // SAFETY: the request is owned and has an input buffer, as `new` was promised.
                check(unsafe { wdk_sys::WdfRequestRetrieveInputMemory(self.request, &raw mut memory) })?;
                Ok(memory)
            }
        }
    }

    /// The bytes themselves, if they are the driver's alone while it has the request: buffered I/O.
    ///
    /// `None` for direct I/O, whose memory can change while it is read, and when the framework has no buffer.
    #[inline]
    pub fn as_slice(&self) -> Option<&'a [u8]> {
        if self.transfer != Transfer::Buffered {
            return None;
        }
        if self.len == 0 {
            return Some(&[]);
        }
        let start = self.start(self.len).ok()?;
        // SAFETY: a system buffer whose first `len` bytes are the caller's input, not written to for `'a`.
        Some(unsafe { core::slice::from_raw_parts(start, self.len) })
    }

    /// Copies the first bytes, as many as `to` has.
    ///
    /// # Errors
    ///
    /// As [`copy_to_at`](Self::copy_to_at).
    pub fn copy_to(&self, to: &mut [u8]) -> Result<()> {
        self.copy_to_at(0, to)
    }

    /// Copies the bytes from `offset` on, as many as `to` has.
    ///
    /// Each byte is read once: with direct I/O, compute with the copy, not with another one.
    ///
    /// # Errors
    ///
    /// * `STATUS_BUFFER_TOO_SMALL`: the input ends before.
    /// * `STATUS_INSUFFICIENT_RESOURCES`: direct I/O's memory could not be mapped.
    /// * `STATUS_INVALID_DEVICE_REQUEST`: the transfer method is "neither", and the memory is not
    ///   [locked](crate::neither).
    ///
    /// `to` is then as before.
    pub fn copy_to_at(&self, offset: usize, to: &mut [u8]) -> Result<()> {
        let end = offset.checked_add(to.len()).ok_or(Error::BUFFER_TOO_SMALL)?;
        if to.is_empty() && end <= self.len {
            return Ok(());
        }
        let from = self.start(end)?.wrapping_add(offset);
        if self.transfer == Transfer::Buffered {
            // SAFETY: the buffer has `end` bytes, and a system buffer is not part of `to`.
            unsafe { to.as_mut_ptr().copy_from_nonoverlapping(from, to.len()) };
            return Ok(());
        }
        for (i, byte) in to.iter_mut().enumerate() {
            // SAFETY: the buffer has `end` bytes; volatile, since its owner may change them meanwhile.
            *byte = unsafe { from.wrapping_add(i).read_volatile() };
        }
        Ok(())
    }

    /// Copies a value from the start of the input. More input than that is ignored.
    ///
    /// # Errors
    ///
    /// As [`copy_to_at`](Self::copy_to_at).
    pub fn read<T: FromBytes>(&self) -> Result<T> {
        let mut value = MaybeUninit::<T>::zeroed();
        // SAFETY: the bytes of `value`, all of them zero.
        let bytes =
            unsafe { core::slice::from_raw_parts_mut(value.as_mut_ptr().cast::<u8>(), size_of::<T>()) };
        self.copy_to(bytes)?;
        // SAFETY: `FromBytes`: any bytes are a value.
        Ok(unsafe { value.assume_init() })
    }
}

/// A writer to a request's output buffer.
///
/// What is written here is what the request returns: the cursor is its `Information`.
///
/// # Framework
///
/// `WdfRequestRetrieveOutputBuffer`, KMDF 1.0, when something is written. Rules discharged:
/// `BufAfterReqCompletedWrite`, `InvalidReqAccess`.
#[doc(alias = "WdfRequestRetrieveOutputBuffer")]
#[derive(Debug)]
pub struct Output<'a> {
    request: WDFREQUEST,
    capacity: usize,
    transfer: Transfer,
    cursor: &'a Cell<usize>,
}

impl<'a> Output<'a> {
    /// # Safety
    ///
    /// The request is owned and not completed for `'a`, has an output buffer of `capacity` bytes and that
    /// transfer, and nothing else reads or writes it for `'a`.
    pub(crate) unsafe fn new(
        request: WDFREQUEST,
        capacity: usize,
        transfer: Transfer,
        cursor: &'a Cell<usize>,
    ) -> Self {
        Self { request, capacity, transfer, cursor }
    }

    /// The size of the buffer.
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    /// The number of bytes written so far.
    pub fn written(&self) -> usize {
        self.cursor.get()
    }

    /// The number of bytes that can still be written.
    pub fn remaining(&self) -> usize {
        self.capacity - self.written()
    }

    /// Writes all of `bytes` behind what is written already, or nothing.
    ///
    /// # Errors
    ///
    /// * `STATUS_BUFFER_TOO_SMALL`: there is no room for all of it.
    /// * `STATUS_INSUFFICIENT_RESOURCES`: direct I/O's memory could not be mapped.
    /// * `STATUS_INVALID_DEVICE_REQUEST`: the transfer method has no output (`METHOD_IN_DIRECT`), or is "neither" and
    ///   the memory is not [locked](crate::neither).
    pub fn write(&mut self, bytes: &[u8]) -> Result<()> {
        let written = self.written();
        if bytes.len() > self.remaining() {
            return Err(Error::BUFFER_TOO_SMALL);
        }
        if self.transfer == Transfer::Unusable {
            return Err(Error::INVALID_DEVICE_REQUEST);
        }
        if bytes.is_empty() {
            return Ok(());
        }
        let end = written + bytes.len();
        let buffer = self.start(end)?;
        let to = buffer.as_ptr().wrapping_add(written);
        if self.transfer == Transfer::Buffered {
            // SAFETY: the buffer has `end` bytes, and `bytes` cannot be part of it: `input` is not borrowed.
            unsafe { to.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
        } else {
            for (i, byte) in bytes.iter().enumerate() {
                // SAFETY: the buffer has `end` bytes; volatile, since its owner may look at them meanwhile.
                unsafe { to.wrapping_add(i).write_volatile(*byte) };
            }
        }
        self.advance(bytes.len());
        Ok(())
    }

    /// The start of the buffer, which has at least `needed` bytes.
    fn start(&self, needed: usize) -> Result<NonNull<u8>> {
        let mut buffer = core::ptr::null_mut();
        if let Transfer::Locked(memory) = self.transfer {
            // SAFETY: there as long as the request.
            buffer = unsafe { locked_bytes(memory) }.0.cast();
        } else {
            let null = core::ptr::null_mut();
            // SAFETY: the request is owned and has an output buffer, as `new` was promised.
            check(unsafe {
                wdk_sys::WdfRequestRetrieveOutputBuffer(self.request, needed, &raw mut buffer, null)
            })?;
        }
        NonNull::new(buffer.cast::<u8>()).ok_or(Error::INVALID_USER_BUFFER)
    }

    /// The framework's memory object for the buffer.
    pub(crate) fn memory_handle(&self) -> Result<WDFMEMORY> {
        match self.transfer {
            Transfer::Unusable => Err(Error::INVALID_DEVICE_REQUEST),
            Transfer::Locked(memory) => Ok(memory),
            Transfer::Buffered | Transfer::Direct => {
                let mut memory = core::ptr::null_mut();
                // SAFETY: the request is owned and has an output buffer, as `new` was promised.
                check(unsafe { wdk_sys::WdfRequestRetrieveOutputMemory(self.request, &raw mut memory) })?;
                Ok(memory)
            }
        }
    }

    /// Notes that `count` more bytes are written.
    pub(crate) fn advance(&mut self, count: usize) {
        self.cursor.set(self.written() + count);
    }

    /// Writes as much of `bytes` as there is room for, and says how much that was.
    ///
    /// # Errors
    ///
    /// As [`write`](Self::write), but never `STATUS_BUFFER_TOO_SMALL`.
    pub fn write_up_to(&mut self, bytes: &[u8]) -> Result<usize> {
        let count = bytes.len().min(self.remaining());
        self.write(&bytes[..count])?;
        Ok(count)
    }

    /// Writes a value, or nothing.
    ///
    /// # Errors
    ///
    /// As [`write`](Self::write).
    pub fn write_value<T: IntoBytes + Immutable>(&mut self, value: &T) -> Result<()> {
        self.write(value.as_bytes())
    }
}
