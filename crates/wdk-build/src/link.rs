//! What the linker is told, so that its output is a driver.
//!
//! `cargo driver build` and [`configure_wdk_binary_build`](crate::configure_wdk_binary_build) use the same list.

use crate::metadata::DriverModel;
use crate::target::Arch;
use crate::toolchain::LinkerKind;
use std::path::PathBuf;

/// The image's entry point.
pub const fn entry(model: &DriverModel) -> &'static str {
    match model {
        DriverModel::Kmdf(_) => "FxDriverEntry",
        DriverModel::Umdf(_) => "FxDriverEntryUm",
        DriverModel::Wdm => "DriverEntry",
    }
}

/// The extension of the finished file.
pub const fn extension(model: &DriverModel) -> &'static str {
    match model {
        DriverModel::Umdf(_) => "dll",
        _ => "sys",
    }
}

/// Sections of a kernel-mode image, and their attributes in lld's letters: executable, readable, writable,
/// discardable, and `p` for not pageable (Microsoft's linker sets these by itself for `/DRIVER`).
const SECTIONS: &[(&str, &str)] = &[
    (".text", "erp"),
    (".rdata", "rp"),
    (".data", "rwp"),
    ("PAGE", "er"),
    ("INIT", "erd"),
    (".rsrc", "rd"),
    (".reloc", "rd"),
];

/// The arguments for a driver's image, in the spelling of Microsoft's linker.
pub fn arguments(model: &DriverModel, arch: Arch, linker: LinkerKind) -> Vec<String> {
    let _ = arch;
    let mut arguments: Vec<String> = Vec::new();
    let mut add = |argument: &str| arguments.push(argument.to_owned());
    add("/NODEFAULTLIB");
    add("/DYNAMICBASE");
    add("/NXCOMPAT");
    add("/OPT:REF,ICF");
    add("/MERGE:.00cfg=.rdata");
    add("/MERGE:.pdata=.rdata");
    add("/GUARD:CF");
    // In `wdk-sys`, and nothing refers to it but the linker.
    add("/INCLUDE:_load_config_used");
    // The time stamp is a hash of the content.
    add("/Brepro");
    match model {
        DriverModel::Umdf(_) => {
            add("/NOENTRY");
            add("/SUBSYSTEM:WINDOWS,10.00");
        }
        DriverModel::Kmdf(_) | DriverModel::Wdm => {
            add("/DRIVER");
            add("/SUBSYSTEM:NATIVE,10.00");
            add(&format!("/ENTRY:{}", entry(model)));
            if linker.is_lld() {
                for (name, attributes) in SECTIONS {
                    add(&format!("/SECTION:{name},{attributes}"));
                }
            }
        }
    }
    // Microsoft's linker writes the checksum for /DRIVER; lld for /RELEASE, since its release 17.
    add("/RELEASE");
    arguments
}

/// Directories whose names must not get into the image, and what stands for them there.
#[derive(Debug, Clone, Default)]
pub struct Directories {
    /// The root of the driver's workspace, or its package.
    pub workspace: Option<PathBuf>,
    /// Where cargo keeps the crates that it fetched.
    pub cargo_home: Option<PathBuf>,
    /// Where the sources of the standard library are, by each of its names.
    pub library: Vec<PathBuf>,
}

/// What the compiler is told, for every crate of the image.
pub fn compiler_arguments(model: &DriverModel, directories: &Directories) -> Vec<String> {
    let mut arguments = vec!["-Ccontrol-flow-guard".to_owned()];
    match model {
        DriverModel::Kmdf(_) => arguments.push("--cfg=wdk_framework=\"kmdf\"".to_owned()),
        DriverModel::Umdf(_) => arguments.push("--cfg=wdk_framework=\"umdf\"".to_owned()),
        DriverModel::Wdm => {}
    }
    arguments.extend(remapped(directories));
    arguments
}

/// The linker's arguments for a program without a C runtime, in the spelling of Microsoft's linker.
pub fn program_arguments() -> Vec<String> {
    let arguments = [
        "/NODEFAULTLIB",
        "/ENTRY:mainCRTStartup",
        "/SUBSYSTEM:CONSOLE,10.00",
        "/DYNAMICBASE",
        "/HIGHENTROPYVA",
        "/NXCOMPAT",
        "/OPT:REF,ICF",
        // The time stamp is a hash of the content.
        "/Brepro",
    ];
    arguments.map(str::to_owned).to_vec()
}

/// The compiler's arguments that keep the names of directories out of what it makes.
pub fn remapped(directories: &Directories) -> Vec<String> {
    let mut arguments = Vec::new();
    let Directories { workspace, cargo_home, library } = directories;
    // The compiler takes the last one that fits: a workspace in cargo's own directory is still the workspace.
    let named = |name| move |directory| (directory, name);
    let all = cargo_home.iter().map(named("/cargo"));
    let all = all.chain(library.iter().map(named("/rust"))).chain(workspace.iter().map(named("/driver")));
    for (directory, name) in all {
        arguments.push(format!("--remap-path-prefix={}={name}", directory.display()));
    }
    arguments
}
