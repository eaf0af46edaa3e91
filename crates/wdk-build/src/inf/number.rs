//! Numbers as INF files write them.

/// Reads a decimal number, or a hexadecimal one behind `0x`.
pub(super) fn number(text: &str) -> Option<u32> {
    let text = text.trim();
    match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(digits) if digits.bytes().all(|digit| digit.is_ascii_hexdigit()) => {
            u32::from_str_radix(digits, 16).ok()
        }
        None if text.bytes().all(|digit| digit.is_ascii_digit()) => text.parse().ok(),
        Some(_) | None => None,
    }
}

/// Whether a text is a GUID in braces.
pub(super) fn is_guid(text: &str) -> bool {
    let Some(inside) = text.strip_prefix('{').and_then(|text| text.strip_suffix('}')) else { return false };
    let groups: Vec<_> = inside.split('-').collect();
    groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
        && groups.iter().all(|group| group.bytes().all(|digit| digit.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_decimal_or_hexadecimal() {
        assert_eq!(number("0x00010001"), Some(0x0001_0001));
        assert_eq!(number("4294967295"), Some(u32::MAX));
        assert_eq!(number(" 7 "), Some(7));
        for bad in ["", "0x", "-1", "+1", "0x+1", "4294967296", "7h", "a"] {
            assert_eq!(number(bad), None, "{bad}");
        }
    }

    #[test]
    fn guids_have_five_groups_in_braces() {
        assert!(is_guid("{78A1C341-4539-11d3-B88D-00C04FAD5171}"));
        for bad in [
            "78A1C341-4539-11d3-B88D-00C04FAD5171",
            "{78A1C341}",
            "{}",
            "{g8A1C341-4539-11d3-B88D-00C04FAD5171}",
        ] {
            assert!(!is_guid(bad), "{bad}");
        }
    }
}
