//! Certificates and keys.

use crate::support::{Files, PASSWORD, certificate, openssl, stranger};
use std::time::{Duration, SystemTime};
use wdk_build::certificate::{Certificate, Error, Identity, Key, KeySize, TestCertificate};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A certificate that openssl makes with a key, with the extensions given.
fn certificate_with(files: &Files, extensions: &str) -> Vec<u8> {
    files.write("key.pem", certificate().key_pem().unwrap());
    files.write(
        "config",
        format!("[req]\ndistinguished_name=dn\nx509_extensions=v3\n[dn]\n[v3]\n{extensions}\n"),
    );
    let request = ["req", "-x509", "-new", "-key", "key.pem", "-config", "config", "-subj", "/CN=Other"];
    files.must("openssl", &[&request[..], &["-days", "10", "-out", "other.pem"]].concat());
    files.read("other.pem")
}

fn with(certificates: &[u8]) -> Result<Identity, Error> {
    Identity::from_pem(certificate().key_pem().unwrap().as_bytes(), certificates, None, SystemTime::now())
}

#[test]
fn a_test_certificate_is_for_code_signing() {
    let own = certificate().identity().certificate();
    own.check(SystemTime::now()).unwrap();
    assert_eq!((own.subject(), own.issuer()), ("CN=Signing Test".to_owned(), "CN=Signing Test".to_owned()));
    assert_eq!(own.thumbprint().len(), 40);
    if !openssl() {
        return;
    }
    let files = Files::new();
    let said = files.must("openssl", &["x509", "-in", "ca.pem", "-noout", "-text"]);
    for expected in [
        "Code Signing",
        "Digital Signature",
        "CA:FALSE",
        "Subject Key Identifier",
        "sha256WithRSAEncryption",
        "2048 bit",
    ] {
        assert!(said.contains(expected), "{expected} in {said}");
    }
    let said = files.must("openssl", &["verify", "-CAfile", "ca.pem", "-purpose", "any", "ca.pem"]);
    assert!(said.contains("OK"), "{said}");
}

#[test]
fn a_name_has_limits() {
    for bad in ["", "a\nb", &"x".repeat(65)] {
        let error = TestCertificate::new(bad, KeySize::default(), SystemTime::now(), 1).unwrap_err();
        assert!(matches!(error, Error::Parameter(_)), "{bad:?}: {error}");
    }
    let error = TestCertificate::new("name", KeySize::default(), SystemTime::now(), 0).unwrap_err();
    assert!(error.to_string().contains("0 days"), "{error}");
    let error = TestCertificate::new("name", KeySize::default(), SystemTime::now(), u32::MAX).unwrap_err();
    assert!(matches!(error, Error::Parameter(_)), "{error}");
}

#[test]
fn the_files_belong_together() {
    let directory = tempfile::tempdir().unwrap();
    let out = directory.path().join("new/certificates");
    let [cer, pfx, pem] = certificate().write(&out, "test", PASSWORD, false).unwrap();
    let now = SystemTime::now();
    let (cer, pfx_file, key) =
        (std::fs::read(cer).unwrap(), std::fs::read(&pfx).unwrap(), std::fs::read(&pem).unwrap());
    assert_eq!(Certificate::read_all(&cer).unwrap(), [certificate().identity().certificate().clone()]);
    Identity::from_pem(&key, &cer, None, now).unwrap();
    let identity = Identity::from_pfx(&pfx_file, PASSWORD, now).unwrap();
    assert_eq!(identity.certificate(), certificate().identity().certificate());
    assert!(identity.chain().is_empty());
    #[cfg(unix)]
    for path in [&pfx, &pem] {
        use std::os::unix::fs::MetadataExt as _;
        assert_eq!(std::fs::metadata(path).unwrap().mode() & 0o777, 0o600, "{}", path.display());
    }
    let error = certificate().write(&out, "test", PASSWORD, false).unwrap_err();
    assert!(error.to_string().contains("exists already"), "{error}");
    certificate().write(&out, "test", PASSWORD, true).unwrap();
}

