//! A small driver image, made here byte by byte, that keeps every rule.

use crate::image::{Headers, checksum};
use crate::resource::VersionInfo;

/// Where the sections are, in memory; in the file each has one block of 0x200, the resources two.
pub(super) const TEXT: u32 = 0x1000;
pub(super) const RDATA: u32 = 0x2000;
pub(super) const DATA: u32 = 0x3000;
const RSRC: u32 = 0x4000;
const RELOC: u32 = 0x5000;
const IMAGE_BASE: u64 = 0x1_4000_0000;

/// Offsets in `.rdata`.
pub(super) mod rdata {
    pub(in super::super) const LOAD_CONFIG: usize = 0;
    pub(in super::super) const PDATA: usize = 0xA0;
    pub(super) const IMPORTS: usize = 0xC0;
    pub(super) const DEBUG: usize = 0x140;
    pub(in super::super) const RECORD: usize = 0x160;
}

/// File offsets.
pub(super) const NT: usize = 0x40;
pub(super) const COFF: usize = NT + 4;
pub(super) const OPTIONAL: usize = COFF + 20;
pub(super) const DIRECTORIES: usize = OPTIONAL + 112;
pub(super) const SECTIONS: usize = OPTIONAL + 240;
pub(super) const RDATA_FILE: usize = 0x600;
pub(super) const DATA_FILE: usize = 0x800;

/// Writes bytes at an offset.
pub(super) fn put(image: &mut [u8], offset: usize, bytes: &[u8]) {
    image[offset..offset + bytes.len()].copy_from_slice(bytes);
}

/// Reads a 32-bit number.
pub(super) fn get(image: &[u8], offset: usize) -> u32 {
    u32::from_le_bytes(image[offset..offset + 4].try_into().unwrap())
}

/// Makes the checksum right.
pub(super) fn seal(image: &mut [u8]) {
    let field = Headers::read(image).map_or(OPTIONAL + 64, |headers| headers.checksum_field());
    let sum = checksum(image, field);
    put(image, field, &sum.to_le_bytes());
}

pub(super) fn good() -> Vec<u8> {
    let mut image = vec![0; 0x1000];
    put(&mut image, 0, b"MZ");
    put(&mut image, 0x3C, &(NT as u32).to_le_bytes());
    put(&mut image, NT, b"PE\0\0");
    coff_and_optional(&mut image);
    // Name, address, size, offset and size in the file, attributes.
    let sections: [(&[u8], [u32; 5]); 5] = [
        (b".text", [TEXT, 0x20, 0x400, 0x200, 0x6800_0020]),
        (b".rdata", [RDATA, 0x200, 0x600, 0x200, 0x4800_0040]),
        (b".data", [DATA, 0x10, 0x800, 0x200, 0xC800_0040]),
        (b".rsrc", [RSRC, 0x400, 0xA00, 0x400, 0x4200_0040]),
        (b".reloc", [RELOC, 0x0C, 0xE00, 0x200, 0x4200_0040]),
    ];
    for (index, (name, [address, size, offset, raw, flags])) in sections.into_iter().enumerate() {
        let row = SECTIONS + index * 40;
        put(&mut image, row, name);
        for (field, value) in [(8, size), (12, address), (16, raw), (20, offset), (36, flags)] {
            put(&mut image, row + field, &value.to_le_bytes());
        }
    }
    // Two functions that return.
    put(&mut image, 0x400, &[0xC3]);
    put(&mut image, 0x410, &[0xC3]);
    contents(&mut image);
    seal(&mut image);
    image
}

