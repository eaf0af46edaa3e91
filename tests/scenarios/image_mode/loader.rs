//! What is no driver image that Windows would load is refused, each with its reason. Every case breaks one thing of
//! an image that loads.

use super::path;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use wdk_emulator::{Error, Machine};

/// An image in parts that a test can break.
#[derive(Clone)]
struct Image {
    bytes: Vec<u8>,
    /// Where the optional header is in the file.
    optional: usize,
}

impl Image {
    fn good() -> Self {
        let bytes = std::fs::read(path("faults")).unwrap();
        let header = u32::from_le_bytes(bytes[0x3C..0x40].try_into().unwrap()) as usize;
        Self { bytes, optional: header + 24 }
    }

    fn word(&self, at: usize) -> u32 {
        u32::from_le_bytes(self.bytes[at..at + 4].try_into().unwrap())
    }

    fn put(mut self, at: usize, bytes: &[u8]) -> Self {
        self.bytes[at..at + bytes.len()].copy_from_slice(bytes);
        self
    }

    fn put32(self, at: usize, value: u32) -> Self {
        self.put(at, &value.to_le_bytes())
    }

    fn header(self, offset: usize, bytes: &[u8]) -> Self {
        let at = self.optional + offset;
        self.put(at, bytes)
    }

    /// A data directory.
    fn directory(self, number: usize, address: u32, size: u32) -> Self {
        let at = self.optional + 112 + number * 8;
        self.put32(at, address).put32(at + 4, size)
    }

    /// Where a directory is in the file.
    fn place(&self, number: usize) -> usize {
        self.offset(self.word(self.optional + 112 + number * 8))
    }

    /// Where an address of the image is in the file.
    fn offset(&self, address: u32) -> usize {
        let section = self
            .sections()
            .into_values()
            .find(|&at| (self.word(at + 12)..self.word(at + 12) + self.word(at + 8)).contains(&address))
            .unwrap();
        (address - self.word(section + 12) + self.word(section + 20)) as usize
    }

    /// Where the headers of the sections are in the file.
    fn sections(&self) -> BTreeMap<String, usize> {
        let count = u16::from_le_bytes([self.bytes[self.optional - 18], self.bytes[self.optional - 17]]);
        (0..usize::from(count))
            .map(|number| {
                let at = self.optional + 240 + number * 40;
                let name = self.bytes[at..at + 8].split(|&byte| byte == 0).next().unwrap();
                (String::from_utf8(name.to_vec()).unwrap(), at)
            })
            .collect()
    }

    fn section(&self, name: &str) -> usize {
        self.sections()[name]
    }

    /// What the loader says. `None` if it loads.
    fn refusal(&self, name: &str) -> Option<String> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let unique = format!("{name}-{}-{}.sys", std::process::id(), NUMBER.fetch_add(1, Relaxed));
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(unique);
        std::fs::write(&file, &self.bytes).unwrap();
        let result = Machine::new().map_image(&file);
        std::fs::remove_file(&file).unwrap();
        match result {
            Ok(_) => None,
            Err(Error::Image(why)) => Some(why.to_string()),
            Err(other) => panic!("{other}"),
        }
    }
}

#[track_caller]
fn refused(name: &str, image: Image, expected: &str) {
    let why = image.refusal(name).unwrap_or_else(|| panic!("{name}: it was loaded"));
    assert!(why.contains(expected), "{name}: {why}");
}

#[test]
fn the_image_that_the_cases_break_is_good() {
    assert_eq!(Image::good().refusal("good"), None);
}

#[test]
fn files_that_are_no_images() {
    let of = |bytes: &[u8]| Image { bytes: bytes.to_vec(), optional: 0 };
    refused("empty", of(b""), "has 0 bytes");
    refused("text", of(&[b'a'; 100]), "does not start with MZ");
    let image = Image::good();
    refused("no-pe", image.clone().put32(0x3C, 0x7FFF_FFF0), "no PE signature");
    refused("pe-in-dos", image.put32(0x3C, 8), "no PE signature");
    let missing = Machine::new().map_image("/nowhere/at/all.sys").err().unwrap();
    assert!(missing.to_string().contains("cannot be read"), "{missing}");
}

