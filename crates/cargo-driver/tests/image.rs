//! `cargo driver build`, `check` and `doctor`, as their users start them.

mod common;

use common::{Directory, Ended, ROOT, can_build, start};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const C_IMAGE: &str = "tests/images/echo/echo.sys";

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-driver"));
    command.args(arguments).current_dir(ROOT);
    command
}

fn end(mut command: Command) -> Ended {
    let output = command.output().expect("the binary of this package starts");
    Ended::of(output)
}

#[test]
fn doctor_says_what_there_is_and_ends_accordingly() {
    let people = start(&["doctor"]);
    let json = start(&["doctor", "--json"]);
    let value = json.json();
    assert_eq!(people.code, json.code);
    assert_eq!(json.code == 0, !value["toolchain"].is_null());
    assert!([0, 10].contains(&json.code));
    assert!(people.out.contains("linker"), "{}", people.out);
}

#[test]
fn doctor_without_any_tool_says_what_to_install() {
    let mut command = command(&["doctor"]);
    command.env("PATH", "/nowhere").env("RUSTC", "/nowhere/rustc");
    let ended = end(command);
    // A system's compiler may be there all the same; the active one is not.
    assert!([0, 10].contains(&ended.code), "{}", ended.err);
    assert!(ended.out.contains("no       Rust compiler that cargo uses"), "{}", ended.out);
}

#[test]
fn check_prints_a_line_for_each_rule_and_judges() {
    let people = start(&["check", C_IMAGE]);
    let json = start(&["check", C_IMAGE, "--json"]);
    // This image of a C compiler has no checksum.
    assert_eq!((people.code, json.code), (11, 11), "{}", people.err);
    assert!(people.out.lines().any(|line| line.starts_with("ERROR") && line.contains("checksum")));
    let value = json.json();
    let lines = value["lines"].as_array().unwrap();
    assert!(
        lines.len() > 20 && lines.iter().all(|line| line["found"].as_str().is_some_and(|f| !f.is_empty()))
    );
    assert_eq!((value["good"].as_bool(), value["exit_code"].as_u64()), (Some(false), Some(11)));
    let machine = lines.iter().find(|line| line["rule"] == "machine").unwrap();
    assert_eq!((machine["outcome"].as_str(), machine["found"].as_str()), (Some("pass"), Some("x86-64")));
}

#[test]
fn what_is_no_driver_image_is_refused_with_a_reason() {
    let directory = Directory::new();
    let good = fs::read(Path::new(ROOT).join(C_IMAGE)).unwrap();
    let header = u32::from_le_bytes(good[0x3C..0x40].try_into().unwrap()) as usize;
    let mut small = good.clone();
    small[header + 4..header + 6].copy_from_slice(&0x014C_u16.to_le_bytes());
    small[header + 24..header + 26].copy_from_slice(&0x010B_u16.to_le_bytes());
    let cases = [
        ("empty.sys", Vec::new(), "is empty"),
        ("text.sys", b"no image, but long enough to be looked at for one".to_vec(), "no Windows image"),
        ("elf.sys", fs::read(env!("CARGO_BIN_EXE_cargo-driver")).unwrap(), "no Windows image"),
        ("cut.sys", good[..good.len() - 600].to_vec(), "truncated"),
        ("headers.sys", good[..header + 60].to_vec(), "truncated"),
        ("small.sys", small, "32-bit"),
    ];
    for (name, content, expected) in cases {
        let path = directory.file(name, &content);
        start(&["check", &path]).refused(12, expected);
    }
    start(&["check", directory.0.to_str().unwrap()]).refused(12, "is a directory");
    start(&["check", directory.0.join("missing.sys").to_str().unwrap()]).refused(8, "cannot read");
    assert_eq!(start(&["check"]).code, 2);
}

#[test]
fn build_refuses_what_it_cannot_build() {
    start(&["build", "no-such-driver"]).refused(2, "no-such-driver");
    start(&["build", "echo", "--out", "/tmp"]).refused(2, "is a directory");
    assert_eq!(start(&["build", "echo", "--arch", "mips"]).code, 2);
    let directory = Directory::new();
    fs::create_dir(directory.0.join("src")).unwrap();
    directory.file("src/lib.rs", b"");
    let manifest = "[package]\nname = \"odd\"\nversion = \"0.1.0\"\n[workspace]\n\
                    [package.metadata.wdk.driver-model]\ndriver-type = \"NDIS\"\n";
    directory.file("Cargo.toml", manifest.as_bytes());
    start(&["build", directory.0.to_str().unwrap()]).refused(6, "expected KMDF, UMDF or WDM");
}

#[test]
fn without_a_compiler_build_says_what_to_install_and_makes_nothing() {
    let directory = Directory::new();
    let out = directory.0.join("echo.sys");
    let mut command = command(&["build", "echo", "--out", out.to_str().unwrap()]);
    // Cargo itself is found through `CARGO`, which this test has from cargo.
    command.env("RUSTC", "/nowhere/rustc").env("PATH", "/nowhere");
    let ended = end(command);
    if Path::new("/usr/bin/rustc").exists() {
        // The system's compiler serves without the active one, and a linker may be missing or not.
        return;
    }
    ended.refused(10, "install:");
    assert!(!out.exists());
}

