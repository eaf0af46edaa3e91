//! `settings.json`: what the scripts of a folder need to know of its driver.

use super::Scenario;
use crate::exit::{Exit, Failure, Result};
use crate::package::Made;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::path::Path;
use wdk_build::metadata::DriverModel;
use wdk_build::package::Plan;
use wdk_build::{Arch, files};
use wdk_emulator::verifier::windows::{self, Data};
use wdk_exerciser::Class;

/// The form that the scripts know.
pub const FORMAT: u32 = 1;
/// The file's name.
pub const NAME: &str = "settings.json";
/// The longest that is read.
const LIMIT: u64 = 1 << 20;

/// How the device is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opened {
    /// By its interface of a class.
    Interface(Class),
    /// By a name behind `\\.\`.
    Name(String),
}

impl Opened {
    /// From the path by which the emulator opened it: `\\?\…#{class}` or `\\.\name`.
    pub fn of_device(path: &str) -> Option<Self> {
        if let Some(name) = path.strip_prefix(r"\\.\") {
            return Some(Self::Name(name.to_owned()));
        }
        let class = path.rsplit_once('#')?.1.split('\\').next()?;
        Class::parse(class).ok().map(Self::Interface)
    }

    fn arguments(&self) -> [String; 2] {
        match self {
            Self::Interface(class) => ["--interface".to_owned(), format!("{{{class}}}")],
            Self::Name(name) => ["--open".to_owned(), name.clone()],
        }
    }
}

/// What an INF file says of the driver.
pub struct Identity {
    hardware_id: String,
    service: String,
}

impl Identity {
    /// Reads it from the plan of a package.
    ///
    /// # Errors
    ///
    /// When the INF file has no hardware ID, no service of the image, or not the hardware ID that was asked for.
    pub fn of(plan: &Plan, image: &str, asked: Option<&str>) -> Result<Self> {
        let inf = plan.inf();
        let wrong = |what: String| Failure::new(Exit::Inf, format!("`{inf}`: {what}"));
        let ids = plan.hardware_ids();
        let hardware_id = match asked {
            Some(id) if ids.iter().any(|other| other.eq_ignore_ascii_case(id)) => id.to_owned(),
            Some(id) => {
                let listed = ids.join(", ");
                return Err(wrong(format!("it installs nothing for `{id}` (it does for {listed})")));
            }
            None => {
                let first = ids.first().cloned();
                first.ok_or_else(|| wrong("it has no hardware ID to make a device of".to_owned()))?
            }
        };
        let service = plan.services().iter().find(|service| service.image.eq_ignore_ascii_case(image));
        let service = service.ok_or_else(|| wrong(format!("no AddService has the image `{image}`")))?;
        Ok(Self { hardware_id, service: service.name.clone() })
    }
}

/// What is in the file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    format: u32,
    /// The driver's package.
    pub driver: String,
    driver_version: String,
    /// As the variable PROCESSOR_ARCHITECTURE has it.
    processor: String,
    inf: String,
    image: String,
    /// The driver's service.
    pub service: String,
    hardware_id: String,
    certificate: String,
    thumbprint: String,
    verifier: Verifier,
    scenario: Run,
}

#[derive(Debug, Serialize, Deserialize)]
struct Verifier {
    level: String,
    flags: String,
    kmdf: Vec<KmdfValue>,
}

#[derive(Debug, Serialize, Deserialize)]
struct KmdfValue {
    name: String,
    /// As PowerShell calls it.
    #[serde(rename = "type")]
    kind: String,
    data: Value,
}

#[derive(Debug, Serialize, Deserialize)]
struct Run {
    /// Of the exerciser's `run`, without the file.
    arguments: Vec<String>,
    file: String,
    /// Seconds.
    timeout: u64,
}

impl Settings {
    /// The settings of a package that was made.
    pub fn of(made: &Made, scenario: &Scenario, identity: Identity, opened: &Opened, file: &str) -> Self {
        let level = scenario.level();
        let windows = windows::settings(level);
        let kmdf = if matches!(made.model, DriverModel::Kmdf(_)) { windows.kmdf } else { &[] };
        Self {
            format: FORMAT,
            driver: made.driver.name.clone(),
            driver_version: made.version.to_string(),
            processor: match made.arch {
                Arch::X86_64 => "AMD64".to_owned(),
                Arch::Aarch64 => "ARM64".to_owned(),
            },
            inf: made.plan.inf().to_owned(),
            image: made.package.image().name(),
            service: identity.service,
            hardware_id: identity.hardware_id,
            certificate: super::folder::CERTIFICATE.to_owned(),
            thumbprint: made.identity.certificate().thumbprint().to_uppercase(),
            verifier: Verifier {
                level: level.to_string(),
                flags: format!("{:#x}", windows.flags),
                kmdf: kmdf.iter().map(KmdfValue::of).collect(),
            },
            scenario: Run {
                arguments: [opened.arguments().to_vec(), scenario.stream()].concat(),
                file: file.to_owned(),
                timeout: scenario.timeout.unwrap_or(60),
            },
        }
    }

    /// Driver Verifier's flags.
    pub fn flags(&self) -> &str {
        &self.verifier.flags
    }

    /// Reads the settings of a folder.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, or is not of a folder for a test VM.
    pub fn read(folder: &Path) -> Result<Self> {
        let path = folder.join(NAME);
        let text = files::read_text(&path, LIMIT).map_err(wdk_build::Error::from)?;
        let refuse = |why: String| {
            let what = format!("`{}` is not of a folder for a test VM: {why}", path.display());
            Failure::new(Exit::File, what)
        };
        let settings: Self = serde_json::from_str(&text).map_err(|error| refuse(error.to_string()))?;
        match settings.format {
            FORMAT => Ok(settings),
            other => Err(refuse(format!("it has the format {other}, and this command knows {FORMAT}"))),
        }
    }

    /// As it stands in the file.
    pub fn text(&self) -> String {
        serde_json::to_string_pretty(self).expect("plain data") + "\n"
    }

    /// What README.txt says at its top.
    pub fn title(&self) -> String {
        let Self { driver, driver_version, processor, hardware_id, .. } = self;
        format!("{driver} {driver_version} for Windows on {processor}, device {hardware_id}")
    }
}

impl KmdfValue {
    fn of(value: &windows::KmdfValue) -> Self {
        let (kind, data) = match value.data {
            Data::Dword(number) => ("DWord", json!(number)),
            Data::Strings(list) => ("MultiString", json!(list)),
        };
        Self { name: value.name.to_owned(), kind: kind.to_owned(), data }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_the_emulator_says_how_to_open_the_device() {
        let class = Class::parse("3c5b0a2e-90d1-4a55-8f0e-0b1d2c3e4f50").unwrap();
        let interface = r"\\?\ROOT#ECHO#0000#{3c5b0a2e-90d1-4a55-8f0e-0b1d2c3e4f50}";
        assert_eq!(Opened::of_device(interface), Some(Opened::Interface(class)));
        let with_reference = format!(r"{interface}\reference");
        assert_eq!(Opened::of_device(&with_reference), Some(Opened::Interface(class)));
        assert_eq!(Opened::of_device(r"\\.\Echo"), Some(Opened::Name("Echo".into())));
        assert_eq!(Opened::of_device(r"\\?\ROOT#ECHO#0000"), None);
        assert_eq!(Opened::Interface(class).arguments()[1], "{3c5b0a2e-90d1-4a55-8f0e-0b1d2c3e4f50}");
    }
}
