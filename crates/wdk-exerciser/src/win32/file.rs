//! Files.

use super::error::{Error, Result};
use super::handle::Handle;
use super::{process, wide};
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::ptr::{null, null_mut};
use windows_sys::Win32::Foundation::{ERROR_HANDLE_EOF, GENERIC_READ, GENERIC_WRITE};
use windows_sys::Win32::Storage::FileSystem::{
    CREATE_ALWAYS, CREATE_NEW, CreateFileW, DeleteFileW, FILE_ATTRIBUTE_DIRECTORY, FILE_ATTRIBUTE_NORMAL,
    FILE_FLAG_DELETE_ON_CLOSE, FILE_SHARE_READ, FILE_TYPE_DISK, FlushFileBuffers, GetFileAttributesW,
    GetFileSizeEx, GetFileType, GetFullPathNameW, GetTempPathW, INVALID_FILE_ATTRIBUTES,
    MOVEFILE_REPLACE_EXISTING, MOVEFILE_WRITE_THROUGH, MoveFileExW, OPEN_EXISTING, ReadFile, WriteFile,
};
use windows_sys::Win32::System::IO::{OVERLAPPED, OVERLAPPED_0, OVERLAPPED_0_0};

/// An open file on a disk.
#[derive(Debug)]
pub struct File(Handle);

/// The longest path.
const LONGEST: usize = 0x8000;

impl File {
    /// Opens a file to read it.
    ///
    /// # Errors
    ///
    /// What Windows says; [`Error::INVALID_NAME`] if it is a device. So do the others.
    pub fn open(path: &str) -> Result<Self> {
        let file = Self::create(path, GENERIC_READ, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL)?;
        // SAFETY: the handle is open.
        match unsafe { GetFileType(file.0.raw()) } {
            FILE_TYPE_DISK => Ok(file),
            _ => Err(Error::INVALID_NAME),
        }
    }

    /// Makes a file in the directory for temporary ones, which goes away with this.
    ///
    /// # Errors
    ///
    /// As for [`open`](Self::open).
    pub fn temporary(name: &str) -> Result<Self> {
        let mut directory = vec![0; LONGEST];
        // SAFETY: the buffer is as long as is said.
        let length = unsafe { GetTempPathW(LONGEST as u32, directory.as_mut_ptr()) };
        if length == 0 {
            return Err(Error::last());
        }
        let path = format!("{}{name}-{}", wide::narrow(&directory), process::id());
        Self::create(&path, GENERIC_READ | GENERIC_WRITE, CREATE_NEW, FILE_FLAG_DELETE_ON_CLOSE)
    }

    fn create(path: &str, access: u32, disposition: u32, flags: u32) -> Result<Self> {
        let path = wide::wide(path)?;
        // SAFETY: the path ends with a zero.
        let handle = unsafe {
            CreateFileW(path.as_ptr(), access, FILE_SHARE_READ, null(), disposition, flags, null_mut())
        };
        // SAFETY: the handle, if there is one, was made for us.
        unsafe { Handle::new(handle) }.map(Self)
    }

    /// The length in bytes.
    ///
    /// # Errors
    ///
    /// As for [`open`](Self::open).
    pub fn length(&self) -> Result<u64> {
        let mut length = 0;
        // SAFETY: writes a number.
        Error::check(unsafe { GetFileSizeEx(self.0.raw(), &mut length) })?;
        Ok(length as u64)
    }

    /// Fills the buffer from that offset on.
    ///
    /// # Errors
    ///
    /// As for [`open`](Self::open); `ERROR_HANDLE_EOF` if the file ends before.
    pub fn read_at(&self, mut offset: u64, mut buffer: &mut [u8]) -> Result {
        while !buffer.is_empty() {
            let (mut place, mut read) = (at(offset), 0);
            let length = piece(buffer.len());
            // SAFETY: the handle is not overlapped, so both are only used during the call, and there is so much room.
            let success =
                unsafe { ReadFile(self.0.raw(), buffer.as_mut_ptr(), length, &mut read, &mut place) };
            Error::check(success)?;
            if read == 0 {
                return Err(Error(ERROR_HANDLE_EOF));
            }
            offset += u64::from(read);
            buffer = &mut buffer[read as usize..];
        }
        Ok(())
    }

