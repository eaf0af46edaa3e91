//! What follows the name of a section to say where it counts: `NTamd64.10.0...16299`.

use super::number::number;
use std::fmt;
use std::str::FromStr;

/// A processor architecture of Windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Architecture {
    /// 32-bit x86.
    X86,
    /// x86-64.
    Amd64,
    /// 32-bit ARM.
    Arm,
    /// 64-bit ARM.
    Arm64,
    /// Itanium.
    Ia64,
    /// `$ARCH$`, of a file that is yet to be stamped: whichever it will be.
    Placeholder,
}

impl Architecture {
    /// All that a file can be stamped for.
    pub const STAMPED: [Self; 5] = [Self::X86, Self::Amd64, Self::Arm, Self::Arm64, Self::Ia64];

    /// The name in an INF file.
    pub const fn name(self) -> &'static str {
        match self {
            Self::X86 => "x86",
            Self::Amd64 => "amd64",
            Self::Arm => "arm",
            Self::Arm64 => "arm64",
            Self::Ia64 => "ia64",
            Self::Placeholder => "$ARCH$",
        }
    }

    /// The architecture of a name in an INF file, whatever its case.
    pub fn parse(name: &str) -> Option<Self> {
        Self::STAMPED
            .into_iter()
            .chain([Self::Placeholder])
            .find(|this| this.name().eq_ignore_ascii_case(name))
    }
}

impl fmt::Display for Architecture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Architecture {
    type Err = String;

    /// Takes the names of Windows, Rust and Visual Studio: `amd64`, `x86_64` and `x64` are one.
    fn from_str(name: &str) -> Result<Self, String> {
        let lower = name.to_ascii_lowercase();
        let same = match lower.as_str() {
            "x86_64" | "x64" => "amd64",
            "aarch64" => "arm64",
            "i686" | "win32" => "x86",
            other => other,
        };
        Self::STAMPED.into_iter().find(|this| this.name() == same).ok_or_else(|| {
            format!("there is no architecture `{name}` (there are amd64, arm64, x86, arm and ia64)")
        })
    }
}

/// A *TargetOSVersion*: `NT[architecture][.[major][.[minor][.[product type][.[suite mask][.[build]]]]]]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Decoration {
    /// Only this architecture.
    pub architecture: Option<Architecture>,
    /// This major version of Windows or a later one.
    pub major: Option<u32>,
    /// This minor version or a later one.
    pub minor: Option<u32>,
    /// Only this `VER_NT_…` product type.
    pub product_type: Option<u32>,
    /// Only these `VER_SUITE_…` suites.
    pub suite_mask: Option<u32>,
    /// This build of Windows 10 or a later one.
    pub build: Option<u32>,
}

impl Decoration {
    /// Reads a decoration without the dot in front of it.
    pub fn parse(text: &str) -> Option<Self> {
        let (nt, rest) = text.split_at_checked(2)?;
        if !nt.eq_ignore_ascii_case("NT") {
            return None;
        }
        let mut parts = rest.split('.');
        let architecture = match parts.next()? {
            "" => None,
            name => Some(Architecture::parse(name)?),
        };
        let mut numbers = [None; 5];
        for slot in &mut numbers {
            *slot = match parts.next() {
                None | Some("") => None,
                Some(part) => Some(number(part)?),
            };
        }
        let [major, minor, product_type, suite_mask, build] = numbers;
        let whole = parts.next().is_none();
        whole.then_some(Self { architecture, major, minor, product_type, suite_mask, build })
    }

    /// Splits the name of a section into its base and the decoration at its end.
    pub fn split(name: &str) -> (&str, Option<Self>) {
        name.match_indices('.')
            .find_map(|(dot, _)| Some((&name[..dot], Some(Self::parse(&name[dot + 1..])?))))
            .unwrap_or((name, None))
    }

    /// Whether Windows looks here on a computer of an architecture.
    pub fn covers(&self, architecture: Architecture) -> bool {
        self.architecture.is_none_or(|own| {
            own == architecture
                || own == Architecture::Placeholder
                || architecture == Architecture::Placeholder
        })
    }

    /// The oldest Windows that looks here: major version, minor version, build.
    pub fn oldest(&self) -> (u32, u32, u32) {
        (self.major.unwrap_or(0), self.minor.unwrap_or(0), self.build.unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decorations_are_read() {
        let full = Decoration::parse("NTamd64.10.0.1.0x80.16299").unwrap();
        assert_eq!(full.architecture, Some(Architecture::Amd64));
        assert_eq!((full.product_type, full.suite_mask), (Some(1), Some(0x80)));
        assert_eq!(full.oldest(), (10, 0, 16299));
        assert_eq!(Decoration::parse("nt"), Some(Decoration::default()));
        assert_eq!(Decoration::parse("NT$ARCH$").unwrap().architecture, Some(Architecture::Placeholder));
        assert_eq!(Decoration::parse("NT.6.1").unwrap().oldest(), (6, 1, 0));
        assert_eq!(Decoration::parse("NTx86....0x80").unwrap().suite_mask, Some(0x80));
        for bad in ["", "N", "NTalpha", "NTamd64.ten", "NT.1.2.3.4.5.6", "Windows", "é"] {
            assert_eq!(Decoration::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn names_are_split_at_their_decoration() {
        let (base, decoration) = Decoration::split("My.Models.NTarm64.10.0...22000");
        assert_eq!((base, decoration.unwrap().oldest()), ("My.Models", (10, 0, 22000)));
        assert_eq!(Decoration::split("Device.NT.Services"), ("Device.NT.Services", None));
        assert_eq!(Decoration::split("Device"), ("Device", None));
    }

    #[test]
    fn architectures_have_several_names() {
        for name in ["x64", "x86_64", "AMD64"] {
            assert_eq!(name.parse(), Ok(Architecture::Amd64));
        }
        let error = "mips".parse::<Architecture>().unwrap_err();
        assert!(error.contains("`mips`") && error.contains("arm64"), "{error}");
        assert!("$ARCH$".parse::<Architecture>().is_err());
    }
}
