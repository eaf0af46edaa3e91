//! What a deployment came to, for people and for machines.

use crate::compare::{self, Compared};
use crate::exit::{Exit, Failure, Result, plain};
use crate::signing::{print, print_json};
use crate::workspace;
use serde::Serialize;
use serde_json::Value;
use std::path::{Path, PathBuf};
use wdk_build::files;

/// The longest summary.
const LIMIT: u64 = 16 << 20;

/// What `--json` prints; `docs/cli.md` describes it.
#[derive(Debug, Serialize)]
pub struct Report {
    driver: String,
    host: String,
    directory: String,
    folder: String,
    steps: Vec<Done>,
    stopped: Option<Stopped>,
    results: Option<String>,
    /// `summary.json` of the results.
    summary: Option<Value>,
    comparison: Option<Compared>,
    error: Option<String>,
    exit_code: u8,
    #[serde(skip)]
    compared: Option<(Exit, PathBuf, PathBuf)>,
}

/// A script that was run. A code of -1 is a connection that was lost.
#[derive(Debug, Serialize)]
struct Done {
    step: String,
    exit_code: i32,
}

/// The system stopped.
#[derive(Debug, Clone, Serialize)]
pub struct Stopped {
    /// In which step.
    pub step: String,
    /// What was being done.
    pub action: String,
    /// What `collect.ps1` found.
    pub said: String,
}

impl Report {
    /// Nothing was done yet.
    pub fn new(driver: &str, host: &str, directory: &str, folder: &Path) -> Self {
        Self {
            driver: driver.to_owned(),
            host: host.to_owned(),
            directory: directory.to_owned(),
            folder: folder.display().to_string(),
            steps: Vec::new(),
            stopped: None,
            results: None,
            summary: None,
            comparison: None,
            error: None,
            exit_code: 0,
            compared: None,
        }
    }

    /// A script ended.
    pub fn step(&mut self, step: &str, exit_code: i32) {
        self.steps.push(Done { step: step.to_owned(), exit_code });
    }

    /// The system stopped.
    pub fn stopped(&mut self, stopped: Stopped) {
        self.stopped = Some(stopped);
    }

    /// That it stopped, in words.
    pub fn stop(&self) -> String {
        let said = self.stopped.as_ref().map_or("the system stopped", |stopped| &stopped.said);
        format!("`{}`: {said}", self.host)
    }

    /// The results are here.
    pub fn fetched(&mut self, results: &Path) {
        self.results = Some(results.display().to_string());
        let summary = files::read_text(&results.join("summary.json"), LIMIT).ok();
        self.summary = summary.and_then(|text| serde_json::from_str(&text).ok());
    }

    /// They were compared.
    pub fn compared(&mut self, (compared, exit): (Compared, Exit), a: PathBuf, b: PathBuf) {
        self.comparison = Some(compared);
        self.compared = Some((exit, a, b));
    }

    /// Prints it.
    ///
    /// # Errors
    ///
    /// What ended the deployment, unless the report says it.
    pub fn end(mut self, ended: Result, json: bool) -> Result<Exit> {
        let exit = match &ended {
            Err(failure) => failure.exit,
            Ok(()) => match self.compared.as_ref().map_or(Exit::Ok, |(exit, ..)| *exit) {
                // Both agree that it is wrong, or there is nothing to compare with.
                Exit::Ok if self.steps.iter().any(|done| done.exit_code != 0 && done.step == "exercise") => {
                    Exit::Data
                }
                exit => exit,
            },
        };
        self.exit_code = exit.code();
        self.error = ended.as_ref().err().map(Failure::to_string);
        if json {
            print_json(&self);
            return ended.map(|()| exit);
        }
        let mut lines = Vec::new();
        if let (Some((_, a, b)), Some(compared)) = (&self.compared, &self.comparison) {
            lines.extend(compare::lines(compared, a, b));
        }
        if let Some(results) = &self.results {
            let verifier =
                self.summary.as_ref().and_then(|summary| summary.pointer("/verifier/driver_verifier"));
            let verifier = verifier.and_then(Value::as_str).unwrap_or("unknown");
            lines.push(format!("Driver Verifier was: {}", plain(verifier)));
            lines.push(format!("results: {}", workspace::short(Path::new(results)).display()));
        }
        print(lines);
        ended.map(|()| exit)
    }
}
