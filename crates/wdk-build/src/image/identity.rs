//! What identifies an image and its debug information: time stamps, and the GUID that both carry.
//!
//! Linkers make these from things that differ between two builds of the same source: the time, or (LLVM's) the content
//! of the debug information, which has the linker's command line in it. Here they become a hash of the image.

use super::headers::Headers;
use object::pe;
use sha2::{Digest as _, Sha256};
use std::ops::Range;

/// Offset of the GUID in a CodeView record, behind `RSDS`.
const RECORD_GUID: usize = 4;
/// Offset of the GUID in the information stream of a PDB, behind version, signature and age.
const STREAM_GUID: usize = 12;
/// Size of a row of the debug directory.
const DEBUG_ROW: usize = 28;

/// The debug record of an image that names its PDB.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeView {
    /// File offset of the GUID.
    pub offset: usize,
    /// The GUID, as it is stored.
    pub guid: [u8; 16],
    /// How often the PDB was written since the GUID was made.
    pub age: u32,
    /// The file name of the PDB, with or without a directory.
    pub path: String,
}

/// The CodeView record of an image, if it has one.
///
/// # Errors
///
/// When the debug directory lies outside the file.
pub fn code_view(image: &[u8], headers: &Headers) -> Result<Option<CodeView>, String> {
    for row in debug_rows(image, headers)? {
        let row = &image[row];
        if number(row, 12) != Some(pe::IMAGE_DEBUG_TYPE_CODEVIEW.0) {
            continue;
        }
        let size = number(row, 16).unwrap_or(0) as usize;
        let offset = number(row, 24).unwrap_or(0) as usize;
        let record = offset.checked_add(size).and_then(|end| image.get(offset..end));
        let record = record.ok_or("has a debug record that lies outside the file")?;
        if !record.starts_with(b"RSDS") || record.len() < 25 {
            continue;
        }
        let path = record[24..].split(|byte| *byte == 0).next().unwrap_or_default();
        return Ok(Some(CodeView {
            offset: offset + RECORD_GUID,
            guid: record[RECORD_GUID..][..16].try_into().expect("16 bytes"),
            age: number(record, 20).unwrap_or(0),
            path: String::from_utf8_lossy(path).into_owned(),
        }));
    }
    Ok(None)
}

/// Replaces time stamps and GUID of an image by a hash of the rest of it, and the GUID of its debug information too.
///
/// The checksum is zero afterwards.
pub(super) fn make_reproducible(
    image: &mut [u8],
    headers: &Headers,
    symbols: Option<&mut [u8]>,
) -> Result<(), String> {
    let debug_rows = debug_rows(image, headers)?;
    let record = code_view(image, headers)?;
    let stamps: Vec<Range<usize>> = std::iter::once(headers.time_stamp_field())
        .chain(debug_rows.iter().map(|row| row.start + 4))
        .map(|start| start..start + 4)
        .collect();
    let guid = record.as_ref().map(|record| record.offset..record.offset + 16);
    let checksum = headers.checksum_field()..headers.checksum_field() + 4;
    for range in stamps.iter().chain(&guid).chain([&checksum]) {
        image.get_mut(range.clone()).ok_or("is truncated: its headers end too early")?.fill(0);
    }
    let hash: [u8; 32] = Sha256::digest(&*image).into();
    for range in stamps {
        image[range].copy_from_slice(&hash[16..20]);
    }
    if let (Some(range), Some(record)) = (guid, record) {
        if let Some(symbols) = symbols {
            let found = pdb_guid(symbols).ok_or("has debug information that is no PDB")?;
            if symbols[found.clone()] != record.guid {
                return Err("does not match its debug information".to_owned());
            }
            symbols[found].copy_from_slice(&hash[..16]);
        }
        image[range].copy_from_slice(&hash[..16]);
    }
    Ok(())
}

/// Where the rows of the debug directory are.
fn debug_rows(image: &[u8], headers: &Headers) -> Result<Vec<Range<usize>>, String> {
    let Some(field) = headers.directory_field(pe::IMAGE_DIRECTORY_ENTRY_DEBUG) else {
        return Ok(Vec::new());
    };
    let address = number(image, field).unwrap_or(0);
    let size = number(image, field + 4).unwrap_or(0) as usize;
    if address == 0 || size == 0 {
        return Ok(Vec::new());
    }
    let start = headers.offset_of(address).ok_or("has a debug directory that lies outside its sections")?;
    if image.get(start..).is_none_or(|rest| rest.len() < size) {
        return Err("has a debug directory that lies outside the file".to_owned());
    }
    Ok((0..size / DEBUG_ROW).map(|row| start + row * DEBUG_ROW..start + (row + 1) * DEBUG_ROW).collect())
}

/// Where the GUID of a PDB is: in the first block of its stream 1.
pub fn pdb_guid(pdb: &[u8]) -> Option<Range<usize>> {
    const MAGIC: &[u8] = b"Microsoft C/C++ MSF 7.00\r\n\x1aDS\0\0\0";
    if !pdb.starts_with(MAGIC) {
        return None;
    }
    let block_size = number(pdb, 32)? as usize;
    let directory_size = number(pdb, 44)? as usize;
    let block_map = (number(pdb, 52)? as usize).checked_mul(block_size)?;
    if block_size == 0 {
        return None;
    }
    // The directory is itself in blocks, which the block map lists.
    let mut directory = Vec::new();
    for index in 0..directory_size.div_ceil(block_size) {
        let block = number(pdb, block_map.checked_add(index * 4)?)? as usize;
        let start = block.checked_mul(block_size)?;
        directory.extend_from_slice(pdb.get(start..start.checked_add(block_size)?)?);
    }
    let streams = number(&directory, 0)? as usize;
    let first_stream = number(&directory, 4)? as usize;
    // A stream that was deleted has no blocks, and a size of all ones.
    let blocks = if first_stream == u32::MAX as usize { 0 } else { first_stream.div_ceil(block_size) };
    let block = number(&directory, streams.checked_add(1)?.checked_add(blocks)?.checked_mul(4)?)? as usize;
    let start = block.checked_mul(block_size)?.checked_add(STREAM_GUID)?;
    let range = start..start.checked_add(16)?;
    pdb.get(range.clone()).map(|_| range)
}

/// A 32-bit number.
fn number(bytes: &[u8], offset: usize) -> Option<u32> {
    bytes.get(offset..)?.first_chunk().map(|bytes| u32::from_le_bytes(*bytes))
}
