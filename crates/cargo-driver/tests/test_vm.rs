//! `cargo driver package --test-vm`, as its users start it.

mod common;
#[path = "common/wine.rs"]
mod wine;

use common::{Directory, Ended, ROOT, start, text};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use wine::Wine;

/// The options of a package that no other test makes.
struct Place {
    directory: Directory,
    pfx: String,
    cer: String,
}

impl Place {
    fn new() -> Self {
        let directory = Directory::new();
        let certs = text(&directory.0.join("certs"));
        let made = start(&["cert", "new", "--name", "Packager", "--out", &certs]);
        assert_eq!(made.code, 0, "{}", made.err);
        let [pfx, cer] = ["pfx", "cer"].map(|extension| format!("{certs}/test-signing.{extension}"));
        Self { directory, pfx, cer }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.0.join(name)
    }

    fn package(&self, driver: &str, more: &[&str]) -> Ended {
        let out = text(&self.path("x_package"));
        let arguments = ["package", driver, "--out", &out, "--pfx", &self.pfx, "--quiet"];
        start(&[&arguments[..], more].concat())
    }
}

/// All files below a directory.
fn tree(top: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut places = vec![top.to_owned()];
    while let Some(place) = places.pop() {
        for entry in fs::read_dir(place).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => places.push(path),
                false => {
                    let name = text(path.strip_prefix(top).unwrap());
                    found.insert(name, fs::read(&path).unwrap());
                }
            }
        }
    }
    found
}

fn json_of(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).expect("it is JSON")
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn one_command_makes_the_folder() {
    if !common::can_build() {
        return;
    }
    let place = Place::new();
    let stream = place.directory.file("a file", (0..20_000).map(|n| n as u8).collect::<Vec<_>>());
    let scenario = ["--test-vm", "--file", &stream, "--chunk", "1000", "--verifier", "all", "--json"];
    let made = place.package("virtual-device", &scenario);
    assert_eq!(made.code, 0, "{}", made.err);
    let folder = tree(&place.path("x_test_vm"));
    let package = tree(&place.path("x_package"));

    for (name, content) in &package {
        assert_eq!(folder.get(&format!("package/{name}")), Some(content), "{name}");
    }
    let scripts = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("test-vm")).unwrap();
    for path in scripts.map(|entry| entry.unwrap().path()).filter(|path| path.extension().unwrap() == "ps1") {
        let name = text(path.file_name().unwrap().as_ref());
        let expected = fs::read_to_string(&path).unwrap().replace('\n', "\r\n");
        assert_eq!(folder.get(&name).map(Vec::as_slice), Some(expected.as_bytes()), "{name}");
    }
    assert_eq!(folder["certificate.cer"], fs::read(&place.cer).unwrap());
    assert_eq!(folder["stream.bin"], fs::read(&stream).unwrap());
    let exerciser = &folder["wdk-exerciser.exe"];
    let header = u32::from_le_bytes(exerciser[0x3c..0x40].try_into().unwrap()) as usize;
    assert_eq!(exerciser[header..header + 6], *b"PE\0\0\x64\x86", "a program for x64");

    let expected = json_of(&folder["expected.json"]);
    assert_eq!((&expected["verdict"], &expected["exit_code"]), (&json!("clean"), &json!(0)));
    assert_eq!(expected["sha256_read"], sha256(&folder["stream.bin"]));
    assert_eq!(expected["chunk"], 1000);

    let settings = json_of(&folder["settings.json"]);
    for (field, value) in [
        ("/driver", json!("virtual-device")),
        ("/processor", json!("AMD64")),
        ("/inf", json!("virtual-device.inf")),
        ("/image", json!("virtual_device.sys")),
        ("/service", json!("virtual_device")),
        ("/hardwareId", json!("ROOT\\VIRTUAL-DEVICE")),
        ("/verifier/level", json!("all")),
        ("/verifier/flags", json!("0x209bb")),
        ("/scenario/file", json!("stream.bin")),
        ("/scenario/arguments/2", json!("--chunk")),
        ("/scenario/arguments/3", json!("1000")),
    ] {
        assert_eq!(settings.pointer(field), Some(&value), "{field}");
    }
    let values = settings["verifier"]["kmdf"].as_array().unwrap();
    assert!(values.contains(&json!({ "name": "VerifierOn", "type": "DWord", "data": 1 })), "{values:?}");
    assert!(values.contains(&json!({ "name": "TrackHandles", "type": "MultiString", "data": ["*"] })));
    let readme = String::from_utf8(folder["README.txt"].clone()).unwrap();
    assert!(readme.contains("run-all.ps1") && readme.contains("verdict: clean"), "{readme}");
    // What the scripts ask for is there: strict mode stops at a name that is missing.
    for (name, content) in folder.iter().filter(|(name, _)| name.ends_with(".ps1")) {
        for path in asked(&String::from_utf8_lossy(content)) {
            assert!(settings.pointer(&path).is_some(), "{name} reads settings{}", path.replace('/', "."));
        }
    }

    under_wine(&place, &settings);

    let report = made.json();
    let ran = &report["test_vm"]["expected"]["of"];
    let confined = cfg!(all(target_os = "linux", target_arch = "x86_64")) && common::confined();
    assert_eq!(ran, if confined { "image" } else { "linked" });
    assert_eq!(report["test_vm"]["flags"], "0x209bb");

    // Once more, otherwise: it is replaced as a whole.
    fs::remove_file(place.path("x_test_vm/collect.ps1")).unwrap();
    let made = place.package(
        "virtual-device",
        &["--test-vm", "--file", &stream, "--verifier", "off", "--no-expected", "--open", r"\\.\Virtual"],
    );
    assert_eq!(made.code, 0, "{}", made.err);
    let folder = tree(&place.path("x_test_vm"));
    assert!(folder.contains_key("collect.ps1") && !folder.contains_key("expected.json"));
    let settings = json_of(&folder["settings.json"]);
    assert_eq!(settings["verifier"], json!({ "level": "off", "flags": "0x0", "kmdf": [] }));
    assert_eq!(settings["scenario"]["arguments"][1], "Virtual");
    // A folder with something of the user's stays.
    place.directory.file("x_test_vm/results/windows.json", "{}");
    let before = tree(&place.path("x_test_vm"));
    place.package("virtual-device", &["--test-vm", "--file", &stream]).refused(8, "`results` is in it");
    assert_eq!(tree(&place.path("x_test_vm")), before);
}

