//! Driver images: finished `.sys` files, whoever built them and in whatever language, run natively.
//!
//! This is the first step of image mode: enough of a loader to run an image's code through the same bodies as a
//! linked driver's. Linux x86-64 only.

mod loader;
mod memory;

pub(crate) use loader::Image;

use std::fmt;

/// Why an image cannot be loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ImageError {
    /// The file cannot be read.
    Read(String),
    /// It is no PE file, or a damaged one.
    Malformed(String),
    /// It is for another machine, or no driver.
    Foreign(String),
    /// It imports what this emulator does not offer.
    Imports(Vec<String>),
}

impl fmt::Display for ImageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(why) => write!(f, "the image cannot be read: {why}"),
            Self::Malformed(why) => write!(f, "the image is malformed: {why}"),
            Self::Foreign(why) => write!(f, "the image is not for this machine: {why}"),
            Self::Imports(names) => {
                write!(f, "the image imports what is not modelled: {}", names.join(", "))
            }
        }
    }
}
