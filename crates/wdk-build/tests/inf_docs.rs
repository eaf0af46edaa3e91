//! `docs/inf.md` says what the table of rules says. `WDK_UPDATE_DOCS=1` writes it anew.

use std::fmt::Write as _;
use std::path::Path;
use wdk_build::inf::{Mode, RULES, Severity};

const HEAD: &str = "\
# Findings of `cargo driver inf check`

Made from the table of rules in `crates/wdk-build/src/inf/rules`; a test compares the two. `cargo driver inf explain NUMBER` prints
one of them.

Numbers below 9000 are those that Microsoft documents for InfVerif, and mean what they mean there. Numbers from 9000 on are
ours. A number stays with its meaning. InfVerif has more findings than are documented; where ours say the same, their numbers
differ.

The columns are the modes: **D**efault, **U**niversal (InfVerif's `/u`), **W**indows (`/w`: declarative and isolated) and **H**ardware (`/h`:
what Hardware Dev Center signs, with the exceptions that are documented for Windows 11, version 24H2). E is an error, W a
warning, I an information.

| Number | | D | U | W | H |
|---|---|---|---|---|---|
";

const TAIL: &str = "
## What is not checked

* The INF files that Include names: what is in them is not known here. A section of theirs that is named directly is INF1220.
* Directives of class installers: the lines that only a class installer reads are read as `key = values`, and no more.
* `/h` with `/rulever`: the rules of older versions of Windows.
* INF files for Windows before Windows 10 have to be decorated to be clean (INF1199, INF2223), as with InfVerif.
";

fn page() -> String {
    let mut page = HEAD.to_owned();
    for rule in RULES {
        let letter = |mode| match rule.severity(mode) {
            Some(Severity::Error) => "E",
            Some(Severity::Warning) => "W",
            Some(Severity::Info) => "I",
            None => "–",
        };
        let letters = Mode::ALL.map(letter).join(" | ");
        let _ = writeln!(
            page,
            "| [{0}](#{1}) | {2} | {letters} |",
            rule.name(),
            rule.name().to_lowercase(),
            rule.title
        );
    }
    for rule in RULES {
        let _ = write!(
            page,
            "\n## {}\n\n{}.\n\n{}\n\n*What to do:* {}\n",
            rule.name(),
            capitalised(rule.title),
            escaped(rule.meaning),
            escaped(rule.mend)
        );
    }
    page + TAIL
}

/// Starts with a capital, unless the first word is a name.
fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or(String::new(), |first| first.to_uppercase().chain(characters).collect())
}

/// What stands in brackets is the name of a section, not a link.
fn escaped(text: &str) -> String {
    text.replace('[', "\\[").replace('*', "\\*")
}

#[test]
fn the_page_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/inf.md");
    let page = page();
    if std::env::var_os("WDK_UPDATE_DOCS").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    let differs = there.lines().zip(page.lines()).find(|(there, page)| there != page);
    assert!(there == page, "docs/inf.md is not current (run the test with WDK_UPDATE_DOCS=1): {differs:?}");
}
