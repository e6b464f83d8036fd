//! Proofs seen before. Those of the last minutes are enough: older ones have no fresh nonce.

use std::{
    collections::HashSet,
    mem,
    sync::{Mutex, PoisonError},
};

use domain::Timestamp;
use sha2::{Digest, Sha256};

use super::nonces::LASTS_MS;

/// Most proofs remembered of one period, 3 MB: who sends more is not answered until it ends.
const MOST: usize = 100_000;

/// Proofs that were seen.
#[derive(Default)]
pub struct Replays {
    /// Whatever was seen within the last [`LASTS_MS`] is in one of its two sets.
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    since: i64,
    now: HashSet<[u8; 16]>,
    before: HashSet<[u8; 16]>,
}

impl Replays {
    /// Whether a proof of this key and id is seen for the first time; also `false` when too many were
    /// seen to remember another.
    pub fn is_new(&self, thumbprint: &str, id: &str, now: Timestamp) -> bool {
        let proof = digest(thumbprint, id);
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if now.0.saturating_sub(seen.since) >= LASTS_MS {
            seen.before = mem::take(&mut seen.now);
            seen.since = now.0;
        }
        seen.now.len() < MOST && !seen.before.contains(&proof) && seen.now.insert(proof)
    }
}

fn digest(thumbprint: &str, id: &str) -> [u8; 16] {
    let whole: [u8; 32] = Sha256::digest(format!("{thumbprint} {id}")).into();
    let mut half = [0; 16];
    half.copy_from_slice(&whole[..16]);
    half
}

#[cfg(test)]
mod tests {
    use domain::Timestamp;

    use super::{LASTS_MS, Replays};

    #[test]
    fn a_proof_is_new_once_for_as_long_as_its_nonce_is_fresh() {
        let replays = Replays::default();
        let at = |ms: i64| Timestamp(1_790_000_000_000 + ms);
        for ms in [0, 1, LASTS_MS - 1, LASTS_MS, 2 * LASTS_MS - 1] {
            assert_eq!(replays.is_new("key", "a", at(ms)), ms == 0, "{ms}");
        }
        assert!(replays.is_new("key", "b", at(0)) && replays.is_new("other", "a", at(0)));
    }
}
