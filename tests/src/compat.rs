//! Drivers in workspaces of their own, built as their authors would: for this host, and as images.

use crate::images;
use std::path::{Path, PathBuf};
use std::process::Command;
use wdk_build::driver::Build;
use wdk_build::{Arch, Profile};
use wdk_emulator::DriverModule;
use wdk_sys::binding::{DriverEntry, Versions};
use wdk_sys::linked::{DIGEST, RAW_DIGEST_SYMBOL, RAW_DRIVER_SYMBOL, RawDriver, RawDriverModule};

/// A workspace below `tests/compat`, and the library that it makes.
#[derive(Clone, Copy)]
pub struct Workspace {
    /// The directory.
    pub directory: &'static str,
    /// The directory of the driver's package in it.
    pub package: &'static str,
    /// The package's name with `_`.
    pub library: &'static str,
}

impl Workspace {
    fn root(&self) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("compat").join(self.directory)
    }

    fn cargo(&self) -> Command {
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.current_dir(self.root()).args(["build", "--quiet"]);
        // What cargo told the test program is not for these.
        command.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
        command
    }

    fn run(&self, mut command: Command) {
        let output = command.output().expect("cargo starts");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "tests/compat/{} does not build:\n{said}", self.directory);
    }

    /// Builds the workspace for this host, and returns the library.
    ///
    /// # Panics
    ///
    /// When it does not build.
    pub fn host_library(&self) -> PathBuf {
        let target = images::target().join("compat");
        let mut command = self.cargo();
        // The drivers ask for `abort`, which would take the test with it.
        command.args(["--config", "profile.dev.panic=\"unwind\""]).arg("--target-dir").arg(&target);
        self.run(command);
        target.join("debug").join(libloading::library_filename(self.library))
    }

    /// Builds the driver as an image, where images can be built; see [`images::available`].
    ///
    /// # Panics
    ///
    /// When it does not build.
    pub fn image(&self) -> Option<PathBuf> {
        if !images::available(Arch::X86_64) {
            return None;
        }
        let root = self.root();
        let build = Build {
            manifest: root.join(self.package).join("Cargo.toml"),
            target_directory: images::target(),
            workspace_root: root,
            library: self.library.to_owned(),
            arch: Arch::X86_64,
            profile: Profile::Release,
            features: Vec::new(),
            out: None,
            quiet: true,
        };
        let built = build.run().unwrap_or_else(|error| panic!("`{}` does not build: {error}", self.library));
        Some(built.image)
    }
}

/// Loads a host library that exports `DriverEntry` and describes no driver. It stays loaded.
///
/// # Panics
///
/// When it is no such library.
pub fn load(library: &Path, versions: Versions) -> &'static DriverModule {
    // SAFETY: a driver of this repository.
    let library = unsafe { libloading::Library::new(library) }.expect("the library loads");
    let library: &'static libloading::Library = Box::leak(Box::new(library));
    // SAFETY: `wdk-sys` has a function of that name and type.
    let digest = unsafe { library.get::<extern "C" fn() -> u64>(RAW_DIGEST_SYMBOL) }.expect("it has wdk-sys");
    assert_eq!(digest(), DIGEST, "built against another statement of the API");
    // SAFETY: the driver exports its entry point under that name.
    let driver_entry = unsafe { library.get::<DriverEntry>("DriverEntry") }.expect("it is a driver");
    // SAFETY: `wdk-sys` has a function of that name and type.
    let describe = unsafe { library.get::<RawDriverModule>(RAW_DRIVER_SYMBOL) }.expect("it has wdk-sys");
    let driver = RawDriver {
        name: "Compat",
        package: "compat 0.1.0",
        versions: Box::leak(Box::new(versions)),
        driver_entry: *driver_entry,
    };
    // SAFETY: leaked by the function.
    unsafe { &*describe(&driver) }
}
