//! How a driver is bound to the framework: the stub that Microsoft ships as a static library, written here.
//!
//! The system calls the stub ([`fx_driver_entry`]) instead of `DriverEntry`. The stub asks the loader for a
//! framework that fits ([`WdfVersionBind`](crate::ntddk::WdfVersionBind)), which fills in the [`Binding`]: the
//! function table, the driver globals and, for a driver newer than the framework, what the framework lacks.
//! Then it calls `DriverEntry`, and unbinds when that fails or when the driver is unloaded.
//!
//! An image has one binding, a static. A linked driver can be loaded in several machines at once, so there the
//! binding belongs to the machine, which makes it current before it calls the driver.

use crate::nt::*;
use crate::wdf::*;
use core::ffi::c_void;

/// The framework that a driver is written for.
#[repr(u32)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framework {
    /// Kernel-Mode Driver Framework.
    Kmdf = 1,
    /// User-Mode Driver Framework, version 2.
    Umdf = 2,
    /// None: the system calls the driver's own `DriverEntry`, and nothing is bound.
    Wdm = 3,
}

/// The framework versions of a driver: `[package.metadata.wdk.driver-model]` of its `Cargo.toml`.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Versions {
    /// Which framework.
    pub framework: Framework,
    /// Major version: 1 for KMDF, 2 for UMDF.
    pub major: u32,
    /// Minor version whose headers the driver uses. The system refuses the driver when it has less.
    pub target_minor: u32,
    /// Least minor version that the driver works with.
    pub minimum_minor: u32,
}

impl Versions {
    /// The versions of a KMDF 1.`target_minor` driver.
    ///
    /// # Panics
    ///
    /// At compile time, when this framework has no such release.
    pub const fn kmdf(target_minor: u32) -> Self {
        Self::kmdf_from(target_minor, target_minor)
    }

    /// The versions of a KMDF 1.`target_minor` driver that also loads with less, down to 1.`minimum_minor`: it asks
    /// [`is_available`] before it calls a function that came later.
    ///
    /// # Panics
    ///
    /// At compile time, when this framework has no such release, or the minimum is above the target, or it is below
    /// both the target and 25, the first release that knows of minimums.
    pub const fn kmdf_from(target_minor: u32, minimum_minor: u32) -> Self {
        let versions = Self { framework: Framework::Kmdf, major: 1, target_minor, minimum_minor };
        assert!(versions.function_count().is_some(), "there is no such release of KMDF");
        assert!(minimum_minor <= target_minor, "the minimum is above the target");
        assert!(
            minimum_minor == target_minor || minimum_minor >= 25,
            "a minimum below the target is at least 25"
        );
        versions
    }

    /// What stands for the versions of a driver without a framework.
    pub const WDM: Self = Self { framework: Framework::Wdm, major: 0, target_minor: 0, minimum_minor: 0 };

    /// The number of functions in the table of the target version, if that version was released.
    pub const fn function_count(&self) -> Option<u32> {
        let releases = match self.framework {
            Framework::Kmdf => wdffuncenum::kmdf::RELEASES,
            Framework::Umdf => wdffuncenum::umdf::RELEASES,
            Framework::Wdm => &[],
        };
        let mut i = 0;
        while i < releases.len() {
            if releases[i].0 == self.target_minor {
                return Some(releases[i].1);
            }
            i += 1;
        }
        None
    }
}

/// `DriverEntry` in the form that the system calls.
pub type DriverEntry = unsafe extern "C" fn(PDRIVER_OBJECT, PCUNICODE_STRING) -> NTSTATUS;

/// The longest table that a client brings itself (KMDF 1.13; UMDF's are shorter). From 1.15 on, the framework gives the
/// address of its own.
pub const OWN_TABLE: usize = 438;

/// What binding fills in: the module globals that `wdf.h` makes every client define.
#[repr(C)]
pub struct Binding {
    /// `WdfFunctions`: the function table.
    pub functions: *const WDFFUNC,
    /// `WdfDriverGlobals`: the first argument of every call.
    pub globals: PWDF_DRIVER_GLOBALS,
    /// `WdfFunctionCount`, or the length of the table where the framework says it.
    pub function_count: ULONG,
    /// `WdfStructureCount`.
    pub structure_count: ULONG,
    /// `WdfStructures`: structure sizes of a framework older than the client.
    pub structures: WDF_STRUCT_INFO,
    /// `WdfClientVersionHigherThanFramework`.
    pub client_version_higher: BOOLEAN,
    /// Whether UMDF's indices apply.
    pub umdf: BOOLEAN,
    /// The client's bind information, which the loader keeps a pointer to until it unbinds: the first part alone, or
    /// all of it where the minimum version is below the target (`Size` says which).
    pub bind_info: WDF_BIND_INFO2,
    /// `WdfMinimumVersionRequired`.
    pub minimum_version: ULONG,
    /// The table of a client for KMDF 1.13 or older, which brings its own. An image has it apart from this.
    #[cfg(linked)]
    pub own_table: [WDFFUNC; OWN_TABLE],
    /// The unload routine that the stub displaced.
    pub displaced_unload: PDRIVER_UNLOAD,
    /// The registry path with which to unbind.
    pub registry_path: UNICODE_STRING,
    /// Storage of `registry_path`.
    pub registry_path_buffer: [WCHAR; 260],
}

