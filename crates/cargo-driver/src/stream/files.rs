//! The file that is streamed, and the file that comes back.

use super::frame::{HEADER, Layout};
use crate::exit::{Exit, Failure, Result};
use sha2::{Digest as _, Sha256};
use std::fs::{self, File};
use std::io::{ErrorKind, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

/// The file that is sent. Its hash is made on the way.
#[derive(Debug)]
pub struct Source {
    path: PathBuf,
    file: File,
    /// How it is cut.
    pub layout: Layout,
    hasher: Sha256,
    hashed: u64,
    position: u64,
}

impl Source {
    /// Opens a file.
    ///
    /// # Errors
    ///
    /// When it is missing, unreadable or no regular file.
    pub fn open(path: &Path, chunk: u32) -> Result<Self> {
        let failed =
            |why: &str| Failure::new(Exit::File, format!("cannot stream `{}`: {why}", path.display()));
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
        Ok(Self {
            path: path.to_owned(),
            file,
            layout: Layout::new(metadata.len(), chunk),
            hasher: Sha256::new(),
            hashed: 0,
            position: 0,
        })
    }

    /// The open file.
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    pub fn descriptor(&self) -> std::os::fd::BorrowedFd<'_> {
        std::os::fd::AsFd::as_fd(&self.file)
    }

    /// Makes a frame of the file. Each frame's first time has to be in order.
    pub fn frame(&mut self, index: u64) -> Result<Vec<u8>> {
        let range = self.layout.range(index);
        let mut frame = vec![0; HEADER + (range.end - range.start) as usize];
        let read = (|| {
            if self.position != range.start {
                self.file.seek(SeekFrom::Start(range.start))?;
            }
            self.file.read_exact(&mut frame[HEADER..])
        })();
        if let Err(error) = read {
            let why = match error.kind() {
                ErrorKind::UnexpectedEof => "it became shorter while it was read".to_owned(),
                _ => error.to_string(),
            };
            return Err(Failure::new(Exit::File, format!("cannot stream `{}`: {why}", self.path.display())));
        }
        self.position = range.end;
        if index == self.hashed {
            self.hasher.update(&frame[HEADER..]);
            self.hashed += 1;
        }
        self.layout.seal(index, &mut frame);
        Ok(frame)
    }

    /// The hash of the file, of which the part that was not sent is read now.
    pub fn finish(&mut self) -> Result<String> {
        for index in self.hashed..self.layout.count() {
            self.frame(index)?;
        }
        Ok(hex(&self.hasher.clone().finalize()))
    }
}

/// The file that comes back: frames are put where they belong.
#[derive(Debug)]
pub struct Returned {
    file: File,
    path: PathBuf,
    layout: Layout,
    position: u64,
    error: Option<std::io::Error>,
}

impl Returned {
    /// A new file at that path, which loses its name at once.
    pub fn create(path: &Path, layout: Layout) -> Result<Self> {
        let path = path.to_owned();
        let file = File::options().read(true).write(true).create_new(true).open(&path).map_err(|error| {
            Failure::new(Exit::File, format!("cannot create `{}`: {error}", path.display()))
        })?;
        // It needs no name, and goes away with this process, however that ends.
        let _ = fs::remove_file(&path);
        Ok(Self { file, path, layout, position: 0, error: None })
    }

    /// The open file.
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    pub fn descriptor(&self) -> std::os::fd::BorrowedFd<'_> {
        std::os::fd::AsFd::as_fd(&self.file)
    }

    /// Puts a frame's payload where it belongs.
    pub fn put(&mut self, index: u64, payload: &[u8]) {
        let range = self.layout.range(index);
        let written = (|| {
            if self.position != range.start {
                self.file.seek(SeekFrom::Start(range.start))?;
            }
            self.file.write_all(payload)
        })();
        self.position = range.end;
        if let Err(error) = written {
            // The first error counts; the stream goes on, and `finish` reports it.
            self.error.get_or_insert(error);
        }
    }

    /// The hash of what came back. What did not is zeros, or missing at the end.
    pub fn finish(&mut self) -> Result<String> {
        let failed = |path: &Path, error| {
            Failure::new(Exit::File, format!("cannot keep what came back in `{}`: {error}", path.display()))
        };
        if let Some(error) = self.error.take() {
            return Err(failed(&self.path, error));
        }
        let mut hasher = Sha256::new();
        let mut buffer = vec![0; 256 * 1024];
        self.file.seek(SeekFrom::Start(0)).map_err(|error| failed(&self.path, error))?;
        loop {
            match self.file.read(&mut buffer) {
                Ok(0) => return Ok(hex(&hasher.finalize())),
                Ok(count) => hasher.update(&buffer[..count]),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(failed(&self.path, error)),
            }
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
