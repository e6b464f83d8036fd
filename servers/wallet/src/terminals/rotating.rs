//! The ids that rotating beacons send, told by how they begin: who asks tells which group of beacons
//! one that was heard belongs to, and neither who asks nor which it was.

use std::sync::{Arc, Mutex, PoisonError};

use domain::{
    StoreId, Timestamp,
    wire::{Rotating, RotatingBeacon, RotatingBuckets},
};
use server_kit::{Database, DatabaseError, hex};

use super::{
    beacons::{Beacons, CLOCK},
    rows,
};

/// How far ahead phones are told: who hears one beacon for an hour asks once.
const AHEAD_S: i64 = 3_600;
/// Beacons that a bucket has at least, where the network has as many at all.
const SHARED_BY: usize = 64;
/// Whoever asks for more would be told apart by it.
const MOST_BITS: u8 = 16;
/// By how many bits a question may be vaguer than need be: beyond, its answer takes too much.
const VAGUER_BITS: u8 = 2;
/// The window before, this one and the one after: clocks drift.
const WINDOWS: usize = 3;

/// The ids of this moment in their order.
#[derive(Default)]
pub struct Ordered(Mutex<Arc<Moment>>);

#[derive(Default)]
struct Moment {
    /// When its first window begins, and how many terminals there were.
    edition: (i64, i64),
    /// Bits of an id that tell its bucket.
    bits: u8,
    beacons: Vec<(StoreId, (u16, u16))>,
    /// Ids in ascending order, and whose they are.
    ids: Vec<(u64, u32)>,
}

impl Ordered {
    /// How ids are divided now.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn buckets(
        &self,
        beacons: &Beacons,
        database: &Database,
        now: Timestamp,
    ) -> Result<RotatingBuckets, DatabaseError> {
        Ok(RotatingBuckets { bits: self.moment(beacons, database, now).await?.bits })
    }

    /// The beacons of whose ids of this moment one begins with the `bits` bits of `bucket`, with their
    /// ids from one window before `now` on; `None` when these are too many bits or too few, or there is no
    /// such bucket.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn bucket(
        &self,
        beacons: &Beacons,
        database: &Database,
        (bits, bucket): (u8, u64),
        now: Timestamp,
    ) -> Result<Option<Rotating>, DatabaseError> {
        let moment = self.moment(beacons, database, now).await?;
        let vaguest = moment.bits.saturating_sub(VAGUER_BITS);
        if !(vaguest..=moment.bits).contains(&bits) || bucket >> bits != 0 {
            return Ok(None);
        }
        let (from_unix_s, _) = moment.edition;
        let until = from_unix_s.saturating_add(AHEAD_S);
        let of = |(store, beacon): &(StoreId, (u16, u16))| {
            let key = beacons.identity_key(*store);
            let ids = key.rows(CLOCK, from_unix_s, until).map(|row| hex(&row.eid)).collect();
            RotatingBeacon { beacon: *beacon, ids }
        };
        let beacons = moment.of_bucket(bits, bucket).map(of).collect();
        Ok(Some(Rotating { as_of: now, exponent: CLOCK.exponent, from_unix_s, beacons }))
    }

    async fn moment(
        &self,
        beacons: &Beacons,
        database: &Database,
        now: Timestamp,
    ) -> Result<Arc<Moment>, DatabaseError> {
        let window_s = 1_i64 << CLOCK.exponent;
        let from = (now.unix_seconds().div_euclid(window_s) - 1) * window_s;
        let edition = (from, rows::count(database).await?);
        let held = Arc::clone(&self.0.lock().unwrap_or_else(PoisonError::into_inner));
        if held.edition == edition {
            return Ok(held);
        }
        let stores = rows::with_beacons(database).await?;
        let keys = stores.iter().map(|(store, _)| beacons.identity_key(*store)).collect::<Vec<_>>();
        let last = from.saturating_add(window_s * (WINDOWS as i64 - 1));
        let order = move || {
            let ids = keys.iter().zip(0_u32..).flat_map(|(key, nth)| {
                let rows = key.rows(CLOCK, from, last);
                rows.map(move |row| (u64::from_be_bytes(row.eid), nth))
            });
            let mut ids: Vec<_> = ids.collect();
            ids.sort_unstable();
            Moment { edition, bits: bits(ids.len()), beacons: stores, ids }
        };
        let made = tokio::task::spawn_blocking(order).await;
        let made = Arc::new(made.map_err(|_| DatabaseError::WorkerCrashed)?);
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&made);
        Ok(made)
    }
}

impl Moment {
    fn of_bucket(&self, bits: u8, bucket: u64) -> impl Iterator<Item = &(StoreId, (u16, u16))> {
        let begins = |id: u64| id.checked_shr(64 - u32::from(bits)).unwrap_or(0);
        let from = self.ids.partition_point(|(id, _)| begins(*id) < bucket);
        let rest = self.ids.get(from..).unwrap_or_default();
        let of = rest.iter().take_while(|(id, _)| begins(*id) == bucket);
        let mut found: Vec<u32> = of.map(|(_, nth)| *nth).collect();
        found.sort_unstable();
        found.dedup();
        found.into_iter().filter_map(|nth| self.beacons.get(nth as usize))
    }
}

/// The most bits with which a bucket has so many ids that it is shared.
fn bits(ids: usize) -> u8 {
    let buckets = (ids / SHARED_BY).max(1);
    u8::try_from(buckets.ilog2()).unwrap_or(MOST_BITS).min(MOST_BITS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_is_shared_by_enough_beacons_and_none_is_in_two() {
        assert_eq!([0, 1, 64, 127, 128, 3_000_000].map(bits), [0, 0, 0, 0, 1, 15]);
        assert_eq!(bits(usize::MAX), MOST_BITS);
        let beacons: Vec<_> = (0..4_096_u32)
            .map(|nth| (StoreId(uuid::Uuid::from_u128(nth.into())), (0, nth as u16)))
            .collect();
        // Spread as ids are: 2^64 over the golden ratio.
        let id = |nth: u32| u64::from(nth).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut ids: Vec<_> = (0..4_096).map(|nth| (id(nth), nth)).collect();
        ids.sort_unstable();
        let bits = bits(ids.len());
        let moment = Moment { edition: (0, 0), bits, beacons, ids };
        let sizes: Vec<_> = (0..1 << bits).map(|nth| moment.of_bucket(bits, nth).count()).collect();
        assert_eq!((bits, sizes.iter().sum::<usize>()), (6, 4_096));
        assert!(sizes.iter().all(|size| *size > SHARED_BY / 2), "{sizes:?}");
        assert_eq!(moment.of_bucket(0, 0).count(), 4_096);
    }
}
