//! Little-endian numbers out of bytes that nobody has checked.

/// Reads `N` bytes at an offset, if they are there.
fn array<const N: usize>(bytes: &[u8], offset: usize) -> Option<[u8; N]> {
    bytes.get(offset..)?.first_chunk().copied()
}

pub(super) fn u8_at(bytes: &[u8], offset: usize) -> Option<u8> {
    bytes.get(offset).copied()
}

pub(super) fn u16_at(bytes: &[u8], offset: usize) -> Option<u16> {
    array(bytes, offset).map(u16::from_le_bytes)
}

pub(super) fn u32_at(bytes: &[u8], offset: usize) -> Option<u32> {
    array(bytes, offset).map(u32::from_le_bytes)
}

pub(super) fn u64_at(bytes: &[u8], offset: usize) -> Option<u64> {
    array(bytes, offset).map(u64::from_le_bytes)
}

/// Writes a pointer. `false` if the place is not there.
#[must_use]
pub(super) fn put_u64(bytes: &mut [u8], offset: usize, value: u64) -> bool {
    match bytes.get_mut(offset..).and_then(|rest| rest.first_chunk_mut()) {
        Some(place) => {
            *place = value.to_le_bytes();
            true
        }
        None => false,
    }
}

/// The bytes up to a NUL, at most `limit` of them. `None` if there is no NUL within the limit.
pub(super) fn string_at(bytes: &[u8], offset: usize, limit: usize) -> Option<&[u8]> {
    let rest = bytes.get(offset..)?;
    let length = rest.iter().take(limit).position(|&byte| byte == 0)?;
    rest.get(..length)
}
