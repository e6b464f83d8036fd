//! The sign scanned last, and what vouches for it.

use std::sync::{Mutex, PoisonError};

use domain::{Position, StoreId, Timestamp};
use signs::store_code::{self, KeySet, SignatureProof, SignedStoreCode, StoreCode, TimeProof};

use super::scanned::Scanned;
use crate::{entry::Proof, error::SignalProblem};

/// Owns the sign scanned last.
#[derive(Default)]
pub(super) struct LastCode {
    /// One whole sign; replaced by the next. Taken alone.
    scanned: Mutex<Option<Scanned>>,
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
        keys: &KeySet,
        now: Timestamp,
    ) -> Result<Option<(StoreId, Proof)>, SignalProblem> {
        let (scanned, named) = match SignedStoreCode::read(text) {
            Ok(code) => {
                let checked = code.verify(keys, now.unix_seconds(), None);
                let proof = vouched(code.unverified(), &checked)?;
                let scanned = Scanned::store_code(code.unverified(), proof, now);
                (scanned, Some((StoreId(code.unverified().store), proof)))
            }
            Err(_) => (Scanned::other(text, now)?, None),
        };
        *self.scanned.lock().unwrap_or_else(PoisonError::into_inner) = Some(scanned);
        Ok(named)
    }

    /// The sign scanned last, while it counts.
    pub fn at(&self, now: Timestamp) -> Option<Scanned> {
        let scanned = self.scanned.lock().unwrap_or_else(PoisonError::into_inner).clone();
        scanned.filter(|scanned| scanned.counts_at(now))
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
