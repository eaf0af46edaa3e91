//! Results of the conformance kit: where two hosts are not at one, or a host and what was expected of it.

use super::LIMIT;
use crate::exit::{Exit, Failure, Result, plain};
use serde::Serialize;
use std::path::Path;
use wdk_build::files;
use wdk_conformance::{Difference, Outcome, Results, StepDifference};

/// What `--json` prints; `docs/cli.md` describes it.
#[derive(Debug, Serialize)]
pub struct Report {
    same_kit: bool,
    agree: bool,
    /// The facts in question, each once.
    facts: Vec<String>,
    differences: Vec<Difference>,
    not_compared: Vec<NotCompared>,
    exit_code: u8,
}

/// An experiment that a host did not perform.
#[derive(Debug, Serialize)]
struct NotCompared {
    experiment: String,
    facts: Vec<String>,
    why: String,
}

/// The results in a file; `None` if it is none of the kit's.
///
/// # Errors
///
/// When the file cannot be read, or claims to be the kit's and is not.
pub fn read(path: &Path) -> Result<Option<Results>> {
    let text = files::read_text(path, LIMIT).map_err(wdk_build::Error::from)?;
    let Ok(value) = serde_json::from_str::<serde_json::Value>(&text) else { return Ok(None) };
    if value.get("kit").is_none() {
        return Ok(None);
    }
    let refuse = |why: String| {
        Failure::new(Exit::File, format!("`{}` is no file of the conformance kit: {why}", path.display()))
    };
    let results: Results = serde_json::from_value(value).map_err(|error| refuse(error.to_string()))?;
    results.check().map_err(|mistake| refuse(mistake.to_string()))?;
    Ok(Some(results))
}

/// Compares two hosts, or one with what was expected of it.
pub fn judge(a: &Results, b: Option<&Results>) -> (Report, Exit) {
    let same_kit = b.is_none_or(|b| b.kit == a.kit);
    let differences = match b {
        _ if !same_kit => Vec::new(),
        Some(b) => a.differences(b),
        None => a.surprises(),
    };
    let mut facts: Vec<String> = differences.iter().flat_map(|difference| difference.facts.clone()).collect();
    facts.sort();
    facts.dedup();
    let all = a.experiments.iter().chain(b.map_or(&[][..], |b| &b.experiments));
    let not_compared = all.filter_map(NotCompared::of).collect();
    let exit = match (same_kit, differences.is_empty()) {
        (false, _) => Exit::Usage,
        (true, false) => Exit::Data,
        (true, true) => Exit::Ok,
    };
    let (agree, exit_code) = (exit == Exit::Ok, exit.code());
    (Report { same_kit, agree, facts, differences, not_compared, exit_code }, exit)
}

impl NotCompared {
    fn of(outcome: &Outcome) -> Option<Self> {
        let why = outcome.not_run.clone()?;
        Some(Self { experiment: outcome.name.clone(), facts: outcome.facts.clone(), why })
    }
}

/// The report for people.
pub fn lines(report: &Report, a: (&Path, &Results), b: Option<(&Path, &Results)>) -> Vec<String> {
    let mut lines = vec![host("A", a)];
    lines.extend(b.map(|b| host("B", b)));
    lines.push(String::new());
    if !report.same_kit {
        lines.push("they are not of the same kit, so nothing can be said".to_owned());
        return lines;
    }
    for difference in &report.differences {
        let Difference { experiment, facts, means, .. } = difference;
        lines.push(plain(&format!("DIFFERS  {}  {experiment}: {means}", facts.join(" "))));
        let names = match (difference.a_is, b) {
            ("expected", _) => ["expected", "observed"],
            _ => ["A", "B"],
        };
        for StepDifference { step, a, b } in &difference.steps {
            lines.push(plain(&format!("    {step}")));
            for (name, block) in names.iter().zip([a, b]) {
                let text = match block.as_deref() {
                    None => "(not reached)".to_owned(),
                    Some([]) => "(nothing)".to_owned(),
                    Some(block) => block.join(&format!("\n    {:<10}", "")),
                };
                lines.push(plain(&format!("    {name:<10}{text}")));
            }
        }
        lines.push(String::new());
    }
    for NotCompared { experiment, why, .. } in &report.not_compared {
        lines.push(plain(&format!("not compared: {experiment}: {why}")));
    }
    lines.push(match &report.facts[..] {
        [] => format!("{} experiments agree", a.1.experiments.len() - report.not_compared.len()),
        facts => plain(&format!("facts in question: {}", facts.join(" "))),
    });
    lines
}

fn host(name: &str, (path, results): (&Path, &Results)) -> String {
    let Results { host, windows_build, kmdf, .. } = results;
    let build = windows_build.as_ref().map(|build| format!(" {build}")).unwrap_or_default();
    plain(&format!("{name}  {}  ({host}{build}, KMDF {kmdf})", path.display()))
}
