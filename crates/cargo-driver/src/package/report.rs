//! What was made, for people and for machines.

use super::Made;
use crate::sign::hex;
use crate::signing::{print, print_json};
use crate::test_vm::Written;
use crate::workspace;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use std::path::Path;
use wdk_build::metadata::DriverModel;
use wdk_build::sign::Image;
use wdk_build::{Arch, Profile, time};

/// What was made.
pub struct Report<'a> {
    pub made: &'a Made,
    pub test_vm: Option<&'a Written>,
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
    /// The folder for a test VM.
    test_vm: Option<&'a Written>,
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
        self.made.package.files().map(report).collect()
    }

    fn json(&self) -> Json<'_> {
        let text = |path: &Path| path.display().to_string();
        let made = self.made;
        let signer = made.identity.certificate();
        Json {
            driver: &made.driver.name,
            arch: made.arch,
            profile: made.profile,
            model: made.model,
            inx: text(&made.inx),
            driver_version: made.version.to_string(),
            date: made.date.to_string(),
            hardware_ids: made.plan.hardware_ids(),
            package: text(&made.directory),
            files: self.files(),
            symbols: made.symbols.as_deref().map(text),
            signer: signer.subject(),
            thumbprint: signer.thumbprint(),
            signing_time: time::text(made.time),
            test_certificate: made.certificate.as_deref().map(text),
            test_vm: self.test_vm,
        }
    }

    fn lines(&self) -> Vec<String> {
        let short = |path: &Path| workspace::short(path).display().to_string();
        let made = self.made;
        let signer = made.identity.certificate();
        let mut lines = vec![format!(
            "{}: {} {} {}, {}, {}",
            short(&made.directory),
            made.model.driver_type(),
            made.arch,
            made.profile.name(),
            made.date,
            made.version
        )];
        let files = self.files();
        let width = files.iter().map(|file| file.file.chars().count()).max().unwrap_or(0);
        for file in &files {
            lines.push(format!("  {:<width$}  {:>9}  SHA-256 {}", file.file, file.size, file.sha256));
            lines.extend(
                file.authenticode.iter().map(|hash| format!("  {:<width$}  {:>9}  image   {hash}", "", "")),
            );
        }
        lines.push(format!("  signed as {} ({})", signer.subject(), signer.thumbprint()));
        if let Some(certificate) = &made.certificate {
            lines.push(format!(
                "  a test certificate: a machine in test mode has to trust {}",
                short(certificate)
            ));
        }
        lines.extend(self.test_vm.iter().flat_map(|test_vm| test_vm.lines()));
        lines
    }
}
