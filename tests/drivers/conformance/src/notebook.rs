//! What callbacks note, at any IRQL and on any processor, until a program takes it.

use core::fmt;
use core::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use wdk_sys::{NTSTATUS, STATUS_BUFFER_OVERFLOW};

/// The room for the notes of one experiment.
const ROOM: usize = 8 << 10;
/// The room for one note.
const LINE: usize = 160;

/// Lines, which are only added. All zero, it is empty.
pub struct Notebook {
    bytes: [AtomicU8; ROOM],
    /// Where the next line goes; beyond the end when lines were lost.
    end: AtomicUsize,
    /// How far it was taken.
    taken: AtomicUsize,
}

impl Notebook {
    /// Adds a line.
    pub fn note(&self, what: fmt::Arguments<'_>) {
        let mut line = Buffer::<LINE>::new();
        // A note that is too long is cut off.
        let _ = fmt::write(&mut line, what);
        let bytes = line.bytes();
        let start = self.end.fetch_add(bytes.len() + 1, Ordering::AcqRel);
        let places = self.bytes.get(start..start + bytes.len() + 1).unwrap_or_default();
        for (place, byte) in places.iter().zip(bytes.iter().chain(b"\n")) {
            place.store(*byte, Ordering::Release);
        }
    }

    /// Writes down the lines that were not taken yet, up to one that another processor is writing.
    ///
    /// # Errors
    ///
    /// `STATUS_BUFFER_OVERFLOW` when there is no room for them, or lines were lost.
    pub fn take(&self, out: &mut dyn FnMut(u8) -> Result<(), NTSTATUS>) -> Result<(), NTSTATUS> {
        let end = self.end.load(Ordering::Acquire);
        if end > ROOM {
            return Err(STATUS_BUFFER_OVERFLOW);
        }
        let mut at = self.taken.load(Ordering::Acquire);
        while at < end {
            match self.bytes[at].load(Ordering::Acquire) {
                0 => break,
                byte => out(byte)?,
            }
            at += 1;
        }
        self.taken.store(at, Ordering::Release);
        Ok(())
    }

    /// Forgets everything.
    pub fn clear(&self) {
        for byte in &self.bytes {
            byte.store(0, Ordering::Relaxed);
        }
        self.taken.store(0, Ordering::Release);
        self.end.store(0, Ordering::Release);
    }
}

/// A text on the stack.
#[derive(Clone, Copy)]
pub struct Buffer<const SIZE: usize> {
    bytes: [u8; SIZE],
    length: usize,
}

impl<const SIZE: usize> Buffer<SIZE> {
    /// An empty one.
    pub const fn new() -> Self {
        Self { bytes: [0; SIZE], length: 0 }
    }

    /// Its bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    /// Adds as many bytes as there is room for.
    pub fn push(&mut self, bytes: &[u8]) {
        let count = bytes.len().min(SIZE - self.length);
        self.bytes[self.length..self.length + count].copy_from_slice(&bytes[..count]);
        self.length += count;
    }

    /// Its text, if it is one.
    pub fn text(&self) -> &str {
        core::str::from_utf8(self.bytes()).unwrap_or("?")
    }
}

impl<const SIZE: usize> Default for Buffer<SIZE> {
    fn default() -> Self {
        Self::new()
    }
}

impl<const SIZE: usize> fmt::Write for Buffer<SIZE> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.push(text.as_bytes());
        Ok(())
    }
}

impl<const SIZE: usize> fmt::Display for Buffer<SIZE> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

/// Notes a line, as `format!` makes it.
#[macro_export]
macro_rules! note {
    ($($argument:tt)*) => {
        $crate::state::state().notebook.note(format_args!($($argument)*))
    };
}
