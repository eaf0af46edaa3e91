//! The text of an INF file, and how it is encoded.

use encoding_rs::WINDOWS_1252;
use std::fmt;

/// The largest file that is read. The largest INF files that Windows comes with have about 2 MiB.
pub const MAX_BYTES: usize = 16 << 20;

/// How the characters of a file are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8 without a byte order mark. Windows takes such a file for ANSI, which is the same for ASCII.
    Utf8,
    /// UTF-8 with a byte order mark.
    Utf8Bom,
    /// UTF-16, little-endian, with a byte order mark.
    Utf16Le,
    /// UTF-16, big-endian, with a byte order mark.
    Utf16Be,
    /// UTF-16, little-endian, without a byte order mark.
    Utf16LeNoBom,
    /// UTF-16, big-endian, without a byte order mark.
    Utf16BeNoBom,
    /// ANSI. It depends on the computer which code page that is; it is taken to be windows-1252.
    Ansi,
}

impl Encoding {
    const fn mark(self) -> &'static [u8] {
        match self {
            Self::Utf8Bom => &[0xEF, 0xBB, 0xBF],
            Self::Utf16Le => &[0xFF, 0xFE],
            Self::Utf16Be => &[0xFE, 0xFF],
            Self::Utf8 | Self::Utf16LeNoBom | Self::Utf16BeNoBom | Self::Ansi => &[],
        }
    }

    fn of(bytes: &[u8]) -> Self {
        let marked = [Self::Utf8Bom, Self::Utf16Le, Self::Utf16Be];
        if let Some(found) = marked.into_iter().find(|encoding| bytes.starts_with(encoding.mark())) {
            return found;
        }
        match bytes {
            [one, 0, two, 0, ..] if *one != 0 && *two != 0 => Self::Utf16LeNoBom,
            [0, one, 0, two, ..] if *one != 0 && *two != 0 => Self::Utf16BeNoBom,
            _ if str::from_utf8(bytes).is_ok() => Self::Utf8,
            _ => Self::Ansi,
        }
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Utf8 => "UTF-8 without a byte order mark",
            Self::Utf8Bom => "UTF-8",
            Self::Utf16Le => "UTF-16 (little-endian)",
            Self::Utf16Be => "UTF-16 (big-endian)",
            Self::Utf16LeNoBom => "UTF-16 (little-endian) without a byte order mark",
            Self::Utf16BeNoBom => "UTF-16 (big-endian) without a byte order mark",
            Self::Ansi => "ANSI (windows-1252)",
        })
    }
}

/// A file is larger than [`MAX_BYTES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLong {
    /// Its length.
    pub bytes: usize,
}

impl fmt::Display for TooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes are too much for an INF file (the limit is {MAX_BYTES})", self.bytes)
    }
}

impl std::error::Error for TooLong {}

/// A text cannot be written in an encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CannotEncode {
    /// The file that was read was damaged: the text is not what the file says.
    Damaged,
    /// A character does not exist in the encoding.
    NoSuchCharacter(Encoding),
}

impl fmt::Display for CannotEncode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Damaged => f.write_str("the file has bytes that are no characters in its encoding"),
            Self::NoSuchCharacter(encoding) => {
                write!(f, "a character that was put in does not exist in {encoding}")
            }
        }
    }
}

impl std::error::Error for CannotEncode {}

/// A decoded file. [`encode`](Self::encode) gives the same bytes again.
#[derive(Debug, Clone)]
pub struct Text {
    encoding: Encoding,
    content: String,
    damage: Vec<usize>,
    /// Half a character at the end of a UTF-16 file.
    rest: Option<u8>,
}

impl Text {
    /// Decodes a file. What is no character becomes U+FFFD and is listed in [`damage`](Self::damage).
    ///
    /// # Errors
    ///
    /// [`TooLong`].
    pub fn decode(bytes: &[u8]) -> Result<Self, TooLong> {
        if bytes.len() > MAX_BYTES {
            return Err(TooLong { bytes: bytes.len() });
        }
        let encoding = Encoding::of(bytes);
        let mut text = Self { encoding, content: String::new(), damage: Vec::new(), rest: None };
        let body = &bytes[encoding.mark().len()..];
        match encoding {
            Encoding::Utf8 | Encoding::Utf8Bom => text.decode_utf8(body),
            Encoding::Utf16Le | Encoding::Utf16LeNoBom => text.decode_utf16(body, u16::from_le_bytes),
            Encoding::Utf16Be | Encoding::Utf16BeNoBom => text.decode_utf16(body, u16::from_be_bytes),
            // Every byte is a character of its own in this encoding.
            Encoding::Ansi => text.content = WINDOWS_1252.decode_without_bom_handling(body).0.into_owned(),
        }
        Ok(text)
    }

    fn decode_utf8(&mut self, body: &[u8]) {
        for chunk in body.utf8_chunks() {
            self.content.push_str(chunk.valid());
            if !chunk.invalid().is_empty() {
                self.damage.push(self.content.len());
                self.content.push(char::REPLACEMENT_CHARACTER);
            }
        }
    }

