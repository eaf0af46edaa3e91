//! Dates of `DriverVer`.

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime};

/// A day. Prints as INF files write it: `mm/dd/yyyy`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

/// A text is no date in the form `mm/dd/yyyy`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadDate;

impl fmt::Display for BadDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a date is written mm/dd/yyyy, such as 02/29/2024, and has to exist")
    }
}

impl std::error::Error for BadDate {}

impl Date {
    /// A day of the years 1601 to 9999, which are those of Windows' file times.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let days = match month {
            2 if leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        ((1601..=9999).contains(&year) && (1..=days).contains(&day)).then_some(Self { year, month, day })
    }

    /// The day, in UTC, of seconds since 1970, such as `SOURCE_DATE_EPOCH`. None after the year 9999.
    pub fn of_unix_time(seconds: u64) -> Option<Self> {
        // Counted in years that start in March, so that the leap day is the last one; in eras of 400 years.
        let days = seconds / 86_400 + 719_468;
        let (era, of_era) = (days / 146_097, days % 146_097);
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let from_march = (5 * of_year + 2) / 153;
        let day = of_year - (153 * from_march + 2) / 5 + 1;
        let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
        let year = era * 400 + year_of_era + u64::from(month <= 2);
        Self::new(u16::try_from(year).ok()?, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
    }

    /// The time at which the day begins in UTC. None before 1970.
    pub fn start(self) -> Option<SystemTime> {
        // As above: in years that start in March.
        let (year, month) = match self.month {
            1 | 2 => (u64::from(self.year) - 1, u64::from(self.month) + 9),
            month => (u64::from(self.year), u64::from(month) - 3),
        };
        let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5;
        let days = (days + u64::from(self.day) - 1).checked_sub(719_468)?;
        Some(SystemTime::UNIX_EPOCH + Duration::from_secs(days * 86_400))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}/{:02}/{:04}", self.month, self.day, self.year)
    }
}

impl FromStr for Date {
    type Err = BadDate;

    fn from_str(text: &str) -> Result<Self, BadDate> {
        let mut parts = text.split('/');
        let mut part = |longest: usize| {
            let part = parts.next()?;
            let digits =
                (1..=longest).contains(&part.len()) && part.bytes().all(|digit| digit.is_ascii_digit());
            digits.then(|| part.parse::<u16>().ok()).flatten()
        };
        let (month, day, year) = (part(2), part(2), part(4));
        let date = || Self::new(year?, u8::try_from(month?).ok()?, u8::try_from(day?).ok()?);
        match (date(), parts.next()) {
            (Some(date), None) => Ok(date),
            _ => Err(BadDate),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_unix_time() {
        let day = |seconds| Date::of_unix_time(seconds).map(|date| date.to_string());
        assert_eq!(day(0).as_deref(), Some("01/01/1970"));
        assert_eq!(day(951_782_400).as_deref(), Some("02/29/2000"));
        assert_eq!(day(1_709_251_199).as_deref(), Some("02/29/2024"));
        assert_eq!(day(1_709_251_200).as_deref(), Some("03/01/2024"));
        assert_eq!(day(4_107_542_400).as_deref(), Some("03/01/2100"));
        assert_eq!(day(253_402_300_799).as_deref(), Some("12/31/9999"));
        assert_eq!(day(253_402_300_800), None);
        assert_eq!(day(u64::MAX), None);
    }

    #[test]
    fn days_begin_at_midnight() {
        for day in 0..400 * 366 {
            let time = SystemTime::UNIX_EPOCH + Duration::from_secs(day * 86_400);
            assert_eq!(Date::of_unix_time(day * 86_400).unwrap().start(), Some(time), "{day}");
        }
        assert_eq!(Date::new(1969, 12, 31).unwrap().start(), None);
    }

    #[test]
    fn only_days_that_exist() {
        assert_eq!("2/9/2024".parse::<Date>().unwrap().to_string(), "02/09/2024");
        for bad in [
            "",
            "02/30/2024",
            "02/29/2023",
            "13/01/2024",
            "2024-02-01",
            "01/02/24",
            "1/2/2024/5",
            "+1/2/2024",
        ] {
            assert!(bad.parse::<Date>().is_err(), "{bad}");
        }
    }
}