impl Binding {
    /// Not bound.
    pub const UNBOUND: Self = Self {
        functions: core::ptr::null(),
        globals: core::ptr::null_mut(),
        function_count: 0,
        structure_count: 0,
        structures: core::ptr::null_mut(),
        client_version_higher: 0,
        umdf: 0,
        bind_info: WDF_BIND_INFO2 {
            V1: WDF_BIND_INFO {
                Size: 0,
                Component: core::ptr::null_mut(),
                Version: WDF_VERSION { Major: 0, Minor: 0, Build: 0 },
                FuncCount: 0,
                FuncTable: core::ptr::null_mut(),
                Module: core::ptr::null_mut(),
            },
            MinimumVersionRequired: core::ptr::null_mut(),
            ClientVersionHigherThanFramework: core::ptr::null_mut(),
            FuncCountPtr: core::ptr::null_mut(),
            StructCountPtr: core::ptr::null_mut(),
            StructTable: core::ptr::null_mut(),
        },
        minimum_version: 0,
        #[cfg(linked)]
        own_table: [None; OWN_TABLE],
        displaced_unload: None,
        registry_path: UNICODE_STRING { Length: 0, MaximumLength: 0, Buffer: core::ptr::null_mut() },
        registry_path_buffer: [0; 260],
    };
}

#[cfg(not(linked))]
mod current {
    use super::{Binding, OWN_TABLE, WDFFUNC};
    use core::cell::UnsafeCell;

    struct Static(UnsafeCell<Binding>);
    // SAFETY: written by `fx_driver_entry` before any other code of the driver runs, and read after that.
    unsafe impl Sync for Static {}
    static BINDING: Static = Static(UnsafeCell::new(Binding::UNBOUND));

    #[inline]
    pub(super) fn binding() -> *mut Binding {
        BINDING.0.get()
    }

    struct Table(UnsafeCell<[WDFFUNC; OWN_TABLE]>);
    // SAFETY: written by the framework while the driver is bound, before any other code of the driver runs.
    unsafe impl Sync for Table {}
    static TABLE: Table = Table(UnsafeCell::new([None; OWN_TABLE]));

    /// The table of a client that brings its own; not in images of other clients, since nothing refers to it there.
    pub(super) fn own_table() -> *mut WDFFUNC {
        TABLE.0.get().cast()
    }
}

#[cfg(linked)]
mod current {
    use super::{Binding, WDFFUNC};

    #[inline]
    pub(super) fn binding() -> *mut Binding {
        crate::linked::current()
    }

    /// The table of a client that brings its own.
    pub(super) fn own_table() -> *mut WDFFUNC {
        // SAFETY: the stub runs while its machine's binding is current.
        unsafe { (&raw mut (*binding()).own_table).cast() }
    }
}

/// The binding of the driver that calls; null for a linked driver's code outside a machine.
#[inline]
pub fn current() -> *const Binding {
    current::binding()
}

/// Whether the framework that the driver is bound to has a function. Always, unless the driver's minimum version is
/// below its target; a driver that is not bound yet has none.
///
/// A call of a function that is not available panics.
pub fn is_available(function: &FunctionInfo) -> bool {
    let binding = current::binding();
    if binding.is_null() {
        return false;
    }
    // SAFETY: as in `function`.
    let binding = unsafe { &*binding };
    let index = if binding.umdf != 0 { function.umdf } else { function.kmdf };
    index.is_some_and(|(index, _)| index < binding.function_count as usize)
}

/// The table entry of a function and the globals to pass it.
///
/// Inlined, so that the indices are constants: for most functions of an image whose framework is known this is two
/// loads and nothing else.
#[cfg(not(linked))]
#[inline(always)]
pub(crate) fn function(
    name: &'static str,
    kmdf: Option<usize>,
    umdf: Option<usize>,
) -> (WDFFUNC, PWDF_DRIVER_GLOBALS) {
    let _ = name;
    // SAFETY: the static of this image, which nothing writes after it was bound.
    let binding = unsafe { &*current::binding() };
    let is_umdf = FRAMEWORK.map_or(binding.umdf != 0, |framework| matches!(framework, Framework::Umdf));
    // What every release has needs no look at the count.
    let (index, always) = match is_umdf {
        false => (kmdf, KMDF_ALWAYS),
        true => (umdf, wdffuncenum::umdf::RELEASES[0].1),
    };
    let is_there = |&index: &usize| index < always as usize || index < binding.function_count as usize;
    let Some(index) = index.filter(is_there) else { unavailable() };
    // SAFETY: the table has `function_count` entries; `wrapping_add` stays within them.
    let slot = unsafe { *binding.functions.wrapping_add(index) };
    (slot, binding.globals)
}

