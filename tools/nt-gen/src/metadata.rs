//! Finding and opening Microsoft's metadata.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use windows_metadata::reader::{Field, File, MethodDef, TypeCategory, TypeDef, TypeIndex};
use windows_metadata::{HasAttributes, Type, Value};

const FILES: [&str; 2] = ["Windows.Wdk.winmd", "Windows.Win32.winmd"];
const PACKAGE: &str = "windows-bindgen";

/// The folder holding the metadata: inside the package this tool names as a dependency.
pub fn locate(manifest: &Path) -> Result<PathBuf> {
    let metadata = cargo_metadata::MetadataCommand::new()
        .manifest_path(manifest)
        .exec()
        .context("failed to ask cargo where windows-bindgen is (or give --winmd DIR)")?;
    let package = metadata
        .packages
        .iter()
        .find(|package| package.name.as_str() == PACKAGE && package.version.minor == 66)
        .context("cargo metadata names no windows-bindgen 0.66 (or give --winmd DIR)")?;
    let folder = package.manifest_path.parent().context("windows-bindgen has no folder")?;
    Ok(folder.join("default").into_std_path_buf())
}

/// Opens both metadata files found in `folder`.
pub fn open(folder: &Path) -> Result<TypeIndex> {
    let mut files = Vec::new();
    for name in FILES {
        let path = folder.join(name);
        let Some(file) = File::read(&path) else {
            bail!("failed to read {} as metadata", path.display());
        };
        files.push(file);
    }
    Ok(TypeIndex::new(files))
}

/// The metadata by bare name, which is how C knows it. x64 variants only.
pub struct Metadata<'a> {
    index: &'a TypeIndex,
    types: HashMap<&'a str, Vec<TypeDef<'a>>>,
    functions: HashMap<&'a str, Vec<MethodDef<'a>>>,
    constants: BTreeMap<&'a str, Vec<(bool, Field<'a>)>>,
}

/// Bit of the x64 architecture in `SupportedArchitectureAttribute`; no attribute means all of them.
const X64: i32 = 2;

fn is_x64<'a>(row: &impl HasAttributes<'a>) -> bool {
    let arches = row.arches();
    arches == 0 || arches & X64 != 0
}

/// Kernel namespaces before user-mode ones.
fn rank(namespace: &str) -> (bool, String) {
    (!namespace.starts_with("Windows.Wdk."), namespace.to_string())
}

impl<'a> Metadata<'a> {
    /// Indexes everything once.
    pub fn new(index: &'a TypeIndex) -> Self {
        let mut this =
            Self { index, types: HashMap::new(), functions: HashMap::new(), constants: BTreeMap::new() };
        let mut all: Vec<TypeDef<'a>> = index.types().filter(is_x64).collect();
        all.sort_by_key(|def| (rank(def.namespace()), def.name().to_string()));
        for def in all {
            let kernel = def.namespace().starts_with("Windows.Wdk.");
            match def.category() {
                TypeCategory::Class if def.name() == "Apis" => {
                    for method in def.methods().filter(is_x64) {
                        this.functions.entry(method.name()).or_default().push(method);
                    }
                    for field in def.fields().filter(|field| field.constant().is_some()) {
                        this.constants.entry(field.name()).or_default().push((kernel, field));
                    }
                }
                TypeCategory::Enum => {
                    for field in def.fields().filter(|field| field.constant().is_some()) {
                        this.constants.entry(field.name()).or_default().push((kernel, field));
                    }
                    this.types.entry(def.name()).or_default().push(def);
                }
                _ => this.types.entry(def.name()).or_default().push(def),
            }
        }
        this
    }

    /// The type of this name, the kernel's own if there are several.
    pub fn type_def(&self, name: &str) -> Option<TypeDef<'a>> {
        self.all(name).first().copied()
    }

    /// The type of this name in this namespace.
    pub fn type_in(&self, namespace: &str, name: &str) -> Option<TypeDef<'a>> {
        self.all(name).iter().find(|def| def.namespace() == namespace).copied()
    }

    /// Types of this name, or else of this tag.
    fn all(&self, name: &str) -> &[TypeDef<'a>] {
        let found = self.types.get(name).or_else(|| self.types.get(format!("_{name}").as_str()));
        found.map_or(&[], Vec::as_slice)
    }

    /// The type nested in `outer` under this name.
    pub fn nested(&self, outer: TypeDef<'a>, name: &str) -> Option<TypeDef<'a>> {
        self.index.nested(outer).find(|def| def.name() == name)
    }

    /// The function of this name, the kernel's own if there are several.
    pub fn function(&self, name: &str) -> Option<MethodDef<'a>> {
        self.functions.get(name).and_then(|found| found.first()).copied()
    }

    /// Constants (enumerators included) whose name matches `pattern`. A pattern that ends in `*` is for the
    /// kernel's own ones, unless it begins with `any:`.
    pub fn constants(&self, pattern: &str) -> impl Iterator<Item = (&'a str, Value)> {
        let (any, pattern) = pattern.strip_prefix("any:").map_or((false, pattern), |rest| (true, rest));
        let (stem, open) = match pattern.strip_suffix('*') {
            Some(stem) => (stem.to_string(), true),
            None => (pattern.to_string(), false),
        };
        self.constants
            .iter()
            .filter(move |(name, _)| if open { name.starts_with(&stem) } else { **name == stem })
            .filter_map(move |(name, fields)| {
                let (kernel, field) = fields.first()?;
                (*kernel || any || !open).then_some((*name, field.constant()?.value()))
            })
    }

    /// Constants of type `NTSTATUS`.
    pub fn statuses(&self) -> impl Iterator<Item = (&'a str, Value)> {
        self.constants.iter().filter_map(|(name, fields)| {
            let (_, field) = fields.first()?;
            let is_status = matches!(field.ty(), Type::Name(ty) if ty.name == "NTSTATUS");
            is_status.then_some((*name, field.constant()?.value()))
        })
    }
}
