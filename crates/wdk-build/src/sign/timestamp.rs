//! Timestamps (RFC 3161): a server's word that a signature existed at a time, so that it outlives its certificate.

use super::signed_data::{Signed, hash};
use super::{Error, Result, spc};
use crate::certificate::Certificate;
use der::asn1::{Any, Int, OctetString};
use der::oid::ObjectIdentifier;
use der::{DateTime, Decode as _, Encode as _, Sequence, Tag, Tagged as _};
use std::time::SystemTime;
use x509_cert::spki::AlgorithmIdentifierOwned;

/// `id-ct-TSTInfo`.
const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");

/// The longest answer that is read: tokens have a few KiB.
#[cfg(feature = "timestamp")]
const ANSWER_LIMIT: u64 = 1 << 20;

#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
struct MessageImprint {
    algorithm: AlgorithmIdentifierOwned,
    hashed_message: OctetString,
}

#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
struct TimeStampReq {
    version: u8,
    message_imprint: MessageImprint,
    nonce: Int,
    cert_req: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
struct TimeStampResp {
    status: Vec<Any>,
    #[asn1(optional = "true")]
    token: Option<Any>,
}

/// A question for a server.
#[derive(Debug)]
pub struct Request {
    der: Vec<u8>,
    nonce: Int,
    digest: [u8; 32],
}

fn malformed(error: der::Error) -> Error {
    Error::Timestamp(format!("the server's answer is malformed: {error}"))
}

impl Request {
    /// Asks for a timestamp for something with this SHA-256 hash.
    ///
    /// # Errors
    ///
    /// When the system has no random numbers.
    pub fn new(digest: &[u8; 32]) -> Result<Self> {
        let mut random = [0; 8];
        getrandom::fill(&mut random).map_err(|error| Error::Timestamp(error.to_string()))?;
        // Positive, and without a leading zero byte: DER has one form only.
        random[0] = random[0] & 0x7F | 0x40;
        let build = || {
            let nonce = Int::new(&random)?;
            let message_imprint = MessageImprint {
                algorithm: spc::sha256(),
                hashed_message: OctetString::new(digest.as_slice())?,
            };
            let request = TimeStampReq { version: 1, message_imprint, nonce: nonce.clone(), cert_req: true };
            Ok((request.to_der()?, nonce))
        };
        let (der, nonce) = build().map_err(|error: der::Error| Error::Timestamp(error.to_string()))?;
        Ok(Self { der, nonce, digest: *digest })
    }

