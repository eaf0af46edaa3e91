//! Whatever the bytes are: reading, stamping and checking end, do not panic, and keep their promises.
//!
//! `PROPTEST_CASES` gives the number of files for a longer run.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use wdk_build::inf::{
    Architecture, Date, Encoding, Inf, MAX_BYTES, Mode, Options, Stamp, StampError, check, stamp,
};

const SEEDS: [&str; 4] = [
    include_str!("inf/kmdf.inf"),
    include_str!("inf/umdf.inf"),
    include_str!("inf/filter.inf"),
    include_str!("../../../inf/virtual-device.inx"),
];

/// What means something in an INF file.
const WORDS: [&str; 44] = [
    "[",
    "]",
    "\n",
    "\r\n",
    "=",
    ",",
    ";",
    "\"",
    "\"\"",
    "\\",
    "\\\n",
    "%",
    "%%",
    "%13%",
    "%x%",
    "@",
    "$ARCH$",
    "$KMDFVERSION$",
    "$UMDFVERSION$",
    "\0",
    "\x1A",
    "\u{FEFF}",
    "ä",
    "\u{1F600}",
    ".NT",
    ".NTamd64",
    ".Services",
    ".Wdf",
    "[Version]",
    "[Strings]",
    "[Strings.0407]",
    "[Manufacturer]",
    "DriverVer",
    "CatalogFile",
    "Include",
    "Needs",
    "AddReg",
    "CopyFiles",
    "AddService",
    "KmdfService",
    "HKLM",
    "0x00010008",
    "4294967296",
    "-1",
];

fn with(umdf: bool) -> Stamp {
    Stamp {
        architecture: Architecture::Arm64,
        date: Date::new(2026, 1, 2).unwrap(),
        version: "1.2.3.4".parse().unwrap(),
        kmdf: Some("1.15".parse().unwrap()),
        umdf: umdf.then(|| "2.15".parse().unwrap()),
        catalog: Some("fuzz.cat".to_owned()),
    }
}

/// All that has to hold for any file.
fn promises(bytes: &[u8]) {
    let inf = Inf::read(bytes).unwrap();
    let text = inf.text();
    if text.damage().is_empty() {
        assert!(text.encode().unwrap() == bytes, "reading loses nothing");
    } else {
        assert!(text.encode().is_err());
    }
    for section in inf.sections() {
        assert_eq!(inf.source(section.span), section.name);
        for field in section.lines.iter().flat_map(|line| line.key.iter().chain(&line.values)) {
            assert!(field.span.start <= field.span.end && field.span.end <= text.content().len());
            inf.expand(field);
        }
    }
    for mode in Mode::ALL {
        for unstamped in [false, true] {
            let findings = check(&inf, &Options { mode, unstamped });
            for finding in &findings {
                let (start, end) = (inf.position(finding.span.start), inf.position(finding.span.end));
                assert!(start <= end, "{}: {start} {end}", finding.message);
                assert!(text.content().is_char_boundary(finding.span.start));
                assert!(text.content().is_char_boundary(finding.span.end), "{}", finding.message);
            }
            assert!(check(&inf, &Options { mode, unstamped }) == findings, "checks are reproducible");
        }
    }
    for umdf in [false, true] {
        let with = with(umdf);
        match stamp(&inf, &with) {
            Ok(stamped) => {
                let again = Inf::read(&stamped).unwrap();
                // Without a byte order mark, the byte that told ANSI from UTF-8 may have stood in the old DriverVer.
                let (before, after) = (text.encoding(), again.text().encoding());
                let is_same = before == after || (before, after) == (Encoding::Ansi, Encoding::Utf8);
                assert!(is_same, "the encoding stays");
                assert!(stamp(&again, &with).as_ref() == Ok(&stamped), "stamping twice is stamping once");
                let version = again.section("Version").unwrap();
                let line = version.directive("DriverVer").unwrap();
                assert_eq!(
                    line.values.iter().map(|field| field.text.as_str()).collect::<Vec<_>>(),
                    ["01/02/2026", "1.2.3.4"]
                );
                assert_eq!(version.directive("CatalogFile").unwrap().values[0].text, "fuzz.cat");
            }
            Err(error) => {
                assert!(!error.to_string().is_empty() && !matches!(error, StampError::BadCatalog(_)))
            }
        }
    }
}

