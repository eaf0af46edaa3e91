//! The conformance kit as it goes to a Windows machine: the signed package of its driver, and its program, under Wine.
#![cfg(all(target_os = "linux", target_arch = "x86_64"))]

mod common;
#[path = "common/wine.rs"]
mod wine;

use common::{Directory, Ended, can_build, start, text};
use std::path::{Path, PathBuf};
use wdk_build::Arch;
use wdk_build::program::Program;
use wine::Wine;

/// Builds the program into a directory.
fn program(directory: &Directory) -> String {
    let root = PathBuf::from(common::ROOT).canonicalize().expect("it is there");
    let built = Program {
        manifest: root.join("crates/wdk-conformance/Cargo.toml"),
        target_directory: root.join("target"),
        workspace_root: root,
        name: "wdk-conformance".to_owned(),
        features: vec!["program".to_owned()],
        arch: Arch::X86_64,
        out: directory.0.join("wdk-conformance.exe"),
        quiet: true,
    };
    text(&built.run().expect("it builds").program)
}

#[test]
fn without_a_device_the_program_says_so() {
    if !can_build() {
        return;
    }
    let Some(wine) = Wine::new() else { return };
    let directory = Directory::new();
    let package = text(&directory.0.join("package"));
    let packed = start(&["package", "conformance", "--release", "--out", &package, "--quiet"]);
    assert_eq!(packed.code, 0, "{}", packed.err);
    let inf = Wine::path(&Path::new(&package).join("conformance.inf"));
    let program = program(&directory);
    let results = directory.0.join("results.json");
    let out = format!("Z:{}", text(&results).replace('/', "\\"));
    let cases: &[(&[&str], i32, &str)] = &[
        (&[], 2, "which driver?"),
        (&["--inf"], 2, "`--inf` takes a value"),
        (&["--inf", &inf, "--verifier", "maybe"], 2, "`maybe` is no state of the verifier"),
        (&["--nap"], 2, "`--nap` is no option"),
        (&["--inf", "nosuch.inf"], 8, "there is no such file"),
        (&["--inf", r"C:\windows"], 8, "it is a directory"),
        // Wine makes the device, and has no framework to start its driver with.
        (&["--inf", &inf, "--out", &out], 16, r"device not found: there is no `\\.\WdkConformanceDesk`"),
    ];
    for (arguments, code, words) in cases {
        let ended = plain(wine.run(&program, arguments));
        assert_eq!(ended.code, *code, "{arguments:?}: {}", ended.err);
        ended.refused(*code, words);
    }
    assert!(!results.exists(), "nothing was performed");
    let help = wine.run(&program, &["--help"]);
    assert!(help.code == 0 && help.out.contains("  16  "), "{}", help.out);
}

/// Without what Wine itself says.
fn plain(mut ended: Ended) -> Ended {
    ended.err = ended.err.lines().filter(|line| !line.starts_with("wine:")).collect::<Vec<_>>().join("\n");
    ended
}
