//! `cargo driver exerciser`, and what it builds, under Wine.
#![cfg(all(target_os = "linux", target_arch = "x86_64"))]

mod common;
#[path = "common/wine.rs"]
mod wine;

use common::{Directory, Ended, can_build, start, text};
use std::fs;
use wine::Wine;

const CLASS: &str = "{3c5b0a2e-90d1-4a55-8f0e-0b1d2c3e4f50}";

/// Builds the program into a directory.
fn build(directory: &Directory) -> String {
    let program = text(&directory.0.join("wdk-exerciser.exe"));
    let ended = start(&["exerciser", "--out", &program, "--json"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    let value = ended.json();
    let bytes = fs::read(&program).unwrap();
    assert_eq!(
        (value["program"].as_str(), value["size"].as_u64()),
        (Some(&*program), Some(bytes.len() as u64))
    );
    assert_eq!(value["arch"], "x86_64");
    // It says nothing of this machine.
    for directory in [common::ROOT, env!("CARGO_MANIFEST_DIR"), "/usr/lib/rustlib", "/usr/src"] {
        let canonical = fs::canonicalize(directory).map(|path| text(&path)).unwrap_or(directory.to_owned());
        for name in [directory, &canonical] {
            assert!(!bytes.windows(name.len()).any(|part| part == name.as_bytes()), "`{name}` is in it");
        }
    }
    program
}

#[test]
fn what_is_wrong_is_said_with_its_exit_code() {
    if !can_build() {
        return;
    }
    let Some(wine) = Wine::new() else { return };
    let directory = Directory::new();
    let program = build(&directory);
    let inf = directory.file("driver.inf", "no INF file at all");
    let inf = Wine::path(inf.as_ref());
    let id = r"ROOT\NOBODY";
    let cases: &[(&[&str], i32, &str)] = &[
        (&[], 2, "no command was given"),
        (&["run"], 2, "which device?"),
        (&["run", "--open", "x", "--chunk", "0"], 2, "no number from 1"),
        (&["run", "--interface", CLASS], 16, "device not found"),
        (&["run", "--interface", CLASS, "--write", "x", "--json"], 16, "device not found"),
        (&["run", "--open", "NoSuchDevice"], 16, r"device not found: there is no `\\.\NoSuchDevice`"),
        (&["run", "--open", "x", "--file", "nosuch"], 8, "cannot stream `nosuch`: there is no such file"),
        (&["run", "--open", "x", "--file", r"C:\windows"], 8, "it is a directory"),
        (&["run", "--open", "x", "--write", "@nosuch"], 8, "cannot write what `nosuch` has"),
        (&["run", "--open", "x", "--file", &inf, "--out", &inf], 2, "the report would replace"),
        (&["status", "--hardware-id", id], 16, "device not found"),
        (&["status", "--hardware-id", id, "--json"], 16, "device not found"),
        (&["remove", "--hardware-id", id], 16, "device not found"),
        (&["restart", "--hardware-id", "a b"], 2, "is no hardware ID"),
        (&["install", "--hardware-id", id, "--inf", "nosuch.inf"], 8, "there is no such file"),
        (&["install", "--hardware-id", id, "--inf", &inf], 17, "Windows refused to read"),
    ];
    for (arguments, code, words) in cases {
        let ended = plain(wine.run(&program, arguments));
        assert_eq!(ended.code, *code, "{arguments:?}: {}", ended.err);
        ended.refused(*code, words);
    }
    let help = wine.run(&program, &["--help"]);
    assert_eq!(help.code, 0);
    assert!(help.out.contains("wdk-exerciser run") && help.out.contains("  16  "), "{}", help.out);
}

/// Without what Wine itself says.
fn plain(mut ended: Ended) -> Ended {
    ended.err = ended.err.lines().filter(|line| !line.starts_with("wine:")).collect::<Vec<_>>().join("\n");
    ended
}

#[test]
fn bad_places_are_refused_before_anything_is_built() {
    let directory = Directory::new();
    start(&["exerciser", "--out", &text(&directory.0)]).refused(2, "is a directory");
    assert_eq!(start(&["exerciser", "--arch", "x86"]).code, 2);
}
