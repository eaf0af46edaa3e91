//! How a driver that is linked with the emulator reaches it.
//!
//! NT functions are slots of a table that the emulator installs, exactly as WDF functions are: the driver needs
//! no symbol of the kernel, and no symbol of the driver can displace one of the host's. The table is the same
//! for all machines; each entry finds the machine of the calling thread.
//!
//! A driver that is a host library of its own has its own copy of everything here, so the emulator reaches it
//! through the [`Runtime`] of the library's [`DriverModule`].

use crate::binding::{Binding, DriverEntry, Versions};
use crate::nt::*;
use crate::wdf::*;
use std::cell::{Cell, RefCell};
use std::sync::Once;
use std::sync::atomic::{AtomicPtr, Ordering};

macro_rules! table {
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
        /// The slots of the NT functions.
        #[repr(C)]
        pub struct NtTable {
            $( #[doc = concat!("`", stringify!($name), "`.")] pub $name: unsafe extern "C" fn($( $ty ),*) -> $ret, )*
            /// `DbgPrint`, variadic.
            pub DbgPrint: unsafe extern "C" fn(PCSTR, ...) -> ULONG,
            /// `DbgPrintEx`, variadic.
            pub DbgPrintEx: unsafe extern "C" fn(ULONG, ULONG, PCSTR, ...) -> ULONG,
            /// `KeGetCurrentIrql`, which is inline in an image.
            pub KeGetCurrentIrql: unsafe extern "C" fn() -> KIRQL,
            /// Whether the calling thread is running driver code, so that a panic is the driver's.
            pub in_driver: extern "C" fn() -> bool,
            /// Whether memory is a pool allocation of the machine that runs on the calling thread.
            pub is_pool: extern "C" fn(address: usize) -> bool,
            /// Ends the run: the driver called a function of this name, which has no slot.
            pub not_modelled: unsafe extern "C" fn(name: *const u8, length: usize) -> !,
            /// Ends the run: the driver panicked with this message, at this place.
            pub panicked: unsafe extern "C" fn(message: *const u8, length: usize) -> !,
        }

        /// The calls through the slots.
        pub mod functions {
            use super::*;
            $(
                $(#[$meta])*
                #[doc = concat!("`", stringify!($name), "` of `", $module, "`.")]
                ///
                /// # IRQL
                ///
                #[doc = concat!("`", stringify!($min), "` to `", stringify!($max), "`.")]
                ///
                /// # Safety
                ///
                /// The arguments are what the routine's documentation asks for, at an IRQL in the range above.
                #[allow(clippy::too_many_arguments)]
                #[inline]
                pub unsafe fn $name($( $arg: $ty ),*) -> $ret {
                    // SAFETY: the caller keeps the routine's contract.
                    unsafe { (table(stringify!($name)).$name)($( $arg ),*) }
                }
            )*

            /// The current IRQL.
            ///
            /// # Safety
            ///
            /// Called by a driver.
            #[inline]
            pub unsafe fn KeGetCurrentIrql() -> KIRQL {
                // SAFETY: has no arguments and no precondition.
                unsafe { (table("KeGetCurrentIrql").KeGetCurrentIrql)() }
            }

            /// Prints to the kernel debugger.
            pub const DbgPrint: unsafe extern "C" fn(PCSTR, ...) -> ULONG =
                // SAFETY: the shim passes its arguments on untouched, whatever they are.
                unsafe { std::mem::transmute(shims::dbg_print as *const ()) };
            /// Prints to the kernel debugger if the component's filter lets the level through.
            pub const DbgPrintEx: unsafe extern "C" fn(ULONG, ULONG, PCSTR, ...) -> ULONG =
                // SAFETY: as above.
                unsafe { std::mem::transmute(shims::dbg_print_ex as *const ()) };
        }

        /// A digest of the NT statement; see [`API_DIGEST`].
        const NT_DIGEST: u64 = crate::declare::fnv(stringify!($( $name ( $( $ty ),* ) $ret )*));
    };
}
crate::nt_functions!(table);

/// What an emulator and a host library must agree on.
pub const DIGEST: u64 = API_DIGEST.rotate_left(1) ^ NT_DIGEST ^ size_of::<Binding>() as u64;

static TABLE: AtomicPtr<NtTable> = AtomicPtr::new(std::ptr::null_mut());

/// The table, once an emulator has installed it.
#[inline]
fn installed() -> Option<&'static NtTable> {
    // SAFETY: `install` stores only pointers to tables that live for the rest of the process.
    unsafe { TABLE.load(Ordering::Acquire).as_ref() }
}

