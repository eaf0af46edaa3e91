//! Authenticode signatures: of PE images, and of anything else that is PKCS#7 with Microsoft's content (catalogs).
//!
//! An image's signature is over its hash, which leaves out what signing changes (the checksum, the directory entry of
//! the certificate table, and the table). Everything but a timestamp is a function of the image, the key and
//! [`Options::time`]: signing again gives the same bytes.

mod error;
mod image;
mod page_hashes;
pub(crate) mod signed_data;
pub(crate) mod spc;
pub mod timestamp;
pub mod verify;

pub use error::{Error, Result};
pub use image::Image;

use crate::certificate::{Error as CertificateError, Identity};
use sha2::{Digest as _, Sha256};
use std::time::SystemTime;

/// The longest file that is signed or hashed: more than any driver package has.
pub const FILE_LIMIT: u64 = 512 << 20;

/// How to sign.
#[derive(Debug, Clone)]
pub struct Options {
    /// The time that the signature says it was made at. It proves nothing; a timestamp does. The certificate has to
    /// be valid then.
    pub time: SystemTime,
    /// What the file is, in words (`/d` of SignTool).
    pub description: Option<String>,
    /// Where to learn more about it (`/du` of SignTool).
    pub url: Option<String>,
    /// The server to ask for a timestamp, `http://…` (needs the feature `timestamp`).
    pub timestamp: Option<String>,
    /// Puts a hash of each page into an image's signature (`/ph` of SignTool).
    pub page_hashes: bool,
}

impl Options {
    /// Nothing but a time.
    pub fn at(time: SystemTime) -> Self {
        Self { time, description: None, url: None, timestamp: None, page_hashes: false }
    }
}

/// What kind of file it is, as far as signing goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// A PE image.
    Image,
    /// A catalog, or another PKCS#7 message: to be told apart by reading it.
    Message,
    /// Neither: it cannot carry a signature, but a catalog can have its hash.
    Other,
}

/// Tells by the first bytes.
pub fn kind_of(file: &[u8]) -> FileKind {
    match file {
        [b'M', b'Z', ..] => FileKind::Image,
        [0x30, length, ..] if *length >= 0x80 => FileKind::Message,
        _ => FileKind::Other,
    }
}

/// Signs a PE image; returns it with the signature. A signature that it has is replaced.
///
/// # Errors
///
/// When it is no well-formed image, the certificate is not valid at [`Options::time`], the key does not sign, or the
/// timestamp cannot be had.
pub fn image(file: &[u8], identity: &Identity, options: &Options) -> Result<Vec<u8>> {
    let image = Image::parse(file)?;
    let pages = options.page_hashes.then(|| page_hashes::of(&image)).transpose()?;
    let content = spc::image_content(&image.digest(), pages.as_deref())?;
    let signature = message(spc::INDIRECT_DATA, content, identity, options)?;
    image.with_signature(&signature)
}

/// Signs Microsoft's content in PKCS#7.
pub(crate) fn message(
    content_type: der::oid::ObjectIdentifier,
    content: der::Any,
    identity: &Identity,
    options: &Options,
) -> Result<Vec<u8>> {
    identity.certificate().check(options.time).map_err(Error::Certificate)?;
    let mut signed = signed_data::sign(content_type, content, identity, options)?;
    if let Some(url) = &options.timestamp {
        let signature = signed.signature()?;
        let token = timestamp::fetch(url, &Sha256::digest(signature).into())?;
        signed.add_timestamp(&token)?;
    }
    signed.to_der()
}

impl From<CertificateError> for Error {
    fn from(error: CertificateError) -> Self {
        Self::Certificate(error)
    }
}
