//! `cargo driver package`, as its users start it.

mod common;

use common::{Directory, Ended, ROOT, text};
use serde_json::Value;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Says that something is not tested; the harness keeps `eprintln!` to itself when a test passes.
fn skipped(what: &str) {
    let _ = writeln!(std::io::stderr(), "\nSKIPPED: {what}\n");
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-driver"));
    command.arg("package").args(arguments).current_dir(ROOT).env_remove("SOURCE_DATE_EPOCH");
    command
}

fn end(mut command: Command) -> Ended {
    let output = command.output().expect("the binary of this package starts");
    Ended {
        code: output.status.code().expect("it ends by itself"),
        out: String::from_utf8(output.stdout).expect("it prints text"),
        err: String::from_utf8(output.stderr).expect("it prints text"),
    }
}

fn package(arguments: &[&str]) -> Ended {
    end(command(arguments))
}

/// Whether this machine can build images; else that is said, and where images are required, it is a failure.
fn can_build() -> bool {
    let doctor = common::start(&["doctor"]);
    let can = doctor.code == 0;
    assert!(can || std::env::var_os("WDK_REQUIRE_IMAGES").is_none(), "{}", doctor.out);
    if !can {
        skipped("no Windows target: see `cargo driver doctor`");
    }
    can
}

/// All files below a directory, with what they hold.
fn tree(path: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(path).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(tree(&path)),
            false => found.push((path.clone(), fs::read(&path).unwrap())),
        }
    }
    found.sort();
    found
}

/// A certificate of its own, so that tests do not share one.
fn certificate(directory: &Directory) -> [String; 2] {
    let certs = text(&directory.0.join("certs"));
    let made = common::start(&["cert", "new", "--name", "Packager", "--out", &certs]);
    assert_eq!(made.code, 0, "{}", made.err);
    ["pfx", "cer"].map(|extension| format!("{certs}/test-signing.{extension}"))
}

/// The INX file of the echo driver, changed.
fn inx(directory: &Directory, change: impl Fn(&str) -> String) -> String {
    let original = fs::read_to_string(Path::new(ROOT).join("inf/echo.inx")).unwrap();
    let changed = change(&original);
    assert_ne!(original, changed, "the test changes something");
    directory.file("echo.inx", changed)
}

#[test]
fn one_command_makes_a_signed_package() {
    if !can_build() {
        return;
    }
    let directory = Directory::new();
    let [pfx, cer] = certificate(&directory);
    let out = text(&directory.0.join("deep/package"));
    let options = ["virtual-device", "--quiet", "--out", &out, "--pfx", &pfx];
    let made = package(&[&options[..], &["--json"]].concat());
    assert_eq!(made.code, 0, "{}", made.err);
    let report: Value = made.json();
    let files = report["files"].as_array().unwrap();
    let names: Vec<_> = files.iter().map(|file| file["file"].as_str().unwrap()).collect();
    assert_eq!(names, ["virtual-device.inf", "virtual_device.sys", "virtual_device.cat"]);
    assert_eq!(report["signer"], "CN=Packager");
    assert_eq!(report["test_certificate"], Value::Null);
    assert_eq!(report["hardware_ids"], serde_json::json!(["ROOT\\VIRTUAL-DEVICE"]));
    assert_eq!(tree(Path::new(&out)).len(), files.len(), "there is nothing else");
    for file in files {
        let path = Path::new(&out).join(file["file"].as_str().unwrap());
        assert_eq!(file["size"].as_u64(), Some(fs::metadata(path).unwrap().len()));
    }
    let inf = fs::read_to_string(Path::new(&out).join("virtual-device.inf")).unwrap();
    assert!(
        inf.contains("KmdfLibraryVersion = 1.15") && inf.contains("NTamd64") && !inf.contains("$ARCH$"),
        "{inf}"
    );
    // The hash that the image has, that its signature has, and that the catalog has.
    let image = format!("{out}/virtual_device.sys");
    let catalog = format!("{out}/virtual_device.cat");
    let verified = common::start(&["sign", "verify", &image, &catalog, "--ca", &cer, "--json"]);
    assert_eq!(verified.code, 0, "{}", verified.err);
    assert_eq!(verified.json()[0]["sha256"], files[1]["authenticode"]);
    let listed = common::start(&["catalog", "list", &catalog, "--json"]).json();
    let members = listed["members"].as_array().unwrap();
    let member =
        members.iter().find(|member| member["file"] == "virtual_device.sys" && member["hash"].is_string());
    assert_eq!(member.unwrap()["hash"], files[1]["authenticode"]);
    let checked = common::start(&["catalog", "check", &catalog, &out, "--ca", &cer]);
    assert_eq!(checked.code, 0, "{}", checked.err);
    assert_eq!(common::start(&["inf", "check", "-w", &format!("{out}/virtual-device.inf")]).code, 0);
    assert_eq!(common::start(&["check", "--strict", &image]).code, 0);
    osslsigncode(&directory, &out);

    // In its place, for people.
    let again = package(&options);
    assert_eq!(again.code, 0, "{}", again.err);
    assert!(
        again.out.contains("virtual_device.cat") && again.out.contains("signed as CN=Packager"),
        "{}",
        again.out
    );
    let beside: Vec<_> = fs::read_dir(directory.0.join("deep")).unwrap().collect();
    assert_eq!(beside.len(), 1, "nothing is left beside the package");
}

