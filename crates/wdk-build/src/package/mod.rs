//! A driver package: a directory with the INF file, what it lists, and a signed catalog of them.
//!
//! [`Plan::new`] says what will be in it, before anything is built; [`Plan::package`] puts it together in memory, signs
//! the image and the catalog, and checks both; [`Package::write`] puts it into a directory, as a whole or not at all.
//!
//! The package is a function of the INF file, the image, the other files, the key and the time of the signature, unless
//! a timestamp is asked for.

mod error;
mod write;

pub use error::{Error, Result};
pub use write::may_replace;

use crate::catalog::{self, Builder, Os};
use crate::certificate::Identity;
use crate::files;
use crate::inf::{Architecture, Contents, Inf, Service, SourceFile};
use crate::sign::{self, FILE_LIMIT, Options, verify};
use std::path::{Path, PathBuf};

/// What a package will consist of.
#[derive(Debug, Clone)]
pub struct Plan {
    inf_name: String,
    inf: Vec<u8>,
    architecture: Architecture,
    contents: Contents,
    catalog: String,
    image_name: String,
    image_place: PathBuf,
    others: Vec<File>,
}

/// A file of a package.
#[derive(Debug, Clone)]
pub struct File {
    /// Where it is, from the package's directory.
    pub place: PathBuf,
    /// What it holds.
    pub content: Vec<u8>,
}

impl File {
    /// Its name, without directories.
    pub fn name(&self) -> String {
        self.place.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }
}

impl Plan {
    /// Reads from a stamped INF file what its package has, and the files other than the image, which are where the INF
    /// file says they are, from the directory `beside`.
    ///
    /// # Errors
    ///
    /// When the INF file is not for the architecture, names no catalog, does not list the image, or lists a file that
    /// is not there.
    pub fn new(
        (inf_name, inf): (&str, Vec<u8>),
        architecture: Architecture,
        image: &str,
        beside: &Path,
    ) -> Result<Self> {
        let read = Inf::read(&inf).map_err(|why| Error::Inf(why.to_string()))?;
        let contents = Contents::of(&read, architecture);
        if !contents.installs {
            return Err(Error::Architecture(architecture));
        }
        let catalog = contents.catalog.clone().ok_or(Error::NoCatalog(architecture))?;
        for name in [inf_name, &catalog] {
            place(&SourceFile { name: name.to_owned(), directories: Vec::new() })?;
        }
        let same = |file: &&SourceFile, name: &str| file.name.eq_ignore_ascii_case(name);
        let Some(found) = contents.files.iter().find(|file| same(file, image)) else {
            let listed = contents.files.iter().map(|file| file.name.clone()).collect();
            return Err(Error::ImageNotListed { image: image.to_owned(), listed });
        };
        let image_place = place(found)?;
        let mut others = Vec::new();
        // An INF file may list itself and its catalog.
        let own = [image, inf_name, &catalog];
        for file in contents.files.iter().filter(|file| !own.iter().any(|name| same(file, name))) {
            let place = place(file)?;
            let path = beside.join(&place);
            if !path.exists() {
                return Err(Error::Missing { name: file.name.clone(), path });
            }
            others.push(File { place, content: files::read(&path, FILE_LIMIT)? });
        }
        Ok(Self {
            inf_name: inf_name.to_owned(),
            inf,
            architecture,
            catalog,
            image_name: found.name.clone(),
            image_place,
            others,
            contents,
        })
    }

    /// The catalog's name.
    pub fn catalog(&self) -> &str {
        &self.catalog
    }

    /// The hardware IDs and compatible IDs that the INF file installs for.
    pub fn hardware_ids(&self) -> &[String] {
        &self.contents.hardware_ids
    }

    /// The services that the INF file adds.
    pub fn services(&self) -> &[Service] {
        &self.contents.services
    }

    /// The INF file's name.
    pub fn inf(&self) -> &str {
        &self.inf_name
    }

