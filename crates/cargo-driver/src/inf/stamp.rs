//! `cargo driver inf stamp`: an INX file, the facts of its package, and an INF file that is there as a whole or not at all.

use super::{Stamp, read};
use crate::exit::{Exit, Failure, Result};
use crate::workspace::{DriverCrate, Workspace, find_driver};
use serde::Serialize;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};
use wdk_build::files::{self, Access};
use wdk_build::inf::{self, Architecture, Date, DriverVersion, LibraryVersion, find_inx};
use wdk_build::metadata::DriverModel;

#[derive(Debug, Serialize)]
struct Report {
    inx: String,
    inf: String,
    architecture: String,
    date: String,
    version: String,
}

pub fn stamp(options: &Stamp) -> Result<Exit> {
    let path = Path::new(&options.input);
    let driver =
        if path.is_file() { None } else { Some(find_driver(&Workspace::load(None), &options.input)?) };
    let inx = match &driver {
        None => path.to_owned(),
        Some(driver) => inx_of(driver)?,
    };
    let out = match (&options.out, &driver) {
        (Some(out), _) => out.clone(),
        (None, Some(driver)) => default_out(driver, &inx, options),
        (None, None) => {
            return Err(Failure::new(Exit::Usage, "where does the INF file go? (give it with --out FILE)"));
        }
    };
    let [kmdf, umdf] = libraries(options, driver.as_ref())?;
    let with = inf::Stamp {
        architecture: options.arch,
        date: date(options.date)?,
        version: version(options.driver_version, driver.as_ref())?,
        kmdf,
        umdf,
        catalog: options.catalog.clone(),
    };
    let file = read(&inx)?;
    let bytes = stamped(&inx, &file, &with)?;
    if crate::workspace::same_file(&inx, &out) {
        return Err(Failure::new(
            Exit::Usage,
            "the INF file would replace the INX file (give another --out)",
        ));
    }
    files::make_directory_of(&out)
        .and_then(|()| files::replace(&out, &bytes, Access::Usual))
        .map_err(|error| Failure::new(Exit::File, error.to_string()))?;
    let mut stdout = std::io::stdout().lock();
    // A reader that has gone away does not want the rest.
    if options.json {
        let report = Report {
            inx: inx.display().to_string(),
            inf: out.display().to_string(),
            architecture: with.architecture.to_string(),
            date: with.date.to_string(),
            version: with.version.to_string(),
        };
        let _ = serde_json::to_writer_pretty(&mut stdout, &report);
        let _ = writeln!(stdout);
    } else {
        let _ =
            writeln!(stdout, "{} ({}, {}, {})", out.display(), with.architecture, with.date, with.version);
    }
    Ok(Exit::Ok)
}

/// Stamps a file; an error says where in the file it is.
pub fn stamped(inx: &Path, file: &inf::Inf, with: &inf::Stamp) -> Result<Vec<u8>> {
    inf::stamp(file, with).map_err(|error| {
        let separator =
            if error.to_string().starts_with(|first: char| first.is_ascii_digit()) { ":" } else { ": " };
        Failure::new(Exit::Inf, format!("cannot stamp {}{separator}{error}", inx.display()))
    })
}

/// The INX file of a driver.
pub fn inx_of(driver: &DriverCrate) -> Result<PathBuf> {
    let directory = driver.manifest.parent().unwrap_or(Path::new("."));
    find_inx(&driver.name, directory, &driver.workspace_root)
        .map_err(|error| Failure::new(Exit::Usage, format!("driver `{}`: {error}", driver.name)))
}

fn default_out(driver: &DriverCrate, inx: &Path, options: &Stamp) -> PathBuf {
    // As `cargo driver build` calls the directory.
    let directory = match options.arch {
        Architecture::Amd64 => "x86_64",
        Architecture::Arm64 => "aarch64",
        other => other.name(),
    };
    let mut name = inx.file_stem().unwrap_or_default().to_owned();
    name.push(".inf");
    driver.workspace_target.join("driver").join(directory).join(name)
}

fn date(asked: Option<Date>) -> Result<Date> {
    if let Some(date) = asked {
        return Ok(date);
    }
    let seconds = match std::env::var_os("SOURCE_DATE_EPOCH") {
        None => SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()),
        Some(text) => text.to_str().and_then(|text| text.parse().ok()).ok_or_else(|| {
            let what = "SOURCE_DATE_EPOCH is no number of seconds since 1970 (correct it, or give --date)";
            Failure::new(Exit::Usage, what)
        })?,
    };
    Date::of_unix_time(seconds).ok_or_else(|| {
        Failure::new(Exit::Usage, "the date is after the year 9999 (give another with --date)")
    })
}

/// The version that is asked for, or the package's.
pub fn version(asked: Option<DriverVersion>, driver: Option<&DriverCrate>) -> Result<DriverVersion> {
    match (asked, driver) {
        (Some(version), _) => Ok(version),
        (None, Some(driver)) => DriverVersion::of_package(&driver.version).map_err(|why| {
            let what = format!(
                "version {} of `{}`: {why} (give one with --driver-version)",
                driver.version, driver.name
            );
            Failure::new(Exit::Usage, what)
        }),
        (None, None) => Err(Failure::new(
            Exit::Usage,
            "what is the version of the driver? (give it with --driver-version W.X.Y.Z)",
        )),
    }
}

/// The versions of KMDF and UMDF that are asked for, or that the driver's manifest targets.
fn libraries(options: &Stamp, driver: Option<&DriverCrate>) -> Result<[Option<LibraryVersion>; 2]> {
    let mut libraries = [options.kmdf, options.umdf];
    let Some(driver) = driver else { return Ok(libraries) };
    let model = DriverModel::read(&driver.manifest, Some(&driver.workspace_root.join("Cargo.toml")))?;
    let (library, versions) = match (model, &mut libraries) {
        (DriverModel::Kmdf(versions), [kmdf, _]) => (kmdf, versions),
        (DriverModel::Umdf(versions), [_, umdf]) => (umdf, versions),
        (DriverModel::Wdm, _) => return Ok(libraries),
    };
    *library = library.or(Some(LibraryVersion { major: versions.major, minor: versions.target_minor }));
    Ok(libraries)
}
