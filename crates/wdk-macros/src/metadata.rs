//! The driver model that a package's `Cargo.toml` names.

use std::path::Path;
use toml::{Table, Value};

const SECTION: &str = "package.metadata.wdk.driver-model";

/// The KMDF minor versions that were released and have what `wdk` calls.
const RELEASES: &[u32] = &[11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31, 33];

/// `[package.metadata.wdk.driver-model]`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct DriverModel {
    pub(crate) kmdf_minor: u32,
    pub(crate) minimum_minor: u32,
}

impl DriverModel {
    /// Reads the section of a manifest. The error names the key and the file.
    pub(crate) fn read(manifest: &Path) -> Result<Self, String> {
        let text = std::fs::read_to_string(manifest)
            .map_err(|error| format!("cannot read {}: {error}", manifest.display()))?;
        Self::parse(&text).map_err(|error| format!("{error}, in {}", manifest.display()))
    }

    fn parse(text: &str) -> Result<Self, String> {
        let manifest: Table = text.parse().map_err(|error| format!("not TOML: {error}"))?;
        let mut section = Value::Table(manifest);
        for key in SECTION.split('.') {
            match section.get(key) {
                Some(value) => section = value.clone(),
                None => return Ok(Self { kmdf_minor: 15, minimum_minor: 15 }),
            }
        }
        let Value::Table(section) = section else {
            return Err(format!("`{SECTION}` must be a table"));
        };

        for key in section.keys() {
            let known = [
                "driver-type",
                "kmdf-version-major",
                "target-kmdf-version-minor",
                "minimum-kmdf-version-minor",
            ];
            if !known.contains(&key.as_str()) {
                return Err(format!("`{key}` is not a key of `{SECTION}` for KMDF drivers"));
            }
        }
        match section.get("driver-type") {
            Some(Value::String(kind)) if kind == "KMDF" => {}
            Some(other) => {
                let other = other.as_str().unwrap_or("(not a string)");
                return Err(format!(
                    "`driver-type = \"{other}\"` in `{SECTION}`: `driver!` makes \"KMDF\" drivers"
                ));
            }
            None => return Err(format!("`driver-type` is missing in `{SECTION}`")),
        }
        if number(&section, "kmdf-version-major")?.unwrap_or(1) != 1 {
            return Err(format!("`kmdf-version-major` in `{SECTION}` must be 1"));
        }
        let kmdf_minor = number(&section, "target-kmdf-version-minor")?.unwrap_or(15);
        if !RELEASES.contains(&kmdf_minor) {
            return Err(format!(
                "`target-kmdf-version-minor = {kmdf_minor}` in `{SECTION}`: expected one of {RELEASES:?}"
            ));
        }
        let minimum_minor = number(&section, "minimum-kmdf-version-minor")?.unwrap_or(kmdf_minor);
        let wrong = |what: &str| {
            Err(format!("`minimum-kmdf-version-minor = {minimum_minor}` in `{SECTION}`: {what}"))
        };
        if minimum_minor > kmdf_minor {
            return wrong(&format!("it is above the target ({kmdf_minor})"));
        }
        if minimum_minor < kmdf_minor && minimum_minor < 25 {
            return wrong(&format!("a minimum below the target ({kmdf_minor}) is at least 25"));
        }
        if !RELEASES.contains(&minimum_minor) {
            return wrong(&format!("expected one of {RELEASES:?}"));
        }
        Ok(Self { kmdf_minor, minimum_minor })
    }
}

fn number(section: &Table, key: &str) -> Result<Option<u32>, String> {
    match section.get(key) {
        None => Ok(None),
        Some(value) => value
            .as_integer()
            .and_then(|number| u32::try_from(number).ok())
            .map(Some)
            .ok_or_else(|| format!("`{key}` in `{SECTION}` must be a number")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(section: &str) -> Result<DriverModel, String> {
        DriverModel::parse(&format!("[{SECTION}]\n{section}"))
    }

    #[test]
    fn a_package_without_the_section_is_for_kmdf_1_15() {
        let model = DriverModel::parse("[package]\nname = \"echo\"\n");
        assert_eq!(model, Ok(DriverModel { kmdf_minor: 15, minimum_minor: 15 }));
    }

    #[test]
    fn the_target_version_is_read() {
        let model = parse("driver-type = \"KMDF\"\nkmdf-version-major = 1\ntarget-kmdf-version-minor = 33\n");
        assert_eq!(model, Ok(DriverModel { kmdf_minor: 33, minimum_minor: 33 }));
    }

    #[test]
    fn mistakes_name_the_key() {
        let cases = [
            ("kmdf-version-major = 1", "`driver-type` is missing"),
            ("driver-type = \"WDM\"", "`driver-type = \"WDM\"`"),
            ("driver-type = \"KMDF\"\ntarget-kmdf-version-minor = 14", "minor = 14`"),
            ("driver-type = \"KMDF\"\ntarget-kmdf-version-minor = \"15\"", "must be a number"),
            ("driver-type = \"KMDF\"\nminimum-kmdf-version-minor = 17", "above the target"),
            (
                "driver-type = \"KMDF\"\ntarget-kmdf-version-minor = 33\nminimum-kmdf-version-minor = 15",
                "at least 25",
            ),
            ("driver-type = \"KMDF\"\ntarget-umdf-version-minor = 15", "is not a key"),
        ];
        for (section, expected) in cases {
            let error = parse(section).unwrap_err();
            assert!(error.contains(expected), "{error}");
        }
    }
}
