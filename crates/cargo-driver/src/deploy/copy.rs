//! The folder onto the test machine, and the results back, in batches of sftp: they mean the same whatever the shell is.

use super::remote::{Remote, for_sftp};
use crate::exit::{Exit, Failure, Result};
use crate::test_vm::settings;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;
use wdk_build::files;

/// How long copying may take.
const LIMIT: Duration = Duration::from_secs(1800);
/// What results have.
const SUMMARY: &str = "summary.json";

/// Copies the folder. `settings.json` goes first from there and comes last, so that the scripts refuse to work with half a
/// folder.
///
/// # Errors
///
/// When a file cannot be read, or the machine does not take it.
pub fn up(remote: &Remote<'_>, folder: &Path, directory: &str) -> Result {
    let target = for_sftp(directory);
    let mut files = Vec::new();
    list(folder, Path::new(""), &mut files)?;
    files.sort_by_key(|name| (name == Path::new(settings::NAME), name.clone()));
    let mut directories = Directories::default();
    let mut batch = directories.of(&format!("{target}/"));
    let _ = writeln!(batch, "-rm {}", quoted(&format!("{target}/{}", settings::NAME)));
    for name in &files {
        let (here, there) = (folder.join(name), format!("{target}/{}", slashes(name)));
        batch += &directories.of(&there);
        let _ = writeln!(batch, "put {} {}", quoted(&here.display().to_string()), quoted(&there));
    }
    let ended = remote.sftp(&batch, LIMIT).map_err(|trouble| trouble.failure(remote.host()))?;
    match ended.code {
        Some(0) => Ok(()),
        _ => Err(refused(remote, "the folder cannot be copied", &ended.err)),
    }
}

/// Fetches the results into a directory that is there.
///
/// # Errors
///
/// When there are none, or they cannot be written.
pub fn down(remote: &Remote<'_>, directory: &str, results: &Path) -> Result {
    let from = for_sftp(directory);
    // The directory's characters need no quotes, and between quotes the star would be one.
    let batch = format!("get -R {from}/results/* {}\n", quoted(&results.display().to_string()));
    let ended = remote.sftp(&batch, LIMIT).map_err(|trouble| trouble.failure(remote.host()))?;
    if ended.code == Some(0) && results.join(SUMMARY).is_file() {
        return Ok(());
    }
    let why = ended.err.lines().last().unwrap_or("nothing was copied").trim().to_owned();
    let what = format!("`{}` has no results in {directory}/results: {why}", remote.host());
    Err(Failure::new(Exit::NoResults, what))
}

/// Whether results may be written there: the directory is missing or empty, or has results.
///
/// # Errors
///
/// When it has something else.
pub fn may_replace(results: &Path) -> Result {
    if !results.exists() {
        return Ok(());
    }
    let entries = files::entries(results).map_err(wdk_build::Error::from)?;
    if entries.is_empty() || results.join(SUMMARY).is_file() {
        return Ok(());
    }
    let what = format!(
        "`{}` is there, and it has no results that could be replaced: there is no {SUMMARY} in it (empty it, or choose \
         another directory with --results)",
        results.display()
    );
    Err(Failure::new(Exit::File, what))
}

fn refused(remote: &Remote<'_>, what: &str, said: &str) -> Failure {
    let why = said.lines().rev().map(str::trim).find(|line| !line.is_empty()).unwrap_or("sftp says nothing");
    Failure::new(Exit::Step, format!("`{}`: {what}: {why}", remote.host()))
}

/// All files below a directory, from there.
fn list(top: &Path, below: &Path, found: &mut Vec<PathBuf>) -> Result {
    for path in files::entries(&top.join(below)).map_err(wdk_build::Error::from)? {
        let name = below.join(path.file_name().unwrap_or_default());
        let metadata = fs::metadata(&path).map_err(|error| {
            Failure::new(Exit::File, format!("cannot read `{}`: {error}", path.display()))
        })?;
        match metadata.is_dir() {
            true => list(top, &name, found)?,
            false => found.push(name),
        }
    }
    Ok(())
}

fn slashes(path: &Path) -> String {
    path.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// The directories that a batch has made.
#[derive(Default)]
struct Directories(Vec<String>);

impl Directories {
    /// Makes those above a file. That one is there is no error.
    fn of(&mut self, file: &str) -> String {
        let mut batch = String::new();
        for (end, _) in file.match_indices('/') {
            let path = &file[..end];
            if !path.is_empty() && !path.ends_with(':') && !self.0.iter().any(|made| made == path) {
                let _ = writeln!(batch, "-mkdir {}", quoted(path));
                self.0.push(path.to_owned());
            }
        }
        batch
    }
}

/// As sftp takes one word, whatever is in it.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted() {
        assert_eq!(quoted("a b"), "\"a b\"");
        assert_eq!(quoted("a\"\\"), "\"a\\\"\\\\\"");
        assert_eq!(slashes(Path::new("a/b.sys")), "a/b.sys");
    }

    #[test]
    fn every_directory_is_made_once() {
        let mut directories = Directories::default();
        assert_eq!(directories.of("/C:/vm/x"), "-mkdir \"/C:/vm\"\n");
        assert_eq!(directories.of("/C:/vm/a/b/x"), "-mkdir \"/C:/vm/a\"\n-mkdir \"/C:/vm/a/b\"\n");
        assert_eq!(directories.of("/C:/vm/a/y"), "");
        assert_eq!(directories.of("y"), "");
    }
}
