//! Why something cannot be built or read.

use std::fmt;
use std::path::PathBuf;

/// A result of this crate.
pub type Result<T = ()> = std::result::Result<T, Error>;

/// What went wrong. The text says what to do where there is something to do.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The driver's `Cargo.toml` says something that cannot be.
    Metadata {
        /// The manifest.
        manifest: PathBuf,
        /// What is wrong in it.
        what: String,
    },
    /// This machine has no compiler or no linker for driver images.
    Toolchain(String),
    /// The driver did not compile or link; cargo has said why.
    Build(String),
    /// A file could not be read or written.
    File(crate::files::Error),
    /// A file is no driver image, or a damaged one.
    Image {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
}

impl From<crate::files::Error> for Error {
    fn from(error: crate::files::Error) -> Self {
        Self::File(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Metadata { manifest, what } => write!(f, "{what}, in `{}`", manifest.display()),
            Self::Toolchain(what) | Self::Build(what) => f.write_str(what),
            Self::File(error) => error.fmt(f),
            Self::Image { path, what } => write!(f, "`{}` {what}", path.display()),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::File(error) => error.source(),
            _ => None,
        }
    }
}