#[inline]
fn table(name: &'static str) -> &'static NtTable {
    match installed() {
        Some(table) => table,
        None => panic!("`{name}` was called, but no emulator is there to serve it"),
    }
}

/// Ends the run at a call of a function that is only declared.
#[cold]
pub(crate) fn not_modelled(name: &'static str) -> ! {
    // SAFETY: a name of that length, which lives for the rest of the process.
    unsafe { (table(name).not_modelled)(name.as_ptr(), name.len()) }
}

/// Variadic functions cannot be defined in stable Rust, but a jump through the slot needs no signature.
mod shims {
    use super::*;
    use std::mem::offset_of;

    macro_rules! jump {
        ($(#[$meta:meta])* $name:ident, $slot:ident) => {
            $(#[$meta])*
            #[unsafe(naked)]
            pub(super) extern "C" fn $name() {
                #[cfg(target_arch = "x86_64")]
                std::arch::naked_asm!(
                    "mov r11, qword ptr [rip + {table}]",
                    "jmp qword ptr [r11 + {slot}]",
                    table = sym TABLE,
                    slot = const offset_of!(NtTable, $slot),
                );
                #[cfg(all(target_arch = "aarch64", target_vendor = "apple"))]
                std::arch::naked_asm!(
                    "adrp x16, {table}@PAGE",
                    "ldr x16, [x16, {table}@PAGEOFF]",
                    "ldr x16, [x16, {slot}]",
                    "br x16",
                    table = sym TABLE,
                    slot = const offset_of!(NtTable, $slot),
                );
                #[cfg(all(target_arch = "aarch64", not(target_vendor = "apple")))]
                std::arch::naked_asm!(
                    "adrp x16, {table}",
                    "ldr x16, [x16, :lo12:{table}]",
                    "ldr x16, [x16, {slot}]",
                    "br x16",
                    table = sym TABLE,
                    slot = const offset_of!(NtTable, $slot),
                );
            }
        };
    }
    jump!(dbg_print, DbgPrint);
    jump!(dbg_print_ex, DbgPrintEx);
}

thread_local! {
    static CURRENT: Cell<*mut Binding> = const { Cell::new(std::ptr::null_mut()) };
    static PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// The binding of the driver whose code this thread runs, or null.
#[inline]
pub fn current() -> *mut Binding {
    CURRENT.get()
}

/// What the emulator needs of the copy of this module that a driver is linked with.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Runtime {
    install: unsafe extern "C" fn(*const NtTable),
    enter: unsafe extern "C" fn(*mut Binding) -> *mut Binding,
}

impl Runtime {
    /// The runtime of the code that names this function.
    pub const fn here() -> Self {
        Self { install, enter }
    }

    /// Installs the table of NT functions.
    ///
    /// # Safety
    ///
    /// The table lives for the rest of the process.
    pub unsafe fn install(&self, table: *const NtTable) {
        // SAFETY: as the caller promises.
        unsafe { (self.install)(table) }
    }

    /// Makes a binding current on this thread and returns the one before it.
    ///
    /// # Safety
    ///
    /// The binding is null, or valid until another one is made current.
    #[inline]
    pub unsafe fn enter(&self, binding: *mut Binding) -> *mut Binding {
        // SAFETY: as the caller promises.
        unsafe { (self.enter)(binding) }
    }
}

unsafe extern "C" fn install(table: *const NtTable) {
    TABLE.store(table.cast_mut(), Ordering::Release);
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        // The default hook would print, and with a backtrace it needs more stack than a kernel thread has.
        let previous = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            let Some(table) = installed() else { return previous(info) };
            if !(table.in_driver)() {
                return previous(info);
            }
            if let Some(first) = PANIC.with(|cell| cell.borrow_mut().take()) {
                // A callback of a raw driver has no `guard`: the panic reached C code, where it cannot go on.
                let first = first.leak();
                // SAFETY: a message of that length, which lives for the rest of the process.
                unsafe { (table.panicked)(first.as_ptr(), first.len()) }
            }
            let text = info.payload_as_str().unwrap_or("a panic without a message");
            let message = match info.location() {
                Some(place) => format!("{text}, at {}:{}", place.file(), place.line()),
                None => text.to_owned(),
            };
            PANIC.with(|cell| *cell.borrow_mut() = Some(message));
        }));
    });
}

unsafe extern "C" fn enter(binding: *mut Binding) -> *mut Binding {
    CURRENT.replace(binding)
}

/// Runs a callback's Rust body; a panic ends the emulated run as a verdict instead of unwinding into it.
#[inline]
pub fn guard<R>(body: impl FnOnce() -> R) -> R {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(body)).unwrap_or_else(|_| panicked())
}

#[cold]
fn panicked() -> ! {
    let message = PANIC.with(|cell| cell.borrow_mut().take()).unwrap_or_default();
    // Leaked on purpose: `panicked` leaves this stack without unwinding it.
    let message = message.leak();
    // SAFETY: a message of that length, which lives for the rest of the process.
    unsafe { (table("panic").panicked)(message.as_ptr(), message.len()) }
}