fn coff_and_optional(image: &mut [u8]) {
    put(image, COFF, &0x8664_u16.to_le_bytes());
    put(image, COFF + 2, &5_u16.to_le_bytes());
    put(image, COFF + 16, &240_u16.to_le_bytes());
    put(image, COFF + 18, &0x22_u16.to_le_bytes());
    put(image, OPTIONAL, &0x20B_u16.to_le_bytes());
    put(image, OPTIONAL + 24, &IMAGE_BASE.to_le_bytes());
    // Entry point, alignments, sizes of image and headers.
    for (field, value) in [(16, TEXT), (32, 0x1000), (36, 0x200), (56, 0x6000), (60, 0x400), (108, 16)] {
        put(image, OPTIONAL + field, &u32::to_le_bytes(value));
    }
    put(image, OPTIONAL + 68, &1_u16.to_le_bytes());
    // GUARD_CF, NX_COMPAT, DYNAMIC_BASE, HIGH_ENTROPY_VA.
    put(image, OPTIONAL + 70, &0x4160_u16.to_le_bytes());
    let directories = [
        (1, RDATA + rdata::IMPORTS as u32, 40),
        (2, RSRC, 0x400),
        (3, RDATA + rdata::PDATA as u32, 24),
        (5, RELOC, 12),
        (6, RDATA + rdata::DEBUG as u32, 28),
        (10, RDATA + rdata::LOAD_CONFIG as u32, 0xA0),
    ];
    for (index, address, size) in directories {
        put(image, DIRECTORIES + index * 8, &u32::to_le_bytes(address));
        put(image, DIRECTORIES + index * 8 + 4, &u32::to_le_bytes(size));
    }
}

fn contents(image: &mut [u8]) {
    let config = RDATA_FILE + rdata::LOAD_CONFIG;
    put(image, config, &0xA0_u32.to_le_bytes());
    put(image, config + 88, &(IMAGE_BASE + u64::from(DATA)).to_le_bytes());
    put(image, config + 112, &(IMAGE_BASE + u64::from(RDATA) + 0x98).to_le_bytes());
    put(image, config + 128, &(IMAGE_BASE + u64::from(RDATA) + 0x9C).to_le_bytes());
    put(image, config + 136, &1_u64.to_le_bytes());
    put(image, config + 144, &0x500_u32.to_le_bytes());
    for (index, begin) in [TEXT, TEXT + 0x10].into_iter().enumerate() {
        let row = RDATA_FILE + rdata::PDATA + index * 12;
        put(image, row, &begin.to_le_bytes());
        put(image, row + 4, &(begin + 1).to_le_bytes());
    }
    // One descriptor and the empty one; names and addresses; `DbgPrint` of `ntoskrnl.exe`.
    let (imports, address) = (RDATA_FILE + rdata::IMPORTS, RDATA + rdata::IMPORTS as u32);
    for (field, value) in [(0, address + 40), (12, address + 100), (16, address + 56)] {
        put(image, imports + field, &value.to_le_bytes());
    }
    put(image, imports + 40, &u64::from(address + 80).to_le_bytes());
    put(image, imports + 56, &u64::from(address + 80).to_le_bytes());
    put(image, imports + 82, b"DbgPrint\0");
    put(image, imports + 100, b"ntoskrnl.exe\0");
    let debug = RDATA_FILE + rdata::DEBUG;
    let record = RDATA_FILE + rdata::RECORD;
    for (field, value) in [(12, 2), (16, 33), (20, RDATA + rdata::RECORD as u32), (24, record as u32)] {
        put(image, debug + field, &u32::to_le_bytes(value));
    }
    put(image, record, b"RSDS");
    put(image, record + 24, b"echo.pdb\0");
    put(image, DATA_FILE, &0x0000_2B99_2DDF_A232_u64.to_le_bytes());
    // Three levels of one entry: type 16, name 1, language 0x409; then the leaf and the data.
    let resources = 0xA00;
    for (level, (id, next)) in [(16, 0x8000_0018), (1, 0x8000_0030), (0x409, 0x48)].into_iter().enumerate() {
        put(image, resources + level * 24 + 14, &1_u16.to_le_bytes());
        put(image, resources + level * 24 + 16, &u32::to_le_bytes(id));
        put(image, resources + level * 24 + 20, &u32::to_le_bytes(next));
    }
    let res = version().to_res();
    let block = &res[64..];
    put(image, resources + 0x48, &(RSRC + 0x58).to_le_bytes());
    put(image, resources + 0x4C, &(block.len() as u32).to_le_bytes());
    put(image, resources + 0x58, block);
    // One block of relocations, with nothing but filling.
    put(image, 0xE00, &RDATA.to_le_bytes());
    put(image, 0xE04, &12_u32.to_le_bytes());
}

fn version() -> VersionInfo {
    let manifest = "[package]\nname = \"echo\"\nversion = \"1.2.3\"".parse().unwrap();
    VersionInfo::of_manifest(&manifest, None, "echo.sys", true)
}
