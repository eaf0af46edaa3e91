//! Each rule is broken on its own, and that rule alone must fail.

mod image;

use super::*;
use image::*;

fn broken(image: &[u8]) -> Vec<&'static str> {
    check(image).unwrap().broken().map(|line| line.rule).collect()
}

#[test]
fn the_image_to_start_from_keeps_all_rules() {
    let report = check(&good()).unwrap();
    assert_eq!(report.broken().collect::<Vec<_>>(), Vec::<&Line>::new());
    let version = report.lines.iter().find(|line| line.rule == "version-resource").unwrap();
    assert_eq!(version.found, "version 1.2.3.0");
    assert!(report.is_good(true));
}

/// A change to an image.
type Change = Box<dyn Fn(&mut Vec<u8>)>;

/// Writes bytes at a file offset.
fn bytes(offset: usize, bytes: &[u8]) -> Change {
    let bytes = bytes.to_owned();
    Box::new(move |image| put(image, offset, &bytes))
}

/// Writes an address and a size into a data directory.
fn directory(index: usize, address: u32, size: u32) -> Change {
    Box::new(move |image| {
        put(image, DIRECTORIES + index * 8, &address.to_le_bytes());
        put(image, DIRECTORIES + index * 8 + 4, &size.to_le_bytes());
    })
}

/// Sets and clears attributes of a section.
fn flags(section: usize, set: u32, clear: u32) -> Change {
    Box::new(move |image| {
        let field = SECTIONS + section * 40 + 36;
        let flags = (get(image, field) | set) & !clear;
        put(image, field, &flags.to_le_bytes());
    })
}

/// A way to break each rule.
fn breaches() -> Vec<(&'static str, Change)> {
    let config = RDATA_FILE + rdata::LOAD_CONFIG;
    vec![
        ("machine", bytes(COFF, &[0x00, 0x02])),
        ("subsystem", bytes(OPTIONAL + 68, &[10, 0])),
        ("executable", bytes(COFF + 18, &[0x23, 0])),
        ("executable", bytes(COFF + 18, &[0x20, 0])),
        ("section-alignment", bytes(OPTIONAL + 32, &[0, 2, 0, 0])),
        ("section-alignment", bytes(OPTIONAL + 36, &[0, 3, 0, 0])),
        ("layout", bytes(OPTIONAL + 56, &[0, 0x50, 0, 0])),
        ("entry-point", bytes(OPTIONAL + 16, &RDATA.to_le_bytes())),
        ("entry-point", bytes(OPTIONAL + 16, &[0, 0, 0, 0x7F])),
        ("dynamic-base", bytes(OPTIONAL + 70, &[0x20, 0x41])),
        ("dynamic-base", directory(5, 0, 0)),
        ("nx-compat", bytes(OPTIONAL + 70, &[0x60, 0x40])),
        ("no-tls", directory(9, RDATA, 40)),
        ("no-delay-imports", directory(13, RDATA, 32)),
        ("no-bound-imports", directory(11, 0x300, 32)),
        ("kernel-imports", bytes(RDATA_FILE + 0xC0 + 100, b"kernel32.dll\0")),
        ("kernel-imports", bytes(RDATA_FILE + 0xC0 + 100, b"ntdll.dll\0")),
        // Attributes of content only, as `.retplne` has: the read-only data loses what says so.
        ("section-attributes", flags(1, 0, 0x4000_0000)),
        ("write-xor-execute", flags(0, 0x8000_0000, 0)),
        ("not-paged", flags(2, 0, 0x0800_0000)),
        ("discardable", flags(4, 0, 0x0200_0000)),
        ("discardable", flags(0, 0x0200_0000, 0)),
        ("control-flow-guard", bytes(OPTIONAL + 70, &[0x60, 0x01])),
        ("control-flow-guard", bytes(config + 144, &[0, 4, 0, 0])),
        ("control-flow-guard", bytes(config + 112, &[0; 8])),
        ("security-cookie", bytes(config + 88, &[0; 8])),
        ("security-cookie", bytes(DATA_FILE, &[1])),
        ("unwind-information", directory(3, 0, 0)),
        ("unwind-information", bytes(RDATA_FILE + rdata::PDATA + 12, &TEXT.to_le_bytes())),
        ("unwind-information", bytes(RDATA_FILE + rdata::PDATA + 12, &DATA.to_le_bytes())),
        ("version-resource", directory(2, 0, 0)),
        // The type of the only resource becomes RT_ICON.
        ("version-resource", bytes(0xA00 + 16, &[3, 0, 0, 0])),
        ("debug-record", bytes(RDATA_FILE + rdata::RECORD + 24, b"C:\\x.pdb\0")),
        ("signature", directory(4, 0x800, 0x200)),
    ]
}