#[test]
fn build_makes_an_image_that_check_accepts() {
    if !can_build() {
        return;
    }
    let directory = Directory::new();
    let out = directory.0.join("there/echo.sys");
    let built = start(&["build", "echo", "--release", "--quiet", "--json", "--out", out.to_str().unwrap()]);
    assert_eq!(built.code, 0, "{}", built.err);
    let value = built.json();
    assert_eq!(value["image"].as_str(), out.to_str());
    assert_eq!(value["size"].as_u64(), Some(fs::metadata(&out).unwrap().len()));
    assert_eq!(value["model"]["driver-type"], "KMDF");
    assert!(out.with_file_name("echo.pdb").is_file());
    assert_eq!(fs::read_dir(out.parent().unwrap()).unwrap().count(), 2, "nothing else is left there");
    let checked = start(&["check", "--strict", out.to_str().unwrap()]);
    assert_eq!(checked.code, 0, "{}{}", checked.out, checked.err);
}

/// A driver in a workspace of its own, whose build script does what those of windows-drivers-rs do.
fn driver_with_build_script(directory: &Directory) -> PathBuf {
    let root = Path::new(ROOT).canonicalize().unwrap();
    let root = root.to_str().unwrap();
    for inner in ["src", ".cargo"] {
        fs::create_dir(directory.0.join(inner)).unwrap();
    }
    let manifest = format!(
        "[package]\nname = \"scripted\"\nversion = \"3.2.1\"\nedition = \"2024\"\n[workspace]\n\
         [package.metadata.wdk.driver-model]\ndriver-type = \"KMDF\"\nkmdf-version-major = 1\n\
         target-kmdf-version-minor = 15\n[lib]\ncrate-type = [\"cdylib\"]\n\
         [dependencies]\nwdk = {{ path = \"{root}/crates/wdk\" }}\n\
         [build-dependencies]\nwdk-build = {{ path = \"{root}/crates/wdk-build\" }}\n\
         [profile.dev]\npanic = \"abort\"\n[profile.release]\npanic = \"abort\"\nlto = \"fat\"\n\
         codegen-units = 1\nopt-level = \"z\"\n"
    );
    directory.file("Cargo.toml", manifest.as_bytes());
    fs::copy(format!("{root}/Cargo.lock"), directory.0.join("Cargo.lock")).unwrap();
    directory.file(
        "build.rs",
        b"fn main() -> Result<(), wdk_build::ConfigError> { wdk_build::configure_wdk_binary_build() }\n",
    );
    directory.file(
        "src/lib.rs",
        b"#![no_std]\nuse wdk::prelude::*;\nwdk::driver!(Nothing);\nstruct Nothing;\nimpl Driver for Nothing {\n\
          fn device_add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()> {\n\
          init.create(|_, _| Ok(()), irql)?;\nOk(())\n}\n}\n",
    );
    directory.0.join("Cargo.toml")
}

#[test]
fn a_build_script_and_plain_cargo_make_an_image_that_keeps_all_rules() {
    if !can_build() {
        return;
    }
    let directory = Directory::new();
    let manifest = driver_with_build_script(&directory);
    let doctor = start(&["doctor", "--json"]).json();
    let toolchain = &doctor["toolchain"];
    let linker = toolchain["linker"]["path"].as_str().unwrap_or("link.exe");
    let mut build = Command::new(env!("CARGO"));
    build.args(["build", "--quiet", "--release", "--target", "x86_64-pc-windows-msvc", "--manifest-path"]);
    build.arg(&manifest).arg("--target-dir").arg(directory.0.join("target"));
    build.env("RUSTC", toolchain["compiler"]["rustc"].as_str().unwrap());
    build.env("CARGO_TARGET_X86_64_PC_WINDOWS_MSVC_LINKER", linker);
    build.env("CARGO_TARGET_X86_64_PC_WINDOWS_MSVC_RUSTFLAGS", "-Ccontrol-flow-guard");
    if toolchain["standard_library"] != "installed" {
        build
            .args(["-Zbuild-std=core,alloc,compiler_builtins", "-Zbuild-std-features=compiler-builtins-mem"]);
        build.env("RUSTC_BOOTSTRAP", "1");
    }
    // A script that finds no linker says what to do.
    let mut without = Command::new(build.get_program());
    without.args(build.get_args()).envs(build.get_envs().filter_map(|(name, value)| Some((name, value?))));
    without.env_remove("CARGO_TARGET_X86_64_PC_WINDOWS_MSVC_LINKER");
    let output = without.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains("no linker is configured"), "{said}");

    let output = build.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let image = directory.0.join("target/x86_64-pc-windows-msvc/release/scripted.dll");
    let checked = start(&["check", "--strict", image.to_str().unwrap()]);
    assert_eq!(checked.code, 0, "{}{}", checked.out, checked.err);
    assert!(checked.out.contains("version 3.2.1.0"), "{}", checked.out);

    // And for a host the same script does nothing.
    let mut host = Command::new(env!("CARGO"));
    host.args(["build", "--quiet", "--release", "--manifest-path"]).arg(&manifest);
    // The same compiler: what the build script depends on is there already.
    host.env(
        "RUSTC",
        build.get_envs().find_map(|(name, value)| (name == "RUSTC").then_some(value?)).unwrap(),
    );
    host.arg("--target-dir").arg(directory.0.join("target"));
    let output = host.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
