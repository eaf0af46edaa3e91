//! The structures of a catalog. Names are those of `wintrust.h` and of "Certificate Trust List" in \[MS-CAESO\].

use super::{Error, HashKind, Result};
use crate::sign::spc::any;
use der::asn1::{Any, BmpString, Null, OctetString, SetOfVec};
use der::oid::ObjectIdentifier;
use der::{Sequence, Tag};
use x509_cert::attr::Attribute;
use x509_cert::ext::Extension;
use x509_cert::spki::AlgorithmIdentifierOwned;

const fn oid(text: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(text)
}

/// `szOID_CTL`.
pub(super) const CTL: ObjectIdentifier = oid("1.3.6.1.4.1.311.10.1");
/// `szOID_CATALOG_LIST`.
pub(super) const CATALOG_LIST: ObjectIdentifier = oid("1.3.6.1.4.1.311.12.1.1");
/// `szOID_CATALOG_LIST_MEMBER`: version 1, whose tags are hexadecimal text.
pub(super) const MEMBER_V1: ObjectIdentifier = oid("1.3.6.1.4.1.311.12.1.2");
/// `szOID_CATALOG_LIST_MEMBER_V2`: version 2, whose tags are hashes.
pub(super) const MEMBER_V2: ObjectIdentifier = oid("1.3.6.1.4.1.311.12.1.3");
/// `CAT_NAMEVALUE_OBJID`.
pub(super) const NAME_VALUE: ObjectIdentifier = oid("1.3.6.1.4.1.311.12.2.1");
/// `CAT_MEMBERINFO2_OBJID`.
pub(super) const MEMBER_INFO_V2: ObjectIdentifier = oid("1.3.6.1.4.1.311.12.2.3");

/// `CRYPTCAT_ATTR_AUTHENTICATED | CRYPTCAT_ATTR_DATAASCII | CRYPTCAT_ATTR_NAMEASCII`.
const TEXT: u32 = 0x1001_0001;

/// A catalog, as it stands in PKCS#7.
#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
pub(super) struct CertificateTrustList {
    pub subject_usage: Vec<ObjectIdentifier>,
    pub list_identifier: OctetString,
    /// UTCTime, or GeneralizedTime.
    pub this_update: Any,
    pub subject_algorithm: AlgorithmIdentifierOwned,
    pub trusted_subjects: Vec<TrustedSubject>,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    pub extensions: Option<Vec<Extension>>,
}

/// A member.
#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
pub(super) struct TrustedSubject {
    pub identifier: OctetString,
    #[asn1(optional = "true")]
    pub attributes: Option<SetOfVec<Attribute>>,
}

/// `CAT_NAMEVALUE`.
#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
pub(super) struct NameValue {
    tag: BmpString,
    flags: u32,
    /// UTF-16, little-endian, with a zero at the end.
    value: OctetString,
}

impl NameValue {
    pub fn new(name: &str, value: &str) -> Result<Self> {
        if value.contains('\0') {
            return Err(Error::Text(value.to_owned()));
        }
        let bytes: Vec<u8> = value.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
        Ok(Self {
            tag: BmpString::from_utf8(name).map_err(|_| Error::Text(name.to_owned()))?,
            flags: TEXT,
            value: OctetString::new(bytes).map_err(|_| Error::Text(value.to_owned()))?,
        })
    }

    pub fn name(&self) -> String {
        self.tag.to_string()
    }

    /// The value as text, up to its zero.
    pub fn value(&self) -> String {
        let (units, _) = self.value.as_bytes().as_chunks::<2>();
        let units: Vec<u16> =
            units.iter().map(|unit| u16::from_le_bytes(*unit)).take_while(|unit| *unit != 0).collect();
        String::from_utf16_lossy(&units)
    }
}

pub(super) fn malformed(error: der::Error) -> Error {
    Error::Malformed(error.to_string())
}

/// An attribute with one value.
pub(super) fn attribute(oid: ObjectIdentifier, value: Any) -> Result<Attribute> {
    Ok(Attribute { oid, values: SetOfVec::try_from(vec![value]).map_err(malformed)? })
}

/// An attribute with a name of its own.
pub(super) fn name_value(name: &str, value: &str) -> Result<Any> {
    Ok(any("catalog attribute", &NameValue::new(name, value)?)?)
}

/// The member information of version 2: an empty choice whose number says how the file is hashed.
pub(super) fn member_info(kind: HashKind) -> Result<Attribute> {
    let number = match kind {
        HashKind::Image => 0,
        HashKind::Flat => 2,
    };
    let tag = Tag::ContextSpecific { constructed: false, number: der::TagNumber(number) };
    attribute(MEMBER_INFO_V2, Any::new(tag, []).map_err(malformed)?)
}

/// The kind of member that the list has.
pub(super) fn member_v2() -> Result<AlgorithmIdentifierOwned> {
    Ok(AlgorithmIdentifierOwned { oid: MEMBER_V2, parameters: Some(any("NULL", &Null)?) })
}
