//! `cargo driver exerciser`, and what it builds, under Wine.
#![cfg(all(target_os = "linux", target_arch = "x86_64"))]

mod common;
#[path = "common/wine.rs"]
mod wine;

use common::{Directory, Ended, can_build, start, text};
use serde_json::Value;
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

/// One test, because a Wine takes a while to be made.
#[test]
fn the_program_under_wine() {
    let Some(host) = Host::new() else { return };
    what_is_wrong_is_said_with_its_exit_code(&host);
    devices_are_made_once(&host);
    wine_and_the_emulator_agree(&host);
    a_driver_that_fails_or_keeps_requests_is_told_of(&host);
}

fn what_is_wrong_is_said_with_its_exit_code(Host { wine, directory, program }: &Host) {
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
        let ended = plain(wine.run(program, arguments));
        assert_eq!(ended.code, *code, "{arguments:?}: {}", ended.err);
        ended.refused(*code, words);
    }
    let help = wine.run(program, &["--help"]);
    assert_eq!(help.code, 0);
    assert!(help.out.contains("wdk-exerciser run") && help.out.contains("  16  "), "{}", help.out);
}

/// Without what Wine itself says.
fn plain(mut ended: Ended) -> Ended {
    ended.err = ended.err.lines().filter(|line| !line.starts_with("wine:")).collect::<Vec<_>>().join("\n");
    ended
}

/// The program in a Wine, with the driver of `tests/drivers/wdm-stream`.
struct Host {
    wine: Wine,
    directory: Directory,
    program: String,
}

impl Host {
    fn new() -> Option<Self> {
        let wine = can_build().then(Wine::new)??;
        let directory = Directory::new();
        let image = wine.drivers().join("wdm_stream.sys");
        let ended =
            start(&["build", "tests/drivers/wdm-stream", "--release", "--out", &text(&image), "--quiet"]);
        assert_eq!(ended.code, 0, "{}", ended.err);
        let path = r"C:\windows\system32\drivers\wdm_stream.sys";
        let created = wine.run("sc", &["create", "WdmStream", "type=", "kernel", "binPath=", path]);
        assert_eq!(created.code, 0, "{}{}", created.out, created.err);
        let started = wine.run("sc", &["start", "WdmStream"]);
        assert_eq!(started.code, 0, "{}{}", started.out, started.err);
        let program = build(&directory);
        Some(Self { wine, directory, program })
    }

    /// Runs the program, and returns what it came to and the file of its report.
    ///
    /// The driver is loaded anew: Wine lets a program go before the driver knows that its requests are cancelled, and a
    /// read of the program before would take what this one writes.
    fn run(&self, name: &str, arguments: &[&str]) -> (Ended, String) {
        for verb in ["stop", "start"] {
            let ended = self.wine.run("sc", &[verb, "WdmStream"]);
            assert_eq!(ended.code, 0, "{verb}: {}{}", ended.out, ended.err);
        }
        let arguments = [&["run", "--open", "WdmStream", "--json"], arguments].concat();
        let ended = plain(self.wine.run(&self.program, &arguments));
        assert!(!ended.out.is_empty(), "{} {}", ended.code, ended.err);
        let file = self.directory.file(name, &ended.out);
        (ended, file)
    }

    /// Runs the same in the emulator, with a driver that does the same.
    fn emulate(&self, name: &str, arguments: &[&str]) -> String {
        let ended = start(&[&["run", "virtual-device", "--json"], arguments].concat());
        self.directory.file(name, ended.out)
    }
}

#[track_caller]
fn agree(one: &str, other: &str) {
    let ended = start(&["compare", one, other]);
    assert_eq!(ended.code, 0, "{}{}", ended.out, ended.err);
}

/// An INF file that installs no driver, which is enough for a device node.
const INF: &str = r#"[Version]
Signature = "$Windows NT$"
Class = System
ClassGuid = {4d36e97d-e325-11ce-bfc1-08002be10318}
Provider = %Who%
DriverVer = 01/01/2026,1.0.0.0

[Manufacturer]
%Who% = Models,NTamd64

[Models.NTamd64]
"A device" = Install, ROOT\EXERCISED

[Install.NT]

[Install.NT.Services]
AddService = , 2

[Strings]
Who = "Nobody"
"#;

/// Wine makes and installs devices, but cannot remove or change them (`SetupDiSetClassInstallParamsW` does nothing).
fn devices_are_made_once(Host { wine, directory, program }: &Host) {
    let inf = Wine::path(directory.file("exercised.inf", INF).as_ref());
    let install = |count: &str| {
        let arguments =
            ["install", "--hardware-id", r"ROOT\EXERCISED", "--inf", &inf, "--count", count, "--json"];
        let ended = plain(wine.run(program, &arguments));
        assert_eq!(ended.code, 0, "{}", ended.err);
        let report = ended.json();
        let created = report["created"].as_u64().unwrap();
        (created, report["devices"].as_array().unwrap().len())
    };
    assert_eq!([install("2"), install("2"), install("1"), install("3")], [(2, 2), (0, 2), (0, 2), (1, 3)]);
    // Case does not matter in a hardware ID.
    let status = wine.run(program, &["status", "--hardware-id", r"root\exercised", "--json"]);
    let report = status.json();
    assert_eq!(
        (status.code, report["action"].as_str(), report["created"].as_u64()),
        (0, Some("status"), None)
    );
    let mut names: Vec<_> =
        report["devices"].as_array().unwrap().iter().map(|d| d["instance_id"].as_str()).collect();
    names.dedup();
    assert_eq!(names.len(), 3, "{report:#}");
    let people = wine.run(program, &["status", "--hardware-id", r"ROOT\EXERCISED"]);
    assert_eq!(people.out.lines().count(), 3, "{}", people.out);
}

