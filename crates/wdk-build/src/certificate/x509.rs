//! X.509 certificates.

use super::key::LEAST_BITS;
use super::{Error, Result};
use der::asn1::{AnyRef, BitStringRef};
use der::oid::ObjectIdentifier;
use der::oid::db::rfc5280::{ID_KP_CODE_SIGNING, ID_KP_TIME_STAMPING};
use der::{Decode as _, Encode as _, Sequence};
use pkcs8::DecodePublicKey as _;
use rsa::traits::PublicKeyParts as _;
use rsa::{Pkcs1v15Sign, RsaPublicKey};
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};
use std::fmt;
use std::time::SystemTime;
use x509_cert::SubjectPublicKeyInfo;
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage, KeyUsage};

const MD5_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.4");
pub(crate) const SHA1_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.5");
pub(crate) const SHA256_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
pub(crate) const SHA384_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.12");
pub(crate) const SHA512_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.13");

/// A certificate, and the bytes that it was read from: they go into signatures unchanged.
#[derive(Clone)]
pub struct Certificate {
    der: Vec<u8>,
    parsed: x509_cert::Certificate,
}

/// The three parts, the signed one as the bytes that are signed.
#[derive(Sequence)]
struct Parts<'a> {
    signed: AnyRef<'a>,
    algorithm: x509_cert::spki::AlgorithmIdentifierRef<'a>,
    signature: BitStringRef<'a>,
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Eq for Certificate {}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate").field("subject", &self.subject()).finish_non_exhaustive()
    }
}

impl Certificate {
    /// Reads a certificate in DER, the form of a `.cer` file.
    ///
    /// # Errors
    ///
    /// When it is none.
    pub fn from_der(der: &[u8]) -> Result<Self> {
        let malformed = |error: der::Error| Error::Malformed("X.509 certificate", error.to_string());
        let parsed = x509_cert::Certificate::from_der(der).map_err(malformed)?;
        Ok(Self { der: der.to_vec(), parsed })
    }

    /// Reads one certificate in DER, or all that are in a PEM file.
    ///
    /// # Errors
    ///
    /// When there is none, or one of them is malformed.
    pub fn read_all(file: &[u8]) -> Result<Vec<Self>> {
        const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
        const END: &str = "-----END CERTIFICATE-----";
        if file.first() == Some(&0x30) {
            return Ok(vec![Self::from_der(file)?]);
        }
        let text = std::str::from_utf8(file).map_err(|_| Error::NoCertificate)?;
        let mut certificates = Vec::new();
        let mut rest = text;
        while let Some(start) = rest.find(BEGIN) {
            let malformed = |why: &dyn fmt::Display| Error::Malformed("certificate in PEM", why.to_string());
            let end = rest[start..].find(END).ok_or_else(|| malformed(&"its end is missing"))?;
            let end = start + end + END.len();
            let (_, document) =
                der::Document::from_pem(&rest[start..end]).map_err(|error| malformed(&error))?;
            certificates.push(Self::from_der(document.as_bytes())?);
            rest = &rest[end..];
        }
        if certificates.is_empty() {
            return Err(Error::NoCertificate);
        }
        Ok(certificates)
    }

    /// The certificate in DER.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Who it is for: `CN=…`.
    pub fn subject(&self) -> String {
        self.parsed.tbs_certificate().subject().to_string()
    }

    /// Who made it.
    pub fn issuer(&self) -> String {
        self.parsed.tbs_certificate().issuer().to_string()
    }

    /// Its serial number, hexadecimal.
    pub fn serial(&self) -> String {
        hex(self.parsed.tbs_certificate().serial_number().as_bytes())
    }

    /// Its SHA-1 hash, hexadecimal: what Windows calls the thumbprint.
    pub fn thumbprint(&self) -> String {
        hex(&Sha1::digest(&self.der))
    }

    /// The first moment of its validity.
    pub fn not_before(&self) -> SystemTime {
        self.parsed.tbs_certificate().validity().not_before.to_system_time()
    }

    /// The last moment of its validity.
    pub fn not_after(&self) -> SystemTime {
        self.parsed.tbs_certificate().validity().not_after.to_system_time()
    }

    /// Whether its issuer is itself, by name.
    pub fn is_self_issued(&self) -> bool {
        let tbs = self.parsed.tbs_certificate();
        tbs.issuer() == tbs.subject()
    }

    /// Whether this is the certificate of that public key.
    pub fn has_key(&self, key: &SubjectPublicKeyInfo) -> bool {
        let own = self.parsed.tbs_certificate().subject_public_key_info();
        own.subject_public_key == key.subject_public_key && own.algorithm.oid == key.algorithm.oid
    }

    pub(crate) fn parsed(&self) -> &x509_cert::Certificate {
        &self.parsed
    }

