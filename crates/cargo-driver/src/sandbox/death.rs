//! The end of a process that ran an image, as a verdict. It is never a crash of the command.

use crate::exit::{Exit, Failure};
use std::os::unix::process::ExitStatusExt as _;
use std::process::ExitStatus;
use std::time::Duration;

/// An end.
#[derive(Debug)]
pub struct Ending {
    /// How it came.
    pub how: How,
    /// What the process wrote to its standard error at last.
    pub last_words: String,
}

/// How a process ended.
#[derive(Debug)]
pub enum How {
    /// By itself, or by a signal.
    Status(ExitStatus),
    /// The command ended it after so long.
    TooLong(Duration),
    /// The command ended it, because what it told cannot be.
    Nonsense(String),
}

impl Ending {
    /// Whether it ended as a process does that has told everything.
    pub fn is_orderly(&self) -> bool {
        matches!(self.how, How::Status(status) if status.success())
    }

    /// Whether nothing more than its own failure to start can be behind this, if nothing was started.
    pub fn is_refusal(&self) -> bool {
        !matches!(self.how, How::TooLong(_))
    }

    /// The failure of a process that ended before any code of the image ran.
    pub fn before_start(&self, driver: &str) -> Failure {
        let (_, what) = self.what();
        let said = if self.last_words.is_empty() { String::new() } else { format!(" ({})", self.last_words) };
        Failure::new(Exit::Start, format!("`{driver}` was not started: {what}{said}"))
    }

    /// The verdict: its id, the exit code and the text, in the form of the emulator's verdicts. `during` is what was
    /// under way.
    pub fn verdict(&self, during: Option<&str>, seed: u64) -> (&'static str, Exit, String) {
        let (fault, mut effect) = self.what();
        if let Some(during) = during {
            effect.push_str(&format!(", during {during}"));
        }
        let (id, exit, title, help) = match fault {
            Fault::SystemCall => (
                "system-call",
                Exit::DriverBug,
                "driver bug: the driver made a system call of the host".to_owned(),
                "a driver's code runs in the kernel and makes no system calls (if you did not build this image, do \
                 not trust it)",
            ),
            Fault::Driver => (
                "process-died",
                Exit::DriverBug,
                "driver bug: the driver ended the process that ran it".to_owned(),
                "look for writes through wild pointers: on Windows they would have hit the kernel (an emulator that \
                 panics may also have a defect of its own)",
            ),
            Fault::Outside => (
                "limit-reached",
                Exit::Limit,
                "limit reached: the process running the driver was ended from outside".to_owned(),
                "somebody killed it, or the host had no memory left",
            ),
            Fault::Time => (
                "limit-reached",
                Exit::Limit,
                "limit reached: the run takes too long".to_owned(),
                "the driver loops without calling anything, or the work takes longer: give a larger --timeout",
            ),
        };
        let mut text = format!("{title}\n   = effect: {effect}\n");
        for line in self.last_words.lines() {
            text.push_str(&format!("   = its last words: {line}\n"));
        }
        text.push_str(&format!(
            "   = help: {help}\n   = rule: {id} (none of Microsoft's)\n   = seed: {seed}"
        ));
        (id, exit, text)
    }

    fn what(&self) -> (Fault, String) {
        match &self.how {
            How::TooLong(time) => {
                (Fault::Time, format!("the driver ran for {} seconds of this host", time.as_secs()))
            }
            How::Nonsense(why) => {
                (Fault::Driver, format!("the process running the driver cannot be trusted: {why}"))
            }
            How::Status(status) => match (status.signal(), status.code()) {
                // Filters trap what they refuse; the kernel kills for this only.
                (Some(libc::SIGSYS), _) => (
                    Fault::SystemCall,
                    "the driver tried a system call of another architecture (`int 0x80` or `sysenter`)"
                        .to_owned(),
                ),
                (Some(signal), _) => {
                    let fault = match signal {
                        libc::SIGKILL | libc::SIGTERM | libc::SIGINT | libc::SIGHUP => Fault::Outside,
                        _ => Fault::Driver,
                    };
                    (fault, format!("the process running the driver died by {}", signal_name(signal)))
                }
                (None, code) => (
                    Fault::Driver,
                    format!(
                        "the process running the driver ended with exit code {} and without a report",
                        code.unwrap_or(-1)
                    ),
                ),
            },
        }
    }
}

/// Whose doing an end is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// The driver's: a system call.
    SystemCall,
    /// The driver's, otherwise.
    Driver,
    /// Somebody's outside.
    Outside,
    /// Nobody's: it took too long.
    Time,
}

fn signal_name(signal: i32) -> String {
    const NAMES: [(i32, &str); 13] = [
        (libc::SIGHUP, "SIGHUP"),
        (libc::SIGINT, "SIGINT"),
        (libc::SIGQUIT, "SIGQUIT"),
        (libc::SIGILL, "SIGILL"),
        (libc::SIGTRAP, "SIGTRAP"),
        (libc::SIGABRT, "SIGABRT"),
        (libc::SIGBUS, "SIGBUS"),
        (libc::SIGFPE, "SIGFPE"),
        (libc::SIGKILL, "SIGKILL"),
        (libc::SIGSEGV, "SIGSEGV"),
        (libc::SIGPIPE, "SIGPIPE"),
        (libc::SIGTERM, "SIGTERM"),
        (libc::SIGXFSZ, "SIGXFSZ"),
    ];
    let name = NAMES.iter().find(|(number, _)| *number == signal);
    name.map_or_else(|| format!("signal {signal}"), |(_, name)| (*name).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(how: How) -> (&'static str, Exit, String) {
        Ending { how, last_words: "one\ntwo".to_owned() }.verdict(Some("request 1 of 2"), 7)
    }

    #[test]
    fn every_end_is_a_verdict_that_says_what_happened() {
        let status = |raw| How::Status(ExitStatus::from_raw(raw));
        let cases = [
            (status(libc::SIGSYS), "system-call", Exit::DriverBug, "another architecture"),
            (status(libc::SIGSEGV), "process-died", Exit::DriverBug, "died by SIGSEGV"),
            (status(libc::SIGABRT), "process-died", Exit::DriverBug, "died by SIGABRT"),
            (status(63), "process-died", Exit::DriverBug, "died by signal 63"),
            (status(libc::SIGKILL), "limit-reached", Exit::Limit, "died by SIGKILL"),
            (status(101 << 8), "process-died", Exit::DriverBug, "exit code 101 and without a report"),
            (status(0), "process-died", Exit::DriverBug, "exit code 0 and without a report"),
            (How::TooLong(Duration::from_secs(3)), "limit-reached", Exit::Limit, "for 3 seconds"),
            (How::Nonsense("x".to_owned()), "process-died", Exit::DriverBug, "cannot be trusted: x"),
        ];
        for (how, id, exit, words) in cases {
            let (was, code, text) = verdict(how);
            assert_eq!((was, code), (id, exit), "{text}");
            assert!(text.contains(words), "`{words}` is not in: {text}");
            assert!(text.contains(", during request 1 of 2\n"), "{text}");
            assert!(text.contains("its last words: two") && text.ends_with("seed: 7"), "{text}");
        }
    }
}
