//! The driver as an image. UMDF drivers do not run in the emulator, so this is what can be shown without Windows.
//!
//! It takes a compiler and a linker for Windows: `cargo driver doctor` says what is missing.

use std::path::Path;
use wdk_build::check::{Outcome, check_file};
use wdk_build::driver::Build;
use wdk_build::{Arch, Profile};

#[test]
fn the_image_is_one_that_windows_loads() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let build = Build {
        manifest: root.join("Cargo.toml"),
        workspace_root: root.to_owned(),
        target_directory: target.to_owned(),
        library: env!("CARGO_PKG_NAME").replace('-', "_"),
        arch: Arch::X86_64,
        profile: Profile::Release,
        features: Vec::new(),
        out: None,
        quiet: true,
    };
    let built = build.run().unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(built.model.driver_type(), "UMDF");

    let report = check_file(&built.image).unwrap();
    assert_eq!(report.kind, "user");
    assert!(
        report.is_good(true),
        "{:#?}",
        report.broken().collect::<Vec<_>>()
    );
    let entry = report
        .lines
        .iter()
        .find(|line| line.rule == "umdf-entry")
        .unwrap();
    assert_eq!(entry.outcome, Outcome::Pass, "{}", entry.found);
}
