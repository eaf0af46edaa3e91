//! Memory objects.
//!
//! DDI header: `wdfmemory.h`.

use super::objects::Body;
use super::status;
use crate::abi::{Bodies, Call};
use crate::kernel::irql;
use crate::verifier::rules;
use std::cell::{Cell, RefCell};
use wdk_sys::*;

/// A `WDFMEMORY`: memory of its own, or a view of a request's buffer.
pub(crate) struct Memory {
    pointer: Cell<*mut u8>,
    length: Cell<usize>,
    /// Made over memory of the driver's.
    preallocated: bool,
    _owned: RefCell<Box<[u128]>>,
}

impl Memory {
    /// A view of memory that somebody else keeps.
    pub(crate) fn over(pointer: *mut u8, length: usize) -> Self {
        let (pointer, length) = (Cell::new(pointer), Cell::new(length));
        Self { pointer, length, preallocated: false, _owned: RefCell::new(Box::new([])) }
    }

    /// `count` bytes from `offset` on, if they are all in it, else `beyond` (`MEM1`).
    fn part(&self, call: &Call, offset: usize, count: usize, beyond: NTSTATUS) -> Result<*mut u8, NTSTATUS> {
        if count == 0 {
            return Err(STATUS_INVALID_PARAMETER);
        }
        let end = offset.checked_add(count).ok_or(beyond)?;
        if end > self.length.get() {
            return Err(beyond);
        }
        // `BUF4`
        if self.pointer.get().is_null() {
            call.fatal(
                &rules::fatal::ACCESS_VIOLATION,
                format!("`{}` was given memory that has no address", call.entry.name),
                Vec::new(),
            );
        }
        Ok(self.pointer.get().wrapping_add(offset))
    }

    fn new(length: usize) -> Self {
        let fill = u128::from_ne_bytes([crate::kernel::buffer::UNINITIALISED; 16]);
        let mut words = vec![fill; length.div_ceil(16)].into_boxed_slice();
        let (pointer, length) = (Cell::new(words.as_mut_ptr().cast()), Cell::new(length));
        Self { pointer, length, preallocated: false, _owned: RefCell::new(words) }
    }
}

#[allow(non_snake_case)]
impl Bodies {
    pub(crate) fn WdfMemoryCreate(
        call: &Call,
        Attributes: PWDF_OBJECT_ATTRIBUTES,
        PoolType: POOL_TYPE,
        PoolTag: ULONG,
        BufferSize: usize,
        Memory: *mut WDFMEMORY,
        Buffer: *mut PVOID,
    ) -> NTSTATUS {
        let _ = PoolTag;
        if PoolType & 1 != 0 {
            call.strict_irql(irql::APC, "the pool type is a paged one");
        }
        if BufferSize == 0 {
            return STATUS_INVALID_PARAMETER;
        }
        // SAFETY: the driver passes attributes or null.
        let attributes = unsafe { super::objects::Attributes::read(call, Attributes) };
        status((|| {
            let attributes = attributes?;
            attributes.inherits_level_and_scope()?;
            let parent = super::wdfobject::parent_or_driver(call, &attributes);
            let memory = Memory::new(BufferSize);
            let pointer = memory.pointer.get();
            let object = call.create(Body::Memory(memory), call.driver(), parent, &attributes)?;
            call.give(Memory, object.handle());
            call.give(Buffer, pointer.cast());
            Ok(())
        })())
    }

    pub(crate) fn WdfMemoryGetBuffer(call: &Call, Memory: WDFMEMORY, BufferSize: *mut usize) -> PVOID {
        let memory = call.get::<Memory, _>(Memory);
        call.give(BufferSize, memory.length.get());
        memory.pointer.get().cast()
    }

    pub(crate) fn WdfMemoryCreatePreallocated(
        call: &Call,
        Attributes: PWDF_OBJECT_ATTRIBUTES,
        Buffer: PVOID,
        BufferSize: usize,
        Memory: *mut WDFMEMORY,
    ) -> NTSTATUS {
        if BufferSize == 0 {
            return STATUS_INVALID_PARAMETER;
        }
        // SAFETY: the driver passes attributes or null.
        let attributes = unsafe { super::objects::Attributes::read(call, Attributes) };
        status((|| {
            let attributes = attributes?;
            attributes.inherits_level_and_scope()?;
            let parent = super::wdfobject::parent_or_driver(call, &attributes);
            let memory = Memory { preallocated: true, ..Memory::over(Buffer.cast(), BufferSize) };
            let object = call.create(Body::Memory(memory), call.driver(), parent, &attributes)?;
            call.give(Memory, object.handle());
            Ok(())
        })())
    }

    pub(crate) fn WdfMemoryAssignBuffer(
        call: &Call,
        Memory: WDFMEMORY,
        Buffer: PVOID,
        BufferSize: usize,
    ) -> NTSTATUS {
        let memory = call.get::<Memory, _>(Memory);
        if !memory.preallocated {
            call.fatal(
                &rules::handles::WRONG_HANDLE,
                format!(
                    "`WdfMemoryAssignBuffer` was given {}, which has memory of its own",
                    memory.object.label()
                ),
                memory.object.history(call),
            );
        }
        if BufferSize == 0 {
            return STATUS_INVALID_PARAMETER;
        }
        memory.pointer.set(Buffer.cast());
        memory.length.set(BufferSize);
        STATUS_SUCCESS
    }

    pub(crate) fn WdfMemoryCopyToBuffer(
        call: &Call,
        SourceMemory: WDFMEMORY,
        SourceOffset: usize,
        Buffer: PVOID,
        NumBytesToCopyTo: usize,
    ) -> NTSTATUS {
        let memory = call.get::<Memory, _>(SourceMemory);
        match memory.part(call, SourceOffset, NumBytesToCopyTo, STATUS_BUFFER_TOO_SMALL) {
            Ok(from) => {
                call.readable("`SourceMemory`, whose buffer is the driver's own", from, NumBytesToCopyTo);
                call.writable("`Buffer`", Buffer.cast::<u8>(), NumBytesToCopyTo);
                // SAFETY: the memory has these bytes, and the driver passes a buffer with room for them.
                unsafe { Buffer.cast::<u8>().copy_from(from, NumBytesToCopyTo) };
                STATUS_SUCCESS
            }
            Err(status) => status,
        }
    }

    pub(crate) fn WdfMemoryCopyFromBuffer(
        call: &Call,
        DestinationMemory: WDFMEMORY,
        DestinationOffset: usize,
        Buffer: PVOID,
        NumBytesToCopyFrom: usize,
    ) -> NTSTATUS {
        let memory = call.get::<Memory, _>(DestinationMemory);
        match memory.part(call, DestinationOffset, NumBytesToCopyFrom, STATUS_INVALID_BUFFER_SIZE) {
            Ok(to) => {
                call.writable(
                    "`DestinationMemory`, whose buffer is the driver's own",
                    to,
                    NumBytesToCopyFrom,
                );
                call.readable("`Buffer`", Buffer.cast::<u8>(), NumBytesToCopyFrom);
                // SAFETY: the memory has room for these bytes, and the driver passes a buffer that has them.
                unsafe { to.copy_from(Buffer.cast::<u8>(), NumBytesToCopyFrom) };
                STATUS_SUCCESS
            }
            Err(status) => status,
        }
    }
}
