//! Making a catalog.

use super::{Error, Hash, HashKind, Os, Result, ctl, named_hash};
use crate::sign::signed_data::{Signed, signing_time};
use crate::sign::spc;
use der::Encode as _;
use der::asn1::{Any, OctetString, SetOfVec};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::time::SystemTime;
use x509_cert::attr::Attribute;
use x509_cert::ext::Extension;

/// A catalog that is being made.
#[derive(Debug, Clone)]
pub struct Builder {
    os: Vec<Os>,
    hardware_ids: Vec<String>,
    files: Vec<(String, Hash)>,
    time: SystemTime,
}

impl Builder {
    /// A catalog of a package for these systems, made at this time.
    pub fn new(os: impl IntoIterator<Item = Os>, time: SystemTime) -> Self {
        Self { os: os.into_iter().collect(), hardware_ids: Vec::new(), files: Vec::new(), time }
    }

    /// Adds a hardware ID that the package's INF installs for. Case does not matter; one that is there stays once.
    pub fn hardware_id(&mut self, id: &str) -> &mut Self {
        let id = id.to_lowercase();
        if !self.hardware_ids.contains(&id) {
            self.hardware_ids.push(id);
        }
        self
    }

    /// Adds a file by its name, without directory. Several may have the same name, as in a package for several
    /// architectures.
    ///
    /// # Errors
    ///
    /// [`Error::File`] when it is a PE image that is damaged; [`Error::Text`] when the name cannot be one.
    pub fn file(&mut self, name: &str, content: &[u8]) -> Result<&mut Self> {
        if name.is_empty() || name.contains(['\0', '/', '\\']) {
            return Err(Error::Text(name.to_owned()));
        }
        // Inf2Cat writes names in lower case.
        self.files.push((name.to_lowercase(), named_hash(name, content)?));
        Ok(self)
    }

    /// The catalog, without a signature.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`] when no file was added; [`Error::Text`] when a name or an ID cannot stand in a catalog.
    pub fn build(&self) -> Result<Vec<u8>> {
        if self.files.is_empty() {
            return Err(Error::Empty);
        }
        let versions: BTreeSet<&str> = self.os.iter().map(Os::attribute).collect();
        let versions = versions.into_iter().collect::<Vec<_>>().join(",");
        // By tag, and files of the same content once, whatever their order: the tag is what Windows looks for.
        let mut members = BTreeMap::new();
        for (name, hash) in &self.files {
            let member = members.entry(hash.digest).or_insert((name, hash));
            *member = (*member).min((name, hash));
        }
        let mut subjects = Vec::new();
        for (name, hash) in members.into_values() {
            let mut attributes = vec![("File", name.as_str())];
            if !versions.is_empty() {
                attributes.push(("OSAttr", &versions));
            }
            subjects.push(member(hash, &attributes)?);
            subjects.push(tag(hash, &attributes)?);
        }
        subjects.sort_by(|a, b| a.identifier.as_bytes().cmp(b.identifier.as_bytes()));
        subjects.dedup_by(|a, b| a.identifier == b.identifier);
        let list = ctl::CertificateTrustList {
            subject_usage: vec![ctl::CATALOG_LIST],
            list_identifier: list_identifier(&subjects)?,
            this_update: signing_time(self.time)?,
            subject_algorithm: ctl::member_v2()?,
            trusted_subjects: subjects,
            extensions: self.attributes()?,
        };
        let content = Any::encode_from(&list).map_err(ctl::malformed)?;
        Ok(Signed::unsigned(ctl::CTL, content).to_der()?)
    }

    /// The attributes of the catalog itself.
    fn attributes(&self) -> Result<Option<Vec<Extension>>> {
        let mut attributes = Vec::new();
        let mut add = |name: &str, value: &str| {
            let value = ctl::NameValue::new(name, value)?.to_der().and_then(OctetString::new);
            let extn_value = value.map_err(ctl::malformed)?;
            attributes.push(Extension { extn_id: ctl::NAME_VALUE, critical: false, extn_value });
            Ok::<_, Error>(())
        };
        if !self.os.is_empty() {
            add("OS", &self.os.iter().map(Os::in_catalog).collect::<Vec<_>>().join(","))?;
        }
        for (index, id) in self.hardware_ids.iter().enumerate() {
            add(&format!("HWID{}", index + 1), id)?;
        }
        Ok(if attributes.is_empty() { None } else { Some(attributes) })
    }
}

/// A member with its hash and its attributes.
fn member(hash: &Hash, attributes: &[(&str, &str)]) -> Result<ctl::TrustedSubject> {
    let (kind, data) = match hash.kind {
        HashKind::Image => (spc::PE_IMAGE_DATA, spc::pe_image_data(true, spc::no_file()?)?),
        HashKind::Flat => (spc::CAB_DATA, spc::any("file link", &spc::no_file()?)?),
    };
    let content = spc::indirect_data(kind, data, &hash.digest)?;
    subject(&hash.digest, hash.kind, attributes, Some(ctl::attribute(spc::INDIRECT_DATA, content)?))
}

/// A member that is found by its SHA-1 hash, and has no other.
fn tag(hash: &Hash, attributes: &[(&str, &str)]) -> Result<ctl::TrustedSubject> {
    subject(&hash.sha1, hash.kind, attributes, None)
}

fn subject(
    tag: &[u8],
    kind: HashKind,
    attributes: &[(&str, &str)],
    content: Option<Attribute>,
) -> Result<ctl::TrustedSubject> {
    let mut set = vec![ctl::member_info(kind)?];
    set.extend(content);
    for (name, value) in attributes {
        set.push(ctl::attribute(ctl::NAME_VALUE, ctl::name_value(name, value)?)?);
    }
    Ok(ctl::TrustedSubject {
        identifier: OctetString::new(tag).map_err(ctl::malformed)?,
        attributes: Some(SetOfVec::try_from(set).map_err(ctl::malformed)?),
    })
}

