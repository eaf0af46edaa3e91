//! What a driver's `build.rs` calls.

use std::fmt;
use std::path::{Path, PathBuf};

/// Why a driver cannot be configured.
#[derive(Debug)]
#[non_exhaustive]
pub enum ConfigError {
    /// The manifest cannot be read, or says something that cannot be.
    Manifest(String),
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Manifest(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for ConfigError {}

/// Makes the package that is being built a driver: `driver_model__driver_type` for its `cfg`s and, for a Windows target,
/// the linker's arguments. Elsewhere the driver is linked with the emulator and needs none.
///
/// # Errors
///
/// When the manifest cannot be understood.
pub fn configure_wdk_binary_build() -> Result<(), ConfigError> {
    let kind = emit_cfg()?;
    if std::env::var_os("CARGO_CFG_WINDOWS").is_some() && std::env::var_os("CARGO_CFG_WDK_LINKED").is_none() {
        let arguments: &[&str] = match kind.as_str() {
            "UMDF" => &["/NODEFAULTLIB", "/NOENTRY"],
            "WDM" => &["/NODEFAULTLIB", "/DRIVER", "/SUBSYSTEM:NATIVE", "/DYNAMICBASE", "/ENTRY:DriverEntry"],
            _ => &["/NODEFAULTLIB", "/DRIVER", "/SUBSYSTEM:NATIVE", "/DYNAMICBASE", "/ENTRY:FxDriverEntry"],
        };
        for argument in arguments {
            println!("cargo:rustc-cdylib-link-arg={argument}");
        }
    }
    Ok(())
}

/// Gives a library that drivers use the same `cfg`s.
///
/// # Errors
///
/// As [`configure_wdk_binary_build`].
pub fn configure_wdk_library_build() -> Result<(), ConfigError> {
    emit_cfg().map(drop)
}

fn emit_cfg() -> Result<String, ConfigError> {
    println!(r#"cargo:rustc-check-cfg=cfg(driver_model__driver_type, values("KMDF", "UMDF", "WDM"))"#);
    let manifest =
        PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("Cargo.toml");
    let kind = driver_type(&manifest)?;
    println!("cargo:rustc-cfg=driver_model__driver_type=\"{kind}\"");
    Ok(kind)
}

/// The driver type of a package: its own, or its workspace's.
fn driver_type(manifest: &Path) -> Result<String, ConfigError> {
    for manifest in
        manifest.parent().into_iter().flat_map(Path::ancestors).map(|path| path.join("Cargo.toml"))
    {
        let Ok(text) = std::fs::read_to_string(&manifest) else { continue };
        println!("cargo:rerun-if-changed={}", manifest.display());
        let table: toml::Table = text
            .parse()
            .map_err(|error| ConfigError::Manifest(format!("{} is not TOML: {error}", manifest.display())))?;
        for layer in ["package", "workspace"] {
            let mut place = table.get(layer);
            for key in ["metadata", "wdk", "driver-model", "driver-type"] {
                place = place.and_then(|value| value.get(key));
            }
            match place.map(toml::Value::as_str) {
                None => {}
                Some(Some(kind @ ("KMDF" | "UMDF" | "WDM"))) => return Ok(kind.to_owned()),
                Some(other) => {
                    return Err(ConfigError::Manifest(format!(
                        "`driver-type = {other:?}` in {}: expected KMDF, UMDF or WDM",
                        manifest.display()
                    )));
                }
            }
        }
        if table.contains_key("workspace") {
            break;
        }
    }
    Ok("KMDF".to_owned())
}
