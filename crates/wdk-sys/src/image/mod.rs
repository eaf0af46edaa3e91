//! What a driver image consists of besides the driver: imports from the kernel's modules, without import libraries,
//! and what Microsoft's C runtime would bring.

mod load_config;
mod runtime;

/// The imported functions.
pub mod functions {
    use crate::nt::*;
    use crate::wdf::*;

    macro_rules! import {
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
            $(
                #[link(name = $module, kind = "raw-dylib", modifiers = "+verbatim")]
                unsafe extern "C" {
                    $(#[$meta])*
                    #[doc = concat!("`", stringify!($name), "` of `", $module, "`.")]
                    pub fn $name($( $arg: $ty ),*) -> $ret;
                }
            )*
        };
    }
    crate::nt_functions!(import);

    #[link(name = "ntoskrnl.exe", kind = "raw-dylib", modifiers = "+verbatim")]
    unsafe extern "C" {
        /// Prints to the kernel debugger.
        pub fn DbgPrint(Format: PCSTR, ...) -> ULONG;
        /// Prints to the kernel debugger if the component's filter lets the level through.
        pub fn DbgPrintEx(ComponentId: ULONG, Level: ULONG, Format: PCSTR, ...) -> ULONG;
    }

    /// The current IRQL; inline on x64, as in Microsoft's headers.
    ///
    /// # Safety
    ///
    /// Called in kernel mode.
    #[cfg(target_arch = "x86_64")]
    #[inline]
    pub unsafe fn KeGetCurrentIrql() -> KIRQL {
        let level: u64;
        // SAFETY: reads the task priority register, which kernel mode may do at any time.
        unsafe { core::arch::asm!("mov {}, cr8", out(reg) level, options(nomem, nostack, preserves_flags)) };
        level as KIRQL
    }

    #[cfg(not(target_arch = "x86_64"))]
    #[link(name = "ntoskrnl.exe", kind = "raw-dylib", modifiers = "+verbatim")]
    unsafe extern "C" {
        /// The current IRQL.
        pub fn KeGetCurrentIrql() -> KIRQL;
    }
}