    /// Puts the package together: signs the image, makes and signs the catalog, and checks that both hold.
    ///
    /// The other files are taken as they are; the catalog vouches for them.
    ///
    /// # Errors
    ///
    /// When the image or the catalog cannot be signed, or two files have one name.
    pub fn package(&self, image: &[u8], identity: &Identity, options: &Options) -> Result<Package> {
        let signed = sign::image(image, identity, options)
            .map_err(|error| Error::Sign(self.image_name.clone(), error))?;
        let mut files = vec![
            File { place: PathBuf::from(&self.inf_name), content: self.inf.clone() },
            File { place: self.image_place.clone(), content: signed },
        ];
        files.extend(self.others.iter().cloned());
        let of_catalog = |error| Error::Catalog(self.catalog.clone(), error);
        let os = if self.architecture == Architecture::Arm64 { Os::ARM64 } else { Os::X64 };
        let mut builder = Builder::new([os], options.time);
        for file in &files {
            builder.file(&file.name(), &file.content).map_err(of_catalog)?;
        }
        for id in &self.contents.hardware_ids {
            builder.hardware_id(id);
        }
        let content = builder.build().map_err(of_catalog)?;
        let content = catalog::sign(&content, identity, options).map_err(of_catalog)?;
        let package =
            Package { files, image: 1, catalog: File { place: PathBuf::from(&self.catalog), content } };
        package.no_name_twice()?;
        package.check(options)?;
        Ok(package)
    }
}

/// A package in memory, signed.
#[derive(Debug, Clone)]
pub struct Package {
    files: Vec<File>,
    image: usize,
    catalog: File,
}

impl Package {
    /// Its files: the INF file, the image, the others, the catalog.
    pub fn files(&self) -> impl Iterator<Item = &File> {
        self.files.iter().chain([&self.catalog])
    }

    /// The signed image.
    pub fn image(&self) -> &File {
        &self.files[self.image]
    }

    /// The signed catalog.
    pub fn catalog(&self) -> &File {
        &self.catalog
    }

    fn no_name_twice(&self) -> Result {
        let mut places: Vec<_> =
            self.files().map(|file| file.place.to_string_lossy().to_ascii_lowercase()).collect();
        places.sort_unstable();
        match places.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => Err(Error::Twice(pair[0].clone())),
            None => Ok(()),
        }
    }

    /// Checks it with the eyes of whoever gets it.
    fn check(&self, options: &Options) -> Result {
        let doubt = |what: &dyn std::fmt::Display| Error::Doubtful(what.to_string());
        verify::image(&self.image().content, &[], options.time).map_err(|error| doubt(&error))?;
        let held = catalog::verify(&self.catalog.content, &[], options.time);
        let (listed, _) = held.map_err(|error| doubt(&error))?;
        let files: Vec<_> = self.files.iter().map(|file| (file.name(), file.content.clone())).collect();
        match catalog::check(&listed, &files).map_err(|error| doubt(&error))?.first() {
            Some(difference) => Err(doubt(difference)),
            None => Ok(()),
        }
    }
}

/// The place of a file in the package. Nothing leads out of the package, and nothing is other than it looks on Windows.
fn place(file: &SourceFile) -> Result<PathBuf> {
    let is_good = |part: &str| {
        !part.is_empty()
            && part != "."
            && part != ".."
            && !part.ends_with(['.', ' '])
            && !part.chars().any(|c| c.is_control() || "\\/:*?\"<>|%".contains(c))
    };
    let parts = || file.directories.iter().chain([&file.name]);
    match parts().find(|part| !is_good(part)) {
        Some(_) => Err(Error::Name(parts().map(String::as_str).collect::<Vec<_>>().join("\\"))),
        None => Ok(parts().collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(directories: &[&str], name: &str) -> Result<PathBuf> {
        let directories = directories.iter().map(|&part| part.to_owned()).collect();
        place(&SourceFile { name: name.to_owned(), directories })
    }

    #[test]
    fn nothing_leads_out_of_the_package() {
        assert_eq!(at(&["a", "b"], "c.sys").unwrap(), Path::new("a/b/c.sys"));
        for (directories, name) in [
            (&[][..], ""),
            (&[], ".."),
            (&[], "a/b"),
            (&[], "a\\b"),
            (&[], "c:x"),
            (&[], "x."),
            (&[], "%x%"),
            (&[".."], "x"),
            (&["c:"], "x"),
        ] {
            assert!(matches!(at(directories, name), Err(Error::Name(_))), "{directories:?} {name}");
        }
    }
}
