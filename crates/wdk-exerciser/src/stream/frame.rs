//! How a file is cut into frames, and what a frame looks like on its way.
//!
//! A frame says where it belongs, so that it can be sent again and arrive in any order: magic, length of the
//! payload, offset in the file, checksum over all of it, payload. Integers are little-endian.

use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;

/// Bytes in front of the payload.
pub const HEADER: usize = 24;

const MAGIC: [u8; 4] = *b"WDKf";

/// The frames of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    bytes: u64,
    chunk: u32,
}

/// The header of a frame that could belong to the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// Number of the frame, counted from the file's start.
    pub index: u64,
    /// Bytes of the payload.
    pub length: usize,
    checksum: u64,
}

impl Layout {
    /// Cuts a file of so many bytes into chunks.
    pub fn new(bytes: u64, chunk: u32) -> Self {
        Self { bytes, chunk }
    }

    /// The file's length.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// How many frames there are.
    pub fn count(&self) -> u64 {
        self.bytes.div_ceil(u64::from(self.chunk))
    }

    /// Length of the longest frame, with its header.
    pub fn longest(&self) -> usize {
        HEADER + u64::from(self.chunk).min(self.bytes) as usize
    }

    /// The part of the file that a frame carries.
    pub fn range(&self, index: u64) -> Range<u64> {
        let start = index * u64::from(self.chunk);
        start..self.bytes.min(start + u64::from(self.chunk))
    }

    /// Writes the header of a frame in front of its payload.
    pub fn seal(&self, index: u64, frame: &mut [u8]) {
        let (header, payload) = frame.split_at_mut(HEADER);
        let offset = self.range(index).start;
        header[..4].copy_from_slice(&MAGIC);
        header[4..8].copy_from_slice(&(payload.len() as u32).to_le_bytes());
        header[8..16].copy_from_slice(&offset.to_le_bytes());
        header[16..].copy_from_slice(&checksum(offset, payload).to_le_bytes());
    }

    /// Reads the header at the front of `bytes`. `None` if there is none that this file can have.
    pub fn header(&self, bytes: &[u8]) -> Option<Header> {
        let header = bytes.first_chunk::<HEADER>()?;
        let word = |at: usize| u64::from_le_bytes(header[at..at + 8].try_into().expect("8 bytes"));
        let length = u64::from(u32::from_le_bytes([header[4], header[5], header[6], header[7]]));
        let (offset, checksum) = (word(8), word(16));
        let index = offset / u64::from(self.chunk);
        if header[..4] != MAGIC || offset >= self.bytes {
            return None;
        }
        let range = self.range(index);
        (range.start == offset && range.end - range.start == length).then_some(Header {
            index,
            length: length as usize,
            checksum,
        })
    }

    /// Whether a frame can begin here, as far as the bytes go.
    pub fn plausible(&self, bytes: &[u8]) -> bool {
        match bytes.len() {
            0 => false,
            length if length < HEADER => bytes.iter().zip(MAGIC).all(|(byte, magic)| *byte == magic),
            _ => self.header(bytes).is_some(),
        }
    }

    /// Whether the payload is the one that the header was made for.
    pub fn is_intact(&self, header: &Header, payload: &[u8]) -> bool {
        checksum(self.range(header.index).start, payload) == header.checksum
    }
}

/// A checksum that every change of one word changes: each step is a bijection of the state.
fn checksum(offset: u64, payload: &[u8]) -> u64 {
    let step = |sum: u64, word: u64| {
        let mixed = (sum ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        mixed ^ (mixed >> 32)
    };
    let mut sum = step(payload.len() as u64, offset);
    let mut words = payload.chunks_exact(8);
    for word in &mut words {
        sum = step(sum, u64::from_le_bytes(word.try_into().expect("8 bytes")));
    }
    let mut rest = [0; 8];
    rest[..words.remainder().len()].copy_from_slice(words.remainder());
    step(sum, u64::from_le_bytes(rest))
}

/// A set of frame numbers.
#[derive(Debug)]
pub struct FrameSet {
    words: Vec<u64>,
    count: u64,
}

impl FrameSet {
    /// An empty set of numbers below `limit`.
    pub fn new(limit: u64) -> Self {
        Self { words: vec![0; limit.div_ceil(64) as usize], count: 0 }
    }

    /// Adds a number; `false` if it was there.
    pub fn insert(&mut self, index: u64) -> bool {
        let word = &mut self.words[(index / 64) as usize];
        let bit = 1 << (index % 64);
        let new = *word & bit == 0;
        *word |= bit;
        self.count += u64::from(new);
        new
    }

    /// How many are in it.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// How many are in it and not in the other.
    pub fn missing_from(&self, other: &Self) -> u64 {
        self.words
            .iter()
            .zip(&other.words)
            .map(|(mine, theirs)| u64::from((mine & !theirs).count_ones()))
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_frame_has_its_header_and_no_other() {
        let layout = Layout::new(1000, 300);
        assert_eq!(layout.count(), 4);
        let mut frame = vec![7; HEADER + 100];
        layout.seal(3, &mut frame);
        let header = layout.header(&frame).unwrap();
        assert_eq!((header.index, header.length), (3, 100));
        assert!(layout.is_intact(&header, &frame[HEADER..]));
        for index in 0..frame.len() {
            let mut changed = frame.clone();
            changed[index] ^= 1;
            let good =
                layout.header(&changed).is_some_and(|header| layout.is_intact(&header, &changed[HEADER..]));
            assert!(!good, "a change at {index} goes unnoticed");
        }
        assert_eq!(Layout::new(999, 300).header(&frame), None);
    }

    #[test]
    fn an_empty_file_has_no_frames() {
        assert_eq!(Layout::new(0, 4096).count(), 0);
    }
}
