//! An image laid out as in memory, with everything that the loader and the unwinder need read out and checked.
//!
//! No memory is mapped here and none of the image's code runs: this is the part that meets hostile files, and it
//! is plain safe code over a vector of bytes.

use super::ImageError;
use super::bytes::{put_u64, string_at, u32_at, u64_at};
use super::headers::{Directory, Headers};

/// More imports than any driver has; descriptors may share their tables, so the file's size is no bound.
const MOST_IMPORTS: usize = 1 << 16;
/// Longest name of a module or function.
const LONGEST_NAME: usize = 512;

/// An imported function or variable.
#[derive(Debug, Clone)]
pub(crate) struct Import {
    pub(crate) module: String,
    pub(crate) name: String,
    /// Where its address goes.
    pub(crate) slot: usize,
}

/// An entry of `.pdata`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Function {
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) unwind: u32,
}

/// What a pointer of the load configuration has to lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Guard {
    /// A check of a call's target, in `rcx`.
    Check,
    /// A check and the call, with the target in `rax`.
    Dispatch,
}

/// Which PDB goes with the image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Debug {
    pub(crate) guid: [u8; 16],
    pub(crate) age: u32,
    /// As the linker recorded it.
    pub(crate) path: String,
}

/// An image that is laid out and not yet relocated or bound.
pub(crate) struct Prepared {
    pub(crate) headers: Headers,
    /// The image as it is in memory.
    pub(crate) bytes: Vec<u8>,
    relocations: Vec<u32>,
    pub(crate) imports: Vec<Import>,
    /// In the order of their addresses.
    pub(crate) functions: Vec<Function>,
    pub(crate) cookie: Option<usize>,
    pub(crate) guards: Vec<(usize, Guard)>,
    pub(crate) debug: Option<Debug>,
}

fn malformed(what: impl Into<String>) -> ImageError {
    ImageError::Malformed(what.into())
}

impl Prepared {
    /// Checks a file and lays it out.
    pub(crate) fn new(data: &[u8]) -> Result<Self, ImageError> {
        let headers = Headers::parse(data)?;
        let mut bytes = vec![0; headers.size];
        bytes[..headers.length].copy_from_slice(&data[..headers.length]);
        for section in &headers.sections {
            let source = &data[section.file.clone()];
            bytes[section.address..section.address + source.len()].copy_from_slice(source);
        }
        let relocations = match headers.directory(5) {
            Some(directory) => relocations(&headers, directory.of(&bytes))?,
            None => Vec::new(),
        };
        let imports = match headers.directory(1) {
            Some(directory) => imports(&headers, &bytes, directory)?,
            None => Vec::new(),
        };
        let functions = match headers.directory(3) {
            Some(directory) => functions(&headers, directory.of(&bytes))?,
            None => Vec::new(),
        };
        let (cookie, guards) = match headers.directory(10) {
            Some(directory) => load_configuration(&headers, &bytes, directory)?,
            None => (None, Vec::new()),
        };
        let debug = headers.directory(6).and_then(|directory| debug(&bytes, directory));
        Ok(Self { headers, bytes, relocations, imports, functions, cookie, guards, debug })
    }

    /// Relocates the bytes to where the image will be.
    pub(crate) fn relocate(&mut self, base: u64) {
        let delta = base.wrapping_sub(self.headers.base);
        for &address in &self.relocations {
            let address = address as usize;
            if let Some(value) = u64_at(&self.bytes, address) {
                let _ = put_u64(&mut self.bytes, address, value.wrapping_add(delta));
            }
        }
    }

    /// Writes a pointer into the image. The places that this type gives out are all there.
    pub(crate) fn set(&mut self, address: usize, value: u64) {
        let there = put_u64(&mut self.bytes, address, value);
        debug_assert!(there, "{address:#x} was checked");
    }

    /// The function that covers an address.
    pub(crate) fn function(&self, address: u32) -> Option<Function> {
        let after = self.functions.partition_point(|function| function.start <= address);
        let function = *self.functions.get(after.checked_sub(1)?)?;
        (address < function.end).then_some(function)
    }
}

/// The addresses of the pointers to relocate, in order.
fn relocations(headers: &Headers, mut table: &[u8]) -> Result<Vec<u32>, ImageError> {
    let mut places = Vec::new();
    while !table.is_empty() {
        let (Some(page), Some(size)) = (u32_at(table, 0), u32_at(table, 4)) else {
            return Err(malformed("its relocations end within a block's header"));
        };
        let size = size as usize;
        if size < 8 || !size.is_multiple_of(2) || size > table.len() {
            return Err(malformed(format!(
                "the relocations of page {page:#x} take {size} bytes, and {} are left",
                table.len()
            )));
        }
        for entry in table[8..size].chunks_exact(2) {
            let entry = u16::from_le_bytes([entry[0], entry[1]]);
            match entry >> 12 {
                0 => {}
                10 => {
                    let place = page.checked_add(u32::from(entry & 0xFFF));
                    match place.filter(|&place| headers.in_section(place as usize, 8)) {
                        Some(place) => places.push(place),
                        None => {
                            return Err(malformed(format!(
                                "a relocation at {page:#x}+{:#x} lies in no section",
                                entry & 0xFFF
                            )));
                        }
                    }
                }
                kind => return Err(malformed(format!("relocation type {kind}, which x86-64 does not have"))),
            }
        }
        table = &table[size..];
    }
    if !places.is_sorted() {
        places.sort_unstable();
    }
    match places.windows(2).find(|pair| pair[1] - pair[0] < 8) {
        Some(pair) => Err(malformed(format!("relocations at {:#x} and {:#x} overlap", pair[0], pair[1]))),
        None => Ok(places),
    }
}

