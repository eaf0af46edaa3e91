//! Times as text: RFC 3339, UTC, to the second.

use der::DateTime;
use std::fmt;
use std::str::FromStr as _;
use std::time::{Duration, SystemTime};

/// A time that is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error(String);

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.0.escape_debug();
        write!(f, "`{text}` is no time (expected UTC as in 2026-01-31T12:00:00Z, or seconds since 1970)")
    }
}

impl std::error::Error for Error {}

/// Reads a time: `2026-01-31T12:00:00Z`, or seconds since 1970 as in `SOURCE_DATE_EPOCH`.
///
/// # Errors
///
/// When it is neither, or after the year 9999.
pub fn parse(text: &str) -> Result<SystemTime, Error> {
    let time = match text.parse::<u64>() {
        Ok(seconds) => DateTime::from_unix_duration(Duration::from_secs(seconds)),
        Err(_) => DateTime::from_str(text),
    };
    time.map(|time| time.to_system_time()).map_err(|_| Error(text.to_owned()))
}

/// A time as `2026-01-31T12:00:00Z`.
pub fn text(time: SystemTime) -> String {
    DateTime::from_system_time(time)
        .map_or_else(|_| "outside of 1970 to 9999".to_owned(), |time| time.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_utc_or_seconds() {
        let time = parse("2026-01-31T12:00:00Z").unwrap();
        assert_eq!(time, SystemTime::UNIX_EPOCH + Duration::from_secs(1_769_860_800));
        assert_eq!(parse("1769860800"), Ok(time));
        assert_eq!(text(time), "2026-01-31T12:00:00Z");
        for bad in [
            "",
            "-1",
            "2026-01-31",
            "2026-02-30T12:00:00Z",
            "2026-01-31T12:00:00+01:00",
            "99999999999999999999",
        ] {
            assert_eq!(parse(bad), Err(Error(bad.to_owned())), "{bad}");
        }
    }
}
