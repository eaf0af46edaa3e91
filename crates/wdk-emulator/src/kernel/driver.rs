//! A loaded driver.

use crate::abi::{Abi, Call, nt, wdf};
use crate::framework::objects::Object;
use crate::kernel::Kernel;
use crate::sched::stacks::{self, Context};
use std::cell::{Cell, RefCell, UnsafeCell};
use std::rc::{Rc, Weak};
use wdk_sys::binding::Binding;
use wdk_sys::linked::DriverModule;
use wdk_sys::*;

/// Where a driver's code is.
enum Code {
    /// In this process, as Rust functions.
    Linked(&'static DriverModule),
    /// In an image.
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    Image(Rc<crate::image::Image>),
}

/// A driver that was loaded into a machine.
pub(crate) struct Driver {
    code: Code,
    pub(crate) abi: Abi,
    pub(crate) name: String,
    binding: Box<UnsafeCell<Binding>>,
    globals: Box<UnsafeCell<WDF_DRIVER_GLOBALS>>,
    driver_object: Box<UnsafeCell<DRIVER_OBJECT>>,
    /// What the driver object points to: a WDM driver stores its `AddDevice` there.
    _driver_extension: Box<UnsafeCell<DRIVER_EXTENSION>>,
    /// With a zero at its end, for `WdfDriverGetRegistryPath`.
    registry_path: Vec<u16>,
    /// Whether it is bound to the framework.
    pub(crate) bound: Cell<bool>,
    object: RefCell<Weak<Object>>,
    pub(crate) config: Cell<WDF_DRIVER_CONFIG>,
}

impl Driver {
    /// A driver that is linked with the emulator.
    pub(crate) fn linked(name: &str, module: &'static DriverModule) -> Rc<Self> {
        // SAFETY: the table is a static.
        unsafe { module.runtime.install(nt::table()) };
        Self::new(name, Code::Linked(module), Abi::C)
    }

    /// A driver image.
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    pub(crate) fn image(name: &str, image: Rc<crate::image::Image>) -> Rc<Self> {
        Self::new(name, Code::Image(image), Abi::Win64)
    }

    fn new(name: &str, code: Code, abi: Abi) -> Rc<Self> {
        let path = format!(r"\Registry\Machine\System\CurrentControlSet\Services\{name}");
        let mut driver_extension = Box::new(UnsafeCell::new(DRIVER_EXTENSION::default()));
        let driver_object = Box::new(UnsafeCell::new(DRIVER_OBJECT {
            DriverExtension: driver_extension.get(),
            ..DRIVER_OBJECT::default()
        }));
        driver_extension.get_mut().DriverObject = driver_object.get();
        Rc::new(Self {
            code,
            abi,
            name: name.to_owned(),
            binding: Box::new(UnsafeCell::new(Binding::UNBOUND)),
            globals: Box::new(UnsafeCell::new(WDF_DRIVER_GLOBALS::default())),
            driver_object,
            _driver_extension: driver_extension,
            registry_path: path.encode_utf16().chain([0]).collect(),
            bound: Cell::new(false),
            object: RefCell::default(),
            config: Cell::new(WDF_DRIVER_CONFIG::default()),
        })
    }

    /// The key of its service, zero-terminated; it stays where it is.
    pub(crate) fn registry_path(&self) -> &[u16] {
        &self.registry_path
    }

    /// Whether it came as an image.
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    pub(crate) fn is_image(&self) -> bool {
        self.abi != Abi::C
    }

    /// What a host thread has to make current before it runs the driver's code.
    pub(crate) fn context(&self) -> Option<Context> {
        let runtime = match &self.code {
            Code::Linked(module) => Some(module.runtime),
            #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
            Code::Image(_) => None,
        };
        #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
        let image = match &self.code {
            Code::Linked(_) => std::ptr::null(),
            Code::Image(image) => Rc::as_ptr(image),
        };
        Some(Context {
            runtime,
            binding: self.binding.get(),
            #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
            image,
        })
    }

