//! Rules about what the sections hold.

use super::{Judgement, USER_MODE};
use crate::check::view::View;
use crate::image;
use object::LittleEndian as LE;
use object::pe;
use object::read::pe::ImageOptionalHeader as _;

/// Libraries of the kernel. What ends in `.sys` or `.exe` is taken for a kernel module; of libraries, only these are.
const KERNEL_LIBRARIES: &[&str] =
    &["hal.dll", "bootvid.dll", "kdcom.dll", "ci.dll", "pshed.dll", "clipsp.dll", "mcupdate.dll"];

fn is_kernel_module(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.ends_with(".sys") || name.ends_with(".exe") || KERNEL_LIBRARIES.contains(&name.as_str())
}

pub(super) fn kernel_imports(view: &View<'_>) -> Judgement {
    if !view.is_kernel() {
        return Judgement::not_applicable(USER_MODE);
    }
    let modules = match view.imports() {
        Ok(modules) => modules,
        Err(why) => return Judgement::of(false, why),
    };
    let foreign: Vec<_> = modules
        .iter()
        .filter(|(module, _)| !is_kernel_module(module))
        .map(|(module, names)| format!("{module} ({})", names.join(", ")))
        .collect();
    if !foreign.is_empty() {
        return Judgement::of(false, foreign.join("; "));
    }
    let count: usize = modules.iter().map(|(_, names)| names.len()).sum();
    let modules: Vec<_> = modules.into_iter().map(|(module, _)| module).collect();
    Judgement::of(
        true,
        format!("{count} from {}", if modules.is_empty() { "nowhere".into() } else { modules.join(", ") }),
    )
}

/// Offsets in `IMAGE_LOAD_CONFIG_DIRECTORY64`.
mod load_config {
    pub(super) const SECURITY_COOKIE: usize = 88;
    pub(super) const GUARD_CHECK: usize = 112;
    pub(super) const GUARD_TABLE: usize = 128;
    pub(super) const GUARD_FLAGS: usize = 144;
}

pub(super) fn control_flow_guard(view: &View<'_>) -> Judgement {
    const INSTRUMENTED: u64 = 0x100;
    const TABLE_PRESENT: u64 = 0x400;
    let announced = view.dll_characteristics() & 0x4000 != 0;
    let Some(flags) = view.load_config(load_config::GUARD_FLAGS) else {
        return Judgement::of(false, "no load configuration that says so");
    };
    // Behind the flags come other fields.
    let flags = flags & 0xFFFF_FFFF;
    let instrumented = flags & INSTRUMENTED != 0;
    let table = flags & TABLE_PRESENT != 0 && view.load_config(load_config::GUARD_TABLE) != Some(0);
    let check = view.load_config(load_config::GUARD_CHECK).is_some_and(|pointer| pointer != 0);
    let missing: Vec<_> = [
        (announced, "GUARD_CF is not set"),
        (instrumented, "the code is not instrumented"),
        (table, "no table of functions"),
        (check, "no pointer to the check function"),
    ]
    .iter()
    .filter(|(there, _)| !there)
    .map(|(_, what)| *what)
    .collect();
    match missing.is_empty() {
        true => Judgement::of(true, format!("flags {flags:#x}")),
        false => Judgement::of(false, missing.join(", ")),
    }
}

pub(super) fn security_cookie(view: &View<'_>) -> Judgement {
    /// The value that the loader replaces; it leaves any other alone.
    const DEFAULT: u64 = 0x0000_2B99_2DDF_A232;
    let pointer = view.load_config(load_config::SECURITY_COOKIE).unwrap_or(0);
    if pointer == 0 {
        return Judgement::of(false, "none");
    }
    let address = pointer.checked_sub(view.optional().image_base()).and_then(|rva| u32::try_from(rva).ok());
    let section = address.and_then(|address| view.section_of(address));
    let (Some(address), Some(section)) = (address, section) else {
        return Judgement::of(false, format!("at {pointer:#x}, outside the image"));
    };
    let value =
        view.at(address).and_then(|bytes| bytes.first_chunk()).map(|bytes| u64::from_le_bytes(*bytes));
    let name = &section.name;
    match value {
        _ if !section.has(pe::IMAGE_SCN_MEM_WRITE.0) => {
            Judgement::of(false, format!("in `{name}`, which cannot be written"))
        }
        Some(DEFAULT) => Judgement::of(true, format!("in `{name}`")),
        Some(other) => Judgement::of(false, format!("in `{name}`, with the value {other:#x}")),
        None => Judgement::of(false, format!("in `{name}`, without a value")),
    }
}

