//! Driver images that tests run: built from this workspace's drivers, where a Windows target can be had.

use std::collections::HashMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex, PoisonError};
use wdk_build::driver::{Build, Built};
use wdk_build::toolchain::Toolchain;
use wdk_build::{Arch, Profile};

/// The environment variable that, when it is `1`, turns skipped tests into failed ones. `.ci/run` sets it where it can.
pub const REQUIRE: &str = "WDK_REQUIRE_IMAGES";

/// Writes past the test harness, which keeps what passing tests print with `eprintln!` to itself.
fn say(text: &str) {
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

/// Whether images for an architecture can be built here.
///
/// If not, the caller skips what it tests. That is said on stderr, and is a failure where images are required.
///
/// # Panics
///
/// When there is no toolchain and [`REQUIRE`] is set.
pub fn available(arch: Arch) -> bool {
    match Toolchain::find(arch) {
        Ok(_) => true,
        Err(why) => {
            let required = std::env::var_os(REQUIRE).is_some_and(|value| value == "1");
            assert!(!required, "{REQUIRE} is set, and {why}");
            say(&format!("\nSKIPPED: no Windows target: {why}\n"));
            false
        }
    }
}

/// Builds a driver of this workspace (`drivers/echo`), if images can be built here. A test program builds each once,
/// and cargo only what changed since.
///
/// # Panics
///
/// When it does not build.
pub fn build(driver: &str, arch: Arch, profile: Profile) -> Option<Built> {
    type Key = (String, &'static str, &'static str);
    static BUILT: LazyLock<Mutex<HashMap<Key, Option<Built>>>> = LazyLock::new(Mutex::default);
    let key = (driver.to_owned(), arch.name(), profile.name());
    // Also when a build that failed has poisoned it: the next test is to say so, too.
    let mut all = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(built) = all.get(&key) {
        return built.clone();
    }
    say(&format!("building {driver} as an image ({}, {})\n", arch.name(), profile.name()));
    let built = build_in(&workspace(), &target(), driver, arch, profile);
    all.insert(key, built.clone());
    built
}

/// As [`build`], of another copy of the workspace and into another target directory.
///
/// # Panics
///
/// When it does not build.
pub fn build_in(root: &Path, target: &Path, driver: &str, arch: Arch, profile: Profile) -> Option<Built> {
    if !available(arch) {
        return None;
    }
    let package = driver.rsplit('/').next().expect("a path has a last part");
    let build = Build {
        manifest: root.join(driver).join("Cargo.toml"),
        target_directory: target.to_owned(),
        workspace_root: root.to_owned(),
        library: package.replace('-', "_"),
        arch,
        profile,
        features: Vec::new(),
        out: None,
        quiet: true,
    };
    Some(build.run().unwrap_or_else(|error| panic!("`{driver}` does not build: {error}")))
}

/// The root of this workspace.
pub fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("it is a directory of the workspace").to_owned()
}

/// The target directory that cargo runs this test in.
pub fn target() -> PathBuf {
    let program = std::env::current_exe().expect("a test is a file");
    let directory = program.ancestors().find(|path| path.join("CACHEDIR.TAG").is_file());
    directory.map_or_else(|| workspace().join("target"), Path::to_owned)
}
