//! `Makefile.toml` names commands and options that exist, and tasks that exist.

mod common;

use common::{ROOT, start};
use std::path::Path;
use toml::{Table, Value};

fn makefile() -> Table {
    let text = std::fs::read_to_string(Path::new(ROOT).join("Makefile.toml")).expect("it is there");
    text.parse().expect("it is TOML")
}

fn words(value: Option<&Value>) -> Vec<&str> {
    value.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
}

/// What the command's own help says of a subcommand, if there is one.
fn help(subcommand: &[&str]) -> Option<String> {
    let ended = start(&[subcommand, &["--help"]].concat());
    (ended.code == 0).then_some(ended.out)
}

/// What is wrong with the arguments of `cargo driver`, behind `driver`.
fn wrong(arguments: &[&str]) -> Option<String> {
    let nested = ["inf", "cert", "catalog"].contains(arguments.first()?);
    let (subcommand, options) = arguments.split_at(if nested { 2 } else { 1 });
    let Some(help) = help(subcommand) else { return Some(format!("there is no {subcommand:?}")) };
    let mut words = help.split(|c: char| c.is_whitespace() || c == ',');
    let known: Vec<_> = words.by_ref().collect();
    let unknown = options.iter().find(|option| option.starts_with("--") && !known.contains(option))?;
    Some(format!("{subcommand:?} has no {unknown}"))
}

#[test]
fn every_task_calls_what_exists() {
    let makefile = makefile();
    let tasks = makefile["tasks"].as_table().unwrap();
    let mut driver_calls = 0;
    for (name, task) in tasks {
        for other in
            words(task.get("dependencies")).into_iter().chain(task.get("alias").and_then(Value::as_str))
        {
            assert!(tasks.contains_key(other), "`{name}` names the task `{other}`");
        }
        let arguments = words(task.get("args"));
        let Some(command) = task.get("command") else { continue };
        assert_eq!(command.as_str(), Some("cargo"), "{name}");
        if let ["driver", rest @ ..] = &*arguments {
            assert_eq!(wrong(rest), None, "{name}");
            driver_calls += 1;
        } else {
            assert!(matches!(arguments.first(), Some(&"clippy" | &"fmt")), "{name}: {arguments:?}");
        }
    }
    assert!(driver_calls > 8, "{driver_calls}");
}

#[test]
fn a_call_of_what_does_not_exist_is_noticed() {
    assert_eq!(wrong(&["inf", "check", "--windows", "x"]), None);
    assert!(wrong(&["no-such-command"]).is_some());
    assert!(wrong(&["inf", "no-such-command"]).is_some());
    assert!(wrong(&["build", "--no-such-option"]).unwrap().contains("--no-such-option"));
}

#[test]
fn the_names_that_users_of_windows_drivers_rs_know_are_there() {
    let makefile = makefile();
    let tasks = makefile["tasks"].as_table().unwrap();
    let names = [
        "default",
        "build",
        "test",
        "clippy",
        "format",
        "generate-driver-binary-file",
        "stampinf",
        "infverif",
        "inf2cat",
        "generate-certificate",
        "signtool-sign",
        "sign-driver-binary",
        "sign-cat",
        "signtool-verify",
        "package-driver",
        "package-driver-flow",
    ];
    for name in names {
        assert!(tasks.contains_key(name), "{name}");
    }
}
