//! Drivers of this workspace as finished images: built, judged, and run in the emulator.

use std::fs;
use std::path::{Path, PathBuf};
use wdk_build::check;
use wdk_build::driver::Built;
use wdk_build::{Arch, Profile};
use wdk_tests::images;

/// Every rule, warnings included.
fn keeps_all_rules(built: &Built) {
    let report = check::check_file(&built.image).unwrap();
    let broken: Vec<_> = report.broken().collect();
    assert!(broken.is_empty(), "{}: {broken:#?}", built.image.display());
}

#[test]
#[cfg_attr(not(wdk_images), ignore = "SKIPPED: no Windows target")]
fn release_images_keep_all_rules() {
    for driver in ["drivers/echo", "drivers/virtual-device"] {
        let Some(built) = images::build(driver, Arch::X86_64, Profile::Release) else { return };
        keeps_all_rules(&built);
    }
}

#[test]
#[cfg_attr(not(wdk_images), ignore = "SKIPPED: no Windows target")]
fn release_images_are_small() {
    // `drivers/echo` is to be no larger than the same driver in C.
    let limits = [("drivers/echo", 11 * 1024), ("drivers/virtual-device", 16 * 1024)];
    let mut sizes = Vec::new();
    for (driver, limit) in limits {
        let Some(built) = images::build(driver, Arch::X86_64, Profile::Release) else { return };
        sizes.push((driver, built.size, limit));
    }
    assert!(sizes.iter().all(|(_, size, limit)| size <= limit), "(driver, bytes, limit): {sizes:?}");
}

#[test]
#[cfg_attr(not(wdk_images), ignore = "SKIPPED: no Windows target")]
fn dev_images_keep_all_rules() {
    let Some(built) = images::build("drivers/virtual-device", Arch::X86_64, Profile::Dev) else { return };
    keeps_all_rules(&built);
}

#[test]
#[cfg_attr(not(wdk_images), ignore = "SKIPPED: no Windows target")]
fn arm64_images_keep_all_rules() {
    for driver in ["drivers/virtual-device", "tests/drivers/arithmetic"] {
        let Some(built) = images::build(driver, Arch::Aarch64, Profile::Release) else { return };
        keeps_all_rules(&built);
    }
}

#[test]
#[cfg_attr(not(wdk_images), ignore = "SKIPPED: no Windows target")]
fn release_images_carry_no_formatting_and_no_path_of_the_build() {
    let Some(built) = images::build("drivers/echo", Arch::X86_64, Profile::Release) else { return };
    let image = fs::read(&built.image).unwrap();
    let has = |text: &str| image.windows(text.len()).any(|window| window == text.as_bytes());
    // What `core::fmt` brings: the table of pairs of digits, and the messages of index and unwrap failures.
    for text in ["00010203040506070809", "index out of bounds", "called `"] {
        assert!(!has(text), "{text}");
    }
    let root = images::workspace();
    for path in [root.to_str().unwrap(), "/.cargo/", "/rustlib/"] {
        assert!(!has(path), "{path}");
    }
    // It does say where a panic was.
    assert!(has("crates/wdk/src/delivery.rs"));
}

#[test]
#[cfg_attr(not(wdk_images), ignore = "SKIPPED: no Windows target")]
fn image_and_debug_information_have_the_same_guid() {
    let Some(built) = images::build("drivers/echo", Arch::X86_64, Profile::Release) else { return };
    let image = fs::read(&built.image).unwrap();
    let headers = wdk_build::image::Headers::read(&image).unwrap();
    let record = wdk_build::image::code_view(&image, &headers).unwrap().expect("it has debug information");
    let symbols = built.symbols.expect("there is a PDB beside it");
    assert_eq!(symbols.file_name().unwrap().to_str().unwrap(), record.path);
    let pdb = fs::read(symbols).unwrap();
    let guid = wdk_build::image::pdb_guid(&pdb).expect("it is a PDB");
    assert_eq!(pdb[guid], record.guid);
    assert_ne!(record.guid, [0; 16]);
}

/// Copies what makes the workspace, without what was built.
fn copy_sources(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name();
        let name = name.to_str().unwrap();
        let kind = entry.file_type().unwrap();
        if name.starts_with('.') || name.starts_with("target") {
            continue;
        }
        if kind.is_dir() {
            copy_sources(&entry.path(), &to.join(name));
        } else if kind.is_file() {
            fs::copy(entry.path(), to.join(name)).unwrap();
        }
    }
}

