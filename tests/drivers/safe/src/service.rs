//! The name of the driver's service: the driver's, and what the test chose.

use wdk::prelude::*;

/// The words of the service's name.
fn words<'a>(irql: &'a Irql<'_, Passive>) -> impl Iterator<Item = &'a [u16]> {
    let path = wdk::registry_path(irql).units();
    let name = path.rsplit(|&unit| unit == u16::from(b'\\')).next().unwrap_or_default();
    name.split(|&unit| unit == u16::from(b' '))
}

/// What follows `start`, if the word starts with it.
fn rest<'a>(word: &'a [u16], start: &str) -> Option<&'a [u16]> {
    let (head, rest) = word.split_at_checked(start.encode_utf16().count())?;
    start.encode_utf16().eq(head.iter().copied()).then_some(rest)
}

/// Whether the service is that of the driver `name`.
pub fn is(name: &str, irql: &Irql<'_, Passive>) -> bool {
    words(irql).next().and_then(|word| rest(word, name)).is_some_and(<[u16]>::is_empty)
}

/// Whether the test chose `option`.
pub fn has(option: &str, irql: &Irql<'_, Passive>) -> bool {
    words(irql).skip(1).any(|word| rest(word, option).is_some_and(<[u16]>::is_empty))
}

/// The number that the test chose: `fail=3` for `fail=`.
pub fn number(option: &str, irql: &Irql<'_, Passive>) -> Option<u32> {
    let digits = words(irql).skip(1).find_map(|word| rest(word, option))?;
    digits.iter().try_fold(0_u32, |number, &unit| {
        let digit = char::from_u32(unit.into())?.to_digit(10)?;
        number.checked_mul(10)?.checked_add(digit)
    })
}
