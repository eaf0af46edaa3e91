//! Where a new project finds the crates that it depends on.

use std::path::{Path, PathBuf};

/// The directory that this command was built in.
const BUILT_IN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// The crates that a project names. The ones with a namesake in `compat` go with their version: in a git dependency
/// nothing else tells them apart.
const CRATES: [(&str, Option<&str>); 4] = [
    ("wdk", Some(env!("CARGO_PKG_VERSION"))),
    ("wdk-build", Some(WDK_BUILD_VERSION)),
    ("wdk-emulator", None),
    ("wdk-sys", None),
];
const WDK_BUILD_VERSION: &str = "0.6.10";

/// Where the crates are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A checkout: its directory, absolute, with `/`.
    Path(String),
    /// A git repository.
    Git {
        /// Its URL.
        url: String,
        /// The commit or tag.
        rev: Option<String>,
    },
}

impl Source {
    /// The checkout that this command was built from.
    ///
    /// # Errors
    ///
    /// When it is gone, or is cargo's own.
    pub fn built_from() -> Result<Self, String> {
        let here = Path::new(BUILT_IN);
        // Cargo's checkouts come and go.
        let in_cargo_home = here.components().any(|part| part.as_os_str() == "checkouts");
        if in_cargo_home || missing(here).is_some() {
            return Err(
                "this command is not in the checkout that it was built from, so it does not know where the \
                        crates are (give --git URL, from where it was installed, or --wdk DIR, a checkout)"
                    .to_owned(),
            );
        }
        Self::checkout(here)
    }

    /// A checkout.
    ///
    /// # Errors
    ///
    /// When it is none, or a manifest cannot name it.
    pub fn checkout(path: &Path) -> Result<Self, String> {
        let shown = path.display();
        if path.to_str().is_some_and(|text| text.contains("://")) {
            return Err(format!("`{shown}` is no directory (give a URL with --git)"));
        }
        if let Some(missing) = missing(path) {
            return Err(format!(
                "`{shown}` is no checkout of this project: there is no `{}` (give its root directory)",
                missing.display()
            ));
        }
        let absolute =
            canonical(path).map_err(|error| format!("`{shown}` cannot be used with --wdk: {error}"))?;
        match absolute.to_str() {
            Some(text) if !text.chars().any(char::is_control) => Ok(Self::Path(portable(text))),
            _ => Err(format!("the path `{shown}` cannot stand in a Cargo.toml (move the checkout)")),
        }
    }

    /// A git repository.
    ///
    /// # Errors
    ///
    /// When the URL or the revision cannot be one.
    pub fn git(url: &str, rev: Option<&str>) -> Result<Self, String> {
        let bad =
            |text: &str| text.is_empty() || text.contains(|c: char| c.is_control() || c.is_whitespace());
        if bad(url) || url.contains('\'') || !url.contains("://") {
            return Err(format!(
                "`{}` is no URL (https://host/path, ssh://git@host/path or file:///path)",
                url.escape_debug()
            ));
        }
        let good = |c: char| c.is_ascii_alphanumeric() || "-_./+".contains(c);
        if let Some(rev) = rev
            && (bad(rev) || rev.starts_with('-') || !rev.chars().all(good))
        {
            return Err(format!("`{}` is no commit or tag", rev.escape_debug()));
        }
        Ok(Self::Git { url: url.to_owned(), rev: rev.map(str::to_owned) })
    }