#[test]
fn every_truncation_is_refused() {
    let good = Image::good();
    let cookie = good.bytes.len();
    for length in (0..cookie).step_by(97) {
        let cut = Image { bytes: good.bytes[..length].to_vec(), ..good };
        assert!(cut.refusal("cut").is_some(), "{length} bytes of {cookie} were loaded");
    }
    let half = Image { bytes: good.bytes[..cookie / 2].to_vec(), ..good };
    refused("half", half, "the file is cut off");
}

#[test]
fn images_of_other_machines_and_systems() {
    let image = Image::good;
    let machine = |machine: u16| {
        let image = image();
        let at = image.optional - 20;
        image.put(at, &machine.to_le_bytes())
    };
    refused("i386", machine(0x14C), "32-bit image");
    refused("arm64", machine(0xAA64), "ARM64 image");
    refused("riscv", machine(0x5064), "machine 0x5064");
    refused("pe32", image().header(0, &0x10B_u16.to_le_bytes()), "32-bit image (PE32)");
    refused("magic", image().header(0, &0x107_u16.to_le_bytes()), "magic 0x107");
    refused("user", image().header(68, &3_u16.to_le_bytes()), "subsystem 3");
    refused("efi", image().header(68, &11_u16.to_le_bytes()), "subsystem 11");
}

#[test]
fn headers_that_are_wrong() {
    let image = Image::good;
    refused("alignment", image().header(32, &64_u32.to_le_bytes()), "aligned to 64 bytes");
    refused("file-alignment", image().header(36, &3_u32.to_le_bytes()), "file alignment 3");
    refused("size-0", image().header(56, &0_u32.to_le_bytes()), "size of image 0x0");
    refused("size-huge", image().header(56, &u32::MAX.to_le_bytes()), "size of image 0xffffffff");
    refused("headers", image().header(60, &0x100_0000_u32.to_le_bytes()), "its headers take");
    refused("entry", image().header(16, &0x7FFF_FFFF_u32.to_le_bytes()), "entry point 0x7fffffff");
    let data = image().word(image().section(".data") + 12);
    refused("entry-in-data", image().header(16, &data.to_le_bytes()), "lies in no executable section");
    refused("directories", image().header(108, &17_u32.to_le_bytes()), "17 data directories");
    let count = image().optional - 18;
    refused("no-sections", image().put(count, &0_u16.to_le_bytes()), "has 0 sections");
    refused("many-sections", image().put(count, &9_999_u16.to_le_bytes()), "its headers take");
    let optional_size = image().optional - 4;
    refused("optional", image().put(optional_size, &16_u16.to_le_bytes()), "optional header has 16 bytes");
    let flags = image().optional - 2;
    refused(
        "no-executable",
        image().put(flags, &0x20_u16.to_le_bytes()),
        "not marked as an executable image",
    );
    refused("stripped", image().put(flags, &0x23_u16.to_le_bytes()), "no base relocations");
}

#[test]
fn sections_that_are_wrong() {
    let image = Image::good;
    let at = |name: &str, offset: usize| image().section(name) + offset;
    let data = image().word(at(".data", 12));
    refused("overlap", image().put32(at(".data", 12), data - 4096), "is where the one before it ends");
    refused("gap", image().put32(at(".data", 12), data + 4096), "is where the one before it ends");
    refused("unaligned", image().put32(at(".data", 12), data + 8), "is where the one before it ends");
    refused("outside", image().put32(at(".reloc", 8), 0x1000_0000), "outside the image");
    refused("wraps", image().put32(at(".reloc", 8), u32::MAX), "outside the image");
    let empty = image().put32(at(".reloc", 8), 0).put32(at(".reloc", 16), 0);
    refused("empty-section", empty, "section .reloc is empty");
    refused("raw", image().put32(at(".data", 20), 0x1000_0000), "the file is cut off");
    refused("writable-code", image().put32(at(".text", 36), 0xE000_0020), "both writable and executable");
    refused("no-rights", image().put32(at(".data", 36), 0x40), "may not even be read");
}

