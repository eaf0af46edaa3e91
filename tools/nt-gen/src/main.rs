//! Writes `crates/wdk-sys/src/nt` and `crates/wdk-status/src/names.rs` from Microsoft's metadata.
//!
//! What is wanted is in `selection.txt`; what the metadata gets wrong or lacks is in `overrides.toml`; the sizes
//! and offsets that must come out are in `layout.json`.

mod convert;
mod declared;
mod emit;
mod functions;
mod layout;
mod metadata;
mod model;
mod overrides;
mod selection;
mod signature;
#[cfg(test)]
mod tests;
mod values;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

const USAGE: &str = "usage: nt-gen [--check] [--winmd DIR]

  --check      write nothing; exit with 1 if a generated file is not what would be written
  --winmd DIR  the folder with Windows.Wdk.winmd and Windows.Win32.winmd of windows-bindgen 0.66";

/// The one file that is not `wdk-sys`'s, seen from there.
const STATUS_NAMES: &str = "../../../wdk-status/src/names.rs";

#[derive(Default)]
struct Options {
    check: bool,
    winmd: Option<PathBuf>,
}

fn options() -> Result<Options> {
    let mut options = Options::default();
    let mut args = std::env::args_os().skip(1);
    while let Some(arg) = args.next() {
        match arg.to_str() {
            Some("--check") => options.check = true,
            Some("--winmd") => options.winmd = Some(args.next().context("--winmd wants a folder")?.into()),
            _ => bail!("unknown argument {}\n\n{USAGE}", arg.display()),
        }
    }
    Ok(options)
}

fn main() -> ExitCode {
    match options().and_then(|options| run(&options)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("nt-gen: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// Whether all is well: written, or (with `--check`) as it would be written.
fn run(options: &Options) -> Result<bool> {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let winmd = match &options.winmd {
        Some(folder) => folder.clone(),
        None => metadata::locate(&home.join("Cargo.toml"))?,
    };
    let files = generate(home, &winmd)?;
    let target = home.join("../../crates/wdk-sys/src/nt");
    let mut stale = Vec::new();
    for (name, text) in &files {
        let path = target.join(name);
        if std::fs::read_to_string(&path).is_ok_and(|old| old == *text) {
            continue;
        }
        if !options.check {
            std::fs::write(&path, text).with_context(|| format!("failed to write {}", path.display()))?;
        }
        stale.push(name.as_str());
    }
    if stale.is_empty() {
        println!("{} files up to date", files.len());
    } else if options.check {
        println!("out of date (run `cargo run` in tools/nt-gen): {}", stale.join(", "));
        return Ok(false);
    } else {
        println!("wrote {}", stale.join(", "));
    }
    Ok(true)
}

/// Every generated file: its name and text.
fn generate(home: &Path, winmd: &Path) -> Result<Vec<(String, String)>> {
    let table = std::fs::read_to_string(home.join("layout.json"))
        .context("failed to read tools/nt-gen/layout.json")?;
    generate_with(home, winmd, &layout::Expected::parse(&table)?)
}

fn generate_with(home: &Path, winmd: &Path, expected: &layout::Expected) -> Result<Vec<(String, String)>> {
    let read = |name: &str| {
        std::fs::read_to_string(home.join(name))
            .with_context(|| format!("failed to read tools/nt-gen/{name}"))
    };
    let selection = selection::Selection::parse(&read("selection.txt")?)?;
    let overrides = overrides::Overrides::parse(&read("overrides.toml")?)?;
    let index = metadata::open(winmd)?;
    let metadata = metadata::Metadata::new(&index);

    let selected: BTreeSet<String> = selection.types.iter().map(|(name, _)| name.clone()).collect();
    let mut converter = convert::Converter::new(&metadata, &overrides, selected);
    let mut problems = Vec::new();
    for (name, area) in &selection.types {
        if let Err(problem) = converter.want(name, area) {
            problems.push(format!("{problem:#}"));
        }
    }
    if !problems.is_empty() {
        bail!("{}", problems.join("\n  "));
    }
    let functions = functions::resolve(&mut converter, &metadata, &overrides, &selection)?;
    let declared = declared::Declared::parse(&read("declared.txt")?)?;
    converter.reached_go_to("passed");
    let declared = declared::resolve(&mut converter, &metadata, &overrides, &selection, &declared)?;
    let model = converter.model;

    let mut files = Vec::new();
    for (area, what) in &selection.areas {
        files.push((format!("{area}.rs"), emit::types(&model, area, what)?));
    }
    let mut add = |name: &str, text: String| files.push((name.to_string(), text));
    add("enums.rs", emit::enums(&model, "Enumerations.")?);
    add("callbacks.rs", emit::callbacks(&model, "Function types.")?);
    add("opaque.rs", emit::opaque(&model, "Types that are names only.")?);
    add("layout.rs", layout::proofs(&model, expected, "Proofs of sizes, alignments and offsets on x64.")?);
    add("constants.rs", values::constants(&metadata, &selection, "Constants.")?);
    add("status.rs", values::statuses(&metadata, &overrides, "Status codes.")?);
    add(STATUS_NAMES, values::status_names(&metadata, &overrides, "Status names.")?);
    add("functions.rs", functions::statement(&model, &functions, "The functions drivers import.")?);

    add("declared.rs", declared::statement(&model, &declared, "The functions that are only declared.")?);

    let unused = overrides.unused();
    if !unused.is_empty() {
        bail!("overrides.toml has entries that apply to nothing:\n  {}", unused.join("\n  "));
    }
    Ok(files)
}
