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
}
