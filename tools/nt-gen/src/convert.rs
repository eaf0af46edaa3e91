//! From metadata to the C types of `model`.

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail};
use windows_metadata::reader::{Field, TypeCategory, TypeDef};
use windows_metadata::{FieldAttributes, HasAttributes, TypeAttributes, Value};

use crate::metadata::Metadata;
use crate::model::{Aggregate, BASIC, Bits, Callback, Enumeration, Member, Model, Mutability, Ty};
use crate::overrides::{Define, Overrides};
use crate::signature;

/// Builds the model, one wanted name after another.
pub struct Converter<'a> {
    metadata: &'a Metadata<'a>,
    overrides: &'a Overrides,
    pub model: Model,
    /// Types that are stated in full when only pointed at, too.
    selected: BTreeSet<String>,
    /// The file that types reached from here go to.
    area: String,
}

/// Where a metadata name was met.
struct Place<'a> {
    outer: Option<TypeDef<'a>>,
    /// Path from the top type without unnamed steps, for the overrides.
    path: String,
}

impl<'a> Converter<'a> {
    pub fn new(metadata: &'a Metadata<'a>, overrides: &'a Overrides, selected: BTreeSet<String>) -> Self {
        Self { metadata, overrides, model: Model::default(), selected, area: String::new() }
    }

    /// States the type `name` in the file `area`.
    pub fn want(&mut self, name: &str, area: &str) -> Result<()> {
        self.area = area.into();
        self.named(name, None).with_context(|| format!("type {name}"))?;
        Ok(())
    }

    /// Names the file for types that are met from here on.
    pub fn reached_go_to(&mut self, area: &str) {
        self.area = area.into();
    }

    /// The type called `name` in C, stated on the way if need be.
    fn named(&mut self, name: &str, namespace: Option<&str>) -> Result<Ty> {
        let name = match self.overrides.alias(name) {
            Some(other) => other.to_string(),
            None => without_underscore(name).to_string(),
        };
        if let Some(pointed) = name.strip_suffix(" *") {
            let to = self.pointee(pointed, None)?;
            return Ok(to.into_pointer(Mutability::Mut));
        }
        let known = BASIC.iter().any(|(basic, _)| *basic == name)
            || self.model.aggregates.contains_key(&name)
            || self.model.enums.contains_key(&name)
            || self.model.callbacks.contains_key(&name)
            || self.model.opaque.contains_key(&name);
        if known {
            return Ok(Ty::Named(name));
        }
        let overrides = self.overrides;
        if let Some(define) = overrides.define(&name) {
            return self.define(define);
        }
        if let Some(define) = overrides.enumeration(&name) {
            let values = define.values.iter().map(|text| parse_value(text)).collect::<Result<_>>()?;
            self.model.enums.insert(name.clone(), Enumeration { name: name.clone(), values });
            return Ok(Ty::Named(name));
        }
        let def = match namespace {
            Some(namespace) => self.metadata.type_in(namespace, &name),
            None => self.metadata.type_def(&name),
        };
        let def = def.with_context(|| format!("{name} is neither in the metadata nor in overrides.toml"))?;
        match def.category() {
            TypeCategory::Enum => self.enumeration(def),
            TypeCategory::Delegate => self.callback(def),
            TypeCategory::Struct => {
                if let Some(inner) = typedef_of(def) {
                    // A handle the metadata made a type of its own. Kernel ones are pointers to opaque structures.
                    if is_pointer_sized(&inner) && name.starts_with('P') {
                        self.model.opaque.insert(name.clone(), ());
                        return Ok(Ty::Named(name));
                    }
                    bail!(
                        "{name} is a typedef of {inner:?}; say in overrides.toml ([[alias]]) what it is in C"
                    );
                }
                let area = self.area.clone();
                let mut place = Place { outer: None, path: name.clone() };
                let aggregate = self.aggregate(def, format!("_{name}"), Some(name.clone()), &mut place)?;
                self.state(name.clone(), Aggregate { area, ..aggregate });
                Ok(Ty::Named(name))
            }
            _ => bail!("{name} is not a C type"),
        }
    }

    fn state(&mut self, name: String, aggregate: Aggregate) {
        if self.model.aggregates.insert(name.clone(), aggregate).is_none() {
            self.model.order.push(name);
        }
    }

