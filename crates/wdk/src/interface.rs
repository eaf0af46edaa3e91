//! Interface classes: how programs and other drivers find a device.

use core::fmt;

/// A GUID, such as that of a device interface class.
///
/// ```
/// use wdk::prelude::*;
/// const CLASS: Guid = Guid::parse("6d0e5c4a-5f0b-4a0e-9d55-0f6a8c1b7e21");
/// assert_eq!(CLASS.to_string(), "6d0e5c4a-5f0b-4a0e-9d55-0f6a8c1b7e21");
/// ```
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct Guid(wdk_sys::GUID);

impl Guid {
    /// Reads a GUID: 32 hexadecimal digits in five groups, with or without braces.
    ///
    /// # Panics
    ///
    /// When the text is not one; at compile time in a constant.
    pub const fn parse(text: &str) -> Self {
        let bytes = text.as_bytes();
        let start = if bytes.len() == 38 && bytes[0] == b'{' && bytes[37] == b'}' { 1 } else { 0 };
        assert!(bytes.len() - 2 * start == 36, "a GUID has 32 digits in five groups");
        let mut value = 0u128;
        let mut i = 0;
        while i < 36 {
            let byte = bytes[start + i];
            if i == 8 || i == 13 || i == 18 || i == 23 {
                assert!(byte == b'-', "the groups of a GUID are separated by hyphens");
            } else {
                let digit = match byte {
                    b'0'..=b'9' => byte - b'0',
                    b'a'..=b'f' => byte - b'a' + 10,
                    b'A'..=b'F' => byte - b'A' + 10,
                    _ => panic!("a GUID has hexadecimal digits"),
                };
                value = value << 4 | digit as u128;
            }
            i += 1;
        }
        Self::from_u128(value)
    }

    /// The GUID whose digits are those of the number.
    pub const fn from_u128(value: u128) -> Self {
        let bytes = value.to_be_bytes();
        Self(wdk_sys::GUID {
            Data1: (value >> 96) as u32,
            Data2: (value >> 80) as u16,
            Data3: (value >> 64) as u16,
            Data4: [bytes[8], bytes[9], bytes[10], bytes[11], bytes[12], bytes[13], bytes[14], bytes[15]],
        })
    }

    /// The number whose digits are the GUID's.
    pub const fn to_u128(self) -> u128 {
        (self.0.Data1 as u128) << 96
            | (self.0.Data2 as u128) << 80
            | (self.0.Data3 as u128) << 64
            | u64::from_be_bytes(self.0.Data4) as u128
    }

    /// The GUID as the raw API has it.
    pub const fn as_raw(&self) -> &wdk_sys::GUID {
        &self.0
    }
}

impl PartialEq for Guid {
    fn eq(&self, other: &Self) -> bool {
        self.to_u128() == other.to_u128()
    }
}

impl Eq for Guid {}

impl fmt::Display for Guid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let wdk_sys::GUID { Data1, Data2, Data3, Data4 } = self.0;
        let tail = u64::from_be_bytes(Data4);
        let (group, node) = (tail >> 48, tail & 0xFFFF_FFFF_FFFF);
        write!(f, "{Data1:08x}-{Data2:04x}-{Data3:04x}-{group:04x}-{node:012x}")
    }
}

impl fmt::Debug for Guid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
