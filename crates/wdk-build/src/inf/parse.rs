//! From text to sections, as SetupAPI reads them.

use super::rules::{self, Rule};
use super::text::{Encoding, Text};
use super::tree::{Field, Line, Section, Span};

/// What is wrong with the form of a file.
#[derive(Debug, Clone)]
pub(super) struct Malformed {
    pub(super) rule: &'static Rule,
    pub(super) span: Span,
    pub(super) what: String,
}

/// Reads a text. What is malformed is listed, in the order of the text.
pub(super) fn parse(text: &Text) -> (Vec<Section>, Vec<Malformed>) {
    let mut parser = Parser::new(text.content());
    parser.file();
    let Parser { sections, mut malformed, .. } = parser;
    malformed.extend(damaged_line_ends(text));
    (sections, malformed)
}

/// What a tool leaves behind that makes CR LF of every LF byte, and takes UTF-16 for bytes: half of the lines have
/// their characters' bytes swapped, and these stand for their ends.
fn damaged_line_ends(text: &Text) -> Option<Malformed> {
    let is_utf16 = matches!(text.encoding(), Encoding::Utf16Le | Encoding::Utf16Be);
    let at = text.content().find(['\u{0A0D}', '\u{0D00}', '\u{0A00}']).filter(|_| is_utf16)?;
    let what = "a tool has changed the line ends from here on, and damaged the text".to_owned();
    Some(Malformed { rule: &rules::DAMAGED_LINE_ENDS, span: Span::new(at, at + 3), what })
}

/// The longest name of a section, in characters.
const MAX_NAME: usize = 255;
/// The longest field, in characters, with the terminating NUL that Windows counts.
const MAX_FIELD: usize = 4096;