pub(super) fn unwind_information(view: &View<'_>) -> Judgement {
    let row = if view.machine() == pe::IMAGE_FILE_MACHINE_ARM64 { 8 } else { 12 };
    let Some((address, size)) = view.directory(pe::IMAGE_DIRECTORY_ENTRY_EXCEPTION) else {
        return Judgement::of(false, "none");
    };
    let Some(rows) = view.at(address).and_then(|content| content.get(..size as usize)) else {
        return Judgement::of(false, format!("{size} bytes at {address:#x}, outside the file"));
    };
    let mut last = 0;
    let mut count = 0;
    for entry in rows.chunks_exact(row) {
        let begin = u32::from_le_bytes(*entry.first_chunk().expect("a row is longer"));
        // Zeros fill the rest of the section.
        if begin == 0 {
            continue;
        }
        if begin <= last {
            return Judgement::of(false, format!("not sorted: {begin:#x} comes after {last:#x}"));
        }
        if view.section_of(begin).is_none_or(|section| !section.has(pe::IMAGE_SCN_MEM_EXECUTE.0)) {
            return Judgement::of(false, format!("{begin:#x} is no code"));
        }
        last = begin;
        count += 1;
    }
    Judgement::of(count > 0, format!("{count} functions"))
}

pub(super) fn version_resource(view: &View<'_>) -> Judgement {
    let Some((address, size)) = view.directory(pe::IMAGE_DIRECTORY_ENTRY_RESOURCE) else {
        return Judgement::of(false, "no resources");
    };
    let Some(resources) = view.at(address).and_then(|content| content.get(..size as usize)) else {
        return Judgement::of(false, format!("resources at {address:#x}, outside the file"));
    };
    match version_of(view, resources) {
        Ok(Some([a, b, c, d])) => Judgement::of(true, format!("version {a}.{b}.{c}.{d}")),
        Ok(None) => Judgement::of(false, "no version among the resources"),
        Err(why) => Judgement::of(false, why),
    }
}

/// The file version in `VS_FIXEDFILEINFO`: type 16, its first name, its first language.
fn version_of(view: &View<'_>, resources: &[u8]) -> Result<Option<[u16; 4]>, String> {
    use object::read::pe::{ResourceDirectory, ResourceDirectoryEntryData as Data};
    let damaged = |why: object::Error| format!("the resources are damaged: {why}");
    let directory = ResourceDirectory::new(resources);
    let root = directory.root().map_err(damaged)?;
    let is_version = |entry: &&pe::ImageResourceDirectoryEntry| entry.name_or_id().id() == Some(16);
    let Some(entry) = root.entries.iter().find(is_version) else {
        return Ok(None);
    };
    let mut data = entry.data(directory).map_err(damaged)?;
    // Two more levels: name and language.
    for _ in 0..2 {
        let Some(first) = data.table().and_then(|table| table.entries.first()) else {
            return Ok(None);
        };
        data = first.data(directory).map_err(damaged)?;
    }
    let Data::Data(leaf) = data else {
        return Ok(None);
    };
    let content = view.at(leaf.offset_to_data.get(LE)).unwrap_or_default();
    let content = content.get(..leaf.size.get(LE) as usize).ok_or("the version lies outside the file")?;
    let signature = 0xFEEF_04BD_u32.to_le_bytes();
    let Some(at) = content.windows(4).position(|window| window == signature) else {
        return Err("the version resource has no fixed part".to_owned());
    };
    let word = |offset: usize| {
        let bytes = content.get(at + offset..).and_then(|rest| rest.first_chunk());
        bytes.map_or(0, |bytes| u16::from_le_bytes(*bytes))
    };
    Ok(Some([word(10), word(8), word(14), word(12)]))
}

pub(super) fn debug_record(view: &View<'_>) -> Judgement {
    match image::code_view(view.image, &view.headers) {
        Err(why) => Judgement::of(false, why),
        Ok(None) => Judgement::of(true, "none"),
        Ok(Some(record)) => Judgement::of(!record.path.contains(['/', '\\']), format!("`{}`", record.path)),
    }
}

pub(super) fn umdf_entry(view: &View<'_>) -> Judgement {
    if view.is_kernel() {
        return Judgement::not_applicable("for user-mode drivers");
    }
    let exported = view.exports().iter().any(|name| name == "FxDriverEntryUm");
    Judgement::of(exported, if exported { "exported" } else { "not exported" })
}

pub(super) fn signature(view: &View<'_>) -> Judgement {
    // This directory's address is an offset in the file.
    let Some((offset, size)) = view.directory(pe::IMAGE_DIRECTORY_ENTRY_SECURITY) else {
        return Judgement::not_applicable(
            "not signed: Windows wants a signature in the image or in a catalog",
        );
    };
    let end = u64::from(offset) + u64::from(size);
    let sections_end = view.sections().iter().map(|s| u64::from(s.offset) + u64::from(s.raw_size)).max();
    let length = view.image.len() as u64;
    let kept = offset.is_multiple_of(8) && end == length && u64::from(offset) >= sections_end.unwrap_or(0);
    Judgement::of(kept, format!("{size} bytes at {offset:#x}, the file ends at {length:#x}"))
}
