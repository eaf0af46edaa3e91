//! PFX files (PKCS#12).

use super::{Certificate, Error, Key, Result};
use p12_keystore::error::Error as PfxError;
use p12_keystore::{
    EncryptionAlgorithm, KeyStore, KeyStoreEntry, MacAlgorithm, Pkcs12Archive, PrivateKey, PrivateKeyChain,
};
use sha1::{Digest as _, Sha1};

const WHAT: &str = "PFX file (PKCS#12)";

/// Reads the private key and the certificates.
pub(super) fn read(pfx: &[u8], password: &str) -> Result<(Key, Vec<Certificate>)> {
    let archive = Pkcs12Archive::from_pkcs12(pfx, password).map_err(|error| match error {
        PfxError::MacError(_) => Error::WrongPassword("PFX file"),
        // Without a MAC it is the decryption that fails: the padding is wrong, or what comes out is no structure.
        PfxError::UnpadError | PfxError::Pkcs5Error(_) => Error::WrongPassword("PFX file"),
        error => Error::Malformed(WHAT, error.to_string()),
    })?;
    let [key] = archive.keys.as_slice() else {
        return Err(Error::KeyCount(archive.keys.len()));
    };
    let certificates = archive.certs.iter().map(|bag| Certificate::from_der(bag.cert.as_der()));
    Ok((Key::from_pkcs8(key.key.as_der())?, certificates.collect::<Result<_>>()?))
}

/// Writes a key with its certificate.
pub(super) fn write(name: &str, key: &[u8], certificate: &Certificate, password: &str) -> Result<Vec<u8>> {
    let failed = |error: PfxError| Error::Key(format!("the PFX file cannot be made: {error}"));
    let key = PrivateKey::from_der(key).map_err(failed)?;
    let chain = p12_keystore::Certificate::from_der(certificate.der()).map_err(failed)?;
    let id = Sha1::digest(certificate.der()).to_vec();
    let mut store = KeyStore::new();
    store.add_entry(name, KeyStoreEntry::PrivateKeyChain(PrivateKeyChain::new(id, key, [chain])));
    let writer = store
        .writer(password)
        .encryption_algorithm(EncryptionAlgorithm::PbeWithHmacSha256AndAes256)
        .mac_algorithm(MacAlgorithm::HmacSha256);
    writer.write().map_err(failed)
}
