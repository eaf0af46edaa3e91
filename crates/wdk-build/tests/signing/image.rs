//! Signed images.

use crate::support::{Files, certificate, echo, options, osslsigncode, stranger, text};
use std::time::{Duration, SystemTime};
use wdk_build::certificate::{self, Certificate};
use wdk_build::sign::{self, Error, Image, Options, verify};

fn sign(options: &Options) -> Vec<u8> {
    sign::image(&echo(), certificate().identity(), options).unwrap()
}

fn trusted() -> [Certificate; 1] {
    [certificate().identity().certificate().clone()]
}

#[test]
fn an_image_is_signed_and_holds() {
    let signed = sign(&options());
    let report = verify::image(&signed, &trusted(), SystemTime::now()).unwrap();
    assert_eq!(report.signer.subject(), "CN=Signing Test");
    assert_eq!(report.root, Some(report.signer.clone()));
    assert_eq!(report.signing_time, Some(options().time));
    assert_eq!(
        report.digest,
        Some(Image::parse(&echo()).unwrap().digest()),
        "signing does not change the hash"
    );
    assert!(!report.page_hashes && report.timestamp.is_none());
    assert_eq!(signed.len() % 8, 0);
}

#[test]
fn the_same_is_signed_the_same() {
    assert!(sign(&options()) == sign(&options()));
    let later = Options::at(options().time + Duration::from_secs(1));
    assert!(sign(&options()) != sign(&later));
}

#[test]
fn a_signature_is_replaced() {
    let once = sign(&options());
    let twice = sign::image(&once, certificate().identity(), &options()).unwrap();
    assert!(once == twice);
    let other = sign::image(&once, stranger().identity(), &options()).unwrap();
    assert_eq!(verify::image(&other, &[], SystemTime::now()).unwrap().signer.subject(), "CN=Stranger");
}

#[test]
fn the_checksum_is_that_of_windows() {
    // `lld-link /release` and CheckSumMappedFile agree on it; `object` computes it its own way.
    let signed = sign(&options());
    let field = u32::from_le_bytes(*signed[0x3C..].first_chunk().unwrap()) as usize + 24 + 64;
    let mut sum = 0_u64;
    for (index, pair) in signed.chunks(2).enumerate() {
        if !(field..field + 4).contains(&(index * 2)) {
            sum += u64::from(pair[0]) | u64::from(pair[1]) << 8;
        }
    }
    while sum > 0xFFFF {
        sum = (sum & 0xFFFF) + (sum >> 16);
    }
    let expected = sum as u32 + signed.len() as u32;
    assert_eq!(u32::from_le_bytes(*signed[field..].first_chunk().unwrap()), expected);
}

#[test]
fn every_changed_byte_is_noticed() {
    let signed = sign(&options());
    let end = Image::parse(&signed).unwrap().content().len();
    let header = u32::from_le_bytes(*signed[0x3C..].first_chunk().unwrap()) as usize;
    let checksum = header + 24 + 64;
    for offset in (0..end).step_by(37) {
        if (checksum..checksum + 4).contains(&offset) {
            continue;
        }
        let mut changed = signed.clone();
        changed[offset] ^= 1;
        assert!(verify::image(&changed, &[], SystemTime::now()).is_err(), "byte {offset:#x}");
    }
}

#[test]
fn the_checksum_is_not_part_of_what_is_signed() {
    let mut signed = sign(&options());
    let field = u32::from_le_bytes(*signed[0x3C..].first_chunk().unwrap()) as usize + 24 + 64;
    signed[field] ^= 1;
    verify::image(&signed, &trusted(), SystemTime::now()).unwrap();
}

#[test]
fn who_is_not_trusted_is_named() {
    let signed = sign(&options());
    let trusted = [stranger().identity().certificate().clone()];
    let error = verify::image(&signed, &trusted, SystemTime::now()).unwrap_err();
    assert!(matches!(&error, Error::NotTrusted { subject } if subject == "CN=Signing Test"), "{error}");
}