    /// What a pointer to `name` points at: the type if wanted or small, else just its name.
    fn pointee(&mut self, name: &str, namespace: Option<&str>) -> Result<Ty> {
        let target = self.overrides.alias(name).unwrap_or_else(|| without_underscore(name)).to_string();
        if target == "VOID" {
            return Ok(Ty::Void);
        }
        let in_full = self.selected.contains(&target)
            || BASIC.iter().any(|(basic, _)| *basic == target)
            || self.overrides.enumeration(&target).is_some()
            || target.ends_with(" *");
        if in_full {
            // Stated in its own turn: only the name is needed here, and types may point at each other.
            if self.selected.contains(&target) {
                return Ok(Ty::Named(target));
            }
            return self.named(name, namespace);
        }
        let def = match namespace {
            Some(namespace) => self.metadata.type_in(namespace, &target),
            None => self.metadata.type_def(&target),
        };
        match def {
            // An opaque structure under its tag.
            Some(def)
                if !target.starts_with('P')
                    && typedef_of(def).is_some_and(|inner| is_pointer_sized(&inner)) =>
            {
                self.model.opaque.insert(format!("P{target}"), ());
                Ok(Ty::Opaque(target, Mutability::Mut))
            }
            Some(def) if def.category() != TypeCategory::Struct || typedef_of(def).is_some() => {
                self.named(name, namespace)
            }
            _ => {
                self.model.opaque.insert(format!("P{target}"), ());
                Ok(Ty::Opaque(target, Mutability::Mut))
            }
        }
    }

    fn enumeration(&mut self, def: TypeDef<'a>) -> Result<Ty> {
        // C's enumerations are signed: the others were made of `#define`s.
        let storage = def.fields().find(|field| field.constant().is_none()).map(|field| field.ty());
        if def.has_attribute("FlagsAttribute") || storage == Some(windows_metadata::Type::U32) {
            return Ok(Ty::Named("ULONG".into()));
        }
        let name = def.name().to_string();
        let mut values = Vec::new();
        for field in def.fields() {
            if let Some(constant) = field.constant() {
                values.push((field.name().to_string(), i64::from(as_i32(&constant.value())?)));
            }
        }
        self.model.enums.insert(name.clone(), Enumeration { name: name.clone(), values });
        Ok(Ty::Named(name))
    }

    fn callback(&mut self, def: TypeDef<'a>) -> Result<Ty> {
        let name = def.name().to_string();
        // Stated first as a name: function types may mention themselves.
        self.model
            .callbacks
            .insert(name.clone(), Callback { name: name.clone(), params: Vec::new(), ret: Ty::Void });
        let invoke = def
            .methods()
            .find(|method| method.name() == "Invoke")
            .context("a function type without Invoke")?;
        let (params, ret, _) = self.method(&name, invoke)?;
        self.model.callbacks.insert(name.clone(), Callback { name: name.clone(), params, ret });
        Ok(Ty::Named(name))
    }

    /// Parameters (with the names of those that may be null) and result of a method.
    #[allow(clippy::type_complexity)]
    pub fn method(
        &mut self,
        owner: &str,
        method: windows_metadata::reader::MethodDef<'a>,
    ) -> Result<(Vec<(String, Ty)>, Ty, Vec<String>)> {
        let signature = method.signature(&[]);
        let mut params = Vec::new();
        let mut optional = Vec::new();
        let rows: Vec<_> = method.params().filter(|row| row.sequence() > 0).collect();
        for (ty, row) in signature.types.iter().zip(&rows) {
            let place = Place { outer: None, path: format!("{owner}.{}", row.name()) };
            let constant = row.has_attribute("ConstAttribute");
            let mut ty = self.ty(ty, constant, &place)?;
            let mut name = row.name().to_string();
            let mut null = row.flags().contains(windows_metadata::ParamAttributes::Optional);
            if let Some(change) = self.overrides.param(owner, row.name()) {
                if let Some(to) = &change.to {
                    ty = self.parse(to)?;
                }
                null = change.optional.unwrap_or(null);
                name = change.name.clone().unwrap_or(name);
            }
            if name.ends_with("Irql") {
                ty = Ty::Named("KIRQL".into());
            }
            // An array parameter is a pointer.
            if let Ty::Array(of, _) = ty {
                ty = Ty::Ptr(of, Mutability::Mut);
            }
            if null && matches!(&ty, Ty::Ptr(..) | Ty::Opaque(..) | Ty::Named(_)) {
                optional.push(name.clone());
            }
            params.push((name, ty));
        }
        let place = Place { outer: None, path: format!("{owner}.return") };
        let mut ret = match &signature.return_type {
            windows_metadata::Type::Void => Ty::Void,
            ty => self.ty(ty, false, &place)?,
        };
        if let Some(to) = self.overrides.param(owner, "return").and_then(|change| change.to.as_deref()) {
            ret = self.parse(to)?;
        }
        Ok((params, ret, optional))
    }

