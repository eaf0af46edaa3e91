//! Cargo, told to make a driver image.

use super::{Build, profile, rustflags};
use crate::error::{Error, Result};
use crate::link::{self, Directories};
use crate::metadata::DriverModel;
use crate::target::Profile;
use crate::toolchain::{StandardLibrary, Toolchain};
use serde::Deserialize;
use std::ffi::OsString;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What the linker made.
#[derive(Debug)]
pub(super) struct Linked {
    pub(super) image: PathBuf,
    pub(super) symbols: Option<PathBuf>,
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

/// Compiles and links a driver.
///
/// `resource` is a `.res` file for the linker.
pub(super) fn compile(
    build: &Build,
    model: &DriverModel,
    toolchain: &Toolchain,
    resource: &Path,
) -> Result<Linked> {
    let mut command = command(build, model, toolchain);
    command.arg("-C").arg(link_argument(resource));
    let start = |error| Error::Build(format!("cannot start cargo: {error} (is it on the PATH?)"));
    let mut child = command.spawn().map_err(start)?;
    let mut made = Vec::new();
    let stdout = BufReader::new(child.stdout.take().expect("it is piped"));
    for line in stdout.lines().map_while(std::io::Result::ok) {
        let Ok(message) = serde_json::from_str::<Message>(&line) else {
            continue;
        };
        if message.reason == "compiler-artifact" && message.manifest_path == build.manifest {
            made.extend(message.filenames);
        }
    }
    let status = child.wait().map_err(start)?;
    if !status.success() {
        let what = format!("the driver `{}` does not build (cargo says above why)", build.library);
        return Err(Error::Build(what));
    }
    let mut with_extension = |wanted: &str| {
        made.iter()
            .position(|path| path.extension().is_some_and(|e| e == wanted))
            .map(|i| made.swap_remove(i))
    };
    let Some(image) = with_extension("dll") else {
        let what = format!("cargo built `{}`, but made no image of it", build.library);
        return Err(Error::Build(what));
    };
    Ok(Linked { image, symbols: with_extension("pdb") })
}

fn command(build: &Build, model: &DriverModel, toolchain: &Toolchain) -> Command {
    let mut command = Command::new(cargo());
    // Where the user's own configuration of cargo applies.
    command.current_dir(build.directory());
    command.args(["rustc", "--lib", "--crate-type", "cdylib", "--message-format", "json-render-diagnostics"]);
    command.arg("--manifest-path").arg(&build.manifest);
    command.arg("--target-dir").arg(build.target_directory.join(toolchain.directory()));
    command.args(["--target", build.arch.triple()]);
    if build.profile == Profile::Release {
        command.arg("--release");
    }
    if !build.features.is_empty() {
        command.arg("--features").arg(build.features.join(","));
    }
    if build.quiet {
        command.arg("--quiet");
    }
    let source = toolchain.standard_library.is_source();
    for setting in profile::settings(&build.workspace_root.join("Cargo.toml"), build.profile, source) {
        command.arg("--config").arg(setting);
    }
    let directories = Directories {
        workspace: Some(build.workspace_root.clone()),
        cargo_home: cargo_home(),
        // Behind the link by which packages often put it there: the compiler sees the real path.
        library: Some(canonical(toolchain.compiler.library_source())),
    };
    rustflags::add(&mut command, build.arch, &link::compiler_arguments(model, &directories));
    command.env("RUSTC", &toolchain.compiler.rustc);
    command.env(crate::configure::BUILT_BY_DRIVER, "1");
    command.env("WDK_DRIVER_MODEL", model.in_short());
    if source {
        command.arg("-Zbuild-std=core,alloc,compiler_builtins");
        command.arg("-Zbuild-std-features=compiler-builtins-mem");
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
    // No code asks for it. It tells cargo, which looks at arguments only, that another program links at the same path.
    command.arg(format!("--cfg=wdk_linker={:?}", toolchain.linker.version));
    for argument in link::arguments(model, build.arch, toolchain.linker.kind) {
        command.arg("-C").arg(format!("link-arg={argument}"));
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    command
}

/// The compiler's option for a file that the linker is to take in.
fn link_argument(file: &Path) -> OsString {
    let mut argument = OsString::from("link-arg=");
    argument.push(file);
    argument
}

/// Where cargo keeps what it fetched.
fn cargo_home() -> Option<PathBuf> {
    let named = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    named.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")))
}

fn canonical(path: PathBuf) -> PathBuf {
    path.canonicalize().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::Arch;
    use crate::toolchain::{Compiler, Linker, LinkerKind, Origin};

    /// What cargo looks at to know whether an image is still what it would make: arguments, and the compiler.
    fn seen_by_cargo(rustc: &str, linker: &str, version: &str) -> (Vec<OsString>, OsString) {
        let build = Build {
            manifest: "/w/driver/Cargo.toml".into(),
            workspace_root: "/w".into(),
            target_directory: "/w/target".into(),
            library: "driver".to_owned(),
            arch: Arch::X86_64,
            profile: Profile::Release,
            features: Vec::new(),
            out: None,
            quiet: true,
        };
        let compiler = Compiler {
            rustc: rustc.into(),
            release: "1.95.0".to_owned(),
            host: "x86_64-unknown-linux-gnu".to_owned(),
            sysroot: "/rust".into(),
        };
        let linker =
            Linker { kind: LinkerKind::LldLink, path: Some(linker.into()), version: version.to_owned() };
        let toolchain = Toolchain {
            arch: Arch::X86_64,
            origin: Origin::Active,
            compiler,
            standard_library: StandardLibrary::Installed,
            linker,
        };
        let command = command(&build, &DriverModel::default(), &toolchain);
        let rustc = command.get_envs().find(|(name, _)| *name == "RUSTC").and_then(|(_, value)| value);
        let arguments = command.get_args().map(ToOwned::to_owned).collect();
        (arguments, rustc.expect("it is set").to_owned())
    }

    #[test]
    fn cargo_sees_another_linker_and_another_compiler() {
        let first = seen_by_cargo("/a/rustc", "/usr/bin/lld-link", "19.1.7");
        assert_eq!(first, seen_by_cargo("/a/rustc", "/usr/bin/lld-link", "19.1.7"));
        // Also when it is at the same path. Of the compiler, cargo asks the version by itself.
        assert_ne!(first.0, seen_by_cargo("/a/rustc", "/usr/bin/lld-link", "20.1.0").0);
        assert_ne!(first.0, seen_by_cargo("/a/rustc", "/opt/lld-link", "19.1.7").0);
        assert_ne!(first.1, seen_by_cargo("/b/rustc", "/usr/bin/lld-link", "19.1.7").1);
    }
}
