//! The program for a Windows test machine; its manual is in `docs/cli.md`.

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
    eprintln!("error: wdk-exerciser is a program for Windows (build it with `cargo driver exerciser`)");
    std::process::ExitCode::from(wdk_exerciser::Exit::Usage.code())
}
