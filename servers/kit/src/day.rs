//! A day in UTC.

use std::{fmt, str::FromStr};

use domain::Timestamp;
use time::{Date, UtcDateTime, format_description::BorrowedFormatItem, macros::format_description};

const FORM: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");

/// Milliseconds of a day.
pub const DAY_MS: i64 = 24 * 3_600 * 1_000;

/// The day of UTC on which `at` lies, counted from 1970; also where no calendar has it.
pub fn day_number(at: Timestamp) -> i64 {
    at.0.div_euclid(DAY_MS)
}

/// A day in UTC, as text `YYYY-MM-DD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(Date);

/// A text that is no day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoDay;

impl fmt::Display for NoDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a day YYYY-MM-DD")
    }
}

impl std::error::Error for NoDay {}

impl Day {
    /// The day on which `at` lies; `None` beyond the year 9999.
    pub fn of(at: Timestamp) -> Option<Self> {
        UtcDateTime::from_unix_timestamp(at.unix_seconds()).ok().map(|at| Self(at.date()))
    }

    /// Its first instant.
    pub fn begins(self) -> Timestamp {
        Timestamp::from_unix_seconds(self.0.midnight().assume_utc().unix_timestamp())
    }

    /// The first instant after it.
    pub fn ends(self) -> Timestamp {
        Timestamp(self.begins().0.saturating_add(DAY_MS))
    }
}

impl FromStr for Day {
    type Err = NoDay;

    fn from_str(text: &str) -> Result<Self, NoDay> {
        Date::parse(text, FORM).map(Self).map_err(|_| NoDay)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.0.to_calendar_date();
        write!(f, "{year:04}-{:02}-{day:02}", u8::from(month))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_written_as_it_was_read_and_ends_where_the_next_begins() {
        let day: Day = "2026-11-27".parse().unwrap();
        assert_eq!(day.to_string(), "2026-11-27");
        assert_eq!(day.begins(), Timestamp::from_unix_seconds(1_795_737_600));
        assert_eq!(day.ends(), "2026-11-28".parse::<Day>().unwrap().begins());
        assert_eq!(Day::of(Timestamp(day.ends().0 - 1)), Some(day));
        assert_eq!(Day::of(day.ends()), "2026-11-28".parse().ok());
        for text in ["", "2026-13-01", "2026-02-30", "27.11.2026", "2026-11-27 "] {
            assert_eq!(text.parse::<Day>(), Err(NoDay), "{text:?}");
        }
    }
}
