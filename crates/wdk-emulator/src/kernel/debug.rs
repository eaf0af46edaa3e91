//! The kernel debugger's output.

use crate::abi::Call;
use crate::kernel::Kernel;
use std::cell::RefCell;
use wdk_sys::*;

/// What drivers printed.
#[derive(Default)]
pub(crate) struct Debugger {
    lines: RefCell<Vec<String>>,
    partial: RefCell<String>,
}

impl Kernel {
    /// Takes the lines that drivers printed so far.
    pub(crate) fn take_debug_output(&self) -> Vec<String> {
        self.debugger.lines.take()
    }

    fn debug_print(&self, text: &str) {
        let mut partial = self.debugger.partial.borrow_mut();
        partial.push_str(text);
        while let Some(end) = partial.find('\n') {
            let line: String = partial.drain(..=end).collect();
            let line = line.trim_end_matches(['\r', '\n']).to_owned();
            self.trace.event(self, || format!("  print: {line}"));
            self.debugger.lines.borrow_mut().push(line);
        }
    }
}

/// Formats as `DbgPrint` does and prints.
///
/// # Safety
///
/// `format` is NUL-terminated, and the caller passed the arguments that it asks for.
pub(crate) unsafe fn print(call: &Call, format: PCSTR, mut arguments: crate::abi::Arguments) {
    let format = call.until_zero("`Format`", format.cast::<u8>(), usize::MAX);
    let mut text = Vec::new();
    let mut at = 0;
    while at < format.len() {
        if format[at] != b'%' {
            text.push(format[at]);
            at += 1;
            continue;
        }
        let Some((spec, length)) = Spec::parse(&format[at + 1..]) else {
            text.push(b'%');
            at += 1;
            continue;
        };
        at += 1 + length;
        if spec.conversion == b'%' {
            text.push(b'%');
            continue;
        }
        let width = if spec.star {
            // SAFETY: a star asks for one more argument.
            unsafe { arguments.next() as i32 as usize }
        } else {
            spec.width
        };
        // SAFETY: the conversion asks for one argument.
        let value = unsafe { arguments.next() };
        // SAFETY: string conversions point to strings, as the caller promises.
        let piece = unsafe { spec.convert(call, value) };
        let padding = width.saturating_sub(piece.len());
        let pad = if spec.zero { b'0' } else { b' ' };
        if !spec.left {
            text.extend(std::iter::repeat_n(pad, padding));
        }
        text.extend_from_slice(&piece);
        if spec.left {
            text.extend(std::iter::repeat_n(b' ', padding));
        }
    }
    call.debug_print(&String::from_utf8_lossy(&text));
}

/// A conversion of a format string.
#[derive(Default)]
struct Spec {
    left: bool,
    zero: bool,
    alternate: bool,
    star: bool,
    width: usize,
    precision: Option<usize>,
    /// Size of an integer argument in bits.
    bits: u32,
    wide: bool,
    conversion: u8,
}

impl Spec {
    fn parse(text: &[u8]) -> Option<(Self, usize)> {
        let mut spec = Self { bits: 32, ..Self::default() };
        let mut at = 0;
        while let Some(&flag) = text.get(at) {
            match flag {
                b'-' => spec.left = true,
                b'0' => spec.zero = true,
                b'#' => spec.alternate = true,
                b'+' | b' ' => {}
                _ => break,
            }
            at += 1;
        }
        if text.get(at) == Some(&b'*') {
            spec.star = true;
            at += 1;
        }
        while let Some(digit) = text.get(at).filter(|b| b.is_ascii_digit()) {
            spec.width = spec.width * 10 + usize::from(digit - b'0');
            at += 1;
        }
        if text.get(at) == Some(&b'.') {
            at += 1;
            let mut precision = 0;
            while let Some(digit) = text.get(at).filter(|b| b.is_ascii_digit()) {
                precision = precision * 10 + usize::from(digit - b'0');
                at += 1;
            }
            spec.precision = Some(precision);
        }
        for (prefix, bits, wide) in [
            (&b"I64"[..], 64, false),
            (b"ll", 64, false),
            (b"I32", 32, false),
            (b"l", 32, true),
            (b"w", 32, true),
            (b"hh", 8, false),
            (b"h", 16, false),
            (b"z", 64, false),
            (b"I", 64, false),
        ] {
            if text[at..].starts_with(prefix) {
                (spec.bits, spec.wide) = (bits, wide);
                at += prefix.len();
                break;
            }
        }
        spec.conversion = *text.get(at)?;
        Some((spec, at + 1))
    }

    /// # Safety
    ///
    /// `value` is what the conversion asks for.
    unsafe fn convert(&self, call: &Call, value: u64) -> Vec<u8> {
        let mask = if self.bits == 64 { u64::MAX } else { (1 << self.bits) - 1 };
        let signed = ((value << (64 - self.bits)) as i64) >> (64 - self.bits);
        let pointer = std::ptr::with_exposed_provenance::<u8>(value as usize);
        match self.conversion {
            b'd' | b'i' => signed.to_string().into_bytes(),
            b'u' => (value & mask).to_string().into_bytes(),
            b'x' if self.alternate => format!("{:#x}", value & mask).into_bytes(),
            b'x' => format!("{:x}", value & mask).into_bytes(),
            b'X' => format!("{:X}", value & mask).into_bytes(),
            b'o' => format!("{:o}", value & mask).into_bytes(),
            b'p' => format!("{value:016X}").into_bytes(),
            b'c' => vec![value as u8],
            b's' if value == 0 => b"(null)".to_vec(),
            b's' if !self.wide => call.until_zero("`%s`", pointer, self.precision.unwrap_or(usize::MAX)),
            b's' | b'S' => {
                let limit = self.precision.unwrap_or(usize::MAX);
                String::from_utf16_lossy(&call.until_zero("`%ws`", pointer.cast::<u16>(), limit)).into_bytes()
            }
            b'Z' if value != 0 && self.wide => {
                // SAFETY: `%wZ` points to a counted string.
                unsafe { super::names::read_string(call, "%wZ", pointer.cast()) }.into_bytes()
            }
            other => format!("%{}", other as char).into_bytes(),
        }
    }
}
