//! When to try again: full jitter, and a budget, so that many phones do not ask a server that has
//! just come back all at once. No other layer of the phone tries again.

use std::time::Duration;

/// The longest wait before the first new try, doubled with each: a till's patience is a few seconds.
const FIRST: Duration = Duration::from_millis(200);
/// The longest wait while there is a budget.
const LONGEST: Duration = Duration::from_secs(20);
/// The longest wait without one.
const LONGEST_WITHOUT: Duration = Duration::from_secs(120);
/// What a new try costs, in answers that the server gave: one new try for ten answers.
const COST: u32 = 10;
/// The most that is saved up: five tries.
const MOST: u32 = 5 * COST;

/// The tries of one phone.
#[derive(Debug)]
pub(crate) struct Retries {
    /// Saved up by answers, spent by new tries.
    budget: u32,
    /// New tries since something was under way.
    in_a_row: u32,
}

impl Default for Retries {
    fn default() -> Self {
        Self { budget: MOST, in_a_row: 0 }
    }
}

impl Retries {
    /// The server answered.
    pub fn answered(&mut self) {
        self.budget = (self.budget + 1).min(MOST);
    }

    /// The same budget, when nothing is under way any more.
    pub fn rested(&self) -> Self {
        Self { budget: self.budget, in_a_row: 0 }
    }

    /// How long to wait before the next new try: a part, `chance` of 0 to 1, of a time that doubles
    /// from try to try, but never less than the server asked for.
    pub fn next(&mut self, chance: f64, asked_for: Option<Duration>) -> Duration {
        let most = match self.budget.checked_sub(COST) {
            Some(left) => {
                self.budget = left;
                FIRST.saturating_mul(1 << self.in_a_row.min(10)).min(LONGEST)
            }
            None => LONGEST_WITHOUT,
        };
        self.in_a_row = self.in_a_row.saturating_add(1);
        most.mul_f64(chance.clamp(0.0, 1.0)).max(asked_for.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waits(retries: &mut Retries, times: usize) -> Vec<u64> {
        let wait = |_| u64::try_from(retries.next(1.0, None).as_millis()).unwrap();
        (0..times).map(wait).collect()
    }

    #[test]
    fn waits_double_until_the_budget_is_spent_and_answers_earn_it_back() {
        let mut retries = Retries::default();
        assert_eq!(waits(&mut retries, 7), [200, 400, 800, 1_600, 3_200, 120_000, 120_000]);
        for _ in 0..9 {
            retries.answered();
        }
        assert_eq!(waits(&mut retries, 1), [120_000], "nine answers earn no try");
        for _ in 0..10 {
            retries.answered();
        }
        assert_eq!(waits(&mut retries.rested(), 2), [200, 120_000]);
    }

    #[test]
    fn a_wait_is_any_part_of_the_time_and_no_less_than_the_server_asked_for() {
        for (chance, asked_for, wait) in [
            (0.0, None, 0),
            (0.5, None, 100),
            (f64::INFINITY, None, 200),
            (-1.0, None, 0),
            (0.5, Some(7), 7_000),
        ] {
            let asked_for = asked_for.map(Duration::from_secs);
            let waited = Retries::default().next(chance, asked_for);
            assert_eq!(waited, Duration::from_millis(wait), "{chance} {asked_for:?}");
        }
    }
}