/// The framework that all of an image is compiled for, if the build says so (`--cfg wdk_framework="kmdf"`). Else it is
/// what the driver binds to.
#[cfg(not(linked))]
const FRAMEWORK: Option<Framework> = if cfg!(wdk_framework = "kmdf") {
    Some(Framework::Kmdf)
} else if cfg!(wdk_framework = "umdf") {
    Some(Framework::Umdf)
} else {
    None
};

/// The oldest release of KMDF that an image can be for: builds that say the framework refuse to make one for less, and
/// so does the stub.
#[cfg(not(linked))]
const OLDEST_KMDF: u32 = if FRAMEWORK.is_some() { 11 } else { 0 };

/// How many functions that release has.
#[cfg(not(linked))]
const KMDF_ALWAYS: u32 = match Versions::kmdf(OLDEST_KMDF).function_count() {
    Some(count) => count,
    None => panic!("it was released"),
};

/// Stops the system: the caller did not ask [`is_available`]. Images carry no function names to say which.
#[cfg(not(linked))]
#[cold]
#[inline(never)]
fn unavailable() -> ! {
    panic!("this function is not in the framework version that the driver is bound to")
}

/// The table entry of a function and the globals to pass it.
#[cfg(linked)]
#[inline]
pub(crate) fn function(
    name: &'static str,
    kmdf: Option<usize>,
    umdf: Option<usize>,
) -> (WDFFUNC, PWDF_DRIVER_GLOBALS) {
    let binding = current::binding();
    if binding.is_null() {
        panic!("`{name}` was called outside a driver's callbacks: there is no machine to serve it");
    }
    // SAFETY: the machine keeps the binding while it is current.
    let binding = unsafe { &*binding };
    let index = if binding.umdf != 0 { umdf } else { kmdf };
    let Some(index) = index.filter(|&i| i < binding.function_count as usize) else { missing(name) };
    // SAFETY: the table has `function_count` entries; `wrapping_add` stays within them.
    let slot = unsafe { *binding.functions.wrapping_add(index) };
    (slot, binding.globals)
}

#[cfg(linked)]
#[cold]
fn missing(name: &'static str) -> ! {
    panic!("`{name}` is not in the framework version that this driver targets")
}

/// What the `Size` member of a structure is set to.
///
/// The compiled size. (A client with a minimum version below its target would have to ask the framework, as
/// `WDF_STRUCTURE_SIZE` does; [`Versions`] does not make such clients yet.)
pub(crate) const fn structure_size<T>() -> ULONG {
    size_of::<T>() as ULONG
}

/// The handle of the driver object (`WdfGetDriver`), null before `WdfDriverCreate`.
pub fn wdf_get_driver() -> WDFDRIVER {
    let binding = current::binding();
    if binding.is_null() {
        return core::ptr::null_mut();
    }
    // SAFETY: as in `function`.
    let globals = unsafe { (*binding).globals };
    if globals.is_null() {
        return core::ptr::null_mut();
    }
    // SAFETY: the framework keeps the globals while the driver is bound.
    unsafe { (*globals).Driver }
}

const COMPONENT: [WCHAR; 12] = crate::declare::wide("KmdfLibrary");

