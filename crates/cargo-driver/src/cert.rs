//! `cargo driver cert`: makes test certificates, and shows certificates.

use crate::exit::{Exit, Failure, Result};
use crate::signing::{password, print, print_json, read, refused};
use clap::{Args, Subcommand, ValueEnum, value_parser};
use serde::Serialize;
use std::path::PathBuf;
use std::time::SystemTime;
use wdk_build::certificate::{Certificate, KeySize, TestCertificate, WriteError};
use wdk_build::time;

/// The options of `cargo driver cert`.
#[derive(Debug, Args)]
pub struct Cert {
    #[command(subcommand)]
    command: CertCommand,
}

#[derive(Debug, Subcommand)]
enum CertCommand {
    /// Makes a self-signed certificate for test signing: NAME.cer, NAME.pfx and NAME.pem (the key).
    New(New),
    /// Shows certificates, and whether they may sign drivers.
    Show(Show),
}

/// The options of `cargo driver cert new`.
#[derive(Debug, Args)]
struct New {
    /// Whose certificate it is; shown wherever Windows names the publisher.
    #[arg(long, value_name = "TEXT")]
    name: String,

    /// The directory for the files.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,

    /// The files' name, without extension.
    #[arg(long, value_name = "NAME", default_value = "test-signing")]
    file_name: String,

    /// How long it is valid.
    #[arg(long, value_name = "N", default_value_t = 365, value_parser = value_parser!(u32).range(1..=36_500))]
    days: u32,

    /// The length of the RSA key.
    #[arg(long, value_name = "BITS", default_value = "2048")]
    key_size: Bits,

    /// The password of the PFX file [default: an empty one]. Other users may see it while the command runs.
    #[arg(long, value_name = "TEXT", conflicts_with = "pfx_password_file")]
    pfx_password: Option<String>,

    /// A file whose first line is the password of the PFX file; `-` for stdin.
    #[arg(long, value_name = "FILE")]
    pfx_password_file: Option<PathBuf>,

    /// Replaces files that are there.
    #[arg(long)]
    force: bool,

    /// Prints the result as JSON.
    #[arg(long)]
    json: bool,
}

/// The lengths of keys.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Bits {
    #[value(name = "2048")]
    Bits2048,
    #[value(name = "3072")]
    Bits3072,
    #[value(name = "4096")]
    Bits4096,
}

/// The options of `cargo driver cert show`.
#[derive(Debug, Args)]
struct Show {
    /// Certificates, DER or PEM.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    /// Prints them as JSON.
    #[arg(long)]
    json: bool,
}

/// A certificate, in `--json`.
#[derive(Debug, Serialize)]
struct CertificateReport {
    subject: String,
    issuer: String,
    serial: String,
    thumbprint: String,
    not_before: String,
    not_after: String,
    signs_drivers: bool,
    objection: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    files: Vec<String>,
}

impl CertificateReport {
    fn new(certificate: &Certificate, files: Vec<String>) -> Self {
        let objection = certificate.check(SystemTime::now()).err().map(|error| error.to_string());
        Self {
            subject: certificate.subject(),
            issuer: certificate.issuer(),
            serial: certificate.serial(),
            thumbprint: certificate.thumbprint(),
            not_before: time::text(certificate.not_before()),
            not_after: time::text(certificate.not_after()),
            signs_drivers: objection.is_none(),
            objection,
            files,
        }
    }

    fn lines(&self) -> Vec<String> {
        let mut lines = vec![
            self.subject.clone(),
            format!("  issuer      {}", self.issuer),
            format!("  serial      {}", self.serial),
            format!("  thumbprint  {}", self.thumbprint),
            format!("  valid       {} to {}", self.not_before, self.not_after),
        ];
        lines.push(match &self.objection {
            None => "  use         may sign drivers".to_owned(),
            Some(objection) => format!("  use         may not sign drivers: {objection}"),
        });
        lines.extend(self.files.iter().map(|file| format!("  wrote       {file}")));
        lines
    }
}

/// Runs the command.
pub fn cert(options: &Cert) -> Result<Exit> {
    match &options.command {
        CertCommand::New(options) => new(options),
        CertCommand::Show(options) => show(options),
    }
}

fn new(options: &New) -> Result<Exit> {
    if options.file_name.is_empty() || options.file_name.contains(['/', '\\']) {
        let what = format!("`{}` is no name of a file (--out names the directory)", options.file_name);
        return Err(Failure::new(Exit::Usage, what));
    }
    let password = password(options.pfx_password.as_deref(), options.pfx_password_file.as_deref())?;
    let size = match options.key_size {
        Bits::Bits2048 => KeySize::Bits2048,
        Bits::Bits3072 => KeySize::Bits3072,
        Bits::Bits4096 => KeySize::Bits4096,
    };
    let made = TestCertificate::new(&options.name, size, SystemTime::now(), options.days)
        .map_err(|error| Failure::new(Exit::Usage, error.to_string()))?;
    let password = password.unwrap_or_default();
    let files = made
        .write(&options.out, &options.file_name, &password, options.force)
        .map_err(|error| {
            let exit = if matches!(error, WriteError::Content(_)) { Exit::Signature } else { Exit::File };
            Failure::new(exit, error.to_string())
        })?
        .map(|path| path.display().to_string());
    let report = CertificateReport::new(made.identity().certificate(), files.into());
    match options.json {
        true => print_json(&report),
        false => print(report.lines()),
    }
    Ok(Exit::Ok)
}

fn show(options: &Show) -> Result<Exit> {
    let mut reports = Vec::new();
    for path in &options.files {
        let certificates =
            Certificate::read_all(&read(path, 16 << 20)?).map_err(|error| refused(path, error))?;
        reports
            .extend(certificates.iter().map(|certificate| CertificateReport::new(certificate, Vec::new())));
    }
    match options.json {
        true => print_json(&reports),
        false => print(reports.iter().flat_map(CertificateReport::lines)),
    }
    Ok(Exit::Ok)
}
