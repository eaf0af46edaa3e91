//! From memory into a directory. What is there is replaced only if it is a package.

use super::{Error, Package, Result};
use crate::catalog::Catalog;
use crate::files::{self, NewDirectory};
use crate::sign::FILE_LIMIT;
use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

impl Package {
    /// Writes the package. A package that is there is replaced as a whole; after an error it is there as it was.
    ///
    /// # Errors
    ///
    /// As [`may_replace`]; when something cannot be written.
    pub fn write(&self, directory: &Path) -> Result {
        may_replace(directory)?;
        let new = NewDirectory::beside(directory)?;
        for file in self.files() {
            new.add(&file.place, &file.content)?;
        }
        Ok(new.commit()?)
    }
}

/// Whether a package may be written there: the directory is missing or empty, or all that is in it are catalogs and what
/// they list. So a directory that was named by mistake keeps its files.
///
/// # Errors
///
/// [`Error::Occupied`] with what is in the way; [`Error::File`] when it is no directory, or cannot be read.
pub fn may_replace(directory: &Path) -> Result {
    if !directory.exists() {
        return Ok(());
    }
    let top = files::entries(directory)?;
    let is_catalog =
        |path: &&PathBuf| path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("cat"));
    let mut listed = HashSet::new();
    for path in top.iter().filter(is_catalog).filter(|path| path.is_file()) {
        // One that cannot be read lists nothing, and is in the way itself.
        let Ok(catalog) = Catalog::parse(&files::read(path, FILE_LIMIT)?) else { continue };
        listed.insert(name_of(path));
        listed.extend(catalog.members.iter().filter_map(|member| member.file()).map(str::to_lowercase));
    }
    match stranger(top, &listed)? {
        None => Ok(()),
        Some(path) => {
            let name = path.strip_prefix(directory).unwrap_or(&path).display();
            let why = format!("`{name}` is in it, and no catalog there lists it");
            Err(Error::Occupied { directory: directory.to_owned(), why })
        }
    }
}

/// In lower case, as in catalogs.
fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().to_lowercase()
}

/// The first file that is not listed, in these places and below.
fn stranger(paths: Vec<PathBuf>, listed: &HashSet<String>) -> Result<Option<PathBuf>> {
    for path in paths {
        let found = match fs::symlink_metadata(&path) {
            Ok(metadata) if metadata.is_dir() => stranger(files::entries(&path)?, listed)?,
            Ok(metadata) if metadata.is_file() && listed.contains(&name_of(&path)) => None,
            _ => Some(path),
        };
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}
