//! The experiments of the conformance kit, each with the driver linked and as an image. What they show, and how they
//! are performed on Windows: `docs/conformance.md`.

use wdk_tests::both::Form;
use wdk_tests::conformance::{experiments, perform};

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
