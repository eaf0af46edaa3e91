//! Interrupt request levels as types: what may be called where.
//!
//! A driver's callback receives an [`Irql`], a value without size that is the *permission* to do what is
//! allowed at or below one level. Operations ask for it: `irql: &Irql<'_, impl AtMost<Dispatch>>` means "call
//! this at `DISPATCH_LEVEL` or below". The level in the type is the highest at which the code may find itself,
//! so a call that compiles is legal every time it runs.
//!
//! The level rises only inside closures ([`SpinLock::with`](crate::SpinLock::with),
//! [`QueueRef::lock`](crate::QueueRef::lock)) which borrow the outer permission mutably and hand out an inner
//! one: outside, the closure has ended and the level is back; inside, the outer permission cannot be named.
//! There is nothing that lowers the level. To get to `PASSIVE_LEVEL`, use a [`WorkItem`](crate::WorkItem).
//!
//! Waiting under a spin lock does not compile:
//!
//! ```compile_fail,E0277
//! use wdk::prelude::*;
//! fn bad(counter: &SpinLock<u32>, gate: &WaitLock<u32>, irql: &mut Irql<'_, Passive>) {
//!     counter.with(irql, |_, irql| gate.with(irql, |gate, _| *gate += 1));
//! }
//! ```
//!
//! Nor does reaching for the permission outside the closure:
//!
//! ```compile_fail
//! use wdk::prelude::*;
//! fn bad(counter: &SpinLock<u32>, gate: &WaitLock<u32>, irql: &mut Irql<'_, Passive>) {
//!     counter.with(irql, |_, _| gate.with(irql, |gate, _| *gate += 1));
//! }
//! ```
//!
//! Interrupt code cannot take a spin lock of this kind:
//!
//! ```compile_fail,E0277
//! use wdk::prelude::*;
//! fn bad(counter: &SpinLock<u32>, irql: &mut Irql<'_, wdk::irql::Device>) {
//!     counter.with(irql, |counter, _| *counter += 1);
//! }
//! ```
//!
//! A permission stays on its processor and in its callback:
//!
//! ```compile_fail,E0277
//! use wdk::prelude::*;
//! fn need_send<T: Send>(_: T) {}
//! fn bad(irql: Irql<'static, Passive>) { need_send(irql) }
//! ```
//!
//! What these types do not rule out: deadlock between locks, too much stack, too much time spent raised.

use core::fmt;
use core::marker::PhantomData;

mod sealed {
    pub trait Sealed {}
}

/// A level known at compile time.
pub trait Level: sealed::Sealed + 'static {
    /// The `KIRQL` value.
    const VALUE: u8;
}

/// `PASSIVE_LEVEL`: ordinary threads; code may wait and touch paged memory.
pub enum Passive {}
/// `APC_LEVEL`: as passive, but kernel APCs are held off.
pub enum Apc {}
/// `DISPATCH_LEVEL`: DPCs and spin locks; code must not wait.
pub enum Dispatch {}
/// A device's interrupt level (DIRQL).
pub enum Device {}

/// Level `L` inside the closure of a private lock: a spin lock or wait lock of the driver's own.
///
/// Code here may do what is allowed at `L`, except what can run other code of the driver on this stack, such as
/// completing a request: that code might want the same lock.
pub struct Held<L>(PhantomData<L>);

/// Level `L` inside [`QueueRef::lock`](crate::QueueRef::lock) or [`DeviceRef::lock`](crate::DeviceRef::lock).
///
/// Requests may be completed here: the framework knows that this thread has the lock, and delivers what the
/// completion sets free after the lock is released.
pub struct Serialized<L>(PhantomData<L>);

impl sealed::Sealed for Passive {}
impl sealed::Sealed for Apc {}
impl sealed::Sealed for Dispatch {}
impl sealed::Sealed for Device {}

impl Level for Passive {
    const VALUE: u8 = wdk_sys::PASSIVE_LEVEL as u8;
}
impl Level for Apc {
    const VALUE: u8 = wdk_sys::APC_LEVEL as u8;
}
impl Level for Dispatch {
    const VALUE: u8 = wdk_sys::DISPATCH_LEVEL as u8;
}
impl Level for Device {
    const VALUE: u8 = wdk_sys::DIRQL;
}

