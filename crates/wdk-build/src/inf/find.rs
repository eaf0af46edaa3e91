//! Where a package has its INX file.

use std::fmt;
use std::path::{Path, PathBuf};

/// There is no INX file of a package, or there are several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoInx {
    /// None of these files exists.
    None(Vec<PathBuf>),
    /// All of these files exist.
    Several(Vec<PathBuf>),
}

impl fmt::Display for NoInx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, paths) = match self {
            Self::None(paths) => ("there is no INX file; it would be one of", paths),
            Self::Several(paths) => ("there is more than one INX file", paths),
        };
        let paths: Vec<_> = paths.iter().map(|path| path.display().to_string()).collect();
        write!(f, "{what}: {}", paths.join(", "))
    }
}

impl std::error::Error for NoInx {}

/// The INX file of a package: `inf/NAME.inx` of the workspace, or `NAME.inx` beside the package's `Cargo.toml`. `NAME`
/// is that of the package, with `-` or with `_`.
///
/// # Errors
///
/// [`NoInx`].
pub fn find_inx(name: &str, package: &Path, workspace: &Path) -> Result<PathBuf, NoInx> {
    let underscores = name.replace('-', "_");
    let names = if underscores == name { vec![name] } else { vec![name, &underscores] };
    let places = [workspace.join("inf"), package.join("inf"), package.to_owned()];
    let mut candidates: Vec<PathBuf> = Vec::new();
    for place in places {
        let files = names.iter().map(|name| place.join(format!("{name}.inx")));
        candidates.extend(files.filter(|file| !candidates.contains(file)).collect::<Vec<_>>());
    }
    let mut found: Vec<_> = candidates.iter().filter(|path| path.is_file()).cloned().collect();
    match found.len() {
        0 => Err(NoInx::None(candidates)),
        1 => Ok(found.remove(0)),
        _ => Err(NoInx::Several(found)),
    }
}
