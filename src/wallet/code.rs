use domain::{Position, StoreId, Timestamp, wire::SensedSign};
use signs::store_code::{
    KeyId, KeySet, PublicKey, SignatureProof, SignedStoreCode, TimeProof, VerifyingKey,
};

use super::{refresh::Wanted, state::Inner};
use crate::{
    entry::{CodeRead, Proof, Signal},
    error::SignalProblem,
};

impl Inner {
    /// A store code becomes evidence; anything else is refused, and nothing is ever opened.
    ///
    /// Whether it hangs where it was signed for is the judgement's to say, which knows the fixes.
    pub fn read_code(&self, text: &str, now: Timestamp) -> Result<Wanted, SignalProblem> {
        let code = SignedStoreCode::read(text).map_err(|_| SignalProblem::TextNoStoreCode)?;
        let checked = code.verify(&self.signing_keys(), now.unix_seconds(), None);
        if checked.time != TimeProof::InForce {
            return Err(SignalProblem::CodeNotGenuine);
        }
        let place = code.unverified().place;
        let position = Position::from_e7(place.lat_e7, place.lon_e7).ok();
        let proof = match checked.signature {
            SignatureProof::Valid => Proof::Signed {
                place: position.map(|position| (position, f64::from(place.radius_m))),
            },
            // Perhaps signed with a key that this phone has not heard of yet.
            SignatureProof::UnknownKey => Proof::Unsigned,
            SignatureProof::RevokedKey | SignatureProof::Bad => {
                return Err(SignalProblem::CodeNotGenuine);
            }
        };
        let store = StoreId(code.unverified().store);
        let signal = Signal::Code(CodeRead { store, proof, touched: false });
        self.sense(now, &signal);
        let unproven = (proof == Proof::Unsigned).then(|| text.to_owned());
        let resolve = self
            .cache
            .key_of(store)
            .is_none()
            .then(|| (self.question(SensedSign::StoreCode { text: text.to_owned() }), signal));
        Ok(Wanted { unproven, resolve, ..Wanted::balances() })
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