    /// Writes from that offset on.
    ///
    /// # Errors
    ///
    /// As for [`open`](Self::open).
    pub fn write_at(&self, mut offset: u64, mut bytes: &[u8]) -> Result {
        while !bytes.is_empty() {
            let (mut place, mut written) = (at(offset), 0);
            let length = piece(bytes.len());
            // SAFETY: as for `read_at`.
            let success =
                unsafe { WriteFile(self.0.raw(), bytes.as_ptr(), length, &mut written, &mut place) };
            Error::check(success)?;
            offset += u64::from(written);
            bytes = &bytes[written as usize..];
        }
        Ok(())
    }
}

fn piece(length: usize) -> u32 {
    length.min(1 << 30) as u32
}

fn at(offset: u64) -> OVERLAPPED {
    let offset = OVERLAPPED_0_0 { Offset: offset as u32, OffsetHigh: (offset >> 32) as u32 };
    OVERLAPPED {
        Internal: 0,
        InternalHigh: 0,
        Anonymous: OVERLAPPED_0 { Anonymous: offset },
        hEvent: null_mut(),
    }
}

/// Reads a whole file of so many bytes at most.
///
/// # Errors
///
/// As for [`File::open`]; none of the bytes if it is longer.
pub fn read(path: &str, limit: usize) -> Result<Option<Vec<u8>>> {
    let file = File::open(path)?;
    let Some(length) = usize::try_from(file.length()?).ok().filter(|length| *length <= limit) else {
        return Ok(None);
    };
    let mut bytes = vec![0; length];
    file.read_at(0, &mut bytes)?;
    Ok(Some(bytes))
}

/// Writes a file: as a whole, or not at all.
///
/// # Errors
///
/// As for [`File::open`].
pub fn replace(path: &str, bytes: &[u8]) -> Result {
    let beside = format!("{path}.{}.tmp", process::id());
    let written = write(&beside, bytes).and_then(|()| {
        let (from, to) = (wide::wide(&beside)?, wide::wide(path)?);
        // SAFETY: both end with a zero.
        let success = unsafe {
            MoveFileExW(from.as_ptr(), to.as_ptr(), MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH)
        };
        Error::check(success)
    });
    if written.is_err()
        && let Ok(beside) = wide::wide(&beside)
    {
        // SAFETY: it ends with a zero.
        unsafe { DeleteFileW(beside.as_ptr()) };
    }
    written
}

fn write(path: &str, bytes: &[u8]) -> Result {
    let file = File::create(path, GENERIC_WRITE, CREATE_ALWAYS, FILE_ATTRIBUTE_NORMAL)?;
    file.write_at(0, bytes)?;
    // SAFETY: the handle is open.
    Error::check(unsafe { FlushFileBuffers(file.0.raw()) })
}

/// Whether a path leads to a file that is no directory.
///
/// # Errors
///
/// As for [`File::open`].
pub fn is_file(path: &str) -> Result<bool> {
    let path = wide::wide(path)?;
    // SAFETY: it ends with a zero.
    match unsafe { GetFileAttributesW(path.as_ptr()) } {
        INVALID_FILE_ATTRIBUTES => Err(Error::last()),
        attributes => Ok(attributes & FILE_ATTRIBUTE_DIRECTORY == 0),
    }
}

/// A path that does not depend on the current directory.
///
/// # Errors
///
/// As for [`File::open`].
pub fn absolute(path: &str) -> Result<String> {
    let path = wide::wide(path)?;
    let mut full = vec![0; LONGEST];
    // SAFETY: the path ends with a zero, and the buffer is as long as is said.
    let length = unsafe { GetFullPathNameW(path.as_ptr(), LONGEST as u32, full.as_mut_ptr(), null_mut()) };
    if length == 0 { Err(Error::last()) } else { Ok(wide::narrow(&full)) }
}