    fn aggregate(
        &mut self,
        def: TypeDef<'a>,
        tag: String,
        name: Option<String>,
        place: &mut Place<'a>,
    ) -> Result<Aggregate> {
        let mut aggregate = Aggregate {
            tag: tag.clone(),
            name,
            union: def.flags().contains(TypeAttributes::ExplicitLayout),
            pack: def.class_layout().map(|layout| u64::from(layout.packing_size())).filter(|pack| *pack != 0),
            ..Aggregate::default()
        };
        let named = place.outer.is_none();
        aggregate.align = self.overrides.align_of(&place.path).filter(|_| named);
        aggregate.pack = self.overrides.pack_of(&place.path).or(aggregate.pack);
        let (mut unnamed, mut anonymous, mut units) = (0, 0, 0);
        for field in def.fields() {
            if field.flags().contains(FieldAttributes::Literal) {
                continue;
            }
            let bits = bit_fields(field)?;
            let is_anonymous = field.name().starts_with("Anonymous");
            let path =
                if is_anonymous { place.path.clone() } else { format!("{}.{}", place.path, field.name()) };
            let constant = field.has_attribute("ConstAttribute");
            let mut ty = match self.inner_type(def, &field.ty()) {
                Some((inner, count)) => {
                    unnamed += 1;
                    let inner_tag = format!("{tag}__bindgen_ty_{unnamed}");
                    let mut inner_place = Place { outer: Some(inner), path: path.clone() };
                    let mut inner = self.aggregate(inner, inner_tag.clone(), None, &mut inner_place)?;
                    inner.pack = aggregate.pack.or(inner.pack);
                    aggregate.inner.push(inner);
                    match count {
                        Some(count) => Ty::Array(Box::new(Ty::Named(inner_tag)), count),
                        None => Ty::Named(inner_tag),
                    }
                }
                None => {
                    let here = Place { outer: place.outer, path: path.clone() };
                    self.ty(&field.ty(), constant, &here).with_context(|| path.clone())?
                }
            };
            if let Some(to) = self.overrides.member_type(&path) {
                ty = self.parse(to)?;
            }
            if self.overrides.is_flexible(&path) {
                let Ty::Array(of, _) = ty else { bail!("{path} is no array to be made flexible") };
                ty = Ty::Flexible(of);
            }
            let name = if is_anonymous {
                anonymous += 1;
                format!("__bindgen_anon_{anonymous}")
            } else if bits.is_empty() {
                field.name().to_string()
            } else {
                units += 1;
                format!("_bitfield_{units}")
            };
            let align = self.overrides.pointer_aligned(&path).then_some(8);
            aggregate.members.push(Member { name, ty, anonymous: is_anonymous, bits, align });
            if let Some(member) = self.overrides.added_after(&path) {
                aggregate.members.extend(self.members(&[member.to_string()], &[])?);
            }
        }
        Ok(aggregate)
    }

    /// The unnamed type nested in `outer` that a member is of, and its count if it is an array of it.
    fn inner_type(
        &self,
        outer: TypeDef<'a>,
        ty: &windows_metadata::Type,
    ) -> Option<(TypeDef<'a>, Option<usize>)> {
        match ty {
            windows_metadata::Type::Name(name) if name.namespace.is_empty() => {
                Some((self.metadata.nested(outer, &name.name)?, None))
            }
            windows_metadata::Type::ArrayFixed(of, count) => {
                self.inner_type(outer, of).map(|(inner, _)| (inner, Some(*count)))
            }
            _ => None,
        }
    }

