//! What to install where something is missing.

use super::compiler::OLDEST;
use super::host::Host;
use crate::target::Arch;
use std::path::Path;

/// The kind of system, as far as its packages differ.
enum System {
    Debian,
    Fedora,
    Arch,
    Alpine,
    OtherLinux,
    MacOs,
    Windows,
}

fn system(host: &dyn Host) -> System {
    match host.system() {
        "macos" => return System::MacOs,
        "windows" => return System::Windows,
        _ => {}
    }
    let release = host.text(Path::new("/etc/os-release")).unwrap_or_default();
    let names: Vec<_> = release
        .lines()
        .filter_map(|line| line.strip_prefix("ID=").or_else(|| line.strip_prefix("ID_LIKE=")))
        .flat_map(|value| value.trim_matches('"').split(' '))
        .collect();
    let is = |name: &str| names.contains(&name);
    match () {
        () if is("debian") || is("ubuntu") => System::Debian,
        () if is("fedora") || is("rhel") => System::Fedora,
        () if is("arch") => System::Arch,
        () if is("alpine") => System::Alpine,
        () => System::OtherLinux,
    }
}

/// How to get a compiler with the standard library for Windows.
pub(super) fn target(host: &dyn Host, arch: Arch) -> String {
    let rustup = format!("rustup target add {}", arch.triple());
    let has_rustup = host.find("rustup").is_some();
    match system(host) {
        System::Debian if has_rustup => {
            format!("`{rustup}`; without rustup's servers: `apt-get install rustc-web rust-web-src`")
        }
        System::Debian => {
            format!(
                "`apt-get install rustc-web rust-web-src`; or rustup (https://rustup.rs), then `{rustup}`"
            )
        }
        System::Fedora if !has_rustup => {
            format!("`dnf install rust-src`; or rustup (https://rustup.rs), then `{rustup}`")
        }
        System::Arch if !has_rustup => {
            format!("`pacman -S rust-src`; or `pacman -S rustup`, then `{rustup}`")
        }
        System::Alpine if !has_rustup => format!("`apk add rust-src`; or `apk add rustup`, then `{rustup}`"),
        _ if has_rustup => format!("`{rustup}`, or `rustup component add rust-src`"),
        _ => format!("rustup (https://rustup.rs), then `{rustup}`"),
    }
}

/// How to get a newer compiler.
pub(super) fn newer_compiler(host: &dyn Host) -> String {
    let (major, minor) = OLDEST;
    if host.find("rustup").is_some() {
        format!("`rustup update` (Rust {major}.{minor} or newer is needed)")
    } else {
        format!("rustup (https://rustup.rs): Rust {major}.{minor} or newer is needed")
    }
}

/// How to get a linker.
pub(super) fn linker(host: &dyn Host) -> &'static str {
    match system(host) {
        System::Debian => "`apt-get install lld`, or a Rust toolchain of rustup, which brings `rust-lld`",
        System::Fedora => "`dnf install lld`, or a Rust toolchain of rustup, which brings `rust-lld`",
        System::Arch => "`pacman -S lld`, or a Rust toolchain of rustup, which brings `rust-lld`",
        System::Alpine => "`apk add lld`, or a Rust toolchain of rustup, which brings `rust-lld`",
        System::OtherLinux => "LLVM's `lld` package, or a Rust toolchain of rustup, which brings `rust-lld`",
        System::MacOs => "`brew install lld`, or a Rust toolchain of rustup, which brings `rust-lld`",
        System::Windows => "the Visual Studio Build Tools with C++, or LLVM (`winget install LLVM.LLVM`)",
    }
}
