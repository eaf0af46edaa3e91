//! Whether files are those of a catalog.

use super::{Catalog, Hash, Member, Result, named_hash};
use std::fmt;

/// What differs between a catalog and the files of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// The catalog has a file of this name with another content.
    Changed(String),
    /// The catalog has neither the name nor the content.
    NotListed(String),
    /// The catalog has a file that is not among the files.
    Missing(String),
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changed(name) => write!(f, "`{name}` is not what the catalog lists"),
            Self::NotListed(name) => write!(f, "`{name}` is not in the catalog"),
            Self::Missing(name) => write!(f, "`{name}` is in the catalog, and missing"),
        }
    }
}

impl Catalog {
    /// The place of the member that a file is, by its content.
    ///
    /// # Errors
    ///
    /// What differs: the catalog has another content for the name, or neither.
    pub fn find(&self, name: &str, hash: &Hash) -> std::result::Result<usize, Difference> {
        let is = |member: &Member| {
            member.hash.as_ref().is_some_and(|own| {
                own.kind == hash.kind
                    && match own.algorithm.as_str() {
                        "SHA-256" => own.digest == hash.digest,
                        // Catalogs of version 1 have no other.
                        "SHA-1" => own.digest == hash.sha1,
                        _ => false,
                    }
            })
        };
        if let Some(place) = self.members.iter().position(is) {
            return Ok(place);
        }
        Err(match self.members.iter().any(|member| is_named(member, name)) {
            true => Difference::Changed(name.to_owned()),
            false => Difference::NotListed(name.to_owned()),
        })
    }
}

/// Whether a member has a name; case does not matter.
fn is_named(member: &Member, name: &str) -> bool {
    member.file().is_some_and(|file| file.to_lowercase() == name.to_lowercase())
}

/// Compares files, by name and content, with the members of a catalog. The content decides, as in Windows: a file with
/// another name is fine. Members without a hash are not compared.
///
/// # Errors
///
/// When a file is a damaged PE image.
pub fn check(catalog: &Catalog, files: &[(String, Vec<u8>)]) -> Result<Vec<Difference>> {
    let mut differences = Vec::new();
    let mut found = vec![false; catalog.members.len()];
    for (name, content) in files {
        match catalog.find(name, &named_hash(name, content)?) {
            Ok(place) => found[place] = true,
            Err(difference) => differences.push(difference),
        }
    }
    for (member, found) in catalog.members.iter().zip(found) {
        // A file that was changed is not missing too.
        if !found && member.hash.is_some() && !files.iter().any(|(name, _)| is_named(member, name)) {
            differences.push(Difference::Missing(member.file().unwrap_or(&member.tag).to_owned()));
        }
    }
    Ok(differences)
}