#[test]
fn directories_that_drivers_do_not_have() {
    let image = Image::good;
    let data = image().word(image().section(".data") + 12);
    refused("tls", image().directory(9, data, 40), "TLS directory");
    refused("bound", image().directory(11, data, 8), "bound imports");
    refused("delay", image().directory(13, data, 32), "delayed imports");
    refused("clr", image().directory(14, data, 72), "a .NET image");
    refused("outside", image().directory(1, 0x7FFF_0000, 40), "lies outside the image");
    refused("wraps", image().directory(3, 0xFFFF_FFF0, 0xFFFF_FFF0), "lies outside the image");
    refused("certificates", image().directory(4, 0x7000_0000, 8), "lies outside the file");
    let imports = image().word(image().optional + 112 + 8);
    refused("overlap", image().directory(5, imports, 12), "data directories 1 and 5 overlap");
    refused("no-relocations", image().directory(5, 0, 0), "no base relocations");
}

#[test]
fn relocations_that_are_wrong() {
    let image = Image::good;
    let at = image().place(5);
    let entry = u16::from_le_bytes([image().bytes[at + 8], image().bytes[at + 9]]);
    refused("block-size", image().put32(at + 4, 0x7000), "the relocations of page");
    refused("block-tiny", image().put32(at + 4, 4), "the relocations of page");
    refused("page", image().put32(at, 0x7FFF_F000), "lies in no section");
    refused("in-headers", image().put32(at, 0), "lies in no section");
    refused("page-wraps", image().put32(at, u32::MAX), "lies in no section");
    refused("type", image().put(at + 8, &(entry & 0xFFF | 0x3000).to_le_bytes()), "relocation type 3");
    refused("same", image().put(at + 10, &entry.to_le_bytes()), "overlap");
    let size = image().word(image().optional + 112 + 5 * 8 + 4);
    let directory = image().optional + 112 + 5 * 8 + 4;
    refused("cut", image().put32(directory, size - 4), "the relocations of page");
    refused("tail", image().put32(directory, size + 4), "end within a block's header");
}

#[test]
fn imports_that_are_wrong() {
    let image = Image::good;
    let at = image().place(1);
    refused("module", image().put32(at + 12, 0x7FFF_0000), "the name of an imported module");
    refused("names", image().put32(at, 0x7FFF_0000), "do not end within the image");
    refused("slots", image().put32(at + 16, 0x10), "lies in no section");
    let thunk = image().offset(image().word(at));
    refused("name", image().put32(thunk, 0x7FFF_0000), "the name of an imported function");
    let ordinal = image().put(thunk, &0x8000_0000_0000_0007_u64.to_le_bytes());
    refused("ordinal", ordinal, "#7");
    let module = image().offset(image().word(at + 12));
    refused("user-module", image().put(module, b"kernel32.dll\0"), "user mode");
    refused("no-name", image().put(module, b"\xFF\xFE"), "is no name");
}

#[test]
fn tables_that_are_wrong() {
    let image = Image::good;
    let functions = image().place(3);
    let start = image().word(functions);
    refused("order", image().put32(functions + 12, start), "the function table has");
    refused("end", image().put32(functions + 4, 0x7FFF_FFFF), "the function table has");
    refused("backwards", image().put32(functions + 4, start), "the function table has");
    let configuration = image().place(10);
    refused("cookie", image().put(configuration + 0x58, &0x10_u64.to_le_bytes()), "the security cookie");
    refused("guard", image().put(configuration + 0x70, &u64::MAX.to_le_bytes()), "a guard pointer");
}

#[test]
fn unwind_information_that_is_wrong_costs_the_backtrace_only() {
    let good = Image::good();
    let functions = good.place(3);
    for code in 0..=u8::MAX {
        // The unwind codes of the first functions become something else, with a count that reaches far.
        let mut image = good.clone();
        for function in 0..3 {
            let at = image.offset(image.word(functions + function * 12 + 8));
            image.bytes[at + 2] = code;
            image.bytes[at + 4..at + 8].fill(code);
        }
        assert_eq!(wdk_emulator::fuzz_image(&image.bytes), Ok(()), "code {code:#x}");
    }
}
