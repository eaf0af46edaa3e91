//! What of a PE image matters to a signature: the places that the hash leaves out, the sections, the certificates.

use super::{Error, Result};
use crate::image::checksum;
use sha1::Sha1;
use sha2::digest::Output;
use sha2::{Digest, Sha256};
use std::ops::Range;

/// `IMAGE_DIRECTORY_ENTRY_SECURITY`.
const SECURITY_DIRECTORY: usize = 4;
/// `WIN_CERT_REVISION_2_0`.
const REVISION: u16 = 0x0200;
/// `WIN_CERT_TYPE_PKCS_SIGNED_DATA`.
const PKCS_SIGNED_DATA: u16 = 0x0002;
/// The length of a `WIN_CERTIFICATE` without its content.
const CERTIFICATE_HEADER: usize = 8;
/// The most sections that the Windows loader takes.
const SECTION_LIMIT: usize = 96;

/// A PE image whose headers were checked.
#[derive(Debug)]
pub struct Image<'a> {
    file: &'a [u8],
    /// Where the checksum is.
    checksum: usize,
    /// Where the directory entry of the certificate table is.
    security: usize,
    /// Where the image ends and the certificate table begins.
    end: usize,
    pub(super) size_of_headers: usize,
    pub(super) section_alignment: usize,
    /// The sections' content in the file, by place.
    pub(super) sections: Vec<Range<usize>>,
}

fn u16_at(file: &[u8], offset: usize) -> Result<u16> {
    let bytes = file.get(offset..).and_then(|rest| rest.first_chunk());
    bytes.map(|bytes| u16::from_le_bytes(*bytes)).ok_or_else(|| truncated(offset))
}

fn u32_at(file: &[u8], offset: usize) -> Result<u32> {
    let bytes = file.get(offset..).and_then(|rest| rest.first_chunk());
    bytes.map(|bytes| u32::from_le_bytes(*bytes)).ok_or_else(|| truncated(offset))
}

fn truncated(offset: usize) -> Error {
    Error::Image(format!("it ends before offset {offset:#x}, where its headers go on"))
}

impl<'a> Image<'a> {
    /// Whether the file would be treated as a PE image: both signatures are there. [`Image::parse`] can still refuse it.
    pub fn is_image(file: &[u8]) -> bool {
        let pe = || {
            let header = u32_at(file, 0x3C).ok()? as usize;
            file.get(header..header.checked_add(4)?)
        };
        file.starts_with(b"MZ") && pe() == Some(b"PE\0\0")
    }

    /// Reads the headers.
    ///
    /// # Errors
    ///
    /// [`Error::Image`] when it is no PE image or its headers contradict the file; [`Error::IrregularImage`] when its
    /// sections leave gaps or overlap.
    pub fn parse(file: &'a [u8]) -> Result<Self> {
        if !file.starts_with(b"MZ") {
            return Err(Error::Image("it does not begin with `MZ`".to_owned()));
        }
        if !Self::is_image(file) {
            return Err(Error::Image("it has no `PE` header".to_owned()));
        }
        let coff = u32_at(file, 0x3C)? as usize + 4;
        if !coff.is_multiple_of(4) {
            return Err(Error::Image("its `PE` header is not aligned to four bytes".to_owned()));
        }
        let section_count = usize::from(u16_at(file, coff + 2)?);
        let optional = coff + 20;
        let optional_length = usize::from(u16_at(file, coff + 16)?);
        let directories = match u16_at(file, optional)? {
            0x10B => 96,
            0x20B => 112,
            other => {
                return Err(Error::Image(format!("its optional header has the unknown magic {other:#x}")));
            }
        };
        let count = u32_at(file, optional + directories - 4)? as usize;
        let security = optional + directories + SECURITY_DIRECTORY * 8;
        if count <= SECURITY_DIRECTORY || security + 8 > optional + optional_length {
            return Err(Error::Image("it has no directory entry for certificates".to_owned()));
        }
        let size_of_headers = u32_at(file, optional + 60)? as usize;
        let section_alignment = u32_at(file, optional + 32)? as usize;
        let table = optional + optional_length;
        if section_count > SECTION_LIMIT {
            return Err(Error::Image(format!("it has {section_count} sections")));
        }
        if size_of_headers > file.len() || table + section_count * 40 > size_of_headers {
            return Err(Error::Image("the size of its headers contradicts the file".to_owned()));
        }
        let end = image_end(file, security)?;
        if end < size_of_headers {
            return Err(Error::Image("its certificate table lies in its headers".to_owned()));
        }
        let sections = sections(file, table, section_count, size_of_headers, end)?;
        Ok(Self {
            file,
            checksum: optional + 64,
            security,
            end,
            size_of_headers,
            section_alignment,
            sections,
        })
    }

