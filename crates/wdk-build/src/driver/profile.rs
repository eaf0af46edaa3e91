//! Cargo's profiles for driver images.

use crate::target::Profile;
use std::path::Path;
use toml::{Table, Value};

/// What a profile is set to, unless the workspace's manifest says otherwise.
const DEFAULTS: &[(Profile, &str, &str)] = &[
    // Small code: a driver is resident, and what it does is mostly calls.
    (Profile::Release, "opt-level", "\"s\""),
    (Profile::Release, "lto", "\"fat\""),
    (Profile::Release, "codegen-units", "1"),
    (Profile::Release, "debug", "\"limited\""),
];

/// The settings to give cargo (`--config`), so that the workspace needs none of its own.
pub(super) fn settings(workspace_manifest: &Path, profile: Profile) -> Vec<String> {
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
    settings
}
