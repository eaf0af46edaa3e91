//! The search, on machines that are made up.

use super::*;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

const STABLE: &str = "/home/u/.rustup/toolchains/stable";
const HOST: &str = "x86_64-unknown-linux-gnu";

/// A machine that has what a test gives it.
#[derive(Default)]
struct Fake {
    system: &'static str,
    files: BTreeSet<PathBuf>,
    outputs: BTreeMap<String, String>,
    texts: BTreeMap<PathBuf, String>,
    variables: BTreeMap<String, String>,
}

impl Host for Fake {
    fn output(&self, program: &Path, arguments: &[&str]) -> Option<String> {
        let line = [&[program.to_str().unwrap()], arguments].concat().join(" ");
        self.outputs.get(&line).cloned()
    }

    fn is_file(&self, path: &Path) -> bool {
        self.files.contains(path)
    }

    fn entries(&self, directory: &Path) -> Vec<String> {
        let inside = self.files.iter().filter(|file| file.parent() == Some(directory));
        inside.map(|file| file.file_name().unwrap().to_string_lossy().into_owned()).collect()
    }

    fn variable(&self, name: &str) -> Option<OsString> {
        self.variables.get(name).map(OsString::from)
    }

    fn text(&self, path: &Path) -> Option<String> {
        self.texts.get(path).cloned()
    }

    fn system(&self) -> &str {
        self.system
    }
}

impl Fake {
    fn new() -> Self {
        let variables = BTreeMap::from([("PATH".to_owned(), "/cargo/bin:/usr/bin".to_owned())]);
        Self { system: "linux", variables, ..Self::default() }
    }

    fn file(mut self, path: impl AsRef<Path>) -> Self {
        self.files.insert(path.as_ref().to_owned());
        self
    }

    /// A compiler with a sysroot.
    fn rustc(mut self, program: &str, release: &str, sysroot: &str) -> Self {
        let about = format!("rustc {release}\nhost: {HOST}\nrelease: {release}\nLLVM version: 22\n");
        self.outputs.insert(format!("{program} -vV"), about);
        self.outputs.insert(format!("{program} --print sysroot"), format!("{sysroot}\n"));
        self.file(program)
    }

    fn stable(self) -> Self {
        self.rustc("/cargo/bin/rustc", "1.95.0", STABLE)
    }

    fn debian(self) -> Self {
        self.rustc("/usr/bin/rustc", "1.96.0", "/usr")
    }

    fn target(self, sysroot: &str) -> Self {
        self.file(format!("{sysroot}/lib/rustlib/x86_64-pc-windows-msvc/lib/libcore-1.rlib"))
    }

    fn source(self, sysroot: &str) -> Self {
        self.file(format!("{sysroot}/lib/rustlib/src/rust/library/core/src/lib.rs"))
            .file(format!("{sysroot}/lib/rustlib/src/rust/library/Cargo.lock"))
    }

    fn rust_lld(mut self, sysroot: &str) -> Self {
        let path = format!("{sysroot}/lib/rustlib/{HOST}/bin/rust-lld");
        self.outputs.insert(format!("{path} -flavor link --version"), "LLD 22.1.2 (/checkout)\n".to_owned());
        self.file(path)
    }

    fn lld_link(mut self, name: &str) -> Self {
        let path = format!("/usr/bin/{name}");
        self.outputs.insert(format!("{path} --version"), "Debian LLD 14.0.6\n".to_owned());
        self.file(path)
    }

    fn os_release(mut self, text: &str) -> Self {
        self.texts.insert("/etc/os-release".into(), text.to_owned());
        self
    }

    fn find(&self) -> Result<Toolchain> {
        Toolchain::find_on(self, Arch::X86_64)
    }
}

#[test]
fn an_installed_target_comes_first() {
    let host = Fake::new().stable().target(STABLE).source(STABLE).debian().source("/usr").rust_lld(STABLE);
    let found = host.find().unwrap();
    assert_eq!((found.origin, found.standard_library), (Origin::Active, StandardLibrary::Installed));
    assert_eq!(found.linker.kind, LinkerKind::RustLld);
    assert_eq!(found.describe(), "rustc 1.95.0 (installed target), rust-lld 22.1.2");
}

#[test]
fn sources_are_compiled_by_nightly_as_it_is_and_by_stable_in_bootstrap_mode() {
    let host = Fake::new().stable().source(STABLE).rust_lld(STABLE);
    assert_eq!(host.find().unwrap().standard_library, StandardLibrary::SourceBootstrap);
    let host =
        Fake::new().rustc("/cargo/bin/rustc", "1.97.0-nightly", STABLE).source(STABLE).rust_lld(STABLE);
    assert_eq!(host.find().unwrap().standard_library, StandardLibrary::SourceNightly);
}

