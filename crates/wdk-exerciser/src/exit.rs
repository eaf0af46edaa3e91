//! Exit codes of the program. Those below 16 are `cargo driver`'s, where they mean the same.

use alloc::format;
use alloc::string::String;

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Every byte came back, every request succeeded, or the devices are as they were asked to be.
    Ok = 0,
    /// Not every byte came back once and unchanged, or the driver failed a request.
    Data = 1,
    /// The command line is wrong.
    Usage = 2,
    /// Requests did not come back in time.
    Stuck = 5,
    /// A file could not be read or written.
    File = 8,
    /// There is no such device.
    NoDevice = 16,
    /// Windows refused.
    Refused = 17,
    /// It is done when Windows has been restarted.
    Restart = 18,
}

impl Exit {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Ok,
        Self::Data,
        Self::Usage,
        Self::Stuck,
        Self::File,
        Self::NoDevice,
        Self::Refused,
        Self::Restart,
    ];

    /// The number that the process returns.
    pub const fn code(self) -> u8 {
        self as u8
    }

    const fn meaning(self) -> &'static str {
        match self {
            Self::Ok => "every byte came back, every request succeeded, or the devices are as they should be",
            Self::Data => "data was lost, doubled, torn or changed, or the driver failed a request",
            Self::Usage => "the command line is wrong",
            Self::Stuck => "requests did not come back in time",
            Self::File => "a file could not be read or written",
            Self::NoDevice => "there is no such device",
            Self::Refused => "Windows refused",
            Self::Restart => "it is done when Windows has been restarted",
        }
    }

    /// The codes as `--help` shows them.
    pub fn table() -> String {
        Self::ALL.iter().fold(String::from("Exit codes:\n"), |text, exit| {
            text + &format!("  {:>2}  {}\n", exit.code(), exit.meaning())
        })
    }
}