#[test]
fn a_signature_ends_with_its_certificate() {
    let late = options().time + Duration::from_secs(60 * 24 * 60 * 60);
    let signed = sign(&options());
    let error = verify::image(&signed, &[], late).unwrap_err();
    assert!(matches!(&error, Error::Certificate(certificate::Error::Expired { .. })), "{error}");
    let error = sign::image(&echo(), certificate().identity(), &Options::at(late)).unwrap_err();
    assert!(matches!(&error, Error::Certificate(certificate::Error::Expired { .. })), "{error}");
}

#[test]
fn an_image_without_a_signature_says_so() {
    let error = verify::image(&echo(), &[], SystemTime::now()).unwrap_err();
    assert!(matches!(error, Error::NotSigned), "{error}");
}

#[test]
fn the_length_need_not_be_a_multiple_of_eight() {
    let mut odd = echo();
    odd.extend([1, 2, 3]);
    let signed = sign::image(&odd, certificate().identity(), &options()).unwrap();
    let report = verify::image(&signed, &trusted(), SystemTime::now()).unwrap();
    assert_eq!(report.digest, Some(Image::parse(&odd).unwrap().digest()));
}

#[test]
fn osslsigncode_accepts_an_image() {
    if !osslsigncode() {
        return;
    }
    let files = Files::new();
    let options = Options {
        description: Some("An echo driver, Ä".to_owned()),
        url: Some("http://example.com/".to_owned()),
        ..options()
    };
    let signed = sign(&options);
    files.write("echo.sys", &signed);
    let said = files.must("osslsigncode", &["verify", "-CAfile", "ca.pem", "-in", "echo.sys"]);
    assert!(said.contains("Signature verification: ok"), "{said}");
    assert!(said.contains("http://example.com/"), "{said}");
    let digest = Image::parse(&signed).unwrap().digest();
    let hex = digest.iter().map(|byte| format!("{byte:02X}")).collect::<String>();
    let calculated =
        said.lines().filter(|line| line.contains("message digest") && line.contains(&hex)).count();
    assert_eq!(calculated, 2, "it computes the same hash and finds it in the signature: {said}");
    // A checksum is something that it warns of only.
    assert!(!said.contains("invalid PE checksum") && !said.contains("Warning"), "{said}");

    let mut changed = signed;
    changed[0x400] ^= 1;
    files.write("changed.sys", changed);
    let output = files.run("osslsigncode", &["verify", "-CAfile", "ca.pem", "-in", "changed.sys"]);
    assert!(!output.status.success(), "{}", text(&output));
}

#[test]
fn osslsigncode_accepts_page_hashes() {
    let options = Options { page_hashes: true, ..options() };
    let signed = sign(&options);
    assert!(verify::image(&signed, &trusted(), SystemTime::now()).unwrap().page_hashes);
    if !osslsigncode() {
        return;
    }
    let files = Files::new();
    files.write("echo.sys", &signed);
    let said = files.must("osslsigncode", &["verify", "-verbose", "-CAfile", "ca.pem", "-in", "echo.sys"]);
    let hashes: Vec<&str> = said
        .lines()
        .filter(|line| line.to_lowercase().contains("page hash"))
        .filter_map(|line| line.split(':').next_back())
        .map(str::trim)
        .collect();
    assert!(hashes.len() >= 2 && hashes[hashes.len() - 2] == hashes[hashes.len() - 1], "{said}");
}

#[test]
fn an_image_that_osslsigncode_signed_holds() {
    if !osslsigncode() {
        return;
    }
    let files = Files::new();
    files.write("echo.sys", echo());
    files.write("key.pem", certificate().key_pem().unwrap());
    let sign = ["sign", "-h", "sha256", "-certs", "ca.pem", "-key", "key.pem", "-ph", "-in", "echo.sys"];
    files.must("osslsigncode", &[&sign[..], &["-out", "signed.sys"]].concat());
    let report = verify::image(&files.read("signed.sys"), &trusted(), SystemTime::now()).unwrap();
    assert_eq!(report.signer.subject(), "CN=Signing Test");
    assert!(report.page_hashes, "its page hashes are read, and are those that are computed here");
    // And signing it here replaces that signature.
    let again = sign::image(&files.read("signed.sys"), certificate().identity(), &options()).unwrap();
    assert!(again == self::sign(&options()));
}

