//! `cargo driver new`: a driver project that builds, is tested and is checked as it is.

mod name;
mod source;
mod template;

use crate::exit::{Exit, Failure, Result};
use clap::Args;
use name::Name;
use serde::Serialize;
use source::Source;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use template::{File, Kind, Values};
use wdk_exerciser::Class;

/// The options of `cargo driver new`.
#[derive(Debug, Args)]
pub struct New {
    /// The name of the driver's package. The driver's file has it, too, with `_` for `-`.
    pub name: String,

    #[command(flatten)]
    kind: KindOptions,

    /// The directory of the project, which must not exist [default: NAME].
    #[arg(long, value_name = "DIR")]
    pub path: Option<PathBuf>,

    /// The project depends on the crates of this checkout [default: the one that this command was built from].
    #[arg(long, value_name = "DIR")]
    pub wdk: Option<PathBuf>,

    /// The project depends on the crates of this git repository.
    #[arg(long, value_name = "URL", conflicts_with = "wdk")]
    pub git: Option<String>,

    /// The commit or tag of the git repository.
    #[arg(long, value_name = "REV", requires = "git")]
    pub rev: Option<String>,

    /// The GUID of the device interface [default: a random one].
    #[arg(long, value_name = "GUID", value_parser = Class::parse)]
    pub guid: Option<Class>,

    /// Prints what was made as JSON.
    #[arg(long)]
    pub json: bool,
}

/// What kind of driver; one of them.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct KindOptions {
    /// A Kernel-Mode Driver Framework driver, in safe Rust.
    #[arg(long)]
    kmdf: bool,

    /// A User-Mode Driver Framework driver, against the raw API.
    #[arg(long)]
    umdf: bool,

    /// A driver without a framework, against the raw API.
    #[arg(long)]
    wdm: bool,
}

impl KindOptions {
    fn kind(&self) -> Kind {
        match (self.kmdf, self.umdf) {
            (true, _) => Kind::Kmdf,
            (_, true) => Kind::Umdf,
            _ => Kind::Wdm,
        }
    }
}

/// What `--json` prints; `docs/cli.md` describes it.
#[derive(Debug, Serialize)]
struct Report<'a> {
    name: &'a str,
    kind: &'static str,
    path: String,
    interface: Option<String>,
    files: Vec<&'a str>,
}

/// Makes the project.
///
/// # Errors
///
/// When the name cannot be one, the directory is there, the crates are not, or it cannot be written. Nothing is left
/// behind then.
pub fn new(options: &New) -> Result<Exit> {
    let usage = |what| Failure::new(Exit::Usage, what);
    let name = Name::parse(&options.name).map_err(usage)?;
    let source = match (&options.git, &options.wdk) {
        (Some(url), _) => Source::git(url, options.rev.as_deref()),
        (None, Some(path)) => Source::checkout(path),
        (None, None) => Source::built_from(),
    }
    .map_err(usage)?;
    let interface = match options.guid {
        Some(interface) => interface,
        None => random()?,
    };
    let kind = options.kind.kind();
    let files = template::render(kind, &Values { name: &name, interface, source: &source });

    let path = options.path.clone().unwrap_or_else(|| PathBuf::from(name.package()));
    write(&path, &files)?;

    let mut stdout = io::stdout().lock();
    // A closed pipe is no reason to fail: the project is there.
    let _ = match options.json {
        true => {
            let report = Report {
                name: name.package(),
                kind: kind.name(),
                path: path.display().to_string(),
                interface: kind.has_interface().then(|| interface.to_string()),
                files: files.iter().map(|file| file.path.as_str()).collect(),
            };
            let text = serde_json::to_string_pretty(&report).expect("plain data");
            writeln!(stdout, "{text}")
        }
        false => writeln!(
            stdout,
            "{}: a {} driver, {} files\nnext: `cargo driver test` in that directory; its README.md has the rest",
            path.display(),
            kind.name(),
            files.len()
        ),
    };
    Ok(Exit::Ok)
}

/// A GUID that no one else has (version 4).
fn random() -> Result<Class> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| {
        let what = format!("this system gives no random numbers: {error} (give a GUID with --guid)");
        Failure::new(Exit::File, what)
    })?;
    bytes[6] = bytes[6] & 0x0F | 0x40;
    bytes[8] = bytes[8] & 0x3F | 0x80;
    Ok(Class::of_bytes(bytes))
}

/// Writes the project: into a directory beside it, which then takes its name.
fn write(path: &Path, files: &[File]) -> Result {
    let usage = |what| Err(Failure::new(Exit::Usage, what));
    // A link that leads nowhere is there, too.
    if fs::symlink_metadata(path).is_ok() {
        return usage(format!(
            "`{}` exists (choose another directory with --path: nothing is overwritten)",
            path.display()
        ));
    }
    let parent = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    if !parent.is_dir() {
        return usage(format!(
            "there is no directory `{}` for the project to be in (make it first)",
            parent.display()
        ));
    }
    let fail =
        |error: io::Error| Failure::new(Exit::File, format!("cannot create `{}`: {error}", path.display()));
    // It goes away with what is in it, unless the last step gave that its name.
    let beside = tempfile::Builder::new().prefix(".cargo-driver-new-").tempdir_in(parent).map_err(fail)?;
    let project = beside.path().join("project");
    for file in files {
        let path = project.join(&file.path);
        fs::create_dir_all(path.parent().expect("it is in the project")).map_err(fail)?;
        fs::write(&path, &file.content).map_err(fail)?;
    }
    fs::rename(&project, path).map_err(fail)
}
