//! The files of a run.

use super::failure::{Failure, Result};
use crate::Exit;
use crate::action::{Action, Input, MAX_BUFFER, Request};
use crate::stream::{FileError, Layout, Returned, Source, Storage};
use crate::win32::file::{self, File};
use crate::win32::{self, Error};
use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

/// An open file.
pub struct DiskFile {
    /// What cannot be done when something goes wrong.
    purpose: String,
    file: File,
}

/// Opens the file to stream.
pub fn source(path: &str, chunk: u32) -> Result<Source<DiskFile>> {
    let purpose = format!("cannot stream `{path}`");
    let file = open(path, &purpose, " (give one with --file)")?;
    Ok(Source::new(DiskFile { purpose, file }, chunk)?)
}

/// Makes a file for what comes back.
pub fn returned(layout: Layout) -> Result<Returned<DiskFile>> {
    let purpose = "cannot keep what comes back in a temporary file".to_string();
    let file = File::temporary("wdk-exerciser-returned")
        .map_err(|error| Failure::new(Exit::File, format!("{purpose}: {error}")))?;
    Ok(Returned::new(DiskFile { purpose, file }, layout))
}

/// Makes a request of what the command line says.
pub fn request(action: &Action) -> Result<Request> {
    Ok(match action {
        Action::Write(Input::Bytes(bytes)) => Request::Write(bytes.clone()),
        Action::Write(Input::File(path)) => Request::Write(content(path)?),
        Action::Read(length) => Request::Read(*length),
        Action::Ioctl { code, input, output } => Request::Ioctl(*code, input.clone(), *output),
    })
}

fn content(path: &str) -> Result<Vec<u8>> {
    let purpose = format!("cannot write what `{path}` has");
    open(path, &purpose, "")?;
    match file::read(path, MAX_BUFFER) {
        Ok(Some(bytes)) => Ok(bytes),
        Ok(None) => {
            let why = format!("it is longer than one write may be ({MAX_BUFFER} bytes)");
            Err(Failure::new(Exit::File, format!("{purpose}: {why}")))
        }
        Err(error) => Err(Failure::new(Exit::File, format!("{purpose}: {error}"))),
    }
}

fn open(path: &str, purpose: &str, mend: &str) -> Result<File> {
    let failed = |why: String| Failure::new(Exit::File, format!("{purpose}: {why}"));
    let why = |error: Error| match error.is_not_found() {
        true => failed(format!("there is no such file{mend}")),
        false => failed(error.to_string()),
    };
    match file::is_file(path).map_err(why)? {
        true => File::open(path).map_err(why),
        false => Err(failed("it is a directory (give a file)".to_string())),
    }
}

impl DiskFile {
    fn explain(&self, result: win32::Result) -> core::result::Result<(), FileError> {
        /// `ERROR_HANDLE_EOF`.
        const END: Error = Error(38);
        result.map_err(|error| match error {
            END => FileError(format!("{}: it became shorter while it was read", self.purpose)),
            error => FileError(format!("{}: {error}", self.purpose)),
        })
    }
}

impl Storage for DiskFile {
    fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> core::result::Result<(), FileError> {
        self.explain(self.file.read_at(offset, buffer))
    }

    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> core::result::Result<(), FileError> {
        self.explain(self.file.write_at(offset, bytes))
    }

    fn length(&mut self) -> core::result::Result<u64, FileError> {
        self.file.length().map_err(|error| FileError(format!("{}: {error}", self.purpose)))
    }
}
