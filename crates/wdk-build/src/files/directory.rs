//! Directories that appear, or are replaced, as a whole.

use super::{Access, Error, replace};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A directory that is filled beside the place it is to have, under another name. It takes its name in
/// [`NewDirectory::commit`]; until then, and after any error, what is there stays, and nothing is left behind.
#[derive(Debug)]
pub struct NewDirectory {
    temporary: TempDir,
    target: PathBuf,
}

impl NewDirectory {
    /// An empty directory that is to become `target`. The directories above it are made if they are missing.
    ///
    /// # Errors
    ///
    /// When `target` is there and no directory, or nothing can be made beside it.
    pub fn beside(target: &Path) -> Result<Self, Error> {
        let error = |source| Error::new("write", target, source);
        if target.exists() && !target.is_dir() {
            return Err(error(io::Error::new(io::ErrorKind::NotADirectory, "it is no directory")));
        }
        // A symbolic link stays one.
        let place = fs::canonicalize(target).unwrap_or_else(|_| target.to_owned());
        if place.file_name().is_none() {
            return Err(error(io::Error::new(io::ErrorKind::InvalidInput, "it is no name for a directory")));
        }
        super::make_directory_of(&place)?;
        let mut builder = tempfile::Builder::new();
        builder.prefix(".wdk-build-");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            builder.permissions(fs::Permissions::from_mode(0o777));
        }
        let parent = place.parent().filter(|parent| !parent.as_os_str().is_empty());
        let temporary = builder.tempdir_in(parent.unwrap_or(Path::new("."))).map_err(error)?;
        Ok(Self { temporary, target: place })
    }

    /// Where it is until it has its name.
    pub fn path(&self) -> &Path {
        self.temporary.path()
    }

    /// Adds a file; `name` may have directories.
    ///
    /// # Errors
    ///
    /// When it cannot be written. Such an error names the place that the file was to have in the end.
    pub fn add(&self, name: &Path, content: &[u8]) -> Result<(), Error> {
        let path = self.temporary.path().join(name);
        let written = super::make_directory_of(&path).and_then(|()| replace(&path, content, Access::Usual));
        written.map_err(|error| Error::new("write", &self.target.join(name), error.source))
    }

    /// Gives it its name. A directory that has the name goes away with all that is in it.
    ///
    /// # Errors
    ///
    /// When the file system refuses: then the old directory is there as it was.
    pub fn commit(self) -> Result<(), Error> {
        let Self { temporary, target } = self;
        let error = |source| Error::new("write", &target, source);
        if target.exists() {
            // What is in the temporary place afterwards is the old one, which goes when `temporary` does.
            return exchange(temporary.path(), &target).map_err(error);
        }
        fs::rename(temporary.path(), &target).map_err(error)?;
        let _ = temporary.keep();
        Ok(())
    }
}

/// Lets two directories change places: in one step where the system can, else in three, and back if the second fails.
fn exchange(new: &Path, old: &Path) -> io::Result<()> {
    #[cfg(any(target_os = "linux", target_vendor = "apple"))]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        use rustix::io::Errno;
        match renameat_with(CWD, new, CWD, old, RenameFlags::EXCHANGE) {
            Ok(()) => return Ok(()),
            // Not every file system can.
            Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {}
            Err(error) => return Err(error.into()),
        }
    }
    exchange_in_steps(new, old)
}

fn exchange_in_steps(new: &Path, old: &Path) -> io::Result<()> {
    let aside = new.with_extension("old");
    fs::rename(old, &aside)?;
    if let Err(error) = fs::rename(new, old) {
        fs::rename(&aside, old)?;
        return Err(error);
    }
    fs::rename(&aside, new)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names in a directory, hidden ones too.
    fn names(path: &Path) -> Vec<String> {
        let entries = fs::read_dir(path).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn it_is_there_as_a_whole_or_not_at_all() {
        let top = tempfile::tempdir().unwrap();
        let target = top.path().join("a/b");
        let new = NewDirectory::beside(&target).unwrap();
        new.add(Path::new("sub/one"), b"1").unwrap();
        assert!(!target.exists());
        new.commit().unwrap();
        assert_eq!(fs::read(target.join("sub/one")).unwrap(), b"1");

        let new = NewDirectory::beside(&target).unwrap();
        new.add(Path::new("two"), b"2").unwrap();
        drop(new);
        assert_eq!(names(&target), ["sub"], "the old one stays until the new one is complete");

        let new = NewDirectory::beside(&target).unwrap();
        new.add(Path::new("two"), b"2").unwrap();
        new.commit().unwrap();
        assert_eq!(names(&target), ["two"], "nothing of the old one is mixed in");
        assert_eq!(names(&top.path().join("a")), ["b"], "and nothing is left beside it");
    }

    #[test]
    fn places_that_are_none_are_refused() {
        let top = tempfile::tempdir().unwrap();
        fs::write(top.path().join("file"), "x").unwrap();
        let refused = |path: &str| NewDirectory::beside(&top.path().join(path)).unwrap_err().to_string();
        assert!(refused("file").contains("it is no directory"));
        assert!(refused("file/below").starts_with("cannot create"));
        assert!(NewDirectory::beside(Path::new("/")).is_err());
        assert_eq!(names(top.path()), ["file"]);
    }

    #[test]
    fn directories_change_places_in_steps_where_the_system_cannot() {
        let top = tempfile::tempdir().unwrap();
        let [new, old] = ["new", "old"].map(|name| top.path().join(name));
        fs::create_dir(&new).unwrap();
        fs::create_dir(&old).unwrap();
        fs::write(new.join("n"), "").unwrap();
        fs::write(old.join("o"), "").unwrap();
        exchange_in_steps(&new, &old).unwrap();
        assert_eq!((names(&new), names(&old)), (vec!["o".to_owned()], vec!["n".to_owned()]));
        let none = top.path().join("none");
        exchange_in_steps(&none, &old).unwrap_err();
        assert_eq!(names(&old), ["n"], "it is put back");
        assert_eq!(names(top.path()), ["new", "old"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_a_directory_stays_one() {
        use std::os::unix::fs::PermissionsExt as _;
        let top = tempfile::tempdir().unwrap();
        let (real, link) = (top.path().join("real"), top.path().join("link"));
        fs::create_dir(&real).unwrap();
        std::os::unix::fs::symlink("real", &link).unwrap();
        let new = NewDirectory::beside(&link).unwrap();
        new.add(Path::new("x"), b"x").unwrap();
        new.commit().unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(names(&real), ["x"]);
        // As `mkdir` would make it, not as temporary directories are.
        let other = top.path().join("other");
        fs::create_dir(&other).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&real), mode(&other));
    }
}
