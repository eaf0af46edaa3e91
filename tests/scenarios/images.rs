//! Drivers of this workspace as finished images: built, and run in the emulator.

#![cfg(all(target_os = "linux", target_arch = "x86_64"))]

use wdk_build::{Arch, Profile};
use wdk_emulator::Machine;
use wdk_tests::images;

fn round_trip(package: &str, profile: Profile, name: &str) {
    let Some(built) = images::build(package, Arch::X86_64, profile) else {
        return;
    };
    let machine = Machine::new();
    // SAFETY: built from this workspace a moment ago.
    let driver = unsafe { machine.load_image(&built.image) }.unwrap();
    let device = driver.plug(r"ROOT\IMAGE").unwrap();
    let file = machine.open(name).unwrap();
    assert_eq!(file.write(b"through the image").unwrap(), 17);
    assert_eq!(file.read(32).unwrap(), b"through the image");
    file.close().unwrap();
    device.remove().unwrap();
    driver.unload().unwrap();
    machine.finish().unwrap();
}

#[test]
fn the_virtual_device_runs() {
    round_trip("virtual-device", Profile::Release, r"\\.\VirtualDevice");
}

#[test]
fn the_virtual_device_runs_with_debug_assertions() {
    round_trip("virtual-device", Profile::Dev, r"\\.\VirtualDevice");
}

#[test]
fn echo_runs() {
    round_trip("echo", Profile::Release, r"\\.\Echo");
}
