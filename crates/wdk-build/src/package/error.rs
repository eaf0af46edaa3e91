//! Why there is no package.

use crate::inf::Architecture;
use crate::{catalog, files, sign};
use std::fmt;
use std::path::PathBuf;

/// A result of this module.
pub type Result<T = ()> = std::result::Result<T, Error>;

/// Why there is no package.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The INF file cannot be read.
    Inf(String),
    /// The INF file installs nothing on the architecture.
    Architecture(Architecture),
    /// The INF file names no catalog for the architecture.
    NoCatalog(Architecture),
    /// The INF file does not list the image; what it lists.
    ImageNotListed {
        /// The image's name.
        image: String,
        /// The names in `[SourceDisksFiles]`.
        listed: Vec<String>,
    },
    /// A name that the INF file lists cannot be one in a package.
    Name(String),
    /// Two files of the package would have one name.
    Twice(String),
    /// A file that the INF file lists is missing.
    Missing {
        /// The name as the INF file has it.
        name: String,
        /// Where it would be.
        path: PathBuf,
    },
    /// A file cannot be read or written.
    File(files::Error),
    /// The image cannot be signed.
    Sign(String, sign::Error),
    /// The catalog cannot be made or signed.
    Catalog(String, catalog::Error),
    /// The finished package does not hold: a mistake in this library.
    Doubtful(String),
    /// The directory is there, and has a file that no package has.
    Occupied {
        /// The directory.
        directory: PathBuf,
        /// What is in the way.
        why: String,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inf(why) => write!(f, "the INF file: {why}"),
            Self::Architecture(architecture) => write!(
                f,
                "the INF file installs nothing on {architecture} (decorate its sections with NT$ARCH$, or build for \
                 another architecture)"
            ),
            Self::NoCatalog(architecture) => {
                write!(f, "the INF file has no CatalogFile in [Version] for {architecture}")
            }
            Self::ImageNotListed { image, listed } if listed.is_empty() => {
                write!(f, "the INF file has no [SourceDisksFiles] that lists `{image}`")
            }
            Self::ImageNotListed { image, listed } => write!(
                f,
                "the image is `{image}`, and the INF file lists {} in [SourceDisksFiles] (the image is called like the \
                 library target of the package)",
                listed.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
            ),
            Self::Name(name) => {
                write!(f, "`{}`, which the INF file names, cannot be in a package", name.escape_debug())
            }
            Self::Twice(name) => write!(f, "two files of the package would be `{name}`"),
            Self::Missing { name, path } => {
                write!(f, "the INF file lists `{name}`, and there is no `{}`", path.display())
            }
            Self::File(error) => error.fmt(f),
            Self::Sign(name, error) => write!(f, "`{name}`: {error}"),
            Self::Catalog(name, error) => write!(f, "`{name}`: {error}"),
            Self::Doubtful(what) => {
                write!(f, "the package was not written, because it does not hold: {what}")
            }
            Self::Occupied { directory, why } => write!(
                f,
                "`{}` is there, and it is no package that could be replaced: {why} (empty it, or choose another \
                 directory)",
                directory.display()
            ),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::File(error) => Some(error),
            Self::Sign(_, error) => Some(error),
            Self::Catalog(_, error) => Some(error),
            _ => None,
        }
    }
}

impl From<files::Error> for Error {
    fn from(error: files::Error) -> Self {
        Self::File(error)
    }
}