    fn ty(&mut self, ty: &windows_metadata::Type, constant: bool, place: &Place<'a>) -> Result<Ty> {
        use windows_metadata::Type;
        let mutability = if constant { Mutability::Const } else { Mutability::Mut };
        Ok(match ty {
            Type::Void => Ty::Void,
            Type::Bool => scalar("BOOLEAN"),
            Type::Char => scalar("WCHAR"),
            Type::I8 => scalar("CHAR"),
            Type::U8 => scalar("UCHAR"),
            Type::I16 => scalar("SHORT"),
            Type::U16 => scalar("USHORT"),
            Type::I32 => scalar("LONG"),
            Type::U32 => scalar("ULONG"),
            // The metadata has no LARGE_INTEGER: in the kernel's API that is what a signed 64-bit number is.
            Type::I64 => self.named("LARGE_INTEGER", None)?,
            Type::U64 => scalar("ULONGLONG"),
            Type::ISize => scalar("LONG_PTR"),
            Type::USize => scalar(if is_a_size(&place.path) { "SIZE_T" } else { "ULONG_PTR" }),
            Type::ArrayFixed(of, count) => Ty::Array(Box::new(self.ty(of, constant, place)?), *count),
            Type::PtrMut(to, depth) | Type::PtrConst(to, depth) => {
                let constant = constant || matches!(ty, Type::PtrConst(..));
                let mutability = if constant { Mutability::Const } else { Mutability::Mut };
                let inner = match &**to {
                    Type::Void => Ty::Void,
                    Type::Name(name) => {
                        let namespace = (!name.namespace.is_empty()).then_some(name.namespace.as_str());
                        self.pointee(&name.name, namespace)?
                    }
                    other => self.ty(other, false, place)?,
                };
                let mut out = inner.into_pointer(mutability);
                for _ in 1..*depth {
                    out = Ty::Ptr(Box::new(out), Mutability::Mut);
                }
                out
            }
            Type::Name(name) => {
                let namespace = (!name.namespace.is_empty()).then_some(name.namespace.as_str());
                let out = self.named(&name.name, namespace)?;
                match (&out, mutability) {
                    (Ty::Named(name), Mutability::Const) if name == "PWSTR" => scalar("PCWSTR"),
                    (Ty::Named(name), Mutability::Const) if name == "PSTR" => scalar("PCSTR"),
                    _ => out,
                }
            }
            other => bail!("{}: no C type for {other:?}", place.path),
        })
    }

    /// A type written in overrides.toml.
    pub fn parse(&mut self, text: &str) -> Result<Ty> {
        let text = text.trim();
        if text == "VOID" || text == "()" {
            return Ok(Ty::Void);
        }
        if let Some(rest) = text.strip_prefix('[') {
            let (of, count) =
                rest.strip_suffix(']').and_then(|rest| rest.rsplit_once(';')).context("[Type; count]")?;
            let count = count.trim();
            if count == "_" {
                return Ok(Ty::Flexible(Box::new(self.parse(of)?)));
            }
            return Ok(Ty::Array(Box::new(self.parse(of)?), count.parse()?));
        }
        for (prefix, mutability) in [("*mut ", Mutability::Mut), ("*const ", Mutability::Const)] {
            if let Some(to) = text.strip_prefix(prefix) {
                if matches!(to, "VOID" | "c_void") {
                    return Ok(Ty::Ptr(Box::new(Ty::Void), mutability));
                }
                let inner = if to.starts_with('*') { self.parse(to)? } else { self.pointee(to, None)? };
                return Ok(inner.into_pointer(mutability));
            }
        }
        if let Some(outside) = text.strip_prefix('@') {
            // Stated by another module of wdk-sys, and a pointer.
            return Ok(Ty::Named(outside.to_string()));
        }
        self.named(text, None)
    }

    /// A signature written in overrides.toml: `(Name: Type, …) -> Type`.
    pub fn signature(&mut self, text: &str) -> Result<(Vec<(String, Ty)>, Ty)> {
        let (params, ret) = signature::split(text)?;
        let mut out = Vec::new();
        for (name, ty) in params {
            out.push((name.to_string(), self.parse(ty).with_context(|| name.to_string())?));
        }
        Ok((out, self.parse(ret)?))
    }

    fn define(&mut self, define: &Define) -> Result<Ty> {
        let tags: Vec<String> = define.inner.iter().map(|inner| inner.tag.clone()).collect();
        // Deepest first, so that each goes into the one around it.
        let mut inner: Vec<Aggregate> = Vec::new();
        for item in define.inner.iter().rev() {
            let members = self.members(&item.members, &tags)?;
            let within = format!("{}__", item.tag);
            let (mut mine, others): (Vec<_>, Vec<_>) =
                inner.into_iter().partition(|found| found.tag.starts_with(&within));
            mine.sort_by(|a, b| a.tag.cmp(&b.tag));
            inner = others;
            inner.push(Aggregate {
                tag: item.tag.clone(),
                union: item.union,
                members,
                inner: mine,
                ..Aggregate::default()
            });
        }
        inner.reverse();
        let members = self.members(&define.members, &tags)?;
        let aggregate = Aggregate {
            tag: format!("_{}", define.name),
            name: Some(define.name.clone()),
            union: define.union,
            members,
            align: define.align,
            inner,
            area: self.area.clone(),
            ..Aggregate::default()
        };
        self.state(define.name.clone(), aggregate);
        Ok(Ty::Named(define.name.clone()))
    }

