//! Where the driver is, as cargo knows it.

use crate::exit::{Exit, Failure, Result};
use serde::Deserialize;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use wdk_sys::binding::{Framework, Versions};

/// What `cargo metadata` says of a workspace, as far as it matters here.
#[derive(Debug, Deserialize)]
pub struct Workspace {
    packages: Vec<Package>,
    workspace_root: PathBuf,
    target_directory: PathBuf,
    #[serde(default)]
    metadata: serde_json::Value,
}

#[derive(Debug, Deserialize)]
struct Package {
    name: String,
    version: String,
    manifest_path: PathBuf,
    targets: Vec<Target>,
    #[serde(default)]
    metadata: serde_json::Value,
}

#[derive(Debug, Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

/// A package that is to be built as a driver.
#[derive(Debug)]
pub struct DriverCrate {
    /// Name of the package.
    pub name: String,
    /// Name and version of the package.
    pub package: String,
    /// The framework versions that its metadata name, or its workspace's; or what is wrong with them.
    pub versions: std::result::Result<Versions, String>,
    /// Its `Cargo.toml`.
    pub manifest: PathBuf,
    /// Name of its library, with underscores.
    pub library: String,
    /// The workspace's target directory.
    pub workspace_target: PathBuf,
    /// The workspace's root.
    pub workspace_root: PathBuf,
    /// Where host libraries of this workspace are built, apart from everything else.
    pub target_directory: PathBuf,
    /// The version of the package.
    pub version: String,
}

/// The cargo that started this program, or the one on the path.
pub fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

impl Workspace {
    /// The workspace of a manifest, or of the current directory.
    ///
    /// # Errors
    ///
    /// What cargo says.
    pub fn load(manifest: Option<&Path>) -> Result<Self> {
        let mut command = Command::new(cargo());
        command.args(["metadata", "--format-version", "1", "--no-deps"]);
        if let Some(manifest) = manifest {
            command.arg("--manifest-path").arg(manifest);
        }
        let output = command.output().map_err(|error| {
            Failure::new(Exit::Build, format!("cannot start cargo: {error} (is it on the PATH?)"))
        })?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            let said = said.trim().strip_prefix("error: ").unwrap_or(said.trim()).to_owned();
            return Err(Failure::new(Exit::Usage, said));
        }
        serde_json::from_slice(&output.stdout).map_err(|error| {
            Failure::new(Exit::Build, format!("cannot understand `cargo metadata`: {error}"))
        })
    }

    /// The root directory.
    pub fn root(&self) -> &Path {
        &self.workspace_root
    }

    /// The directory that builds go to.
    pub fn target(&self) -> &Path {
        &self.target_directory
    }

    /// Whether it has a package of that name.
    pub fn has_package(&self, name: &str) -> bool {
        self.packages.iter().any(|package| package.name == name)
    }

    fn driver(&self, package: &Package) -> Result<DriverCrate> {
        const LIBRARIES: [&str; 5] = ["lib", "rlib", "cdylib", "dylib", "staticlib"];
        let is_library = |target: &Target| target.kind.iter().any(|kind| LIBRARIES.contains(&kind.as_str()));
        let Some(library) = package.targets.iter().find(|target| is_library(target)) else {
            let what = format!("`{}` is no driver: the package has no library target", package.name);
            return Err(Failure::new(Exit::Usage, what));
        };
        Ok(DriverCrate {
            name: package.name.clone(),
            package: format!("{} {}", package.name, package.version),
            versions: self.versions(package),
            manifest: package.manifest_path.clone(),
            library: library.name.replace('-', "_"),
            workspace_target: self.target_directory.clone(),
            workspace_root: self.workspace_root.clone(),
            target_directory: self.target_directory.join("driver-host"),
            version: package.version.clone(),
        })
    }

    fn versions(&self, package: &Package) -> std::result::Result<Versions, String> {
        const SECTION: &str = "/wdk/driver-model";
        let section = package.metadata.pointer(SECTION).or_else(|| self.metadata.pointer(SECTION));
        let Some(section) = section else { return Ok(Versions::kmdf(15)) };
        let minor = match section.get("target-kmdf-version-minor") {
            None => 15,
            Some(minor) => minor.as_u64().and_then(|minor| u32::try_from(minor).ok()).ok_or_else(|| {
                format!("`target-kmdf-version-minor` of `{}` must be a number", package.name)
            })?,
        };
        match section.get("driver-type").and_then(serde_json::Value::as_str) {
            Some("KMDF") => {
                let versions = Versions {
                    framework: Framework::Kmdf,
                    major: 1,
                    target_minor: minor,
                    minimum_minor: minor,
                };
                if versions.function_count().is_none() {
                    return Err(format!(
                        "`target-kmdf-version-minor = {minor}` of `{}`: there is no such release",
                        package.name
                    ));
                }
                Ok(versions)
            }
            Some("WDM") => Ok(Versions::WDM),
            Some("UMDF") => {
                Err(format!("`{}` is a UMDF driver, and the emulator runs KMDF drivers", package.name))
            }
            other => Err(format!(
                "the driver type of `{}` must be \"KMDF\", \"UMDF\" or \"WDM\", and is {other:?}",
                package.name
            )),
        }
    }

    /// Names of the packages that say they are drivers.
    fn driver_names(&self) -> String {
        let is_driver = |package: &&Package| package.metadata.pointer("/wdk/driver-model").is_some();
        let names: Vec<_> =
            self.packages.iter().filter(is_driver).map(|package| package.name.as_str()).collect();
        if names.is_empty() { "none".to_owned() } else { names.join(", ") }
    }
}

