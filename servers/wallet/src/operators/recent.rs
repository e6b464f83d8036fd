//! What an operator said in the last seconds.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use domain::{Timestamp, wire::Grant};
use sha2::{Digest, Sha256};

/// How long an answer is told again before the operator is asked anew, ms: a member who looks at
/// several stores in a street asks many times in a few seconds.
pub const FRESH_MS: i64 = 5_000;
/// Most answers kept; some hundred bytes each.
const MOST: usize = 50_000;

/// Answers, each with when it was given, by the operator's id of what was asked for and the grant
/// that opened it: what one holder was told is never told to another.
pub struct Recent<T> {
    /// Never more than [`MOST`].
    answers: Mutex<HashMap<Key, (T, Timestamp)>>,
}

/// A digest, so that no grant stays in memory for it.
type Key = [u8; 32];

fn key(id: &str, grant: &Grant) -> Key {
    let id_length = (id.len() as u64).to_be_bytes();
    let digest = Sha256::new_with_prefix(id_length).chain_update(id).chain_update(grant.expose());
    digest.finalize().into()
}

impl<T> Default for Recent<T> {
    fn default() -> Self {
        Self { answers: Mutex::default() }
    }
}

impl<T: Clone> Recent<T> {
    /// What was said of `id` to the holder of `grant` at most [`FRESH_MS`] ago, and when.
    pub fn get(&self, id: &str, grant: &Grant, now: Timestamp) -> Option<(T, Timestamp)> {
        let answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        answers.get(&key(id, grant)).filter(|(_, at)| is_fresh(*at, now)).cloned()
    }

    /// Keeps what was said of `id` to the holder of `grant` at `now`.
    pub fn put(&self, id: &str, grant: &Grant, answer: T, now: Timestamp) {
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        if answers.len() >= MOST {
            answers.retain(|_, (_, at)| is_fresh(*at, now));
        }
        if answers.len() < MOST {
            answers.insert(key(id, grant), (answer, now));
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
        let (recent, grant) = (Recent::default(), Grant::new("g"));
        recent.put("a", &grant, 7, Timestamp(10_000));
        for (now, expected) in [
            (10_000, Some((7, Timestamp(10_000)))),
            (14_999, Some((7, Timestamp(10_000)))),
            (15_000, None),
            (9_999, None),
            (i64::MIN, None),
        ] {
            assert_eq!(recent.get("a", &grant, Timestamp(now)), expected, "at {now}");
        }
        assert_eq!(recent.get("b", &grant, Timestamp(10_000)), None);
    }

    #[test]
    fn what_one_holder_was_told_is_not_told_to_another() {
        let recent = Recent::default();
        recent.put("a", &Grant::new("one"), 7, Timestamp(0));
        assert_eq!(recent.get("a", &Grant::new("two"), Timestamp(0)), None);
        assert_eq!(recent.get("a", &Grant::new(""), Timestamp(0)), None);
        assert_eq!(recent.get("ao", &Grant::new("ne"), Timestamp(0)), None);
    }

    #[test]
    fn at_most_answers_only_stale_ones_make_room() {
        let (recent, grant) = (Recent::default(), Grant::new("g"));
        for nth in 0..MOST {
            recent.put(&nth.to_string(), &grant, nth, Timestamp(0));
        }
        recent.put("new", &grant, 1, Timestamp(1));
        assert_eq!(recent.get("new", &grant, Timestamp(1)), None);
        recent.put("new", &grant, 1, Timestamp(FRESH_MS));
        assert_eq!(recent.get("new", &grant, Timestamp(FRESH_MS)), Some((1, Timestamp(FRESH_MS))));
        assert_eq!(recent.answers.lock().unwrap().len(), 1);
    }
}
