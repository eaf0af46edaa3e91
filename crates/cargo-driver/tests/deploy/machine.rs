//! A test machine that is none: a real OpenSSH server on this machine, and a stand-in for Windows behind it.

use crate::common::{self, Directory, Ended, text};
use serde_json::json;
use std::fs;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Plays Windows.
const POWERSHELL: &str = include_str!("powershell.sh");
/// Restarts it.
const SHUTDOWN: &str = include_str!("shutdown.sh");
const SSHD: &str = "/usr/sbin/sshd";

/// Whether there is a server. If not, the test says so, and fails where it is required.
pub fn has_sshd() -> bool {
    let has = Path::new(SSHD).is_file() && Command::new("ssh").arg("-V").output().is_ok();
    let required = std::env::var_os("WDK_REQUIRE_SSHD").is_some_and(|value| value == "1");
    assert!(has || !required, "WDK_REQUIRE_SSHD is set, and there is no {SSHD}, or no ssh");
    if !has {
        use std::io::Write as _;
        let _ = std::io::stderr()
            .lock()
            .write_all(b"\nSKIPPED: deploying is not tested: there is no OpenSSH server here\n");
    }
    has
}

/// A server with a stand-in for Windows, and a folder to deploy.
pub struct Machine {
    pub directory: Directory,
    pub port: u16,
    server: Child,
}

impl Drop for Machine {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

impl Machine {
    pub fn start(mode: &str) -> Self {
        let directory = Directory::new();
        let top = directory.0.clone();
        let path = |name: &str| text(&top.join(name));
        for key in ["host", "user", "stranger"] {
            let made = Command::new("ssh-keygen")
                .args(["-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", &path(key)])
                .status();
            assert!(made.unwrap().success());
        }
        fs::copy(path("user.pub"), path("authorized_keys")).unwrap();
        for (name, script) in [("powershell", POWERSHELL), ("shutdown", SHUTDOWN)] {
            if mode == "linux" && name == "powershell" {
                continue;
            }
            let file = directory.file(&format!("bin/{name}"), script);
            fs::set_permissions(file, fs::Permissions::from_mode(0o755)).unwrap();
        }
        directory.file("windows/boot", "1\n");
        directory.file("windows/mode", mode);
        directory.file("windows/windows.json", report(if mode == "loses" { 1 } else { 0 }));
        folder(&directory);

        // A server that root starts needs this; nobody else may make it, and needs it.
        let _ = fs::create_dir_all("/run/sshd");
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let config = format!(
            "ListenAddress 127.0.0.1:{port}\nHostKey {}\nAuthorizedKeysFile {}\nPidFile none\nStrictModes no\nUsePAM no\n\
             PasswordAuthentication no\nKbdInteractiveAuthentication no\nPermitRootLogin prohibit-password\n\
             Subsystem sftp internal-sftp\nSetEnv PATH={}:/usr/bin:/bin WINDOWS={}\n",
            path("host"),
            path("authorized_keys"),
            path("bin"),
            path("windows"),
        );
        let config = directory.file("sshd_config", config);
        let log = fs::File::create(path("log")).unwrap();
        let server = Command::new(SSHD)
            .args(["-D", "-e", "-f", &config])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        let key = fs::read_to_string(path("host.pub")).unwrap();
        directory.file("known_hosts", format!("[127.0.0.1]:{port} {key}"));
        let machine = Self { directory, port, server };
        let until = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < until, "sshd does not listen: {}", machine.read("log"));
            std::thread::sleep(Duration::from_millis(20));
        }
        machine
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.0.join(name)
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    /// The arguments of a deployment to this machine.
    pub fn arguments(&self) -> Vec<String> {
        let at = |name: &str| text(&self.path(name));
        [
            "deploy",
            &at("folder"),
            "--ssh",
            "127.0.0.1",
            "--port",
            &self.port.to_string(),
            "--identity",
            &at("user"),
            "--ssh-option",
            &format!("UserKnownHostsFile={}", at("known_hosts")),
            "--ssh-option",
            "GlobalKnownHostsFile=/dev/null",
            "--dir",
            &at("remote/echo"),
            "--restart-timeout",
            "30",
        ]
        .map(str::to_owned)
        .to_vec()
    }

    pub fn deploy(&self, more: &[&str]) -> Ended {
        let arguments = self.arguments();
        let all: Vec<_> = arguments.iter().map(String::as_str).chain(more.iter().copied()).collect();
        common::start(&all)
    }

    /// As [`Machine::deploy`], with another value of an option.
    pub fn deploy_with(&self, option: &str, value: &str) -> Ended {
        let mut arguments = self.arguments();
        let at = arguments.iter().position(|word| word == option).unwrap();
        value.clone_into(&mut arguments[at + 1]);
        common::start(&arguments.iter().map(String::as_str).collect::<Vec<_>>())
    }
}

/// A report of a stream.
pub fn report(lost: u64) -> String {
    let report = json!({
        "driver": "echo", "debug": null, "file": "x", "bytes": 3, "chunk": 1, "frames": 3, "writers": 1, "readers": 1,
        "bytes_read": 3 - lost, "lost": lost, "verdict": "clean", "verdict_text": "", "seed": 1, "remarks": [],
        "exit_code": u8::from(lost > 0),
    });
    report.to_string()
}

/// A folder as `package --test-vm` makes it, as far as deploying looks into it.
pub fn folder(directory: &Directory) {
    let settings = json!({
        "format": 1, "driver": "echo", "driverVersion": "1.0.0.0", "processor": "AMD64", "inf": "echo.inf",
        "image": "echo.sys", "service": "echo", "hardwareId": "ROOT\\ECHO", "certificate": "certificate.cer",
        "thumbprint": "AB", "verifier": { "level": "standard", "flags": "0x2003b", "kmdf": [] },
        "scenario": { "arguments": ["--open", "echo"], "file": "stream.bin", "timeout": 60 },
    });
    directory.file("folder/settings.json", settings.to_string());
    directory.file("folder/expected.json", report(0));
    directory.file("folder/install.ps1", "exit 0\r\n");
    directory.file("folder/package/echo.inf", "[Version]\r\n");
    directory.file("folder/package/deep \"er\"/a [b].bin", [0, 10, 13, 255]);
}

impl Ended {
    /// It ended with that code and one message.
    #[track_caller]
    pub fn code_is(&self, code: i32, words: &str) {
        assert_eq!(self.code, code, "{}{}", self.out, self.err);
        assert!(self.err.contains(words), "`{words}` is not in: {}", self.err);
        assert_eq!(self.err.matches("error:").count(), 1, "{}", self.err);
    }
}
