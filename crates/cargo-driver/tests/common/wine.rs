//! Wine: a Windows that programs of ours can be started on.

// Each test program uses some of it.
#![allow(dead_code)]

use crate::common::{Directory, Ended, skipped, text};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

/// A Wine with a Windows of its own, which ends with this.
pub struct Wine {
    prefix: Directory,
    /// A program that waits for input: with nothing to do, a Wine goes away, and its services and drivers with it.
    resident: Option<Child>,
}

impl Wine {
    /// A fresh one. Where there is no Wine the test says so, and fails where that is required.
    pub fn new() -> Option<Self> {
        let mut wine = Self { prefix: Directory::new(), resident: None };
        match wine.start("wineboot", &["-i"]) {
            Some(ended) if ended.code == 0 => {
                // It leaves services that are about to go, and what is asked of them now is lost.
                let _ = wine.command("wineserver").arg("-w").status();
                let mut resident = wine.command("wine");
                resident.arg("cmd").stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
                wine.resident = Some(resident.spawn().expect("Wine was there before"));
                Some(wine)
            }
            other => {
                let why = other.map_or("there is no `wine`".to_owned(), |ended| ended.err);
                let required = std::env::var_os("WDK_REQUIRE_WINE").is_some_and(|value| value == "1");
                assert!(!required, "WDK_REQUIRE_WINE is set, and Wine does not start: {why}");
                skipped(&format!("no Wine, so no program for Windows can be started here: {why}"));
                None
            }
        }
    }

    /// Starts a program and waits for it.
    pub fn run(&self, program: &str, arguments: &[&str]) -> Ended {
        self.start(program, arguments).expect("Wine was there before")
    }

    /// Where its drivers are.
    pub fn drivers(&self) -> PathBuf {
        self.prefix.0.join("wine/drive_c/windows/system32/drivers")
    }

    /// What programs here call a file of the host.
    pub fn path(path: &Path) -> String {
        format!("Z:{}", text(&path.canonicalize().unwrap()).replace('/', "\\"))
    }

    fn start(&self, program: &str, arguments: &[&str]) -> Option<Ended> {
        // Not pipes: the services of Wine may inherit them, and then they have no end while those run.
        let [out, err] = ["out", "err"].map(|name| self.prefix.0.join(name));
        let [to_out, to_err] = [&out, &err].map(|path| fs::File::create(path).unwrap());
        let mut command = self.command("wine");
        let status = command.arg(program).args(arguments).stdout(to_out).stderr(to_err).status().ok()?;
        let [stdout, stderr] = [out, err].map(|path| fs::read(path).unwrap());
        Some(Ended::of(Output { status, stdout, stderr }))
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        // No display, and no questions about add-ons.
        command.env("WINEPREFIX", self.prefix.0.join("wine")).env("WINEDEBUG", "-all");
        command.env_remove("DISPLAY").env("WINEDLLOVERRIDES", "mscoree,mshtml=").stdin(Stdio::null());
        command
    }
}

impl Drop for Wine {
    fn drop(&mut self) {
        if let Some(resident) = &mut self.resident {
            drop(resident.stdin.take());
            let _ = resident.wait();
        }
        // Its services go on otherwise, and write to the directory while it is removed.
        let _ = self.command("wineserver").args(["-k", "-w"]).status();
    }
}
