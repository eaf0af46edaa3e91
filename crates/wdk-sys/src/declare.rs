//! The forms in which C types are stated in this crate.
//!
//! A statement gives each member with its x64 offset, and each type with its size and alignment; the
//! expansion declares the type in bindgen's spelling and proves those numbers at compile time. A
//! statement that disagrees with Microsoft's headers therefore does not build.

/// Declares a C structure: `struct _TAG as NAME, PNAME [size, align] { Member: Type @ offset, … }`.
///
/// The type is `Copy`, and `Default` is the all-zero value, which is what the C initialisers start from.
macro_rules! c_struct {
    (
        $(#[$meta:meta])*
        struct $tag:ident as $name:ident, $ptr:ident [$size:literal, $align:literal] {
            $( $(#[$fmeta:meta])* $field:ident : $ty:ty = $offset:literal ),* $(,)?
        }
    ) => {
        $crate::declare::c_struct! {
            $(#[$meta])*
            struct $tag [$size, $align] { $( $(#[$fmeta])* $field : $ty = $offset ),* }
        }
        #[doc = concat!("C name of [`", stringify!($tag), "`].")]
        pub type $name = $tag;
        #[doc = concat!("Pointer to [`", stringify!($tag), "`].")]
        pub type $ptr = *mut $tag;
    };
    (
        $(#[$meta:meta])*
        struct $tag:ident [$size:literal, $align:literal] {
            $( $(#[$fmeta:meta])* $field:ident : $ty:ty = $offset:literal ),* $(,)?
        }
    ) => {
        $(#[$meta])*
        #[repr(C)]
        #[derive(Clone, Copy)]
        pub struct $tag {
            $(
                $(#[$fmeta])*
                #[doc = concat!("At offset ", stringify!($offset), ".")]
                pub $field: $ty,
            )*
        }
        impl Default for $tag {
            fn default() -> Self {
                // SAFETY: every member is an integer, a raw pointer, an optional function pointer or a
                // C aggregate of those, for all of which the zero pattern is a value.
                unsafe { core::mem::zeroed() }
            }
        }
        const _: () = {
            assert!(size_of::<$tag>() == $size, concat!("size of ", stringify!($tag)));
            assert!(align_of::<$tag>() == $align, concat!("alignment of ", stringify!($tag)));
            $(
                assert!(
                    core::mem::offset_of!($tag, $field) == $offset,
                    concat!("offset of ", stringify!($tag), ".", stringify!($field)),
                );
            )*
        };
    };
}

/// Declares a C union: `union _TAG [size, align] { Member: Type, … }`.
macro_rules! c_union {
    (
        $(#[$meta:meta])*
        union $tag:ident as $name:ident, $ptr:ident [$size:literal, $align:literal] {
            $( $(#[$fmeta:meta])* $field:ident : $ty:ty ),* $(,)?
        }
    ) => {
        $crate::declare::c_union! {
            $(#[$meta])*
            union $tag [$size, $align] { $( $(#[$fmeta])* $field : $ty ),* }
        }
        #[doc = concat!("C name of [`", stringify!($tag), "`].")]
        pub type $name = $tag;
        #[doc = concat!("Pointer to [`", stringify!($tag), "`].")]
        pub type $ptr = *mut $tag;
    };
    (
        $(#[$meta:meta])*
        union $tag:ident [$size:literal, $align:literal] {
            $( $(#[$fmeta:meta])* $field:ident : $ty:ty ),* $(,)?
        }
    ) => {
        $(#[$meta])*
        #[repr(C)]
        #[derive(Clone, Copy)]
        pub union $tag {
            $(
                $(#[$fmeta])*
                #[doc = concat!("The union read as `", stringify!($ty), "`.")]
                pub $field: $ty,
            )*
        }
        impl Default for $tag {
            fn default() -> Self {
                // SAFETY: as for structures: the zero pattern is a value of every variant.
                unsafe { core::mem::zeroed() }
            }
        }
        const _: () = {
            assert!(size_of::<$tag>() == $size, concat!("size of ", stringify!($tag)));
            assert!(align_of::<$tag>() == $align, concat!("alignment of ", stringify!($tag)));
        };
    };
}

/// Declares a C enumeration as a module of constants, as bindgen does:
/// `enum _TAG as NAME, PNAME { Variant = value, … }`.
macro_rules! c_enum {
    (
        $(#[$meta:meta])*
        enum $tag:ident as $name:ident, $ptr:ident {
            $( $(#[$vmeta:meta])* $variant:ident = $value:literal ),* $(,)?
        }
    ) => {
        $(#[$meta])*
        pub mod $tag {
            #[doc = concat!("The type of the values of `", stringify!($tag), "`.")]
            pub type Type = i32;
            $(
                $(#[$vmeta])*
                #[doc = concat!("`", stringify!($variant), "` = ", stringify!($value), ".")]
                pub const $variant: Type = $value;
            )*
        }
        pub use $tag::Type as $name;
        #[doc = concat!("Pointer to [`", stringify!($name), "`].")]
        pub type $ptr = *mut $name;
    };
}

/// Declares opaque C types and their pointers: `opaque { _EPROCESS as PEPROCESS; … }`.
macro_rules! c_opaque {
    ( $( $(#[$meta:meta])* $tag:ident as $ptr:ident ; )* ) => {
        $(
            $(#[$meta])*
            #[doc = concat!("The opaque `", stringify!($tag), "`.")]
            #[repr(C)]
            pub struct $tag { _opaque: [u8; 0] }
            #[doc = concat!("Pointer to the opaque `", stringify!($tag), "`.")]
            pub type $ptr = *mut $tag;
        )*
    };
}

pub(crate) use {c_enum, c_opaque, c_struct, c_union};

/// FNV-1a over a string, at compile time.
pub(crate) const fn fnv(text: &str) -> u64 {
    let bytes = text.as_bytes();
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut i = 0;
    while i < bytes.len() {
        hash = (hash ^ bytes[i] as u64).wrapping_mul(0x100_0000_01b3);
        i += 1;
    }
    hash
}

/// An ASCII literal in UTF-16 with a NUL behind it.
pub(crate) const fn wide<const N: usize>(text: &str) -> [u16; N] {
    let bytes = text.as_bytes();
    assert!(bytes.len() + 1 == N && text.is_ascii());
    let mut units = [0; N];
    let mut i = 0;
    while i < bytes.len() {
        units[i] = bytes[i] as u16;
        i += 1;
    }
    units
}