/// The exerciser of the folder understands what the scripts say to it. There is no such device under Wine.
fn under_wine(place: &Place, settings: &Value) {
    let Some(wine) = Wine::new() else { return };
    let folder = place.path("x_test_vm");
    let at = |name: &str| Wine::path(&folder.join(name));
    let script = fs::read_to_string(folder.join("exercise.ps1")).unwrap();
    let built = "$arguments = @('run') + @($Settings.scenario.arguments)\r\n    $arguments += @('--file', $file, '--timeout', \
                 $seconds, '--driver', $Settings.driver, '--json', '--out', $out)\r\n";
    assert!(script.contains(built), "the arguments below are those of the script");
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let mut run = vec!["run".to_owned()];
    run.extend(settings["scenario"]["arguments"].as_array().unwrap().iter().map(text));
    for (option, value) in [
        ("--file", at("stream.bin")),
        ("--timeout", text(&settings["scenario"]["timeout"])),
        ("--driver", text(&settings["driver"])),
        ("--out", format!(r"{}\windows.json", Wine::path(&place.directory.0))),
    ] {
        run.extend([option.to_owned(), value]);
    }
    run.push("--json".to_owned());
    let id = text(&settings["hardwareId"]);
    let mut calls = vec![run];
    calls.extend(
        ["restart", "disable", "enable", "remove"]
            .map(|verb| [verb, "--hardware-id", &id].map(str::to_owned).to_vec()),
    );
    for arguments in calls {
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        let ended = wine.run(&at("wdk-exerciser.exe"), &arguments);
        assert_eq!(ended.code, 16, "{arguments:?}: {}{}", ended.out, ended.err);
        assert!(ended.err.contains("device not found"), "{arguments:?}: {}", ended.err);
    }
}

/// The members of `settings.json` that a script reads, as JSON pointers.
fn asked(script: &str) -> Vec<String> {
    let member = |c: char| c.is_ascii_alphanumeric() || c == '.';
    let of = |object: &str| {
        // What stands before the first use is none.
        let uses = script.split(object).skip(1);
        let paths = uses.map(|rest| rest.split(|c| !member(c)).next().unwrap().trim_end_matches('.'));
        paths.map(|path| format!("/{}", path.replace('.', "/"))).collect::<Vec<_>>()
    };
    [of("$Settings."), of("$settings.")].concat()
}

#[test]
fn the_members_that_a_script_reads_are_found() {
    assert_eq!(asked("x $Settings.a.b) y \"$($settings.inf)\""), ["/a/b", "/inf"]);
}

#[test]
fn what_is_wrong_is_said_before_anything_is_built() {
    let place = Place::new();
    for (driver, more, code, words) in [
        ("virtual-device", &["--verifier", "all"][..], 2, "give --test-vm"),
        ("virtual-device", &["--test-vm", "--file", "none.bin"], 8, "none.bin"),
        ("virtual-device", &["--test-vm", "--no-expected"], 2, "give --interface or --open"),
        ("virtual-device", &["--test-vm", "--test-vm-out", "crates"], 8, "no folder for a test VM"),
    ] {
        place.package(driver, more).refused(code, words);
    }
    for (more, words) in [
        (&["--test-vm", "--verifier", "most"][..], "most"),
        (&["--test-vm", "--interface", "x"], "a GUID looks like"),
        (
            &["--test-vm", "--open", "x", "--interface", "3c5b0a2e-90d1-4a55-8f0e-0b1d2c3e4f50"],
            "cannot be used with",
        ),
        (&["--test-vm", "--threads", "65"], "65"),
    ] {
        let ended = place.package("virtual-device", more);
        assert_eq!(ended.code, 2, "{}", ended.err);
        assert!(ended.err.contains(words), "{}", ended.err);
    }
    let umdf = place.path("user");
    let made = start(&["new", "user", "--umdf", "--path", &text(&umdf), "--wdk", ROOT]);
    assert_eq!(made.code, 0, "{}", made.err);
    place.package(&text(&umdf), &["--test-vm"]).refused(2, "UMDF driver has no folder");
    assert!(!place.path("x_package").exists() && !place.path("x_test_vm").exists());
}

#[test]
fn a_hardware_id_of_another_driver_is_refused() {
    if !common::can_build() {
        return;
    }
    let place = Place::new();
    let ended = place.package("virtual-device", &["--test-vm", "--hardware-id", r"ROOT\OTHER"]);
    ended.refused(15, r"installs nothing for `ROOT\OTHER`");
    assert!(!place.path("x_test_vm").exists(), "nothing half-written");
}
