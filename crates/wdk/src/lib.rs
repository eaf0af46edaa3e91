//! Windows drivers in safe Rust: the rules of KMDF as types.
//!
//! A driver is a type that implements [`Driver`], named in [`driver!`]. It creates a device, and queues whose
//! contexts implement [`IoQueue`]. This one counts what is written to it:
//!
//! ```
//! # mod counter {
//! use wdk::prelude::*;
//!
//! wdk::driver!(Counter);
//!
//! pub const INTERFACE: Guid = Guid::parse("3c5b0a2e-90d1-4a55-8f0e-0b1d2c3e4f50");
//!
//! struct Counter;
//!
//! impl Driver for Counter {
//!     fn device_add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()> {
//!         let device = init.io_type(IoType::Buffered).create(|_, _| Ok(()), irql)?;
//!         device.create_interface(INTERFACE, irql)?;
//!         device.default_queue(Dispatching::Sequential, |_, _| Ok(Writes { bytes: 0 }), irql)?;
//!         Ok(())
//!     }
//! }
//!
//! struct Writes {
//!     bytes: u64,
//! }
//!
//! impl IoQueue for Writes {
//!     type Scope = PerQueue; // callbacks of this queue never overlap: `&mut Self`
//!     type Exec = Dispatch; // they may run at DISPATCH_LEVEL: nothing here can wait
//!     const HANDLES: Handlers = Handlers::WRITE;
//!
//!     fn write<'r>(this: &mut Self, request: WriteRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
//!         let len = request.len();
//!         this.bytes += len as u64;
//!         request.complete(Ok(len), irql)
//!     }
//! }
//! # }
//!
//! // In a test, the emulator runs it.
//! # fn main() -> wdk_emulator::Result {
//! let machine = wdk_emulator::Machine::new();
//! let device = machine.load(&counter::DRIVER)?.plug(r"ROOT\COUNTER")?;
//! let file = machine.open(device.interface(*counter::INTERFACE.as_raw())?)?;
//! assert_eq!(file.write(b"hello")?, 5);
//! file.close()?;
//! device.remove()?;
//! machine.finish()
//! # }
//! ```
//!
//! The same source is an image for the Windows kernel and a library that the emulator runs. It has no `unsafe`:
//! put `#![forbid(unsafe_code)]` on it.
//!
//! # What the types rule out
//!
//! | Mistake | Why it does not compile | See |
//! |---|---|---|
//! | Calling a function above its IRQL | it asks for an [`Irql`] with a level at or below its own, and that value says where the code may find itself | [`irql`] |
//! | Waiting under a spin lock, or in a handler that may run at `DISPATCH_LEVEL` | as above | [`SpinLock`], [`WaitLock`] |
//! | Releasing locks out of order, forgetting to release one | a lock is held for the length of a closure | [`SpinLock`] |
//! | Completing a request under a private lock, which the next handler might want | completion asks for a level that is not [`Held`] | [`irql::MayComplete`] |
//! | Waiting for a queue in one of its handlers | waiting asks for [`MayBlock`], which handlers do not get | [`QueueRef::stop_synchronously`] |
//! | Forgetting a request in a handler, completing it twice, touching it afterwards | a handler gets a [`Request`] by value and returns the proof that it was disposed of | [`request`] |
//! | Losing a request that the framework refused | [`Rejected`] gives it back | [`Request::forward`] |
//! | Completing a request that is being cancelled | a parked request is taken by one side or the other | [`park`] |
//! | Reading an output buffer, returning bytes that were not written, writing while reading the same buffer | the input is a view, the output a writer that counts | [`buffer`] |
//! | Treating memory that a program can change as a slice | direct I/O is copied | [`Input::as_slice`] |
//! | Sharing a context between handlers that run at once | the scope decides between `&mut Q`, and `&Q` with `Q: Sync` | [`scope`] |
//! | Seeing a context before it is initialised, dropping it twice | the framework's callbacks are not let in before | [`DeviceRef::default_queue`] |
//! | Dropping or sharing a request's value, making it twice | it is reached through the request, by who has it | [`request_context`] |
//! | Passing on a request twice, or never, on its caller's thread | it is a value there, too | [`in_caller_context`] |
//! | Touching a program's memory where it lies | locked memory is copied, through the request; locking it is `unsafe` | [`neither`] |
//! | Running a DPC when its parent is gone | a gate is closed before the framework waits for the last | [`dpc`] |
//! | Allocating in interrupt code | there is no global allocator; the containers ask for the level | [`alloc`] |
//!
//! The bounds are not typed off the documentation: each wrapper is compared at compile time with the IRQL annotation
//! of Microsoft's headers, as `wdk-sys` states it.
//!
//! # What they do not rule out
//!
//! * Deadlock between locks, too much stack, too much time at a raised level.
//! * Taking a presentation lock twice on one thread ([`QueueRef::lock`] in a handler of that queue): the framework
//!   stops the system and says so. Taking a private lock twice: a deadlock.
//! * Waiting for a queue ([`QueueRef::stop_synchronously`]) in the closure that has one of its requests
//!   ([`QueueRef::retrieve`], [`Parked::take`]).
//! * Keeping a request forever: parked and never taken, or its token forgotten. Within a callback a request cannot
//!   be forgotten; between callbacks it is the driver's business. The emulator reports it when the device is removed.
//! * A write that claims to have consumed more than its length: passed on, and reported by the verifier.
//! * A handler that is written but not announced in [`IoQueue::HANDLES`]: it is never called.
//! * Reference cycles: a queue whose context holds a [`QueueHandle`] to itself is never freed, nor is a request whose
//!   value holds its own token.
//! * Panics. They stop the system, and are a verdict in the emulator.
//!
//! All of this holds given that the framework calls back at the levels it documents, and that nothing unwinds
//! through it.
//!
//! # Drivers written for windows-drivers-rs
//!
//! [`print!`], [`println!`], [`dbg!`], [`mod@fmt`], [`nt_success`], [`paged_code!`], [`dbg_break`] and [`wdf`] have the names
//! and shapes of the crate `wdk` of that project, so that a driver moves over with `[patch]` alone. [`wdf`] is the one
//! place here where safe functions rely on what nobody checks.
//!
//! # What is not wrapped yet
//!
//! * Hardware: interrupts, DMA, resource lists and registers.
//! * Other drivers: I/O targets and requests of the driver's own, filters, buses (PDOs), query interfaces.
//! * Devices without hardware of any kind: control devices.
//! * Power: idle and wake settings, power policy callbacks, self-managed I/O other than its beginning and end.
//! * Files: opens that wait, and create requests in queues.
//! * Queues: forward progress, `WdfRequestForwardToParentDeviceIoQueue`, automatic serialization of timers, work items and
//!   DPCs, timers that run at `PASSIVE_LEVEL`.
//! * Request contexts that can fail to be made, or more than one type of them on a device.
//! * Memory: paged memory objects, lookaside lists, collections. "Neither" requests have one locked input and one output.
//! * The registry, WMI, event tracing.
//!
//! Drivers that need those use `wdk-sys`.

