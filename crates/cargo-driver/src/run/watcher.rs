//! What is told while a run goes on, and the console that shows it.

use crate::exit::{Exit, Failure, Result, plain};
use crate::progress::Progress;
use crate::report::Done;
use std::cell::RefCell;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

/// Is told what happens in a run.
pub trait Watcher {
    /// Lines of the trace.
    fn trace(&self, lines: &str);
    /// What a driver printed.
    fn printed(&self, line: &str);
    /// So many bytes of the stream have come back.
    fn progress(&self, bytes: u64);
    /// The device was opened by this name.
    fn opened(&self, device: &str);
    /// A request is done.
    fn done(&self, done: &Done);
    /// The stream has ended.
    fn finish(&self);
}

/// Shows it to the user.
pub struct Console {
    progress: Progress,
    trace: Option<TraceFile>,
    quiet: bool,
}

impl Console {
    /// A console with a bar for so many bytes, which keeps to itself what drivers print if `quiet`.
    pub fn new(bytes: u64, trace: Option<TraceFile>, quiet: bool) -> Self {
        Self { progress: Progress::new(bytes, !quiet), trace, quiet }
    }

    /// Completes the trace.
    ///
    /// # Errors
    ///
    /// When it could not be written.
    pub fn close(&self) -> Result {
        self.progress.finish();
        self.trace.as_ref().map_or(Ok(()), TraceFile::finish)
    }
}

impl Watcher for Console {
    fn trace(&self, lines: &str) {
        if let Some(trace) = &self.trace {
            trace.write(lines);
        }
    }

    fn printed(&self, line: &str) {
        if !self.quiet {
            self.progress.line(&format!("driver: {}", plain(line)));
        }
    }

    fn progress(&self, bytes: u64) {
        self.progress.at(bytes);
    }

    fn opened(&self, _device: &str) {}

    fn done(&self, _done: &Done) {}

    fn finish(&self) {
        self.progress.finish();
    }
}

/// Where the trace goes.
#[derive(Debug)]
pub struct TraceFile {
    path: PathBuf,
    file: RefCell<BufWriter<File>>,
    error: RefCell<Option<std::io::Error>>,
}

impl TraceFile {
    /// Creates or replaces the file.
    pub fn create(path: &Path) -> Result<Self> {
        let file = File::create(path).map_err(|error| Self::failed(path, &error))?;
        Ok(Self {
            path: path.to_owned(),
            file: RefCell::new(BufWriter::new(file)),
            error: RefCell::default(),
        })
    }

    fn failed(path: &Path, error: &std::io::Error) -> Failure {
        Failure::new(Exit::File, format!("cannot write the trace `{}`: {error}", path.display()))
    }

    fn write(&self, text: &str) {
        if let Err(error) = self.file.borrow_mut().write_all(text.as_bytes()) {
            self.error.borrow_mut().get_or_insert(error);
        }
    }

    fn finish(&self) -> Result {
        let flushed = self.file.borrow_mut().flush();
        match self.error.take().map_or(flushed, Err) {
            Ok(()) => Ok(()),
            Err(error) => Err(Self::failed(&self.path, &error)),
        }
    }
}
