//! The fields of a report of `cargo driver run --json`, and what it means when two runs differ in one.

/// What a field is to a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// What was asked for. Runs that differ here did not do the same.
    Scenario,
    /// What came of it. It has to be the same.
    Result,
    /// It may differ, and why.
    MayDiffer(&'static str),
}

const SCHEDULE: &str = "depends on the order in which threads run";
const HOST: &str = "time of the host";
const NAMES: &str = "the same driver can be a package, an image or a device of a test machine";
const PATH: &str = "the same file can have another place; its hash counts";

/// Every field that is documented. `[]` stands for any number, a dot at the end for all that is below.
const FIELDS: &[(&str, Role)] = &[
    ("driver", Role::MayDiffer(NAMES)),
    ("debug", Role::MayDiffer(NAMES)),
    ("device", Role::MayDiffer(NAMES)),
    ("host", Role::MayDiffer("the same driver can run in the emulator and on Windows")),
    ("seed", Role::MayDiffer("decides the order in which threads of the emulator run")),
    ("verdict", Role::Result),
    ("verdict_text", Role::MayDiffer("names seed, places and addresses; the verdict's id counts")),
    ("exit_code", Role::Result),
    ("remarks", Role::Result),
    ("remarks[]", Role::Result),
    ("file", Role::MayDiffer(PATH)),
    ("bytes", Role::Scenario),
    ("chunk", Role::Scenario),
    ("frames", Role::Scenario),
    ("writers", Role::Scenario),
    ("readers", Role::Scenario),
    ("sha256_written", Role::Scenario),
    ("bytes_read", Role::Result),
    ("sha256_read", Role::Result),
    ("lost", Role::Result),
    ("doubled", Role::Result),
    ("torn", Role::Result),
    ("changed", Role::Result),
    ("unsent", Role::Result),
    ("requests.written", Role::Result),
    ("requests.read", Role::MayDiffer("a read can return the end of one frame and the beginning of another")),
    ("requests.cancelled", Role::MayDiffer(SCHEDULE)),
    ("requests.cancelled_too_late", Role::MayDiffer(SCHEDULE)),
    ("requests.failed", Role::Result),
    ("requests.failures", Role::Result),
    ("requests.failures.", Role::Result),
    ("queue_high_water", Role::MayDiffer(SCHEDULE)),
    ("outstanding_high_water", Role::MayDiffer(SCHEDULE)),
    ("seconds", Role::MayDiffer(HOST)),
    ("bytes_per_second", Role::MayDiffer(HOST)),
    ("actions", Role::Scenario),
    ("actions[].action", Role::Scenario),
    ("actions[].code", Role::Scenario),
    ("actions[].sent", Role::Scenario),
    ("actions[].asked", Role::Scenario),
    ("actions[].success", Role::Result),
    ("actions[].status", Role::Result),
    ("actions[].information", Role::Result),
    ("actions[].data", Role::Result),
    ("actions[].stuck", Role::Result),
];

/// The role of a field such as `actions[3].status`. One that is not known has to be the same: nobody can say why it
/// might not be.
pub fn role(path: &str) -> Role {
    let mut plain = String::with_capacity(path.len());
    let mut in_brackets = false;
    for c in path.chars() {
        in_brackets &= c != ']';
        if !in_brackets {
            plain.push(c);
        }
        in_brackets |= c == '[';
    }
    let is = |field: &str| match field.strip_suffix('.') {
        Some(_) => plain.starts_with(field),
        None => plain == field,
    };
    FIELDS.iter().find(|(field, _)| is(field)).map_or(Role::Result, |(_, role)| *role)
}

/// What is known of the two reports as wholes, as far as the role of a field depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// One has a verdict, the other was not judged.
    pub one_verdict: bool,
    /// The verdict of that one is that all is well.
    pub clean: bool,
    /// One ran on Windows, the other in the emulator.
    pub two_hosts: bool,
}

impl Pair {
    /// The role of a field, with its values.
    pub fn role(self, path: &str, of_failed_request: bool) -> Role {
        const UNJUDGED: &str =
            "Windows does not report: Driver Verifier, where it is on, stops the system instead";
        const FOLLOWS: &str = "it follows the verdict, and one of the runs was not judged";
        const KEPT: &str = "Windows does not hand it over when a request fails at once";
        match path {
            "verdict" if self.one_verdict => Role::MayDiffer(UNJUDGED),
            "exit_code" if self.one_verdict && !self.clean => Role::MayDiffer(FOLLOWS),
            path if self.two_hosts && of_failed_request && path.ends_with("].information") => {
                Role::MayDiffer(KEPT)
            }
            path => role(path),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_by_their_form() {
        assert_eq!(role("actions[12].code"), Role::Scenario);
        assert_eq!(role("actions[12].status"), Role::Result);
        assert_eq!(role("requests.failures.STATUS_CANCELLED"), Role::Result);
        assert!(matches!(role("seconds"), Role::MayDiffer(_)));
        assert_eq!(role("who.knows"), Role::Result);
    }

    #[test]
    fn only_a_run_that_was_not_judged_may_have_another_verdict() {
        let pair = |one_verdict, clean, two_hosts| Pair { one_verdict, clean, two_hosts };
        let may_differ = |role| matches!(role, Role::MayDiffer(_));
        assert!(may_differ(pair(true, true, true).role("verdict", false)));
        assert_eq!(pair(false, true, true).role("verdict", false), Role::Result);
        assert!(may_differ(pair(true, false, true).role("exit_code", false)));
        assert_eq!(pair(true, true, true).role("exit_code", false), Role::Result);
        assert!(may_differ(pair(true, true, true).role("actions[3].information", true)));
        assert_eq!(pair(true, true, true).role("actions[3].information", false), Role::Result);
        assert_eq!(pair(false, true, false).role("actions[3].information", true), Role::Result);
        assert_eq!(pair(true, false, true).role("sha256_read", true), Role::Result);
    }

    /// `docs/cli.md` has a row for each field of the report; what is compared is what is documented.
    #[test]
    fn the_fields_are_those_of_the_manual() {
        let manual = include_str!("../../../../docs/cli.md");
        let report = manual.split("\n## `--json`").nth(1).expect("the section is there");
        for (field, _) in FIELDS {
            let name = field.trim_end_matches('.').trim_end_matches("[]").rsplit(['.', ']']).next().unwrap();
            assert!(
                report.contains(&format!("`{name}`")) || report.contains(&format!(".{name}`")),
                "{field}"
            );
        }
    }
}
