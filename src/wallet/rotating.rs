//! The ids that rotating beacons send at which time, as far as the server told them.
//!
//! It is asked by how an id begins, as nobody: its answer holds all beacons that share that, and nothing
//! else tells the server that the phone heard one of them.

use base16ct::mixed;
use domain::{Timestamp, wire::Rotating};
use signs::eid::{EidRow, EidTable, Heard, MAX_EXPONENT};
use uuid::Uuid;

use crate::sensed::{Beacon, BeaconReport, ReportProblem, Sighting};

/// More ids than a phone hears of in an hour; beyond, the oldest answers are forgotten.
const MOST: usize = 65_536;
/// No server is told more of an id, whatever it asks for.
const MOST_BITS: u8 = 16;
/// An answer of fewer beacons says too much of which was heard: the next question is vaguer.
const SHARED_BY: usize = 16;
/// How long the server's word on how vague a question may be is good.
const BITS_FOR_MS: i64 = 24 * 3_600_000;
/// Questions in ten minutes: other networks have rotating beacons, too, and nobody knows theirs.
const MOST_ASKED: usize = 8;
const ASKED_FOR_MS: i64 = 600_000;
/// A question that got no answer is asked again after this time.
const AGAIN_AFTER_MS: i64 = 10_000;

/// A group of ids that begin alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bucket {
    /// How many bits they have in common.
    pub bits: u8,
    /// These bits, as a number.
    pub value: u64,
}

/// What is known of rotating ids.
pub(super) struct RotatingIds {
    table: EidTable<Beacon>,
    exponent: u8,
    /// How many bits may be asked by, and when the server said so.
    bits: Option<(u8, Timestamp)>,
    /// By how many bits fewer than it says the phone asks.
    vaguer: u8,
    /// When the server was last asked how many bits that may be.
    bits_asked: Option<Timestamp>,
    /// What was asked, when, and until when it is not asked again.
    asked: Vec<(Bucket, Timestamp, Timestamp)>,
}

impl Default for RotatingIds {
    fn default() -> Self {
        let table = EidTable::new(0);
        Self { table, exponent: 0, bits: None, vaguer: 0, bits_asked: None, asked: Vec::new() }
    }
}

impl RotatingIds {
    /// The sighting that a report of the radio is.
    ///
    /// # Errors
    /// [`ReportProblem`].
    pub fn sighting(
        &mut self,
        network: Option<Uuid>,
        report: &BeaconReport,
    ) -> Result<Sighting, ReportProblem> {
        report.sighting(network, &mut self.table)
    }

    /// The id in a report that this phone does not know and may ask about now.
    pub fn unknown(&mut self, report: &BeaconReport, now: Timestamp) -> Option<[u8; 8]> {
        let id = report.rotating_id()?;
        let is_unknown = self.table.hear(&id, now.unix_seconds()) == Heard::Unknown;
        (is_unknown && self.may_ask(id, now)).then_some(id)
    }

    fn may_ask(&mut self, id: [u8; 8], now: Timestamp) -> bool {
        self.asked.retain(|(_, at, _)| (0..ASKED_FOR_MS).contains(&now.millis_since(*at)));
        let Some(bucket) = self.bucket(id, now) else {
            let lately = |at: Timestamp| (0..AGAIN_AFTER_MS).contains(&now.millis_since(at));
            return !self.bits_asked.is_some_and(lately);
        };
        let was_asked =
            |(of, _, until): &(Bucket, Timestamp, Timestamp)| *of == bucket && *until > now;
        self.asked.len() < MOST_ASKED && !self.asked.iter().any(was_asked)
    }

    /// The bucket of an id; `None` while the phone does not know how vague a question may be.
    fn bucket(&self, id: [u8; 8], now: Timestamp) -> Option<Bucket> {
        let (bits, said_at) = self.bits?;
        let is_good = (0..BITS_FOR_MS).contains(&now.millis_since(said_at));
        let bits = bits.min(MOST_BITS).saturating_sub(self.vaguer);
        let first = u64::from_be_bytes(id).checked_shr(64 - u32::from(bits));
        is_good.then_some(Bucket { bits, value: first.unwrap_or(0) })
    }

    /// The server says how many bits may be asked by; `None` forgets it.
    pub fn put_bits(&mut self, bits: Option<u8>, now: Timestamp) {
        self.bits = bits.map(|bits| (bits, now));
        self.vaguer = 0;
    }

    /// What to ask for an id, now; it then counts as asked.
    pub fn ask(&mut self, id: [u8; 8], now: Timestamp) -> Option<Bucket> {
        let Some(bucket) = self.bucket(id, now) else {
            self.bits_asked = Some(now);
            return None;
        };
        if !self.may_ask(id, now) {
            return None;
        }
        self.asked.push((bucket, now, Timestamp(now.0.saturating_add(AGAIN_AFTER_MS))));
        Some(bucket)
    }

