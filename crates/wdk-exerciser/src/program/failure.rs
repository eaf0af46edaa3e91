//! Why the program ends before there is anything to report.

use crate::Exit;
use crate::stream::FileError;
use crate::win32::Error;
use alloc::format;
use alloc::string::String;

/// A failure, in words that fit behind "error: ".
pub struct Failure {
    /// The exit code.
    pub exit: Exit,
    /// What went wrong, and in parentheses what to do.
    pub what: String,
}

/// A result of the program's parts.
pub type Result<T = ()> = core::result::Result<T, Failure>;

impl Failure {
    /// A failure.
    pub fn new(exit: Exit, what: impl Into<String>) -> Self {
        Self { exit, what: what.into() }
    }

    /// Windows refused to do something.
    pub fn refused(what: &str, error: Error) -> Self {
        /// `ERROR_ACCESS_DENIED`.
        const ACCESS_DENIED: u32 = 5;
        let mend = if error.0 == ACCESS_DENIED { " (run this as administrator)" } else { "" };
        Self::new(Exit::Refused, format!("Windows refused to {what}: {error}{mend}"))
    }
}

impl From<FileError> for Failure {
    fn from(error: FileError) -> Self {
        Self::new(Exit::File, error.0)
    }
}
