//! Counted UTF-16 strings, made at compile time.

use core::fmt;
use wdk_sys::UNICODE_STRING;

/// A string as the kernel has it: UTF-16, counted. Made of a literal by [`wstr!`](crate::wstr).
///
/// # Invariants
///
/// 1. No more than 32,767 units, so that the length in bytes fits a `USHORT`.
#[doc(alias = "UNICODE_STRING")]
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct UnicodeStr<'a>(&'a [u16]);

impl<'a> UnicodeStr<'a> {
    /// A string of UTF-16 units.
    ///
    /// # Panics
    ///
    /// When there are more than 32,767.
    pub const fn new(units: &'a [u16]) -> Self {
        assert!(units.len() <= 0x7FFF, "a counted string has 32,767 units at most");
        Self(units)
    }

    /// The units.
    pub const fn units(self) -> &'a [u16] {
        self.0
    }

    /// The raw form, which borrows the units and must not be written through.
    pub(crate) fn to_raw(self) -> UNICODE_STRING {
        let bytes = size_of_val(self.0) as u16;
        UNICODE_STRING { Length: bytes, MaximumLength: bytes, Buffer: self.0.as_ptr().cast_mut() }
    }
}

impl fmt::Display for UnicodeStr<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for unit in char::decode_utf16(self.0.iter().copied()) {
            fmt::Write::write_char(f, unit.unwrap_or(char::REPLACEMENT_CHARACTER))?;
        }
        Ok(())
    }
}

impl fmt::Debug for UnicodeStr<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{self}\"")
    }
}

/// Makes a [`UnicodeStr`] of a string constant, at compile time.
///
/// ```
/// use wdk::prelude::*;
/// const NAME: UnicodeStr<'static> = wstr!(r"\DosDevices\Thing");
/// assert_eq!(NAME.units().len(), 17);
/// ```
#[macro_export]
macro_rules! wstr {
    ($text:expr) => {{
        const TEXT: &str = $text;
        const UNITS: [u16; $crate::__private::utf16_len(TEXT)] = $crate::__private::utf16(TEXT);
        const STRING: $crate::UnicodeStr<'static> = $crate::UnicodeStr::new(&UNITS);
        STRING
    }};
}

/// The scalar value that starts at a byte, and the number of bytes.
const fn decode(bytes: &[u8], at: usize) -> (u32, usize) {
    let byte = bytes[at] as u32;
    let (mut scalar, len) = match byte {
        0..=0x7F => return (byte, 1),
        0x80..=0xDF => (byte & 0x1F, 2),
        0xE0..=0xEF => (byte & 0x0F, 3),
        _ => (byte & 0x07, 4),
    };
    let mut i = 1;
    while i < len {
        scalar = scalar << 6 | (bytes[at + i] as u32 & 0x3F);
        i += 1;
    }
    (scalar, len)
}

/// The number of UTF-16 units of a string.
pub const fn utf16_len(text: &str) -> usize {
    let bytes = text.as_bytes();
    let (mut at, mut units) = (0, 0);
    while at < bytes.len() {
        let (scalar, len) = decode(bytes, at);
        at += len;
        units += if scalar > 0xFFFF { 2 } else { 1 };
    }
    units
}

/// The UTF-16 units of a string; `N` is [`utf16_len`].
pub const fn utf16<const N: usize>(text: &str) -> [u16; N] {
    let bytes = text.as_bytes();
    let mut units = [0; N];
    let (mut at, mut i) = (0, 0);
    while at < bytes.len() {
        let (scalar, len) = decode(bytes, at);
        at += len;
        if scalar > 0xFFFF {
            units[i] = 0xD800 | ((scalar - 0x1_0000) >> 10) as u16;
            units[i + 1] = 0xDC00 | (scalar & 0x3FF) as u16;
            i += 2;
        } else {
            units[i] = scalar as u16;
            i += 1;
        }
    }
    units
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;
    use std::vec::Vec;

    #[test]
    fn the_units_are_those_of_the_standard_library() {
        const TEXT: &str = "aß€𝄞";
        const UNITS: [u16; utf16_len(TEXT)] = utf16(TEXT);
        assert_eq!(UNITS.to_vec(), TEXT.encode_utf16().collect::<Vec<_>>());
        assert_eq!(UnicodeStr::new(&UNITS).to_string(), TEXT);
    }
}
