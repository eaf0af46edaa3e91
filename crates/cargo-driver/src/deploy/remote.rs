//! The test machine, through the system's `ssh` and `sftp`.
//!
//! Nothing is asked and nothing is taken for granted: no passwords (`BatchMode`), and a host key that is not known ends
//! the command with what to do.

use super::Deploy;
use crate::exit::{self, Exit, Failure};
use std::ffi::OsString;
use std::fs::File;
use std::io::{ErrorKind, Read as _, Seek as _, Write as _};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How long the machine may take to answer.
const CONNECT: u32 = 15;
/// How much of what a program says is read.
const SAID: u64 = 1 << 20;

/// Reads the name of a host.
///
/// # Errors
///
/// In words, when ssh would take it for something else.
pub fn host(text: &str) -> Result<String, String> {
    let bad = |c: char| c.is_whitespace() || c.is_control();
    match text.is_empty() || text.starts_with('-') || text.contains(bad) {
        true => Err("a host is HOST or USER@HOST".to_owned()),
        false => Ok(text.to_owned()),
    }
}

/// Reads a directory of the test machine. Its characters mean the same to cmd, to PowerShell and to sftp, so that nothing
/// has to be quoted for a shell that is not known.
///
/// # Errors
///
/// In words, when it has others.
pub fn directory(text: &str) -> Result<String, String> {
    let path = text.replace('\\', "/");
    let path = path.trim_end_matches('/');
    let below = drive(path).map_or(path, |(_, below)| below);
    let is_good = |c: char| c.is_ascii_alphanumeric() || "._-/".contains(c);
    let parts = || below.split('/').filter(|part| !part.is_empty());
    if below.chars().all(is_good)
        && parts().next().is_some()
        && parts().all(|part| part.trim_matches('.') == part)
        && !below.starts_with('-')
    {
        return Ok(path.to_owned());
    }
    Err(format!(
        "`{text}` is no directory that can be used: it may have letters, digits and . _ - / only, and no part that begins \
         or ends with a dot"
    ))
}

/// The drive of a path of Windows, and what follows.
fn drive(path: &str) -> Option<(char, &str)> {
    let letter = path.chars().next().filter(char::is_ascii_alphabetic)?;
    Some((letter, path[1..].strip_prefix(':').filter(|below| below.starts_with('/'))?))
}

/// A path as sftp has it, where drives are below the root.
pub fn for_sftp(path: &str) -> String {
    if drive(path).is_some() { format!("/{path}") } else { path.to_owned() }
}

/// The test machine.
pub struct Remote<'a> {
    host: &'a str,
    port: Option<u16>,
    options: Vec<OsString>,
}

/// What a program came to.
#[derive(Debug)]
pub struct Ended {
    /// Its exit code; none if a signal ended it.
    pub code: Option<i32>,
    /// What it printed.
    pub out: String,
    /// What it complained of.
    pub err: String,
}

/// Why there is no [`Ended`].
#[derive(Debug)]
pub enum Trouble {
    /// There is no connection, or it was lost.
    Lost(String),
    /// The time was over.
    TooLong(Duration),
    /// It makes no sense to try again.
    Failure(Failure),
}

impl Trouble {
    /// In words.
    pub fn failure(self, host: &str) -> Failure {
        match self {
            Self::Lost(said) => {
                Failure::new(Exit::Unreachable, format!("`{host}` cannot be reached: {said}"))
            }
            Self::TooLong(limit) => {
                let seconds = limit.as_secs();
                Failure::new(Exit::Unreachable, format!("`{host}` did not answer within {seconds} s"))
            }
            Self::Failure(failure) => failure,
        }
    }
}

impl<'a> Remote<'a> {
    /// The machine that the options name.
    ///
    /// # Errors
    ///
    /// When the key's file is missing.
    pub fn new(options: &'a Deploy) -> exit::Result<Self> {
        let mut all: Vec<OsString> = Vec::new();
        let mut option = |text: String| all.extend(["-o".into(), text.into()]);
        // The user's come first: ssh takes the first value of an option.
        options.ssh_option.iter().cloned().for_each(&mut option);
        option("BatchMode=yes".to_owned());
        option(format!("ConnectTimeout={CONNECT}"));
        // A machine that stopped says nothing any more.
        option("ServerAliveInterval=5".to_owned());
        option("ServerAliveCountMax=6".to_owned());
        if let Some(identity) = &options.identity {
            if !identity.is_file() {
                let what = format!("there is no key `{}` (--identity)", identity.display());
                return Err(Failure::new(Exit::File, what));
            }
            all.extend(["-i".into(), identity.into(), "-o".into(), "IdentitiesOnly=yes".into()]);
        }
        Ok(Self { host: &options.ssh, port: options.port, options: all })
    }

    /// Its name.
    pub fn host(&self) -> &str {
        self.host
    }

    /// Runs a command line there.
    ///
    /// # Errors
    ///
    /// When there is no connection, or it takes too long.
    pub fn run(&self, line: &str, limit: Duration) -> Result<Ended, Trouble> {
        let mut command = Command::new("ssh");
        command.args(&self.options);
        if let Some(port) = self.port {
            command.args(["-p", &port.to_string()]);
        }
        command.args(["-T", "--", self.host, line]);
        self.ended("ssh", command, "", limit)
    }

