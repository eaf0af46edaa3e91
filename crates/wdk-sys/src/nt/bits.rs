//! Bit fields.
//!
//! A storage unit is a plain integer member, `_bitfield_1` and so on; its bit fields are a pair of methods each,
//! as bindgen has them.

/// Declares the bit fields of one storage unit: `_TAG._bitfield_1: ULONG { Name, set_Name: first bit, width; … }`.
macro_rules! c_bits {
    (
        $tag:ident.$unit:ident: $ty:ty {
            $( $get:ident, $set:ident: $offset:literal, $width:literal; )*
        }
    ) => {
        impl $tag {
            $(
                #[doc = concat!("The bit field `", stringify!($get), "`, ", stringify!($width), " wide.")]
                #[inline]
                pub const fn $get(&self) -> $ty {
                    ((self.$unit as u64 >> $offset) & $crate::nt::bits::mask($width)) as $ty
                }
                #[doc = concat!("Sets the bit field `", stringify!($get), "`; bits beyond its width are dropped.")]
                #[inline]
                pub const fn $set(&mut self, value: $ty) {
                    let mask = $crate::nt::bits::mask($width) << $offset;
                    let value = ((value as u64) << $offset) & mask;
                    self.$unit = ((self.$unit as u64 & !mask) | value) as $ty;
                }
            )*
        }
    };
}

/// Which bits of the unit a setter sets, found by calling it.
macro_rules! bits_of {
    ($tag:ident, $unit:ident, $set:ident) => {{
        // SAFETY: the types with bit fields are integers throughout, for which zero is a value.
        let mut value: $tag = unsafe { core::mem::zeroed() };
        value.$set(!0);
        value.$unit as u64 & $crate::nt::bits::mask(8 * size_of_val(&value.$unit) as u32)
    }};
}

pub(crate) use {bits_of, c_bits};

/// The lowest `width` bits.
pub(crate) const fn mask(width: u32) -> u64 {
    if width == 64 { u64::MAX } else { (1 << width) - 1 }
}
