//! Interface class GUIDs on the command line.

use alloc::borrow::ToOwned as _;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// An interface class, as its 128 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Class(u128);

impl Class {
    /// Reads `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx`, with or without braces.
    ///
    /// # Errors
    ///
    /// In words, when it is not of that form.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || "a GUID looks like {3c5b0a2e-90d1-4a55-8f0e-0b1d2c3e4f50}".to_owned();
        let inner = text.strip_prefix('{').and_then(|text| text.strip_suffix('}')).unwrap_or(text);
        let groups: Vec<_> = inner.split('-').collect();
        let digits = |group: &&str| group.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12]) || !groups.iter().all(digits) {
            return Err(wrong());
        }
        u128::from_str_radix(&groups.concat(), 16).map(Self).map_err(|_| wrong())
    }

    /// The class of these bytes, in the order of its text.
    pub fn of_bytes(bytes: [u8; 16]) -> Self {
        Self(u128::from_be_bytes(bytes))
    }

    /// The members of the `GUID` structure.
    pub fn members(self) -> (u32, u16, u16, [u8; 8]) {
        let [.., a, b, c, d, e, f, g, h] = self.0.to_be_bytes();
        ((self.0 >> 96) as u32, (self.0 >> 80) as u16, (self.0 >> 64) as u16, [a, b, c, d, e, f, g, h])
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = format!("{:032x}", self.0);
        let (a, b, c, d, e) = (&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]);
        write!(f, "{a}-{b}-{c}-{d}-{e}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_one_guid() {
        let class = Class::parse("{3c5b0a2e-90d1-4a55-8F0E-0b1d2c3e4f50}").unwrap();
        let last = [0x8f, 0x0e, 0x0b, 0x1d, 0x2c, 0x3e, 0x4f, 0x50];
        assert_eq!(class.members(), (0x3c5b_0a2e, 0x90d1, 0x4a55, last));
        assert_eq!(Class::parse("3c5b0a2e-90d1-4a55-8f0e-0b1d2c3e4f50"), Ok(class));
        assert_eq!(format!("{class}"), "3c5b0a2e-90d1-4a55-8f0e-0b1d2c3e4f50");
    }

    #[test]
    fn everything_else_is_refused() {
        for wrong in
            ["", "{}", "3c5b0a2e90d14a558f0e0b1d2c3e4f50", "3c5b0a2e-90d1-4a55-8f0e-0b1d2c3e4f5+", "GUID"]
        {
            assert!(Class::parse(wrong).is_err(), "{wrong}");
        }
    }
}
