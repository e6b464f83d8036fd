//! The chance that a method works here, and how it stands by that.

use serde::{Deserialize, Serialize};

/// How a method stands here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It works here: with at least 0.95, by what was said or seen.
    Active,
    /// It works here with at least 0.75.
    Likely,
    /// It may work; usable.
    Unsure,
    /// It works here with at most 0.25; usable all the same.
    LikelyNot,
    /// It does not work here (at most 0.05), or the method itself does not.
    Inactive,
}

/// The probability that a method works here, as a range, per mille: a store of which nothing is known
/// counts as no for the low end and as yes for the high end.
///
/// Whole numbers, so that what is shown is the same everywhere and agrees with the [`State`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chance {
    /// 0 to 1000.
    pub low: u16,
    /// 0 to 1000, never less than `low`.
    pub high: u16,
}

impl Chance {
    /// Rounds a range of 0 to 1; what is none (not a number) is taken as nothing known.
    pub fn of(low: f64, high: f64) -> Self {
        let permille = |end: f64| (end * 1_000.0).round().clamp(0.0, 1_000.0) as u16;
        if low.is_nan() || high.is_nan() {
            return Self { low: 0, high: 1_000 };
        }
        let low = permille(low);
        Self { low, high: permille(high).max(low) }
    }

    /// How a method of this chance stands, if nothing of its own stands against it.
    pub const fn state(self) -> State {
        match self {
            Self { low: 950.., .. } => State::Active,
            Self { low: 750.., .. } => State::Likely,
            Self { high: ..=50, .. } => State::Inactive,
            Self { high: ..=250, .. } => State::LikelyNot,
            _ => State::Unsure,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bounds_belong_to_the_surer_state_and_what_is_shown_agrees_with_it() {
        for (low, high, state) in [
            (0.95, 1.0, State::Active),
            (0.9496, 0.96, State::Active),
            (0.9494, 1.0, State::Likely),
            (0.75, 0.75, State::Likely),
            (0.749, 1.0, State::Unsure),
            (0.0, 1.0, State::Unsure),
            (0.0, 0.251, State::Unsure),
            (0.0, 0.25, State::LikelyNot),
            (0.0, 0.051, State::LikelyNot),
            (0.0, 0.05, State::Inactive),
            (0.0, 0.0, State::Inactive),
        ] {
            assert_eq!(Chance::of(low, high).state(), state, "{low} to {high}");
        }
    }

    #[test]
    fn sums_that_are_a_hair_beyond_their_range_stay_in_it() {
        assert_eq!(Chance::of(1.000_000_1, 0.999), Chance { low: 1_000, high: 1_000 });
        assert_eq!(Chance::of(-1e-9, 1.2), Chance { low: 0, high: 1_000 });
        assert_eq!(Chance::of(f64::NAN, 0.3), Chance { low: 0, high: 1_000 });
    }
}
