//! Maps a PE image: checks its headers, copies its sections, relocates it, binds its imports, protects it.

use super::ImageError;
use super::memory::{Mapping, PAGE, Protection};
use crate::abi::nt;
use object::LittleEndian as LE;
use object::pe;
use object::read::pe::{ImageOptionalHeader, ImageThunkData, PeFile64};
use std::path::Path;

/// A loaded image.
pub(crate) struct Image {
    /// Keeps the code and data of the image.
    mapping: Mapping,
    entry: *const (),
}

/// Largest image that is loaded.
const LIMIT: usize = 256 << 20;

impl Image {
    pub(crate) fn load(path: &Path) -> Result<Self, ImageError> {
        let data =
            std::fs::read(path).map_err(|why| ImageError::Read(format!("{}: {why}", path.display())))?;
        Self::map(&data)
    }

    fn map(data: &[u8]) -> Result<Self, ImageError> {
        let malformed = |why: object::Error| ImageError::Malformed(why.to_string());
        let kind = object::FileKind::parse(data).map_err(malformed)?;
        match kind {
            object::FileKind::Pe64 => {}
            object::FileKind::Pe32 => return Err(ImageError::Foreign("it is a 32-bit image".to_owned())),
            other => return Err(ImageError::Foreign(format!("it is no PE image ({other:?})"))),
        }
        let file = PeFile64::parse(data).map_err(malformed)?;
        let machine = file.nt_headers().file_header.machine.get(LE);
        if machine != pe::IMAGE_FILE_MACHINE_AMD64 {
            return Err(ImageError::Foreign(format!("machine {machine:#06x}, not x86-64 (0x8664)")));
        }
        let header = &file.nt_headers().optional_header;
        if header.subsystem() != pe::IMAGE_SUBSYSTEM_NATIVE {
            return Err(ImageError::Foreign(format!("subsystem {}, not native (1)", header.subsystem())));
        }
        if header.section_alignment() as usize != PAGE {
            return Err(ImageError::Foreign(format!(
                "sections aligned to {}, not to pages",
                header.section_alignment()
            )));
        }
        let size = header.size_of_image() as usize;
        if size == 0 || size > LIMIT {
            return Err(ImageError::Malformed(format!("size of image {size:#x}")));
        }
        let mut mapping = Mapping::new(size).map_err(|why| ImageError::Read(format!("no memory: {why}")))?;
        let headers = (header.size_of_headers() as usize).min(data.len()).min(size);
        mapping.bytes()[..headers].copy_from_slice(&data[..headers]);
        for section in file.section_table().iter() {
            let address = section.virtual_address.get(LE) as usize;
            let raw = section.pe_data(data).map_err(malformed)?;
            let length = raw.len().min(section.virtual_size.get(LE) as usize);
            let target = address.checked_add(length).filter(|&end| end <= size);
            let Some(end) = target else {
                return Err(ImageError::Malformed(format!("section at {address:#x} lies outside the image")));
            };
            mapping.bytes()[address..end].copy_from_slice(&raw[..length]);
        }
        relocate(&file, &mut mapping, header.image_base())?;
        bind_imports(&file, &mut mapping)?;
        protect(&file, &mut mapping)?;
        let entry = header.address_of_entry_point() as usize;
        if entry == 0 || entry >= size {
            return Err(ImageError::Malformed(format!("entry point {entry:#x}")));
        }
        let entry = mapping.base().wrapping_add(entry).cast_const().cast();
        Ok(Self { mapping, entry })
    }

    /// The entry point: a function of the Windows calling convention that takes a driver object and a path.
    pub(crate) fn entry(&self) -> *const () {
        self.entry
    }

    /// The addresses that the image occupies.
    pub(crate) fn addresses(&self) -> std::ops::Range<usize> {
        let start = self.mapping.base().addr();
        start..start + self.mapping.length()
    }
}

fn write(mapping: &mut Mapping, address: usize, value: u64) -> Result<(), ImageError> {
    let place = mapping.bytes().get_mut(address..).and_then(|rest| rest.get_mut(..8));
    let place = place
        .ok_or_else(|| ImageError::Malformed(format!("a pointer at {address:#x} lies outside the image")))?;
    place.copy_from_slice(&value.to_le_bytes());
    Ok(())
}

