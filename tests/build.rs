//! Says whether driver images can be built here. Where they cannot, the tests that need them are reported as ignored.

use wdk_build::Arch;
use wdk_build::toolchain::Toolchain;

fn main() {
    println!("cargo::rustc-check-cfg=cfg(wdk_images)");
    // A target that was added in the meantime is found when one of these changes, or with a touch of this file.
    println!("cargo::rerun-if-changed=build.rs");
    for variable in ["WDK_REQUIRE_IMAGES", "PATH", "RUSTC", "RUSTUP_TOOLCHAIN"] {
        println!("cargo::rerun-if-env-changed={variable}");
    }
    if std::env::var_os("CARGO_CFG_WDK_SANITIZER").is_some() {
        println!(
            "cargo::warning=SKIPPED: the tests of driver images are ignored: a sanitizer sees linked drivers only"
        );
        return;
    }
    match Toolchain::find(Arch::X86_64) {
        Ok(_) => println!("cargo::rustc-cfg=wdk_images"),
        // Then the tests run, and say what is missing.
        Err(_) if std::env::var_os("WDK_REQUIRE_IMAGES").is_some_and(|value| value == "1") => {
            println!("cargo::rustc-cfg=wdk_images");
        }
        Err(why) => {
            let why = why.to_string();
            let first = why.lines().next().unwrap_or_default();
            println!(
                "cargo::warning=SKIPPED: the tests of driver images are ignored: no Windows target: {first}"
            );
        }
    }
}
