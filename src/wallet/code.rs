use std::sync::PoisonError;

use domain::{Position, StoreId, Timestamp, wire::SensedSign};
use signs::store_code::{
    self, KeyId, KeySet, PublicKey, SignatureProof, SignedStoreCode, StoreCode, TimeProof,
    VerifyingKey,
};

use super::{refresh::Wanted, scanned::Scanned, state::Inner};
use crate::{
    entry::{CodeRead, Proof, Signal},
    error::SignalProblem,
};

impl Inner {
    /// A store code becomes evidence, what a code says of itself is kept beside the store; what is
    /// no code of a till is refused, and nothing is ever opened. `touched`: it came from a tag.
    ///
    /// Whether it hangs where it was signed for is the judgement's to say, which knows the fixes.
    pub fn read_code(
        &self,
        text: &str,
        touched: bool,
        now: Timestamp,
    ) -> Result<Wanted, SignalProblem> {
        let read = self.scan(text, now)?;
        self.sense(now, &Signal::Text(text.to_owned()));
        let Some((store, proof)) = read else { return Ok(Wanted::balances()) };
        let signal = Signal::Code(CodeRead { store, proof, touched });
        self.sense(now, &signal);
        let unproven = (proof == Proof::Unsigned).then(|| (text.to_owned(), touched));
        let resolve = self
            .cache
            .key_of(store)
            .is_none()
            .then(|| (self.question(SensedSign::StoreCode { text: text.to_owned() }), signal));
        Ok(Wanted { unproven, resolve, ..Wanted::balances() })
    }

    /// Keeps what a code says of itself; answers which store it names and what vouches for that.
    pub fn scan(
        &self,
        text: &str,
        now: Timestamp,
    ) -> Result<Option<(StoreId, Proof)>, SignalProblem> {
        let (scanned, named) = match SignedStoreCode::read(text) {
            Ok(code) => {
                let checked = code.verify(&self.signing_keys(), now.unix_seconds(), self.here());
                let code = code.unverified();
                let proof = vouched(code, &checked)?;
                let far = checked.place.speaks_against();
                let scanned = Scanned::store_code(code, proof != Proof::Unsigned, far, now);
                (scanned, Some((StoreId(code.store), proof)))
            }
            Err(_) => (Scanned::other(text, now)?, None),
        };
        *self.scanned.lock().unwrap_or_else(PoisonError::into_inner) = Some(scanned);
        Ok(named)
    }

    /// Where the phone probably is, in degrees, and how surely, in metres.
    fn here(&self) -> Option<(f64, f64, f64)> {
        let whereabouts = self.engine.lock().unwrap_or_else(PoisonError::into_inner).whereabouts();
        whereabouts.map(|(at, radius_m)| (at.lat(), at.lon(), radius_m))
    }

    /// The keys that sign store codes, as last heard.
    fn signing_keys(&self) -> KeySet {
        let mut keys = KeySet::default();
        for (bytes, revoked) in self.cache.signing_keys() {
            let Ok(key) = VerifyingKey::from_bytes(&bytes) else { continue };
            keys.add(PublicKey::active(key));
            if revoked {
                keys.revoke(KeyId::of(&key));
            }
        }
        keys
    }
}

/// What vouches for a code that was checked; one that is forged or out of its time is refused.
fn vouched(code: &StoreCode, checked: &store_code::Proof) -> Result<Proof, SignalProblem> {
    if checked.time != TimeProof::InForce {
        return Err(SignalProblem::CodeNotGenuine);
    }
    match checked.signature {
        SignatureProof::Valid => {
            let position = Position::from_e7(code.place.lat_e7, code.place.lon_e7).ok();
            let place = position.map(|position| (position, f64::from(code.place.radius_m)));
            Ok(Proof::Signed { place })
        }
        // Perhaps signed with a key that this phone has not heard of yet.
        SignatureProof::UnknownKey => Ok(Proof::Unsigned),
        SignatureProof::RevokedKey | SignatureProof::Bad => Err(SignalProblem::CodeNotGenuine),
    }
}
