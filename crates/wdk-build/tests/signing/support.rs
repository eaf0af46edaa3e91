//! What the tests share.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;
use std::time::{Duration, SystemTime};
use wdk_build::certificate::{KeySize, TestCertificate};
use wdk_build::sign::Options;

/// The password of the PFX files.
pub const PASSWORD: &str = "pass word";

/// A test certificate; keys take their time.
pub fn certificate() -> &'static TestCertificate {
    static CERTIFICATE: OnceLock<TestCertificate> = OnceLock::new();
    CERTIFICATE.get_or_init(|| {
        TestCertificate::new("Signing Test", KeySize::Bits2048, SystemTime::now(), 30).unwrap()
    })
}

/// Another one, which nobody trusts.
pub fn stranger() -> &'static TestCertificate {
    static CERTIFICATE: OnceLock<TestCertificate> = OnceLock::new();
    CERTIFICATE
        .get_or_init(|| TestCertificate::new("Stranger", KeySize::Bits2048, SystemTime::now(), 30).unwrap())
}

/// Signs now, to the second.
pub fn options() -> Options {
    static NOW: OnceLock<SystemTime> = OnceLock::new();
    let now = NOW.get_or_init(|| {
        let seconds = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
    });
    Options::at(*now)
}

/// A driver image without a signature.
pub fn echo() -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/images/echo/echo.sys");
    std::fs::read(path).unwrap()
}

/// A directory with files for other programs.
pub struct Files(tempfile::TempDir);

impl Files {
    pub fn new() -> Self {
        let files = Self(tempfile::tempdir().unwrap());
        let der = certificate().identity().certificate().der();
        let pem = der::pem::encode_string("CERTIFICATE", der::pem::LineEnding::LF, der).unwrap();
        files.write("ca.pem", pem);
        files
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap()
    }

    /// Runs a program in the directory.
    pub fn run(&self, program: &str, arguments: &[&str]) -> Output {
        let output = Command::new(program).args(arguments).current_dir(self.0.path()).output();
        output.unwrap_or_else(|error| panic!("cannot start {program}: {error}"))
    }

    /// Runs a program that has to succeed; returns what it prints.
    pub fn must(&self, program: &str, arguments: &[&str]) -> String {
        let output = self.run(program, arguments);
        assert!(output.status.success(), "{program} {arguments:?}:\n{}", text(&output));
        text(&output)
    }
}

/// What a program printed.
pub fn text(output: &Output) -> String {
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    format!("{out}{err}")
}

/// Whether a program is installed. If not, says so loudly; where the environment demands the program, that is a failure.
pub fn has(program: &str, demanded_by: &str) -> bool {
    let there = Command::new(program)
        .arg(if program == "openssl" { "version" } else { "--version" })
        .output()
        .is_ok();
    if !there {
        assert!(
            std::env::var_os(demanded_by).is_none(),
            "{program} is not installed, and {demanded_by} demands it"
        );
        skipped(&format!("{program} is not installed, so it does not judge what is signed here"));
    }
    there
}

/// Says that something is not tested. Not through `eprintln!`, which the harness keeps to itself when a test passes.
pub fn skipped(what: &str) {
    let _ = writeln!(std::io::stderr(), "SKIPPED: {what}");
}

/// Whether osslsigncode is there to judge.
pub fn osslsigncode() -> bool {
    has("osslsigncode", "WDK_REQUIRE_OSSLSIGNCODE")
}

/// Whether openssl is there to judge.
pub fn openssl() -> bool {
    has("openssl", "WDK_REQUIRE_OSSLSIGNCODE")
}