struct Parser<'a> {
    text: &'a str,
    at: usize,
    sections: Vec<Section>,
    malformed: Vec<Malformed>,
    /// Text before the first section has been complained about.
    homeless: bool,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, at: 0, sections: Vec::new(), malformed: Vec::new(), homeless: false }
    }

    fn wrong(&mut self, rule: &'static Rule, span: Span, what: impl Into<String>) {
        self.malformed.push(Malformed { rule, span, what: what.into() });
    }

    /// The character here; none at the end, which CTRL-Z is too.
    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next().filter(|character| *character != '\x1A')
    }

    fn is_end_of_line(&self) -> bool {
        matches!(self.peek(), None | Some('\n'))
    }

    fn skip_line(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.find(['\n', '\x1A']).unwrap_or(rest.len());
    }

    fn skip_blanks(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start_matches(is_blank).len();
    }

    fn file(&mut self) {
        while let Some(character) = self.peek() {
            match character {
                ';' => self.skip_line(),
                '[' => self.header(),
                '\n' => self.at += 1,
                _ if is_blank(character) => self.skip_blanks(),
                _ => self.entry(),
            }
        }
    }

    fn header(&mut self) {
        let open = self.at;
        self.skip_line();
        let line = self.text[open..self.at].trim_end_matches(is_blank);
        let Some(close) = line.find(']') else {
            let span = Span::new(open, open + line.len());
            return self.wrong(&rules::HEADER_WITHOUT_END, span, "a section header without `]`");
        };
        let span = Span::new(open + 1, open + close);
        let name = self.text[span.start..span.end].to_owned();
        let rest = line[close + 1..].trim_start_matches(is_blank);
        if !rest.is_empty() && !rest.starts_with(';') {
            let after = Span::new(open + line.len() - rest.len(), open + line.len());
            self.wrong(&rules::TEXT_AFTER_HEADER, after, "Windows ignores what stands behind `]`");
        }
        if name.trim().is_empty() {
            self.wrong(
                &rules::EMPTY_SECTION_NAME,
                Span::new(open, open + close + 1),
                "a section without a name",
            );
        }
        let length = name.chars().count();
        if length > MAX_NAME {
            let what = format!("a section name of {length} characters; the limit is {MAX_NAME}");
            self.wrong(&rules::LONG_SECTION_NAME, span, what);
        }
        self.sections.push(Section { name, span, lines: Vec::new() });
    }

    fn entry(&mut self) {
        let start = self.at;
        let line = self.line();
        match self.sections.last_mut() {
            Some(section) => section.lines.push(line),
            None if self.homeless => {}
            None => {
                self.homeless = true;
                let span = Span::new(start, line.span.end.max(start));
                self.wrong(&rules::TEXT_BEFORE_SECTIONS, span, "this stands before the first section");
            }
        }
    }

    /// A line up to its end, which is not consumed.
    fn line(&mut self) -> Line {
        let start = self.at;
        let mut key = None;
        let mut values = Vec::new();
        loop {
            let (field, end) = self.field(key.is_none() && values.is_empty());
            match end {
                FieldEnd::Equals => key = Some(field),
                FieldEnd::Comma => values.push(field),
                FieldEnd::Line => {
                    let span = Span::new(start, field.span.end.max(start));
                    values.push(field);
                    return Line { key, values, span, end: self.at };
                }
            }
        }
    }

    /// A field up to what ends it, which is consumed unless it is the end of the line.
    fn field(&mut self, may_be_key: bool) -> (Field, FieldEnd) {
        let before = self.at;
        self.skip_blanks();
        let start = self.at;
        let mut text = String::new();
        // Up to here, text and source stay when blanks at the end are taken away.
        let (mut keep, mut end) = (0, start);
        let mut open_quote = None;
        let ended = loop {
            let Some(character) = self.peek().filter(|character| *character != '\n') else {
                break FieldEnd::Line;
            };
            if open_quote.is_some() {
                self.at += character.len_utf8();
                if character != '"' {
                    text.push(character);
                } else if self.peek() == Some('"') {
                    self.at += 1;
                    text.push('"');
                } else {
                    open_quote = None;
                }
                (keep, end) = (text.len(), self.at);
                continue;
            }
            match character {
                ';' => {
                    self.skip_line();
                    break FieldEnd::Line;
                }
                ',' => {
                    self.at += 1;
                    break FieldEnd::Comma;
                }
                '=' if may_be_key => {
                    self.at += 1;
                    break FieldEnd::Equals;
                }
                '\\' if self.continues() => self.skip_blanks(),
                _ => {
                    if character == '"' {
                        open_quote = Some(self.at);
                    } else {
                        text.push(character);
                    }
                    self.at += character.len_utf8();
                    if !is_blank(character) {
                        (keep, end) = (text.len(), self.at);
                    }
                }
            }
        };
        if let Some(quote) = open_quote {
            let line_end = self.text[..self.at].trim_end_matches(is_blank).len().max(quote + 1);
            self.wrong(
                &rules::OPEN_QUOTE,
                Span::new(quote, line_end),
                "this quote is not closed on its line",
            );
        }
        text.truncate(keep);
        // What is empty stands right behind what comes before it: that is where a value would be put.
        let span = if end == start { Span::new(before, before) } else { Span::new(start, end) };
        let length = text.chars().count();
        if length >= MAX_FIELD {
            let what = format!("a field of {length} characters; the limit is {}", MAX_FIELD - 1);
            self.wrong(&rules::LONG_FIELD, span, what);
        }
        (Field { text, span }, ended)
    }

    /// Whether the backslash here is the last thing on its line but for a comment. Goes to the next line if so.
    fn continues(&mut self) -> bool {
        let backslash = self.at;
        self.at += 1;
        self.skip_blanks();
        if self.peek() == Some(';') {
            self.skip_line();
        }
        if !self.is_end_of_line() {
            self.at = backslash;
            return false;
        }
        if self.peek().is_none() {
            let span = Span::new(backslash, backslash + 1);
            self.wrong(&rules::CONTINUED_END, span, "this continues the last line, but nothing follows");
        } else {
            self.at += 1;
        }
        true
    }
}

enum FieldEnd {
    Equals,
    Comma,
    Line,
}