    /// Calls the image's entry point, which binds the driver and calls its `DriverEntry`.
    pub(crate) fn enter(&self, k: &Kernel) -> NTSTATUS {
        let bytes = (self.registry_path.len() - 1) * 2;
        let mut path = UNICODE_STRING {
            Length: bytes as USHORT,
            MaximumLength: bytes as USHORT,
            Buffer: self.registry_path.as_ptr().cast_mut(),
        };
        let status = k.call_driver(self, "DriverEntry", || match &self.code {
            Code::Linked(module) => {
                let object = self.driver_object.get();
                // SAFETY: the module's stub and entry, with a driver object and a path that outlive the call.
                unsafe {
                    (module.fx_driver_entry)(module.versions, module.driver_entry, object, &raw mut path)
                }
            }
            #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
            Code::Image(image) => {
                type Entry = unsafe extern "win64" fn(PDRIVER_OBJECT, PCUNICODE_STRING) -> NTSTATUS;
                // SAFETY: a driver image's entry point has this type.
                let entry = unsafe { std::mem::transmute::<*const (), Entry>(image.entry()) };
                // SAFETY: as for linked drivers.
                unsafe { entry(self.driver_object.get(), &raw mut path) }
            }
        });
        #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
        if let Code::Image(image) = &self.code {
            image.discard();
        }
        status
    }

    /// What the driver's image uses that has no model: functions and variables that it imports
    /// (`MODULE!NAME`), and functions of the framework, as far as its code shows them.
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    pub(crate) fn not_modelled(&self) -> Vec<String> {
        match &self.code {
            Code::Linked(_) => Vec::new(),
            Code::Image(image) => image.not_modelled(),
        }
    }

    /// Calls the driver object's unload routine. `false` if there is none.
    pub(crate) fn unload(&self, k: &Kernel) -> bool {
        // SAFETY: no reference to the driver object is held across calls.
        let unload = unsafe { (*self.driver_object.get()).DriverUnload };
        let Some(unload) = unload else { return false };
        k.call_driver(self, "DriverUnload", || {
            let object = self.driver_object.get();
            match self.abi {
                // SAFETY: the routine that the stub or the driver stored, with the driver's object.
                Abi::C => unsafe { unload(object) },
                #[cfg(target_arch = "x86_64")]
                Abi::Win64 => {
                    type Unload = unsafe extern "win64" fn(PDRIVER_OBJECT);
                    // SAFETY: the same routine, which an image has in the Windows convention.
                    let unload = unsafe {
                        std::mem::transmute::<unsafe extern "C" fn(PDRIVER_OBJECT), Unload>(unload)
                    };
                    // SAFETY: as above.
                    unsafe { unload(object) }
                }
            }
        });
        true
    }