/// Changes some bytes of an image.
fn with(file: &[u8], changes: &[(usize, &[u8])]) -> Vec<u8> {
    let mut file = file.to_vec();
    for (offset, bytes) in changes {
        file[*offset..][..bytes.len()].copy_from_slice(bytes);
    }
    file
}

#[test]
fn each_thing_that_is_wrong_with_an_image_is_named() {
    let file = echo();
    let u32_at = |offset: usize| u32::from_le_bytes(*file[offset..].first_chunk().unwrap());
    let coff = u32_at(0x3C) as usize + 4;
    let optional = coff + 20;
    let security = optional + 112 + 32;
    let sections = optional + usize::from(u16::from_le_bytes(*file[coff + 16..].first_chunk().unwrap()));
    let length = (file.len() as u32).to_le_bytes();
    // The place of the first section's content: moved back by eight, it overlaps the headers.
    let first = u32_at(sections + 20);
    let (gap, overlap) = ((first + 8).to_le_bytes(), (first - 8).to_le_bytes());
    let (shorter, odd) =
        ((u32_at(sections + 16) - 8).to_le_bytes(), (u32_at(optional + 60) + 1).to_le_bytes());
    let cases: [(&str, Vec<u8>); 15] = [
        ("begin with `MZ`", Vec::new()),
        ("begin with `MZ`", b"\x7FELF".to_vec()),
        ("no `PE` header", b"MZ".to_vec()),
        ("no `PE` header", with(&file, &[(0x3C, &[0xFF; 4])])),
        ("unknown magic 0x107", with(&file, &[(optional, &[0x07, 0x01])])),
        ("no directory entry", with(&file, &[(optional + 108, &[4, 0, 0, 0])])),
        ("no directory entry", with(&file, &[(coff + 16, &[120, 0])])),
        ("65535 sections", with(&file, &[(coff + 2, &[0xFF; 2])])),
        ("size of its headers", with(&file, &[(optional + 60, &[0xFF; 4])])),
        ("size of its headers", with(&file, &[(optional + 60, &[0, 1, 0, 0])])),
        ("section reaches beyond", with(&file, &[(sections + 16, &[0xFF; 4])])),
        ("leaves a gap", with(&file, &[(sections + 20, &gap), (sections + 16, &shorter)])),
        ("overlaps", with(&file, &[(sections + 20, &overlap)])),
        ("overlaps", with(&file, &[(optional + 60, &odd)])),
        ("beyond the end", with(&file, &[(security, &[&length[..], &[8, 0, 0, 0]].concat())])),
    ];
    for (words, case) in cases {
        let error = sign::image(&case, certificate().identity(), &options()).unwrap_err().to_string();
        assert!(error.contains(words), "{words}: {error}");
    }
    let signed = sign(&options());
    let followed = [&signed[..], &[0; 8]].concat();
    let error = verify::image(&followed, &[], SystemTime::now()).unwrap_err();
    assert!(error.to_string().contains("something follows it"), "{error}");
    let error = verify::image(&signed[..signed.len() - 8], &[], SystemTime::now()).unwrap_err();
    assert!(error.to_string().contains("beyond the end"), "{error}");
    let start = u32::from_le_bytes(*signed[security..].first_chunk().unwrap());
    let askew = with(&signed, &[(security, &(start + 4).to_le_bytes())]);
    let error = verify::image(&askew, &[], SystemTime::now()).unwrap_err();
    assert!(error.to_string().contains("multiple of eight"), "{error}");
    let long = with(&signed, &[(start as usize, &[0xFF; 4])]);
    let error = verify::image(&long, &[], SystemTime::now()).unwrap_err();
    assert!(error.to_string().contains("longer than the table"), "{error}");
}
