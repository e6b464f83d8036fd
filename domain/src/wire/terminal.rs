//! What a store's terminal is told beside its sign, and what phones are told of its beacon.

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// A code for one payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentSign {
    /// The signed code as compact text.
    pub code: String,
    /// The same as an upper-case URL that any camera opens.
    pub url: String,
    /// When it stops being good, about a minute later.
    pub expires_at: Timestamp,
}

/// What a store's rotating beacon (Eddystone-EID) needs to send its ids.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BeaconKey {
    /// 32 hexadecimal digits; the store's own secret.
    pub identity_key: String,
    /// The id changes every 2^exponent seconds.
    pub exponent: u8,
    /// When the beacon's clock stood at 0, in seconds since 1970.
    pub epoch_unix_s: i64,
}

/// How the ids of rotating beacons are divided into buckets, each shared by many beacons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RotatingBuckets {
    /// How many of an id's first bits say its bucket.
    pub bits: u8,
}

/// The ids that the rotating beacons of a bucket send in the next hour.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rotating {
    /// The server's time: the phone's own may differ.
    pub as_of: Timestamp,
    /// An id lasts 2^exponent seconds.
    pub exponent: u8,
    /// When the first id of every list begins, in seconds since 1970.
    pub from_unix_s: i64,
    /// The beacons.
    pub beacons: Vec<RotatingBeacon>,
}

/// The ids of one rotating beacon.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RotatingBeacon {
    /// Its (major, minor).
    pub beacon: (u16, u16),
    /// One id after the other, 16 hexadecimal digits each.
    pub ids: Vec<String>,
}
