//! What an operator said in the last seconds.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use domain::Timestamp;

/// How long an answer is told again before the operator is asked anew, ms: a member who looks at
/// several stores in a street asks many times in a few seconds.
pub const FRESH_MS: i64 = 5_000;
/// Most answers kept; some hundred bytes each.
const MOST: usize = 50_000;

/// Answers by the operator's id of what was asked for, each with when it was given.
pub struct Recent<T> {
    /// Never more than [`MOST`].
    answers: Mutex<HashMap<String, (T, Timestamp)>>,
}

impl<T> Default for Recent<T> {
    fn default() -> Self {
        Self { answers: Mutex::default() }
    }
}

impl<T: Clone> Recent<T> {
    /// What was said of `id` at most [`FRESH_MS`] ago, and when.
    pub fn get(&self, id: &str, now: Timestamp) -> Option<(T, Timestamp)> {
        let answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        answers.get(id).filter(|(_, at)| is_fresh(*at, now)).cloned()
    }

    /// Keeps what was said of `id` at `now`.
    pub fn put(&self, id: &str, answer: T, now: Timestamp) {
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        if answers.len() >= MOST {
            answers.retain(|_, (_, at)| is_fresh(*at, now));
        }
        if answers.len() < MOST {
            answers.insert(id.to_owned(), (answer, now));
        }
    }
}

/// An answer from the future (the clock was set back) is not fresh.
fn is_fresh(at: Timestamp, now: Timestamp) -> bool {
    (0..FRESH_MS).contains(&now.0.saturating_sub(at.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_fresh_for_seconds_and_never_before_it_was_given() {
        let recent = Recent::default();
        recent.put("a", 7, Timestamp(10_000));
        for (now, told) in [
            (10_000, Some((7, Timestamp(10_000)))),
            (14_999, Some((7, Timestamp(10_000)))),
            (15_000, None),
            (9_999, None),
            (i64::MIN, None),
        ] {
            assert_eq!(recent.get("a", Timestamp(now)), told, "at {now}");
        }
        assert_eq!(recent.get("b", Timestamp(10_000)), None);
    }

    #[test]
    fn at_most_answers_only_stale_ones_make_room() {
        let recent = Recent::default();
        for nth in 0..MOST {
            recent.put(&nth.to_string(), nth, Timestamp(0));
        }
        recent.put("new", 1, Timestamp(1));
        assert_eq!(recent.get("new", Timestamp(1)), None);
        recent.put("new", 1, Timestamp(FRESH_MS));
        assert_eq!(recent.get("new", Timestamp(FRESH_MS)), Some((1, Timestamp(FRESH_MS))));
        assert_eq!(recent.answers.lock().unwrap().len(), 1);
    }
}
