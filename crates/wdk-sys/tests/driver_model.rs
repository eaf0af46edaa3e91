//! The driver model that the build script finds in a tree of manifests.

#[path = "../build/driver_model.rs"]
mod driver_model;

use driver_model::{DriverModel, DriverType, of_tree, parse};
use std::path::PathBuf;

/// A tree of manifests in a directory of its own.
struct Tree(PathBuf);

impl Tree {
    fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = std::fs::remove_dir_all(&root);
        for (path, text) in files {
            let path = root.join(path);
            std::fs::create_dir_all(path.parent().expect("a file has a directory")).unwrap();
            std::fs::write(path, text).unwrap();
        }
        Self(root)
    }

    fn model(&self) -> Result<DriverModel, String> {
        of_tree(&self.0.join("Cargo.toml"), |_| {})
    }
}

const KMDF_33: &str = "driver-type = \"KMDF\"\nkmdf-version-major = 1\ntarget-kmdf-version-minor = 33\n";

#[test]
fn a_workspace_speaks_for_its_packages() {
    let root = format!("[workspace]\nmembers = [\"a\"]\n[workspace.metadata.wdk.driver-model]\n{KMDF_33}");
    let package = "[package]\nname = \"a\"\n";
    let model = Tree::new("workspace", &[("Cargo.toml", &root), ("a/Cargo.toml", package)]).model().unwrap();
    assert_eq!(model, DriverModel { kind: DriverType::Kmdf, major: 1, target_minor: 33, minimum_minor: 33 });
}

#[test]
fn a_member_without_a_section_is_what_its_workspace_says() {
    let root = format!("[workspace]\nmembers = [\"a\"]\n[workspace.metadata.wdk.driver-model]\n{KMDF_33}");
    let tree =
        Tree::new("member", &[("Cargo.toml", &root), ("drivers/a/Cargo.toml", "[package]\nname = \"a\"\n")]);
    let model = of_tree(&tree.0.join("drivers/a/Cargo.toml"), |_| {}).unwrap();
    assert_eq!(model.target_minor, 33);
}

#[test]
fn a_package_alone_speaks_for_itself() {
    let root = "[package]\nname = \"a\"\n[package.metadata.wdk.driver-model]\ndriver-type = \"UMDF\"\n\
                umdf-version-major = 2\ntarget-umdf-version-minor = 33\nminimum-umdf-version-minor = 31\n";
    let model = Tree::new("package", &[("Cargo.toml", root)]).model().unwrap();
    assert_eq!(model, DriverModel { kind: DriverType::Umdf, major: 2, target_minor: 33, minimum_minor: 31 });
}

#[test]
fn packages_of_a_workspace_are_found_by_pattern_and_the_lowest_version_counts() {
    let root = "[workspace]\nmembers = [\"drivers/*\"]\n";
    let driver = |minor| {
        format!(
            "[package]\nname = \"a\"\n[package.metadata.wdk.driver-model]\ndriver-type = \"KMDF\"\ntarget-kmdf-version-minor = {minor}\n"
        )
    };
    let (a, b) = (driver(33), driver(23));
    let tree = Tree::new(
        "members",
        &[("Cargo.toml", root), ("drivers/a/Cargo.toml", &a), ("drivers/b/Cargo.toml", &b)],
    );
    assert_eq!(tree.model().unwrap().target_minor, 23);
}

#[test]
fn drivers_of_two_models_are_not_built_at_once() {
    let root = "[workspace]\nmembers = [\"a\", \"b\"]\n";
    let a = "[package]\n[package.metadata.wdk.driver-model]\ndriver-type = \"WDM\"\n";
    let b = format!("[package]\n[package.metadata.wdk.driver-model]\n{KMDF_33}");
    let tree = Tree::new("mixed", &[("Cargo.toml", root), ("a/Cargo.toml", a), ("b/Cargo.toml", &b)]);
    let problem = tree.model().unwrap_err();
    assert!(problem.contains("is a WDM driver and") && problem.contains("WDK_DRIVER_MANIFEST"), "{problem}");
}

#[test]
fn nothing_said_is_kmdf_1_15() {
    let model = Tree::new("silent", &[("Cargo.toml", "[package]\nname = \"a\"\n")]).model().unwrap();
    assert_eq!((model, model.target_minor), (DriverModel::default(), 15));
}

#[test]
fn mistakes_name_the_key_and_the_file() {
    let cases = [
        ("kmdf-version-major = 1", "`driver-type` is missing"),
        ("driver-type = \"VXD\"", "`driver-type = \"VXD\"`"),
        ("driver-type = \"KMDF\"\nkmdf-version-major = 2", "`kmdf-version-major = 2`"),
        ("driver-type = \"UMDF\"\ntarget-umdf-version-minor = \"33\"", "must be a number"),
    ];
    for (index, (text, expected)) in cases.iter().enumerate() {
        let root = format!("[package]\n[package.metadata.wdk.driver-model]\n{text}\n");
        let problem = Tree::new(&format!("mistake-{index}"), &[("Cargo.toml", &root)]).model().unwrap_err();
        assert!(problem.contains(expected) && problem.contains("Cargo.toml"), "{problem}");
    }
}

#[test]
fn a_model_in_short() {
    let kmdf = DriverModel { kind: DriverType::Kmdf, major: 1, target_minor: 33, minimum_minor: 31 };
    assert_eq!(parse("KMDF 1 33 31"), Some(kmdf));
    assert_eq!(parse("WDM").map(|model| model.kind), Some(DriverType::Wdm));
    for wrong in ["", "KMDF", "KMDF 1 33", "KMDF 1 33 33 33", "VXD 1 1 1", "UMDF 2 x 1", "WDM 1"] {
        assert_eq!(parse(wrong), None, "{wrong}");
    }
}
