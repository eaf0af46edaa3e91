//! `cargo driver compare`: two reports of `cargo driver run --json`, field by field, or results of the conformance kit.

mod conformance;
mod fields;

use crate::exit::{Exit, Failure, Result, plain};
use crate::signing::{print, print_json};
use clap::Args;
use fields::{Pair, Role, role};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use wdk_build::files;
use wdk_exerciser::report::NOT_JUDGED;

/// The longest report.
const LIMIT: u64 = 256 << 20;
/// How much of a value people are shown, in characters.
const SHOWN: usize = 64;

/// The options of `cargo driver compare`.
#[derive(Debug, Args)]
pub struct Compare {
    /// A report that `cargo driver run --json` printed.
    ///
    /// Or results of the conformance kit, alone or with those of another host.
    #[arg(value_name = "A.json")]
    a: PathBuf,

    /// Another one, such as that of the same scenario on a test machine.
    #[arg(value_name = "B.json")]
    b: Option<PathBuf>,

    /// Prints the comparison as JSON.
    #[arg(long)]
    json: bool,
}

/// A field in which the reports differ. A value that is missing is `null`.
#[derive(Debug, PartialEq, Serialize)]
struct Difference {
    field: String,
    a: Value,
    b: Value,
    /// `scenario`, `result` or `may-differ`.
    kind: &'static str,
    /// Why it may differ.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'static str>,
}

/// What `--json` prints; `docs/cli.md` describes it.
#[derive(Debug, Serialize)]
pub struct Compared {
    same_scenario: bool,
    agree: bool,
    same_fields: usize,
    differences: Vec<Difference>,
    exit_code: u8,
}

/// Runs the command.
///
/// # Errors
///
/// When a file cannot be read, or is no report.
pub fn compare(options: &Compare) -> Result<Exit> {
    if let Some(a) = conformance::read(&options.a)? {
        return compare_results(options, &a);
    }
    let Some(other) = &options.b else {
        let what =
            "a report of `cargo driver run --json` is compared with another one: the second file is missing";
        return Err(Failure::new(Exit::Usage, what));
    };
    let (report, exit) = of_files(&options.a, other)?;
    match options.json {
        true => print_json(&report),
        false => print(lines(&report, &options.a, other)),
    }
    Ok(exit)
}

/// Compares results of the conformance kit with another host's, or with what was expected.
fn compare_results(options: &Compare, a: &wdk_conformance::Results) -> Result<Exit> {
    let b = match &options.b {
        Some(path) => Some((path.as_path(), conformance::read(path)?)),
        None => None,
    };
    let b = match &b {
        Some((path, Some(results))) => Some((*path, results)),
        Some((path, None)) => {
            let what = format!("`{}` is no file of the conformance kit, and the other is", path.display());
            return Err(Failure::new(Exit::File, what));
        }
        None => None,
    };
    let (report, exit) = conformance::judge(a, b.map(|(_, results)| results));
    match options.json {
        true => print_json(&report),
        false => print(conformance::lines(&report, (&options.a, a), b)),
    }
    Ok(exit)
}

/// Compares two files.
///
/// # Errors
///
/// As [`compare`].
pub fn of_files(a: &Path, b: &Path) -> Result<(Compared, Exit)> {
    Ok(judge(&read(a)?, &read(b)?))
}

/// Reads a report into its fields.
fn read(path: &Path) -> Result<BTreeMap<String, Value>> {
    let text = files::read_text(path, LIMIT).map_err(wdk_build::Error::from)?;
    let refuse = |why: &str| {
        let what = format!("`{}` is no report of `cargo driver run --json`: {why}", path.display());
        Failure::new(Exit::File, what)
    };
    let value: Value =
        serde_json::from_str(&text).map_err(|error| refuse(&format!("it is no JSON: {error}")))?;
    if !value.is_object() {
        return Err(refuse("it is no object"));
    }
    for (field, is_right) in [
        ("verdict", Value::is_string as fn(&Value) -> bool),
        ("seed", |value| value.is_number() || value.is_null()),
        ("exit_code", Value::is_u64),
    ] {
        if !value.get(field).is_some_and(is_right) {
            return Err(refuse(&format!("it has no `{field}`")));
        }
    }
    let mut fields = BTreeMap::new();
    flatten("", value, &mut fields);
    Ok(fields)
}

/// Puts all values under their paths. An empty list or object is a value.
fn flatten(path: &str, value: Value, fields: &mut BTreeMap<String, Value>) {
    match value {
        Value::Object(object) if !object.is_empty() => {
            for (key, value) in object {
                let path = if path.is_empty() { key } else { format!("{path}.{key}") };
                flatten(&path, value, fields);
            }
        }
        Value::Array(list) if !list.is_empty() => {
            for (number, value) in list.into_iter().enumerate() {
                flatten(&format!("{path}[{number}]"), value, fields);
            }
        }
        // Nothing in it: the same as if it were not there.
        Value::Object(_) | Value::Array(_) => {}
        value => {
            fields.insert(path.to_owned(), value);
        }
    }
}

