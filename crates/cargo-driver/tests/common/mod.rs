//! What the tests of the command share: it is started as its users start it.

// Each test program uses some of it.
#![allow(dead_code)]

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};

/// The root of the workspace, where commands run.
pub const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
/// What the command came to.
pub struct Ended {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ended {
    pub fn of(Output { status, stdout, stderr }: Output) -> Self {
        Self {
            code: status.code().expect("it ends by itself"),
            out: String::from_utf8(stdout).expect("it prints text"),
            err: String::from_utf8(stderr).expect("it prints text"),
        }
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}{}", self.out, self.err))
    }

    /// The command refused, with one message and no more.
    #[track_caller]
    pub fn refused(&self, code: i32, words: &str) {
        assert_eq!(self.code, code, "{}{}", self.out, self.err);
        assert!(self.err.contains(words), "`{words}` is not in: {}", self.err);
        assert_eq!(self.err.matches("error:").count(), 1, "{}", self.err);
        assert!(!self.err.contains("panicked") && !self.err.contains("backtrace"), "{}", self.err);
        assert_eq!(self.out, "");
    }
}

pub fn start(arguments: &[&str]) -> Ended {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-driver"));
    command.args(arguments).current_dir(ROOT);
    Ended::of(command.output().expect("the binary of this package starts"))
}

pub fn run(arguments: &[&str]) -> Ended {
    start(&[&["run"], arguments].concat())
}

pub fn json(arguments: &[&str]) -> (Ended, Value) {
    let ended = run(&[arguments, &["--json"]].concat());
    let value = ended.json();
    (ended, value)
}

/// A directory of a test, which goes away with it.
pub struct Directory(pub PathBuf);

impl Directory {
    pub fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("cargo-driver-{}-{number}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        text(&path)
    }

    /// A package of its own, without dependencies.
    pub fn package(&self, name: &str, library: &str) -> String {
        let manifest = format!("[package]\nname = \"{name}\"\nedition = \"2024\"\n[workspace]\n");
        self.file(&format!("{name}/Cargo.toml"), manifest);
        self.file(&format!("{name}/src/lib.rs"), library);
        text(&self.0.join(name))
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub fn text(path: &Path) -> String {
    path.to_str().expect("temporary paths are text").to_owned()
}

/// Writes past the test harness, which keeps what passing tests print with `eprintln!` to itself.
pub fn skipped(why: &str) {
    use std::io::Write as _;
    let _ = std::io::stderr().lock().write_all(format!("\nSKIPPED: {why}\n").as_bytes());
}

/// Whether driver images can be built here. If not, the test says so, and fails where that is required.
pub fn can_build() -> bool {
    let doctor = start(&["doctor", "--json"]);
    if doctor.code == 0 {
        return true;
    }
    let required = std::env::var_os("WDK_REQUIRE_IMAGES").is_some_and(|value| value == "1");
    assert!(!required, "WDK_REQUIRE_IMAGES is set, and `cargo driver doctor` says: {}", doctor.out);
    skipped("no Windows target: see `cargo driver doctor`");
    false
}

/// Whether this host can confine images. If not, the test says so, and fails where that is required.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
pub fn confined() -> bool {
    let ended = run(&["tests/images/echo/echo.sys", "--write", "x", "--quiet"]);
    if ended.code != 14 {
        return true;
    }
    let required = std::env::var_os("WDK_REQUIRE_SANDBOX").is_some_and(|value| value == "1");
    assert!(!required, "{}", ended.err);
    skipped(&ended.err);
    false
}