/// A file that was good once: pieces are cut out, doubled, moved and replaced.
fn mutated() -> impl Strategy<Value = String> {
    let mutation = (any::<Index>(), 0..40_usize, select(&WORDS[..]), 0..4_u8);
    (select(&SEEDS[..]), vec(mutation, 1..12)).prop_map(|(seed, mutations)| {
        let mut characters: Vec<char> = seed.chars().collect();
        for (at, length, word, kind) in mutations {
            let at = at.index(characters.len().max(1)).min(characters.len());
            let end = (at + length).min(characters.len());
            match kind {
                0 => drop(characters.drain(at..end)),
                1 => drop(characters.splice(at..end, word.chars())),
                2 => drop(characters.splice(at..at, word.chars())),
                _ => {
                    let piece = characters[at..end].to_vec();
                    drop(characters.splice(at..at, piece));
                }
            }
        }
        characters.into_iter().collect()
    })
}

fn encoded(text: &str, encoding: u8) -> Vec<u8> {
    let utf16 = |mark: &[u8], unit: fn(u16) -> [u8; 2]| {
        mark.iter().copied().chain(text.encode_utf16().flat_map(unit)).collect::<Vec<u8>>()
    };
    match encoding {
        0 => text.as_bytes().to_vec(),
        1 => [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
        2 => utf16(b"\xFF\xFE", u16::to_le_bytes),
        3 => utf16(b"\xFE\xFF", u16::to_be_bytes),
        _ => text.chars().map(|character| u8::try_from(character).unwrap_or(0xE4)).collect(),
    }
}

/// A few files in the ordinary run, as many as are asked for in a longer one.
fn config() -> ProptestConfig {
    let asked = ProptestConfig::default();
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { asked.cases } else { 64 };
    ProptestConfig { cases, failure_persistence: None, max_shrink_iters: 2_000, ..asked }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn files_that_were_good_once(text in mutated(), encoding in 0..5_u8, flips in vec((any::<Index>(), any::<u8>()), 0..3)) {
        let mut bytes = encoded(&text, encoding);
        promises(&bytes);
        for (at, value) in flips {
            if !bytes.is_empty() {
                let at = at.index(bytes.len());
                bytes[at] ^= value;
            }
        }
        promises(&bytes);
    }

    #[test]
    fn words_in_any_order(words in vec(select(&WORDS[..]), 0..120)) {
        promises(words.concat().as_bytes());
    }

    #[test]
    fn any_bytes(bytes in vec(any::<u8>(), 0..400)) {
        promises(&bytes);
    }
}

/// Sizes at which something that is quadratic would be seen.
#[test]
fn large_files_take_no_long_time() {
    let mut large = String::from(
        "[Version]\nSignature=\"$Windows NT$\"\n[Manufacturer]\n%M% = M, NTamd64\n[M.NTamd64]\n",
    );
    for number in 0..5_000 {
        large += &format!("%D{number}% = I{number}, PCI\\VEN_1234&DEV_{number:04X}\n");
    }
    for number in 0..5_000 {
        large +=
            &format!("[I{number}.NT]\nCopyFiles = F\nAddReg = R\nNeeds = I{}.NT\n", (number + 1) % 5_000);
    }
    large += "[F]\n";
    for number in 0..5_000 {
        large += &format!("file{number}.sys\n");
    }
    large += "[R]\n";
    large.extend(std::iter::repeat_n("HKLM,a,b,0x00010008,c\n", 5_000));
    assert!(large.len() < MAX_BYTES);
    let inf = Inf::read(large.as_bytes()).unwrap();
    assert_eq!(inf.text().encoding(), Encoding::Utf8);
    assert!(!check(&inf, &Options::default()).is_empty());
}
