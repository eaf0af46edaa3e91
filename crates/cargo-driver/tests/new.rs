//! `cargo driver new`: what it makes builds, is tested, is checked and is signed, outside of this repository.

mod common;

use common::{Directory, Ended, ROOT, start, text};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const GUID: &str = "3c5b0a2e-90d1-4a55-8f0e-0b1d2c3e4f50";

/// Makes a project in a directory, and returns its own.
fn make(directory: &Directory, name: &str, arguments: &[&str]) -> (PathBuf, Ended) {
    let path = directory.0.join(name);
    let ended = start(&[&["new", name, "--path", &text(&path)], arguments].concat());
    (path, ended)
}

/// The files of a project and their contents.
fn files(root: &Path) -> BTreeMap<String, String> {
    fn add(root: &Path, directory: &Path, files: &mut BTreeMap<String, String>) {
        for entry in fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                add(root, &entry, files);
            } else {
                let name = text(entry.strip_prefix(root).unwrap()).replace('\\', "/");
                files.insert(name, fs::read_to_string(&entry).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    add(root, root, &mut found);
    found
}

fn is_empty(directory: &Directory) -> bool {
    fs::read_dir(&directory.0).unwrap().next().is_none()
}

/// A project in which commands run as its owner runs them, with the dependencies that this repository has locked.
struct Project(PathBuf);

impl Project {
    fn new(path: PathBuf) -> Self {
        fs::copy(Path::new(ROOT).join("Cargo.lock"), path.join("Cargo.lock")).unwrap();
        Self(path)
    }

    /// Where its builds go: where this test was built, so that what both need is built once.
    fn target() -> &'static Path {
        Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("it is below the target directory")
    }

    fn run(&self, program: &str, arguments: &[&str]) -> Ended {
        self.end(Command::new(program).args(arguments).env("CARGO_TARGET_DIR", Self::target()))
    }

    fn end(&self, command: &mut Command) -> Ended {
        command.current_dir(&self.0);
        command.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
        let output = command.output().expect("the program starts");
        Ended {
            code: output.status.code().expect("it ends by itself"),
            out: String::from_utf8(output.stdout).expect("it prints text"),
            err: String::from_utf8(output.stderr).expect("it prints text"),
        }
    }

    /// Runs `ci.sh`, with the command installed.
    #[cfg(unix)]
    fn ci(&self) {
        // The script's paths begin with `target`.
        std::os::unix::fs::symlink(Self::target(), self.0.join("target")).unwrap();
        let installed = Path::new(env!("CARGO_BIN_EXE_cargo-driver")).parent().unwrap();
        let path = std::env::var_os("PATH").unwrap_or_default();
        let path =
            std::env::join_paths([installed.to_owned()].into_iter().chain(std::env::split_paths(&path)));
        let mut script = Command::new("sh");
        script.arg("ci.sh").env("PATH", path.unwrap()).env("CARGO_TARGET_DIR", "target");
        let ended = self.end(&mut script);
        assert_eq!(ended.code, 0, "{}\n{}", ended.out, ended.err);
    }

    #[track_caller]
    fn good(&self, arguments: &[&str]) -> Ended {
        let ended = self.run(env!("CARGO_BIN_EXE_cargo-driver"), arguments);
        assert_eq!(ended.code, 0, "{arguments:?}\n{}\n{}", ended.out, ended.err);
        ended
    }
}

/// Whether this machine can build images; see `WDK_REQUIRE_IMAGES` in `.ci/run`.
fn can_build() -> bool {
    let doctor = start(&["doctor"]);
    assert!(doctor.code == 0 || std::env::var_os("WDK_REQUIRE_IMAGES").is_none(), "{}", doctor.out);
    if doctor.code != 0 {
        eprintln!("SKIPPED: no Windows target: see `cargo driver doctor`");
    }
    doctor.code == 0
}

/// Everything that the project's README says, in its order.
fn project_works(kind: &str) {
    let directory = Directory::new();
    let name = format!("my-{kind}");
    let (path, ended) = make(&directory, &name, &[&format!("--{kind}")]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    let project = Project::new(path);

    let sources = if kind == "umdf" { "tests/image.rs" } else { "tests/driver.rs" };
    let formatted = project.run("rustfmt", &["--edition", "2024", "--check", "src/lib.rs", sources]);
    assert_eq!(formatted.code, 0, "{}{}", formatted.out, formatted.err);
    let inx = format!("{name}.inx");
    for mode in ["universal", "windows", "hardware"] {
        project.good(&["inf", "check", "--deny-warnings", "--mode", mode, &inx]);
    }
    let can_build = can_build();
    if kind != "umdf" || can_build {
        let tested = project.good(&["test"]);
        let passed = |line: &str| line.starts_with("test result: ok.") && !line.contains(" 0 passed");
        assert_eq!(tested.out.lines().filter(|line| passed(line)).count(), 1, "{}", tested.out);
        assert!(!tested.err.contains("warning"), "{}", tested.err);
    }
    if kind == "kmdf" {
        let run = project.good(&["run", ".", "--write", "hello", "--read", "8", "--json", "--quiet"]);
        let json: Value = serde_json::from_str(&run.out).unwrap();
        assert_eq!(json["verdict"], "clean");
        assert_eq!(json["actions"][1]["data"], "0500000000000000");
    }
    if !can_build {
        return;
    }
    let library = name.replace('-', "_");
    let package = project.0.join("package");
    let file = |extension: &str| text(&package.join(format!("{library}.{extension}")));
    let image = file(if kind == "umdf" { "dll" } else { "sys" });
    let (inf, catalog) = (file("inf"), file("cat"));
    let keys = text(&project.0.join("keys"));
    let (pfx, cer) = (format!("{keys}/test-signing.pfx"), format!("{keys}/test-signing.cer"));

    project.good(&["build", "--release", "--out", &image]);
    project.good(&["check", "--strict", &image]);
    project.good(&["inf", "stamp", ".", "--out", &inf]);
    project.good(&["inf", "check", "--deny-warnings", "--windows", &inf]);
    project.good(&["cert", "new", "--name", "Test", "--out", &keys]);
    project.good(&["sign", "--pfx", &pfx, &image]);
    project.good(&["catalog", "new", "--pfx", &pfx, "--out", &catalog, &image, &inf]);
    project.good(&["catalog", "check", "--ca", &cer, &catalog, &image, &inf]);

    let name_of_catalog = format!("CatalogFile = {library}.cat");
    assert!(fs::read_to_string(&inf).unwrap().contains(&name_of_catalog));
    #[cfg(unix)]
    project.ci();
}

#[test]
fn a_kmdf_project_works() {
    project_works("kmdf");
}

#[test]
fn a_umdf_project_works() {
    project_works("umdf");
}

#[test]
fn a_wdm_project_works() {
    project_works("wdm");
}

#[test]
fn a_guid_decides_the_whole_project_and_the_default_is_a_fresh_one() {
    let directory = Directory::new();
    let json = |path: &str, arguments: &[&str]| {
        let path = text(&directory.0.join(path));
        let ended = start(&[&["new", "my-driver", "--kmdf", "--json", "--path", &path], arguments].concat());
        assert_eq!((ended.code, ended.err.as_str()), (0, ""));
        (files(Path::new(&path)), ended.json())
    };
    let (one, report) = json("one", &["--guid", GUID]);
    let (two, _) = json("two", &["--guid", GUID]);
    assert_eq!(one, two);
    assert_eq!((report["kind"].as_str(), report["interface"].as_str()), (Some("KMDF"), Some(GUID)));
    let listed: Vec<_> =
        report["files"].as_array().unwrap().iter().map(|file| file.as_str().unwrap()).collect();
    assert_eq!(listed, one.keys().collect::<Vec<_>>());
    assert!(one["src/lib.rs"].contains(GUID) && one["README.md"].contains(GUID));

    let (_, first) = json("three", &[]);
    let (_, second) = json("four", &[]);
    let guid = first["interface"].as_str().unwrap();
    assert_ne!(guid, second["interface"].as_str().unwrap());
    assert_eq!(&guid[14..15], "4", "a random GUID says that it is one: {guid}");
    // Nothing is beside the projects.
    assert_eq!(fs::read_dir(&directory.0).unwrap().count(), 4);
}

#[test]
fn the_files_of_the_code_hosts_call_one_script() {
    let directory = Directory::new();
    let (path, ended) =
        make(&directory, "my-driver", &["--wdm", "--git", "https://host/wdk.git", "--rev", "v1"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    let files = files(&path);
    for host in
        [".forgejo/workflows/ci.yml", ".github/workflows/ci.yml", ".gitlab-ci.yml", "azure-pipelines.yml"]
    {
        assert!(files[host].contains("sh ci.sh"), "{host}");
        assert!(files[host].contains("x86_64-pc-windows-msvc"), "{host}");
    }
    let install = "cargo install --locked --git 'https://host/wdk.git' --rev 'v1' cargo-driver";
    assert!(files["ci.sh"].contains(install) && files["README.md"].contains(install));
    // Each command of the script exists.
    for line in files["ci.sh"].lines().filter_map(|line| line.strip_prefix("cargo driver ")) {
        let words: Vec<_> = line.split_whitespace().take_while(|word| !word.starts_with('-')).collect();
        let words = if words[0] == "inf" { &words[..2] } else { &words[..1] };
        assert_eq!(start(&[words, &["--help"]].concat()).code, 0, "{line}");
    }
    #[cfg(unix)]
    assert!(Command::new("sh").arg("-n").arg(path.join("ci.sh")).status().unwrap().success());
}

#[test]
fn what_cannot_be_made_is_refused_and_leaves_nothing() {
    let directory = Directory::new();
    let here = text(&directory.0.join("x"));
    for (name, why) in
        [("1st", "a letter"), ("a b", "in it"), ("fn", "keyword"), ("con", "reserves"), ("wdk", "crate")]
    {
        start(&["new", name, "--kmdf", "--path", &here]).refused(2, why);
    }
    start(&["new", "good", "--kmdf", "--path", &here, "--git", "host/x"]).refused(2, "is no URL");
    start(&["new", "good", "--kmdf", "--path", &here, "--wdk", "/nowhere"]).refused(2, "no checkout");
    let below = text(&directory.0.join("missing/x"));
    start(&["new", "good", "--kmdf", "--path", &below]).refused(2, "make it first");
    let wrong: [&[&str]; 4] =
        [&["--kmdf", "--wdm"], &[], &["--kmdf", "--guid", "1"], &["--kmdf", "--rev", "v1"]];
    for arguments in wrong {
        let ended = start(&[&["new", "good", "--path", &here], arguments].concat());
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{arguments:?}");
    }
    assert!(is_empty(&directory));
}

#[test]
fn what_is_there_stays() {
    let directory = Directory::new();
    let file = directory.file("file", "mine");
    fs::create_dir(directory.0.join("empty")).unwrap();
    let before = files(&directory.0);
    for there in ["file", "empty"] {
        let path = text(&directory.0.join(there));
        start(&["new", "good", "--kmdf", "--path", &path]).refused(2, "exists");
    }
    #[cfg(unix)]
    {
        let link = directory.0.join("link");
        std::os::unix::fs::symlink("/nowhere", &link).unwrap();
        start(&["new", "good", "--kmdf", "--path", &text(&link)]).refused(2, "exists");
        fs::remove_file(link).unwrap();
    }
    start(&["new", "good", "--kmdf", "--path", &format!("{file}/x")]).refused(2, "no directory");
    assert_eq!(files(&directory.0), before);
    assert_eq!(fs::read_dir(directory.0.join("empty")).unwrap().count(), 0);
}
