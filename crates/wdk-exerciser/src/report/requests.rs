//! The part of a report that is about requests that were sent one after the other.

use crate::action::{Completion, Request};
use crate::text::{count, hex};
use alloc::borrow::ToOwned as _;
use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use core::fmt::{self, Write};
use serde::{Deserialize, Serialize};
use wdk_status::Described;

/// The requests that were sent.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Acted {
    /// The name by which the device was opened.
    pub device: String,
    /// What came of each.
    pub actions: Vec<Done>,
}

/// What came of a request.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Done {
    /// `write`, `read` or `ioctl`.
    pub action: String,
    /// The control code.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub code: Option<u32>,
    /// Bytes that the application gave.
    pub sent: usize,
    /// Bytes that it asked for.
    pub asked: usize,
    /// Whether the request succeeded.
    pub success: bool,
    /// The status it was completed with; none if the driver kept it.
    pub status: Option<String>,
    /// `IoStatus.Information`.
    pub information: usize,
    /// What came back, in hexadecimal.
    pub data: String,
    /// Whether it was cancelled because nothing completed it.
    pub stuck: bool,
}

impl Done {
    /// What came of a request: its completion, unless the driver kept it. `stuck` says that it was cancelled because
    /// nothing completed it.
    pub fn new(request: &Request, completion: Option<Completion>, stuck: bool) -> Self {
        let (action, code, sent, asked) = match request {
            Request::Write(bytes) => ("write", None, bytes.len(), 0),
            Request::Read(length) => ("read", None, 0, *length),
            Request::Ioctl(code, input, output) => ("ioctl", Some(*code), input.len(), *output),
        };
        Self {
            action: action.to_owned(),
            code,
            sent,
            asked,
            success: completion.as_ref().is_some_and(Completion::is_success),
            status: completion.as_ref().map(|completion| Described(completion.status).to_string()),
            information: completion.as_ref().map_or(0, |completion| completion.information),
            data: completion.map(|completion| hex(&completion.data)).unwrap_or_default(),
            stuck,
        }
    }

    fn bytes(&self) -> Vec<u8> {
        let pairs = self.data.as_bytes().chunks(2);
        pairs.filter_map(|pair| u8::from_str_radix(core::str::from_utf8(pair).ok()?, 16).ok()).collect()
    }

    /// The request, in words.
    fn request(&self) -> String {
        let sent = count(self.sent as u64, "byte");
        let asked = count(self.asked as u64, "byte");
        match (self.action.as_str(), self.code) {
            (_, Some(code)) => format!("{code:#010x}, {sent} in, up to {asked} out"),
            ("read", None) => format!("up to {asked}"),
            _ => sent,
        }
    }

    fn outcome(&self) -> String {
        let Some(status) = &self.status else {
            return "the driver keeps it, although it was cancelled".to_owned();
        };
        let stuck = if self.stuck { "cancelled after 10 s: " } else { "" };
        let number = match (self.action.as_str(), self.success) {
            (_, false) => String::new(),
            ("write", _) => format!(", {} taken", count(self.information as u64, "byte")),
            _ => format!(", {}", count(self.information as u64, "byte")),
        };
        format!("{stuck}{status}{number}")
    }
}

impl Acted {
    /// What went wrong, in words.
    pub fn remarks(&self) -> Vec<String> {
        let failed = self.actions.iter().filter(|done| !done.success);
        failed.map(|done| format!("{} ({}): {}", done.action, done.request(), done.outcome())).collect()
    }

    /// Prints it for people.
    pub fn print(&self, out: &mut impl Write) -> fmt::Result {
        writeln!(out, "device      {}", self.device)?;
        for done in &self.actions {
            writeln!(out, "{:<11} {}: {}", done.action, done.request(), done.outcome())?;
            dump(&done.bytes(), out)?;
        }
        Ok(())
    }
}

/// Prints bytes in hexadecimal and as text.
fn dump(bytes: &[u8], out: &mut impl Write) -> fmt::Result {
    const LINE: usize = 16;
    const MOST: usize = 4096;
    for (index, line) in bytes.chunks(LINE).take(MOST / LINE).enumerate() {
        write!(out, "            {:08x} ", index * LINE)?;
        for column in 0..LINE {
            let gap = if column == LINE / 2 { " " } else { "" };
            match line.get(column) {
                Some(byte) => write!(out, "{gap} {byte:02x}")?,
                None => write!(out, "{gap}   ")?,
            }
        }
        let text: String = line
            .iter()
            .map(|&byte| if (b' '..=b'~').contains(&byte) { char::from(byte) } else { '.' })
            .collect();
        writeln!(out, "  {text}")?;
    }
    if bytes.len() > MOST {
        writeln!(
            out,
            "            … and {} (--json has all of it)",
            count((bytes.len() - MOST) as u64, "byte")
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dump_shows_every_byte_twice() {
        let bytes: Vec<u8> = (b'a'..=b'p').chain([0, b'~', 0x7f]).collect();
        let mut text = String::new();
        dump(&bytes, &mut text).unwrap();
        let expected = [
            "            00000000  61 62 63 64 65 66 67 68  69 6a 6b 6c 6d 6e 6f 70  abcdefghijklmnop",
            "            00000010  00 7e 7f                                          .~.",
            "",
        ];
        assert_eq!(text, expected.join("\n"));
    }

    #[test]
    fn bytes_survive_the_report() {
        let bytes: Vec<u8> = (0..=255).collect();
        let done = Done {
            action: "read".to_owned(),
            code: None,
            sent: 0,
            asked: 256,
            success: true,
            status: Some(String::new()),
            information: 256,
            data: hex(&bytes),
            stuck: false,
        };
        let text = serde_json::to_string(&done).unwrap();
        assert_eq!(serde_json::from_str::<Done>(&text).unwrap().bytes(), bytes);
    }
}