/// The same work through a driver in Wine and through one in the emulator: `cargo driver compare` finds no difference.
///
/// Without cancelled writes: Wine's host of drivers knows requests by their address, so that a cancel that comes too
/// late now and then hits another request, which has got that address meanwhile.
fn wine_and_the_emulator_agree(host: &Host) {
    let content: Vec<u8> = (0..300_000_u32).map(|n| (n.wrapping_mul(n) >> 7) as u8).collect();
    let file = host.directory.file("content", content);
    let there = Wine::path(file.as_ref());
    for (index, options) in
        [&["--cancel-every", "0"][..], &["--cancel-every=0", "--threads=5", "--readers=3", "--chunk=777"]]
            .into_iter()
            .enumerate()
    {
        let (ended, wine) = host.run(&format!("wine-{index}.json"), &[&["--file", &there], options].concat());
        assert_eq!(ended.code, 0, "{}\n{}", ended.out, ended.err);
        let report = ended.json();
        assert_eq!((&report["host"], &report["verdict"]), (&"windows".into(), &"not-judged".into()));
        assert_eq!((&report["seed"], &report["queue_high_water"]), (&Value::Null, &Value::Null));
        assert_eq!(report["bytes_read"], 300_000);
        assert_eq!(report["sha256_read"], report["sha256_written"]);
        let emulator =
            host.emulate(&format!("emulator-{index}.json"), &[&["--file", &file], options].concat());
        agree(&emulator, &wine);
    }

    // One after the other; the second read waits until it is cancelled.
    let requests =
        ["--write", "hello", "--read", "100", "--read", "4", "--ioctl", "0x22dead::8", "--write=x"];
    let (ended, wine) = host.run("wine-requests.json", &requests);
    let report = ended.json();
    let statuses: Vec<_> =
        report["actions"].as_array().unwrap().iter().map(|done| done["status"].as_str().unwrap()).collect();
    let success = "STATUS_SUCCESS (0x00000000)";
    let expected = [
        success,
        success,
        "STATUS_CANCELLED (0xC0000120)",
        "STATUS_INVALID_DEVICE_REQUEST (0xC0000010)",
        success,
    ];
    assert_eq!((ended.code, statuses), (1, expected.to_vec()), "{report:#}");
    assert_eq!(
        (&report["actions"][1]["data"], &report["actions"][2]["stuck"]),
        (&"68656c6c6f".into(), &true.into())
    );
    agree(&host.emulate("emulator-requests.json", &requests), &wine);
}

fn a_driver_that_fails_or_keeps_requests_is_told_of(host: &Host) {
    let out = host.directory.0.join("out.json");
    let out_there = format!("{}\\out.json", Wine::path(&host.directory.0));
    let (ended, _) = host.run("a.json", &["--ioctl", "0x222004:0102ff:2", "--out", &out_there]);
    let report = ended.json();
    assert_eq!((ended.code, &report["actions"][0]["data"]), (0, &"0102".into()), "{report:#}");
    assert_eq!(fs::read_to_string(&out).unwrap(), ended.out);

    // More than the device takes at once.
    let there = Wine::path(host.directory.file("content", vec![7; 40_000]).as_ref());
    let (ended, _) = host.run("b.json", &["--file", &there, "--chunk", "20000"]);
    let report = ended.json();
    assert_eq!(ended.code, 1);
    assert!(report["requests"]["failures"]["STATUS_INVALID_BUFFER_SIZE (0xC0000206)"].is_u64(), "{report:#}");
    assert!(report["remarks"][0].as_str().unwrap().contains("give a smaller --chunk"), "{report:#}");

    // A request that does not come back, even though it is cancelled.
    let (ended, _) = host.run("c.json", &["--timeout", "2", "--ioctl", "0x222008", "--write", "x"]);
    let report = ended.json();
    assert_eq!((ended.code, report["actions"].as_array().map(Vec::len)), (5, Some(1)), "{report:#}");
    assert_eq!(
        (&report["actions"][0]["status"], &report["actions"][0]["stuck"]),
        (&Value::Null, &true.into())
    );
}

#[test]
fn bad_places_are_refused_before_anything_is_built() {
    let directory = Directory::new();
    start(&["exerciser", "--out", &text(&directory.0)]).refused(2, "is a directory");
    assert_eq!(start(&["exerciser", "--arch", "x86"]).code, 2);
}
