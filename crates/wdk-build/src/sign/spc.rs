//! Microsoft's structures inside a signature. They are described in "Windows Authenticode Portable Executable Signature
//! Format"; names are those of that paper.

use super::{Error, Result};
use der::asn1::{Any, BitString, BmpString, Ia5String, OctetString, SetOfVec};
use der::oid::ObjectIdentifier;
use der::{Choice, Decode as _, Encode as _, Sequence, Tag};
use x509_cert::spki::AlgorithmIdentifierOwned;

/// `SPC_INDIRECT_DATA_OBJID`.
pub(crate) const INDIRECT_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.311.2.1.4");
/// `SPC_STATEMENT_TYPE_OBJID`.
pub(super) const STATEMENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.311.2.1.11");
/// `SPC_SP_OPUS_INFO_OBJID`.
pub(super) const OPUS_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.311.2.1.12");
/// `SPC_INDIVIDUAL_SP_KEY_PURPOSE_OBJID`.
pub(super) const INDIVIDUAL: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.311.2.1.21");
/// `SPC_PE_IMAGE_DATA_OBJID`.
pub(crate) const PE_IMAGE_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.311.2.1.15");
/// `SPC_CAB_DATA_OBJID`.
pub(crate) const CAB_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.311.2.1.25");
/// `SPC_PE_IMAGE_PAGE_HASHES_V2_OBJID`.
const PAGE_HASHES_V2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.311.2.3.2");
/// SHA-256.
pub(crate) const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");

/// The class of the serialised object that holds page hashes.
const PAGE_HASHES_CLASS: [u8; 16] =
    [0xA6, 0xB5, 0x86, 0xD5, 0xB4, 0xA1, 0x24, 0x66, 0xAE, 0x05, 0xA2, 0x17, 0xDA, 0x8E, 0x60, 0xD6];

/// What is hashed, and its hash.
#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
pub(crate) struct SpcIndirectDataContent {
    pub data: SpcAttributeTypeAndOptionalValue,
    pub message_digest: DigestInfo,
}

#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
pub(crate) struct SpcAttributeTypeAndOptionalValue {
    pub kind: ObjectIdentifier,
    #[asn1(optional = "true")]
    pub value: Option<Any>,
}

#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
pub(crate) struct DigestInfo {
    pub digest_algorithm: AlgorithmIdentifierOwned,
    pub digest: OctetString,
}

#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
struct SpcPeImageData {
    flags: BitString,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    file: Option<SpcLink>,
}

#[derive(Clone, Debug, PartialEq, Eq, Choice)]
pub(crate) enum SpcLink {
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT")]
    Url(Ia5String),
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", constructed = "true")]
    Moniker(SpcSerializedObject),
    #[asn1(context_specific = "2", tag_mode = "EXPLICIT", constructed = "true")]
    File(SpcString),
}

#[derive(Clone, Debug, PartialEq, Eq, Choice)]
pub(crate) enum SpcString {
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT")]
    Unicode(BmpString),
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT")]
    Ascii(Ia5String),
}

#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
pub(crate) struct SpcSerializedObject {
    class_id: OctetString,
    serialized_data: OctetString,
}

#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
pub(super) struct SpcSpOpusInfo {
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    pub program_name: Option<SpcString>,
    #[asn1(context_specific = "1", tag_mode = "EXPLICIT", optional = "true")]
    pub more_info: Option<SpcLink>,
}

/// SHA-256 as an algorithm, in the form that Windows writes (with NULL).
pub(crate) fn sha256() -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned { oid: SHA256, parameters: Some(Any::null()) }
}

/// A structure as a value in another.
pub(crate) fn any(what: &'static str, value: &impl der::Encode) -> Result<Any> {
    let der = value.to_der().and_then(|der| Any::from_der(&der));
    der.map_err(|error| Error::Malformed(what, error.to_string()))
}

/// A link that names no file, as Windows writes it today.
pub(crate) fn no_file() -> Result<SpcLink> {
    let empty =
        BmpString::from_ucs2([]).map_err(|error| Error::Malformed("empty name", error.to_string()))?;
    Ok(SpcLink::File(SpcString::Unicode(empty)))
}

