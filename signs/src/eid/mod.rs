//! Eddystone's ephemeral ids: an identity that changes every 2^K seconds, so that a recording
//! soon proves nothing and a competitor cannot use a store's beacons.
//!
//! Whoever holds an [`IdentityKey`] can be the beacon. Keys therefore stay with the resolver (the
//! server) and with the store's own devices; phones get rows of ids for the stores around them and
//! look them up in an [`EidTable`].
//!
//! ```
//! use signs::eid::{BeaconClock, EidTable, Heard, IdentityKey};
//!
//! let key = IdentityKey([7; 16]);
//! let clock = BeaconClock { exponent: 10, epoch_unix_s: 1_700_000_000 };
//! let now = 1_700_050_000;
//!
//! // The server makes the rows of the next hours, the phone looks up what it hears.
//! let mut table = EidTable::new(10);
//! table.extend(key.rows(clock, now, now + 7_200).map(|row| (row, "store 42, beacon 1")));
//! let heard = key.eid(clock.beacon_time(now).unwrap(), clock.exponent);
//! assert_eq!(table.hear(&heard, now), Heard::Fresh { beacon: "store 42, beacon 1" });
//! // A recording played an hour later:
//! assert!(matches!(table.hear(&heard, now + 3_600), Heard::Replayed { .. }));
//! ```

mod agreement;
mod identity;
mod table;
mod telemetry;

pub use agreement::{agree_as_beacon, agree_as_resolver, public_key};
pub use identity::{BeaconClock, EidRow, IdentityKey, MAX_EXPONENT};
pub use table::{EidTable, Heard, ReplayMark};
pub use telemetry::{open_tlm, seal_tlm};
