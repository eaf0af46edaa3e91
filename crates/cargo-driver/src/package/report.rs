//! What was made, for people and for machines.

use crate::sign::hex;
use crate::signing::{print, print_json};
use crate::workspace;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use std::path::Path;
use std::time::SystemTime;
use wdk_build::certificate::Certificate;
use wdk_build::inf::{Date, DriverVersion};
use wdk_build::metadata::DriverModel;
use wdk_build::package::Package;
use wdk_build::sign::Image;
use wdk_build::{Arch, Profile, time};

/// What is known of a package.
pub struct Report<'a> {
    pub driver: &'a str,
    pub arch: Arch,
    pub profile: Profile,
    pub model: DriverModel,
    pub inx: &'a Path,
    pub driver_version: DriverVersion,
    pub date: Date,
    pub directory: &'a Path,
    pub symbols: Option<&'a Path>,
    /// The file of the test certificate.
    pub certificate: Option<&'a Path>,
    pub signer: &'a Certificate,
    pub time: SystemTime,
    pub hardware_ids: &'a [String],
    pub package: &'a Package,
}

/// What `--json` prints; `docs/cli.md` describes it.
#[derive(Debug, Serialize)]
struct Json<'a> {
    driver: &'a str,
    arch: Arch,
    profile: Profile,
    model: DriverModel,
    inx: String,
    driver_version: String,
    date: String,
    hardware_ids: &'a [String],
    package: String,
    files: Vec<FileReport>,
    symbols: Option<String>,
    signer: String,
    thumbprint: String,
    signing_time: String,
    test_certificate: Option<String>,
}

#[derive(Debug, Serialize)]
struct FileReport {
    file: String,
    size: usize,
    sha256: String,
    /// The Authenticode hash, of an image.
    authenticode: Option<String>,
}

impl Report<'_> {
    /// Prints it to stdout.
    pub fn print(&self, json: bool) {
        match json {
            true => print_json(&self.json()),
            false => print(self.lines()),
        }
    }

    fn files(&self) -> Vec<FileReport> {
        let report = |file: &wdk_build::package::File| FileReport {
            file: file.place.display().to_string(),
            size: file.content.len(),
            sha256: hex(&Sha256::digest(&file.content)),
            authenticode: Image::parse(&file.content).ok().map(|image| hex(&image.digest())),
        };
        self.package.files().map(report).collect()
    }

    fn json(&self) -> Json<'_> {
        let text = |path: &Path| path.display().to_string();
        Json {
            driver: self.driver,
            arch: self.arch,
            profile: self.profile,
            model: self.model,
            inx: text(self.inx),
            driver_version: self.driver_version.to_string(),
            date: self.date.to_string(),
            hardware_ids: self.hardware_ids,
            package: text(self.directory),
            files: self.files(),
            symbols: self.symbols.map(text),
            signer: self.signer.subject(),
            thumbprint: self.signer.thumbprint(),
            signing_time: time::text(self.time),
            test_certificate: self.certificate.map(text),
        }
    }

    fn lines(&self) -> Vec<String> {
        let short = |path: &Path| workspace::short(path).display().to_string();
        let mut lines = vec![format!(
            "{}: {} {} {}, {}, {}",
            short(self.directory),
            self.model.driver_type(),
            self.arch,
            self.profile.name(),
            self.date,
            self.driver_version
        )];
        let files = self.files();
        let width = files.iter().map(|file| file.file.chars().count()).max().unwrap_or(0);
        for file in &files {
            lines.push(format!("  {:<width$}  {:>9}  SHA-256 {}", file.file, file.size, file.sha256));
            lines.extend(
                file.authenticode.iter().map(|hash| format!("  {:<width$}  {:>9}  image   {hash}", "", "")),
            );
        }
        lines.push(format!("  signed as {} ({})", self.signer.subject(), self.signer.thumbprint()));
        if let Some(certificate) = self.certificate {
            lines.push(format!(
                "  a test certificate: a machine in test mode has to trust {}",
                short(certificate)
            ));
        }
        lines
    }
}