/// Removed when the test ends, however it ends.
struct Directory(PathBuf);

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
#[cfg_attr(not(wdk_images), ignore = "SKIPPED: no Windows target")]
fn two_builds_in_two_directories_are_the_same_bytes() {
    let Some(here) = images::build("drivers/echo", Arch::X86_64, Profile::Release) else { return };
    let name = format!("wdk-another-place-{}", std::process::id());
    let there = Directory(std::env::temp_dir().join(name));
    let root = there.0.join("and/deeper");
    copy_sources(&images::workspace(), &root);
    let target = there.0.join("out");
    let built = images::build_in(&root, &target, "drivers/echo", Arch::X86_64, Profile::Release).unwrap();
    assert_ne!(built.image, here.image);
    assert!(fs::read(&built.image).unwrap() == fs::read(&here.image).unwrap(), "the images differ");
}

#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod emulated {
    use super::*;
    use wdk_emulator::Machine;

    /// Loads an image, starts its device, and takes all of it down again around `talk`.
    fn run(driver: &str, profile: Profile, talk: impl FnOnce(&Machine)) -> Option<String> {
        let built = images::build(driver, Arch::X86_64, profile)?;
        let machine = Machine::builder().trace().build();
        // SAFETY: built from this workspace a moment ago.
        let driver = unsafe { machine.load_image(&built.image) }.unwrap();
        let device = driver.plug(r"ROOT\IMAGE").unwrap();
        talk(&machine);
        device.remove().unwrap();
        driver.unload().unwrap();
        let trace = machine.take_trace();
        machine.finish().unwrap();
        Some(trace)
    }

    fn round_trip(machine: &Machine, name: &str) {
        let file = machine.open(name).unwrap();
        assert_eq!(file.write(b"through the image").unwrap(), 17);
        assert_eq!(file.read(32).unwrap(), b"through the image");
        file.close().unwrap();
    }

    #[test]
    #[cfg_attr(not(wdk_images), ignore = "SKIPPED: no Windows target")]
    fn the_virtual_device_runs() {
        run("drivers/virtual-device", Profile::Release, |machine| round_trip(machine, r"\\.\VirtualDevice"));
    }

    #[test]
    #[cfg_attr(not(wdk_images), ignore = "SKIPPED: no Windows target")]
    fn the_virtual_device_runs_with_debug_assertions() {
        run("drivers/virtual-device", Profile::Dev, |machine| round_trip(machine, r"\\.\VirtualDevice"));
    }

    #[test]
    #[cfg_attr(not(wdk_images), ignore = "SKIPPED: no Windows target")]
    fn echo_runs_and_is_bound_to_the_version_of_its_manifest() {
        let trace = run("drivers/echo", Profile::Release, |machine| round_trip(machine, r"\\.\Echo"));
        let Some(trace) = trace else { return };
        assert!(trace.contains("binds to KMDF 1.15\n"), "{trace}");
    }

    /// The image computes what the host computes, and binds as its manifest says.
    fn arithmetic_runs(profile: Profile) {
        let trace = run("tests/drivers/arithmetic", profile, |machine| {
            let file = machine.open(r"\\.\Arithmetic").unwrap();
            for number in [0, 7, 1 << 40, u64::MAX] {
                assert_eq!(file.write(&u64::to_le_bytes(number)).unwrap(), 8);
                let expected: Vec<u8> =
                    arithmetic::compute(number).iter().flat_map(|result| result.to_le_bytes()).collect();
                assert_eq!(file.read(24).unwrap(), expected, "{number}");
            }
            file.close().unwrap();
        });
        let Some(trace) = trace else { return };
        // The minimum version reaches the framework where it is not the target.
        assert!(trace.contains("binds to KMDF 1.33 (from 1.25)"), "{trace}");
    }

    #[test]
    #[cfg_attr(not(wdk_images), ignore = "SKIPPED: no Windows target")]
    fn large_frames_floating_point_and_128_bits_run() {
        arithmetic_runs(Profile::Release);
    }

    #[test]
    #[cfg_attr(not(wdk_images), ignore = "SKIPPED: no Windows target")]
    fn large_frames_floating_point_and_128_bits_run_with_debug_assertions() {
        arithmetic_runs(Profile::Dev);
    }
}
