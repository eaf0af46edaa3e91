//! The folder itself: what is in it, and when an old one may be replaced.

use super::expected::Expected;
use super::settings::{self, Settings};
use crate::exerciser::FILE_NAME as EXERCISER;
use crate::exit::{Exit, Failure, Result};
use std::path::Path;
use wdk_build::files::{self, NewDirectory};
use wdk_build::package::Package;

/// The certificate's file.
pub const CERTIFICATE: &str = "certificate.cer";
/// The emulator's report.
pub const EXPECTED: &str = "expected.json";
/// The directory of the package.
const PACKAGE: &str = "package";
/// What to do, for people.
const README: &str = "README.txt";

/// The scripts.
pub const SCRIPTS: [(&str, &str); 9] = [
    ("common.ps1", include_str!("../../test-vm/common.ps1")),
    ("prepare.ps1", include_str!("../../test-vm/prepare.ps1")),
    ("install.ps1", include_str!("../../test-vm/install.ps1")),
    ("verify.ps1", include_str!("../../test-vm/verify.ps1")),
    ("exercise.ps1", include_str!("../../test-vm/exercise.ps1")),
    ("collect.ps1", include_str!("../../test-vm/collect.ps1")),
    ("remove.ps1", include_str!("../../test-vm/remove.ps1")),
    ("status.ps1", include_str!("../../test-vm/status.ps1")),
    ("run-all.ps1", include_str!("../../test-vm/run-all.ps1")),
];

/// What a folder is made of.
pub struct Parts<'a> {
    /// What the scripts need to know.
    pub settings: &'a Settings,
    /// The signed package.
    pub package: &'a Package,
    /// The certificate of its signer, DER.
    pub certificate: &'a [u8],
    /// The exerciser.
    pub exerciser: &'a [u8],
    /// The file to stream, and its name.
    pub stream: (&'a str, &'a [u8]),
    /// The emulator's run.
    pub expected: Option<&'a Expected>,
}

/// Writes the folder. One that is there is replaced as a whole.
///
/// # Errors
///
/// As [`may_replace`]; when something cannot be written.
pub fn write(directory: &Path, parts: &Parts<'_>) -> Result {
    may_replace(directory)?;
    let new = NewDirectory::beside(directory).map_err(wdk_build::Error::from)?;
    let add = |name: &Path, content: &[u8]| new.add(name, content).map_err(wdk_build::Error::from);
    for file in parts.package.files() {
        add(&Path::new(PACKAGE).join(&file.place), &file.content)?;
    }
    for (name, text) in SCRIPTS {
        add(name.as_ref(), for_windows(text).as_bytes())?;
    }
    add(CERTIFICATE.as_ref(), parts.certificate)?;
    add(EXERCISER.as_ref(), parts.exerciser)?;
    add(parts.stream.0.as_ref(), parts.stream.1)?;
    if let Some(expected) = parts.expected {
        add(EXPECTED.as_ref(), expected.report.as_bytes())?;
    }
    add(settings::NAME.as_ref(), parts.settings.text().as_bytes())?;
    add(README.as_ref(), for_windows(&readme(parts)).as_bytes())?;
    Ok(new.commit().map_err(wdk_build::Error::from)?)
}

/// Whether a folder may be written there: the directory is missing or empty, or it is such a folder and has nothing that
/// the command did not put there.
///
/// # Errors
///
/// With what is in the way, or when the directory cannot be read.
pub fn may_replace(directory: &Path) -> Result {
    if !directory.exists() {
        return Ok(());
    }
    let entries = files::entries(directory).map_err(wdk_build::Error::from)?;
    if entries.is_empty() {
        return Ok(());
    }
    let occupied = |why: String| {
        let what = format!(
            "`{}` is there, and it is no folder for a test VM that could be replaced: {why} (empty it, or choose another \
             directory with --test-vm-out)",
            directory.display()
        );
        Failure::new(Exit::File, what)
    };
    Settings::read(directory)
        .map_err(|_| occupied(format!("it has no {} of this command", settings::NAME)))?;
    let own = [CERTIFICATE, EXPECTED, EXERCISER, PACKAGE, README, settings::NAME, super::STREAM];
    for entry in entries {
        let name = entry.file_name().unwrap_or_default().to_string_lossy();
        if !own.contains(&&*name) && !SCRIPTS.iter().any(|(script, _)| *script == name) {
            return Err(occupied(format!("`{name}` is in it, and the command did not put it there")));
        }
    }
    Ok(())
}

/// With the line ends of Windows.
fn for_windows(text: &str) -> String {
    text.replace('\n', "\r\n")
}

fn readme(parts: &Parts<'_>) -> String {
    let title = parts.settings.title();
    let expected = match parts.expected {
        Some(expected) => format!(
            "expected.json is what the emulator's run of the same scenario came to ({}, verdict: {}).",
            match expected.of {
                "image" => "the image of this package",
                _ => "the driver built for the machine that made this folder",
            },
            expected.verdict
        ),
        None => "There is no expected.json: the scenario was not run in the emulator.".to_owned(),
    };
    format!(
        "{title}\n{}\n\n{}\n{expected}\n",
        "=".repeat(title.len()),
        include_str!("../../test-vm/README.txt")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_scripts_are_in_the_folder() {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("test-vm");
        let mut there: Vec<_> = files::entries(&directory).unwrap();
        there.retain(|path| path.extension().is_some_and(|extension| extension == "ps1"));
        let mut listed: Vec<_> = SCRIPTS.iter().map(|(name, _)| directory.join(name)).collect();
        listed.sort();
        assert_eq!(there, listed);
    }

    #[test]
    fn a_directory_named_by_mistake_keeps_its_files() {
        let top = tempfile::tempdir().unwrap();
        let directory = top.path().join("folder");
        may_replace(&directory).unwrap();
        std::fs::create_dir(&directory).unwrap();
        may_replace(&directory).unwrap();
        std::fs::write(directory.join("thesis.txt"), "x").unwrap();
        let refused = may_replace(&directory).unwrap_err();
        assert!(refused.to_string().contains("has no settings.json"), "{refused}");
    }
}
