//! Test certificates.

use super::key::{generate, to_pem};
use super::{Certificate, Error, Identity, Result, pfx};
use crate::files::{self, Access};
use der::asn1::{Any, SetOfVec, Utf8StringRef};
use der::oid::db::rfc4519::COMMON_NAME;
use der::oid::db::rfc5280::ID_KP_CODE_SIGNING;
use der::{DateTime, Decode as _, Encode as _};
use rsa::pkcs1v15::SigningKey;
use sha2::Sha256;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::builder::profile::BuilderProfile;
use x509_cert::builder::{Builder as _, CertificateBuilder};
use x509_cert::certificate::TbsCertificate;
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage, KeyUsage, KeyUsages, SubjectKeyIdentifier};
use x509_cert::ext::{Extension, ToExtension as _};
use x509_cert::name::{Name, RdnSequence, RelativeDistinguishedName};
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::SubjectPublicKeyInfoRef;
use x509_cert::time::{Time, Validity};

/// The most characters of a common name (`ub-common-name` of X.520).
const NAME_LIMIT: usize = 64;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The length of an RSA key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum KeySize {
    /// 2048 bits, the least that Windows takes.
    #[default]
    Bits2048,
    /// 3072 bits.
    Bits3072,
    /// 4096 bits.
    Bits4096,
}

impl KeySize {
    fn bits(self) -> usize {
        match self {
            Self::Bits2048 => 2048,
            Self::Bits3072 => 3072,
            Self::Bits4096 => 4096,
        }
    }
}

/// A self-signed certificate for code signing, with its key: what a machine in test-signing mode accepts once the
/// certificate is among its trusted roots and publishers.
#[derive(Debug)]
pub struct TestCertificate {
    identity: Identity,
    key: pkcs8::SecretDocument,
    name: String,
}

impl TestCertificate {
    /// Makes a key and a certificate.
    ///
    /// It is valid from a day before `at`, because the clock of a virtual machine may be behind, to `days` after it.
    ///
    /// # Errors
    ///
    /// [`Error::Parameter`] when the name is empty, longer than 64 characters or has control characters, or when the
    /// lifetime is no time between a day and the year 9999.
    pub fn new(name: &str, size: KeySize, at: SystemTime, days: u32) -> Result<Self> {
        let subject = subject(name)?;
        let not_after = at.checked_add(DAY * days).filter(|_| days > 0);
        let time = |time: Option<SystemTime>| {
            let time = time.and_then(|time| DateTime::from_system_time(time).ok());
            // UTCTime up to 2049, as RFC 5280 wants it: the builder sees to it.
            time.map(|time| Time::GeneralTime(time.into()))
                .ok_or_else(|| Error::Parameter(format!("a certificate cannot be valid for {days} days")))
        };
        let validity = Validity::new(time(at.checked_sub(DAY))?, time(not_after)?);
        let (key, document) = generate(size.bits())?;
        let failed =
            |error: x509_cert::builder::Error| Error::Key(format!("the certificate cannot be made: {error}"));
        let serial = SerialNumber::generate(&mut rsa::rand_core::UnwrapErr(getrandom::SysRng));
        let public = key.public_key_info().clone();
        let signer = signer(&document)?;
        let builder =
            CertificateBuilder::new(CodeSigning { subject }, serial, validity, public).map_err(failed)?;
        let certificate = builder.build::<_, rsa::pkcs1v15::Signature>(&signer).map_err(failed)?;
        let der = certificate.to_der().map_err(|error| failed(error.into()))?;
        let identity = Identity::new(key, vec![Certificate::from_der(&der)?], at)?;
        Ok(Self { identity, key: document, name: name.to_owned() })
    }

    /// The certificate with its key.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The key as PKCS#8 in PEM.
    ///
    /// # Errors
    ///
    /// None that is known.
    pub fn key_pem(&self) -> Result<String> {
        to_pem(&self.key)
    }

    /// Key and certificate as PFX (AES-256, SHA-256: Windows 10 and later, OpenSSL 3).
    ///
    /// # Errors
    ///
    /// None that is known.
    pub fn pfx(&self, password: &str) -> Result<Vec<u8>> {
        pfx::write(&self.name, self.key.as_bytes(), self.identity.certificate(), password)
    }

