//! Page hashes: a hash of each page of an image, so that Windows can check pages as it reads them.

use super::{Error, Image, Result};
use sha2::{Digest as _, Sha256};

/// The table: for the headers, each page of each section and the end, an offset and a hash.
pub(super) fn of(image: &Image<'_>) -> Result<Vec<u8>> {
    let page = image.section_alignment;
    if !(512..=1 << 20).contains(&page) || !page.is_power_of_two() {
        let what = format!("page hashes of an image with a section alignment of {page:#x} bytes");
        return Err(Error::Unsupported(what));
    }
    if image.size_of_headers > page {
        return Err(Error::Unsupported(
            "page hashes of an image whose headers are longer than a page".to_owned(),
        ));
    }
    let zeros = vec![0; page];
    let mut table = Vec::new();
    let mut entry = |offset: usize, hash: &[u8]| {
        table.extend((offset as u32).to_le_bytes());
        table.extend(hash);
    };
    let mut hash = Sha256::new();
    for piece in image.hashed(0..image.size_of_headers) {
        hash.update(piece);
    }
    hash.update(&zeros[image.size_of_headers..]);
    entry(0, &hash.finalize());
    for section in &image.sections {
        for (index, content) in image.content()[section.clone()].chunks(page).enumerate() {
            let hash = Sha256::new().chain_update(content).chain_update(&zeros[content.len()..]);
            entry(section.start + index * page, &hash.finalize());
        }
    }
    entry(image.sections.last().map_or(image.size_of_headers, |last| last.end), &[0; 32]);
    Ok(table)
}
