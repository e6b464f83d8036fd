use domain::{StoreId, Timestamp};

use super::{
    code_place::{CodePlace, code_place},
    nearby::StorePosition,
    signal::Proof,
    whereabouts::Estimate,
};

/// A code read longer ago than this no longer says where the phone is.
const CODE_LASTS_MS: i64 = 10 * 60_000;

/// A choice holds until the phone goes away, at most this long.
const CHOICE_LASTS_MS: i64 = 30 * 60_000;

/// A code that was read, looked up in the cache.
#[derive(Clone, Copy, Debug)]
pub struct Shown {
    pub at: Timestamp,
    pub store: StoreId,
    pub place: Option<StorePosition>,
    pub proof: Proof,
    pub touched: bool,
    /// The fixes have once contradicted it: a copy, which does not become true where the phone
    /// comes by its store later.
    pub refuted: bool,
}

impl Shown {
    pub fn expired(&self, now: Timestamp) -> bool {
        now.millis_since(self.at) > CODE_LASTS_MS
    }

    /// Whether it hangs in its place, for a phone at this estimate.
    pub fn code_place(&self, phone: Option<Estimate>) -> CodePlace {
        code_place(self.proof, self.place.map(|place| place.position), phone)
    }

    /// How much likelier the code makes its store, as a natural logarithm. An unsigned code is
    /// shown by its store a hundred times as often as a copy hangs within walking distance of it
    /// (a copy further off is contradicted by the fixes and does not count at all); nobody but the
    /// store's neighbours can hang a signed one in its place.
    pub fn speaks(&self) -> f64 {
        match self.proof {
            Proof::Signed { .. } => 7.0,
            Proof::Unsigned => 4.6,
            Proof::Broken => 0.0,
        }
    }
}

/// The member's own choice.
#[derive(Clone, Copy, Debug)]
pub struct Chosen {
    pub at: Timestamp,
    pub store: StoreId,
    pub place: StorePosition,
}

impl Chosen {
    /// How much likelier the choice makes its store, as a natural logarithm: as much as a signed
    /// code. A person who taps a name knows where they are.
    pub const SPEAKS: f64 = 7.0;

    pub fn expired(&self, now: Timestamp) -> bool {
        now.millis_since(self.at) > CHOICE_LASTS_MS
    }

    /// How far from the store the choice still holds, metres.
    pub const HOLDS_WITHIN_M: f64 = 100.0;
}
