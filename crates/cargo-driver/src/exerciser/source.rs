//! The program's sources, as they were when this command was built.

use crate::exit::Result;
use std::path::{Path, PathBuf};
use wdk_build::files::{self, Access};

macro_rules! sources {
    ($($path:literal,)*) => {
        &[$(($path, include_str!(concat!("../../../../", $path)))),*]
    };
}

/// The crates that the program is made of. The test below finds what is missing.
const FILES: &[(&str, &str)] = sources![
    "crates/wdk-exerciser/Cargo.toml",
    "crates/wdk-exerciser/src/action.rs",
    "crates/wdk-exerciser/src/args.rs",
    "crates/wdk-exerciser/src/args/tests.rs",
    "crates/wdk-exerciser/src/class.rs",
    "crates/wdk-exerciser/src/exit.rs",
    "crates/wdk-exerciser/src/lib.rs",
    "crates/wdk-exerciser/src/main.rs",
    "crates/wdk-exerciser/src/program/devices.rs",
    "crates/wdk-exerciser/src/program/failure.rs",
    "crates/wdk-exerciser/src/program/files.rs",
    "crates/wdk-exerciser/src/program/mod.rs",
    "crates/wdk-exerciser/src/program/requests.rs",
    "crates/wdk-exerciser/src/program/run.rs",
    "crates/wdk-exerciser/src/program/stream.rs",
    "crates/wdk-exerciser/src/report/devices.rs",
    "crates/wdk-exerciser/src/report/mod.rs",
    "crates/wdk-exerciser/src/report/requests.rs",
    "crates/wdk-exerciser/src/report/stream.rs",
    "crates/wdk-exerciser/src/stream/frame.rs",
    "crates/wdk-exerciser/src/stream/job.rs",
    "crates/wdk-exerciser/src/stream/mod.rs",
    "crates/wdk-exerciser/src/stream/reassembly.rs",
    "crates/wdk-exerciser/src/stream/storage.rs",
    "crates/wdk-exerciser/src/stream/tests.rs",
    "crates/wdk-exerciser/src/text.rs",
    "crates/wdk-exerciser/src/win32/console.rs",
    "crates/wdk-exerciser/src/win32/device.rs",
    "crates/wdk-exerciser/src/win32/error.rs",
    "crates/wdk-exerciser/src/win32/file.rs",
    "crates/wdk-exerciser/src/win32/handle.rs",
    "crates/wdk-exerciser/src/win32/heap.rs",
    "crates/wdk-exerciser/src/win32/mod.rs",
    "crates/wdk-exerciser/src/win32/process.rs",
    "crates/wdk-exerciser/src/win32/runtime.rs",
    "crates/wdk-exerciser/src/win32/setup.rs",
    "crates/wdk-exerciser/src/win32/sync.rs",
    "crates/wdk-exerciser/src/win32/thread.rs",
    "crates/wdk-exerciser/src/win32/time.rs",
    "crates/wdk-exerciser/src/win32/version.rs",
    "crates/wdk-exerciser/src/win32/wide.rs",
    "crates/wdk-status/Cargo.toml",
    "crates/wdk-status/src/lib.rs",
    "crates/wdk-status/src/names.rs",
];

/// The versions of the crates that they depend on. Cargo takes from it what it needs.
const LOCK: &str = include_str!("../../../../Cargo.lock");

/// The manifest of their workspace: what they inherit of this project's.
fn manifest() -> String {
    let members = ["crates/wdk-exerciser", "crates/wdk-status"];
    format!(
        "[workspace]\nresolver = \"3\"\nmembers = {members:?}\n\n\
         [workspace.package]\nversion = \"{}\"\nedition = \"2024\"\nrust-version = \"{}\"\n\
         license = \"MIT\"\npublish = false\n\n\
         [workspace.dependencies]\nwdk-status = {{ path = \"crates/wdk-status\" }}\n\n[workspace.lints.rust]\n",
        env!("CARGO_PKG_VERSION"),
        env!("CARGO_PKG_RUST_VERSION"),
    )
}

/// Unpacks the sources into a target directory. Returns the root of their workspace.
///
/// The place does not depend on the sources, because cargo would compile everything again at another one. For the same
/// reason files that are there already are left alone.
///
/// # Errors
///
/// When a file cannot be written.
pub fn unpack(target: &Path) -> Result<PathBuf> {
    let root = target.join("driver").join("exerciser");
    let manifest = manifest();
    for (path, content) in FILES.iter().copied().chain([("Cargo.toml", &*manifest), ("Cargo.lock", LOCK)]) {
        let path = root.join(path);
        if !std::fs::read(&path).is_ok_and(|old| old == content.as_bytes()) {
            files::make_directory_of(&path).map_err(wdk_build::Error::from)?;
            files::replace(&path, content.as_bytes(), Access::Usual).map_err(wdk_build::Error::from)?;
        }
    }
    Ok(root)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// A file that is not in the list is not in the program.
    #[test]
    fn every_file_is_unpacked() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let mut found = BTreeSet::new();
        let mut directories = vec![root.join("crates/wdk-exerciser"), root.join("crates/wdk-status")];
        while let Some(directory) = directories.pop() {
            for entry in std::fs::read_dir(directory).unwrap() {
                let path = entry.unwrap().path();
                match path.is_dir() {
                    true => directories.push(path),
                    false => drop(
                        found.insert(path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/")),
                    ),
                }
            }
        }
        let listed: BTreeSet<_> = FILES.iter().map(|(path, _)| (*path).to_owned()).collect();
        assert_eq!(listed, found);
    }

    #[test]
    fn what_is_there_is_left_alone_and_what_is_not_comes_back() {
        let target = tempfile::tempdir().unwrap();
        let root = unpack(target.path()).unwrap();
        let time = |path: &str| std::fs::metadata(root.join(path)).unwrap().modified().unwrap();
        let (kept, changed) = ("crates/wdk-status/Cargo.toml", root.join("crates/wdk-status/src/lib.rs"));
        let before = time(kept);
        std::fs::write(&changed, "").unwrap();
        assert_eq!(unpack(target.path()).unwrap(), root);
        assert_eq!(time(kept), before);
        assert!(!std::fs::read_to_string(&changed).unwrap().is_empty());
    }
}
