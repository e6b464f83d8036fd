//! What the member knows of stores by having been there: it shows on this phone at once, and on no other.

use domain::{
    Acceptance, Channel, Claim, SchemeId, Source, Store, StoreId, Timestamp, scheme, wire::Reported,
};
use serde::{Deserialize, Serialize};

/// How long one's own experience counts for more than what is told of a store: a quarter, as payment networks tell
/// when a store was last paid at.
const COUNTS_FOR_MS: i64 = 90 * 24 * 3_600_000;
/// Experiences remembered; the oldest are forgotten.
const MOST: usize = 256;

/// The member's experiences, the latest last.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Own(Vec<Experience>);

#[derive(Clone, Serialize, Deserialize)]
struct Experience {
    store: StoreId,
    said: Reported,
    at: Timestamp,
}

/// Whether two reports speak of the same.
pub(super) fn same_pair(one: &Reported, other: &Reported) -> bool {
    pair(one) == pair(other)
}

fn pair(said: &Reported) -> Option<(&SchemeId, Channel)> {
    match said {
        Reported::Worked { scheme, channel } | Reported::Refused { scheme, channel } => {
            Some((scheme, *channel))
        }
        Reported::CashOnly {} => None,
    }
}

impl Own {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn add(&mut self, store: StoreId, said: Reported, at: Timestamp) {
        let worked = matches!(said, Reported::Worked { .. });
        self.0.retain(|known| {
            let is_same = same_pair(&known.said, &said);
            // Whoever pays by anything knows that it is not cash alone.
            known.store != store || !(is_same || (worked && pair(&known.said).is_none()))
        });
        self.0.push(Experience { store, said, at });
        self.0.drain(..self.0.len().saturating_sub(MOST));
    }

    /// The record of `store` with what the member knows of it; `None` where that is nothing.
    pub fn overlaid(&self, store: &Store, now: Timestamp) -> Option<Store> {
        let counts = |known: &&Experience| {
            known.store == store.id && now.millis_since(known.at).abs() <= COUNTS_FOR_MS
        };
        let mut known = self.0.iter().filter(counts).peekable();
        known.peek()?;
        let mut store = store.clone();
        for Experience { said, at, .. } in known {
            for claim in claims(said, *at) {
                store.accepted.add(claim);
            }
        }
        Some(store)
    }
}

fn claims(said: &Reported, as_of: Timestamp) -> Vec<Claim> {
    let claim = |scheme: &SchemeId, channel, acceptance| {
        let scheme = scheme.clone();
        Claim { scheme, channel, acceptance, source: Source::Own, as_of }
    };
    match said {
        Reported::Worked { scheme, channel } => {
            vec![claim(scheme, *channel, Acceptance::Accepted)]
        }
        Reported::Refused { scheme, channel } => {
            vec![claim(scheme, *channel, Acceptance::Refused)]
        }
        Reported::CashOnly {} => {
            let every = scheme::all()
                .iter()
                .flat_map(|known| known.channels.iter().map(|channel| (&known.id, *channel)));
            every.map(|(scheme, channel)| claim(scheme, channel, Acceptance::Refused)).collect()
        }
    }
}
