//! The folder for a test VM: the package with everything that installs, verifies and exercises it on a Windows.
//!
//! The scripts (`test-vm/*.ps1`) are the same in every folder; what is particular to a driver is in `settings.json`.

mod exerciser;
mod expected;
pub mod folder;
pub mod settings;

use crate::exit::{Exit, Failure, Result};
use crate::package::Made;
use crate::workspace::{self, Workspace};
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::value_parser;
use expected::Expected;
use serde::Serialize;
use settings::{Identity, Opened, Settings};
use std::path::{Path, PathBuf};
use wdk_build::files;
use wdk_build::metadata::DriverModel;
use wdk_build::package as library;
use wdk_emulator::Level;
use wdk_exerciser::Class;

/// The longest file that is streamed through a driver on a test VM.
const STREAM_LIMIT: u64 = 1 << 30;
/// What the file to stream is called in the folder.
const STREAM: &str = "stream.bin";

/// What is done with the driver on the test VM.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Test VM")]
pub struct Scenario {
    /// The folder for the test VM [default: the package's directory, with _test_vm in place of _package].
    #[arg(long, value_name = "DIR")]
    pub test_vm_out: Option<PathBuf>,

    /// The file to stream [default: that of `cargo driver run`].
    #[arg(long, value_name = "PATH")]
    pub file: Option<PathBuf>,

    /// Bytes of the file in one write [default: 4096].
    #[arg(long, value_name = "BYTES", value_parser = value_parser!(u32).range(1..=64 << 20))]
    pub chunk: Option<u32>,

    /// Threads that write [default: 2].
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(1..=64))]
    pub threads: Option<u32>,

    /// Threads that read [default: 1].
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(1..=64))]
    pub readers: Option<u32>,

    /// Cancels every Nth write; 0 for never [default: 8].
    #[arg(long, value_name = "N")]
    pub cancel_every: Option<u64>,

    /// Ends the scenario after so many seconds [default: 60].
    #[arg(long, value_name = "SECONDS", value_parser = value_parser!(u64).range(1..=86400))]
    pub timeout: Option<u64>,

    /// Opens the device by the interface of this class [default: its first name in the emulator].
    #[arg(long, value_name = "GUID", value_parser = Class::parse)]
    pub interface: Option<Class>,

    /// Opens the device by this name: `Name` or `\\.\Name`.
    #[arg(long, value_name = "NAME", conflicts_with = "interface")]
    pub open: Option<String>,

    /// The hardware ID of the device that is made [default: the first of the INF file].
    #[arg(long, value_name = "ID")]
    pub hardware_id: Option<String>,

    /// What the emulator's run verifies, and Driver Verifier and KMDF Verifier on the test VM [default: standard].
    #[arg(
        long,
        value_name = "LEVEL",
        value_parser = PossibleValuesParser::new(["off", "standard", "all"]).try_map(|text| {
            Level::parse(&text).ok_or("no such level")
        })
    )]
    pub verifier: Option<Level>,

    /// Does not run the scenario in the emulator: there is nothing to compare with then.
    #[arg(long)]
    pub no_expected: bool,
}

impl Scenario {
    /// Whether anything of it was asked for.
    pub fn is_given(&self) -> bool {
        self.test_vm_out.is_some()
            || self.file.is_some()
            || self.chunk.is_some()
            || self.threads.is_some()
            || self.readers.is_some()
            || self.cancel_every.is_some()
            || self.timeout.is_some()
            || self.interface.is_some()
            || self.open.is_some()
            || self.hardware_id.is_some()
            || self.verifier.is_some()
            || self.no_expected
    }

    /// The level that is verified.
    pub fn level(&self) -> Level {
        self.verifier.unwrap_or_default()
    }

    /// The options of the stream, all of them: the emulator and the exerciser are not to differ in a default.
    fn stream(&self) -> Vec<String> {
        let options = [
            ("--chunk", self.chunk.unwrap_or(4096).into()),
            ("--threads", self.threads.unwrap_or(2).into()),
            ("--readers", self.readers.unwrap_or(1).into()),
            ("--cancel-every", self.cancel_every.unwrap_or(8)),
        ];
        options.into_iter().flat_map(|(name, value): (_, u64)| [name.to_owned(), value.to_string()]).collect()
    }
}

/// A folder that is going to be made: everything that can be wrong quickly was looked at.
pub struct Plan<'a> {
    scenario: &'a Scenario,
    directory: PathBuf,
    file: PathBuf,
    stream: Vec<u8>,
}

