//! Proof of possession (RFC 9449): a request is believed to come from the device whose key signed it,
//! for this very request, with a nonce of this server, once. Pure but for what was seen before.

mod nonces;
mod proof;
mod replays;

use domain::Timestamp;

use super::jwt_signatures::use_ring;
use nonces::Nonces;
use replays::Replays;

pub use proof::{Asked, Unproven};

/// The judge of proofs.
pub struct Dpop {
    nonces: Nonces,
    replays: Replays,
}

impl Dpop {
    /// Begins with a key of its own: nonces from before are no longer taken, and so no proof that was
    /// seen before.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub fn new() -> anyhow::Result<Self> {
        use_ring();
        Ok(Self { nonces: Nonces::new()?, replays: Replays::default() })
    }

    /// A nonce for the proofs of the next minutes.
    pub fn nonce(&self, now: Timestamp) -> String {
        self.nonces.make(now)
    }

    /// The thumbprint of the key that proves the request `asked`.
    ///
    /// # Errors
    /// [`Unproven`], why it proves nothing.
    pub fn judge(
        &self,
        proof: &str,
        asked: &Asked<'_>,
        now: Timestamp,
    ) -> Result<String, Unproven> {
        let proven = proof::read(proof, asked)?;
        // After the signature: only who holds the key learns what of its claims is wrong.
        if !self.nonces.is_fresh(proven.nonce.as_deref().unwrap_or(""), now) {
            return Err(Unproven::StaleNonce);
        }
        if !self.replays.is_new(&proven.thumbprint, &proven.id, now) {
            return Err(Unproven::Replayed);
        }
        Ok(proven.thumbprint)
    }
}
