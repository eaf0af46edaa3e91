//! Tells the compiler which of its two forms the driver gets: what `wdk-sys` decided, for this crate too.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-check-cfg=cfg(linked)");
    if std::env::var_os("DEP_WDK_DRIVER_TYPE").is_none() {
        println!("cargo::rustc-cfg=linked");
    }
}
