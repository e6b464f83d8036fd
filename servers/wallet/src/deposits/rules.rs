//! What a deposit may be; values in and values out.

use domain::Timestamp;

/// Once it is this old, a deposit of which the operator took nothing is given up, ms: who waits at a
/// till has long paid another way.
const GIVEN_UP_AFTER_MS: i64 = 15 * 60 * 1_000;

/// Whether `amount` more fits a day's limit of `most` after `before`.
pub fn is_within(most: i64, before: i64, amount: i64) -> bool {
    before.checked_add(amount).is_some_and(|sum| sum <= most)
}

/// Whether a deposit asked for at `at` is given up at `now`.
pub fn is_given_up(at: Timestamp, now: Timestamp) -> bool {
    now.millis_since(at) >= GIVEN_UP_AFTER_MS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn l12_a_days_limit_holds_at_the_edges_of_64_bits() {
        for (most, before, amount, within) in [
            (100, 0, 100, true),
            (100, 1, 100, false),
            (i64::MAX, i64::MAX, 1, false),
            (i64::MAX, 0, i64::MAX, true),
            (0, 0, 1, false),
        ] {
            assert_eq!(is_within(most, before, amount), within, "{most} {before} {amount}");
        }
    }

    #[test]
    fn f9_a_clock_that_jumps_back_gives_nothing_up() {
        let at = Timestamp(1_000_000_000_000);
        assert!(!is_given_up(at, Timestamp(at.0 - 3_600_000)));
        assert!(!is_given_up(at, Timestamp(i64::MIN)));
        assert!(!is_given_up(at, Timestamp(at.0 + GIVEN_UP_AFTER_MS - 1)));
        assert!(is_given_up(at, Timestamp(at.0 + GIVEN_UP_AFTER_MS)));
    }
}
