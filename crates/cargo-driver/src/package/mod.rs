//! `cargo driver package`: a driver's source to a signed package.
//!
//! What can go wrong quickly is looked at first: the driver is built when everything else is in order. The package's
//! directory is written at the very end.

mod certificate;
mod inf;
mod report;

use crate::exit::{Exit, Failure, Result};
use crate::signing::{KeyOptions, parse_time, time_or_now};
use crate::test_vm::{self, Scenario, Written};
use crate::workspace::{self, DriverCrate, Workspace};
use clap::Args;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use wdk_build::certificate::Identity;
use wdk_build::check;
use wdk_build::driver::{Build, Built};
use wdk_build::files;
use wdk_build::inf::{Date, DriverVersion, Mode};
use wdk_build::metadata::DriverModel;
use wdk_build::package::{self as library, Plan};
use wdk_build::sign::{FILE_LIMIT, Options};
use wdk_build::{Arch, Profile, link};

/// The options of `cargo driver package`.
#[derive(Debug, Args)]
pub struct Package {
    /// A package of the workspace, or the directory of a driver's Cargo.toml.
    #[arg(default_value = ".")]
    driver: String,

    /// Builds with optimisation, as it is shipped.
    #[arg(long)]
    release: bool,

    /// Builds without optimisation, with debug assertions; the default.
    #[arg(long, conflicts_with = "release")]
    debug: bool,

    /// The processor: x86_64 or aarch64.
    #[arg(long, default_value = "x86_64")]
    arch: Arch,

    /// The package's directory [default: target/driver/ARCH/PROFILE/NAME_package].
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// Features of the driver's package.
    #[arg(long, value_name = "FEATURES", value_delimiter = ',')]
    features: Vec<String>,

    /// The INX file [default: inf/NAME.inx of the workspace, or NAME.inx beside Cargo.toml].
    #[arg(long, value_name = "FILE")]
    inx: Option<PathBuf>,

    /// The requirements that the INF file has to meet: default, universal, windows or hardware.
    #[arg(long, value_name = "MODE", default_value = "default")]
    inf_mode: Mode,

    /// The date in DriverVer [default: SOURCE_DATE_EPOCH, or today].
    #[arg(long, value_name = "MM/DD/YYYY")]
    date: Option<Date>,

    /// The version in DriverVer [default: that of the package].
    #[arg(long, value_name = "W.X.Y.Z")]
    driver_version: Option<DriverVersion>,

    /// The time of the signatures and the catalog, UTC as in 2026-01-31T12:00:00Z
    /// [default: SOURCE_DATE_EPOCH, or --date, or now].
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    time: Option<SystemTime>,

    /// A timestamp server (RFC 3161) to ask, `http://…`.
    #[arg(long, value_name = "URL")]
    timestamp: Option<String>,

    /// Without one, a test certificate signs that is made once, in target/driver/test-signing.
    #[command(flatten)]
    key: KeyOptions,

    /// Also makes a folder to copy into a virtual machine with Windows, which installs, verifies and exercises the driver.
    #[arg(long, help_heading = "Test VM")]
    test_vm: bool,

    /// What is done with it there.
    #[command(flatten)]
    scenario: Scenario,

    /// Prints what was made as JSON.
    #[arg(long)]
    json: bool,

    /// Prints nothing but errors, and the result.
    #[arg(long)]
    quiet: bool,
}

/// A package that was made, and all that is known of it.
pub struct Made {
    pub driver: DriverCrate,
    pub arch: Arch,
    pub release: bool,
    pub features: Vec<String>,
    pub model: DriverModel,
    pub version: DriverVersion,
    pub directory: PathBuf,
    pub identity: Identity,
    pub plan: Plan,
    pub package: library::Package,
    /// Whether cargo keeps to itself what it does.
    pub quiet: bool,
    profile: Profile,
    inx: PathBuf,
    date: Date,
    symbols: Option<PathBuf>,
    certificate: Option<PathBuf>,
    time: SystemTime,
}

impl Package {
    /// What is asked for in place of a name.
    pub fn driver(&self) -> &str {
        &self.driver
    }

    /// Whether anything was asked for that makes another package or folder.
    pub fn asks_for_more(&self) -> bool {
        self.scenario.is_given()
            || self.test_vm
            || self.release
            || self.debug
            || self.out.is_some()
            || !self.features.is_empty()
            || self.inx.is_some()
            || self.date.is_some()
            || self.driver_version.is_some()
            || self.time.is_some()
            || self.timestamp.is_some()
            || self.key.is_given()
    }

    /// Whether errors are all that is to be printed.
    pub fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Whether JSON is to be printed.
    pub fn prints_json(&self) -> bool {
        self.json
    }
}

/// Runs the command.
///
/// # Errors
///
/// What the user named that is not there or not right, what this machine lacks, or what failed.
pub fn package(options: &Package) -> Result<Exit> {
    if !options.test_vm && options.scenario.is_given() {
        let what = "--verifier, --file and the other options of a scenario say what is done on a test VM (give --test-vm)";
        return Err(Failure::new(Exit::Usage, what));
    }
    let (made, test_vm) = make(options, options.test_vm)?;
    report::Report { made: &made, test_vm: test_vm.as_ref() }.print(options.json);
    Ok(Exit::Ok)
}

