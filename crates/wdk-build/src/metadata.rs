//! The driver model that a `Cargo.toml` names.
//!
//! ```toml
//! [package.metadata.wdk.driver-model]
//! driver-type = "KMDF"
//! kmdf-version-major = 1
//! target-kmdf-version-minor = 15
//! minimum-kmdf-version-minor = 15   # optional
//! ```
//!
//! The same section can stand in a workspace's manifest as `[workspace.metadata.wdk.driver-model]`, for all drivers
//! of the workspace; a package's own section takes its place. For UMDF, the keys have `umdf` in their names; a WDM
//! driver has only `driver-type`. A package that says nothing is a KMDF 1.15 driver.

use crate::error::{Error, Result};
use crate::files;
use serde::Serialize;
use std::path::{Path, PathBuf};
use toml::{Table, Value};

/// Largest manifest that is read.
const LIMIT: u64 = 16 << 20;

/// What kind of driver it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "driver-type")]
pub enum DriverModel {
    /// Kernel-Mode Driver Framework.
    #[serde(rename = "KMDF")]
    Kmdf(Versions),
    /// User-Mode Driver Framework, version 2.
    #[serde(rename = "UMDF")]
    Umdf(Versions),
    /// No framework.
    #[serde(rename = "WDM")]
    Wdm,
}

/// The framework versions of a driver.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Versions {
    /// 1 for KMDF, 2 for UMDF.
    pub major: u32,
    /// The minor version whose functions and structures the driver uses.
    pub target_minor: u32,
    /// The least minor version that the driver loads with.
    pub minimum_minor: u32,
}

/// The minor versions of KMDF that were released and have what the crate `wdk` calls.
const KMDF_RELEASES: &[u32] = &[11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31, 33];
/// The minor versions of UMDF 2.
const UMDF_RELEASES: &[u32] = &[0, 15, 17, 19, 21, 23, 25, 27, 29, 31, 33];
/// From this minor version on, a driver can ask for less than it targets.
const FIRST_WITH_MINIMUM: u32 = 25;

impl Default for DriverModel {
    fn default() -> Self {
        Self::Kmdf(Versions { major: 1, target_minor: 15, minimum_minor: 15 })
    }
}

impl DriverModel {
    /// The value of `driver-type`.
    pub const fn driver_type(&self) -> &'static str {
        match self {
            Self::Kmdf(_) => "KMDF",
            Self::Umdf(_) => "UMDF",
            Self::Wdm => "WDM",
        }
    }

    /// As `wdk-sys` reads it from `WDK_DRIVER_MODEL`: `KMDF 1 33 33`.
    pub fn in_short(&self) -> String {
        match self {
            Self::Kmdf(versions) | Self::Umdf(versions) => format!(
                "{} {} {} {}",
                self.driver_type(),
                versions.major,
                versions.target_minor,
                versions.minimum_minor
            ),
            Self::Wdm => self.driver_type().to_owned(),
        }
    }

    /// Reads the model of a package: its own section, or the one of the workspace whose manifest is given.
    ///
    /// # Errors
    ///
    /// When a manifest cannot be read, or says something that cannot be; the error names key and file.
    pub fn read(manifest: &Path, workspace_manifest: Option<&Path>) -> Result<Self> {
        if let Some(model) = Self::of_section(manifest, "package")? {
            return Ok(model);
        }
        let workspace = workspace_manifest.unwrap_or(manifest);
        Ok(Self::of_section(workspace, "workspace")?.unwrap_or_default())
    }

    fn of_section(manifest: &Path, layer: &str) -> Result<Option<Self>> {
        let text = files::read_text(manifest, LIMIT)?;
        Self::parse(&text, layer).map_err(|what| Error::Metadata { manifest: PathBuf::from(manifest), what })
    }

    /// The model in the section `[LAYER.metadata.wdk.driver-model]` of a manifest's text, if it has that section.
    fn parse(text: &str, layer: &str) -> std::result::Result<Option<Self>, String> {
        let manifest: Table =
            text.parse().map_err(|error: toml::de::Error| format!("not TOML: {}", error.message()))?;
        let name = format!("{layer}.metadata.wdk.driver-model");
        let mut section = None;
        let mut table = &manifest;
        for key in name.split('.') {
            match table.get(key) {
                None => return Ok(None),
                Some(Value::Table(inner)) => {
                    table = inner;
                    section = Some(inner);
                }
                Some(_) => return Err(format!("`{key}` of `{name}` must be a table")),
            }
        }
        let section = Section { name: &name, table: section.expect("the name has parts") };
        section.model().map(Some)
    }
}

/// A driver-model section.
struct Section<'a> {
    name: &'a str,
    table: &'a Table,
}