    /// Keeps the answer about a bucket, which reached the phone at `now`, moved onto the phone's clock as all its
    /// times are.
    pub fn put(&mut self, bucket: Bucket, answer: &Rotating, now: Timestamp) {
        let exponent = answer.exponent.min(MAX_EXPONENT);
        let window_s = 1_i64 << exponent;
        if exponent != self.exponent || self.table.len() > MOST {
            (self.table, self.exponent) = (EidTable::new(exponent), exponent);
        }
        self.table.forget_past(now.unix_seconds());
        let ahead_s = now.millis_since(answer.as_of).div_euclid(1_000);
        let first = answer.from_unix_s.saturating_add(ahead_s);
        let rows = answer.beacons.iter().flat_map(|of| {
            let beacon = Beacon { major: of.beacon.0, minor: of.beacon.1 };
            of.ids.iter().zip(0_i64..).filter_map(move |(id, nth)| {
                let eid = mixed::decode_vec(id).ok()?.try_into().ok()?;
                let from_unix_s = first.saturating_add(nth.checked_mul(window_s)?);
                Some((EidRow { eid, from_unix_s }, beacon))
            })
        });
        self.table.extend(rows.take(MOST));
        let until = Timestamp(now.0.saturating_add(window_s.saturating_mul(1_000)));
        for (of, _, again) in &mut self.asked {
            if *of == bucket {
                *again = until;
            }
        }
        if bucket.bits > 0 && answer.beacons.len() < SHARED_BY {
            self.vaguer = self.vaguer.saturating_add(1).min(MOST_BITS);
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::wire::RotatingBeacon;

    use super::*;

    const NOW: Timestamp = Timestamp(1_790_000_000_000);

    fn later(seconds: i64) -> Timestamp {
        Timestamp(NOW.0 + seconds * 1_000)
    }

    fn answer(beacons: u16) -> Rotating {
        let of = |minor| RotatingBeacon { beacon: (1, minor), ids: vec![format!("{minor:016x}")] };
        let from_unix_s = NOW.unix_seconds();
        Rotating { as_of: NOW, exponent: 9, from_unix_s, beacons: (0..beacons).map(of).collect() }
    }

    #[test]
    fn an_id_is_asked_about_by_its_first_bits_alone_and_not_again_while_the_answer_counts() {
        let mut ids = RotatingIds::default();
        assert_eq!(ids.ask([0xff; 8], NOW), None, "nobody said how vague a question may be");
        ids.put_bits(Some(5), NOW);
        let bucket = Bucket { bits: 5, value: 0b1_1111 };
        assert_eq!(ids.ask([0xff; 8], NOW), Some(bucket));
        assert_eq!(ids.ask([0xff; 8], later(9)), None);
        assert_eq!(ids.ask([0xff; 8], later(10)), Some(bucket), "it was not answered");
        ids.put(bucket, &answer(40), later(10));
        assert_eq!(ids.ask([0xff; 8], later(500)), None);
        assert_eq!(ids.ask([0xff; 8], later(530)), Some(bucket));
        assert_eq!(ids.ask([0xff; 8], later(24 * 3_600)), None, "how vague is to be asked anew");
    }

    #[test]
    fn foreign_beacons_make_no_more_than_a_few_questions() {
        let mut ids = RotatingIds::default();
        ids.put_bits(Some(16), NOW);
        let asked = |ids: &mut RotatingIds, at| {
            (0..200).filter(|nth| ids.ask([*nth; 8], at).is_some()).count()
        };
        assert_eq!(asked(&mut ids, NOW), MOST_ASKED);
        assert_eq!(asked(&mut ids, later(599)), 0);
        assert_eq!(asked(&mut ids, later(600)), MOST_ASKED);
    }

    #[test]
    fn a_server_that_would_know_which_beacon_it_was_is_asked_by_less() {
        let mut ids = RotatingIds::default();
        ids.put_bits(Some(60), NOW);
        let bits = |ids: &mut RotatingIds, nth| ids.ask([nth; 8], NOW).map(|bucket| bucket.bits);
        assert_eq!(bits(&mut ids, 1), Some(MOST_BITS));
        ids.put(Bucket { bits: MOST_BITS, value: 0x0101 }, &answer(1), NOW);
        assert_eq!(bits(&mut ids, 2), Some(MOST_BITS - 1));
        ids.put_bits(Some(0), NOW);
        let all = Bucket { bits: 0, value: 0 };
        assert_eq!(ids.ask([9; 8], NOW), Some(all));
        ids.put(all, &answer(1), NOW);
        assert_eq!(ids.bucket([9; 8], NOW), Some(all), "there is nothing vaguer than all");
    }
}
