//! The experiments of the conformance kit, each with the driver linked and as an image. What they show, and how they
//! are performed on Windows: `docs/conformance.md`.

use std::collections::BTreeSet;
use std::path::Path;
use wdk_conformance::{Experiment, Script};
use wdk_tests::both::Form;
use wdk_tests::conformance::{experiments, perform, results};

/// Performs an experiment; if it shows something else, what was expected and what was observed, side by side.
fn shows(form: Form, name: &str) {
    let all = experiments(form);
    let experiment = all.iter().find(|experiment| experiment.name == name).expect("the driver has it");
    let outcome = perform(form, experiment);
    assert!(
        outcome.agrees,
        "\n{name} ({}): {}\n\n{}",
        outcome.facts.join(", "),
        outcome.means,
        side_by_side(&outcome.expected, &outcome.observed)
    );
}

/// Two lists in two columns, with a mark where they differ.
fn side_by_side(expected: &[String], observed: &[String]) -> String {
    let width = expected.iter().map(|line| line.chars().count()).max().unwrap_or(0).max("expected".len());
    let mut text = format!("  {:<width$}   observed\n", "expected");
    for index in 0..expected.len().max(observed.len()) {
        let line = |list: &[String]| list.get(index).cloned().unwrap_or_default();
        let (left, right) = (line(expected), line(observed));
        let mark = if left == right { ' ' } else { '>' };
        text += &format!("{mark} {left:<width$}   {right}\n");
    }
    text
}

/// What is expected decides: with one line changed, or one too many, an experiment does not show it.
#[test]
fn a_wrong_expectation_is_found() {
    let all = experiments(Form::Linked);
    let name = "the_sequential_gate";
    let experiment = all.iter().find(|experiment| experiment.name == name).expect("the driver has it");
    assert!(perform(Form::Linked, experiment).agrees);
    for (from, to) in [
        ("| write b", "| write c"),
        ("| write b", "| write b\n| write c"),
        ("| write b", ""),
        ("call complete", "call nothing"),
        ("plug", "# not plugged"),
    ] {
        let script = experiment.script.lines().join("\n").replacen(from, to, 1);
        let script = Script::parse(&script).expect("it is a script");
        let outcome = perform(Form::Linked, &Experiment { script, ..experiment.clone() });
        assert!(!outcome.agrees, "{from} -> {to}: {:?}", outcome.observed);
    }
}

/// Both forms hand out the same experiments, all of the list and no two of a name, and know their framework.
#[test]
fn the_driver_hands_out_what_it_has() {
    let linked = experiments(Form::Linked);
    let names: Vec<_> = linked.iter().map(|experiment| &*experiment.name).collect();
    assert_eq!(names, conformance::experiments::ALL.iter().map(|(name, _)| *name).collect::<Vec<_>>());
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
    for experiment in &linked {
        assert!(!experiment.means.is_empty() && !experiment.facts.is_empty(), "{}", experiment.name);
    }
    let results = results(Form::Linked);
    assert_eq!((&*results.kmdf, &*results.host), ("1.33", "emulator"));
    assert_eq!(results.surprises(), []);
}

#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
#[test]
#[cfg_attr(not(wdk_images), ignore = "SKIPPED: no Windows target")]
fn the_image_hands_out_the_same() {
    assert_eq!(experiments(Form::Image), experiments(Form::Linked));
}

/// The ids of `docs/design/kmdf.md`, in its order.
fn facts() -> Vec<String> {
    let page = include_str!("../../docs/design/kmdf.md");
    let rows = page.lines().filter_map(|line| line.strip_prefix("| ")?.split(' ').next());
    rows.filter(|id| id.ends_with(|c: char| c.is_ascii_digit())).map(str::to_owned).collect()
}

/// `docs/conformance.md` has the facts that experiments show. `WDK_BLESS=1` writes it.
#[test]
fn the_page_is_current() {
    const BEGIN: &str = "<!-- made by tests/scenarios/conformance.rs -->\n";
    let (all, facts) = (experiments(Form::Linked), facts());
    for experiment in &all {
        for fact in &experiment.facts {
            assert!(facts.contains(fact), "{}: there is no fact {fact}", experiment.name);
        }
    }
    let mut table = String::from("| fact | experiments |\n|---|---|\n");
    for fact in &facts {
        let shown = all.iter().filter(|experiment| experiment.facts.contains(fact));
        let names: Vec<_> = shown.map(|experiment| format!("`{}`", experiment.name)).collect();
        let names = if names.is_empty() { "—".to_owned() } else { names.join(", ") };
        table += &format!("| {fact} | {names} |\n");
    }
    let shown = |fact: &&String| all.iter().any(|experiment| experiment.facts.contains(fact));
    let count = facts.iter().filter(shown).count();
    let made = format!("{} experiments show {count} of {} facts.\n\n{table}", all.len(), facts.len());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/conformance.md");
    let there = std::fs::read_to_string(&path).expect("the page is there");
    let (text, _) = there.split_once(BEGIN).expect("the page has the mark");
    let page = format!("{text}{BEGIN}\n{made}");
    if std::env::var_os("WDK_BLESS").is_some() {
        std::fs::write(&path, &page).expect("the page can be written");
    }
    let there = std::fs::read_to_string(&path).expect("the page is there");
    assert!(there == page, "{} is out of date: run this test with WDK_BLESS=1", path.display());
}

macro_rules! tests {
    ($( $subject:ident: $( $name:ident ),*; )*) => {
        mod linked {
            $( mod $subject {
                use super::super::{Form, shows};
                $(
                    #[test]
                    fn $name() {
                        shows(Form::Linked, stringify!($name));
                    }
                )*
            } )*
        }

        #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
        mod image {
            $( mod $subject {
                use super::super::{Form, shows};
                $(
                    #[test]
                    #[cfg_attr(not(wdk_images), ignore = "SKIPPED: no Windows target")]
                    fn $name() {
                        shows(Form::Image, stringify!($name));
                    }
                )*
            } )*
        }
    };
}
conformance::experiments!(tests);
