//! A library that several drivers could use: it takes its memory from the pool itself.

#![no_std]

use wdk_sys::ntddk::{ExAllocatePool2, ExFreePoolWithTag};
use wdk_sys::{NT_ERROR, NT_SUCCESS, NTSTATUS, POOL_FLAG_NON_PAGED, SIZE_T, STATUS_INSUFFICIENT_RESOURCES, ULONG};

const TAG: ULONG = u32::from_ne_bytes(*b"mmuN");

/// The sum of numbers, made in a copy of them.
///
/// # Errors
///
/// The pool is empty.
pub fn sum(numbers: &[u32]) -> Result<u64, NTSTATUS> {
    let bytes = core::mem::size_of_val(numbers).max(1);
    let copy = unsafe { ExAllocatePool2(POOL_FLAG_NON_PAGED, bytes as SIZE_T, TAG) }.cast::<u32>();
    if copy.is_null() {
        return Err(STATUS_INSUFFICIENT_RESOURCES);
    }
    unsafe { core::ptr::copy_nonoverlapping(numbers.as_ptr(), copy, numbers.len()) };
    let sum = unsafe { core::slice::from_raw_parts(copy, numbers.len()) }.iter().map(|&n| u64::from(n)).sum();
    unsafe { ExFreePoolWithTag(copy.cast(), TAG) };
    Ok(sum)
}

/// Whether a status is neither.
pub const fn is_in_between(status: NTSTATUS) -> bool {
    !NT_SUCCESS(status) && !NT_ERROR(status)
}
