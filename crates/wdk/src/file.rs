//! Files: what programs hold open, with a context for each.
//!
//! DDI header: `wdffileobject.h`.
//!
//! A type that implements [`FileObject`] is the context of each open file of a device. Making it is what opening means:
//! [`FileObject::open`] returns it, or the error that the program's `CreateFile` fails with.
//!
//! ```
//! # mod sessions {
//! use wdk::prelude::*;
//! # use std::sync::atomic::{AtomicUsize, Ordering};
//! # wdk::driver!(Sessions);
//! # struct Sessions;
//!
//! struct Session {
//!     written: AtomicUsize,
//! }
//!
//! impl FileObject for Session {
//!     type Device = ();
//!
//!     fn open(_: &DeviceRef<()>, open: &Open<'_>, _: &mut Irql<'_, Passive>) -> Result<Self> {
//!         if open.name().units().is_empty() {
//!             return Ok(Self { written: AtomicUsize::new(0) });
//!         }
//!         Err(Error::OBJECT_NAME_NOT_FOUND) // there is nothing below this device
//!     }
//! }
//!
//! impl Driver for Sessions {
//!     fn device_add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()> {
//!         let device = init.files::<Session>().create(|_, _| Ok(()), irql)?;
//!         device.create_symbolic_link(wstr!(r"\DosDevices\Sessions"), irql)?;
//!         device.default_queue(Dispatching::PARALLEL, |_, _| Ok(Writes), irql)?;
//!         Ok(())
//!     }
//! }
//!
//! struct Writes;
//!
//! impl IoQueue for Writes {
//!     type Scope = PerQueue;
//!     type Exec = Dispatch;
//!     const HANDLES: Handlers = Handlers::WRITE;
//!
//!     fn write<'r>(_: &mut Self, request: WriteRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
//!         let len = request.len();
//!         let Some(session) = request.file::<Session>() else {
//!             return request.complete(Err(Error::INVALID_DEVICE_REQUEST), irql);
//!         };
//!         let before = session.context().written.fetch_add(len, Ordering::Relaxed);
//!         let outcome = if before == 0 { Ok(len) } else { Err(Error::END_OF_FILE) };
//!         request.complete(outcome, irql)
//!     }
//! }
//! # }
//!
//! # fn main() -> wdk_emulator::Result {
//! # let machine = wdk_emulator::Machine::new();
//! # let device = machine.load(&sessions::DRIVER)?.plug(r"ROOT\SESSIONS")?;
//! let file = machine.open(r"\\.\Sessions")?;
//! assert_eq!(file.write(b"once")?, 4);
//! assert!(file.write(b"twice").is_err());
//! assert_eq!(machine.open(r"\\.\Sessions")?.write(b"another")?, 7);
//! assert!(machine.open(r"\\.\Sessions\below").is_err());
//! # file.close()?;
//! # device.remove()?;
//! # machine.finish()
//! # }
//! ```
//!
//! The file's type says which devices it is for:
//!
//! ```compile_fail,E0271
//! use wdk::prelude::*;
//! # struct Disk;
//! # impl Device for Disk { type Locked = (); type Exec = Dispatch; }
//! struct File;
//! impl FileObject for File {
//!     type Device = Disk;
//!     fn open(_: &DeviceRef<Disk>, _: &Open<'_>, _: &mut Irql<'_, Passive>) -> Result<Self> { Ok(Self) }
//! }
//! fn add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()> {
//!     init.files::<File>().create::<()>(|_, _| Ok(()), irql)?;
//!     Ok(())
//! }
//! ```
//!
//! What is not offered: opens that wait. [`FileObject::open`] decides before it returns.

use crate::delivery::refuse;
use crate::device::{DeviceBase, DeviceRef};
use crate::glue::enter;
use crate::irql::{Irql, Passive, ceiling};
use crate::kind::Kind;
use crate::object::{FILE, Head};
use crate::request::Request;
use crate::request_parameters::RequestorMode;
use crate::string::UnicodeStr;
use crate::{Device, Error, Result};
use core::any::TypeId;
use core::cell::UnsafeCell;
use core::fmt;
use core::marker::PhantomData;
use core::mem::MaybeUninit;
use wdk_sys::{
    _WDF_FILEOBJECT_CLASS as classes, WDF_FILEOBJECT_CONFIG, WDFDEVICE, WDFFILEOBJECT, WDFOBJECT, WDFREQUEST,
};

