//! Buffers of "neither" I/O: a program's own memory, locked so that it can be used later.
//!
//! DDI header: `wdfrequest.h`.
//!
//! With `METHOD_NEITHER`, and on devices of [`IoType::Neither`](crate::IoType::Neither), the system hands over addresses
//! as the requester gave them. They mean something only on the requester's thread, and even there nobody has looked at
//! them. So they are locked in [`Device::in_caller_context`](crate::Device::in_caller_context), before a queue has the
//! request, by functions that are `unsafe`: what they rely on is not in this driver's hands. After that
//! [`Request::input`] and [`Request::output`] are the locked memory, safely: it is copied, since the program can change
//! it meanwhile, and it is there as long as the request.
//!
//! Prefer `METHOD_BUFFERED` or direct I/O, which need none of this.
//!
//! ```
//! # mod upper {
//! use wdk::neither;
//! use wdk::prelude::*;
//! # wdk::driver!(Upper);
//! # struct Upper;
//! # impl Driver for Upper {
//! #     fn device_add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()> {
//! #         let device = init.create(|_, _| Ok(Door), irql)?;
//! #         device.create_symbolic_link(wstr!(r"\DosDevices\Upper"), irql)?;
//! #         device.default_queue(Dispatching::PARALLEL, |_, _| Ok(Controls), irql)?;
//! #         Ok(())
//! #     }
//! # }
//!
//! pub const TO_UPPER: IoControlCode =
//!     IoControlCode::new(0x8000, 0x800, Method::Neither, RequiredAccess::Any);
//!
//! struct Door;
//!
//! impl Device for Door {
//!     type Locked = ();
//!     type Exec = Dispatch;
//!     const CALLBACKS: DeviceCallbacks = DeviceCallbacks::IN_CALLER_CONTEXT;
//!
//!     fn in_caller_context<'r>(
//!         &self,
//!         _: &DeviceRef<Self>,
//!         mut request: Arriving<'r>,
//!         irql: &mut Irql<'_, Dispatch>,
//!     ) -> Disposed<'r> {
//!         if request.parameters().code() == Some(TO_UPPER) {
//!             let Some(passive) = irql.if_passive() else {
//!                 return request.complete(Err(Error::INVALID_DEVICE_REQUEST), irql);
//!             };
//!             // SAFETY: this driver is the top of its device's stack, and only programs use the code.
//!             let locked = unsafe { neither::lock_buffers(&mut request, &passive) };
//!             if let Err(error) = locked {
//!                 return request.complete(Err(error), irql);
//!             }
//!         }
//!         request.enqueue(irql).unwrap_or_else(|rejected| rejected.fail(irql))
//!     }
//! }
//!
//! struct Controls;
//!
//! impl IoQueue for Controls {
//!     type Scope = PerQueue;
//!     type Exec = Dispatch;
//!     const HANDLES: Handlers = Handlers::DEVICE_CONTROL;
//!
//!     fn device_control<'r>(
//!         _: &mut Self,
//!         request: DeviceControlRequest<'r>,
//!         irql: &mut Irql<'_, Dispatch>,
//!     ) -> Disposed<'r> {
//!         request.complete_with(irql, |request, _| {
//!             let mut letter = [0];
//!             for at in 0..request.input().len() {
//!                 request.input().copy_to_at(at, &mut letter)?;
//!                 request.output().write(&letter.map(|letter| letter.to_ascii_uppercase()))?;
//!             }
//!             Ok(())
//!         })
//!     }
//! }
//! # }
//!
//! # fn main() -> wdk_emulator::Result {
//! # let machine = wdk_emulator::Machine::new();
//! # let device = machine.load(&upper::DRIVER)?.plug(r"ROOT\UPPER")?;
//! # let file = machine.open(r"\\.\Upper")?;
//! assert_eq!(file.ioctl(upper::TO_UPPER.0, b"shout", 5)?, b"SHOUT");
//! # file.close()?;
//! # device.remove()?;
//! # machine.finish()
//! # }
//! ```