/// Sixteen bytes that tell lists apart. MakeCat takes random ones; these come from the members, so that the same
/// package has the same catalog.
fn list_identifier(members: &[ctl::TrustedSubject]) -> Result<OctetString> {
    let mut hash = Sha256::new();
    for member in members {
        hash.update(member.to_der().map_err(ctl::malformed)?);
    }
    OctetString::new(&hash.finalize()[..16]).map_err(ctl::malformed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::hash;
    use crate::certificate::hex;

    /// Members as MakeCat wrote them into a published catalog (a file of 25 bytes, version 2, without attributes): by
    /// SHA-256 and by SHA-1.
    const FLAT: [&str; 2] = [
        "30818D0420E07D374C1218641C6F50CD4DA6EB202F3E825BD3658AECB369C434582CC468CD31693010060A2B060104018237\
        0C0203310282003055060A2B060104018237020104314730453010060A2B060104018237020119A20280003031300D060960\
        864801650304020105000420E07D374C1218641C6F50CD4DA6EB202F3E825BD3658AECB369C434582CC468CD",
        "302A0414CE38E0912F3260BFB493DCEFA1717239DF3B969231123010060A2B0601040182370C020331028200",
    ];
    /// The same for an image, in a published driver catalog of version 2 that Microsoft signed.
    const IMAGE: [&str; 2] = [
        "308201060420899F8FBEA43512A7234A44256A3F55B4CE92E5CBD5C99BC507A78B7C491BE4BA3181E13010060A2B06010401\
        82370C0203310280003034060A2B0601040182370C0201312630241E0C004F00530041007400740072020410010001040E32\
        003A00310030002E00300000003038060A2B0601040182370C0201312A30281E0800460069006C0065020410010001041677\
        0069006E00740075006E002E007300790073000000305D060A2B060104018237020104314F304D3018060A2B060104018237\
        02010F300A030205A0A004A20280003031300D060960864801650304020105000420899F8FBEA43512A7234A44256A3F55B4\
        CE92E5CBD5C99BC507A78B7C491BE4BA",
        "30819B04148AFAAC589A629CC6EA9CB9C4DFFAA31950E50FBA3181823010060A2B0601040182370C0203310280003034060A\
        2B0601040182370C0201312630241E0C004F00530041007400740072020410010001040E32003A00310030002E0030000000\
        3038060A2B0601040182370C0201312A30281E0800460069006C00650204100100010416770069006E00740075006E002E00\
        7300790073000000",
    ];

    fn encoded(hash: &Hash, attributes: &[(&str, &str)]) -> [String; 2] {
        [member(hash, attributes), tag(hash, attributes)]
            .map(|subject| hex(&subject.unwrap().to_der().unwrap()))
    }

    #[test]
    fn a_file_stands_in_a_catalog_as_makecat_writes_it() {
        let hash = hash(b"require('./').install();\n").unwrap();
        assert_eq!(hash.kind, HashKind::Flat);
        assert_eq!(encoded(&hash, &[]), FLAT);
    }

    #[test]
    fn an_image_stands_in_a_catalog_as_microsoft_writes_it() {
        // The tags are the hashes.
        let bytes = |text: &str| -> Vec<u8> {
            let digits = text.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).unwrap());
            digits.map(|digits| u8::from_str_radix(digits, 16).unwrap()).collect()
        };
        let digest =
            bytes("899F8FBEA43512A7234A44256A3F55B4CE92E5CBD5C99BC507A78B7C491BE4BA").try_into().unwrap();
        let sha1 = bytes("8AFAAC589A629CC6EA9CB9C4DFFAA31950E50FBA").try_into().unwrap();
        let hash = Hash { kind: HashKind::Image, digest, sha1 };
        assert_eq!(encoded(&hash, &[("File", "wintun.sys"), ("OSAttr", "2:10.0")]), IMAGE);
    }

    #[test]
    fn the_order_of_files_does_not_matter() {
        let catalog = |files: &[(&str, &[u8])]| {
            let mut builder = Builder::new([Os::X64], SystemTime::UNIX_EPOCH);
            for (name, content) in files {
                builder.file(name, content).unwrap();
            }
            builder.build().unwrap()
        };
        let files: [(&str, &[u8]); 4] =
            [("a.dll", b"x64"), ("a.dll", b"arm64"), ("c", b"same"), ("b", b"same")];
        let mut turned = files;
        turned.reverse();
        assert!(catalog(&files) == catalog(&turned));
        let read = crate::catalog::Catalog::parse(&catalog(&files)).unwrap();
        let hashed = read.members.iter().filter(|member| member.hash.is_some());
        let mut names: Vec<_> = hashed.map(|member| member.file().unwrap()).collect();
        names.sort_unstable();
        assert_eq!(names, ["a.dll", "a.dll", "b"], "the same content once, under its first name");
    }

    #[test]
    fn names_are_without_directory() {
        let mut builder = Builder::new([Os::X64], SystemTime::UNIX_EPOCH);
        for bad in ["", "a/b", "a\\b", "a\0"] {
            assert!(matches!(builder.file(bad, b"3"), Err(Error::Text(_))), "{bad:?}");
        }
    }

    #[test]
    fn a_catalog_of_nothing_is_refused() {
        assert!(matches!(Builder::new([Os::X64], SystemTime::UNIX_EPOCH).build(), Err(Error::Empty)));
    }
}