    fn members(&mut self, texts: &[String], tags: &[String]) -> Result<Vec<Member>> {
        let mut anonymous = 0;
        let mut units = 0;
        let mut out = Vec::new();
        for text in texts {
            let (name, ty) = text.split_once(": ").with_context(|| format!("{text}: not `Name: Type`"))?;
            let (ty, bits) = match ty.split_once(" { ") {
                Some((ty, bits)) => (ty, parse_bits(bits)?),
                None => (ty, Vec::new()),
            };
            let ty = if tags.iter().any(|tag| tag == ty) { Ty::Named(ty.into()) } else { self.parse(ty)? };
            let is_anonymous = name == "_" && bits.is_empty();
            let name = match name {
                "_" if bits.is_empty() => {
                    anonymous += 1;
                    format!("__bindgen_anon_{anonymous}")
                }
                "_" => {
                    units += 1;
                    format!("_bitfield_{units}")
                }
                name => name.into(),
            };
            out.push(Member { name, ty, anonymous: is_anonymous, bits, align: None });
        }
        Ok(out)
    }
}

impl Ty {
    fn into_pointer(self, mutability: Mutability) -> Self {
        match self {
            Ty::Opaque(name, _) => Ty::Opaque(name, mutability),
            // A function type is a pointer already.
            other => Ty::Ptr(Box::new(other), mutability),
        }
    }
}

/// Structures that C knows by their tag only keep its underscore in the metadata.
fn without_underscore(name: &str) -> &str {
    name.strip_prefix('_').unwrap_or(name)
}

fn scalar(name: &str) -> Ty {
    Ty::Named(name.into())
}

fn is_a_size(path: &str) -> bool {
    let name = path.rsplit('.').next().unwrap_or(path);
    ["Size", "Bytes", "Length"].iter().any(|word| name.contains(word))
}

/// For the one-member structures the metadata makes of `typedef`s: what is inside.
fn typedef_of(def: TypeDef<'_>) -> Option<windows_metadata::Type> {
    if !def.has_attribute("NativeTypedefAttribute") && !def.has_attribute("MetadataTypedefAttribute") {
        return None;
    }
    def.fields().next().map(|field| field.ty())
}

fn is_pointer_sized(ty: &windows_metadata::Type) -> bool {
    use windows_metadata::Type;
    matches!(ty, Type::ISize | Type::USize | Type::PtrMut(..) | Type::PtrConst(..))
}

fn bit_fields(field: Field<'_>) -> Result<Vec<Bits>> {
    let mut out = Vec::new();
    for attribute in field.attributes() {
        if attribute.ctor().parent().name() != "NativeBitfieldAttribute" {
            continue;
        }
        let values = attribute.value();
        let [(_, Value::Utf8(name)), (_, Value::I64(offset)), (_, Value::I64(width)), ..] = &values[..]
        else {
            bail!("{}: a bit field this tool does not understand: {values:?}", field.name());
        };
        out.push(Bits { name: name.clone(), offset: u32::try_from(*offset)?, width: u32::try_from(*width)? });
    }
    Ok(out)
}

fn parse_bits(text: &str) -> Result<Vec<Bits>> {
    let text = text.strip_suffix(" }").context("{ Name @ bit : width, … }")?;
    let mut out = Vec::new();
    let mut offset = 0;
    for item in text.split(", ") {
        let (name, width) = item.split_once(':').context("Name:width")?;
        let width = width.trim().parse()?;
        out.push(Bits { name: name.trim().into(), offset, width });
        offset += width;
    }
    Ok(out)
}

fn parse_value(text: &str) -> Result<(String, i64)> {
    let (name, value) = text.split_once(" = ").with_context(|| format!("{text}: not `Name = value`"))?;
    Ok((name.into(), value.parse()?))
}

/// A constant's bits as the C compiler's `int`.
#[allow(clippy::cast_possible_wrap)]
pub fn as_i32(value: &Value) -> Result<i32> {
    Ok(match value {
        Value::I32(value) => *value,
        Value::U32(value) => *value as i32,
        Value::U16(value) => i32::from(*value),
        Value::I16(value) => i32::from(*value),
        Value::U8(value) => i32::from(*value),
        Value::I8(value) => i32::from(*value),
        other => bail!("{other:?} is no enumerator"),
    })
}

impl Converter<'_> {
    /// Signature of a function of the metadata.
    #[allow(clippy::type_complexity)]
    pub fn wanted_method(&mut self, name: &str) -> Result<(Vec<(String, Ty)>, Ty, Vec<String>)> {
        let method = self.metadata.function(name).context("not in the metadata")?;
        self.method(name, method)
    }
}
