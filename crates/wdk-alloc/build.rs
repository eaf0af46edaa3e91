//! Tells the compiler what kind of driver is built: what `wdk-sys` decided, for this crate too.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rustc-check-cfg=cfg(linked)");
    println!(r#"cargo:rustc-check-cfg=cfg(driver_model__driver_type, values("KMDF", "UMDF", "WDM"))"#);
    match std::env::var("DEP_WDK_DRIVER_TYPE") {
        Ok(kind) => println!("cargo:rustc-cfg=driver_model__driver_type=\"{kind}\""),
        Err(_) => println!("cargo:rustc-cfg=linked"),
    }
}
