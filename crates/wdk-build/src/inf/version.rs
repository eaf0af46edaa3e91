//! Version numbers: the driver's, and the framework's.

use std::fmt;
use std::str::FromStr;

/// A text is no version number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadVersion {
    /// Not `w[.x[.y[.z]]]` with numbers up to 65535.
    Driver,
    /// Not `major.minor` with numbers up to 999.
    Library,
}

impl fmt::Display for BadVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Driver => "a driver's version is w.x.y.z, each a number up to 65535",
            Self::Library => "a framework's version is major.minor, each a number up to 999",
        })
    }
}

impl std::error::Error for BadVersion {}

/// The version of a driver, as `DriverVer` has it. Prints as `w.x.y.z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DriverVersion(pub [u16; 4]);

fn numeral<T: FromStr>(text: &str) -> Option<T> {
    let digits = !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

impl DriverVersion {
    /// The version of a package: `1.2.3` becomes `1.2.3.0`. What stands behind `-` or `+` has no place in a driver's
    /// version and is left out.
    ///
    /// # Errors
    ///
    /// [`BadVersion::Driver`] when a number is above 65535.
    pub fn of_package(version: &str) -> Result<Self, BadVersion> {
        version.split(['-', '+']).next().unwrap_or_default().parse()
    }
}

impl FromStr for DriverVersion {
    type Err = BadVersion;

    fn from_str(text: &str) -> Result<Self, BadVersion> {
        let mut numbers = [0; 4];
        let parts: Vec<_> = text.split('.').collect();
        if parts.len() > numbers.len() {
            return Err(BadVersion::Driver);
        }
        for (number, part) in numbers.iter_mut().zip(parts) {
            *number = numeral(part).ok_or(BadVersion::Driver)?;
        }
        Ok(Self(numbers))
    }
}

impl fmt::Display for DriverVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [w, x, y, z] = self.0;
        write!(f, "{w}.{x}.{y}.{z}")
    }
}

/// The version of KMDF or UMDF that a driver is made for. Prints as `major.minor`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LibraryVersion {
    /// The major version.
    pub major: u32,
    /// The minor version.
    pub minor: u32,
}

impl LibraryVersion {
    /// As the names of co-installers have it: 1.15 is `01015`.
    pub(super) fn of_co_installer(self) -> String {
        format!("{:02}{:03}", self.major, self.minor)
    }
}

impl FromStr for LibraryVersion {
    type Err = BadVersion;

    /// `1.15`; a third number, which UMDF's versions can have, has to be zero.
    fn from_str(text: &str) -> Result<Self, BadVersion> {
        let parts: Vec<_> = text.split('.').map(numeral::<u32>).collect();
        match parts[..] {
            [Some(major), Some(minor)] | [Some(major), Some(minor), Some(0)]
                if major < 100 && minor < 1000 =>
            {
                Ok(Self { major, minor })
            }
            _ => Err(BadVersion::Library),
        }
    }
}

impl fmt::Display for LibraryVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_versions_of_packages() {
        let of = |text| DriverVersion::of_package(text).map(|version| version.to_string());
        assert_eq!(of("0.5.10").as_deref(), Ok("0.5.10.0"));
        assert_eq!(of("1.2.3-rc.1+build.7").as_deref(), Ok("1.2.3.0"));
        assert_eq!(of("65536.0.0"), Err(BadVersion::Driver));
    }

    #[test]
    fn drivers_have_up_to_four_numbers() {
        assert_eq!("10.0.65535.1".parse(), Ok(DriverVersion([10, 0, 65535, 1])));
        for bad in ["", "1.", ".1", "1.2.3.4.5", "1.2.3.x", "-1.0", "+1.0", "1 .0", "1.2.3.65536"] {
            assert!(bad.parse::<DriverVersion>().is_err(), "{bad}");
        }
    }

    #[test]
    fn frameworks_have_two_numbers() {
        let version: LibraryVersion = "2.33.0".parse().unwrap();
        assert_eq!((version.to_string(), version.of_co_installer()), ("2.33".into(), "02033".into()));
        for bad in ["", "1", "1.x", "1.15.1", "100.1", "1.1000", "1.2.0.0"] {
            assert!(bad.parse::<LibraryVersion>().is_err(), "{bad}");
        }
    }
}
