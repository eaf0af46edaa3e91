//! The command line.

pub mod actions;

use crate::catalog::Catalog;
use crate::cert::Cert;
use crate::exit::Exit;
use crate::inf::Inf;
use crate::new::New;
use crate::sign::Sign;
use actions::{Actions, GROUP};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum, value_parser};
use std::path::PathBuf;
use wdk_emulator::Level;
use wdk_exerciser::Class;

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
    /// Makes a driver project that builds, is tested and is checked as it is.
    #[command(after_help = Exit::table())]
    New(New),

    /// Runs a driver in the emulator: streams a file through it, or sends it the requests that are given.
    ///
    /// A package is built for this host and loaded; a driver image (FILE.sys) is loaded as it is, whoever built
    /// it, in a process of its own that can reach nothing but the emulator. A device is plugged in and opened.
    ///
    /// Without --write, --read and --ioctl a file is streamed: writers send it in frames, readers put it together
    /// again from what they read. Then the device is removed and the driver unloaded, with the verifier watching.
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

    /// Makes a signed driver package: builds the driver, stamps and checks its INF file, signs image and catalog.
    #[command(after_help = Exit::table())]
    Package(Box<crate::package::Package>),

    /// Judges a driver image, whoever built it: a line for each rule of the Windows loader and of memory integrity.
    #[command(after_help = Exit::table())]
    Check(crate::check::Check),

    /// Compares two reports of `run --json`: of two drivers, two machines, two ways to run one.
    #[command(after_help = Exit::table())]
    Compare(crate::compare::Compare),

    /// Says what this machine has for building driver images, what is missing, and what to install.
    #[command(after_help = Exit::table())]
    Doctor(crate::doctor::Doctor),

    /// Builds the program that exercises a driver on a Windows test machine as `run` does in the emulator.
    #[command(after_help = Exit::table())]
    Exerciser(crate::exerciser::Exerciser),

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
    /// The process in which `run` runs an image.
    #[command(hide = true)]
    RunImage(RunImage),
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

/// What `cargo driver run` starts for an image.
#[derive(Debug, Args)]
pub struct RunImage {
    /// The process that waits for the report.
    #[arg(long, value_name = "PID")]
    pub parent: u32,

    /// As for `run`.
    #[command(flatten)]
    pub run: Run,
}

/// The options of `cargo driver run`.
#[derive(Debug, Args)]
pub struct Run {
    /// A package of the workspace, the directory of a driver's Cargo.toml, or a driver image.
    #[arg(default_value = "virtual-device")]
    pub driver: String,

    /// The requests, in the order of the command line.
    #[command(flatten)]
    pub actions: Actions,

    /// Opens the device by the interface of this class [default: its first name].
    #[arg(long, value_name = "GUID", value_parser = Class::parse)]
    pub interface: Option<Class>,

    /// Opens the device by this name: `Name` or `\\.\Name`.
    #[arg(long, value_name = "NAME", conflicts_with = "interface")]
    pub open: Option<String>,

    /// The hardware id of the device that is plugged in [default: ROOT\ and the driver's name].
    #[arg(long, value_name = "ID")]
    pub hardware_id: Option<String>,

    /// The file to stream [default: a source file of the workspace].
    #[arg(long, value_name = "PATH", conflicts_with = GROUP)]
    pub file: Option<PathBuf>,

    /// Bytes of the file in one write.
    #[arg(long, conflicts_with = GROUP, value_name = "BYTES", default_value_t = 4096, value_parser = value_parser!(u32).range(1..=MAX_CHUNK))]
    pub chunk: u32,

    /// Threads that write, each through a handle of its own.
    #[arg(long, conflicts_with = GROUP, value_name = "N", default_value_t = 2, value_parser = value_parser!(u32).range(1..=64))]
    pub threads: u32,

    /// Threads that read, each through a handle of its own.
    #[arg(long, conflicts_with = GROUP, value_name = "N", default_value_t = 1, value_parser = value_parser!(u32).range(1..=64))]
    pub readers: u32,

    /// Cancels every Nth write while it is under way, and writes it again if the cancel came in time; 0 for never.
    #[arg(long, conflicts_with = GROUP, value_name = "N", default_value_t = 8)]
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

    /// Ends the run of an image after so many seconds of this host; 0 for never [default: 60].
    #[arg(long, value_name = "SECONDS")]
    pub timeout: Option<u64>,

    /// Runs an image with all that this user may do, if the host cannot confine it.
    #[arg(long)]
    pub no_sandbox: bool,

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

impl Run {
    /// Whether a file is streamed.
    pub fn streams(&self) -> bool {
        self.actions.0.is_empty()
    }
}

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

    #[test]
    fn actions_and_the_stream_exclude_each_other() {
        assert_eq!(run(&["--read", "1", "--write=a"]).unwrap().actions.0.len(), 2);
        for stream in ["--file=x", "--chunk=1", "--threads=1", "--readers=1", "--cancel-every=1"] {
            assert!(run(&["--read=1", stream]).unwrap_err().contains("cannot be used with"), "{stream}");
        }
        assert!(run(&["--open=x", "--interface=3c5b0a2e-90d1-4a55-8f0e-0b1d2c3e4f50"]).is_err());
        assert!(run(&["--interface=x"]).unwrap_err().contains("a GUID looks like"));
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
