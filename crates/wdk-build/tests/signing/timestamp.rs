//! Timestamps, from a server that openssl plays.

use crate::support::{Files, certificate, echo, openssl, options, osslsigncode};
use cms::content_info::ContentInfo;
use cms::signed_data::{CertificateSet, SignedData, SignerInfos};
use der::asn1::{Any, ObjectIdentifier, SetOfVec};
use der::{Decode as _, Encode as _};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::time::{Duration, SystemTime};
use wdk_build::catalog::{self, Builder, Os};
use wdk_build::certificate::Certificate;
use wdk_build::sign::{self, Error, Options, timestamp::Request, verify};
use x509_cert::attr::Attribute;

/// A timestamp authority in a directory.
struct Authority(Files);

impl Authority {
    fn new() -> Self {
        let files = Files::new();
        files.write(
            "config",
            "[req]\ndistinguished_name=dn\nx509_extensions=v3\n[dn]\n[v3]\nextendedKeyUsage=critical,timeStamping\n\
             keyUsage=digitalSignature\n[tsa]\ndefault_tsa=tsa1\n[tsa1]\nserial=serial\nsigner_digest=sha256\n\
             default_policy=1.2.3.4.1\ndigests=sha256\naccuracy=secs:1\nordering=yes\ntsa_name=yes\n",
        );
        files.write("serial", "01\n");
        let request = [
            "req", "-x509", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", "tsa.key", "-out", "tsa.pem",
        ];
        files.must(
            "openssl",
            &[&request[..], &["-config", "config", "-subj", "/CN=Clock", "-days", "9"]].concat(),
        );
        Self(files)
    }

    fn certificate(&self) -> Certificate {
        Certificate::read_all(&self.0.read("tsa.pem")).unwrap().remove(0)
    }

    fn answer(&self, request: &[u8]) -> Vec<u8> {
        self.0.write("request", request);
        let reply = ["ts", "-reply", "-config", "config", "-section", "tsa1", "-queryfile", "request"];
        let signer = ["-signer", "tsa.pem", "-inkey", "tsa.key", "-out", "answer"];
        self.0.must("openssl", &[&reply[..], &signer].concat());
        self.0.read("answer")
    }
}

/// Serves one HTTP request; returns where, and a thread that ends when it was answered.
fn serve(
    answer: impl FnOnce(&[u8]) -> (u16, Vec<u8>) + Send + 'static,
) -> (String, std::thread::JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/tsa", listener.local_addr().unwrap());
    let thread = std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let mut reader = BufReader::new(stream);
        let (mut line, mut length, mut kind) = (String::new(), 0, false);
        loop {
            line.clear();
            reader.read_line(&mut line).unwrap();
            let header = line.trim().to_lowercase();
            if header.is_empty() {
                break;
            }
            if let Some(value) = header.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            kind |= header == "content-type: application/timestamp-query";
        }
        assert!(kind, "the request says what it is");
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        let (status, answer) = answer(&body);
        let head = format!(
            "HTTP/1.1 {status} X\r\nContent-Type: application/timestamp-reply\r\nContent-Length: {}\r\n\r\n",
            answer.len()
        );
        reader.get_mut().write_all(&[head.into_bytes(), answer].concat()).unwrap();
    });
    (url, thread)
}

