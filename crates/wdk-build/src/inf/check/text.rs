//! Encoding, form, placeholders and strings.

use super::Checker;
use crate::inf::rules;
use crate::inf::stamp::placeholders_in;
use crate::inf::strings::{self, Definition, Piece, pieces};
use crate::inf::text::Encoding;
use crate::inf::tree::{Field, Span};
use std::collections::HashSet;

impl Checker<'_> {
    pub(super) fn text(&mut self) {
        let mut used = HashSet::new();
        for section in self.inf.sections() {
            self.placeholders(section.span);
            let is_strings = strings::language(&section.name).is_some();
            for line in &section.lines {
                for field in line.key.iter().chain(&line.values) {
                    self.placeholders(field.span);
                    if !is_strings {
                        self.tokens(field, &mut used);
                    }
                }
            }
        }
        self.strings(&used);
    }

    pub(super) fn malformed(&mut self) {
        let damage = self.inf.malformed.iter().find(|malformed| malformed.rule == &rules::DAMAGED_LINE_ENDS);
        for malformed in damage.map_or(self.inf.malformed.as_slice(), std::slice::from_ref) {
            self.report(malformed.rule, malformed.span, malformed.what.clone());
        }
    }

    pub(super) fn encoding(&mut self) {
        let text = self.inf.text();
        let content = text.content();
        for at in text.damage() {
            let span = Span::new(*at, at + char::REPLACEMENT_CHARACTER.len_utf8());
            self.report(&rules::NO_CHARACTER, span, format!("this is no character in {}", text.encoding()));
        }
        if text.ends_in_half_a_character() {
            let end = Span::new(content.len(), content.len());
            self.report(&rules::HALF_A_CHARACTER, end, "the file ends with half a character");
        }
        if text.encoding() == Encoding::Utf8
            && let Some((at, character)) = content.char_indices().find(|(_, character)| !character.is_ascii())
        {
            let span = Span::new(at, at + character.len_utf8());
            let message = "Windows takes this UTF-8 for ANSI, because there is no byte order mark";
            self.report(&rules::NOT_ASCII_WITHOUT_MARK, span, message);
        }
        if matches!(text.encoding(), Encoding::Utf16LeNoBom | Encoding::Utf16BeNoBom) {
            let message = format!("the file is {}", text.encoding());
            self.report(&rules::UTF16_WITHOUT_MARK, Span::new(0, 0), message);
        }
        if let Some(at) = content.find('\0') {
            self.report(&rules::NUL, Span::new(at, at + 1), "a NUL character");
        }
    }

    fn placeholders(&mut self, span: Span) {
        if self.options.unstamped {
            return;
        }
        for (at, placeholder) in placeholders_in(self.inf.source(span)) {
            let span = Span::new(span.start + at, span.start + at + placeholder.len());
            self.report(&rules::NOT_STAMPED, span, format!("{placeholder} is not stamped"));
        }
    }

    fn tokens(&mut self, field: &Field, used: &mut HashSet<String>) {
        for piece in pieces(&field.text) {
            let (wanted, message) = match piece {
                Piece::Token { name, .. } if self.inf.strings().get(name, None).is_some() => {
                    used.insert(name.to_ascii_lowercase());
                    continue;
                }
                Piece::Token { name, source } => {
                    (source, format!("string token %{name}% is not defined in [Strings]"))
                }
                Piece::Lone => ("%", "a lone % in place of %% or of a %token%".to_owned()),
                Piece::Text(_) | Piece::Percent | Piece::Directory(_) => continue,
            };
            // The token itself, unless the field's text differs from its source.
            let source = self.inf.source(field.span);
            let span = match source.find(wanted) {
                Some(at) => Span::new(field.span.start + at, field.span.start + at + wanted.len()),
                None => field.span,
            };
            self.report(&rules::UNDEFINED_STRING, span, message);
        }
    }

    fn strings(&mut self, used: &HashSet<String>) {
        for section in self.inf.sections() {
            let name = section.name.to_ascii_lowercase();
            if name.starts_with("strings.") && strings::language(&name).is_none() {
                let message = format!("[{}] is for no language", section.name);
                self.report(&rules::BAD_LANGUAGE, section.span, message);
            }
        }
        let mut found: Vec<(u16, String, Vec<Definition>)> = self
            .inf
            .strings()
            .definitions()
            .map(|(language, name, definitions)| (language, name.to_owned(), definitions.to_vec()))
            .collect();
        found.sort_by_key(|(_, _, definitions)| definitions.first().map(|definition| definition.span));
        let defaults: HashSet<_> =
            found.iter().filter(|(language, ..)| *language == 0).map(|(_, name, _)| name.clone()).collect();
        for (language, name, definitions) in found {
            let [first, others @ ..] = definitions.as_slice() else { continue };
            for other in others.iter().filter(|other| other.value != first.value) {
                let message = format!("string `{name}` is defined twice, with different values");
                self.report_with(
                    &rules::DEFINED_TWICE,
                    other.span,
                    message,
                    (first.span, "the first one counts"),
                );
            }
            if language != 0 && !defaults.contains(&name) {
                let message = format!("string `{name}` is in [Strings.{language:04x}] and not in [Strings]");
                self.report(&rules::NOT_IN_DEFAULT_STRINGS, first.span, message);
            }
            if language == 0 && !used.contains(&name) {
                self.report(&rules::UNUSED_STRING, first.span, format!("string `{name}` is not used"));
            }
        }
    }
}
