//! Sections, lines and fields, with the place of each.
//!
//! Nothing is lost: the tree points into the text, and the text is the file.

use super::parse::{self, Malformed};
use super::strings::Strings;
use super::text::{Text, TooLong};
use std::collections::HashMap;
use std::fmt;

/// A part of the text: offsets in bytes of UTF-8, the end excluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Where it starts.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
}

impl Span {
    /// A span.
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }
}

/// A place for people: both count from one, columns in characters. Prints as `line:column`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// A key or a value. `text` is without quotes, and with its `%tokens%`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// What it says.
    pub text: String,
    /// Where it stands, quotes included. An empty value has an empty span.
    pub span: Span,
}

/// A line of a section, joined where `\` continues it: `key = value, value`, or values alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What stands before `=`.
    pub key: Option<Field>,
    /// What is separated by commas. Never empty, but the only value may be.
    pub values: Vec<Field>,
    /// From the first field to the last.
    pub span: Span,
    /// Where the line ends, with its comment and all lines that continue it. The newline follows.
    pub end: usize,
}

impl Line {
    /// The first thing on the line: the key, or the first value.
    pub fn first(&self) -> &Field {
        self.key.as_ref().unwrap_or(&self.values[0])
    }

    /// A value, unless it is missing or empty. The first has number 0.
    pub fn value(&self, number: usize) -> Option<&Field> {
        self.values.get(number).filter(|field| !field.text.is_empty())
    }

    /// Whether the key is this one, whatever its case.
    pub fn is(&self, key: &str) -> bool {
        self.key.as_ref().is_some_and(|field| field.text.eq_ignore_ascii_case(key))
    }
}

/// A section as it stands in the file, once for each header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// The name between the brackets.
    pub name: String,
    /// Where the name stands.
    pub span: Span,
    /// Its lines.
    pub lines: Vec<Line>,
}

/// All sections of one name: Windows takes them for one.
#[derive(Debug, Clone)]
pub struct Merged<'a> {
    parts: Vec<&'a Section>,
}

impl<'a> Merged<'a> {
    /// The name, as the first header writes it.
    pub fn name(&self) -> &'a str {
        &self.parts[0].name
    }

    /// Where the first header has the name.
    pub fn span(&self) -> Span {
        self.parts[0].span
    }

    /// The lines of all of them.
    pub fn lines(&self) -> impl Iterator<Item = &'a Line> + use<'a> {
        self.parts.clone().into_iter().flat_map(|part| &part.lines)
    }

    /// The lines with a key.
    pub fn directives(&self, key: &str) -> impl Iterator<Item = &'a Line> {
        self.lines().filter(move |line| line.is(key))
    }

    /// The first line with a key, which is the one that Windows uses.
    pub fn directive(&self, key: &str) -> Option<&'a Line> {
        self.lines().find(|line| line.is(key))
    }
}

/// An INF or INX file.
#[derive(Debug, Clone)]
pub struct Inf {
    text: Text,
    lines: Vec<usize>,
    sections: Vec<Section>,
    /// By name in lower case; the places in `sections`.
    names: HashMap<String, Vec<usize>>,
    strings: Strings,
    pub(super) malformed: Vec<Malformed>,
}

impl Inf {
    /// Reads a file. What is wrong with its form is not an error here: [`check`](super::check()) tells.
    ///
    /// # Errors
    ///
    /// [`TooLong`].
    pub fn read(bytes: &[u8]) -> Result<Self, TooLong> {
        Text::decode(bytes).map(Self::of)
    }

    /// Reads a decoded file.
    pub fn of(text: Text) -> Self {
        let (sections, malformed) = parse::parse(&text);
        let mut names: HashMap<String, Vec<usize>> = HashMap::new();
        for (place, section) in sections.iter().enumerate() {
            names.entry(section.name.to_ascii_lowercase()).or_default().push(place);
        }
        let content = text.content();
        let lines = std::iter::once(0).chain(content.match_indices('\n').map(|(at, _)| at + 1)).collect();
        let strings = Strings::of(&sections);
        Self { lines, sections, names, strings, malformed, text }
    }

    /// The text.
    pub fn text(&self) -> &Text {
        &self.text
    }

    /// The part of the text that a span covers.
    pub fn source(&self, span: Span) -> &str {
        self.text.content().get(span.start..span.end).unwrap_or_default()
    }

    /// Line and column of an offset.
    pub fn position(&self, offset: usize) -> Position {
        let line = self.lines.partition_point(|start| *start <= offset);
        let start = self.lines[line - 1];
        let column = self.source(Span::new(start, offset.min(self.text.content().len()))).chars().count() + 1;
        Position { line, column }
    }

    /// The sections in the order of the file, one for each header.
    pub fn sections(&self) -> &[Section] {
        &self.sections
    }

    /// The section of a name, whatever its case.
    pub fn section(&self, name: &str) -> Option<Merged<'_>> {
        let places = self.names.get(&name.to_ascii_lowercase())?;
        Some(Merged { parts: places.iter().map(|place| &self.sections[*place]).collect() })
    }

    /// The strings of `[Strings]` and its languages.
    pub fn strings(&self) -> &Strings {
        &self.strings
    }

    /// The text of a field with its `%tokens%` replaced by their strings. What has no string stays as it is.
    pub fn expand(&self, field: &Field) -> String {
        self.strings.expand(&field.text, None, |_| {})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Inf {
        Inf::read(text.as_bytes()).unwrap()
    }

    /// Key and values of each line of a section.
    fn lines(inf: &Inf, section: &str) -> Vec<(Option<String>, Vec<String>)> {
        let texts = |line: &Line| line.values.iter().map(|field| field.text.clone()).collect();
        let key = |line: &Line| line.key.as_ref().map(|field| field.text.clone());
        inf.section(section).unwrap().lines().map(|line| (key(line), texts(line))).collect()
    }

    #[test]
    fn sections_of_one_name_are_one() {
        let inf = read("[A]\nx=1\n[b]\n[a]\ny=2\n");
        let key = |text: &str| Some(text.to_owned());
        assert_eq!(lines(&inf, "a"), [(key("x"), vec!["1".to_owned()]), (key("y"), vec!["2".to_owned()])]);
        assert_eq!(inf.section("a").unwrap().name(), "A");
        assert_eq!(inf.sections().len(), 3);
        assert!(inf.section("c").is_none());
    }

    #[test]
    fn tokens_are_expanded() {
        let inf = read(
            "[s]\n%Dev%x = %13%\\%file%, %%dev%%, %none%, 5%\n[Strings]\ndev = Device\nFILE = \"a.sys\"\n[strings.0407]\nDev=Gerät\n",
        );
        let line = inf.section("s").unwrap().lines().next().unwrap();
        assert_eq!(inf.expand(line.first()), "Devicex");
        let values: Vec<_> = line.values.iter().map(|field| inf.expand(field)).collect();
        assert_eq!(values, ["%13%\\a.sys", "%dev%", "%none%", "5%"]);
        assert_eq!(inf.strings().get("DEV", Some(0x0407)), Some("Gerät"));
        assert_eq!(inf.strings().get("dev", Some(0x0807)), Some("Gerät"));
        assert_eq!(inf.strings().get("dev", Some(0x0409)), Some("Device"));
        assert_eq!(inf.strings().get("file", Some(0x0407)), Some("a.sys"));
        let mut missing = Vec::new();
        inf.strings().expand("%none% %dev% 5%", None, |token| missing.push(token.token));
        assert_eq!(missing, [Some("none"), None]);
    }
}
