//! The memory objects of requests' buffers.
//!
//! DDI headers: `wdfrequest.h`, `wdfmemory.h`.
//!
//! A request's memory object ends with the view that shows it:
//!
//! ```compile_fail,E0505
//! use wdk::prelude::*;
//! fn bad<'r>(request: WriteRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Result<Disposed<'r>> {
//!     let memory = request.input().memory()?;
//!     let proof = request.complete(Ok(0), irql);
//!     let _ = memory.len();
//!     Ok(proof)
//! }
//! ```

use crate::buffer::{Input, Output};
use crate::memory::{Memory, MemoryOffset, copy_from, copy_to};
use crate::{Error, Result};
use core::marker::PhantomData;
use wdk_sys::WDFMEMORY;

/// The memory object of a request's input, which lives as long as the request.
///
/// # Invariants
///
/// 1. The object is there, and nothing is written to it by the driver, for `'a`.
#[derive(Debug)]
pub struct InputMemory<'a> {
    handle: WDFMEMORY,
    len: usize,
    view: PhantomData<&'a ()>,
}

impl<'a> Input<'a> {
    /// The input as a memory object.
    ///
    /// # Errors
    ///
    /// * `STATUS_BUFFER_TOO_SMALL`: it has no bytes.
    /// * `STATUS_INSUFFICIENT_RESOURCES`: direct I/O's memory could not be mapped.
    /// * `STATUS_INVALID_DEVICE_REQUEST`: the transfer method is "neither", and nothing is locked.
    ///
    /// # Framework
    ///
    /// `WdfRequestRetrieveInputMemory`, KMDF 1.0.
    #[doc(alias = "WdfRequestRetrieveInputMemory")]
    pub fn memory(&self) -> Result<InputMemory<'a>> {
        let handle = self.memory_handle()?;
        Ok(InputMemory { handle, len: self.len(), view: PhantomData })
    }
}

impl InputMemory<'_> {
    /// The number of bytes.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Copies a part of it to `offset` of the driver's memory.
    ///
    /// # Errors
    ///
    /// * `STATUS_BUFFER_TOO_SMALL`: one of the two ends before. The driver's memory is as before.
    ///
    /// # Framework
    ///
    /// `WdfMemoryCopyToBuffer`, KMDF 1.0.
    #[doc(alias = "WdfMemoryCopyToBuffer")]
    pub fn copy_to(&self, offset: usize, to: &mut Memory, part: MemoryOffset) -> Result<()> {
        part.end(self.len)?;
        let place = MemoryOffset { offset, len: part.len };
        let end = place.end(to.len())?;
        let place = &mut to.as_mut_slice()[offset..end];
        // SAFETY: invariant 1; the place has the part's length, and is the driver's.
        unsafe { copy_to(self.handle, part.offset, place.as_mut_ptr(), place.len()) }
    }

    /// Copies the bytes from `offset` on, as many as `to` has.
    ///
    /// # Errors
    ///
    /// * `STATUS_BUFFER_TOO_SMALL`: the input ends before. `to` is as before.
    ///
    /// # Framework
    ///
    /// `WdfMemoryCopyToBuffer`, KMDF 1.0.
    #[doc(alias = "WdfMemoryCopyToBuffer")]
    pub fn copy_to_slice(&self, offset: usize, to: &mut [u8]) -> Result<()> {
        MemoryOffset { offset, len: to.len() }.end(self.len)?;
        // SAFETY: invariant 1; `to` has room for its length, and is the driver's.
        unsafe { copy_to(self.handle, offset, to.as_mut_ptr(), to.len()) }
    }
}

impl Output<'_> {
    /// Writes a part of the driver's memory behind what is written already, or nothing.
    ///
    /// # Errors
    ///
    /// * `STATUS_BUFFER_TOO_SMALL`: there is no room for all of it, or the memory ends before.
    /// * Those of [`write`](Self::write).
    ///
    /// # Framework
    ///
    /// `WdfRequestRetrieveOutputMemory`, `WdfMemoryCopyFromBuffer`, KMDF 1.0.
    #[doc(alias = "WdfRequestRetrieveOutputMemory")]
    #[doc(alias = "WdfMemoryCopyFromBuffer")]
    pub fn write_memory(&mut self, from: &Memory, part: MemoryOffset) -> Result<()> {
        let end = part.end(from.len())?;
        let bytes = &from.as_slice()[part.offset..end];
        if bytes.len() > self.remaining() {
            return Err(Error::BUFFER_TOO_SMALL);
        }
        if bytes.is_empty() {
            return Ok(());
        }
        let handle = self.memory_handle()?;
        // SAFETY: the output's memory, which is there as long as the request; the bytes are the driver's.
        unsafe { copy_from(handle, self.written(), bytes.as_ptr(), bytes.len()) }?;
        self.advance(bytes.len());
        Ok(())
    }
}
