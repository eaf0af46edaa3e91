//! The driver object.
//!
//! DDI header: `wdfdriver.h`.

use super::lock::Constraints;
use super::objects::{Attributes, Body};
use super::{size_is, status};
use crate::abi::{Abi, Bodies, Call, callbacks};
use crate::kernel::current;
use wdk_sys::*;

/// A `WDFDRIVER`.
pub(crate) struct DriverObject {
    pub(crate) constraints: Constraints,
}

#[allow(non_snake_case)]
impl Bodies {
    pub(crate) fn WdfDriverCreate(
        call: &Call,
        DriverObject: PDRIVER_OBJECT,
        RegistryPath: PCUNICODE_STRING,
        DriverAttributes: PWDF_OBJECT_ATTRIBUTES,
        DriverConfig: PWDF_DRIVER_CONFIG,
        Driver: *mut WDFDRIVER,
    ) -> NTSTATUS {
        let _ = (DriverObject, RegistryPath);
        // SAFETY: the driver passes a configuration; null was refused at the entry.
        let config = unsafe { *DriverConfig };
        // SAFETY: the driver passes attributes or null.
        let attributes = unsafe { Attributes::read(call, DriverAttributes) };
        status((|| {
            size_is::<WDF_DRIVER_CONFIG>(config.Size)?;
            let attributes = attributes?;
            let driver = call.driver().ok_or(STATUS_INVALID_PARAMETER)?;
            if driver.object().is_some() {
                return Err(STATUS_DRIVER_INTERNAL_ERROR);
            }
            let flags = config.DriverInitFlags as i32;
            let non_pnp = flags & _WDF_DRIVER_INIT_FLAGS::WdfDriverInitNonPnpDriver != 0;
            let no_dispatch = flags & _WDF_DRIVER_INIT_FLAGS::WdfDriverInitNoDispatchOverride != 0;
            if non_pnp && config.EvtDriverDeviceAdd.is_some() && !no_dispatch {
                return Err(STATUS_INVALID_PARAMETER);
            }
            let body = DriverObject { constraints: Constraints::DRIVER.inherit(&attributes) };
            let object = call.create(Body::Driver(body), Some(driver.clone()), None, &attributes)?;
            // `binding.md` §6: displaced for ordinary drivers, and otherwise only with an unload callback.
            let displace = !(non_pnp || no_dispatch) || config.EvtDriverUnload.is_some();
            let tag = pool_tag(config.DriverPoolTag, &driver.name);
            if !no_dispatch && (!non_pnp || config.EvtDriverUnload.is_some()) {
                driver.set_unload(Some(match driver.abi {
                    Abi::C => framework_unload,
                    #[cfg(target_arch = "x86_64")]
                    Abi::Win64 => {
                        // SAFETY: the driver object's field is untyped as to the convention; an image calls it in its own.
                        unsafe {
                            std::mem::transmute::<
                                unsafe extern "win64" fn(PDRIVER_OBJECT),
                                unsafe extern "C" fn(PDRIVER_OBJECT),
                            >(framework_unload_win64)
                        }
                    }
                }));
            }
            driver.created(&object, config, tag, displace);
            call.give(Driver, object.handle());
            Ok(())
        })())
    }

    pub(crate) fn WdfDriverGetRegistryPath(call: &Call, Driver: WDFDRIVER) -> PWSTR {
        let object = call.get::<DriverObject, _>(Driver).object;
        let driver = object.driver.as_ref().expect("a driver object is a driver's");
        driver.registry_path().as_ptr().cast_mut()
    }

    pub(crate) fn WdfDriverIsVersionAvailable(
        call: &Call,
        Driver: WDFDRIVER,
        VersionAvailableParams: PWDF_DRIVER_VERSION_AVAILABLE_PARAMS,
    ) -> BOOLEAN {
        let _ = call.get::<DriverObject, _>(Driver);
        // SAFETY: the driver passes parameters; null was refused at the entry.
        let wanted = unsafe { *VersionAvailableParams };
        (wanted.MajorVersion == 1 && wanted.MinorVersion <= 33) as BOOLEAN
    }
}

/// `binding.md` §3: the configured tag, or the service name's first characters behind "wdf".
fn pool_tag(configured: ULONG, service: &str) -> ULONG {
    const DEFAULT: ULONG = u32::from_le_bytes(*b"Ddk ");
    if configured != 0 && configured != DEFAULT {
        return configured;
    }
    let name = match service.get(..3) {
        Some(head) if head.eq_ignore_ascii_case("wdf") => &service[3..],
        _ => service,
    };
    if name.len() <= 2 {
        return 0;
    }
    let mut tag = [b' '; 4];
    for (to, from) in tag.iter_mut().zip(name.bytes()) {
        *to = from;
    }
    u32::from_le_bytes(tag)
}

/// The unload routine that the framework puts into the driver object. The stub calls it as a C function.
unsafe extern "C" fn framework_unload(_driver_object: PDRIVER_OBJECT) {
    unload();
}

/// The same for images.
#[cfg(target_arch = "x86_64")]
unsafe extern "win64" fn framework_unload_win64(_driver_object: PDRIVER_OBJECT) {
    unload();
}

fn unload() {
    crate::sched::stacks::call_model(|| {
        let k = current();
        let Some(driver) = k.running_driver() else { return };
        let Some(object) = driver.object() else { return };
        if let Some(unload) = driver.config.get().EvtDriverUnload {
            callbacks::EVT_WDF_DRIVER_UNLOAD(k, &driver, "EvtDriverUnload", unload, object.handle());
        }
        k.flush_deferred_cleanup();
        k.delete(&object);
        k.flush_deferred_cleanup();
    });
}
