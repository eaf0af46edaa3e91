//! Private keys.

use super::{Error, Result};
use pkcs8::{DecodePrivateKey as _, EncryptedPrivateKeyInfoOwned, LineEnding};
use rsa::pkcs1::DecodeRsaPrivateKey as _;
use rsa::pkcs1v15::SigningKey;
use rsa::signature::{SignatureEncoding as _, Signer as _};
use rsa::traits::PublicKeyParts as _;
use rsa::{RsaPrivateKey, RsaPublicKey};
use sha2::Sha256;
use std::fmt;
use x509_cert::SubjectPublicKeyInfo;

/// The least length of an RSA key, in bits.
pub(super) const LEAST_BITS: usize = 2048;

/// A private key: in memory, or on a token.
pub struct Key {
    public: SubjectPublicKeyInfo,
    place: Place,
}

enum Place {
    Memory(Box<SigningKey<Sha256>>),
    #[cfg(feature = "pkcs11")]
    Token(super::token::Token),
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Never the key itself.
        f.write_str(match &self.place {
            Place::Memory(_) => "Key(in memory)",
            #[cfg(feature = "pkcs11")]
            Place::Token(_) => "Key(on a token)",
        })
    }
}

impl Key {
    /// A key in memory.
    ///
    /// # Errors
    ///
    /// [`Error::ShortKey`].
    pub(super) fn from_rsa(key: RsaPrivateKey) -> Result<Self> {
        let bits = key.size() * 8;
        if bits < LEAST_BITS {
            return Err(Error::ShortKey { bits });
        }
        let public = public_key_info(key.as_public_key())?;
        Ok(Self { public, place: Place::Memory(Box::new(SigningKey::new(key))) })
    }

    /// A key on a token.
    #[cfg(feature = "pkcs11")]
    pub(super) fn on_token(public: SubjectPublicKeyInfo, token: super::token::Token) -> Self {
        Self { public, place: Place::Token(token) }
    }

    /// From DER: PKCS#8.
    pub(super) fn from_pkcs8(der: &[u8]) -> Result<Self> {
        let key = RsaPrivateKey::from_pkcs8_der(der).map_err(|error| not_rsa(der, &error))?;
        Self::from_rsa(key)
    }

    /// Reads a private key in PEM: PKCS#8 (`BEGIN PRIVATE KEY`), encrypted PKCS#8 or PKCS#1 (`BEGIN RSA PRIVATE KEY`).
    ///
    /// # Errors
    ///
    /// When it is none of these, not RSA, too short, or the password is missing or wrong.
    pub fn from_pem(pem: &[u8], password: Option<&str>) -> Result<Self> {
        let malformed = |error: &dyn fmt::Display| Error::Malformed("private key in PEM", error.to_string());
        let text = std::str::from_utf8(pem).map_err(|_| malformed(&"it is not text"))?;
        // What stands before (OpenSSL writes attributes and certificates there) does not matter.
        let start =
            ["-----BEGIN PRIVATE KEY", "-----BEGIN ENCRYPTED PRIVATE KEY", "-----BEGIN RSA PRIVATE KEY"]
                .iter()
                .find_map(|label| text.find(label));
        let Some(start) = start else {
            return Err(match text.contains("-----BEGIN EC PRIVATE KEY") {
                true => Error::UnsupportedKey("an elliptic-curve key".to_owned()),
                false => malformed(&"there is no `BEGIN PRIVATE KEY` or `BEGIN RSA PRIVATE KEY` in it"),
            });
        };
        let text = &text[start..];
        let end = text.find("-----END").and_then(|end| Some(end + 8 + text[end + 8..].find("-----")? + 5));
        let text = &text[..end.ok_or_else(|| malformed(&"its end is missing"))?];
        let (label, document) = pkcs8::SecretDocument::from_pem(text).map_err(|error| malformed(&error))?;
        let der = document.as_bytes();
        match label {
            "RSA PRIVATE KEY" if text.contains("Proc-Type:") => Err(Error::Malformed(
                "private key in PEM",
                "it is encrypted in OpenSSL's old way (convert it: `openssl pkcs8 -topk8`)".to_owned(),
            )),
            "RSA PRIVATE KEY" => {
                Self::from_rsa(RsaPrivateKey::from_pkcs1_der(der).map_err(|error| malformed(&error))?)
            }
            "ENCRYPTED PRIVATE KEY" => {
                let password = password.ok_or(Error::PasswordNeeded)?;
                let encrypted = <EncryptedPrivateKeyInfoOwned as der::Decode>::from_der(der)
                    .map_err(|error| malformed(&error))?;
                let key = encrypted.decrypt(password).map_err(|_| Error::WrongPassword("private key"))?;
                Self::from_pkcs8(key.as_bytes())
            }
            _ => Self::from_pkcs8(der),
        }
    }

    /// The public key.
    pub fn public_key_info(&self) -> &SubjectPublicKeyInfo {
        &self.public
    }

    /// Signs: RSA, PKCS#1 v1.5, SHA-256. The same message gives the same signature.
    ///
    /// # Errors
    ///
    /// When the token refuses.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>> {
        match &self.place {
            Place::Memory(key) => {
                let signature = key.try_sign(message);
                Ok(signature.map_err(|error| Error::Key(format!("the key does not sign: {error}")))?.to_vec())
            }
            #[cfg(feature = "pkcs11")]
            Place::Token(token) => token.sign(message),
        }
    }
}

/// The public key as certificates have it.
pub(super) fn public_key_info(key: &RsaPublicKey) -> Result<SubjectPublicKeyInfo> {
    SubjectPublicKeyInfo::from_key(key).map_err(|error| Error::Key(format!("the public key: {error}")))
}

/// Why something is no RSA key in PKCS#8.
fn not_rsa(der: &[u8], error: &pkcs8::Error) -> Error {
    match <pkcs8::PrivateKeyInfoRef<'_> as der::Decode>::from_der(der) {
        Ok(info) if info.algorithm.oid != rsa::pkcs1::ALGORITHM_OID => {
            Error::UnsupportedKey(format!("of another kind ({})", info.algorithm.oid))
        }
        _ => Error::Malformed("private key in PKCS#8", error.to_string()),
    }
}

/// A new key, with its PKCS#8 form.
pub(super) fn generate(bits: usize) -> Result<(Key, pkcs8::SecretDocument)> {
    use pkcs8::EncodePrivateKey as _;
    let failed = |error: &dyn fmt::Display| Error::Key(format!("a key cannot be made: {error}"));
    let mut random = rsa::rand_core::UnwrapErr(getrandom::SysRng);
    let key = RsaPrivateKey::new(&mut random, bits).map_err(|error| failed(&error))?;
    let document = key.to_pkcs8_der().map_err(|error| failed(&error))?;
    Ok((Key::from_rsa(key)?, document))
}

/// PKCS#8 as PEM.
pub(super) fn to_pem(document: &pkcs8::SecretDocument) -> Result<String> {
    let pem = document.to_pem("PRIVATE KEY", LineEnding::LF);
    Ok(pem.map_err(|error| Error::Key(format!("the key cannot be written as PEM: {error}")))?.to_string())
}
