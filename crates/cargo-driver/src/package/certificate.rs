//! Who signs a package: the key that was given, or a test certificate that is made once for a workspace.

use super::{Package, asked_time};
use crate::exit::{Exit, Failure, Result};
use crate::signing::{KEY_LIMIT, read, refused};
use crate::workspace::{self, DriverCrate};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use wdk_build::certificate::{Certificate, Identity, KeySize, TestCertificate};

/// The files' name.
const STEM: &str = "test-signing";
/// The test certificate's name, as Windows shows it.
const NAME: &str = "cargo driver test signing";
/// How long it is valid: test machines trust it once.
const DAYS: u32 = 3650;

/// The key, which has to be valid now; and the file of the test certificate, if that is the one.
pub fn identity(options: &Package, driver: &DriverCrate) -> Result<(Identity, Option<PathBuf>)> {
    let now = SystemTime::now();
    if options.key.is_given() {
        return Ok((options.key.identity(now)?, None));
    }
    if !options.key.cert.is_empty() {
        return Err(Failure::new(Exit::Usage, "a certificate is given, and no key (--key FILE)"));
    }
    let directory = driver.workspace_target.join("driver").join(STEM);
    let path = |extension| directory.join(STEM).with_extension(extension);
    if !directory.exists() {
        make(&directory, now)?;
    }
    let again = |error| {
        let directory = workspace::short(&directory).display();
        refused(
            &path("pem"),
            format!("{error} (the test certificate is made anew if `{directory}` is missing)"),
        )
    };
    let (key, certificate) = (read(&path("pem"), KEY_LIMIT)?, read(&path("cer"), KEY_LIMIT)?);
    let identity = Identity::from_pem(&key, &certificate, None, now).map_err(again)?;
    Ok((identity, Some(path("cer"))))
}

/// Makes the test certificate, in a directory that appears as a whole: another command may be making it, too.
fn make(directory: &Path, now: SystemTime) -> Result {
    let refuse = |error: &dyn std::fmt::Display| {
        let what = format!("cannot make a test certificate in `{}`: {error}", directory.display());
        Failure::new(Exit::File, what)
    };
    let parent = directory.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(|error| refuse(&error))?;
    let made = TestCertificate::new(NAME, KeySize::default(), now, DAYS).map_err(|error| refuse(&error))?;
    let temporary =
        tempfile::Builder::new().prefix(".wdk-build-").tempdir_in(parent).map_err(|error| refuse(&error))?;
    made.write(temporary.path(), STEM, "", false).map_err(|error| refuse(&error))?;
    match fs::rename(temporary.path(), directory) {
        Ok(()) => {
            let _ = temporary.keep();
            Ok(())
        }
        // The other command was first.
        Err(_) if directory.is_dir() => Ok(()),
        Err(error) => Err(refuse(&error)),
    }
}

/// The time of the signatures. One that was derived (`SOURCE_DATE_EPOCH`, `--date`) is brought into the certificate's
/// lifetime, because the last change of a driver is often older than a test certificate; `--time` counts as it is.
pub fn time(options: &Package, certificate: &Certificate) -> Result<SystemTime> {
    Ok(match (options.time, asked_time(options)?) {
        (Some(time), _) => time,
        (None, Some(time)) => time.max(certificate.not_before()).min(certificate.not_after()),
        (None, None) => SystemTime::now(),
    })
}
