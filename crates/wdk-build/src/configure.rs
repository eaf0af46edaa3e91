//! Driver images from an ordinary build script and `cargo build`.
//!
//! ```no_run
//! // build.rs
//! fn main() -> Result<(), wdk_build::ConfigError> {
//!     wdk_build::configure_wdk_binary_build()
//! }
//! ```
//!
//! Names and shapes are those of windows-drivers-rs, so that its drivers' build scripts work unchanged. For a target
//! that is not Windows, where a driver is linked with the emulator, there is nothing to configure.
//!
//! What a build script cannot set is the workspace's to set: the linker (`linker = "rust-lld"` in
//! `[target.x86_64-pc-windows-msvc]` of `.cargo/config.toml`), `panic = "abort"` in the profiles, and
//! `-Ccontrol-flow-guard` in `rustflags`. `cargo driver build` sets them all, and then a build script does nothing.

use crate::error::Error;
use crate::files::{self, Access};
use crate::link;
use crate::metadata::{DriverModel, Versions};
use crate::resource::VersionInfo;
use crate::target::Arch;
use crate::toolchain::LinkerKind;
use std::fmt;
use std::path::{Path, PathBuf};

/// Set by `cargo driver build`, which gives the linker its arguments itself.
pub(crate) const BUILT_BY_DRIVER: &str = "WDK_DRIVER_BUILD";

/// How a build is configured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// What kind of driver it is, and for which framework.
    pub driver_config: DriverConfig,
    cpu_architecture: CpuArchitecture,
    manifest: PathBuf,
    workspace_manifest: Option<PathBuf>,
}

/// What kind of driver it is, and for which framework.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DriverConfig {
    /// Windows Driver Model: no framework.
    Wdm,
    /// Kernel-Mode Driver Framework.
    Kmdf(KmdfConfig),
    /// User-Mode Driver Framework.
    Umdf(UmdfConfig),
}

/// The versions of a KMDF driver.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct KmdfConfig {
    /// 1.
    pub kmdf_version_major: u8,
    /// The minor version whose functions the driver uses.
    pub target_kmdf_version_minor: u8,
    /// The least minor version that the driver loads with, where it is not the target.
    pub minimum_kmdf_version_minor: Option<u8>,
}

/// The versions of a UMDF driver.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct UmdfConfig {
    /// 2.
    pub umdf_version_major: u8,
    /// The minor version whose functions the driver uses.
    pub target_umdf_version_minor: u8,
    /// The least minor version that the driver loads with, where it is not the target.
    pub minimum_umdf_version_minor: Option<u8>,
}

/// The processor that a driver is built for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CpuArchitecture {
    /// x86-64.
    Amd64,
    /// ARM64.
    Arm64,
}

/// Why a build cannot be configured.
#[non_exhaustive]
pub enum ConfigError {
    /// A variable that cargo gives build scripts is missing: this is no build script.
    NoBuildScript(&'static str),
    /// A manifest cannot be read, or says something that cannot be; or a file cannot be written.
    Build(Error),
    /// Drivers are not made for the target.
    Target(String),
    /// No linker is configured for a target that this system has no linker for.
    NoLinker(String),
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoBuildScript(variable) => {
                write!(f, "`{variable}` is not set (call this from a build script, which cargo runs)")
            }
            Self::Build(error) => error.fmt(f),
            Self::Target(target) => write!(
                f,
                "drivers are not made for `{target}` (build for x86_64-pc-windows-msvc or aarch64-pc-windows-msvc)"
            ),
            Self::NoLinker(target) => write!(
                f,
                "no linker is configured for `{target}` (`cargo driver build` finds one; for `cargo build`, put \
                 `linker = \"rust-lld\"` into the section `[target.{target}]` of `.cargo/config.toml`)"
            ),
        }
    }
}

impl fmt::Debug for ConfigError {
    /// As `Display`: a build script that returns the error from `main` prints it this way.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl std::error::Error for ConfigError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Build(error) => Some(error),
            _ => None,
        }
    }
}

impl From<Error> for ConfigError {
    fn from(error: Error) -> Self {
        Self::Build(error)
    }
}

