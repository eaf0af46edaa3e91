//! The framework's function tables.

use super::call::{Entry, enter, not_modelled};
use super::{Abi, Bodies, Call};
use crate::coverage::Coverage;
use wdk_sys::*;

/// Functions in KMDF 1.33's table.
pub(crate) const KMDF_FUNCTIONS: usize = 458;

/// Derives the entries of a header, in both calling conventions, from its statement.
macro_rules! entries {
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
        #[allow(non_snake_case, dead_code, clippy::too_many_arguments, clippy::not_unsafe_ptr_arg_deref, unused_variables)]
        mod $header {
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
                // A generic function over the convention is not possible; the bodies are shared by this one.
                #[inline]
                fn $name($( $arg: $ty ),*) -> $ret {
                    static ENTRY: Entry = Entry {
                        name: stringify!($name),
                        min_irql: $min as KIRQL,
                        max_irql: $max as KIRQL,
                        optional: &[ $( stringify!($optional) ),* ],
                        modelled: || Coverage::new("", "", &Bodies::$name).modelled,
                    };
                    let arguments = |call: &Call| { $( call.argument(stringify!($arg), $arg); )* };
                    enter(&ENTRY, arguments, |call| Bodies::$name(call, $( $arg ),*))
                }
            )*

            mod c {
                use super::*;
                $(
                    pub(super) extern "C" fn $name(_globals: PWDF_DRIVER_GLOBALS, $( $arg: $ty ),*) -> $ret {
                        super::$name($( $arg ),*)
                    }
                )*
            }

            #[cfg(target_arch = "x86_64")]
            mod win64 {
                use super::*;
                $(
                    pub(super) extern "win64" fn $name(_globals: PWDF_DRIVER_GLOBALS, $( $arg: $ty ),*) -> $ret {
                        super::$name($( $arg ),*)
                    }
                )*
            }

            #[allow(clippy::ptr_arg)]
            pub(super) fn coverage(out: &mut Vec<Coverage>) {
                $( $(
                    let _ = $kindex;
                    out.push(Coverage::new(stringify!($name), concat!(stringify!($header), ".h"), &Bodies::$name));
                )? )*
            }

            pub(super) fn fill(abi: Abi, kmdf: &mut [WDFFUNC]) {
                $( $( kmdf[$kindex] = erase(match abi {
                    Abi::C => c::$name as *const (),
                    #[cfg(target_arch = "x86_64")]
                    Abi::Win64 => win64::$name as *const (),
                }); )? )*
            }
        }
    };
}
wdk_sys::wdf_functions!(entries);

fn erase(function: *const ()) -> WDFFUNC {
    // SAFETY: a function pointer as the table's untyped one; callers cast it back by the same statement.
    Some(unsafe { std::mem::transmute::<*const (), unsafe extern "C" fn()>(function) })
}

/// Gives the headers whose functions KMDF has to another macro.
macro_rules! headers {
    ($then:ident) => {
        $then! {
            wdfchildlist,
            wdfcollection,
            wdfcommonbuffer,
            wdfcompaniontarget,
            wdfcontrol,
            wdfcx,
            wdfdevice,
            wdfdmaenabler,
            wdfdmatransaction,
            wdfdpc,
            wdfdriver,
            wdffdo,
            wdffileobject,
            wdfinterrupt,
            wdfio,
            wdfiotarget,
            wdfmemory,
            wdfminiport,
            wdfobject,
            wdfpdo,
            wdfqueryinterface,
            wdfregistry,
            wdfrequest,
            wdfresource,
            wdfstring,
            wdfsync,
            wdftimer,
            wdfusb,
            wdfverifier,
            wdfwmi,
            wdfworkitem,
        }
    };
}

/// The name of a function of KMDF's table, if it has no model.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
pub(crate) fn without_model(index: usize) -> Option<&'static str> {
    use std::sync::LazyLock;
    static NAMES: LazyLock<Vec<Option<&'static str>>> = LazyLock::new(|| {
        let mut names = vec![None; KMDF_FUNCTIONS];
        let coverage = coverage();
        for function in FUNCTIONS.iter().copied().flatten() {
            let Some((index, _)) = function.kmdf else { continue };
            let is_it = |known: &&Coverage| known.name == function.name && !known.modelled;
            names[index] = coverage.iter().find(is_it).map(|known| known.name);
        }
        names
    });
    NAMES.get(index).copied().flatten()
}

/// KMDF's function table in a calling convention.
pub(crate) fn kmdf_table(abi: Abi) -> &'static [WDFFUNC] {
    use std::sync::OnceLock;
    static TABLES: [OnceLock<Vec<WDFFUNC>>; 2] = [const { OnceLock::new() }; 2];
    let slot = match abi {
        Abi::C => 0,
        #[cfg(target_arch = "x86_64")]
        Abi::Win64 => 1,
    };
    TABLES[slot].get_or_init(|| {
        let mut table: Vec<WDFFUNC> = vec![None; KMDF_FUNCTIONS];
        macro_rules! fill {
            ($( $header:ident ),* $(,)?) => { $( $header::fill(abi, &mut table); )* };
        }
        headers!(fill);
        assert!(table.iter().all(Option::is_some), "the statement leaves a hole in KMDF's table");
        table
    })
}

/// What is modelled of KMDF, in the order of the headers.
pub(crate) fn coverage() -> Vec<Coverage> {
    let mut out = Vec::new();
    macro_rules! collect {
        ($( $header:ident ),* $(,)?) => { $( $header::coverage(&mut out); )* };
    }
    headers!(collect);
    out
}