    /// Whether Windows would accept a driver that it signed at the time `at`, as far as the certificate alone tells:
    /// an RSA key of 2048 bits or more, valid at that time, for signatures, for code signing.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn check(&self, at: SystemTime) -> Result {
        self.rsa_key()?;
        self.check_time(at)?;
        let tbs = self.parsed.tbs_certificate();
        let malformed = |error: der::Error| Error::Malformed("X.509 certificate", error.to_string());
        let usage = tbs.get_extension::<KeyUsage>().map_err(malformed)?;
        if usage.is_some_and(|(_, usage)| !usage.digital_signature()) {
            return Err(Error::NotForSignatures { subject: self.subject() });
        }
        let purposes = tbs.get_extension::<ExtendedKeyUsage>().map_err(malformed)?;
        if !purposes.is_some_and(|(_, purposes)| purposes.0.contains(&ID_KP_CODE_SIGNING)) {
            return Err(Error::NotForCodeSigning { subject: self.subject() });
        }
        Ok(())
    }

    /// Whether it is for timestamps.
    pub(crate) fn is_for_timestamps(&self) -> bool {
        let purposes = self.parsed.tbs_certificate().get_extension::<ExtendedKeyUsage>();
        matches!(purposes, Ok(Some((_, purposes))) if purposes.0.contains(&ID_KP_TIME_STAMPING))
    }

    /// Whether it is valid at a time.
    ///
    /// # Errors
    ///
    /// [`Error::Expired`], [`Error::NotYetValid`].
    pub fn check_time(&self, at: SystemTime) -> Result {
        let validity = self.parsed.tbs_certificate().validity();
        if at < self.not_before() {
            let until = validity.not_before.to_date_time().to_string();
            return Err(Error::NotYetValid { subject: self.subject(), until });
        }
        if at > self.not_after() {
            let since = validity.not_after.to_date_time().to_string();
            return Err(Error::Expired { subject: self.subject(), since });
        }
        Ok(())
    }

    /// The public key, if it is RSA and long enough.
    fn rsa_key(&self) -> Result<RsaPublicKey> {
        let info = self.parsed.tbs_certificate().subject_public_key_info();
        if info.algorithm.oid != rsa::pkcs1::ALGORITHM_OID {
            return Err(Error::UnsupportedKey(format!("of another kind ({})", info.algorithm.oid)));
        }
        let malformed = |error: &dyn fmt::Display| Error::Malformed("RSA public key", error.to_string());
        let der = info.to_der().map_err(|error| malformed(&error))?;
        let key = RsaPublicKey::from_public_key_der(&der).map_err(|error| malformed(&error))?;
        let bits = key.size() * 8;
        if bits < LEAST_BITS {
            return Err(Error::ShortKey { bits });
        }
        Ok(key)
    }

    /// Whether its key made that signature of a message whose hash algorithm is that of `algorithm` (an OID such as
    /// `sha256WithRSAEncryption`).
    ///
    /// # Errors
    ///
    /// When the key or the algorithm is not supported.
    pub(crate) fn verifies(
        &self,
        algorithm: ObjectIdentifier,
        message: &[u8],
        signature: &[u8],
    ) -> Result<bool> {
        let key = self.rsa_key()?;
        let (scheme, digest) = match algorithm {
            SHA256_RSA => (Pkcs1v15Sign::new::<Sha256>(), Sha256::digest(message).to_vec()),
            SHA384_RSA => (Pkcs1v15Sign::new::<Sha384>(), Sha384::digest(message).to_vec()),
            SHA512_RSA => (Pkcs1v15Sign::new::<Sha512>(), Sha512::digest(message).to_vec()),
            SHA1_RSA => (Pkcs1v15Sign::new::<Sha1>(), Sha1::digest(message).to_vec()),
            MD5_RSA => return Err(Error::UnsupportedKey("used with MD5".to_owned())),
            other => return Err(Error::UnsupportedKey(format!("used with the algorithm {other}"))),
        };
        Ok(key.verify(scheme, &digest, signature).is_ok())
    }

    /// Whether `issuer` made this certificate: names, a certificate that may issue, and the signature.
    pub(crate) fn is_issued_by(&self, issuer: &Self) -> bool {
        let tbs = issuer.parsed.tbs_certificate();
        let constraints = tbs.get_extension::<BasicConstraints>();
        let may_issue = self == issuer || matches!(constraints, Ok(Some((_, constraints))) if constraints.ca);
        if !may_issue || self.parsed.tbs_certificate().issuer() != tbs.subject() {
            return false;
        }
        let Ok(parts) = Parts::from_der(&self.der) else { return false };
        let (Ok(message), Some(signature)) = (parts.signed.to_der(), parts.signature.as_bytes()) else {
            return false;
        };
        issuer.verifies(parts.algorithm.oid, &message, signature).unwrap_or(false)
    }
}

/// Hexadecimal, upper case, as Windows shows hashes.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02X}");
        text
    })
}
