//! `cargo driver sign`: signs images and catalogs, and checks signatures.

use crate::exit::{Exit, Failure, Result, complain};
use crate::signing::{
    KeyOptions, SignatureReport, parse_time, print, print_json, read_signable, refused, replace, time_or_now,
    trusted,
};
use clap::{Args, Subcommand};
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use wdk_build::catalog::{self, Catalog};
use wdk_build::certificate::Certificate;
use wdk_build::sign::{self, FileKind, Options, verify};

/// The options of `cargo driver sign`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Sign {
    #[command(subcommand)]
    command: Option<SignCommand>,

    /// PE images and catalogs. They are replaced; a signature that one has is, too.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    #[command(flatten)]
    key: KeyOptions,

    /// Writes the signed file here, and leaves the other as it is; for one file.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// The time that the signature says it was made at, UTC as in 2026-01-31T12:00:00Z [default: now].
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    time: Option<SystemTime>,

    /// A timestamp server (RFC 3161) to ask, `http://…`.
    #[arg(long, value_name = "URL")]
    timestamp: Option<String>,

    /// What the file is, in words.
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,

    /// Where to learn more about it.
    #[arg(long, value_name = "URL")]
    url: Option<String>,

    /// Puts a hash of each page into the signature of an image.
    #[arg(long)]
    page_hashes: bool,
}

#[derive(Debug, Subcommand)]
enum SignCommand {
    /// Checks the signatures of images and catalogs.
    Verify(Verify),
}

/// The options of `cargo driver sign verify`.
#[derive(Debug, Args)]
struct Verify {
    /// PE images and catalogs; with --catalog, any files.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    /// Trusted certificates, DER or PEM; may be given more than once. One of them has to vouch for the signer, and for
    /// the timestamp.
    #[arg(long, value_name = "FILE")]
    ca: Vec<PathBuf>,

    /// Looks for the files in this catalog, and checks its signature instead of theirs.
    #[arg(long, value_name = "FILE")]
    catalog: Option<PathBuf>,

    /// The time at which certificates have to be valid where there is no timestamp [default: now].
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    time: Option<SystemTime>,

    /// Prints the result as JSON.
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub fn sign(options: &Sign) -> Result<Exit> {
    match &options.command {
        Some(SignCommand::Verify(options)) => check(options),
        None => put(options),
    }
}

fn put(options: &Sign) -> Result<Exit> {
    if options.out.is_some() && options.files.len() > 1 {
        return Err(Failure::new(Exit::Usage, "--out is for one file"));
    }
    let time = time_or_now(options.time, false)?;
    let identity = options.key.identity(time)?;
    let how = Options {
        time,
        description: options.description.clone(),
        url: options.url.clone(),
        timestamp: options.timestamp.clone(),
        page_hashes: options.page_hashes,
    };
    // All are signed before the first is replaced.
    let mut signed = Vec::new();
    for path in &options.files {
        let file = read_signable(path)?;
        let content = match sign::kind_of(&file) {
            FileKind::Image => sign::image(&file, &identity, &how).map_err(|error| refused(path, error))?,
            FileKind::Message => {
                catalog::sign(&file, &identity, &how).map_err(|error| refused(path, error))?
            }
            FileKind::Other => return Err(refused(path, "this is neither a PE image nor a catalog")),
        };
        signed.push((options.out.as_ref().unwrap_or(path), content));
    }
    for (path, content) in &signed {
        replace(path, content)?;
    }
    let signer = identity.certificate();
    print(signed.iter().map(|(path, _)| {
        format!("signed `{}` as {} ({})", path.display(), signer.subject(), signer.thumbprint())
    }));
    Ok(Exit::Ok)
}

/// A file, in `--json`.
#[derive(Debug, Default, Serialize)]
struct FileReport {
    file: String,
    kind: &'static str,
    ok: bool,
    sha256: Option<String>,
    page_hashes: bool,
    signature: Option<SignatureReport>,
    error: Option<String>,
}

fn check(options: &Verify) -> Result<Exit> {
    let trusted = trusted(&options.ca)?;
    let now = time_or_now(options.time, false)?;
    let listed = match &options.catalog {
        None => None,
        Some(path) => {
            let held = catalog::verify(&read_signable(path)?, &trusted, now);
            Some(held.map_err(|error| refused(path, error))?)
        }
    };
    let mut reports = Vec::new();
    for path in &options.files {
        let file = read_signable(path)?;
        let mut report = match &listed {
            Some((catalog, signature)) => look_up(path, &file, catalog, signature),
            None => check_one(&file, &trusted, now),
        };
        report.file = path.display().to_string();
        report.ok = report.error.is_none();
        reports.push(report);
    }
    let exit = if reports.iter().all(|report| report.ok) { Exit::Ok } else { Exit::Signature };
    if options.json {
        print_json(&reports);
        return Ok(exit);
    }
    for report in &reports {
        if let Some(error) = &report.error {
            complain(&format!("`{}`: {error}", report.file));
            continue;
        }
        let mut lines = vec![format!("{} ({}): the signature holds", report.file, report.kind)];
        lines.extend(report.sha256.iter().map(|digest| format!("  SHA-256     {digest}")));
        lines.extend(report.page_hashes.then(|| "  pages       have hashes, which hold".to_owned()));
        let signature = report.signature.iter().flat_map(|signature| signature.lines());
        lines.extend(signature.map(|line| format!("  {line}")));
        print(lines);
    }
    Ok(exit)
}

fn check_one(file: &[u8], trusted: &[Certificate], now: SystemTime) -> FileReport {
    let held = |kind, report: std::result::Result<verify::Report, String>| match report {
        Err(error) => FileReport { kind, error: Some(error), ..FileReport::default() },
        Ok(report) => FileReport {
            kind,
            sha256: report.digest.map(|digest| hex(&digest)),
            page_hashes: report.page_hashes,
            signature: Some(SignatureReport::new(&report)),
            ..FileReport::default()
        },
    };
    match sign::kind_of(file) {
        FileKind::Image => {
            held("image", verify::image(file, trusted, now).map_err(|error| error.to_string()))
        }
        FileKind::Message => {
            let report = catalog::verify(file, trusted, now).map(|(_, report)| report);
            held("catalog", report.map_err(|error| error.to_string()))
        }
        FileKind::Other => {
            let error =
                "this is neither a PE image nor a catalog (a catalog may have its hash: --catalog FILE)";
            held("other", Err(error.to_owned()))
        }
    }
}

fn look_up(path: &Path, file: &[u8], catalog: &Catalog, signature: &verify::Report) -> FileReport {
    let mut report = FileReport { kind: "listed in the catalog", ..FileReport::default() };
    match catalog::hash(file) {
        Err(error) => report.error = Some(error.to_string()),
        Ok(hash) => {
            report.sha256 = Some(hex(&hash.digest));
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            match catalog.find(&name, &hash) {
                Ok(_) => report.signature = Some(SignatureReport::new(signature)),
                Err(difference) => report.error = Some(difference.to_string()),
            }
        }
    }
    report
}

/// Hexadecimal, upper case.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}
