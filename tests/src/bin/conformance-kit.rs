//! The conformance kit's other half beside `cargo driver compare`: performs the experiments in the emulator, and builds
//! the program that performs them on Windows. `docs/conformance.md` is its manual.

use std::path::PathBuf;
use std::process::ExitCode;
use wdk_build::program::Program;
use wdk_build::{Arch, files};
use wdk_tests::both::Form;
use wdk_tests::conformance::results;
use wdk_tests::images;

const USAGE: &str = "\
Usage: conformance-kit emulator [--image] [--out FILE]   performs the experiments in the emulator, with the driver linked
                                                         or as its image, and prints or writes the results
       conformance-kit program [--arch ARCH] --out FILE  builds wdk-conformance.exe for x86_64 or aarch64";

fn main() -> ExitCode {
    match run() {
        Ok(code) => ExitCode::from(code),
        Err((code, why)) => {
            eprintln!("error: {why}");
            ExitCode::from(code)
        }
    }
}

fn run() -> Result<u8, (u8, String)> {
    let usage = |why: String| (2, format!("{why}\n{USAGE}"));
    let (mut command, mut image, mut arch, mut out) = (None, false, Arch::X86_64, None);
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| usage(format!("`{word}` takes a value")));
        match &*word {
            "emulator" | "program" if command.is_none() => command = Some(word),
            "--image" => image = true,
            "--arch" => arch = value()?.parse().map_err(usage)?,
            "--out" => out = Some(PathBuf::from(value()?)),
            other => return Err(usage(format!("`{other}` is not understood"))),
        }
    }
    match (command.as_deref(), out) {
        (Some("emulator"), out) => emulator(if image { Form::Image } else { Form::Linked }, out),
        (Some("program"), Some(out)) => program(arch, out),
        (Some(_), None) => Err(usage("where does the program go? (give --out FILE)".to_owned())),
        (_, _) => Err(usage("what is to be done?".to_owned())),
    }
}

fn emulator(form: Form, out: Option<PathBuf>) -> Result<u8, (u8, String)> {
    if form == Form::Image && !images::available(Arch::X86_64) {
        return Err((10, "the driver's image cannot be built here (`cargo driver doctor`)".to_owned()));
    }
    let results = results(form);
    let text = serde_json::to_string_pretty(&results).expect("results are JSON") + "\n";
    match out {
        Some(path) => files::replace(&path, text.as_bytes(), files::Access::Usual)
            .map_err(|error| (8, wdk_build::Error::from(error).to_string()))?,
        None => print!("{text}"),
    }
    Ok(u8::from(!results.surprises().is_empty()))
}

fn program(arch: Arch, out: PathBuf) -> Result<u8, (u8, String)> {
    let root = images::workspace();
    let program = Program {
        manifest: root.join("crates/wdk-conformance/Cargo.toml"),
        target_directory: images::target(),
        workspace_root: root,
        name: "wdk-conformance".to_owned(),
        features: vec!["program".to_owned()],
        arch,
        out,
        quiet: false,
    };
    let built = program.run().map_err(|error| (6, error.to_string()))?;
    println!("{}: {} bytes", built.program.display(), built.size);
    Ok(0)
}
