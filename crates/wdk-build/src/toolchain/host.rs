//! The machine that drivers are built on, as far as the search for a toolchain looks at it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the search asks. Tests answer for machines that are not theirs.
pub trait Host {
    /// What a program prints to stdout, if it can be started and succeeds.
    fn output(&self, program: &Path, arguments: &[&str]) -> Option<String>;
    /// Whether there is such a file (behind symbolic links).
    fn is_file(&self, path: &Path) -> bool;
    /// Names of what a directory contains, sorted; nothing if there is no such directory.
    fn entries(&self, directory: &Path) -> Vec<String>;
    /// An environment variable.
    fn variable(&self, name: &str) -> Option<OsString>;
    /// The text of a small file.
    fn text(&self, path: &Path) -> Option<String>;
    /// The operating system: `linux`, `macos`, `windows`.
    fn system(&self) -> &str;

    /// The file that a program's name stands for on the search path.
    fn find(&self, program: &str) -> Option<PathBuf> {
        let name = self.program_name(program);
        let path = self.variable("PATH")?;
        std::env::split_paths(&path)
            .filter(|directory| directory.is_absolute())
            .map(|directory| directory.join(&name))
            .find(|file| self.is_file(file))
    }

    /// A program's file name here.
    fn program_name(&self, program: &str) -> String {
        if self.system() == "windows" { format!("{program}.exe") } else { program.to_owned() }
    }
}

/// This machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct ThisMachine;

impl Host for ThisMachine {
    fn output(&self, program: &Path, arguments: &[&str]) -> Option<String> {
        let output = Command::new(program).args(arguments).output().ok()?;
        if !output.status.success() {
            return None;
        }
        Some(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    fn is_file(&self, path: &Path) -> bool {
        path.is_file()
    }

    fn entries(&self, directory: &Path) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(directory) else {
            return Vec::new();
        };
        let mut names: Vec<_> =
            entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    fn variable(&self, name: &str) -> Option<OsString> {
        std::env::var_os(name)
    }

    fn text(&self, path: &Path) -> Option<String> {
        std::fs::read_to_string(path).ok()
    }

    fn system(&self) -> &str {
        std::env::consts::OS
    }
}
