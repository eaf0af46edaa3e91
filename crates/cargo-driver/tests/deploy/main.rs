//! `cargo driver deploy` against a real OpenSSH server on this machine. What runs there is a stand-in: a program called
//! `powershell` that notes how it was called and plays a Windows.

#![cfg(unix)]

#[path = "../common/mod.rs"]
mod common;
mod machine;

use common::{Directory, text};
use machine::{Machine, folder, has_sshd, report};
use serde_json::{Value, json};
use std::fs;
use std::net::TcpListener;
use std::path::Path;

/// The words of the steps that were run.
fn steps(json: &Value) -> Vec<(String, i64)> {
    let steps = json["steps"].as_array().unwrap();
    steps
        .iter()
        .map(|step| (step["step"].as_str().unwrap().to_owned(), step["exit_code"].as_i64().unwrap()))
        .collect()
}

fn expected(steps: &[(&str, i64)]) -> Vec<(String, i64)> {
    steps.iter().map(|(name, code)| ((*name).to_owned(), *code)).collect()
}

#[test]
fn a_folder_goes_there_runs_and_its_results_come_back() {
    if !has_sshd() {
        return;
    }
    let machine = Machine::start("good");
    let ended = machine.deploy(&["--json"]);
    assert_eq!(ended.code, 0, "{}{}{}", ended.out, ended.err, machine.read("log"));
    let json = ended.json();
    let scripts = [("prepare", 18), ("install", 0), ("verify", 18), ("exercise", 0), ("collect", 0)];
    assert_eq!(steps(&json), expected(&scripts));
    assert_eq!(json["comparison"]["agree"], true);
    assert_eq!(json["summary"]["verifier"]["driver_verifier"], "on");
    assert_eq!((&json["stopped"], &json["exit_code"]), (&Value::Null, &json!(0)));

    // Every file is there, whatever its name is.
    for name in ["settings.json", "install.ps1", "package/echo.inf", "package/deep \"er\"/a [b].bin"] {
        let (here, there) = (machine.path("folder").join(name), machine.path("remote/echo").join(name));
        assert_eq!(fs::read(here).unwrap(), fs::read(&there).unwrap_or_default(), "{name}");
    }
    // Each script was started in the one way that every shell takes, and Windows was restarted twice.
    let calls = machine.read("windows/calls");
    let line = format!(
        "-NoProfile -NonInteractive -ExecutionPolicy Bypass -File {}/exercise.ps1",
        text(&machine.path("remote/echo"))
    );
    assert_eq!(calls.lines().filter(|call| **call == line).count(), 1, "{calls}");
    assert_eq!(calls.matches("shutdown /r /t 1").count(), 2, "{calls}");
    assert_eq!(machine.read("folder_results/windows.json"), report(0));
    assert!(!machine.path("windows/removed").exists(), "the driver stays unless it is asked for");

    // Once more: nothing has to be restarted, results are replaced; then the driver goes.
    let ended = machine.deploy(&[]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert!(
        ended.out.contains("the runs agree") && ended.out.contains("Driver Verifier was: on"),
        "{}",
        ended.out
    );
    assert_eq!(machine.read("windows/calls").matches("shutdown").count(), 2);
    assert_eq!(machine.deploy(&["--step", "remove"]).code, 0);
    assert!(machine.path("windows/removed").exists());
}

#[test]
fn a_driver_is_packaged_on_the_way() {
    if !has_sshd() || !common::can_build() {
        return;
    }
    let machine = Machine::start("mirror");
    let certs = text(&machine.path("certs"));
    assert_eq!(common::start(&["cert", "new", "--name", "Deployer", "--out", &certs]).code, 0);
    let (pfx, out) = (format!("{certs}/test-signing.pfx"), text(&machine.path("made_package")));
    let stream = machine.directory.file("stream", [7; 5000]);
    let mut arguments = machine.arguments();
    "virtual-device".clone_into(&mut arguments[1]);
    arguments.extend(["--pfx", &pfx, "--out", &out, "--file", &stream, "--json"].map(str::to_owned));
    let ended = common::start(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(ended.code, 0, "{}", ended.err);
    let json = ended.json();
    assert_eq!((&json["driver"], &json["comparison"]["agree"]), (&json!("virtual-device"), &json!(true)));
    let made = machine.path("made_test_vm");
    for name in ["package/virtual_device.sys", "wdk-exerciser.exe", "run-all.ps1", "expected.json"] {
        assert_eq!(
            fs::read(made.join(name)).unwrap(),
            fs::read(machine.path("remote/echo").join(name)).unwrap_or_default(),
            "{name}"
        );
    }
    assert_eq!(machine.read("made_test_vm_results/windows.json"), machine.read("made_test_vm/expected.json"));
}

#[test]
fn results_that_differ_are_said() {
    if !has_sshd() {
        return;
    }
    let machine = Machine::start("loses");
    let ended = machine.deploy(&["--json"]);
    assert_eq!(ended.code, 1, "{}", ended.err);
    let json = ended.json();
    assert_eq!((&json["comparison"]["agree"], &json["exit_code"]), (&json!(false), &json!(1)));
    let fields: Vec<_> = json["comparison"]["differences"].as_array().unwrap().iter().collect();
    assert!(fields.iter().any(|difference| difference["field"] == "lost"), "{fields:?}");
}

#[test]
fn a_crash_leaves_a_trace() {
    if !has_sshd() {
        return;
    }
    let machine = Machine::start("crashes");
    let ended = machine.deploy(&["--json"]);
    assert_eq!(ended.code, 3, "{}{}", ended.out, ended.err);
    assert!(ended.err.contains("bug check 0x000000c4"), "{}", ended.err);
    let json = ended.json();
    assert_eq!(json["stopped"]["step"], "exercise");
    assert_eq!(json["stopped"]["action"], "run");
    let last = [("exercise", -1), ("collect", 19)];
    assert_eq!(steps(&json)[3..], expected(&last)[..]);
    assert!(json["results"].is_string() && machine.path("folder_results/summary.json").is_file());
    assert_eq!(json["comparison"], Value::Null);
}

#[test]
fn a_step_that_fails_is_named_with_its_message() {
    if !has_sshd() {
        return;
    }
    let machine = Machine::start("refuses");
    let ended = machine.deploy(&["--quiet"]);
    ended.refused(
        21,
        r"`install` failed on `127.0.0.1` with code 17: ROOT\ECHO\0000 is not started: problem code 52",
    );
    assert!(!machine.read("windows/calls").contains("exercise"), "nothing follows");
    drop(machine);

    // Not Windows at all.
    let machine = Machine::start("linux");
    machine.deploy(&["--quiet"]).refused(21, "is it Windows");
}

#[test]
fn an_installation_that_needs_a_restart_is_repeated() {
    if !has_sshd() {
        return;
    }
    let machine = Machine::start("twice");
    let ended = machine.deploy(&["--json", "--step", "copy", "--step", "install"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert_eq!(steps(&ended.json()), expected(&[("install", 18), ("install", 0)]));
}

#[test]
fn missing_results_are_no_success() {
    if !has_sshd() {
        return;
    }
    let machine = Machine::start("silent");
    let ended = machine.deploy(&["--quiet"]);
    assert_eq!(ended.code, 22, "{}", ended.err);
    assert!(ended.err.contains("left no report of the scenario"), "{}", ended.err);
    drop(machine);

    let machine = Machine::start("empty");
    let ended = machine.deploy(&["--quiet", "--step", "copy", "--step", "collect", "--step", "fetch"]);
    ended.refused(22, "has no results");
    assert!(!machine.path("folder_results").exists(), "nothing half-written");
}

#[test]
fn a_machine_that_does_not_come_back_is_said() {
    if !has_sshd() {
        return;
    }
    let machine = Machine::start("gone");
    machine.deploy_with("--restart-timeout", "3").code_is(19, "did not come back from its restart");
}

#[test]
fn who_is_not_let_in_hears_why() {
    if !has_sshd() {
        return;
    }
    let machine = Machine::start("good");
    let stranger = text(&machine.path("stranger"));
    machine.deploy_with("--identity", &stranger).code_is(20, "refuses to log you on");
    let nobody = machine.directory.file("nobody", "");
    let option = format!("UserKnownHostsFile={nobody}");
    machine.deploy_with("--ssh-option", &option).code_is(20, "host key of `127.0.0.1` is not known");
    assert_eq!(machine.read("nobody"), "", "no key is accepted in passing");
    // Another key under the same name.
    let key = machine.read("stranger.pub");
    let changed = machine.directory.file("changed", format!("[127.0.0.1]:{} {key}", machine.port));
    let option = format!("UserKnownHostsFile={changed}");
    machine.deploy_with("--ssh-option", &option).code_is(20, "not the one that is known");
    assert_eq!(machine.read("windows/calls"), "", "nothing was run");

    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    machine.deploy_with("--port", &port.to_string()).code_is(19, "cannot be reached");
}

#[test]
fn wrong_options_are_refused_before_anything_is_sent() {
    let directory = Directory::new();
    folder(&directory);
    let path = text(&directory.0.join("folder"));
    let deploy = |more: &[&str]| common::start(&[&["deploy", &path], more].concat());
    assert_eq!(deploy(&[]).code, 2);
    for (more, words) in [
        (&["--ssh=-oProxyCommand=x"][..], "HOST or USER@HOST"),
        (&["--ssh", "vm", "--dir", "a;b"], "letters, digits"),
        (&["--ssh", "vm", "--dir", "../x"], "begins or ends with a dot"),
        (&["--ssh", "vm", "--step", "dance"], "dance"),
        (&["--ssh", "vm", "--release"], "a folder that was made"),
    ] {
        let ended = deploy(more);
        assert_eq!(ended.code, 2, "{more:?}: {}", ended.err);
        assert!(ended.err.contains(words), "{more:?}: {}", ended.err);
    }
    deploy(&["--ssh", "vm", "--identity", "none"]).code_is(8, "there is no key `none`");
    let precious = directory.file("precious/thesis.txt", "x");
    let precious = text(Path::new(&precious).parent().unwrap());
    deploy(&["--ssh", "vm", "--results", &precious]).code_is(8, "no results that could be replaced");
    directory.file("folder/settings.json", "{}");
    deploy(&["--ssh", "vm"]).code_is(8, "is not of a folder for a test VM");
}
