//! What linkers other than Microsoft's leave undone in a driver image.

use super::checksum::checksum;
use super::headers::{Headers, SECTION_HEADER};
use super::identity::make_reproducible;
use object::pe;

/// What [`finish`] changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Finished {
    /// Sections whose attributes were not those of a driver.
    pub sections: Vec<String>,
    /// The checksum that the image has now.
    pub checksum: u32,
}

/// Gives the sections of a kernel-mode image a driver's attributes, makes its identity (time stamps, and the GUID that
/// it shares with its debug information) a function of its content, and writes the checksum.
///
/// # Errors
///
/// What is wrong with the image, or that the debug information is another image's. Then both may be half-changed.
pub fn finish(image: &mut [u8], symbols: Option<&mut [u8]>, kernel: bool) -> Result<Finished, String> {
    let headers = Headers::read(image)?;
    let mut finished = Finished::default();
    for (index, section) in headers.sections.iter().enumerate().filter(|_| kernel) {
        let flags = driver_flags(&section.name, section.flags);
        if flags != section.flags {
            finished.sections.push(section.name.clone());
            put(image, headers.section_table + index * SECTION_HEADER + 36, flags)?;
        }
    }
    make_reproducible(image, &headers, symbols)?;
    finished.checksum = checksum(image, headers.checksum_field());
    put(image, headers.checksum_field(), finished.checksum)?;
    Ok(finished)
}

/// The attributes that Microsoft's linker gives a section for `/DRIVER`.
pub(crate) fn driver_flags(name: &str, flags: u32) -> u32 {
    let discardable = pe::IMAGE_SCN_MEM_DISCARDABLE.0;
    let not_paged = pe::IMAGE_SCN_MEM_NOT_PAGED.0;
    match name {
        "INIT" | ".rsrc" | ".reloc" => (flags | discardable) & !not_paged,
        name if name.starts_with("PAGE") => flags & !(discardable | not_paged),
        _ => (flags | not_paged) & !discardable,
    }
}

/// Writes a number.
fn put(image: &mut [u8], offset: usize, value: u32) -> Result<(), String> {
    let place = image.get_mut(offset..).and_then(|rest| rest.first_chunk_mut());
    *place.ok_or("is truncated: its headers end too early")? = value.to_le_bytes();
    Ok(())
}
