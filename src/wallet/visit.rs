//! The member's habits: which stores they were surely in, counted once a visit.

use domain::{StoreId, Timestamp};

use crate::entry::StoreKey;

/// Being in the same store within this time is the same visit: lunch and dinner are two.
pub(super) const SAME_VISIT_MS: i64 = 4 * 3_600_000;
/// Stores remembered; the one visited longest ago is forgotten. The judgement takes no more.
const MOST: usize = 256;

/// The visit under way.
#[derive(Default)]
pub(super) struct Visit {
    /// Where the member surely was last, and when.
    last: Option<(StoreKey, Timestamp)>,
    /// A visit that is not counted yet.
    begun: Option<StoreKey>,
}

impl Visit {
    /// The member is surely in the store of this key.
    pub fn enter(&mut self, key: StoreKey, now: Timestamp) {
        let same = |at: Timestamp| now.millis_since(at).abs() < SAME_VISIT_MS;
        if !self.last.is_some_and(|(last, at)| last == key && same(at)) {
            self.begun = Some(key);
        }
        self.last = Some((key, now));
    }

    /// The visit that began since this was asked last.
    pub fn take_begun(&mut self) -> Option<StoreKey> {
        self.begun.take()
    }
}

/// Adds one visit to the counts, the latest last.
pub(super) fn count(visits: &mut Vec<(StoreId, u32)>, store: StoreId) {
    let known = visits.iter().position(|(known, _)| *known == store);
    let times = known.map_or(0, |at| visits.remove(at).1);
    visits.push((store, times.saturating_add(1)));
    if visits.len() > MOST {
        visits.remove(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hours: i64) -> Timestamp {
        Timestamp(1_790_000_000_000 + hours * 3_600_000)
    }

    #[test]
    fn a_visit_is_counted_once_and_the_next_day_again() {
        let mut visit = Visit::default();
        let begun: Vec<_> = [(1, 0), (1, 1), (1, 3), (2, 4), (2, 30)]
            .map(|(key, hours)| {
                visit.enter(StoreKey(key), at(hours));
                visit.take_begun().map(|StoreKey(key)| key)
            })
            .to_vec();
        assert_eq!(begun, [Some(1), None, None, Some(2), Some(2)]);
    }

    #[test]
    fn the_store_visited_longest_ago_is_forgotten_first() {
        let store = |nth: usize| StoreId::of_record("test", &nth.to_string());
        let mut visits = Vec::new();
        for nth in (0..MOST).chain([0]).chain([MOST]) {
            count(&mut visits, store(nth));
        }
        assert_eq!(visits.len(), MOST);
        assert!(visits.contains(&(store(0), 2)) && !visits.contains(&(store(1), 1)));
    }
}
