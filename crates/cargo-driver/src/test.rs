//! `cargo driver test`: the tests of drivers, in the emulator, with a sanitizer if one is asked for.

use crate::args::{Sanitizer, Test};
use crate::exit::{Exit, Failure, Result};
use crate::workspace::{Workspace, cargo};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Runs the tests.
///
/// # Errors
///
/// When cargo cannot be started, or the toolchain lacks what a sanitizer needs. Tests that fail are no error of
/// this kind: [`Exit::Tests`].
pub fn test(options: &Test) -> Result<Exit> {
    let workspace = Workspace::load(None)?;
    let mut command = Command::new(cargo());
    command.arg("test").stdin(Stdio::null());
    if options.packages.is_empty() {
        command.arg("--workspace");
    }
    for package in &options.packages {
        command.args(["--package", package]);
    }
    if !options.features.is_empty() {
        command.arg("--features").arg(options.features.join(","));
    }
    if options.release {
        command.arg("--release");
    }
    if options.no_fail_fast {
        command.arg("--no-fail-fast");
    }
    let mut flags = Vec::new();
    if cfg!(windows) {
        // There a driver is an image unless this asks for the linked kind.
        flags.extend(["--cfg", "wdk_linked"].map(str::to_owned));
    }
    if let Some(Sanitizer::Address) = options.sanitizer {
        sanitize(&mut command, &mut flags, workspace.target())?;
    }
    if !flags.is_empty() {
        // Encoded, so that a flag may hold a space. It replaces RUSTFLAGS, so what is there is kept.
        for (variable, encoded) in
            [("RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS"), ("RUSTDOCFLAGS", "CARGO_ENCODED_RUSTDOCFLAGS")]
        {
            let given = match std::env::var(encoded) {
                Ok(given) if !given.is_empty() => given.split('\x1f').map(str::to_owned).collect(),
                _ => std::env::var(variable)
                    .map(|given| given.split_whitespace().map(str::to_owned).collect())
                    .unwrap_or_else(|_| Vec::new()),
            };
            let all: Vec<_> = given.iter().chain(&flags).map(String::as_str).collect();
            command.env(encoded, all.join("\x1f"));
        }
    }
    if !options.arguments.is_empty() {
        command.arg("--").args(&options.arguments);
    }
    let start =
        |error| Failure::new(Exit::Build, format!("cannot start cargo: {error} (is it on the PATH?)"));
    let status = command.status().map_err(start)?;
    Ok(if status.success() { Exit::Ok } else { Exit::Tests })
}

/// Adds what AddressSanitizer takes: a compiler that knows the option, its runtime library, and code built for it.
fn sanitize(command: &mut Command, flags: &mut Vec<String>, target: &Path) -> Result {
    let compiler = Compiler::ask()?;
    if !compiler.has_runtime() {
        return Err(Failure::new(
            Exit::Build,
            format!(
                "this toolchain has no AddressSanitizer for {}: there is no `librustc-*_rt.asan` in `{}` (rustup's \
                 toolchains for Linux and macOS have it: `rustup toolchain install nightly`, then `cargo +nightly \
                 driver test --sanitizer address`)",
                compiler.host,
                compiler.libraries().display()
            ),
        ));
    }
    // With a target, the flags do not reach build scripts and procedural macros, which the compiler loads.
    command.args(["--target", &compiler.host]);
    command.arg("--target-dir").arg(target.join("driver-sanitizer"));
    flags.extend(
        ["-Zsanitizer=address", "--cfg", "wdk_sanitizer", "--check-cfg", "cfg(wdk_sanitizer)"]
            .map(str::to_owned),
    );
    if !compiler.nightly {
        // The option is unstable; the runtime of a stable toolchain is the same code.
        command.env("RUSTC_BOOTSTRAP", "1");
    }
    // Faults of driver code are the emulator's to handle. A driver's stack that is reset keeps what its frames own,
    // as it does in a stopped kernel, so leaks are counted by the verifier and not here.
    let given = std::env::var("ASAN_OPTIONS").unwrap_or_default();
    command.env("ASAN_OPTIONS", format!("detect_leaks=0:allow_user_segv_handler=1:{given}"));
    Ok(())
}

/// What the compiler says of itself.
struct Compiler {
    host: String,
    nightly: bool,
    sysroot: PathBuf,
}

impl Compiler {
    fn ask() -> Result<Self> {
        let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
        let say = |arguments: &[&str]| -> Result<String> {
            let output = Command::new(&rustc).args(arguments).output().map_err(|error| {
                Failure::new(Exit::Build, format!("cannot start rustc: {error} (is it on the PATH?)"))
            })?;
            Ok(String::from_utf8_lossy(&output.stdout).into_owned())
        };
        let version = say(&["-vV"])?;
        let field = |name: &str| {
            version.lines().find_map(|line| line.strip_prefix(name)).map(|value| value.trim().to_owned())
        };
        let Some(host) = field("host:") else {
            return Err(Failure::new(Exit::Build, "rustc does not say what host it is for (`rustc -vV`)"));
        };
        let nightly = field("release:").is_some_and(|release| release.contains("-nightly"));
        let sysroot = say(&["--print", "sysroot"])?;
        Ok(Self { host, nightly, sysroot: sysroot.trim().into() })
    }

    fn libraries(&self) -> PathBuf {
        self.sysroot.join("lib/rustlib").join(&self.host).join("lib")
    }

    fn has_runtime(&self) -> bool {
        let is_runtime = |name: &str| name.starts_with("librustc-") && name.contains("_rt.asan");
        let entries = std::fs::read_dir(self.libraries()).into_iter().flatten().flatten();
        entries.into_iter().any(|entry| is_runtime(&entry.file_name().to_string_lossy()))
    }
}