impl From<DriverModel> for DriverConfig {
    fn from(model: DriverModel) -> Self {
        // The released versions are far below 256.
        let minor = |version: u32| version as u8;
        let minimum = |v: &Versions| (v.minimum_minor != v.target_minor).then_some(minor(v.minimum_minor));
        match model {
            DriverModel::Wdm => Self::Wdm,
            DriverModel::Kmdf(versions) => Self::Kmdf(KmdfConfig {
                kmdf_version_major: minor(versions.major),
                target_kmdf_version_minor: minor(versions.target_minor),
                minimum_kmdf_version_minor: minimum(&versions),
            }),
            DriverModel::Umdf(versions) => Self::Umdf(UmdfConfig {
                umdf_version_major: minor(versions.major),
                target_umdf_version_minor: minor(versions.target_minor),
                minimum_umdf_version_minor: minimum(&versions),
            }),
        }
    }
}

impl From<DriverConfig> for DriverModel {
    fn from(config: DriverConfig) -> Self {
        let versions = |major: u8, target: u8, minimum: Option<u8>| Versions {
            major: major.into(),
            target_minor: target.into(),
            minimum_minor: minimum.unwrap_or(target).into(),
        };
        match config {
            DriverConfig::Wdm => Self::Wdm,
            DriverConfig::Kmdf(c) => Self::Kmdf(versions(
                c.kmdf_version_major,
                c.target_kmdf_version_minor,
                c.minimum_kmdf_version_minor,
            )),
            DriverConfig::Umdf(c) => Self::Umdf(versions(
                c.umdf_version_major,
                c.target_umdf_version_minor,
                c.minimum_umdf_version_minor,
            )),
        }
    }
}

/// A variable of the build script's environment.
fn variable(name: &'static str) -> Result<String, ConfigError> {
    std::env::var(name).map_err(|_| ConfigError::NoBuildScript(name))
}

impl Config {
    /// The configuration of the package whose build script this is: the driver model of its `Cargo.toml`, or of its
    /// workspace's. Cargo is told to run the script again when these change.
    ///
    /// # Errors
    ///
    /// When a manifest says something that cannot be, or this is no build script.
    pub fn from_env_auto() -> Result<Self, ConfigError> {
        let directory = PathBuf::from(variable("CARGO_MANIFEST_DIR")?);
        let manifest = directory.join("Cargo.toml");
        let workspace_manifest = workspace_manifest(&directory);
        for path in std::iter::once(&manifest).chain(&workspace_manifest) {
            println!("cargo:rerun-if-changed={}", path.display());
        }
        let cpu_architecture = match variable("CARGO_CFG_TARGET_ARCH")?.as_str() {
            "aarch64" => CpuArchitecture::Arm64,
            _ => CpuArchitecture::Amd64,
        };
        let model = DriverModel::read(&manifest, workspace_manifest.as_deref())?;
        Ok(Self { driver_config: model.into(), cpu_architecture, manifest, workspace_manifest })
    }

    /// The processor that the build is for.
    pub fn cpu_architecture(&self) -> CpuArchitecture {
        self.cpu_architecture
    }

    /// Gives the crate the cfg `driver_model__driver_type` (`"WDM"`, `"KMDF"` or `"UMDF"`).
    ///
    /// # Errors
    ///
    /// None today.
    pub fn configure_library_build(&self) -> Result<(), ConfigError> {
        let model = DriverModel::from(self.driver_config);
        println!("cargo:rustc-check-cfg=cfg(driver_model__driver_type, values(\"WDM\", \"KMDF\", \"UMDF\"))");
        println!("cargo:rustc-cfg=driver_model__driver_type=\"{}\"", model.driver_type());
        Ok(())
    }

    /// As [`configure_library_build`](Self::configure_library_build), and makes the package's `cdylib` a driver image
    /// where the target is Windows.
    ///
    /// # Errors
    ///
    /// When the target is a Windows that drivers are not made for, or no linker is configured.
    pub fn configure_binary_build(&self) -> Result<(), ConfigError> {
        self.configure_library_build()?;
        println!("cargo:rerun-if-env-changed={BUILT_BY_DRIVER}");
        let is_linked = std::env::var_os("CARGO_CFG_WINDOWS").is_none()
            || std::env::var_os("CARGO_CFG_WDK_LINKED").is_some();
        if is_linked || std::env::var_os(BUILT_BY_DRIVER).is_some() {
            return Ok(());
        }
        let target = variable("TARGET")?;
        let arch = Arch::of_triple(&target).ok_or_else(|| ConfigError::Target(target.clone()))?;
        // Which linker it is decides the arguments below, and cargo does not run a script again when that changes.
        let configured = target.replace('-', "_").to_uppercase();
        println!("cargo:rerun-if-env-changed=CARGO_TARGET_{configured}_LINKER");
        let linker = linker(&target)?;
        let model = DriverModel::from(self.driver_config);
        for argument in link::arguments(&model, arch, linker) {
            println!("cargo:rustc-cdylib-link-arg={argument}");
        }
        println!("cargo:rustc-cdylib-link-arg={}", link::CHECKSUM);
        println!("cargo:rustc-cdylib-link-arg={}", self.write_resource(&model)?.display());
        Ok(())
    }

