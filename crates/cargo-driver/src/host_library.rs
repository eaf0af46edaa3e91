//! Builds a driver crate as a library for this host, and loads it.
//!
//! A run loads a fresh copy of the library, so that its statics are fresh too.

use crate::exit::{Exit, Failure, Result};
use crate::workspace::{DriverCrate, cargo};
use serde::Deserialize;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use wdk_emulator::DriverModule;
use wdk_sys::binding::DriverEntry;
use wdk_sys::linked::{
    DIGEST, HOST_LIBRARY_SYMBOL, RAW_DIGEST_SYMBOL, RAW_DRIVER_SYMBOL, RawDriver, RawDriverModule,
};

/// How to build.
#[derive(Debug, Default)]
pub struct Options<'a> {
    /// Features of the driver's package.
    pub features: &'a [String],
    /// With optimisation.
    pub release: bool,
    /// Cargo says nothing but errors.
    pub quiet: bool,
}

/// A directory for the files of one run. Dropping it removes it.
#[derive(Debug)]
pub struct RunDirectory(PathBuf);

impl RunDirectory {
    fn create(parent: &Path) -> Result<Self> {
        let path = parent.join(format!("run-{}", std::process::id()));
        fs::create_dir_all(&path).map_err(|error| {
            Failure::new(Exit::File, format!("cannot create `{}`: {error}", path.display()))
        })?;
        Ok(Self(path))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for RunDirectory {
    fn drop(&mut self) {
        // A library that is loaded cannot be removed on Windows; `remove_stale` does it later.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Removes what runs left that were killed.
fn remove_stale(parent: &Path) {
    const OLD: Duration = Duration::from_secs(24 * 60 * 60);
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        let is_run = entry.file_name().to_string_lossy().starts_with("run-");
        let age = entry.metadata().and_then(|metadata| metadata.modified()).map(|time| time.elapsed());
        if is_run && matches!(age, Ok(Ok(age)) if age > OLD) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// Builds the driver; returns a copy of the library in a directory of its own.
///
/// # Errors
///
/// [`Exit::Build`] when it does not build.
pub fn build(driver: &DriverCrate, options: &Options<'_>) -> Result<(PathBuf, RunDirectory)> {
    let target = &driver.target_directory;
    let io = |what: &str, path: &Path, error: std::io::Error| {
        Failure::new(Exit::File, format!("cannot {what} `{}`: {error}", path.display()))
    };
    fs::create_dir_all(target).map_err(|error| io("create", target, error))?;
    // Another run may build the same library with other features: from the build to the copy it is ours.
    let lock_path = target.join(".lock");
    let lock = File::create(&lock_path).map_err(|error| io("create", &lock_path, error))?;
    lock.lock().map_err(|error| io("lock", &lock_path, error))?;
    remove_stale(target);
    let library = compile(driver, options)?;
    let directory = RunDirectory::create(target)?;
    let copy = directory.path().join(library.file_name().expect("cargo names a file"));
    fs::copy(&library, &copy).map_err(|error| io("copy", &library, error))?;
    Ok((copy, directory))
}

/// A line of cargo's output.
#[derive(Debug, Deserialize)]
struct Message {
    reason: String,
    #[serde(default)]
    manifest_path: PathBuf,
    #[serde(default)]
    filenames: Vec<PathBuf>,
}

fn compile(driver: &DriverCrate, options: &Options<'_>) -> Result<PathBuf> {
    let mut command = Command::new(cargo());
    command.args(["rustc", "--lib", "--crate-type", "cdylib", "--message-format", "json-render-diagnostics"]);
    command.arg("--manifest-path").arg(&driver.manifest);
    command.arg("--target-dir").arg(&driver.target_directory);
    // Drivers ask for `abort`, which would take the command with them.
    let profile = if options.release { "release" } else { "dev" };
    command.arg("--config").arg(format!("profile.{profile}.panic=\"unwind\""));
    if !options.features.is_empty() {
        command.arg("--features").arg(options.features.join(","));
    }
    if options.release {
        command.arg("--release");
    }
    if options.quiet {
        command.arg("--quiet");
    }
    command.args(["--", "--cfg", "wdk_host_library"]);
    if cfg!(windows) {
        // There a driver is an image unless this asks for the linked kind; every crate has to know.
        let mut flags = std::env::var("RUSTFLAGS").unwrap_or_default();
        flags.push_str(" --cfg wdk_linked");
        command.env("RUSTFLAGS", flags);
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    let start =
        |error| Failure::new(Exit::Build, format!("cannot start cargo: {error} (is it on the PATH?)"));
    let mut child = command.spawn().map_err(start)?;
    let mut library = None;
    for line in
        BufReader::new(child.stdout.take().expect("it is piped")).lines().map_while(std::io::Result::ok)
    {
        let Ok(message) = serde_json::from_str::<Message>(&line) else {
            continue;
        };
        if message.reason == "compiler-artifact" && message.manifest_path == driver.manifest {
            let is_library =
                |path: &PathBuf| path.extension().is_some_and(|e| e == std::env::consts::DLL_EXTENSION);
            library = message.filenames.into_iter().find(is_library).or(library);
        }
    }
    let status = child.wait().map_err(start)?;
    if !status.success() {
        let what = format!("the driver `{}` does not build (cargo says above why)", driver.name);
        return Err(Failure::new(Exit::Build, what));
    }
    library.ok_or_else(|| {
        let what = format!("cargo built `{}`, but made no library that this host can load", driver.name);
        Failure::new(Exit::Build, what)
    })
}

/// Loads a host library and asks it for its driver. The library stays loaded.
///
/// A library that describes no driver, but exports `DriverEntry` as a driver for windows-drivers-rs does, is described
/// by its manifest.
///
/// # Errors
///
/// [`Exit::Start`] when it is no driver, or was built against another version of the API statement.
pub fn load(driver: &DriverCrate, path: &Path) -> Result<&'static DriverModule> {
    let name = &driver.name;
    let failed = |what: String| Failure::new(Exit::Start, what);
    let check = |digest: u64| match digest {
        DIGEST => Ok(()),
        _ => Err(failed(format!("the driver `{name}` cannot be loaded: {}", wdk_emulator::Error::OtherApi))),
    };
    // SAFETY: the user asks for this driver's code to run in this process; its initialisers are std's.
    let library = unsafe { libloading::Library::new(path) }
        .map_err(|error| failed(format!("the host library of `{name}` cannot be loaded: {error}")))?;
    // Never unloaded: a panic hook and callbacks of it may be installed.
    let library: &'static libloading::Library = Box::leak(Box::new(library));
    // SAFETY: a function of that name is made by `driver_module!`, with this signature.
    let module = unsafe { library.get::<extern "C" fn() -> *const DriverModule>(HOST_LIBRARY_SYMBOL) };
    if let Ok(module) = module {
        let module = module();
        if module.is_null() {
            return Err(failed(format!("`{HOST_LIBRARY_SYMBOL}` of `{name}` returned no driver")));
        }
        // SAFETY: the first field of every version of the structure, which is a static of the library.
        check(unsafe { module.cast::<u64>().read() })?;
        // SAFETY: built against the same statement, so it is a `DriverModule`; a static of a library that stays.
        return Ok(unsafe { &*module });
    }
    // SAFETY: a function of that name is in `wdk-sys`, with this signature in every version.
    let digest = unsafe { library.get::<extern "C" fn() -> u64>(RAW_DIGEST_SYMBOL) };
    // SAFETY: a driver exports its entry point under this name, with this signature.
    let driver_entry = unsafe { library.get::<DriverEntry>("DriverEntry") };
    let (Ok(digest), Ok(driver_entry)) = (digest, driver_entry) else {
        return Err(failed(format!(
            "`{name}` is no driver: its library exports neither `{HOST_LIBRARY_SYMBOL}` nor `DriverEntry` (declare the \
             driver with `wdk::driver!`, or with `wdk_sys::driver_module!`)"
        )));
    };
    check(digest())?;
    // SAFETY: as for the digest, which is the same as this program's.
    let describe = unsafe { library.get::<RawDriverModule>(RAW_DRIVER_SYMBOL) }
        .map_err(|error| failed(format!("the host library of `{name}` cannot be used: {error}")))?;
    let raw = RawDriver {
        name: name.clone().leak(),
        package: driver.package.clone().leak(),
        versions: Box::leak(Box::new(driver.versions.clone().map_err(failed)?)),
        driver_entry: *driver_entry,
    };
    // SAFETY: leaked by the function, and built against the same statement.
    Ok(unsafe { &*describe(&raw) })
}
