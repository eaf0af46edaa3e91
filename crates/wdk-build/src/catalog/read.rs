//! Reading a catalog: ours, or another's of version 1 or 2.

use super::{Error, HashKind, Result, ctl};
use crate::certificate::hex;
use crate::sign::signed_data::Signed;
use crate::sign::spc::{self, SpcIndirectDataContent};
use der::{DateTime, Decode as _};
use x509_cert::time::Time;

/// What a catalog says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Catalog {
    /// 1 or 2.
    pub version: u8,
    /// Tells lists apart; hexadecimal.
    pub identifier: String,
    /// When it was made, UTC.
    pub time: String,
    /// Attributes of the catalog, such as `OS` and `HWID1`.
    pub attributes: Vec<(String, String)>,
    /// The files.
    pub members: Vec<Member>,
    /// Whether it has a signature (which may hold or not).
    pub is_signed: bool,
}

/// A file in a catalog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// What Windows looks for: the hash, hexadecimal.
    pub tag: String,
    /// Attributes, such as `File` and `OSAttr`.
    pub attributes: Vec<(String, String)>,
    /// The hash and how it was made. A member without is there for its tag.
    pub hash: Option<MemberHash>,
}

/// The hash of a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberHash {
    /// How the file was hashed.
    pub kind: HashKind,
    /// `SHA-256`, `SHA-1` or an OID.
    pub algorithm: String,
    /// The hash.
    pub digest: Vec<u8>,
}

impl Member {
    /// The value of an attribute.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// The file's name, as the catalog has it: lower case.
    pub fn file(&self) -> Option<&str> {
        self.attribute("File")
    }
}

impl Catalog {
    /// Reads a catalog, signed or not. Its signature is not checked: that is [`super::verify()`].
    ///
    /// # Errors
    ///
    /// [`Error::Malformed`] when it is none.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let message = Signed::parse(bytes).map_err(|error| Error::Malformed(error.to_string()))?;
        if message.content_type() != ctl::CTL {
            return Err(Error::Malformed(format!("its content is of the kind {}", message.content_type())));
        }
        let list: ctl::CertificateTrustList = message.content()?.decode_as().map_err(ctl::malformed)?;
        if list.subject_usage != [ctl::CATALOG_LIST] {
            return Err(Error::Malformed("it is a list of something else".to_owned()));
        }
        let version = match list.subject_algorithm.oid {
            ctl::MEMBER_V1 => 1,
            ctl::MEMBER_V2 => 2,
            other => return Err(Error::Malformed(format!("its members are of the unknown kind {other}"))),
        };
        let time: Time = list.this_update.decode_as().map_err(ctl::malformed)?;
        let attributes =
            list.extensions.iter().flatten().filter(|extension| extension.extn_id == ctl::NAME_VALUE);
        let attributes = attributes.map(|extension| {
            let value = ctl::NameValue::from_der(extension.extn_value.as_bytes()).map_err(ctl::malformed)?;
            Ok((value.name(), value.value()))
        });
        Ok(Self {
            version,
            identifier: hex(list.list_identifier.as_bytes()),
            time: DateTime::to_string(&time.to_date_time()),
            attributes: attributes.collect::<Result<_>>()?,
            members: list
                .trusted_subjects
                .iter()
                .map(|subject| member(version, subject))
                .collect::<Result<_>>()?,
            is_signed: message.is_signed(),
        })
    }
}

fn member(version: u8, subject: &ctl::TrustedSubject) -> Result<Member> {
    let tag = match (version, subject.identifier.as_bytes()) {
        // UTF-16 with a zero at the end.
        (1, bytes) => {
            let (units, _) = bytes.as_chunks::<2>();
            let units: Vec<u16> =
                units.iter().map(|unit| u16::from_le_bytes(*unit)).take_while(|unit| *unit != 0).collect();
            String::from_utf16_lossy(&units)
        }
        (_, bytes) => hex(bytes),
    };
    let mut member = Member { tag, attributes: Vec::new(), hash: None };
    for attribute in subject.attributes.iter().flat_map(|set| set.iter()) {
        for value in attribute.values.iter() {
            if attribute.oid == ctl::NAME_VALUE {
                let value: ctl::NameValue = value.decode_as().map_err(ctl::malformed)?;
                member.attributes.push((value.name(), value.value()));
            } else if attribute.oid == spc::INDIRECT_DATA {
                let content: SpcIndirectDataContent = value.decode_as().map_err(ctl::malformed)?;
                member.hash = Some(hash(&content));
            }
        }
    }
    Ok(member)
}

fn hash(content: &SpcIndirectDataContent) -> MemberHash {
    use der::oid::db::rfc5912::ID_SHA_1;
    let algorithm = content.message_digest.digest_algorithm.oid;
    MemberHash {
        kind: if content.data.kind == spc::PE_IMAGE_DATA { HashKind::Image } else { HashKind::Flat },
        algorithm: match algorithm {
            spc::SHA256 => "SHA-256".to_owned(),
            ID_SHA_1 => "SHA-1".to_owned(),
            other => other.to_string(),
        },
        digest: content.message_digest.digest.as_bytes().to_vec(),
    }
}
