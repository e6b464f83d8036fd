//! A week of ISO 8601, in UTC: `2026-W48`.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::Timestamp;

const DAY_MS: i64 = 86_400_000;
/// Milliseconds of a week.
pub const WEEK_MS: i64 = 7 * DAY_MS;
/// 1970-01-01 was a Thursday, by which ISO 8601 numbers a week; the Monday before is this many days earlier.
const MONDAY_BEFORE: i64 = 3;
/// The years that are written with four digits, from the first that every clock has.
const YEARS: std::ops::RangeInclusive<i64> = 1970..=9999;

/// A week from Monday to Sunday, UTC, of the years 1970 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Week(i64);

/// A text or number that is no week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a week like 2026-W48")]
pub struct NoWeek;

impl Week {
    /// The week in which `at` lies; `None` beyond the years that a week has.
    pub fn of(at: Timestamp) -> Option<Self> {
        Self::of_number((at.0.div_euclid(DAY_MS) + MONDAY_BEFORE).div_euclid(7))
    }

    /// The week of this number.
    pub fn of_number(number: i64) -> Option<Self> {
        (0..=600_000).contains(&number).then_some(Self(number)).filter(|week| week.year() <= 9999)
    }

    /// Weeks since that of 1970-01-01, which is 0.
    pub const fn number(self) -> i64 {
        self.0
    }

    /// The first instant of its Monday.
    pub const fn begins(self) -> Timestamp {
        Timestamp((self.0 * 7 - MONDAY_BEFORE) * DAY_MS)
    }

    /// The first instant after its Sunday.
    pub const fn ends(self) -> Timestamp {
        Timestamp(self.begins().0 + WEEK_MS)
    }

    /// The year of its Thursday, whose day since 1970 is seven times its number.
    fn year(self) -> i64 {
        let day = self.0 * 7;
        // A year has 365.2425 days, so that this is at most one too many.
        let year = 1970 + day * 10_000 / 3_652_425 + 1;
        (year - 2..=year).rev().find(|year| first_day(*year) <= day).unwrap_or(year)
    }
}

/// The day since 1970 on which a year begins.
const fn first_day(year: i64) -> i64 {
    const fn leap_days(before: i64) -> i64 {
        let last = before - 1;
        last / 4 - last / 100 + last / 400
    }
    (year - 1970) * 365 + leap_days(year) - leap_days(1970)
}

impl fmt::Display for Week {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let year = self.year();
        write!(f, "{year:04}-W{:02}", (self.0 * 7 - first_day(year)) / 7 + 1)
    }
}

impl FromStr for Week {
    type Err = NoWeek;

    fn from_str(text: &str) -> Result<Self, NoWeek> {
        let (year, week) = text.split_once("-W").ok_or(NoWeek)?;
        let (year, week): (i64, i64) =
            (year.parse().map_err(|_| NoWeek)?, week.parse().map_err(|_| NoWeek)?);
        if !YEARS.contains(&year) || !(1..=53).contains(&week) {
            return Err(NoWeek);
        }
        // The first Thursday on or after New Year is of week 1.
        let found =
            Self::of_number((first_day(year) + 6).div_euclid(7) + week - 1).ok_or(NoWeek)?;
        if found.to_string() == text { Ok(found) } else { Err(NoWeek) }
    }
}

impl TryFrom<String> for Week {
    type Error = NoWeek;

    fn try_from(text: String) -> Result<Self, NoWeek> {
        text.parse()
    }
}

impl From<Week> for String {
    fn from(week: Week) -> Self {
        week.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_is_written_as_iso_8601_does_at_the_turns_of_years() {
        for (day, written) in [
            (0, "1970-W01"),
            // 2026-11-29 is a Sunday, 2026-11-30 a Monday.
            (20_786, "2026-W48"),
            (20_787, "2026-W49"),
            // 2021-01-03 is a Sunday and of the 53rd week of 2020.
            (18_630, "2020-W53"),
            (18_631, "2021-W01"),
            // 2024-12-30 is a Monday and of the first week of 2025.
            (20_086, "2024-W52"),
            (20_087, "2025-W01"),
        ] {
            let week = Week::of(Timestamp(day * DAY_MS + 5)).unwrap();
            assert_eq!(week.to_string(), written, "day {day}");
        }
    }

    #[test]
    fn every_week_is_read_as_it_was_written_and_follows_the_one_before() {
        let mut number = 0;
        while let Some(week) = Week::of_number(number) {
            assert_eq!(week.to_string().parse(), Ok(week), "{week}");
            assert_eq!(Week::of(week.begins()), Some(week), "{week}");
            assert_eq!(Week::of(Timestamp(week.ends().0 - 1)), Some(week), "{week}");
            number += 1;
        }
        assert_eq!(Week::of_number(number - 1).unwrap().to_string(), "9999-W52");
    }

    #[test]
    fn what_is_no_week_is_refused() {
        for text in [
            "",
            "2026-W00",
            "2026-W54",
            "2025-W53",
            "2026-W1",
            "2026W48",
            "1969-W52",
            "+2026-W48",
            "10000-W01",
            "2026-W+8",
        ] {
            assert_eq!(text.parse::<Week>(), Err(NoWeek), "{text:?}");
        }
        assert_eq!(Week::of(Timestamp(i64::MAX)), None);
        assert_eq!(Week::of(Timestamp(i64::MIN)), None);
    }
}
