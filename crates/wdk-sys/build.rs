//! Decides between the two ways a driver is built, once, for every crate that asks this one.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rustc-check-cfg=cfg(linked)");
    println!("cargo:rustc-check-cfg=cfg(wdk_linked)");
    println!("cargo:rustc-check-cfg=cfg(wdk_framework, values(\"kmdf\", \"umdf\"))");
    // A Windows target makes an image for the kernel loader; any other target makes a driver that is linked
    // with the emulator. `--cfg wdk_linked` asks for the latter on a Windows host.
    let windows = std::env::var_os("CARGO_CFG_WINDOWS").is_some();
    let forced = std::env::var_os("CARGO_CFG_WDK_LINKED").is_some();
    if !windows || forced {
        println!("cargo:rustc-cfg=linked");
    }
    println!("cargo:rustc-check-cfg=cfg(precompiled_core)");
    if windows && !forced && target_is_installed() {
        println!("cargo:rustc-cfg=precompiled_core");
    }
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