/// Another tool's word for it, and against what was changed.
fn osslsigncode(directory: &Directory, out: &str) {
    if Command::new("osslsigncode").arg("--version").output().is_err() {
        assert!(std::env::var_os("WDK_REQUIRE_OSSLSIGNCODE").is_none(), "osslsigncode is not installed");
        return skipped("osslsigncode is not installed, so it does not judge the package");
    }
    let cer = fs::read(directory.0.join("certs/test-signing.cer")).unwrap();
    // It takes PEM only.
    let pem = der::pem::encode_string("CERTIFICATE", der::pem::LineEnding::LF, &cer).unwrap();
    let cer = directory.file("certs/ca.pem", pem);
    let (image, catalog) = (format!("{out}/virtual_device.sys"), format!("{out}/virtual_device.cat"));
    let holds = |arguments: &[&str]| {
        let mut command = Command::new("osslsigncode");
        command.args(["verify", "-CAfile", &cer]).args(arguments);
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(output.status.success(), said.contains("Signature verification: ok"), "{said}");
        output.status.success()
    };
    assert!(holds(&["-in", &image]) && holds(&["-in", &catalog]));
    assert!(holds(&["-catalog", &catalog, "-in", &image]));
    let good = fs::read(&image).unwrap();
    let mut changed = good.clone();
    changed[0x600] ^= 1;
    fs::write(&image, changed).unwrap();
    assert!(!holds(&["-in", &image]) && !holds(&["-catalog", &catalog, "-in", &image]));
    fs::write(&image, good).unwrap();
    let good = fs::read(&catalog).unwrap();
    let mut changed = good.clone();
    let middle = changed.len() / 4;
    changed[middle] ^= 1;
    fs::write(&catalog, changed).unwrap();
    assert!(!holds(&["-in", &catalog]));
    fs::write(&catalog, good).unwrap();
}

#[test]
fn the_same_date_makes_the_same_package() {
    if !can_build() {
        return;
    }
    let directory = Directory::new();
    let [pfx, _] = certificate(&directory);
    let once = |name: &str, epoch: Option<&str>, options: &[&str]| {
        let out = text(&directory.0.join(name));
        let mut command =
            command(&[&["echo", "--quiet", "--release", "--out", &out, "--pfx", &pfx], options].concat());
        if let Some(epoch) = epoch {
            command.env("SOURCE_DATE_EPOCH", epoch);
        }
        let ended = end(command);
        assert_eq!(ended.code, 0, "{}", ended.err);
        let files = tree(Path::new(&out)).into_iter();
        files.map(|(path, content)| (path.file_name().unwrap().to_owned(), content)).collect::<Vec<_>>()
    };
    // Long before the certificate was made.
    let one = once("one", None, &["--date", "02/03/2024"]);
    assert!(one == once("two", None, &["--date", "02/03/2024"]));
    assert!(one == once("three", Some("1706918400"), &[]), "the same day in seconds");
    assert!(one != once("four", None, &["--date", "02/04/2024"]));
    let inf = String::from_utf8(one[1].1.clone()).unwrap();
    assert!(inf.contains("02/03/2024,"), "{inf}");
    let now = wdk_build::time::text(std::time::SystemTime::now());
    let five = once("five", None, &["--date", "02/03/2024", "--time", &now]);
    assert!(five[1] == one[1], "the INF file has no time of a signature");
    assert!(five[0] != one[0] && five[2] != one[2]);
}

