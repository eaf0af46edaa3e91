//! The scenario in the emulator: what the test VM is expected to come to.
//!
//! The command starts itself once more. So an image runs confined, as always, and a driver that takes its process along
//! does not take the packaging along.

use super::Scenario;
use crate::exit::{Exit, Failure, Result, complain};
use crate::package::Made;
use crate::workspace;
use serde::Serialize;
use serde_json::Value;
use std::path::Path;
use std::process::Command;
use wdk_build::Arch;

/// A run of the emulator.
#[derive(Debug, Serialize)]
pub struct Expected {
    /// What ran: `image`, the one in the package, or `linked`, the same source built for this machine.
    pub of: &'static str,
    /// The verdict's id.
    pub verdict: String,
    /// How `cargo driver run` ended.
    pub exit_code: i64,
    /// The name by which the device was opened.
    pub device: Option<String>,
    /// The whole report.
    #[serde(skip)]
    pub report: String,
}

/// Runs the scenario: with the image of the package where images of its architecture run, else linked.
///
/// # Errors
///
/// When the run ended without a report.
pub fn run(scenario: &Scenario, made: &Made, file: &Path) -> Result<Expected> {
    let image = made.directory.join(&made.package.image().place);
    let can = cfg!(all(target_os = "linux", target_arch = "x86_64")) && made.arch == Arch::X86_64;
    if can {
        let driver = workspace::short(&image).display().to_string();
        let limit = scenario.timeout.map(|seconds| ["--timeout".to_owned(), seconds.to_string()]);
        match of_driver(scenario, "image", &driver, limit.as_ref().map_or(&[], |limit| &limit[..]), file) {
            // This host cannot confine an image.
            Err(failure) if failure.exit == Exit::Unconfined => {
                complain(&format!("{failure}; the linked driver runs instead"));
            }
            other => return other,
        }
    }
    let mut build: Vec<String> = Vec::new();
    if made.release {
        build.push("--release".to_owned());
    }
    if !made.features.is_empty() {
        build.extend(["--features".to_owned(), made.features.join(",")]);
    }
    let manifest = made.driver.manifest.parent().unwrap_or(Path::new("."));
    of_driver(scenario, "linked", &manifest.display().to_string(), &build, file)
}

fn of_driver(
    scenario: &Scenario,
    of: &'static str,
    driver: &str,
    more: &[String],
    file: &Path,
) -> Result<Expected> {
    let mut common = vec!["run".to_owned(), driver.to_owned(), "--json".to_owned(), "--quiet".to_owned()];
    common.extend_from_slice(more);
    common.extend(["--verifier".to_owned(), scenario.level().to_string()]);
    if let Some(class) = scenario.interface {
        common.extend(["--interface".to_owned(), class.to_string()]);
    }
    if let Some(name) = &scenario.open {
        common.push(format!("--open={name}"));
    }
    if let Some(id) = &scenario.hardware_id {
        common.push(format!("--hardware-id={id}"));
    }
    let stream = [scenario.stream(), vec!["--file".to_owned(), file.display().to_string()]].concat();
    let (report, value) = report(&[common.clone(), stream].concat())?;
    // The report of a stream does not say the name. A read of nothing is completed before the driver sees it.
    let device = match scenario.interface.is_some() || scenario.open.is_some() {
        true => None,
        false => {
            let (_, value) = self::report(&[common, vec!["--read".to_owned(), "0".to_owned()]].concat())?;
            text(&value, "device")
        }
    };
    Ok(Expected {
        of,
        verdict: text(&value, "verdict").unwrap_or_default(),
        exit_code: value.get("exit_code").and_then(Value::as_i64).unwrap_or_default(),
        device,
        report,
    })
}

fn text(value: &Value, field: &str) -> Option<String> {
    value.get(field).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// What this command prints with `--json`.
fn report(arguments: &[String]) -> Result<(String, Value)> {
    let this = std::env::current_exe().map_err(|error| {
        Failure::new(Exit::File, format!("cannot find the file of this command: {error}"))
    })?;
    let output = Command::new(this).args(arguments).output();
    let output = output
        .map_err(|error| Failure::new(Exit::File, format!("cannot start this command once more: {error}")))?;
    let report = String::from_utf8_lossy(&output.stdout).into_owned();
    match serde_json::from_str(&report) {
        Ok(value) => Ok((report, value)),
        Err(_) => {
            let said = String::from_utf8_lossy(&output.stderr);
            let said = said.trim().trim_start_matches("error: ").to_owned();
            let code = output.status.code().and_then(|code| u8::try_from(code).ok());
            let exit = code.and_then(Exit::of_code).filter(|exit| *exit != Exit::Ok).unwrap_or(Exit::Start);
            let what = format!(
                "the scenario does not run in the emulator: {said} (--no-expected leaves the run out)"
            );
            Err(Failure::new(exit, what))
        }
    }
}
