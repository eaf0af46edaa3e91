//! Driver images in C: what only an image can do, and what becomes of it. The images are in `tests/images`, with
//! their sources.

#![cfg(all(target_os = "linux", target_arch = "x86_64"))]

mod exceptions;
mod faults;
mod imports;
mod loader;
mod traps;

use std::path::PathBuf;
use wdk_emulator::{Driver, Error, File, Machine, Verdict};

/// The path of an image.
fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("images/{name}/{name}.sys"))
}

fn load(machine: &Machine, name: &str) -> Driver {
    // SAFETY: an image of this repository, whose source is beside it.
    unsafe { machine.load_image(path(name)) }.unwrap()
}

/// A machine with an image that has a device, which is open.
fn open(machine: Machine, name: &str, link: &str) -> (Machine, File) {
    load(&machine, name).plug(r"ROOT\IMAGE").unwrap();
    let file = machine.open(link).unwrap();
    (machine, file)
}

/// Calls a function of an image.
fn call(file: &File, function: u32, input: u64) -> Result<u64, Error> {
    let answer = file.ioctl(0x22_0000 | function << 2, &input.to_le_bytes(), 8)?;
    Ok(u64::from_le_bytes(answer.try_into().expect("8 bytes")))
}

/// The verdict that a call ends with.
fn verdict(file: &File, function: u32, input: u64) -> Verdict {
    let error = call(file, function, input).expect_err("the run stops");
    error.verdict().unwrap_or_else(|| panic!("{error}")).clone()
}
