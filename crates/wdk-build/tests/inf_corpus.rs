//! Published INF and INX files, if `WDK_INF_CORPUS` names a directory of them: nothing crashes, the form of none is
//! complained about, and stamping brings no complaint that was not there before.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use wdk_build::inf::{Architecture, Date, Finding, Inf, Mode, Options, Severity, Stamp, check, stamp};

const VARIABLE: &str = "WDK_INF_CORPUS";

/// The files, or none after a loud word.
fn corpus() -> Option<Vec<(PathBuf, Vec<u8>)>> {
    let Some(directory) = std::env::var_os(VARIABLE) else {
        eprintln!("SKIPPED: no corpus of INF files: {VARIABLE} names no directory");
        return None;
    };
    let entries = fs::read_dir(&directory).unwrap_or_else(|error| panic!("{VARIABLE}: {error}"));
    let mut files: Vec<_> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            let extension = path.extension().unwrap_or_default();
            extension.eq_ignore_ascii_case("inf") || extension.eq_ignore_ascii_case("inx")
        })
        .map(|path| {
            let bytes = fs::read(&path).unwrap();
            (path, bytes)
        })
        .collect();
    files.sort();
    let (whole, damaged): (Vec<_>, Vec<_>) = files.into_iter().partition(|(_, bytes)| !is_damaged(bytes));
    for (path, _) in &damaged {
        eprintln!("damaged line ends: {}", path.display());
    }
    let files = whole;
    assert!(!files.is_empty(), "{VARIABLE}: there is no INF file in {}", directory.display());
    Some(files)
}

/// Whether a tool has damaged the line ends of a UTF-16 file: then nothing else is said about it.
fn is_damaged(bytes: &[u8]) -> bool {
    let inf = Inf::read(bytes).unwrap();
    assert_eq!(inf.text().encode().unwrap(), bytes);
    check(&inf, &Options::default()).iter().any(|finding| finding.rule.number == 9006)
}

fn stamped(inf: &Inf) -> Vec<u8> {
    let with = Stamp {
        architecture: Architecture::Amd64,
        date: Date::new(2026, 1, 2).unwrap(),
        version: "1.2.3.4".parse().unwrap(),
        kmdf: Some("1.15".parse().unwrap()),
        umdf: Some("2.15".parse().unwrap()),
        catalog: None,
    };
    stamp(inf, &with).unwrap_or_else(|error| panic!("{error}"))
}

/// How often each rule fires.
fn counts(findings: &[Finding]) -> BTreeMap<u16, usize> {
    let mut counts = BTreeMap::new();
    for finding in findings {
        *counts.entry(finding.rule.number).or_default() += 1;
    }
    counts
}

#[test]
fn every_file_is_read_without_loss_and_without_complaint_about_its_form() {
    let Some(files) = corpus() else { return };
    for (path, bytes) in files {
        let inf = Inf::read(&bytes).unwrap();
        assert_eq!(inf.text().encode().unwrap(), bytes, "{}", path.display());
        let findings = check(&inf, &Options { unstamped: true, ..Options::default() });
        for finding in findings.iter().filter(|finding| (9000..9100).contains(&finding.rule.number)) {
            let place = inf.position(finding.span.start);
            assert_ne!(finding.severity, Severity::Error, "{}:{place}: {}", path.display(), finding.message);
        }
    }
}

#[test]
fn stamping_keeps_every_line_that_has_no_placeholder_and_brings_no_complaint() {
    let Some(files) = corpus() else { return };
    for (path, bytes) in files {
        let before = Inf::read(&bytes).unwrap();
        let bytes = stamped(&before);
        let after = Inf::read(&bytes).unwrap();
        assert_eq!(after.text().encoding(), before.text().encoding(), "{}", path.display());
        assert_eq!(stamped(&after), bytes, "{}: stamping twice is stamping once", path.display());
        for line in before.text().content().lines().filter(|line| !line.contains('$')) {
            let is_version = line.trim_start().to_ascii_lowercase().starts_with("driverver");
            assert!(is_version || after.text().content().contains(line), "{}: {line}", path.display());
        }
        for mode in Mode::ALL {
            let unstamped = counts(&check(&before, &Options { mode, unstamped: true }));
            let stamped = counts(&check(&after, &Options { mode, unstamped: false }));
            for (rule, count) in stamped {
                assert!(
                    count <= unstamped.get(&rule).copied().unwrap_or(0),
                    "{}: INF{rule} fires after stamping only ({mode})",
                    path.display()
                );
            }
        }
    }
}
