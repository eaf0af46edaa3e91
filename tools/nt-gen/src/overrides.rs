//! What the metadata gets wrong, and what it lacks: `overrides.toml`.

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

/// The file's shape. Every entry carries its reason.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Overrides {
    #[serde(default)]
    pub alias: Vec<Alias>,
    #[serde(default)]
    pub plain: Vec<Plain>,
    #[serde(default)]
    pub align: Vec<Align>,
    #[serde(default)]
    pub pack: Vec<Pack>,
    #[serde(default)]
    pub pointer_alignment: Vec<PointerAlignment>,
    #[serde(default)]
    pub flexible: Vec<Members>,
    #[serde(default)]
    pub member: Vec<Retype>,
    #[serde(default)]
    pub add: Vec<Add>,
    #[serde(default)]
    pub define: Vec<Define>,
    #[serde(default)]
    pub enumeration: Vec<DefineEnum>,
    #[serde(default)]
    pub module: Vec<Module>,
    #[serde(default)]
    pub function: Vec<Function>,
    #[serde(default)]
    pub param: Vec<Param>,
    #[serde(default)]
    pub status: Vec<Status>,
    #[serde(skip)]
    used: std::cell::RefCell<BTreeSet<String>>,
}

/// A metadata name that is another C name.
#[derive(Deserialize)]
pub struct Alias {
    pub from: String,
    pub to: String,
    pub reason: String,
}

/// Enumerations that the metadata made out of `#define`s.
#[derive(Deserialize)]
pub struct Plain {
    pub names: Vec<String>,
    pub to: String,
    pub reason: String,
}

#[derive(Deserialize)]
pub struct Align {
    pub names: Vec<String>,
    pub align: u64,
    pub reason: String,
}

#[derive(Deserialize)]
pub struct Pack {
    pub names: Vec<String>,
    pub pack: u64,
    pub reason: String,
}

/// Members declared `POINTER_ALIGNMENT`, by path from the named type.
#[derive(Deserialize)]
pub struct PointerAlignment {
    pub name: String,
    pub members: Vec<String>,
    pub reason: String,
}

/// Trailing arrays without a length.
#[derive(Deserialize)]
pub struct Members {
    pub members: Vec<String>,
    pub reason: String,
}

/// Members whose C type the metadata collapses into another of the same size.
#[derive(Deserialize)]
pub struct Retype {
    pub members: Vec<String>,
    pub to: String,
    pub reason: String,
}

/// A member that is missing after another.
#[derive(Deserialize)]
pub struct Add {
    pub after: String,
    pub member: String,
    pub reason: String,
}

/// A type that is absent or the wrong shape. Members are `Name: Type`; an unnamed one is `_: Tag`.
#[derive(Deserialize)]
pub struct Define {
    pub name: String,
    #[serde(default)]
    pub union: bool,
    pub align: Option<u64>,
    pub members: Vec<String>,
    #[serde(default)]
    pub inner: Vec<Inner>,
    pub reason: String,
}

/// An unnamed type inside a defined one.
#[derive(Deserialize)]
pub struct Inner {
    pub tag: String,
    #[serde(default)]
    pub union: bool,
    pub members: Vec<String>,
}

#[derive(Deserialize)]
pub struct DefineEnum {
    pub name: String,
    pub values: Vec<String>,
    pub reason: String,
}

/// A module name of the metadata that a driver must not import.
#[derive(Deserialize)]
pub struct Module {
    pub from: String,
    pub to: String,
    pub reason: String,
}

/// A function that is absent.
#[derive(Deserialize)]
pub struct Function {
    pub name: String,
    pub module: String,
    pub signature: String,
    #[serde(default)]
    pub optional: Vec<String>,
    pub reason: String,
}

/// A parameter (`Function.Name`) with another name or type.
#[derive(Deserialize)]
pub struct Param {
    pub params: Vec<String>,
    pub name: Option<String>,
    pub to: Option<String>,
    pub optional: Option<bool>,
    pub reason: String,
}

/// A status that is absent, or the name to print when several share a value.
#[derive(Deserialize)]
pub struct Status {
    pub name: String,
    pub value: Option<u32>,
    #[serde(default)]
    pub preferred: bool,
    /// The constant is stated by another module of wdk-sys: only its name is wanted.
    #[serde(default)]
    pub elsewhere: bool,
    pub reason: String,
}

macro_rules! reasons {
    ($this:ident: $($list:ident),*) => {
        [$( $this.$list.iter().map(|entry| (stringify!($list), entry.reason.as_str())).collect::<Vec<_>>() ),*].concat()
    };
}

impl Overrides {
    /// Reads the table.
    pub fn parse(text: &str) -> Result<Self> {
        let this: Self = toml::from_str(text).context("failed to parse overrides.toml")?;
        let reasons: Vec<(&str, &str)> = reasons!(this: alias, plain, align, pack, pointer_alignment, flexible, member, add,
            define, enumeration, module, function, param, status);
        if let Some((list, _)) = reasons.iter().find(|(_, reason)| reason.trim().len() < 8) {
            bail!("overrides.toml: an entry of [[{list}]] has no reason");
        }
        Ok(this)
    }

