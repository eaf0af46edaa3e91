//! Small things about text that both sides print.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write as _;

/// A number of things, in words.
pub fn count(number: u64, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// Bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A text without control characters other than line ends and tabs, so that a driver cannot talk to the terminal.
pub fn plain(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut plain, c| {
        match c.is_control() && c != '\n' && c != '\t' {
            true => plain.extend(c.escape_default()),
            false => plain.push(c),
        }
        plain
    })
}

/// The arguments of a Windows command line, without the program's name: spaces separate, quotation marks hold together,
/// `\"` is a quotation mark, and `\\` is one backslash only in front of one.
pub fn arguments(line: &str) -> Vec<String> {
    let mut rest = match line.strip_prefix('"') {
        Some(quoted) => quoted.split_once('"').map_or("", |(_, rest)| rest),
        None => line.split_once([' ', '\t']).map_or("", |(_, rest)| rest),
    };
    let mut all = Vec::new();
    loop {
        rest = rest.trim_start_matches([' ', '\t']);
        if rest.is_empty() {
            return all;
        }
        let mut argument = String::new();
        let mut quoted = false;
        while let Some(c) = rest.chars().next() {
            let backslashes = rest.len() - rest.trim_start_matches('\\').len();
            if backslashes > 0 {
                rest = &rest[backslashes..];
                let is_escape = rest.starts_with('"');
                argument.extend(core::iter::repeat_n(
                    '\\',
                    if is_escape { backslashes / 2 } else { backslashes },
                ));
                if is_escape && backslashes % 2 == 1 {
                    argument.push('"');
                    rest = &rest[1..];
                }
                continue;
            }
            rest = &rest[c.len_utf8()..];
            match c {
                // Two in a row inside of quotation marks are one of the text.
                '"' if quoted && rest.starts_with('"') => {
                    argument.push('"');
                    rest = &rest[1..];
                }
                '"' => quoted = !quoted,
                ' ' | '\t' if !quoted => break,
                c => argument.push(c),
            }
        }
        all.push(argument);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_line_is_taken_apart_as_windows_does() {
        let cases: [(&str, &[&str]); 10] = [
            ("program", &[]),
            (r#""C:\Program Files\x.exe" run"#, &["run"]),
            (r"x.exe  a \t b ", &["a", r"\t", "b"]),
            (r#"x "a b" c"#, &["a b", "c"]),
            (r#"x "" y"#, &["", "y"]),
            (r#"x a\"b "c\\" d"#, &[r#"a"b"#, r"c\", "d"]),
            (r#"x "a ""b"" c""#, &[r#"a "b" c"#]),
            (r#"x --open \\.\Name"#, &["--open", r"\\.\Name"]),
            (r#"x --write="hex:00 ff"x"#, &["--write=hex:00 ffx"]),
            (r#"x "open"#, &["open"]),
        ];
        for (line, expected) in cases {
            assert_eq!(arguments(line), expected, "{line}");
        }
    }

    #[test]
    fn a_driver_cannot_talk_to_the_terminal() {
        assert_eq!(plain("a\tb\n\x1b]0;title\x07\u{9b}2J\r"), "a\tb\n\\u{1b}]0;title\\u{7}\\u{9b}2J\\r");
    }

    #[test]
    fn one_is_not_many() {
        assert_eq!((count(1, "byte").as_str(), count(0, "byte").as_str()), ("1 byte", "0 bytes"));
    }
}
