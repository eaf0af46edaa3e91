//! C types as this tool understands them, and their x64 layout.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};

/// A C type in a member or parameter.
#[derive(Clone, Debug, PartialEq)]
pub enum Ty {
    /// Nothing (a result only).
    Void,
    /// Named: a scalar of `basic.rs`, or something stated by this tool.
    Named(String),
    /// A pointer.
    Ptr(Box<Ty>, Mutability),
    /// A pointer to a type that is stated only as a name.
    Opaque(String, Mutability),
    /// An array.
    Array(Box<Ty>, usize),
    /// A trailing array of no stated length.
    Flexible(Box<Ty>),
}

/// Whether C says `const`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Mutability {
    /// `const`
    Const,
    /// not `const`
    Mut,
}

/// One bit field inside a storage unit.
#[derive(Clone, Debug)]
pub struct Bits {
    pub name: String,
    pub offset: u32,
    pub width: u32,
}

/// A member.
#[derive(Clone, Debug)]
pub struct Member {
    /// The Rust name.
    pub name: String,
    pub ty: Ty,
    /// Members of it are reached as if they were members of the parent.
    pub anonymous: bool,
    pub bits: Vec<Bits>,
    /// Declared at this alignment rather than its type's.
    pub align: Option<u64>,
}

/// A structure or union.
#[derive(Clone, Debug, Default)]
pub struct Aggregate {
    /// `_IRP`, or `_IRP__bindgen_ty_1` for an unnamed one.
    pub tag: String,
    /// The C name; `None` for an unnamed one.
    pub name: Option<String>,
    pub union: bool,
    pub members: Vec<Member>,
    pub pack: Option<u64>,
    pub align: Option<u64>,
    /// Unnamed types inside, declared just before.
    pub inner: Vec<Aggregate>,
    /// The file it is written to.
    pub area: String,
}

/// An enumeration.
#[derive(Clone, Debug)]
pub struct Enumeration {
    pub name: String,
    pub values: Vec<(String, i64)>,
}

/// A function type.
#[derive(Clone, Debug)]
pub struct Callback {
    pub name: String,
    pub params: Vec<(String, Ty)>,
    pub ret: Ty,
}

/// Size, alignment and member offsets.
#[derive(Clone, Debug, Default)]
pub struct Layout {
    pub size: u64,
    pub align: u64,
    pub offsets: Vec<u64>,
}

/// Everything stated, by C name (tags for unnamed types).
#[derive(Default)]
pub struct Model {
    pub aggregates: BTreeMap<String, Aggregate>,
    pub order: Vec<String>,
    pub enums: BTreeMap<String, Enumeration>,
    pub callbacks: BTreeMap<String, Callback>,
    /// Opaque pointer names, `PEPROCESS` and so on.
    pub opaque: BTreeMap<String, ()>,
}

/// The scalars and pointers `basic.rs` states: name and size, which is also the alignment.
pub const BASIC: &[(&str, u64)] = &[
    ("ACCESS_MASK", 4),
    ("BOOL", 4),
    ("BOOLEAN", 1),
    ("BYTE", 1),
    ("CCHAR", 1),
    ("CHAR", 1),
    ("DEVICE_TYPE", 4),
    ("DEVPROPTYPE", 4),
    ("DEVPROPID", 4),
    ("DWORD", 4),
    ("DWORD64", 8),
    ("HANDLE", 8),
    ("KAFFINITY", 8),
    ("KIRQL", 1),
    ("KPRIORITY", 4),
    ("KPROCESSOR_MODE", 1),
    ("KSPIN_LOCK", 8),
    ("LCID", 4),
    ("LONG", 4),
    ("LONGLONG", 8),
    ("LONG_PTR", 8),
    ("NTSTATUS", 4),
    ("PFN_NUMBER", 8),
    ("POHANDLE", 8),
    ("POOL_FLAGS", 8),
    ("PSECURITY_DESCRIPTOR", 8),
    ("PSID", 8),
    ("PSTR", 8),
    ("PCSTR", 8),
    ("PVOID", 8),
    ("PWSTR", 8),
    ("PCWSTR", 8),
    ("SCHAR", 1),
    ("SHORT", 2),
    ("SIZE_T", 8),
    ("UCHAR", 1),
    ("ULONG", 4),
    ("ULONG64", 8),
    ("ULONGLONG", 8),
    ("ULONG_PTR", 8),
    ("USBD_HANDLE", 8),
    ("USBD_PIPE_HANDLE", 8),
    ("USBD_CONFIGURATION_HANDLE", 8),
    ("USBD_INTERFACE_HANDLE", 8),
    ("USBD_STATUS", 4),
    ("USHORT", 2),
    ("WCHAR", 2),
    ("WORD", 2),
    ("PHYSICAL_ADDRESS", 8),
    ("ERESOURCE_THREAD", 8),
    ("SECURITY_INFORMATION", 4),
    ("SECURITY_CONTEXT_TRACKING_MODE", 1),
    ("PNP_DEVICE_STATE", 4),
    ("EXECUTION_STATE", 4),
];

