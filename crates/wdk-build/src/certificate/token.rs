//! Keys on a token or in an HSM, through PKCS#11: the key signs where it is.

use super::key::LEAST_BITS;
use super::{Certificate, Error, Identity, Key, Result};
use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::mechanism::Mechanism;
use cryptoki::object::{Attribute, AttributeType, CertificateType, KeyType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::types::AuthPin;
use rsa::{BoxedUint, RsaPublicKey};
use std::fmt;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

/// A private key on a token, with the session that may use it.
pub(super) struct Token {
    session: Mutex<Session>,
    key: ObjectHandle,
}

/// Where a key is.
#[derive(Debug, Clone, Copy)]
pub struct TokenKey<'a> {
    /// The library of the token's maker (`libsofthsm2.so`, `opensc-pkcs11.so` …). It is loaded into this process.
    pub module: &'a Path,
    /// The label of the token; any when there is only one.
    pub token: Option<&'a str>,
    /// The label of the key.
    pub label: &'a str,
    /// The user's PIN.
    pub pin: Option<&'a str>,
}

fn failed(doing: &str) -> impl Fn(cryptoki::error::Error) -> Error + '_ {
    move |error| Error::Key(format!("the PKCS#11 token: cannot {doing}: {error}"))
}

impl Identity {
    /// From a key on a token. The certificates on the token with the key's public key or label come first, then
    /// `certificates`.
    ///
    /// # Errors
    ///
    /// When the module, the token or the key is not there, the PIN is wrong, or as [`Identity::new`].
    pub fn from_token(place: TokenKey<'_>, certificates: Vec<Certificate>, at: SystemTime) -> Result<Self> {
        let module = || format!("load `{}`", place.module.display());
        let library = Pkcs11::new(place.module).map_err(|error| failed(&module())(error))?;
        library
            .initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK))
            .map_err(|error| failed(&module())(error))?;
        let session = open(&library, place)?;
        let template = [
            Attribute::Class(ObjectClass::PRIVATE_KEY),
            Attribute::KeyType(KeyType::RSA),
            Attribute::Label(place.label.as_bytes().to_vec()),
        ];
        let keys = session.find_objects(&template).map_err(failed("look for the key"))?;
        let [key] = keys.as_slice() else {
            let label = place.label.escape_debug();
            return Err(Error::Key(match keys.len() {
                0 => format!("the PKCS#11 token has no RSA key with the label `{label}`"),
                count => format!("the PKCS#11 token has {count} keys with the label `{label}`"),
            }));
        };
        let public = public_key(&session, *key)?;
        let bits = rsa::traits::PublicKeyParts::size(&public) * 8;
        if bits < LEAST_BITS {
            return Err(Error::ShortKey { bits });
        }
        let mut all = on_token(&session)?;
        all.extend(certificates);
        let token = Token { session: Mutex::new(session), key: *key };
        Self::new(Key::on_token(super::key::public_key_info(&public)?, token), all, at)
    }
}

/// Opens a session with the one token that is meant.
fn open(library: &Pkcs11, place: TokenKey<'_>) -> Result<Session> {
    let mut found = Vec::new();
    for slot in library.get_slots_with_initialized_token().map_err(failed("list the tokens"))? {
        let label =
            library.get_token_info(slot).map_err(failed("read a token"))?.label().trim_end().to_owned();
        if place.token.is_none_or(|wanted| wanted == label) {
            found.push(slot);
        }
    }
    let slot = match found.as_slice() {
        [slot] => *slot,
        [] => return Err(Error::Key("there is no such PKCS#11 token".to_owned())),
        _ => return Err(Error::Key("there are several PKCS#11 tokens (name one by its label)".to_owned())),
    };
    let session = library.open_ro_session(slot).map_err(failed("open a session"))?;
    if let Some(pin) = place.pin {
        let login = session.login(UserType::User, Some(&AuthPin::new(pin.into())));
        login.map_err(|error| match error {
            cryptoki::error::Error::Pkcs11(cryptoki::error::RvError::PinIncorrect, _) => {
                Error::WrongPassword("PKCS#11 token")
            }
            error => failed("log in")(error),
        })?;
    }
    Ok(session)
}

fn public_key(session: &Session, key: ObjectHandle) -> Result<RsaPublicKey> {
    let attributes = session
        .get_attributes(key, &[AttributeType::Modulus, AttributeType::PublicExponent])
        .map_err(failed("read the key's public part"))?;
    let (mut modulus, mut exponent) = (None, None);
    for attribute in &attributes {
        match attribute {
            Attribute::Modulus(bytes) => modulus = Some(BoxedUint::from_be_slice_vartime(bytes)),
            Attribute::PublicExponent(bytes) => exponent = Some(BoxedUint::from_be_slice_vartime(bytes)),
            _ => {}
        }
    }
    let (Some(modulus), Some(exponent)) = (modulus, exponent) else {
        return Err(Error::Key("the PKCS#11 token does not give the key's public part".to_owned()));
    };
    RsaPublicKey::new(modulus, exponent)
        .map_err(|error| Error::Key(format!("the PKCS#11 token's key: {error}")))
}

/// The X.509 certificates on the token that can be read.
fn on_token(session: &Session) -> Result<Vec<Certificate>> {
    let template =
        [Attribute::Class(ObjectClass::CERTIFICATE), Attribute::CertificateType(CertificateType::X_509)];
    let mut certificates = Vec::new();
    for object in session.find_objects(&template).map_err(failed("look for certificates"))? {
        let values = session.get_attributes(object, &[AttributeType::Value]);
        for value in values.map_err(failed("read a certificate"))? {
            if let Attribute::Value(der) = value {
                certificates.extend(Certificate::from_der(&der).ok());
            }
        }
    }
    Ok(certificates)
}

impl Token {
    /// Signs on the token.
    pub(super) fn sign(&self, message: &[u8]) -> Result<Vec<u8>> {
        let session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        session.sign(&Mechanism::Sha256RsaPkcs, self.key, message).map_err(failed("sign"))
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token")
    }
}
