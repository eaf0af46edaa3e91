//! The file that is streamed, and the file that comes back.

use super::frame::{HEADER, Layout};
use crate::text::hex;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;
use sha2::{Digest as _, Sha256};

/// A file, wherever it is.
pub trait Storage {
    /// Fills the buffer with what is there from that offset on.
    ///
    /// # Errors
    ///
    /// When it cannot be read, or ends before; so do the others.
    fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> Result<(), FileError>;

    /// Writes at an offset, which may be beyond the end.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> Result<(), FileError>;

    /// The length in bytes.
    ///
    /// # Errors
    ///
    /// When nobody can say.
    fn length(&mut self) -> Result<u64, FileError>;
}

/// Why a file could not be read or written: in words that name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileError(pub String);

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl core::error::Error for FileError {}

/// The file that is sent. Its hash is made on the way.
#[derive(Debug)]
pub struct Source<S> {
    storage: S,
    /// How it is cut.
    pub layout: Layout,
    hasher: Sha256,
    hashed: u64,
}

impl<S: Storage> Source<S> {
    /// A file that is cut into chunks of so many bytes.
    ///
    /// # Errors
    ///
    /// When its length cannot be had.
    pub fn new(mut storage: S, chunk: u32) -> Result<Self, FileError> {
        let layout = Layout::new(storage.length()?, chunk);
        Ok(Self { storage, layout, hasher: Sha256::new(), hashed: 0 })
    }

    /// The file itself.
    pub fn storage(&self) -> &S {
        &self.storage
    }

    /// Makes a frame of the file. Each frame's first time has to be in order.
    pub(super) fn frame(&mut self, index: u64) -> Result<Vec<u8>, FileError> {
        let range = self.layout.range(index);
        let mut frame = vec![0; HEADER + (range.end - range.start) as usize];
        self.storage.read_at(range.start, &mut frame[HEADER..])?;
        if index == self.hashed {
            self.hasher.update(&frame[HEADER..]);
            self.hashed += 1;
        }
        self.layout.seal(index, &mut frame);
        Ok(frame)
    }

    /// The hash of the file, of which the part that was not sent is read now.
    pub(super) fn finish(&mut self) -> Result<String, FileError> {
        for index in self.hashed..self.layout.count() {
            self.frame(index)?;
        }
        Ok(hex(&self.hasher.clone().finalize()))
    }
}

/// The file that comes back: frames are put where they belong.
#[derive(Debug)]
pub struct Returned<S> {
    storage: S,
    layout: Layout,
    error: Option<FileError>,
}

impl<S: Storage> Returned<S> {
    /// An empty file, for what comes back of a file of that layout.
    pub fn new(storage: S, layout: Layout) -> Self {
        Self { storage, layout, error: None }
    }

    /// The file itself.
    pub fn storage(&self) -> &S {
        &self.storage
    }

    /// Puts a frame's payload where it belongs.
    pub(super) fn put(&mut self, index: u64, payload: &[u8]) {
        let start = self.layout.range(index).start;
        if let Err(error) = self.storage.write_at(start, payload) {
            // The first error counts; the stream goes on, and `finish` reports it.
            self.error.get_or_insert(error);
        }
    }

    /// The hash of what came back. What did not is zeros, or missing at the end.
    pub(super) fn finish(&mut self) -> Result<String, FileError> {
        const PIECE: u64 = 256 * 1024;
        if let Some(error) = self.error.take() {
            return Err(error);
        }
        let length = self.storage.length()?;
        let mut hasher = Sha256::new();
        let mut buffer = vec![0; PIECE.min(length) as usize];
        for start in (0..length).step_by(PIECE as usize) {
            let piece = &mut buffer[..PIECE.min(length - start) as usize];
            self.storage.read_at(start, piece)?;
            hasher.update(piece);
        }
        Ok(hex(&hasher.finalize()))
    }
}
