//! The file of results.

use crate::script::{Experiment, Mistake, Script};
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
    /// What the first lines are: `expected`, or those of the first host.
    pub a_is: &'static str,
    /// Where they differ.
    pub steps: Vec<StepDifference>,
}

/// A step at which they are not at one. `None` is a step that was not reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StepDifference {
    /// The step.
    pub step: String,
    /// The lines of the first.
    pub a: Option<Vec<String>>,
    /// The lines of the second.
    pub b: Option<Vec<String>>,
}

impl Results {
    /// Whether every experiment's expectations can be read, as those that this crate wrote can.
    ///
    /// # Errors
    ///
    /// The first that cannot, and why.
    pub fn check(&self) -> Result<(), Mistake> {
        self.experiments.iter().try_for_each(|outcome| outcome.script().map(drop))
    }

    /// Where a host did not do what was expected.
    pub fn surprises(&self) -> Vec<Difference> {
        self.experiments.iter().filter_map(Outcome::surprise).collect()
    }

    /// Where two hosts are not at one, and where they are at one against what was expected. What one of them did not
    /// perform is compared with what was expected only.
    pub fn differences(&self, other: &Self) -> Vec<Difference> {
        let mut found = Vec::new();
        for a in &self.experiments {
            let b = other.experiments.iter().find(|b| b.name == a.name);
            match b.filter(|b| b.not_run.is_none()) {
                Some(b) if a.not_run.is_none() => found.extend(a.against(b).or_else(|| a.surprise())),
                Some(b) => found.extend(b.surprise()),
                None => found.extend(a.surprise()),
            }
        }
        found
    }
}

impl Outcome {
    fn script(&self) -> Result<Script, Mistake> {
        Script::parse(&self.expected.join("\n"))
    }

    /// What was observed, step by step.
    fn blocks(&self) -> Vec<Vec<String>> {
        let mut blocks: Vec<Vec<String>> = Vec::new();
        for line in &self.observed {
            let observed = line.strip_prefix("| ").or(line.starts_with("stopped: ").then_some(line));
            match (observed, blocks.last_mut()) {
                (Some(line), Some(block)) => block.push(line.to_owned()),
                _ => blocks.push(Vec::new()),
            }
        }
        blocks
    }

    fn difference(&self, a_is: &'static str, steps: Vec<StepDifference>) -> Option<Difference> {
        (!steps.is_empty()).then(|| Difference {
            experiment: self.name.clone(),
            facts: self.facts.clone(),
            means: self.means.clone(),
            a_is,
            steps,
        })
    }

    /// Where what was observed is not what was expected.
    fn surprise(&self) -> Option<Difference> {
        if self.not_run.is_some() {
            return None;
        }
        let (script, observed) = (self.script().ok()?, self.blocks());
        let mut steps = Vec::new();
        for (index, step) in script.steps.iter().enumerate() {
            let block = observed.get(index);
            if !block.is_some_and(|lines| step.agrees(lines)) {
                let a = step.expected_lines();
                steps.push(StepDifference { step: step.text.clone(), a: Some(a), b: block.cloned() });
            }
        }
        self.difference("expected", steps)
    }

    /// Where another host observed something else, unless both are right.
    fn against(&self, other: &Self) -> Option<Difference> {
        let (script, ours, theirs) = (self.script().ok()?, self.blocks(), other.blocks());
        let mut steps = Vec::new();
        for (index, step) in script.steps.iter().enumerate() {
            let (a, b) = (ours.get(index), theirs.get(index));
            let right = |block: Option<&Vec<String>>| block.is_some_and(|lines| step.agrees(lines));
            if a != b && !(right(a) && right(b)) {
                steps.push(StepDifference { step: step.text.clone(), a: a.cloned(), b: b.cloned() });
            }
        }
        self.difference("observed", steps)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    fn outcome(observed: &[&str]) -> Outcome {
        let experiment =
            Experiment::parse("gate\nQCR4 OWN1\nany\nmeans\nplug\nopen a\n| x\n|? y\n|? z\nclose a").unwrap();
        Outcome::new(&experiment, observed.iter().map(|line| (*line).to_owned()).collect(), true)
    }

    fn results(outcome: Outcome) -> Results {
        Results {
            kit: "1".to_owned(),
            host: "emulator".to_owned(),
            windows_build: None,
            kmdf: "1.33".to_owned(),
            experiments: vec![outcome],
        }
    }

    const GOOD: [&str; 6] = ["plug", "open a", "| x", "| y", "close a", "end"];
    const OTHER: [&str; 6] = ["plug", "open a", "| x", "| z", "close a", "end"];
    const WRONG: [&str; 6] = ["plug", "open a", "| x", "| w", "close a", "end"];

    #[test]
    fn one_of_several_right_lines_is_no_difference() {
        let (good, other, wrong) =
            (results(outcome(&GOOD)), results(outcome(&OTHER)), results(outcome(&WRONG)));
        assert_eq!(good.differences(&good), []);
        assert_eq!(good.differences(&other), []);
        assert_eq!((good.surprises(), other.surprises()), (vec![], vec![]));
        let found = good.differences(&wrong);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].facts, ["QCR4", "OWN1"]);
        let lines = |last: &str| Some(vec!["x".to_owned(), last.to_owned()]);
        assert_eq!((&found[0].steps[0].a, &found[0].steps[0].b), (&lines("y"), &lines("w")));
        assert_eq!(wrong.surprises()[0].a_is, "expected");
        // Two that agree against the expectation are no less surprising.
        assert_eq!(wrong.differences(&wrong)[0].a_is, "expected");
    }

    #[test]
    fn what_was_not_reached_or_not_run_is_told_apart() {
        let good = results(outcome(&GOOD));
        let stopped = results(outcome(&["plug", "stopped: verdict"]));
        let found = stopped.surprises();
        assert_eq!(found[0].steps[0].b, Some(vec!["stopped: verdict".to_owned()]));
        assert_eq!(found[0].steps[1].b, None);
        let mut not_run = good.clone();
        not_run.experiments[0].not_run = Some("the system does not sleep".to_owned());
        not_run.experiments[0].observed.clear();
        assert_eq!((good.differences(&not_run), not_run.differences(&good)), (vec![], vec![]));
        assert_eq!(not_run.differences(&stopped).len(), 1);
    }
}
