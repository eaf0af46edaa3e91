//! Names, as the kernel takes them.

use wdk_sys::{PWSTR, UNICODE_STRING, USHORT};

/// A text of ASCII as UTF-16.
pub const fn utf16<const N: usize>(text: &str) -> [u16; N] {
    let bytes = text.as_bytes();
    assert!(bytes.len() == N);
    let mut units = [0; N];
    let mut index = 0;
    while index < N {
        units[index] = bytes[index] as u16;
        index += 1;
    }
    units
}

/// A counted string of these units. The kernel does not write to it.
pub fn string(units: &'static [u16]) -> UNICODE_STRING {
    let bytes = size_of_val(units) as USHORT;
    UNICODE_STRING { Length: bytes, MaximumLength: bytes, Buffer: units.as_ptr() as PWSTR }
}
