//! Why a catalog cannot be made or read.

use crate::sign;
use std::fmt;

/// A result of this module.
pub type Result<T = ()> = std::result::Result<T, Error>;

/// Why a catalog cannot be made or read.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// It is no catalog, or a damaged one.
    Malformed(String),
    /// It is for nothing.
    Empty,
    /// A name or an attribute cannot stand in a catalog.
    Text(String),
    /// No such system.
    Os(String),
    /// The signature, or a file that is hashed.
    Sign(sign::Error),
    /// A file that is hashed, by name.
    File(String, sign::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(why) => write!(f, "this is no catalog: {why}"),
            Self::Empty => f.write_str("a catalog has to have a file"),
            Self::Text(text) => write!(f, "`{}` cannot stand in a catalog", text.escape_debug()),
            Self::Os(name) => write!(
                f,
                "`{}` is no system that Inf2Cat knows (expected 10_X64, 10_ARM64 or a release as in 10_NI_X64)",
                name.escape_debug()
            ),
            Self::Sign(error) => error.fmt(f),
            Self::File(name, error) => write!(f, "`{name}`: {error}"),
        }
    }
}

impl std::error::Error for Error {}

impl From<sign::Error> for Error {
    fn from(error: sign::Error) -> Self {
        Self::Sign(error)
    }
}
