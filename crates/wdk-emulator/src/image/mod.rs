//! Driver images: finished `.sys` files, whoever built them and in whatever language, run natively.
//!
//! * [`headers`] and [`prepare`] read a file: safe code that trusts nothing in it;
//! * [`loader`] maps it and binds its imports ([`imports`]), and [`memory`] protects its sections;
//! * [`registry`] knows the images of a thread, trims pageable sections and makes `rdtsc` trap;
//! * [`trap`] serves what a processor in user mode cannot do for a driver: `mov cr8`, `int 2c`, port I/O …;
//! * [`unwind`] walks and unwinds the frames of images, for structured exceptions and backtraces;
//! * [`symbols`] names functions and source lines out of a PDB.
//!
//! Linux x86-64 only.

mod bytes;
pub(crate) mod headers;
mod imports;
mod loader;
mod memory;
pub(crate) mod pool;
pub(crate) mod prepare;
pub(crate) mod registry;
pub(crate) mod report;
mod runtime;
mod scan;
mod symbols;
pub(crate) mod trap;
pub(crate) mod unwind;

pub(crate) use loader::Image;
pub(crate) use report::{locate_caller, text};
pub use trap::ports::{Ports, Width};

use std::fmt;

/// Why an image cannot be loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ImageError {
    /// The file cannot be read.
    Read(String),
    /// It is no PE file, or a damaged one.
    Malformed(String),
    /// It is for another machine, or no driver that Windows would load.
    Foreign(String),
    /// It imports by ordinal: `MODULE!#ORDINAL` each.
    Ordinals(Vec<String>),
    /// It imports from modules that are not in the kernel: `MODULE!NAME` each.
    UserMode(Vec<String>),
}

impl fmt::Display for ImageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(why) => write!(f, "the image cannot be read: {why}"),
            Self::Malformed(why) => write!(f, "the image is malformed: {why}"),
            Self::Foreign(why) => write!(f, "the image is not for this machine: {why}"),
            Self::Ordinals(names) => write!(
                f,
                "the image imports by ordinal, and only names are known here: {} (link with an import library that \
                 exports by name)",
                names.join(", ")
            ),
            Self::UserMode(names) => write!(
                f,
                "the image imports from modules of user mode, so Windows would not load it: {}",
                names.join(", ")
            ),
        }
    }
}

/// The part of the loader that meets hostile files, for fuzzing: everything up to where memory is mapped.
///
/// # Errors
///
/// As for loading an image.
#[doc(hidden)]
pub fn fuzz(data: &[u8]) -> Result<(), ImageError> {
    let mut prepared = prepare::Prepared::new(data)?;
    prepared.relocate(0x7F00_1234_0000);
    for slot in prepared.imports.iter().map(|import| import.slot).collect::<Vec<_>>() {
        prepared.set(slot, 0x7F00_0000_1000);
    }
    unwind::walk_all(&prepared);
    scan::framework_calls(&prepared, 0x7F00_1234_0000, 0x7F00_1234_3000, data.len().is_multiple_of(2));
    Ok(())
}
