//! Memory objects: the driver's own, and the buffers of requests.
//!
//! DDI header: `wdfmemory.h`.
//!
//! ```
//! # mod page {
//! use wdk::prelude::*;
//! # wdk::driver!(Page);
//! # struct Page;
//! # impl Driver for Page {
//! #     fn device_add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()> {
//! #         let device = init.create(|_, _| Ok(()), irql)?;
//! #         device.create_symbolic_link(wstr!(r"\DosDevices\Page"), irql)?;
//! #         device.default_queue(Dispatching::PARALLEL, |_, irql| {
//! #             Ok(Frame { page: Memory::try_new(4096, irql)? })
//! #         }, irql)?;
//! #         Ok(())
//! #     }
//! # }
//!
//! struct Frame {
//!     page: Memory,
//! }
//!
//! impl IoQueue for Frame {
//!     type Scope = PerQueue;
//!     type Exec = Dispatch;
//!     const HANDLES: Handlers = Handlers::WRITE.and(Handlers::READ);
//!
//!     fn write<'r>(this: &mut Self, request: WriteRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
//!         request.complete_with(irql, |request, _| {
//!             let all = MemoryOffset::first(request.len());
//!             request.input().memory()?.copy_to(0, &mut this.page, all)?;
//!             Ok(request.len())
//!         })
//!     }
//!
//!     fn read<'r>(this: &mut Self, request: ReadRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
//!         let all = MemoryOffset::first(request.len());
//!         request.complete_with(irql, |request, _| request.output().write_memory(&this.page, all))
//!     }
//! }
//! # }
//!
//! # fn main() -> wdk_emulator::Result {
//! # let machine = wdk_emulator::Machine::new();
//! # let device = machine.load(&page::DRIVER)?.plug(r"ROOT\PAGE")?;
//! # let file = machine.open(r"\\.\Page")?;
//! file.write(b"ink")?;
//! assert_eq!(file.read(4)?, b"ink\0");
//! # file.close()?;
//! # device.remove()?;
//! # machine.finish()
//! # }
//! ```

use crate::irql::{AtMost, Dispatch, Irql, ceiling};
use crate::object::delete;
use crate::status::check;
use crate::{Error, Result};
use core::fmt;
use core::ptr::NonNull;
use wdk_alloc::PoolVec;
use wdk_sys::{_POOL_TYPE::NonPagedPoolNx, WDFMEMORY, WDFMEMORY_OFFSET};

ceiling!(
    WdfMemoryCreate <= Dispatch,
    WdfMemoryCreatePreallocated <= Dispatch,
    WdfMemoryAssignBuffer <= Dispatch,
    WdfMemoryCopyToBuffer <= Dispatch,
    WdfMemoryCopyFromBuffer <= Dispatch,
);

/// A part of a memory object: so many bytes from an offset on.
///
/// # Framework
///
/// `WDFMEMORY_OFFSET`.
#[doc(alias = "WDFMEMORY_OFFSET")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MemoryOffset {
    /// Where it begins.
    pub offset: usize,
    /// The number of bytes.
    pub len: usize,
}

impl MemoryOffset {
    /// The first `len` bytes.
    pub const fn first(len: usize) -> Self {
        Self { offset: 0, len }
    }

    /// Where it ends, if that is in a memory of `len` bytes.
    pub(crate) fn end(self, len: usize) -> Result<usize> {
        match self.offset.checked_add(self.len) {
            Some(end) if end <= len => Ok(end),
            _ => Err(Error::BUFFER_TOO_SMALL),
        }
    }
}

impl From<MemoryOffset> for WDFMEMORY_OFFSET {
    fn from(part: MemoryOffset) -> Self {
        Self { BufferOffset: part.offset, BufferLength: part.len }
    }
}

/// Nonpaged memory of the driver's own, behind a framework object.
///
/// It starts out as zeroes. Where only Rust code uses the bytes, a [`PoolVec`] does the same with less.
///
/// # IRQL
///
/// `Drop`: `..=Dispatch`.
///
/// # Framework
///
/// A `WDFMEMORY` whose parent is the driver; dropping this deletes it.
///
/// # Invariants
///
/// 1. `handle` is a memory object of this value's own, not deleted, over `len` bytes at `start`, all initialised.
/// 2. The bytes are reached through this value only.
#[doc(alias = "WDFMEMORY")]
pub struct Memory {
    handle: WDFMEMORY,
    start: NonNull<u8>,
    len: usize,
}

