//! `layout.json`: the sizes and offsets decided on, and their compile-time proof.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::emit::header;
use crate::model::{Aggregate, Bits, Model, Ty};

/// The file's shape.
#[derive(Deserialize)]
pub struct Expected {
    pub types: Vec<ExpectedType>,
}

/// One type.
#[derive(Deserialize)]
pub struct ExpectedType {
    #[serde(rename = "type")]
    pub name: String,
    pub sizeof: u64,
    pub align: u64,
    #[serde(default)]
    pub offsets: BTreeMap<String, Place>,
}

/// Where a member is.
#[derive(Deserialize, Clone, Copy)]
#[serde(untagged)]
pub enum Place {
    Byte(u64),
    Bits { byte: u64, bit: u64, width: u32 },
}

/// A member found in the model.
struct Found {
    /// As `offset_of!` wants it.
    path: String,
    offset: u64,
    /// For a bit field: the structure holding its unit, the unit, and the field.
    bits: Option<(String, String, Bits)>,
}

impl Expected {
    /// Reads the table.
    pub fn parse(text: &str) -> Result<Self> {
        serde_json::from_str(text).context("failed to parse layout.json")
    }

    /// How many types and members it holds.
    pub fn counts(&self) -> (usize, usize) {
        (self.types.len(), self.types.iter().map(|ty| ty.offsets.len()).sum())
    }
}

fn collect(
    model: &Model,
    stated: &Aggregate,
    path: &str,
    names: &str,
    base: u64,
    out: &mut BTreeMap<String, Found>,
) -> Result<()> {
    let layout = model.layout(stated)?;
    for (member, offset) in stated.members.iter().zip(&layout.offsets) {
        let here = if path.is_empty() { member.name.clone() } else { format!("{path}.{}", member.name) };
        let join = |name: &str| {
            if names.is_empty() { name.to_string() } else { format!("{names}.{name}") }
        };
        for bits in &member.bits {
            let unit = Some((stated.tag.clone(), member.name.clone(), bits.clone()));
            out.entry(join(&bits.name)).or_insert(Found {
                path: here.clone(),
                offset: base + offset,
                bits: unit,
            });
        }
        let named = if member.anonymous { names.to_string() } else { join(&member.name) };
        if !member.anonymous && member.bits.is_empty() {
            out.entry(named.clone()).or_insert(Found {
                path: here.clone(),
                offset: base + offset,
                bits: None,
            });
        }
        if let Ty::Named(tag) = &member.ty {
            let inner = stated.inner.iter().find(|inner| inner.tag == *tag).or_else(|| {
                // Members of another stated type are listed there, unless C has it unnamed here.
                model.aggregates.get(tag).filter(|_| member.anonymous)
            });
            if let Some(inner) = inner {
                collect(model, inner, &here, &named, base + offset, out)?;
            }
        }
    }
    Ok(())
}

/// The file of proofs. Every type and every member of the table is in it, or this fails.
pub fn proofs(model: &Model, expected: &Expected, what: &str) -> Result<String> {
    let uses = "use core::mem::offset_of;\n\nuse super::bits::bits_of;\nuse super::*;\n";
    let mut out = header(what, uses);
    let mut problems = Vec::new();
    for ty in &expected.types {
        let name = &ty.name;
        writeln!(out, "\nconst _: () = {{")?;
        writeln!(out, "    assert!(size_of::<{name}>() == {}, \"size of {name}\");", ty.sizeof)?;
        writeln!(out, "    assert!(align_of::<{name}>() == {}, \"alignment of {name}\");", ty.align)?;
        let (size, align) = model.size_align(&Ty::Named(name.clone()))?;
        if (size, align) != (ty.sizeof, ty.align) {
            problems.push(format!("{name}: {size}/{align}, expected {}/{}", ty.sizeof, ty.align));
        }
        let mut members = BTreeMap::new();
        if let Some(stated) = model.aggregates.get(name) {
            collect(model, stated, "", "", 0, &mut members)?;
        }
        let mut rows: Vec<(&String, &Place)> = ty.offsets.iter().collect();
        rows.sort_by_key(|(path, place)| (place.byte(), (*path).clone()));
        for (path, place) in rows {
            let Some(found) = members.get(path) else {
                problems.push(format!("{name}.{path}: no such member"));
                continue;
            };
            if let Err(problem) = proof(&mut out, name, path, *place, found) {
                problems.push(format!("{name}.{path}: {problem}"));
            }
        }
        writeln!(out, "}};")?;
    }
    if !problems.is_empty() {
        bail!("layouts differ from layout.json (mend overrides.toml):\n  {}", problems.join("\n  "));
    }
    let (types, members) = expected.counts();
    writeln!(
        out,
        "\n/// How many types are proved above.\n#[cfg(test)]\npub(crate) const PROVED_TYPES: usize = {types};"
    )?;
    writeln!(
        out,
        "/// How many members are proved above.\n#[cfg(test)]\npub(crate) const PROVED_MEMBERS: usize = {members};"
    )?;
    Ok(out)
}

impl Place {
    fn byte(self) -> u64 {
        match self {
            Place::Byte(byte) => byte,
            Place::Bits { byte, bit, .. } => byte + bit / 8,
        }
    }
}

fn proof(out: &mut String, name: &str, path: &str, place: Place, found: &Found) -> Result<()> {
    match (place, &found.bits) {
        (Place::Byte(byte), None) => {
            if byte != found.offset {
                bail!("at {}, expected {byte}", found.offset);
            }
            let target = &found.path;
            writeln!(out, "    assert!(offset_of!({name}, {target}) == {byte}, \"{name}.{path}\");")?;
        }
        (Place::Bits { byte, bit, width }, Some((owner, unit, bits))) => {
            let start = found.offset * 8 + u64::from(bits.offset);
            if start != byte * 8 + bit || bits.width != width {
                bail!("bit {start}, {} wide, expected bit {}, {width} wide", bits.width, byte * 8 + bit);
            }
            let mask = ((1_u128 << width) - 1) << bits.offset;
            writeln!(
                out,
                "    assert!(offset_of!({name}, {}) == {}, \"{name}.{path}\");",
                found.path, found.offset
            )?;
            let call = format!("bits_of!({owner}, {unit}, set_{})", bits.name);
            writeln!(out, "    assert!({call} == {mask:#x}, \"bits of {name}.{path}\");")?;
        }
        (Place::Byte(_), Some(_)) => bail!("a bit field, expected a whole member"),
        (Place::Bits { .. }, None) => bail!("a whole member, expected a bit field"),
    }
    Ok(())
}