#[test]
fn a_timestamp_outlives_the_certificate() {
    if !openssl() {
        return;
    }
    let authority = Authority::new();
    let clock = authority.certificate();
    let (url, server) = serve(move |request| (200, authority.answer(request)));
    let options = Options { timestamp: Some(url), ..options() };
    let signed = sign::image(&echo(), certificate().identity(), &options).unwrap();
    server.join().unwrap();

    let own = certificate().identity().certificate().clone();
    let report = verify::image(&signed, &[own.clone(), clock.clone()], SystemTime::now()).unwrap();
    let timestamp = report.timestamp.unwrap();
    assert_eq!(timestamp.signer, clock);
    let off = SystemTime::now().duration_since(timestamp.time).unwrap_or_default();
    assert!(off < Duration::from_secs(600), "{off:?}");
    let late = SystemTime::now() + Duration::from_secs(100 * 24 * 60 * 60);
    verify::image(&signed, &[own.clone(), clock.clone()], late).unwrap();
    // A clock that nobody trusts cannot say when.
    let error = verify::image(&signed, &[own], late).unwrap_err();
    assert!(matches!(&error, Error::NotTrusted { subject } if subject == "CN=Clock"), "{error}");

    if osslsigncode() {
        let files = Files::new();
        files.write("echo.sys", &signed);
        files.write(
            "tsa.pem",
            der::pem::encode_string("CERTIFICATE", der::pem::LineEnding::LF, clock.der()).unwrap(),
        );
        let verify = ["verify", "-CAfile", "ca.pem", "-TSA-CAfile", "tsa.pem", "-in", "echo.sys"];
        let said = files.must("osslsigncode", &verify);
        assert!(said.contains("Timestamp Server Signature verification: ok"), "{said}");
        assert!(said.contains("Signature verification: ok"), "{said}");
    }
}

#[test]
fn answers_to_other_questions_are_refused() {
    if !openssl() {
        return;
    }
    let authority = Authority::new();
    let request = Request::new(&[1; 32]).unwrap();
    let answer = authority.answer(request.der());
    request.token(&answer).unwrap();
    let error = Request::new(&[2; 32]).unwrap().token(&answer).unwrap_err();
    assert!(error.to_string().contains("something else"), "{error}");
    let error = Request::new(&[1; 32]).unwrap().token(&answer).unwrap_err();
    assert!(error.to_string().contains("another request"), "{error}");
    let mut forged = answer.clone();
    let last = forged.len() - 1;
    forged[last] ^= 1;
    assert!(matches!(request.token(&forged), Err(Error::BadSignature(_))));
    for length in 0..answer.len() {
        assert!(request.token(&answer[..length]).is_err());
    }
}

#[test]
fn a_certificate_for_other_things_cannot_say_when() {
    if !openssl() {
        return;
    }
    let authority = Authority::new();
    let files = &authority.0;
    let request = Request::new(&[1; 32]).unwrap();
    authority.answer(request.der());
    files.must("openssl", &["ts", "-reply", "-in", "answer", "-token_out", "-out", "token"]);
    files.must("openssl", &["cms", "-verify", "-noverify", "-inform", "DER", "-in", "token", "-out", "info"]);
    files.write("code.key", certificate().key_pem().unwrap());
    // The same statement, signed by one certificate or the other.
    let answer = |signer: &str, key: &str| {
        let sign =
            ["cms", "-sign", "-binary", "-nodetach", "-md", "sha256", "-outform", "DER", "-in", "info"];
        let kind = ["-econtent_type", "1.2.840.113549.1.9.16.1.4", "-signer", signer, "-inkey", key];
        files.must("openssl", &[&sign[..], &kind, &["-out", "token"]].concat());
        let token = files.read("token");
        let status = [0x30, 0x03, 0x02, 0x01, 0x00];
        let length = u16::try_from(status.len() + token.len()).unwrap().to_be_bytes();
        [&[0x30, 0x82], &length[..], &status, &token].concat()
    };
    request.token(&answer("tsa.pem", "tsa.key")).unwrap();
    let error = request.token(&answer("ca.pem", "code.key")).unwrap_err();
    assert!(error.to_string().contains("`CN=Signing Test` is not for timestamps"), "{error}");
}