fn relocate(file: &PeFile64<'_>, mapping: &mut Mapping, preferred: u64) -> Result<(), ImageError> {
    let malformed = |why: object::Error| ImageError::Malformed(why.to_string());
    let delta = (mapping.base().expose_provenance() as u64).wrapping_sub(preferred);
    let directories = file.data_directories();
    let Some(mut blocks) =
        directories.relocation_blocks(file.data(), &file.section_table()).map_err(malformed)?
    else {
        return Err(ImageError::Foreign("it has no base relocations".to_owned()));
    };
    while let Some(block) = blocks.next().map_err(malformed)? {
        for relocation in block {
            match relocation.typ {
                pe::IMAGE_REL_BASED_ABSOLUTE => {}
                pe::IMAGE_REL_BASED_DIR64 => {
                    let address = relocation.virtual_address as usize;
                    let bytes = mapping.bytes().get(address..).and_then(|rest| rest.first_chunk());
                    let value = u64::from_le_bytes(*bytes.ok_or_else(|| {
                        ImageError::Malformed(format!("a relocation at {address:#x} lies outside the image"))
                    })?);
                    write(mapping, address, value.wrapping_add(delta))?;
                }
                other => return Err(ImageError::Foreign(format!("relocation type {other}"))),
            }
        }
    }
    Ok(())
}

fn bind_imports(file: &PeFile64<'_>, mapping: &mut Mapping) -> Result<(), ImageError> {
    let malformed = |why: object::Error| ImageError::Malformed(why.to_string());
    let Some(table) = file.import_table().map_err(malformed)? else { return Ok(()) };
    let mut missing = Vec::new();
    let mut descriptors = table.descriptors().map_err(malformed)?;
    while let Some(descriptor) = descriptors.next().map_err(malformed)? {
        let module = table.name(descriptor.name.get(LE)).map_err(malformed)?;
        let module = String::from_utf8_lossy(module).into_owned();
        let first = match descriptor.original_first_thunk.get(LE) {
            0 => descriptor.first_thunk.get(LE),
            names => names,
        };
        let mut thunks = table.thunks(first).map_err(malformed)?;
        let mut slot = descriptor.first_thunk.get(LE) as usize;
        while let Some(thunk) = thunks.next::<pe::ImageNtHeaders64>().map_err(malformed)? {
            if thunk.is_ordinal() {
                missing.push(format!("{module}!#{}", thunk.ordinal()));
            } else {
                let (_, name) = table.hint_name(thunk.address()).map_err(malformed)?;
                let name = String::from_utf8_lossy(name);
                match nt::import(&name) {
                    Some(entry) => write(mapping, slot, entry.expose_provenance() as u64)?,
                    None => missing.push(format!("{module}!{name}")),
                }
            }
            slot += 8;
        }
    }
    if missing.is_empty() { Ok(()) } else { Err(ImageError::Imports(missing)) }
}

fn protect(file: &PeFile64<'_>, mapping: &mut Mapping) -> Result<(), ImageError> {
    let failed = |why: std::io::Error| ImageError::Read(format!("memory cannot be protected: {why}"));
    mapping.protect(0, PAGE, Protection::Read).map_err(failed)?;
    for section in file.section_table().iter() {
        let flags = section.characteristics.get(LE).0;
        let protection =
            match (flags & pe::IMAGE_SCN_MEM_WRITE.0 != 0, flags & pe::IMAGE_SCN_MEM_EXECUTE.0 != 0) {
                (true, true) => {
                    return Err(ImageError::Foreign("a section is both writable and executable".to_owned()));
                }
                (true, false) => Protection::ReadWrite,
                (false, true) => Protection::ReadExecute,
                (false, false) => Protection::Read,
            };
        let (address, length) =
            (section.virtual_address.get(LE) as usize, section.virtual_size.get(LE) as usize);
        mapping.protect(address, length, protection).map_err(failed)?;
    }
    Ok(())
}