#![cfg_attr(not(linked), no_std)]
#![deny(missing_docs)]

#[cfg(all(not(linked), not(driver_model__driver_type = "UMDF")))]
extern crate wdk_panic as _;

pub mod buffer;
mod delivery;
mod device;
mod device_init;
pub mod dpc;
mod driver;
pub mod file;
pub mod fmt;
mod forward;
mod glue;
pub mod in_caller_context;
mod interface;
pub mod io_queue;
pub mod ioctl;
pub mod irql;
pub mod kind;
pub mod memory;
pub mod neither;
mod notice;
mod object;
mod orphans;
mod parent;
pub mod park;
mod pnp;
pub mod prelude;
mod print;
mod queue;
mod queue_callbacks;
mod queue_config;
pub mod request;
pub mod request_context;
mod request_data;
pub mod request_memory;
mod request_parameters;
mod retrieval;
pub mod scope;
mod spin_lock;
mod status;
mod stop_acknowledge;
mod string;
mod timer;
mod wait_lock;
pub mod wdf;
mod work_item;

pub use buffer::{Input, Output};
pub use device::{DeviceRef, IoType};
pub use device_init::DeviceInit;
pub use dpc::{Dpc, DpcHandler};
pub use driver::{Driver, registry_path};
pub use file::{FileObject, FileRef, Open};
pub use forward::ForwardTarget;
pub use in_caller_context::Arriving;
pub use interface::Guid;
pub use io_queue::{Handlers, IoQueue};
pub use irql::{Held, Irql, MayBlock, Serialized};
pub use memory::{Memory, MemoryOffset, PreallocatedMemory};
pub use notice::{ResumeNotice, StopNotice};
pub use parent::Parent;

pub use park::Parked;
pub use pnp::{Device, DeviceCallbacks, PowerState};
#[doc(hidden)]
pub use print::_print;
pub use queue::{QueueHandle, QueueRef};
pub use queue_config::{Dispatching, PowerManaged, QueueConfig};
pub use request::{Disposed, Rejected, Request};
pub use request_data::{Classified, Retrieved};
pub use request_memory::InputMemory;
pub use request_parameters::{RequestParameters, RequestorMode};
pub use scope::{PerDevice, PerQueue, Unsynchronized};
pub use spin_lock::SpinLock;
pub use status::{Error, NtStatus, Result};
pub use string::UnicodeStr;
pub use timer::{Timer, TimerHandler};
pub use wait_lock::WaitLock;
pub use wdk_alloc as alloc;
pub use wdk_macros::driver;
pub use wdk_sys::{NT_SUCCESS as nt_success, PAGED_CODE as paged_code};
pub use work_item::{WorkHandler, WorkItem};
pub use zerocopy;

/// Breaks into the debugger.
///
/// Without a debugger an unhandled breakpoint stops the system.
pub fn dbg_break() {
    #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
    // SAFETY: a breakpoint changes nothing that the program can see.
    unsafe {
        core::arch::asm!("int 3", options(nomem, nostack))
    };
    #[cfg(target_arch = "aarch64")]
    // SAFETY: as above; the immediate is the debugger's.
    unsafe {
        core::arch::asm!("brk #0xF000", options(nomem, nostack))
    };
}

/// What this crate's macros expand to. Not for drivers.
#[doc(hidden)]
pub mod __private {
    pub use crate::driver::driver_entry;
    pub use crate::string::{utf16, utf16_len};
    pub use wdk_sys;
}
