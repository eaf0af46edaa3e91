//! Cargo's profiles for driver images: a release is compiled for size, `opt-level = "z"`, unless the workspace's manifest
//! says otherwise.

use crate::target::Profile;
use std::path::Path;
use toml::{Table, Value};

/// What a profile is set to, unless the workspace's manifest says otherwise.
const DEFAULTS: &[(Profile, &str, &str)] = &[
    // Small code: a driver is resident, and what it does is mostly calls.
    (Profile::Release, "opt-level", "\"z\""),
    (Profile::Release, "lto", "\"fat\""),
    (Profile::Release, "codegen-units", "1"),
    (Profile::Release, "debug", "\"limited\""),
];

/// The packages that are compiled with the driver where the target is not installed.
const STANDARD_LIBRARY: [&str; 3] = ["core", "alloc", "compiler_builtins"];

/// The settings to give cargo (`--config`), so that the workspace needs none of its own.
pub(super) fn settings(workspace_manifest: &Path, profile: Profile, source: bool) -> Vec<String> {
    let manifest: Option<Table> =
        std::fs::read_to_string(workspace_manifest).ok().and_then(|text| text.parse().ok());
    let own = manifest.as_ref().and_then(|manifest| manifest.get("profile"));
    let own = own.and_then(|profiles| profiles.get(profile.name()));
    let is_set = |key: &str| own.and_then(|profile: &Value| profile.get(key)).is_some();
    // There is nothing in the kernel to unwind to: `panic` is no choice.
    let mut settings = vec![format!("profile.{}.panic=\"abort\"", profile.name())];
    for (of, key, value) in DEFAULTS {
        if *of == profile && !is_set(key) {
            settings.push(format!("profile.{}.{key}={value}", profile.name()));
        }
    }
    // As in a toolchain that brings them compiled. Without optimisation they also refer to a C library's functions.
    if source && profile == Profile::Dev {
        settings.extend(
            STANDARD_LIBRARY
                .iter()
                .map(|package| format!("profile.{}.package.{package}.opt-level=2", profile.name())),
        );
    }
    settings
}
