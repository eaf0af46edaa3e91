//! Everything between a driver's source and its installable package, as a library: `cargo driver` is a thin command
//! line over it. No Windows, no WDK and no LLVM are needed.
//!
//! * [`metadata`]: the driver model that a `Cargo.toml` names.
//! * [`toolchain`]: which compiler and which linker can make a driver image on this machine.
//! * [`link`]: what the linker is told.
//! * [`resource`]: the version resource.
//! * [`configure_wdk_binary_build`]: the same from a build script and `cargo build`.
//! * [`driver`]: builds a driver into a `.sys` file.
//! * [`program`]: builds a Windows program without a standard library into an `.exe` file.
//! * [`check`]: judges driver images, whoever built them.
//! * [`image`]: reads driver images, and finishes what the linker left.
//! * `inf`: INF files, read, stamped and checked (feature `inf`).
//! * `certificate`, `sign`, `catalog`: test certificates, Authenticode signatures, catalogs (feature `sign`).
//! * `package`: a signed driver package of an image and an INF file (features `inf` and `sign`).
//! * [`files`]: files and directories are replaced whole or not at all.

#![forbid(unsafe_code)]
#![deny(missing_docs)]

mod cargo;
#[cfg(feature = "sign")]
pub mod catalog;
#[cfg(feature = "sign")]
pub mod certificate;
pub mod check;
mod configure;
pub mod driver;
mod error;
pub mod files;
pub mod image;
#[cfg(feature = "inf")]
pub mod inf;
pub mod link;
pub mod metadata;
#[cfg(all(feature = "inf", feature = "sign"))]
pub mod package;
pub mod program;
pub mod resource;
#[cfg(feature = "sign")]
pub mod sign;
mod target;
#[cfg(feature = "sign")]
pub mod time;
pub mod toolchain;

pub use configure::{
    Config, ConfigError, CpuArchitecture, DriverConfig, KmdfConfig, UmdfConfig, configure_wdk_binary_build,
    configure_wdk_library_build, configure_wdk_library_build_and_then,
};
pub use error::{Error, Result};
pub use target::{Arch, Profile};