// SAFETY: a memory object belongs to no thread, and invariant 2.
unsafe impl Send for Memory {}
// SAFETY: shared, the bytes are only read.
unsafe impl Sync for Memory {}

impl Memory {
    /// Allocates memory, filled with zeroes.
    ///
    /// # IRQL
    ///
    /// `..=Dispatch`.
    ///
    /// # Errors
    ///
    /// * `STATUS_INVALID_PARAMETER`: no bytes.
    /// * `STATUS_INSUFFICIENT_RESOURCES`.
    ///
    /// # Framework
    ///
    /// `WdfMemoryCreate` with the nonpaged pool, KMDF 1.0.
    #[doc(alias = "WdfMemoryCreate")]
    pub fn try_new<L: AtMost<Dispatch>>(len: usize, _irql: &Irql<'_, L>) -> Result<Self> {
        let (mut handle, mut start) = (core::ptr::null_mut(), core::ptr::null_mut());
        // SAFETY: without attributes the parent is the driver, which outlives its values; the places are valid.
        check(unsafe {
            wdk_sys::WdfMemoryCreate(
                core::ptr::null_mut(),
                NonPagedPoolNx,
                wdk_alloc::DEFAULT_TAG,
                len,
                &raw mut handle,
                &raw mut start,
            )
        })?;
        let Some(start) = NonNull::new(start.cast::<u8>()) else {
            // SAFETY: created just now.
            unsafe { delete(handle.cast()) };
            return Err(Error::INTERNAL_ERROR);
        };
        // SAFETY: `len` bytes of the object's own.
        unsafe { start.write_bytes(0, len) };
        Ok(Self { handle, start, len })
    }

    /// The number of bytes.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Always false: there is no memory of no bytes.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The bytes.
    pub fn as_slice(&self) -> &[u8] {
        // SAFETY: both invariants; the value is borrowed.
        unsafe { core::slice::from_raw_parts(self.start.as_ptr(), self.len) }
    }

    /// The bytes, to change them.
    pub fn as_mut_slice(&mut self) -> &mut [u8] {
        // SAFETY: both invariants; the value is borrowed mutably.
        unsafe { core::slice::from_raw_parts_mut(self.start.as_ptr(), self.len) }
    }

    /// Copies the bytes from `offset` on, as many as `to` has.
    ///
    /// # Errors
    ///
    /// * `STATUS_BUFFER_TOO_SMALL`: the memory ends before. `to` is as before.
    ///
    /// # Framework
    ///
    /// `WdfMemoryCopyToBuffer`, KMDF 1.0.
    #[doc(alias = "WdfMemoryCopyToBuffer")]
    pub fn copy_to(&self, offset: usize, to: &mut [u8]) -> Result<()> {
        MemoryOffset { offset, len: to.len() }.end(self.len)?;
        // SAFETY: invariant 1; `to` has room for its length.
        unsafe { copy_to(self.handle, offset, to.as_mut_ptr(), to.len()) }
    }

    /// Copies all of `from` to `offset` and what follows.
    ///
    /// # Errors
    ///
    /// * `STATUS_BUFFER_TOO_SMALL`: the memory ends before. It is as before.
    ///
    /// # Framework
    ///
    /// `WdfMemoryCopyFromBuffer`, KMDF 1.0.
    #[doc(alias = "WdfMemoryCopyFromBuffer")]
    pub fn copy_from(&mut self, offset: usize, from: &[u8]) -> Result<()> {
        MemoryOffset { offset, len: from.len() }.end(self.len)?;
        // SAFETY: invariant 1, and the value is borrowed mutably; `from` has its length.
        unsafe { copy_from(self.handle, offset, from.as_ptr(), from.len()) }
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        // SAFETY: invariant 1: the value's own.
        unsafe { delete(self.handle.cast()) };
    }
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memory").field("handle", &self.handle).field("len", &self.len).finish()
    }
}

/// # Safety
///
/// A memory object that is not deleted, whose bytes nobody changes meanwhile except a requester; `to` has room for `len`
/// bytes, which are not the memory's.
pub(crate) unsafe fn copy_to(memory: WDFMEMORY, offset: usize, to: *mut u8, len: usize) -> Result<()> {
    if len == 0 {
        return Ok(());
    }
    // SAFETY: as the caller promises; the framework checks the offset.
    check(unsafe { wdk_sys::WdfMemoryCopyToBuffer(memory, offset, to.cast(), len) })
}