#[test]
fn wrong_passwords_are_called_so() {
    let pfx = certificate().pfx(PASSWORD).unwrap();
    for wrong in ["", "pass", "pass word "] {
        let error = Identity::from_pfx(&pfx, wrong, SystemTime::now()).unwrap_err();
        assert!(matches!(error, Error::WrongPassword(_)), "{error}");
    }
    if !openssl() {
        return;
    }
    let files = Files::new();
    files.write("key.pem", certificate().key_pem().unwrap());
    files.must(
        "openssl",
        &["pkcs8", "-topk8", "-in", "key.pem", "-passout", "pass:right", "-out", "locked.pem"],
    );
    let locked = files.read("locked.pem");
    Key::from_pem(&locked, Some("right")).unwrap();
    let error = Key::from_pem(&locked, Some("wrong")).unwrap_err();
    assert!(matches!(error, Error::WrongPassword(_)), "{error}");
    let error = Key::from_pem(&locked, None).unwrap_err();
    assert!(matches!(error, Error::PasswordNeeded), "{error}");
    // PKCS#1, as OpenSSL 1 wrote keys.
    files.must("openssl", &["rsa", "-in", "key.pem", "-traditional", "-out", "old.pem"]);
    Key::from_pem(&files.read("old.pem"), None).unwrap();
}

#[test]
fn pfx_files_of_openssl_are_read_and_ours_by_openssl() {
    if !openssl() {
        return;
    }
    let files = Files::new();
    files.write("key.pem", certificate().key_pem().unwrap());
    let export = ["pkcs12", "-export", "-inkey", "key.pem", "-in", "ca.pem", "-passout", "pass:secret"];
    // AES-256 with SHA-256, as OpenSSL 3 and Windows 10 write it; 3DES for all, as Windows did; RC2 for certificates, as
    // most wrote it before.
    let forms: [&[&str]; 3] = [
        &[],
        &["-legacy", "-certpbe", "PBE-SHA1-3DES", "-keypbe", "PBE-SHA1-3DES", "-macalg", "sha1"],
        &["-legacy", "-certpbe", "PBE-SHA1-RC2-40", "-keypbe", "PBE-SHA1-3DES", "-macalg", "sha1"],
    ];
    for form in forms {
        files.must("openssl", &[&export[..], form, &["-out", "test.pfx"]].concat());
        let pfx = files.read("test.pfx");
        let identity = Identity::from_pfx(&pfx, "secret", SystemTime::now())
            .unwrap_or_else(|error| panic!("{form:?}: {error}"));
        assert_eq!(identity.certificate(), certificate().identity().certificate());
        let error = Identity::from_pfx(&pfx, "Secret", SystemTime::now()).unwrap_err();
        assert!(matches!(error, Error::WrongPassword(_)), "{form:?}: {error}");
    }
    files.write("ours.pfx", certificate().pfx("secret").unwrap());
    let said =
        files.must("openssl", &["pkcs12", "-in", "ours.pfx", "-passin", "pass:secret", "-nodes", "-info"]);
    assert!(
        said.contains("AES-256-CBC")
            && said.contains("BEGIN CERTIFICATE")
            && said.contains("BEGIN PRIVATE KEY"),
        "{said}"
    );
    // No key in it.
    files.must(
        "openssl",
        &["pkcs12", "-export", "-nokeys", "-in", "ca.pem", "-passout", "pass:x", "-out", "none.pfx"],
    );
    let error = Identity::from_pfx(&files.read("none.pfx"), "x", SystemTime::now()).unwrap_err();
    assert!(matches!(error, Error::KeyCount(0)), "{error}");
}

#[test]
fn validity_has_a_beginning_and_an_end() {
    let own = certificate().identity().certificate();
    let error = own.check(SystemTime::now() + 31 * DAY).unwrap_err();
    assert!(matches!(error, Error::Expired { .. }), "{error}");
    let error = own.check(SystemTime::now() - 2 * DAY).unwrap_err();
    assert!(matches!(error, Error::NotYetValid { .. }), "{error}");
    assert!(error.to_string().contains("CN=Signing Test"), "{error}");
}

#[test]
fn a_key_and_a_certificate_have_to_match() {
    let error = with(stranger().identity().certificate().der()).unwrap_err();
    assert!(matches!(&error, Error::KeyMismatch { subject } if subject == "CN=Stranger"), "{error}");
    assert!(matches!(with(b"").unwrap_err(), Error::NoCertificate));
    // The right one is found among others.
    let pem = |certificate: &TestCertificate| {
        let der = certificate.identity().certificate().der();
        der::pem::encode_string("CERTIFICATE", der::pem::LineEnding::LF, der).unwrap()
    };
    let both = format!("text\n{}{}", pem(stranger()), pem(certificate()));
    assert_eq!(with(both.as_bytes()).unwrap().certificate(), certificate().identity().certificate());
}

