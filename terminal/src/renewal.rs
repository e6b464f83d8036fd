//! When a payment code on the screen is renewed, also after a renewal that failed.

use std::time::Duration;

/// A code is renewed this long before its life ends: a phone that has just read it needs some
/// seconds.
const MARGIN_S: i64 = 20;
/// The shortest and the longest wait between two renewals: a wrong clock must not race.
const WAIT_S: std::ops::RangeInclusive<i64> = 5..=60;
/// The longest wait after a renewal that failed; the first is the shortest of all.
const LONGEST_RETRY_S: i64 = 30;

/// The renewals of one screen.
#[derive(Debug)]
pub struct Renewal {
    ends_s: i64,
    failures: u32,
}

/// What to do about a renewal that failed.
#[derive(Debug, PartialEq, Eq)]
pub struct Retry {
    /// The code on the screen is still good.
    pub still_good: bool,
    /// How long to wait before the next try.
    pub wait: Duration,
}

impl Renewal {
    /// The screen shows a code that ends at `ends_s` (seconds since 1970).
    pub fn shown(ends_s: i64) -> Self {
        Self { ends_s, failures: 0 }
    }

    /// How long the code stays before it is renewed.
    pub fn wait(&self, now_s: i64) -> Duration {
        let left_s = self.ends_s.saturating_sub(now_s).saturating_sub(MARGIN_S);
        seconds(left_s.clamp(*WAIT_S.start(), *WAIT_S.end()))
    }

    /// A renewal failed. The next try comes after 5, 10, 20 and then every 30 seconds, or when the
    /// code ends, so that none stays on the screen beyond its life.
    pub fn failed(&mut self, now_s: i64) -> Retry {
        let retry_s = WAIT_S.start() << self.failures.min(3);
        self.failures = self.failures.saturating_add(1);
        let left_s = self.ends_s.saturating_sub(now_s);
        let wait_s = retry_s.min(LONGEST_RETRY_S);
        let wait_s = if left_s > 0 { wait_s.min(left_s) } else { wait_s };
        Retry { still_good: left_s > 0, wait: seconds(wait_s) }
    }
}

fn seconds(count: i64) -> Duration {
    Duration::from_secs(count.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_renewed_before_it_ends_and_never_in_a_race() {
        let waits = [1_060, 1_010, 900, 9_000].map(|ends| Renewal::shown(ends).wait(1_000));
        assert_eq!(waits.map(|wait| wait.as_secs()), [40, 5, 5, 60]);
    }

    #[test]
    fn failed_renewals_are_tried_again_and_no_code_outlives_its_end() {
        let mut renewal = Renewal::shown(1_020);
        let mut now = 1_000;
        let mut seen = Vec::new();
        for _ in 0..6 {
            let retry = renewal.failed(now);
            seen.push((retry.still_good, retry.wait.as_secs()));
            now += i64::try_from(retry.wait.as_secs()).unwrap();
        }
        let expected = [(true, 5), (true, 10), (true, 5), (false, 30), (false, 30), (false, 30)];
        assert_eq!(seen, expected);
    }
}