use crate::in_caller_context::Arriving;
use crate::irql::{AtMost, Irql, Passive, ceiling};
use crate::status::check;
use crate::{Error, Result};
use core::ffi::c_void;
use core::sync::atomic::Ordering;
use wdk_sys::{NTSTATUS, PVOID, WDFMEMORY, WDFREQUEST};

#[allow(unused_imports, reason = "for the documentation")]
use crate::Request;

ceiling!(
    WdfRequestRetrieveUnsafeUserInputBuffer <= Passive,
    WdfRequestRetrieveUnsafeUserOutputBuffer <= Passive,
    WdfRequestProbeAndLockUserBufferForRead <= Passive,
    WdfRequestProbeAndLockUserBufferForWrite <= Passive,
);

/// Which of [`RequestBase::locked`](crate::delivery::RequestBase).
pub(crate) const INPUT: usize = 0;
pub(crate) const OUTPUT: usize = 1;

/// A buffer as the requester gave it: an address that nobody has looked at, and a length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UserBuffer {
    address: *mut c_void,
    len: usize,
}

impl UserBuffer {
    /// A buffer at an address that the requester gave otherwise, such as inside another buffer.
    pub const fn new(address: *mut c_void, len: usize) -> Self {
        Self { address, len }
    }

    /// The address, in the requester's address space.
    pub const fn address(self) -> *mut c_void {
        self.address
    }

