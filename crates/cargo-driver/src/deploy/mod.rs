//! `cargo driver deploy`: brings the folder for a test VM onto a Windows, lets its scripts run there, brings back what came
//! of it, and compares that with the emulator's run.

mod copy;
mod remote;
mod report;
mod steps;

use crate::exit::{Exit, Failure, Result, complain};
use crate::package::{self, Package};
use crate::test_vm::settings::{self, Settings};
use crate::{compare, workspace};
use clap::{Args, ValueEnum};
use remote::Remote;
use report::Report;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;
use steps::Run;
use wdk_build::files::NewDirectory;

/// The options of `cargo driver deploy`.
#[derive(Debug, Args)]
pub struct Deploy {
    /// As for `package`; or a folder that `package --test-vm` made.
    #[command(flatten)]
    package: Package,

    /// The test machine: HOST, USER@HOST, or a name of your SSH configuration.
    #[arg(long, value_name = "HOST", value_parser = remote::host, help_heading = "Connection")]
    ssh: String,

    /// The port of its SSH server.
    #[arg(long, value_name = "PORT", help_heading = "Connection")]
    port: Option<u16>,

    /// The private key to log on with.
    #[arg(long, value_name = "FILE", help_heading = "Connection")]
    identity: Option<PathBuf>,

    /// An option for ssh, as behind its `-o`; may be repeated.
    #[arg(long, value_name = "NAME=VALUE", help_heading = "Connection")]
    ssh_option: Vec<String>,

    /// The directory on the test machine, from the home directory or C:/…; letters, digits and . _ - /
    /// [default: wdk-test-vm/SERVICE].
    #[arg(long, value_name = "DIR", value_parser = remote::directory)]
    dir: Option<String>,

    /// Does this step only; may be repeated. The order is always the same [default: all but remove].
    #[arg(long, value_name = "STEP")]
    step: Vec<Step>,

    /// Where the results go [default: the folder's name and _results].
    #[arg(long, value_name = "DIR")]
    results: Option<PathBuf>,

    /// How long a step may take.
    #[arg(long, value_name = "SECONDS", default_value_t = 900, value_parser = clap::value_parser!(u64).range(1..))]
    step_timeout: u64,

    /// How long a restart may take.
    #[arg(long, value_name = "SECONDS", default_value_t = 600, value_parser = clap::value_parser!(u64).range(1..))]
    restart_timeout: u64,
}

/// What is done, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Step {
    /// Copies the folder.
    Copy,
    /// Test signing, the certificate, crash dumps.
    Prepare,
    /// The driver and a device.
    Install,
    /// Driver Verifier and KMDF Verifier.
    Verify,
    /// The scenario, and the end of the driver's life.
    Exercise,
    /// What the run left.
    Collect,
    /// Brings it back.
    Fetch,
    /// Compares it with the emulator's run.
    Compare,
    /// Takes the driver away again.
    Remove,
}

impl Step {
    const USUAL: [Self; 8] = [
        Self::Copy,
        Self::Prepare,
        Self::Install,
        Self::Verify,
        Self::Exercise,
        Self::Collect,
        Self::Fetch,
        Self::Compare,
    ];

    /// On the command line and in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Copy => "copy",
            Self::Prepare => "prepare",
            Self::Install => "install",
            Self::Verify => "verify",
            Self::Exercise => "exercise",
            Self::Collect => "collect",
            Self::Fetch => "fetch",
            Self::Compare => "compare",
            Self::Remove => "remove",
        }
    }
}

/// Runs the command.
///
/// # Errors
///
/// As `package`; when the test machine cannot be reached or refuses, or a file cannot be written.
pub fn deploy(options: &Deploy) -> Result<Exit> {
    let mut steps = if options.step.is_empty() { Step::USUAL.to_vec() } else { options.step.clone() };
    steps.sort_unstable();
    steps.dedup();
    let remote = Remote::new(options)?;
    let folder = folder(options)?;
    let settings = Settings::read(&folder)?;
    let results = options.results.clone().unwrap_or_else(|| {
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        folder.with_file_name(format!("{name}_results"))
    });
    if steps.contains(&Step::Fetch) {
        copy::may_replace(&results)?;
    }
    let directory = options.dir.clone().unwrap_or_else(|| format!("wdk-test-vm/{}", settings.service));
    remote::directory(&directory).map_err(|why| Failure::new(Exit::Usage, format!("{why} (give --dir)")))?;

    let quiet = options.package.is_quiet() || options.package.prints_json();
    let limits = (Duration::from_secs(options.step_timeout), Duration::from_secs(options.restart_timeout));
    let mut run = Run::new(&remote, &directory, limits, quiet);
    let mut report = Report::new(&settings.driver, &options.ssh, &directory, &folder);
    let mut ended: Result = Ok(());
    let mut left_something = false;
    for step in steps {
        // After a stop, and after an exercise that failed, what there is is still brought back.
        if ended.is_err() && !(left_something && matches!(step, Step::Collect | Step::Fetch)) {
            continue;
        }
        let done = match step {
            Step::Copy => run.says("copying the folder", || copy::up(&remote, &folder, &directory)),
            Step::Fetch => {
                let fetched = run.says("fetching the results", || fetch(&remote, &directory, &results));
                if fetched.is_ok() {
                    report.fetched(&results);
                }
                fetched
            }
            Step::Compare => compare(&mut report, &folder, &results),
            script => run.script(script, &mut report),
        };
        let stopped = matches!(&done, Err(failure) if failure.exit == Exit::DriverBug);
        left_something |= stopped || step == Step::Exercise;
        // The first thing that went wrong is what counts.
        ended = ended.and(done);
    }
    report.end(ended, options.package.prints_json())
}

/// The folder that was named, or that is made now.
fn folder(options: &Deploy) -> Result<PathBuf> {
    let path = Path::new(options.package.driver());
    if path.join(settings::NAME).is_file() {
        if options.package.asks_for_more() {
            let what = format!(
                "`{}` is a folder that was made, and options of `package` change nothing in it (name the driver instead)",
                path.display()
            );
            return Err(Failure::new(Exit::Usage, what));
        }
        return Ok(path.canonicalize().unwrap_or_else(|_| path.to_owned()));
    }
    let (_, written) = package::make(&options.package, true)?;
    let written = written.expect("a folder was asked for");
    if !options.package.is_quiet() && !options.package.prints_json() {
        for line in written.lines() {
            // Nobody reads stderr: then nobody misses it.
            let _ = writeln!(std::io::stderr(), "{line}");
        }
    }
    Ok(written.directory)
}

/// Brings the results back. What was there goes only when the new ones are complete.
fn fetch(remote: &Remote<'_>, directory: &str, results: &Path) -> Result {
    let new = NewDirectory::beside(results).map_err(wdk_build::Error::from)?;
    copy::down(remote, directory, new.path())?;
    Ok(new.commit().map_err(wdk_build::Error::from)?)
}

/// Compares what the emulator and Windows say.
fn compare(report: &mut Report, folder: &Path, results: &Path) -> Result {
    let expected = folder.join(crate::test_vm::folder::EXPECTED);
    let windows = results.join("windows.json");
    if !windows.is_file() {
        let what = format!(
            "the test machine left no report of the scenario: there is no `{}` (its exerciser.log says more)",
            workspace::short(&windows).display()
        );
        return Err(Failure::new(Exit::NoResults, what));
    }
    if !expected.is_file() {
        complain("there is nothing to compare with: the folder was made with --no-expected");
        return Ok(());
    }
    report.compared(compare::of_files(&expected, &windows)?, expected, windows);
    Ok(())
}
