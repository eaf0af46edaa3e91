//! Interrupt request levels in the type that the model keeps them in.

/// Threads, with nothing blocked.
pub(crate) const PASSIVE: u8 = wdk_sys::PASSIVE_LEVEL as u8;
/// Asynchronous procedure calls blocked.
pub(crate) const APC: u8 = wdk_sys::APC_LEVEL as u8;
/// The dispatcher blocked: no waits, no paging.
pub(crate) const DISPATCH: u8 = wdk_sys::DISPATCH_LEVEL as u8;
