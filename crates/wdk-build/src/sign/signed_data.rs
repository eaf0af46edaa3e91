//! PKCS#7 `SignedData` with content of Microsoft's kinds.
//!
//! PKCS#7 and its successor CMS differ in one thing that matters here: Microsoft's content stands in the message as it
//! is, not inside an OCTET STRING, and what is hashed is its value without tag and length.

use super::{Error, Options, Result, spc};
use crate::certificate::{Certificate, Identity};
use cms::cert::IssuerAndSerialNumber;
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{EncapsulatedContentInfo, SignerIdentifier, SignerInfo};
use der::asn1::{Any, GeneralizedTime, Ia5String, OctetString, SetOfVec, UtcTime};
use der::oid::ObjectIdentifier;
use der::oid::db::rfc5911::{ID_CONTENT_TYPE, ID_DATA, ID_MESSAGE_DIGEST, ID_SIGNED_DATA, ID_SIGNING_TIME};
use der::{Decode as _, Encode as _, Reader as _, Sequence, SliceReader, Tag};
use sha2::{Digest as _, Sha256};
use std::time::SystemTime;
use x509_cert::attr::Attribute;
use x509_cert::ext::pkix::SubjectKeyIdentifier;
use x509_cert::spki::AlgorithmIdentifierOwned;
use x509_cert::time::Time;

/// Where a timestamp of RFC 3161 stands in a signature.
const TIMESTAMP: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.311.3.3.1");

/// Where a timestamp of the kind before stands (PKCS#9).
const COUNTERSIGNATURE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.6");

/// `SignedData`, with the certificates as the bytes that they are: encoding them again could change them.
#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
struct SignedData {
    version: CmsVersion,
    digest_algorithms: SetOfVec<AlgorithmIdentifierOwned>,
    content: EncapsulatedContentInfo,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", constructed = "true", optional = "true")]
    certificates: Option<SetOfVec<Any>>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", constructed = "true", optional = "true")]
    crls: Option<SetOfVec<Any>>,
    signers: SetOfVec<SignerInfo>,
}

/// A message that is signed, or is about to be.
#[derive(Clone, Debug)]
pub(crate) struct Signed(SignedData);

fn malformed(error: der::Error) -> Error {
    Error::Malformed("PKCS#7 message", error.to_string())
}

