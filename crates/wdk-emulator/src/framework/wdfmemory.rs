//! Memory objects.
//!
//! DDI header: `wdfmemory.h`.

use super::objects::Body;
use super::status;
use crate::abi::{Bodies, Call};
use crate::kernel::irql;
use std::cell::RefCell;
use wdk_sys::*;

/// A `WDFMEMORY`: memory of its own, or a view of a request's buffer.
pub(crate) struct Memory {
    pointer: *mut u8,
    length: usize,
    _owned: RefCell<Box<[u128]>>,
}

impl Memory {
    /// A view of memory that somebody else keeps.
    pub(crate) fn over(pointer: *mut u8, length: usize) -> Self {
        Self { pointer, length, _owned: RefCell::new(Box::new([])) }
    }

    fn new(length: usize) -> Self {
        let fill = u128::from_ne_bytes([crate::kernel::irp::UNINITIALISED; 16]);
        let mut words = vec![fill; length.div_ceil(16)].into_boxed_slice();
        Self { pointer: words.as_mut_ptr().cast(), length, _owned: RefCell::new(words) }
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
        let attributes = unsafe { super::objects::Attributes::read(Attributes) };
        status((|| {
            let attributes = attributes?;
            attributes.inherits_level_and_scope()?;
            let parent = super::wdfobject::parent_or_driver(call, &attributes);
            let memory = Memory::new(BufferSize);
            let pointer = memory.pointer;
            let object = call.create(Body::Memory(memory), call.driver(), parent, &attributes)?;
            // SAFETY: the driver passes a place for the handle; null was refused at the entry.
            unsafe { Memory.write(object.handle()) };
            if !Buffer.is_null() {
                // SAFETY: the driver passes a place for the pointer.
                unsafe { Buffer.write(pointer.cast()) };
            }
            Ok(())
        })())
    }

    pub(crate) fn WdfMemoryGetBuffer(call: &Call, Memory: WDFMEMORY, BufferSize: *mut usize) -> PVOID {
        let memory = call.get::<Memory, _>(Memory);
        if !BufferSize.is_null() {
            // SAFETY: the driver passes a place for the size.
            unsafe { BufferSize.write(memory.length) };
        }
        memory.pointer.cast()
    }
}
