//! The driver model of a build tree: `[workspace.metadata.wdk.driver-model]` or `[package.metadata.wdk.driver-model]`.
//!
//! Used by the build script, and by the tests of the crate.

use std::path::{Path, PathBuf};
use toml::{Table, Value};

/// What kind of driver it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DriverType {
    Kmdf,
    Umdf,
    Wdm,
}

impl DriverType {
    /// As it is written in a manifest.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Kmdf => "KMDF",
            Self::Umdf => "UMDF",
            Self::Wdm => "WDM",
        }
    }
}

/// The driver model. The versions are 0 for WDM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DriverModel {
    pub kind: DriverType,
    pub major: u32,
    pub target_minor: u32,
    pub minimum_minor: u32,
}

impl Default for DriverModel {
    /// What a driver without the section is: KMDF 1.15.
    fn default() -> Self {
        Self { kind: DriverType::Kmdf, major: 1, target_minor: 15, minimum_minor: 15 }
    }
}

/// A model in short: `KMDF 1 33 33`, `UMDF 2 33 31`, `WDM`.
pub fn parse(text: &str) -> Option<DriverModel> {
    let mut words = text.split_whitespace();
    let kind = match words.next()? {
        "KMDF" => DriverType::Kmdf,
        "UMDF" => DriverType::Umdf,
        "WDM" => DriverType::Wdm,
        _ => return None,
    };
    let mut number = || match kind {
        DriverType::Wdm => Some(0),
        _ => words.next()?.parse().ok(),
    };
    let model = DriverModel { kind, major: number()?, target_minor: number()?, minimum_minor: number()? };
    words.next().is_none().then_some(model)
}

/// The model of the tree with this manifest at its top, or of the package that it is the manifest of.
///
/// The workspace's section decides, also for a package that is a member and has none; without it, the sections of the packages, which must then agree on the driver
/// type. Where only their versions differ the lowest target is taken: each `driver!` names its own.
pub fn of_tree(manifest: &Path, mut read: impl FnMut(&Path)) -> Result<DriverModel, String> {
    let root = load(manifest, &mut read)?;
    for layer in ["workspace", "package"] {
        if let Some(model) =
            section(&root, layer).map_err(|what| format!("{what}, in {}", manifest.display()))?
        {
            return Ok(model);
        }
    }
    if !root.contains_key("workspace") {
        for above in
            manifest.ancestors().skip(2).map(|path| path.join("Cargo.toml")).filter(|path| path.is_file())
        {
            let table = load(&above, &mut read)?;
            if table.contains_key("workspace") {
                let model =
                    section(&table, "workspace").map_err(|what| format!("{what}, in {}", above.display()))?;
                return Ok(model.unwrap_or_default());
            }
        }
    }
    let mut found: Option<(DriverModel, PathBuf)> = None;
    for member in members(&root, manifest.parent().unwrap_or(Path::new("."))) {
        let table = load(&member, &mut read)?;
        let Some(model) =
            section(&table, "package").map_err(|what| format!("{what}, in {}", member.display()))?
        else {
            continue;
        };
        match &found {
            Some((other, place)) if other.kind != model.kind => {
                return Err(format!(
                    "{} is a {} driver and {} a {} driver: an image is built for one driver model (build each in a \
                     workspace of its own, or name one manifest in WDK_DRIVER_MANIFEST)",
                    place.display(),
                    other.kind.name(),
                    member.display(),
                    model.kind.name()
                ));
            }
            Some((other, _)) if other.target_minor <= model.target_minor => {}
            _ => found = Some((model, member)),
        }
    }
    Ok(found.map(|(model, _)| model).unwrap_or_default())
}

fn load(manifest: &Path, read: &mut impl FnMut(&Path)) -> Result<Table, String> {
    read(manifest);
    let text = std::fs::read_to_string(manifest)
        .map_err(|error| format!("cannot read {}: {error}", manifest.display()))?;
    text.parse()
        .map_err(|error: toml::de::Error| format!("{} is not TOML: {}", manifest.display(), error.message()))
}

/// The manifests of a workspace's members; a `*` stands for the directories at that place.
fn members(root: &Table, directory: &Path) -> Vec<PathBuf> {
    let listed =
        root.get("workspace").and_then(|workspace| workspace.get("members")).and_then(Value::as_array);
    let mut found = Vec::new();
    for pattern in listed.into_iter().flatten().filter_map(Value::as_str) {
        let mut places = vec![directory.to_path_buf()];
        for part in pattern.split('/') {
            places = match part {
                "*" => places.iter().flat_map(|place| directories(place)).collect(),
                part => places.into_iter().map(|place| place.join(part)).collect(),
            };
        }
        found.extend(places.into_iter().map(|place| place.join("Cargo.toml")).filter(|path| path.is_file()));
    }
    found
}

fn directories(place: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(place)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.is_dir())
        .collect();
    found.sort();
    found
}

/// The section of a layer (`workspace` or `package`), if it is there.
fn section(manifest: &Table, layer: &str) -> Result<Option<DriverModel>, String> {
    let mut place = manifest.get(layer);
    for key in ["metadata", "wdk", "driver-model"] {
        place = place.and_then(|value| value.get(key));
    }
    let Some(place) = place else { return Ok(None) };
    let name = format!("[{layer}.metadata.wdk.driver-model]");
    let number = |key: &str| match place.get(key) {
        None => Ok(None),
        Some(value) => value
            .as_integer()
            .and_then(|number| u32::try_from(number).ok())
            .map(Some)
            .ok_or_else(|| format!("`{key}` in {name} must be a number")),
    };
    let framework = |kind, tag: &str, major| {
        let target_minor = number(&format!("target-{tag}-version-minor"))?.unwrap_or(15);
        let minimum_minor = number(&format!("minimum-{tag}-version-minor"))?.unwrap_or(target_minor);
        let stated = number(&format!("{tag}-version-major"))?.unwrap_or(major);
        if stated != major {
            return Err(format!("`{tag}-version-major = {stated}` in {name} must be {major}"));
        }
        Ok(Some(DriverModel { kind, major, target_minor, minimum_minor }))
    };
    match place.get("driver-type").and_then(Value::as_str) {
        Some("KMDF") => framework(DriverType::Kmdf, "kmdf", 1),
        Some("UMDF") => framework(DriverType::Umdf, "umdf", 2),
        Some("WDM") => {
            Ok(Some(DriverModel { kind: DriverType::Wdm, major: 0, target_minor: 0, minimum_minor: 0 }))
        }
        Some(other) => Err(format!("`driver-type = \"{other}\"` in {name}: expected KMDF, UMDF or WDM")),
        None => Err(format!("`driver-type` is missing in {name}")),
    }
}
