//! Programs that must not compile: `tests/ui/<area>/<mistake>.rs`, one for each "does not compile" that the
//! documentation claims.
//!
//! A line with a mistake is marked `//~ CODE: words of the message` (` & ` between two). A program passes when the compiler reports
//! exactly the marked errors, on the marked lines. Each has a twin in itself, which must compile, so that nothing else
//! is wrong with it: a marked line is left out there, or replaced by what follows `// mended:`. Messages are
//! compared in part, so that another version of the compiler may word the rest differently.

use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// `(line, code, words)`.
type Expected = Vec<(u64, String, String)>;

fn programs(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(programs(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn expected(source: &str) -> Expected {
    let mut expected = Vec::new();
    for (index, line) in source.lines().enumerate() {
        if let Some((_, mark)) = line.split_once("//~ ") {
            let mark = mark.split("// mended:").next().unwrap_or(mark);
            for mark in mark.split(" & ") {
                let (code, words) = mark.split_once(": ").expect("a mark reads `//~ CODE: words`");
                expected.push((index as u64 + 1, code.to_owned(), words.trim().to_owned()));
            }
        }
    }
    expected
}

/// The program without the mistake: a line that has `// mended: …` becomes what that says, a line that is only
/// marked is left out.
fn mended(source: &str) -> String {
    let mut text = String::new();
    for line in source.lines() {
        match line.split_once("// mended:") {
            Some((_, instead)) => text.push_str(instead.trim()),
            None if line.contains("//~ ") => {}
            None => text.push_str(line),
        }
        text.push('\n');
    }
    text
}

struct Workspace {
    directory: PathBuf,
    root: PathBuf,
}

impl Workspace {
    fn new(name: &str) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned();
        let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
        let directory = target.join(name);
        std::fs::create_dir_all(directory.join("src")).unwrap();
        std::fs::copy(root.join("Cargo.lock"), directory.join("Cargo.lock")).unwrap();
        Self { directory, root }
    }

    /// Compiles programs, each as a crate of its own, and returns the errors by program.
    fn compile(&self, programs: &BTreeMap<String, String>) -> BTreeMap<String, Expected> {
        let wdk = self.root.join("crates/wdk");
        let mut manifest = format!(
            "[package]\nname = \"ui\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\nwdk = {{ path = {wdk:?} }}\n",
        );
        for (name, source) in programs {
            let _ = write!(manifest, "\n[[bin]]\nname = {name:?}\npath = \"src/{name}.rs\"\n");
            std::fs::write(self.directory.join(format!("src/{name}.rs")), source).unwrap();
        }
        std::fs::write(self.directory.join("Cargo.toml"), manifest).unwrap();
        // Built, not only checked: some mistakes show when generic code is instantiated.
        let output = Command::new(env!("CARGO"))
            .args(["build", "--offline", "--keep-going", "--bins", "--message-format", "json", "--quiet"])
            .current_dir(&self.directory)
            .env("CARGO_TARGET_DIR", self.directory.join("target"))
            .env_remove("RUSTFLAGS")
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .output()
            .expect("cargo runs");
        let mut errors: BTreeMap<String, Expected> =
            programs.keys().map(|name| (name.clone(), Vec::new())).collect();
        let mut messages = 0;
        for line in String::from_utf8_lossy(&output.stdout).lines() {
            let message: Value = serde_json::from_str(line).expect("cargo prints JSON");
            messages += 1;
            if message["reason"] != "compiler-message" || message["message"]["level"] != "error" {
                continue;
            }
            let target = message["target"]["name"].as_str().unwrap();
            let inner = &message["message"];
            let text = inner["message"].as_str().unwrap().to_owned();
            if text.starts_with("aborting due to") || text.starts_with("could not compile") {
                continue;
            }
            let code = inner["code"]["code"].as_str().unwrap_or("error").to_owned();
            // The first span in the program itself; errors of generic code point there by a note.
            let spans = inner["spans"].as_array().unwrap();
            let own = format!("src/{target}.rs");
            let span =
                spans.iter().find(|span| span["is_primary"] == true && span["file_name"] == own.as_str());
            let line = span.map_or(0, |span| span["line_start"].as_u64().unwrap());
            let rendered = inner["rendered"].as_str().unwrap_or("").to_owned();
            if let Some(list) = errors.get_mut(target) {
                list.push((line, code, format!("{text}\n{rendered}")));
            } else {
                panic!("{target} does not compile:\n{rendered}");
            }
        }
        assert!(messages > 0, "cargo did not compile anything: {}", String::from_utf8_lossy(&output.stderr));
        errors
    }
}

fn name_of(path: &Path, directory: &Path) -> String {
    let relative = path.strip_prefix(directory).unwrap().with_extension("");
    relative.to_string_lossy().replace(['/', '\\'], "-")
}

#[test]
fn mistakes_do_not_compile_and_mended_they_do() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui");
    let sources: BTreeMap<String, String> = programs(&directory)
        .iter()
        .map(|path| (name_of(path, &directory), std::fs::read_to_string(path).unwrap()))
        .collect();
    assert!(sources.len() >= 32, "only {} programs", sources.len());
    let workspace = Workspace::new("ui");
    let errors = workspace.compile(&sources);
    let mut report = String::new();
    for (name, source) in &sources {
        let expected = expected(source);
        assert!(!expected.is_empty(), "{name} marks no mistake");
        let found = &errors[name];
        for (line, code, words) in &expected {
            let hit =
                found.iter().any(|(l, c, text)| (l == line || *l == 0) && c == code && text.contains(words));
            if !hit {
                let _ = writeln!(report, "{name}:{line}: no {code} with {words:?}");
            }
        }
        for (line, code, text) in found {
            if !expected
                .iter()
                .any(|(l, c, words)| (l == line || *line == 0) && c == code && text.contains(words))
            {
                let _ = writeln!(report, "{name}:{line}: unexpected {code}: {text}");
            }
        }
    }
    let mended_sources: BTreeMap<String, String> =
        sources.iter().map(|(name, source)| (format!("mended-{name}"), mended(source))).collect();
    for (name, found) in workspace.compile(&mended_sources) {
        for (line, code, text) in found {
            let _ = writeln!(
                report,
                "{name}:{line}: it does not compile without the mistake either: {code}: {text}"
            );
        }
    }
    assert!(report.is_empty(), "\n{report}");
    println!("{} mistakes", sources.len());
}
