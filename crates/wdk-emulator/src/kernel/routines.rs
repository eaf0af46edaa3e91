//! NT routines that have no file of their own.

use crate::abi::{Bodies, Call};
use crate::verifier::{Verdict, rules};
use wdk_sys::*;

/// The bug check of `wdk-panic`: address and length of the file's name, line, column.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
const PANIC_CODE: ULONG = 0xE000_5255;

#[allow(non_snake_case)]
impl Bodies {
    pub(crate) fn WdfVersionBind(
        call: &Call,
        DriverObject: PDRIVER_OBJECT,
        RegistryPath: PUNICODE_STRING,
        BindInfo: PWDF_BIND_INFO,
        ComponentGlobals: *mut PWDF_COMPONENT_GLOBALS,
    ) -> NTSTATUS {
        let _ = (DriverObject, RegistryPath);
        match call.driver() {
            Some(driver) => driver.bind(call, BindInfo, ComponentGlobals),
            None => STATUS_INVALID_PARAMETER,
        }
    }

    pub(crate) fn WdfVersionUnbind(
        call: &Call,
        RegistryPath: PUNICODE_STRING,
        BindInfo: PWDF_BIND_INFO,
        ComponentGlobals: PWDF_COMPONENT_GLOBALS,
    ) -> NTSTATUS {
        let _ = (RegistryPath, BindInfo, ComponentGlobals);
        if let Some(driver) = call.driver() {
            // `binding.md` §5: a driver object that still exists is deleted.
            if let Some(object) = driver.object() {
                call.delete(&object);
            }
            driver.bound.set(false);
        }
        STATUS_SUCCESS
    }

    pub(crate) fn KeBugCheckEx(
        call: &Call,
        BugCheckCode: ULONG,
        BugCheckParameter1: ULONG_PTR,
        BugCheckParameter2: ULONG_PTR,
        BugCheckParameter3: ULONG_PTR,
        BugCheckParameter4: ULONG_PTR,
    ) {
        #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
        if BugCheckCode == PANIC_CODE
            && let Some(file) = crate::image::text(BugCheckParameter1, BugCheckParameter2)
        {
            let effect = format!(
                "the driver panicked, at {file}:{BugCheckParameter3}:{BugCheckParameter4} (bug check \
                 {BugCheckCode:#X})"
            );
            let panic = Verdict::driver_bug(call, &rules::fatal::PANIC, effect, String::new());
            // Where the panic was, and not the handler that stops the system.
            call.stop(Verdict { place: Some(format!("{file}:{BugCheckParameter3}")), ..panic })
        }
        call.stop(Verdict::driver_bug(
            call,
            &rules::fatal::BUG_CHECK,
            format!(
                "bug check {BugCheckCode:#X} ({BugCheckParameter1:#x}, {BugCheckParameter2:#x}, \
                 {BugCheckParameter3:#x}, {BugCheckParameter4:#x})"
            ),
            String::new(),
        ))
    }

    pub(crate) fn KeBugCheck(call: &Call, BugCheckCode: ULONG) {
        Self::KeBugCheckEx(call, BugCheckCode, 0, 0, 0, 0);
    }

    pub(crate) fn KeQueryInterruptTimePrecise(call: &Call, QpcTimeStamp: PULONG64) -> ULONGLONG {
        call.writable("`QpcTimeStamp`", QpcTimeStamp, 1);
        // SAFETY: the driver passes a place for the time stamp.
        unsafe { QpcTimeStamp.write(call.now()) };
        call.now()
    }

    pub(crate) fn KeQueryTimeIncrement(_call: &Call) -> ULONG {
        // 15.625 ms, the usual clock.
        156_250
    }
}
