//! Signatures as written in overrides.toml.

use anyhow::{Context, Result};

/// `(Name: Type, …) -> Type` into parts.
#[allow(clippy::type_complexity)]
pub fn split(text: &str) -> Result<(Vec<(&str, &str)>, &str)> {
    let (params, ret) = text.rsplit_once("->").with_context(|| format!("{text}: no result type"))?;
    let params = params.trim().strip_prefix('(').and_then(|text| text.strip_suffix(')'));
    let params = params.with_context(|| format!("{text}: no parentheses"))?;
    let mut out = Vec::new();
    for param in params.split(',').map(str::trim).filter(|param| !param.is_empty()) {
        let (name, ty) = param.split_once(':').with_context(|| format!("{param}: not `Name: Type`"))?;
        out.push((name.trim(), ty.trim()));
    }
    Ok((out, ret.trim()))
}
