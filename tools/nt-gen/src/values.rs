//! Writing constants and status codes.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::{Result, bail};
use windows_metadata::Value;

use crate::convert::as_i32;
use crate::emit::header;
use crate::metadata::Metadata;
use crate::overrides::Overrides;
use crate::selection::{Selection, matches};

/// The file of constants.
pub fn constants(metadata: &Metadata<'_>, selection: &Selection, what: &str) -> Result<String> {
    let mut found: BTreeMap<String, (&str, i128)> = BTreeMap::new();
    let mut problems = Vec::new();
    for pattern in &selection.constants {
        let mut any = false;
        for (name, value) in metadata.constants(pattern) {
            if selection.without.iter().any(|without| matches(without, name)) {
                continue;
            }
            any = true;
            let value = match value {
                Value::I64(value) => i128::from(value),
                Value::U64(value) => i128::from(value),
                // Flag enumerations hold unsigned values in signed storage.
                Value::U32(value) => i128::from(value),
                Value::Utf8(_) | Value::Utf16(_) => continue,
                other => i128::from(as_i32(&other)?.cast_unsigned()),
            };
            let ty = if value > i128::from(u32::MAX) { "u64" } else { "u32" };
            found.insert(name.into(), (ty, value));
        }
        if !any {
            problems.push(format!("const {pattern} matches nothing"));
        }
    }
    if !problems.is_empty() {
        bail!("{}", problems.join("\n"));
    }
    let mut out = header(what, "") + "\n";
    for (name, (ty, value)) in &found {
        let shown = if *value > 9 { format!("{value:#x}") } else { value.to_string() };
        writeln!(out, "/// `{name}` of the C headers.\npub const {name}: {ty} = {shown};")?;
    }
    Ok(out)
}

/// The statuses of the metadata and of the overrides, by name.
fn all_statuses(metadata: &Metadata<'_>, overrides: &Overrides) -> Result<BTreeMap<String, u32>> {
    let mut all: BTreeMap<String, u32> = BTreeMap::new();
    for (name, value) in metadata.statuses().filter(|(name, _)| name.starts_with("STATUS_")) {
        if let Value::I32(value) = value {
            all.insert(name.into(), value.cast_unsigned());
        }
    }
    for entry in &overrides.status {
        if let Some(value) = entry.value {
            if let Some(old) = all.insert(entry.name.clone(), value) {
                if old != value {
                    bail!("status {}: {old:#x} in the metadata, {value:#x} in overrides.toml", entry.name);
                }
                bail!("status {} has come into the metadata: drop the override", entry.name);
            }
        } else if !all.contains_key(&entry.name) {
            bail!("status {} is not in the metadata", entry.name);
        }
    }
    Ok(all)
}

/// The file of status codes.
pub fn statuses(metadata: &Metadata<'_>, overrides: &Overrides, what: &str) -> Result<String> {
    let all = all_statuses(metadata, overrides)?;
    let mut out = header(what, "use super::NTSTATUS;\n\n");
    let elsewhere = |name: &str| overrides.status.iter().any(|entry| entry.elsewhere && entry.name == name);
    for (name, value) in all.iter().filter(|(name, _)| !elsewhere(name)) {
        writeln!(
            out,
            "/// `{name}` of the C headers.\npub const {name}: NTSTATUS = {value:#010X}_u32 as NTSTATUS;"
        )?;
    }
    writeln!(out, "\n/// How many `STATUS_` constants there are, several names for one value counted each.")?;
    writeln!(out, "#[cfg(test)]\npub(crate) const STATUS_COUNT: usize = {};", all.len())?;
    Ok(out)
}

/// The file of status names.
pub fn status_names(metadata: &Metadata<'_>, overrides: &Overrides, what: &str) -> Result<String> {
    let all = all_statuses(metadata, overrides)?;
    let mut by_value: BTreeMap<i32, Vec<&str>> = BTreeMap::new();
    for (name, value) in &all {
        by_value.entry(value.cast_signed()).or_default().push(name);
    }
    let preferred = |name: &str| overrides.status.iter().any(|entry| entry.preferred && entry.name == name);
    let mut out = header(what, "");
    writeln!(out, "\n/// Each value with its usual name, sorted by value as a signed number.")?;
    writeln!(out, "pub const STATUS_NAMES: &[(i32, &str)] = &[")?;
    let mut undecided = Vec::new();
    for (value, names) in &by_value {
        let name = match &names[..] {
            [one] => one,
            several => match several.iter().find(|name| preferred(name)) {
                Some(name) => name,
                None => {
                    undecided.push(format!("{:#010X}: {}", value.cast_unsigned(), several.join(", ")));
                    continue;
                }
            },
        };
        writeln!(out, "    ({:#010X}_u32 as i32, \"{name}\"),", value.cast_unsigned())?;
    }
    if !undecided.is_empty() {
        bail!(
            "several names for one status; mark one preferred in overrides.toml:\n  {}",
            undecided.join("\n  ")
        );
    }
    out.push_str("];\n");
    Ok(out)
}