impl Signed {
    /// Reads a message.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let (message, rest) = Self::parse_prefix(bytes)?;
        match rest {
            0 => Ok(message),
            _ => Err(Error::Malformed("PKCS#7 message", format!("{rest} bytes follow it"))),
        }
    }

    /// Reads a message, and how many bytes follow it: an image's certificate table is filled up to a multiple of eight,
    /// and some tools leave marks of their own there.
    pub fn parse_prefix(bytes: &[u8]) -> Result<(Self, usize)> {
        let mut reader = SliceReader::new(bytes).map_err(malformed)?;
        let message = ContentInfo::decode(&mut reader).map_err(malformed)?;
        if message.content_type != ID_SIGNED_DATA {
            return Err(Error::Malformed("PKCS#7 message", "it is not signed data".to_owned()));
        }
        let rest = usize::try_from(reader.remaining_len()).unwrap_or(usize::MAX);
        Ok((Self(message.content.decode_as().map_err(malformed)?), rest))
    }

    /// A message with this content and no signature, as a tool makes it that leaves signing to another.
    pub fn unsigned(content_type: ObjectIdentifier, content: Any) -> Self {
        Self(SignedData {
            version: CmsVersion::V1,
            digest_algorithms: SetOfVec::new(),
            content: EncapsulatedContentInfo { econtent_type: content_type, econtent: Some(content) },
            certificates: None,
            crls: None,
            signers: SetOfVec::new(),
        })
    }

    /// The message.
    pub fn to_der(&self) -> Result<Vec<u8>> {
        let message = ContentInfo {
            content_type: ID_SIGNED_DATA,
            content: Any::encode_from(&self.0).map_err(malformed)?,
        };
        message.to_der().map_err(malformed)
    }

    /// What kind of content it has.
    pub fn content_type(&self) -> ObjectIdentifier {
        self.0.content.econtent_type
    }

    /// The content.
    pub fn content(&self) -> Result<&Any> {
        let content = self.0.content.econtent.as_ref();
        content.ok_or_else(|| Error::Malformed("PKCS#7 message", "its content is missing".to_owned()))
    }

    /// Whether anybody signed it.
    pub fn is_signed(&self) -> bool {
        !self.0.signers.is_empty()
    }

    fn signer(&self) -> Result<&SignerInfo> {
        match self.0.signers.as_slice() {
            [] => Err(Error::NotSigned),
            [signer] => Ok(signer),
            _ => Err(Error::Unsupported("a message with several signers".to_owned())),
        }
    }

    /// The signature's value: what a timestamp is for.
    pub fn signature(&self) -> Result<&[u8]> {
        Ok(self.signer()?.signature.as_bytes())
    }

    /// The certificates in it that can be read.
    pub fn certificates(&self) -> Vec<Certificate> {
        let certificates = self.0.certificates.iter().flat_map(|set| set.iter());
        certificates.filter_map(|any| Certificate::from_der(&any.to_der().ok()?).ok()).collect()
    }

    /// Puts a timestamp beside the signature.
    pub fn add_timestamp(&mut self, token: &[u8]) -> Result {
        let mut signer = self.signer()?.clone();
        let token = Any::from_der(token).map_err(malformed)?;
        signer.unsigned_attrs =
            Some(SetOfVec::try_from(vec![attribute(TIMESTAMP, token)?]).map_err(malformed)?);
        self.0.signers = SetOfVec::try_from(vec![signer]).map_err(malformed)?;
        Ok(())
    }

    /// The timestamp beside the signature.
    pub fn timestamp(&self) -> Result<Option<Vec<u8>>> {
        let attributes = self.signer()?.unsigned_attrs.iter().flat_map(|set| set.iter());
        let value =
            attributes.filter(|attribute| attribute.oid == TIMESTAMP).find_map(|found| found.values.get(0));
        value.map(|token| token.to_der().map_err(malformed)).transpose()
    }

    /// The time that the signature says it was made at.
    pub fn signing_time(&self) -> Result<Option<SystemTime>> {
        let Some(value) = signed_attribute(self.signer()?, ID_SIGNING_TIME) else { return Ok(None) };
        let time: Time = value.decode_as().map_err(malformed)?;
        Ok(Some(time.to_system_time()))
    }

    /// Checks that the content is what was signed, with the key of a certificate in the message. Returns that
    /// certificate.
    pub fn verify(&self) -> Result<Certificate> {
        verify(self.signer()?, &self.certificates(), self.content_type(), self.content()?.value())
    }

    /// The countersignature beside the signature, if there is one: a timestamp of the kind before RFC 3161. Returns who
    /// made it and when, after checking it.
    pub fn countersignature(&self) -> Result<Option<(Certificate, SystemTime)>> {
        let attributes = self.signer()?.unsigned_attrs.iter().flat_map(|set| set.iter());
        let value =
            attributes.filter(|attribute| attribute.oid == COUNTERSIGNATURE).find_map(|a| a.values.get(0));
        let Some(value) = value else { return Ok(None) };
        let signer: SignerInfo = value.decode_as().map_err(malformed)?;
        let certificate = verify(&signer, &self.certificates(), ID_DATA, self.signature()?)?;
        let time = signed_attribute(&signer, ID_SIGNING_TIME);
        let time: Time = time
            .ok_or(Error::BadSignature("its countersignature has no time"))?
            .decode_as()
            .map_err(malformed)?;
        Ok(Some((certificate, time.to_system_time())))
    }
}

/// Checks that content is what was signed, with the key of one of the certificates. Returns that certificate.
fn verify(
    signer: &SignerInfo,
    certificates: &[Certificate],
    content_type: ObjectIdentifier,
    content: &[u8],
) -> Result<Certificate> {
    let certificate = certificates.iter().find(|certificate| names(&signer.sid, certificate));
    let certificate = certificate.ok_or(Error::BadSignature("its certificate is missing"))?;
    let message = match &signer.signed_attrs {
        None => content.to_vec(),
        Some(attributes) => {
            let kind = signed_attribute(signer, ID_CONTENT_TYPE).map(|value| value.decode_as());
            if kind != Some(Ok(content_type)) {
                return Err(Error::BadSignature("it is for content of another kind"));
            }
            let signed = signed_attribute(signer, ID_MESSAGE_DIGEST).map(|value| value.value());
            if signed != Some(hash(&signer.digest_alg, content)?.as_slice()) {
                return Err(Error::BadSignature("the content was changed after it was signed"));
            }
            attributes.to_der().map_err(malformed)?
        }
    };
    match certificate.verifies(signature_algorithm(signer)?, &message, signer.signature.as_bytes())? {
        true => Ok(certificate.clone()),
        false => Err(Error::BadSignature("it was not made with the key of its certificate")),
    }
}

/// The one value of a signed attribute.
fn signed_attribute(signer: &SignerInfo, kind: ObjectIdentifier) -> Option<&Any> {
    let attribute = signer.signed_attrs.as_ref()?.iter().find(|attribute| attribute.oid == kind)?;
    if attribute.values.len() == 1 { attribute.values.get(0) } else { None }
}

/// Whether the signer's identifier is that of a certificate.
fn names(identifier: &SignerIdentifier, certificate: &Certificate) -> bool {
    let tbs = certificate.parsed().tbs_certificate();
    match identifier {
        SignerIdentifier::IssuerAndSerialNumber(id) => {
            id.issuer == *tbs.issuer() && id.serial_number == *tbs.serial_number()
        }
        SignerIdentifier::SubjectKeyIdentifier(id) => {
            matches!(tbs.get_extension::<SubjectKeyIdentifier>(), Ok(Some((_, own))) if own == *id)
        }
    }
}

