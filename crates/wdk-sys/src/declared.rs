//! The functions that are declared and have no slot in an emulator.
//!
//! In an image they are imports like the others; one that is not called leaves nothing in it. In a linked driver a
//! call stops the run with "not modelled" and the function's name, without a table entry for each.

/// Declares imports.
#[cfg(not(linked))]
macro_rules! declare {
    (
        $(
            fn $name:ident ( $( $arg:ident : $ty:ty ),* $(,)? ) -> $ret:ty {
                module: $module:literal; max: $( $max:ident )?; optional: $( $optional:ident ),*;
            }
        )*
    ) => {
        $(
            #[link(name = $module, kind = "raw-dylib", modifiers = "+verbatim")]
            unsafe extern "C" {
                #[doc = concat!("`", stringify!($name), "` of `", $module, "`", $( ", at `", stringify!($max), "` and below", )? ".")]
                pub fn $name($( $arg: $ty ),*) -> $ret;
            }
        )*
    };
}

/// Declares functions that stop the run.
#[cfg(linked)]
macro_rules! declare {
    (
        $(
            fn $name:ident ( $( $arg:ident : $ty:ty ),* $(,)? ) -> $ret:ty {
                module: $module:literal; max: $( $max:ident )?; optional: $( $optional:ident ),*;
            }
        )*
    ) => {
        $(
            #[doc = concat!("`", stringify!($name), "` of `", $module, "`", $( ", at `", stringify!($max), "` and below", )? ".")]
            #[inline]
            pub unsafe fn $name($( $arg: $ty ),*) -> $ret {
                let _ = ( $( $arg, )* );
                crate::linked::not_modelled(stringify!($name))
            }
        )*
    };
}

/// The declarations of a module; their safety is that of the C function.
macro_rules! module {
    ($(#[$meta:meta])* $vis:vis $name:ident, $statement:ident) => {
        $(#[$meta])*
        #[allow(clippy::too_many_arguments, clippy::missing_safety_doc, clippy::unused_unit)]
        $vis mod $name {
            #[allow(unused_imports)]
            use crate::nt::*;
            crate::nt::declared::$statement!(crate::declared::declare);
        }
    };
}

use declare;

module!(
    /// What `ntifs.h` and `ntddk.h` declare.
    pub ntddk, ntddk_declared
);
module!(
    /// What `windows.h` declares, as far as drivers of UMDF use it.
    pub windows, windows_declared
);
#[cfg(feature = "hid")]
module!(
    /// What `hidpddi.h`, `hidpi.h` and `hidport.h` declare.
    pub hid, hid_declared
);
#[cfg(feature = "usb")]
module!(
    /// What `usbdlib.h` declares.
    pub usb, usb_declared
);
