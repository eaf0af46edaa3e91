//! The linker.

use super::compiler::Compiler;
use super::host::Host;
use serde::Serialize;
use std::path::PathBuf;

/// A linker of the Windows kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Linker {
    /// Which one.
    pub kind: LinkerKind,
    /// The program. For [`LinkerKind::Link`], the compiler finds it by itself where this is nothing.
    pub path: Option<PathBuf>,
    /// What it says its version is.
    pub version: String,
}

/// The linkers that can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LinkerKind {
    /// LLVM's linker as Rust toolchains bring it.
    RustLld,
    /// LLVM's linker as packages bring it.
    LldLink,
    /// Microsoft's.
    Link,
}

impl LinkerKind {
    /// The program's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::RustLld => "rust-lld",
            Self::LldLink => "lld-link",
            Self::Link => "link.exe",
        }
    }

    /// Whether it is LLVM's.
    pub const fn is_lld(self) -> bool {
        !matches!(self, Self::Link)
    }
}

/// Releases of LLVM whose packages name the program `lld-link-22`, newest first.
const NUMBERED: std::ops::RangeInclusive<u32> = 14..=30;

/// The first linker there is: the toolchain's own, LLVM's, Microsoft's.
pub(super) fn find(host: &dyn Host, compilers: &[&Compiler]) -> Option<Linker> {
    let own = host.program_name("rust-lld");
    for compiler in compilers {
        let path = compiler.programs().join(&own);
        if let Some(linker) = lld(host, LinkerKind::RustLld, path) {
            return Some(linker);
        }
    }
    let numbered = NUMBERED.rev().map(|release| format!("lld-link-{release}"));
    for name in std::iter::once("lld-link".to_owned()).chain(numbered) {
        if let Some(linker) = host.find(&name).and_then(|path| lld(host, LinkerKind::LldLink, path)) {
            return Some(linker);
        }
    }
    microsoft(host)
}

/// LLVM's linker, if the file is one that runs.
fn lld(host: &dyn Host, kind: LinkerKind, path: PathBuf) -> Option<Linker> {
    if !host.is_file(&path) {
        return None;
    }
    let said = match kind {
        LinkerKind::RustLld => host.output(&path, &["-flavor", "link", "--version"])?,
        _ => host.output(&path, &["--version"])?,
    };
    let version = said.lines().next().unwrap_or_default();
    let version = version.split_once("LLD ").map_or(version, |(_, version)| version);
    let version = version.split(' ').next().unwrap_or_default().to_owned();
    Some(Linker { kind, path: Some(path), version })
}

/// Microsoft's, on Windows: on the search path, or in an installation that `vswhere` knows and `rustc` will find.
fn microsoft(host: &dyn Host) -> Option<Linker> {
    if host.system() != "windows" {
        return None;
    }
    // Git for Windows has a `link.exe` that is something else; Microsoft's comes with `cl.exe`.
    if let Some(path) = host.find("link")
        && host.is_file(&path.with_file_name("cl.exe"))
    {
        return Some(Linker { kind: LinkerKind::Link, path: Some(path), version: String::new() });
    }
    let programs = host.variable("ProgramFiles(x86)")?;
    let vswhere = PathBuf::from(programs).join("Microsoft Visual Studio/Installer/vswhere.exe");
    let tools = "Microsoft.VisualStudio.Component.VC.Tools.x86.x64";
    let arguments = ["-latest", "-products", "*", "-requires", tools, "-property", "installationVersion"];
    let version = host.output(&vswhere, &arguments)?.trim().to_owned();
    (!version.is_empty()).then_some(Linker { kind: LinkerKind::Link, path: None, version })
}