    /// The number of bytes.
    pub const fn len(self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub const fn is_empty(self) -> bool {
        self.len == 0
    }

    /// A part of it.
    ///
    /// # Errors
    ///
    /// * `STATUS_BUFFER_TOO_SMALL`: the buffer ends before.
    pub fn part(self, offset: usize, len: usize) -> Result<Self> {
        match offset.checked_add(len) {
            Some(end) if end <= self.len => Ok(Self { address: self.address.wrapping_byte_add(offset), len }),
            _ => Err(Error::BUFFER_TOO_SMALL),
        }
    }
}

type Retrieve = unsafe fn(WDFREQUEST, usize, *mut PVOID, *mut usize) -> NTSTATUS;
type Lock = unsafe fn(WDFREQUEST, PVOID, usize, *mut WDFMEMORY) -> NTSTATUS;

fn retrieve(request: &Arriving<'_>, with: Retrieve) -> Result<UserBuffer> {
    let (mut address, mut len) = (core::ptr::null_mut(), 0);
    // SAFETY: the driver owns the request, in the callback that got it; the places are valid.
    check(unsafe { with(request.handle(), 1, &raw mut address, &raw mut len) })?;
    Ok(UserBuffer { address, len })
}

/// Where the requester's input is. Only an address: nothing is read.
///
/// # IRQL
///
/// `Passive`.
///
/// # Errors
///
/// * `STATUS_BUFFER_TOO_SMALL`: it has no bytes.
/// * `STATUS_INVALID_DEVICE_REQUEST`: it is a read request, or its buffers are not "neither" ones.
///
/// # Framework
///
/// `WdfRequestRetrieveUnsafeUserInputBuffer`, KMDF 1.0.
#[doc(alias = "WdfRequestRetrieveUnsafeUserInputBuffer")]
pub fn user_input<L: AtMost<Passive>>(request: &Arriving<'_>, _irql: &Irql<'_, L>) -> Result<UserBuffer> {
    retrieve(request, wdk_sys::WdfRequestRetrieveUnsafeUserInputBuffer)
}

/// Where the requester wants its output. Only an address: nothing is written.
///
/// # IRQL
///
/// `Passive`.
///
/// # Errors
///
/// As [`user_input`], for a write request.
///
/// # Framework
///
/// `WdfRequestRetrieveUnsafeUserOutputBuffer`, KMDF 1.0.
#[doc(alias = "WdfRequestRetrieveUnsafeUserOutputBuffer")]
pub fn user_output<L: AtMost<Passive>>(request: &Arriving<'_>, _irql: &Irql<'_, L>) -> Result<UserBuffer> {
    retrieve(request, wdk_sys::WdfRequestRetrieveUnsafeUserOutputBuffer)
}

/// Locks memory of the requester's.
///
/// # Safety
///
/// As [`lock_input`].
unsafe fn lock(request: &mut Arriving<'_>, buffer: UserBuffer, which: usize, with: Lock) -> Result<()> {
    let place = &request.base().locked[which];
    if !place.load(Ordering::Relaxed).is_null() {
        return Err(Error::INVALID_DEVICE_STATE);
    }
    let mut memory = core::ptr::null_mut();
    // SAFETY: the driver owns the request, in the callback that got it; the framework probes the address, and the caller
    // answers for what that relies on.
    check(unsafe { with(request.handle(), buffer.address, buffer.len, &raw mut memory) })?;
    place.store(memory, Ordering::Relaxed);
    Ok(())
}

/// Locks memory of the requester's as the request's input: [`Request::input`] is that memory from now on.
///
/// # IRQL
///
/// `Passive`.
///
/// # Errors
///
/// * `STATUS_ACCESS_VIOLATION`: the requester may not read there.
/// * `STATUS_INVALID_USER_BUFFER`: no bytes.
/// * `STATUS_INVALID_DEVICE_STATE`: an input is locked already.
/// * `STATUS_INVALID_DEVICE_REQUEST`: the request has no such buffer.
/// * `STATUS_INSUFFICIENT_RESOURCES`.
///
/// # Framework
///
/// `WdfRequestProbeAndLockUserBufferForRead`, KMDF 1.0.
///
/// # Safety
///
/// 1. The thread is the requester's: no driver above has passed the request to another thread. An address is probed in
///    the address space that is current.
/// 2. Requests of kernel components ([`Request::requestor_mode`]) come from components that the driver trusts: their
///    addresses are not probed, and are valid.
#[doc(alias = "WdfRequestProbeAndLockUserBufferForRead")]
pub unsafe fn lock_input<L: AtMost<Passive>>(
    request: &mut Arriving<'_>,
    buffer: UserBuffer,
    _irql: &Irql<'_, L>,
) -> Result<()> {
    // SAFETY: as the caller promises.
    unsafe { lock(request, buffer, INPUT, wdk_sys::WdfRequestProbeAndLockUserBufferForRead) }
}

/// Locks memory of the requester's as the request's output: [`Request::output`] is that memory from now on.
///
/// # IRQL
///
/// `Passive`.
///
/// # Errors
///
/// As [`lock_input`], for writing.
///
/// # Framework
///
/// `WdfRequestProbeAndLockUserBufferForWrite`, KMDF 1.0.
///
/// # Safety
///
/// As [`lock_input`].
#[doc(alias = "WdfRequestProbeAndLockUserBufferForWrite")]
pub unsafe fn lock_output<L: AtMost<Passive>>(
    request: &mut Arriving<'_>,
    buffer: UserBuffer,
    _irql: &Irql<'_, L>,
) -> Result<()> {
    // SAFETY: as the caller promises.
    unsafe { lock(request, buffer, OUTPUT, wdk_sys::WdfRequestProbeAndLockUserBufferForWrite) }
}

/// Locks the buffers that the request has: its input, its output, or both. One of no bytes is left out.
///
/// # IRQL
///
/// `Passive`.
///
/// # Errors
///
/// As [`lock_input`]. What is locked by then stays so.
///
/// # Safety
///
/// As [`lock_input`].
pub unsafe fn lock_buffers<L: AtMost<Passive>>(request: &mut Arriving<'_>, irql: &Irql<'_, L>) -> Result<()> {
    let control = request.parameters().control();
    let (reads, writes) = match control {
        Some((_, input, output)) => (input > 0, output > 0),
        None => {
            let parameters = request.parameters();
            let read = parameters.request_type() == crate::kind::RequestType::Read;
            (!read && !parameters.is_empty(), read && !parameters.is_empty())
        }
    };
    if reads {
        let buffer = user_input(request, irql)?;
        // SAFETY: as the caller promises.
        unsafe { lock_input(request, buffer, irql) }?;
    }
    if writes {
        let buffer = user_output(request, irql)?;
        // SAFETY: as the caller promises.
        unsafe { lock_output(request, buffer, irql) }?;
    }
    Ok(())
}
