//! The headers and sections of a PE image, checked before anything uses them.
//!
//! What Windows' kernel loader refuses is refused here, in words. Nothing in this file trusts a number of the
//! file: every offset is looked up with a bound.

use super::ImageError;
use super::bytes::{u16_at, u32_at, u64_at};
use super::memory::PAGE;
use object::pe;
use std::ops::Range;

/// Largest image that is loaded.
pub(crate) const LIMIT: usize = 256 << 20;

/// Windows loads no image with more sections.
const MOST_SECTIONS: u16 = 96;

/// Data directories that the format has.
const DIRECTORIES: usize = 16;

/// What code may do with a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Protection {
    None,
    Read,
    ReadWrite,
    ReadExecute,
}

/// A section, with numbers that lie within the file and the image.
#[derive(Debug, Clone)]
pub(crate) struct Section {
    pub(crate) name: String,
    /// Where it is in the image, from its start. A multiple of the page size.
    pub(crate) address: usize,
    /// Its bytes in memory. Not rounded.
    pub(crate) size: usize,
    /// Its bytes in the file, no more than in memory.
    pub(crate) file: Range<usize>,
    pub(crate) protection: Protection,
    /// `PAGE*`: in memory only while the IRQL is below DISPATCH_LEVEL.
    pub(crate) pageable: bool,
    /// `INIT*` and what else is not needed once the driver is initialised.
    pub(crate) discardable: bool,
}

impl Section {
    /// Its pages in the image.
    pub(crate) fn pages(&self) -> Range<usize> {
        self.address..self.address + self.size.next_multiple_of(PAGE)
    }
}

/// A data directory that is there.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Directory {
    pub(crate) address: usize,
    pub(crate) size: usize,
}

impl Directory {
    /// Its bytes in the image.
    pub(crate) fn of<'a>(&self, image: &'a [u8]) -> &'a [u8] {
        image.get(self.address..self.address + self.size).unwrap_or_default()
    }
}

/// What the headers say, checked.
#[derive(Debug, Clone)]
pub(crate) struct Headers {
    /// Bytes of the image in memory, a multiple of the page size.
    pub(crate) size: usize,
    /// Bytes of the headers.
    pub(crate) length: usize,
    /// The address that the image was linked for.
    pub(crate) base: u64,
    pub(crate) entry: usize,
    pub(crate) sections: Vec<Section>,
    directories: [Option<Directory>; DIRECTORIES],
}

fn malformed(what: impl Into<String>) -> ImageError {
    ImageError::Malformed(what.into())
}

fn foreign(what: impl Into<String>) -> ImageError {
    ImageError::Foreign(what.into())
}