impl AtMost<Passive> for Passive {}
impl AtMost<Apc> for Passive {}
impl AtMost<Dispatch> for Passive {}
impl AtMost<Device> for Passive {}
impl AtMost<Apc> for Apc {}
impl AtMost<Dispatch> for Apc {}
impl AtMost<Device> for Apc {}
impl AtMost<Dispatch> for Dispatch {}
impl AtMost<Device> for Dispatch {}
impl AtMost<Device> for Device {}

impl<L: Level> sealed::Sealed for Held<L> {}
impl<L: Level> Level for Held<L> {
    const VALUE: u8 = L::VALUE;
}
impl<Max: Level, L: AtMost<Max>> AtMost<Max> for Held<L> {}

impl<L: Level> sealed::Sealed for Serialized<L> {}
impl<L: Level> Level for Serialized<L> {
    const VALUE: u8 = L::VALUE;
}
impl<Max: Level, L: AtMost<Max>> AtMost<Max> for Serialized<L> {}

/// The level `Self` is at or below `Max`.
#[diagnostic::on_unimplemented(
    message = "this needs IRQL <= `{Max}`, but the code here may run at `{Self}`",
    label = "the IRQL may be too high here",
    note = "leave the lock first, move the call to a work item, or give the queue `type Exec = Passive`"
)]
pub trait AtMost<Max: Level>: Level {}

/// Levels at which other callbacks of the driver may run on this stack.
///
/// Completing, forwarding or retrieving a request can run the next handler inside the call.
#[diagnostic::on_unimplemented(
    message = "this can run other callbacks of the driver, so it must not be called under a private lock",
    label = "a spin lock or wait lock is held here (`{Self}`)",
    note = "take what is needed out of the lock's closure, and call this after the closure has ended"
)]
pub trait MayComplete: Level {}
impl MayComplete for Passive {}
impl MayComplete for Apc {}
impl MayComplete for Dispatch {}
impl<L: Level> MayComplete for Serialized<L> {}

/// Levels at which no lock's closure is open.
#[diagnostic::on_unimplemented(
    message = "this waits for other callbacks of the driver, so it must not be called under a lock",
    label = "a lock may be held here (`{Self}`)",
    note = "call this after the lock's closure has ended"
)]
pub trait Unlocked: Level {}
impl Unlocked for Passive {}
impl Unlocked for Apc {}
impl Unlocked for Dispatch {}

/// The execution level of a queue or device: which of `WdfExecutionLevelPassive` and
/// `WdfExecutionLevelDispatch` it is created with.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an execution level",
    note = "use `Passive` for callbacks that may wait, `Dispatch` for all others"
)]
pub trait ExecutionLevel: MayComplete + Unlocked + AtMost<Dispatch> + AtMost<Self> + Sized {
    #[doc(hidden)]
    const ATTRIBUTE: wdk_sys::WDF_EXECUTION_LEVEL;
}
impl ExecutionLevel for Passive {
    const ATTRIBUTE: wdk_sys::WDF_EXECUTION_LEVEL = wdk_sys::_WDF_EXECUTION_LEVEL::WdfExecutionLevelPassive;
}
impl ExecutionLevel for Dispatch {
    const ATTRIBUTE: wdk_sys::WDF_EXECUTION_LEVEL = wdk_sys::_WDF_EXECUTION_LEVEL::WdfExecutionLevelDispatch;
}

/// Permission to do what is allowed at `IRQL <= L`.
///
/// # Invariants
///
/// 1. While a value can be used, this processor's IRQL is at most `L::VALUE`.
/// 2. A value with `L = Held<_>` is the only one in reach while a private lock's closure runs.
pub struct Irql<'a, L: Level>(PhantomData<Ceiling<'a, L>>);

/// Borrowed, of a level, and of one thread.
type Ceiling<'a, L> = (&'a mut (), fn() -> L, *mut ());

impl<L: Level> fmt::Debug for Irql<'_, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IRQL <= {}", L::VALUE)
    }
}

impl<L: Level> Irql<'_, L> {
    /// Asserts the ceiling where the framework calls the driver. Compared with the real level in debug builds: nothing
    /// depends on that, it says early what is wrong. The emulator checks the level at every call.
    ///
    /// # Safety
    ///
    /// The IRQL stays at or below `L` for `'a`, and no other ceiling can be used on this stack meanwhile.
    #[doc(hidden)]
    #[inline]
    pub(crate) unsafe fn assume<'a>() -> Irql<'a, L> {
        if cfg!(debug_assertions) {
            // SAFETY: driver code runs, so there is a current level to be read.
            let current = unsafe { wdk_sys::ntddk::KeGetCurrentIrql() };
            assert!(current <= L::VALUE, "called at IRQL {current}, above {}", L::VALUE);
        }
        Irql(PhantomData)
    }
}

