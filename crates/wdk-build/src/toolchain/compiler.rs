//! The compiler, and where the standard library for Windows comes from.

use super::host::Host;
use crate::target::Arch;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// The oldest compiler that the framework's crates build with: `rust-version` of their manifests.
pub const OLDEST: (u32, u32) = (1, 91);

/// A `rustc`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Compiler {
    /// The program.
    pub rustc: PathBuf,
    /// What `rustc -vV` calls the release: `1.95.0`, `1.97.0-nightly`.
    pub release: String,
    /// The triple of the machine it runs on.
    pub host: String,
    /// Where its libraries are.
    pub sysroot: PathBuf,
}

impl Compiler {
    /// Asks a `rustc` about itself.
    pub(super) fn ask(host: &dyn Host, rustc: PathBuf) -> Option<Self> {
        let about = host.output(&rustc, &["-vV"])?;
        let field = |name: &str| {
            about.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).map(str::to_owned)
        };
        let sysroot = host.output(&rustc, &["--print", "sysroot"])?;
        Some(Self {
            release: field("release")?,
            host: field("host")?,
            sysroot: PathBuf::from(sysroot.trim()),
            rustc,
        })
    }

    /// Major and minor version.
    pub fn version(&self) -> Option<(u32, u32)> {
        let mut parts = self.release.split('.');
        Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
    }

    /// Whether the framework's crates build with it.
    pub fn is_new_enough(&self) -> bool {
        self.version().is_some_and(|version| version >= OLDEST)
    }

    /// Whether it takes unstable options without being told to.
    pub fn is_nightly(&self) -> bool {
        self.release.contains("-nightly") || self.release.contains("-dev")
    }

    /// Where the sources of its standard library would be.
    pub fn library_source(&self) -> PathBuf {
        self.sysroot.join("lib/rustlib/src/rust/library")
    }

    /// Where its own programs are: `rust-lld` is one of them.
    pub(super) fn programs(&self) -> PathBuf {
        self.sysroot.join("lib/rustlib").join(&self.host).join("bin")
    }

    /// Whether the standard library for an architecture is installed.
    pub(super) fn has_target(&self, host: &dyn Host, arch: Arch) -> bool {
        let directory = self.sysroot.join("lib/rustlib").join(arch.triple()).join("lib");
        host.entries(&directory).iter().any(|name| name.starts_with("libcore-"))
    }

    /// Whether the sources of the standard library are installed.
    pub(super) fn has_source(&self, host: &dyn Host) -> bool {
        host.is_file(&self.library_source().join("core/src/lib.rs"))
            && host.is_file(&self.library_source().join("Cargo.lock"))
    }
}

/// Where the compiled `core` and `alloc` come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum StandardLibrary {
    /// The target is installed.
    Installed,
    /// Compiled together with the driver, by a nightly compiler.
    SourceNightly,
    /// Compiled together with the driver, by a stable compiler that is told to take unstable options.
    SourceBootstrap,
}

impl StandardLibrary {
    /// Whether cargo has to compile it.
    pub const fn is_source(self) -> bool {
        !matches!(self, Self::Installed)
    }
}

/// Which of the places a toolchain was found in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// The compiler that cargo uses here.
    Active,
    /// Debian's or Ubuntu's package, at `/usr/bin/rustc`.
    System,
}

/// How a compiler gives drivers their standard library, if it can.
pub(super) fn standard_library(host: &dyn Host, compiler: &Compiler, arch: Arch) -> Option<StandardLibrary> {
    if compiler.has_target(host, arch) {
        Some(StandardLibrary::Installed)
    } else if !compiler.has_source(host) {
        None
    } else if compiler.is_nightly() {
        Some(StandardLibrary::SourceNightly)
    } else {
        Some(StandardLibrary::SourceBootstrap)
    }
}

/// The compiler that cargo uses: `RUSTC`, else `rustc` of the search path.
pub(super) fn active(host: &dyn Host) -> Option<Compiler> {
    let named = host.variable("RUSTC").map(PathBuf::from);
    let rustc = named.or_else(|| host.find("rustc"))?;
    Compiler::ask(host, rustc)
}

/// The compiler of the system's packages, if it is another one than `active`.
pub(super) fn system(host: &dyn Host, active: Option<&Compiler>) -> Option<Compiler> {
    if host.system() != "linux" {
        return None;
    }
    let rustc = Path::new("/usr/bin/rustc");
    if !host.is_file(rustc) || active.is_some_and(|active| active.sysroot == Path::new("/usr")) {
        return None;
    }
    // A link to rustup's proxy would answer for the active toolchain.
    Compiler::ask(host, rustc.to_owned()).filter(|found| active.is_none_or(|a| a.sysroot != found.sysroot))
}