impl Section<'_> {
    fn model(&self) -> std::result::Result<DriverModel, String> {
        let kind = match self.table.get("driver-type") {
            None => return Err(format!("`driver-type` is missing in `{}`", self.name)),
            Some(Value::String(kind)) => kind.as_str(),
            Some(_) => return Err(format!("`driver-type` in `{}` must be a string", self.name)),
        };
        match kind {
            "KMDF" => Ok(DriverModel::Kmdf(self.versions("kmdf", 1, 15, KMDF_RELEASES)?)),
            "UMDF" => Ok(DriverModel::Umdf(self.versions("umdf", 2, 15, UMDF_RELEASES)?)),
            "WDM" => {
                self.only(&[], "WDM")?;
                Ok(DriverModel::Wdm)
            }
            other => {
                Err(format!("`driver-type = \"{other}\"` in `{}`: expected KMDF, UMDF or WDM", self.name))
            }
        }
    }

    fn versions(
        &self,
        framework: &str,
        major: u32,
        default: u32,
        releases: &[u32],
    ) -> std::result::Result<Versions, String> {
        let major_key = format!("{framework}-version-major");
        let target_key = format!("target-{framework}-version-minor");
        let minimum_key = format!("minimum-{framework}-version-minor");
        self.only(&[&major_key, &target_key, &minimum_key], &framework.to_uppercase())?;
        if self.number(&major_key)?.unwrap_or(major) != major {
            return Err(format!("`{major_key}` in `{}` must be {major}", self.name));
        }
        let target = self.number(&target_key)?.unwrap_or(default);
        if !releases.contains(&target) {
            let name = self.name;
            return Err(format!("`{target_key} = {target}` in `{name}`: expected one of {releases:?}"));
        }
        let minimum = self.number(&minimum_key)?.unwrap_or(target);
        if minimum > target {
            return Err(format!(
                "`{minimum_key} = {minimum}` in `{}` is above the target, {target}",
                self.name
            ));
        }
        if minimum < target && minimum < FIRST_WITH_MINIMUM {
            return Err(format!(
                "`{minimum_key} = {minimum}` in `{}`: a minimum below the target ({target}) is at least \
                 {FIRST_WITH_MINIMUM} (target {minimum} instead)",
                self.name
            ));
        }
        if !releases.contains(&minimum) {
            let name = self.name;
            return Err(format!("`{minimum_key} = {minimum}` in `{name}`: expected one of {releases:?}"));
        }
        Ok(Versions { major, target_minor: target, minimum_minor: minimum })
    }

    /// Refuses keys that mean nothing.
    fn only(&self, keys: &[&str], kind: &str) -> std::result::Result<(), String> {
        match self.table.keys().find(|key| *key != "driver-type" && !keys.contains(&key.as_str())) {
            None => Ok(()),
            Some(key) => Err(format!("`{key}` is not a key of `{}` for {kind} drivers", self.name)),
        }
    }

    fn number(&self, key: &str) -> std::result::Result<Option<u32>, String> {
        match self.table.get(key) {
            None => Ok(None),
            Some(value) => value
                .as_integer()
                .and_then(|number| u32::try_from(number).ok())
                .map(Some)
                .ok_or_else(|| format!("`{key}` in `{}` must be a number", self.name)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(section: &str) -> std::result::Result<Option<DriverModel>, String> {
        DriverModel::parse(&format!("[package.metadata.wdk.driver-model]\n{section}"), "package")
    }

    #[test]
    fn each_kind_is_read() {
        let kmdf = "driver-type = \"KMDF\"\nkmdf-version-major = 1\ntarget-kmdf-version-minor = 33\n\
                    minimum-kmdf-version-minor = 25";
        let versions = Versions { major: 1, target_minor: 33, minimum_minor: 25 };
        assert_eq!(package(kmdf), Ok(Some(DriverModel::Kmdf(versions))));
        let umdf = "driver-type = \"UMDF\"\numdf-version-major = 2\ntarget-umdf-version-minor = 31";
        let versions = Versions { major: 2, target_minor: 31, minimum_minor: 31 };
        assert_eq!(package(umdf), Ok(Some(DriverModel::Umdf(versions))));
        assert_eq!(package("driver-type = \"WDM\""), Ok(Some(DriverModel::Wdm)));
    }

    #[test]
    fn a_manifest_without_the_section_says_nothing() {
        assert_eq!(DriverModel::parse("[package]\nname = \"echo\"", "package"), Ok(None));
        assert_eq!(package("driver-type = \"WDM\"").map(|_| ()), Ok(()));
        let workspace = "[workspace.metadata.wdk.driver-model]\ndriver-type = \"WDM\"";
        assert_eq!(DriverModel::parse(workspace, "package"), Ok(None));
        assert_eq!(DriverModel::parse(workspace, "workspace"), Ok(Some(DriverModel::Wdm)));
    }

    #[test]
    fn mistakes_name_the_key() {
        let kmdf = |rest: &str| format!("driver-type = \"KMDF\"\n{rest}");
        let cases = [
            ("kmdf-version-major = 1".to_owned(), "`driver-type` is missing"),
            ("driver-type = 1".to_owned(), "must be a string"),
            ("driver-type = \"NDIS\"".to_owned(), "expected KMDF, UMDF or WDM"),
            (kmdf("kmdf-version-major = 2"), "`kmdf-version-major`"),
            (kmdf("target-kmdf-version-minor = 14"), "minor = 14`"),
            (kmdf("target-kmdf-version-minor = \"15\""), "must be a number"),
            (kmdf("target-umdf-version-minor = 15"), "is not a key"),
            (kmdf("target-kmdf-version-minor = 15\nminimum-kmdf-version-minor = 17"), "above the target"),
            (kmdf("target-kmdf-version-minor = 33\nminimum-kmdf-version-minor = 15"), "is at least 25"),
            ("driver-type = \"WDM\"\nkmdf-version-major = 1".to_owned(), "is not a key"),
        ];
        for (section, expected) in cases {
            let error = package(&section).unwrap_err();
            assert!(error.contains(expected), "{section}: {error}");
        }
        assert!(DriverModel::parse("[package.metadata]\nwdk = 1", "package").unwrap_err().contains("table"));
        assert!(DriverModel::parse("[", "package").unwrap_err().contains("not TOML"));
    }
}