    /// Runs commands of sftp. The first that fails ends them, unless it begins with `-`.
    ///
    /// # Errors
    ///
    /// As [`Remote::run`].
    pub fn sftp(&self, batch: &str, limit: Duration) -> Result<Ended, Trouble> {
        let mut command = Command::new("sftp");
        command.args(&self.options);
        if let Some(port) = self.port {
            command.args(["-P", &port.to_string()]);
        }
        command.args(["-b", "-", "--", self.host]);
        self.ended("sftp", command, batch, limit)
    }

    fn ended(&self, name: &str, command: Command, input: &str, limit: Duration) -> Result<Ended, Trouble> {
        let ended = run(name, command, input, limit)?;
        match ended.code {
            Some(255) => Err(self.refusal(&ended.err)),
            _ => Ok(ended),
        }
    }

    /// What ssh's own complaint means.
    fn refusal(&self, said: &str) -> Trouble {
        let last =
            said.lines().rev().map(str::trim).find(|line| !line.is_empty()).unwrap_or("ssh says nothing");
        let host = self.host;
        let refused = |what: String| Trouble::Failure(Failure::new(Exit::NoAccess, what));
        if said.contains("REMOTE HOST IDENTIFICATION HAS CHANGED") {
            return refused(format!(
                "the host key of `{host}` is not the one that is known (if the machine was made anew: `ssh-keygen -R HOST`, \
                 then accept the new key with `ssh {host}`)"
            ));
        }
        if said.contains("Host key verification failed") || said.contains("No matching host key fingerprint")
        {
            return refused(format!(
                "the host key of `{host}` is not known (compare and accept it once with `ssh {host}`)"
            ));
        }
        if said.contains("Permission denied") || said.contains("Too many authentication failures") {
            return refused(format!(
                "`{host}` refuses to log you on: {last} (a key without a question is needed: --identity FILE or an agent; on \
                 Windows the keys of administrators are in C:\\ProgramData\\ssh\\administrators_authorized_keys)"
            ));
        }
        Trouble::Lost(last.to_owned())
    }
}

/// Runs a program with a time limit. What it says goes to files, which no pipe can fill.
fn run(name: &str, mut command: Command, input: &str, limit: Duration) -> Result<Ended, Trouble> {
    let broken = |error: std::io::Error| {
        let what = match error.kind() {
            ErrorKind::NotFound => format!("there is no program `{name}` (install OpenSSH's client)"),
            _ => format!("cannot run `{name}`: {error}"),
        };
        Trouble::Failure(Failure::new(Exit::Unreachable, what))
    };
    let file = |text: &str| -> std::io::Result<File> {
        let mut file = tempfile::tempfile()?;
        file.write_all(text.as_bytes())?;
        file.rewind()?;
        Ok(file)
    };
    let (stdin, mut out, mut err) = (|| Ok((file(input)?, file("")?, file("")?)))().map_err(broken)?;
    command
        .stdin(Stdio::from(stdin))
        .stdout(out.try_clone().map_err(broken)?)
        .stderr(err.try_clone().map_err(broken)?);
    let mut child = command.spawn().map_err(broken)?;
    let started = Instant::now();
    let status = loop {
        match child.try_wait().map_err(broken)? {
            Some(status) => break status,
            None if started.elapsed() >= limit => {
                // It may have ended meanwhile.
                let _ = child.kill();
                let _ = child.wait();
                return Err(Trouble::TooLong(limit));
            }
            None => std::thread::sleep(Duration::from_millis(50)),
        }
    };
    let text = |file: &mut File| -> std::io::Result<String> {
        let mut bytes = Vec::new();
        file.rewind()?;
        file.take(SAID).read_to_end(&mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).replace('\r', ""))
    };
    Ok(Ended {
        code: status.code(),
        out: text(&mut out).map_err(broken)?,
        err: text(&mut err).map_err(broken)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_means_the_same_to_every_shell() {
        for good in ["wdk-test-vm/echo", "/tmp/x", "C:/Users/me/vm", "a.b"] {
            assert_eq!(directory(good).as_deref(), Ok(good));
        }
        assert_eq!(directory(r"C:\vm\").as_deref(), Ok("C:/vm"));
        for bad in [
            "", "a b", "a;b", "$x", "%x%", "a'b", "C:", "C:x", "C:/", "..", "a/../b", "-r", "a:b", "é",
            "~/x", "a.",
        ] {
            assert!(directory(bad).is_err(), "{bad}");
        }
        assert_eq!(for_sftp("C:/vm"), "/C:/vm");
        assert_eq!(for_sftp("vm/x"), "vm/x");
    }

    #[test]
    fn a_host_is_no_option() {
        assert!(host("me@vm").is_ok());
        for bad in ["", "-oProxyCommand=x", "a b", "a\n"] {
            assert!(host(bad).is_err(), "{bad:?}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_program_has_a_time_limit() {
        let shell = |line: &str, limit| {
            let mut command = Command::new("sh");
            command.args(["-c", line]);
            run("sh", command, "in", limit)
        };
        let ended = shell("cat; echo x >&2; exit 3", Duration::from_secs(20)).unwrap();
        assert_eq!((ended.code, &*ended.out, &*ended.err), (Some(3), "in", "x\n"));
        let slow = shell("exec sleep 60", Duration::from_millis(200));
        assert!(matches!(slow, Err(Trouble::TooLong(_))), "{slow:?}");
    }
}
