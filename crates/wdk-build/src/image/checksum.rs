//! The checksum of the optional header.

/// The checksum of an image whose checksum field lies at `field`: the file's 16-bit words added with end-around
/// carry, the field counted as zero, plus the file's length.
pub fn checksum(image: &[u8], field: usize) -> u32 {
    let mut sum = 0_u32;
    let words = image.chunks(2).enumerate();
    for (index, word) in words {
        let at = index * 2;
        let value = |offset: usize| match word.get(offset) {
            Some(&byte) if !(field..field + 4).contains(&(at + offset)) => u32::from(byte),
            _ => 0,
        };
        sum += value(0) | value(1) << 8;
        sum = (sum & 0xFFFF) + (sum >> 16);
    }
    sum.wrapping_add(image.len() as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_field_itself_does_not_count() {
        let mut image = vec![1, 0, 2, 0, 0xAA, 0xBB, 0xCC, 0xDD, 3, 0];
        let sum = checksum(&image, 4);
        assert_eq!(sum, 1 + 2 + 3 + 10);
        image[4..8].copy_from_slice(&sum.to_le_bytes());
        assert_eq!(checksum(&image, 4), sum);
        image[0] = 2;
        assert_ne!(checksum(&image, 4), sum);
    }

    #[test]
    fn carries_go_around_and_odd_bytes_count() {
        assert_eq!(checksum(&[0xFF, 0xFF, 0x01, 0x00, 0x05], 100), 1 + 5 + 5);
    }
}
