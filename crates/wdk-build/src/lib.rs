//! Everything between a driver's source and its installable package, as a library: `cargo driver` is a thin command
//! line over it. No Windows, no WDK and no LLVM are needed.

#![forbid(unsafe_code)]
#![deny(missing_docs)]

#[cfg(feature = "sign")]
pub mod catalog;
#[cfg(feature = "sign")]
pub mod certificate;
#[cfg(feature = "sign")]
pub mod files;
#[cfg(feature = "sign")]
pub mod sign;
#[cfg(feature = "sign")]
pub mod time;