fn name(bytes: &[u8], address: usize, what: &str) -> Result<String, ImageError> {
    let text = string_at(bytes, address, LONGEST_NAME);
    match text.filter(|text| !text.is_empty() && text.iter().all(u8::is_ascii_graphic)) {
        Some(text) => Ok(text.iter().map(|&byte| char::from(byte)).collect()),
        None => Err(malformed(format!("the name of {what} at {address:#x} is no name"))),
    }
}

fn imports(headers: &Headers, bytes: &[u8], directory: Directory) -> Result<Vec<Import>, ImageError> {
    let mut imports = Vec::new();
    let mut ordinals = Vec::new();
    for number in 0.. {
        let at = directory.address + number * 20;
        let word = |offset| u32_at(bytes, at + offset).map(|word| word as usize);
        let (Some(names), Some(module), Some(slots)) = (word(0), word(12), word(16)) else {
            return Err(malformed("its import table does not end within the image"));
        };
        if module == 0 && slots == 0 {
            break;
        }
        let module = name(bytes, module, "an imported module")?;
        let names = if names == 0 { slots } else { names };
        for index in 0.. {
            let (thunk, slot) = (u64_at(bytes, names + index * 8), slots + index * 8);
            let Some(thunk) = thunk else {
                return Err(malformed(format!("the imports from {module} do not end within the image")));
            };
            if thunk == 0 {
                break;
            }
            if imports.len() + ordinals.len() == MOST_IMPORTS {
                return Err(malformed(format!("it has more than {MOST_IMPORTS} imports")));
            }
            if !headers.in_section(slot, 8) {
                return Err(malformed(format!(
                    "the slot {slot:#x} of an import from {module} lies in no section"
                )));
            }
            if thunk >> 63 != 0 {
                ordinals.push(format!("{module}!#{}", thunk as u16));
                continue;
            }
            let name = name(bytes, (thunk as u32 as usize).saturating_add(2), "an imported function")?;
            imports.push(Import { module: module.clone(), name, slot });
        }
    }
    if ordinals.is_empty() { Ok(imports) } else { Err(ImageError::Ordinals(ordinals)) }
}

fn functions(headers: &Headers, table: &[u8]) -> Result<Vec<Function>, ImageError> {
    let mut functions: Vec<Function> = Vec::with_capacity(table.len() / 12);
    for entry in table.chunks_exact(12) {
        let word = |offset| u32_at(entry, offset).unwrap_or(0);
        let function = Function { start: word(0), end: word(4), unwind: word(8) };
        if function.start == 0 && function.end == 0 {
            continue;
        }
        let before = functions.last().map_or(0, |function| function.end);
        if function.start < before || function.end <= function.start || function.end as usize > headers.size {
            return Err(malformed(format!(
                "the function table has {:#x} to {:#x} after {before:#x}, in an image of {:#x} bytes",
                function.start, function.end, headers.size
            )));
        }
        functions.push(function);
    }
    Ok(functions)
}

type Configuration = (Option<usize>, Vec<(usize, Guard)>);

fn load_configuration(
    headers: &Headers,
    bytes: &[u8],
    directory: Directory,
) -> Result<Configuration, ImageError> {
    // Its own size counts: linkers have put other numbers into the directory.
    let size = u32_at(bytes, directory.address).unwrap_or(0) as usize;
    let place = |offset: usize, what: &str| -> Result<Option<usize>, ImageError> {
        if size < offset + 8 {
            return Ok(None);
        }
        match u64_at(bytes, directory.address.saturating_add(offset)) {
            None => Err(malformed("its load configuration ends outside the image")),
            Some(0) => Ok(None),
            Some(address) => {
                let offset = usize::try_from(address.wrapping_sub(headers.base)).unwrap_or(usize::MAX);
                match headers.in_section(offset, 8) {
                    true => Ok(Some(offset)),
                    false => Err(malformed(format!(
                        "{what} of its load configuration ({address:#x}) is in no section"
                    ))),
                }
            }
        }
    };
    let cookie = place(0x58, "the security cookie")?;
    let mut guards = Vec::new();
    for (offset, guard) in
        [(0x70, Guard::Check), (0x78, Guard::Dispatch), (0x118, Guard::Check), (0x120, Guard::Dispatch)]
    {
        if let Some(pointer) = place(offset, "a guard pointer")? {
            guards.push((pointer, guard));
        }
    }
    Ok((cookie, guards))
}

/// What the debug directory says of a PDB. Damage here costs symbols and nothing else.
fn debug(bytes: &[u8], directory: Directory) -> Option<Debug> {
    const CODEVIEW: u32 = 2;
    for entry in directory.of(bytes).chunks_exact(28) {
        if u32_at(entry, 12) != Some(CODEVIEW) {
            continue;
        }
        let at = u32_at(entry, 20)? as usize;
        if bytes.get(at..)?.first_chunk() != Some(b"RSDS") {
            continue;
        }
        let guid = *bytes.get(at + 4..)?.first_chunk()?;
        let path = string_at(bytes, at + 24, 1024)?;
        return Some(Debug {
            guid,
            age: u32_at(bytes, at + 20)?,
            path: String::from_utf8_lossy(path).into_owned(),
        });
    }
    None
}