#[test]
fn what_goes_wrong_is_one_message_and_changes_nothing() {
    let directory = Directory::new();
    let [pfx, cer] = certificate(&directory);
    let out = text(&directory.0.join("out"));
    let refused = |code: i32, words: &str, arguments: &[&str]| {
        package(&[&["echo", "--out", &out, "--pfx", &pfx], arguments].concat()).refused(code, words);
        assert!(!Path::new(&out).exists());
    };
    // What is named and not there, or not right.
    package(&["no-such-driver"]).refused(2, "no-such-driver");
    refused(8, "cannot read `none.inx`", &["--inx", "none.inx"]);
    refused(8, "it is a directory", &["--inx", "inf"]);
    package(&["echo", "--out", &out, "--pfx", "none.pfx"]).refused(8, "cannot read `none.pfx`");
    package(&["echo", "--out", &out, "--pfx", "inf"]).refused(8, "it is a directory");
    package(&["echo", "--out", &out, "--pfx", &cer]).refused(13, "no PFX");
    package(&["echo", "--out", &out, "--cert", &cer]).refused(2, "no key");
    let late = directory.0.join("late");
    let made = common::start(&["cert", "new", "--name", "x", "--out", &text(&late), "--pfx-password", "x"]);
    assert_eq!(made.code, 0, "{}", made.err);
    package(&["echo", "--out", &out, "--pfx", &text(&late.join("test-signing.pfx"))])
        .refused(13, "password does not open");
    assert_eq!(package(&["echo", "--arch", "mips"]).code, 2);
    assert_eq!(package(&["echo", "--release", "--debug"]).code, 2);
    assert_eq!(package(&["echo", "--date", "2024-01-01"]).code, 2);
    refused(2, "a driver's version is w.x.y.z", &["--driver-version", "1.2.3.4.5"]);
    // INX files.
    let broken = inx(&directory, |text| text.replace("[SourceDisksNames]", "[SourceDisksNames"));
    refused(15, "a section header without `]`", &["--inx", &broken]);
    let wrong =
        inx(&directory, |text| text.replace("[SampleClass]", "[Nowhere]").replace("[Models.", "[Else."));
    let ended = package(&["echo", "--out", &out, "--pfx", &pfx, "--inx", &wrong]);
    assert_eq!((ended.code, ended.out.as_str()), (15, ""), "{}", ended.err);
    assert!(ended.err.contains("error[INF"), "{}", ended.err);
    assert_eq!(ended.err.matches("\nerror: ").count(), 1, "{}", ended.err);
    let other = inx(&directory, |text| text.replace("$ARCH$", "arm64"));
    refused(15, "installs nothing on amd64", &["--inx", &other]);
    let unlisted = inx(&directory, |text| text.replace("echo.sys", "other.sys"));
    refused(15, "the image is `echo.sys`, and the INF file lists `other.sys`", &["--inx", &unlisted]);
    let missing = inx(&directory, |text| text.replace("echo.sys = 1", "echo.sys = 1\nextra.bin = 1"));
    let ended = package(&["echo", "--out", &out, "--pfx", &pfx, "--inx", &missing, "--quiet"]);
    ended.refused(8, "the INF file lists `extra.bin`, and there is no");
    assert!(!Path::new(&out).exists());
    // Targets.
    let file = directory.file("file", "mine");
    package(&["echo", "--out", &file, "--pfx", &pfx]).refused(8, "cannot");
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
    package(&["echo", "--out", &text(&directory.0), "--pfx", &pfx])
        .refused(8, "no package that could be replaced");
    assert_eq!(fs::read_dir(&directory.0).unwrap().count(), 4, "certs, late, the INX file, the file");
}