/// Puts a countersignature beside a message's signature, as timestamp servers made them before RFC 3161.
fn countersigned(
    authority: &Authority,
    message: &[u8],
    of: Option<&[u8]>,
    signer: &str,
    key: &str,
) -> Vec<u8> {
    let files = &authority.0;
    let mut outer = ContentInfo::from_der(message).unwrap();
    let mut signed: SignedData = outer.content.decode_as().unwrap();
    let mut info = signed.signer_infos.0.as_slice()[0].clone();
    files.write("value", of.unwrap_or(info.signature.as_bytes()));
    let sign = ["cms", "-sign", "-binary", "-nodetach", "-md", "sha256", "-outform", "DER", "-in", "value"];
    files.must("openssl", &[&sign[..], &["-signer", signer, "-inkey", key, "-out", "counter"]].concat());
    let counter = ContentInfo::from_der(&files.read("counter")).unwrap();
    let counter: SignedData = counter.content.decode_as().unwrap();
    let value = Any::encode_from(&counter.signer_infos.0.as_slice()[0]).unwrap();
    let oid = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.6");
    let attribute = Attribute { oid, values: SetOfVec::try_from(vec![value]).unwrap() };
    info.unsigned_attrs = Some(SetOfVec::try_from(vec![attribute]).unwrap());
    signed.signer_infos = SignerInfos::try_from(vec![info]).unwrap();
    let both = signed.certificates.iter().chain(&counter.certificates).flat_map(|set| set.0.iter().cloned());
    let mut both: Vec<_> = both.collect();
    both.dedup();
    signed.certificates = Some(CertificateSet::try_from(both).unwrap());
    outer.content = Any::encode_from(&signed).unwrap();
    outer.to_der().unwrap()
}

#[test]
fn countersignatures_of_the_kind_before_are_read() {
    if !openssl() {
        return;
    }
    let authority = Authority::new();
    authority.0.write("code.key", certificate().key_pem().unwrap());
    let mut builder = Builder::new([Os::X64], options().time);
    let catalog = builder.file("echo.sys", &echo()).unwrap().build().unwrap();
    let catalog = catalog::sign(&catalog, certificate().identity(), &options()).unwrap();
    let late = SystemTime::now() + Duration::from_secs(100 * 24 * 60 * 60);
    assert!(catalog::verify(&catalog, &[], late).is_err(), "nothing says when it was signed");

    let good = countersigned(&authority, &catalog, None, "tsa.pem", "tsa.key");
    let (_, report) = catalog::verify(&good, &[], late).unwrap();
    assert_eq!(report.timestamp.unwrap().signer, authority.certificate());
    let other = countersigned(&authority, &catalog, Some(b"another signature"), "tsa.pem", "tsa.key");
    let error = catalog::verify(&other, &[], late).unwrap_err().to_string();
    assert!(error.contains("not genuine"), "{error}");
    let by_itself = countersigned(&authority, &catalog, None, "ca.pem", "code.key");
    let error = catalog::verify(&by_itself, &[], late).unwrap_err().to_string();
    assert!(error.contains("is not for timestamps"), "{error}");
}

#[test]
fn servers_that_refuse_are_quoted() {
    // PKIStatusInfo: rejection, "no time".
    let rejection = [
        0x30, 0x10, 0x30, 0x0E, 0x02, 0x01, 0x02, 0x30, 0x09, 0x0C, 0x07, b'n', b'o', b' ', b't', b'i', b'm',
        b'e',
    ];
    let sign = |url: String| {
        let options = Options { timestamp: Some(url), ..options() };
        sign::image(&echo(), certificate().identity(), &options).unwrap_err().to_string()
    };
    let (url, server) = serve(move |_| (200, rejection.to_vec()));
    let said = sign(url);
    assert!(said.contains("the server refused: no time"), "{said}");
    server.join().unwrap();
    let (url, server) = serve(|_| (503, Vec::new()));
    let said = sign(url);
    assert!(said.contains("503"), "{said}");
    server.join().unwrap();
    let (url, server) = serve(|_| (200, b"<html>".to_vec()));
    let said = sign(url);
    assert!(said.contains("malformed"), "{said}");
    server.join().unwrap();
    let said = sign("https://example.com/".to_owned());
    assert!(said.contains("http://"), "{said}");
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let said = sign(format!("http://{closed}/"));
    assert!(said.contains("does not answer"), "{said}");
}
