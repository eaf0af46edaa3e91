//! `cargo driver check`: judges a driver image.

use crate::exit::{Exit, Failure, Result};
use clap::Args;
use serde::Serialize;
use std::io::Write as _;
use std::path::PathBuf;
use wdk_build::check::{Line, Outcome, Report, Severity, check_file};

/// The options of `cargo driver check`.
#[derive(Debug, Args)]
pub struct Check {
    /// A driver's file (`.sys`, or a UMDF driver's `.dll`), whoever built it.
    #[arg(value_name = "FILE")]
    pub image: PathBuf,

    /// Warnings count too.
    #[arg(long)]
    pub strict: bool,

    /// Prints the report as JSON.
    #[arg(long)]
    pub json: bool,
}

/// What `--json` prints; `docs/cli.md` describes it.
#[derive(Debug, Serialize)]
struct Json<'a> {
    file: String,
    good: bool,
    #[serde(flatten)]
    report: &'a Report,
    exit_code: u8,
}

/// Runs the command.
///
/// # Errors
///
/// When the file cannot be read, or is no driver image.
pub fn check(options: &Check) -> Result<Exit> {
    let report = check_file(&options.image).map_err(Failure::from)?;
    let good = report.is_good(options.strict);
    let exit = if good { Exit::Ok } else { Exit::Rule };
    let text = match options.json {
        true => {
            let file = options.image.display().to_string();
            let json = Json { file, good, report: &report, exit_code: exit.code() };
            serde_json::to_string_pretty(&json).expect("plain data") + "\n"
        }
        false => describe(&report, options.strict),
    };
    // A closed pipe is no reason to fail.
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
    Ok(exit)
}

fn describe(report: &Report, strict: bool) -> String {
    let mut text = String::new();
    for line in &report.lines {
        text += &format!("{:<7}  {:<20}  {}\n", word(line), line.rule, line.found);
        if let Some(help) = line.help {
            text += &format!("{:<7}  {:<20}  {}: {help}\n", "", "", line.title);
        }
    }
    let count = |severity| report.broken().filter(|line| line.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    text += &match (errors, warnings) {
        (0, 0) => format!("a {}-mode driver image that keeps all rules\n", report.kind),
        _ => format!(
            "a {}-mode image that breaks rules: {errors} errors, {warnings} warnings{}\n",
            report.kind,
            if strict { ", all of which count" } else { "" }
        ),
    };
    text
}

fn word(line: &Line) -> &'static str {
    match (line.outcome, line.severity) {
        (Outcome::Pass, _) => "ok",
        (Outcome::NotApplicable, _) => "-",
        (Outcome::Fail, Severity::Error) => "ERROR",
        (Outcome::Fail, Severity::Warning) => "WARNING",
    }
}