/// Hashes with an algorithm of a signature.
pub(super) fn hash(algorithm: &AlgorithmIdentifierOwned, data: &[u8]) -> Result<Vec<u8>> {
    use der::oid::db::rfc5912::{ID_SHA_1, ID_SHA_256, ID_SHA_384, ID_SHA_512};
    match algorithm.oid {
        ID_SHA_256 => Ok(Sha256::digest(data).to_vec()),
        ID_SHA_384 => Ok(sha2::Sha384::digest(data).to_vec()),
        ID_SHA_512 => Ok(sha2::Sha512::digest(data).to_vec()),
        ID_SHA_1 => Ok(sha1::Sha1::digest(data).to_vec()),
        other => Err(Error::Unsupported(format!("the hash algorithm {other}"))),
    }
}

/// The algorithm of a signature, as one OID for key and hash.
fn signature_algorithm(signer: &SignerInfo) -> Result<ObjectIdentifier> {
    use crate::certificate::{SHA1_RSA, SHA256_RSA, SHA384_RSA, SHA512_RSA};
    use der::oid::db::rfc5912::{ID_SHA_1, ID_SHA_256, ID_SHA_384, ID_SHA_512};
    if signer.signature_algorithm.oid != rsa::pkcs1::ALGORITHM_OID {
        return Ok(signer.signature_algorithm.oid);
    }
    // Windows names the key's algorithm only.
    Ok(match signer.digest_alg.oid {
        ID_SHA_256 => SHA256_RSA,
        ID_SHA_384 => SHA384_RSA,
        ID_SHA_512 => SHA512_RSA,
        ID_SHA_1 => SHA1_RSA,
        other => other,
    })
}

fn attribute(oid: ObjectIdentifier, value: Any) -> Result<Attribute> {
    Ok(Attribute { oid, values: SetOfVec::try_from(vec![value]).map_err(malformed)? })
}

/// Signs content.
pub(super) fn sign(
    content_type: ObjectIdentifier,
    content: Any,
    identity: &Identity,
    options: &Options,
) -> Result<Signed> {
    let digest = Sha256::digest(content.value());
    let opus = spc::SpcSpOpusInfo {
        program_name: options
            .description
            .as_deref()
            .map(|text| spc::unicode("description", text))
            .transpose()?,
        more_info: options.url.as_deref().map(url).transpose()?,
    };
    let attributes = vec![
        attribute(ID_CONTENT_TYPE, Any::encode_from(&content_type).map_err(malformed)?)?,
        attribute(ID_SIGNING_TIME, signing_time(options.time)?)?,
        attribute(ID_MESSAGE_DIGEST, Any::new(Tag::OctetString, digest.to_vec()).map_err(malformed)?)?,
        attribute(spc::OPUS_INFO, Any::encode_from(&opus).map_err(malformed)?)?,
        attribute(spc::STATEMENT_TYPE, spc::statement_type()?)?,
    ];
    let attributes = SetOfVec::try_from(attributes).map_err(malformed)?;
    let signature = identity.key().sign(&attributes.to_der().map_err(malformed)?)?;
    let tbs = identity.certificate().parsed().tbs_certificate();
    let signer = SignerInfo {
        version: CmsVersion::V1,
        sid: SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
            issuer: tbs.issuer().clone(),
            serial_number: tbs.serial_number().clone(),
        }),
        digest_alg: spc::sha256(),
        signed_attrs: Some(attributes),
        signature_algorithm: AlgorithmIdentifierOwned {
            oid: rsa::pkcs1::ALGORITHM_OID,
            parameters: Some(Any::null()),
        },
        signature: OctetString::new(signature).map_err(malformed)?,
        unsigned_attrs: None,
    };
    let certificates = std::iter::once(identity.certificate()).chain(identity.chain());
    let certificates = certificates.map(|certificate| Any::from_der(certificate.der()).map_err(malformed));
    let mut signed = Signed::unsigned(content_type, content);
    signed.0.digest_algorithms = SetOfVec::try_from(vec![spc::sha256()]).map_err(malformed)?;
    signed.0.certificates =
        Some(SetOfVec::try_from(certificates.collect::<Result<Vec<_>>>()?).map_err(malformed)?);
    signed.0.signers = SetOfVec::try_from(vec![signer]).map_err(malformed)?;
    Ok(signed)
}

fn url(url: &str) -> Result<spc::SpcLink> {
    let url = Ia5String::new(url).map_err(|error| Error::Malformed("URL", error.to_string()))?;
    Ok(spc::SpcLink::Url(url))
}

/// UTCTime up to 2049, as RFC 5652 wants it.
pub(crate) fn signing_time(time: SystemTime) -> Result<Any> {
    let encode = || match UtcTime::from_system_time(time) {
        Ok(time) => Any::encode_from(&time),
        Err(_) => Any::encode_from(&GeneralizedTime::from_system_time(time)?),
    };
    encode().map_err(|error| Error::Malformed("signing time", error.to_string()))
}
