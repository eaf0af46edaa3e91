//! Everything between a driver's source and its installable package, as a library: `cargo driver` is a thin command
//! line over it. No Windows, no WDK and no LLVM are needed.
//!
//! * [`metadata`]: the driver model that a `Cargo.toml` names.
//! * [`toolchain`]: which compiler and which linker can make a driver image on this machine.
//! * [`link`]: what the linker is told.
//! * [`resource`]: the version resource.
//! * [`driver`]: builds a driver into a `.sys` file.
//! * [`image`]: reads driver images, and finishes what the linker left.
//! * `certificate`, `sign`, `catalog`: test certificates, Authenticode signatures, catalogs (feature `sign`).
//! * [`files`]: files are replaced whole or not at all.

#![forbid(unsafe_code)]
#![deny(missing_docs)]

#[cfg(feature = "sign")]
pub mod catalog;
#[cfg(feature = "sign")]
pub mod certificate;
mod configure;
pub mod driver;
mod error;
pub mod files;
pub mod image;
pub mod link;
pub mod metadata;
pub mod resource;
#[cfg(feature = "sign")]
pub mod sign;
mod target;
#[cfg(feature = "sign")]
pub mod time;
pub mod toolchain;

pub use configure::{ConfigError, configure_wdk_binary_build, configure_wdk_library_build};
pub use error::{Error, Result};
pub use target::{Arch, Profile};
