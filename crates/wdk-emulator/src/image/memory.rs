//! The memory of a loaded image: writable while it is built, then protected section by section.

use super::headers::Protection;
use std::io;

/// A private mapping.
pub(super) struct Mapping {
    base: *mut u8,
    length: usize,
}

pub(crate) const PAGE: usize = 4096;

impl Mapping {
    /// Maps zeroed, writable memory.
    pub(super) fn new(length: usize) -> io::Result<Self> {
        let length = length.next_multiple_of(PAGE);
        // SAFETY: an anonymous private mapping at an address of the system's choice affects nothing else.
        let base = unsafe {
            libc::mmap(
                std::ptr::null_mut(),
                length,
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE,
                -1,
                0,
            )
        };
        if base == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        Ok(Self { base: base.cast(), length })
    }

    pub(super) fn base(&self) -> *mut u8 {
        self.base
    }

    pub(super) fn length(&self) -> usize {
        self.length
    }

    /// The bytes, while all of them are still writable and no code of the image runs.
    pub(super) fn bytes(&mut self) -> &mut [u8] {
        // SAFETY: the mapping has that many bytes; `&mut self` keeps other views of it away.
        unsafe { std::slice::from_raw_parts_mut(self.base, self.length) }
    }

    /// Sets the protection of the pages that a range covers. Safe in a signal handler.
    pub(super) fn protect(&self, offset: usize, length: usize, protection: Protection) -> io::Result<()> {
        let start = offset / PAGE * PAGE;
        let end = (offset + length).next_multiple_of(PAGE).min(self.length);
        if start >= end {
            return Ok(());
        }
        let flags = match protection {
            Protection::None => libc::PROT_NONE,
            Protection::Read => libc::PROT_READ,
            Protection::ReadWrite => libc::PROT_READ | libc::PROT_WRITE,
            Protection::ReadExecute => libc::PROT_READ | libc::PROT_EXEC,
        };
        // SAFETY: whole pages of this mapping; the emulator reads them through pointers of the driver's only.
        let result = unsafe { libc::mprotect(self.base.wrapping_add(start).cast(), end - start, flags) };
        if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // SAFETY: the mapping is this one's own; the driver whose code it is does not run any more.
        unsafe { libc::munmap(self.base.cast(), self.length) };
    }
}
