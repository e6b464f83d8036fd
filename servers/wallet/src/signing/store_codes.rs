//! Signs store codes.

use anyhow::Context;
use domain::{Money, Position, Store, Timestamp};
use server_kit::{day_number, random_bytes};
use signs::store_code::{
    AcceptedBits, Circle, Days, PaymentRequest, SignedStoreCode, SigningKey, StoreCode,
    StoreCodeError, sign,
};

/// How long a printed code is good for, days.
const VALID_DAYS: u16 = 365;
/// How far from the store's point its code may be read, metres: a store's counter may be at the far
/// end of its building, and a map's point is rarely at the till.
const RADIUS_M: u8 = 60;
/// How long a code for one payment lives, seconds: the member reads it at the till, and the screen
/// shows a new one before it ends.
const LIFE_S: u16 = 60;

/// Signs store codes with one key.
pub struct StoreCodeSigner {
    key: SigningKey,
}

impl StoreCodeSigner {
    /// With this key.
    pub fn new(key: SigningKey) -> Self {
        Self { key }
    }

    /// Signs the code of `store`, good from the day of `now`.
    ///
    /// # Errors
    /// When the clock is outside the format's days.
    pub fn code(&self, store: &Store, now: Timestamp) -> Result<SignedStoreCode, StoreCodeError> {
        let not_before = day(now)?;
        let not_after = not_before.checked_add(VALID_DAYS).ok_or(StoreCodeError::Days)?;
        sign(&store_code(store, Days { not_before, not_after }, None), &self.key)
    }

    /// Signs a code of `store` for one payment of `amount`, and says when its life ends.
    ///
    /// # Errors
    /// When the amount or the clock is outside the format's range.
    pub fn payment(
        &self,
        store: &Store,
        amount: Money,
        now: Timestamp,
    ) -> anyhow::Result<(SignedStoreCode, Timestamp)> {
        let payment = PaymentRequest {
            amount_minor: amount.amount,
            currency: amount.currency.numeric(),
            nonce: random_bytes()?,
            issued_at: now.unix_seconds().try_into().context("the clock is out of range")?,
            life_s: LIFE_S,
        };
        let expires_at =
            Timestamp::from_unix_seconds(now.unix_seconds().saturating_add(i64::from(LIFE_S)));
        // Midnight may fall into its life.
        let days = Days { not_before: day(now)?, not_after: day(expires_at)? };
        Ok((sign(&store_code(store, days, Some(payment)), &self.key)?, expires_at))
    }
}

fn day(at: Timestamp) -> Result<u16, StoreCodeError> {
    u16::try_from(day_number(at)).map_err(|_| StoreCodeError::Days)
}

fn store_code(store: &Store, valid: Days, payment: Option<PaymentRequest>) -> StoreCode {
    StoreCode {
        store: store.id.0,
        valid,
        place: place(store.position),
        accepted: accepted_bits(store),
        payment,
    }
}

fn place(position: Position) -> Circle {
    Circle { lat_e7: position.lat_e7(), lon_e7: position.lon_e7(), radius_m: RADIUS_M }
}

/// The schemes the store takes on any channel, as far as the code has a bit for them. Made-up and
/// inferred claims and reports are left out: a signature must not vouch for them.
fn accepted_bits(store: &Store) -> AcceptedBits {
    let taken = store.accepted.claims().iter().filter(|claim| {
        claim.acceptance == domain::Acceptance::Accepted && claim.source.may_be_signed()
    });
    let bits = taken.filter_map(|claim| AcceptedBits::of([claim.scheme.as_str()]));
    bits.fold(AcceptedBits::default(), |all, bit| AcceptedBits(all.0 | bit.0))
}