/// # Safety
///
/// A memory object that is not deleted, whose bytes nobody else uses meanwhile except a requester; `from` has `len`
/// bytes, which are not the memory's.
pub(crate) unsafe fn copy_from(memory: WDFMEMORY, offset: usize, from: *const u8, len: usize) -> Result<()> {
    if len == 0 {
        return Ok(());
    }
    // SAFETY: as the caller promises; the framework checks the offset, and only reads `from`.
    check(unsafe { wdk_sys::WdfMemoryCopyFromBuffer(memory, offset, from.cast_mut().cast(), len) })
}

/// A memory object over a [`PoolVec`], which can be given another one.
///
/// # IRQL
///
/// `Drop`: `..=Dispatch`.
///
/// # Framework
///
/// A preallocated `WDFMEMORY` whose parent is the driver; dropping this deletes it, and then the bytes.
pub struct PreallocatedMemory {
    // Dropped first: the object goes before the bytes that it is over.
    memory: Memory,
    bytes: PoolVec<u8>,
}

impl PreallocatedMemory {
    /// Makes a memory object over bytes.
    ///
    /// # IRQL
    ///
    /// `..=Dispatch`.
    ///
    /// # Errors
    ///
    /// The bytes come back with the error.
    ///
    /// * `STATUS_INVALID_PARAMETER`: no bytes.
    /// * `STATUS_INSUFFICIENT_RESOURCES`.
    ///
    /// # Framework
    ///
    /// `WdfMemoryCreatePreallocated`, KMDF 1.0.
    #[doc(alias = "WdfMemoryCreatePreallocated")]
    pub fn try_new<L: AtMost<Dispatch>>(
        mut bytes: PoolVec<u8>,
        _irql: &Irql<'_, L>,
    ) -> Result<Self, (Error, PoolVec<u8>)> {
        let (start, len) = (bytes.as_mut_ptr(), bytes.len());
        let Some(start) = NonNull::new(start).filter(|_| len > 0) else {
            return Err((Error::INVALID_PARAMETER, bytes));
        };
        let mut handle = core::ptr::null_mut();
        // SAFETY: without attributes the parent is the driver; the bytes are kept as long as the object.
        let status = unsafe {
            wdk_sys::WdfMemoryCreatePreallocated(
                core::ptr::null_mut(),
                start.as_ptr().cast(),
                len,
                &raw mut handle,
            )
        };
        match check(status) {
            Ok(()) => Ok(Self { memory: Memory { handle, start, len }, bytes }),
            Err(error) => Err((error, bytes)),
        }
    }

    /// Puts other bytes behind the object, and returns those that were there.
    ///
    /// # IRQL
    ///
    /// `..=Dispatch`.
    ///
    /// # Errors
    ///
    /// `STATUS_INVALID_PARAMETER`: no bytes. They come back with the error.
    ///
    /// # Framework
    ///
    /// `WdfMemoryAssignBuffer`, KMDF 1.0.
    #[doc(alias = "WdfMemoryAssignBuffer")]
    pub fn assign<L: AtMost<Dispatch>>(
        &mut self,
        mut bytes: PoolVec<u8>,
        _irql: &Irql<'_, L>,
    ) -> Result<PoolVec<u8>, (Error, PoolVec<u8>)> {
        let (start, len) = (bytes.as_mut_ptr(), bytes.len());
        let Some(start) = NonNull::new(start).filter(|_| len > 0) else {
            return Err((Error::INVALID_PARAMETER, bytes));
        };
        // SAFETY: a preallocated object; the new bytes are kept as long as it, and nobody uses the old ones through it.
        let status =
            unsafe { wdk_sys::WdfMemoryAssignBuffer(self.memory.handle, start.as_ptr().cast(), len) };
        if let Err(error) = check(status) {
            return Err((error, bytes));
        }
        (self.memory.start, self.memory.len) = (start, len);
        Ok(core::mem::replace(&mut self.bytes, bytes))
    }

    /// The object, to read from.
    pub fn memory(&self) -> &Memory {
        &self.memory
    }

    /// The bytes, to change them.
    pub fn as_mut_slice(&mut self) -> &mut [u8] {
        self.memory.as_mut_slice()
    }

    /// As [`Memory::copy_from`].
    ///
    /// # Errors
    ///
    /// Those of [`Memory::copy_from`].
    pub fn copy_from(&mut self, offset: usize, from: &[u8]) -> Result<()> {
        self.memory.copy_from(offset, from)
    }
}

impl fmt::Debug for PreallocatedMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PreallocatedMemory").field(&self.memory).finish()
    }
}