    fn hit(&self, list: &str, key: &str) {
        self.used.borrow_mut().insert(format!("{list} {key}"));
    }

    /// The C name for a metadata name, if it has another.
    pub fn alias(&self, name: &str) -> Option<&str> {
        if let Some(found) = self.alias.iter().find(|entry| entry.from == name) {
            self.hit("alias", name);
            return Some(&found.to);
        }
        let found = self.plain.iter().find(|entry| entry.names.iter().any(|plain| plain == name))?;
        self.hit("plain", name);
        Some(&found.to)
    }

    pub fn align_of(&self, name: &str) -> Option<u64> {
        let found = self.align.iter().find(|entry| entry.names.iter().any(|other| other == name))?;
        self.hit("align", name);
        Some(found.align)
    }

    pub fn pack_of(&self, name: &str) -> Option<u64> {
        let found = self.pack.iter().find(|entry| entry.names.iter().any(|other| other == name))?;
        self.hit("pack", name);
        Some(found.pack)
    }

    /// Whether the member at `path` (type first, without unnamed steps) is declared `POINTER_ALIGNMENT`.
    pub fn pointer_aligned(&self, path: &str) -> bool {
        let found = self.pointer_alignment.iter().any(|entry| {
            let rest = path.strip_prefix(&entry.name).and_then(|rest| rest.strip_prefix('.'));
            rest.is_some_and(|rest| entry.members.iter().any(|member| member == rest))
        });
        if found {
            self.hit("pointer_alignment", path);
        }
        found
    }

    pub fn is_flexible(&self, path: &str) -> bool {
        let found = self.flexible.iter().any(|entry| entry.members.iter().any(|member| member == path));
        if found {
            self.hit("flexible", path);
        }
        found
    }

    pub fn member_type(&self, path: &str) -> Option<&str> {
        let found = self.member.iter().find(|entry| entry.members.iter().any(|member| member == path))?;
        self.hit("member", path);
        Some(&found.to)
    }

    /// The definition that stands in for the metadata's.
    pub fn define(&self, name: &str) -> Option<&Define> {
        let found = self.define.iter().find(|entry| entry.name == name)?;
        self.hit("define", name);
        Some(found)
    }

    /// The enumeration that stands in for the metadata's.
    pub fn enumeration(&self, name: &str) -> Option<&DefineEnum> {
        let found = self.enumeration.iter().find(|entry| entry.name == name)?;
        self.hit("enumeration", name);
        Some(found)
    }

    /// A function the metadata lacks.
    pub fn function(&self, name: &str) -> Option<&Function> {
        let found = self.function.iter().find(|entry| entry.name == name)?;
        self.hit("function", name);
        Some(found)
    }

    pub fn added_after(&self, path: &str) -> Option<&str> {
        let found = self.add.iter().find(|entry| entry.after == path)?;
        self.hit("add", path);
        Some(&found.member)
    }

    pub fn module_for<'a>(&'a self, name: &'a str) -> &'a str {
        match self.module.iter().find(|entry| entry.from == name) {
            Some(entry) => {
                self.hit("module", name);
                &entry.to
            }
            None => name,
        }
    }

    pub fn param(&self, function: &str, name: &str) -> Option<&Param> {
        let path = format!("{function}.{name}");
        let found = self.param.iter().find(|entry| entry.params.contains(&path))?;
        self.hit("param", &path);
        Some(found)
    }

    /// Entries that applied to nothing: a typing mistake, or something the metadata has since put right.
    pub fn unused(&self) -> Vec<String> {
        let mut wanted = Vec::new();
        wanted.extend(self.alias.iter().map(|entry| format!("alias {}", entry.from)));
        for entry in &self.plain {
            wanted.extend(entry.names.iter().map(|name| format!("plain {name}")));
        }
        for entry in &self.align {
            wanted.extend(entry.names.iter().map(|name| format!("align {name}")));
        }
        for entry in &self.pack {
            wanted.extend(entry.names.iter().map(|name| format!("pack {name}")));
        }
        for entry in &self.pointer_alignment {
            wanted.extend(
                entry.members.iter().map(|member| format!("pointer_alignment {}.{member}", entry.name)),
            );
        }
        for entry in &self.flexible {
            wanted.extend(entry.members.iter().map(|member| format!("flexible {member}")));
        }
        for entry in &self.member {
            wanted.extend(entry.members.iter().map(|member| format!("member {member}")));
        }
        wanted.extend(self.add.iter().map(|entry| format!("add {}", entry.after)));
        wanted.extend(self.module.iter().map(|entry| format!("module {}", entry.from)));
        for entry in &self.param {
            wanted.extend(entry.params.iter().map(|param| format!("param {param}")));
        }
        wanted.extend(self.define.iter().map(|entry| format!("define {}", entry.name)));
        wanted.extend(self.enumeration.iter().map(|entry| format!("enumeration {}", entry.name)));
        wanted.extend(self.function.iter().map(|entry| format!("function {}", entry.name)));
        let used = self.used.borrow();
        wanted.retain(|key| !used.contains(key));
        wanted
    }
}