/// Makes the package, and the folder for a test VM if it is wanted.
///
/// # Errors
///
/// As [`package`].
pub fn make(options: &Package, for_test_vm: bool) -> Result<(Made, Option<Written>)> {
    let driver = workspace::find_driver(&Workspace::load(None), &options.driver)?;
    let profile = if options.release { Profile::Release } else { Profile::Dev };
    let model = DriverModel::read(&driver.manifest, Some(&driver.workspace_root.join("Cargo.toml")))?;
    let image = format!("{}.{}", driver.library, link::extension(&model));
    let out = options.out.clone().unwrap_or_else(|| default_out(&driver, options.arch, profile));
    let test_vm = for_test_vm.then(|| test_vm::Plan::new(&options.scenario, &out, &model)).transpose()?;

    let stamped = inf::stamped(options, &driver, &model, &image)?;
    let plan = Plan::new((&stamped.name, stamped.content), stamped.architecture, &image, &stamped.beside);
    let plan = plan.map_err(|error| failed(&stamped.inx, error))?;
    let on_test_vm = test_vm.as_ref().map(|test_vm| test_vm.identity(&plan, &image)).transpose()?;
    library::may_replace(&out).map_err(|error| failed(&stamped.inx, error))?;
    let (identity, certificate) = certificate::identity(options, &driver)?;
    let how = Options {
        timestamp: options.timestamp.clone(),
        ..Options::at(certificate::time(options, identity.certificate())?)
    };

    let built = build(options, &driver, profile)?;
    let content = files::read(&built.image, FILE_LIMIT).map_err(wdk_build::Error::from)?;
    judge(&built.image, &content)?;
    let package = plan.package(&content, &identity, &how).map_err(|error| failed(&stamped.inx, error))?;
    package.write(&out).map_err(|error| failed(&stamped.inx, error))?;

    let made = Made {
        driver,
        arch: options.arch,
        release: options.release,
        features: options.features.clone(),
        model: built.model,
        version: stamped.version,
        directory: out,
        identity,
        plan,
        package,
        quiet: is_quiet(options),
        profile,
        inx: stamped.inx,
        date: stamped.date,
        symbols: built.symbols,
        certificate,
        time: how.time,
    };
    let written = test_vm.zip(on_test_vm).map(|(plan, identity)| plan.make(&made, identity)).transpose()?;
    Ok((made, written))
}

fn default_out(driver: &DriverCrate, arch: Arch, profile: Profile) -> PathBuf {
    let directory = driver.workspace_target.join("driver").join(arch.name()).join(profile.directory());
    directory.join(format!("{}_package", driver.library))
}

fn build(options: &Package, driver: &DriverCrate, profile: Profile) -> Result<Built> {
    let build = Build {
        manifest: driver.manifest.clone(),
        workspace_root: driver.workspace_root.clone(),
        target_directory: driver.workspace_target.clone(),
        library: driver.library.clone(),
        arch: options.arch,
        profile,
        features: options.features.clone(),
        out: None,
        quiet: is_quiet(options),
    };
    Ok(build.run()?)
}

fn is_quiet(options: &Package) -> bool {
    options.quiet || (options.json && !std::io::stderr().is_terminal())
}

/// Refuses an image that Windows would not load.
fn judge(path: &Path, image: &[u8]) -> Result {
    let report = check::check(image)
        .map_err(|what| wdk_build::Error::Image { path: path.to_owned(), what })
        .map_err(Failure::from)?;
    if report.is_good(false) {
        return Ok(());
    }
    let broken = report.broken().filter(|line| line.severity == check::Severity::Error);
    let rules: Vec<_> = broken.map(|line| format!("{} ({})", line.rule, line.found)).collect();
    let what = format!(
        "the image breaks rules of the Windows loader: {} (`cargo driver check {}` says what to do)",
        rules.join(", "),
        workspace::short(path).display()
    );
    Err(Failure::new(Exit::Rule, what))
}

/// What the library says, with the exit code that belongs to it.
fn failed(inx: &Path, error: library::Error) -> Failure {
    use library::Error;
    let exit = match &error {
        Error::File(_) | Error::Missing { .. } | Error::Occupied { .. } => Exit::File,
        Error::Sign(..) | Error::Catalog(..) | Error::Doubtful(_) => Exit::Signature,
        _ => {
            let inx = workspace::short(inx).display();
            return Failure::new(Exit::Inf, format!("{inx}: {error}"));
        }
    };
    Failure::new(exit, error.to_string())
}

/// The time that is asked for: the option, `SOURCE_DATE_EPOCH`, the beginning of `--date`, or none.
fn asked_time(options: &Package) -> Result<Option<SystemTime>> {
    if options.time.is_some() || std::env::var_os("SOURCE_DATE_EPOCH").is_some() {
        return time_or_now(options.time, true).map(Some);
    }
    Ok(options.date.and_then(Date::start))
}
