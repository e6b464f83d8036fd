//! Ephemeral ids from an identity key (Eddystone-EID, "EID computation").

use aes::Aes128;
use aes::cipher::{BlockCipherEncrypt, KeyInit};

/// The largest rotation exponent: an id of 2^15 seconds, about nine hours.
pub const MAX_EXPONENT: u8 = 15;

/// A beacon's secret, 16 bytes. It is not shown by `Debug`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct IdentityKey(pub [u8; 16]);

impl std::fmt::Debug for IdentityKey {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("IdentityKey(..)")
    }
}

/// How a beacon counts time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BeaconClock {
    /// The id changes every 2^exponent seconds; larger values count as [`MAX_EXPONENT`].
    pub exponent: u8,
    /// When the beacon's clock stood at 0, in seconds since 1970-01-01 UTC.
    pub epoch_unix_s: i64,
}

impl BeaconClock {
    /// What the beacon's clock shows; `None` before its epoch and after 136 years.
    pub fn beacon_time(&self, unix_s: i64) -> Option<u32> {
        unix_s.checked_sub(self.epoch_unix_s)?.try_into().ok()
    }
}

/// One ephemeral id and when the beacon begins to send it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EidRow {
    /// The id.
    pub eid: [u8; 8],
    /// The first second of its window, since 1970-01-01 UTC.
    pub from_unix_s: i64,
}

impl IdentityKey {
    /// The temporary key, which changes every 2^16 seconds of the beacon's clock.
    pub fn temporary_key(&self, beacon_time_s: u32) -> [u8; 16] {
        let [high, low, ..] = beacon_time_s.to_be_bytes();
        self.encrypt([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0, 0, high, low])
    }

    /// The id that a beacon with this key sends when its clock shows `beacon_time_s`. Exponents
    /// above [`MAX_EXPONENT`] count as that.
    pub fn eid(&self, beacon_time_s: u32, exponent: u8) -> [u8; 8] {
        let exponent = exponent.min(MAX_EXPONENT);
        let [a, b, c, d] = window_start(beacon_time_s, exponent).to_be_bytes();
        let temporary = Self(self.temporary_key(beacon_time_s));
        let block = temporary.encrypt([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, exponent, a, b, c, d]);
        block.first_chunk().copied().unwrap_or_default()
    }

    /// The ids from the one of `from_unix_s` to the one of `until_unix_s`, for a phone's table.
    pub fn rows(
        &self,
        clock: BeaconClock,
        from_unix_s: i64,
        until_unix_s: i64,
    ) -> impl Iterator<Item = EidRow> {
        let exponent = clock.exponent.min(MAX_EXPONENT);
        let key = *self;
        let first = clock.beacon_time(from_unix_s.max(clock.epoch_unix_s));
        let last = clock.beacon_time(until_unix_s);
        let windows = match (first, last) {
            (Some(first), Some(last)) => first >> exponent..=last >> exponent,
            #[expect(clippy::reversed_empty_ranges, reason = "no row outside the beacon's time")]
            _ => 1..=0,
        };
        windows.map(move |window| {
            let start = window << exponent;
            EidRow {
                eid: key.eid(start, exponent),
                from_unix_s: clock.epoch_unix_s.saturating_add(i64::from(start)),
            }
        })
    }

    pub(super) fn encrypt(&self, block: [u8; 16]) -> [u8; 16] {
        let mut block = block.into();
        Aes128::new(&self.0.into()).encrypt_block(&mut block);
        block.into()
    }
}

/// The beacon's clock with its `exponent` low bits cleared.
pub(super) fn window_start(beacon_time_s: u32, exponent: u8) -> u32 {
    beacon_time_s >> exponent << exponent
}
