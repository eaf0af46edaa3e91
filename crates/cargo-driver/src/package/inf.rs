//! From the driver's INX file to an INF file that was stamped and found good.

use super::{Package, asked_time};
use crate::exit::{Exit, Failure, Result, plain};
use crate::inf::{inx_of, read, shown, stamped as stamp, version};
use crate::workspace::{self, DriverCrate};
use annotate_snippets::Renderer;
use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};
use wdk_build::Arch;
use wdk_build::inf::{
    self, Architecture, Contents, Date, DriverVersion, Inf, LibraryVersion, Severity, Stamp, check,
};
use wdk_build::metadata::{DriverModel, Versions};

/// An INF file in memory.
pub struct Stamped {
    pub name: String,
    pub content: Vec<u8>,
    pub architecture: Architecture,
    pub version: DriverVersion,
    pub date: Date,
    /// The INX file it was made of.
    pub inx: PathBuf,
    /// Where the files are that it lists.
    pub beside: PathBuf,
}

/// Finds the INX file, stamps it, and checks the result.
pub fn stamped(options: &Package, driver: &DriverCrate, model: &DriverModel, image: &str) -> Result<Stamped> {
    let inx = match &options.inx {
        Some(inx) => inx.clone(),
        None => inx_of(driver)?,
    };
    let (Some(stem), Some(directory)) = (inx.file_stem(), inx.parent()) else {
        return Err(Failure::new(Exit::Usage, format!("`{}` is no INX file", inx.display())));
    };
    let file = read(&inx)?;
    let architecture = match options.arch {
        Arch::X86_64 => Architecture::Amd64,
        Arch::Aarch64 => Architecture::Arm64,
    };
    let (kmdf, umdf) = libraries(model);
    // The INX file's own name for the catalog counts; one that has none gets the image's.
    let has_catalog = Contents::of(&file, architecture).catalog.is_some();
    let with = Stamp {
        architecture,
        date: date(options)?,
        version: version(options.driver_version, Some(driver))?,
        kmdf,
        umdf,
        catalog: (!has_catalog).then(|| Path::new(image).with_extension("cat").display().to_string()),
    };
    let content = stamp(&inx, &file, &with)?;
    let result = Stamped {
        name: format!("{}.inf", stem.to_string_lossy()),
        content,
        architecture,
        version: with.version,
        date: with.date,
        beside: directory.to_owned(),
        inx,
    };
    judge(options, &result)?;
    Ok(result)
}

/// Shows what is wrong with the INF file; errors end the command. Lines are those of the INX file: stamping adds a line
/// at most, to the end of `[Version]`.
fn judge(options: &Package, stamped: &Stamped) -> Result {
    let name = workspace::short(&stamped.inx);
    let inf = Inf::read(&stamped.content)
        .map_err(|why| Failure::new(Exit::Inf, format!("`{}`: {why}", name.display())))?;
    let findings = check(&inf, &inf::Options { mode: options.inf_mode, unstamped: false });
    let mut stderr = std::io::stderr().lock();
    let colour = stderr.is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    let least = if options.quiet { Severity::Error } else { Severity::Warning };
    for finding in findings.iter().filter(|finding| finding.severity >= least) {
        // Nobody reads stderr: then nobody misses it.
        let _ = writeln!(stderr, "{}\n", shown(&renderer, name, &inf, finding));
    }
    if errors == 0 {
        return Ok(());
    }
    let plural = if errors == 1 { "an error" } else { "errors" };
    let what = format!("the INF file of `{}` has {plural} in the mode {}", name.display(), options.inf_mode);
    Err(Failure::new(Exit::Inf, plain(&what)))
}

/// The versions of the frameworks that the driver is for.
fn libraries(model: &DriverModel) -> (Option<LibraryVersion>, Option<LibraryVersion>) {
    let version =
        |versions: &Versions| LibraryVersion { major: versions.major, minor: versions.target_minor };
    match model {
        DriverModel::Kmdf(versions) => (Some(version(versions)), None),
        DriverModel::Umdf(versions) => (None, Some(version(versions))),
        DriverModel::Wdm => (None, None),
    }
}

fn date(options: &Package) -> Result<Date> {
    if let Some(date) = options.date {
        return Ok(date);
    }
    let time = asked_time(options)?.unwrap_or_else(SystemTime::now);
    let seconds = time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    Date::of_unix_time(seconds).ok_or_else(|| {
        Failure::new(Exit::Usage, "the date is after the year 9999 (give another with --date)")
    })
}
