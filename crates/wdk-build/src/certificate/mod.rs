//! Certificates that sign drivers: making a test certificate, reading one with its key, and refusing one that Windows
//! would not accept.

mod create;
mod error;
mod key;
mod pfx;
#[cfg(feature = "pkcs11")]
mod token;
mod x509;

pub use create::{KeySize, TestCertificate, WriteError};
pub use error::{Error, Result};
pub use key::Key;
#[cfg(feature = "pkcs11")]
pub use token::TokenKey;
pub use x509::Certificate;
pub(crate) use x509::{SHA1_RSA, SHA256_RSA, SHA384_RSA, SHA512_RSA, hex};

use std::time::SystemTime;

/// A key with its certificate: what signs.
#[derive(Debug)]
pub struct Identity {
    key: Key,
    certificate: Certificate,
    chain: Vec<Certificate>,
}

impl Identity {
    /// Puts a key together with the one among `certificates` that is its own; the others go into signatures as the
    /// chain above it.
    ///
    /// # Errors
    ///
    /// [`Error::KeyMismatch`] when no certificate has the key's public key; what [`Certificate::check`] refuses at
    /// the time `at`.
    pub fn new(key: Key, mut certificates: Vec<Certificate>, at: SystemTime) -> Result<Self> {
        if certificates.is_empty() {
            return Err(Error::NoCertificate);
        }
        let own = certificates.iter().position(|certificate| certificate.has_key(key.public_key_info()));
        let Some(own) = own else {
            return Err(Error::KeyMismatch { subject: certificates[0].subject() });
        };
        let certificate = certificates.remove(own);
        certificate.check(at)?;
        // A signature says which certificates came with it once; a root in it would not be believed anyway.
        certificates.retain(|other| *other != certificate && !other.is_self_issued());
        Ok(Self { key, certificate, chain: certificates })
    }

    /// From a private key and certificates in PEM or DER. The key may be PKCS#8, encrypted PKCS#8 or PKCS#1.
    ///
    /// # Errors
    ///
    /// When one of the two cannot be read, the password is wrong, or as [`Identity::new`].
    pub fn from_pem(key: &[u8], certificates: &[u8], password: Option<&str>, at: SystemTime) -> Result<Self> {
        Self::new(Key::from_pem(key, password)?, Certificate::read_all(certificates)?, at)
    }

    /// From a PFX (PKCS#12) file, as Windows and OpenSSL write them.
    ///
    /// # Errors
    ///
    /// When it cannot be read, the password is wrong, it holds no key or several, or as [`Identity::new`].
    pub fn from_pfx(pfx: &[u8], password: &str, at: SystemTime) -> Result<Self> {
        let (key, certificates) = pfx::read(pfx, password)?;
        Self::new(key, certificates, at)
    }

    /// The certificate that belongs to the key.
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// The certificates that came with it, without roots.
    pub fn chain(&self) -> &[Certificate] {
        &self.chain
    }

    /// The key.
    pub fn key(&self) -> &Key {
        &self.key
    }
}
