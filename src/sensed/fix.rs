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
    /// The operating system says that a test tool made it.
    pub mocked: bool,
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

/// A fix that passed [`Fix::check`]: on the earth, recent, of known accuracy, not mocked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CheckedFix {
    position: Position,
    accuracy_m: f64,
    taken_at: Timestamp,
}

impl Fix {
    /// The fix as a value the judgement may use at `now`.
    ///
    /// # Errors
    /// The first [`FixProblem`] in the order in which the enum lists them.
    pub fn check(&self, now: Timestamp) -> Result<CheckedFix, FixProblem> {
        if self.latitude.is_nan() || self.longitude.is_nan() || self.accuracy_m.is_nan() {
            return Err(FixProblem::NotANumber);
        }
        let position = Position::from_degrees(self.latitude, self.longitude)
            .map_err(|_| FixProblem::OutOfRange)?;
        let taken_at = Timestamp(self.taken_at_ms);
        let age = now.millis_since(taken_at);
        if age < -MAX_LEAD_MS {
            return Err(FixProblem::FromFuture);
        }
        if age > MAX_AGE_MS {
            return Err(FixProblem::TooOld);
        }
        if self.mocked {
            return Err(FixProblem::Mocked);
        }
        if !(self.accuracy_m > 0.0 && self.accuracy_m <= MAX_ACCURACY_M) {
            return Err(FixProblem::BadAccuracy);
        }
        Ok(CheckedFix { position, accuracy_m: self.accuracy_m, taken_at })
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
}
