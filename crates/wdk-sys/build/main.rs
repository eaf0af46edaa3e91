//! Decides between the two ways a driver is built and, for an image, which driver model it is of.
//!
//! Crates that depend on this one learn the model from `DEP_WDK_DRIVER_TYPE`.

mod driver_model;

use driver_model::{DriverModel, DriverType};
use std::path::{Path, PathBuf};

/// Names the driver's `Cargo.toml` where the build tree does not show it.
const MANIFEST: &str = "WDK_DRIVER_MANIFEST";
/// Says what the manifest would: `KMDF 1 33 33`. `cargo driver build` sets it, so that drivers of one model share a build.
const MODEL: &str = "WDK_DRIVER_MODEL";

fn main() {
    println!("cargo:rerun-if-changed=build");
    println!("cargo:rerun-if-env-changed={MANIFEST}");
    println!("cargo:rerun-if-env-changed={MODEL}");
    println!("cargo:rustc-check-cfg=cfg(linked)");
    println!("cargo:rustc-check-cfg=cfg(wdk_linked)");
    println!("cargo:rustc-check-cfg=cfg(precompiled_core)");
    println!("cargo:rustc-check-cfg=cfg(wdk_framework, values(\"kmdf\", \"umdf\"))");
    println!(r#"cargo:rustc-check-cfg=cfg(driver_model__driver_type, values("KMDF", "UMDF", "WDM"))"#);
    // A Windows target makes an image for the kernel loader; any other target makes a driver that is linked
    // with the emulator. `--cfg wdk_linked` asks for the latter on a Windows host.
    let windows = std::env::var_os("CARGO_CFG_WINDOWS").is_some();
    let forced = std::env::var_os("CARGO_CFG_WDK_LINKED").is_some();
    if !windows || forced {
        // One build serves drivers of all models: the emulator says which one it loads.
        println!("cargo:rustc-cfg=linked");
        return;
    }
    if target_is_installed() {
        println!("cargo:rustc-cfg=precompiled_core");
    }
    let model = match model() {
        Ok(model) => model,
        Err(problem) => {
            println!("cargo::error={problem}");
            return;
        }
    };
    let kind = model.kind.name();
    println!("cargo:rustc-cfg=driver_model__driver_type=\"{kind}\"");
    println!("cargo:driver_type={kind}");
    if model.kind != DriverType::Wdm {
        // `cargo driver build` says it to every crate, for which that can spare a look at the binding.
        if std::env::var_os("CARGO_CFG_WDK_FRAMEWORK").is_none() {
            println!("cargo:rustc-cfg=wdk_framework=\"{}\"", kind.to_lowercase());
        }
        println!("cargo:rustc-env=WDK_VERSION_MAJOR={}", model.major);
        println!("cargo:rustc-env=WDK_TARGET_MINOR={}", model.target_minor);
        println!("cargo:rustc-env=WDK_MINIMUM_MINOR={}", model.minimum_minor);
    }
}

fn model() -> Result<DriverModel, String> {
    if let Ok(text) = std::env::var(MODEL) {
        return driver_model::parse(&text)
            .ok_or_else(|| format!("`{MODEL}={text}`: expected `KMDF 1 33 33`"));
    }
    let Some(manifest) = manifest() else { return Ok(DriverModel::default()) };
    driver_model::of_tree(&manifest, |read| println!("cargo:rerun-if-changed={}", read.display()))
}

/// The manifest at the top of the build tree: what the variable names, else the one beside the `Cargo.lock` above
/// the directory that this script writes to.
fn manifest() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os(MANIFEST) {
        return Some(path.into());
    }
    let out = PathBuf::from(std::env::var_os("OUT_DIR")?);
    let root = out.ancestors().find(|directory| directory.join("Cargo.lock").is_file())?;
    Some(root.join("Cargo.toml")).filter(|path: &PathBuf| Path::is_file(path))
}

/// Whether the compiler has a compiled `core` for the target, which it then uses.
fn target_is_installed() -> bool {
    let (Some(rustc), Ok(target)) = (std::env::var_os("RUSTC"), std::env::var("TARGET")) else {
        return false;
    };
    let output = std::process::Command::new(rustc)
        .args(["--print", "target-libdir", "--target", &target])
        .output()
        .ok()
        .filter(|output| output.status.success());
    let directory = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    let entries = directory.and_then(|directory| std::fs::read_dir(directory).ok());
    entries.into_iter().flatten().flatten().any(|entry| {
        let name = entry.file_name();
        name.to_string_lossy().starts_with("libcore-")
    })
}