    /// Publishes the function table and the globals to a driver that binds.
    pub(crate) fn bind(
        &self,
        k: &Call,
        bind_info: PWDF_BIND_INFO,
        globals: *mut PWDF_COMPONENT_GLOBALS,
    ) -> NTSTATUS {
        // SAFETY: the stub passes its bind information.
        let info = unsafe { &*bind_info };
        let extended = info.Size == size_of::<WDF_BIND_INFO2>() as ULONG;
        if !extended && info.Size != size_of::<WDF_BIND_INFO>() as ULONG {
            return STATUS_INVALID_PARAMETER;
        }
        let releases = wdffuncenum::kmdf::RELEASES;
        let known = releases.iter().any(|&(_, count)| count == info.FuncCount);
        if !known || info.FuncCount as usize > wdf::KMDF_FUNCTIONS || info.Version.Major != 1 {
            return STATUS_INVALID_PARAMETER;
        }
        let table = wdf::kmdf_table(self.abi);
        let own_table = info.FuncCount <= 438;
        let count = if own_table { info.FuncCount as usize } else { 1 };
        k.writable("`FuncTable` of its bind information", info.FuncTable, count);
        if own_table {
            // Clients up to KMDF 1.13 bring a table of their own.
            for (index, function) in table.iter().take(info.FuncCount as usize).enumerate() {
                // SAFETY: the client's table has that many entries; `wrapping_add` stays within them.
                unsafe { info.FuncTable.wrapping_add(index).write(*function) };
            }
        } else {
            // SAFETY: newer clients give the address of a pointer to the table.
            unsafe { info.FuncTable.cast::<*const WDFFUNC>().write(table.as_ptr()) };
        }
        // SAFETY: the driver's own globals, which nobody else refers to now.
        let own = unsafe { &mut *self.globals.get() };
        *own = WDF_DRIVER_GLOBALS::default();
        for (to, from) in own.DriverName.iter_mut().zip(self.name.bytes().take(31)) {
            *to = from as CHAR;
        }
        k.writable("`ComponentGlobals`", globals, 1);
        // SAFETY: the client passes a place for the pointer.
        unsafe { globals.write(self.globals.get().cast()) };
        let mut minimum = info.Version.Minor;
        if extended {
            k.readable("`BindInfo`", bind_info.cast::<WDF_BIND_INFO2>(), 1);
            // SAFETY: its size says that it is an extended one.
            let info = unsafe { &*bind_info.cast::<WDF_BIND_INFO2>() };
            k.readable("`MinimumVersionRequired`", info.MinimumVersionRequired, 1);
            k.writable("`ClientVersionHigherThanFramework`", info.ClientVersionHigherThanFramework, 1);
            // SAFETY: an extended client gives the places of its globals.
            minimum = unsafe { *info.MinimumVersionRequired };
            // No client is newer than this framework, so the other globals have no meaning (`binding.md` §7).
            // SAFETY: as above.
            unsafe { info.ClientVersionHigherThanFramework.write(0) };
        }
        self.bound.set(true);
        k.trace.event(k, || {
            let WDF_VERSION { Major, Minor, .. } = info.Version;
            let from = if extended { format!(" (from {Major}.{minimum})") } else { String::new() };
            format!("  {} binds to KMDF {Major}.{Minor}{from}", self.name)
        });
        #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
        if let Code::Image(image) = &self.code {
            image.bound_to_framework(k, info.FuncTable.addr() as u64, own_table);
        }
        STATUS_SUCCESS
    }

    /// Fills in what `WdfDriverCreate` changes in the globals and the driver object.
    pub(crate) fn created(&self, object: &Rc<Object>, config: WDF_DRIVER_CONFIG, tag: ULONG, displace: bool) {
        *self.object.borrow_mut() = Rc::downgrade(object);
        self.config.set(config);
        // SAFETY: the driver's own globals; drivers read them only.
        let globals = unsafe { &mut *self.globals.get() };
        globals.Driver = object.handle();
        globals.DriverFlags = config.DriverInitFlags;
        globals.DriverTag = tag;
        globals.DisplaceDriverUnload = displace as BOOLEAN;
    }

    pub(crate) fn set_unload(&self, unload: PDRIVER_UNLOAD) {
        // SAFETY: no reference to the driver object is held across calls.
        unsafe { (*self.driver_object.get()).DriverUnload = unload };
    }

    /// The `WDFDRIVER`, while there is one.
    pub(crate) fn object(&self) -> Option<Rc<Object>> {
        self.object.borrow().upgrade()
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        if let Some(context) = self.context() {
            stacks::forget(context);
        }
    }
}

impl Call {
    /// The driver that makes the call.
    pub(crate) fn driver(&self) -> Option<Rc<Driver>> {
        self.running_driver()
    }
}

impl Kernel {
    /// The driver whose code runs on the calling thread.
    pub(crate) fn running_driver(&self) -> Option<Rc<Driver>> {
        let context = self.thread().stacks.context()?;
        let drivers = self.drivers.borrow();
        drivers.iter().find(|driver| std::ptr::eq(driver.binding.get(), context.binding)).cloned()
    }
}