ceiling!(
    WdfDeviceInitSetFileObjectConfig <= Passive,
    WdfFileObjectGetFileName <= Passive,
    WdfFileObjectGetFlags <= Dispatch,
);

/// The context of an open file, and its callbacks. See the [module](self).
///
/// The callbacks run at `PASSIVE_LEVEL` and are serialized with nothing: the context is shared with handlers.
///
/// # Framework
///
/// `WDF_FILEOBJECT_CONFIG`, with `WdfSynchronizationScopeNone`.
#[doc(alias = "WDF_FILEOBJECT_CONFIG")]
pub trait FileObject: Sized + Send + Sync + 'static {
    /// The device that is opened.
    type Device: Device;

    /// Opens a file: the context, or why not.
    ///
    /// # Errors
    ///
    /// What the program's open fails with. Neither [`cleanup`](Self::cleanup) nor [`close`](Self::close) is called
    /// then.
    #[doc(alias = "EvtDeviceFileCreate")]
    fn open(device: &DeviceRef<Self::Device>, open: &Open<'_>, irql: &mut Irql<'_, Passive>) -> Result<Self>;

    /// The last handle to the file is closed. Requests of the file may still be there; those that wait in queues are
    /// cancelled next.
    #[doc(alias = "EvtFileCleanup")]
    fn cleanup(file: &FileRef<Self>, irql: &mut Irql<'_, Passive>) {
        let _ = (file, irql);
    }

    /// The last request of the file is completed. The context is dropped after this.
    #[doc(alias = "EvtFileClose")]
    fn close(file: &FileRef<Self>, irql: &mut Irql<'_, Passive>) {
        let _ = (file, irql);
    }
}

/// What is known of a file once it is open.
pub(crate) struct FileFacts {
    handle: WDFFILEOBJECT,
    device: *const DeviceBase,
    type_id: TypeId,
}

/// An open file with context `F`.
///
/// # Framework
///
/// `WDFFILEOBJECT`. It lives in the file object's context.
///
/// # Invariants
///
/// 1. Who has a reference has a file that is open and not closed: the facts are published and the context is in
///    place.
#[doc(alias = "WDFFILEOBJECT")]
#[repr(C)]
pub struct FileRef<F: FileObject> {
    head: Head<FileFacts>,
    value: UnsafeCell<MaybeUninit<F>>,
}

impl<F: FileObject> fmt::Debug for FileRef<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("File").field(&self.handle()).finish()
    }
}

impl<F: FileObject> FileRef<F> {
    fn facts(&self) -> &FileFacts {
        self.head.facts().expect("a file in reach is open")
    }

    pub(crate) fn handle(&self) -> WDFFILEOBJECT {
        self.facts().handle
    }

    /// The file's context.
    pub fn context(&self) -> &F {
        // SAFETY: invariant 1; from then on it is only shared, and `F: Sync`.
        unsafe { &*self.value.get().cast::<F>() }
    }

    /// The device that the file is of.
    pub fn device(&self) -> &DeviceRef<F::Device> {
        // SAFETY: a device outlives its files, and `FilesOf` has tied the type of the file to that of the device.
        unsafe { &*self.facts().device.cast::<DeviceRef<F::Device>>() }
    }

    /// A number that tells the files of a device apart while they are open, the same as
    /// [`Request::file_id`](crate::Request::file_id) says.
    pub fn id(&self) -> usize {
        self.handle().addr()
    }

    /// The file of a handle; `None` when it is not open, or has another context.
    ///
    /// # Safety
    ///
    /// The handle is null, or of a file object that lives for `'a`, of a device made here.
    unsafe fn of<'a>(handle: WDFFILEOBJECT) -> Option<&'a Self> {
        if handle.is_null() {
            return None;
        }
        // SAFETY: alive, and every context of this type starts with that head.
        let head = unsafe { FILE.of::<Head<FileFacts>>(handle.cast()) }?;
        if !head.is_ready() || head.facts()?.type_id != TypeId::of::<F>() {
            return None;
        }
        // SAFETY: alive, and its context is a `FileRef<F>`.
        unsafe { FILE.of::<Self>(handle.cast()) }
    }
}