    /// The body of the HTTP request, `application/timestamp-query`.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Reads the answer, `application/timestamp-reply`; returns the token. It has to be for this request, and
    /// genuine.
    ///
    /// # Errors
    ///
    /// [`Error::Timestamp`] when the server refused or answered something else.
    pub fn token(&self, answer: &[u8]) -> Result<Vec<u8>> {
        let answer = TimeStampResp::from_der(answer).map_err(malformed)?;
        let status = answer.status.first().and_then(|status| status.decode_as::<u8>().ok());
        // granted, grantedWithMods
        if !matches!(status, Some(0 | 1)) {
            return Err(Error::Timestamp(refusal(&answer.status)));
        }
        let token = answer.token.ok_or_else(|| Error::Timestamp("the server sent none".to_owned()))?;
        let token = token.to_der().map_err(malformed)?;
        let (_, stated) = genuine(&Signed::parse(&token)?)?;
        if stated.imprint.algorithm.oid != spc::SHA256
            || stated.imprint.hashed_message.as_bytes() != self.digest
        {
            return Err(Error::Timestamp("the server's token is for something else".to_owned()));
        }
        if stated.nonce.as_ref() != Some(&self.nonce) {
            return Err(Error::Timestamp("the server's token answers another request".to_owned()));
        }
        Ok(token)
    }
}

/// The server's reason, as far as it gives one.
fn refusal(status: &[Any]) -> String {
    let texts: Vec<String> = status.get(1).and_then(|texts| texts.decode_as().ok()).unwrap_or_default();
    match texts.is_empty() {
        true => "the server refused, and did not say why".to_owned(),
        false => format!("the server refused: {}", texts.join("; ").escape_debug()),
    }
}

/// What a token states.
struct Stated {
    imprint: MessageImprint,
    time: SystemTime,
    nonce: Option<Int>,
}

impl Stated {
    fn read(token: &Signed) -> Result<Self> {
        if token.content_type() != TST_INFO {
            return Err(Error::Timestamp("the token is not one of RFC 3161".to_owned()));
        }
        let fields = Vec::<Any>::from_der(token.content()?.value()).map_err(malformed)?;
        let [_version, _policy, imprint, _serial, time, rest @ ..] = fields.as_slice() else {
            return Err(Error::Timestamp("the token is too short".to_owned()));
        };
        let nonce = rest.iter().find(|field| field.tag() == Tag::Integer).map(|nonce| nonce.decode_as());
        Ok(Self {
            imprint: imprint.decode_as().map_err(malformed)?,
            time: general_time(time)
                .ok_or_else(|| Error::Timestamp("the token's time is malformed".to_owned()))?,
            nonce: nonce.transpose().map_err(malformed)?,
        })
    }
}

/// Checks a token's own signature; returns its signer and what it states.
fn genuine(token: &Signed) -> Result<(Certificate, Stated)> {
    let signer = token.verify()?;
    let stated = Stated::read(token)?;
    check_signer(&signer, stated.time)?;
    Ok((signer, stated))
}

/// Whether a certificate may say that it was that time.
fn check_signer(signer: &Certificate, time: SystemTime) -> Result {
    signer.check_time(time)?;
    match signer.is_for_timestamps() {
        true => Ok(()),
        false => {
            Err(Error::Timestamp(format!("the certificate of `{}` is not for timestamps", signer.subject())))
        }
    }
}

/// A GeneralizedTime, which in tokens may have a fraction of a second.
fn general_time(value: &Any) -> Option<SystemTime> {
    let text = std::str::from_utf8(value.value()).ok().filter(|_| value.tag() == Tag::GeneralizedTime)?;
    let (digits, rest) = text.split_at_checked(14)?;
    let fraction = rest.strip_suffix('Z')?;
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_digits(digits) || !(fraction.is_empty() || fraction.strip_prefix('.').is_some_and(is_digits)) {
        return None;
    }
    let number = |from: usize, to: usize| digits[from..to].parse::<u16>().ok();
    let byte = |from: usize| number(from, from + 2).map(|number| number as u8);
    let time = DateTime::new(number(0, 4)?, byte(4)?, byte(6)?, byte(8)?, byte(10)?, byte(12)?).ok()?;
    Some(time.to_system_time())
}

/// A timestamp that was found genuine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timestamp {
    /// When the signature existed.
    pub time: SystemTime,
    /// Whose word it is.
    pub signer: Certificate,
    /// The other certificates in the token.
    pub(super) chain: Vec<Certificate>,
}

impl Timestamp {
    /// Reads the token beside a signature, and checks that it is for it.
    pub(super) fn read(token: &[u8], signature: &[u8]) -> Result<Self> {
        let token = Signed::parse(token)?;
        let (signer, stated) = genuine(&token)?;
        if hash(&stated.imprint.algorithm, signature)? != stated.imprint.hashed_message.as_bytes() {
            return Err(Error::BadSignature("its timestamp is for another signature"));
        }
        Ok(Self { time: stated.time, signer, chain: token.certificates() })
    }
}

impl Timestamp {
    /// One of the kind before RFC 3161, which others still write; its signature was checked.
    pub(super) fn countersigned(signer: Certificate, time: SystemTime) -> Result<Self> {
        check_signer(&signer, time)?;
        Ok(Self { time, signer, chain: Vec::new() })
    }
}

/// Asks a server.
#[cfg(feature = "timestamp")]
pub(super) fn fetch(url: &str, digest: &[u8; 32]) -> Result<Vec<u8>> {
    use std::time::Duration;
    if !url.starts_with("http://") {
        return Err(Error::Timestamp(format!(
            "`{}` is no address that can be asked (timestamp servers are asked by `http://`; their answers are signed)",
            url.escape_debug()
        )));
    }
    let failed = |error: ureq::Error| Error::Timestamp(format!("`{url}` does not answer: {error}"));
    let request = Request::new(digest)?;
    let agent: ureq::Agent =
        ureq::Agent::config_builder().timeout_global(Some(Duration::from_secs(30))).build().into();
    let answer = agent
        .post(url)
        .header("Content-Type", "application/timestamp-query")
        .header("Accept", "application/timestamp-reply")
        .send(request.der());
    let mut body = answer.map_err(failed)?.into_body();
    let answer = body.with_config().limit(ANSWER_LIMIT).read_to_vec().map_err(failed)?;
    request.token(&answer)
}

/// Asks a server.
#[cfg(not(feature = "timestamp"))]
pub(super) fn fetch(_url: &str, _digest: &[u8; 32]) -> Result<Vec<u8>> {
    Err(Error::Timestamp("this build cannot ask servers (the feature `timestamp` is off)".to_owned()))
}
