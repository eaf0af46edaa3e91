//! What there is on a machine, what is missing, and what to do about it.

use super::compiler::{self, Compiler, Origin};
use super::host::Host;
use super::{Toolchain, linker, mend};
use crate::target::Arch;
use serde::Serialize;

/// One thing that was looked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was looked for.
    pub what: String,
    /// What was found, if it was.
    pub found: Option<String>,
    /// Whether drivers cannot be built because this was not found.
    pub needed: bool,
    /// What to do about it.
    pub mend: Option<String>,
}

/// All that was looked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnosis {
    /// For which architecture.
    pub arch: Arch,
    /// What builds its drivers, if something does.
    pub toolchain: Option<Toolchain>,
    /// Each thing on its own.
    pub findings: Vec<Finding>,
}

impl Diagnosis {
    /// What is missing, and the mend, as one message.
    pub fn missing(&self) -> String {
        let missing: Vec<_> = self
            .findings
            .iter()
            .filter(|finding| finding.needed && finding.found.is_none())
            .map(|finding| match &finding.mend {
                Some(mend) => format!("{} (install: {mend})", finding.what),
                None => finding.what.clone(),
            })
            .collect();
        format!("this machine cannot build {} driver images; missing: {}", self.arch, missing.join("; "))
    }
}

/// Looks for everything.
pub fn diagnose(host: &dyn Host, arch: Arch) -> Diagnosis {
    let active = compiler::active(host);
    let system = compiler::system(host, active.as_ref());
    let mut findings = Vec::new();

    let places = [(Origin::Active, active.as_ref()), (Origin::System, system.as_ref())];
    let mut chosen = None;
    let mut too_old = false;
    for (origin, compiler) in places {
        let Some(compiler) = compiler else {
            continue;
        };
        let library = compiler::standard_library(host, compiler, arch);
        if !compiler.is_new_enough() {
            too_old = true;
        } else if let (None, Some(library)) = (&chosen, library) {
            chosen = Some((origin, compiler.clone(), library));
        }
    }
    findings.push(finding("Rust compiler that cargo uses", active.as_ref().map(describe)));
    if host.system() == "linux" {
        findings.push(finding("Rust compiler of the system's packages", system.as_ref().map(describe)));
    }
    for (compiler, whose) in [(&active, "active"), (&system, "system's")] {
        if let Some(compiler) = compiler {
            let target = format!("target {} of the {whose} compiler", arch.triple());
            findings.push(finding(&target, compiler.has_target(host, arch).then(|| "installed".to_owned())));
            let source = compiler.has_source(host).then(|| compiler.library_source().display().to_string());
            findings.push(finding(&format!("rust-src of the {whose} compiler"), source));
        }
    }
    findings.push(Finding {
        what: "Rust compiler with a standard library for Windows".to_owned(),
        found: chosen.as_ref().map(|(_, compiler, _)| describe(compiler)),
        needed: true,
        mend: chosen.is_none().then(|| match too_old && active.as_ref().is_none_or(|a| !a.is_new_enough()) {
            true => mend::newer_compiler(host),
            false => mend::target(host, arch),
        }),
    });

    // The active toolchain's linker also serves the compiler of the packages, which have none.
    let mut compilers: Vec<&Compiler> = Vec::new();
    compilers.extend(chosen.as_ref().map(|(_, compiler, _)| compiler));
    compilers.extend(&active);
    compilers.extend(&system);
    let linker = linker::find(host, &compilers);
    findings.push(Finding {
        what: "linker (rust-lld, lld-link or link.exe)".to_owned(),
        found: linker.as_ref().map(|linker| match &linker.path {
            Some(path) => format!("{} {}", path.display(), linker.version).trim_end().to_owned(),
            None => format!("{} {}", linker.kind.name(), linker.version),
        }),
        needed: true,
        mend: linker.is_none().then(|| mend::linker(host).to_owned()),
    });

    let toolchain = match (chosen, linker) {
        (Some((origin, compiler, standard_library)), Some(linker)) => {
            Some(Toolchain { arch, origin, compiler, standard_library, linker })
        }
        _ => None,
    };
    Diagnosis { arch, toolchain, findings }
}

/// Something that is one of several ways.
fn finding(what: &str, found: Option<String>) -> Finding {
    Finding { what: what.to_owned(), found, needed: false, mend: None }
}

fn describe(compiler: &Compiler) -> String {
    let age = if compiler.is_new_enough() { "" } else { ", too old" };
    format!("{} ({}{age})", compiler.rustc.display(), compiler.release)
}
