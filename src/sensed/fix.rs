//! A position fix as the operating system reports it, and the check that makes it usable.

use domain::{Position, Timestamp};
use serde::{Deserialize, Serialize};

/// A fix older than this describes a place the phone has left: at walking speed (1.3 m/s) 60 s are
/// 80 m, further than the next ten stores of a dense street.
pub const MAX_AGE_MS: i64 = 60_000;

/// A fix may be this far ahead of the phone's clock: receivers stamp with satellite time, and a
/// phone's clock is a few seconds off. Further ahead, one of the two is wrong.
pub const MAX_LEAD_MS: i64 = 5_000;

/// Beyond this radius a fix cannot tell one district from the next, let alone one store: the
/// approximate-location permission of Android reports about 2,000 m.
pub const MAX_ACCURACY_M: f64 = 1_000.0;

/// The satellite system's week number starts again at 0 after 1,024 weeks (1999, 2019, 2038).
/// Receivers that do not know it date their fixes so far back.
const WEEK_ROLLOVER_MS: i64 = 1_024 * 7 * 86_400_000;

/// What measured a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, uniffi::Enum)]
#[serde(rename_all = "snake_case")]
pub enum FixProvider {
    /// A satellite receiver.
    Satellite,
    /// The access points and cells around: coarse, and handed over again while they stay the same.
    Network,
}

/// A fix as the app's location service hands it over; nothing in it is trusted yet.
#[derive(Clone, Copy, Debug, PartialEq, uniffi::Record)]
pub struct Fix {
    /// Degrees north, WGS 84.
    pub latitude: f64,
    /// Degrees east, WGS 84.
    pub longitude: f64,
    /// Radius within which the phone is with 68 % probability, metres, as reported.
    pub accuracy_m: f64,
    /// When the position was taken (not delivered), milliseconds since 1970.
    pub taken_at_ms: i64,
    /// The operating system says that a test tool or a simulator made it.
    pub mocked: bool,
    /// What measured it; absent when the platform weighs several or does not say.
    #[uniffi(default = None)]
    pub provider: Option<FixProvider>,
}

/// Whether fixes of a test tool or a simulator are usable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MockedFixes {
    /// They are refused: whoever uses the phone wants to be elsewhere.
    #[default]
    Refused,
    /// They are taken, and what they come to says so: somebody develops an app.
    Accepted,
}

impl MockedFixes {
    /// As the app's configuration has it.
    pub fn accepted_if(accepted: bool) -> Self {
        if accepted { Self::Accepted } else { Self::Refused }
    }
}

/// Why a fix cannot be used. Each is told apart because an app answers each differently: ask
/// again, ask for precise location, or tell the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FixProblem {
    /// Latitude, longitude or accuracy is no number.
    #[error("the fix holds a value that is no number")]
    NotANumber,
    /// Not on the earth.
    #[error("the fix is not on the earth")]
    OutOfRange,
    /// Taken more than [`MAX_LEAD_MS`] after now: the phone's clock or the fix is wrong.
    #[error("the fix is from the future")]
    FromFuture,
    /// Taken more than [`MAX_AGE_MS`] before now.
    #[error("the fix is too old")]
    TooOld,
    /// Made by a test tool.
    #[error("the fix was made by a test tool")]
    Mocked,
    /// Zero, negative (both mean "not known" on phones) or beyond [`MAX_ACCURACY_M`].
    #[error("the fix does not say how accurate it is, or is too coarse")]
    BadAccuracy,
}

/// A fix that passed [`Fix::check`]: on the earth, recent, of known accuracy, and not made up
/// unless that was allowed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CheckedFix {
    position: Position,
    accuracy_m: f64,
    taken_at: Timestamp,
    provider: Option<FixProvider>,
    mocked: bool,
}

impl Fix {
    /// The fix as a value the judgement may use at `now`.
    ///
    /// # Errors
    /// The first [`FixProblem`] in the order in which the enum lists them.
    pub fn check(&self, now: Timestamp) -> Result<CheckedFix, FixProblem> {
        self.check_with(now, MockedFixes::Refused)
    }

    /// As [`Fix::check`], where mocked fixes may be accepted.
    ///
    /// # Errors
    /// The first [`FixProblem`] in the order in which the enum lists them.
    pub fn check_with(
        &self,
        now: Timestamp,
        mocked: MockedFixes,
    ) -> Result<CheckedFix, FixProblem> {
        if self.latitude.is_nan() || self.longitude.is_nan() || self.accuracy_m.is_nan() {
            return Err(FixProblem::NotANumber);
        }
        let position = Position::from_degrees(self.latitude, self.longitude)
            .map_err(|_| FixProblem::OutOfRange)?;
        let (taken_at, age) = self.dated(now);
        if age < -MAX_LEAD_MS {
            return Err(FixProblem::FromFuture);
        }
        if age > MAX_AGE_MS {
            return Err(FixProblem::TooOld);
        }
        if self.mocked && mocked == MockedFixes::Refused {
            return Err(FixProblem::Mocked);
        }
        if !(self.accuracy_m > 0.0 && self.accuracy_m <= MAX_ACCURACY_M) {
            return Err(FixProblem::BadAccuracy);
        }
        let Self { accuracy_m, provider, mocked, .. } = *self;
        Ok(CheckedFix { position, accuracy_m, taken_at, provider, mocked })
    }