fn judge(a: &BTreeMap<String, Value>, b: &BTreeMap<String, Value>) -> (Compared, Exit) {
    let mut names: Vec<_> = a.keys().chain(b.keys()).collect();
    names.sort();
    names.dedup();
    let value = |of: &BTreeMap<String, Value>, name: &str| of.get(name).cloned().unwrap_or(Value::Null);
    let pair = pair(a, b);
    let mut differences = Vec::new();
    for name in &names {
        let of_failed_request = fails(a, name) && fails(b, name);
        let (a, b) = (value(a, name), value(b, name));
        if a == b {
            continue;
        }
        let (kind, why) = match pair.role(name, of_failed_request) {
            Role::Scenario => ("scenario", None),
            Role::Result => ("result", None),
            Role::MayDiffer(why) => ("may-differ", Some(why)),
        };
        differences.push(Difference { field: (*name).clone(), a, b, kind, why });
    }
    let has = |kind| differences.iter().any(|difference| difference.kind == kind);
    // A request that was not sent any more, because the run ended, is a result.
    let same_scenario = !has("scenario") || ended_early(a, b);
    let agree = same_scenario && !has("result") && !has("scenario");
    let exit = match (same_scenario, agree) {
        (false, _) => Exit::Usage,
        (true, false) => Exit::Data,
        (true, true) => Exit::Ok,
    };
    let same_fields = names.len() - differences.len();
    (Compared { same_scenario, agree, same_fields, differences, exit_code: exit.code() }, exit)
}

fn text<'a>(of: &'a BTreeMap<String, Value>, name: &str) -> &'a str {
    of.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn pair(a: &BTreeMap<String, Value>, b: &BTreeMap<String, Value>) -> Pair {
    let verdicts = [text(a, "verdict"), text(b, "verdict")];
    Pair {
        one_verdict: verdicts.iter().filter(|verdict| **verdict == NOT_JUDGED).count() == 1,
        clean: verdicts.contains(&"clean"),
        two_hosts: text(a, "host") != text(b, "host"),
    }
}

/// Whether the field is one of a request that failed.
fn fails(of: &BTreeMap<String, Value>, field: &str) -> bool {
    let request = field.split_once("].").filter(|(request, _)| request.starts_with("actions["));
    request.is_some_and(|(request, _)| of.get(&format!("{request}].success")) == Some(&Value::Bool(false)))
}

/// Whether a verdict ended the run.
fn was_stopped(of: &BTreeMap<String, Value>) -> bool {
    !["clean", NOT_JUDGED].contains(&text(of, "verdict"))
}

/// Whether both sent the same requests as long as both went on: the lists agree up to the end of the shorter one.
fn ended_early(a: &BTreeMap<String, Value>, b: &BTreeMap<String, Value>) -> bool {
    let is_request = |name: &String| name.starts_with("actions[");
    let scenario = |name: &&String| role(name) == Role::Scenario;
    let streams = a.keys().chain(b.keys()).filter(scenario).any(|name| !is_request(name));
    if streams || a.get("verdict") == b.get("verdict") || !(was_stopped(a) || was_stopped(b)) {
        return false;
    }
    let common = |name: &&String| a.contains_key(*name) && b.contains_key(*name);
    a.keys().filter(scenario).filter(common).all(|name| a[name] == b[name])
}

/// What people are told.
pub fn lines(report: &Compared, a: &Path, b: &Path) -> Vec<String> {
    let mut lines = vec![format!("A  {}", a.display()), format!("B  {}", b.display()), String::new()];
    let order = ["scenario", "result", "may-differ"];
    for kind in order {
        for difference in report.differences.iter().filter(|difference| difference.kind == kind) {
            let word = match kind {
                "scenario" => "NOT THE SAME WORK",
                "result" => "DIFFERS",
                _ => "may differ",
            };
            let why = difference.why.map(|why| format!("  ({why})")).unwrap_or_default();
            lines.push(format!("{word:<17}  {}{why}", plain(&difference.field)));
            lines.push(format!("{:<17}    A  {}", "", shown(&difference.a)));
            lines.push(format!("{:<17}    B  {}", "", shown(&difference.b)));
        }
    }
    let rest = format!("{} fields are the same", report.same_fields);
    lines.push(match (report.same_scenario, report.agree) {
        (false, _) => format!("the runs did not do the same, so nothing can be said ({rest})"),
        (true, true) => format!("the runs agree: {rest}"),
        (true, false) => format!("the runs differ: {rest}"),
    });
    lines
}

/// A value as people read it; what another wrote does not steer the terminal.
fn shown(value: &Value) -> String {
    let text = match value {
        Value::Null => return "-".to_owned(),
        Value::String(text) => text.replace('\n', " "),
        value => value.to_string(),
    };
    let mut short: String = text.chars().take(SHOWN).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    plain(&short)
}
