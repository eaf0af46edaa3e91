//! Catalogs.

use crate::support::{Files, certificate, echo, openssl, options, osslsigncode, text};
use std::time::{Duration, SystemTime};
use wdk_build::catalog::{self, Builder, Catalog, Difference, HashKind, Os};
use wdk_build::sign::{self, Image};

const INF: &[u8] = b"[Version]\r\nSignature=\"$WINDOWS NT$\"\r\n";

/// The files of a package, with the image signed: that changes nothing for the catalog.
fn package() -> Vec<(String, Vec<u8>)> {
    let image = sign::image(&echo(), certificate().identity(), &options()).unwrap();
    vec![("Echo.sys".to_owned(), image), ("echo.inf".to_owned(), INF.to_vec())]
}

fn unsigned() -> Vec<u8> {
    let mut builder = Builder::new([Os::X64, "10_NI_X64".parse().unwrap()], options().time);
    for (name, content) in package() {
        builder.file(&name, &content).unwrap();
    }
    builder.hardware_id("ROOT\\Echo").hardware_id("root\\echo").hardware_id("PCI\\VEN_1234&DEV_5678");
    builder.build().unwrap()
}

fn signed() -> Vec<u8> {
    catalog::sign(&unsigned(), certificate().identity(), &options()).unwrap()
}

#[test]
fn a_catalog_says_what_went_into_it() {
    let catalog = Catalog::parse(&unsigned()).unwrap();
    assert!(!catalog.is_signed);
    assert_eq!(catalog.version, 2);
    let attribute = |name: &str| {
        let found = catalog.attributes.iter().find(|(own, _)| own == name);
        found.map(|(_, value)| value.as_str())
    };
    assert_eq!(attribute("OS"), Some("_v100_X64,_v100_X64_22H2"));
    assert_eq!(attribute("HWID1"), Some("root\\echo"));
    assert_eq!(attribute("HWID2"), Some("pci\\ven_1234&dev_5678"));
    assert_eq!(attribute("HWID3"), None, "an ID that differs in case only is the same");

    let member = |name: &str| {
        catalog.members.iter().find(|member| member.file() == Some(name) && member.hash.is_some()).unwrap()
    };
    let image = member("echo.sys");
    let hash = image.hash.as_ref().unwrap();
    assert_eq!(hash.kind, HashKind::Image);
    assert_eq!(hash.algorithm, "SHA-256");
    assert_eq!(hash.digest, Image::parse(&echo()).unwrap().digest(), "the hash is the image's");
    assert_eq!(image.attribute("OSAttr"), Some("2:10.0"));
    assert_eq!(member("echo.inf").hash.as_ref().unwrap().kind, HashKind::Flat);
    assert!(catalog.members.is_sorted_by_key(|member| member.tag.clone()));
    let tags = catalog.members.iter().filter(|member| member.hash.is_none() && member.tag.len() == 40);
    assert_eq!(tags.count(), 2, "each file is found by its SHA-1 hash too");
}

#[test]
fn the_same_package_has_the_same_catalog() {
    assert!(signed() == signed());
    let identifier = |content: &[u8]| {
        let mut builder = Builder::new([Os::X64], options().time);
        let catalog = builder.file("a", content).unwrap().build().unwrap();
        Catalog::parse(&catalog).unwrap().identifier
    };
    assert_ne!(identifier(b"1"), identifier(b"2"));
}

#[test]
fn a_catalog_is_signed_and_holds() {
    let trusted = [certificate().identity().certificate().clone()];
    let (catalog, report) = catalog::verify(&signed(), &trusted, SystemTime::now()).unwrap();
    assert!(catalog.is_signed);
    assert_eq!(report.signer.subject(), "CN=Signing Test");
    assert!(report.root.is_some());
    let again = catalog::sign(&signed(), certificate().identity(), &options()).unwrap();
    assert!(again == signed(), "a signature is replaced");
    let later = SystemTime::now() + Duration::from_secs(60 * 24 * 60 * 60);
    assert!(catalog::verify(&signed(), &trusted, later).is_err());
    assert!(catalog::verify(&unsigned(), &trusted, SystemTime::now()).is_err());
}

#[test]
fn every_changed_byte_is_noticed() {
    // Of the list itself: the certificate has a signature of its own.
    let signed = signed();
    let list = unsigned();
    let start = signed.windows(64).position(|window| *window == list[list.len() - 200..][..64]).unwrap();
    for offset in (start - 400..start + 60).step_by(7) {
        let mut changed = signed.clone();
        changed[offset] ^= 1;
        assert!(catalog::verify(&changed, &[], SystemTime::now()).is_err(), "byte {offset:#x}");
    }
}

