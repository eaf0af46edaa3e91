//! Whether files are those of a catalog.

use super::{Catalog, Result, hash};
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

/// Compares files, by name and content, with the members of a catalog. The content decides, as in Windows: a file with
/// another name is fine.
///
/// # Errors
///
/// When a file is a damaged PE image.
pub fn check(catalog: &Catalog, files: &[(String, Vec<u8>)]) -> Result<Vec<Difference>> {
    let mut differences = Vec::new();
    let mut found = vec![false; catalog.members.len()];
    for (name, content) in files {
        let digest = hash(content)?.digest;
        let member = catalog.members.iter().position(|member| {
            member.hash.as_ref().is_some_and(|hash| hash.algorithm == "SHA-256" && hash.digest == digest)
        });
        if let Some(member) = member {
            found[member] = true;
            continue;
        }
        let named = catalog
            .members
            .iter()
            .position(|member| member.file().is_some_and(|file| file.to_lowercase() == name.to_lowercase()));
        differences.push(match named {
            Some(member) => {
                found[member] = true;
                Difference::Changed(name.clone())
            }
            None => Difference::NotListed(name.clone()),
        });
    }
    let missing =
        catalog.members.iter().zip(&found).filter(|(member, found)| !**found && member.hash.is_some());
    differences.extend(
        missing.map(|(member, _)| Difference::Missing(member.file().unwrap_or(&member.tag).to_owned())),
    );
    Ok(differences)
}
