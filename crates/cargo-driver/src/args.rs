//! The command line.

use crate::catalog::Catalog;
use crate::cert::Cert;
use crate::exit::Exit;
use crate::inf::Inf;
use crate::sign::Sign;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum, value_parser};
use std::path::PathBuf;
use wdk_emulator::Level;

/// Windows drivers in Rust: built, run and verified without Windows.
#[derive(Debug, Parser)]
#[command(name = "cargo driver", bin_name = "cargo driver", version, after_help = Exit::table())]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Streams a file through a driver in the emulator and checks that every byte comes back.
    ///
    /// Builds the driver for this host, loads it, plugs in a device and opens it several times: writers send the
    /// file in frames, readers put it together again from what they read. Then the device is removed and the
    /// driver unloaded, with the verifier watching.
    #[command(after_help = Exit::table())]
    Run(Run),

    /// Runs the tests of drivers in the emulator, with AddressSanitizer if asked.
    ///
    /// `cargo test` with the flags that drivers need on this host.
    #[command(after_help = Exit::table())]
    Test(Test),

    /// Builds a driver image (`.sys`) for Windows, on any machine.
    #[command(after_help = Exit::table())]
    Build(crate::build::Build),

    /// Judges a driver image, whoever built it: a line for each rule of the Windows loader and of memory integrity.
    #[command(after_help = Exit::table())]
    Check(crate::check::Check),

    /// Says what this machine has for building driver images, what is missing, and what to install.
    #[command(after_help = Exit::table())]
    Doctor(crate::doctor::Doctor),
    /// Signs driver images and catalogs, and checks signatures.
    #[command(after_help = Exit::table())]
    Sign(Box<Sign>),

    /// Makes test certificates, and shows certificates.
    #[command(after_help = Exit::table())]
    Cert(Cert),

    /// Makes, lists and checks catalogs.
    #[command(after_help = Exit::table())]
    Catalog(Catalog),

    /// Checks INF files, makes them of INX files, and explains findings.
    #[command(after_help = Exit::table())]
    Inf(Inf),
}

/// The options of `cargo driver test`.
#[derive(Debug, Args)]
pub struct Test {
    /// Packages of the workspace [default: all of them].
    #[arg(value_name = "PACKAGE")]
    pub packages: Vec<String>,

    /// Builds the tests and the emulator with a sanitizer: a driver that touches memory which is not its own stops
    /// with a report. Needs a toolchain that has its runtime library.
    #[arg(long, value_name = "WHICH")]
    pub sanitizer: Option<Sanitizer>,

    /// Features of the packages.
    #[arg(long, value_name = "FEATURES", value_delimiter = ',')]
    pub features: Vec<String>,

    /// With optimisation.
    #[arg(long)]
    pub release: bool,

    /// Goes on with the other test programs when one fails.
    #[arg(long)]
    pub no_fail_fast: bool,

    /// Passed to the test programs.
    #[arg(last = true, value_name = "ARGUMENTS")]
    pub arguments: Vec<String>,
}

/// What can watch the memory of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Sanitizer {
    /// AddressSanitizer: accesses beyond an object, after its release, after its scope.
    Address,
}

/// The options of `cargo driver run`.
#[derive(Debug, Args)]
pub struct Run {
    /// A package of the workspace, or the directory of a driver's Cargo.toml.
    #[arg(default_value = "virtual-device")]
    pub driver: String,

    /// The file to stream [default: a source file of the workspace].
    #[arg(long, value_name = "PATH")]
    pub file: Option<PathBuf>,

    /// Bytes of the file in one write.
    #[arg(long, value_name = "BYTES", default_value_t = 4096, value_parser = value_parser!(u32).range(1..=MAX_CHUNK))]
    pub chunk: u32,

    /// Threads that write, each through a handle of its own.
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = value_parser!(u32).range(1..=64))]
    pub threads: u32,

    /// Threads that read, each through a handle of its own.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = value_parser!(u32).range(1..=64))]
    pub readers: u32,

    /// Cancels every Nth write while it is under way, and writes it again if the cancel came in time; 0 for never.
    #[arg(long, value_name = "N", default_value_t = 8)]
    pub cancel_every: u64,

    /// Requests arrive at DISPATCH_LEVEL, as from a driver above: all of them, or every other one.
    #[arg(long, value_name = "WHEN", num_args = 0..=1, require_equals = true, default_missing_value = "always")]
    pub dispatch: Option<Dispatch>,

    /// Virtual processors of the machine.
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = value_parser!(u8).range(1..=8))]
    pub processors: u8,

    /// Decides every choice of the run: the same seed gives the same run.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,

    /// How much is verified.
    #[arg(
        long,
        value_name = "LEVEL",
        default_value = "standard",
        value_parser = PossibleValuesParser::new(["off", "standard", "all"]).try_map(|text| {
            Level::parse(&text).ok_or("no such level")
        })
    )]
    pub verifier: Level,

    /// Writes what happened in the machine to a file, a line for each event.
    #[arg(long, value_name = "FILE")]
    pub trace: Option<PathBuf>,

    /// Features of the driver's package to build it with.
    #[arg(long, value_name = "FEATURES", value_delimiter = ',')]
    pub features: Vec<String>,

    /// Builds the driver with optimisation.
    #[arg(long)]
    pub release: bool,

    /// Prints the report as JSON.
    #[arg(long)]
    pub json: bool,

    /// Prints nothing but errors, and the report if --json is given.
    #[arg(long)]
    pub quiet: bool,
}

/// The largest chunk: a frame has to fit into memory several times.
const MAX_CHUNK: i64 = 64 << 20;

/// Which requests arrive at DISPATCH_LEVEL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Dispatch {
    /// All of them.
    Always,
    /// Every other request of each thread.
    Alternate,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    fn run(arguments: &[&str]) -> Result<Run, String> {
        let words = ["cargo driver", "run"].iter().chain(arguments);
        match Cli::try_parse_from(words) {
            Ok(Cli { command: Command::Run(run) }) => Ok(run),
            Ok(_) => unreachable!("the words say `run`"),
            Err(error) => Err(error.to_string()),
        }
    }

    #[test]
    fn dispatch_takes_a_value_only_behind_an_equals_sign() {
        assert_eq!(run(&["--dispatch", "echo"]).unwrap().dispatch, Some(Dispatch::Always));
        assert_eq!(run(&["--dispatch=alternate"]).unwrap().dispatch, Some(Dispatch::Alternate));
        assert!(run(&["--dispatch=never"]).is_err());
    }

    #[test]
    fn numbers_have_limits() {
        for bad in ["--chunk=0", "--chunk=-1", "--threads=0", "--readers=65", "--processors=9", "--seed=x"] {
            assert!(run(&[bad]).is_err(), "{bad}");
        }
    }
}