/// What separates words inside a line. Windows counts the no-break space.
fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\r' | '\x0B' | '\x0C' | '\u{A0}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inf::Inf;

    fn read(text: &str) -> Inf {
        Inf::read(text.as_bytes()).unwrap()
    }

    /// Key and values of each line of a section.
    fn lines(inf: &Inf, section: &str) -> Vec<(Option<String>, Vec<String>)> {
        let texts = |line: &Line| line.values.iter().map(|field| field.text.clone()).collect();
        let key = |line: &Line| line.key.as_ref().map(|field| field.text.clone());
        inf.section(section).unwrap().lines().map(|line| (key(line), texts(line))).collect()
    }

    #[track_caller]
    fn line(source: &str, key: Option<&str>, values: &[&str]) {
        let inf = read(&format!("[s]\n{source}\n"));
        let values = values.iter().map(|value| (*value).to_owned()).collect();
        assert_eq!(lines(&inf, "s"), [(key.map(str::to_owned), values)]);
        assert!(inf.malformed.is_empty(), "{:?}", inf.malformed);
    }

    #[test]
    fn a_line_has_a_key_and_values() {
        line("a = b", Some("a"), &["b"]);
        line("  a\t=b , c d ,, e  \r", Some("a"), &["b", "c d", "", "e"]);
        line("HKR,,\"a, b\",%x%", None, &["HKR", "", "a, b", "%x%"]);
        line("a =", Some("a"), &[""]);
        line("a = b = c", Some("a"), &["b = c"]);
        line("a, b = c", None, &["a", "b = c"]);
        line("file.sys", None, &["file.sys"]);
        line("\"a key\" = b", Some("a key"), &["b"]);
        line("\u{A0}a\u{A0}=\u{A0}b\u{A0}", Some("a"), &["b"]);
    }

    #[test]
    fn quotes_keep_what_would_mean_something() {
        line("a = \"b;c,d=e\\\" ; f", Some("a"), &["b;c,d=e\\"]);
        line("a = \"say \"\"this\"\"\"", Some("a"), &["say \"this\""]);
        line("a = \"\"", Some("a"), &[""]);
        line("a = \" b \" , c", Some("a"), &[" b ", "c"]);
        line("a = b\"c d\"e", Some("a"), &["bc de"]);
    }

    #[test]
    fn a_backslash_at_the_end_continues_the_line() {
        line("a = b, \\\n  c, \\ ; comment\r\n  d", Some("a"), &["b", "c", "d"]);
        line("a = \"x\\\"\\\n, y", Some("a"), &["x\\", "y"]);
        line("a = x\\y", Some("a"), &["x\\y"]);
        line("a = %12%\\x\\ y", Some("a"), &["%12%\\x\\ y"]);
    }

    #[test]
    fn what_is_malformed_has_its_place() {
        for (text, number, place) in [
            ("a=b\n[s]\n", 9010, "1:1"),
            ("[s]\n[t\n", 9011, "2:1"),
            ("[s]\nä = b, \"c\n", 9013, "2:8"),
            ("[s]\na = \\", 9015, "2:5"),
            ("[s] t\n", 9016, "1:5"),
            ("[ ]\n", 9017, "1:1"),
        ] {
            let inf = read(text);
            let found: Vec<_> = inf.malformed.iter().map(|found| found.rule.number).collect();
            assert_eq!(found, [number], "{text}");
            assert_eq!(inf.position(inf.malformed[0].span.start).to_string(), place, "{text}");
        }
    }

    #[test]
    fn nothing_behind_the_end_of_file_character_counts() {
        let inf = read("[s]\na=1\n\x1A\nb=2\n");
        assert_eq!(lines(&inf, "s").len(), 1);
    }

    #[test]
    fn an_empty_value_stands_behind_what_comes_before_it() {
        let inf = read("[s]\na =  ; x\nb = c,\n");
        let spans: Vec<_> =
            inf.sections()[0].lines.iter().map(|line| line.values.last().unwrap().span).collect();
        assert_eq!(spans.iter().map(|span| (span.start, span.end)).collect::<Vec<_>>(), [(7, 7), (19, 19)]);
    }
}