#[test]
fn certificates_for_other_things_are_refused() {
    if !openssl() {
        return;
    }
    let files = Files::new();
    let both = "extendedKeyUsage=codeSigning\nkeyUsage=critical,digitalSignature";
    with(&certificate_with(&files, both)).unwrap();
    with(&certificate_with(&files, "extendedKeyUsage=codeSigning")).unwrap();
    let error = with(&certificate_with(&files, "keyUsage=digitalSignature")).unwrap_err();
    assert!(matches!(error, Error::NotForCodeSigning { .. }), "{error}");
    let error = with(&certificate_with(&files, "extendedKeyUsage=serverAuth\nkeyUsage=digitalSignature"))
        .unwrap_err();
    assert!(matches!(error, Error::NotForCodeSigning { .. }), "{error}");
    let authority =
        "basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign,cRLSign\nextendedKeyUsage=codeSigning";
    let error = with(&certificate_with(&files, authority)).unwrap_err();
    assert!(matches!(error, Error::NotForSignatures { .. }), "{error}");
}

#[test]
fn keys_that_windows_does_not_take_are_refused() {
    if !openssl() {
        return;
    }
    let files = Files::new();
    files.must(
        "openssl",
        &["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", "ec.pem"],
    );
    let error = Key::from_pem(&files.read("ec.pem"), None).unwrap_err();
    assert!(matches!(error, Error::UnsupportedKey(_)), "{error}");
    files.must("openssl", &["genrsa", "-out", "short.pem", "1024"]);
    let error = Key::from_pem(&files.read("short.pem"), None).unwrap_err();
    assert!(matches!(error, Error::ShortKey { bits: 1024 }), "{error}");
    let error = Key::from_pem(b"nothing", None).unwrap_err();
    assert!(error.to_string().contains("BEGIN PRIVATE KEY"), "{error}");
}

#[test]
fn a_chain_goes_along_and_is_followed() {
    if !openssl() {
        return;
    }
    use wdk_build::sign::{self, Options, verify};
    let files = Files::new();
    files.write("config", "[req]\ndistinguished_name=dn\n[dn]\n[ca]\nbasicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign\n[leaf]\nextendedKeyUsage=codeSigning\nkeyUsage=digitalSignature\n[no]\nbasicConstraints=CA:FALSE\n");
    let make = |name: &str, issuer: Option<&str>, section: &str| {
        let (subject, key, request, out) =
            (format!("/CN={name}"), format!("{name}.key"), format!("{name}.csr"), format!("{name}.pem"));
        files.must("openssl", &["genrsa", "-out", &key, "2048"]);
        files.must(
            "openssl",
            &["req", "-new", "-config", "config", "-key", &key, "-subj", &subject, "-out", &request],
        );
        let (ca, ca_key) =
            (format!("{}.pem", issuer.unwrap_or(name)), format!("{}.key", issuer.unwrap_or(name)));
        let common = [
            "x509",
            "-req",
            "-in",
            &request,
            "-days",
            "9",
            "-extfile",
            "config",
            "-extensions",
            section,
            "-out",
            &out,
        ];
        match issuer {
            None => files.must("openssl", &[&common[..], &["-signkey", &key]].concat()),
            Some(_) => files.must(
                "openssl",
                &[&common[..], &["-CA", &ca, "-CAkey", &ca_key, "-CAcreateserial"]].concat(),
            ),
        };
        files.read(&out)
    };
    let root = make("root", None, "ca");
    let middle = make("middle", Some("root"), "ca");
    let leaf = make("leaf", Some("middle"), "leaf");
    let all = [leaf, root.clone(), middle].concat();
    let now = SystemTime::now();
    let identity = Identity::from_pem(&files.read("leaf.key"), &all, None, now).unwrap();
    let chain: Vec<String> = identity.chain().iter().map(Certificate::subject).collect();
    assert_eq!(chain, ["CN=middle"], "without the root");
    let signed = sign::image(&crate::support::echo(), &identity, &Options::at(now)).unwrap();
    let trusted = Certificate::read_all(&root).unwrap();
    let report = verify::image(&signed, &trusted, now).unwrap();
    assert_eq!(report.root.unwrap().subject(), "CN=root");
    files.write("signed.sys", &signed);
    if crate::support::osslsigncode() {
        files.must("osslsigncode", &["verify", "-CAfile", "root.pem", "-in", "signed.sys"]);
    }
    // A certificate that is no authority vouches for nobody.
    let fake = make("fake", Some("leaf"), "leaf");
    let all = [fake, files.read("leaf.pem"), files.read("middle.pem")].concat();
    let now = SystemTime::now();
    let identity = Identity::from_pem(&files.read("fake.key"), &all, None, now).unwrap();
    let signed = sign::image(&crate::support::echo(), &identity, &Options::at(now)).unwrap();
    let error = verify::image(&signed, &trusted, now).unwrap_err();
    assert!(matches!(&error, sign::Error::NotTrusted { subject } if subject == "CN=fake"), "{error}");
}
