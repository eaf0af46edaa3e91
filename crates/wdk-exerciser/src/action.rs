//! The requests that a command line asks for.

use alloc::borrow::ToOwned as _;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// One request of an application, as the command line has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Writes bytes.
    Write(Input),
    /// Reads up to so many bytes.
    Read(usize),
    /// Sends a device control.
    Ioctl {
        /// The control code.
        code: u32,
        /// The input buffer.
        input: Vec<u8>,
        /// Length of the output buffer.
        output: usize,
    },
}

/// The bytes of a write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// As they are.
    Bytes(Vec<u8>),
    /// What a file has.
    File(String),
}

/// A request that is ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Writes bytes.
    Write(Vec<u8>),
    /// Reads up to so many bytes.
    Read(usize),
    /// A device control: code, input, length of the output.
    Ioctl(u32, Vec<u8>, usize),
}

/// How a request was completed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// The status (`NTSTATUS`).
    pub status: i32,
    /// `IoStatus.Information`: usually the number of bytes.
    pub information: usize,
    /// What came back.
    pub data: Vec<u8>,
}

impl Completion {
    /// Whether the status is one of success.
    pub const fn is_success(&self) -> bool {
        self.status >= 0
    }
}

/// The longest buffer of an action.
pub const MAX_BUFFER: usize = 16 << 20;

impl Action {
    /// The value of `--write`: a text, `@FILE` or `hex:00ff`.
    ///
    /// # Errors
    ///
    /// In words, what is wrong with it; so do the others.
    pub fn write(text: &str) -> Result<Self, String> {
        let input = match (text.strip_prefix('@'), text.strip_prefix("hex:")) {
            (Some(""), _) => return Err("`@` needs the name of a file".to_owned()),
            (Some(path), _) => Input::File(path.into()),
            (_, Some(digits)) => Input::Bytes(hex(digits)?),
            _ => Input::Bytes(text.as_bytes().to_vec()),
        };
        Ok(Self::Write(input))
    }

    /// The value of `--read`: a number of bytes.
    ///
    /// # Errors
    ///
    /// As for [`write`](Self::write).
    pub fn read(text: &str) -> Result<Self, String> {
        Ok(Self::Read(length(text)?))
    }

    /// The value of `--ioctl`: `CODE[:INPUT[:LENGTH]]`.
    ///
    /// # Errors
    ///
    /// As for [`write`](Self::write).
    pub fn ioctl(text: &str) -> Result<Self, String> {
        let parts: Vec<_> = text.split(':').collect();
        let (code, input, output) = match parts[..] {
            [code] => (code, "", "0"),
            [code, input] => (code, input, "0"),
            [code, input, output] => (code, input, output),
            _ => return Err("expected CODE, CODE:INPUT or CODE:INPUT:LENGTH".to_owned()),
        };
        let code = number(code).and_then(|code| u32::try_from(code).ok());
        let code = code.ok_or("the code is no number of 32 bits (such as 0x222000)")?;
        Ok(Self::Ioctl { code, input: hex(input)?, output: length(output)? })
    }
}

fn length(text: &str) -> Result<usize, String> {
    let length = number(text).and_then(|length| usize::try_from(length).ok());
    let length = length.ok_or_else(|| format!("`{text}` is no number of bytes"))?;
    if length > MAX_BUFFER {
        return Err(format!("{length} bytes are more than a buffer may have ({MAX_BUFFER})"));
    }
    Ok(length)
}

fn number(text: &str) -> Option<u64> {
    match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        // `from_str_radix` takes a sign.
        Some(digits) if digits.starts_with(|c: char| c.is_ascii_hexdigit()) => {
            u64::from_str_radix(digits, 16).ok()
        }
        Some(_) => None,
        None => text.parse().ok(),
    }
}

fn hex(digits: &str) -> Result<Vec<u8>, String> {
    let digit = |byte: u8| char::from(byte).to_digit(16).map(|digit| digit as u8);
    let pairs = digits.as_bytes().chunks(2).map(|pair| match pair {
        [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
        _ => None,
    });
    pairs
        .collect::<Option<_>>()
        .ok_or_else(|| format!("`{digits}` is not hexadecimal, two digits for each byte"))
}
