//! The phone's table of ephemeral ids, and what tells a recording from a beacon.

use super::{EidRow, MAX_EXPONENT};
use std::collections::HashMap;
use std::hash::Hash;

/// Ids of the beacons around the phone. `B` names a beacon.
///
/// An id counts in its own window and one window to either side, since beacons switch at a random
/// moment and their clocks drift (150 ppm are 13 s a day).
#[derive(Debug, Clone)]
pub struct EidTable<B> {
    window_s: i64,
    rows: HashMap<[u8; 8], Row<B>>,
    /// For each beacon, the start of the newest id heard from it.
    newest: HashMap<B, i64>,
}

#[derive(Debug, Clone, Copy)]
struct Row<B> {
    beacon: B,
    from_unix_s: i64,
}

/// What an id that was heard means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard<B> {
    /// No row: a foreign beacon, or the table does not reach this far or this long.
    Unknown,
    /// The beacon's id of this moment.
    Fresh {
        /// Which beacon.
        beacon: B,
    },
    /// The beacon's id of another moment: a recording, or a beacon whose clock was reset. It is
    /// no evidence for the store.
    Replayed {
        /// Which beacon the id was made by.
        beacon: B,
        /// How it shows.
        mark: ReplayMark,
    },
}

/// How a replay shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReplayMark {
    /// The id is heard before its time; the whole window of tolerance is already taken off.
    Early {
        /// By how many seconds.
        by_s: i64,
    },
    /// The id is heard after its time; the whole window of tolerance is already taken off.
    Late {
        /// By how many seconds.
        by_s: i64,
    },
    /// The same beacon was already heard with an id newer than the next one, and beacons do not go
    /// back.
    Superseded,
}

impl<B: Copy + Eq + Hash> EidTable<B> {
    /// An empty table for ids that change every 2^`exponent` seconds (at most [`MAX_EXPONENT`]).
    pub fn new(exponent: u8) -> Self {
        Self {
            window_s: 1 << exponent.min(MAX_EXPONENT),
            rows: HashMap::new(),
            newest: HashMap::new(),
        }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Drops the rows that cannot count any more at `now_unix_s`. A recording of one of them is
    /// then [`Heard::Unknown`], which is no evidence either.
    pub fn forget_past(&mut self, now_unix_s: i64) {
        let oldest = now_unix_s.saturating_sub(2 * self.window_s);
        self.rows.retain(|_, row| row.from_unix_s >= oldest);
        self.newest.retain(|_, from| *from >= oldest);
    }

    /// Looks up an id heard at `now_unix_s` and remembers it, to notice an older one later.
    pub fn hear(&mut self, eid: &[u8; 8], now_unix_s: i64) -> Heard<B> {
        let Some(&Row { beacon, from_unix_s }) = self.rows.get(eid) else { return Heard::Unknown };
        let opens = from_unix_s.saturating_sub(self.window_s);
        let closes = from_unix_s.saturating_add(2 * self.window_s);
        let replayed = |mark| Heard::Replayed { beacon, mark };
        if now_unix_s < opens {
            return replayed(ReplayMark::Early { by_s: opens.saturating_sub(now_unix_s) });
        }
        if now_unix_s >= closes {
            let by_s = now_unix_s.saturating_sub(closes).saturating_add(1);
            return replayed(ReplayMark::Late { by_s });
        }
        let newest = self.newest.entry(beacon).or_insert(from_unix_s);
        // The next id may overlap with this one for a moment, the one after it cannot.
        if newest.saturating_sub(from_unix_s) > self.window_s {
            return replayed(ReplayMark::Superseded);
        }
        *newest = (*newest).max(from_unix_s);
        Heard::Fresh { beacon }
    }
}

impl<B: Copy + Eq + Hash> Extend<(EidRow, B)> for EidTable<B> {
    fn extend<I: IntoIterator<Item = (EidRow, B)>>(&mut self, rows: I) {
        self.rows.extend(
            rows.into_iter()
                .map(|(EidRow { eid, from_unix_s }, beacon)| (eid, Row { beacon, from_unix_s })),
        );
    }
}
