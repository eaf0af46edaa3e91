//! The entry points of images: what Microsoft's stub libraries have in front of the driver's own `DriverEntry`.
//!
//! KMDF: `FxDriverEntry` binds the driver and calls its `DriverEntry`. A driver that is declared with `wdk::driver!`
//! defines one of its own, and this one counts where nobody does. WDM: the system calls `DriverEntry` itself. UMDF:
//! `FxDriverEntryUm`.

#[cfg(driver_model__driver_type = "KMDF")]
mod kmdf {
    use crate::binding::{Framework, Versions};
    use crate::nt::*;

    const fn number(text: &str) -> u32 {
        match u32::from_str_radix(text, 10) {
            Ok(number) => number,
            Err(_) => panic!("the build script writes numbers"),
        }
    }

    /// The versions in the manifest at the top of the build tree.
    static VERSIONS: Versions = Versions {
        framework: Framework::Kmdf,
        major: number(env!("WDK_VERSION_MAJOR")),
        target_minor: number(env!("WDK_TARGET_MINOR")),
        minimum_minor: number(env!("WDK_MINIMUM_MINOR")),
    };

    // Symbols of the linker's only, as in `wdk::driver!`. What is not referred to does not get into the image.
    core::arch::global_asm!(
        ".globl wdk_fx_driver_entry",
        ".set wdk_fx_driver_entry, {entry}",
        ".globl wdk_no_driver_entry",
        ".set wdk_no_driver_entry, {none}",
        ".section .drectve,\"yn\"",
        ".ascii \" /ALTERNATENAME:FxDriverEntry=wdk_fx_driver_entry\"",
        // For drivers with an `FxDriverEntry` of their own, where nothing calls it.
        ".ascii \" /ALTERNATENAME:DriverEntry=wdk_no_driver_entry\"",
        ".text",
        entry = sym fx_driver_entry,
        none = sym no_driver_entry,
    );

    /// # Safety
    ///
    /// Called once by the system.
    unsafe extern "C" fn fx_driver_entry(
        driver_object: PDRIVER_OBJECT,
        registry_path: PCUNICODE_STRING,
    ) -> NTSTATUS {
        unsafe extern "C" {
            fn DriverEntry(driver_object: PDRIVER_OBJECT, registry_path: PCUNICODE_STRING) -> NTSTATUS;
        }
        // SAFETY: the system's call, passed on.
        unsafe { crate::binding::fx_driver_entry(&VERSIONS, DriverEntry, driver_object, registry_path) }
    }

    /// Refuses to load: the driver has no entry point.
    unsafe extern "C" fn no_driver_entry(_: PDRIVER_OBJECT, _: PCUNICODE_STRING) -> NTSTATUS {
        STATUS_ENTRYPOINT_NOT_FOUND
    }
}

/// The entry point of a UMDF driver, which the host process looks up by name.
///
/// It refuses to load: how a driver binds through the host's loader interface is not published. The driver compiles
/// and links, and everything up to here can be checked; to run it, link Microsoft's `WdfDriverStubUm.lib`.
///
/// # Safety
///
/// Called by the driver host.
#[cfg(driver_model__driver_type = "UMDF")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn FxDriverEntryUm(
    _loader_interface: crate::PVOID,
    _context: crate::PVOID,
    _driver_object: crate::PVOID,
    _registry_path: crate::PUNICODE_STRING,
) -> crate::NTSTATUS {
    let text = c"this UMDF driver was linked without WdfDriverStubUm.lib and cannot bind\n";
    // SAFETY: a NUL-terminated text.
    unsafe { crate::windows::OutputDebugStringA(text.as_ptr()) };
    crate::STATUS_NOT_SUPPORTED
}
