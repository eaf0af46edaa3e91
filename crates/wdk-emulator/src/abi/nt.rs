//! The NT functions: the table for linked drivers, the imports of images.

use super::call::{Entry, enter, not_modelled};
use super::{Bodies, Call, variadic};
use crate::coverage::Coverage;
use wdk_sys::linked::NtTable;
use wdk_sys::*;

macro_rules! entries {
    (
        nt;
        $(
            $(#[$meta:meta])*
            fn $name:ident ( $( $arg:ident : $ty:ty ),* $(,)? ) -> $ret:ty {
                module: $module:literal;
                irql: $min:ident ..= $max:ident;
                optional: $( $optional:ident ),*;
            }
        )*
    ) => {
        #[allow(non_snake_case, dead_code, clippy::too_many_arguments, clippy::not_unsafe_ptr_arg_deref, unused_variables)]
        mod routines {
            use super::*;

            /// Taken where [`Bodies`] has no function of that name of its own.
            trait NotModelled {
                $(
                    fn $name(call: &Call, $( $arg: $ty ),*) -> $ret {
                        not_modelled(call)
                    }
                )*
            }
            impl NotModelled for Bodies {}

            $(
                #[inline]
                fn $name($( $arg: $ty ),*) -> $ret {
                    static ENTRY: Entry = Entry {
                        name: stringify!($name),
                        min_irql: $min as KIRQL,
                        max_irql: $max as KIRQL,
                        optional: &[ $( stringify!($optional) ),* ],
                        modelled: || Coverage::new("", "", &Bodies::$name).modelled,
                    };
                    let arguments = |call: &Call| { $( call.argument_or_null(stringify!($arg), $arg); )* };
                    enter(&ENTRY, arguments, |call| Bodies::$name(call, $( $arg ),*))
                }
            )*

            pub(super) fn coverage() -> Vec<Coverage> {
                vec![$( Coverage::new(stringify!($name), $module, &Bodies::$name) ),*]
            }

            pub(super) mod c {
                use super::*;
                $( pub(in super::super) extern "C" fn $name($( $arg: $ty ),*) -> $ret { super::$name($( $arg ),*) } )*
            }

            #[cfg(target_arch = "x86_64")]
            pub(super) mod win64 {
                use super::*;
                $( pub(in super::super) extern "win64" fn $name($( $arg: $ty ),*) -> $ret { super::$name($( $arg ),*) } )*
            }
        }

        /// The table of the C convention.
        static TABLE: NtTable = NtTable {
            $( $name: routines::c::$name, )*
            // SAFETY: the shims take any arguments, as variadic functions do.
            DbgPrint: unsafe { std::mem::transmute::<*const (), unsafe extern "C" fn(PCSTR, ...) -> ULONG>(variadic::c::dbg_print as *const ()) },
            // SAFETY: as above.
            DbgPrintEx: unsafe { std::mem::transmute::<*const (), unsafe extern "C" fn(ULONG, ULONG, PCSTR, ...) -> ULONG>(variadic::c::dbg_print_ex as *const ()) },
            KeGetCurrentIrql: current_irql,
            in_driver,
            is_pool,
            not_modelled: declared_only,
            panicked,
        };

        /// The entry of an import of a driver image, by name.
        #[cfg(target_arch = "x86_64")]
        pub(crate) fn import(name: &str) -> Option<*const ()> {
            match name {
                $( stringify!($name) => Some(routines::win64::$name as *const ()), )*
                "DbgPrint" => Some(variadic::win64::dbg_print as *const ()),
                "DbgPrintEx" => Some(variadic::win64::dbg_print_ex as *const ()),
                _ => None,
            }
        }
    };
}
wdk_sys::nt_functions!(entries);

/// What is modelled of the NT functions that have a slot.
pub(crate) fn coverage() -> Vec<Coverage> {
    let mut out = routines::coverage();
    // These have no body in `Bodies`: two are variadic, and one is inline in images.
    for name in ["DbgPrint", "DbgPrintEx", "KeGetCurrentIrql"] {
        out.push(Coverage { name, place: "ntoskrnl.exe", modelled: true });
    }
    out
}

/// Whether a function that has an entry has a model, too.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
pub(crate) fn is_modelled(name: &str) -> bool {
    coverage().iter().all(|function| function.name != name || function.modelled)
}

/// The table for drivers that are linked with the emulator.
pub(crate) fn table() -> &'static NtTable {
    &TABLE
}

unsafe extern "C" fn current_irql() -> KIRQL {
    crate::kernel::current().irql()
}

extern "C" fn in_driver() -> bool {
    crate::sched::stacks::in_driver()
}

extern "C" fn is_pool(address: usize) -> bool {
    crate::kernel::try_current().is_some_and(|k| k.pool.owns(address))
}

unsafe extern "C" fn declared_only(name: *const u8, length: usize) -> ! {
    // SAFETY: the caller passes a function's name, which lives for the rest of the process.
    let name = unsafe { std::slice::from_raw_parts(name, length) };
    crate::sched::stacks::call_model(|| {
        let k = crate::kernel::current();
        k.stop(crate::verifier::Verdict::not_modelled(k, &String::from_utf8_lossy(name)))
    })
}

unsafe extern "C" fn panicked(message: *const u8, length: usize) -> ! {
    // SAFETY: the caller passes a message that lives for the rest of the process.
    let message = unsafe { std::slice::from_raw_parts(message, length) };
    crate::sched::stacks::call_model(|| {
        let k = crate::kernel::current();
        k.stop(crate::verifier::Verdict::driver_bug(
            k,
            &crate::verifier::rules::fatal::PANIC,
            format!("the driver panicked: {}", String::from_utf8_lossy(message)),
            String::new(),
        ))
    })
}