impl Headers {
    /// Reads and checks the headers of a file.
    pub(crate) fn parse(data: &[u8]) -> Result<Self, ImageError> {
        if data.len() < 64 {
            return Err(malformed(format!("it has {} bytes, and a PE image starts with 64", data.len())));
        }
        if !data.starts_with(b"MZ") {
            return Err(malformed("it does not start with MZ, so it is no PE image"));
        }
        let start = u32_at(data, 0x3C).unwrap_or(0) as usize;
        if start < 64 || data.get(start..).and_then(|rest| rest.first_chunk()) != Some(b"PE\0\0") {
            return Err(malformed(format!(
                "there is no PE signature at {start:#x}, where the header says it is"
            )));
        }
        let cut = || malformed("it ends within its headers");
        let file = start + 4;
        let optional = file + 20;
        check_machine(u16_at(data, file).ok_or_else(cut)?)?;
        let count = u16_at(data, file + 2).ok_or_else(cut)?;
        let optional_size = usize::from(u16_at(data, file + 16).ok_or_else(cut)?);
        let characteristics = u16_at(data, file + 18).ok_or_else(cut)?;
        match u16_at(data, optional).ok_or_else(cut)? {
            0x20B => {}
            0x10B => return Err(foreign("it is a 32-bit image (PE32)")),
            magic => {
                return Err(malformed(format!(
                    "its optional header has magic {magic:#x}, not 0x20b (PE32+)"
                )));
            }
        }
        let word = |offset: usize| u32_at(data, optional + offset).ok_or_else(cut);
        if optional_size < 112 {
            return Err(malformed(format!("its optional header has {optional_size} bytes, less than 112")));
        }
        if characteristics & pe::IMAGE_FILE_EXECUTABLE_IMAGE.0 == 0 {
            return Err(malformed("it is not marked as an executable image: the linker found errors"));
        }
        if characteristics & pe::IMAGE_FILE_RELOCS_STRIPPED.0 != 0 {
            return Err(foreign("it has no base relocations (link it with /dynamicbase)"));
        }
        let subsystem = u16_at(data, optional + 68).ok_or_else(cut)?;
        if subsystem != pe::IMAGE_SUBSYSTEM_NATIVE.0 {
            return Err(foreign(format!(
                "subsystem {subsystem}, not native (1): it is no kernel-mode driver"
            )));
        }
        let (section_alignment, file_alignment) = (word(32)?, word(36)?);
        if section_alignment as usize != PAGE {
            return Err(foreign(format!(
                "its sections are aligned to {section_alignment} bytes, not to pages (4096)"
            )));
        }
        if !file_alignment.is_power_of_two() || !(16..=PAGE as u32).contains(&file_alignment) {
            return Err(malformed(format!("file alignment {file_alignment}, not a power of two up to 4096")));
        }
        let size = word(56)? as usize;
        if size == 0 || size > LIMIT {
            return Err(malformed(format!("size of image {size:#x}, not between 1 and {LIMIT:#x}")));
        }
        let size = size.next_multiple_of(PAGE);
        let length = word(60)? as usize;
        let table = optional + optional_size;
        let table_end = table + usize::from(count) * 40;
        if length > data.len() || length > size || table_end > length {
            return Err(malformed(format!(
                "its headers take {length:#x} bytes by their own account, {table_end:#x} by their parts, and the file \
                 has {:#x}",
                data.len()
            )));
        }
        if count == 0 || count > MOST_SECTIONS {
            return Err(malformed(format!("it has {count} sections, not 1 to {MOST_SECTIONS}")));
        }
        let sections = sections(data, &data[table..table_end], length, size)?;
        let directories = directories(data, optional, optional_size, size)?;
        let entry = word(16)? as usize;
        let in_code = sections.iter().any(|section| {
            section.protection == Protection::ReadExecute
                && (section.address..section.address + section.size).contains(&entry)
        });
        if !in_code {
            return Err(malformed(format!("entry point {entry:#x} lies in no executable section")));
        }
        let base = u64_at(data, optional + 24).ok_or_else(cut)?;
        Ok(Self { size, length, base, entry, sections, directories })
    }

    /// A data directory, by its number in the format.
    pub(crate) fn directory(&self, number: u32) -> Option<Directory> {
        self.directories[number as usize]
    }

    /// The section that holds an address of the image.
    pub(crate) fn section(&self, address: usize) -> Option<&Section> {
        self.sections.iter().find(|section| section.pages().contains(&address))
    }

    /// Whether a range lies within one section.
    pub(crate) fn in_section(&self, address: usize, length: usize) -> bool {
        self.section(address).is_some_and(|section| length <= section.pages().end - address)
    }
}

fn check_machine(machine: u16) -> Result<(), ImageError> {
    const AMD64: u16 = pe::IMAGE_FILE_MACHINE_AMD64.0;
    const I386: u16 = pe::IMAGE_FILE_MACHINE_I386.0;
    const ARM64: u16 = pe::IMAGE_FILE_MACHINE_ARM64.0;
    match machine {
        AMD64 => Ok(()),
        I386 => Err(foreign("it is a 32-bit image (machine 0x014c), not x86-64 (0x8664)")),
        ARM64 => Err(foreign("it is an ARM64 image (machine 0xaa64), not x86-64 (0x8664)")),
        _ => Err(foreign(format!("machine {machine:#06x}, not x86-64 (0x8664)"))),
    }
}

