//! The conformance kit's program for a Windows test machine; its manual is `docs/conformance.md`.

#![cfg_attr(windows, no_std, no_main)]
#![forbid(unsafe_code)]

#[cfg(windows)]
extern crate alloc;

#[cfg(windows)]
mod program;

#[cfg(windows)]
wdk_exerciser::program!(program::main);

#[cfg(not(windows))]
fn main() -> std::process::ExitCode {
    eprintln!("error: wdk-conformance is a program for Windows (`docs/conformance.md` says how to build it)");
    std::process::ExitCode::from(2)
}
