//! What a driver is built for.

use serde::Serialize;
use std::fmt;
use std::str::FromStr;

/// A processor architecture that Windows drivers are made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Arch {
    /// AMD64.
    X86_64,
    /// ARM64.
    Aarch64,
}

impl Arch {
    /// The architecture in target triples and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::X86_64 => "x86_64",
            Self::Aarch64 => "aarch64",
        }
    }

    /// The target that drivers are compiled for.
    pub const fn triple(self) -> &'static str {
        match self {
            Self::X86_64 => "x86_64-pc-windows-msvc",
            Self::Aarch64 => "aarch64-pc-windows-msvc",
        }
    }

    /// The architecture of a target triple, if drivers are made for that target.
    pub fn of_triple(triple: &str) -> Option<Self> {
        [Self::X86_64, Self::Aarch64].into_iter().find(|arch| arch.triple() == triple)
    }
}

impl fmt::Display for Arch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Arch {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "x86_64" | "amd64" | "x64" => Ok(Self::X86_64),
            "aarch64" | "arm64" => Ok(Self::Aarch64),
            other => Err(format!("`{other}` is no architecture of drivers (x86_64 or aarch64)")),
        }
    }
}

/// How a driver is compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// Cargo's `dev`: with debug assertions.
    Dev,
    /// Cargo's `release`: what is shipped.
    Release,
}

impl Profile {
    /// Cargo's name of the profile.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Release => "release",
        }
    }

    /// The directory of a target directory in which cargo puts what it builds.
    pub const fn directory(self) -> &'static str {
        match self {
            Self::Dev => "debug",
            Self::Release => "release",
        }
    }
}