    /// Writes the version resource.
    fn write_resource(&self, model: &DriverModel) -> Result<PathBuf, ConfigError> {
        let library = variable("CARGO_PKG_NAME")?.replace('-', "_");
        let name = format!("{library}.{}", link::extension(model));
        let path = PathBuf::from(variable("OUT_DIR")?).join(format!("{library}.res"));
        let kernel = !matches!(model, DriverModel::Umdf(_));
        let version = VersionInfo::read(&self.manifest, self.workspace_manifest.as_deref(), &name, kernel);
        let unreadable =
            || Error::Metadata { manifest: self.manifest.clone(), what: "cannot be read".to_owned() };
        let res = version.ok_or_else(unreadable)?.to_res();
        files::replace(&path, &res, Access::Usual).map_err(Error::from)?;
        Ok(path)
    }
}

/// Configures the build of a driver: [`Config::from_env_auto`], then [`Config::configure_binary_build`].
///
/// # Errors
///
/// Theirs.
pub fn configure_wdk_binary_build() -> Result<(), ConfigError> {
    Config::from_env_auto()?.configure_binary_build()
}

/// Configures the build of a library that drivers use: [`Config::from_env_auto`], then
/// [`Config::configure_library_build`].
///
/// # Errors
///
/// Theirs.
pub fn configure_wdk_library_build() -> Result<(), ConfigError> {
    Config::from_env_auto()?.configure_library_build()
}

/// As [`configure_wdk_library_build`], and then does what the caller wants with the configuration.
///
/// # Errors
///
/// As there, and the caller's.
pub fn configure_wdk_library_build_and_then<E: From<ConfigError>>(
    then: impl FnOnce(Config) -> Result<(), E>,
) -> Result<(), E> {
    let config = Config::from_env_auto()?;
    config.configure_library_build()?;
    then(config)
}

/// The manifest of the workspace that a package belongs to, if there is one above it.
fn workspace_manifest(package: &Path) -> Option<PathBuf> {
    let manifests = package.ancestors().map(|directory| directory.join("Cargo.toml"));
    let is_workspace = |path: &PathBuf| {
        let table = std::fs::read_to_string(path).ok().and_then(|text| text.parse::<toml::Table>().ok());
        table.is_some_and(|table| table.contains_key("workspace"))
    };
    manifests.into_iter().find(is_workspace)
}

/// The linker that cargo will use.
fn linker(target: &str) -> Result<LinkerKind, ConfigError> {
    let Ok(named) = std::env::var("RUSTC_LINKER") else {
        return match cfg!(windows) {
            true => Ok(LinkerKind::Link),
            false => Err(ConfigError::NoLinker(target.to_owned())),
        };
    };
    let name = Path::new(&named).file_stem().unwrap_or_default().to_string_lossy().into_owned();
    Ok(match name.as_str() {
        "link" => LinkerKind::Link,
        "rust-lld" => LinkerKind::RustLld,
        _ => LinkerKind::LldLink,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_and_configurations_are_the_same_thing() {
        let versions = Versions { major: 1, target_minor: 33, minimum_minor: 25 };
        for model in [DriverModel::Wdm, DriverModel::default(), DriverModel::Kmdf(versions)] {
            assert_eq!(DriverModel::from(DriverConfig::from(model)), model);
        }
        let DriverConfig::Kmdf(config) = DriverConfig::from(DriverModel::Kmdf(versions)) else { panic!() };
        assert_eq!(config.minimum_kmdf_version_minor, Some(25));
    }

    #[test]
    fn outside_a_build_script_the_error_says_so() {
        // Tests have `CARGO_MANIFEST_DIR`, but no target.
        let error = Config::from_env_auto().unwrap_err().to_string();
        assert!(error.contains("CARGO_CFG_TARGET_ARCH") && error.contains("build script"), "{error}");
    }
}