    /// When it was taken, and how many milliseconds before `now` that is: a date that is a week
    /// rollover back is set right.
    fn dated(&self, now: Timestamp) -> (Timestamp, i64) {
        let taken_at = Timestamp(self.taken_at_ms);
        let right = Timestamp(self.taken_at_ms.saturating_add(WEEK_ROLLOVER_MS));
        let usable = |at| (-MAX_LEAD_MS..=MAX_AGE_MS).contains(&now.millis_since(at));
        let taken_at = if usable(right) { right } else { taken_at };
        (taken_at, now.millis_since(taken_at))
    }
}

impl CheckedFix {
    /// Where.
    pub const fn position(&self) -> Position {
        self.position
    }

    /// Reported radius of 68 % probability, metres, above 0 and at most [`MAX_ACCURACY_M`].
    pub const fn accuracy_m(&self) -> f64 {
        self.accuracy_m
    }

    /// When it was taken.
    pub const fn taken_at(&self) -> Timestamp {
        self.taken_at
    }

    /// What measured it, where that is known.
    pub const fn provider(&self) -> Option<FixProvider> {
        self.provider
    }

    /// A test tool or a simulator made it.
    pub const fn mocked(&self) -> bool {
        self.mocked
    }
}

/// What of the phone's position may be recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, uniffi::Enum)]
#[serde(rename_all = "snake_case")]
pub enum RecordedPositions {
    /// As sensed: the recording replays to the same judgements.
    Exact,
    /// Not at all: fixes, signed places and stores are left out, only that and when something came
    /// is kept. Such a recording shows timing, and cannot be replayed.
    Withheld,
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_unix_seconds(1_790_000_000);

    fn good() -> Fix {
        Fix {
            latitude: 41.896,
            longitude: 12.503,
            accuracy_m: 12.0,
            taken_at_ms: NOW.0 - 900,
            mocked: false,
            provider: None,
        }
    }

    #[test]
    fn a_good_fix_passes_with_its_values_kept() {
        let fix = good().check(NOW).unwrap();
        assert_eq!(fix.position(), Position::from_degrees(41.896, 12.503).unwrap());
        assert_eq!(fix.accuracy_m(), 12.0);
        assert_eq!(fix.taken_at(), Timestamp(NOW.0 - 900));
    }

    #[test]
    fn each_bad_fix_is_refused_for_its_own_reason() {
        let year_ms = 365 * 86_400_000;
        let rows = [
            (Fix { latitude: f64::NAN, ..good() }, FixProblem::NotANumber),
            (Fix { accuracy_m: f64::NAN, ..good() }, FixProblem::NotANumber),
            (Fix { longitude: f64::INFINITY, ..good() }, FixProblem::OutOfRange),
            (Fix { latitude: 90.001, ..good() }, FixProblem::OutOfRange),
            (Fix { taken_at_ms: NOW.0 + MAX_LEAD_MS + 1, ..good() }, FixProblem::FromFuture),
            (Fix { taken_at_ms: NOW.0 + year_ms, ..good() }, FixProblem::FromFuture),
            (Fix { taken_at_ms: i64::MAX, ..good() }, FixProblem::FromFuture),
            (Fix { taken_at_ms: NOW.0 - MAX_AGE_MS - 1, ..good() }, FixProblem::TooOld),
            (Fix { taken_at_ms: i64::MIN, ..good() }, FixProblem::TooOld),
            (Fix { mocked: true, ..good() }, FixProblem::Mocked),
            (Fix { accuracy_m: 0.0, ..good() }, FixProblem::BadAccuracy),
            (Fix { accuracy_m: -1.0, ..good() }, FixProblem::BadAccuracy),
            (Fix { accuracy_m: 5_000.0, ..good() }, FixProblem::BadAccuracy),
            (Fix { accuracy_m: f64::INFINITY, ..good() }, FixProblem::BadAccuracy),
        ];
        for (fix, problem) in rows {
            assert_eq!(fix.check(NOW), Err(problem), "{fix:?}");
        }
    }

    #[test]
    fn the_edges_of_age_and_lead_are_still_usable() {
        assert!(Fix { taken_at_ms: NOW.0 - MAX_AGE_MS, ..good() }.check(NOW).is_ok());
        assert!(Fix { taken_at_ms: NOW.0 + MAX_LEAD_MS, ..good() }.check(NOW).is_ok());
    }

    #[test]
    fn a_receiver_that_counts_its_weeks_anew_still_gives_the_position() {
        let back = |ms: i64| Fix { taken_at_ms: NOW.0 - WEEK_ROLLOVER_MS + ms, ..good() };
        let fix = back(-900).check(NOW).unwrap();
        assert_eq!(fix.taken_at(), Timestamp(NOW.0 - 900));
        assert_eq!(back(-MAX_AGE_MS - 1).check(NOW), Err(FixProblem::TooOld));
        assert_eq!(back(MAX_LEAD_MS + 1).check(NOW), Err(FixProblem::TooOld));
    }

    #[test]
    fn a_mocked_fix_is_taken_only_where_that_is_allowed_and_stays_marked() {
        let mocked = Fix { mocked: true, ..good() };
        assert_eq!(mocked.check(NOW), Err(FixProblem::Mocked));
        assert!(mocked.check_with(NOW, MockedFixes::Accepted).unwrap().mocked());
        assert!(!good().check_with(NOW, MockedFixes::Accepted).unwrap().mocked());
    }
}