impl Irql<'_, Dispatch> {
    /// The permission for `PASSIVE_LEVEL`, if the processor is at it now.
    ///
    /// For callbacks that the framework calls at whatever level the request came at.
    ///
    /// # Framework
    ///
    /// `KeGetCurrentIrql`.
    #[doc(alias = "KeGetCurrentIrql")]
    pub fn if_passive(&mut self) -> Option<Irql<'_, Passive>> {
        // SAFETY: driver code runs, so there is a current level to be read.
        let current = unsafe { wdk_sys::ntddk::KeGetCurrentIrql() };
        // The level does not rise while the result can be used: what raises it borrows `self`, or the result.
        (current == Passive::VALUE).then_some(Irql(PhantomData))
    }
}

// SAFETY: `AtMost<Dispatch>` and invariant 1.
unsafe impl<L: AtMost<Dispatch>> wdk_alloc::AtMostDispatch for Irql<'_, L> {}

/// Permission to wait for the framework: for callbacks to return, for requests to finish.
///
/// `PASSIVE_LEVEL` is not enough for that. A queue's handler may run at `PASSIVE_LEVEL`, and would wait for
/// itself. So the permission is given only to callbacks that the framework does not serialize with handlers: the
/// device's Plug and Play and power callbacks, and [work items](crate::WorkHandler).
///
/// A handler cannot stop a queue and wait, even at `PASSIVE_LEVEL`: it has no `block` to pass. Nor can a callback that
/// has one, once it holds a lock:
///
/// ```compile_fail,E0277
/// use wdk::prelude::*;
/// fn bad<Q: IoQueue<Scope = PerQueue, Exec = Passive>>(
///     queue: &QueueRef<Q>,
///     block: &mut MayBlock<'_>,
///     irql: &mut Irql<'_, Passive>,
/// ) {
///     queue.lock(irql, |_, irql| queue.stop_synchronously(block, irql));
/// }
/// ```
pub struct MayBlock<'a>(PhantomData<(&'a mut (), *mut ())>);

impl MayBlock<'_> {
    /// # Safety
    ///
    /// The framework does not serialize the calling callback with any handler, and no lock is held.
    pub(crate) unsafe fn assume<'a>() -> MayBlock<'a> {
        MayBlock(PhantomData)
    }
}

impl fmt::Debug for MayBlock<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MayBlock")
    }
}

/// What the DDI headers say of a function: `wdk-sys`'s statement.
pub(crate) const fn header_statement(name: &str) -> &'static wdk_sys::wdf::FunctionInfo {
    let headers = wdk_sys::wdf::FUNCTIONS;
    let mut h = 0;
    while h < headers.len() {
        let mut f = 0;
        while f < headers[h].len() {
            if equal(headers[h][f].name, name) {
                return &headers[h][f];
            }
            f += 1;
        }
        h += 1;
    }
    panic!("no such function in the statement of the WDF API")
}

const fn equal(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}

/// Whether every framework that this crate's drivers load with has a function: the table of KMDF 1.11, the oldest
/// that `driver!` accepts, is long enough.
pub(crate) const fn in_every_framework(name: &str) -> bool {
    const OLDEST: u32 = match wdk_sys::binding::Versions::kmdf(11).function_count() {
        Some(count) => count,
        None => 0,
    };
    match header_statement(name).kmdf {
        Some((index, _)) => index < OLDEST as usize,
        None => false,
    }
}

/// Proves at compile time that a wrapper's bound is not looser than the header's: `ceiling!(WdfX <= Dispatch)`. And
/// that no driver needs to ask whether the function is available.
macro_rules! ceiling {
    ($( $name:ident <= $level:ident ),+ $(,)?) => {
        const _: () = { $(
            // The function exists under that name.
            let _ = wdk_sys::wdf::$name;
            assert!(
                <$crate::irql::$level as $crate::irql::Level>::VALUE
                    <= $crate::irql::header_statement(stringify!($name)).max_irql,
                concat!("the wrapper of `", stringify!($name), "` allows a higher IRQL than the header"),
            );
            assert!(
                $crate::irql::in_every_framework(stringify!($name)),
                concat!("`", stringify!($name), "` is not in KMDF 1.11: its wrapper has to ask whether it is available"),
            );
        )+ };
    };
}
pub(crate) use ceiling;
