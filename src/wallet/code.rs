//! The sign scanned last, and what vouches for it.

use std::sync::{Arc, Mutex, PoisonError};

use domain::{Position, StoreId, Timestamp, wire::Network};
use signs::store_code::{KeySet, SignatureProof, SignedStoreCode, StoreCode, TimeProof, link_host};

use super::scanned::Scanned;
use crate::{entry::Proof, error::SignalProblem};

/// Owns the sign scanned last.
#[derive(Default)]
pub(super) struct LastCode {
    /// One whole sign; replaced by the next. Taken alone.
    scanned: Mutex<Option<Scanned>>,
    /// The store's own code that was scanned last and proven: of which store, and when. Taken alone.
    there: Mutex<Option<(StoreId, String, Timestamp)>>,
}

/// Whoever scanned a store's own code was there for so long.
const THERE_FOR_MS: i64 = 3_600_000;

/// What a store code is checked against.
pub(super) struct Checks {
    pub keys: KeySet,
    /// Whose links are read; before it is known none is.
    pub network: Option<Arc<Network>>,
    /// Whether these are all the register's keys, so that any other is a forger's.
    pub keys_are_fresh: bool,
    pub now: Timestamp,
    /// How far the server's clock is before the phone's, where that is known.
    pub clock_ahead_ms: Option<i64>,
}

impl LastCode {
    /// Keeps what a code says of itself; answers which store it names and what vouches for that.
    /// Whether it hangs where it was signed for is the judgement's to say.
    ///
    /// # Errors
    /// [`SignalProblem`] for what is no code of a till, or not genuine; nothing is ever opened.
    pub fn scan(
        &self,
        text: &str,
        checks: &Checks,
    ) -> Result<Option<(StoreId, Proof)>, SignalProblem> {
        let scanned = match checks.read(text) {
            Some(code) => {
                let proof = checks.prove(&code)?;
                let ahead_ms = checks.clock_ahead_ms.unwrap_or(0);
                Scanned::store_code(&code, proof, checks.now, ahead_ms)
            }
            None => Scanned::other(text, checks.now)?,
        };
        let named = scanned.store();
        if let Some((store, text)) = scanned.own_code() {
            let there = Some((store, text.to_owned(), checks.now));
            *self.there.lock().unwrap_or_else(PoisonError::into_inner) = there;
        }
        *self.scanned.lock().unwrap_or_else(PoisonError::into_inner) = Some(scanned);
        Ok(named)
    }

    /// The text of a store's own code, where that was scanned in the last hour and proven.
    pub fn scanned_at(&self, store: StoreId, now: Timestamp) -> Option<String> {
        let there = self.there.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let (of, text, at) = there?;
        (of == store && now.millis_since(at).abs() <= THERE_FOR_MS).then_some(text)
    }

    /// The sign scanned last, while it counts.
    pub fn at(&self, now: Timestamp) -> Option<Scanned> {
        let scanned = self.scanned.lock().unwrap_or_else(PoisonError::into_inner).clone();
        scanned.filter(|scanned| scanned.counts_at(now))
    }
}

impl Checks {
    /// The store code in `text`. A link that leads to another host than the network's is none, whatever
    /// it carries: nobody is to grow used to scanning those.
    fn read(&self, text: &str) -> Option<SignedStoreCode> {
        let host = self.network.as_deref().map(Network::link_host);
        let is_ours = |found: &str| host.is_some_and(|host| host.eq_ignore_ascii_case(found));
        let may_be = link_host(text).is_none_or(is_ours);
        may_be.then(|| SignedStoreCode::read(text).ok())?
    }

    /// What vouches for a code. [`Proof::Broken`]: it is a forgery.
    fn prove(&self, code: &SignedStoreCode) -> Result<Proof, SignalProblem> {
        let at = Timestamp(self.now.0.saturating_add(self.clock_ahead_ms.unwrap_or(0)));
        let checked = code.verify(&self.keys, at.unix_seconds(), None);
        let proof = match checked.signature {
            SignatureProof::Valid => Proof::Signed { place: place(code.unverified()) },
            SignatureProof::UnknownKey if self.keys_are_fresh => return Ok(Proof::Broken),
            // Perhaps signed with a key that this phone has not heard of yet.
            SignatureProof::UnknownKey => Proof::Unsigned,
            SignatureProof::RevokedKey | SignatureProof::Bad => {
                return Err(SignalProblem::CodeNotGenuine);
            }
        };
        match (checked.time, self.clock_ahead_ms) {
            (TimeProof::InForce, _) => Ok(proof),
            (_, Some(_)) => Err(SignalProblem::CodeOutOfDate),
            (_, None) => Err(SignalProblem::ClockUnsure),
        }
    }
}

