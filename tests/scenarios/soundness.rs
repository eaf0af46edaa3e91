//! `docs/design/soundness.md` names what exists.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned()
}

fn page() -> String {
    std::fs::read_to_string(root().join("docs/design/soundness.md")).expect("the page")
}

/// What is between backticks and is a path in this workspace, with the function after `::`.
fn named(text: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    let spans = text.split('`').skip(1).step_by(2);
    let paths =
        spans.filter(|span| ["tests/", "crates/", "drivers/"].iter().any(|top| span.starts_with(top)));
    paths.map(|span| match span.split_once("::") {
        Some((path, function)) => (path, Some(function)),
        None => (span, None),
    })
}

/// The numbered rows: number and cells.
fn rows(page: &str) -> Vec<(usize, Vec<&str>)> {
    let row = |line| {
        let cells: Vec<&str> = str::split(line, '|').map(str::trim).collect();
        let number = cells.get(1)?.parse().ok()?;
        Some((number, cells[2..cells.len() - 1].to_vec()))
    };
    page.lines().filter_map(row).collect()
}

/// Whether the source has that function, and says that it is a test, or one both ways, or an experiment.
fn has_test(source: &str, function: &str) -> bool {
    if source.contains(&format!("pub const fn {function}() -> Experiment {{")) {
        return true;
    }
    let both_ways = source.split("both_ways![").skip(1).filter_map(|rest| rest.split(']').next());
    if both_ways.flat_map(|names| names.split(',')).any(|name| name.trim() == function) {
        return source.contains(&format!("fn {function}(form: Form)"));
    }
    let mut lines = source.lines().map(str::trim);
    let mut previous = "";
    lines.any(|line| {
        let found = line.starts_with(&format!("fn {function}(")) && previous == "#[test]";
        previous = line;
        found
    })
}

#[test]
fn every_file_and_test_named_exists() {
    let page = page();
    let mut missing = Vec::new();
    let mut count = 0;
    for (path, function) in named(&page) {
        count += 1;
        match (std::fs::read_to_string(root().join(path)), function) {
            (Ok(source), Some(function)) if !has_test(&source, function) => {
                missing.push(format!("{path}::{function}"));
            }
            (Err(_), _) if !root().join(path).is_dir() => missing.push(path.to_owned()),
            _ => {}
        }
    }
    assert!(missing.is_empty(), "not there: {missing:#?}");
    assert!(count > 100, "only {count} names: is the page read as it is written?");
}

#[test]
fn every_invariant_has_somebody_who_relies_on_it_and_a_test() {
    let page = page();
    let rows = rows(&page);
    for (index, (number, cells)) in rows.iter().enumerate() {
        assert_eq!(*number, index + 1, "the rows are numbered in order");
        let [invariant, relied, fails] = cells[..] else { panic!("row {number} has {} cells", cells.len()) };
        assert!(invariant.ends_with('.'), "row {number}: an invariant is a sentence");
        assert!(relied.contains('`'), "row {number}: nobody relies on it");
        let tests =
            named(fails).filter(|(path, function)| function.is_some() || path.starts_with("tests/ui/"));
        assert!(tests.count() > 0, "row {number}: nothing would fail");
    }
    assert!(rows.len() >= 40, "only {} rows", rows.len());
}

#[test]
fn every_program_that_must_not_compile_is_named() {
    let page = page();
    let named: BTreeSet<&str> = named(&page).map(|(path, _)| path).collect();
    let mut forgotten = Vec::new();
    for area in std::fs::read_dir(root().join("tests/ui")).expect("the programs") {
        let area = area.expect("an area").path();
        for program in std::fs::read_dir(area).expect("its programs") {
            let program = program.expect("a program").path();
            let path =
                program.strip_prefix(root()).expect("in the workspace").to_string_lossy().replace('\\', "/");
            if !named.contains(path.as_str()) {
                forgotten.push(path);
            }
        }
    }
    forgotten.sort();
    assert!(forgotten.is_empty(), "no row names {forgotten:#?}");
}