/// The image's entry point: binds the driver, then calls its `DriverEntry`.
///
/// `STATUS_SUCCESS` leaves the driver loaded and, if the framework asked for it, the stub in the way of
/// `DriverUnload`, so that it can unbind afterwards.
///
/// # Errors
///
/// The loader's status when no framework fits, or `DriverEntry`'s after unbinding.
///
/// # Safety
///
/// Called once by the system at `PASSIVE_LEVEL` with the driver object and its registry path.
// Inlined, so that an image has what its own versions need. There are two callers in its crates, of which the linker
// keeps one.
#[inline(always)]
pub unsafe fn fx_driver_entry(
    versions: &'static Versions,
    driver_entry: DriverEntry,
    driver_object: PDRIVER_OBJECT,
    registry_path: PCUNICODE_STRING,
) -> NTSTATUS {
    if versions.framework == Framework::Wdm {
        // SAFETY: the driver's own entry, called as the system would call it.
        return unsafe { driver_entry(driver_object, registry_path) };
    }
    #[cfg(not(linked))]
    if FRAMEWORK.is_some_and(|framework| framework != versions.framework)
        || versions.framework == Framework::Kmdf && versions.minimum_minor < OLDEST_KMDF
    {
        // Compiled for another framework's table, or a longer one.
        return STATUS_INVALID_IMAGE_FORMAT;
    }
    // SAFETY: nothing else of this driver runs yet.
    let binding = unsafe { &mut *current::binding() };
    // SAFETY: the system passes a valid path.
    let path = unsafe { &*registry_path };
    let units = (path.Length as usize / 2).min(binding.registry_path_buffer.len());
    // SAFETY: both have that many units, and the system's string is not the driver's static.
    unsafe { core::ptr::copy_nonoverlapping(path.Buffer, binding.registry_path_buffer.as_mut_ptr(), units) };
    binding.registry_path = UNICODE_STRING {
        Length: units as USHORT * 2,
        MaximumLength: units as USHORT * 2,
        Buffer: binding.registry_path_buffer.as_mut_ptr(),
    };
    let count = versions.function_count().unwrap_or(0);
    let brings_table = count as usize <= OWN_TABLE && versions.target_minor < 15;
    binding.function_count = count;
    binding.umdf = (versions.framework == Framework::Umdf) as BOOLEAN;
    binding.bind_info.V1 = WDF_BIND_INFO {
        Size: size_of::<WDF_BIND_INFO>() as ULONG,
        Component: COMPONENT.as_ptr().cast_mut(),
        Version: WDF_VERSION { Major: versions.major, Minor: versions.target_minor, Build: 0 },
        FuncCount: count,
        FuncTable: match brings_table {
            true => current::own_table(),
            false => (&raw mut binding.functions).cast(),
        },
        Module: core::ptr::null_mut(),
    };
    if versions.minimum_minor < versions.target_minor {
        binding.minimum_version = versions.minimum_minor;
        binding.bind_info = WDF_BIND_INFO2 {
            V1: WDF_BIND_INFO { Size: size_of::<WDF_BIND_INFO2>() as ULONG, ..binding.bind_info.V1 },
            MinimumVersionRequired: &raw mut binding.minimum_version,
            ClientVersionHigherThanFramework: &raw mut binding.client_version_higher,
            FuncCountPtr: &raw mut binding.function_count,
            StructCountPtr: &raw mut binding.structure_count,
            StructTable: &raw mut binding.structures,
        };
    }
    let mut globals: PWDF_COMPONENT_GLOBALS = core::ptr::null_mut();
    // SAFETY: all four are valid, and the bind information lives as long as the driver.
    let status = unsafe {
        crate::ntddk::WdfVersionBind(
            driver_object,
            &raw mut binding.registry_path,
            (&raw mut binding.bind_info).cast(),
            &raw mut globals,
        )
    };
    if !NT_SUCCESS(status) {
        return status;
    }
    binding.globals = globals.cast();
    if brings_table {
        binding.functions = current::own_table();
    }
    if versions.minimum_minor < versions.target_minor && binding.client_version_higher == 0 {
        // Only then is the framework's own count not meaningful.
        binding.function_count = count;
    }
    // SAFETY: the driver's own entry, called as the system would call it.
    let status = unsafe { driver_entry(driver_object, registry_path) };
    if !NT_SUCCESS(status) {
        // SAFETY: bound above, and nothing of the driver is left that could run.
        unsafe { unbind() };
        return status;
    }
    // SAFETY: filled in by the framework, which lives as long as the binding.
    let displace = unsafe { (*binding.globals).DisplaceDriverUnload };
    if displace != 0 {
        // SAFETY: the system's driver object, which outlives the driver.
        let driver_object = unsafe { &mut *driver_object };
        binding.displaced_unload = driver_object.DriverUnload;
        driver_object.DriverUnload = Some(unload);
    }
    status
}

/// # Safety
///
/// The driver is bound, and none of its code can run any more.
unsafe fn unbind() {
    // SAFETY: as the caller promises.
    let binding = unsafe { &mut *current::binding() };
    // SAFETY: the arguments of the successful `WdfVersionBind`.
    unsafe {
        crate::ntddk::WdfVersionUnbind(
            &raw mut binding.registry_path,
            (&raw mut binding.bind_info).cast(),
            binding.globals.cast::<c_void>(),
        )
    };
    binding.globals = core::ptr::null_mut();
    binding.functions = core::ptr::null();
}

unsafe extern "C" fn unload(driver_object: PDRIVER_OBJECT) {
    // SAFETY: the driver is loaded, so it is bound.
    let displaced = unsafe { (*current::binding()).displaced_unload };
    if let Some(displaced) = displaced {
        // SAFETY: the framework's routine, called as the system would call it.
        unsafe { displaced(driver_object) };
    }
    // SAFETY: after the framework's unload routine nothing of the driver runs.
    unsafe { unbind() };
}
