//! The systems that a package is for, in Inf2Cat's words and in those of the catalog.

use super::{Error, Result};
use std::fmt;
use std::str::FromStr;

/// A system, named as in Inf2Cat's `/os`: `10_X64`, `10_ARM64`, `10_RS5_X64`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Os {
    architecture: Architecture,
    release: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Architecture {
    X64,
    Arm64,
}

/// The releases of Windows 10 and 11 that Inf2Cat names, and the catalog's names for them.
const RELEASES: [(&str, &str); 15] = [
    ("TH2", "TH2"),
    ("RS1", "RS1"),
    ("RS2", "RS2"),
    ("RS3", "RS3"),
    ("RS4", "RS4"),
    ("RS5", "RS5"),
    ("19H1", "19H1"),
    ("VB", "Vb"),
    // Catalogs name these by their time.
    ("CO", "21H2"),
    ("21H2", "21H2"),
    ("NI", "22H2"),
    ("22H2", "22H2"),
    ("GE", "24H2"),
    ("24H2", "24H2"),
    ("25H2", "25H2"),
];

impl Os {
    /// Windows 10 and later for x64.
    pub const X64: Self = Self { architecture: Architecture::X64, release: None };
    /// Windows 10 and later for ARM64.
    pub const ARM64: Self = Self { architecture: Architecture::Arm64, release: None };

    /// Its name in the catalog's attribute `OS`.
    pub(super) fn in_catalog(&self) -> String {
        let architecture = match self.architecture {
            Architecture::X64 => "X64",
            Architecture::Arm64 => "ARM64",
        };
        match &self.release {
            None => format!("_v100_{architecture}"),
            Some(release) => format!("_v100_{architecture}_{release}"),
        }
    }

    /// Its version in the members' attribute `OSAttr`: 2 is the NT platform.
    pub(super) fn attribute(&self) -> &'static str {
        "2:10.0"
    }
}

impl FromStr for Os {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        let unknown = || Error::Os(name.to_owned());
        let upper = name.to_ascii_uppercase();
        let rest = upper.strip_prefix("10_").ok_or_else(unknown)?;
        let (release, architecture) = match rest.rsplit_once('_') {
            Some((release, architecture)) => (Some(release), architecture),
            None => (None, rest),
        };
        let architecture = match architecture {
            "X64" => Architecture::X64,
            "ARM64" => Architecture::Arm64,
            _ => return Err(unknown()),
        };
        let release = release.map(|release| {
            let known = RELEASES.iter().find(|(name, _)| *name == release);
            known.map(|(_, name)| (*name).to_owned()).ok_or_else(unknown)
        });
        Ok(Self { architecture, release: release.transpose()? })
    }
}

impl fmt::Display for Os {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_catalog())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn systems_have_the_names_of_inf2cat() {
        assert_eq!("10_X64".parse::<Os>().unwrap(), Os::X64);
        assert_eq!("10_arm64".parse::<Os>().unwrap(), Os::ARM64);
        assert_eq!("10_RS5_X64".parse::<Os>().unwrap().in_catalog(), "_v100_X64_RS5");
        for bad in ["", "10", "10_", "10_X86", "11_X64", "10_XX_X64", "10__X64", "10_RS5", "7_X64"] {
            assert!(matches!(bad.parse::<Os>(), Err(Error::Os(_))), "{bad}");
        }
    }
}
