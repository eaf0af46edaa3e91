//! Reading and replacing files: a size that is checked first, a replacement that happens as a whole or not at all.

mod directory;

pub use directory::NewDirectory;

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

/// A file could not be read or written.
#[derive(Debug)]
pub struct Error {
    doing: &'static str,
    path: PathBuf,
    source: io::Error,
}

impl Error {
    fn new(doing: &'static str, path: &Path, source: io::Error) -> Self {
        Self { doing, path: path.to_owned(), source }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot {} `{}`: {}", self.doing, self.path.display(), self.source)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

/// Who may read a file that is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Whoever may read the file that it replaces; for a new one, whoever the process lets (`umask`).
    Usual,
    /// The owner only (mode 0600; on Windows, what the directory gives).
    Owner,
}

/// Reads a regular file of at most `limit` bytes.
///
/// # Errors
///
/// When it cannot be read, is no regular file, or is longer.
pub fn read(path: &Path, limit: u64) -> Result<Vec<u8>, Error> {
    let error = |source| Error::new("read", path, source);
    // Before it is opened: opening a pipe waits for its writer.
    let metadata = fs::metadata(path).map_err(error)?;
    if metadata.is_dir() {
        return Err(error(io::Error::new(io::ErrorKind::IsADirectory, "it is a directory")));
    }
    if !metadata.is_file() {
        return Err(error(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file")));
    }
    let mut bytes = Vec::new();
    File::open(path).and_then(|file| file.take(limit + 1).read_to_end(&mut bytes)).map_err(error)?;
    if bytes.len() as u64 > limit {
        let what = format!("it is longer than {limit} bytes");
        return Err(error(io::Error::new(io::ErrorKind::FileTooLarge, what)));
    }
    Ok(bytes)
}

/// Reads a regular file of at most `limit` bytes that is text in UTF-8.
///
/// # Errors
///
/// As [`read`], and when it is no UTF-8.
pub fn read_text(path: &Path, limit: u64) -> Result<String, Error> {
    String::from_utf8(read(path, limit)?).map_err(|_| {
        Error::new("read", path, io::Error::new(io::ErrorKind::InvalidData, "it is not text in UTF-8"))
    })
}

/// The paths of what is in a directory, in order.
///
/// # Errors
///
/// When it cannot be read.
pub fn entries(directory: &Path) -> Result<Vec<PathBuf>, Error> {
    let read = || fs::read_dir(directory)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>();
    let mut paths = read().map_err(|source| Error::new("read", directory, source))?;
    paths.sort();
    Ok(paths)
}

/// Makes the directory that a file is to be in, unless it is there.
///
/// # Errors
///
/// When it cannot be made.
pub fn make_directory_of(path: &Path) -> Result<(), Error> {
    match path.parent() {
        Some(directory) if !directory.as_os_str().is_empty() => {
            fs::create_dir_all(directory).map_err(|source| Error::new("create", directory, source))
        }
        _ => Ok(()),
    }
}

/// Makes or replaces a file: readers see the old content or the new one, and after an error the old one is there.
///
/// A symbolic link stays one; what it points to is replaced. The permissions of a file that is replaced stay.
///
/// # Errors
///
/// When it cannot be written.
pub fn replace(path: &Path, content: &[u8], access: Access) -> Result<(), Error> {
    let error = |source| Error::new("write", path, source);
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let directory = match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    // Beside the target, so that the rename stays on one file system.
    let mut file = tempfile::Builder::new();
    file.prefix(".wdk-build-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = if access == Access::Owner { 0o600 } else { 0o666 };
        file.permissions(fs::Permissions::from_mode(mode));
    }
    let mut file = file.tempfile_in(directory).map_err(error)?;
    file.write_all(content).map_err(error)?;
    match fs::metadata(&target) {
        Ok(metadata) if metadata.is_dir() => {
            return Err(error(io::Error::new(io::ErrorKind::IsADirectory, "it is a directory")));
        }
        Ok(metadata) if access == Access::Usual => {
            file.as_file().set_permissions(metadata.permissions()).map_err(error)?;
        }
        _ => {}
    }
    file.as_file().sync_all().map_err(error)?;
    file.persist(&target).map_err(|failed| error(failed.error))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_as_a_whole() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("file");
        replace(&path, b"one", Access::Usual).unwrap();
        replace(&path, b"two", Access::Usual).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1, "no temporary file stays");
    }

    #[test]
    fn a_failure_leaves_nothing_behind() {
        let directory = tempfile::tempdir().unwrap();
        let error = replace(directory.path(), b"x", Access::Usual).unwrap_err();
        assert!(error.to_string().contains("it is a directory"), "{error}");
        let error = replace(&directory.path().join("none/file"), b"x", Access::Usual).unwrap_err();
        assert!(error.to_string().starts_with("cannot write"), "{error}");
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
    }

    #[cfg(unix)]
    #[test]
    fn permissions_and_links_stay() {
        use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
        let directory = tempfile::tempdir().unwrap();
        let (path, link) = (directory.path().join("file"), directory.path().join("link"));
        replace(&path, b"one", Access::Owner).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink("file", &link).unwrap();
        replace(&link, b"two", Access::Usual).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o640);
    }

    #[test]
    fn a_length_has_a_limit() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("file");
        fs::write(&path, [0; 11]).unwrap();
        assert_eq!(read(&path, 11).unwrap().len(), 11);
        assert!(read(&path, 10).unwrap_err().to_string().contains("longer than 10 bytes"));
        assert!(read(directory.path(), 10).unwrap_err().to_string().contains("it is a directory"));
    }
}
