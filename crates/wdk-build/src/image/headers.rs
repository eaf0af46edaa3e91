//! The headers of a PE32+ image, by their place in the file.

use object::LittleEndian as LE;
use object::pe;
use object::read::pe::{ImageOptionalHeader, PeFile64};

/// Where things are in an image's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Headers {
    /// File offset of the COFF header.
    pub coff: usize,
    /// File offset of the optional header.
    pub optional: usize,
    /// File offset of the section table.
    pub section_table: usize,
    /// The sections, in the order of the table.
    pub sections: Vec<Section>,
    /// The number of data directories.
    pub directories: usize,
}

/// A row of the section table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Name, without what fills it up to eight bytes.
    pub name: String,
    /// Address in memory, relative to the image.
    pub address: u32,
    /// Size in memory.
    pub size: u32,
    /// Offset of the content in the file.
    pub offset: u32,
    /// Length of the content in the file.
    pub raw_size: u32,
    /// The attributes (`IMAGE_SCN_…`).
    pub flags: u32,
}

impl Section {
    /// Whether an attribute is set.
    pub fn has(&self, flag: u32) -> bool {
        self.flags & flag != 0
    }
}

/// Size of a row of the section table.
pub(crate) const SECTION_HEADER: usize = 40;
/// Offsets within the optional header of PE32+.
const CHECKSUM: usize = 64;
const DIRECTORIES: usize = 112;

impl Headers {
    /// Reads the headers of a PE32+ image.
    ///
    /// # Errors
    ///
    /// What is wrong with the file, in words that fit behind its name.
    pub fn read(image: &[u8]) -> Result<Self, String> {
        let file = parse(image)?;
        let coff = file.dos_header().nt_headers_offset() as usize + 4;
        let optional = coff + size_of::<pe::ImageFileHeader>();
        let header = &file.nt_headers().file_header;
        let section_table = optional + usize::from(header.size_of_optional_header.get(LE));
        let sections = file.section_table().iter().map(|section| Section {
            name: String::from_utf8_lossy(section.raw_name()).into_owned(),
            address: section.virtual_address.get(LE),
            size: section.virtual_size.get(LE),
            offset: section.pointer_to_raw_data.get(LE),
            raw_size: section.size_of_raw_data.get(LE),
            flags: section.characteristics.get(LE).0,
        });
        Ok(Self {
            coff,
            optional,
            section_table,
            sections: sections.collect(),
            directories: file.nt_headers().optional_header.number_of_rva_and_sizes() as usize,
        })
    }

    /// File offset of the checksum.
    pub fn checksum_field(&self) -> usize {
        self.optional + CHECKSUM
    }

    /// File offset of the COFF header's time stamp.
    pub fn time_stamp_field(&self) -> usize {
        self.coff + 4
    }

    /// File offset of the row of a data directory, if the image has it.
    pub fn directory_field(&self, index: usize) -> Option<usize> {
        (index < self.directories).then(|| self.optional + DIRECTORIES + index * 8)
    }

    /// The file offset of an address in memory, if the file has content there.
    pub fn offset_of(&self, address: u32) -> Option<usize> {
        let section = self.sections.iter().find(|section| {
            address.checked_sub(section.address).is_some_and(|offset| offset < section.raw_size)
        })?;
        Some(section.offset as usize + (address - section.address) as usize)
    }
}

/// Parses a PE32+ file, and says what else it is.
pub(crate) fn parse(image: &[u8]) -> Result<PeFile64<'_>, String> {
    if image.is_empty() {
        return Err("is empty".to_owned());
    }
    match object::FileKind::parse(image) {
        Ok(object::FileKind::Pe64) => {}
        Ok(object::FileKind::Pe32) => {
            return Err("is a 32-bit image (drivers of x86-64 and ARM64 are 64-bit)".to_owned());
        }
        Ok(other) => return Err(format!("is no Windows image ({other:?})")),
        Err(_) if image.starts_with(b"MZ") => {
            return Err("is a truncated or damaged Windows image".to_owned());
        }
        Err(_) if image.starts_with(b"\x7fELF") => return Err("is no Windows image (ELF)".to_owned()),
        Err(_) => return Err("is no Windows image".to_owned()),
    }
    PeFile64::parse(image).map_err(|why| format!("is a truncated or damaged Windows image: {why}"))
}
