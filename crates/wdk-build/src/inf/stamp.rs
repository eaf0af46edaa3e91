//! From INX to INF: what StampInf does.

use super::check::Severity;
use super::date::Date;
use super::decoration::Architecture;
use super::text::CannotEncode;
use super::tree::{Inf, Line, Merged, Position, Span};
use super::version::{DriverVersion, LibraryVersion};
use super::{Mode, parse, rules};
use std::fmt;

/// What is put into a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// For `$ARCH$`.
    pub architecture: Architecture,
    /// The date in `DriverVer`.
    pub date: Date,
    /// The version in `DriverVer`.
    pub version: DriverVersion,
    /// For `$KMDFVERSION$` (`1.15`) and `$KMDFCOINSTALLERVERSION$` (`01015`).
    pub kmdf: Option<LibraryVersion>,
    /// For `$UMDFVERSION$` (`2.15.0`) and `$UMDFCOINSTALLERVERSION$` (`02015`).
    pub umdf: Option<LibraryVersion>,
    /// The file name in `CatalogFile`. None leaves the directive as it is.
    pub catalog: Option<String>,
}

/// Why a file cannot be stamped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StampError {
    /// The form of the file is wrong: where, and what.
    Malformed(Position, String),
    /// There is no `[Version]`, so there is no place for `DriverVer`.
    NoVersionSection,
    /// A placeholder for which there is no value.
    NoValue {
        /// Where it stands.
        position: Position,
        /// The placeholder.
        placeholder: &'static str,
    },
    /// The name of the catalog cannot stand in an INF file.
    BadCatalog(String),
    /// The result cannot be written in the file's encoding.
    Encoding(CannotEncode),
}

impl fmt::Display for StampError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(position, what) => write!(f, "{position}: {what}"),
            Self::NoVersionSection => {
                f.write_str("there is no [Version] section, so there is no place for DriverVer")
            }
            Self::NoValue { position, placeholder } => {
                let framework = if placeholder.contains("UMDF") { "UMDF" } else { "KMDF" };
                write!(
                    f,
                    "{position}: {placeholder} needs the version of {framework} that the driver is made for"
                )
            }
            Self::BadCatalog(name) => write!(
                f,
                "`{name}` cannot be the name of a catalog: it has to be a file name that ends with .cat, without a directory"
            ),
            Self::Encoding(why) => why.fmt(f),
        }
    }
}

impl std::error::Error for StampError {}

/// Makes an INF file of an INX file. Placeholders are replaced in names, keys and values; `DriverVer` and
/// `CatalogFile` are set or added. Comments, layout, line ends and encoding stay. The same input gives the same bytes.
///
/// # Errors
///
/// [`StampError`].
pub fn stamp(inx: &Inf, stamp: &Stamp) -> Result<Vec<u8>, StampError> {
    // What is added behind a line that is continued would become a part of it.
    let is_error = |found: &&parse::Malformed| {
        found.rule == &rules::CONTINUED_END || found.rule.severity(Mode::Default) == Some(Severity::Error)
    };
    if let Some(found) = inx.malformed.iter().find(is_error) {
        return Err(StampError::Malformed(inx.position(found.span.start), found.what.clone()));
    }
    let version = inx.section("Version").ok_or(StampError::NoVersionSection)?;
    let mut edits = Edits { inx, edits: Vec::new() };
    edits.directive(&version, "DriverVer", &format!("{},{}", stamp.date, stamp.version));
    if let Some(catalog) = &stamp.catalog {
        edits.directive(&version, "CatalogFile", &quoted_catalog(catalog)?);
    }
    edits.placeholders(stamp)?;
    inx.text().encode_instead(&edits.applied()).map_err(StampError::Encoding)
}

fn quoted_catalog(name: &str) -> Result<String, StampError> {
    let is_good = name.len() > ".cat".len()
        && name.get(name.len() - 4..).is_some_and(|end| end.eq_ignore_ascii_case(".cat"))
        && !name.chars().any(|character| character.is_control() || "\\/:*?\"<>|%".contains(character));
    if !is_good {
        return Err(StampError::BadCatalog(name.to_owned()));
    }
    let plain = !name.contains([';', ',', '=', ' ']);
    Ok(if plain { name.to_owned() } else { format!("\"{name}\"") })
}

/// The placeholders, and what each is replaced with.
fn placeholders(stamp: &Stamp) -> [(&'static str, Option<String>); 5] {
    [
        ("$ARCH$", Some(stamp.architecture.name().to_owned())),
        ("$KMDFVERSION$", stamp.kmdf.map(|version| version.to_string())),
        ("$KMDFCOINSTALLERVERSION$", stamp.kmdf.map(LibraryVersion::of_co_installer)),
        ("$UMDFVERSION$", stamp.umdf.map(|version| format!("{version}.0"))),
        ("$UMDFCOINSTALLERVERSION$", stamp.umdf.map(LibraryVersion::of_co_installer)),
    ]
}

/// The placeholders that a text has, in the order of the text.
pub(super) fn placeholders_in(text: &str) -> impl Iterator<Item = (usize, &'static str)> {
    const NAMES: [&str; 5] =
        ["$ARCH$", "$KMDFVERSION$", "$KMDFCOINSTALLERVERSION$", "$UMDFVERSION$", "$UMDFCOINSTALLERVERSION$"];
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let at = from + text.get(from..)?.find('$')?;
            let is_here = |name: &&str| {
                text.get(at..at + name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name))
            };
            let name = NAMES.into_iter().find(is_here);
            // Two placeholders do not share a `$`.
            from = at + name.map_or(1, str::len);
            if let Some(name) = name {
                return Some((at, name));
            }
        }
    })
}