/// Where the code was signed for, and the radius in metres.
fn place(code: &StoreCode) -> Option<(Position, f64)> {
    let position = Position::from_e7(code.place.lat_e7, code.place.lon_e7).ok()?;
    Some((position, f64::from(code.place.radius_m)))
}

#[cfg(test)]
mod tests {
    use signs::store_code::{
        AcceptedBits, Circle, Days, PaymentRequest, PublicKey, SigningKey, sign,
    };

    use super::*;

    const ISSUED_S: u32 = 1_790_000_000;

    /// A payment code of 60 seconds, and the keys of its register.
    fn payment_code() -> (SignedStoreCode, KeySet) {
        let key = SigningKey::from_bytes(&[7; 32]);
        let day = u16::try_from(ISSUED_S / 86_400).unwrap();
        let payment = PaymentRequest {
            amount_minor: 100,
            currency: 978,
            nonce: [1; 8],
            issued_at: ISSUED_S,
            life_s: 60,
        };
        let code = StoreCode {
            store: uuid::Uuid::from_u128(42),
            valid: Days { not_before: day, not_after: day },
            place: Circle { lat_e7: 0, lon_e7: 0, radius_m: 60 },
            accepted: AcceptedBits::default(),
            payment: Some(payment),
        };
        let keys = KeySet::from_iter([PublicKey::active(key.verifying_key())]);
        (sign(&code, &key).unwrap(), keys)
    }

    #[test]
    fn a_genuine_code_is_genuine_on_a_phone_whose_clock_is_wrong() {
        let (code, keys) = payment_code();
        let genuine = Ok(true);
        for (phone_ahead_s, known, expected) in [
            (0, false, genuine),
            (70, true, genuine),
            (86_400, true, genuine),
            (-3_600, true, genuine),
            (70, false, Err(SignalProblem::ClockUnsure)),
            (-3_600, false, Err(SignalProblem::ClockUnsure)),
        ] {
            let checks = Checks {
                keys: keys.clone(),
                network: None,
                keys_are_fresh: true,
                now: Timestamp::from_unix_seconds(i64::from(ISSUED_S) + 5 + phone_ahead_s),
                clock_ahead_ms: known.then_some(-1_000 * phone_ahead_s),
            };
            let proof = checks.prove(&code).map(|proof| matches!(proof, Proof::Signed { .. }));
            assert_eq!(proof, expected, "{phone_ahead_s} s ahead, known: {known}");
            let last = LastCode::default();
            if last.scan(&code.to_text(), &checks).is_ok() {
                let ends = Timestamp(checks.now.0 + 55_000);
                assert!(last.at(Timestamp(ends.0 - 1)).is_some() && last.at(ends).is_none());
            }
        }
    }

    #[test]
    fn a_code_that_is_over_by_the_servers_clock_is_out_of_date() {
        let (code, keys) = payment_code();
        let now = Timestamp::from_unix_seconds(i64::from(ISSUED_S) + 61);
        let clock_ahead_ms = Some(0);
        let checks = Checks { keys, network: None, keys_are_fresh: true, now, clock_ahead_ms };
        assert_eq!(checks.prove(&code), Err(SignalProblem::CodeOutOfDate));
    }

    #[test]
    fn an_unknown_key_is_a_forgers_only_once_the_keys_are_fresh() {
        let (code, _) = payment_code();
        let now = Timestamp::from_unix_seconds(i64::from(ISSUED_S) + 5);
        for (keys_are_fresh, expected) in [(false, Proof::Unsigned), (true, Proof::Broken)] {
            let keys = KeySet::default();
            let clock_ahead_ms = Some(0);
            let checks = Checks { keys, network: None, keys_are_fresh, now, clock_ahead_ms };
            assert_eq!(checks.prove(&code), Ok(expected));
        }
    }

    #[test]
    fn a_link_is_read_only_where_it_leads_to_the_networks_own_host() {
        let (code, keys) = payment_code();
        let now = Timestamp::from_unix_seconds(i64::from(ISSUED_S) + 5);
        let network = Network::new("Corner", uuid::Uuid::from_u128(1), "pay.example", "#000000");
        let network = Some(Arc::new(network.unwrap()));
        for (network, host, read) in [
            (&network, "pay.example", true),
            (&network, "PAY.example", true),
            (&network, "evil.example", false),
            (&None, "pay.example", false),
        ] {
            let (keys, network) = (keys.clone(), network.clone());
            let checks =
                Checks { keys, network, keys_are_fresh: true, now, clock_ahead_ms: Some(0) };
            let scanned = LastCode::default().scan(&code.to_url(host), &checks);
            assert_eq!(scanned.is_ok(), read, "{host}");
        }
    }
}
