//! The WDF API: KMDF 1.33 and UMDF 2.33 in one statement.
//!
//! One file per DDI header. Each states the header's constants, enumerations, callbacks, structures,
//! functions and initialisers. Callbacks and functions are stated as the argument of a macro
//! (`wdfio_functions!`, `wdfio_callbacks!`) that passes the statement to another macro, so that everything
//! which depends on the API is derived from it: the typed calls here, the emulator's function tables in
//! both calling conventions, the IRQL ceilings and the coverage list.
//!
//! A function reads
//!
//! ```text
//! fn WdfSpinLockCreate(SpinLockAttributes: PWDF_OBJECT_ATTRIBUTES, SpinLock: *mut WDFSPINLOCK) -> NTSTATUS {
//!     kmdf: 313, 1.0; umdf: 183, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: SpinLockAttributes; must_use;
//! }
//! ```
//!
//! with its index in each framework's table and the first version that has it, the IRQL range, the pointer
//! parameters that may be null, and whether the header wants its result checked. `strict: LEVEL` gives the
//! lower ceiling that holds for the arguments which the comment above it names.

use crate::binding::{function, structure_size};
use crate::nt::*;

/// Gives the statements of all headers to another macro, one header a time.
#[doc(hidden)]
#[macro_export]
macro_rules! wdf_functions {
    ($($then:tt)+) => {
        $crate::wdfchildlist_functions!($($then)+);
        $crate::wdfcollection_functions!($($then)+);
        $crate::wdfcommonbuffer_functions!($($then)+);
        $crate::wdfcompanion_functions!($($then)+);
        $crate::wdfcompaniontarget_functions!($($then)+);
        $crate::wdfcontrol_functions!($($then)+);
        $crate::wdfcx_functions!($($then)+);
        $crate::wdfdevice_functions!($($then)+);
        $crate::wdfdmaenabler_functions!($($then)+);
        $crate::wdfdmatransaction_functions!($($then)+);
        $crate::wdfdpc_functions!($($then)+);
        $crate::wdfdriver_functions!($($then)+);
        $crate::wdffdo_functions!($($then)+);
        $crate::wdffileobject_functions!($($then)+);
        $crate::wdfinterrupt_functions!($($then)+);
        $crate::wdfio_functions!($($then)+);
        $crate::wdfiotarget_functions!($($then)+);
        $crate::wdfmemory_functions!($($then)+);
        $crate::wdfminiport_functions!($($then)+);
        $crate::wdfobject_functions!($($then)+);
        $crate::wdfpdo_functions!($($then)+);
        $crate::wdfqueryinterface_functions!($($then)+);
        $crate::wdfregistry_functions!($($then)+);
        $crate::wdfrequest_functions!($($then)+);
        $crate::wdfresource_functions!($($then)+);
        $crate::wdfstring_functions!($($then)+);
        $crate::wdfsync_functions!($($then)+);
        $crate::wdftimer_functions!($($then)+);
        $crate::wdfusb_functions!($($then)+);
        $crate::wdfverifier_functions!($($then)+);
        $crate::wdfwmi_functions!($($then)+);
        $crate::wdfworkitem_functions!($($then)+);
    };
}

/// Gives the callback statements of all headers to another macro, one header a time.
#[doc(hidden)]
#[macro_export]
macro_rules! wdf_callbacks {
    ($($then:tt)+) => {
        $crate::wdfchildlist_callbacks!($($then)+);
        $crate::wdfcompanion_callbacks!($($then)+);
        $crate::wdfcontrol_callbacks!($($then)+);
        $crate::wdfdevice_callbacks!($($then)+);
        $crate::wdfdmaenabler_callbacks!($($then)+);
        $crate::wdfdmatransaction_callbacks!($($then)+);
        $crate::wdfdpc_callbacks!($($then)+);
        $crate::wdfdriver_callbacks!($($then)+);
        $crate::wdffdo_callbacks!($($then)+);
        $crate::wdfinterrupt_callbacks!($($then)+);
        $crate::wdfio_callbacks!($($then)+);
        $crate::wdfiotarget_callbacks!($($then)+);
        $crate::wdfobject_callbacks!($($then)+);
        $crate::wdfpdo_callbacks!($($then)+);
        $crate::wdfqueryinterface_callbacks!($($then)+);
        $crate::wdfrequest_callbacks!($($then)+);
        $crate::wdftimer_callbacks!($($then)+);
        $crate::wdfusb_callbacks!($($then)+);
        $crate::wdfwmi_callbacks!($($then)+);
        $crate::wdfworkitem_callbacks!($($then)+);
    };
}

