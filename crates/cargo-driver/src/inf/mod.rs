//! `cargo driver inf`: what it is asked, and the parts that do it.

mod check;
mod explain;
mod stamp;

pub use check::shown;
pub use stamp::{inx_of, stamped, version};

use crate::exit::{Exit, Failure, Result};
use clap::builder::PossibleValuesParser;
use clap::{ArgAction, Args, Subcommand};
use std::path::{Path, PathBuf};
use wdk_build::files;
use wdk_build::inf::{self, Mode};

/// The options of `cargo driver inf`.
#[derive(Debug, Args)]
pub struct Inf {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Checks INF files, as InfVerif does.
    #[command(disable_help_flag = true, after_help = Exit::table())]
    Check(Check),
    /// Makes an INF file of an INX file, as StampInf does.
    #[command(after_help = Exit::table())]
    Stamp(Stamp),
    /// Says what a finding means and what to do.
    Explain(Explain),
}

#[derive(Debug, Args)]
struct Check {
    /// INF files, and INX files: those count as not stamped yet.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    /// The requirements to meet.
    #[arg(
        long,
        value_name = "MODE",
        default_value = "default",
        value_parser = PossibleValuesParser::new(Mode::ALL.map(Mode::name)),
        conflicts_with_all = ["universal", "windows", "hardware"]
    )]
    mode: String,

    /// The same as --mode universal: a universal INF.
    #[arg(short, long, conflicts_with_all = ["windows", "hardware"])]
    universal: bool,

    /// The same as --mode windows: a Windows driver, declarative and isolated.
    #[arg(short, long, conflicts_with = "hardware")]
    windows: bool,

    /// The same as --mode hardware: what Hardware Dev Center signs.
    #[arg(short = 'h', long)]
    hardware: bool,

    /// Placeholders such as $ARCH$ are fine in INF files too.
    #[arg(long)]
    unstamped: bool,

    /// Warnings fail as errors do.
    #[arg(long)]
    deny_warnings: bool,

    /// Prints the report as JSON.
    #[arg(long)]
    json: bool,

    /// Prints help.
    #[arg(long, action = ArgAction::Help)]
    help: Option<bool>,
}

impl Check {
    fn mode(&self) -> Mode {
        match (self.universal, self.windows, self.hardware) {
            (true, ..) => Mode::Universal,
            (_, true, _) => Mode::Windows,
            (.., true) => Mode::Hardware,
            _ => self.mode.parse().unwrap_or_default(),
        }
    }
}

#[derive(Debug, Args)]
struct Stamp {
    /// A package of the workspace, the directory of a driver's Cargo.toml, or an INX file.
    #[arg(value_name = "DRIVER|FILE")]
    input: String,

    /// Where the INF file goes [default: target/driver/ARCH/NAME.inf for a driver].
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// For $ARCH$: amd64, arm64, x86, arm or ia64.
    #[arg(long, value_name = "ARCH", default_value = "amd64")]
    arch: inf::Architecture,

    /// The date in DriverVer [default: SOURCE_DATE_EPOCH, or today].
    #[arg(long, value_name = "MM/DD/YYYY")]
    date: Option<inf::Date>,

    /// The version in DriverVer [default: that of the package].
    #[arg(long, value_name = "W.X.Y.Z")]
    driver_version: Option<inf::DriverVersion>,

    /// For $KMDFVERSION$ [default: what the package's metadata targets].
    #[arg(long, value_name = "MAJOR.MINOR")]
    kmdf: Option<inf::LibraryVersion>,

    /// For $UMDFVERSION$ [default: what the package's metadata targets].
    #[arg(long, value_name = "MAJOR.MINOR")]
    umdf: Option<inf::LibraryVersion>,

    /// The file name in CatalogFile [default: what the INX file says].
    #[arg(long, value_name = "NAME.cat")]
    catalog: Option<String>,

    /// Prints the report as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct Explain {
    /// A number such as 1203 or INF1203 [default: all, a line for each].
    #[arg(value_name = "NUMBER")]
    number: Option<String>,
}

/// Does it.
///
/// # Errors
///
/// What ends the command before there is a report.
pub fn inf(options: &Inf) -> Result<Exit> {
    match &options.command {
        Command::Check(check) => check::check(check),
        Command::Stamp(stamp) => stamp::stamp(stamp),
        Command::Explain(explain) => explain::explain(explain),
    }
}

/// Reads a file.
pub fn read(path: &Path) -> Result<inf::Inf> {
    let fail = |what: String| Failure::new(Exit::File, what);
    let bytes = files::read(path, inf::MAX_BYTES as u64).map_err(|error| fail(error.to_string()))?;
    inf::Inf::read(&bytes).map_err(|error| fail(format!("cannot read `{}`: {error}", path.display())))
}