    /// Writes `STEM.cer`, `STEM.pfx` and `STEM.pem` into a directory; the two with the key are readable for the owner
    /// only. Returns their paths. The directory is made if it is missing.
    ///
    /// # Errors
    ///
    /// When one of them exists and `overwrite` is not set, or cannot be written: then none is left behind.
    pub fn write(
        &self,
        directory: &Path,
        stem: &str,
        password: &str,
        overwrite: bool,
    ) -> std::result::Result<[PathBuf; 3], WriteError> {
        std::fs::create_dir_all(directory)
            .map_err(|error| WriteError::Directory(directory.to_owned(), error))?;
        let path = |extension: &str| directory.join(format!("{stem}.{extension}"));
        let files = [
            (path("cer"), self.identity.certificate().der().to_vec(), Access::Usual),
            (path("pfx"), self.pfx(password)?, Access::Owner),
            (path("pem"), self.key_pem()?.into_bytes(), Access::Owner),
        ];
        if let Some((path, ..)) = files.iter().find(|(path, ..)| !overwrite && path.exists()) {
            return Err(WriteError::Exists(path.clone()));
        }
        for (number, (path, content, access)) in files.iter().enumerate() {
            if let Err(error) = files::replace(path, content, *access) {
                // A key without its certificate is of no use.
                for (written, ..) in &files[..number] {
                    let _ = std::fs::remove_file(written);
                }
                return Err(error.into());
            }
        }
        Ok(files.map(|(path, ..)| path))
    }
}

/// Why the files of a test certificate were not written.
#[derive(Debug)]
#[non_exhaustive]
pub enum WriteError {
    /// One of them exists.
    Exists(PathBuf),
    /// The directory cannot be made.
    Directory(PathBuf, std::io::Error),
    /// One of them cannot be written.
    File(files::Error),
    /// The content cannot be made.
    Content(Error),
}

impl std::fmt::Display for WriteError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Exists(path) => write!(
                f,
                "`{}` exists already, and its key may be in use (choose another directory, or ask to replace it)",
                path.display()
            ),
            Self::Directory(path, error) => write!(f, "cannot create `{}`: {error}", path.display()),
            Self::File(error) => error.fmt(f),
            Self::Content(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for WriteError {}

impl From<files::Error> for WriteError {
    fn from(error: files::Error) -> Self {
        Self::File(error)
    }
}

impl From<Error> for WriteError {
    fn from(error: Error) -> Self {
        Self::Content(error)
    }
}

/// What is in a certificate for code signing that nobody else vouches for.
struct CodeSigning {
    subject: Name,
}

impl BuilderProfile for CodeSigning {
    fn get_issuer(&self, subject: &Name) -> Name {
        subject.clone()
    }

    fn get_subject(&self) -> Name {
        self.subject.clone()
    }

    fn build_extensions(
        &self,
        key: SubjectPublicKeyInfoRef<'_>,
        _issuer_key: SubjectPublicKeyInfoRef<'_>,
        certificate: &TbsCertificate,
    ) -> std::result::Result<Vec<Extension>, x509_cert::builder::Error> {
        let subject = certificate.subject();
        Ok(vec![
            (true, &BasicConstraints { ca: false, path_len_constraint: None }).to_extension(subject, &[])?,
            (true, &KeyUsage(KeyUsages::DigitalSignature.into())).to_extension(subject, &[])?,
            (false, &ExtendedKeyUsage(vec![ID_KP_CODE_SIGNING])).to_extension(subject, &[])?,
            (false, &SubjectKeyIdentifier::try_from(key)?).to_extension(subject, &[])?,
        ])
    }
}

/// `CN=name`.
fn subject(name: &str) -> Result<Name> {
    if name.is_empty() || name.chars().count() > NAME_LIMIT || name.chars().any(char::is_control) {
        return Err(Error::Parameter(format!(
            "`{}` cannot be the name of a certificate (it has to have 1 to {NAME_LIMIT} characters, and no control \
             characters)",
            name.escape_debug()
        )));
    }
    let build = || {
        let value = Any::from(Utf8StringRef::new(name)?);
        let attribute = AttributeTypeAndValue { oid: COMMON_NAME, value };
        let rdn = RelativeDistinguishedName::from(SetOfVec::try_from(vec![attribute])?);
        Name::from_der(&RdnSequence::from(vec![rdn]).to_der()?)
    };
    build().map_err(|error: der::Error| Error::Parameter(format!("`{name}` cannot be a name: {error}")))
}

/// The key in the form that the builder wants.
fn signer(document: &pkcs8::SecretDocument) -> Result<SigningKey<Sha256>> {
    use pkcs8::DecodePrivateKey as _;
    let key = rsa::RsaPrivateKey::from_pkcs8_der(document.as_bytes());
    Ok(SigningKey::new(key.map_err(|error| Error::Key(format!("the new key: {error}")))?))
}
