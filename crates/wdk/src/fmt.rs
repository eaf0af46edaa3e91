//! Formatting without allocation: text of a fixed size, made in place.
//!
//! The names and the behaviour are those of windows-drivers-rs.

use core::ffi::CStr;
use core::fmt::{self, Write};

/// The size of a buffer that does not name one: the most that the kernel prints in one call.
const DEFAULT_SIZE: usize = 512;

/// Text of at most `N - 1` bytes, followed by a NUL.
///
/// ```
/// use core::fmt::Write;
/// use wdk::fmt::FormatBuffer;
///
/// let mut text = FormatBuffer::<8>::new();
/// assert!(write!(text, "{}-{}", 12, 34).is_ok());
/// assert_eq!(text.as_str(), "12-34");
/// assert!(write!(text, "-567").is_err()); // as much as fits is there
/// assert_eq!(text.as_c_str(), c"12-34-5");
/// ```
///
/// # Invariants
///
/// 1. `used < N`, the bytes before `used` are UTF-8, and the one at `used` is zero.
#[derive(Clone)]
pub struct FormatBuffer<const N: usize = DEFAULT_SIZE> {
    bytes: [u8; N],
    used: usize,
}

impl<const N: usize> FormatBuffer<N> {
    /// An empty buffer. A size below 2 does not compile.
    ///
    /// ```compile_fail
    /// wdk::fmt::FormatBuffer::<1>::new();
    /// ```
    #[must_use]
    pub const fn new() -> Self {
        const { assert!(N >= 2, "a buffer has room for one byte and a NUL") };
        Self { bytes: [0; N], used: 0 }
    }

    /// Makes it empty.
    pub const fn clear(&mut self) {
        self.used = 0;
        self.bytes[0] = 0;
    }

    /// How many bytes of text it holds.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.used
    }

    /// How many it can hold.
    #[must_use]
    pub const fn capacity(&self) -> usize {
        N - 1
    }

    /// Whether it holds none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.used == 0
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // SAFETY: invariant 1.
        unsafe { core::str::from_utf8_unchecked(&self.bytes[..self.used]) }
    }

    /// The text up to its first NUL.
    #[must_use]
    pub const fn as_c_str(&self) -> &CStr {
        match CStr::from_bytes_until_nul(&self.bytes) {
            Ok(text) => text,
            // Invariant 1.
            Err(_) => unreachable!(),
        }
    }

    /// Appends what fits and returns the rest. Characters are not cut.
    fn append<'t>(&mut self, text: &'t str) -> &'t str {
        let mut fits = text.len().min(N - 1 - self.used);
        while !text.is_char_boundary(fits) {
            fits -= 1;
        }
        self.bytes[self.used..self.used + fits].copy_from_slice(&text.as_bytes()[..fits]);
        self.used += fits;
        self.bytes[self.used] = 0;
        &text[fits..]
    }
}

impl<const N: usize> Default for FormatBuffer<N> {
    fn default() -> Self {
        Self::new()
    }
}

impl<const N: usize> fmt::Debug for FormatBuffer<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FormatBuffer").field("text", &self.as_str()).field("capacity", &(N - 1)).finish()
    }
}

impl<const N: usize> Write for FormatBuffer<N> {
    /// # Errors
    ///
    /// The text does not fit; as much as fits was appended.
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if self.append(text).is_empty() { Ok(()) } else { Err(fmt::Error) }
    }
}

/// Text of any length in pieces: whenever the buffer is full, and when the value is dropped, a function gets what is
/// in it.
pub struct FlushableFormatBuffer<F: FnMut(&FormatBuffer<N>), const N: usize = DEFAULT_SIZE> {
    buffer: FormatBuffer<N>,
    flush: F,
}

impl<F: FnMut(&FormatBuffer<N>), const N: usize> FlushableFormatBuffer<F, N> {
    /// An empty buffer with the function that takes its pieces.
    #[must_use]
    pub const fn new(flush_fn: F) -> Self {
        Self { buffer: FormatBuffer::new(), flush: flush_fn }
    }

    /// Hands out what is in the buffer, if anything is.
    pub fn flush(&mut self) {
        if !self.buffer.is_empty() {
            (self.flush)(&self.buffer);
            self.buffer.clear();
        }
    }
}

impl<F: FnMut(&FormatBuffer<N>), const N: usize> Drop for FlushableFormatBuffer<F, N> {
    fn drop(&mut self) {
        self.flush();
    }
}

impl<F: FnMut(&FormatBuffer<N>), const N: usize> Write for FlushableFormatBuffer<F, N> {
    /// # Errors
    ///
    /// One character is longer than the whole buffer.
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let mut rest = self.buffer.append(text);
        while !rest.is_empty() {
            if self.buffer.is_empty() {
                return Err(fmt::Error);
            }
            self.flush();
            rest = self.buffer.append(rest);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_not_cut() {
        let mut text = FormatBuffer::<5>::new();
        assert!(text.write_str("aéé€").is_err());
        assert_eq!((text.as_str(), text.len(), text.capacity()), ("aé", 3, 4));
        assert!(text.write_str("b").is_ok());
        assert_eq!(text.as_c_str().to_bytes(), "aéb".as_bytes());
        text.clear();
        assert!(text.is_empty() && text.as_c_str().is_empty());
    }

    #[test]
    fn a_nul_ends_the_c_string_only() {
        let mut text = FormatBuffer::<8>::new();
        text.write_str("a\0b").unwrap();
        assert_eq!((text.as_str(), text.as_c_str()), ("a\0b", c"a"));
    }

    #[test]
    fn long_text_comes_in_pieces_and_the_last_one_on_drop() {
        let mut pieces = Vec::new();
        {
            let mut out = FlushableFormatBuffer::<_, 4>::new(|piece: &FormatBuffer<4>| {
                pieces.push(piece.as_str().to_owned());
            });
            let (one, other) = ("abcd", "é€f");
            write!(out, "{one}{other}").unwrap();
        }
        assert_eq!(pieces, ["abc", "dé", "€", "f"]);
    }

    #[test]
    fn a_character_longer_than_the_buffer_is_an_error() {
        let mut out = FlushableFormatBuffer::<_, 3>::new(|_: &FormatBuffer<3>| {});
        assert!(out.write_str("€").is_err());
        assert!(out.write_str("é").is_ok());
    }
}