#[test]
fn a_breach_fails_its_rule_and_no_other() {
    for (index, (rule, change)) in breaches().into_iter().enumerate() {
        let mut image = good();
        change(&mut image);
        seal(&mut image);
        assert_eq!(broken(&image), [rule], "breach {index}");
    }
}

#[test]
fn a_changed_byte_breaks_the_checksum_alone() {
    let mut image = good();
    image[0x420] ^= 1;
    assert_eq!(broken(&image), ["checksum"]);
}

#[test]
fn every_rule_has_a_breach() {
    let mut tried: Vec<_> = breaches().into_iter().map(|(rule, _)| rule).collect();
    // These have tests of their own. An unaligned executable section also breaks the layout.
    tried.extend(["checksum", "umdf-entry", "executable-pages"]);
    for rule in RULES {
        assert!(tried.contains(&rule.id), "nothing breaks `{}`", rule.id);
    }
}

#[test]
fn an_executable_section_inside_a_page_breaks_the_layout_too() {
    let mut image = good();
    put(&mut image, SECTIONS + 12, &(TEXT + 0x800).to_le_bytes());
    put(&mut image, OPTIONAL + 16, &(TEXT + 0x800).to_le_bytes());
    // The functions move with their section.
    for (row, begin) in [(0, TEXT + 0x800), (12, TEXT + 0x810)] {
        put(&mut image, RDATA_FILE + rdata::PDATA + row, &begin.to_le_bytes());
    }
    seal(&mut image);
    assert_eq!(broken(&image), ["layout", "executable-pages"]);
}

#[test]
fn a_library_is_judged_as_one() {
    let mut image = good();
    put(&mut image, OPTIONAL + 68, &[2, 0]);
    put(&mut image, OPTIONAL + 64, &[0; 4]);
    let report = check(&image).unwrap();
    assert_eq!(report.kind, "user");
    assert_eq!(report.broken().map(|line| line.rule).collect::<Vec<_>>(), ["umdf-entry"]);
}

#[test]
fn warnings_count_only_when_asked_for() {
    let mut image = good();
    flags(2, 0, 0x0800_0000)(&mut image);
    seal(&mut image);
    let report = check(&image).unwrap();
    assert!(report.is_good(false) && !report.is_good(true));
}

#[test]
fn a_signature_at_the_end_is_accepted() {
    let mut image = good();
    image.extend([0; 0x100]);
    directory(4, 0x1000, 0x100)(&mut image);
    seal(&mut image);
    assert_eq!(broken(&image), Vec::<&str>::new());
}

#[test]
fn what_is_no_image_is_named() {
    let mut pe32 = good();
    put(&mut pe32, OPTIONAL, &[0x0B, 1]);
    put(&mut pe32, COFF, &[0x4C, 1]);
    let cases: [(&[u8], &str); 6] = [
        (b"", "is empty"),
        (b"just some text that is no image at all", "is no Windows image"),
        (b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\x3e\0", "is no Windows image"),
        (&pe32, "32-bit"),
        (&good()[..0x100], "truncated"),
        (&good()[..0xF00], "truncated"),
    ];
    for (bytes, expected) in cases {
        let error = check(bytes).unwrap_err();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn no_prefix_and_no_flipped_byte_makes_it_panic() {
    let image = good();
    for length in (0..image.len()).step_by(13) {
        let _ = check(&image[..length]);
    }
    // The headers, and what the tables in the sections are made of.
    let interesting = |offset: &usize| *offset < SECTIONS + 240 || image[*offset] != 0;
    for offset in (0..image.len()).filter(interesting) {
        for value in [0x00, 0x7F, 0xFF] {
            let mut image = image.clone();
            image[offset] = value;
            let _ = check(&image);
        }
    }
}

#[test]
fn finishing_gives_attributes_and_checksum() {
    let mut image = good();
    for section in 0..5 {
        flags(section, 0, 0x0A00_0000)(&mut image);
    }
    assert_eq!(broken(&image), ["checksum", "not-paged", "discardable"]);
    crate::image::finish(&mut image, None, true).unwrap();
    assert_eq!(broken(&image), Vec::<&str>::new());
    // A second time changes nothing.
    let once = image.clone();
    crate::image::finish(&mut image, None, true).unwrap();
    assert_eq!(image, once);
}
