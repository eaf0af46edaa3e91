//! The entry points of images: what Microsoft's stub libraries export, in front of the driver's own `DriverEntry`.
//!
//! KMDF: [`FxDriverEntry`] binds the driver and calls its `DriverEntry`. WDM: the system calls `DriverEntry` itself.
//! UMDF: [`FxDriverEntryUm`].

#[cfg(not(driver_model__driver_type = "WDM"))]
use crate::binding::Versions;
#[cfg(not(driver_model__driver_type = "WDM"))]
use crate::nt::*;

#[cfg(not(driver_model__driver_type = "WDM"))]
const fn number(text: &str) -> u32 {
    match u32::from_str_radix(text, 10) {
        Ok(number) => number,
        Err(_) => panic!("the build script writes numbers"),
    }
}

/// The versions in the manifest at the top of the build tree. They count for drivers that define no
/// `WDK_DRIVER_VERSIONS` of their own, as `wdk::driver!` does.
#[cfg(not(driver_model__driver_type = "WDM"))]
#[unsafe(no_mangle)]
static WDK_MANIFEST_VERSIONS: Versions = Versions {
    framework: if cfg!(driver_model__driver_type = "UMDF") {
        crate::binding::Framework::Umdf
    } else {
        crate::binding::Framework::Kmdf
    },
    major: number(env!("WDK_VERSION_MAJOR")),
    target_minor: number(env!("WDK_TARGET_MINOR")),
    minimum_minor: number(env!("WDK_MINIMUM_MINOR")),
};

// Tells the linker so.
#[cfg(not(driver_model__driver_type = "WDM"))]
core::arch::global_asm!(
    ".section .drectve,\"yn\"",
    ".ascii \" /ALTERNATENAME:WDK_DRIVER_VERSIONS=WDK_MANIFEST_VERSIONS\"",
    ".text",
);

/// The entry point of a KMDF image.
///
/// # Safety
///
/// Called once by the system, with the driver object and its registry path.
#[cfg(driver_model__driver_type = "KMDF")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn FxDriverEntry(
    driver_object: PDRIVER_OBJECT,
    registry_path: PCUNICODE_STRING,
) -> NTSTATUS {
    unsafe extern "C" {
        fn DriverEntry(driver_object: PDRIVER_OBJECT, registry_path: PCUNICODE_STRING) -> NTSTATUS;
        static WDK_DRIVER_VERSIONS: Versions;
    }
    // SAFETY: a static that the driver or this module defines, and that nothing writes to.
    let versions = unsafe { &WDK_DRIVER_VERSIONS };
    // SAFETY: the system's call, passed on.
    unsafe { crate::binding::fx_driver_entry(versions, DriverEntry, driver_object, registry_path) }
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
    _loader_interface: PVOID,
    _context: PVOID,
    _driver_object: PVOID,
    _registry_path: PUNICODE_STRING,
) -> NTSTATUS {
    let text = c"this UMDF driver was linked without WdfDriverStubUm.lib and cannot bind\n";
    // SAFETY: a NUL-terminated text.
    unsafe { crate::windows::OutputDebugStringA(text.as_ptr()) };
    STATUS_NOT_SUPPORTED
}
