//! `cargo driver catalog`: makes, lists and checks catalogs.

use crate::exit::{Exit, Failure, Result, complain};
use crate::sign::hex;
use crate::signing::{
    KeyOptions, SignatureReport, parse_time, print, print_json, read_signable, refused, replace, time_or_now,
    trusted,
};
use clap::{Args, Subcommand};
use serde::Serialize;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use wdk_build::catalog::{self as library, Builder, HashKind, Os};
use wdk_build::sign::Options;

/// The options of `cargo driver catalog`.
#[derive(Debug, Args)]
pub struct Catalog {
    #[command(subcommand)]
    command: CatalogCommand,
}

#[derive(Debug, Subcommand)]
enum CatalogCommand {
    /// Makes a catalog of a package's files, signed if a key is given.
    New(Box<New>),
    /// Lists what is in a catalog.
    List(List),
    /// Checks that the files of a package are those of its catalog.
    Check(Check),
}

/// The options of `cargo driver catalog new`.
#[derive(Debug, Args)]
struct New {
    /// The package's files, and directories with them; catalogs in them are left out.
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,

    /// The catalog.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,

    /// What the package is for, in Inf2Cat's words.
    #[arg(long, value_name = "OS", value_delimiter = ',', default_value = "10_X64")]
    os: Vec<Os>,

    /// A hardware ID that the INF installs for; may be given more than once.
    #[arg(long, value_name = "ID")]
    hwid: Vec<String>,

    /// The time that the catalog says it was made at [default: SOURCE_DATE_EPOCH, else now].
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    time: Option<SystemTime>,

    /// A timestamp server (RFC 3161) to ask, `http://…`.
    #[arg(long, value_name = "URL", requires = "key-source")]
    timestamp: Option<String>,

    #[command(flatten)]
    key: KeyOptions,
}

/// The options of `cargo driver catalog list`.
#[derive(Debug, Args)]
struct List {
    /// The catalog.
    #[arg(value_name = "FILE.cat")]
    catalog: PathBuf,

    /// Prints it as JSON.
    #[arg(long)]
    json: bool,
}

/// The options of `cargo driver catalog check`.
#[derive(Debug, Args)]
struct Check {
    /// The catalog.
    #[arg(value_name = "FILE.cat")]
    catalog: PathBuf,

    /// The package's files, and directories with them.
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,

    /// Trusted certificates, DER or PEM; may be given more than once.
    #[arg(long, value_name = "FILE")]
    ca: Vec<PathBuf>,

    /// Prints the result as JSON.
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub fn catalog(options: &Catalog) -> Result<Exit> {
    match &options.command {
        CatalogCommand::New(options) => new(options),
        CatalogCommand::List(options) => list(options),
        CatalogCommand::Check(options) => check(options),
    }
}

/// The files, by name, with what they hold.
fn contents(paths: &[PathBuf]) -> Result<Vec<(String, Vec<u8>)>> {
    let mut found = Vec::new();
    for path in paths {
        collect(path, &mut found)?;
    }
    let mut files = Vec::new();
    for path in found {
        let name = path.file_name().and_then(|name| name.to_str());
        let name = name
            .ok_or_else(|| Failure::new(Exit::Usage, format!("`{}` has no name in UTF-8", path.display())))?;
        files.push((name.to_owned(), read_signable(&path)?));
    }
    Ok(files)
}

/// Adds a file, or the files in a directory and below, without catalogs.
fn collect(path: &Path, found: &mut Vec<PathBuf>) -> Result {
    let io = |error: std::io::Error| {
        Failure::new(Exit::File, format!("cannot read `{}`: {error}", path.display()))
    };
    if !fs::metadata(path).map_err(io)?.is_dir() {
        found.push(path.to_owned());
        return Ok(());
    }
    let mut entries =
        fs::read_dir(path).and_then(Iterator::collect::<std::io::Result<Vec<_>>>).map_err(io)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        if entry.file_type().map_err(io)?.is_dir() {
            collect(&path, found)?;
        } else if !path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("cat")) {
            found.push(path);
        }
    }
    Ok(())
}

fn new(options: &New) -> Result<Exit> {
    let time = time_or_now(options.time, true)?;
    let mut builder = Builder::new(options.os.iter().cloned(), time);
    let files = contents(&options.paths)?;
    let refuse = |error: library::Error| refused(&options.out, error);
    for (name, content) in &files {
        builder.file(name, content).map_err(refuse)?;
    }
    for id in &options.hwid {
        builder.hardware_id(id);
    }
    let mut content = builder.build().map_err(refuse)?;
    let mut by = "not signed".to_owned();
    if options.key.is_given() {
        // The signature is made now, whatever the catalog says: a certificate is often younger than the last commit.
        let time = time_or_now(options.time, false)?;
        let identity = options.key.identity(time)?;
        let how = Options { timestamp: options.timestamp.clone(), ..Options::at(time) };
        content = library::sign(&content, &identity, &how).map_err(refuse)?;
        by = format!("signed as {}", identity.certificate().subject());
    }
    replace(&options.out, &content)?;
    print([format!("wrote `{}`: {} files, {by}", options.out.display(), files.len())]);
    Ok(Exit::Ok)
}