#[test]
fn files_are_compared_with_a_catalog() {
    let catalog = Catalog::parse(&signed()).unwrap();
    assert_eq!(catalog::check(&catalog, &package()).unwrap(), []);

    let mut changed = package();
    changed[0].1[0x400] ^= 1;
    let name = || "Echo.sys".to_owned();
    assert_eq!(catalog::check(&catalog, &changed).unwrap(), [Difference::Changed(name())]);

    let mut missing = package();
    missing.remove(1);
    assert_eq!(catalog::check(&catalog, &missing).unwrap(), [Difference::Missing("echo.inf".to_owned())]);

    let mut more = package();
    more.push(("readme.txt".to_owned(), vec![1]));
    assert_eq!(catalog::check(&catalog, &more).unwrap(), [Difference::NotListed("readme.txt".to_owned())]);
}

#[test]
fn osslsigncode_finds_the_files_in_the_catalog() {
    if !osslsigncode() {
        return;
    }
    let files = Files::new();
    files.write("echo.cat", signed());
    for (name, content) in package() {
        files.write(&name, &content);
        let verify = ["verify", "-CAfile", "ca.pem", "-catalog", "echo.cat", "-in", name.as_str()];
        // It has no notion of a file that is neither PE nor one of its other kinds.
        if name.ends_with(".inf") {
            continue;
        }
        let said = files.must("osslsigncode", &verify);
        assert!(said.contains("Signature verification: ok"), "{said}");
        let mut changed = content;
        changed[0x400] ^= 1;
        files.write(&name, &changed);
        let output = files.run("osslsigncode", &verify);
        assert!(!output.status.success(), "{}", text(&output));
    }
    let said = files.must("osslsigncode", &["verify", "-CAfile", "ca.pem", "-in", "echo.cat"]);
    assert!(said.contains("Signature verification: ok"), "{said}");

    let mut changed = signed();
    let tag = Image::parse(&echo()).unwrap().digest();
    let place = changed.windows(32).position(|window| window == tag).unwrap();
    changed[place] ^= 1;
    files.write("echo.cat", changed);
    let output = files.run("osslsigncode", &["verify", "-CAfile", "ca.pem", "-in", "echo.cat"]);
    assert!(!output.status.success(), "{}", text(&output));
}

#[test]
fn openssl_reads_the_structure() {
    if !openssl() {
        return;
    }
    let files = Files::new();
    files.write("echo.cat", signed());
    let said = files.must("openssl", &["asn1parse", "-inform", "DER", "-in", "echo.cat"]);
    for expected in
        ["1.3.6.1.4.1.311.12.1.1", "1.3.6.1.4.1.311.12.1.3", "1.3.6.1.4.1.311.12.2.3", "signingTime"]
    {
        assert!(said.contains(expected), "{expected} in {said}");
    }
    let said =
        files.must("openssl", &["pkcs7", "-inform", "DER", "-in", "echo.cat", "-print_certs", "-noout"]);
    assert!(said.contains("Signing Test"), "{said}");
}

#[test]
fn openssl_verifies_the_signature() {
    if !openssl() {
        return;
    }
    let files = Files::new();
    files.write("echo.cat", signed());
    // `openssl cms` wants content in an OCTET STRING; `smime` takes PKCS#7 as Microsoft uses it, and the content beside.
    let said = files.must("openssl", &["asn1parse", "-inform", "DER", "-in", "echo.cat"]);
    let mut lines = said.lines().skip_while(|line| !line.ends_with(":1.3.6.1.4.1.311.10.1")).skip(2);
    let numbers: Vec<usize> = lines
        .next()
        .unwrap()
        .split(|c: char| !c.is_ascii_digit())
        .filter_map(|number| number.parse().ok())
        .collect();
    let [offset, _depth, header, length] = numbers[..] else { panic!("{said}") };
    let mut content = signed()[offset + header..][..length].to_vec();
    files.write("content", &content);
    let verify = ["smime", "-verify", "-inform", "DER", "-in", "echo.cat", "-content", "content", "-binary"];
    let verify = [&verify[..], &["-CAfile", "ca.pem", "-purpose", "any", "-out", "out"]].concat();
    let said = files.must("openssl", &verify);
    assert!(said.contains("Verification successful"), "{said}");
    content[length / 2] ^= 1;
    files.write("content", content);
    let output = files.run("openssl", &verify);
    assert!(!output.status.success(), "{}", text(&output));
}