fn sections(data: &[u8], table: &[u8], headers: usize, size: usize) -> Result<Vec<Section>, ImageError> {
    let mut sections = Vec::with_capacity(table.len() / 40);
    let mut next = headers.next_multiple_of(PAGE);
    for header in table.chunks_exact(40) {
        let name: String =
            header[..8].iter().take_while(|&&b| b != 0).map(|&b| b.escape_ascii().to_string()).collect();
        let word = |offset| u32_at(header, offset).unwrap_or(0);
        let (address, raw_size, raw) = (word(12) as usize, word(16) as usize, word(20) as usize);
        let virtual_size = match word(8) as usize {
            0 => raw_size,
            virtual_size => virtual_size,
        };
        // Windows wants the sections in order and without gaps, which leaves no room for overlaps.
        if address != next {
            return Err(malformed(format!(
                "section {name} is at {address:#x}, and {next:#x} is where the one before it ends"
            )));
        }
        if virtual_size == 0 {
            return Err(malformed(format!("section {name} is empty")));
        }
        let end = address.saturating_add(virtual_size);
        if end > size {
            return Err(malformed(format!(
                "section {name} ends at {end:#x}, outside the image of {size:#x} bytes"
            )));
        }
        next = end.next_multiple_of(PAGE);
        let length = raw_size.min(virtual_size);
        if raw.checked_add(raw_size).is_none_or(|end| end > data.len()) {
            return Err(malformed(format!(
                "section {name} has {raw_size:#x} bytes at {raw:#x} of a file of {:#x}: the file is cut off",
                data.len()
            )));
        }
        let flags = word(36);
        sections.push(Section {
            protection: protection(&name, flags)?,
            pageable: name.starts_with("PAGE") && flags & pe::IMAGE_SCN_MEM_NOT_PAGED.0 == 0,
            discardable: flags & pe::IMAGE_SCN_MEM_DISCARDABLE.0 != 0,
            name,
            address,
            size: virtual_size,
            file: raw..raw + length,
        });
    }
    Ok(sections)
}

fn protection(name: &str, flags: u32) -> Result<Protection, ImageError> {
    let has = |flag: u32| flags & flag != 0;
    let (read, write, execute) =
        (has(pe::IMAGE_SCN_MEM_READ.0), has(pe::IMAGE_SCN_MEM_WRITE.0), has(pe::IMAGE_SCN_MEM_EXECUTE.0));
    match (read, write, execute) {
        (_, true, true) => Err(foreign(format!(
            "section {name} is both writable and executable, which memory integrity (HVCI) refuses"
        ))),
        (_, true, false) => Ok(Protection::ReadWrite),
        (_, false, true) => Ok(Protection::ReadExecute),
        (true, false, false) => Ok(Protection::Read),
        (false, false, false) => Err(foreign(format!(
            "section {name} may not even be read, and Windows fails to load it (error 998)"
        ))),
    }
}

/// Directories that a driver must not have, with their names.
const REFUSED: [(u32, &str); 4] = [
    (9, "a TLS directory, and the kernel has no thread-local storage"),
    (11, "bound imports, which the kernel does not load"),
    (13, "delayed imports, which the kernel does not load"),
    (14, "a CLR header: it is a .NET image"),
];

fn directories(
    data: &[u8],
    optional: usize,
    optional_size: usize,
    size: usize,
) -> Result<[Option<Directory>; DIRECTORIES], ImageError> {
    let count = u32_at(data, optional + 108).unwrap_or(0) as usize;
    if count > DIRECTORIES || 112 + count * 8 > optional_size {
        return Err(malformed(format!(
            "it has {count} data directories in an optional header of {optional_size} bytes"
        )));
    }
    let mut directories = [None; DIRECTORIES];
    for (number, place) in directories.iter_mut().enumerate().take(count) {
        let at = optional + 112 + number * 8;
        let (Some(address), Some(length)) = (u32_at(data, at), u32_at(data, at + 4)) else { break };
        let (address, length) = (address as usize, length as usize);
        if address == 0 && length == 0 {
            continue;
        }
        if let Some((_, what)) = REFUSED.iter().find(|&&(refused, _)| refused as usize == number) {
            return Err(foreign(format!("it has {what}")));
        }
        // The certificate table is in the file and not in memory.
        let (bound, where_) = if number == 4 { (data.len(), "file") } else { (size, "image") };
        if address.checked_add(length).is_none_or(|end| end > bound) {
            return Err(malformed(format!(
                "data directory {number} ({length:#x} bytes at {address:#x}) lies outside the {where_}"
            )));
        }
        *place = Some(Directory { address, size: length });
    }
    // Those that this loader works with must be apart: to apply one must not change another.
    let used = [1_usize, 3, 5, 10];
    for (index, &a) in used.iter().enumerate() {
        for &b in &used[index + 1..] {
            if let (Some(first), Some(second)) = (directories[a], directories[b])
                && first.address < second.address + second.size
                && second.address < first.address + first.size
            {
                return Err(malformed(format!("data directories {a} and {b} overlap")));
            }
        }
    }
    if directories[5].is_none_or(|directory| directory.size == 0) {
        return Err(foreign("it has no base relocations (link it with /dynamicbase)"));
    }
    Ok(directories)
}
