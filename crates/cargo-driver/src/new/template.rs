//! The files of a new project. They are in `templates`; what stands in `{{…}}` is filled in.

use super::name::Name;
use super::source::Source;
use wdk_exerciser::Class;

/// What kind of driver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Kmdf,
    Umdf,
    Wdm,
}

impl Kind {
    /// As in `driver-type`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Kmdf => "KMDF",
            Self::Umdf => "UMDF",
            Self::Wdm => "WDM",
        }
    }

    /// Whether programs can open the device.
    pub const fn has_interface(self) -> bool {
        !matches!(self, Self::Wdm)
    }

    const fn extension(self) -> &'static str {
        match self {
            Self::Kmdf | Self::Wdm => "sys",
            Self::Umdf => "dll",
        }
    }

    fn files(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Kmdf => KMDF,
            Self::Umdf => UMDF,
            Self::Wdm => WDM,
        }
    }
}

/// What is filled in.
#[derive(Debug)]
pub struct Values<'a> {
    pub name: &'a Name,
    pub interface: Class,
    pub source: &'a Source,
}

/// A file of the project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its path in the project, with `/`.
    pub path: String,
    /// Its content.
    pub content: String,
}

macro_rules! templates {
    ($($to:literal = $from:literal,)*) => {
        &[$(($to, include_str!(concat!("../../templates/", $from)))),*]
    };
}

const COMMON: &[(&str, &str)] = templates! {
    ".forgejo/workflows/ci.yml" = "common/forgejo.yml",
    ".github/workflows/ci.yml" = "common/github.yml",
    ".gitignore" = "common/gitignore",
    ".gitlab-ci.yml" = "common/gitlab.yml",
    "azure-pipelines.yml" = "common/azure.yml",
    "ci.sh" = "common/ci.sh",
};

const KMDF: &[(&str, &str)] = templates! {
    "Cargo.toml" = "kmdf/Cargo.toml.template",
    "README.md" = "kmdf/README.md",
    "{{name}}.inx" = "kmdf/driver.inx",
    "src/lib.rs" = "kmdf/src/lib.rs",
    "tests/driver.rs" = "kmdf/tests/driver.rs",
};

const UMDF: &[(&str, &str)] = templates! {
    "Cargo.toml" = "umdf/Cargo.toml.template",
    "README.md" = "umdf/README.md",
    "{{name}}.inx" = "umdf/driver.inx",
    "src/lib.rs" = "umdf/src/lib.rs",
    "tests/image.rs" = "umdf/tests/image.rs",
};

const WDM: &[(&str, &str)] = templates! {
    "Cargo.toml" = "wdm/Cargo.toml.template",
    "README.md" = "wdm/README.md",
    "{{name}}.inx" = "wdm/driver.inx",
    "src/lib.rs" = "wdm/src/lib.rs",
    "tests/driver.rs" = "wdm/tests/driver.rs",
};

/// The part of a README that all kinds share.
const README: &str = include_str!("../../templates/common/readme.md");

/// All files of a project, in the order of their paths.
pub fn render(kind: Kind, values: &Values<'_>) -> Vec<File> {
    let mut fields = vec![
        ("name", values.name.package().to_owned()),
        ("crate", values.name.library()),
        ("file", format!("{}.{}", values.name.library(), kind.extension())),
        ("hardware-name", values.name.hardware()),
        ("guid", values.interface.to_string()),
        ("install", values.source.install()),
        ("ci-remark", ci_remark(values.source).to_owned()),
        ("dependencies-remark", dependencies_remark(values.source)),
    ];
    for (name, dependency) in values.source.dependencies() {
        let field = match name {
            "wdk" => "dependency-wdk",
            "wdk-build" => "dependency-wdk-build",
            "wdk-emulator" => "dependency-wdk-emulator",
            _ => "dependency-wdk-sys",
        };
        fields.push((field, dependency));
    }
    fields.push(("readme-common", fill(README, &fields)));
    let files = COMMON.iter().chain(kind.files());
    let mut files: Vec<_> = files
        .map(|(path, content)| File { path: fill(path, &fields), content: fill(content, &fields) })
        .collect();
    files.sort_by(|one, other| one.path.cmp(&other.path));
    files
}

