//! `cargo driver exerciser`: builds the program that exercises a driver on a Windows test machine.

mod source;

use crate::exit::{Exit, Failure, Result};
use crate::signing::{print, print_json};
use crate::workspace::{self, Workspace};
use clap::Args;
use serde::Serialize;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use wdk_build::Arch;
use wdk_build::program::{Built, Program};

/// The file's name.
pub const FILE_NAME: &str = "wdk-exerciser.exe";

/// The options of `cargo driver exerciser`.
#[derive(Debug, Args)]
pub struct Exerciser {
    /// The processor: x86_64 or aarch64.
    #[arg(long, default_value = "x86_64")]
    arch: Arch,

    /// Where to put the program [default: target/driver/ARCH/release/wdk-exerciser.exe, or here where no workspace is].
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Prints what was built as JSON.
    #[arg(long)]
    json: bool,

    /// Prints nothing but errors, and the result.
    #[arg(long)]
    quiet: bool,
}

/// What `--json` prints; `docs/cli.md` describes it.
#[derive(Debug, Serialize)]
struct Report<'a> {
    arch: Arch,
    #[serde(flatten)]
    built: &'a Built,
}

/// Runs the command.
///
/// # Errors
///
/// What this machine lacks, or what failed.
pub fn exerciser(options: &Exerciser) -> Result<Exit> {
    if let Some(out) = options.out.as_deref().filter(|out| out.is_dir()) {
        let what = format!("`{}` is a directory (give the name of the program's file)", out.display());
        return Err(Failure::new(Exit::Usage, what));
    }
    let here = Workspace::load(None).ok();
    let target = here.as_ref().map(Workspace::target);
    let out = options.out.clone().unwrap_or_else(|| match target {
        Some(target) => target.join("driver").join(options.arch.name()).join("release").join(FILE_NAME),
        None => PathBuf::from(FILE_NAME),
    });
    let quiet = options.quiet || (options.json && !std::io::stderr().is_terminal());
    let built = build(options.arch, target, &out, quiet)?;
    match options.json {
        true => print_json(&Report { arch: options.arch, built: &built }),
        false => print([format!(
            "{}: {} bytes, {}, by {}",
            workspace::short(&built.program).display(),
            built.size,
            options.arch,
            built.toolchain.describe()
        )]),
    }
    Ok(Exit::Ok)
}

/// Builds the program. Its sources are in this command, so that it needs no checkout. They are unpacked into the target
/// directory of the workspace here; where none is, into a directory that goes away again.
///
/// # Errors
///
/// As for [`exerciser`].
pub fn build(arch: Arch, target: Option<&Path>, out: &Path, quiet: bool) -> Result<Built> {
    let mut temporary = None;
    let target = match target {
        Some(target) => target,
        None => {
            let made = tempfile::tempdir().map_err(|error| {
                Failure::new(Exit::File, format!("cannot make a temporary directory: {error}"))
            })?;
            temporary.insert(made).path()
        }
    };
    let root = source::unpack(target)?;
    let built = Program {
        manifest: root.join("crates/wdk-exerciser/Cargo.toml"),
        workspace_root: root,
        target_directory: target.to_owned(),
        name: "wdk-exerciser".to_owned(),
        features: vec!["program".to_owned()],
        arch,
        out: out.to_owned(),
        quiet,
    }
    .run()?;
    Ok(built)
}
