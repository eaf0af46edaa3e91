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
            let own = member.hash.as_ref();
            own.is_some_and(|own| {
                (own.kind, own.algorithm.as_str(), own.digest.as_slice())
                    == (hash.kind, "SHA-256", &hash.digest)
            })
        };
        if let Some(place) = self.members.iter().position(is) {
            return Ok(place);
        }
        Err(match self.named(name) {
            Some(_) => Difference::Changed(name.to_owned()),
            None => Difference::NotListed(name.to_owned()),
        })
    }

    /// The place of the member with a name; case does not matter.
    fn named(&self, name: &str) -> Option<usize> {
        let name = name.to_lowercase();
        self.members.iter().position(|member| member.file().is_some_and(|file| file.to_lowercase() == name))
    }
}

/// Compares files, by name and content, with the members of a catalog. The content decides, as in Windows: a file with
/// another name is fine. Members without a hash, and those with a SHA-1 hash only, are not compared.
///
/// # Errors
///
/// When a file is a damaged PE image.
pub fn check(catalog: &Catalog, files: &[(String, Vec<u8>)]) -> Result<Vec<Difference>> {
    let mut differences = Vec::new();
    let mut found = vec![false; catalog.members.len()];
    for (name, content) in files {
        let place = match catalog.find(name, &named_hash(name, content)?) {
            Ok(place) => Some(place),
            Err(difference) => {
                differences.push(difference);
                catalog.named(name)
            }
        };
        if let Some(place) = place {
            found[place] = true;
        }
    }
    let listed = catalog.members.iter().zip(found).filter(|(member, found)| {
        !found && member.hash.as_ref().is_some_and(|hash| hash.algorithm == "SHA-256")
    });
    differences.extend(
        listed.map(|(member, _)| Difference::Missing(member.file().unwrap_or(&member.tag).to_owned())),
    );
    Ok(differences)
}