/// A catalog, in `--json`.
#[derive(Debug, Serialize)]
struct CatalogReport {
    version: u8,
    identifier: String,
    time: String,
    signed: bool,
    attributes: Vec<Attribute>,
    members: Vec<MemberReport>,
}

#[derive(Debug, Serialize)]
struct Attribute {
    name: String,
    value: String,
}

#[derive(Debug, Serialize)]
struct MemberReport {
    file: Option<String>,
    tag: String,
    kind: Option<&'static str>,
    algorithm: Option<String>,
    hash: Option<String>,
    attributes: Vec<Attribute>,
}

fn attributes(attributes: &[(String, String)]) -> Vec<Attribute> {
    let attribute = |(name, value): &(String, String)| Attribute { name: name.clone(), value: value.clone() };
    attributes.iter().map(attribute).collect()
}

fn list(options: &List) -> Result<Exit> {
    let bytes = read_signable(&options.catalog)?;
    let catalog = library::Catalog::parse(&bytes).map_err(|error| refused(&options.catalog, error))?;
    let members = catalog.members.iter().map(|member| MemberReport {
        file: member.file().map(str::to_owned),
        tag: member.tag.clone(),
        kind: member.hash.as_ref().map(|hash| match hash.kind {
            HashKind::Flat => "flat",
            HashKind::Image => "image",
        }),
        algorithm: member.hash.as_ref().map(|hash| hash.algorithm.clone()),
        hash: member.hash.as_ref().map(|hash| hex(&hash.digest)),
        attributes: attributes(&member.attributes),
    });
    let report = CatalogReport {
        version: catalog.version,
        identifier: catalog.identifier.clone(),
        time: catalog.time.clone(),
        signed: catalog.is_signed,
        attributes: attributes(&catalog.attributes),
        members: members.collect(),
    };
    if options.json {
        print_json(&report);
        return Ok(Exit::Ok);
    }
    // What another wrote into a catalog does not steer the terminal.
    let clean = |text: &str| -> String {
        text.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
    };
    let signed = if report.signed { "signed (`sign verify` checks it)" } else { "not signed" };
    let mut lines = vec![format!("catalog, version {}, of {}, {signed}", report.version, report.time)];
    lines.extend(report.attributes.iter().map(|a| format!("  {:<6}  {}", clean(&a.name), clean(&a.value))));
    for member in &report.members {
        let hash = match (&member.algorithm, &member.hash, member.kind) {
            (Some(algorithm), Some(hash), Some(kind)) => format!("{algorithm} ({kind}) {hash}"),
            _ => format!("tag {}", clean(&member.tag)),
        };
        lines.push(format!("{}\n  {hash}", clean(member.file.as_deref().unwrap_or("(no name)"))));
        let others = member.attributes.iter().filter(|attribute| attribute.name != "File");
        lines.extend(others.map(|a| format!("  {}  {}", clean(&a.name), clean(&a.value))));
    }
    print(lines);
    Ok(Exit::Ok)
}

/// The result of a check, in `--json`.
#[derive(Debug, Serialize)]
struct CheckReport {
    ok: bool,
    files: usize,
    differences: Vec<String>,
    signature: Option<SignatureReport>,
    error: Option<String>,
}

fn check(options: &Check) -> Result<Exit> {
    let bytes = read_signable(&options.catalog)?;
    let catalog = library::Catalog::parse(&bytes).map_err(|error| refused(&options.catalog, error))?;
    let files = contents(&options.paths)?;
    let differences = library::check(&catalog, &files).map_err(|error| refused(&options.catalog, error))?;
    let held = library::verify(&bytes, &trusted(&options.ca)?, SystemTime::now());
    let (signature, error) = match held {
        Ok((_, report)) => (Some(SignatureReport::new(&report)), None),
        Err(error) => (None, Some(error.to_string())),
    };
    let report = CheckReport {
        ok: differences.is_empty() && error.is_none(),
        files: files.len(),
        differences: differences.iter().map(ToString::to_string).collect(),
        signature,
        error,
    };
    let exit = if report.ok { Exit::Ok } else { Exit::Signature };
    if options.json {
        print_json(&report);
        return Ok(exit);
    }
    let path = options.catalog.display();
    for what in report.differences.iter().chain(&report.error) {
        complain(&format!("`{path}`: {what}"));
    }
    if report.ok {
        let lines = report.signature.iter().flat_map(SignatureReport::lines).map(|line| format!("  {line}"));
        let first =
            format!("{path}: {} files, all as the catalog lists them; its signature holds", report.files);
        print(std::iter::once(first).chain(lines));
    }
    Ok(exit)
}
