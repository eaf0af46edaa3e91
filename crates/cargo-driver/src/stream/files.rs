//! The files of a stream on this host.

use crate::exit::{Exit, Failure, Result};
use std::fs::{self, File};
use std::io::{ErrorKind, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use wdk_exerciser::stream::{self, FileError, Layout, Storage};

/// The file that is sent.
pub type Source = stream::Source<HostFile>;
/// The file that comes back.
pub type Returned = stream::Returned<HostFile>;

/// An open file.
#[derive(Debug)]
pub struct HostFile {
    /// What cannot be done when something goes wrong.
    purpose: String,
    file: File,
    position: u64,
}

/// Opens the file to stream.
///
/// # Errors
///
/// When it is missing, unreadable or no regular file.
pub fn source(path: &Path, chunk: u32) -> Result<Source> {
    let purpose = format!("cannot stream `{}`", path.display());
    let failed = |why: &str| Failure::new(Exit::File, format!("{purpose}: {why}"));
    let metadata = fs::metadata(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => failed("there is no such file (give one with --file)"),
        _ => failed(&error.to_string()),
    })?;
    if metadata.is_dir() {
        return Err(failed("it is a directory (give a file)"));
    }
    if !metadata.is_file() {
        return Err(failed("it is not a regular file, and frames may have to be read again"));
    }
    let file = File::open(path).map_err(|error| failed(&error.to_string()))?;
    Ok(Source::new(HostFile { purpose, file, position: 0 }, chunk)?)
}

/// Makes a new file at that path for what comes back, which loses its name at once.
///
/// # Errors
///
/// When it cannot be created.
pub fn returned(path: &Path, layout: Layout) -> Result<Returned> {
    let file =
        File::options().read(true).write(true).create_new(true).open(path).map_err(|error| {
            Failure::new(Exit::File, format!("cannot create `{}`: {error}", path.display()))
        })?;
    // It needs no name, and goes away with this process, however that ends.
    let _ = fs::remove_file(path);
    let purpose = format!("cannot keep what came back in `{}`", path.display());
    Ok(Returned::new(HostFile { purpose, file, position: 0 }, layout))
}

impl HostFile {
    /// The open file.
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    pub fn descriptor(&self) -> std::os::fd::BorrowedFd<'_> {
        std::os::fd::AsFd::as_fd(&self.file)
    }

    fn at(
        &mut self,
        offset: u64,
        length: usize,
        act: impl FnOnce(&mut File) -> std::io::Result<()>,
    ) -> std::result::Result<(), FileError> {
        let done = match self.position == offset {
            true => Ok(0),
            false => self.file.seek(SeekFrom::Start(offset)),
        };
        self.position = offset + length as u64;
        done.and_then(|_| act(&mut self.file)).map_err(|error| self.failed(&error))
    }

    fn failed(&self, error: &std::io::Error) -> FileError {
        let why = match error.kind() {
            ErrorKind::UnexpectedEof => "it became shorter while it was read".to_owned(),
            _ => error.to_string(),
        };
        FileError(format!("{}: {why}", self.purpose))
    }
}

impl Storage for HostFile {
    fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> std::result::Result<(), FileError> {
        self.at(offset, buffer.len(), |file| file.read_exact(buffer))
    }

    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> std::result::Result<(), FileError> {
        self.at(offset, bytes.len(), |file| file.write_all(bytes))
    }

    fn length(&mut self) -> std::result::Result<u64, FileError> {
        self.file.metadata().map(|metadata| metadata.len()).map_err(|error| self.failed(&error))
    }
}
