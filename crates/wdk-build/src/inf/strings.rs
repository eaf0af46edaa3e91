//! `[Strings]`, its languages, and `%tokens%`.

use super::tree::{Section, Span};
use std::collections::HashMap;

/// A token that has no string, or a lone `%`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Missing<'a> {
    /// The name between the percent signs; none when there is no second one.
    pub token: Option<&'a str>,
}

#[derive(Debug, Clone)]
pub(super) struct Definition {
    pub(super) value: String,
    pub(super) span: Span,
}

/// The strings of a file. Names do not care about case.
#[derive(Debug, Clone, Default)]
pub struct Strings {
    /// By language (0 for `[Strings]`), then by name in lower case; in the order of the file.
    languages: HashMap<u16, HashMap<String, Vec<Definition>>>,
}

/// The language of a section of strings: 0 for `[Strings]`. None for other sections, and for a bad language.
pub(super) fn language(section: &str) -> Option<u16> {
    let (name, language) = section.split_once('.').unwrap_or((section, "0"));
    let digits = language.len() <= 4 && language.bytes().all(|digit| digit.is_ascii_hexdigit());
    let strings = name.eq_ignore_ascii_case("Strings") && digits;
    strings.then(|| u16::from_str_radix(language, 16).ok()).flatten()
}

impl Strings {
    pub(super) fn of(sections: &[Section]) -> Self {
        let mut strings = Self::default();
        for section in sections {
            let Some(language) = language(&section.name) else { continue };
            let table = strings.languages.entry(language).or_default();
            for line in &section.lines {
                let Some(key) = &line.key else { continue };
                let value = line.values.iter().map(|field| field.text.as_str()).collect::<Vec<_>>().join(",");
                let definition = Definition { value, span: key.span };
                table.entry(key.text.to_ascii_lowercase()).or_default().push(definition);
            }
        }
        strings
    }

    /// The string of a token. With a language, its own section comes first, then one of the same primary language,
    /// then `[Strings]`; a file without `[Strings]` gives any of its languages.
    pub fn get(&self, token: &str, language: Option<u16>) -> Option<&str> {
        let token = token.to_ascii_lowercase();
        let wanted = language.unwrap_or(0);
        let rank = |candidate: u16| match candidate {
            _ if candidate == wanted => 0,
            _ if wanted != 0 && candidate & 0x3FF == wanted & 0x3FF => 1,
            0 => 2,
            _ => 3,
        };
        let mut languages: Vec<_> = self.languages.iter().collect();
        languages.sort_by_key(|(language, _)| (rank(**language), **language));
        let found = languages.into_iter().find_map(|(_, table)| table.get(&token));
        // Of two definitions, Windows takes the first.
        found.and_then(|definitions| definitions.first()).map(|definition| definition.value.as_str())
    }

    pub(super) fn definitions(&self) -> impl Iterator<Item = (u16, &str, &[Definition])> {
        self.languages.iter().flat_map(|(language, table)| {
            table.iter().map(|(name, definitions)| (*language, name.as_str(), definitions.as_slice()))
        })
    }

    /// Replaces the tokens of a text. `%%` becomes `%`; a number such as `%13%` is a directory and stays; what has no
    /// string stays and is told to `missing`.
    pub fn expand<'a>(
        &self,
        text: &'a str,
        language: Option<u16>,
        mut missing: impl FnMut(Missing<'a>),
    ) -> String {
        let mut out = String::with_capacity(text.len());
        for piece in pieces(text) {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Percent => out.push('%'),
                Piece::Lone => {
                    out.push('%');
                    missing(Missing { token: None });
                }
                Piece::Directory(source) => out.push_str(source),
                Piece::Token { name, source } => match self.get(name, language) {
                    Some(value) => out.push_str(value),
                    None => {
                        out.push_str(source);
                        missing(Missing { token: Some(name) });
                    }
                },
            }
        }
        out
    }
}

/// What a field consists of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    Text(&'a str),
    /// `%%`
    Percent,
    /// A `%` without another.
    Lone,
    /// `%13%`
    Directory(&'a str),
    /// `%name%`
    Token {
        name: &'a str,
        source: &'a str,
    },
}

pub(super) fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let Some(inside) = rest.strip_prefix('%') else {
            let (piece, after) = rest.split_at(rest.find('%').unwrap_or(rest.len()));
            rest = after;
            return Some(Piece::Text(piece));
        };
        if let Some(after) = inside.strip_prefix('%') {
            rest = after;
            return Some(Piece::Percent);
        }
        let Some(end) = inside.find('%') else {
            rest = inside;
            return Some(Piece::Lone);
        };
        let (name, source) = (&inside[..end], &rest[..end + 2]);
        rest = &rest[end + 2..];
        Some(match name.bytes().all(|digit| digit.is_ascii_digit()) {
            true => Piece::Directory(source),
            false => Piece::Token { name, source },
        })
    })
}
