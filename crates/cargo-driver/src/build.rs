//! `cargo driver build`: a driver's source to a driver image.

use crate::exit::{Exit, Failure, Result};
use crate::workspace::{self, Workspace};
use clap::Args;
use serde::Serialize;
use std::io::{IsTerminal, Write as _};
use std::path::PathBuf;
use wdk_build::driver::Built;
use wdk_build::{Arch, Profile};

/// The options of `cargo driver build`.
#[derive(Debug, Args)]
pub struct Build {
    /// A package of the workspace, or the directory of a driver's Cargo.toml.
    #[arg(default_value = ".")]
    pub driver: String,

    /// Builds with optimisation, as it is shipped.
    #[arg(long)]
    pub release: bool,

    /// The processor: x86_64 or aarch64.
    #[arg(long, default_value = "x86_64")]
    pub arch: Arch,

    /// Where to put the image [default: target/driver/ARCH/PROFILE/NAME.sys].
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,

    /// Features of the driver's package.
    #[arg(long, value_name = "FEATURES", value_delimiter = ',')]
    pub features: Vec<String>,

    /// Prints what was built as JSON.
    #[arg(long)]
    pub json: bool,

    /// Prints nothing but errors, and the result.
    #[arg(long)]
    pub quiet: bool,
}

/// What `--json` prints; `docs/cli.md` describes it.
#[derive(Debug, Serialize)]
struct Report<'a> {
    driver: &'a str,
    arch: Arch,
    profile: Profile,
    #[serde(flatten)]
    built: &'a Built,
}

/// Runs the command.
///
/// # Errors
///
/// What the user named that is no driver, what this machine lacks, or what failed.
pub fn build(options: &Build) -> Result<Exit> {
    let driver = workspace::find_driver(&Workspace::load(None), &options.driver)?;
    if let Some(out) = &options.out
        && out.is_dir()
    {
        let what = format!("`{}` is a directory (give the name of the image's file)", out.display());
        return Err(Failure::new(Exit::Usage, what));
    }
    let profile = if options.release { Profile::Release } else { Profile::Dev };
    let built = wdk_build::driver::Build {
        manifest: driver.manifest,
        workspace_root: driver.workspace_root,
        target_directory: driver.workspace_target,
        library: driver.library,
        arch: options.arch,
        profile,
        features: options.features.clone(),
        out: options.out.clone(),
        quiet: options.quiet || (options.json && !std::io::stderr().is_terminal()),
    }
    .run()?;

    let mut stdout = std::io::stdout().lock();
    // A closed pipe is no reason to fail: the image is built.
    let _ = match options.json {
        true => {
            let report = Report { driver: &driver.name, arch: options.arch, profile, built: &built };
            let text = serde_json::to_string_pretty(&report).expect("plain data");
            writeln!(stdout, "{text}")
        }
        false => writeln!(
            stdout,
            "{}: {} bytes, {} {} {}, by {}",
            workspace::short(&built.image).display(),
            built.size,
            built.model.driver_type(),
            options.arch,
            profile.name(),
            built.toolchain.describe()
        ),
    };
    Ok(Exit::Ok)
}