    /// The file without its certificates.
    pub fn content(&self) -> &'a [u8] {
        &self.file[..self.end]
    }

    /// The content in the pieces that are hashed.
    pub(super) fn hashed(&self, range: Range<usize>) -> impl Iterator<Item = &'a [u8]> {
        let (left_out, file) =
            ([self.checksum..self.checksum + 4, self.security..self.security + 8], self.file);
        let mut from = range.start;
        left_out.into_iter().chain(std::iter::once(range.end..range.end)).map(move |hole| {
            let piece = &file[from.min(hole.start)..hole.start.min(range.end).max(from.min(hole.start))];
            from = from.max(hole.end);
            piece
        })
    }

    /// The Authenticode hash, SHA-256.
    pub fn digest(&self) -> [u8; 32] {
        self.digest_with::<Sha256>().into()
    }

    /// The Authenticode hash, SHA-1: what catalogs have as a second tag.
    pub(crate) fn sha1(&self) -> [u8; 20] {
        self.digest_with::<Sha1>().into()
    }

    fn digest_with<D: Digest>(&self) -> Output<D> {
        let mut hash = D::new();
        for piece in self.hashed(0..self.end) {
            hash.update(piece);
        }
        // The table begins at a multiple of eight; what fills the file up to it is hashed.
        hash.update(&[0; 7][..padding(self.end)]);
        hash.finalize()
    }

    /// The PKCS#7 message of the first signature.
    ///
    /// # Errors
    ///
    /// [`Error::NotSigned`] when there is none, [`Error::Malformed`] when the table is damaged.
    pub fn signature(&self) -> Result<&'a [u8]> {
        let table = &self.file[self.end..];
        if table.is_empty() {
            return Err(Error::NotSigned);
        }
        let mut offset = 0;
        while table.len() - offset >= CERTIFICATE_HEADER {
            let length = u32_at(table, offset)? as usize;
            let content = table.get(offset + CERTIFICATE_HEADER..offset.saturating_add(length));
            let content = content.ok_or_else(|| malformed("an entry is longer than the table"))?;
            if u16_at(table, offset + 6)? == PKCS_SIGNED_DATA {
                return Ok(content);
            }
            offset = (offset + length).next_multiple_of(8).min(table.len());
        }
        Err(Error::NotSigned)
    }

    /// A copy of the file whose certificate table has this message only, with the right checksum.
    pub(super) fn with_signature(&self, message: &[u8]) -> Result<Vec<u8>> {
        let too_long = || Error::Image("it is too long".to_owned());
        let mut file = self.content().to_vec();
        file.resize(file.len() + padding(file.len()), 0);
        let start = u32::try_from(file.len()).map_err(|_| too_long())?;
        let length = u32::try_from((CERTIFICATE_HEADER + message.len()).next_multiple_of(8))
            .map_err(|_| too_long())?;
        file.extend(length.to_le_bytes());
        file.extend(REVISION.to_le_bytes());
        file.extend(PKCS_SIGNED_DATA.to_le_bytes());
        file.extend(message);
        file.resize(start as usize + length as usize, 0);
        file[self.security..][..4].copy_from_slice(&start.to_le_bytes());
        file[self.security + 4..][..4].copy_from_slice(&length.to_le_bytes());
        let checksum = checksum(&file, self.checksum);
        file[self.checksum..][..4].copy_from_slice(&checksum.to_le_bytes());
        Ok(file)
    }
}

fn malformed(why: &str) -> Error {
    Error::Malformed("certificate table", why.to_owned())
}

/// How many bytes are missing to a multiple of eight.
fn padding(length: usize) -> usize {
    length.next_multiple_of(8) - length
}

/// Where the certificate table begins: it has to be the last thing in the file.
fn image_end(file: &[u8], security: usize) -> Result<usize> {
    let (start, length) = (u32_at(file, security)? as usize, u32_at(file, security + 4)? as usize);
    if start == 0 && length == 0 {
        return Ok(file.len());
    }
    if start % 8 != 0 {
        return Err(malformed("it does not begin at a multiple of eight"));
    }
    match start.checked_add(length) {
        Some(end) if length >= CERTIFICATE_HEADER && end == file.len() => Ok(start),
        Some(end) if length >= CERTIFICATE_HEADER && end < file.len() => {
            Err(malformed("something follows it"))
        }
        _ => Err(malformed("it reaches beyond the end of the file")),
    }
}

/// The places of the sections' content, sorted; they have to follow the headers and each other without gaps.
fn sections(
    file: &[u8],
    table: usize,
    count: usize,
    headers: usize,
    end: usize,
) -> Result<Vec<Range<usize>>> {
    let mut sections = Vec::with_capacity(count);
    for header in (0..count).map(|index| table + index * 40) {
        let (length, start) = (u32_at(file, header + 16)? as usize, u32_at(file, header + 20)? as usize);
        if length == 0 {
            continue;
        }
        match start.checked_add(length) {
            Some(section_end) if section_end <= end => sections.push(start..section_end),
            _ => return Err(Error::Image("a section reaches beyond the end of the image".to_owned())),
        }
    }
    sections.sort_by_key(|section| section.start);
    let mut last = headers;
    for section in &sections {
        if section.start != last {
            let how =
                if section.start < last { "overlaps what is before it" } else { "leaves a gap before it" };
            return Err(Error::IrregularImage(format!("the section at {:#x} {how}", section.start)));
        }
        last = section.end;
    }
    Ok(sections)
}