/// What the statement says of one function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FunctionInfo {
    /// The DDI's name.
    pub name: &'static str,
    /// The DDI header without `.h`.
    pub header: &'static str,
    /// Index in KMDF's table and first version, e.g. `(152, "1.0")`.
    pub kmdf: Option<(usize, &'static str)>,
    /// Index in UMDF's table and first version.
    pub umdf: Option<(usize, &'static str)>,
    /// Lowest IRQL at which it may be called.
    pub min_irql: KIRQL,
    /// Highest IRQL at which it may be called.
    pub max_irql: KIRQL,
    /// The lower ceiling that some arguments impose.
    pub strict_irql: Option<KIRQL>,
}

/// The one element of a list, if there is one: an optional part of a statement as a constant.
const fn first<T: Copy>(list: &[T]) -> Option<T> {
    if list.is_empty() { None } else { Some(list[0]) }
}

/// Derives the typed calls of a header, and what is known of each, from its statement.
macro_rules! declare_functions {
    (
        $header:ident;
        $(
            $(#[$meta:meta])*
            fn $name:ident ( $( $arg:ident : $ty:ty ),* $(,)? ) -> $ret:ty {
                $( kmdf: $kindex:literal, $ksince:literal; )?
                $( umdf: $uindex:literal, $usince:literal; )?
                irql: $min:ident ..= $max:ident;
                optional: $( $optional:ident ),*;
                $( strict: $strict:ident; )?
                $( must_use; )?
            }
        )*
    ) => {
        $(
            $(#[$meta])*
            #[doc = concat!("`", stringify!($name), "` of `", stringify!($header), ".h`.")]
            ///
            /// # IRQL
            ///
            #[doc = concat!("`", stringify!($min), "` to `", stringify!($max), "`.")]
            ///
            /// # Framework
            ///
            #[doc = concat!($( "KMDF ", stringify!($ksince), " (index ", stringify!($kindex), "). " , )? $( "UMDF ", stringify!($usince), " (index ", stringify!($uindex), ")." , )?)]
            ///
            /// # Panics
            ///
            /// When the framework that the driver is bound to does not have the function: one that is newer than the
            /// driver's minimum version is called behind [`is_available`](crate::binding::is_available).
            ///
            /// # Safety
            ///
            /// The calling driver is bound to a framework, the arguments are what the function's documentation asks for,
            /// and the processor is at an IRQL in the range above.
            #[allow(clippy::too_many_arguments)]
            #[inline]
            pub unsafe fn $name($( $arg: $ty ),*) -> $ret {
                const KMDF: Option<usize> = first(&[ $( $kindex )? ]);
                const UMDF: Option<usize> = first(&[ $( $uindex )? ]);
                let (slot, globals) = function(stringify!($name), KMDF, UMDF);
                // SAFETY: the statement gives this slot's type; a slot of the table is never null.
                let f = unsafe {
                    core::mem::transmute::<WDFFUNC, unsafe extern "C" fn(PWDF_DRIVER_GLOBALS, $( $ty ),*) -> $ret>(slot)
                };
                // SAFETY: the caller keeps the function's contract.
                unsafe { f(globals, $( $arg ),*) }
            }
        )*

        #[doc = concat!("What the statement says of the functions of `", stringify!($header), ".h`.")]
        pub const FUNCTIONS: &[FunctionInfo] = &[ $(
            FunctionInfo {
                name: stringify!($name),
                header: stringify!($header),
                kmdf: first(&[ $( ($kindex, stringify!($ksince)) )? ]),
                umdf: first(&[ $( ($uindex, stringify!($usince)) )? ]),
                min_irql: $min as KIRQL,
                max_irql: $max as KIRQL,
                strict_irql: first(&[ $( $strict as KIRQL )? ]),
            },
        )* ];

        pub(crate) const HASH: u64 = crate::declare::fnv(stringify!($( $name ( $( $ty ),* ) $ret $( $kindex )? $( | $uindex )? )*));
    };
}
pub(crate) use declare_functions;

/// Derives the callback types of a header from its statement.
macro_rules! declare_callbacks {
    (
        $header:ident;
        $(
            $(#[$meta:meta])*
            fn $name:ident as $pointer:ident ( $( $arg:ident : $ty:ty ),* $(,)? ) -> $ret:ty {
                irql: $min:ident ..= $max:ident;
            }
        )*
    ) => {
        $(
            $(#[$meta])*
            #[doc = concat!("`", stringify!($name), "` of `", stringify!($header), ".h`, called at `", stringify!($min), "` to `", stringify!($max), "`.")]
            pub type $name = unsafe extern "C" fn($( $arg: $ty ),*) -> $ret;
            #[doc = concat!("Optional pointer to a [`", stringify!($name), "`].")]
            pub type $pointer = Option<$name>;
        )*
    };
}
pub(crate) use declare_callbacks;

macro_rules! headers {
    ( $( $(#[$has:ident])? $name:ident ),* $(,)? ) => {
        $( pub mod $name; pub use $name::*; )*
    };
}

headers! {
    fxldr, wdfbugcodes, wdfchildlist, wdfcollection, wdfcommonbuffer, wdfcompanion,
    wdfcompaniontarget, wdfcontrol, wdfcore, wdfcx, wdfdevice, wdfdmaenabler, wdfdmatransaction,
    wdfdpc, wdfdriver, wdffdo, wdffileobject, wdfglobals, wdfhwaccess, wdfinstaller, wdfinterrupt,
    wdfio, wdfiotarget, wdfmemory, wdfminiport, wdfobject, wdfpdo, wdfqueryinterface, wdfregistry,
    wdfrequest, wdfresource, wdfroletypes, wdfstatus, wdfstring, wdfsync, wdftimer, wdftriage,
    wdftypes, wdfusb, wdfverifier, wdfwmi, wdfworkitem,
}
#[cfg(target_pointer_width = "64")]
mod layout;
#[cfg(test)]
mod tests;
pub mod wdffuncenum;

macro_rules! all_functions {
    ( $( $header:ident ),* $(,)? ) => {
        /// Every function of the statement, by header.
        pub const FUNCTIONS: &[&[FunctionInfo]] = &[ $( $header::FUNCTIONS ),* ];

        /// A digest of the names, types and indices of the statement. A host library and an emulator whose
        /// digests differ must not meet.
        pub const API_DIGEST: u64 = {
            let mut hash = 0u64;
            $( hash = hash.rotate_left(5) ^ $header::HASH; )*
            hash
        };
    };
}
all_functions! {
    wdfchildlist, wdfcollection, wdfcommonbuffer, wdfcompanion, wdfcompaniontarget, wdfcontrol,
    wdfcx, wdfdevice, wdfdmaenabler, wdfdmatransaction, wdfdpc, wdfdriver, wdffdo, wdffileobject,
    wdfinterrupt, wdfio, wdfiotarget, wdfmemory, wdfminiport, wdfobject, wdfpdo,
    wdfqueryinterface, wdfregistry, wdfrequest, wdfresource, wdfstring, wdfsync, wdftimer, wdfusb,
    wdfverifier, wdfwmi, wdfworkitem,
}

/// Calls a WDF function by name, as the macro of that name in Microsoft's crates does.
///
/// ```text
/// let status = unsafe { call_unsafe_wdf_function_binding!(WdfTimerCreate, &mut config, &mut attributes, &mut timer) };
/// ```
#[macro_export]
macro_rules! call_unsafe_wdf_function_binding {
    ($name:ident $(, $arg:expr)* $(,)?) => { $crate::wdf::$name($($arg),*) };
}

/// Stands for every device IRQL (`DISPATCH_LEVEL + 1` and up) where the headers do: the highest on x64.
pub const DIRQL: KIRQL = 12;