#[test]
fn an_old_package_stays_when_a_new_one_cannot_be_made() {
    if !can_build() {
        return;
    }
    let directory = Directory::new();
    let [pfx, _] = certificate(&directory);
    let out = directory.0.join("out");
    let options = ["echo", "--quiet", "--release", "--out", &text(&out), "--pfx", &pfx];
    let with = |more: &[&str]| package(&[&options[..], more].concat());
    assert_eq!(with(&[]).code, 0);
    let before = tree(&out);
    let broken = inx(&directory, |text| text.replace("[SourceDisksNames]", "[SourceDisksNames"));
    with(&["--inx", &broken]).refused(15, "without `]`");
    // Cargo says why, and we say what that means.
    assert_eq!(with(&["--features", "no-such-feature"]).code, 6);
    with(&["--timestamp", "http://127.0.0.1:1/"]).refused(13, "no timestamp");
    with(&["--time", "2100-01-01T00:00:00Z"]).refused(13, "expired on");
    // A target below a file, which cannot be made even by root.
    let file = directory.file("file", "mine");
    let below = format!("{file}/package");
    package(&["echo", "--quiet", "--release", "--out", &below, "--pfx", &pfx]).refused(8, "cannot create");
    assert!(tree(&out) == before);
    let hidden = fs::read_dir(&directory.0)
        .unwrap()
        .filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().starts_with('.'));
    assert_eq!(hidden.count(), 0, "nothing half-written is left");
}

#[test]
fn the_test_certificate_is_made_once() {
    if !can_build() {
        return;
    }
    let directory = Directory::new();
    let out = text(&directory.0.join("out"));
    let once = || {
        let ended = package(&["echo", "--quiet", "--release", "--out", &out, "--json"]);
        assert_eq!(ended.code, 0, "{}", ended.err);
        ended.json()
    };
    let (one, two) = (once(), once());
    assert_eq!(one["signer"], "CN=cargo driver test signing");
    assert_eq!(one["thumbprint"], two["thumbprint"]);
    let certificate = one["test_certificate"].as_str().unwrap();
    let verified = common::start(&["sign", "verify", &format!("{out}/echo.sys"), "--ca", certificate]);
    assert_eq!(verified.code, 0, "{}", verified.err);
}

#[test]
fn a_package_is_for_the_processor_that_was_asked_for() {
    if !can_build() {
        return;
    }
    let directory = Directory::new();
    let out = text(&directory.0.join("out"));
    let ended = package(&["echo", "--quiet", "--release", "--arch", "aarch64", "--out", &out, "--json"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert_eq!(ended.json()["arch"], "aarch64");
    let inf = fs::read_to_string(Path::new(&out).join("echo.inf")).unwrap();
    assert!(inf.contains("NTarm64") && !inf.contains("NTamd64"), "{inf}");
    let image = fs::read(Path::new(&out).join("echo.sys")).unwrap();
    let header = u32::from_le_bytes(image[0x3C..0x40].try_into().unwrap()) as usize;
    assert_eq!(image[header + 4..header + 6], 0xAA64_u16.to_le_bytes(), "IMAGE_FILE_MACHINE_ARM64");
    let listed = common::start(&["catalog", "list", &format!("{out}/echo.cat"), "--json"]).out;
    assert!(listed.contains("ARM64") && !listed.contains("X64"), "{listed}");
}

/// Drivers in workspaces of their own, in the style of windows-drivers-rs: their INX files are beside `Cargo.toml`.
#[test]
fn umdf_and_wdm_drivers_are_packaged_too() {
    if !can_build() {
        return;
    }
    let directory = Directory::new();
    for (kind, file, model) in [("umdf", "compat_umdf.dll", "UMDF"), ("wdm", "compat_wdm.sys", "WDM")] {
        let out = text(&directory.0.join(kind));
        let driver = format!("tests/compat/{kind}");
        let mut command = command(&[&driver, "--quiet", "--out", &out, "--inf-mode", "windows", "--json"]);
        // Where this test was built, so that what both need is built once.
        command.env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap());
        let ended = end(command);
        assert_eq!(ended.code, 0, "{}", ended.err);
        let report = ended.json();
        assert_eq!(report["model"]["driver-type"], model);
        assert_eq!(report["files"][1]["file"], file);
        let catalog = format!("{out}/compat_{kind}.cat");
        let checked = common::start(&["catalog", "check", &catalog, &out]);
        assert_eq!(checked.code, 0, "{}", checked.err);
        if kind == "umdf" {
            let inf = fs::read_to_string(Path::new(&out).join("compat_umdf.inf")).unwrap();
            assert!(inf.contains("UmdfLibraryVersion = 2.33.0"), "{inf}");
        }
    }
}