#[test]
fn the_system_s_compiler_is_used_where_the_active_one_has_neither() {
    let host = Fake::new().stable().debian().source("/usr").rust_lld(STABLE);
    let found = host.find().unwrap();
    assert_eq!((found.origin, found.compiler.release.as_str()), (Origin::System, "1.96.0"));
    // It has no linker of its own.
    assert!(found.linker.path.unwrap().starts_with(STABLE));
    assert_ne!(found.origin, Origin::Active);
    // Another target directory, so that the two do not undo each other's work.
    let other = Fake::new().stable().target(STABLE).rust_lld(STABLE).find().unwrap();
    assert_ne!(Toolchain::find_on(&host, Arch::X86_64).unwrap().directory(), other.directory());
}

#[test]
fn a_link_to_the_active_compiler_is_not_the_system_s() {
    let host = Fake::new().stable().rustc("/usr/bin/rustc", "1.95.0", STABLE).rust_lld(STABLE);
    assert!(matches!(host.find(), Err(Error::Toolchain(_))));
}

#[test]
fn rustc_of_the_environment_is_the_active_one() {
    let mut host = Fake::new().stable().rustc("/opt/rustc", "1.94.0", "/opt").target("/opt").rust_lld("/opt");
    assert!(host.find().is_err());
    host.variables.insert("RUSTC".to_owned(), "/opt/rustc".to_owned());
    assert_eq!(host.find().unwrap().compiler.release, "1.94.0");
}

#[test]
fn lld_link_serves_where_there_is_no_rust_lld() {
    let host = Fake::new().stable().target(STABLE);
    assert!(host.find().unwrap_err().to_string().contains("linker"));
    let found = host.lld_link("lld-link").find().unwrap();
    assert_eq!((found.linker.kind, found.linker.version.as_str()), (LinkerKind::LldLink, "14.0.6"));
    let numbered = Fake::new().stable().target(STABLE).lld_link("lld-link-19").find().unwrap();
    assert_eq!(numbered.linker.path.as_deref(), Some(Path::new("/usr/bin/lld-link-19")));
    // A `rust-lld` that does not run, as a link to a package that is not installed, does not count.
    let broken = format!("{STABLE}/lib/rustlib/{HOST}/bin/rust-lld");
    let host = Fake::new().stable().target(STABLE).file(broken).lld_link("lld-link");
    assert_eq!(host.find().unwrap().linker.kind, LinkerKind::LldLink);
}

#[test]
fn microsoft_s_linker_serves_on_windows_only() {
    let with = |mut host: Fake| {
        host.variables.insert("PATH".to_owned(), "/vc".to_owned());
        host.variables.insert("RUSTC".to_owned(), "/cargo/bin/rustc".to_owned());
        host.file("/vc/link.exe").file("/vc/cl.exe")
    };
    let windows = Fake { system: "windows", ..with(Fake::new().stable().target(STABLE)) };
    assert_eq!(windows.find().unwrap().linker.kind, LinkerKind::Link);
    assert!(with(Fake::new().stable().target(STABLE)).find().is_err());
    // Git's `link.exe` comes without a compiler beside it.
    let mut git = windows;
    git.files.remove(Path::new("/vc/cl.exe"));
    assert!(git.find().is_err());
}

#[test]
fn what_is_missing_is_told_with_the_mend_for_the_system() {
    let debian = Fake::new().stable().os_release("ID=debian\n").find().unwrap_err().to_string();
    assert!(debian.contains("apt-get install rustc-web rust-web-src"), "{debian}");
    assert!(debian.contains("apt-get install lld"), "{debian}");
    let ubuntu = Fake::new().os_release("ID=ubuntu\nID_LIKE=\"debian\"\n").find().unwrap_err().to_string();
    assert!(ubuntu.contains("apt-get"), "{ubuntu}");
    let fedora = Fake::new().stable().os_release("ID=fedora\n").find().unwrap_err().to_string();
    assert!(fedora.contains("dnf install rust-src") && fedora.contains("dnf install lld"), "{fedora}");
    let mac = Fake { system: "macos", ..Fake::new().stable() }.find().unwrap_err().to_string();
    assert!(mac.contains("rustup target add x86_64-pc-windows-msvc") && mac.contains("brew"), "{mac}");
    let rustup = Fake::new().stable().file("/cargo/bin/rustup").find().unwrap_err().to_string();
    assert!(rustup.contains("`rustup target add"), "{rustup}");
}

#[test]
fn an_old_compiler_is_told_to_be_replaced() {
    let host = Fake::new().rustc("/cargo/bin/rustc", "1.63.0", "/usr").target("/usr").rust_lld("/usr");
    let error = host.find().unwrap_err().to_string();
    assert!(error.contains("1.91"), "{error}");
    assert!(diagnose(&host, Arch::X86_64).findings[0].found.as_deref().unwrap().contains("too old"));
}

#[test]
fn a_machine_with_nothing_gets_a_diagnosis_and_no_panic() {
    let diagnosis = diagnose(&Fake { system: "linux", ..Fake::default() }, Arch::Aarch64);
    assert!(diagnosis.toolchain.is_none());
    assert_eq!(diagnosis.findings.iter().filter(|finding| finding.needed).count(), 2);
    assert!(diagnosis.missing().contains("aarch64"));
}
