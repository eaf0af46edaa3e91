//! Which compiler and which linker can make a driver image on this machine.
//!
//! Looked for in this order:
//!
//! 1. the active compiler (`RUSTC`, else `rustc`) with the Windows target installed;
//! 2. the active compiler with the standard library's sources (`rust-src`): a nightly compiles them as it is, a
//!    stable one with `RUSTC_BOOTSTRAP=1`;
//! 3. the compiler of Debian's or Ubuntu's packages, `/usr/bin/rustc`, with either (`rustc-web`, `rust-web-src`).
//!
//! The linker is the toolchain's `rust-lld`, else `lld-link`, else Microsoft's `link.exe`.

mod compiler;
mod doctor;
mod host;
mod linker;
mod mend;
#[cfg(test)]
mod tests;

pub use compiler::{Compiler, OLDEST, Origin, StandardLibrary};
pub use doctor::{Diagnosis, Finding, diagnose};
pub use host::{Host, ThisMachine};
pub use linker::{Linker, LinkerKind};

use crate::error::{Error, Result};
use crate::target::Arch;
use serde::Serialize;

/// What builds driver images.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Toolchain {
    /// For which architecture.
    pub arch: Arch,
    /// Where the compiler was found.
    pub origin: Origin,
    /// The compiler.
    pub compiler: Compiler,
    /// Where `core` comes from.
    pub standard_library: StandardLibrary,
    /// The linker.
    pub linker: Linker,
}

impl Toolchain {
    /// Finds the toolchain for an architecture on this machine.
    ///
    /// # Errors
    ///
    /// [`Error::Toolchain`] says all that is missing and what to install on this system.
    pub fn find(arch: Arch) -> Result<Self> {
        Self::find_on(&ThisMachine, arch)
    }

    /// Finds the toolchain on a machine.
    ///
    /// # Errors
    ///
    /// As [`find`](Self::find).
    pub fn find_on(host: &dyn Host, arch: Arch) -> Result<Self> {
        let diagnosis = diagnose(host, arch);
        match diagnosis.toolchain {
            Some(toolchain) => Ok(toolchain),
            None => Err(Error::Toolchain(diagnosis.missing())),
        }
    }

    /// The toolchain in a few words.
    pub fn describe(&self) -> String {
        let library = match self.standard_library {
            StandardLibrary::Installed => "installed target",
            StandardLibrary::SourceNightly => "core from source",
            StandardLibrary::SourceBootstrap => "core from source, bootstrap",
        };
        let Self { compiler, linker, .. } = self;
        let rustc = format!("rustc {} ({library})", compiler.release);
        match linker.version.as_str() {
            "" => format!("{rustc}, {}", linker.kind.name()),
            version => format!("{rustc}, {} {version}", linker.kind.name()),
        }
    }

    /// The name of the directory in a target directory that is this toolchain's own. Compilers that differ must not
    /// undo each other's work.
    pub fn directory(&self) -> &'static str {
        match self.origin {
            Origin::Active => "driver-image",
            Origin::System => "driver-image-system",
        }
    }
}
