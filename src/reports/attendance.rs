//! On which of the last thirty days the member was in which store: who is there most days works there.

use domain::{StoreId, Timestamp};
use serde::{Deserialize, Serialize};

const DAY_MS: i64 = 24 * 3_600_000;
/// The days that are remembered.
const DAYS: u32 = 30;
/// Somebody who is there on more of them works there.
const MOST_OF_A_CUSTOMER: u32 = 15;
/// Stores remembered; the one attended longest ago is forgotten.
const MOST: usize = 64;

/// Days by store, the store attended last at the end.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Attendance(Vec<Days>);

#[derive(Clone, Serialize, Deserialize)]
struct Days {
    store: StoreId,
    /// Since 1970.
    last: i64,
    /// The last day in the lowest bit, the day before in the next.
    days: u32,
}

impl Days {
    /// The days as seen from `today`.
    fn at(&self, today: i64) -> u32 {
        let past = today.saturating_sub(self.last);
        // A clock that was set back keeps what it has.
        let shift = u32::try_from(past.max(0)).unwrap_or(u32::MAX);
        self.days.checked_shl(shift).unwrap_or(0) & ((1 << DAYS) - 1)
    }
}

impl Attendance {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The member is in `store` on the day of `now`.
    pub fn count(&mut self, store: StoreId, now: Timestamp) {
        let today = now.0.div_euclid(DAY_MS);
        let known = self.0.iter().position(|days| days.store == store);
        let known = known.map(|at| self.0.remove(at));
        let (last, before) = match &known {
            Some(days) if days.last > today => {
                let back = u32::try_from(days.last - today).unwrap_or(u32::MAX);
                (days.last, days.days | 1_u32.checked_shl(back).unwrap_or(0))
            }
            Some(days) => (today, days.at(today) | 1),
            None => (today, 1),
        };
        self.0.push(Days { store, last, days: before });
        self.0.drain(..self.0.len().saturating_sub(MOST));
    }

    /// Whether the member was in `store` on most of the last days.
    pub fn is_staff(&self, store: StoreId, now: Timestamp) -> bool {
        let today = now.0.div_euclid(DAY_MS);
        let days = self.0.iter().find(|days| days.store == store);
        days.is_some_and(|days| days.at(today).count_ones() > MOST_OF_A_CUSTOMER)
    }
}
