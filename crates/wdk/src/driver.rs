//! The driver: where the framework begins.
//!
//! DDI header: `wdfdriver.h`.

use crate::device_init::DeviceInit;
use crate::glue::{enter, status_of};
use crate::irql::{AtMost, Irql, Passive, ceiling};
use crate::string::UnicodeStr;
use crate::{Error, Result};
use wdk_sys::{NTSTATUS, PCUNICODE_STRING, PDRIVER_OBJECT, PWDFDEVICE_INIT, WDFDRIVER};

ceiling!(WdfDriverCreate <= Passive, WdfDriverGetRegistryPath <= Passive);

/// A driver. Name the type in [`driver!`](crate::driver).
///
/// # Framework
///
/// `WDF_DRIVER_CONFIG`.
#[doc(alias = "WDF_DRIVER_CONFIG")]
pub trait Driver: Sized + 'static {
    /// A device that this driver is installed for was found: creates it and its queues.
    ///
    /// # Errors
    ///
    /// The device does not start, and what was created for it is removed.
    #[doc(alias = "EvtDriverDeviceAdd")]
    fn device_add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()>;

    /// The driver is about to be unloaded; all its devices are gone.
    #[doc(alias = "EvtDriverUnload")]
    fn unload(irql: &mut Irql<'_, Passive>) {
        let _ = irql;
    }
}

/// The path of the driver's key in the registry, `\Registry\Machine\System\CurrentControlSet\Services\…`. Its last
/// component is the name of the driver's service.
///
/// # IRQL
///
/// `Passive`.
///
/// # Framework
///
/// `WdfDriverGetRegistryPath`, KMDF 1.0.
#[doc(alias = "WdfDriverGetRegistryPath")]
pub fn registry_path<'a, L: AtMost<Passive>>(irql: &'a Irql<'_, L>) -> UnicodeStr<'a> {
    // The path lives as long as the driver object: the permission is a callback's, and no callback outlives that.
    let _ = irql;
    let driver = wdk_sys::binding::wdf_get_driver();
    // SAFETY: a callback runs, so the driver object is there; at `PASSIVE_LEVEL`, as the permission says.
    let path = unsafe { wdk_sys::WdfDriverGetRegistryPath(driver) };
    let mut len = 0;
    // SAFETY: the string ends with a zero, and none was found before this unit.
    while unsafe { *path.wrapping_add(len) } != 0 {
        len += 1;
    }
    // SAFETY: that many units are there, and nothing changes them.
    UnicodeStr::new(unsafe { core::slice::from_raw_parts(path, len) })
}

/// `DriverEntry` of a driver `D`.
///
/// # Safety
///
/// Called once by the binding stub, with its arguments, when the driver is bound.
pub unsafe extern "C" fn driver_entry<D: Driver>(
    driver_object: PDRIVER_OBJECT,
    registry_path: PCUNICODE_STRING,
) -> NTSTATUS {
    enter(|| {
        let mut config = wdk_sys::WDF_DRIVER_CONFIG::default();
        wdk_sys::WDF_DRIVER_CONFIG_INIT(&mut config, Some(device_add_callback::<D>));
        config.EvtDriverUnload = Some(unload_callback::<D>);
        // SAFETY: the stub's arguments, and an initialised structure.
        unsafe {
            wdk_sys::WdfDriverCreate(
                driver_object,
                registry_path,
                core::ptr::null_mut(),
                &raw mut config,
                core::ptr::null_mut(),
            )
        }
    })
}

unsafe extern "C" fn device_add_callback<D: Driver>(_: WDFDRIVER, init: PWDFDEVICE_INIT) -> NTSTATUS {
    enter(|| {
        if init.is_null() {
            return Error::INVALID_PARAMETER.status().0;
        }
        // SAFETY: the framework calls this at `PASSIVE_LEVEL`.
        let mut irql = unsafe { Irql::assume() };
        // SAFETY: what the framework gave; the lifetime is `device_add`'s.
        let init = unsafe { DeviceInit::from_raw(init) };
        status_of(D::device_add(init, &mut irql))
    })
}

unsafe extern "C" fn unload_callback<D: Driver>(_: WDFDRIVER) {
    enter(|| {
        // SAFETY: `EvtDriverUnload` runs at `PASSIVE_LEVEL`.
        let mut irql = unsafe { Irql::assume() };
        D::unload(&mut irql);
    });
}

/// What [`driver!`](crate::driver) expands to in a driver that is linked with the emulator.
#[cfg(linked)]
#[doc(hidden)]
#[macro_export]
macro_rules! __driver {
    (($driver:ty) $kmdf_minor:literal $minimum_minor:literal $($manifest:literal)?) => {
        $( const _: &[u8] = ::core::include_bytes!($manifest); )?
        $crate::__private::wdk_sys::driver_module!(
            pub DRIVER = $crate::__private::driver_entry::<$driver>,
            $crate::__private::wdk_sys::binding::Versions::kmdf_from($kmdf_minor, $minimum_minor)
        );
    };
}

/// What [`driver!`](crate::driver) expands to in an image.
#[cfg(not(linked))]
#[doc(hidden)]
#[macro_export]
macro_rules! __driver {
    (($driver:ty) $kmdf_minor:literal $minimum_minor:literal $($manifest:literal)?) => {
        $( const _: &[u8] = ::core::include_bytes!($manifest); )?
        // A module, since assembly can stand in nothing smaller. The driver's type is looked up where `driver!` is.
        #[doc(hidden)]
        mod __wdk_image {
            #[allow(unused_imports)]
            use super::*;
            use $crate::__private::wdk_sys;

            static VERSIONS: wdk_sys::binding::Versions =
                wdk_sys::binding::Versions::kmdf_from($kmdf_minor, $minimum_minor);

            // The image's entry point. A symbol of the linker's only: a Rust function of that name would be exported
            // from the image.
            ::core::arch::global_asm!(".globl FxDriverEntry", ".set FxDriverEntry, {}", sym fx_driver_entry);

            /// # Safety
            ///
            /// Called once by the system.
            unsafe extern "C" fn fx_driver_entry(
                driver_object: wdk_sys::PDRIVER_OBJECT,
                registry_path: wdk_sys::PCUNICODE_STRING,
            ) -> wdk_sys::NTSTATUS {
                // SAFETY: the system's call, passed on.
                unsafe {
                    wdk_sys::binding::fx_driver_entry(
                        &VERSIONS,
                        $crate::__private::driver_entry::<$driver>,
                        driver_object,
                        registry_path,
                    )
                }
            }
        }
    };
}
