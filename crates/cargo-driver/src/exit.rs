//! Exit codes, and the failures that end the command early.
//!
//! The codes are a promise to scripts: `docs/cli.md` lists them, `cargo driver --help` prints them.

use std::fmt::{self, Write as _};
use std::io::{IsTerminal, Write as _};
use std::process::ExitCode;
pub use wdk_exerciser::text::plain;

/// How the command ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Every byte came back (or every request succeeded), and the verdict is clean.
    Ok = 0,
    /// Not every byte came back once and unchanged, or the driver failed a request.
    Data = 1,
    /// The command line is wrong.
    Usage = 2,
    /// The driver broke a rule.
    DriverBug = 3,
    /// The driver used something that the emulator does not model.
    NotModelled = 4,
    /// The run could not go on, or went on for too long.
    Limit = 5,
    /// The driver did not build.
    Build = 6,
    /// The driver did not load, or its device did not start.
    Start = 7,
    /// A file could not be read or written.
    File = 8,
    /// Tests failed, or did not build.
    Tests = 9,
    /// This machine has not what building a driver image takes.
    Toolchain = 10,
    /// A driver image breaks a rule.
    Rule = 11,
    /// A file is no driver image at all.
    NoImage = 12,
    /// A key, a certificate, a signature or a catalog was refused.
    Signature = 13,
    /// This host cannot confine an image.
    Unconfined = 14,
    /// An INF file has errors.
    Inf = 15,
    /// A test machine cannot be reached.
    Unreachable = 19,
    /// A test machine lets nobody in.
    NoAccess = 20,
    /// A step failed on a test machine.
    Step = 21,
    /// A test machine left no results.
    NoResults = 22,
}

impl Exit {
    const ALL: [Self; 20] = [
        Self::Ok,
        Self::Data,
        Self::Usage,
        Self::DriverBug,
        Self::NotModelled,
        Self::Limit,
        Self::Build,
        Self::Start,
        Self::File,
        Self::Tests,
        Self::Toolchain,
        Self::Rule,
        Self::NoImage,
        Self::Signature,
        Self::Unconfined,
        Self::Inf,
        Self::Unreachable,
        Self::NoAccess,
        Self::Step,
        Self::NoResults,
    ];

    /// The exit of that number.
    pub fn of_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|exit| exit.code() == code)
    }

    /// The number that the process returns.
    pub fn code(self) -> u8 {
        self as u8
    }

    fn meaning(self) -> &'static str {
        match self {
            Self::Ok => "every byte came back, or every request succeeded, and the verdict is clean",
            Self::Data => {
                "data was lost, doubled, torn or changed, or the driver failed a request; two reports differ (`compare`)"
            }
            Self::Usage => {
                "the command line is wrong, or there is no such driver; two reports are not of the same work (`compare`)"
            }
            Self::DriverBug => {
                "driver bug: the driver broke a rule, or stopped the system of a test machine (`deploy`)"
            }
            Self::NotModelled => "not modelled: the driver used what the emulator does not have",
            Self::Limit => "limit reached: the run could not go on, or went on for too long",
            Self::Build => "the driver did not build",
            Self::Start => "the driver did not load, or its device did not start",
            Self::File => "a file could not be read or written",
            Self::Tests => "tests failed, or did not build",
            Self::Toolchain => "a compiler or linker for driver images is missing (`cargo driver doctor`)",
            Self::Rule => "the driver image breaks a rule",
            Self::NoImage => "the file is no driver image, or a damaged one",
            Self::Signature => "a key, a certificate, a signature or a catalog was refused",
            Self::Unconfined => "this host cannot confine an image, and --no-sandbox was not given",
            Self::Inf => {
                "an INF file has errors or does not fit the driver, or an INX file cannot be stamped"
            }
            Self::Unreachable => "the test machine cannot be reached, or did not come back (`deploy`)",
            Self::NoAccess => "the test machine refused the logon, or its host key is not known (`deploy`)",
            Self::Step => "a step failed on the test machine (`deploy`)",
            Self::NoResults => "the test machine left no results (`deploy`)",
        }
    }

    /// The codes as `--help` shows them.
    pub fn table() -> String {
        let mut text = "Exit codes:\n".to_owned();
        for exit in Self::ALL {
            let _ = writeln!(text, "  {:>2}  {}", exit.code(), exit.meaning());
        }
        text
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// Why the command ends before there is anything to report.
#[derive(Debug)]
pub struct Failure {
    /// The exit code.
    pub exit: Exit,
    /// What went wrong, and in parentheses what to do.
    what: String,
}

/// A result of the command's parts.
pub type Result<T = ()> = std::result::Result<T, Failure>;

impl Failure {
    /// A failure in words that fit behind "error: ".
    pub fn new(exit: Exit, what: impl Into<String>) -> Self {
        Self { exit, what: what.into() }
    }

    /// Prints it to stderr.
    pub fn print(&self) {
        complain(&self.what);
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl From<wdk_exerciser::stream::FileError> for Failure {
    fn from(error: wdk_exerciser::stream::FileError) -> Self {
        Self::new(Exit::File, error.0)
    }
}

impl From<wdk_build::Error> for Failure {
    fn from(error: wdk_build::Error) -> Self {
        use wdk_build::Error;
        let exit = match &error {
            Error::Metadata { .. } | Error::Build(_) => Exit::Build,
            Error::Toolchain(_) => Exit::Toolchain,
            Error::File { .. } => Exit::File,
            Error::Image { .. } => Exit::NoImage,
            _ => Exit::Build,
        };
        Self::new(exit, error.to_string())
    }
}

/// Prints one message to stderr, with "error:" in front of it unless it says so itself.
pub fn complain(what: &str) {
    let mut stderr = std::io::stderr().lock();
    let colour = stderr.is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let what = plain(what.strip_prefix("error: ").unwrap_or(what));
    // Nobody reads stderr: then nobody misses the message.
    let _ = match colour {
        true => writeln!(stderr, "\x1b[1;31merror\x1b[0m: {what}"),
        false => writeln!(stderr, "error: {what}"),
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_one_exit() {
        for exit in Exit::ALL {
            assert_eq!(Exit::of_code(exit.code()), Some(exit));
        }
        assert_eq!(Exit::of_code(200), None);
    }

    #[test]
    fn the_exerciser_ends_with_the_same_codes_or_its_own() {
        use wdk_exerciser::Exit as Theirs;
        let shared = [
            (Theirs::Ok, Exit::Ok),
            (Theirs::Data, Exit::Data),
            (Theirs::Usage, Exit::Usage),
            (Theirs::Stuck, Exit::Limit),
            (Theirs::File, Exit::File),
        ];
        for theirs in Theirs::ALL {
            let ours = shared.iter().find(|(shared, _)| *shared == theirs).map(|(_, ours)| *ours);
            assert_eq!(Exit::of_code(theirs.code()), ours, "{theirs:?}");
        }
    }
}
