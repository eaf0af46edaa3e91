//! Cargo, told to compile and link something for Windows.

mod profile;
mod rustflags;

use crate::error::{Error, Result};
use crate::link::Directories;
use crate::target::{Arch, Profile};
use crate::toolchain::{StandardLibrary, Toolchain};
use serde::Deserialize;
use std::ffi::OsString;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What cargo is told.
#[derive(Debug)]
pub(crate) struct Cargo<'a> {
    /// The package's `Cargo.toml`.
    pub(crate) manifest: &'a Path,
    /// The root of its workspace.
    pub(crate) workspace_root: &'a Path,
    /// Where it builds.
    pub(crate) target_directory: PathBuf,
    /// Which of the package's targets, in cargo's words.
    pub(crate) target: &'a [&'a str],
    /// For which processor.
    pub(crate) arch: Arch,
    /// With or without optimisation.
    pub(crate) profile: Profile,
    /// Features of the package.
    pub(crate) features: &'a [String],
    /// It says only what went wrong.
    pub(crate) quiet: bool,
    /// What builds it.
    pub(crate) toolchain: &'a Toolchain,
    /// For the compiler, of all crates.
    pub(crate) compiler_arguments: Vec<String>,
    /// For the linker.
    pub(crate) link_arguments: Vec<OsString>,
    /// Settings of cargo (`--config`) and variables of the environment beyond the usual ones.
    pub(crate) settings: Vec<String>,
    pub(crate) environment: Vec<(&'a str, String)>,
    /// Whether a standard library that is compiled with it brings `memcpy` and its like.
    pub(crate) memory_functions: bool,
}

/// The cargo that started this program, or the one on the path.
fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// A line of cargo's output.
#[derive(Debug, Deserialize)]
struct Message {
    reason: String,
    #[serde(default)]
    manifest_path: PathBuf,
    #[serde(default)]
    filenames: Vec<PathBuf>,
}

impl Cargo<'_> {
    /// Compiles and links the package. The files that cargo made of it.
    ///
    /// # Errors
    ///
    /// That `what` does not build. Cargo has said why.
    pub(crate) fn run(&self, what: &str) -> Result<Vec<PathBuf>> {
        let start = |error| Error::Build(format!("cannot start cargo: {error} (is it on the PATH?)"));
        let mut child = self.command().spawn().map_err(start)?;
        let mut made = Vec::new();
        let stdout = BufReader::new(child.stdout.take().expect("it is piped"));
        for line in stdout.lines().map_while(std::io::Result::ok) {
            let Ok(message) = serde_json::from_str::<Message>(&line) else {
                continue;
            };
            if message.reason == "compiler-artifact" && message.manifest_path == self.manifest {
                made.extend(message.filenames);
            }
        }
        let status = child.wait().map_err(start)?;
        match status.success() {
            true => Ok(made),
            false => Err(Error::Build(format!("{what} does not build (cargo says above why)"))),
        }
    }

    fn command(&self) -> Command {
        let Self { toolchain, profile, .. } = self;
        let mut command = Command::new(cargo());
        // Where the user's own configuration of cargo applies.
        command.current_dir(self.manifest.parent().unwrap_or(Path::new(".")));
        command.arg("rustc").args(self.target).args(["--message-format", "json-render-diagnostics"]);
        command.arg("--manifest-path").arg(self.manifest);
        command.arg("--target-dir").arg(&self.target_directory);
        command.args(["--target", self.arch.triple()]);
        if *profile == Profile::Release {
            command.arg("--release");
        }
        if !self.features.is_empty() {
            command.arg("--features").arg(self.features.join(","));
        }
        if self.quiet {
            command.arg("--quiet");
        }
        let source = toolchain.standard_library.is_source();
        let settings = profile::settings(&self.workspace_root.join("Cargo.toml"), *profile, source);
        for setting in settings.iter().chain(&self.settings) {
            command.arg("--config").arg(setting);
        }
        rustflags::add(&mut command, self.arch, &self.compiler_arguments);
        command.env("RUSTC", &toolchain.compiler.rustc);
        for (name, value) in &self.environment {
            command.env(name, value);
        }
        if source {
            command.arg("-Zbuild-std=core,alloc,compiler_builtins");
            if self.memory_functions {
                command.arg("-Zbuild-std-features=compiler-builtins-mem");
            }
        }
        if toolchain.standard_library == StandardLibrary::SourceBootstrap {
            command.env("RUSTC_BOOTSTRAP", "1");
        }
        command.arg("--");
        if let Some(path) = &toolchain.linker.path {
            command.arg("-C").arg(format!("linker={}", path.display()));
        }
        if toolchain.linker.kind.is_lld() {
            command.args(["-C", "linker-flavor=lld-link"]);
        }
        for argument in &self.link_arguments {
            let mut option = OsString::from("link-arg=");
            option.push(argument);
            command.arg("-C").arg(option);
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        command
    }
}

/// The directories whose names must not get into what is built of a workspace.
pub(crate) fn directories(workspace_root: &Path, toolchain: &Toolchain) -> Directories {
    let library = toolchain.compiler.library_source();
    Directories {
        workspace: Some(workspace_root.to_owned()),
        cargo_home: cargo_home(),
        // Packages often put it there by a link. The compiler sees the real path, and makes the other one of the path
        // that a `core` has which came compiled.
        library: vec![canonical(library.clone()), library],
    }
}

/// The file with that extension.
pub(crate) fn with_extension(made: &mut Vec<PathBuf>, wanted: &str) -> Option<PathBuf> {
    let found = made.iter().position(|path| path.extension().is_some_and(|e| e == wanted));
    found.map(|index| made.swap_remove(index))
}

/// Where cargo keeps what it fetched.
fn cargo_home() -> Option<PathBuf> {
    let named = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    named.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")))
}

fn canonical(path: PathBuf) -> PathBuf {
    path.canonicalize().unwrap_or(path)
}
