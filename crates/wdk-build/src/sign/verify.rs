//! Whether a signature holds.
//!
//! What is checked: that the file is what was signed, with the key of the certificate in it; that the certificate is
//! one for code signing and was valid at the time of the timestamp, or is now; and, where trusted certificates are
//! given, that one of them stands at the end of the chain. Revocation and Windows' own policies are not.

use super::signed_data::Signed;
use super::spc::{self, SpcIndirectDataContent};
use super::timestamp::Timestamp;
use super::{Error, Image, Result, page_hashes};
use crate::certificate::{Certificate, hex};
use std::time::SystemTime;

/// The most certificates in a chain.
const CHAIN_LIMIT: usize = 16;

/// What is known of a signature that holds.
#[derive(Debug, Clone)]
pub struct Report {
    /// Whose signature it is.
    pub signer: Certificate,
    /// The time that the signature says it was made at.
    pub signing_time: Option<SystemTime>,
    /// The timestamp beside it.
    pub timestamp: Option<Timestamp>,
    /// The trusted certificate at the end of the chain; none when no trusted ones were given.
    pub root: Option<Certificate>,
    /// The SHA-256 Authenticode hash of an image.
    pub digest: Option<[u8; 32]>,
    /// Whether it has page hashes.
    pub page_hashes: bool,
}

/// Checks the signature of a PE image. `now` counts where there is no timestamp; without `trusted` certificates,
/// nothing is said about who signed.
///
/// # Errors
///
/// What is wrong with the image or its signature.
pub fn image(file: &[u8], trusted: &[Certificate], now: SystemTime) -> Result<Report> {
    let image = Image::parse(file)?;
    let (signed, _) = Signed::parse_prefix(image.signature()?)?;
    if signed.content_type() != spc::INDIRECT_DATA {
        return Err(Error::Unsupported(format!(
            "a signature with content of the kind {}",
            signed.content_type()
        )));
    }
    let content: SpcIndirectDataContent = signed
        .content()?
        .decode_as()
        .map_err(|error: der::Error| Error::Malformed("signature's content", error.to_string()))?;
    let algorithm = content.message_digest.digest_algorithm.oid;
    if algorithm != spc::SHA256 {
        return Err(Error::Unsupported(format!("an image hash with the algorithm {algorithm} (SHA-256 is)")));
    }
    let digest = image.digest();
    let stated = content.message_digest.digest.as_bytes();
    if stated != digest {
        return Err(Error::Changed { signed: hex(stated), is: hex(&digest) });
    }
    let pages = spc::page_hashes(&content);
    if let Some(pages) = &pages
        && *pages != page_hashes::of(&image)?
    {
        return Err(Error::PagesChanged);
    }
    let report = message(&signed, trusted, now)?;
    Ok(Report { digest: Some(digest), page_hashes: pages.is_some(), ..report })
}

/// Checks the signature of a message.
pub(crate) fn message(signed: &Signed, trusted: &[Certificate], now: SystemTime) -> Result<Report> {
    let signer = signed.verify()?;
    let timestamp = match signed.timestamp()? {
        Some(token) => Some(Timestamp::read(&token, signed.signature()?)?),
        None => {
            let found = signed.countersignature()?;
            found.map(|(signer, time)| Timestamp::countersigned(signer, time)).transpose()?
        }
    };
    let at = timestamp.as_ref().map_or(now, |timestamp| timestamp.time);
    signer.check(at)?;
    let mut known = signed.certificates();
    let root = match trusted {
        [] => None,
        trusted => Some(root(&signer, &known, trusted, at)?),
    };
    if let (Some(timestamp), false) = (&timestamp, trusted.is_empty()) {
        // Who is not trusted may say any time.
        known.extend(timestamp.chain.iter().cloned());
        self::root(&timestamp.signer, &known, trusted, at)?;
    }
    let signing_time = signed.signing_time()?;
    Ok(Report { signer, signing_time, timestamp, root, digest: None, page_hashes: false })
}

/// Follows the chain up to a trusted certificate.
fn root(
    signer: &Certificate,
    known: &[Certificate],
    trusted: &[Certificate],
    at: SystemTime,
) -> Result<Certificate> {
    let mut current = signer.clone();
    for _ in 0..CHAIN_LIMIT {
        if let Some(own) = trusted.iter().find(|trusted| **trusted == current) {
            return Ok(own.clone());
        }
        let above = |candidates: &[Certificate]| {
            let mut candidates = candidates.iter();
            candidates.find(|candidate| **candidate != current && current.is_issued_by(candidate)).cloned()
        };
        let Some(issuer) = above(trusted).or_else(|| above(known)) else { break };
        issuer.check_time(at)?;
        current = issuer;
    }
    Err(Error::NotTrusted { subject: current.subject() })
}