fn ci_remark(source: &Source) -> &'static str {
    match source {
        Source::Git { .. } => "",
        Source::Path(_) => {
            "\n# The crates are at a path of one machine. For a code host, depend on their git repository instead, in \
             Cargo.toml\n# and below: `--git URL cargo-driver`.\n"
        }
    }
}

fn dependencies_remark(source: &Source) -> String {
    match source {
        Source::Git { url, .. } => {
            format!(
                "The crates come from <{url}>. `wdk` and `wdk-build` are named with their version, because the \
                 repository has older\nnamesakes of them. `Cargo.lock` keeps the commit; `cargo update` takes the \
                 newest."
            )
        }
        Source::Path(root) => format!(
            "The crates are those of the checkout at `{root}`, by path. To share the project, depend on their git\n\
             repository instead: `git = \"URL\"` in place of each `path`, and for `wdk` and `wdk-build` the `version` \
             of the checkout,\nbecause the repository has older namesakes of them. `cargo driver new --git URL` does \
             that from the start."
        ),
    }
}

/// Fills in the fields of a text.
///
/// # Panics
///
/// When it names one that does not exist: the templates are part of this program.
fn fill(text: &str, fields: &[(&str, String)]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, behind) = after.split_once("}}").expect("`{{` has its `}}`");
        let field = fields.iter().find(|(field, _)| *field == name);
        filled += before;
        filled += &field.unwrap_or_else(|| panic!("there is no field `{name}`")).1;
        rest = behind;
    }
    filled + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    const GUID: &str = "3c5b0a2e-90d1-4a55-8f0e-0b1d2c3e4f50";

    fn project(kind: Kind, source: &Source) -> Vec<File> {
        let name = Name::parse("zoo-keeper").unwrap();
        render(kind, &Values { name: &name, interface: Class::parse(GUID).unwrap(), source })
    }

    #[test]
    fn every_field_is_filled_in() {
        let path = Source::Path("/somewhere".to_owned());
        let git = Source::git("https://host/wdk", None).unwrap();
        for kind in [Kind::Kmdf, Kind::Umdf, Kind::Wdm] {
            for source in [&path, &git] {
                let files = project(kind, source);
                assert!(files.len() > 10);
                for File { path, content } in &files {
                    assert!(!content.contains("{{") && !content.contains("}}"), "{path}:\n{content}");
                    assert!(content.ends_with('\n') && !content.ends_with("\n\n"), "{path}");
                    assert!(!path.contains('{'), "{path}");
                }
            }
            assert_eq!(project(kind, &path), project(kind, &path), "a GUID decides all of it");
        }
    }

    #[test]
    fn a_project_with_git_dependencies_names_no_path() {
        let git = Source::git("https://host/wdk", None).unwrap();
        for kind in [Kind::Kmdf, Kind::Umdf, Kind::Wdm] {
            let files = project(kind, &git);
            let manifest = files.iter().find(|file| file.path == "Cargo.toml").unwrap();
            assert!(!manifest.content.contains("path ="), "{}", manifest.content);
            let script = files.iter().find(|file| file.path == "ci.sh").unwrap();
            assert!(script.content.contains("--git 'https://host/wdk' cargo-driver"), "{}", script.content);
        }
    }

    #[test]
    fn only_the_raw_kinds_have_unsafe_code() {
        let source = Source::Path("/somewhere".to_owned());
        for kind in [Kind::Kmdf, Kind::Umdf, Kind::Wdm] {
            let files = project(kind, &source);
            let library = &files.iter().find(|file| file.path == "src/lib.rs").unwrap().content;
            assert_eq!(library.contains("#![forbid(unsafe_code)]"), kind == Kind::Kmdf);
            assert_eq!(library.contains("unsafe {"), kind != Kind::Kmdf);
            assert_eq!(library.contains(GUID), kind.has_interface());
        }
    }

    #[test]
    #[should_panic(expected = "there is no field `colour`")]
    fn a_field_that_does_not_exist_is_a_mistake() {
        fill("{{name}} {{colour}}", &[("name", String::new())]);
    }
}