/// Finds what the user calls a driver: a package of the workspace here, or a directory with a manifest.
///
/// # Errors
///
/// When there is neither, or it is no library.
pub fn find_driver(here: &Result<Workspace>, driver: &str) -> Result<DriverCrate> {
    if let Ok(workspace) = here
        && let Some(package) = workspace.packages.iter().find(|package| package.name == driver)
    {
        return workspace.driver(package);
    }
    let path = Path::new(driver);
    if path.is_dir() {
        let manifest = path.join("Cargo.toml");
        if !manifest.is_file() {
            let what = format!(
                "the directory `{driver}` has no Cargo.toml (give the directory of a driver's package)"
            );
            return Err(Failure::new(Exit::Usage, what));
        }
        let workspace = Workspace::load(Some(&manifest))?;
        let same = |package: &&Package| same_file(&package.manifest_path, &manifest);
        return match workspace.packages.iter().find(same) {
            Some(package) => workspace.driver(package),
            None => {
                let what =
                    format!("`{}` is the manifest of a workspace, not of a package", manifest.display());
                Err(Failure::new(Exit::Usage, what))
            }
        };
    }
    let hint = match here {
        Ok(workspace) => format!("the drivers here are: {}", workspace.driver_names()),
        Err(why) => format!("and here is no workspace: {why}"),
    };
    Err(Failure::new(
        Exit::Usage,
        format!(
            "there is no package and no directory `{driver}` (give a package of the workspace, a path, or a driver image; {hint})"
        ),
    ))
}

/// Whether both paths lead to one file that exists.
pub fn same_file(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}

/// The file that is streamed when the user names none: something of the workspace that is more than a few frames.
///
/// # Errors
///
/// When there is none of those files.
pub fn default_file(here: &Result<Workspace>) -> Result<PathBuf> {
    const FILES: [&str; 3] = ["crates/wdk-sys/src/nt/status.rs", "Cargo.lock", "README.md"];
    let root = here.as_ref().map_or(Path::new("."), Workspace::root);
    let found = FILES.iter().map(|name| root.join(name)).find(|path| path.is_file());
    // As the user would write it, where that is short.
    let current = std::env::current_dir().unwrap_or_default();
    let found = found.map(|path| path.strip_prefix(&current).map(Path::to_owned).unwrap_or(path));
    found.ok_or_else(|| {
        Failure::new(Exit::Usage, "there is no default file to stream here (give one with --file)")
    })
}

/// A path as the user would write it, where that is short.
pub fn short(path: &Path) -> &Path {
    let current = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(&current).unwrap_or(path)
}