/// What a program asks for when it opens a file.
#[derive(Debug)]
pub struct Open<'a> {
    name: UnicodeStr<'a>,
    mode: RequestorMode,
}

impl<'a> Open<'a> {
    /// The name of the file below the device, with its `\`; empty when the device itself is opened.
    ///
    /// # Framework
    ///
    /// `WdfFileObjectGetFileName`, KMDF 1.0.
    #[doc(alias = "WdfFileObjectGetFileName")]
    pub fn name(&self) -> UnicodeStr<'a> {
        self.name
    }

    /// Whether a program or a kernel component opens it.
    pub fn requestor_mode(&self) -> RequestorMode {
        self.mode
    }
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::NoFiles {}
    impl<F: super::FileObject> Sealed for super::PerFile<F> {}
}

/// How a device treats files: [`NoFiles`], or [`PerFile`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not for a device `{D}`",
    note = "`FileObject::Device` names the device that the files are of"
)]
pub trait FilesOf<D: Device>: sealed::Sealed {
    #[doc(hidden)]
    fn config() -> (WDF_FILEOBJECT_CONFIG, wdk_sys::WDF_OBJECT_ATTRIBUTES);
}

/// Every open succeeds, and files have no context.
#[derive(Debug)]
pub enum NoFiles {}

/// Files have the context `F`.
#[derive(Debug)]
pub struct PerFile<F>(PhantomData<F>);

impl<D: Device> FilesOf<D> for NoFiles {
    fn config() -> (WDF_FILEOBJECT_CONFIG, wdk_sys::WDF_OBJECT_ATTRIBUTES) {
        let mut config = WDF_FILEOBJECT_CONFIG::default();
        wdk_sys::WDF_FILEOBJECT_CONFIG_INIT(&mut config, None, None, None);
        // Requests that come without a file are as good as any.
        config.FileObjectClass |= classes::WdfFileObjectCanBeOptional;
        (config, unscoped(wdk_sys::WDF_OBJECT_ATTRIBUTES::default()))
    }
}

impl<D: Device, F: FileObject<Device = D>> FilesOf<D> for PerFile<F> {
    fn config() -> (WDF_FILEOBJECT_CONFIG, wdk_sys::WDF_OBJECT_ATTRIBUTES) {
        let mut config = WDF_FILEOBJECT_CONFIG::default();
        wdk_sys::WDF_FILEOBJECT_CONFIG_INIT(
            &mut config,
            Some(create_callback::<F>),
            Some(close_callback::<F>),
            Some(cleanup_callback::<F>),
        );
        config.FileObjectClass |= classes::WdfFileObjectCanBeOptional;
        let mut attributes = FILE.attributes::<FileRef<F>>();
        attributes.EvtDestroyCallback = Some(destroy_callback::<F>);
        let mut with = unscoped(attributes);
        with.ExecutionLevel = wdk_sys::_WDF_EXECUTION_LEVEL::WdfExecutionLevelPassive;
        (config, with)
    }
}

/// File callbacks cannot have a dispatch-level device's lock, and need none: their context is shared.
fn unscoped(mut attributes: wdk_sys::WDF_OBJECT_ATTRIBUTES) -> wdk_sys::WDF_OBJECT_ATTRIBUTES {
    if attributes.Size == 0 {
        wdk_sys::WDF_OBJECT_ATTRIBUTES_INIT(&mut attributes);
    }
    attributes.SynchronizationScope = wdk_sys::_WDF_SYNCHRONIZATION_SCOPE::WdfSynchronizationScopeNone;
    attributes
}

impl<K: Kind> Request<'_, K> {
    /// The file that the request came through, if files have the context `F`.
    ///
    /// # Framework
    ///
    /// `WdfRequestGetFileObject`, KMDF 1.0.
    #[doc(alias = "WdfRequestGetFileObject")]
    pub fn file<F: FileObject>(&self) -> Option<&FileRef<F>> {
        // SAFETY: the driver owns the request.
        let handle = unsafe { wdk_sys::WdfRequestGetFileObject(self.handle()) };
        // SAFETY: null, or a file object that outlives its requests, this one among them.
        unsafe { FileRef::of(handle) }
    }
}

