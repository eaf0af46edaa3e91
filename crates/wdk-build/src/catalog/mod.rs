//! Catalogs: a signed list of the hashes of a driver package's files.
//!
//! A `.cat` file is a certificate trust list (CTL) in PKCS#7. Its members are files: PE images by their Authenticode
//! hash, so that signing an image or its catalog first makes no difference to the other, all other files by the hash of
//! their bytes. The form is that of MakeCat and of Microsoft's own driver catalogs of version 2: SHA-256, the hash
//! itself as the member's tag, and beside each such member one that has the SHA-1 hash as its tag and nothing else. A catalog is a function of the files, the attributes and the time: the list identifier is derived from
//! the members.

mod check;
mod ctl;
mod error;
mod os;
mod read;
mod write;

pub use check::{Difference, check};
pub use error::{Error, Result};
pub use os::Os;
pub use read::{Catalog, Member, MemberHash};
pub use write::Builder;

use crate::certificate::{Certificate, Identity};
use crate::sign::signed_data::Signed;
use crate::sign::{self, Options, verify};
use std::time::SystemTime;

/// The hash of a file as catalogs have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hash {
    /// How the file was hashed.
    pub kind: HashKind,
    /// SHA-256.
    pub digest: [u8; 32],
    /// SHA-1, which is a tag to be found by, and proves nothing.
    pub sha1: [u8; 20],
}

/// How a file is hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum HashKind {
    /// Its bytes.
    Flat,
    /// A PE image without what signing changes.
    Image,
}

/// Hashes a file: a PE image as an image, anything else by its bytes.
///
/// # Errors
///
/// When it is a PE image that is damaged.
pub fn hash(file: &[u8]) -> Result<Hash> {
    use sha2::{Digest as _, Sha256};
    if sign::Image::is_image(file) {
        let image = sign::Image::parse(file)?;
        return Ok(Hash { kind: HashKind::Image, digest: image.digest(), sha1: image.sha1() });
    }
    Ok(Hash {
        kind: HashKind::Flat,
        digest: Sha256::digest(file).into(),
        sha1: sha1::Sha1::digest(file).into(),
    })
}

/// The same; an error says which file it is.
fn named_hash(name: &str, file: &[u8]) -> Result<Hash> {
    hash(file).map_err(|error| match error {
        Error::Sign(error) => Error::File(name.to_owned(), error),
        error => error,
    })
}

/// Signs a catalog; a signature that it has is replaced.
///
/// # Errors
///
/// When it is no catalog, the certificate is not valid at [`Options::time`], the key does not sign, or the timestamp
/// cannot be had.
pub fn sign(catalog: &[u8], identity: &Identity, options: &Options) -> Result<Vec<u8>> {
    // Reading it all shows that it is a catalog; what is signed are the bytes that it has.
    Catalog::parse(catalog)?;
    let unsigned = Signed::parse(catalog)?;
    Ok(sign::message(ctl::CTL, unsigned.content()?.clone(), identity, options)?)
}

/// Checks the signature of a catalog, as [`verify::image`] does that of an image.
///
/// # Errors
///
/// When it is no catalog, or what is wrong with its signature.
pub fn verify(catalog: &[u8], trusted: &[Certificate], now: SystemTime) -> Result<(Catalog, verify::Report)> {
    let parsed = Catalog::parse(catalog)?;
    Ok((parsed, verify::message(&Signed::parse(catalog)?, trusted, now)?))
}