/// A driver that is linked with the emulator: what its `driver!` macro makes and a machine loads.
#[repr(C)]
#[non_exhaustive]
pub struct DriverModule {
    /// [`DIGEST`] of the statement that the driver was built against. First, so that it can be read before
    /// anything else is believed.
    pub digest: u64,
    /// Service name.
    pub name: &'static str,
    /// `name` and version of the package.
    pub package: &'static str,
    /// Framework versions.
    pub versions: &'static Versions,
    /// The driver's own entry point.
    pub driver_entry: DriverEntry,
    /// Whether the driver was built with debug assertions, that is, most likely without optimisation.
    pub debug: bool,
    /// The copy of this module that the driver is linked with.
    pub runtime: Runtime,
    /// The stub that binds the driver and calls `driver_entry`.
    pub fx_driver_entry:
        unsafe fn(&'static Versions, DriverEntry, PDRIVER_OBJECT, PCUNICODE_STRING) -> NTSTATUS,
}

impl DriverModule {
    /// Describes a driver. [`driver_module!`](crate::driver_module) is the usual way to one.
    ///
    /// # Safety
    ///
    /// `driver_entry` may be called as the system calls `DriverEntry`, and so may the callbacks that it registers.
    pub const unsafe fn new(
        name: &'static str,
        package: &'static str,
        versions: &'static Versions,
        driver_entry: DriverEntry,
    ) -> Self {
        Self {
            digest: DIGEST,
            name,
            package,
            versions,
            driver_entry,
            debug: cfg!(debug_assertions),
            runtime: Runtime::here(),
            fx_driver_entry: crate::binding::fx_driver_entry,
        }
    }
}

/// Names of the functions by which a host library gives the digest of its API statement, and makes a
/// [`DriverModule`] of a driver that exports `DriverEntry` and nothing else: one written for windows-drivers-rs.
pub const RAW_DIGEST_SYMBOL: &str = "wdk_raw_driver_digest";
/// See [`RAW_DIGEST_SYMBOL`].
pub const RAW_DRIVER_SYMBOL: &str = "wdk_raw_driver_module";
/// The function at [`RAW_DRIVER_SYMBOL`].
pub type RawDriverModule = extern "C" fn(&RawDriver) -> *const DriverModule;

/// What is known of a driver that does not describe itself.
#[repr(C)]
pub struct RawDriver {
    /// Service name.
    pub name: &'static str,
    /// Name and version of the package.
    pub package: &'static str,
    /// Framework versions, from its manifest.
    pub versions: &'static Versions,
    /// Its `DriverEntry`.
    pub driver_entry: DriverEntry,
}

/// [`DIGEST`], to be compared before [`wdk_raw_driver_module`] is called.
#[unsafe(no_mangle)]
pub extern "C" fn wdk_raw_driver_digest() -> u64 {
    DIGEST
}

/// Describes a driver to machines: with the copy of this module that it is linked with.
#[unsafe(no_mangle)]
pub extern "C" fn wdk_raw_driver_module(driver: &RawDriver) -> *const DriverModule {
    // SAFETY: who loads a library and names one of its functions as a driver's entry says that it is one.
    let module =
        unsafe { DriverModule::new(driver.name, driver.package, driver.versions, driver.driver_entry) };
    Box::leak(Box::new(module))
}

/// Whether this thread runs driver code in a machine now.
pub fn in_driver() -> bool {
    installed().is_some_and(|table| (table.in_driver)())
}

/// Whether there is a pool allocation of the machine that runs on this thread at an address.
pub fn is_pool(address: usize) -> bool {
    installed().is_some_and(|table| (table.is_pool)(address))
}

/// Name of the function by which a host library hands out its [`DriverModule`].
pub const HOST_LIBRARY_SYMBOL: &str = "wdk_driver_module";

/// Makes the [`DriverModule`] of a driver written against this crate: `driver_module!(pub DRIVER = driver_entry)`.
///
/// The framework versions are `Versions::kmdf(15)` unless a third argument says otherwise.
#[macro_export]
macro_rules! driver_module {
    ($vis:vis $name:ident = $entry:path) => {
        $crate::driver_module!($vis $name = $entry, $crate::binding::Versions::kmdf(15));
    };
    ($vis:vis $name:ident = $entry:path, $versions:expr) => {
        /// This driver, for a machine to load.
        $vis static $name: $crate::linked::DriverModule =
            // SAFETY: who names a function as a driver's entry says that it is one; nothing calls it but a machine.
            unsafe { $crate::linked::DriverModule::new(
            env!("CARGO_CRATE_NAME"),
            concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION")),
            { const VERSIONS: &$crate::binding::Versions = &$versions; VERSIONS },
            $entry,
        ) };
        // `allow` counts for what is inside: the crates in which this stands need not know the cfg.
        #[allow(unexpected_cfgs)]
        const _: () = {
            /// Hands the driver to the program that loads this host library.
            #[cfg(wdk_host_library)]
            #[unsafe(no_mangle)]
            pub extern "C" fn wdk_driver_module() -> *const $crate::linked::DriverModule {
                &raw const $name
            }
        };
    };
}