struct Edits<'a> {
    inx: &'a Inf,
    edits: Vec<(Span, String)>,
}

impl Edits<'_> {
    fn content(&self) -> &str {
        self.inx.text().content()
    }

    /// Sets the value of a directive, wherever it stands, or adds it to the end of the section.
    fn directive(&mut self, section: &Merged<'_>, key: &str, value: &str) {
        let mut is_there = false;
        for line in section.directives(key) {
            is_there = true;
            self.edits.push(set(line, value));
        }
        if is_there {
            return;
        }
        let last = section.lines().last().map_or(section.span().end, |line| line.end);
        let content = self.content();
        let newline = if content.contains("\r\n") || !content.contains('\n') { "\r\n" } else { "\n" };
        // Behind CTRL-Z nothing would be read.
        let end = content[last..].find(['\n', '\x1A']).map_or(content.len(), |end| last + end);
        let (at, text) = match content[end..].starts_with('\n') {
            true => (end + 1, format!("{key} = {value}{newline}")),
            false => (end, format!("{newline}{key} = {value}{newline}")),
        };
        self.edits.push((Span::new(at, at), text));
    }

    fn placeholders(&mut self, stamp: &Stamp) -> Result<(), StampError> {
        let values = placeholders(stamp);
        let set: Vec<_> = self.edits.iter().map(|(span, _)| *span).collect();
        let mut spans = Vec::new();
        for section in self.inx.sections() {
            spans.push(section.span);
            for line in &section.lines {
                spans.extend(line.key.iter().chain(&line.values).map(|field| field.span));
            }
        }
        // What is replaced as a whole needs no replacement inside.
        spans.retain(|span| !set.iter().any(|set| set.start <= span.start && span.end <= set.end));
        for span in spans {
            for (at, placeholder) in placeholders_in(self.inx.source(span)) {
                let start = span.start + at;
                let value =
                    values.iter().find(|(name, _)| *name == placeholder).and_then(|(_, value)| value.clone());
                let Some(value) = value else {
                    return Err(StampError::NoValue { position: self.inx.position(start), placeholder });
                };
                self.edits.push((Span::new(start, start + placeholder.len()), value));
            }
        }
        Ok(())
    }

    fn applied(mut self) -> String {
        // Stable: what is added at one place stays in order. A line that is added where a value is set follows it.
        self.edits.sort_by_key(|(span, text)| (span.start, text.starts_with(['\r', '\n'])));
        let content = self.content();
        let mut out = String::with_capacity(content.len() + 64);
        let mut done = 0;
        for (span, text) in &self.edits {
            out.push_str(&content[done..span.start]);
            out.push_str(text);
            done = span.end;
        }
        out.push_str(&content[done..]);
        out
    }
}

