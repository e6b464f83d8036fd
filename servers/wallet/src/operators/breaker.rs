//! Whether an operator that failed is asked again yet.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// Failures in a row after which the operator is left alone.
const FAILURES: u32 = 5;
/// For how long; then one call tries whether it is back.
const LEFT_ALONE: Duration = Duration::from_secs(5);

/// Counts what an operator's answers came to. Closed at first: calls go through.
#[derive(Debug, Default)]
pub struct Breaker(Mutex<State>);

#[derive(Clone, Copy, Debug, Default)]
struct State {
    failures: u32,
    /// Nobody asks before; `None` while calls go through.
    again_at: Option<Instant>,
}

impl Breaker {
    /// Whether a call may be made `now`. One that may after a pause is the only one until it ends.
    pub fn lets_through(&self, now: Instant) -> bool {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match state.again_at {
            None => true,
            Some(again_at) if now < again_at => false,
            Some(_) => {
                state.again_at = Some(now + LEFT_ALONE);
                true
            }
        }
    }

    /// A call ended `now`, with an answer or without.
    pub fn note(&self, answered: bool, now: Instant) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if answered {
            *state = State::default();
            return;
        }
        state.failures = state.failures.saturating_add(1);
        if state.failures >= FAILURES {
            state.again_at = Some(now + LEFT_ALONE);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::{Breaker, FAILURES, LEFT_ALONE};

    #[test]
    fn after_failures_in_a_row_one_call_tries_after_a_pause_and_an_answer_opens_again() {
        let (breaker, begun) = (Breaker::default(), Instant::now());
        for _ in 0..FAILURES {
            assert!(breaker.lets_through(begun));
            breaker.note(false, begun);
        }
        assert!(!breaker.lets_through(begun));
        let later = begun + LEFT_ALONE;
        assert!(breaker.lets_through(later));
        assert!(!breaker.lets_through(later), "one call tries, not all");
        breaker.note(true, later);
        assert!(breaker.lets_through(later));
    }

    #[test]
    fn single_failures_between_answers_change_nothing() {
        let (breaker, now) = (Breaker::default(), Instant::now());
        for _ in 0..4 * FAILURES {
            breaker.note(false, now);
            breaker.note(true, now);
        }
        assert!(breaker.lets_through(now));
    }
}
