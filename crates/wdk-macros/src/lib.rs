//! Procedural macros of the crate `wdk`, which re-exports them.

#![deny(missing_docs)]

mod driver;
mod metadata;

use proc_macro::TokenStream;

/// Makes a type that implements `wdk::Driver` the driver of this crate.
///
/// ```text
/// wdk::driver!(Counter);
/// ```
///
/// In an image this is the entry point, `FxDriverEntry`. In a driver that is linked with the emulator it is the
/// static `DRIVER`, which a machine loads; with `--cfg wdk_host_library` the library exports it as well.
///
/// The framework version is the package's, in its `Cargo.toml`:
///
/// ```toml
/// [package.metadata.wdk.driver-model]
/// driver-type = "KMDF"
/// kmdf-version-major = 1
/// target-kmdf-version-minor = 15
/// ```
///
/// Without that section it is KMDF 1.15.
#[proc_macro]
pub fn driver(input: TokenStream) -> TokenStream {
    driver::expand(input)
}
