//! Drivers in workspaces of their own, built as their authors would: for this host, and as images.

use std::path::{Path, PathBuf};
use std::process::Command;
use wdk_emulator::DriverModule;
use wdk_sys::binding::{DriverEntry, Versions};
use wdk_sys::linked::{DIGEST, RAW_DIGEST_SYMBOL, RAW_DRIVER_SYMBOL, RawDriver, RawDriverModule};

/// The environment variable that turns a skipped test into a failed one.
const REQUIRE: &str = "WDK_REQUIRE_IMAGES";
const TARGET: &str = "x86_64-pc-windows-msvc";

/// A workspace below `tests/compat`, and the library that it makes.
#[derive(Clone, Copy)]
pub struct Workspace {
    /// The directory.
    pub directory: &'static str,
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
        let target = target().join("compat");
        let mut command = self.cargo();
        // The drivers ask for `abort`, which would take the test with it.
        command.args(["--config", "profile.dev.panic=\"unwind\""]).arg("--target-dir").arg(&target);
        self.run(command);
        target.join("debug").join(libloading::library_filename(self.library))
    }

    /// Builds the workspace as an image, where a Windows target can be had. If not, the caller skips what it tests;
    /// that is said on stderr, and is a failure where images are required.
    ///
    /// # Panics
    ///
    /// When it does not build.
    pub fn image(&self) -> Option<PathBuf> {
        let rustc = match compiler() {
            Ok(rustc) => rustc,
            Err(why) => {
                assert!(std::env::var_os(REQUIRE).is_none(), "{REQUIRE} is set, and {why}");
                let text = format!("\nSKIPPED: no Windows target: {why}\n");
                // Not `eprintln!`, which the test harness keeps to itself when a test passes.
                let _ = std::io::Write::write_all(&mut std::io::stderr().lock(), text.as_bytes());
                return None;
            }
        };
        let target = target().join("compat-image");
        let mut command = self.cargo();
        command.arg("--target-dir").arg(&target).args(["--release", "--target", TARGET]);
        command
            .args(["-Zbuild-std=core,alloc,compiler_builtins", "-Zbuild-std-features=compiler-builtins-mem"]);
        command.args(["--config", "profile.release.panic=\"abort\""]);
        command.args(["--config", &format!("target.{TARGET}.linker=\"lld-link\"")]);
        command.args(["--config", &format!("target.{TARGET}.rustflags=[\"-Clinker-flavor=lld-link\"]")]);
        command.env("RUSTC", rustc).env("RUSTC_BOOTSTRAP", "1");
        // The directory that is built into belongs to this workspace, not to the driver's.
        command.env("WDK_DRIVER_MANIFEST", self.root().join("Cargo.toml"));
        self.run(command);
        Some(target.join(TARGET).join("release").join(format!("{}.dll", self.library)))
    }
}

/// A compiler with the source of its standard library, and a linker.
fn compiler() -> Result<PathBuf, String> {
    let rustc = PathBuf::from("/usr/bin/rustc");
    let sysroot = Command::new(&rustc).args(["--print", "sysroot"]).output();
    let sysroot = sysroot.map_err(|error| format!("{} does not start: {error}", rustc.display()))?;
    let sysroot = PathBuf::from(String::from_utf8_lossy(&sysroot.stdout).trim());
    if !sysroot.join("lib/rustlib/src/rust/library/core").is_dir() {
        return Err(format!("{} has no source of its library", sysroot.display()));
    }
    match Command::new("lld-link").arg("--version").output() {
        Ok(_) => Ok(rustc),
        Err(error) => Err(format!("lld-link does not start: {error}")),
    }
}

/// The target directory that cargo runs this test in.
fn target() -> PathBuf {
    let program = std::env::current_exe().expect("a test is a file");
    let directory = program.ancestors().find(|path| path.join("CACHEDIR.TAG").is_file());
    directory.expect("cargo marks its target directory").to_owned()
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