/// Opens a file. The context is in place before the request is completed, since requests can follow at once.
unsafe extern "C" fn create_callback<F: FileObject>(
    device: WDFDEVICE,
    request: WDFREQUEST,
    file: WDFFILEOBJECT,
) {
    enter(|| {
        // SAFETY: the callback's arguments; `FilesOf` has tied the files to a device with that context.
        let status = match unsafe { open::<F>(device, request, file) } {
            Ok(()) => wdk_sys::STATUS_SUCCESS,
            // SAFETY: given to the driver for this callback, and not completed.
            Err(error) => return unsafe { refuse(request, error) },
        };
        // SAFETY: given to the driver for this callback, and not completed.
        unsafe { wdk_sys::WdfRequestCompleteWithInformation(request, status, 0) };
    });
}

/// # Safety
///
/// Called in `EvtDeviceFileCreate` of a device with context `F::Device`, with its arguments.
unsafe fn open<F: FileObject>(device: WDFDEVICE, request: WDFREQUEST, file: WDFFILEOBJECT) -> Result<()> {
    // SAFETY: as the caller promises; the device outlives its callback.
    let device = unsafe { DeviceRef::<F::Device>::ready(device) }.ok_or(Error::DEVICE_NOT_READY)?;
    if file.is_null() {
        // An open without a file: there is nothing that a context could belong to.
        return Err(Error::INVALID_DEVICE_REQUEST);
    }
    // SAFETY: a file object of a device whose files have that context.
    let this = unsafe { FILE.of::<FileRef<F>>(file.cast()) }.ok_or(Error::INTERNAL_ERROR)?;
    // SAFETY: the file is being opened; its name stays for as long.
    let name = unsafe { wdk_sys::WdfFileObjectGetFileName(file) };
    // SAFETY: null, or a string of the framework's that is there as long as the file.
    let name = unsafe { name.as_ref() };
    let units = match name {
        Some(name) if name.Length >= 2 && !name.Buffer.is_null() => {
            // SAFETY: a counted string of the I/O manager's, which does not change while the file is opened.
            unsafe { core::slice::from_raw_parts(name.Buffer.cast_const(), usize::from(name.Length / 2)) }
        }
        _ => &[],
    };
    // SAFETY: the driver owns the request.
    let mode = match unsafe { wdk_sys::WdfRequestGetRequestorMode(request) } {
        0 => RequestorMode::Kernel,
        _ => RequestorMode::User,
    };
    // SAFETY: the framework calls this at PASSIVE_LEVEL.
    let mut irql = unsafe { Irql::assume() };
    let value = F::open(device, &Open { name: UnicodeStr::new(units), mode }, &mut irql)?;
    // SAFETY: nobody reads the place before the file is ready, and a file is opened once.
    unsafe { this.value.get().cast::<F>().write(value) };
    let facts = FileFacts { handle: file, device: device.base_pointer(), type_id: TypeId::of::<F>() };
    // SAFETY: once for this file.
    unsafe { this.head.publish(facts) };
    // SAFETY: written and published.
    unsafe { this.head.set_ready() };
    Ok(())
}

unsafe extern "C" fn cleanup_callback<F: FileObject>(file: WDFFILEOBJECT) {
    enter(|| {
        // SAFETY: the file of this callback, which outlives it.
        let Some(file) = (unsafe { FileRef::<F>::of(file) }) else { return };
        // SAFETY: the framework calls this at PASSIVE_LEVEL.
        F::cleanup(file, &mut unsafe { Irql::assume() });
    });
}

unsafe extern "C" fn close_callback<F: FileObject>(file: WDFFILEOBJECT) {
    enter(|| {
        // SAFETY: the file of this callback, which outlives it.
        let Some(file) = (unsafe { FileRef::<F>::of(file) }) else { return };
        // SAFETY: the framework calls this at PASSIVE_LEVEL.
        F::close(file, &mut unsafe { Irql::assume() });
    });
}

unsafe extern "C" fn destroy_callback<F: FileObject>(object: WDFOBJECT) {
    enter(|| {
        // SAFETY: the destroy callback of a file with that context, whose memory is still there.
        let this = unsafe { FILE.of::<FileRef<F>>(object) };
        if let Some(this) = this.filter(|this| this.head.is_ready()) {
            // SAFETY: in place, and nothing refers to the file any more.
            unsafe { this.value.get().cast::<F>().drop_in_place() };
        }
    });
}
