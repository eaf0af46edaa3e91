//! The program for a Windows test machine. What it does is in the library, as [`wdk_exerciser::program`].

#![cfg_attr(windows, no_std, no_main)]
#![forbid(unsafe_code)]

#[cfg(windows)]
wdk_exerciser::program!(wdk_exerciser::program::main);

#[cfg(not(windows))]
fn main() -> std::process::ExitCode {
    eprintln!("error: wdk-exerciser is a program for Windows (build it with `cargo driver exerciser`)");
    std::process::ExitCode::from(wdk_exerciser::Exit::Usage.code())
}
