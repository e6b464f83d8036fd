//! What holds of members whatever the database says: lengths, waits after wrong guesses, how long a
//! session lasts.

/// Longest user id, bytes.
pub const MAX_USER_ID: usize = 128;
/// Shortest and longest password, bytes.
pub const PASSWORD_LENGTH: std::ops::RangeInclusive<usize> = 8..=1024;
/// How long a session lasts, ms: a member should not have to log in again at the till.
pub const SESSION_LASTS_MS: i64 = 30 * 24 * 60 * 60 * 1000;
/// Wrong guesses older than this are forgotten, ms.
pub const FORGOTTEN_MS: i64 = 24 * 60 * 60 * 1000;

/// Wrong guesses in a row before waiting begins.
const FREE_FAILURES: i64 = 3;
/// Longest wait, as a power of two of seconds: 2^10 s is 17 minutes, under which 100 guesses take
/// more than a day, and which a member who mistyped can sit out.
const LONGEST_WAIT_LOG2: i64 = 10;

/// Why a guess is not judged: seconds to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MustWait(pub u64);

/// How long nobody may guess after `failures` wrong ones in a row, ms.
pub fn wait_ms(failures: i64) -> i64 {
    match failures - FREE_FAILURES {
        ..=0 => 0,
        beyond => 1000 << (beyond - 1).min(LONGEST_WAIT_LOG2),
    }
}

/// Whether a guess may be judged `now` that is locked until `locked_until`, both ms since 1970.
///
/// # Errors
/// [`MustWait`] until it may.
pub fn may_guess(locked_until: i64, now: i64) -> Result<(), MustWait> {
    let wait_ms = u64::try_from(locked_until.saturating_sub(now)).unwrap_or(0);
    if wait_ms == 0 { Ok(()) } else { Err(MustWait(wait_ms.div_ceil(1000))) }
}

#[cfg(test)]
mod tests {
    use super::{MustWait, may_guess, wait_ms};

    #[test]
    fn waits_double_from_the_fourth_wrong_guess_to_17_minutes_and_never_overflow() {
        let seconds = |failures| wait_ms(failures) / 1000;
        let seen: Vec<i64> = [0, 1, 3, 4, 5, 6, 14, 15, i64::MAX].map(seconds).to_vec();
        assert_eq!(seen, [0, 0, 0, 1, 2, 4, 1024, 1024, 1024]);
    }

    #[test]
    fn a_lock_ends_at_its_time_and_not_a_second_before() {
        assert_eq!(may_guess(5_000, 4_999), Err(MustWait(1)));
        assert_eq!(may_guess(5_000, 5_000), Ok(()));
        assert_eq!(may_guess(i64::MAX, i64::MIN), Err(MustWait(u64::MAX / 2 / 1000 + 1)));
    }
}
