//! What a store code proves here and now.

use super::{Circle, KeySet, KeyState, SignedStoreCode};

/// Beyond this distance from the signed place, in metres, a code is refused: it was sent by chat,
/// photographed, or carried to another counter.
pub const REFUSED_BEYOND_M: f64 = 300.0;
/// How far the store terminal's clock may run before the phone's, in seconds.
pub const CLOCK_SKEW_S: i64 = 60;

const DAY_S: i64 = 86_400;
/// Phones report the radius of 68 % confidence; twice that holds about 95 %.
const ACCURACY_FACTOR: f64 = 2.0;

/// What is proven, question by question.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Proof {
    /// Did a key of the register sign this record?
    pub signature: SignatureProof,
    /// Is it in force now?
    pub time: TimeProof,
    /// Does the phone's position speak for the signed place?
    pub place: PlaceProof,
}

impl Proof {
    /// The signature is good, the code is in force and the phone's position does not speak against
    /// it. A missing or coarse position does not: it says nothing.
    pub fn stands(&self) -> bool {
        self.signature == SignatureProof::Valid
            && self.time == TimeProof::InForce
            && !self.place.speaks_against()
    }
}

/// Whether a trusted key signed the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureProof {
    /// A trusted key signed exactly this record.
    Valid,
    /// No key with the record's key id is known: the phone's key set may be old.
    UnknownKey,
    /// The key that signed was revoked, or was retired before the code begins.
    RevokedKey,
    /// The key is known and did not sign this: the record is forged or damaged.
    Bad,
}

/// Whether the code is in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeProof {
    /// Now is within the days and, for a payment code, the seconds of life.
    InForce,
    /// It begins later.
    NotYet {
        /// The first second, since 1970-01-01 UTC.
        from_unix_s: i64,
    },
    /// It is over.
    Expired {
        /// The first second after it, since 1970-01-01 UTC.
        since_unix_s: i64,
    },
}

/// What the phone's position says of the signed place. Distances are in metres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum PlaceProof {
    /// The phone has no position, so nothing is said.
    NoFix,
    /// The position is too coarse to speak for or against the place.
    TooCoarse {
        /// From the phone to the signed point.
        distance_m: f64,
    },
    /// The phone is where the code says it hangs, as far as its accuracy tells.
    Agrees {
        /// From the phone to the signed point.
        distance_m: f64,
    },
    /// The phone is outside the signed circle by more than its accuracy: tell the person.
    Contradicts {
        /// From the phone to the signed point.
        distance_m: f64,
    },
    /// As `Contradicts`, and farther than [`REFUSED_BEYOND_M`]: do not go on with this code.
    Refused {
        /// From the phone to the signed point.
        distance_m: f64,
    },
}

impl PlaceProof {
    /// Whether the position contradicts the signed place.
    pub fn speaks_against(&self) -> bool {
        matches!(self, Self::Contradicts { .. } | Self::Refused { .. })
    }
}

impl SignedStoreCode {
    /// Judges the code at `now_unix_s` (seconds since 1970-01-01 UTC), read by a phone at `here`:
    /// latitude and longitude in degrees and the accuracy in metres as the platform reports it.
    pub fn verify(&self, keys: &KeySet, now_unix_s: i64, here: Option<(f64, f64, f64)>) -> Proof {
        Proof {
            signature: self.signature_proof(keys),
            time: self.time_proof(now_unix_s),
            place: place_proof(self.unverified().place, here),
        }
    }

    fn signature_proof(&self, keys: &KeySet) -> SignatureProof {
        let mut known = false;
        for public in keys.with_id(self.key_id()) {
            known = true;
            if self.is_signed_by(&public.key) {
                let believed = match public.state {
                    KeyState::Active => true,
                    KeyState::Retired { last_day } => {
                        self.unverified().valid.not_before <= last_day
                    }
                    KeyState::Revoked => false,
                };
                return if believed { SignatureProof::Valid } else { SignatureProof::RevokedKey };
            }
        }
        if known { SignatureProof::Bad } else { SignatureProof::UnknownKey }
    }

    fn time_proof(&self, now: i64) -> TimeProof {
        let code = self.unverified();
        let mut from = i64::from(code.valid.not_before) * DAY_S;
        let mut until = (i64::from(code.valid.not_after) + 1) * DAY_S;
        if let Some(payment) = code.payment {
            let issued = i64::from(payment.issued_at);
            from = from.max(issued - CLOCK_SKEW_S);
            until = until.min(issued + i64::from(payment.life_s));
        }
        if now >= until {
            TimeProof::Expired { since_unix_s: until }
        } else if now < from {
            TimeProof::NotYet { from_unix_s: from }
        } else {
            TimeProof::InForce
        }
    }
}

fn place_proof(place: Circle, here: Option<(f64, f64, f64)>) -> PlaceProof {
    let usable = |(lat, lon, accuracy): &(f64, f64, f64)| {
        lat.abs() <= 90.0 && lon.abs() <= 180.0 && *accuracy >= 0.0 && accuracy.is_finite()
    };
    let Some((lat, lon, accuracy_m)) = here.filter(usable) else { return PlaceProof::NoFix };
    let signed = (f64::from(place.lat_e7) / 1e7, f64::from(place.lon_e7) / 1e7);
    let distance_m = distance_m((lat, lon), signed);
    let allowance_m = ACCURACY_FACTOR * accuracy_m;
    if distance_m > f64::from(place.radius_m) + allowance_m {
        if distance_m > REFUSED_BEYOND_M {
            PlaceProof::Refused { distance_m }
        } else {
            PlaceProof::Contradicts { distance_m }
        }
    } else if allowance_m > REFUSED_BEYOND_M {
        PlaceProof::TooCoarse { distance_m }
    } else {
        PlaceProof::Agrees { distance_m }
    }
}

/// Great-circle distance in metres between two points in degrees, on a sphere of the earth's mean
/// radius (haversine; wrong by at most 0.6 %, which is 2 m at 300 m).
pub fn distance_m(a: (f64, f64), b: (f64, f64)) -> f64 {
    const EARTH_RADIUS_M: f64 = 6_371_008.8;
    let (lat_a, lat_b) = (a.0.to_radians(), b.0.to_radians());
    let half_lat = ((lat_b - lat_a) / 2.0).sin();
    let half_lon = ((b.1 - a.1).to_radians() / 2.0).sin();
    let chord = half_lat * half_lat + lat_a.cos() * lat_b.cos() * half_lon * half_lon;
    2.0 * EARTH_RADIUS_M * chord.clamp(0.0, 1.0).sqrt().asin()
}
