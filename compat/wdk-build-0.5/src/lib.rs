//! The crate `wdk-build` under the version number 0.5, for drivers whose manifests ask for that: `[patch]` replaces a crate
//! only by one whose version fits.

pub use current::*;
