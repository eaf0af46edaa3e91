//! The rules of encoding and form.

use super::{E, Rule, W, rules};

rules! {
    LIST = TEXT_RULES;
    NO_CHARACTER = 9001, "bytes that are no characters", [E, E, E, E],
        "The file is not in the encoding that its first bytes announce.",
        "Save it as UTF-16 (little-endian, with a byte order mark), or use ASCII only.";
    HALF_A_CHARACTER = 9002, "file ends with half a character", [W, W, W, W],
        "A UTF-16 file has an odd number of bytes. Some tool has changed line ends without regard to the encoding.",
        "Save it again, and tell the version control system that the file is binary or UTF-16.";
    NOT_ASCII_WITHOUT_MARK = 9003, "UTF-8 without a byte order mark", [W, W, W, W],
        "Windows takes a file without a byte order mark for ANSI. Characters outside of ASCII turn into others.",
        "Save it as UTF-16 with a byte order mark.";
    UTF16_WITHOUT_MARK = 9004, "UTF-16 without a byte order mark", [W, W, W, W],
        "Windows has to guess the encoding.",
        "Save it with a byte order mark.";
    NUL = 9005, "NUL character", [E, E, E, E],
        "Windows reads a line up to the NUL only.",
        "Remove it; the file may be damaged.";
    DAMAGED_LINE_ENDS = 9006, "line ends of a UTF-16 file are damaged", [E, E, E, E],
        "A tool took the file for bytes and put a CR in front of every LF. Every other line is garbage. Nothing else in the file is judged.",
        "Take the file from where it is whole, and tell the version control system that it is UTF-16: `*.inf working-tree-encoding=UTF-16LE-BOM eol=crlf` in .gitattributes.";
    TEXT_BEFORE_SECTIONS = 9010, "text before the first section", [W, W, W, W],
        "The lines belong to no section. Windows ignores them, other tools may refuse the file.",
        "Put a section header in front of it, or a semicolon to make it a comment.";
    HEADER_WITHOUT_END = 9011, "section header without `]`", [E, E, E, E],
        "Windows does not accept the file.",
        "Close the bracket.";
    LONG_SECTION_NAME = 9012, "section name is too long", [E, E, E, E],
        "The name of a section can have 255 characters.",
        "Shorten it.";
    OPEN_QUOTE = 9013, "quote is not closed", [E, E, E, E],
        "The rest of the line, with its commas and comments, becomes part of the value.",
        "Close the quote on the same line. Inside of quotes, a quote is written twice.";
    LONG_FIELD = 9014, "field is too long", [E, E, E, E],
        "A field can have 4095 characters.",
        "Shorten it.";
    CONTINUED_END = 9015, "last line is continued", [W, W, W, W],
        "A backslash at the end of a line joins it with the next one, and there is none.",
        "Remove the backslash, or quote it if it belongs to a path.";
    TEXT_AFTER_HEADER = 9016, "text after a section header", [W, W, W, W],
        "Windows ignores the rest of the line.",
        "Put it on a line of its own, or a semicolon in front of it.";
    EMPTY_SECTION_NAME = 9017, "section without a name", [E, E, E, E],
        "No directive can name the section.",
        "Give it a name.";
}