    /// What stands behind `NAME =` in the dependencies, for each crate.
    pub fn dependencies(&self) -> impl Iterator<Item = (&'static str, String)> + '_ {
        CRATES.into_iter().map(|(name, version)| (name, self.dependency(name, version)))
    }

    fn dependency(&self, name: &str, version: Option<&str>) -> String {
        match self {
            Self::Path(root) => format!("{{ path = {} }}", quoted(&format!("{root}/crates/{name}"))),
            Self::Git { url, rev } => {
                let rev = rev.as_ref().map_or(String::new(), |rev| format!(", rev = {}", quoted(rev)));
                let version = version.map_or(String::new(), |version| format!(", version = \"{version}\""));
                format!("{{ git = {}{rev}{version} }}", quoted(url))
            }
        }
    }

    /// What `cargo install` takes for this command, for a POSIX shell.
    pub fn install(&self) -> String {
        let quote = |text: &str| format!("'{}'", text.replace('\'', r"'\''"));
        match self {
            Self::Path(root) => format!("--path {}", quote(&format!("{root}/crates/cargo-driver"))),
            Self::Git { url, rev: None } => format!("--git {} cargo-driver", quote(url)),
            Self::Git { url, rev: Some(rev) } => {
                format!("--git {} --rev {} cargo-driver", quote(url), quote(rev))
            }
        }
    }
}

/// A basic string of TOML. Without control characters, it is one of JSON.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The first of the crates that is not there.
fn missing(root: &Path) -> Option<PathBuf> {
    let manifests = CRATES.iter().map(|(name, _)| Path::new("crates").join(name).join("Cargo.toml"));
    manifests.into_iter().find(|manifest| !root.join(manifest).is_file())
}

/// The absolute path, without `..`.
fn canonical(path: &Path) -> std::io::Result<PathBuf> {
    // On Windows, the canonical form is one that cargo does not take.
    if cfg!(windows) { std::path::absolute(path) } else { path.canonicalize() }
}

/// Cargo takes `/` everywhere.
fn portable(text: &str) -> String {
    if cfg!(windows) { text.replace('\\', "/") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dependency(source: &Source, wanted: &str) -> String {
        source.dependencies().find(|(name, _)| *name == wanted).expect("it is one of them").1
    }

    #[test]
    fn the_versions_are_those_of_the_crates() {
        for (name, version) in CRATES {
            let Some(version) = version else { continue };
            let manifest = Path::new(BUILT_IN).join("crates").join(name).join("Cargo.toml");
            let manifest = std::fs::read_to_string(manifest).unwrap();
            let own = format!("version = \"{version}\"");
            let workspaces = manifest.lines().any(|line| line == "version.workspace = true");
            assert!(workspaces || manifest.lines().any(|line| line == own), "{name} {version}");
            assert_eq!(workspaces, version == env!("CARGO_PKG_VERSION"), "{name}");
        }
    }

    #[test]
    fn a_checkout_is_named_by_its_absolute_path() {
        let source = Source::built_from().unwrap();
        let Source::Path(root) = &source else { panic!("{source:?}") };
        assert!(Path::new(root).is_absolute() && !root.contains(".."), "{root}");
        assert_eq!(dependency(&source, "wdk"), format!("{{ path = \"{root}/crates/wdk\" }}"));
        assert_eq!(source.install(), format!("--path '{root}/crates/cargo-driver'"));
        assert!(Source::checkout(Path::new("/nowhere")).unwrap_err().contains("crates/wdk/Cargo.toml"));
        assert!(Source::checkout(Path::new("https://host/x")).unwrap_err().contains("--git"));
    }

    #[test]
    fn a_repository_is_named_with_versions_where_names_are_not_enough() {
        let source = Source::git("https://host/wdk.git", Some("v1")).unwrap();
        let version = env!("CARGO_PKG_VERSION");
        assert_eq!(
            dependency(&source, "wdk"),
            format!("{{ git = \"https://host/wdk.git\", rev = \"v1\", version = \"{version}\" }}")
        );
        let without = Source::git("ssh://git@host/wdk", None).unwrap();
        assert_eq!(dependency(&without, "wdk-sys"), "{ git = \"ssh://git@host/wdk\" }");
        assert_eq!(without.install(), "--git 'ssh://git@host/wdk' cargo-driver");
        assert_eq!(source.install(), "--git 'https://host/wdk.git' --rev 'v1' cargo-driver");
        for bad in ["", "host/wdk", "git@host:wdk", "https://host/a b", "https://host/\"\n", "https://host/'"]
        {
            assert!(Source::git(bad, None).unwrap_err().contains("is no URL"), "{bad}");
        }
        for bad in ["", "-x", "a b", "$(x)"] {
            assert!(Source::git("https://host/wdk", Some(bad)).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_quotation_mark_does_not_end_a_string() {
        let source = Source::Path("/a \"b\"/it's".to_owned());
        assert_eq!(dependency(&source, "wdk"), r#"{ path = "/a \"b\"/it's/crates/wdk" }"#);
        assert_eq!(source.install(), r#"--path '/a "b"/it'\''s/crates/cargo-driver'"#);
    }
}