impl<'a> Plan<'a> {
    /// Looks at what is asked for, before anything is built.
    ///
    /// # Errors
    ///
    /// When a file is missing, the folder may not be replaced, or the driver is none for the kernel.
    pub fn new(scenario: &'a Scenario, package: &Path, model: &DriverModel) -> Result<Self> {
        if matches!(model, DriverModel::Umdf(_)) {
            let what = "a UMDF driver has no folder for a test VM: its scripts set up Driver Verifier, which is for \
                        drivers of the kernel";
            return Err(Failure::new(Exit::Usage, what));
        }
        if matches!(model, DriverModel::Wdm) && !scenario.no_expected {
            let what = "the emulator does not plug in the devices of WDM drivers, so there is nothing to expect \
                        (give --no-expected)";
            return Err(Failure::new(Exit::Usage, what));
        }
        if scenario.no_expected && scenario.interface.is_none() && scenario.open.is_none() {
            let what =
                "without a run in the emulator the device's name is not known (give --interface or --open)";
            return Err(Failure::new(Exit::Usage, what));
        }
        let directory = scenario.test_vm_out.clone().unwrap_or_else(|| beside(package));
        if directory == package {
            let what =
                "the package and the folder for the test VM would be one directory (give --test-vm-out)";
            return Err(Failure::new(Exit::Usage, what));
        }
        folder::may_replace(&directory)?;
        let file = match &scenario.file {
            Some(file) => file.clone(),
            None => workspace::default_file(&Workspace::load(None))?,
        };
        let stream = files::read(&file, STREAM_LIMIT).map_err(wdk_build::Error::from)?;
        Ok(Self { scenario, directory, file, stream })
    }

    /// Looks at what the INF file says, still before anything is built.
    ///
    /// # Errors
    ///
    /// As [`Identity::of`].
    pub fn identity(&self, plan: &library::Plan, image: &str) -> Result<Identity> {
        Identity::of(plan, image, self.scenario.hardware_id.as_deref())
    }

    /// Makes the folder of a package that was written.
    ///
    /// # Errors
    ///
    /// When the exerciser cannot be built, the emulator's run has no report, or a file cannot be written.
    pub fn make(self, made: &Made, identity: Identity) -> Result<Written> {
        let exerciser = exerciser::build(made)?;
        let expected = match self.scenario.no_expected {
            true => None,
            false => Some(expected::run(self.scenario, made, &self.file)?),
        };
        let opened = self.opened(expected.as_ref())?;
        let settings = Settings::of(made, self.scenario, identity, &opened, STREAM);
        let parts = folder::Parts {
            settings: &settings,
            package: &made.package,
            certificate: made.identity.certificate().der(),
            exerciser: &exerciser,
            stream: (STREAM, &self.stream),
            expected: expected.as_ref(),
        };
        folder::write(&self.directory, &parts)?;
        Ok(Written {
            directory: self.directory,
            level: self.scenario.level().to_string(),
            flags: settings.flags().to_owned(),
            expected,
        })
    }

    /// How the exerciser opens the device.
    fn opened(&self, expected: Option<&Expected>) -> Result<Opened> {
        if let Some(class) = self.scenario.interface {
            return Ok(Opened::Interface(class));
        }
        if let Some(name) = &self.scenario.open {
            return Ok(Opened::Name(name.strip_prefix(r"\\.\").unwrap_or(name).to_owned()));
        }
        let device = expected.and_then(|expected| expected.device.as_deref());
        device.and_then(Opened::of_device).ok_or_else(|| {
            let what = "the emulator's run does not say by which name the device was opened (give --interface or --open)";
            Failure::new(Exit::Start, what)
        })
    }
}

/// `x_package` becomes `x_test_vm`.
fn beside(package: &Path) -> PathBuf {
    let name = package.file_name().unwrap_or_default().to_string_lossy();
    package.with_file_name(format!("{}_test_vm", name.strip_suffix("_package").unwrap_or(&name)))
}

/// A folder that was made.
#[derive(Debug, Serialize)]
pub struct Written {
    /// Where it is.
    pub directory: PathBuf,
    /// What is verified.
    level: String,
    /// Driver Verifier's flags.
    flags: String,
    /// The emulator's run; none if it was left out.
    expected: Option<Expected>,
}

impl Written {
    /// What people are told.
    pub fn lines(&self) -> Vec<String> {
        let directory = workspace::short(&self.directory).display();
        let expected = match &self.expected {
            Some(expected) => {
                format!("expected.json is the run of the {}: {}", expected.of, expected.verdict)
            }
            None => "there is nothing to compare with".to_owned(),
        };
        vec![
            format!("{directory}: for a test VM; README.txt says what to do there"),
            format!("  verified at the level {}: verifier /flags {}", self.level, self.flags),
            format!("  {expected}"),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_is_beside_the_package() {
        assert_eq!(beside(Path::new("a/echo_package")), Path::new("a/echo_test_vm"));
        assert_eq!(beside(Path::new("out")), Path::new("out_test_vm"));
    }
}
