//! The file of results.

use crate::script::Experiment;
use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// What all experiments of a driver have shown on a host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Results {
    /// A hash of the experiments: results with the same one are of the same experiments.
    pub kit: String,
    /// `emulator` or `windows`.
    pub host: String,
    /// The build of Windows, such as `10.0.26100`.
    #[serde(default)]
    pub windows_build: Option<String>,
    /// The version of the framework that the driver was bound to.
    pub kmdf: String,
    /// What each has shown.
    pub experiments: Vec<Outcome>,
}

/// What an experiment has shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// Its name.
    pub name: String,
    /// The ids of the facts that it shows.
    pub facts: Vec<String>,
    /// What it means.
    pub means: String,
    /// The steps, with what was expected of each.
    pub expected: Vec<String>,
    /// The steps, with what was observed at each, as far as it got.
    pub observed: Vec<String>,
    /// Whether it was as expected.
    pub agrees: bool,
    /// Why it was not performed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_run: Option<String>,
}

impl Outcome {
    pub(crate) fn new(experiment: &Experiment, observed: Vec<String>, agrees: bool) -> Self {
        Self {
            name: experiment.name.clone(),
            facts: experiment.facts.clone(),
            means: experiment.means.clone(),
            expected: experiment.script.lines(),
            observed,
            agrees,
            not_run: None,
        }
    }

    /// An experiment that was not performed, and why.
    pub fn not_run(experiment: &Experiment, why: impl Into<String>) -> Self {
        Self { not_run: Some(why.into()), ..Self::new(experiment, Vec::new(), false) }
    }
}

impl Results {
    /// The hash of experiments.
    pub fn kit_of<'a>(experiments: impl IntoIterator<Item = &'a Experiment>) -> String {
        // FNV-1a: nobody forges it, and it is the same everywhere.
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        let mut add = |text: &str| {
            for byte in text.bytes().chain([b'\n']) {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
            }
        };
        for experiment in experiments {
            add(&experiment.name);
            experiment.script.lines().iter().for_each(|line| add(line));
        }
        alloc::format!("{hash:016x}")
    }
}

/// An experiment in which two hosts, or a host and what was expected of it, are not at one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Its name.
    pub experiment: String,
    /// The facts that are in question.
    pub facts: Vec<String>,
    /// What it means.
    pub means: String,
    /// The lines of the first, with the steps that they belong to.
    pub a: Vec<String>,
    /// The lines of the second.
    pub b: Vec<String>,
}

impl Results {
    /// Where a host did not do what was expected.
    pub fn surprises(&self) -> Vec<Difference> {
        let surprising =
            self.experiments.iter().filter(|outcome| !outcome.agrees && outcome.not_run.is_none());
        surprising.map(|outcome| outcome.difference(&outcome.expected, &outcome.observed)).collect()
    }

    /// Where two hosts are not at one. What one of them did not perform is not compared, and what both saw is one of
    /// several outcomes that are right is no difference.
    pub fn differences(&self, other: &Self) -> Vec<Difference> {
        let mut found = Vec::new();
        for a in &self.experiments {
            let Some(b) = other.experiments.iter().find(|b| b.name == a.name) else { continue };
            if a.not_run.is_some() || b.not_run.is_some() || (a.agrees && b.agrees) {
                continue;
            }
            if a.observed != b.observed {
                found.push(a.difference(&a.observed, &b.observed));
            }
        }
        found
    }
}

impl Outcome {
    fn difference(&self, a: &[String], b: &[String]) -> Difference {
        Difference {
            experiment: self.name.clone(),
            facts: self.facts.clone(),
            means: self.means.clone(),
            a: a.iter().map(|line| (*line).to_owned()).collect(),
            b: b.iter().map(|line| (*line).to_owned()).collect(),
        }
    }
}
