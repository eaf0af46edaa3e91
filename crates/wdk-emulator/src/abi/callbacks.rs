//! Calls into a driver: every callback type, in the driver's calling convention.

use super::Abi;
use crate::kernel::Kernel;
use crate::kernel::driver::Driver;
use crate::verifier::{Verdict, rules};
use wdk_sys::*;

/// Derives a caller for each callback type of a header.
macro_rules! callers {
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
            #[allow(non_snake_case, dead_code, clippy::too_many_arguments)]
            pub(crate) fn $name(k: &Kernel, driver: &Driver, label: &'static str, f: wdk_sys::$name, $( $arg: $ty ),*) -> $ret {
                k.call_driver(driver, label, || match driver.abi {
                    // SAFETY: the driver gave this pointer for this callback; it takes these arguments.
                    Abi::C => unsafe { f($( $arg ),*) },
                    #[cfg(target_arch = "x86_64")]
                    Abi::Win64 => {
                        // SAFETY: the same function, which an image has in the Windows convention.
                        let f = unsafe {
                            std::mem::transmute::<wdk_sys::$name, unsafe extern "win64" fn($( $ty ),*) -> $ret>(f)
                        };
                        // SAFETY: as for the C convention.
                        unsafe { f($( $arg ),*) }
                    }
                })
            }
        )*
    };
}
wdk_sys::wdf_callbacks!(callers);

impl Kernel {
    /// Runs driver code on the driver's stack and checks what it left behind.
    pub(crate) fn call_driver<R>(&self, driver: &Driver, label: &'static str, body: impl FnOnce() -> R) -> R {
        self.counts.callbacks.add_one();
        let thread = self.thread();
        let outer_callback = thread.callback.replace(Some(label));
        self.trace.event(self, || format!("> {label}"));
        let (irql, critical) = (thread.irql.get(), thread.critical.get());
        let outer = thread.stacks.set_context(driver.context());
        let result = thread.stacks.call_driver(body);
        thread.stacks.set_context(outer);
        let result = match result {
            Ok(result) => result,
            Err(fault) => {
                let (rule, effect) = (rules::fatal::of_fault(fault), rules::fatal::describe(fault));
                let verdict = Verdict::of_lost_driver(self, rule, effect);
                #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
                let verdict = crate::image::trap::place_last(self, verdict);
                self.stop(verdict)
            }
        };
        if thread.irql.get() != irql {
            rules::irql::not_restored(self, label, irql, thread.irql.get());
            self.set_irql(irql);
        }
        if thread.critical.get() != critical {
            rules::irql::critical_region(self, label);
            thread.critical.set(critical);
        }
        self.trace.event(self, || format!("< {label}"));
        thread.callback.set(outer_callback);
        result
    }
}