    fn decode_utf16(&mut self, body: &[u8], unit: fn([u8; 2]) -> u16) {
        let (pairs, rest) = body.as_chunks::<2>();
        self.rest = rest.first().copied();
        for character in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
            let character = character.unwrap_or_else(|_| {
                self.damage.push(self.content.len());
                char::REPLACEMENT_CHARACTER
            });
            self.content.push(character);
        }
    }

    /// The characters.
    pub fn content(&self) -> &str {
        &self.content
    }

    /// How the file stores them.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Where in [`content`](Self::content) something stood that is no character in the file's encoding.
    pub fn damage(&self) -> &[usize] {
        &self.damage
    }

    /// Whether a UTF-16 file ends with half a character, which Windows ignores.
    pub fn ends_in_half_a_character(&self) -> bool {
        self.rest.is_some()
    }

    /// The bytes of the file.
    ///
    /// # Errors
    ///
    /// [`CannotEncode::Damaged`] when there is [`damage`](Self::damage).
    pub fn encode(&self) -> Result<Vec<u8>, CannotEncode> {
        self.encode_instead(&self.content)
    }

    /// The bytes of a file like this one, with other content.
    ///
    /// # Errors
    ///
    /// [`CannotEncode`].
    pub fn encode_instead(&self, content: &str) -> Result<Vec<u8>, CannotEncode> {
        if !self.damage.is_empty() {
            return Err(CannotEncode::Damaged);
        }
        let mut bytes = self.encoding.mark().to_vec();
        match self.encoding {
            Encoding::Utf8 | Encoding::Utf8Bom => bytes.extend_from_slice(content.as_bytes()),
            Encoding::Utf16Le | Encoding::Utf16LeNoBom => {
                bytes.extend(content.encode_utf16().flat_map(u16::to_le_bytes));
            }
            Encoding::Utf16Be | Encoding::Utf16BeNoBom => {
                bytes.extend(content.encode_utf16().flat_map(u16::to_be_bytes));
            }
            Encoding::Ansi => {
                let (encoded, _, lost) = WINDOWS_1252.encode(content);
                if lost {
                    return Err(CannotEncode::NoSuchCharacter(self.encoding));
                }
                bytes.extend_from_slice(&encoded);
            }
        }
        bytes.extend(self.rest);
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn same(bytes: &[u8], encoding: Encoding, content: &str) {
        let text = Text::decode(bytes).unwrap();
        assert_eq!((text.encoding(), text.content()), (encoding, content));
        assert_eq!(text.encode().unwrap(), bytes);
    }

    #[test]
    fn every_encoding_comes_back_byte_for_byte() {
        same(b"[a]\r\n", Encoding::Utf8, "[a]\r\n");
        same(b"\xEF\xBB\xBF[\xC3\xA4]", Encoding::Utf8Bom, "[ä]");
        same(b"\xFF\xFE[\0\xE4\0]\0", Encoding::Utf16Le, "[ä]");
        same(b"\xFE\xFF\0[\0\xE4\0]", Encoding::Utf16Be, "[ä]");
        same(b"[\0\xE4\0]\0", Encoding::Utf16LeNoBom, "[ä]");
        same(b"\0[\0\xE4\0]", Encoding::Utf16BeNoBom, "[ä]");
        same(b"[\xE4]\x80\x81", Encoding::Ansi, "[ä]€\u{81}");
        same(b"", Encoding::Utf8, "");
    }

    #[test]
    fn every_byte_is_a_character_in_ansi() {
        let bytes: Vec<u8> = (1..=255).chain([0]).collect();
        let text = Text::decode(&bytes).unwrap();
        assert_eq!(text.encoding(), Encoding::Ansi);
        assert_eq!(text.content().chars().count(), 256);
        assert_eq!(text.encode().unwrap(), bytes);
    }

    #[test]
    fn half_a_character_at_the_end_stays() {
        let text = Text::decode(b"\xFF\xFEa\0b").unwrap();
        assert!(text.ends_in_half_a_character());
        assert_eq!(text.encode_instead("c").unwrap(), b"\xFF\xFEc\0b");
    }

    #[test]
    fn what_is_no_character_is_listed_and_never_written() {
        let lone = Text::decode(b"\xFF\xFEa\0\x00\xD8b\0").unwrap();
        assert_eq!((lone.content(), lone.damage()), ("a\u{FFFD}b", &[1][..]));
        assert_eq!(lone.encode(), Err(CannotEncode::Damaged));
        let broken = Text::decode(b"\xEF\xBB\xBFa\xFFb").unwrap();
        assert_eq!((broken.content(), broken.damage()), ("a\u{FFFD}b", &[1][..]));
    }

    #[test]
    fn ansi_has_no_cyrillic() {
        let text = Text::decode(b"\xE4").unwrap();
        assert_eq!(text.encode_instead("Ж"), Err(CannotEncode::NoSuchCharacter(Encoding::Ansi)));
    }

    #[test]
    fn a_file_can_be_too_long() {
        assert!(Text::decode(&vec![b' '; MAX_BYTES]).is_ok());
        let error = Text::decode(&vec![b' '; MAX_BYTES + 1]).unwrap_err();
        assert!(error.to_string().contains("16777217 bytes"), "{error}");
    }
}