/// `SpcPeImageData`, with the flags of an image's own signature (none) or those of a catalog's member.
pub(crate) fn pe_image_data(in_catalog: bool, file: SpcLink) -> Result<Any> {
    // In catalogs: includeResources and includeImportAddressTable.
    let flags = if in_catalog { BitString::new(5, [0xA0]) } else { BitString::new(0, []) };
    let flags = flags.map_err(|error| Error::Malformed("image flags", error.to_string()))?;
    any("image data", &SpcPeImageData { flags, file: Some(file) })
}

/// The hash of something, in the form that is signed.
pub(crate) fn indirect_data(kind: ObjectIdentifier, value: Any, digest: &[u8; 32]) -> Result<Any> {
    let digest =
        OctetString::new(digest.as_slice()).map_err(|error| Error::Malformed("hash", error.to_string()))?;
    let content = SpcIndirectDataContent {
        data: SpcAttributeTypeAndOptionalValue { kind, value: Some(value) },
        message_digest: DigestInfo { digest_algorithm: sha256(), digest },
    };
    any("hash", &content)
}

/// What is signed of an image.
pub(super) fn image_content(digest: &[u8; 32], page_hashes: Option<&[u8]>) -> Result<Any> {
    let link = page_hashes.map_or_else(no_file, page_hashes_link)?;
    indirect_data(PE_IMAGE_DATA, pe_image_data(false, link)?, digest)
}

/// Page hashes as the "file" of an image.
fn page_hashes_link(table: &[u8]) -> Result<SpcLink> {
    let encode = || {
        let hashes = Any::encode_from(&SetOfVec::try_from(vec![OctetString::new(table)?])?)?;
        let attribute = SpcAttributeTypeAndOptionalValue { kind: PAGE_HASHES_V2, value: Some(hashes) };
        let attributes = SetOfVec::try_from(vec![Any::encode_from(&attribute)?])?;
        Ok(SpcLink::Moniker(SpcSerializedObject {
            class_id: OctetString::new(PAGE_HASHES_CLASS)?,
            serialized_data: OctetString::new(attributes.to_der()?)?,
        }))
    };
    encode().map_err(|error: der::Error| Error::Malformed("page hashes", error.to_string()))
}

/// The page hashes in what is signed of an image, if there are any of this version.
pub(super) fn page_hashes(content: &SpcIndirectDataContent) -> Option<Vec<u8>> {
    let data: SpcPeImageData = content.data.value.as_ref()?.decode_as().ok()?;
    let Some(SpcLink::Moniker(object)) = data.file else { return None };
    if object.class_id.as_bytes() != PAGE_HASHES_CLASS {
        return None;
    }
    let attributes =
        SetOfVec::<SpcAttributeTypeAndOptionalValueOrd>::from_der(object.serialized_data.as_bytes()).ok()?;
    let attribute = attributes.iter().find(|attribute| attribute.kind == PAGE_HASHES_V2)?;
    let hashes: SetOfVec<OctetString> = attribute.value.decode_as().ok()?;
    Some(hashes.get(0)?.as_bytes().to_vec())
}

/// The same with an order, which members of a SET have to have.
#[derive(Clone, Debug, PartialEq, Eq, Sequence, der::ValueOrd)]
struct SpcAttributeTypeAndOptionalValueOrd {
    kind: ObjectIdentifier,
    value: Any,
}

/// A string in the form that Windows writes: BMP.
pub(super) fn unicode(what: &'static str, text: &str) -> Result<SpcString> {
    // Beyond the BMP there is no form for a character.
    let text = BmpString::from_utf8(text);
    Ok(SpcString::Unicode(text.map_err(|error| Error::Malformed(what, error.to_string()))?))
}

/// The sequence of one purpose: an individual's.
pub(super) fn statement_type() -> Result<Any> {
    let purpose = INDIVIDUAL.to_der().and_then(|der| Any::new(Tag::Sequence, der));
    purpose.map_err(|error| Error::Malformed("statement type", error.to_string()))
}