/// Pointer names `basic.rs` states for scalars.
pub const BASIC_POINTERS: &[&str] = &[
    "BOOLEAN",
    "CHAR",
    "HANDLE",
    "KIRQL",
    "KSPIN_LOCK",
    "LONG",
    "LONGLONG",
    "LONG_PTR",
    "NTSTATUS",
    "PVOID",
    "SIZE_T",
    "UCHAR",
    "ULONG",
    "ULONG64",
    "ULONGLONG",
    "ULONG_PTR",
    "USHORT",
    "WCHAR",
    "ACCESS_MASK",
    "KAFFINITY",
    "PHYSICAL_ADDRESS",
    "DEVPROPTYPE",
    "SHORT",
    "BOOL",
];

impl Model {
    /// Size and alignment of a type.
    pub fn size_align(&self, ty: &Ty) -> Result<(u64, u64)> {
        Ok(match ty {
            Ty::Void => bail!("void has no size"),
            Ty::Ptr(..) | Ty::Opaque(..) => (8, 8),
            Ty::Array(of, count) => {
                let (size, align) = self.size_align(of)?;
                (size * *count as u64, align)
            }
            Ty::Flexible(of) => (0, self.size_align(of)?.1),
            Ty::Named(name) => {
                if let Some((_, size)) = BASIC.iter().find(|(basic, _)| basic == name) {
                    (*size, *size)
                } else if let Some(aggregate) = self.aggregates.get(name) {
                    let layout = self.layout(aggregate)?;
                    (layout.size, layout.align)
                } else if self.enums.contains_key(name) {
                    (4, 4)
                } else if self.callbacks.contains_key(name) || self.opaque.contains_key(name) {
                    (8, 8)
                } else {
                    bail!("{name} is not stated")
                }
            }
        })
    }

    /// The layout of an aggregate, by the rules of the x64 C compiler.
    pub fn layout(&self, aggregate: &Aggregate) -> Result<Layout> {
        let mut layout = Layout { align: 1, ..Layout::default() };
        let mut end = 0;
        for member in &aggregate.members {
            let (size, natural) = self
                .member_size_align(aggregate, &member.ty)
                .with_context(|| format!("{}.{}", aggregate.tag, member.name))?;
            let mut align = natural.max(member.align.unwrap_or(1));
            if let Some(pack) = aggregate.pack {
                align = align.min(pack);
            }
            let offset = if aggregate.union { 0 } else { u64::next_multiple_of(end, align) };
            layout.offsets.push(offset);
            layout.align = layout.align.max(align);
            end = end.max(offset + size);
        }
        layout.align = layout.align.max(aggregate.align.unwrap_or(1));
        layout.size = end.next_multiple_of(layout.align);
        Ok(layout)
    }

    fn member_size_align(&self, parent: &Aggregate, ty: &Ty) -> Result<(u64, u64)> {
        match ty {
            Ty::Named(name) => {
                if let Some(inner) = parent.inner.iter().find(|inner| inner.tag == *name) {
                    let layout = self.layout(inner)?;
                    return Ok((layout.size, layout.align));
                }
                self.size_align(ty)
            }
            Ty::Array(of, count) => {
                let (size, align) = self.member_size_align(parent, of)?;
                Ok((size * *count as u64, align))
            }
            _ => self.size_align(ty),
        }
    }

    /// The Rust spelling of a type.
    pub fn spell(&self, ty: &Ty) -> String {
        match ty {
            Ty::Void => "()".into(),
            Ty::Named(name) => name.clone(),
            Ty::Array(of, count) => format!("[{}; {count}]", self.spell(of)),
            Ty::Flexible(of) => format!("__IncompleteArrayField<{}>", self.spell(of)),
            Ty::Opaque(name, Mutability::Mut) => format!("P{name}"),
            Ty::Opaque(name, Mutability::Const) => format!("*const _{name}"),
            Ty::Ptr(to, Mutability::Mut) => match &**to {
                Ty::Void => "PVOID".into(),
                Ty::Named(name) if self.has_pointer_name(name) => format!("P{name}"),
                other => format!("*mut {}", self.spell(other)),
            },
            Ty::Ptr(to, Mutability::Const) => match &**to {
                Ty::Void => "LPCVOID".into(),
                Ty::Named(name) if name == "UNICODE_STRING" => "PCUNICODE_STRING".into(),
                Ty::Named(name) if name == "GUID" => "LPCGUID".into(),
                other => format!("*const {}", self.spell(other)),
            },
        }
    }

    fn has_pointer_name(&self, name: &str) -> bool {
        BASIC_POINTERS.contains(&name)
            || self.enums.contains_key(name)
            || self.aggregates.get(name).is_some_and(|aggregate| aggregate.name.is_some() && name != "GUID")
    }
}
