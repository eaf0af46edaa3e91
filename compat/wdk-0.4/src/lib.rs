//! The crate `wdk` under the version number 0.4, for drivers whose manifests ask for that: `[patch]` replaces a crate
//! only by one whose version fits.

#![no_std]

pub use current::*;