/// The edit that gives a line another value.
fn set(line: &Line, value: &str) -> (Span, String) {
    let first = line.values[0].span;
    let last = line.values[line.values.len() - 1].span;
    let is_empty = line.values.iter().all(|field| field.text.is_empty());
    let text = if is_empty && first.start == first.end { format!(" {value}") } else { value.to_owned() };
    (Span::new(first.start, last.end), text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ours() -> Stamp {
        Stamp {
            architecture: Architecture::Amd64,
            date: Date::new(2026, 11, 21).unwrap(),
            version: DriverVersion([1, 2, 3, 0]),
            kmdf: Some("1.15".parse().unwrap()),
            umdf: None,
            catalog: None,
        }
    }

    #[track_caller]
    fn stamped(inx: &str, stamp_with: &Stamp) -> String {
        String::from_utf8(stamp(&Inf::read(inx.as_bytes()).unwrap(), stamp_with).unwrap()).unwrap()
    }

    #[track_caller]
    fn refused(inx: &str, stamp_with: &Stamp) -> String {
        stamp(&Inf::read(inx.as_bytes()).unwrap(), stamp_with).unwrap_err().to_string()
    }

    #[test]
    fn only_what_must_change_changes() {
        let inx = "; for $ARCH$\r\n[Version] ; v\r\n  DriverVer =\t01/01/2000 , 1.0 ; old\r\n\r\n[M.NT$arch$.10.0]\r\n\
                   x = \"a $KMDFVERSION$\", $KMDFCOINSTALLERVERSION$, $OTHER$\r\n";
        let inf = "; for $ARCH$\r\n[Version] ; v\r\n  DriverVer =\t11/21/2026,1.2.3.0 ; old\r\n\r\n[M.NTamd64.10.0]\r\n\
                   x = \"a 1.15\", 01015, $OTHER$\r\n";
        assert_eq!(stamped(inx, &ours()), inf);
        assert_eq!(stamped(inf, &ours()), inf);
    }

    #[test]
    fn an_empty_version_is_filled_in() {
        let line = "DriverVer = 11/21/2026,1.2.3.0";
        assert_eq!(stamped("[Version]\r\nDriverVer =\r\n", &ours()), format!("[Version]\r\n{line}\r\n"));
        assert_eq!(stamped("[Version]\nDriverVer = ; x\n", &ours()), format!("[Version]\n{line} ; x\n"));
    }

    #[test]
    fn a_missing_version_is_added_in_the_files_line_ends() {
        let line = "DriverVer = 11/21/2026,1.2.3.0";
        assert_eq!(
            stamped("[Version]\nA=1 ; c\n\n[B]\n", &ours()),
            format!("[Version]\nA=1 ; c\n{line}\n\n[B]\n")
        );
        assert_eq!(stamped("[Version]\r\n[B]\r\n", &ours()), format!("[Version]\r\n{line}\r\n[B]\r\n"));
        assert_eq!(
            stamped("[Version]\nA=1, \\\n \\\n$ARCH$\n", &ours()),
            format!("[Version]\nA=1, \\\n \\\namd64\n{line}\n")
        );
        let catalog = Stamp { catalog: Some("b.cat".into()), ..ours() };
        assert_eq!(
            stamped("[Version]\nCatalogFile=", &catalog),
            format!("[Version]\nCatalogFile= b.cat\n{line}\n")
        );
        assert_eq!(stamped("[Version]", &ours()), format!("[Version]\r\n{line}\r\n"));
    }

    #[test]
    fn the_catalog_is_set_only_when_given() {
        let inx = "[Version]\nDriverVer=\nCatalogFile=a.cat\n";
        assert!(stamped(inx, &ours()).ends_with("CatalogFile=a.cat\n"));
        let with = |name: &str| Stamp { catalog: Some(name.into()), ..ours() };
        assert!(stamped(inx, &with("b.cat")).ends_with("CatalogFile=b.cat\n"));
        assert!(
            stamped("[Version]\nDriverVer=\n", &with("my driver.cat"))
                .ends_with("CatalogFile = \"my driver.cat\"\n")
        );
        for bad in ["b.inf", ".cat", "x\\b.cat", "a%b.cat", "a\n.cat", "é"] {
            assert!(refused(inx, &with(bad)).contains("cannot be the name of a catalog"), "{bad}");
        }
    }

    #[test]
    fn placeholders_do_not_overlap() {
        let inx = "[Version]\nDriverVer=\n[$ARCH$ARCH$]\na=$$ARCH$$\n";
        assert!(stamped(inx, &ours()).ends_with("[amd64ARCH$]\na=$amd64$\n"));
    }

    #[test]
    fn umdf_has_its_own_placeholders() {
        let inx = "[Version]\nDriverVer=\n[W]\nv=$UMDFVERSION$, $UMDFCOINSTALLERVERSION$\n";
        let umdf = Stamp { umdf: Some("2.33".parse().unwrap()), ..ours() };
        assert!(stamped(inx, &umdf).ends_with("v=2.33.0, 02033\n"));
        assert_eq!(
            refused(inx, &ours()),
            "4:3: $UMDFVERSION$ needs the version of UMDF that the driver is made for"
        );
    }

    #[test]
    fn a_malformed_file_is_refused() {
        assert_eq!(refused("[Version]\n[Broken\n", &ours()), "2:1: a section header without `]`");
        assert!(refused("[Version]\nA = \\", &ours()).contains("nothing follows"));
        assert!(refused("[Strings]\n", &ours()).contains("no [Version] section"));
    }

    #[test]
    fn encodings_stay() {
        let text = "[Version]\r\nDriverVer=\r\nä=1\r\n";
        for (mark, encode) in [
            (&b"\xFF\xFE"[..], u16::to_le_bytes as fn(u16) -> [u8; 2]),
            (&b"\xFE\xFF"[..], u16::to_be_bytes as fn(u16) -> [u8; 2]),
        ] {
            let bytes = |text: &str| [mark.to_vec(), text.encode_utf16().flat_map(encode).collect()].concat();
            let result = stamp(&Inf::read(&bytes(text)).unwrap(), &ours()).unwrap();
            assert_eq!(result, bytes("[Version]\r\nDriverVer= 11/21/2026,1.2.3.0\r\nä=1\r\n"));
        }
        let ansi = stamp(&Inf::read(b"[Version]\nDriverVer=1\n; \xE4\n").unwrap(), &ours()).unwrap();
        assert_eq!(ansi, b"[Version]\nDriverVer=11/21/2026,1.2.3.0\n; \xE4\n");
    }
}
